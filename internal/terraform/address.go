package terraform

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/regionname"
)

// step is one module of a path: its name and its key of count or for_each.
type step struct {
	name string
	key  any // nil, a float64 or a string
}

// steps takes a module path apart. Keys may hold dots, brackets and quotes. A
// path that is not Terraform's comes back as one step, whole.
func steps(path string) []step {
	var list []step
	for rest := path; rest != ""; {
		after, ok := strings.CutPrefix(rest, "module.")
		end := strings.IndexAny(after, ".[")
		if end < 0 {
			end = len(after)
		}
		if !ok || end == 0 {
			return []step{{name: path}}
		}
		s := step{name: after[:end]}
		if rest = after[end:]; strings.HasPrefix(rest, "[") {
			if s.key, rest, ok = cutKey(rest[1:]); !ok {
				return []step{{name: path}}
			}
		}
		list = append(list, s)
		if rest == "" {
			break
		}
		if rest, ok = strings.CutPrefix(rest, "."); !ok || rest == "" {
			return []step{{name: path}}
		}
	}
	return list
}

// cutKey reads what stands in brackets.
func cutKey(s string) (key any, rest string, ok bool) {
	if quoted, err := strconv.QuotedPrefix(s); err == nil && s[0] == '"' {
		text, err := strconv.Unquote(quoted)
		after, closed := strings.CutPrefix(s[len(quoted):], "]")
		return text, after, err == nil && closed
	}
	digits, after, closed := strings.Cut(s, "]")
	number, err := strconv.ParseFloat(digits, 64)
	return number, after, err == nil && closed
}

// normal is the address without the words that only say which Region it is. A
// module or a key of which nothing is left is left out.
func (r Resource) normal(words regionname.Words) string {
	var parts []string
	for _, s := range steps(r.Module) {
		name, key := words.Strip(s.name), strippedKey(s.key, words)
		if name == "" && key == "" {
			continue
		}
		parts = append(parts, "module."+name+key)
	}
	last := r.Type
	if name := words.Strip(r.Name); name != "" {
		last += "." + name
	}
	return strings.Join(append(parts, last+strippedKey(r.Index, words)), ".")
}

// strippedKey is a key as text in brackets; empty when the Region was all it said.
func strippedKey(key any, words regionname.Words) string {
	text, ok := key.(string)
	if !ok {
		return indexText(key)
	}
	if text = words.Strip(text); text == "" {
		return ""
	}
	return indexText(text)
}

// mentions reports whether any part of the address says one of the words. The
// type does not count: aws_ssm_parameter is no parameter of a Region.
func (r Resource) mentions(words regionname.Words) bool {
	names := []string{r.Name, r.Provider.Alias}
	for _, s := range steps(r.Module) {
		names = append(names, s.name)
		if key, ok := s.key.(string); ok {
			names = append(names, key)
		}
	}
	if key, ok := r.Index.(string); ok {
		names = append(names, key)
	}
	return slices.ContainsFunc(names, func(name string) bool { return words.Strip(name) != name })
}
