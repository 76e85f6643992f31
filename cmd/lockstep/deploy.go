package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/aws/preflight"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/aws/target"
	"github.com/lockstep-dr/lockstep/internal/checkout"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
	"github.com/spf13/cobra"
)

// deployFlags are the flags of deploy and plan.
type deployFlags struct {
	rolloutFlags
	parameters     []string
	images         []string
	name           string
	regions        []string
	revertDrift    bool
	recreateFailed bool
	onCancel       string
	deadline       time.Duration
	busyTimeout    time.Duration
	allowOlder     bool
	// preconditions judges the Regions before anything is touched; nil: as the configuration says.
	preconditions *bool
	// saved: what the targets hold comes from saved states, not from files.
	saved bool
	// terraform is told every plan of a Terraform configuration; may be nil.
	terraform *terraformPlans
}

func (f *deployFlags) add(cmd *cobra.Command) {
	f.rolloutFlags.add(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.parameters, "parameter", nil, "override a template parameter in every Region, as `Name=Value`; repeatable")
	flags.StringArrayVar(&f.images, "image", nil, "digest of the image of a function, or of a container as service/container, as `NAME=sha256:…`; repeatable")
	flags.StringVar(&f.name, "release", "", "`name` of the release for people (default: the commit)")
	flags.StringSliceVar(&f.regions, "regions", nil, "only these `Regions`, comma-separated; the others are left behind on purpose, and the gate says so")
	flags.BoolVar(&f.revertDrift, "revert-drift", false, "also bring back what was changed by hand (drift-reverting change sets)")
	flags.BoolVar(&f.recreateFailed, "recreate-failed", false, "delete and create again a stack whose creation was rolled back")
	flags.BoolVar(&f.allowOlder, "allow-older", false, "deploy although a newer release runs, by its commit or by the ledger")
	flags.BoolFunc("preconditions", "judge, before anything is touched, whether every Region could run the release, instead of deploy.preconditions; =false does not", f.setPreconditions)
	flags.DurationVar(&f.busyTimeout, "busy-timeout", 10*time.Minute, "how long to wait for somebody else's operation on a stack")
}

// setPreconditions takes the value of --preconditions.
func (f *deployFlags) setPreconditions(text string) error {
	judge, err := strconv.ParseBool(text)
	if err != nil {
		return errors.New("write true or false")
	}
	f.preconditions = &judge
	return nil
}

// judges reports whether the Regions are judged before anything is touched.
func (f *deployFlags) judges(cfg *config.Config) bool {
	if f.preconditions != nil {
		return *f.preconditions
	}
	return cfg.Deploy.Preconditions
}

func newDeploy(g *globals) *cobra.Command {
	f, dryRun := &deployFlags{}, false
	cmd := &cobra.Command{
		Use:   "deploy",
		Short: "Deploy the release to every Region, or to none",
		Long: `Prepare the release in all Regions at once, compare what it would change in each,
execute it in all Regions at once, verify it, and record it in every Region. If one
Region fails, the others return to the release they had.

The first Ctrl-C stops starting work, asks AWS to take running operations back,
and leaves within seconds; the second leaves at once. Running the command again
continues from where AWS and the ledger say things are.`,
		Example: `  lockstep deploy
  lockstep deploy --parameter Memory=1024 --release 2026.11.1
  lockstep deploy --revert-drift              undo changes made by hand
  lockstep deploy --strategy standby-first    the standby proves it, then the primary
  lockstep deploy --regions us-west-2         only the standby, on purpose
  lockstep deploy --preconditions             only if every Region could run it
  lockstep deploy --dry-run                   as lockstep plan: change nothing
  lockstep deploy --ignore-freeze "fixes INC-7"`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			return g.runDeploy(cmd.Context(), f, dryRun)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.onCancel, "on-cancel", string(deploy.AbortOnCancel), "what an interruption does to running operations: `abort|detach`")
	cmd.Flags().DurationVar(&f.deadline, "deadline", 2*time.Hour, "give up and go back after this `duration`")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change in every Region, as plan does, and change nothing")
	return g.withVerbose(g.withReportFlags(cmd))
}

