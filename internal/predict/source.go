package predict

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/template"
	"github.com/lockstep-dr/lockstep/topology"
)

// Source is a release as the working tree has it for one Region.
type Source struct {
	App    string
	Region topology.Region
	// Account is empty where nobody says which it is.
	Account string
	// Stacks in the order of the release.
	Stacks []Stack
	// Open reads the template of a nested stack, by its path from the root of
	// the working tree. May be nil: then there are none to be read.
	Open func(file string) (*template.Template, error)
	// Mask puts drift.Redacted in the place of secrets, as the template of a
	// snapshot has it; may be nil.
	Mask func(tree any) any
	// Seal hides the secrets of what is declared for a resource; may be nil.
	Seal func(typeName string, declared map[string]any, parameters map[string]string) map[string]any
}

// Stack is one stack of a release.
type Stack struct {
	// Key pairs it with its siblings, Name is what it is called in the Region.
	Key, Name string
	// File is where the template comes from.
	File     string
	Template *template.Template
	// Parameters are those the configuration gives.
	Parameters map[string]Value
}

// Value is what a parameter is given.
type Value struct {
	Literal string
	// Stack and Output name an output of an earlier stack of the release; Stack
	// is empty for a literal.
	Stack, Output string
	// Unknown names a value that is known only when the release is made: the
	// bucket of an asset. It is alike in every Region.
	Unknown string
}

// bound is a stack's template with its parameters.
type bound struct {
	template   *template.Template
	parameters map[string]string
}

// bind gives a template its parameters. One that nobody gives a value, or
// whose value is not known here, becomes a symbol; the constraints of such a
// parameter are not for the symbol to meet.
func bind(t *template.Template, given map[string]string) bound {
	b := bound{template: t, parameters: maps.Clone(given)}
	if b.parameters == nil {
		b.parameters = map[string]string{}
	}
	free := map[string]template.Parameter{}
	for _, name := range slices.Sorted(maps.Keys(t.Parameters)) {
		p := t.Parameters[name]
		if _, known := b.parameters[name]; !known && p.Default == nil {
			b.parameters[name] = "${Parameter:" + name + "}"
		}
		if strings.Contains(b.parameters[name], "${") {
			free[name] = unconstrained(p)
		}
	}
	maps.DeleteFunc(b.parameters, func(name, _ string) bool { _, declared := t.Parameters[name]; return !declared })
	if len(free) > 0 {
		relaxed := *t
		relaxed.Parameters = maps.Clone(t.Parameters)
		maps.Copy(relaxed.Parameters, free)
		b.template = &relaxed
	}
	return b
}

// unconstrained is a parameter that takes any text. What is stored in the
// Parameter Store is not to be looked for under a symbol's name.
func unconstrained(p template.Parameter) template.Parameter {
	kind := "String"
	if strings.Contains(p.Type, "List<") || p.Type == "CommaDelimitedList" {
		kind = "CommaDelimitedList"
	}
	return template.Parameter{Type: kind, Default: p.Default, Description: p.Description, NoEcho: p.NoEcho, Pos: p.Pos}
}
