package main

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// stackHere is a stack as its template and parameters make it in one Region.
type stackHere struct {
	key, name  string
	template   *template.Template
	parameters map[string]string
}

// evaluator is nil where a parameter that the names could depend on is not known.
func (s stackHere) evaluator(region string) *template.Evaluator {
	if s.template == nil {
		return nil
	}
	e, err := s.template.Evaluator(template.Scope{Region: region, StackName: s.name, Parameters: s.parameters, MaskNoEcho: true})
	if err != nil {
		return nil
	}
	return e
}

// exports are the outputs that a stack gives to others, by the name they have there.
func (s stackHere) exports(region string) map[string]string {
	all := map[string]string{}
	e := s.evaluator(region)
	if e == nil {
		return all
	}
	for output, o := range s.template.Outputs {
		if name, err := e.Value(o.ExportName); err == nil {
			if text, ok := name.(string); ok && text != "" {
				all[text] = output
			}
		}
	}
	return all
}

// imports are the names of what a stack takes from others by Fn::ImportValue.
func (s stackHere) imports(region string) []string {
	e := s.evaluator(region)
	if e == nil {
		return nil
	}
	var names []string
	note := func(argument any) {
		if name, err := e.Value(argument); err == nil {
			if text, ok := name.(string); ok {
				names = append(names, text)
			}
		}
	}
	for _, r := range s.template.Resources {
		eachImport(r.Properties, note)
	}
	for _, o := range s.template.Outputs {
		eachImport(o.Value, note)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// eachImport calls note with the argument of every Fn::ImportValue in a tree.
func eachImport(node any, note func(argument any)) {
	switch v := node.(type) {
	case []any:
		for _, element := range v {
			eachImport(element, note)
		}
	case map[string]any:
		for name, element := range v {
			if name == "Fn::ImportValue" {
				note(element)
			}
			eachImport(element, note)
		}
	}
}

// imported are the outputs of earlier stacks that a stack of the release imports: as
// long as they do not exist, its changes can be planned no more than with a
// parameter that is not known.
func (s *sources) imported(cfg *config.Config, t config.Target, region string, b builds) []deploy.Ref {
	var refs []deploy.Ref
	wanted := s.here(cfg, t, region, b).imports(region)
	for _, earlier := range cfg.Stacks() {
		if earlier.Key() == t.Key() || len(wanted) == 0 {
			break // what comes later is not waited for
		}
		for name, output := range s.here(cfg, earlier, region, b).exports(region) {
			if slices.Contains(wanted, name) {
				refs = append(refs, deploy.Ref{Target: earlier.Key(), Output: output})
			}
		}
	}
	slices.SortFunc(refs, func(a, b deploy.Ref) int { return strings.Compare(a.String(), b.String()) })
	return refs
}

func (s *sources) here(cfg *config.Config, t config.Target, region string, b builds) stackHere {
	spec, known := s.stackFor(cfg, t, region, b.parameters), map[string]string{}
	for name, p := range spec.Parameters {
		known[name] = p.Literal
		if p.Output.Target != "" {
			known[name] = "${" + p.Output.String() + "}"
		}
	}
	return stackHere{key: t.Key(), name: spec.Name, template: s.parsed[t.CloudFormation.Regions[region].Template], parameters: known}
}
