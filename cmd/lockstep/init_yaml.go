package main

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/examples"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// proposedObjectives are where a talk about objectives may begin, by strategy:
// of the orders of magnitude (hours, tens of minutes, minutes, real time) that the
// AWS whitepaper "Disaster Recovery of Workloads on AWS" gives each.
var proposedObjectives = map[topology.Strategy]string{
	topology.BackupRestore: "{rpo: 24h, rto: 24h, floor: 0%, ceiling: 100%}",
	topology.PilotLight:    "{rpo: 15m, rto: 1h, floor: 0%, ceiling: 100%}",
	topology.WarmStandby:   "{rpo: 5m, rto: 15m, floor: 25%, ceiling: 100%}",
	topology.ActiveActive:  "{rpo: 1m, rto: 5m, floor: 100%, ceiling: 100%}",
}

// proposedWaiver accepts one difference, or one rule on one resource.
type proposedWaiver struct {
	rule, resource, property, region string
	what                             string // for the comment
}

// accept proposes waivers for what would block a merge or fail drift today.
func (p *proposal) accept(now time.Time, days int) {
	if days == 0 {
		return
	}
	until, err := drift.ParseDate(lastDay(now, days))
	if err != nil {
		return // cannot happen: it was just formatted
	}
	var accepted []drift.Waiver
	for _, standby := range p.compared.standbys {
		for _, f := range standby.Findings {
			if f.Waived != nil || f.Severity == drift.Info {
				continue
			}
			w := proposedWaiver{resource: f.Resource, property: f.Property, region: f.Region, what: fmt.Sprintf("%s, %s", f.Severity, f.Type)}
			if w.property == "" {
				w.property, w.what = "*", w.what+", missing"
			}
			if !slices.Contains(p.waivers, w) {
				p.waivers = append(p.waivers, w)
				accepted = append(accepted, drift.Waiver{Resource: w.resource, Property: w.property, Region: w.region, Reason: "today", Until: until})
			}
		}
	}
	p.acceptRules(accepted)
}

// mendedByDeploy are the rules about deploys that ended halfway: nobody should
// accept for months what the next deploy puts right.
var mendedByDeploy = []string{"REL-05", "REL-07"}

// acceptRules proposes waivers for the rules that still fail once the
// differences are accepted. A guard, such as what could not be compared, has none.
func (p *proposal) acceptRules(accepted []drift.Waiver) {
	cfg := *p.compared.cfg
	cfg.Accept = accepted
	for _, c := range compareTaken(&cfg, p.compared.snapshots, "", p.compared.at).assess().Checks {
		if c.Status != readiness.Fail || c.Severity != drift.Block || !strings.Contains(c.Rule, "-") {
			continue
		}
		if slices.Contains(mendedByDeploy, c.Rule) {
			p.unwaived = append(p.unwaived, c)
			continue
		}
		resources := c.Resources
		if len(resources) == 0 {
			resources = []string{"*"}
		}
		for _, resource := range resources {
			p.waivers = append(p.waivers, proposedWaiver{rule: c.Rule, resource: resource, region: c.Region, what: c.Title})
		}
	}
}

// yaml is the proposed configuration. Whatever AWS named is quoted.
func (p *proposal) yaml(now time.Time) string {
	o := p.options
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Lockstep: which Regions belong together, and what may differ between them.")
	line("# Proposed by lockstep init on %s from what ran then. Every key: lockstep config schema", now.Format(time.DateOnly))
	line("version: 1")
	line("app: %s", strconv.Quote(o.app))
	line("strategy: %s", strconv.Quote(o.strategy))
	line("\nregions:")
	for i, region := range o.regions {
		line("  %s: {role: %s%s}", strconv.Quote(region), roleOf(o.strategy, i), p.reached(region))
	}
	line("\n# Agree on these with whoever pays for an outage: how much data may be lost, how long a")
	line("# takeover may take, how much of the primary's capacity the standby has, and can get.")
	if proposed, ok := proposedObjectives[topology.Strategy(o.strategy)]; ok {
		line("objectives: %s", proposed)
	}
	p.release(line)
	p.inventory(line)
	line("\ndrift:")
	p.list(line, "accept", now, func(w proposedWaiver) bool { return w.rule == "" })
	line("\ngate:")
	line("  block: any")
	line("  unknown: block     # what could not be read blocks too")
	line("  fork-policy: fail  # or defer, where a merge queue judges before the merge")
	p.list(line, "waivers", now, func(w proposedWaiver) bool { return w.rule != "" })
	return b.String()
}

// reached is the account that a Region was in, so that credentials of another
// stop a run, and the role that was assumed there.
func (p *proposal) reached(region string) string {
	said := ""
	if p.compared != nil {
		for _, s := range p.compared.snapshots {
			if s.Region.Name == region && s.Account != "" {
				said += ", account: " + strconv.Quote(s.Account)
			}
		}
	}
	if p.role != "" {
		said += ", role-to-assume: " + strconv.Quote(p.role)
	}
	return said
}

