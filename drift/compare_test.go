package drift

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/topology"
)

var options = Options{Objectives: topology.Objectives{Floor: 0.25, Ceiling: 1},
	Now: time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)}

func show(list []Finding) string {
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, "\n  %s %s %s %s %s/%s: %s | %s", f.Severity, f.Resource, f.Property, f.Relation, f.Cause, f.ChangedIn, f.Message, f.Fix)
	}
	return b.String()
}

func TestTwoRegionsDeployedFromOneSourceShowNothing(t *testing.T) {
	c := Compare(payments(east), payments(west), options)
	if len(c.Findings) > 0 {
		t.Errorf("want no findings, have %d:%s", len(c.Findings), show(c.Findings))
	}
	if len(c.Gaps) > 0 {
		t.Errorf("want no gaps, have %+v", c.Gaps)
	}
	if c.Coverage.Compared != 25 || c.Coverage.Pairs != 25 {
		t.Errorf("coverage is %+v, want all 25 pairs compared", c.Coverage)
	}
}
