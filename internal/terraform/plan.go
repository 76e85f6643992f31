package terraform

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/lockstep-dr/lockstep/topology"
)

// Plan is what `terraform show -json PLAN` says of the managed resources of AWS:
// every one of the state, changed or not, and those that would be created.
type Plan struct {
	Changes []Change
	// Partial says why there may be more changes than these; empty: there are none.
	Partial string
	// Unsaid says that the plan does not tell whether there are more changes: those of
	// Terraform before 1.8 and of OpenTofu never do.
	Unsaid bool
	// MadeAt is when it was made; zero: it does not say, as before Terraform 1.5.
	MadeAt time.Time
}

// Change is what a plan would do to one resource.
type Change struct {
	Address string
	// Previous is the address it has today, when a moved block gives it another.
	Previous string
	Action   Action

	before, after *Resource
	// open are the values that are known after the apply only, as the plan marks them.
	open map[string]any
	// given are the arguments that the configuration gives; nil: not known.
	given map[string]bool
}

// Action is what happens to a resource.
type Action string

// The actions. Adopt is an import: it exists, and no state has it yet.
const (
	Keep    Action = "keep"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
	Forget  Action = "forget"
	Adopt   Action = "adopt"
)

// ParsePlan reads the output of `terraform show -json PLAN`. The error holds
// nothing of the plan's text, which may be secret.
func ParsePlan(data []byte) (*Plan, error) {
	var shown tfjson.Plan
	if err := json.Unmarshal(data, &shown); err != nil {
		var head struct {
			FormatVersion string `json:"format_version"`
		}
		if json.Unmarshal(data, &head) == nil {
			if refused := (&tfjson.Plan{FormatVersion: head.FormatVersion}).Validate(); refused != nil {
				return nil, fmt.Errorf("its format is version %.20q; this version reads plans of format 0.1 up to 1.x", head.FormatVersion)
			}
		}
		return nil, fmt.Errorf("it is no output of `terraform show -json PLAN`: %w", withoutText(err))
	}
	plan, err := headOf(data, shown)
	if err != nil {
		return nil, fmt.Errorf("it is no output of `terraform show -json PLAN`: %w", withoutText(err))
	}
	declared := declarations(shown.Config)
	for _, r := range shown.ResourceChanges {
		if r == nil || r.Change == nil || r.Mode == tfjson.DataResourceMode || r.DeposedKey != "" || !ofAWS(withoutHost(r.ProviderName)) {
			continue
		}
		change, err := changeOf(r, declared[withoutKeys(r.ModuleAddress)+" "+r.Type+"."+r.Name])
		if err != nil {
			return nil, fmt.Errorf("it is no output of `terraform show -json PLAN`: %.200q: %w", r.Address, err)
		}
		plan.Changes = append(plan.Changes, change)
	}
	return plan, nil
}

// headOf is what a plan says of itself: whether it is whole, and of when. A time that
// is none is not known. Source: Terraform internals, JSON output format; a plan whose
// making failed is written with what was planned until then.
func headOf(data []byte, shown tfjson.Plan) (*Plan, error) {
	var head struct{ Errored bool }
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, err
	}
	plan := &Plan{Unsaid: shown.Complete == nil}
	plan.MadeAt, _ = time.Parse(time.RFC3339, shown.Timestamp)
	switch {
	case head.Errored:
		plan.Partial = "Terraform failed while it made the plan, which holds a part of the changes"
	case shown.Complete != nil && !*shown.Complete || len(shown.DeferredChanges) > 0:
		plan.Partial = "Terraform leaves a part of the changes to another plan: some are deferred, or it was made with -target"
	}
	return plan, nil
}

