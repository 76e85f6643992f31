package main

import (
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

func TestObstaclesThatSayTheSameAreToldOnce(t *testing.T) {
	gap := drift.Gap{Region: "us-west-2", Resource: "app/Key", Operation: "kms:DescribeKey", Reason: "AccessDenied"}
	of := func(rule, resource, evidence, user string, missing ...drift.Gap) readiness.Obstacle {
		return readiness.Obstacle{Precondition: readiness.Precondition{Rule: rule}, Resource: resource, Evidence: evidence, UsedBy: user, Unknown: missing != nil, Missing: missing}
	}
	all := []readiness.Obstacle{}
	for _, p := range readiness.Preconditions() {
		all = append(all, of(p.Rule, "", "app could not be read: cloudformation:DescribeStacks needed", "", drift.Gap{Operation: "cloudformation:DescribeStacks"}))
	}
	for _, c := range []struct {
		name string
		list []readiness.Obstacle
		want []string
	}{
		{"a failure", []readiness.Obstacle{of("SEC-03", "app/Key", "is Disabled in us-west-2", "app/Queue")},
			[]string{"SEC-03: app/Key is Disabled in us-west-2, and app/Queue, which the release changes, uses it"}},
		{"evidence that names the resource", []readiness.Obstacle{of("SEC-03", "app/Key", "app/Key is Disabled", "")}, []string{"SEC-03: app/Key is Disabled"}},
		{"a gap that the evidence does not name", []readiness.Obstacle{of("SEC-03", "app/Key", "the key's state was not read", "", gap)},
			[]string{"SEC-03: app/Key the key's state was not read (kms:DescribeKey, AccessDenied)"}},
		{"one gap behind two rules", []readiness.Obstacle{of("QTA-02", "x", "not read", "", gap), of("QTA-03", "x", "not read", "", gap)},
			[]string{"QTA-02, QTA-03: x not read (kms:DescribeKey, AccessDenied)"}},
		{"the same failure of two rules is two failures", []readiness.Obstacle{of("QTA-02", "x", "is 5", ""), of("QTA-03", "x", "is 5", "")}, []string{"QTA-02: x is 5", "QTA-03: x is 5"}},
		{"one gap behind all", all, []string{"all preconditions: app could not be read: cloudformation:DescribeStacks needed"}},
	} {
		var have []string
		for _, o := range alike(c.list) {
			have = append(have, worded(o))
		}
		if len(have) != len(c.want) {
			t.Errorf("%s: %q", c.name, have)
			continue
		}
		for i := range have {
			if have[i] != c.want[i] {
				t.Errorf("%s: %q, want %q", c.name, have[i], c.want[i])
			}
		}
	}
}

func TestWhatWasJudgedIsTold(t *testing.T) {
	const begin = " judged for what the Region would have after the release: "
	for _, c := range []struct {
		name string
		t    readiness.Tally
		want string
	}{
		{"nothing is in the way", readiness.Tally{Passed: []string{"ART-01", "SEC-03"}}, "2 preconditions" + begin + "all pass (ART-01, SEC-03)"},
		{"one of them does not hold", readiness.Tally{Passed: []string{"ART-01"}, Open: []string{"SEC-03"}}, "2 preconditions" + begin + "1 passes (ART-01), 1 does not hold or could not be told (SEC-03)"},
		{"nothing is there", readiness.Tally{Idle: []string{"ART-01", "SEC-03"}}, "2 preconditions" + begin + "2 find nothing there that they are about (ART-01, SEC-03)"},
		{"all are off", readiness.Tally{}, "no precondition was judged: all are switched off in gate.rules"},
	} {
		if got := tallied(c.t); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
