package main

import (
	"testing"

	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
)

// Each Region has one line, that of what was read, whatever order the topology
// names them in; and what only the templates say makes nothing ready.
func TestWhatTheTemplatesSayStandsBesideWhatWasRead(t *testing.T) {
	regions := func(names ...string) (list []report.Region) {
		for _, name := range names {
			list = append(list, report.Region{Name: name})
		}
		return list
	}
	for _, test := range []struct {
		name         string
		read, static []report.Region
		live, told   readiness.Verdict
		want         readiness.Verdict
	}{
		{"the fresh Region comes last", regions("us-east-1", "us-west-2"), regions("us-east-1", "us-west-4"), readiness.Ready, readiness.Unknown, readiness.Unknown},
		{"the fresh Region comes first", regions("us-east-1", "us-west-2"), regions("us-west-4", "us-east-1"), readiness.Ready, readiness.Unknown, readiness.Unknown},
		{"the templates fail", regions("us-east-1", "us-west-2"), regions("us-west-4", "us-east-1"), readiness.Unknown, readiness.NotReady, readiness.NotReady},
		{"what was read fails", regions("us-east-1", "us-west-2"), regions("us-west-4", "us-east-1"), readiness.NotReady, readiness.Unknown, readiness.NotReady},
	} {
		t.Run(test.name, func(t *testing.T) {
			have := beside(report.Report{Regions: test.read, Verdict: test.live}, report.Report{Regions: test.static, Verdict: test.told})
			if have.Verdict != test.want {
				t.Errorf("the verdict is %s, want %s", have.Verdict, test.want)
			}
			if len(have.Regions) != 3 || have.Regions[0].Name != "us-east-1" || have.Regions[1].Name != "us-west-2" || have.Regions[2].Name != "us-west-4" {
				t.Errorf("Regions %+v", have.Regions)
			}
		})
	}
}
