package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// providersPerCall is how many names DescribeCapacityProviders takes. Source: ECS API reference.
const providersPerCall = 100

func ecsCapacitySpecs() []Spec {
	return []Spec{
		{
			Type:       "AWS::ECS::CapacityProvider",
			Properties: []string{"Name", "AutoScalingGroupProvider", "ManagedInstancesProvider", "ClusterName", "Tags"},
			Actions:    []string{"ecs:DescribeCapacityProviders"},
			Batch:      perCall(providersPerCall), Identities: []string{"Arn", "Name"},
		},
		{
			Type:       "AWS::ECS::ClusterCapacityProviderAssociations",
			Properties: []string{"Cluster", "CapacityProviders", "DefaultCapacityProviderStrategy"},
			Actions:    []string{"ecs:DescribeClusters"},
			Batch:      perCall(clustersPerCall),
		},
	}
}

// capacityProviders describes a batch; those of a cluster of their own are asked
// for with the cluster.
func (r *run) capacityProviders(ctx context.Context, cluster string, batch []inventory.Item) {
	in := &ecs.DescribeCapacityProvidersInput{CapacityProviders: names(batch), Include: []types.CapacityProviderField{types.CapacityProviderFieldTags}}
	if cluster != "" {
		in.Cluster = &cluster
	}
	found := map[string]types.CapacityProvider{}
	var failures []types.Failure
	for {
		out, err := r.clients.ecs.DescribeCapacityProviders(ctx, in)
		if err != nil {
			r.failedAll(batch, err)
			return
		}
		failures = append(failures, out.Failures...)
		for _, p := range out.CapacityProviders {
			if p.Status != types.CapacityProviderStatusInactive {
				found[aws.ToString(p.Name)] = p
			}
		}
		if aws.ToString(out.NextToken) == "" {
			break
		}
		in.NextToken = out.NextToken
	}
	for _, item := range batch {
		p, ok := found[item.ID]
		if !ok {
			r.absent(item, "ecs:DescribeCapacityProviders", failures)
			continue
		}
		r.found(item, newObject().take(p, "Name", "AutoScalingGroupProvider", "ManagedInstancesProvider", "Cluster:ClusterName").
			identity("Arn", aws.ToString(p.CapacityProviderArn)).identity("Name", aws.ToString(p.Name)).tagList(p.Tags, "Key", "Value"))
	}
}

// providerAssociations reads what clusters may run on. A cluster without any
// provider is what is left of a deleted association.
func (r *run) providerAssociations(ctx context.Context, batch []inventory.Item) {
	out, err := r.clients.ecs.DescribeClusters(ctx, &ecs.DescribeClustersInput{Clusters: names(batch)})
	if err != nil {
		r.failedAll(batch, err)
		return
	}
	found := map[string]types.Cluster{}
	for _, c := range out.Clusters {
		if aws.ToString(c.Status) != "INACTIVE" {
			found[aws.ToString(c.ClusterName)], found[aws.ToString(c.ClusterArn)] = c, c
		}
	}
	for _, item := range batch {
		c, ok := found[item.ID]
		if !ok {
			r.absent(item, "ecs:DescribeClusters", out.Failures)
			continue
		}
		r.found(item, newObject().take(c, "CapacityProviders", "DefaultCapacityProviderStrategy").set("Cluster", c.ClusterName))
	}
}
