package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/spf13/cobra"
)

// narrowing is what a person asked to see of a comparison. Everything is read
// and compared all the same: a value means what it refers to.
type narrowing struct{ keys, types []string }

// addTo adds --only and --type.
func (n *narrowing) addTo(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&n.keys, "only", nil, "show resources with these `keys` alone; * stands for anything but a slash (payments/*)")
	cmd.Flags().StringSliceVar(&n.types, "type", nil, "show resources of these `types` alone; * as above (AWS::Lambda::*)")
}

func (n narrowing) none() bool { return len(n.keys)+len(n.types) == 0 }

// check refuses what can match nothing.
func (n narrowing) check() error {
	for flag, patterns := range map[string][]string{"--only": n.keys, "--type": n.types} {
		for _, p := range patterns {
			if _, err := path.Match(p, ""); err != nil || p == "" {
				return usageError{fmt.Errorf("%s %q: it is no pattern; * stands for anything but a slash, [ needs its ]", flag, p)}
			}
		}
	}
	return nil
}

func anyMatches(patterns []string, s string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool {
		fits, err := path.Match(p, s)
		return p == s || err == nil && fits
	})
}

func (n narrowing) shows(key, typeName string) bool {
	return anyMatches(n.keys, key) && anyMatches(n.types, typeName)
}

// concerns reports whether what was not read may be, or be about, what is
// shown. A stack, a Region and what has no known type may hold anything.
func (n narrowing) concerns(gap drift.Gap) bool {
	if !strings.Contains(gap.Resource, "/") {
		return gap.Type == "" || strings.HasPrefix(gap.Type, "AWS::CloudFormation::") || anyMatches(n.types, gap.Type)
	}
	return anyMatches(n.keys, gap.Resource) && (gap.Type == "" || anyMatches(n.types, gap.Type))
}

// known reports whether any resource of the snapshots is shown.
func (n narrowing) known(snapshots []*drift.Snapshot) bool {
	return slices.ContainsFunc(snapshots, func(s *drift.Snapshot) bool {
		return slices.ContainsFunc(s.Resources, func(r drift.Resource) bool { return n.shows(r.Key, r.Type) })
	})
}

func (n narrowing) String() string {
	var parts []string
	if len(n.keys) > 0 {
		parts = append(parts, "--only "+strings.Join(n.keys, ","))
	}
	if len(n.types) > 0 {
		parts = append(parts, "--type "+strings.Join(n.types, ","))
	}
	return strings.Join(parts, " ")
}

// narrow leaves in a report what was asked for and says how much it leaves out.
// A request that nothing fits is an error: it would show no drift whatever there is.
func (n narrowing) narrow(r report.Report, snapshots []*drift.Snapshot) (report.Report, error) {
	findings := slices.DeleteFunc(slices.Clone(r.Findings), func(f drift.Finding) bool { return !n.shows(f.Resource, f.Type) })
	gaps := slices.DeleteFunc(slices.Clone(r.Gaps), func(g drift.Gap) bool { return !n.concerns(g) })
	if len(findings)+len(gaps) == 0 && !n.known(snapshots) {
		return r, usageError{fmt.Errorf("%s: no Region has such a resource; `lockstep snapshot --out DIR` lists the keys and types", n)}
	}
	r.Notices = append(r.Notices, fmt.Sprintf("shown with %s: %d of %d differences and %d of %d things that were not read; the counts of pairs are of everything.",
		n, len(findings), len(r.Findings), len(gaps), len(r.Gaps)))
	r.Findings, r.Gaps = findings, gaps
	return r, nil
}
