package predict

import (
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

func (a *planning) gap(p terraform.Planned, o terraform.Object, property, why string) {
	region := o.Region
	if a.byRegion[region] == nil {
		region = p.Of
	}
	s := a.byRegion[region]
	if s == nil {
		return
	}
	key := a.Target + "/" + p.Address
	if o.Key != "" {
		key = a.keyOf(o)
	}
	if r := find(s, o); r != nil {
		key = r.Key
	}
	a.gapOf(s, key, o.Type, property, p.Address+": "+why)
}

func (a *planning) gapOf(s *drift.Snapshot, key, typeName, property, message string) {
	s.Gaps = append(s.Gaps, drift.Gap{Region: s.Region.Name, Resource: key, Type: typeName, Operation: terraformPlan, Reason: "NotEvaluated",
		Property: property, Message: "the plan of " + a.Target + " changes " + message})
}

func about(subject, key string) bool { return subject == key || strings.HasPrefix(subject, key+"#") }

// unplaced says of an object why it cannot be put into a snapshot; empty: it can.
func (a *planning) unplaced(o terraform.Object) string {
	switch {
	case o.Problem != "":
		return o.Problem
	case o.Region == "":
		return "the plan does not say in which Region it would be: its provider is not the default one, and is not told a Region in so many words"
	case a.byRegion[o.Region] == nil:
		return "it would be in " + o.Region + ", which is no Region of the application"
	case o.Ambiguous != "":
		return o.Ambiguous
	}
	return ""
}
