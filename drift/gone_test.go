package drift

import "testing"

func TestWhatIsGoneInBothRegionsIsReported(t *testing.T) {
	gone := func(p testPlace, keys ...string) *Snapshot {
		s := lonely(p, "AWS::SQS::Queue", props{})
		for _, key := range keys {
			s.Facts = append(s.Facts, Fact{Kind: FactGone, Subject: key, Value: map[string]any{"Type": "AWS::SNS::Topic"}})
		}
		return s
	}
	for _, test := range []struct {
		name             string
		primary, standby *Snapshot
		findings         int
	}{
		{"in both", gone(east, "s/T"), gone(west, "s/T"), 1},
		{"different ones", gone(east, "s/T"), gone(west, "s/U"), 0}, // each has no sibling that was read: nothing is there to compare
		{"nowhere", gone(east), gone(west), 0},
	} {
		c := Compare(test.primary, test.standby, options)
		if len(c.Findings) != test.findings || test.findings == 1 && (c.Findings[0].Severity != Block || c.Findings[0].Cause != OutOfBand) {
			t.Errorf("%s:%s", test.name, show(c.Findings))
		}
	}
}

func TestWhatExistsOnceAndWasDeletedIsMissingAllTheSame(t *testing.T) {
	for _, typ := range []string{"AWS::IAM::Role", "AWS::Route53::RecordSet", "AWS::SQS::Queue"} {
		for _, deleted := range []bool{true, false} {
			primary, standby := lonely(east, typ, props{}), lonely(west, typ, props{})
			key := primary.Resources[0].Key
			standby.Resources = nil
			if deleted {
				standby.Facts = append(standby.Facts, Fact{Kind: FactGone, Subject: key, Value: map[string]any{"Type": typ}})
			}
			c := Compare(primary, standby, options)
			if want := deleted || !isGlobal(typ); (len(c.Findings) == 1) != want || deleted && c.Findings[0].Cause != OutOfBand {
				t.Errorf("%s, deleted %v:%s", typ, deleted, show(c.Findings))
			}
			back := Compare(standby, primary, options)
			if want := deleted || !isGlobal(typ); (len(back.Findings) == 1) != want {
				t.Errorf("%s, deleted %v in the primary:%s", typ, deleted, show(back.Findings))
			}
		}
	}
}
