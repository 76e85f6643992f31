package readiness

import (
	"slices"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// lone is a Region with a key, what uses it and what does not.
func lone(state string, change func(*drift.Snapshot)) *drift.Snapshot {
	s := &drift.Snapshot{Region: topology.Region{Name: "us-west-2", Role: topology.Standby},
		Resources: []drift.Resource{
			{Key: "app/Key", Type: "AWS::KMS::Key", ID: "1234-key", Properties: map[string]any{"Description": "a key"}},
			{Key: "app/Queue", Type: "AWS::SQS::Queue", ID: "q", Properties: map[string]any{"KmsMasterKeyId": "arn:aws:kms:us-west-2:1:key/1234-key"}},
			{Key: "app/Role", Type: "AWS::IAM::Role", ID: "r", Properties: map[string]any{"Policies": []any{map[string]any{"Resource": "arn:aws:kms:us-west-2:1:key/1234-key"}}}},
		}}
	if state != "" {
		s.Facts = append(s.Facts, drift.Fact{Kind: drift.FactKeyState, Subject: "app/Key", Value: map[string]any{"KeyState": state, "Enabled": state == "Enabled"}})
	}
	if change != nil {
		change(s)
	}
	return s
}

// changing marks resources as changed by the release.
func changing(keys ...string) func(*drift.Snapshot) {
	return func(s *drift.Snapshot) {
		for i := range s.Resources {
			if slices.Contains(keys, s.Resources[i].Key) {
				s.Resources[i].Planned = drift.PlannedUpdate
			}
		}
	}
}

func denied(s *drift.Snapshot) {
	s.Gaps = append(s.Gaps, drift.Gap{Region: "us-west-2", Resource: "app/Key", Fact: drift.FactKeyState, Operation: "kms:DescribeKey", Reason: "AccessDenied"})
}

// unforeseen is a fact that the change makes unknown.
func unforeseen(s *drift.Snapshot) {
	s.Gaps = append(s.Gaps, drift.Gap{Region: "us-west-2", Resource: "app/Key", Type: "AWS::KMS::Key", Operation: "lockstep:Predict", Reason: "NotEvaluated"})
}

func TestWhatStopsADeployAndWhatIsOnlyTold(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	until, _ := drift.ParseDate("2026-12-31")
	waived := Policy{Waivers: []drift.Waiver{{Resource: "*", Property: "rule:SEC-03", Until: until, Reason: "x"}}}
	for _, c := range []struct {
		name          string
		before, after *drift.Snapshot
		policy        Policy
		stops, told   int
		user          string
	}{
		{"all well", lone("Enabled", nil), lone("Enabled", changing("app/Queue")), Policy{}, 0, 0, ""},
		{"the release breaks it", lone("Enabled", nil), lone("Disabled", nil), Policy{}, 1, 0, ""},
		{"it was broken before, and nothing that uses it changes", lone("Disabled", nil), lone("Disabled", changing("app/Role")), Policy{}, 0, 1, ""},
		{"it was broken before, and what uses it changes", lone("Disabled", nil), lone("Disabled", changing("app/Queue")), Policy{}, 1, 0, "app/Queue"},
		{"it was broken before, and what is broken changes, which may heal it", lone("Disabled", nil), lone("Disabled", changing("app/Key")), Policy{}, 0, 1, ""},
		{"something new uses what is broken, by its key", lone("Disabled", nil), lone("Disabled", func(s *drift.Snapshot) {
			s.Resources = append(s.Resources, drift.Resource{Key: "app/New", Planned: drift.PlannedCreate, Declared: map[string]any{"Key": "${app/Key.Arn}"}})
		}), Policy{}, 1, 0, "app/New"},
		{"something new uses another with a longer name", lone("Disabled", nil), lone("Disabled", func(s *drift.Snapshot) {
			s.Resources = append(s.Resources, drift.Resource{Key: "app/New", Planned: drift.PlannedCreate, Declared: map[string]any{"Key": "${app/KeyOther.Arn}"}})
		}), Policy{}, 0, 1, ""},
		{"the release heals it", lone("Disabled", nil), lone("Enabled", nil), Policy{}, 0, 0, ""},
		{"a denied read", lone("", denied), lone("", denied), Policy{}, 1, 0, ""},
		{"a denied read of what the release newly needs", lone("Enabled", nil), lone("", denied), Policy{}, 1, 0, ""},
		{"a fact that nobody read, before or after", lone("", nil), lone("", nil), Policy{}, 1, 0, ""},
		{"what only the prediction does not know", lone("Enabled", nil), lone("Enabled", unforeseen), Policy{}, 0, 1, ""},
		{"a denied read that the team tolerates", lone("", denied), lone("", denied), Policy{Unknown: LevelWarn}, 0, 0, ""},
		{"a rule that the team turned off", lone("Enabled", nil), lone("Disabled", nil), Policy{Rules: map[string]Level{"SEC-03": LevelOff}}, 0, 0, ""},
		{"a rule that only warns the team", lone("Enabled", nil), lone("Disabled", nil), Policy{Rules: map[string]Level{"SEC-03": LevelWarn}}, 0, 0, ""},
		{"a waiver", lone("Enabled", nil), lone("Disabled", nil), waived, 0, 0, ""},
		{"a waiver of an unknown", lone("", denied), lone("", denied), waived, 0, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			stops, told := Obstacles(c.before, c.after, c.policy, now)
			if len(stops) != c.stops || len(told) != c.told {
				t.Fatalf("stops %+v\ntold %+v", stops, told)
			}
			for _, o := range append(stops, told...) {
				if o.Rule != "SEC-03" || o.UsedBy != c.user || o.Fix == "" || o.Evidence == "" {
					t.Errorf("%+v", o)
				}
			}
		})
	}
}

