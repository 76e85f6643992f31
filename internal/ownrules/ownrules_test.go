package ownrules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// evidence is a function and a queue in both Regions; the standby's function is
// smaller and its queue forgets sooner.
func evidence() readiness.Evidence {
	region := func(name string, role topology.Role, memory, retention float64) *drift.Snapshot {
		sealer := drift.NewSealer("run-1", []byte(strings.Repeat("k", 32)))
		return &drift.Snapshot{App: "app", Run: "run-1", Account: "111111111111", Region: topology.Region{Name: name, Role: role},
			Release: &drift.Release{ID: "r-1", Outcome: "done"},
			Stacks:  []drift.Stack{{Key: "app", Name: "app", Status: "UPDATE_COMPLETE", Tags: map[string]string{"team": "payments"}}},
			Resources: []drift.Resource{
				{Key: "app/Fn", Type: "AWS::Lambda::Function", ID: "fn", Properties: map[string]any{"MemorySize": memory,
					"Environment": map[string]any{"Variables": map[string]any{"API_KEY": sealer.Seal(name, "", "hunter2"), "STAGE": "prod"}}}},
				{Key: "app/Queue", Type: "AWS::SQS::Queue", ID: "q", Tags: map[string]string{"tier": "1"}, Properties: map[string]any{"MessageRetentionPeriod": retention}},
			},
			Facts: []drift.Fact{{Kind: drift.FactLambdaState, Subject: "app/Fn", Value: map[string]any{"State": "Active"}}}}
	}
	return readiness.Evidence{Primary: region("us-east-1", topology.Primary, 1024, 345600), Standby: region("us-west-2", topology.Standby, 512, 60),
		Comparison: &drift.Comparison{Region: "us-west-2"}, Strategy: topology.WarmStandby,
		Objectives: topology.Objectives{RTO: 15 * time.Minute, Floor: 0.25, Ceiling: 1}}
}

// ruling compiles one expression and judges the evidence by it.
func ruling(t *testing.T, expression string, reads ...string) readiness.Ruling {
	t.Helper()
	rules, problems, err := Compile([]Source{{ID: "OWN-01", Message: "It holds", Expression: expression, Reads: reads}})
	if err != nil || len(problems) > 0 {
		t.Fatalf("compile %s: %v %+v", expression, err, problems)
	}
	return rules[0].Judge(evidence())
}

func TestWhatAnExpressionSays(t *testing.T) {
	const holds, fails = "holds", "fails"
	tests := []struct{ name, expression, want string }{
		{"a property of every resource of a type", `standby.resources.filter(r, r.type == "AWS::Lambda::Function").all(r, r.properties.MemorySize >= 512)`, holds},
		{"the same, not so", `standby.resources.filter(r, r.type == "AWS::Lambda::Function").all(r, r.properties.MemorySize > 512)`, fails},
		{"a share of the primary", `standby.by_key["app/Fn"].properties.MemorySize >= objectives.floor * primary.by_key["app/Fn"].properties.MemorySize`, holds},
		{"the keys of what breaks it", `standby.resources.filter(r, r.type == "AWS::SQS::Queue" && r.properties.MessageRetentionPeriod < 3600).map(r, r.key)`, "app/Queue"},
		{"no key", `standby.resources.filter(r, r.type == "AWS::SQS::Queue" && r.properties.MessageRetentionPeriod < 60).map(r, r.key)`, holds},
		{"a fact", `standby.facts.exists(f, f.kind == "lambda.State" && f.value.State == "Active")`, holds},
		{"an objective", `objectives.rto <= duration("15m")`, holds},
		{"a tag of a stack", `standby.stacks.all(s, s.tags["team"] == "payments")`, holds},
		{"the release", `primary.release.id == standby.release.id`, holds},
		{"an objective that was not declared", `objectives.rpo <= duration("5m")`, "no such key: rpo"},
		{"a property that is not there", `standby.resources.all(r, r.properties.Nothing > 1)`, "no such key: Nothing"},
		{"a resource that is not there", `standby.by_key["app/None"].properties.MemorySize > 1`, "no such key: app/None"},
		{"whether there is a property", `standby.resources.exists(r, has(r.properties.MemorySize))`, holds},
		{"types that do not fit", `standby.by_key["app/Fn"].properties.Environment > 3`, "no such overload"},
		{"a division by zero", `1 / (size(standby.stacks) - 1) == 0`, "division by zero"},
		{"an equal secret", `primary.by_key["app/Fn"].properties.Environment.Variables.API_KEY == standby.by_key["app/Fn"].properties.Environment.Variables.API_KEY`, holds},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			have := ruling(t, test.expression)
			said := map[bool]string{true: holds, false: fails}[have.Holds]
			switch {
			case have.Unknown != "":
				said = have.Unknown
			case len(have.Broken) > 0:
				said = strings.Join(have.Broken, " ")
			}
			if said != test.want && (have.Unknown == "" || !strings.Contains(said, test.want)) {
				t.Errorf("%s\nsays %q, want %q", test.expression, said, test.want)
			}
		})
	}
}

