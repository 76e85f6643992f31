package template

import (
	"errors"
	"sort"
)

// Evaluator resolves a template for one Scope. It is safe for concurrent use when the Scope's functions are.
type Evaluator struct {
	t          *Template // with every loop expanded
	scope      Scope
	parameters map[string]string // given values and defaults
	conditions map[string]*verdict
}

// verdict is the value of a condition: a bool, or an *UnknownError.
type verdict struct {
	value bool
	err   error
	done  bool
}

// Evaluator binds a template to a Scope: it checks the parameters, expands loops and evaluates every condition. All faults of
// the parameters come back together as Problems. A loop over a collection that is not known here is an *UnknownError; a
// condition that is not known here is no failure until somebody asks for it.
func (t *Template) Evaluator(s Scope) (*Evaluator, error) {
	values, err := t.bindParameters(s.Parameters)
	if err != nil {
		return nil, err
	}
	e := &Evaluator{t: t, scope: s, parameters: values, conditions: map[string]*verdict{}}
	if e.t, err = e.expandLoops(); err != nil {
		return nil, err
	}
	var problems Problems
	for _, name := range sortedKeys(e.t.Conditions) {
		_, err := e.newRun(true).condition(name, join("Conditions", name))
		var unknown *UnknownError
		var fault *Error
		switch {
		case err == nil || errors.As(err, &unknown):
		case errors.As(err, &fault):
			problems = append(problems, fault)
		default:
			return nil, err
		}
	}
	if err := problems.asError(); err != nil {
		return nil, err
	}
	return e, nil
}

// Template is the template with its loops expanded.
func (e *Evaluator) Template() *Template { return e.t }

// Parameters are the values in force: those given and the defaults of the others. NoEcho values are among them.
func (e *Evaluator) Parameters() map[string]string {
	out := make(map[string]string, len(e.parameters))
	for name, value := range e.parameters {
		out[name] = value
	}
	return out
}

// Value resolves any node of the template to a closed tree (nil, bool, float64, string, []any, map[string]any). Values that
// are not known here are symbols, see IsSymbol. What is AWS::NoValue disappears from its map or list; a node that is
// AWS::NoValue as a whole is nil. As in CloudFormation, a parameter is text whatever its type ("512"), and list types are
// lists of text. Faults are *Error; they carry a position when the node was reached through Properties, Output or At.
func (e *Evaluator) Value(node any) (any, error) { return e.At("", node) }

// At is Value for a node whose path is known, so that faults can say where they are.
func (e *Evaluator) At(path string, node any) (any, error) {
	r := e.newRun(false)
	v, err := r.value(node, path)
	if err != nil {
		return nil, err
	}
	return r.finish(v), nil
}

// Unresolved returns the symbols a node's value rests on, sorted. Unlike IsSymbol it is not misled by literal text.
func (e *Evaluator) Unresolved(node any) ([]string, error) {
	r := e.newRun(false)
	v, err := r.value(node, "")
	if err != nil {
		return nil, err
	}
	r.finish(v)
	return r.seen(), nil
}

// Condition evaluates a condition by name. It is an *UnknownError when it rests on a value that is not known here.
func (e *Evaluator) Condition(name string) (bool, error) {
	return e.newRun(true).condition(name, join("Conditions", name))
}

// Included says whether a resource exists here: whether its condition holds or it has none.
func (e *Evaluator) Included(logicalID string) (bool, error) {
	res, ok := e.t.Resources[logicalID]
	if !ok {
		return false, e.noResource(logicalID)
	}
	if res.Condition == "" {
		return true, nil
	}
	return e.newRun(true).condition(res.Condition, join(join("Resources", logicalID), "Condition"))
}

// Properties resolves the properties of a resource; a resource without any has an empty map.
func (e *Evaluator) Properties(logicalID string) (map[string]any, error) {
	res, ok := e.t.Resources[logicalID]
	if !ok {
		return nil, e.noResource(logicalID)
	}
	if res.Properties == nil {
		return map[string]any{}, nil
	}
	path := join(join("Resources", logicalID), "Properties")
	v, err := e.At(path, res.Properties)
	if err != nil {
		return nil, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, e.t.errorAt(path, "Template format error: [/"+path+"] must be an object.")
	}
	return asAnswered(res.Type, m), nil
}

// OutputValue is an evaluated output. Export is "" when it is not exported.
type OutputValue struct {
	Name, Description string
	Value             any
	Export            string
}

// Outputs resolves the outputs whose condition holds, sorted by name. An output whose condition is not known here is an
// *UnknownError.
func (e *Evaluator) Outputs() ([]OutputValue, error) {
	var out []OutputValue
	for _, name := range sortedKeys(e.t.Outputs) {
		o, path := e.t.Outputs[name], join("Outputs", name)
		if o.Condition != "" {
			holds, err := e.newRun(true).condition(o.Condition, path+"/Condition")
			if err != nil {
				return nil, err
			}
			if !holds {
				continue
			}
		}
		value, err := e.At(path+"/Value", o.Value)
		if err != nil {
			return nil, err
		}
		export, err := e.At(path+"/Export/Name", o.ExportName)
		if err != nil {
			return nil, err
		}
		text, _ := scalarText(export)
		out = append(out, OutputValue{Name: name, Description: o.Description, Value: value, Export: text})
	}
	return out, nil
}

func (e *Evaluator) noResource(logicalID string) error {
	return &Error{Path: join("Resources", logicalID), Message: "Resource " + logicalID + " does not exist in the template"}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
