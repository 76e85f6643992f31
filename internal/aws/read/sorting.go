package read

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// keysOf lists the keys of a table, sorted.
func keysOf[V any](table map[string]V) []string { return slices.Sorted(maps.Keys(table)) }

func sortedKeys[V any](m map[string]V) []string { return keysOf(m) }

// sortObjects sorts by the text of one member, then by everything else.
func sortObjects(list []map[string]any, by string) {
	slices.SortFunc(list, func(a, b map[string]any) int {
		return cmp.Or(cmp.Compare(fmt.Sprint(a[by]), fmt.Sprint(b[by])), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
}

// chunks cuts a list into parts of at most n elements.
func chunks[T any](list []T, n int) [][]T { return slices.Collect(slices.Chunk(list, n)) }

// beforeLast cuts a text at the last separator.
func beforeLast(s, separator string) (before, after string) {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[:i], s[i+len(separator):]
	}
	return s, ""
}

// mapped is a list with every element rewritten.
func mapped[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, e := range list {
		out[i] = f(e)
	}
	return out
}
