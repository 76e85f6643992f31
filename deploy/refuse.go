package deploy

import (
	"fmt"
	"slices"
	"strings"
)

// Refusal is a sort of change that a team does not want to be deployed
// without being asked.
type Refusal string

// The refusals.
const (
	RefuseIrreversible    Refusal = "irreversible"
	RefuseDataAtRisk      Refusal = "data-at-risk"
	RefuseAsymmetric      Refusal = "asymmetric"       // a change that only some Regions would make
	RefuseReplaceStateful Refusal = "replace-stateful" // a new, empty resource in place of one that holds data
)

// Refusals lists them.
func Refusals() []Refusal {
	return []Refusal{RefuseIrreversible, RefuseDataAtRisk, RefuseAsymmetric, RefuseReplaceStateful}
}

// mostNamed is how many changes a refusal names.
const mostNamed = 5

// refused is an error that names every change the request does not allow.
func (q Request) refused(c Comparison) error {
	var found []string
	add := func(refusal Refusal, format string, args ...any) {
		if slices.Contains(q.Refuse, refusal) {
			found = append(found, fmt.Sprintf(format, args...)+" is "+string(refusal))
		}
	}
	seen := map[string]bool{}
	for _, plan := range c.Plans {
		for _, change := range plan.Plan.Changes {
			what := fmt.Sprintf("%s %s of %s", strings.ToLower(change.Action), change.Resource, plan.Target)
			if class := Classify(change); !seen[what] {
				seen[what] = true
				add(Refusal(class), "%s", what)
				if change.Replaces() && IsStateful(change.Type) {
					add(RefuseReplaceStateful, "%s", what)
				}
			}
		}
	}
	for _, a := range c.Asymmetries {
		add(RefuseAsymmetric, "%s %s of %s, in %s and not in %s,", strings.ToLower(a.Action), a.Resource, a.Target, strings.Join(a.In, ", "), strings.Join(a.NotIn, ", "))
	}
	if len(found) == 0 {
		return nil
	}
	more := ""
	if len(found) > mostNamed {
		more = fmt.Sprintf(", and %d more", len(found)-mostNamed)
		found = found[:mostNamed]
	}
	return &Error{Kind: Refused, Reason: "the policy refuses: " + strings.Join(found, "; ") + more,
		Hint: "--allow lets a sort of change pass once, deploy.refuse for ever"}
}

// judge asks the refusals and the policy about plans.
func (q Request) judge(c Comparison) error {
	if err := q.refused(c); err != nil {
		return err
	}
	if q.Policy == nil {
		return nil
	}
	return q.Policy(c)
}
