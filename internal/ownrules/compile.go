package ownrules

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

const (
	// longestExpression is the longest expression, in characters.
	longestExpression = 10_000
	// mostCost bounds what one evaluation may take, in CEL's own units, which do
	// not depend on the machine: a rule cannot hang a gate. All resources of a
	// large application may be looked at a hundred times over.
	mostCost = 2_000_000
)

// Source is an own rule as the team wrote it.
type Source struct {
	ID, Message, Fix, Expression string
	Severity                     drift.Severity
	// Reads are the resource types and kinds of facts that the rule sees.
	Reads []string
	// MayBeEmpty says that none of these need to be there.
	MayBeEmpty bool
}

// Problem is what is wrong with an own rule. Line and Column are the place in its
// expression, both counted from 1; zero when it is about the rule as a whole.
type Problem struct {
	Rule            int // index of the source
	Line, Column    int
	Message, Remedy string
}

// Compile checks own rules against each other, the catalogue and CEL's types. The
// rules are those without problems, in the order given.
func Compile(sources []Source) ([]readiness.Own, []Problem, error) {
	if len(sources) == 0 {
		return nil, nil, nil // CEL costs nothing where nobody uses it
	}
	environment, err := newEnvironment()
	if err != nil {
		return nil, nil, fmt.Errorf("set up CEL: %w", err)
	}
	var rules []readiness.Own
	var problems []Problem
	seen := map[string]bool{}
	for i, source := range sources {
		switch {
		case seen[source.ID]:
			problems = append(problems, Problem{Rule: i, Message: fmt.Sprintf("rule %q is written twice", source.ID), Remedy: "give it another id"})
		case slices.Contains(readiness.Areas(), area(source.ID)):
			problems = append(problems, Problem{Rule: i, Message: fmt.Sprintf("rule id %q begins like those of the catalogue", source.ID), Remedy: "begin it with a word of your own, such as OWN-01"})
		}
		seen[source.ID] = true
		program, wrong := compile(environment, source.Expression)
		for _, problem := range wrong {
			problem.Rule = i
			problems = append(problems, problem)
		}
		rules = append(rules, readiness.Own{ID: source.ID, Message: source.Message, Fix: source.Fix, Severity: source.Severity,
			Reads: source.Reads, MayBeEmpty: source.MayBeEmpty, Judge: judge{program, source.Reads}.rule})
	}
	return rules, problems, nil
}

// area is what an id begins with: "CFG" of CFG-03.
func area(id string) string {
	name, _, _ := strings.Cut(id, "-")
	return name
}

// compile checks one expression: it must come to true or false, or to a list of
// the keys of what breaks the rule.
func compile(environment *cel.Env, expression string) (cel.Program, []Problem) {
	ast, issues := environment.Compile(expression)
	if issues.Err() != nil {
		var problems []Problem
		for _, issue := range issues.Errors() {
			line, _, _ := strings.Cut(issue.Message, "\n")
			// CEL counts columns from 0, and -1 is nowhere.
			problems = append(problems, Problem{Line: max(issue.Location.Line(), 1), Column: max(issue.Location.Column()+1, 1), Message: line,
				Remedy: "docs/own-rules.md lists what an expression sees"})
		}
		return nil, problems
	}
	if kind := ast.OutputType(); !kind.IsExactType(cel.BoolType) && !kind.IsExactType(cel.ListType(cel.StringType)) {
		return nil, []Problem{{Line: 1, Column: 1, Message: fmt.Sprintf("the expression comes to %s", cel.FormatCELType(kind)),
			Remedy: "let it be true when the rule holds, or the list of the keys of the resources that break it"}}
	}
	program, err := environment.Program(ast, cel.CostLimit(mostCost))
	if err != nil {
		return nil, []Problem{{Line: 1, Column: 1, Message: err.Error()}}
	}
	return program, nil
}

// judge evaluates a compiled rule for one standby.
type judge struct {
	program cel.Program
	reads   []string
}

func (j judge) rule(e readiness.Evidence) readiness.Ruling {
	if e.Primary == nil || e.Standby == nil {
		return readiness.Ruling{Unknown: "there is no snapshot of both Regions"}
	}
	view := viewer{reads: j.reads, sealed: e.Primary.Run == e.Standby.Run}
	value, _, err := j.program.Eval(object{"primary": view.region(e.Primary), "standby": view.region(e.Standby), "objectives": objectives(e.Objectives)})
	if err != nil {
		return readiness.Ruling{Unknown: "the expression could not be evaluated: " + err.Error()}
	}
	if value.Type() == types.BoolType {
		return readiness.Ruling{Holds: value == types.True}
	}
	native, err := value.ConvertToNative(reflect.TypeFor[[]string]())
	broken, ok := native.([]string)
	if err != nil || !ok {
		return readiness.Ruling{Unknown: "the expression did not come to a list of keys"}
	}
	return readiness.Ruling{Holds: len(broken) == 0, Broken: distinct(broken)}
}

// distinct keeps every key: a report shortens what it prints, and what is compared
// with the base or waived must be whole.
func distinct(keys []string) []string {
	slices.Sort(keys)
	return slices.Compact(keys)
}