func newPlan(g *globals) *cobra.Command {
	f := &deployFlags{onCancel: string(deploy.AbortOnCancel)}
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what a deploy would do in every Region, and compare",
		Long: `Prepare the release in all Regions at once, show what would change in each and
what only some would change, then discard it. Writes change sets, which are always
deleted again, and uploads only templates that are too large for a call; changes
nothing that runs.`,
		Example: `  lockstep plan
  lockstep plan --format json --out plan.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			return g.carryOut(cmd.Context(), f, order{command: "plan", dryRun: true, run: deploy.Run, exit: exitForDeploy})
		},
	}
	f.add(cmd)
	return g.withVerbose(g.withReportFlags(cmd))
}

// check refuses flags that say nothing: --regions "$UNSET" is no way to ask for
// every Region, and a deadline that has passed none to ask for no deadline.
func (f *deployFlags) check(cmd *cobra.Command) error {
	flags := cmd.Flags()
	if flags.Changed("regions") && len(f.regions) == 0 {
		return usageError{errors.New("--regions names no Region: name one, or leave the flag out for all of them")}
	}
	if flags.Changed("deadline") && f.deadline <= 0 {
		return usageError{fmt.Errorf("--deadline %s: give a duration above zero, such as 2h", topology.Span(f.deadline))}
	}
	return nil
}

func (g *globals) runDeploy(ctx context.Context, f *deployFlags, dryRun bool) error {
	return g.carryOut(ctx, f, order{command: "deploy", dryRun: dryRun, run: deploy.Run, exit: exitForDeploy})
}

// order is what a command asks the coordinator for.
type order struct {
	command string
	dryRun  bool
	// before runs when the configuration is known and no Region was opened; nil: nothing does.
	before func(context.Context, *config.Config) error
	run    func(context.Context, deploy.Request) (deploy.Result, error)
	exit   func(deploy.Result) int
}

// carryOut brings a request to its end and reports it.
func (g *globals) carryOut(ctx context.Context, f *deployFlags, o order) error {
	if err := g.checkFormat(); err != nil {
		return err
	}
	if err := g.checkOut(); err != nil {
		return err
	}
	cfg, err := g.load()
	if err != nil {
		return err
	}
	if o.before != nil {
		if err := o.before(ctx, cfg); err != nil {
			return err
		}
	}
	told := g.progress(cfg)
	request, err := g.request(ctx, cfg, f, told, o.dryRun)
	if err != nil {
		return err
	}
	var result deploy.Result
	told.During(func() { result, err = o.run(ctx, request) })
	if err != nil {
		return usageError{err}
	}
	r := g.newReport(cfg, o.command)
	r.DryRun = o.dryRun
	r.Deploy = &result
	r.Regions = deployedRegions(cfg.Topology, result)
	if f.revertDrift && !o.dryRun {
		r.Notices = append(r.Notices, g.remains(ctx, cfg, result)...)
	}
	return g.finish(ctx, r, o.exit(result))
}

// request composes a deploy from configuration, files and sessions.
func (g *globals) request(ctx context.Context, cfg *config.Config, f *deployFlags, told deploy.Progress, dryRun bool) (deploy.Request, error) {
	files, built, err := g.deliverables(cfg, f)
	if err != nil {
		return deploy.Request{}, err
	}
	regions, leftOut, err := chooseRegions(cfg.Topology, f.regions)
	if err != nil {
		return deploy.Request{}, err
	}
	release, err := files.identify(g, cfg, built, deploy.Release{Name: f.name, Commit: g.commit(), CreatedAt: g.env.now().UTC()})
	if err != nil {
		return deploy.Request{}, err
	}
	id, err := g.runID()
	if err != nil {
		return deploy.Request{}, err
	}
	opened, err := g.open(ctx, cfg, regions)
	if err != nil {
		return deploy.Request{}, err
	}
	req := deploy.Request{
		App: cfg.App, Release: release, Deployment: id, DryRun: dryRun, LeftOut: leftOut,
		Owner:      g.owner(id),
		AllowOlder: f.allowOlder, Commits: repository{g.path(".")},
		OnCancel: deploy.CancelPolicy(f.onCancel), Deadline: f.deadline, Progress: told,
	}
	if err := g.rollout(cfg, f.rolloutFlags, &req); err != nil {
		return deploy.Request{}, err
	}
	c := composition{globals: g, cfg: cfg, flags: f, files: files, built: built}
	if f.judges(cfg) && !f.saved {
		f.terraform = cmp.Or(f.terraform, newTerraformPlans())
		req.Judge = c.preconditions(regions)
	}
	for _, s := range opened {
		region, err := c.region(s, req)
		if err != nil {
			return deploy.Request{}, usageError{err}
		}
		req.Regions = append(req.Regions, region)
	}
	return req, nil
}

// deliverables are the files of the release and what was built for it.
func (g *globals) deliverables(cfg *config.Config, f *deployFlags) (*sources, builds, error) {
	if len(cfg.Release) == 0 {
		return nil, builds{}, usageError{fmt.Errorf("%s: nothing to deploy: the key release is empty", cfg.File)}
	}
	files, err := readTemplates(g, cfg)
	if err != nil {
		return nil, builds{}, err
	}
	if !f.saved {
		if err := files.complete(g, cfg); err != nil {
			return nil, builds{}, err
		}
	}
	built, err := files.parseBuilds(cfg, f)
	if err == nil && !f.saved {
		err = checkImages(cfg, built)
	}
	return files, built, err
}

// composition is what the Regions of a request are made of.
type composition struct {
	*globals
	cfg   *config.Config
	flags *deployFlags
	files *sources
	built builds
}

// region is one Region of the request with its targets and what it must answer.
func (c composition) region(s *session.Session, req deploy.Request) (deploy.Region, error) {
	region := deploy.Region{Name: s.Region.Name, Role: string(s.Region.Role),
		Ledger: ledger.New(session.Patient(s.Config), c.cfg.App, s.Region.Name, ledger.Options{}),
		Hooks:  c.hooks(c.cfg, s, req, req.Progress), Alarms: alarms(c.cfg, s, c.flags.rolloutFlags)}
	if !c.flags.saved { // what is saved was there
		place, needing := preflight.Place{Region: s.Region.Name, Account: s.Account}, c.files.needing(c.cfg, s.Region.Name, c.built)
		region.Preconditions, region.Doubtful = []deploy.Check{preflight.Check(s.Config, place, needing)}, preflight.NotOffered(place, needing)
	}
	options := target.Options{Progress: req.Progress, DryRun: req.DryRun, BusyTimeout: c.flags.busyTimeout,
		CreateDirectly: c.env.getenv("LOCKSTEP_CREATE_DIRECTLY") == "1", Account: s.Account, Making: &sync.Mutex{}}
	for _, t := range c.cfg.Release {
		unit, err := c.files.unit(c.globals, c.cfg, t, s, req, c.flags, c.built, options)
		if err != nil {
			return deploy.Region{}, err
		}
		region.Targets = append(region.Targets, unit)
	}
	return region, nil
}

// chooseRegions is all of them, or those that --regions names.
func chooseRegions(t topology.Topology, names []string) (chosen []topology.Region, leftOut []string, err error) {
	if len(names) == 0 {
		return t.Regions, nil, nil
	}
	for _, name := range names {
		if _, ok := t.Region(name); !ok {
			return nil, nil, usageError{fmt.Errorf("--regions %s: the configuration has %s", name, strings.Join(t.Names(), ", "))}
		}
	}
	for _, region := range t.Regions {
		if slices.Contains(names, region.Name) {
			chosen = append(chosen, region)
		} else {
			leftOut = append(leftOut, region.Name)
		}
	}
	return chosen, leftOut, nil
}

// repository is the checkout in the working directory as deploy.Commits.
type repository struct{ dir string }

func (r repository) Precedes(ctx context.Context, earlier, later string) (bool, error) {
	return checkout.Precedes(ctx, r.dir, earlier, later)
}

// commit is the commit being deployed, where the environment says so.
func (g *globals) commit() string { return g.env.getenv("GITHUB_SHA") }

func deployedRegions(t topology.Topology, result deploy.Result) []report.Region {
	var list []report.Region
	for _, r := range result.Regions {
		region, _ := t.Region(r.Region)
		list = append(list, report.Region{Name: r.Region, Role: region.Role, Account: region.Account, Release: r.Now})
	}
	return list
}
