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
