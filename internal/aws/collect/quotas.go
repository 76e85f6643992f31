package collect

import (
	"context"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/topology"
)

// sameQuotas asks the other Regions for the quotas that were read in the primary
// and not there. A stack may have a thing in the primary alone, and the standby a
// replica of it that no stack names: it draws on the quota all the same. Those of the
// types that a release brings are asked for everywhere.
func sameQuotas(ctx context.Context, snapshots []*drift.Snapshot, open func(i int) (session.ReadOnly, *session.Error), brings []string) {
	wanted := evidence.QuotasOf(brings)
	for _, s := range snapshots {
		if s.Region.Role == topology.Primary {
			wanted = append(wanted, quotasOf(s)...)
		}
	}
	for i, s := range snapshots {
		readOnly, unreachable := open(i)
		known := quotasOf(s)
		lacking := slices.DeleteFunc(slices.Clone(wanted), func(subject string) bool { return slices.Contains(known, subject) })
		if unreachable != nil || silent(s) && len(brings) == 0 || len(lacking) == 0 {
			continue // what is to be said of a Region that did not answer is said
		}
		found := evidence.Quotas(ctx, readOnly, lacking)
		for j := range found.Gaps {
			found.Gaps[j].Message = read.WithoutCredentials(found.Gaps[j].Message)
		}
		s.Facts, s.Gaps = append(s.Facts, found.Facts...), append(s.Gaps, found.Gaps...)
		inOrder(s)
	}
}

// quotasOf are the quotas that a Region was asked for, answered or not.
func quotasOf(s *drift.Snapshot) []string {
	var subjects []string
	for _, f := range s.Facts {
		if f.Kind == drift.FactQuota {
			subjects = append(subjects, f.Subject)
		}
	}
	for _, g := range s.Gaps {
		if g.Fact == drift.FactQuota {
			subjects = append(subjects, g.Resource)
		}
	}
	return subjects
}
