package inventory

import (
	"regexp"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/template"
)

// outside are the symbols that stand for an output of another stack: an import,
// or an attribute of a nested stack.
var outside = regexp.MustCompile(`\$\{Import:([^{}]+)\}|\$\{([A-Za-z0-9]+)\.Outputs\.([A-Za-z0-9]+)\}`)

// own is a symbol of a resource of the stack that says it.
var own = regexp.MustCompile(`\$\{([A-Za-z0-9]+)((?:\.[A-Za-z0-9.]+)?)\}`)

// output is what a stack gives to others: as its template says it, with its
// resources as symbols that name the stack, and as it is.
type output struct{ declared, live string }

// links hold the outputs of the application's stacks in one Region: by the name
// they are exported under, and by stack and name.
type links struct {
	exports map[string]output
	outputs map[[2]string]output
}

// link fills in what the stacks of the application get from one another, and
// reports the resources that had to wait for it. What comes from elsewhere stays
// a symbol.
func (l *lister) link() {
	known := links{map[string]output{}, map[[2]string]output{}}
	for _, d := range l.deployments {
		known.add(d)
	}
	var waited []Item
	for i := range l.listing.Items {
		item := &l.listing.Items[i]
		if !waits(*item) {
			continue
		}
		item.Declared = known.fill(item.Declared, item.Stack, func(o output) string { return o.declared }, 0)
		item.Resolved = known.fill(item.Resolved, item.Stack, func(o output) string { return o.live }, 0)
		waited = append(waited, *item)
	}
	if l.found != nil && len(waited) > 0 {
		l.found(waited)
	}
}

// waits reports whether a resource gets something from another stack: it can be
// read when all stacks are listed.
func waits(item Item) bool { return mentionsOutside(item.Declared) || mentionsOutside(item.Resolved) }

func mentionsOutside(tree any) bool {
	found := false
	mapTexts(tree, func(text string) string {
		found = found || outside.MatchString(text)
		return text
	})
	return found
}

func (k links) add(d deployment) {
	declared := map[string]template.OutputValue{}
	if d.symbolic != nil {
		list, _ := d.symbolic.Outputs() // one whose condition is not known: none is
		for _, o := range list {
			declared[o.Name] = o
		}
	}
	for name, live := range d.stack.Outputs {
		o := output{live: live}
		if text, ok := declared[name].Value.(string); ok {
			o.declared = own.ReplaceAllString(text, "${"+d.key+"/$1$2}")
		}
		k.outputs[[2]string{d.key, name}] = o
		if export := d.exported[name]; export != "" {
			k.exports[export] = o
		}
	}
}

// mostLinks bounds how often an output may pass on another one.
const mostLinks = 8

// fill copies a tree with the symbols of other stacks' outputs replaced.
func (k links) fill(tree map[string]any, stack string, says func(output) string, depth int) map[string]any {
	if tree == nil {
		return nil
	}
	filled, _ := mapTexts(tree, func(text string) string { return k.text(text, stack, says, depth) }).(map[string]any)
	return filled
}

func (k links) text(text, stack string, says func(output) string, depth int) string {
	if depth > mostLinks || !strings.Contains(text, "${") {
		return text
	}
	return outside.ReplaceAllStringFunc(text, func(symbol string) string {
		m := outside.FindStringSubmatch(symbol)
		o, ok := k.exports[m[1]]
		from := stack
		if m[1] == "" {
			from = stack + "/" + m[2]
			o, ok = k.outputs[[2]string{from, m[3]}]
		}
		if value := says(o); ok && value != "" {
			return k.text(value, from, says, depth+1)
		}
		return symbol
	})
}

func mapTexts(v any, f func(string) string) any {
	switch v := v.(type) {
	case string:
		return f(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = mapTexts(v[i], f)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name := range v {
			out[name] = mapTexts(v[name], f)
		}
		return out
	}
	return v
}
