package deploy

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func TestWhatGoingBackOverAChangeCosts(t *testing.T) {
	const table, function = "AWS::DynamoDB::Table", "AWS::Lambda::Function"
	for _, c := range []struct {
		name   string
		change Change
		want   Class
	}{
		{"a new resource", Change{Type: table, Action: "Add"}, Reversible},
		{"a function changed in place", Change{Type: function, Action: "Modify", Properties: []string{"Code"}}, Reversible},
		{"a function replaced", Change{Type: function, Action: "Modify", Replacement: "True"}, Reversible},
		{"a function removed", Change{Type: function, Action: "Remove"}, Reversible},
		{"a table changed in place", Change{Type: table, Action: "Modify", Properties: []string{"BillingMode"}}, Reversible},
		{"a table whose items begin to expire", Change{Type: table, Action: "Modify", Properties: []string{"BillingMode", "TimeToLiveSpecification"}}, DataAtRisk},
		{"a table replaced", Change{Type: table, Action: "Modify", Replacement: "True"}, Irreversible},
		{"a table perhaps replaced", Change{Type: table, Action: "Modify", Replacement: "Conditional"}, Irreversible},
		{"a table replaced, the old one kept", Change{Type: table, Action: "Modify", Replacement: "True", Policy: "ReplaceAndRetain"}, DataAtRisk},
		{"a table removed", Change{Type: table, Action: "Remove", Policy: "Delete"}, Irreversible},
		{"a table removed and kept", Change{Type: table, Action: "Remove", Policy: "Retain"}, DataAtRisk},
		{"a database removed with a snapshot", Change{Type: "AWS::RDS::DBInstance", Action: "Remove", Policy: "Snapshot"}, DataAtRisk},
		{"a database of a later version", Change{Type: "AWS::RDS::DBInstance", Action: "Modify", Replacement: "False", Properties: []string{"EngineVersion"}}, Irreversible},
		{"a change nobody knows yet, of a table", Change{Type: table, Action: "Dynamic"}, DataAtRisk},
		{"a change nobody knows yet, of a function", Change{Type: function, Action: "Dynamic"}, Reversible},
		{"what the target itself says", Change{Type: "command", Action: "Modify", Class: Irreversible}, Irreversible},
	} {
		if got := Classify(c.change); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTheTablesOfClassesAreSortedAndHoldNoReversibleChange(t *testing.T) {
	if !slices.IsSorted(stateful[:]) {
		t.Errorf("the stateful types are not sorted: %q", stateful)
	}
	for kind, properties := range lasting {
		if !IsStateful(kind) {
			t.Errorf("%s has lasting changes but is not stateful", kind)
		}
		for property, class := range properties {
			if !class.WorseThan(Reversible) {
				t.Errorf("%s.%s is %s", kind, property, class)
			}
		}
	}
}

func TestRefusedSortsOfChangesRejectBeforeAnythingIsTouched(t *testing.T) {
	losing := Change{Resource: "Table", Type: "AWS::DynamoDB::Table", Action: "Modify", Replacement: "True"}
	plans := func(changes ...Change) []RegionPlan {
		return []RegionPlan{{Region: "us-east-1", Target: "data", Plan: Plan{Changes: changes}}, {Region: "us-west-2", Target: "data", Plan: Plan{Changes: changes}}}
	}
	for _, c := range []struct {
		name   string
		refuse []Refusal
		plans  []RegionPlan
		words  string
	}{
		{"nothing is refused", nil, plans(losing), ""},
		{"irreversible is", []Refusal{RefuseIrreversible}, plans(losing), "modify Table of data is irreversible"},
		{"data at risk is, but this is worse", []Refusal{RefuseDataAtRisk}, plans(losing), ""},
		{"replacing what holds data is", []Refusal{RefuseReplaceStateful}, plans(losing), "is replace-stateful"},
		{"harmless changes pass", Refusals(), plans(Change{Resource: "Fn", Type: "AWS::Lambda::Function", Action: "Modify"}), ""},
		{"asymmetric is", []Refusal{RefuseAsymmetric}, []RegionPlan{{Region: "us-east-1", Target: "data"}, {Region: "us-west-2", Target: "data", Plan: Plan{Changes: []Change{{Resource: "Fn", Action: "Add"}}}}},
			"add Fn of data, in us-west-2 and not in us-east-1, is asymmetric"},
	} {
		err := Request{Refuse: c.refuse}.judge(Comparison{Plans: c.plans, Asymmetries: Asymmetries(c.plans)})
		if (err == nil) != (c.words == "") || err != nil && !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		w.places["us-west-2"].stacks["app"].content = "r-2"
		req := w.request("r-2", "d-1", twoTargets, nil)
		req.Refuse = []Refusal{RefuseAsymmetric}
		res, err := Run(t.Context(), req)
		if err != nil || res.Outcome != Rejected || !strings.Contains(res.Reason, "asymmetric") || !strings.Contains(res.Reason, "--allow") {
			t.Errorf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
	})
	if err := (Request{Policy: func(Comparison) error { return errors.New("no") }}).judge(Comparison{}); err == nil {
		t.Error("the policy was not asked")
	}
}