// A load above its own quota excuses a Region that takes over. Here it is what is asked.
func TestARegionThatOutgrowsItsOwnQuotaIsStopped(t *testing.T) {
	group := func(running, quota float64) *drift.Snapshot {
		return &drift.Snapshot{Region: topology.Region{Name: "us-east-1", Role: topology.Primary},
			Resources: []drift.Resource{{Key: "app/Group", Type: typeGroup, ID: "g", Properties: map[string]any{}}},
			Facts: []drift.Fact{
				{Kind: drift.FactMachines, Subject: "app/Group", Value: map[string]any{"Running": map[string]any{"m7g.large": running}, "Starts": []any{"m7g.large"}}},
				{Kind: drift.FactInstanceType, Subject: "m7g.large", Value: map[string]any{"VCpus": 2.0, "MemoryMiB": 8192.0, "Quota": "ec2/L-1216C47A"}},
				{Kind: drift.FactInstanceOffering, Subject: "m7g.large", Value: map[string]any{"AvailabilityZones": []any{"us-east-1a"}}},
				{Kind: drift.FactQuota, Subject: "ec2/L-1216C47A", Value: map[string]any{"Name": "vCPUs", "Value": quota}},
				{Kind: drift.FactQuota, Subject: quotaInterfaces, Value: map[string]any{"Name": "interfaces", "Value": 5000.0}},
			}}
	}
	rules := func(list []Obstacle) (ids []string) {
		for _, o := range list {
			ids = append(ids, o.Rule)
		}
		return ids
	}
	for _, c := range []struct {
		name          string
		before, after *drift.Snapshot
		stops, told   []string
	}{
		{"within the quota", group(1, 16), group(8, 16), nil, nil},
		{"beyond it", group(1, 16), group(9, 16), []string{"QTA-02"}, nil},
		{"beyond it since before, so that something of it counts elsewhere", group(9, 16), group(12, 16), nil, []string{"QTA-02"}},
	} {
		stops, told := Obstacles(c.before, c.after, Policy{}, time.Now())
		if !slices.Equal(rules(stops), c.stops) || !slices.Equal(rules(told), c.told) {
			t.Errorf("%s: stops %+v, told %+v", c.name, stops, told)
		}
	}
}

// started is a Region with a group that starts machines of a type it does not offer.
func started(instance string, planned drift.Planned) *drift.Snapshot {
	return &drift.Snapshot{Region: topology.Region{Name: "us-east-1", Role: topology.Primary},
		Resources: []drift.Resource{{Key: "app/Group", Type: typeGroup, ID: "g", Planned: planned, Properties: map[string]any{}}},
		Facts: []drift.Fact{
			{Kind: drift.FactMachines, Subject: "app/Group", Value: map[string]any{"Running": map[string]any{}, "Starts": []any{instance}}},
			{Kind: drift.FactInstanceOffering, Subject: instance, Value: map[string]any{"AvailabilityZones": []any{}}},
		}}
}

