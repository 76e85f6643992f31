package read

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// A group names a launch template and a version of it. The numbers of versions
// need not agree between Regions; what they hold must. So the data of the
// version stands beside its number.

// edition is one version of one launch template: a number, $Latest or $Default.
type edition struct{ template, version string }

// editions are the versions that groups name.
type editions struct {
	data   map[edition]ec2types.LaunchTemplateVersion
	failed map[edition]error
}

// editions reads the versions of all groups together. The latest ones of
// several launch templates come in one list.
func (r *run) editions(ctx context.Context, groups []scalingGroup) editions {
	wanted, templates := map[edition]bool{}, map[string]bool{}
	for _, g := range groups {
		for _, s := range templatesOf(g.live) {
			wanted[editionOf(*s)], templates[aws.ToString(s.LaunchTemplateId)] = true, true
		}
	}
	latest := map[string]ec2types.LaunchTemplateVersion{}
	if len(templates) >= templatesForList {
		latest = r.latestVersions(ctx)
	}
	known := editions{data: map[edition]ec2types.LaunchTemplateVersion{}, failed: map[edition]error{}}
	var mu sync.Mutex
	each(ctx, slices.Collect(maps.Keys(wanted)), func(e edition) {
		one, ok := latest[e.template]
		var err error
		if !ok || !e.is(one) {
			one, err = r.templateVersion(ctx, e.template, e.version)
		}
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			known.failed[e] = err
			return
		}
		known.data[e] = one
	})
	return known
}

// editionOf is what a group names: the default version when it names none.
func editionOf(s types.LaunchTemplateSpecification) edition {
	return edition{aws.ToString(s.LaunchTemplateId), cmp.Or(aws.ToString(s.Version), "$Default")}
}

// is reports whether the latest version of the template is the one that is meant.
func (e edition) is(latest ec2types.LaunchTemplateVersion) bool {
	switch e.version {
	case latestVersion:
		return true
	case "$Default":
		return aws.ToBool(latest.DefaultVersion)
	}
	return e.version == strconv.FormatInt(aws.ToInt64(latest.VersionNumber), 10)
}

// templatesOf lists the versions of launch templates that a group names.
func templatesOf(g types.AutoScalingGroup) []*types.LaunchTemplateSpecification {
	var list []*types.LaunchTemplateSpecification
	if g.LaunchTemplate != nil {
		list = append(list, g.LaunchTemplate)
	}
	if p := g.MixedInstancesPolicy; p != nil && p.LaunchTemplate != nil {
		if p.LaunchTemplate.LaunchTemplateSpecification != nil {
			list = append(list, p.LaunchTemplate.LaunchTemplateSpecification)
		}
		for _, o := range p.LaunchTemplate.Overrides {
			if o.LaunchTemplateSpecification != nil {
				list = append(list, o.LaunchTemplateSpecification)
			}
		}
	}
	return list
}

// groupTemplates fills in which launch template a group starts instances from.
func (r *run) groupTemplates(g scalingGroup, o *object, known editions) {
	if g.live.LaunchTemplate != nil {
		o.set("LaunchTemplate", r.edition(g.item, "LaunchTemplate", *g.live.LaunchTemplate, known))
	}
	policy := g.live.MixedInstancesPolicy
	if policy == nil {
		return
	}
	tree := newObject().take(*policy, "InstancesDistribution").properties
	if t := policy.LaunchTemplate; t != nil {
		inner := map[string]any{}
		if t.LaunchTemplateSpecification != nil {
			inner["LaunchTemplateSpecification"] = r.edition(g.item, "MixedInstancesPolicy", *t.LaunchTemplateSpecification, known)
		}
		var overrides []map[string]any
		for _, override := range t.Overrides {
			one := newObject().take(override, "ImageId", "InstanceRequirements", "InstanceType", "WeightedCapacity").properties
			if override.LaunchTemplateSpecification != nil {
				one["LaunchTemplateSpecification"] = r.edition(g.item, "MixedInstancesPolicy", *override.LaunchTemplateSpecification, known)
			}
			overrides = append(overrides, one)
		}
		if len(overrides) > 0 {
			inner["Overrides"] = overrides
		}
		tree["LaunchTemplate"] = inner
	}
	o.set("MixedInstancesPolicy", withoutBlanks(tree))
}

// edition is one version of a launch template as a group names it, with what it
// holds. What could not be read is a gap of the property it stands in.
func (r *run) edition(item inventory.Item, property string, s types.LaunchTemplateSpecification, known editions) map[string]any {
	e := editionOf(s)
	tree := map[string]any{"LaunchTemplateId": e.template, "Version": e.version}
	if err := known.failed[e]; err != nil {
		r.partial(item, property, err)
		return tree
	}
	tree["LaunchTemplateData"] = templateData(known.data[e].LaunchTemplateData)
	return tree
}