func (p *proposal) inventory(line func(string, ...any)) {
	watched := slices.DeleteFunc(slices.Clone(p.stacks), func(pair pairOfStacks) bool { return pair.file != nil })
	if len(watched)+len(p.options.states)+len(p.options.tags) == 0 {
		return
	}
	line("\n# Watched, not deployed from here. To let lockstep deploy a stack into every Region or into")
	line("# none, move it to release: and name its template (docs/configuration.md).")
	line("inventory:")
	for _, pair := range watched {
		line("  - cloudformation: {stack: %s}", p.perRegion(pair.names))
	}
	if len(p.options.states) > 0 {
		line("  - terraform: {state: %s}", p.perRegion(p.options.states))
	}
	if len(p.options.tags) > 0 {
		var tags []string
		for _, tag := range p.options.tags {
			key, value, _ := strings.Cut(tag, "=")
			tags = append(tags, strconv.Quote(key)+": "+strconv.Quote(value))
		}
		line("  - tags: {%s}", strings.Join(tags, ", "))
	}
}

// perRegion is one value, or a mapping of the Regions to theirs.
func (p *proposal) perRegion(values map[string]string) string {
	first, same := values[p.options.regions[0]], true
	var each []string
	for _, region := range p.options.regions {
		same = same && values[region] == first
		each = append(each, strconv.Quote(region)+": "+strconv.Quote(values[region]))
	}
	if same && len(p.options.states) == 0 {
		return strconv.Quote(first)
	}
	return "{" + strings.Join(each, ", ") + "}"
}

// list writes the waivers of one kind under a key.
func (p *proposal) list(line func(string, ...any), key string, now time.Time, of func(proposedWaiver) bool) {
	var chosen []proposedWaiver
	for _, w := range p.waivers {
		if of(w) {
			chosen = append(chosen, w)
		}
	}
	if len(chosen) == 0 {
		line("  %s: []", key)
		return
	}
	line("  # What differed on %s. Mend it or decide that it may stay, one by one: these end.", now.Format(time.DateOnly))
	line("  %s:", key)
	for _, w := range chosen {
		line("    # %s", strings.Join(strings.Fields(printableLine(w.what)), " "))
		what := "property: " + strconv.Quote(w.property)
		if w.rule != "" {
			what = "rule: " + strconv.Quote(w.rule)
		}
		line("    - {resource: %s, %s, region: %s,", strconv.Quote(exactly(w.resource)), what, strconv.Quote(w.region))
		line("       reason: was so when lockstep init looked, until: %s}", lastDay(now, p.options.waive))
	}
}

// exactly is the pattern that matches a resource key and nothing else: Terraform's
// addresses have brackets. "*" alone stands for every resource.
func exactly(key string) string {
	if key == "*" {
		return key
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(key)
}

// printableLine keeps text of AWS from ending a comment.
func printableLine(s string) string {
	return strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
}

// initWorkflows are the examples that work without a release of one's own.
var initWorkflows = []string{"gate.yml", "watch.yml", "drift.yml"}

// exampleAction stands in the examples where the action goes; nothing is there.
const exampleAction = "your-org/lockstep@0000000000000000000000000000000000000000"

var (
	usedAction  = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	exampleUses = regexp.MustCompile(exampleAction + ` # v0\.0\.0`)
	// examplePrediction is the step of gate.yml that needs a release.
	examplePrediction = regexp.MustCompile(`(?s)\n\n      # What the merge would do.*command: predict\n`)
	exampleCopy       = regexp.MustCompile(`Copy this file to \.github/workflows/, (replace your-org/lockstep@000\.\.\. by the\n# full commit SHA of the release you use), (?:and )?`)
)

func (g *globals) workflowPath(name string) string {
	return g.path(filepath.Join(".github", "workflows", "lockstep-"+name))
}

// workflowFor is an example workflow with the primary Region and the action filled in,
// without what needs a release where there is none.
func workflowFor(name string, o initOptions, released bool) (string, error) {
	content, err := examples.Workflows.ReadFile(path.Join("workflows", name))
	if err != nil {
		return "", fmt.Errorf("read the example workflow %s: %w", name, err)
	}
	text := strings.ReplaceAll(string(content), "aws-region: us-east-1 ", "aws-region: "+o.regions[0]+" ")
	if !released {
		text = examplePrediction.ReplaceAllLiteralString(text, "\n")
	}
	toDo := "Written by lockstep init. To do: $1; "
	if o.uses != "" {
		toDo = "Written by lockstep init. To do: "
		text = exampleUses.ReplaceAllLiteralString(text, o.uses)
	}
	return exampleCopy.ReplaceAllString(text, toDo), nil
}
