package collect

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// exempt are calls about which the test cannot tell: "there is none" is an error
// that EFS names in the header, which an empty answer keeps; and the inline
// policies of a user show those that a policy of its own, unread, put there.
var exempt = map[string]bool{"elasticfilesystem DescribeReplicationConfigurations": true, "iam GetRolePolicy": true, "iam GetUserPolicy": true}

// TestNoRefusalIsTakenForADifference refuses, and answers with nothing, each call
// that reading these types makes in the standby. The Regions are equal: whatever
// is concluded from a call that told nothing would be a false alarm, and what was
// not told must be a gap.
func TestNoRefusalIsTakenForADifference(t *testing.T) {
	for _, name := range []string{"rds", "elasticache", "certificates", "wafv2", "efs", "backup", "iam", "watch"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			body, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range w.sessions {
				w.deploy(s.Config, "app", body, map[string]string{"Role": []string{"primary", "standby"}[i]})
			}
			before := len(w.cloud.Calls())
			w.snapshots(w.options("app"))
			type call struct{ service, operation string }
			calls := map[call]bool{}
			for _, c := range w.cloud.Calls()[before:] {
				if c.Service != "sts" && c.Service != "cloudformation" && c.Service != "servicequotas" {
					calls[call{c.Service, c.Operation}] = true
				}
			}
			var sorted []call
			for c := range calls {
				sorted = append(sorted, c)
			}
			slices.SortFunc(sorted, func(a, b call) int {
				return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.operation, b.operation))
			})
			for _, c := range sorted {
				for _, effect := range []string{fault.AccessDenied, fault.Empty} {
					if exempt[c.service+" "+c.operation] {
						continue
					}
					w.suffers(awssim.Fault{Region: "us-west-2", Service: c.service, Operation: c.operation, Effect: effect})
				}
			}
		})
	}
}

func (w *world) suffers(f awssim.Fault) {
	w.Helper()
	id, err := w.cloud.Fail(f)
	if err != nil {
		w.Fatal(err)
	}
	snapshots := w.snapshots(w.options("app"))
	w.cloud.Heal(id)
	if len(snapshots[1].Gaps) == 0 {
		w.Errorf("%s %s %s: nothing is missing", f.Effect, f.Service, f.Operation)
	}
	for _, finding := range compare(w, snapshots).Findings {
		w.Errorf("%s %s %s: a false alarm: %s.%s: %v and %v", f.Effect, f.Service, f.Operation, finding.Resource, finding.Property, finding.Primary, finding.Standby)
	}
}
