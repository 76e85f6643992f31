package contract

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func register(s side, api *ecs.Client, family, tag string) string {
	s.Helper()
	out, err := api.RegisterTaskDefinition(context.Background(), &ecs.RegisterTaskDefinitionInput{Family: &family, NetworkMode: types.NetworkModeBridge,
		ContainerDefinitions: []types.ContainerDefinition{{Name: str("web"), Image: str("app:" + tag), Memory: aws.Int32(128), Essential: aws.Bool(true),
			DockerLabels: map[string]string{"Team": "payments"}, Environment: []types.KeyValuePair{{Name: str("A"), Value: str("1")}}}},
		Tags: []types.Tag{{Key: str("team"), Value: str("payments")}}})
	s.ok(err)
	return *out.TaskDefinition.TaskDefinitionArn
}

func TestTaskDefinitionsHaveRevisions(t *testing.T) {
	both(t, "", func(s side) {
		ctx, family := context.Background(), s.unique("web")
		api := ecs.NewFromConfig(s.config("eu-west-1"))
		first, second := register(s, api, family, "1"), register(s, api, family, "2")
		if !strings.HasSuffix(first, family+":1") || !strings.HasSuffix(second, family+":2") {
			s.Fatalf("%s and %s", first, second)
		}
		newest, err := api.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &family, Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags}})
		s.ok(err)
		c := newest.TaskDefinition.ContainerDefinitions[0]
		if *newest.TaskDefinition.TaskDefinitionArn != second || *c.Image != "app:2" || c.DockerLabels["Team"] != "payments" || *c.Environment[0].Value != "1" || len(newest.Tags) != 1 {
			s.Errorf("%+v", newest.TaskDefinition)
		}
		_, err = api.DeregisterTaskDefinition(ctx, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: &second})
		s.ok(err)
		old, err := api.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &second})
		s.ok(err)
		if old.TaskDefinition.Status != types.TaskDefinitionStatusInactive {
			s.Errorf("%+v", old.TaskDefinition)
		}
		_, err = api.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: str(family + "-none")})
		s.code(err, "ClientException")
	})
}

func TestServicesAreDescribedWithTheirDeployments(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("svc")
		api := ecs.NewFromConfig(s.config("eu-west-1"))
		_, err := api.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &name, Services: []string{name}})
		s.code(err, "ClusterNotFoundException")
		_, err = api.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: &name})
		s.ok(err)
		def := register(s, api, name, "1")
		_, err = api.CreateService(ctx, &ecs.CreateServiceInput{Cluster: &name, ServiceName: &name, TaskDefinition: &def, DesiredCount: aws.Int32(2)})
		s.ok(err)
		out, err := api.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &name, Services: []string{name, "none"}})
		s.ok(err)
		if len(out.Services) != 1 || len(out.Failures) != 1 || *out.Failures[0].Reason != "MISSING" {
			s.Fatalf("%+v", out)
		}
		svc := out.Services[0]
		if svc.DesiredCount != 2 || *svc.TaskDefinition != def || len(svc.Deployments) != 1 || *svc.Deployments[0].Status != "PRIMARY" || !strings.HasSuffix(*svc.ClusterArn, "/"+name) {
			s.Errorf("%+v", svc)
		}
		list, err := api.ListServices(ctx, &ecs.ListServicesInput{Cluster: &name})
		s.ok(err)
		if len(list.ServiceArns) != 1 || list.ServiceArns[0] != *svc.ServiceArn {
			s.Errorf("%v", list.ServiceArns)
		}
		_, err = api.UpdateService(ctx, &ecs.UpdateServiceInput{Cluster: &name, Service: &name, DesiredCount: aws.Int32(1)})
		s.ok(err)
		_, err = api.UpdateService(ctx, &ecs.UpdateServiceInput{Cluster: &name, Service: str("none"), DesiredCount: aws.Int32(1)})
		s.code(err, "ServiceNotFoundException")
		clusters, err := api.DescribeClusters(ctx, &ecs.DescribeClustersInput{Clusters: []string{name, "none"}})
		s.ok(err)
		if len(clusters.Clusters) != 1 || s.sim != nil && clusters.Clusters[0].ActiveServicesCount != 1 || len(clusters.Failures) != 1 {
			s.Errorf("%+v", clusters)
		}
	})
}

func TestADeploymentEndsAndItsTasksRunTheNewImage(t *testing.T) {
	both(t, "its deployments never end", func(s side) {
		ctx, name := context.Background(), s.unique("roll")
		api := ecs.NewFromConfig(s.config("eu-west-1"))
		_, err := api.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: &name})
		s.ok(err)
		first, second := register(s, api, name, "1"), register(s, api, name, "2")
		_, err = api.CreateService(ctx, &ecs.CreateServiceInput{Cluster: &name, ServiceName: &name, TaskDefinition: &first, DesiredCount: aws.Int32(2)})
		s.ok(err)
		done := func() bool {
			out, err := api.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &name, Services: []string{name}})
			s.ok(err)
			d := out.Services[0].Deployments
			return len(d) == 1 && d[0].RolloutState == types.DeploymentRolloutStateCompleted && d[0].RunningCount == 2
		}
		digest := func() string {
			list, err := api.ListTasks(ctx, &ecs.ListTasksInput{Cluster: &name, ServiceName: &name})
			s.ok(err)
			tasks, err := api.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: &name, Tasks: list.TaskArns})
			s.ok(err)
			if len(tasks.Tasks) != 2 || *tasks.Tasks[0].LastStatus != "RUNNING" {
				s.Fatalf("%+v", tasks)
			}
			return *tasks.Tasks[0].Containers[0].ImageDigest
		}
		s.until("the first deployment", done)
		before := digest()
		updated, err := api.UpdateService(ctx, &ecs.UpdateServiceInput{Cluster: &name, Service: &name, TaskDefinition: &second})
		s.ok(err)
		if d := updated.Service.Deployments; len(d) != 2 || d[0].RolloutState != types.DeploymentRolloutStateInProgress {
			s.Errorf("%+v", d)
		}
		s.until("the second deployment", done)
		if after := digest(); after == before || !strings.HasPrefix(after, "sha256:") {
			s.Errorf("%s, then %s", before, after)
		}
	})
}
