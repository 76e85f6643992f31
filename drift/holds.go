package drift

import (
	"regexp"
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
