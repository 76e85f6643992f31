package drift

import (
	"encoding/json"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestASnapshotHasNoDriftFromItself(t *testing.T) {
	for _, p := range []testPlace{east, west} {
		s := payments(p)
		if c := Compare(s, s, options); len(c.Findings) > 0 || len(c.Gaps) > 0 {
			t.Errorf("%s against itself:%s %v", p.region, show(c.Findings), c.Gaps)
		}
	}
}

func TestNoOrderInASnapshotChangesTheResult(t *testing.T) {
	for _, e := range edits() {
		standby := payments(west)
		e.change(standby)
		want := Compare(payments(east), standby, options)
		for seed := range int64(3) {
			r := rand.New(rand.NewSource(seed))
			left, right := payments(east), payments(west)
			e.change(right)
			for _, s := range []*Snapshot{left, right} {
				r.Shuffle(len(s.Resources), func(i, j int) { s.Resources[i], s.Resources[j] = s.Resources[j], s.Resources[i] })
				for i := range s.Resources {
					shuffleSets(r, s.Resources[i].Properties)
				}
				r.Shuffle(len(s.Facts), func(i, j int) { s.Facts[i], s.Facts[j] = s.Facts[j], s.Facts[i] })
			}
			if have := Compare(left, right, options); show(have.Findings) != show(want.Findings) {
				t.Fatalf("%s: shuffled gives\n%s\nwant%s", e.name, show(have.Findings), show(want.Findings))
			}
		}
	}
}

// shuffleSets reorders the arrays of the sample that have no order.
func shuffleSets(r *rand.Rand, v any) {
	object, ok := v.(map[string]any)
	if !ok {
		return
	}
	for name, value := range object {
		list, ok := value.([]any)
		if ok && slices.Contains([]string{"SecurityGroupIngress", "Statement", "Tags", "SubnetIds", "Subscription", "AttributeDefinitions"}, name) {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		for _, e := range list {
			shuffleSets(r, e)
		}
		shuffleSets(r, value)
	}
}

// Where the relation is symmetric, the same places differ whichever Region is
// the primary, with the values exchanged.
func TestSwappingTheRegionsMirrorsTheFindings(t *testing.T) {
	for _, e := range edits() {
		left, right := payments(east), payments(west)
		e.change(right)
		there := Compare(left, right, options)
		back := Compare(right, left, options)
		mirrored := map[string]Finding{}
		for _, f := range back.Findings {
			mirrored[f.Resource+" "+f.Property] = f
		}
		for _, f := range there.Findings {
			if f.Relation != Equal {
				continue
			}
			b, ok := mirrored[f.Resource+" "+f.Property]
			if !ok || !reflect.DeepEqual(b.Primary, f.Standby) || !reflect.DeepEqual(b.Standby, f.Primary) || b.Cause != f.Cause || b.ChangedIn != f.ChangedIn {
				t.Errorf("%s: there %s back %s", e.name, show(there.Findings), show(back.Findings))
			}
		}
	}
}

func TestCompareLeavesTheSnapshotsAsTheyAre(t *testing.T) {
	for _, e := range edits() {
		left, right := payments(east), payments(west)
		e.change(right)
		before := text(t, left) + text(t, right)
		Compare(left, right, options)
		if text(t, left)+text(t, right) != before {
			t.Fatalf("%s: a snapshot was changed by comparing it", e.name)
		}
	}
}

func text(t *testing.T, s *Snapshot) string {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestWhatWasNotReadIsNeitherEqualNorMissing(t *testing.T) {
	for _, key := range []string{"Queue", "Role", "Key", "Group", "Logs", "Api"} {
		standby := payments(west)
		without(key)(standby)
		standby.Gaps = append(standby.Gaps, Gap{Region: "us-west-2", Resource: "payments/" + key, Operation: "x:Read", Reason: "AccessDenied"})
		c := Compare(payments(east), standby, options)
		if len(c.Findings) > 0 {
			t.Errorf("%s: an unread resource became a finding:%s", key, show(c.Findings))
		}
		if c.Coverage.NotCompared != 1 || c.Coverage.Pairs != 25 {
			t.Errorf("%s: coverage is %+v, want one pair not compared", key, c.Coverage)
		}
		if !slices.ContainsFunc(c.Gaps, func(g Gap) bool { return g.Reason == "AccessDenied" }) {
			t.Errorf("%s: the gap is lost: %v", key, c.Gaps)
		}
	}
}

func TestGapsOfAStackATypeAndARegionCoverTheirResources(t *testing.T) {
	for name, g := range map[string]Gap{
		"stack":  {Region: "us-west-2", Resource: "payments", Reason: "Throttled"},
		"region": {Region: "us-west-2", Reason: "Timeout"},
	} {
		standby := payments(west)
		standby.Resources, standby.Gaps = nil, []Gap{g}
		c := Compare(payments(east), standby, options)
		if len(c.Findings) > 0 || c.Coverage.Compared != 0 || c.Coverage.NotCompared != 25 {
			t.Errorf("gap of the %s: %+v%s", name, c.Coverage, show(c.Findings))
		}
	}
	standby := payments(west)
	without("Queue")(standby)
	standby.Gaps = []Gap{{Region: "us-west-2", Type: "AWS::SNS::Topic", Reason: "AccessDenied"}}
	if c := Compare(payments(east), standby, options); len(c.Findings) != 1 {
		t.Errorf("a gap of another type hides a missing queue:%s", show(c.Findings))
	}
}

func TestAnUnreadableResourceNeverRemovesAFinding(t *testing.T) {
	for _, e := range edits() {
		for _, g := range []Gap{{Region: "us-west-2", Resource: "payments/Unknown", Reason: "AccessDenied"},
			{Region: "us-east-1", Resource: "payments/Unknown", Reason: "AccessDenied"},
			{Region: "us-west-2", Resource: "payments/" + e.resource, Fact: FactKeyState, Reason: "AccessDenied"}} {
			standby := payments(west)
			e.change(standby)
			standby.Gaps = append(standby.Gaps, g)
			if c := Compare(payments(east), standby, options); len(c.Findings) != 1 {
				t.Errorf("%s with gap %v:%s", e.name, g, show(c.Findings))
			}
		}
	}
}

func TestAStackThatChangesWhileItIsReadIsNotCompared(t *testing.T) {
	standby := payments(west)
	standby.Stacks[0].Status = "UPDATE_IN_PROGRESS"
	set("Fn", "MemorySize", 1.0)(standby)
	c := Compare(payments(east), standby, options)
	if len(c.Findings) > 0 || c.Coverage.Compared != 0 {
		t.Errorf("half a stack was compared: %+v%s", c.Coverage, show(c.Findings))
	}
	if len(c.Gaps) != 1 || c.Gaps[0].Reason != "InProgress" || !strings.Contains(c.Gaps[0].Message, "UPDATE_IN_PROGRESS") {
		t.Errorf("the gaps do not say so: %+v", c.Gaps)
	}
}

// An update that began after the stack was listed, or began and ended since.
func TestAStackThatWasUpdatedSinceItWasListedIsNotCompared(t *testing.T) {
	standby := payments(west)
	standby.Gaps = []Gap{{Region: "us-west-2", Resource: "payments", Type: "AWS::CloudFormation::Stack", Reason: "InProgress", Message: "updated in between"}}
	set("Fn", "MemorySize", 1.0)(standby)
	c := Compare(payments(east), standby, options)
	if len(c.Findings) > 0 || c.Coverage.Compared != 0 || len(c.Gaps) != 1 {
		t.Errorf("half a stack was compared: %+v, gaps %+v%s", c.Coverage, c.Gaps, show(c.Findings))
	}
}

func TestSecretValuesAppearInNoFinding(t *testing.T) {
	const canary = "c4n4ry-hunter2"
	sealer := NewSealer("run-1", []byte("0123456789abcdef0123456789abcdef"))
	for name, change := range map[string]func(*Snapshot){
		"variable":         set("Fn", "Environment.Variables.API_TOKEN_SALT", canary),
		"sealed":           set("Secret", "SecretString", sealer.Seal("us-west-2", "222222222222", canary)),
		"sealed only here": set("Limit", "Value", sealer.Seal("us-west-2", "222222222222", canary)),
		"all variables":    set("Fn", "Environment", map[string]any{"Variables": map[string]any{"DB_PASSWORD": canary}}),
		"no variables":     set("Fn", "Environment", nil),
		"pointing":         set("Fn", "Environment.Variables.API_TOKEN_SALT", canary+" us-east-1 "+east.generated("Queue")),
	} {
		standby := payments(west)
		change(standby)
		c := Compare(payments(east), standby, options)
		data, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Findings) == 0 || strings.Contains(string(data), canary) || strings.Contains(string(data), "$secret") || strings.Contains(string(data), "pepper") {
			t.Errorf("%s: %s", name, data)
		}
		for _, f := range c.Findings {
			secret := f.Property == "SecretString" || f.Property == "Value" || strings.HasSuffix(f.Property, "SALT") || strings.HasSuffix(f.Property, "PASSWORD")
			if secret && (f.Primary != Redacted || f.Standby != Redacted) {
				t.Errorf("%s: values are %v and %v, want both %s", name, f.Primary, f.Standby, Redacted)
			}
		}
	}
}

func TestSecretsOfTwoRunsAreAGap(t *testing.T) {
	standby := payments(west)
	set("Secret", "SecretString", NewSealer("run-2", []byte("another")).Seal("us-west-2", "222222222222", "x"))(standby)
	c := Compare(payments(east), standby, options)
	if len(c.Findings) > 0 || len(c.Gaps) != 1 || !strings.Contains(c.Gaps[0].Message, "not comparable across runs") {
		t.Errorf("findings %s gaps %+v", show(c.Findings), c.Gaps)
	}
}
