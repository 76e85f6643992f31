package drift

import (
	"regexp"
	"slices"
	"strings"
)

// opaque is a symbol in a declared text: of a resource, of an import, of a
// dynamic reference.
var opaque = regexp.MustCompile(`\$\{[^{}]*\}|\{\{resolve:[^{}]*\}\}`)

// holds reports whether a live value is what its template declares. What a
// symbol stands for is not always known (a port, a value of the parameter
// store): then the text around it must be there.
func (s *side) holds(live, declared *node) bool {
	if alike(live, declared) {
		return true
	}
	if live != nil && declared != nil && !live.scalar() && !declared.scalar() {
		return s.holdsAll(live, declared)
	}
	if live == nil || declared == nil || declared.kind != kindText || !live.scalar() {
		return false
	}
	var pattern strings.Builder
	free, at := false, 0
	for _, m := range opaque.FindAllStringIndex(declared.text, -1) {
		pattern.WriteString(regexp.QuoteMeta(declared.text[at:m[0]]))
		at = m[1]
		if symbol := declared.text[m[0]:m[1]]; s.identified(symbol) {
			pattern.WriteString(regexp.QuoteMeta(symbol))
			continue
		}
		free = true
		pattern.WriteString(`[^$]*`) // never a thing that has a name of its own
	}
	pattern.WriteString(regexp.QuoteMeta(declared.text[at:]))
	if !free {
		return false
	}
	matched, err := regexp.MatchString(`(?s)^`+pattern.String()+`$`, live.text)
	return err == nil && matched
}

// holdsAll holds the parts of a live value against those declared, each against
// its own; elements without order are what they are declared to be if each has one
// that it may be.
func (s *side) holdsAll(live, declared *node) bool {
	if live.kind == kindObject || live.kind == kindKeyed {
		for _, name := range live.keys {
			if declared.child(name) == nil && !live.child(name).off {
				return false
			}
		}
	}
	return allOf(live, declared, s.holds)
}

// keeps reports whether a live value has all that its template declares, whatever
// AWS added to the parts of it. The elements of an array are as many.
func (s *side) keeps(live, declared *node) bool {
	if s.holds(live, declared) {
		return true
	}
	return live != nil && declared != nil && !live.scalar() && !declared.scalar() && allOf(live, declared, s.keeps)
}

// allOf reports whether every declared part has a live one that it may be.
func allOf(live, declared *node, may func(live, declared *node) bool) bool {
	if live.kind != declared.kind {
		return false
	}
	switch live.kind {
	case kindObject, kindKeyed:
		return !slices.ContainsFunc(declared.keys, func(name string) bool { return !may(live.child(name), declared.child(name)) })
	case kindList:
		return len(live.kids) == len(declared.kids) &&
			!slices.ContainsFunc(live.kids, func(kid *node) bool { return !may(kid, declared.kids[slices.Index(live.kids, kid)]) })
	}
	left, right := unmatched(live, declared)
	for _, i := range left {
		at := slices.IndexFunc(right, func(j int) bool { return may(live.kids[i], declared.kids[j]) })
		if at < 0 {
			return false
		}
		right = slices.Delete(right, at, at+1)
	}
	return len(right) == 0
}

// identified reports whether live values are rewritten to a symbol.
func (s *side) identified(symbol string) bool {
	if s.symbols == nil {
		s.symbols = map[string]bool{"${Region}": true, "${Account}": true}
		for _, list := range s.owners {
			for _, o := range list {
				s.symbols["${"+s.classes.find(o.symbol)+"}"] = true
			}
		}
	}
	return s.symbols[symbol]
}
