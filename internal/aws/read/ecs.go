package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/immutable"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type ecsAPI interface {
	DescribeClusters(context.Context, *ecs.DescribeClustersInput, ...func(*ecs.Options)) (*ecs.DescribeClustersOutput, error)
	DescribeServices(context.Context, *ecs.DescribeServicesInput, ...func(*ecs.Options)) (*ecs.DescribeServicesOutput, error)
	DescribeCapacityProviders(context.Context, *ecs.DescribeCapacityProvidersInput, ...func(*ecs.Options)) (*ecs.DescribeCapacityProvidersOutput, error)
	DescribeTaskDefinition(context.Context, *ecs.DescribeTaskDefinitionInput, ...func(*ecs.Options)) (*ecs.DescribeTaskDefinitionOutput, error)
}

// The most names that the describe calls take. Source: ECS API reference.
const (
	clustersPerCall = 100
	servicesPerCall = 10
)

func ecsReader() reader {
	return reader{
		specs: append(ecsCapacitySpecs(), []Spec{
			{
				Type: "AWS::ECS::Cluster",
				Properties: []string{"ClusterName", "CapacityProviders", "DefaultCapacityProviderStrategy", "ClusterSettings",
					"Configuration", "ServiceConnectDefaults", "Tags"},
				Actions:    []string{"ecs:DescribeClusters"},
				Batch:      perCall(clustersPerCall),
				Identities: []string{"Arn", "ClusterName"},
			},
			{
				Type:       "AWS::ECS::Service",
				Properties: append([]string{"Cluster", "Role", "Tags"}, renamed(serviceProperties())...),
				Actions:    []string{"ecs:DescribeServices"},
				Batch:      perCall(servicesPerCall) + ", by cluster",
				Identities: []string{"Name", "ServiceArn"},
				Facts:      []string{drift.FactServiceState},
			},
			{
				Type:       "AWS::ECS::TaskDefinition",
				Properties: append([]string{"Tags"}, taskDefinitionProperties()...),
				Actions:    []string{"ecs:DescribeTaskDefinition"},
				Identities: []string{"TaskDefinitionArn"},
				Secret:     "environment entries of containers whose names say so",
			},
		}...),
		early: []string{"AWS::ECS::TaskDefinition"},
		read:  readECS,
	}
}

func serviceProperties() []string {
	return []string{"ServiceName", "TaskDefinition", "DesiredCount", "LaunchType", "PlatformVersion", "CapacityProviderStrategy",
		"DeploymentConfiguration", "DeploymentController", "NetworkConfiguration", "LoadBalancers", "HealthCheckGracePeriodSeconds",
		"SchedulingStrategy", "PlacementConstraints", "PlacementStrategy:PlacementStrategies", "EnableECSManagedTags",
		"EnableExecuteCommand", "PropagateTags", "ServiceRegistries", "AvailabilityZoneRebalancing"}
}

func taskDefinitionProperties() []string {
	return []string{"ContainerDefinitions", "Cpu", "Memory", "Family", "NetworkMode", "ExecutionRoleArn", "TaskRoleArn", "Volumes",
		"PlacementConstraints", "RequiresCompatibilities", "RuntimePlatform", "EphemeralStorage", "PidMode", "IpcMode",
		"ProxyConfiguration", "InferenceAccelerators", "EnableFaultInjection"}
}

func readECS(ctx context.Context, r *run, items []inventory.Item) {
	var clusters, associations, definitions []inventory.Item
	providers := map[string][]inventory.Item{} // by the cluster they are of, most of none
	services := map[string][]inventory.Item{}  // by cluster
	for _, item := range items {
		switch {
		case item.ID == "":
			r.unaddressable(item, "a physical id")
		case item.Type == "AWS::ECS::Cluster":
			clusters = append(clusters, item)
		case item.Type == "AWS::ECS::TaskDefinition":
			definitions = append(definitions, item)
		case item.Type == "AWS::ECS::ClusterCapacityProviderAssociations":
			associations = append(associations, item)
		case item.Type == "AWS::ECS::CapacityProvider":
			cluster := text(item.Resolved, "ClusterName")
			providers[cluster] = append(providers[cluster], item)
		default:
			services[ClusterOf(item)] = append(services[ClusterOf(item)], item)
		}
	}
	var jobs []func()
	for _, batch := range chunks(clusters, clustersPerCall) {
		jobs = append(jobs, func() { r.clusters(ctx, batch) })
	}
	for _, batch := range chunks(associations, clustersPerCall) {
		jobs = append(jobs, func() { r.providerAssociations(ctx, batch) })
	}
	for _, cluster := range keysOf(providers) {
		for _, batch := range chunks(providers[cluster], providersPerCall) {
			jobs = append(jobs, func() { r.capacityProviders(ctx, cluster, batch) })
		}
	}
	for _, cluster := range keysOf(services) {
		for _, batch := range chunks(services[cluster], servicesPerCall) {
			jobs = append(jobs, func() { r.services(ctx, cluster, batch) })
		}
	}
	for _, item := range definitions {
		jobs = append(jobs, func() { r.taskDefinition(ctx, item) })
	}
	each(ctx, jobs, func(job func()) { job() })
}

// inactive is what ECS calls a cluster or service that was deleted.
const inactive = "INACTIVE"

// ClusterOf is the cluster of a service: from its ARN, else as declared, else
// the default cluster.
func ClusterOf(item inventory.Item) string {
	if _, path, ok := strings.Cut(item.ID, ":service/"); ok {
		if cluster, _, ok := strings.Cut(path, "/"); ok {
			return cluster
		}
	}
	if cluster := text(item.Resolved, "Cluster"); cluster != "" && !unresolved(cluster) {
		return cluster
	}
	return "default"
}

