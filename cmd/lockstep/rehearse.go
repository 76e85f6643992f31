package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/aws/target"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/progress"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

func newRehearse(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rehearse",
		Short: "Show that every stack could be created anew in the recovery Region",
		Long: `Have CloudFormation validate every stack of the release in every recovery Region as
a stack to create, under the name STACK-rehearsal, and delete the change set and the
empty stack again. Nothing is built. A parameter that takes another stack's output
gets the output of that Region or, where the stack is not there, the primary's.

It proves that templates, parameters and permissions suffice to begin with, not that
there is capacity, nor that each resource can be made: only a drill shows that.`,
		Example: `  lockstep rehearse
  lockstep rehearse --format json --out rehearsal.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runRehearse(cmd.Context()) },
	}
	return g.withVerbose(g.withReportFlags(cmd))
}

func (g *globals) runRehearse(ctx context.Context) error {
	if err := g.checkFormat(); err != nil {
		return err
	}
	cfg, err := g.load()
	if err != nil {
		return err
	}
	h, err := g.newRehearsal(ctx, cfg)
	if err != nil {
		return err
	}
	r := g.newReport(cfg, "rehearse")
	r.EvaluatedAt = g.env.now().UTC()
	r.Verdict = readiness.Ready
	for _, open := range h.opened {
		r.Regions = append(r.Regions, regionLine(&drift.Snapshot{Region: open.Region, Account: open.Account}))
		if open.Region.Role == topology.Primary {
			continue
		}
		h.told.During(func() { r.Checks = append(r.Checks, h.region(ctx, open)...) })
	}
	for _, c := range r.Checks {
		switch {
		case c.Status == readiness.Fail:
			r.Verdict = readiness.NotReady
		case c.Status == readiness.Undetermined && r.Verdict == readiness.Ready:
			r.Verdict = readiness.Unknown
		}
	}
	return g.finish(ctx, r, exitForVerdict(r.Verdict))
}

// rehearsal is one run of rehearse.
type rehearsal struct {
	g      *globals
	cfg    *config.Config
	files  *sources
	opened []*session.Session // reference first
	built  builds
	told   *progress.Progress
	run    string
}

func (g *globals) newRehearsal(ctx context.Context, cfg *config.Config) (*rehearsal, error) {
	h := &rehearsal{g: g, cfg: cfg, told: g.progress(cfg)}
	if !hasStack(cfg) {
		return nil, usageError{fmt.Errorf("%s: nothing to rehearse: the release has no cloudformation target", cfg.File)}
	}
	var err error
	if h.files, err = readTemplates(g, cfg); err != nil {
		return nil, err
	}
	if err := h.files.readAssets(g, cfg); err != nil {
		return nil, err
	}
	if h.built, err = h.files.parseBuilds(cfg, &deployFlags{}); err != nil {
		return nil, err
	}
	if h.run, err = g.runID(); err != nil {
		return nil, err
	}
	h.opened, err = g.open(ctx, cfg, cfg.Topology.Regions)
	return h, err
}

func hasStack(cfg *config.Config) bool {
	for _, t := range cfg.Release {
		if t.CloudFormation != nil {
			return true
		}
	}
	return false
}

// region rehearses every stack in one Region.
func (h *rehearsal) region(ctx context.Context, open *session.Session) []readiness.Check {
	var checks []readiness.Check
	known := map[string]map[string]string{}
	for _, t := range h.cfg.Release {
		if t.CloudFormation != nil {
			checks = append(checks, h.stack(ctx, open, t, known))
		}
	}
	return checks
}

// stack rehearses one stack; what is not known is no success.
func (h *rehearsal) stack(ctx context.Context, open *session.Session, t config.Target, known map[string]map[string]string) readiness.Check {
	check := readiness.Check{Rule: "REHEARSAL", Title: "Every stack of the release can be created in the recovery Region",
		Severity: drift.Block, Region: open.Region.Name, Resources: []string{t.CloudFormation.Key}}
	plan, borrowed, err := h.validate(ctx, open, t, known)
	var failure *deploy.Error
	switch {
	case err == nil && plan.Deferred == "":
		check.Status = readiness.Pass
		check.Evidence = strings.Join(append(plan.Notes, accepted(plan)), "\n") + borrowed
		return check
	case err == nil:
		check.Status, check.Evidence = readiness.Undetermined, plan.Deferred
		check.Fix = "Deploy what the stack takes its parameters from, in this Region or in the primary."
	case errors.As(err, &failure) && failure.Kind != deploy.Unknown && ctx.Err() == nil:
		check.Status, check.Evidence = readiness.Fail, failure.Reason+borrowed
		check.Why = "On the day of the recovery the stack could not be created."
		check.Fix = cmp.Or(failure.Hint, "Correct the template or its parameters for this Region.")
	default:
		check.Status, check.Evidence = readiness.Undetermined, err.Error()
		check.Fix = "Make the calls succeed (`lockstep iam --for rehearse`), and rehearse again."
	}
	return check
}

func accepted(plan deploy.Plan) string {
	if len(plan.Changes) == 0 {
		return "CloudFormation found nothing else wrong with creating it"
	}
	return "CloudFormation would create " + many(len(plan.Changes), "resource")
}

func (h *rehearsal) validate(ctx context.Context, open *session.Session, t config.Target, known map[string]map[string]string) (plan deploy.Plan, borrowed string, err error) {
	spec := h.files.stackFor(h.cfg, t, open.Region.Name, h.built.parameters).Rehearsal()
	spec.Release, spec.Deployment = "rehearsal", h.run
	unit, err := target.NewStack(session.Patient(open.Config), spec, target.Options{DryRun: true, Account: open.Account, Progress: h.told})
	if err != nil {
		return plan, "", err
	}
	in := deploy.Inputs{}
	var from []string
	for _, need := range unit.About().Needs {
		value, region, err := h.output(ctx, open, need, known)
		if err != nil {
			return plan, "", err
		}
		if region == "" {
			continue // Prepare says which is missing
		}
		in[need] = value
		if region != open.Region.Name {
			from = append(from, need.String())
		}
	}
	if len(from) > 0 {
		borrowed = "\n" + strings.Join(from, ", ") + ": the value of " + h.opened[0].Region.Name + " was taken, where the stack is"
	}
	plan, err = unit.Rehearse(ctx, in)
	return plan, borrowed, err
}

// output looks for the value of an output in the Region and then in the reference.
func (h *rehearsal) output(ctx context.Context, open *session.Session, need deploy.Ref, known map[string]map[string]string) (value, region string, err error) {
	for _, s := range []*session.Session{open, h.opened[0]} {
		id := s.Region.Name + " " + need.Target
		if known[id] == nil {
			if known[id], err = h.outputs(ctx, s, need.Target); err != nil {
				return "", "", err
			}
		}
		if value, ok := known[id][need.Output]; ok {
			return value, s.Region.Name, nil
		}
	}
	return "", "", nil
}

func (h *rehearsal) outputs(ctx context.Context, s *session.Session, key string) (map[string]string, error) {
	for _, t := range h.cfg.Release {
		if t.Key() != key {
			continue
		}
		req := deploy.Request{App: h.cfg.App, Deployment: h.run, Release: deploy.Release{ID: "rehearsal"}}
		unit, err := h.files.unit(h.g, h.cfg, t, s, req, &deployFlags{}, h.built, target.Options{DryRun: true, Account: s.Account})
		if err != nil {
			return nil, err
		}
		out, err := unit.Outputs(ctx)
		if out == nil && err == nil {
			out = map[string]string{}
		}
		return out, err
	}
	return map[string]string{}, nil
}
