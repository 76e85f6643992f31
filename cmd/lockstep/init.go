package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
	"github.com/spf13/cobra"
)

// initOptions are the flags of init.
type initOptions struct {
	app, strategy, uses string
	regions             []string
	stacks, tags        []string
	states              map[string]string
	waive               int
	noWorkflows, force  bool
}

// longestWaiver is how many days init accepts differences for, at most.
const longestWaiver = 365

func newInit(g *globals) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Look at what runs in two Regions and write a configuration and workflows",
		Long: `Read the stacks of the Regions (all that have the same name in each, unless --stacks,
--tag or --terraform-state say what to look at), compare them, and write

  .github/lockstep.yml             the pairs, objectives to agree on, and a waiver with a last
                                   day for each difference and failure of today that blocks
  .github/workflows/lockstep-*.yml the gate, the watch and the drift report

Nothing that exists is overwritten without --force, and nothing is written unless the
configuration is right. Writes nothing to AWS. A stack whose template is in the working
tree is proposed as part of the release, so that pull requests are told what they would do
to it; any other is watched until you move it there.`,
		Example: `  lockstep init --app payments --regions us-east-1,us-west-2
  lockstep init --regions us-east-1,us-west-2 --stacks payments,payments-db=payments-db-dr
  lockstep init --regions us-east-1,us-west-2 --tag app=payments --waive-days 30
  lockstep init --regions us-east-1,us-west-2 --terraform-state us-east-1=s3://tf/east,us-west-2=s3://tf/west
  lockstep init --regions us-east-1,us-west-2 --uses acme/lockstep@0123456789abcdef0123456789abcdef01234567`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runInit(cmd.Context(), o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.app, "app", "", "`name` of the application (default: that of the directory)")
	flags.StringSliceVar(&o.regions, "regions", nil, "`Regions`, the primary first (required)")
	flags.StringVar(&o.strategy, "strategy", string(topology.WarmStandby), "`backup-restore|pilot-light|warm-standby|active-active`")
	flags.StringSliceVar(&o.stacks, "stacks", nil, "stacks to watch, as `NAME` or NAME=NAME-IN-THE-STANDBY")
	flags.StringSliceVar(&o.tags, "tag", nil, "watch what carries this `KEY=VALUE`; more than one: all of them")
	flags.StringToStringVar(&o.states, "terraform-state", nil, "Terraform state of each Region, `REGION=LOCATION,...`")
	flags.IntVar(&o.waive, "waive-days", 90, "accept what blocks today for so many `days`; 0: accept nothing")
	flags.BoolVar(&o.noWorkflows, "no-workflows", false, "write the configuration alone")
	flags.StringVar(&o.uses, "uses", "", "action that the workflows use, `OWNER/REPO@COMMIT`")
	flags.BoolVar(&o.force, "force", false, "overwrite files that exist")
	return cmd
}

func (g *globals) runInit(ctx context.Context, o initOptions) error {
	if err := o.check(g); err != nil {
		return usageError{err}
	}
	files, err := g.initTargets(o)
	if err != nil {
		return usageError{err}
	}
	p, err := g.look(ctx, o)
	if err != nil {
		return err
	}
	p.accept(g.env.now().UTC(), o.waive)
	text := p.yaml(g.env.now().UTC())
	cfg, err := config.Parse([]byte(text), files.config, g.env.now())
	if err != nil {
		return fmt.Errorf("the proposed configuration is not right, so nothing was written: %w", err)
	}
	if err := files.write(g, p, text); err != nil {
		return err
	}
	return g.summarize(p, cfg, files)
}

// check refuses what no look at AWS could mend, and fills in the defaults.
func (o *initOptions) check(g *globals) error {
	if len(o.regions) < 2 {
		return errors.New("init needs --regions PRIMARY,STANDBY, such as --regions us-east-1,us-west-2")
	}
	if o.waive < 0 || o.waive > longestWaiver {
		return fmt.Errorf("--waive-days %d: from 0 to %d", o.waive, longestWaiver)
	}
	for region := range o.states {
		if !slices.Contains(o.regions, region) {
			return fmt.Errorf("--terraform-state names %s, which is not among --regions", region)
		}
	}
	if len(o.states) > 0 && len(o.states) < len(o.regions) {
		return errors.New("--terraform-state needs a state for every Region: REGION=LOCATION,REGION=LOCATION")
	}
	for _, tag := range o.tags {
		if key, _, ok := strings.Cut(tag, "="); !ok || key == "" {
			return fmt.Errorf("--tag %q: write KEY=VALUE", tag)
		}
	}
	if o.uses != "" && !usedAction.MatchString(o.uses) {
		return fmt.Errorf("--uses %q: write OWNER/REPO@ and the full commit SHA of a release", o.uses)
	}
	if o.app == "" {
		dir, err := filepath.Abs(g.path("."))
		if err != nil {
			return err
		}
		o.app = filepath.Base(dir)
	}
	return nil
}