func changeOf(r *tfjson.ResourceChange, d declaration) (Change, error) {
	c := Change{Address: r.Address, given: d.given, Action: actionOf(r.Change)}
	if r.PreviousAddress != r.Address {
		c.Previous = r.PreviousAddress
	}
	switch open := r.Change.AfterUnknown.(type) {
	case map[string]any:
		c.open = open
	case nil, bool: // false: all is known; true stands for what has no attributes
	default:
		return c, errors.New("after_unknown is no object")
	}
	resource := Resource{Module: r.ModuleAddress, Type: r.Type, Name: r.Name, Index: indexOf(r.Index), Provider: d.provider, place: d.region, strange: d.elsewhere}
	if r.Type == "" || r.Name == "" || c.Action == "" {
		return c, errors.New("it has no type, no name or no known action")
	}
	for _, side := range []struct {
		to            **Resource
		values, marks any
	}{{&c.before, r.Change.Before, r.Change.BeforeSensitive}, {&c.after, r.Change.After, r.Change.AfterSensitive}} {
		values, ok := side.values.(map[string]any)
		if !ok {
			continue
		}
		own := resource
		own.attributes, own.marks = values, side.marks
		own.sensitive = map[string]bool{}
		for name := range values {
			own.sensitive[name] = anyMarked(memberOf(side.marks, name))
		}
		*side.to = &own
	}
	if needs := map[Action][2]bool{Keep: {true, true}, Create: {false, true}, Update: {true, true}, Replace: {true, true}, Delete: {true, false}}[c.Action]; needs[0] && c.before == nil || needs[1] && c.after == nil {
		return c, errors.New("its values are missing")
	}
	return c, nil
}

func actionOf(c *tfjson.Change) Action {
	switch a := c.Actions; {
	case c.Importing != nil:
		return Adopt
	case a.Replace():
		return Replace
	case a.NoOp():
		return Keep
	case a.Create():
		return Create
	case a.Update():
		return Update
	case a.Delete():
		return Delete
	case len(a) > 0 && (a[0] == tfjson.ActionForget || a[len(a)-1] == tfjson.ActionForget): // or create, which leaves the old one alone
		return Forget
	}
	return ""
}

// declaration is what the configuration says of a resource.
type declaration struct {
	given    map[string]bool
	provider Provider
	// region is the one its provider is told, where that is written out; elsewhere
	// says that the provider is not the default one, and told in other words.
	region    string
	elsewhere bool
}

// declarations are those of every module, by its path without keys and the
// resource's name.
func declarations(c *tfjson.Config) map[string]declaration {
	found := map[string]declaration{}
	if c == nil || c.RootModule == nil {
		return found
	}
	var visit func(path string, m *tfjson.ConfigModule)
	visit = func(path string, m *tfjson.ConfigModule) {
		for _, r := range m.Resources {
			if r == nil {
				continue
			}
			d := providedBy(c.ProviderConfigs[r.ProviderConfigKey], r.ProviderConfigKey)
			d.given = map[string]bool{}
			for name := range r.Expressions {
				d.given[name] = true
			}
			found[path+" "+r.Type+"."+r.Name] = d
		}
		for name, call := range m.ModuleCalls {
			if call != nil && call.Module != nil {
				visit(strings.TrimPrefix(path+".module."+name, "."), call.Module)
			}
		}
	}
	visit("", c.RootModule)
	return found
}

func providedBy(p *tfjson.ProviderConfig, key string) declaration {
	d := declaration{provider: Provider{Config: key}}
	if p == nil {
		return d
	}
	d.provider.Alias = p.Alias
	if told := p.Expressions["region"]; told != nil && told.ExpressionData != nil {
		if region, plain := told.ConstantValue.(string); plain && topology.IsRegionCode(region) {
			d.region = region
		}
	}
	d.elsewhere = p.Alias != "" && d.region == ""
	return d
}

// withoutKeys is the path of a module as its configuration has it, once for all instances.
func withoutKeys(path string) string {
	var names []string
	if path == "" {
		return ""
	}
	for _, s := range steps(path) {
		names = append(names, "module."+s.name)
	}
	return strings.Join(names, ".")
}

// memberOf is what marks say of a member: a mark of the whole is one of each.
func memberOf(marks any, name string) any {
	if object, ok := marks.(map[string]any); ok {
		return object[name]
	}
	return marks
}
