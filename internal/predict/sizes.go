package predict

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/terraform"
	"github.com/lockstep-dr/lockstep/topology"
)

const groupType = "AWS::AutoScaling::AutoScalingGroup"

// size are the properties that say how many machines something has.
type size struct{ least, most, wanted string }

var sizes = map[string]size{
	groupType:             {"MinSize", "MaxSize", "DesiredCapacity"},
	"AWS::EKS::Nodegroup": {"ScalingConfig.MinSize", "ScalingConfig.MaxSize", "ScalingConfig.DesiredSize"},
}

// recount counts what runs after a change of how many machines there are. What the
// change does not say is forgotten: of which type they are, or how many. r is the
// resource as it was read, now and next are what is declared before and after.
func (a *application) recount(r drift.Resource, changes func(property string) bool, now, next map[string]any) {
	s, sized := sizes[r.Type]
	if !sized || !slices.ContainsFunc([]string{s.least, s.most, s.wanted}, changes) {
		a.uncount(r.Key, r.Type, changes, next)
		return
	}
	more, known := s.more(changes, r.Properties, now, next)
	if known && more < 0 && a.scalesBack(r) {
		if a.out.Region.Role == topology.Primary {
			more = 0 // the load stays, and brings back what carries it
		}
		known = a.out.Region.Role != topology.Active
	}
	if !known || slices.ContainsFunc(machineProperties[r.Type], changes) {
		a.uncount(r.Key, r.Type, anything, nil)
	}
	if !known {
		a.forget(func(f drift.Fact) bool { return f.Subject == r.Key && f.Kind == drift.FactGroupInstances })
		return
	}
	a.grow(r.Key, more)
}

// more is how many machines a change adds. A change of any of the sizes sets the
// wanted number to what the template says, if it says one, and then within the least
// and the most: where that number was not changed and is not the one of today, it
// depends on the stack's update policy.
// Source: CloudFormation template reference, UpdatePolicy attribute,
// IgnoreUnmodifiedGroupSizeProperties; Amazon EC2 Auto Scaling API reference,
// UpdateAutoScalingGroup.
func (s size) more(changes func(string) bool, live, now, next map[string]any) (more float64, known bool) {
	today, known := numberAt(live, s.wanted)
	if !known {
		return 0, false
	}
	then := today
	for _, property := range []string{s.wanted, s.least, s.most} {
		value, given := numberAt(next, property)
		said := terraform.Property(next, property) != nil
		unseen := changes(property) && same(terraform.Property(now, property), terraform.Property(next, property))
		if said && !given || unseen {
			return 0, false
		}
		switch {
		case !said:
		case property == s.wanted && !changes(property) && value != today:
			return 0, false
		case property == s.wanted:
			then = value
		case property == s.least:
			then = max(then, value)
		case property == s.most:
			then = min(then, value)
		}
	}
	return then - today, true
}

// managedByECS is the tag of a group that ECS scales for a capacity provider, whose
// own policies are no part of the group. Source: Amazon ECS developer guide,
// Amazon ECS capacity providers for EC2 workloads.
const managedByECS = "AmazonECSManaged"

// scalesBack reports whether something brings back what a change takes away: a
// policy that is or may be the group's, declared or added by hand, also where those
// were not read; ECS; of nodes Kubernetes, which nobody sees.
func (a *application) scalesBack(r drift.Resource) bool {
	_, managed := r.Tags[managedByECS]
	policies, _ := r.Properties["ScalingPolicies"].([]any)
	return r.Type != groupType || managed || len(policies) > 0 || slices.ContainsFunc(a.out.Gaps, func(g drift.Gap) bool {
		return g.Resource == r.Key && (g.Property == "ScalingPolicies" || g.Property == "Tags")
	}) || slices.ContainsFunc(a.out.Resources, func(p drift.Resource) bool {
		of, _ := p.Properties["AutoScalingGroupName"].(string)
		return strings.HasPrefix(p.Type, "AWS::AutoScaling::Sc") && (of == r.ID || strings.Contains(of, "${"))
	})
}

// grow adds machines to what was counted, or takes them away. Of which type they
// are is known where there is only one.
func (a *application) grow(key string, more float64) {
	if more == 0 {
		return
	}
	a.forget(func(f drift.Fact) bool { return f.Subject == key && f.Kind == drift.FactCapacityScore })
	for i, f := range a.out.Facts {
		value, _ := f.Value.(map[string]any)
		if f.Subject != key || value == nil {
			continue
		}
		switch f.Kind {
		case drift.FactMachines:
			a.out.Facts[i].Value = grownMachines(value, more)
		case drift.FactGroupInstances:
			a.out.Facts[i].Value = grownGroup(value, more)
		}
	}
	a.forget(func(f drift.Fact) bool { return f.Subject == key && f.Kind == drift.FactMachines && f.Value == nil })
}

// grownMachines is nil where nobody knows which machines come or go, or how many of
// them count towards which quota.
func grownMachines(machines map[string]any, more float64) any {
	running, _ := machines["Running"].(map[string]any)
	kinds := slices.Collect(maps.Keys(running))
	starts, _ := machines["Starts"].([]any)
	for _, kind := range starts {
		kind, _ := kind.(string)
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	onDemand, said := machines["OnDemand"].(float64)
	if len(kinds) != 1 || machines["Weighted"] == true || machines["Attributes"] == true || said && onDemand != 0 && onDemand != 1 {
		return nil
	}
	out := maps.Clone(machines)
	out["Running"] = map[string]any{kinds[0]: shifted(running[kinds[0]], more)}
	return out
}

// grownGroup takes for granted that what is started will serve, as every prediction
// does of what a change makes.
func grownGroup(group map[string]any, more float64) any {
	out := maps.Clone(group)
	for _, name := range []string{"Total", "InService"} {
		if out[name] != nil {
			out[name] = shifted(out[name], more)
		}
	}
	for part, name := range map[string]string{"HealthStatus": "Healthy", "LifecycleState": "InService"} {
		if states, ok := out[part].(map[string]any); ok {
			states = maps.Clone(states)
			states[name] = shifted(states[name], more)
			out[part] = states
		}
	}
	delete(out, "AvailabilityZones")
	delete(out, "InstanceTypes")
	return out
}

func shifted(n any, more float64) float64 {
	have, _ := n.(float64)
	return max(0, have+more)
}

// numberAt reads a number, which a template may have as text.
func numberAt(tree map[string]any, dotted string) (float64, bool) {
	switch n := terraform.Property(tree, dotted).(type) {
	case float64:
		return n, true
	case string:
		value, err := strconv.ParseFloat(n, 64)
		return value, err == nil
	}
	return 0, false
}
