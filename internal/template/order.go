package template

import (
	"errors"
	"sort"
	"strings"
)

// Dependencies are the resources that must exist before a resource, sorted: what its Ref, Fn::GetAtt and Fn::Sub mention, in
// both branches of Fn::If, and its DependsOn. Names that are no resource of the template are left out.
func (t *Template) Dependencies(logicalID string) []string {
	return t.dependencies(logicalID, nil)
}

// Dependencies are those that hold here: only the branches that are taken, only resources that are included. Where a condition
// is not known here, both branches and the resource count.
func (e *Evaluator) Dependencies(logicalID string) []string {
	var out []string
	for _, id := range e.t.dependencies(logicalID, e.decide) {
		if included, err := e.Included(id); included || err != nil {
			out = append(out, id)
		}
	}
	return out
}

func (t *Template) dependencies(logicalID string, choose func(string) (bool, bool)) []string {
	found := map[string]bool{}
	add := func(id string) {
		if _, ok := t.Resources[id]; ok {
			found[id] = true
		}
	}
	for _, id := range t.Resources[logicalID].DependsOn {
		add(id)
	}
	references{choose: choose, visit: func(ref reference) {
		if ref.kind != toCondition {
			add(ref.id)
		}
	}}.resource(t, logicalID)
	return sortedKeys(found)
}

// Order lists the included resources so that each follows what it depends on; among those that are free, by name. A cycle
// is an *Error in CloudFormation's words. A resource whose inclusion is not known here is an *UnknownError.
func (e *Evaluator) Order() ([]string, error) {
	waiting := map[string]int{} // resource → dependencies not yet placed
	dependants := map[string][]string{}
	var free []string
	for _, id := range sortedKeys(e.t.Resources) {
		included, err := e.Included(id)
		if err != nil {
			var unknown *UnknownError
			if errors.As(err, &unknown) {
				return nil, &UnknownError{What: "the inclusion of resource " + id, Symbols: unknown.Symbols}
			}
			return nil, err
		}
		if !included {
			continue
		}
		needs := e.Dependencies(id)
		waiting[id] = len(needs)
		for _, need := range needs {
			dependants[need] = append(dependants[need], id)
		}
		if len(needs) == 0 {
			free = append(free, id)
		}
	}
	var order []string
	for len(free) > 0 {
		id := free[0]
		free = free[1:]
		order = append(order, id)
		delete(waiting, id)
		for _, next := range dependants[id] {
			if waiting[next]--; waiting[next] == 0 {
				at := sort.SearchStrings(free, next)
				free = append(free[:at], append([]string{next}, free[at:]...)...)
			}
		}
	}
	if len(waiting) > 0 {
		return nil, e.circular(waiting, dependants)
	}
	return order, nil
}

// circular names the resources that are on a cycle or between two, not those that merely wait for one.
func (e *Evaluator) circular(waiting map[string]int, dependants map[string][]string) error {
	for changed := true; changed; {
		changed = false
		for _, id := range sortedKeys(waiting) {
			blocks := false
			for _, next := range dependants[id] {
				if _, stuck := waiting[next]; stuck {
					blocks = true
				}
			}
			if !blocks {
				delete(waiting, id)
				changed = true
			}
		}
	}
	ids := sortedKeys(waiting)
	return e.t.errorAt(join("Resources", ids[0]), "Circular dependency between resources: ["+strings.Join(ids, ", ")+"]")
}
