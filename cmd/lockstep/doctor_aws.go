package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/report"
)

// The clock: AWS refuses signatures that are five minutes off; the SDK corrects
// for it, other programs of the job may not.
const (
	skewWarning = time.Minute
	skewRefused = 5 * time.Minute
)

func (g *globals) examineConfiguration() (*config.Config, []diagnosis) {
	cfg, err := g.load()
	if err != nil {
		return nil, []diagnosis{{Check: "configuration", Status: missing, Message: err.Error(), Fix: "correct it, or let lockstep init propose one; lockstep config check says when it is right"}}
	}
	return cfg, []diagnosis{{Check: "configuration", Status: healthy, Message: fmt.Sprintf("%s: %s, %s", cfg.File, cfg.App, listRegions(cfg.Topology))}}
}

// examineRegions opens every Region; a slot of the result is nil where that failed.
func (g *globals) examineRegions(ctx context.Context, cfg *config.Config) ([]*session.Session, []diagnosis) {
	sessions, err := session.Open(ctx, g.topology(cfg), g.sessionOptions(cfg))
	var found []diagnosis
	for _, failure := range session.Failures(err) {
		d := diagnosis{Check: "credentials", Region: failure.Region, Status: missing, Message: fmt.Sprintf("%s (%s)", failure.Problem.Message, failure.Problem.Reason), Fix: failure.Hint}
		if !failure.Misconfigured() && failure.Problem.Reason != session.AccessDenied {
			d.Status = unclear
		}
		if failure.Problem.Reason == session.BadCredentials && notEnabled(ctx, failure.Region, sessions) {
			d.Check, d.Message = "region", "the account has not enabled "+failure.Region
			d.Fix = "enable the Region for the account (AWS Account Management); it takes minutes to hours until credentials are known there"
		}
		found = append(found, d)
	}
	for _, s := range sessions {
		if s == nil {
			continue
		}
		found = append(found, diagnosis{Check: "credentials", Region: s.Region.Name, Status: healthy, Message: fmt.Sprintf("account %s as %s", s.Account, s.Principal)})
		if s.Region.Account == "" {
			found = append(found, diagnosis{Check: "account", Region: s.Region.Name, Status: doubtful, Message: "the configuration does not say which account this Region must be in",
				Fix: fmt.Sprintf("add account: %q to the Region, so that credentials of another account stop the run", s.Account)})
		}
		found = append(found, clock(s)...)
	}
	return sessions, found
}

// notEnabled asks a Region that answered.
func notEnabled(ctx context.Context, region string, sessions []*session.Session) bool {
	i := slices.IndexFunc(sessions, func(s *session.Session) bool { return s != nil })
	return i >= 0 && sessions[i].NotEnabled(ctx, region)
}

func clock(s *session.Session) []diagnosis {
	skew := s.Skew.Abs()
	d := diagnosis{Check: "clock", Region: s.Region.Name, Status: doubtful, Message: fmt.Sprintf("this machine's clock is %s off", skew.Round(time.Second)), Fix: "synchronise the clock of the runner"}
	switch {
	case skew >= skewRefused:
		d.Status = missing
	case skew < skewWarning:
		return nil
	}
	return []diagnosis{d}
}

// examineReading reads what the gate reads: what AWS denies is then known by its
// name, with no permission to simulate policies and no guess.
func (g *globals) examineReading(ctx context.Context, cfg *config.Config) []diagnosis {
	snapshots, err := g.snapshots(ctx, cfg, "")
	if err != nil {
		return []diagnosis{{Check: "reading", Status: unclear, Message: err.Error(), Fix: "lockstep gate reports the same"}}
	}
	var found []diagnosis
	for _, s := range snapshots {
		here := gapsIn(s)
		switch {
		case len(here) == 0 && len(s.Resources) == 0:
			here = []diagnosis{{Check: "permission", Region: s.Region.Name, Status: unclear, Message: "nothing to try the permissions on"}}
		case len(here) == 0:
			here = []diagnosis{{Check: "permission", Region: s.Region.Name, Status: healthy, Message: report.Plural(len(s.Resources), "resource") + ", everything that the gate reads could be read"}}
		}
		if len(s.Resources) == 0 {
			here = append(here, diagnosis{Check: "reading", Region: s.Region.Name, Status: missing, Message: "nothing of the application was found",
				Fix: "deploy it, or correct release: and inventory: in the configuration"})
		}
		found = append(found, here...)
	}
	return found
}

// gapsIn says once for each operation what kept it from being read.
func gapsIn(s *drift.Snapshot) []diagnosis {
	type refusal struct{ operation, reason string }
	count := map[refusal]int{}
	var order []refusal
	for _, gap := range s.Gaps {
		r := refusal{gap.Operation, gap.Reason}
		if count[r]++; count[r] == 1 {
			order = append(order, r)
		}
	}
	slices.SortFunc(order, func(a, b refusal) int { return strings.Compare(a.operation+a.reason, b.operation+b.reason) })
	var found []diagnosis
	for _, r := range order {
		d := diagnosis{Check: "reading", Region: s.Region.Name, Status: unclear, Message: fmt.Sprintf("%s: %s, for %d of what the gate reads", r.operation, r.reason, count[r]),
			Fix: "lockstep gate lists them under NOT COMPARED"}
		if r.reason == session.AccessDenied {
			d.Check, d.Status, d.Message = "permission", missing, fmt.Sprintf("%s is denied, for %d of what the gate reads", r.operation, count[r])
			d.Fix = "allow it to the role of this Region; lockstep iam --for gate prints the whole policy. A service control policy or a key's own policy may deny it, too"
		}
		found = append(found, d)
	}
	return found
}
