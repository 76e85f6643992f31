package main

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/predict"
	"github.com/lockstep-dr/lockstep/internal/terraform"
	"github.com/lockstep-dr/lockstep/topology"
)

// terraformPlans are the plans of the release's Terraform configurations: those
// that somebody made and gave as files, and those that this run makes.
type terraformPlans struct {
	mu sync.Mutex
	// made are the plans by target and Region.
	made map[string]map[string]*terraform.Plan
	// given are the targets whose plans are files.
	given   map[string]bool
	notices []string
}

// newTerraformPlans are none yet.
func newTerraformPlans() *terraformPlans {
	return &terraformPlans{made: map[string]map[string]*terraform.Plan{}, given: map[string]bool{}}
}

// readTerraformPlans reads those that are given. A target of which one Region's is
// given must have all: two Regions are compared.
func (g *globals) readTerraformPlans(c change, given []string) (*terraformPlans, error) {
	p := newTerraformPlans()
	var targets []string
	for _, t := range c.live.Release {
		if t.Terraform != nil {
			targets = append(targets, t.Terraform.Key)
		}
	}
	for _, flag := range given {
		place, file, found := strings.Cut(flag, "=")
		target, region, named := cutLast(place, ":")
		if !named && len(targets) == 1 {
			target = targets[0]
		}
		_, known := c.live.Topology.Region(region)
		switch {
		case !found || file == "" || !known:
			return nil, usageError{fmt.Errorf("--terraform-plan %q: write it as REGION=FILE with one of the Regions %s", flag, strings.Join(c.live.Topology.Names(), ", "))}
		case !slices.Contains(targets, target):
			return nil, usageError{fmt.Errorf("--terraform-plan %q: write the target before the Region, as TARGET:%s=FILE; the release has: %s", flag, region, cmp.Or(strings.Join(targets, ", "), "no Terraform target"))}
		}
		text, err := os.ReadFile(g.path(file))
		if err != nil {
			return nil, usageError{fmt.Errorf("--terraform-plan: %w", err)}
		}
		plan, err := terraform.ParsePlan(text)
		if err != nil {
			return nil, usageError{fmt.Errorf("--terraform-plan %s: %w: write it with terraform show -json PLAN", file, err)}
		}
		if p.made[target][region] != nil {
			return nil, usageError{fmt.Errorf("--terraform-plan: the plan of %s for %s is given twice", target, region)}
		}
		plan.Partial = g.unfit(c.live, plan)
		p.listener(target, region)(plan)
		p.given[target] = true
	}
	for _, target := range targets {
		for _, region := range c.live.Topology.Names() {
			if p.given[target] && p.made[target][region] == nil {
				return nil, usageError{fmt.Errorf("--terraform-plan: the plan of %s for %s is missing: give that of every Region", target, region)}
			}
		}
		if p.given[target] {
			p.notices = append(p.notices, "what "+target+" would change is what the given plans say: Terraform was not asked.")
		}
	}
	return p, nil
}

// unfit says why a plan that somebody gave does not tell all that a merge would
// change now; empty: it may. Who made it, with which options and when, is not seen
// otherwise: Lockstep's own plans are of now, and without -target.
func (g *globals) unfit(cfg *config.Config, plan *terraform.Plan) string {
	limit := cmp.Or(cfg.Gate.MaxAge, baseAge)
	age := g.env.now().Sub(plan.MadeAt)
	switch {
	case plan.Partial != "":
		return plan.Partial
	case plan.Unsaid:
		return "the given plan does not say whether it is complete: make it with Terraform 1.8 or later"
	case plan.MadeAt.IsZero():
		return "the given plan does not say when it was made: make it with Terraform 1.5 or later"
	case age > limit:
		return fmt.Sprintf("the given plan is of %s, older than %s: make it again", minute(plan.MadeAt), topology.Span(limit))
	case age < -clockSkew:
		return fmt.Sprintf("the given plan is of %s, which is still to come", minute(plan.MadeAt))
	}
	return ""
}

// cutLast cuts a text at the last separator; without one all of it is after.
func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return "", text, false
	}
	return text[:at], text[at+len(separator):], true
}

// listener keeps the plan of a target for a Region.
func (p *terraformPlans) listener(target, region string) func(*terraform.Plan) {
	if p == nil {
		return nil
	}
	return func(plan *terraform.Plan) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.made[target] == nil {
			p.made[target] = map[string]*terraform.Plan{}
		}
		p.made[target][region] = plan
	}
}

// notGiven is a configuration without the targets whose plans are files.
func (p *terraformPlans) notGiven(cfg *config.Config) *config.Config {
	if len(p.given) == 0 {
		return cfg
	}
	rest := *cfg
	rest.Release = slices.DeleteFunc(slices.Clone(cfg.Release), func(t config.Target) bool { return t.Terraform != nil && p.given[t.Terraform.Key] })
	return &rest
}

// apply puts the plans into the snapshots of the Regions; what no plan tells is a gap.
func (p *terraformPlans) apply(cfg *config.Config, snapshots []*drift.Snapshot, planned *deploy.Result, sealer drift.Sealer) {
	for _, t := range cfg.Release {
		if t.Terraform == nil {
			continue
		}
		var plans []terraform.RegionPlan
		for _, s := range snapshots {
			plan := p.made[t.Terraform.Key][s.Region.Name]
			switch {
			case plan == nil && changes(planned, s.Region.Name, t.Terraform.Key):
				s.Gaps = append(s.Gaps, notInPrediction(s, t.Terraform.Key, "no plan says what it would change in "+s.Region.Name+
					": run `terraform plan` there, and give its `terraform show -json` to the gate with --terraform-plan"))
			case plan != nil && plan.Partial != "":
				s.Gaps = append(s.Gaps, notInPrediction(s, t.Terraform.Key, plan.Partial))
			}
			if plan != nil {
				plans = append(plans, terraform.RegionPlan{Region: s.Region.Name, Plan: plan})
			}
		}
		predict.ApplyTerraform(snapshots, predict.Terraform{
			Target: t.Terraform.Key, Changes: terraform.InPlans(plans, terraform.Places(cfg.Topology)), Sources: terraformSources(cfg),
			Seal: func(region, typeName string, declared map[string]any) map[string]any {
				account := ""
				if at := slices.IndexFunc(snapshots, func(s *drift.Snapshot) bool { return s.Region.Name == region }); at >= 0 {
					account = snapshots[at].Account
				}
				return read.SealDeclared(sealer, region, account, typeName, declared, nil)
			},
		})
	}
}

func notInPrediction(s *drift.Snapshot, target, why string) drift.Gap {
	return drift.Gap{Region: s.Region.Name, Resource: target, Operation: "terraform:Plan", Reason: "NotEvaluated", Message: why}
}

// terraformSources are the keys of the inventory's Terraform states.
func terraformSources(cfg *config.Config) []string {
	var keys []string
	for _, i := range cfg.Inventory {
		if i.Terraform != nil {
			keys = append(keys, terraformSource(i.Terraform))
		}
	}
	return keys
}

// terraformSource begins the keys of what a state lists.
func terraformSource(s *config.TerraformState) string { return path.Join("terraform", s.Name) }