// proposal is what init found and what it would write.
type proposal struct {
	options initOptions
	role    string // --role-to-assume
	stacks  []pairOfStacks
	// unpaired are stacks that one Region has and another has not under that name.
	unpaired []string
	compared *comparison
	verdict  readiness.Verdict
	waivers  []proposedWaiver
	// unwaived are the failures that a deploy mends and no waiver should hide.
	unwaived []readiness.Check
}

// pairOfStacks is a stack with its name in every Region.
type pairOfStacks struct {
	key   string
	names map[string]string
	// file is its template, if that is in the working tree; deployed are the stacks.
	file     *foundTemplate
	deployed []drift.Stack
}

// look reads the Regions by a configuration without waivers.
func (g *globals) look(ctx context.Context, o initOptions) (*proposal, error) {
	p := &proposal{options: o, role: g.roleToAssume}
	if err := p.findStacks(ctx, g); err != nil {
		return nil, err
	}
	cfg, err := config.Parse([]byte(p.yaml(g.env.now().UTC())), "the proposed configuration", g.env.now())
	if err != nil {
		return nil, usageError{err}
	}
	snapshots, err := g.snapshots(ctx, cfg, "")
	if err != nil {
		return nil, err
	}
	if err := p.refuseNothing(snapshots); err != nil {
		return nil, err
	}
	p.compared = compareTaken(cfg, snapshots, "", g.env.now().UTC())
	p.verdict = p.compared.assess().Verdict
	p.findTemplates(g)
	return p, nil
}

// findStacks pairs the stacks that were named, or all that every Region has.
func (p *proposal) findStacks(ctx context.Context, g *globals) error {
	for _, named := range p.options.stacks {
		primary, other, differs := strings.Cut(named, "=")
		pair := pairOfStacks{key: primary, names: map[string]string{}}
		for i, region := range p.options.regions {
			pair.names[region] = primary
			if differs && i > 0 {
				pair.names[region] = other
			}
		}
		p.stacks = append(p.stacks, pair)
	}
	if len(p.options.stacks) == 0 && len(p.options.tags)+len(p.options.states) > 0 {
		return nil
	}
	there, err := p.stacksOf(ctx, g)
	if err != nil {
		return err
	}
	if len(p.stacks) > 0 {
		return p.refuseUnknown(there)
	}
	return p.pairAll(there)
}

// pairAll pairs the stacks that every Region has.
func (p *proposal) pairAll(there map[string][]string) error {
	has := map[string]int{}
	for _, names := range there {
		for _, name := range names {
			has[name]++
		}
	}
	for name, regions := range has {
		if regions < len(there) {
			p.unpaired = append(p.unpaired, name)
			continue
		}
		pair := pairOfStacks{key: name, names: map[string]string{}}
		for region := range there {
			pair.names[region] = name
		}
		p.stacks = append(p.stacks, pair)
	}
	slices.Sort(p.unpaired)
	slices.SortFunc(p.stacks, func(a, b pairOfStacks) int { return strings.Compare(a.key, b.key) })
	if len(p.stacks) == 0 {
		return usageError{fmt.Errorf("no stack has the same name in %s: say what belongs together with --stacks NAME=OTHER-NAME, --tag or --terraform-state",
			strings.Join(p.options.regions, " and "))}
	}
	return nil
}

// topology is that of the proposal, for reading before there is a configuration.
func (p *proposal) topology() topology.Topology {
	t := topology.Topology{Strategy: topology.Strategy(p.options.strategy)}
	for i, name := range p.options.regions {
		t.Regions = append(t.Regions, topology.Region{Name: name, Role: roleOf(p.options.strategy, i), RoleToAssume: p.role})
	}
	return t
}

