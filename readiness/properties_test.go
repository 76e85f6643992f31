package readiness

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// openness orders verdicts: only Ready opens the gate, and a failure that is
// known is further from it than one that is not.
var openness = map[Verdict]int{NotReady: 0, Unknown: 1, Ready: 2}

// randomWorld bends a healthy world by one to three of the cases.
func randomWorld(r *rand.Rand) *world {
	w := healthy()
	for range r.IntN(4) {
		c := ruleCases[r.IntN(len(ruleCases))]
		func() {
			defer func() { _ = recover() }() // a case may bend what an earlier one removed
			c.bend(w)
		}()
	}
	return w
}

func randomFinding(r *rand.Rand) drift.Finding {
	keys := []string{"app/Fn", "app/Queue", "app/Secret", "app/Alarm", "app/Parameter", "app/Nowhere", "app/Key"}
	types := []string{typeFunction, typeQueue, typeSecret, "AWS::CloudWatch::Alarm", typeParameter, "AWS::S3::Bucket", "AWS::KMS::Key"}
	properties := []string{"", "Runtime", "Value", "CodeSha256", "Environment.Variables.X", "RedrivePolicy", "Tags", "ReservedConcurrentExecutions"}
	i := r.IntN(len(keys))
	f := drift.Finding{Resource: keys[i], Type: types[i], Property: properties[r.IntN(len(properties))], Region: west,
		Severity: drift.Severities()[r.IntN(3)]}
	values := []any{nil, "a", "arn:aws:sqs:us-east-1:1:q", 3.0, object{"a": "us-east-1"}, []any{"x"}}
	f.Primary, f.Standby = values[r.IntN(len(values))], values[r.IntN(len(values))]
	return f
}

func randomGap(r *rand.Rand) drift.Gap {
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	return drift.Gap{Region: pick(east, west), Resource: pick("", "app", "app/Fn", "app/Queue", "app/New", "app/Secret"),
		Type:      pick("", typeFunction, typeQueue, "AWS::Logs::LogGroup", stackType, "Custom::Thing"),
		Operation: pick("lambda:GetFunction", "cloudformation:ListStackResources", "kms:DescribeKey"),
		Reason:    pick("AccessDenied", "NotFound", "Throttled"),
		Fact:      pick("", "", drift.FactLambdaState, drift.FactKeyState, drift.FactRelease),
		Property:  pick("", "", "Runtime", "Tags", "Template")}
}

func TestAddingAFindingOrAGapNeverOpensTheGate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 1500 {
		w := randomWorld(r)
		before := w.assess()
		what := ""
		if r.IntN(2) == 0 {
			f := randomFinding(r)
			w.find(f)
			what = fmt.Sprintf("finding %+v", f)
		} else {
			g := randomGap(r)
			w.gap(g)
			what = fmt.Sprintf("gap %+v", g)
		}
		after := w.assess()
		if openness[after.Verdict] > openness[before.Verdict] && !hiddenByTheGap(before, after) {
			t.Fatalf("case %d: adding %s moved the verdict from %s to %s\nbefore:\n%s\nafter:\n%s",
				i, what, before.Verdict, after.Verdict, dump(before, ""), dump(after, ""))
		}
	}
}

// hiddenByTheGap reports whether a failure is not known any more, for what was missing
// may stand where nobody could look: no rule that failed passes, and the gate stays shut.
func hiddenByTheGap(before, after Assessment) bool {
	return after.Verdict == Unknown && !slices.ContainsFunc(before.Checks, func(was Check) bool {
		return was.Status == Fail && !slices.ContainsFunc(after.Checks, func(is Check) bool {
			return is.Rule == was.Rule && (is.Status == Fail || is.Status == Undetermined)
		})
	})
}

// TestAddingAFailureNeverOpensTheGate takes every state of the world that must block,
// facts first of all, into worlds in which something else is wrong or was not read.
func TestAddingAFailureNeverOpensTheGate(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	tried := 0
	for _, c := range ruleCases {
		if c.want.status != Fail || c.want.severity != drift.Block {
			continue
		}
		for range 4 {
			tried++
			w := healthy()
			for range r.IntN(3) {
				w.find(randomFinding(r))
				w.gap(randomGap(r))
			}
			before := w.assess()
			c.bend(w)
			after := w.assess()
			if openness[after.Verdict] > openness[before.Verdict] || after.Verdict == Ready {
				t.Errorf("%s, %s: the verdict moved from %s to %s", c.rule, c.name, before.Verdict, after.Verdict)
			}
		}
	}
	if tried < 400 {
		t.Errorf("only %d worlds were tried", tried)
	}
}

func TestAddingAFindingOrAGapDoesSometimesCloseTheGate(t *testing.T) {
	closed := map[Verdict]bool{}
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		w := healthy()
		if r.IntN(2) == 0 {
			w.find(randomFinding(r))
		} else {
			w.gap(randomGap(r))
		}
		closed[w.assess().Verdict] = true
	}
	if !closed[NotReady] || !closed[Unknown] || !closed[Ready] {
		t.Errorf("the generators reach only %v", closed)
	}
}

func TestPermutingTheEvidenceChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for i := range 300 {
		w := randomWorld(r)
		for range 3 {
			w.find(randomFinding(r))
			w.gap(randomGap(r))
		}
		// Duplicates must not let the order of reading decide.
		w.west.Facts = append(w.west.Facts, drift.Fact{Kind: drift.FactAlarmState, Subject: "app/Alarm", Value: "ALARM"})
		first := encode(t, w.assess())
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			r.Shuffle(len(s.Resources), func(a, b int) { s.Resources[a], s.Resources[b] = s.Resources[b], s.Resources[a] })
			r.Shuffle(len(s.Facts), func(a, b int) { s.Facts[a], s.Facts[b] = s.Facts[b], s.Facts[a] })
			r.Shuffle(len(s.Gaps), func(a, b int) { s.Gaps[a], s.Gaps[b] = s.Gaps[b], s.Gaps[a] })
		}
		f, g := w.compared.Findings, w.compared.Gaps
		r.Shuffle(len(f), func(a, b int) { f[a], f[b] = f[b], f[a] })
		r.Shuffle(len(g), func(a, b int) { g[a], g[b] = g[b], g[a] })
		if second := encode(t, w.assess()); first != second {
			t.Fatalf("case %d: the order of the evidence changed the assessment\n%s\n%s", i, first, second)
		}
	}
}

func encode(t *testing.T, a Assessment) string {
	t.Helper()
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestWhatWasNotReadIsUnknown(t *testing.T) {
	emptyRegion := func(name string, role topology.Role) drift.Snapshot {
		return drift.Snapshot{Region: topology.Region{Name: name, Role: role}}
	}
	tests := []struct {
		name string
		bend func(*Evidence)
	}{
		{"no evidence at all", func(e *Evidence) { *e = Evidence{Now: now} }},
		{"two empty snapshots", func(e *Evidence) {
			a, b := emptyRegion(east, topology.Primary), emptyRegion(west, topology.Standby)
			e.Primary, e.Standby, e.Comparison = &a, &b, &drift.Comparison{Region: west}
		}},
		{"an empty primary", func(e *Evidence) { a := emptyRegion(east, topology.Primary); e.Primary = &a }},
		{"an empty standby", func(e *Evidence) { b := emptyRegion(west, topology.Standby); e.Standby = &b }},
		{"no comparison", func(e *Evidence) { e.Comparison = nil }},
		{"a comparison of nothing", func(e *Evidence) { e.Comparison = &drift.Comparison{Region: west} }},
		{"pairs not compared and no gap that says which", func(e *Evidence) { e.Comparison.Coverage.Compared-- }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := healthy().evidence()
			test.bend(&e)
			a := Assess(e, Policy{})
			if a.Verdict != Unknown {
				t.Errorf("verdict %s, want unknown\n%s", a.Verdict, dump(a, ""))
			}
			if tolerant := Assess(e, Policy{Unknown: LevelWarn}); tolerant.Verdict != Ready {
				t.Errorf("verdict %s under unknown: warn, want ready", tolerant.Verdict)
			}
		})
	}
}

func TestNoRulePassesOnEmptySnapshots(t *testing.T) {
	a := Assess(Evidence{Primary: &drift.Snapshot{}, Standby: &drift.Snapshot{}, Comparison: &drift.Comparison{}, Now: now}, Policy{})
	for _, c := range a.Checks {
		if c.Status != Undetermined {
			t.Errorf("%s is %s on empty snapshots", c.Rule, c.Status)
		}
	}
}

func TestBlockingDriftWithoutARuleBlocks(t *testing.T) {
	leftover := drift.Finding{Resource: "app/Pipe", Type: "AWS::Pipes::Pipe", Property: "Source",
		Primary: "Enabled", Standby: "Suspended", Severity: drift.Block}
	t.Run("a block finding no rule knows", func(t *testing.T) {
		w := healthy()
		w.find(leftover)
		if a := w.assess(); a.Verdict != NotReady || statuses(a, "DRIFT")[Fail] != drift.Block {
			t.Errorf("verdict %s\n%s", a.Verdict, dump(a, ""))
		}
	})
	t.Run("waived in drift", func(t *testing.T) {
		w := healthy()
		leftover := leftover
		leftover.Waived = &drift.Waiver{Resource: "app/Pipe", Reason: "x", Until: day("2027-01-01")}
		w.find(leftover)
		if a := w.assess(); a.Verdict != Ready || statuses(a, "DRIFT")[Waived] == "" {
			t.Errorf("verdict %s\n%s", a.Verdict, dump(a, ""))
		}
	})
	t.Run("judged by a rule that the policy softens", func(t *testing.T) {
		w := healthy()
		w.policy.Rules = map[string]Level{"CFG-03": LevelWarn}
		w.find(drift.Finding{Resource: "app/Fn", Type: typeFunction, Property: "Runtime", Primary: "a", Standby: "b", Severity: drift.Block})
		if a := w.assess(); a.Verdict != Ready || statuses(a, "CFG-03")[Fail] != drift.Warn {
			t.Errorf("verdict %s\n%s", a.Verdict, dump(a, ""))
		}
	})
	t.Run("a warning does not block", func(t *testing.T) {
		w := healthy()
		leftover := leftover
		leftover.Severity = drift.Warn
		w.find(leftover)
		if a := w.assess(); a.Verdict != Ready {
			t.Errorf("verdict %s\n%s", a.Verdict, dump(a, ""))
		}
	})
}

