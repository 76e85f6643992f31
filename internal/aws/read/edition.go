package read

import (
	"context"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// A group names a launch template and a version of it. The numbers of versions
// need not agree between Regions; what they hold must. The latest version is
// compared with the template itself, so it need not be read again; the data of
// an older one is put beside its number.

// editions knows which versions launch templates have.
type editions struct {
	templates map[string]ec2types.LaunchTemplate
	failed    map[string]error
}

// editions asks for the launch templates of all groups together.
func (r *run) editions(ctx context.Context, groups []scalingGroup) *editions {
	known := &editions{templates: map[string]ec2types.LaunchTemplate{}, failed: map[string]error{}}
	wanted := map[string]bool{}
	for _, g := range groups {
		for _, s := range templatesOf(g.live) {
			if id := aws.ToString(s.LaunchTemplateId); id != "" {
				wanted[id] = true
			}
		}
	}
	b := describeTemplates(r)
	var mu sync.Mutex
	each(ctx, chunks(keysOf(wanted), b.most), func(ids []string) {
		b.describe(ctx, ids, func(id string, t *ec2types.LaunchTemplate, err error) {
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				known.failed[id] = err
			} else if t != nil {
				known.templates[id] = *t
			}
		})
	})
	return known
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
func (r *run) groupTemplates(ctx context.Context, g scalingGroup, o *object, known *editions) {
	if g.live.LaunchTemplate != nil {
		o.set("LaunchTemplate", r.edition(ctx, g.item, "LaunchTemplate", *g.live.LaunchTemplate, known))
	}
	policy := g.live.MixedInstancesPolicy
	if policy == nil {
		return
	}
	tree := newObject().take(*policy, "InstancesDistribution").properties
	if t := policy.LaunchTemplate; t != nil {
		inner := map[string]any{}
		if t.LaunchTemplateSpecification != nil {
			inner["LaunchTemplateSpecification"] = r.edition(ctx, g.item, "MixedInstancesPolicy", *t.LaunchTemplateSpecification, known)
		}
		var overrides []map[string]any
		for _, override := range t.Overrides {
			one := newObject().take(override, "ImageId", "InstanceRequirements", "InstanceType", "WeightedCapacity").properties
			if override.LaunchTemplateSpecification != nil {
				one["LaunchTemplateSpecification"] = r.edition(ctx, g.item, "MixedInstancesPolicy", *override.LaunchTemplateSpecification, known)
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

// edition is one version of a launch template as a group names it. What is not
// known about it is a gap of the property it stands in.
func (r *run) edition(ctx context.Context, item inventory.Item, property string, s types.LaunchTemplateSpecification, known *editions) map[string]any {
	id, version := aws.ToString(s.LaunchTemplateId), aws.ToString(s.Version)
	if version == "" {
		version = "$Default"
	}
	tree := map[string]any{"LaunchTemplateId": id, "Version": version}
	if version == latestVersion {
		return tree
	}
	if err := known.failed[id]; err != nil {
		r.partial(item, property, err)
		return tree
	}
	t := known.templates[id]
	latest := strconv.FormatInt(aws.ToInt64(t.LatestVersionNumber), 10)
	if version == latest || version == "$Default" && aws.ToInt64(t.DefaultVersionNumber) == aws.ToInt64(t.LatestVersionNumber) {
		return tree
	}
	older, err := r.templateVersion(ctx, id, version)
	if err != nil {
		r.partial(item, property, err)
		return tree
	}
	tree["LaunchTemplateData"] = templateData(older.LaunchTemplateData)
	return tree
}
