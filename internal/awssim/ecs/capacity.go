package ecs

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func capacityKinds() []core.Kind {
	return []core.Kind{
		{
			Type: ProviderType, Name: core.NameRule{Property: "Name", Max: 255}, Replace: []string{"Name", "ClusterName"}, Invalid: "ClientException",
			Attributes: map[string]string{"Arn": "arn:aws:ecs:{Region}:{Account}:capacity-provider/{Name}"},
			Schema: core.Schema{Numbers: []string{"AutoScalingGroupProvider.ManagedScaling.TargetCapacity", "AutoScalingGroupProvider.ManagedScaling.MinimumScalingStepSize",
				"AutoScalingGroupProvider.ManagedScaling.MaximumScalingStepSize", "AutoScalingGroupProvider.ManagedScaling.InstanceWarmupPeriod"}},
		},
		{
			Type: AssociationsType, Identifier: []string{"Cluster"}, Replace: []string{"Cluster"},
			Schema: core.Schema{Required: []string{"Cluster", "DefaultCapacityProviderStrategy"}, Numbers: []string{"DefaultCapacityProviderStrategy.Base",
				"DefaultCapacityProviderStrategy.Weight"}},
			Create: associate, Update: associate, Delete: dissociate,
		},
	}
}

// associate writes the providers into the cluster, which is where the API shows them.
func associate(c *core.Change) error {
	return setProviders(c, c.Resource.Properties["CapacityProviders"], c.Resource.Properties["DefaultCapacityProviderStrategy"])
}

func dissociate(c *core.Change) error { return setProviders(c, []any{}, []any{}) }

func setProviders(c *core.Change, providers, strategy any) error {
	name := clusterName(wire.Text(c.Resource.Properties["Cluster"]))
	_, found, err := c.World.Store.Update(c.Resource.Scope, ClusterType, name, func(r *store.Resource) error {
		r.Properties["CapacityProviders"], r.Properties["DefaultCapacityProviderStrategy"] = store.Clone(providers), store.Clone(strategy)
		return nil
	})
	if err == nil && !found {
		return wire.Errorf(400, "ClusterNotFoundException", "Cluster not found.")
	}
	return err
}

func presentProvider(r store.Resource, include []string) core.Out {
	out := core.Out(wire.AsObject(shape.Lower(shape.Pick(r.Properties, "Name", "AutoScalingGroupProvider", "ManagedInstancesProvider"))))
	out["capacityProviderArn"], out["status"], out["tags"] = r.Attributes["Arn"], "ACTIVE", []any{}
	if cluster := r.Properties["ClusterName"]; cluster != nil {
		out["cluster"] = cluster
	}
	if slices.Contains(include, "TAGS") {
		out["tags"] = lowerTags(r.Tags)
	}
	return out
}

func describeProviders(c *core.Call) (any, error) {
	found, failures := []any{}, []any{}
	names := c.In.Strings("capacityProviders")
	if len(names) == 0 {
		for _, r := range c.List(ProviderType) {
			names = append(names, r.ID)
		}
	}
	for _, name := range names {
		r, ok := c.Get(ProviderType, shape.Last(name, "/"))
		if !ok {
			failures = append(failures, missing("arn:aws:ecs:"+c.Region+":"+c.Account+":capacity-provider/"+shape.Last(name, "/")))
			continue
		}
		found = append(found, presentProvider(r, c.In.Strings("include")))
	}
	return core.Out{"capacityProviders": found, "failures": failures}, nil
}

func createProvider(c *core.Call) (any, error) {
	given := wire.AsObject(shape.Upper(shape.Pick(c.In, "name", "autoScalingGroupProvider", "managedInstancesProvider")))
	r, err := c.Create(ProviderType, given, core.Tags(c.In["tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"capacityProvider": presentProvider(r, []string{"TAGS"})}, nil
}

func updateProvider(c *core.Call) (any, error) {
	r, ok := c.Get(ProviderType, c.In.String("name"))
	if !ok {
		return nil, wire.Errorf(400, "ClientException", "The specified capacity provider does not exist.")
	}
	group := core.Merge(wire.AsObject(r.Properties["AutoScalingGroupProvider"]), wire.AsObject(shape.Upper(c.In["autoScalingGroupProvider"])))
	r, err := c.Update(ProviderType, r.ID, map[string]any{"AutoScalingGroupProvider": map[string]any(group)})
	if err != nil {
		return nil, err
	}
	return core.Out{"capacityProvider": presentProvider(r, nil)}, nil
}

// putProviders sets what a cluster may run on; the resource that declared it shows that from then on.
func putProviders(c *core.Call) (any, error) {
	r, err := cluster(c)
	if err != nil {
		return nil, err
	}
	given := wire.AsObject(shape.Upper(shape.Pick(c.In, "capacityProviders", "defaultCapacityProviderStrategy")))
	if _, err := c.Update(ClusterType, r.ID, given); err != nil {
		return nil, err
	}
	if _, ok := c.Get(AssociationsType, r.ID); ok {
		if _, err := c.Update(AssociationsType, r.ID, given); err != nil {
			return nil, err
		}
	}
	r, err = cluster(c)
	return core.Out{"cluster": presentCluster(c, r, nil)}, err
}