func TestCoverageCountsOnlyWhatMatters(t *testing.T) {
	tests := []struct {
		name, kind, property string
		want                 Verdict
	}{
		{"a bucket", "AWS::Pipes::Pipe", "", Unknown},
		{"a custom resource", "Custom::Thing", "", Unknown},
		{"a log group", "AWS::Logs::LogGroup", "", Ready},
		{"a bucket's policy", "AWS::Pipes::Pipe", "Policy", Unknown},
		{"a bucket's tags", "AWS::Pipes::Pipe", "Tags", Ready},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := healthy()
			w.compared.Coverage.Pairs++
			w.compared.Coverage.NotCompared++
			w.gap(drift.Gap{Region: west, Resource: "app/X", Type: test.kind, Property: test.property, Operation: "s3:GetBucket", Reason: "AccessDenied"})
			if a := w.assess(); a.Verdict != test.want {
				t.Errorf("verdict %s, want %s\n%s", a.Verdict, test.want, dump(a, ""))
			}
		})
	}
}

func TestGapsNameTheRulesThatWait(t *testing.T) {
	w := healthy()
	w.deny("app/Key", "kms:DescribeKey")
	w.policy.Rules = map[string]Level{"COVERAGE": LevelOff}
	a := w.assess()
	if len(a.Gaps) != 1 || !slices.Equal(a.Gaps[0].NeededBy, []string{"SEC-03", "SEC-04"}) {
		t.Errorf("gaps %+v", a.Gaps)
	}
	if w.west.Gaps[0].NeededBy != nil || w.compared.Gaps[0].NeededBy != nil {
		t.Error("the evidence was written to")
	}
}

func TestMergeTakesTheWorstVerdict(t *testing.T) {
	tests := []struct {
		in   []Verdict
		want Verdict
	}{
		{nil, Unknown}, {[]Verdict{Ready}, Ready}, {[]Verdict{Ready, Ready}, Ready}, {[]Verdict{Ready, Unknown}, Unknown},
		{[]Verdict{Unknown, NotReady}, NotReady}, {[]Verdict{NotReady, Ready}, NotReady}, {[]Verdict{Ready, "?"}, Unknown},
	}
	for _, test := range tests {
		var in []Assessment
		for _, v := range test.in {
			in = append(in, Assessment{Verdict: v})
		}
		if got := Merge(in).Verdict; got != test.want {
			t.Errorf("Merge(%v) = %s, want %s", test.in, got, test.want)
		}
	}
	gap := func(rule string) drift.Gap {
		return drift.Gap{Region: east, Operation: "a:B", NeededBy: []string{rule}}
	}
	waiver := drift.Waiver{Resource: "x"}
	merged := Merge([]Assessment{
		{Gaps: []drift.Gap{gap("SEC-03")}, Waivers: []drift.WaiverUse{{Waiver: waiver}}, Checks: []Check{{Rule: "B"}}},
		{Gaps: []drift.Gap{gap("CFG-02")}, Waivers: []drift.WaiverUse{{Waiver: waiver, Matched: true}}, Checks: []Check{{Rule: "A"}}},
	})
	if len(merged.Gaps) != 1 || !slices.Equal(merged.Gaps[0].NeededBy, []string{"CFG-02", "SEC-03"}) {
		t.Errorf("gaps %+v", merged.Gaps)
	}
	if len(merged.Waivers) != 1 || !merged.Waivers[0].Matched {
		t.Errorf("waivers %+v", merged.Waivers)
	}
	if merged.Checks[0].Rule != "A" || len(merged.Checks) != 2 {
		t.Errorf("checks %+v", merged.Checks)
	}
}

func TestRulesAreCompleteAndSorted(t *testing.T) {
	all := append(Rules(), Guards()...)
	for _, r := range all {
		if r.ID == "" || r.Title == "" || r.Why == "" || r.Source == "" || r.Fix == "" || r.check == nil || r.Severity == "" {
			t.Errorf("rule %q is incomplete", r.ID)
		}
		if len(r.Needs) == 0 && !r.compares {
			t.Errorf("rule %s needs nothing", r.ID)
		}
		if !strings.Contains(RulesMarkdown(), "## "+r.ID+"\n") {
			t.Errorf("rule %s is not documented", r.ID)
		}
	}
	if !slices.IsSortedFunc(Rules(), func(a, b Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("rules are not sorted")
	}
	if _, ok := Find("SEC-03"); !ok {
		t.Error("SEC-03 not found")
	}
	if _, ok := Find("NOPE"); ok {
		t.Error("NOPE found")
	}
}
