package evidence

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/immutable"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
)

const serviceType = "AWS::ECS::Service"

type ecsAPI interface {
	ListTasks(context.Context, *ecs.ListTasksInput, ...func(*ecs.Options)) (*ecs.ListTasksOutput, error)
	DescribeTasks(context.Context, *ecs.DescribeTasksInput, ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error)
	DescribeServices(context.Context, *ecs.DescribeServicesInput, ...func(*ecs.Options)) (*ecs.DescribeServicesOutput, error)
	DescribeTaskDefinition(context.Context, *ecs.DescribeTaskDefinitionInput, ...func(*ecs.Options)) (*ecs.DescribeTaskDefinitionOutput, error)
}

// container is one container of a service, by name: the image its task
// definition names and the digests that run.
type container struct {
	image   string
	digests map[string]bool
}

// service records which images a service's running tasks were started from, and
// how large they are. A service that runs no task is told by its task definition,
// whose images may be pinned by digest.
func (g *gatherer) service(ctx context.Context, item inventory.Item) {
	cluster := read.ClusterOf(item)
	revision, task, err := g.intended(ctx, cluster, item.ID)
	if err != nil {
		g.failed(drift.FactTaskSize, item.Key, item.Type, err)
		g.failed(drift.FactTaskImages, item.Key, item.Type, err)
		return
	}
	g.fact(drift.FactTaskSize, item.Key, map[string]any{"Revision": revision, "Cpu": task.Cpu, "NetworkMode": task.NetworkMode})
	containers, running, err := g.containers(ctx, cluster, item.ID, task.Images)
	if err != nil {
		g.failed(drift.FactTaskImages, item.Key, item.Type, err)
		return
	}
	g.wantContainers(item, containers)
	list := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(containers)) {
		c := containers[name]
		digests := slices.Sorted(maps.Keys(c.digests))
		if digests == nil {
			digests = []string{}
		}
		list = append(list, map[string]any{"Name": name, "Image": c.image, "Digests": digests})
	}
	g.fact(drift.FactTaskImages, item.Key, map[string]any{"Service": item.LogicalID(), "Containers": list, "Running": running})
}

// containers are those of the images that are intended, with what runs of them.
func (g *gatherer) containers(ctx context.Context, cluster, service string, intended map[string]string) (map[string]*container, int, error) {
	containers := map[string]*container{}
	for name, image := range intended {
		containers[name] = &container{image: image, digests: map[string]bool{}}
	}
	tasks, err := g.tasks(ctx, cluster, service)
	if err != nil {
		return nil, 0, err
	}
	for _, task := range tasks {
		for _, c := range task.Containers {
			name := aws.ToString(c.Name)
			if containers[name] == nil {
				containers[name] = &container{image: aws.ToString(c.Image), digests: map[string]bool{}}
			}
			if digest := aws.ToString(c.ImageDigest); digest != "" {
				containers[name].digests[digest] = true
			}
		}
	}
	return containers, len(tasks), nil
}

// intended is the revision of a task definition that the service uses now.
func (g *gatherer) intended(ctx context.Context, cluster, service string) (revision string, task read.Task, err error) {
	out, err := g.ecs.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &cluster, Services: []string{service}})
	if err != nil {
		return "", read.Task{}, err
	}
	if len(out.Services) != 1 {
		return "", read.Task{}, fmt.Errorf("describe service %s: ECS does not know it", service)
	}
	revision = aws.ToString(out.Services[0].TaskDefinition)
	task, err = g.task(ctx, revision)
	return revision, task, err
}

// task is what a revision says. The service was just seen to use it.
func (g *gatherer) task(ctx context.Context, revision string) (read.Task, error) {
	return immutable.Ask(g.known, immutable.TaskDefinition, revision, func() (read.Task, error) {
		out, err := g.ecs.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &revision})
		if err != nil {
			return read.Task{}, err
		}
		task := read.TaskOf(out.TaskDefinition)
		if len(task.Images) == 0 {
			return read.Task{}, fmt.Errorf("describe task definition %s: the answer has no containers", revision)
		}
		return task, nil
	})
}

// tasksPerCall is DescribeTasks' limit and ListTasks' page.
const tasksPerCall = 100

func (g *gatherer) tasks(ctx context.Context, cluster, service string) ([]types.Task, error) {
	var all []types.Task
	pages := ecs.NewListTasksPaginator(g.ecs, &ecs.ListTasksInput{
		Cluster: &cluster, ServiceName: &service, DesiredStatus: types.DesiredStatusRunning, MaxResults: aws.Int32(tasksPerCall),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		if len(page.TaskArns) == 0 {
			continue
		}
		out, err := g.ecs.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: &cluster, Tasks: page.TaskArns})
		if err != nil {
			return nil, err
		}
		for _, task := range out.Tasks {
			if aws.ToString(task.LastStatus) == "RUNNING" {
				all = append(all, task)
			}
		}
	}
	return all, nil
}