// roleOf is the part of the nth Region named.
func roleOf(strategy string, n int) topology.Role {
	switch {
	case strategy == string(topology.ActiveActive):
		return topology.Active
	case n == 0:
		return topology.Primary
	default:
		return topology.Standby
	}
}

// summarize says what was found, written, and left to do.
func (g *globals) summarize(p *proposal, cfg *config.Config, files *initFiles) error {
	var b strings.Builder
	judged := compareTaken(cfg, p.compared.snapshots, "", p.compared.at)
	now := judged.assess().Verdict
	pairs, unread := 0, 0
	for _, c := range judged.standbys {
		pairs, unread = pairs+c.Coverage.Pairs, unread+len(c.Gaps)
	}
	fmt.Fprintf(&b, "%s: %s of resources compared; without waivers the gate says %s", cfg.App, report.Plural(pairs, "pair"), p.verdict)
	if len(p.waivers) > 0 {
		fmt.Fprintf(&b, ", with %s that it proposes %s", report.Plural(len(p.waivers), "waiver"), now)
	}
	b.WriteString(".\n")
	for _, name := range p.unpaired {
		fmt.Fprintf(&b, "stack %s is not in every Region under that name: it is not watched\n", name)
	}
	if unread > 0 {
		fmt.Fprintf(&b, "%s could not be read: lockstep doctor says which permissions are missing\n", report.Plural(unread, "thing"))
	}
	for _, c := range p.unwaived {
		fmt.Fprintf(&b, "%s fails in %s and no waiver is proposed: a deploy mends it\n", c.Rule, c.Region)
	}
	for _, path := range files.written {
		fmt.Fprintf(&b, "wrote %s\n", path)
	}
	b.WriteString(closingWords(p.options, len(files.workflows) > 0))
	_, err := io.WriteString(g.env.stdout, harmless(b.String()))
	return err
}

// closingWords are what is left to do, in the order in which it is done.
func closingWords(o initOptions, workflows bool) string {
	words := "Next: read the configuration, agree on the objectives, and run lockstep gate.\n"
	if !workflows {
		return words
	}
	if o.uses == "" {
		words += "The workflows cannot run yet: they use\n  " + exampleAction + ",\n" +
			"  which is not there. Replace it in each of them by OWNER/REPO@COMMIT, the\n" +
			"  repository that has the action and the full commit SHA of a release;\n" +
			"  lockstep init --uses OWNER/REPO@COMMIT writes them so.\n"
	}
	return words + "Then put the ARN of a role into the repository variable LOCKSTEP_GATE_ROLE,\n" +
		"  which the workflows take it from: lockstep iam --for gate prints its policy.\n"
}

// initFiles are the files that init writes.
type initFiles struct {
	config    string
	workflows []string
	written   []string
}

// initTargets names the files and refuses those that exist.
func (g *globals) initTargets(o initOptions) (*initFiles, error) {
	f := &initFiles{config: g.path(filepath.Join(".github", "lockstep.yml"))}
	if g.configFile != "" {
		f.config = g.path(g.configFile)
	}
	if !o.noWorkflows {
		f.workflows = initWorkflows
	}
	if o.force {
		return f, nil
	}
	if g.configFile == "" {
		if found, err := config.Find(g.path(".")); err == nil {
			return nil, fmt.Errorf("%s exists: --force writes %s all the same", found, f.config)
		}
	}
	paths := []string{f.config}
	for _, name := range f.workflows {
		paths = append(paths, g.workflowPath(name))
	}
	for _, path := range paths {
		if _, err := os.Lstat(path); err == nil {
			return nil, fmt.Errorf("%s exists: --force overwrites it", path)
		}
	}
	return f, nil
}

func (f *initFiles) write(g *globals, p *proposal, text string) error {
	save := func(path, content string) error {
		err := writeFile(path, func(w io.Writer) error { _, err := io.WriteString(w, content); return err })
		if err == nil {
			f.written = append(f.written, path)
		}
		return err
	}
	for _, name := range f.workflows {
		content, err := workflowFor(name, p.options, len(p.inOrder()) > 0)
		if err != nil {
			return err
		}
		if err := save(g.workflowPath(name), content); err != nil {
			return err
		}
	}
	return save(f.config, text)
}

// lastDay is the day until which init accepts what it found.
func lastDay(now time.Time, days int) string { return now.AddDate(0, 0, days).Format(time.DateOnly) }
