package drift

import (
	"maps"
	"slices"
)

// differences lists the places where two canonical trees are not alike, in
// the order of their paths.
//
// It walks the aligned trees itself: go-cmp calls methods by name, and a program
// that links it keeps every operation of every AWS client (95 MB instead of 28).
func differences(p, s *node) []difference {
	a := align(p, s)
	return a.unequal(nil, "", a.primary, a.standby)
}

// unequal appends the unequal leaves below a place: values, and subtrees that
// one side lacks.
func (a *alignment) unequal(found []difference, at string, left, right map[string]any) []difference {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(left)), maps.Keys(right))
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		place := at + "\x00" + key
		l, inLeft := left[key]
		r, inRight := right[key]
		below, isTree := l.(map[string]any)
		beside, isTreeToo := r.(map[string]any)
		if isTree && isTreeToo {
			found = a.unequal(found, place, below, beside)
			continue
		}
		if d, ok := a.places[place]; ok && (inLeft != inRight || isTree || isTreeToo || l != r) {
			found = append(found, d)
		}
	}
	return found
}