func (r *run) clusters(ctx context.Context, batch []inventory.Item) {
	out, err := r.clients.ecs.DescribeClusters(ctx, &ecs.DescribeClustersInput{
		Clusters: names(batch),
		Include:  []types.ClusterField{types.ClusterFieldSettings, types.ClusterFieldConfigurations, types.ClusterFieldTags},
	})
	if err != nil {
		for _, item := range batch {
			r.failed(item, err)
		}
		return
	}
	found := map[string]types.Cluster{}
	for _, c := range out.Clusters {
		found[aws.ToString(c.ClusterName)], found[aws.ToString(c.ClusterArn)] = c, c
	}
	for _, item := range batch {
		c, ok := found[item.ID]
		if !ok {
			r.absent(item, "ecs:DescribeClusters", out.Failures)
			continue
		}
		if aws.ToString(c.Status) == inactive {
			r.gone(item)
			continue
		}
		r.found(item, newObject().take(c, "ClusterName", "CapacityProviders", "DefaultCapacityProviderStrategy",
			"Settings:ClusterSettings", "Configuration", "ServiceConnectDefaults").
			identity("Arn", aws.ToString(c.ClusterArn)).identity("ClusterName", aws.ToString(c.ClusterName)).
			tagList(c.Tags, "Key", "Value"))
	}
}

// absent judges an item that a describe call left out: ECS says why, and only
// MISSING means that it does not exist. Where it says nothing, nothing is known.
func (r *run) absent(item inventory.Item, operation string, failures []types.Failure) {
	for _, f := range failures {
		arn := aws.ToString(f.Arn)
		if arn != item.ID && !strings.HasSuffix(arn, "/"+item.ID) {
			continue
		}
		if reason := aws.ToString(f.Reason); reason != "MISSING" {
			r.note(item, "", "", operation, reason, aws.ToString(f.Detail))
			return
		}
		r.gone(item)
		return
	}
	r.note(item, "", "", operation, session.BadResponse, "the answer has neither "+item.ID+" nor a reason for leaving it out")
}

func (r *run) services(ctx context.Context, cluster string, batch []inventory.Item) {
	out, err := r.clients.ecs.DescribeServices(ctx, &ecs.DescribeServicesInput{
		Cluster: &cluster, Services: names(batch), Include: []types.ServiceField{types.ServiceFieldTags},
	})
	if err != nil {
		for _, item := range batch {
			r.failed(item, err)
		}
		return
	}
	found := map[string]types.Service{}
	for _, s := range out.Services {
		found[aws.ToString(s.ServiceName)], found[aws.ToString(s.ServiceArn)] = s, s
	}
	for _, item := range batch {
		s, ok := found[item.ID]
		if !ok {
			r.absent(item, "ecs:DescribeServices", out.Failures)
			continue
		}
		if aws.ToString(s.Status) == inactive {
			r.gone(item)
			continue
		}
		r.fact(item, drift.FactServiceState, serviceState(s))
		r.found(item, newObject().take(s, serviceProperties()...).set("Cluster", s.ClusterArn).
			identity("Name", aws.ToString(s.ServiceName)).identity("ServiceArn", aws.ToString(s.ServiceArn)).
			tagList(s.Tags, "Key", "Value"))
	}
}

// serviceState is what the service runs and how its rollouts went.
func serviceState(s types.Service) map[string]any {
	deployments := []map[string]any{}
	for _, d := range s.Deployments {
		deployments = append(deployments, newObject().take(d, "Status", "RolloutState", "RolloutStateReason", "FailedTasks",
			"DesiredCount", "RunningCount").properties)
	}
	return map[string]any{"Status": aws.ToString(s.Status), "DesiredCount": s.DesiredCount, "RunningCount": s.RunningCount,
		"PendingCount": s.PendingCount, "Deployments": deployments}
}

func (r *run) taskDefinition(ctx context.Context, item inventory.Item) {
	out, err := r.clients.ecs.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{
		TaskDefinition: &item.ID, Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags},
	})
	if err != nil {
		r.failed(item, err)
		return
	}
	if out.TaskDefinition == nil {
		r.note(item, "", "", "ecs:DescribeTaskDefinition", "BadResponse", "the answer holds no task definition")
		return
	}
	r.Known.Tell(immutable.TaskDefinition, aws.ToString(out.TaskDefinition.TaskDefinitionArn), TaskOf(out.TaskDefinition))
	o := newObject().take(out.TaskDefinition, taskDefinitionProperties()...).
		identity("TaskDefinitionArn", aws.ToString(out.TaskDefinition.TaskDefinitionArn)).
		tagList(out.Tags, "Key", "Value")
	if status := out.TaskDefinition.Status; status != "" && status != types.TaskDefinitionStatusActive {
		o.set("Status", string(status)) // deregistered by hand: no new task can start from it
	}
	r.found(item, o)
}

// Task is what of a task definition is kept.
type Task struct {
	Images map[string]string `json:",omitempty"` // by container
	// Cpu is in units, "" where only the containers say how much they need.
	Cpu         string `json:",omitempty"`
	NetworkMode string `json:",omitempty"`
}

// TaskOf is what a task definition says; nothing of one that is not there.
func TaskOf(definition *types.TaskDefinition) Task {
	task := Task{Images: map[string]string{}}
	if definition == nil {
		return task
	}
	for _, c := range definition.ContainerDefinitions {
		task.Images[aws.ToString(c.Name)] = aws.ToString(c.Image)
	}
	task.Cpu, task.NetworkMode = aws.ToString(definition.Cpu), string(definition.NetworkMode)
	return task
}
