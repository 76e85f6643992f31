package template

import "strings"

// reference is one mention of a parameter, a pseudo parameter, a resource or a condition.
type reference struct {
	kind      referenceKind
	id        string
	attribute string
	path      string
}

type referenceKind int

const (
	toValue     referenceKind = iota // Ref, ${Name}
	toAttribute                      // Fn::GetAtt, ${Name.Attribute}
	toCondition                      // Fn::If, and {"Condition": name} where a boolean stands
	toResource                       // DependsOn
)

// references walks a node and finds what it mentions.
type references struct {
	// choose, when set, decides conditions so that only the branch taken is walked. known is false when it cannot.
	choose func(condition string) (holds, known bool)
	visit  func(reference)
}

func (w references) walk(node any, path string) {
	switch v := node.(type) {
	case []any:
		for i, item := range v {
			w.walk(item, joinIndex(path, i))
		}
	case map[string]any:
		if name, argument, ok := function(v); ok {
			w.function(name, argument, join(path, name))
			return
		}
		for _, key := range sortedKeys(v) {
			w.walk(v[key], join(path, key))
		}
	}
}

func (w references) function(name string, argument any, path string) {
	switch name {
	case "Ref":
		if id, ok := argument.(string); ok {
			w.visit(reference{toValue, id, "", path})
			return
		}
	case "Fn::GetAtt":
		w.getAtt(argument, path)
		return
	case "Fn::Sub":
		w.sub(argument, path)
		return
	case "Fn::If":
		w.ifElse(argument, path)
		return
	case "Fn::And", "Fn::Or", "Fn::Not":
		list, _ := argument.([]any)
		for i, item := range list {
			w.boolean(item, joinIndex(path, i))
		}
		return
	}
	w.walk(argument, path)
}

// boolean walks a node that stands where true or false is expected.
func (w references) boolean(node any, path string) {
	if m, ok := node.(map[string]any); ok && len(m) == 1 {
		if name, ok := m["Condition"].(string); ok {
			w.visit(reference{toCondition, name, "", join(path, "Condition")})
			return
		}
	}
	w.walk(node, path)
}

func (w references) getAtt(argument any, path string) {
	if text, ok := argument.(string); ok {
		if id, attribute, ok := strings.Cut(text, "."); ok {
			w.visit(reference{toAttribute, id, attribute, path})
		}
		return
	}
	list, ok := argument.([]any)
	if !ok || len(list) < 2 {
		return
	}
	if id, ok := list[0].(string); ok {
		attribute, _ := list[1].(string)
		w.visit(reference{toAttribute, id, attribute, path})
	}
	for i, item := range list {
		w.walk(item, joinIndex(path, i))
	}
}

func (w references) sub(argument any, path string) {
	text, variables, err := subParts(argument)
	if err != nil {
		return
	}
	w.walk(variables, joinIndex(path, 1))
	pieces, err := splitSub(text)
	if err != nil {
		return
	}
	for _, p := range pieces {
		if _, own := variables[p.text]; own || !p.variable {
			continue
		}
		if id, attribute, dotted := strings.Cut(p.text, "."); dotted {
			w.visit(reference{toAttribute, id, attribute, path})
		} else {
			w.visit(reference{toValue, p.text, "", path})
		}
	}
}

func (w references) ifElse(argument any, path string) {
	list, ok := argument.([]any)
	if !ok || len(list) != 3 {
		w.walk(argument, path)
		return
	}
	name, named := list[0].(string)
	if named {
		w.visit(reference{toCondition, name, "", joinIndex(path, 0)})
	} else {
		w.boolean(list[0], joinIndex(path, 0))
	}
	if named && w.choose != nil {
		if holds, known := w.choose(name); known {
			taken := 2
			if holds {
				taken = 1
			}
			w.walk(list[taken], joinIndex(path, taken))
			return
		}
	}
	w.walk(list[1], joinIndex(path, 1))
	w.walk(list[2], joinIndex(path, 2))
}

// resource walks everything a resource may mention others in.
func (w references) resource(t *Template, id string) {
	body, _ := sectionOf(t, "Resources")[id].(map[string]any)
	for _, key := range sortedKeys(body) {
		if key != "Condition" && key != "DependsOn" && key != "Type" {
			w.walk(body[key], join(join("Resources", id), key))
		}
	}
}

func sectionOf(t *Template, name string) map[string]any {
	m, _ := t.root[name].(map[string]any)
	return m
}

// Secret says whether a node mentions a NoEcho parameter, so that its value must not be shown. Conditions do not count: they
// tell one bit, not the value.
func (e *Evaluator) Secret(node any) bool {
	secret := false
	w := references{
		choose: e.decide,
		visit: func(ref reference) {
			if ref.kind == toValue && e.t.Parameters[ref.id].NoEcho {
				secret = true
			}
		},
	}
	w.walk(node, "")
	return secret
}

// decide evaluates a condition for a walk; an unknown one keeps both branches.
func (e *Evaluator) decide(name string) (holds, known bool) {
	holds, err := e.Condition(name)
	return holds, err == nil
}
