package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/config"
)

// checkParameters holds the parameters of every target in every Region against
// its template: an error is what no flag can mend; lacking is what a deploy
// would still need (--parameter may give it).
func (s *sources) checkParameters(cfg *config.Config) (lacking []config.Problem, wrong error) {
	c := &parameterCheck{sources: s, cfg: cfg, said: map[string]bool{}}
	for _, t := range cfg.Stacks() {
		for _, region := range cfg.Topology.Names() {
			c.unknown(t, region)
			c.outputs(t, region)
			c.absent(t, region)
		}
	}
	if len(c.wrong) > 0 {
		return c.lacking, usageError{&config.Errors{Problems: c.wrong}}
	}
	return c.lacking, nil
}

type parameterCheck struct {
	*sources
	cfg            *config.Config
	wrong, lacking []config.Problem
	said           map[string]bool // one report for all Regions that share a line
}

func (c *parameterCheck) report(list *[]config.Problem, at config.Position, message, suggestion string) {
	p := c.cfg.Problem(at, message, suggestion)
	if !c.said[p.String()] {
		c.said[p.String()] = true
		*list = append(*list, p)
	}
}

func (c *parameterCheck) unknown(t config.Target, region string) {
	here := t.CloudFormation.Regions[region]
	declared := c.parsed[here.Template].Parameters
	suggestion := here.Template + " has " + strings.Join(slices.Sorted(maps.Keys(declared)), ", ")
	if len(declared) == 0 {
		suggestion = here.Template + " has none"
	}
	for _, name := range slices.Sorted(maps.Keys(here.Parameters)) {
		if _, ok := declared[name]; !ok {
			c.report(&c.wrong, here.Parameters[name].Pos, "the template has no parameter "+name, suggestion)
		}
	}
	for _, asset := range t.CloudFormation.Assets {
		for _, name := range []string{asset.BucketParameter, asset.KeyParameter} {
			if _, ok := declared[name]; !ok {
				c.report(&c.wrong, asset.Pos, "the template has no parameter "+name, suggestion)
			}
		}
	}
}

// outputs checks what is taken from earlier targets. A transform may add
// outputs that the text does not show.
func (c *parameterCheck) outputs(t config.Target, region string) {
	for _, name := range slices.Sorted(maps.Keys(t.CloudFormation.Regions[region].Parameters)) {
		value := t.CloudFormation.Regions[region].Parameters[name]
		if value.Output == nil {
			continue
		}
		stacks := c.cfg.Stacks()
		i := slices.IndexFunc(stacks, func(other config.Target) bool { return other.CloudFormation.Key == value.Output.Stack })
		if i < 0 {
			continue // the configuration's own check says so
		}
		file := stacks[i].CloudFormation.Regions[region].Template
		from := c.parsed[file]
		if _, ok := from.Outputs[value.Output.Output]; !ok && len(from.Transforms) == 0 {
			c.report(&c.wrong, value.Pos, file+" has no output "+value.Output.Output, "add it to that template or correct the reference")
		}
	}
}

func (c *parameterCheck) absent(t config.Target, region string) {
	here := t.CloudFormation.Regions[region]
	given := map[string]bool{}
	for _, asset := range t.CloudFormation.Assets {
		given[asset.BucketParameter], given[asset.KeyParameter] = true, true
	}
	var names []string
	for name, p := range c.parsed[here.Template].Parameters {
		if _, ok := here.Parameters[name]; !ok && !given[name] && p.Default == nil {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	c.report(&c.lacking, here.TemplatePos, here.Template+" needs "+strings.Join(names, ", ")+" in "+region,
		"give it under parameters, under regions."+region+".parameters if it differs there, or with --parameter at every deploy")
}