func TestAnotherFaultOfTheSameRuleIsNoOldOne(t *testing.T) {
	policy := Policy{Rules: map[string]Level{}}
	for _, p := range Preconditions() {
		if p.Rule != "CAP-04" {
			policy.Rules[p.Rule] = LevelOff
		}
	}
	for _, c := range []struct {
		name        string
		after       *drift.Snapshot
		stops, told int
	}{
		{"nothing changes", started("m1.old", ""), 0, 1},
		{"the group changes and starts what it started", started("m1.old", drift.PlannedUpdate), 0, 1},
		{"the group is changed to another type that is not offered", started("p9.new", drift.PlannedUpdate), 1, 0},
		{"what the group will start some day changes, and the group does not", started("p9.new", ""), 0, 1},
	} {
		stops, told := Obstacles(started("m1.old", ""), c.after, policy, time.Now())
		if len(stops) != c.stops || len(told) != c.told {
			t.Errorf("%s: stops %+v\ntold %+v", c.name, stops, told)
		}
	}
}

func TestAFailureAfterAnUnknownHasTheFixOfItsRule(t *testing.T) {
	off := drift.Fact{Kind: drift.FactKeyState, Subject: "app/Zed", Value: map[string]any{"KeyState": "Disabled", "Enabled": false}}
	stops, _ := Obstacles(lone("Enabled", nil), lone("", func(s *drift.Snapshot) {
		denied(s)
		s.Resources = append(s.Resources, drift.Resource{Key: "app/Zed", Type: "AWS::KMS::Key", ID: "5678-key"})
		s.Facts = append(s.Facts, off)
	}), Policy{}, time.Now())
	var fixes []string
	for _, o := range stops {
		fixes = append(fixes, o.Resource+": "+o.Fix)
	}
	if want := []string{"app/Key: Make kms:DescribeKey succeed in us-west-2.", "app/Zed: Enable the key, or cancel its deletion."}; !slices.Equal(fixes, want) {
		t.Errorf("%q, want %q", fixes, want)
	}
}

func TestEveryPreconditionIsARuleThatBlocksAndSaysWhatToDo(t *testing.T) {
	list := Preconditions()
	if !slices.IsSortedFunc(list, func(a, b Precondition) int { return slices.Compare([]string{a.Rule}, []string{b.Rule}) }) {
		t.Error("not sorted")
	}
	for _, p := range list {
		if rule, known := Find(p.Rule); !known || rule.Severity != drift.Block || p.Why == "" || p.Fix == "" {
			t.Errorf("%+v", p)
		}
	}
}

func TestHowPreconditionsCameOutIsTold(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	lenient := Policy{Unknown: LevelWarn, Rules: map[string]Level{"SEC-03": LevelWarn}}
	for _, c := range []struct {
		name   string
		region *drift.Snapshot
		policy Policy
		passes bool
	}{
		{"a key that works", lone("Enabled", nil), Policy{}, true},
		{"a key that is off", lone("Disabled", nil), Policy{}, false},
		{"a key that is off, where that only warns", lone("Disabled", nil), lenient, false},
		{"a key that could not be read, where that only warns", lone("", denied), lenient, false},
	} {
		tally := PreconditionsJudged(c.region, c.policy, now)
		if slices.Contains(tally.Passed, "SEC-03") != c.passes || slices.Contains(tally.Open, "SEC-03") == c.passes {
			t.Errorf("%s: %+v", c.name, tally)
		}
		if !slices.Contains(tally.Idle, "SEC-09") {
			t.Errorf("%s: no certificate is there: %+v", c.name, tally)
		}
	}
	if tally := PreconditionsJudged(lone("Enabled", nil), Policy{Rules: map[string]Level{"SEC-03": LevelOff}}, now); len(slices.Concat(tally.Passed, tally.Idle, tally.Open)) != len(Preconditions())-1 {
		t.Errorf("one is off: %+v", tally)
	}
}
