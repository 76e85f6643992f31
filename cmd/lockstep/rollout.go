package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/check"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/hook"
	"github.com/spf13/cobra"
)

// rolloutFlags say how and when a release is brought to the Regions, where
// that differs from the configuration.
type rolloutFlags struct {
	strategy     string
	commit       string
	noBake       bool
	ignoreFreeze string
	allow        []string
}

func (f *rolloutFlags) add(cmd *cobra.Command) {
	f.addOrder(cmd)
	cmd.Flags().BoolVar(&f.noBake, "no-bake", false, "neither wait nor need quiet alarms: to go forward out of an incident")
}

// addOrder adds those that a rollback has too.
func (f *rolloutFlags) addOrder(cmd *cobra.Command) {
	names := make([]string, len(deploy.Strategies()))
	for i, s := range deploy.Strategies() {
		names[i] = string(s)
	}
	flags := cmd.Flags()
	flags.StringVar(&f.strategy, "strategy", "", "order of the Regions, instead of deploy.strategy: `"+strings.Join(names, "|")+"`")
	flags.StringVar(&f.commit, "commit", "", "when a Region keeps the release, instead of deploy.commit: `settle|barrier` (barrier is experimental)")
	flags.StringSliceVar(&f.allow, "allow", nil, "let `sorts` of changes pass that deploy.refuse names, comma-separated")
	flags.StringVar(&f.ignoreFreeze, "ignore-freeze", "", "deploy in spite of a freeze or a closed window; the `reason` is recorded")
}

// rollout fills in how and when the request is carried out.
func (g *globals) rollout(cfg *config.Config, f rolloutFlags, req *deploy.Request) error {
	d := cfg.Deploy
	req.Strategy, req.Waves, req.Bake = d.Strategy, d.Waves, d.Bake
	req.Freeze, req.Windows, req.IgnoreFreeze = d.Freeze, d.Windows, strings.TrimSpace(f.ignoreFreeze)
	if f.noBake {
		req.Bake = 0
	}
	if f.commit != "" && !slices.Contains(deploy.CommitModes(), deploy.CommitMode(f.commit)) {
		return usageError{fmt.Errorf("--commit %q: use settle or barrier", f.commit)}
	}
	for _, word := range f.allow {
		if !slices.Contains(deploy.Refusals(), deploy.Refusal(word)) {
			return usageError{fmt.Errorf("--allow %q: use %s", word, strings.Join(refusalNames(), ", "))}
		}
	}
	for _, refusal := range d.Refuse {
		if !slices.Contains(f.allow, string(refusal)) {
			req.Refuse = append(req.Refuse, refusal)
		}
	}
	if f.strategy != "" {
		req.Strategy = deploy.Strategy(f.strategy)
		if !slices.Contains(deploy.Strategies(), req.Strategy) {
			return usageError{fmt.Errorf("--strategy %q: use parallel, standby-first, primary-first or waves", f.strategy)}
		}
		if req.Strategy == deploy.InWaves && len(d.Waves) == 0 {
			return usageError{fmt.Errorf("--strategy waves: %s names no deploy.waves", cfg.File)}
		}
	}
	return nil
}

// barrier is how long targets wait for the other Regions; zero: they do not.
func (f rolloutFlags) barrier(cfg *config.Config) time.Duration {
	if deploy.CommitMode(cmp.Or(f.commit, string(cfg.Deploy.Commit))) != deploy.Barrier {
		return 0
	}
	return cfg.Deploy.BarrierTimeout
}

func refusalNames() []string {
	var names []string
	for _, r := range deploy.Refusals() {
		names = append(names, string(r))
	}
	return names
}

// hooks are what a Region must answer after it was executed.
func (g *globals) hooks(cfg *config.Config, s *session.Session, req deploy.Request, progress deploy.Progress) []deploy.Check {
	var list []deploy.Check
	region := s.Region.Name
	for _, h := range cfg.Deploy.Verify {
		switch {
		case h.HTTP != nil:
			list = append(list, hook.HTTP{URL: h.HTTP.URL[region], Status: h.HTTP.Status, Contains: h.HTTP.Contains,
				Headers: h.HTTP.Headers, Timeout: h.HTTP.Timeout})
		case h.Lambda != nil:
			list = append(list, check.Invocation(s.Config, region, h.Lambda.Function[region], h.Lambda.Payload, h.Lambda.Contains))
		default:
			program := hook.Command{Words: h.Command, Dir: g.path("."), Settings: childSettings(cfg, s, req.Release)}
			program.Line = g.lines(region, program.Name(), deploy.PhaseVerify, progress)
			list = append(list, program)
		}
	}
	return list
}

// childSettings are what a program of the team's is told about its Region.
func childSettings(cfg *config.Config, s *session.Session, release deploy.Release) func(context.Context) (map[string]string, []string, error) {
	return func(ctx context.Context) (map[string]string, []string, error) {
		settings, secrets, err := s.Child(ctx)
		if err != nil {
			return nil, nil, err
		}
		maps.Copy(settings, map[string]string{"LOCKSTEP_APP": cfg.App, "LOCKSTEP_RELEASE": release.ID, "LOCKSTEP_COMMIT": release.Commit})
		return settings, secrets, nil
	}
}

// lines reports the output of a program as progress of its Region.
func (g *globals) lines(region, target string, phase deploy.Phase, progress deploy.Progress) func(string) {
	return func(line string) {
		progress.Report(deploy.Event{At: g.env.now(), Region: region, Target: target, Phase: phase, Resource: "|", Text: line})
	}
}

// alarms are what watches the Region while the release bakes.
func alarms(cfg *config.Config, s *session.Session, f rolloutFlags) []deploy.Check {
	names := cfg.Deploy.Alarms[s.Region.Name]
	if len(names) == 0 || f.noBake {
		return nil
	}
	return []deploy.Check{check.Alarms(s.Config, s.Region.Name, names)}
}

// owner is this run, for those who find its lock or its record.
func (g *globals) owner(id string) deploy.Owner {
	who := g.env.getenv("GITHUB_ACTOR")
	if who == "" {
		who = g.env.getenv("USER")
	}
	return deploy.Owner{ID: id, RunURL: g.runner().RunURL(), Who: who}
}

// until words a moment, or that there is none.
func until(at time.Time) string {
	if at.IsZero() {
		return "until it is lifted"
	}
	return "until " + at.UTC().Format(time.RFC3339)
}
