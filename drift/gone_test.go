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

func TestWhatIsGoneWhereItAloneWasDeclaredIsReported(t *testing.T) {
	// declaring is a Region whose template has these topics, and gone those that it lost.
	declaring := func(p testPlace, typ string, gone bool, topics ...string) *Snapshot {
		s := lonely(p, "AWS::SQS::Queue", props{})
		resources := map[string]any{"R": map[string]any{}}
		for _, topic := range topics {
			resources[topic] = map[string]any{"Type": typ}
			if gone {
				s.Facts = append(s.Facts, Fact{Kind: FactGone, Subject: "s/" + topic, Value: map[string]any{"Type": typ}})
			}
		}
		s.Stacks = []Stack{{Key: "s", Name: "s", ID: "s", Status: "CREATE_COMPLETE", Template: map[string]any{"Resources": resources}}}
		return s
	}
	unread := func(s *Snapshot) *Snapshot {
		s.Stacks[0].Template = nil
		return s
	}
	moving := func(s *Snapshot) *Snapshot {
		s.Gaps = append(s.Gaps, Gap{Region: s.Region.Name, Resource: "s", Type: "AWS::CloudFormation::Stack", Reason: inProgress})
		return s
	}
	dropping := func(s *Snapshot) *Snapshot {
		s.Stacks[0].Template = map[string]any{"Resources": map[string]any{"R": map[string]any{}}}
		return s
	}
	const topic, role = "AWS::SNS::Topic", "AWS::IAM::Role"
	for _, test := range []struct {
		name             string
		primary, standby *Snapshot
		want             Severity
		where            string
	}{
		{"the standby's own", declaring(east, topic, false), declaring(west, topic, true, "T"), Block, west.region},
		{"the primary's own", declaring(east, topic, true, "T"), declaring(west, topic, false), Warn, east.region},
		{"one for both that the primary's stack owned", declaring(east, role, true, "T"), declaring(west, role, false), Block, east.region},
		{"its stack is being updated", declaring(east, topic, false), moving(declaring(west, topic, true, "T")), "", ""},
		{"its stack declares it no more", declaring(east, topic, false), dropping(declaring(west, topic, true, "T")), "", ""},
		{"nothing is gone", declaring(east, topic, false), declaring(west, topic, false), "", ""},
		{"the other's template is not known", declaring(east, topic, true, "T"), unread(declaring(west, topic, false)), "", ""},
	} {
		found := Compare(test.primary, test.standby, options).Findings
		if test.want == "" && len(found) > 0 || test.want != "" && (len(found) != 1 || found[0].Severity != test.want || found[0].Cause != OutOfBand || found[0].ChangedIn != test.where) {
			t.Errorf("%s:%s", test.name, show(found))
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