func TestEveryKeyIsKeptAndOnce(t *testing.T) {
	e := evidence()
	for i := range 500 {
		e.Standby.Resources = append(e.Standby.Resources, drift.Resource{Key: fmt.Sprintf("app/Queue%03d", i), Type: "AWS::SQS::Queue"})
	}
	rules, problems, err := Compile([]Source{{ID: "OWN-01", Expression: `standby.resources.map(r, r.key) + standby.resources.map(r, r.key)`}})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	if have := rules[0].Judge(e); len(have.Broken) != 502 || !slices.IsSorted(have.Broken) {
		t.Errorf("%d keys of 502: %v", len(have.Broken), have.Broken)
	}
}

func TestARuleSeesWhatItReadsAndNothingElse(t *testing.T) {
	const count = `size(standby.resources) == 1 && size(standby.facts) == 0`
	if !ruling(t, count, "AWS::SQS::Queue").Holds {
		t.Error("a rule that reads queues sees more than the queue")
	}
	if ruling(t, count).Holds {
		t.Error("a rule that names nothing does not see everything")
	}
}

func TestNoSecretIsWithinReach(t *testing.T) {
	const secret = `[standby.by_key["app/Fn"].properties.Environment.Variables.API_KEY].map(s, string(s["$secret"].digest))`
	for _, key := range ruling(t, secret).Broken {
		if strings.Contains(key, "hunter2") || !strings.HasPrefix(key, "run-1:") {
			t.Errorf("an expression came by %q, which is not the digest", key)
		}
	}
	t.Run("and digests of two runs are not compared", func(t *testing.T) {
		rules, _, err := Compile([]Source{{ID: "OWN-01", Expression: secret}})
		if err != nil {
			t.Fatal(err)
		}
		e := evidence()
		e.Standby.Run = "run-2"
		if have := rules[0].Judge(e); have.Unknown == "" {
			t.Errorf("%+v", have)
		}
	})
}

func TestARuleCannotHang(t *testing.T) {
	e := evidence()
	for len(e.Standby.Resources) < 1000 {
		e.Standby.Resources = append(e.Standby.Resources, e.Standby.Resources[0])
	}
	rules, problems, err := Compile([]Source{{ID: "OWN-01", Expression: `standby.resources.all(a, standby.resources.all(b, standby.resources.all(c, a.key + b.key + c.key != "")))`}})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	if have := rules[0].Judge(e); !strings.Contains(have.Unknown, "cost limit exceeded") {
		t.Errorf("a thousand million comparisons: %+v", have)
	}
}

func TestWhatDoesNotCompileIsSaidWithItsPlace(t *testing.T) {
	tests := []struct {
		name    string
		sources []Source
		want    Problem
	}{
		{"an unknown variable", []Source{{ID: "OWN-01", Expression: "true &&\n  sandby.name == \"x\""}}, Problem{Line: 2, Column: 3, Message: "undeclared reference to 'sandby'"}},
		{"a field that no Region has", []Source{{ID: "OWN-01", Expression: `standby.resorces.all(r, true)`}}, Problem{Line: 1, Column: 8, Message: "undefined field 'resorces'"}},
		{"a number in place of a text", []Source{{ID: "OWN-01", Expression: `standby.name == 3`}}, Problem{Line: 1, Column: 14, Message: "found no matching overload for '_==_'"}},
		{"half an expression", []Source{{ID: "OWN-01", Expression: `standby.name ==`}}, Problem{Line: 1, Column: 16, Message: "Syntax error"}},
		{"an expression that answers nothing", []Source{{ID: "OWN-01", Expression: `standby.name`}}, Problem{Line: 1, Column: 1, Message: "the expression comes to string"}},
		{"an id twice", []Source{{ID: "OWN-01", Expression: "true"}, {ID: "OWN-01", Expression: "true"}}, Problem{Rule: 1, Message: `rule "OWN-01" is written twice`}},
		{"an id of the catalogue", []Source{{ID: "CFG-03", Expression: "true"}}, Problem{Message: `rule id "CFG-03" begins like`}},
		{"an id that the catalogue may come to have", []Source{{ID: "CFG-99", Expression: "true"}}, Problem{Message: `rule id "CFG-99" begins like`}},
		{"an endless expression", []Source{{ID: "OWN-01", Expression: strings.Repeat("true && ", 2000) + "true"}}, Problem{Line: 1, Column: 1, Message: "expression code point size exceeds limit"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, problems, err := Compile(test.sources)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(problems, func(p Problem) bool {
				return p.Rule == test.want.Rule && p.Line == test.want.Line && p.Column == test.want.Column && strings.Contains(p.Message, test.want.Message) && !strings.Contains(p.Message, "\n")
			}) {
				t.Errorf("have %+v\nwant %+v", problems, test.want)
			}
		})
	}
}

func TestNoRuleNeedsNoCEL(t *testing.T) {
	rules, problems, err := Compile(nil)
	if rules != nil || problems != nil || err != nil {
		t.Errorf("%v %v %v", rules, problems, err)
	}
	if n := testing.AllocsPerRun(10, func() { _, _, _ = Compile(nil) }); n != 0 {
		t.Errorf("compiling no rules allocates %v times", n)
	}
}
