package readiness

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

// ownRule is a rule of a team that says what it is told to.
func ownRule(says Ruling, reads ...string) Own {
	return Own{ID: "OWN-01", Message: "It holds", Severity: drift.Block, Reads: reads, Judge: func(Evidence) Ruling { return says }}
}

func TestAnOwnRuleIsJudgedLikeTheCatalogue(t *testing.T) {
	denied := func(gap drift.Gap) func(*world) {
		gap.Region, gap.Operation, gap.Reason = west, "sqs:GetQueueAttributes", "AccessDenied"
		return func(w *world) { w.gap(gap) }
	}
	tests := []struct {
		name    string
		own     Own
		bend    func(*world)
		status  Status
		verdict Verdict
	}{
		{"it holds", ownRule(Ruling{Holds: true}), nil, Pass, Ready},
		{"it does not", ownRule(Ruling{}), nil, Fail, NotReady},
		{"it names what breaks it", ownRule(Ruling{Broken: []string{"app/Fn"}}), nil, Fail, NotReady},
		{"it cannot be evaluated", ownRule(Ruling{Unknown: "no such key"}), nil, Undetermined, Unknown},
		{"the policy softens it", ownRule(Ruling{}), func(w *world) { w.policy.Rules = map[string]Level{"OWN-01": LevelWarn} }, Fail, Ready},
		{"the policy turns it off", ownRule(Ruling{}), func(w *world) { w.policy.Rules = map[string]Level{"OWN-01": LevelOff} }, Off, Ready},
		{"it is waived", ownRule(Ruling{Broken: []string{"app/Fn"}}), func(w *world) {
			w.policy.Waivers = []drift.Waiver{{Resource: "app/*", Property: "rule:OWN-01", Reason: "x", Until: day("2027-01-01")}}
		}, Waived, Ready},
		{"it holds of what was read, and something was not", ownRule(Ruling{Holds: true}), denied(drift.Gap{Resource: "app/Queue", Type: typeQueue}), Undetermined, Unknown},
		{"it fails of what was read, and something was not", ownRule(Ruling{}), denied(drift.Gap{Resource: "app/Queue", Type: typeQueue}), Undetermined, Unknown},
		{"it reads something else than what could not be read", ownRule(Ruling{Holds: true}, "AWS::Lambda::Function"), denied(drift.Gap{Resource: "app/Log", Type: "AWS::Logs::LogGroup"}), Pass, Ready},
		{"it reads the fact that could not be read", ownRule(Ruling{Holds: true}, "some.Fact"), denied(drift.Gap{Resource: "app/Fn", Type: typeFunction, Fact: "some.Fact"}), Undetermined, Unknown},
		{"it reads the resource and not the fact that could not be read", ownRule(Ruling{Holds: true}, typeFunction), denied(drift.Gap{Resource: "app/Fn", Type: typeFunction, Fact: "some.Fact"}), Pass, Ready},
		{"it reads what neither Region has", ownRule(Ruling{Holds: true}, "AWS::SQS::Queues"), nil, Undetermined, Unknown},
		{"it reads something, and something that neither Region has", ownRule(Ruling{Holds: true}, typeQueue, "AWS::SNS::Topics"), nil, Undetermined, Unknown},
		{"it reads what neither Region has, and does not hold", ownRule(Ruling{}, "some.Fact"), nil, Undetermined, Unknown},
		{"it reads what neither Region needs to have", Own{ID: "OWN-01", Severity: drift.Block, Reads: []string{"AWS::EC2::VPNGateway"}, MayBeEmpty: true,
			Judge: func(Evidence) Ruling { return Ruling{Holds: true} }}, nil, Pass, Ready},
		{"it reads what only the primary has", ownRule(Ruling{Holds: true}, "AWS::EC2::VPNGateway"), func(w *world) {
			w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Vpn", Type: "AWS::EC2::VPNGateway"})
		}, Pass, Ready},
		{"it reads a fact that is there", ownRule(Ruling{Holds: true}, drift.FactRelease), nil, Pass, Ready},
		{"a whole stack could not be read", ownRule(Ruling{Holds: true}, "AWS::Lambda::Function"), denied(drift.Gap{Resource: "app"}), Undetermined, Unknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := healthy()
			w.policy.Own = []Own{test.own}
			if test.bend != nil {
				test.bend(w)
			}
			a := w.assess()
			if _, ok := statuses(a, "OWN-01")[test.status]; !ok || len(statuses(a, "OWN-01")) != 1 {
				t.Errorf("OWN-01 is %v, want %s\n%s", statuses(a, "OWN-01"), test.status, dump(a, "OWN-01"))
			}
			if a.Verdict != test.verdict {
				t.Errorf("verdict %s, want %s\n%s", a.Verdict, test.verdict, dump(a, ""))
			}
		})
	}
}

func TestAnOwnRuleIsUnknownOfARegionThatIsEmpty(t *testing.T) {
	w := healthy()
	w.policy.Own = []Own{ownRule(Ruling{Holds: true})}
	w.west.Resources, w.west.Stacks = nil, nil
	if a := w.assess(); statuses(a, "OWN-01")[Undetermined] == "" {
		t.Errorf("%s", dump(a, "OWN-01"))
	}
}

func TestGapsNameTheOwnRulesThatWait(t *testing.T) {
	w := healthy()
	w.policy.Own = []Own{ownRule(Ruling{Holds: true}, "AWS::KMS::Key")}
	w.deny("app/Key", "kms:DescribeKey")
	if a := w.assess(); !slices.Contains(a.Gaps[0].NeededBy, "OWN-01") {
		t.Errorf("%+v", a.Gaps)
	}
}

func TestAreasAreWhatIdsBeginWith(t *testing.T) {
	for _, area := range []string{"CFG", "REL", "DRIFT", "COVERAGE"} {
		if !slices.Contains(Areas(), area) {
			t.Errorf("%s is missing in %v", area, Areas())
		}
	}
}

// An own rule that does not hold and could not see everything is unknown and no
// failure: either keeps the gate shut.
func TestAddingAGapNeverOpensTheGateToAnOwnRule(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 300 {
		w := randomWorld(r)
		w.policy = Policy{Own: []Own{ownRule(Ruling{Holds: i%2 == 0}, []string{"", typeFunction}[i%2])}}
		w.policy.Own[0].Reads = w.policy.Own[0].Reads[:i%2]
		before := w.assess()
		gap := randomGap(r)
		w.gap(gap)
		if after := w.assess(); before.Verdict != Ready && after.Verdict == Ready {
			t.Fatalf("case %d: adding %+v moved the verdict from %s to %s", i, gap, before.Verdict, after.Verdict)
		}
	}
}
