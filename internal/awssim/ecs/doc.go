// Package ecs simulates clusters, task definitions, services with their deployments, and the tasks that follow from them. It
// owns AWS::ECS::Cluster, TaskDefinition, Service, CapacityProvider and ClusterCapacityProviderAssociations. It runs no
// container, and what a capacity provider stands for need not exist.
//
// A deployment asked for through the API takes RolloutTime, one by CloudFormation is complete when CloudFormation is. One that
// shifts traffic (BLUE_GREEN, LINEAR, CANARY) waits at each PAUSE hook of the service until it is continued, rolled back or
// times out; other hooks, the traffic itself and bake times are not simulated, and ROLLING deployments pass all hooks. Two
// resources in the scope of a service script what happens:
//
//   - type FailureType, id the name of the service or "*": deployments fail; with the circuit breaker set to roll back, the
//     service returns to the task definition that worked. CloudFormation reports the property Message as the reason.
//   - type DigestType, id an image reference: its property Digest is what tasks report as their image digest. Without it the
//     digest depends on repository and tag only, so the same image in the registries of two Regions has the same one.
package ecs

import (
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
)

// Types of the package.
const (
	ClusterType = "AWS::ECS::Cluster"
	TaskDefType = "AWS::ECS::TaskDefinition"
	ServiceType = "AWS::ECS::Service"

	ProviderType     = "AWS::ECS::CapacityProvider"
	AssociationsType = "AWS::ECS::ClusterCapacityProviderAssociations"

	FailureType = "sim::ECS::DeploymentFailure"
	DigestType  = "sim::ECS::ImageDigest"

	inactiveType = "sim::ECS::InactiveTaskDefinition"
)

// RolloutTime is how long a deployment asked for through the API is in progress.
const RolloutTime = 60 * time.Second

// Service returns ECS.
func Service() core.Service {
	tags := core.Tagging{Find: tagged, Tags: "tags", Keys: "tagKeys", Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"tags": lowerTags(tags)}, nil
	}}
	return core.Service{
		Name: "ecs",
		Operations: map[string]core.Handler{
			"DescribeCapacityProviders": describeProviders, "CreateCapacityProvider": createProvider, "UpdateCapacityProvider": updateProvider,
			"PutClusterCapacityProviders": putProviders,
			"DescribeClusters":            describeClusters, "ListClusters": listClusters, "CreateCluster": createCluster, "DeleteCluster": deleteCluster,
			"RegisterTaskDefinition": registerTaskDefinition, "DeregisterTaskDefinition": deregisterTaskDefinition,
			"DescribeTaskDefinition": describeTaskDefinition, "ListTaskDefinitions": listTaskDefinitions,
			"ListTaskDefinitionFamilies": listFamilies,
			"DescribeServices":           describeServices, "ListServices": listServices, "CreateService": createService, "UpdateService": updateService,
			"ListServiceDeployments": listServiceDeployments, "DescribeServiceDeployments": describeServiceDeployments,
			"StopServiceDeployment": stopServiceDeployment, "ContinueServiceDeployment": continueServiceDeployment,
			"DeleteService": deleteService, "ListTasks": listTasks, "DescribeTasks": describeTasks,
			"ListTagsForResource": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove,
		},
		Kinds: append(capacityKinds(), clusterKind(), taskDefKind(), serviceKind()),
	}
}

func clusterKind() core.Kind {
	return core.Kind{
		Type:       ClusterType,
		Name:       core.NameRule{Property: "ClusterName", Max: 255},
		Attributes: map[string]string{"Arn": "arn:aws:ecs:{Region}:{Account}:cluster/{ClusterName}"},
		Ref:        "{ClusterName}",
		Replace:    []string{"ClusterName"},
		Delete:     emptyCluster,
	}
}

func taskDefKind() core.Kind {
	return core.Kind{
		Type:       TaskDefType,
		Name:       core.NameRule{Property: "Family", Max: 255, Shared: true},
		Identifier: []string{"TaskDefinitionArn"},
		Invalid:    "ClientException",
		Ref:        "{TaskDefinitionArn}",
		Replace: []string{"Family", "ContainerDefinitions", "Cpu", "Memory", "NetworkMode", "RequiresCompatibilities", "ExecutionRoleArn",
			"TaskRoleArn", "Volumes", "RuntimePlatform", "EphemeralStorage", "PlacementConstraints", "ProxyConfiguration", "PidMode", "IpcMode",
			"InferenceAccelerators", "EnableFaultInjection"},
		Schema: core.Schema{
			Numbers: []string{"ContainerDefinitions.Cpu", "ContainerDefinitions.Memory", "ContainerDefinitions.MemoryReservation",
				"ContainerDefinitions.PortMappings.ContainerPort", "ContainerDefinitions.PortMappings.HostPort", "ContainerDefinitions.StartTimeout",
				"ContainerDefinitions.StopTimeout", "ContainerDefinitions.HealthCheck.Interval", "ContainerDefinitions.HealthCheck.Retries",
				"ContainerDefinitions.HealthCheck.StartPeriod", "ContainerDefinitions.HealthCheck.Timeout", "EphemeralStorage.SizeInGiB"},
			Booleans: []string{"ContainerDefinitions.Essential", "ContainerDefinitions.ReadonlyRootFilesystem", "ContainerDefinitions.Privileged",
				"ContainerDefinitions.MountPoints.ReadOnly"},
			Allowed: map[string][]string{"NetworkMode": {"bridge", "host", "awsvpc", "none"}, "RequiresCompatibilities": {"EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"}},
		},
		Create: registerRevision,
		Delete: keepInactive,
	}
}

func serviceKind() core.Kind {
	return core.Kind{
		Type:       ServiceType,
		Name:       core.NameRule{Property: "ServiceName", Max: 255},
		Identifier: []string{"ServiceArn", "Cluster"},
		Ref:        "{ServiceArn}",
		Invalid:    "InvalidParameterException",
		Replace:    []string{"ServiceName", "Cluster", "LaunchType", "SchedulingStrategy", "Role", "DeploymentController"},
		Defaults: map[string]any{"DesiredCount": 1.0, "SchedulingStrategy": "REPLICA", "Cluster": "default", "EnableECSManagedTags": false,
			"EnableExecuteCommand": false},
		Schema: core.Schema{
			Required: []string{"TaskDefinition"},
			Numbers: []string{"DesiredCount", "HealthCheckGracePeriodSeconds", "DeploymentConfiguration.MaximumPercent",
				"DeploymentConfiguration.MinimumHealthyPercent", "LoadBalancers.ContainerPort"},
			Booleans: []string{"EnableECSManagedTags", "EnableExecuteCommand", "DeploymentConfiguration.DeploymentCircuitBreaker.Enable",
				"DeploymentConfiguration.DeploymentCircuitBreaker.Rollback"},
			Allowed: map[string][]string{"LaunchType": {"EC2", "FARGATE", "EXTERNAL"}, "SchedulingStrategy": {"REPLICA", "DAEMON"}},
			Range:   map[string][2]float64{"DesiredCount": {0, 5000}},
		},
		Takes:  core.Durations{Create: 90 * time.Second, Update: 90 * time.Second, Delete: 30 * time.Second},
		Create: checkService,
		Update: checkService,
	}
}
