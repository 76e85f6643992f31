package main

import (
	"context"
	"fmt"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/report"
)

// maxRemaining bounds how many differences are named one by one.
const maxRemaining = 10

// remains says what differs after a deploy that was to bring changes made by
// hand back. Such a change set knows only what templates declare: a property
// that none of them names, or a resource outside of all stacks, stays as
// somebody has left it, and nobody should believe otherwise.
func (g *globals) remains(ctx context.Context, cfg *config.Config, result deploy.Result) []string {
	if result.Outcome != deploy.Done && result.Outcome != deploy.NoChange || len(result.LeftOut) > 0 || len(cfg.Topology.Regions) < 2 {
		return nil
	}
	c, err := g.compare(ctx, cfg, "")
	if err != nil {
		return []string{"whether drift remains could not be looked at (`lockstep drift` shows it): " + err.Error()}
	}
	return remaining(c)
}

// remaining words the findings of a comparison that no waiver accepts.
func remaining(c *comparison) []string {
	var lines []string
	unread, more := 0, 0
	for _, standby := range c.standbys {
		unread += len(standby.Gaps)
		for _, f := range standby.Findings {
			switch {
			case f.Waived != nil:
			case len(lines) == maxRemaining:
				more++
			default:
				lines = append(lines, remainingLine(f))
			}
		}
	}
	switch {
	case more > 0:
		lines = append(lines, fmt.Sprintf("and %d more: `lockstep drift` lists everything.", more))
	case len(lines) == 0 && unread == 0:
		return []string{"no drift remains."}
	}
	if unread > 0 {
		lines = append(lines, report.Plural(unread, "thing")+" could not be compared: `lockstep drift` says what.")
	}
	return lines
}

func remainingLine(f drift.Finding) string {
	what := f.Resource
	if f.Property != "" {
		what += ": " + f.Property
	}
	line := fmt.Sprintf("drift remains: %s differs in %s", what, f.Region)
	if f.ChangedIn != "" {
		line += fmt.Sprintf(" (changed in %s, and the change set did not bring it back: declare it in the template, or change it back by hand)", f.ChangedIn)
	}
	return line
}
