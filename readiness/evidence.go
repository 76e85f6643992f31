package readiness

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-dr/lockstep/drift"
)

// longestValue is how many bytes of a value an evidence line shows.
const longestValue = 160

// cutOff stands for the rest of a value, also in the comparison's own words.
const cutOff = "…"

// show writes a value for a line of evidence: short, on one line, secrets as "(secret)".
func show(v any) string {
	if v == nil {
		return "nothing"
	}
	s, isText := drift.Redact(v).(string)
	if isText && !strings.ContainsAny(s, "`\"") {
		return shorten(s)
	}
	return drift.Brief(drift.Redact(v), longestValue) // quoted: its own quotes would be taken for ours
}

func shorten(s string) string {
	if len(s) <= longestValue {
		return s
	}
	cut := longestValue
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + cutOff
}

// findingEvidence is a finding as one line: the comparison's own words or,
// without any, what differs, in which Region what.
func (s *scene) findingEvidence(f *drift.Finding) string {
	if f.Message != "" {
		return f.Message
	}
	if f.Property == "" {
		if isMissing(f) {
			return fmt.Sprintf("%s is missing in %s", f.Type, s.standby.region())
		}
		return fmt.Sprintf("%s exists only in %s", f.Type, s.standby.region())
	}
	return fmt.Sprintf("%s is %s in %s and %s in %s", f.Property,
		show(f.Primary), s.primary.region(), show(f.Standby), s.standby.region())
}

// text reads a string out of an object; absent or of another type is "".
func text(object map[string]any, name string) string {
	s, _ := object[name].(string)
	return s
}

// number reads a number out of an object. CloudFormation writes some as text.
func number(object map[string]any, name string) (float64, bool) {
	switch n := object[name].(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case string:
		parsed, err := strconv.ParseFloat(n, 64)
		return parsed, err == nil
	default:
		return 0, false
	}
}

// objects reads a list of objects.
func objects(v any) []map[string]any {
	list, _ := v.([]any)
	var out []map[string]any
	for _, item := range list {
		if object, ok := item.(map[string]any); ok {
			out = append(out, object)
		}
	}
	return out
}

// stringsOf reads a list of strings, sorted.
func stringsOf(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// at follows a dotted path into a tree of objects.
func at(tree map[string]any, dotted string) any {
	var node any = tree
	for _, name := range strings.Split(dotted, ".") {
		object, ok := node.(map[string]any)
		if !ok {
			return nil
		}
		node = object[name]
	}
	return node
}
