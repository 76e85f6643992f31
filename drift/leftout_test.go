package drift

import "testing"

func TestAResourceThatBothTemplatesDeclareAndNeitherStackListsIsAGap(t *testing.T) {
	leftOut := Fact{Kind: FactUnlisted, Subject: "s/Lost", Value: props{"Type": "AWS::SQS::Queue"}}
	side := func(p testPlace, change func(*Snapshot)) *Snapshot {
		s := lonely(p, "AWS::SNS::Topic", props{"DisplayName": "x"})
		s.Facts = append(s.Facts, leftOut)
		change(s)
		return s
	}
	none := func(*Snapshot) {}
	has := func(s *Snapshot) {
		s.Facts = nil
		s.Resources = append(s.Resources, Resource{Key: "s/Lost", Type: "AWS::SQS::Queue", ID: "lost", Properties: props{}})
	}
	tests := map[string]struct {
		primary, standby func(*Snapshot)
		gaps, findings   int
	}{
		"left out of both":           {none, none, 2, 0},
		"declared in one Region":     {none, func(s *Snapshot) { s.Facts = nil }, 1, 0},
		"declared in the other":      {func(s *Snapshot) { s.Facts = nil }, none, 1, 0},
		"listed in the primary":      {has, none, 0, 1},
		"listed in the standby":      {none, has, 0, 1},
		"made by a change to come":   {func(s *Snapshot) { f := s.Facts; has(s); s.Facts = f }, has, 0, 0},
		"silent in every comparison": {func(s *Snapshot) { s.Facts[0].Value = props{"Type": "AWS::CDK::Metadata"} }, func(s *Snapshot) { s.Facts = nil }, 0, 0},
		"a gap says so already": {func(s *Snapshot) {
			s.Gaps = append(s.Gaps, Gap{Region: s.Region.Name, Resource: "s/Lost", Type: "AWS::SQS::Queue", Operation: "sqs:GetQueueAttributes", Reason: "AccessDenied"})
		}, func(s *Snapshot) { s.Facts = nil }, 1, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := Compare(side(east, test.primary), side(west, test.standby), options)
			if len(c.Gaps) != test.gaps || len(c.Findings) != test.findings {
				t.Errorf("gaps %+v%s", c.Gaps, show(c.Findings))
			}
			for _, g := range c.Gaps {
				if g.Resource != "s/Lost" || g.Type != "AWS::SQS::Queue" {
					t.Errorf("gap %+v", g)
				}
			}
			if test.gaps == 2 && c.Coverage.NotCompared != 1 {
				t.Errorf("coverage %+v: it is one resource", c.Coverage)
			}
		})
	}
}
