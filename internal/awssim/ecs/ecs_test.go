package ecs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/ecs"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func image(region, tag string) string {
	return coretest.Account + ".dkr.ecr." + region + ".amazonaws.com/app:" + tag
}

func definition(region, tag string) map[string]any {
	return map[string]any{"Family": "app", "NetworkMode": "awsvpc", "RequiresCompatibilities": []any{"FARGATE"}, "Cpu": "256", "Memory": "512",
		"ContainerDefinitions": []any{map[string]any{"Name": "web", "Image": image(region, tag),
			"PortMappings":     []any{map[string]any{"ContainerPort": "8080"}},
			"LogConfiguration": map[string]any{"LogDriver": "awslogs", "Options": map[string]any{"awslogs-group": "g"}},
			"DockerLabels":     map[string]any{"Team": "Payments"}}}}
}

// bench has a cluster, a first task definition and a service in both Regions.
func bench(t *testing.T) (b *coretest.Bench, service store.Resource) {
	b = coretest.New(t, ecs.Service())
	for _, region := range []string{coretest.East, coretest.West} {
		b.Made(region, "C", ecs.ClusterType, map[string]any{"ClusterName": "main"})
		b.Made(region, "T", ecs.TaskDefType, definition(region, "1"))
		r := b.Made(region, "S", ecs.ServiceType, map[string]any{"Cluster": "main", "ServiceName": "web", "TaskDefinition": "app", "DesiredCount": "2",
			"LaunchType": "FARGATE", "NetworkConfiguration": map[string]any{"AwsvpcConfiguration": map[string]any{"Subnets": []any{"s"}}},
			"DeploymentConfiguration": map[string]any{"DeploymentCircuitBreaker": map[string]any{"Enable": true, "Rollback": true}}})
		if region == coretest.East {
			service = r
		}
	}
	return b, service
}

func named() wire.Object {
	return wire.Object{"cluster": "main", "service": "web", "services": []any{"web"}}
}

func described(b *coretest.Bench) (wire.Object, []wire.Object) {
	b.Helper()
	s := b.Call(coretest.East, "ecs.DescribeServices", named()).Objects("services")[0]
	return s, s.Objects("deployments")
}

func TestADeploymentAskedForThroughTheAPITakesItsTime(t *testing.T) {
	b, _ := bench(t)
	s, d := described(b)
	if len(d) != 1 || d[0]["rolloutState"] != "COMPLETED" || s.Int("runningCount", 0) != 2 {
		t.Fatalf("%v", s)
	}
	b.Made(coretest.East, "T2", ecs.TaskDefType, definition(coretest.East, "2"))
	update := named()
	update["taskDefinition"] = "app"
	b.Call(coretest.East, "ecs.UpdateService", update)
	s, d = described(b)
	if len(d) != 2 || d[0]["rolloutState"] != "IN_PROGRESS" || !strings.HasSuffix(d[0].String("taskDefinition"), "app:2") || d[1]["status"] != "ACTIVE" ||
		s.Int("runningCount", 0) != 2 || s.Int("pendingCount", 0) != 2 {
		t.Fatalf("%v", s)
	}
	b.Clock.Advance(ecs.RolloutTime)
	s, d = described(b)
	if len(d) != 1 || d[0]["rolloutState"] != "COMPLETED" || s.Int("runningCount", 0) != 2 || s.Int("pendingCount", 0) != 0 {
		t.Errorf("%v", s)
	}
}

func TestACircuitBreakerReturnsToWhatWorked(t *testing.T) {
	b, r := bench(t)
	b.World.Store.Put(store.Resource{Scope: r.Scope, Type: ecs.FailureType, ID: "web", Properties: map[string]any{"Message": "tasks failed to start"}})
	b.Made(coretest.East, "T2", ecs.TaskDefType, definition(coretest.East, "2"))
	update := named()
	update["taskDefinition"] = "app:2"
	b.Call(coretest.East, "ecs.UpdateService", update)
	b.Clock.Advance(ecs.RolloutTime)
	s, d := described(b)
	if len(d) != 1 || !strings.HasSuffix(s.String("taskDefinition"), "app:1") || d[0]["rolloutState"] != "COMPLETED" {
		t.Errorf("%v", s)
	}
	_, err := b.World.Update(r.Scope, r.Type, r.ID, core.Patch{Properties: map[string]any{"TaskDefinition": "app:2"}})
	if message := b.Code("NotStabilized", err); message != "tasks failed to start" {
		t.Error(message)
	}
}

func TestTheSameImageHasOneDigestInBothRegionsUnlessScripted(t *testing.T) {
	b, _ := bench(t)
	digest := func(region string) string {
		t.Helper()
		tasks := b.Call(region, "ecs.ListTasks", wire.Object{"cluster": "main", "serviceName": "web"}).List("taskArns")
		if len(tasks) != 2 {
			t.Fatalf("%v", tasks)
		}
		one := b.Call(region, "ecs.DescribeTasks", wire.Object{"cluster": "main", "tasks": tasks[:1]}).Objects("tasks")[0]
		return one.Objects("containers")[0].String("imageDigest")
	}
	east := digest(coretest.East)
	if !strings.HasPrefix(east, "sha256:") || east != digest(coretest.West) {
		t.Errorf("%s and %s", east, digest(coretest.West))
	}
	b.World.Store.Put(store.Resource{Scope: coretest.Scope(coretest.West), Type: ecs.DigestType, ID: image(coretest.West, "1"),
		Properties: map[string]any{"Digest": "sha256:old"}})
	if digest(coretest.West) != "sha256:old" || digest(coretest.East) != east {
		t.Error("the script changes nothing, or too much")
	}
}

func TestTaskDefinitionsKeepTheLettersOfTheCustomer(t *testing.T) {
	b, _ := bench(t)
	d := b.Call(coretest.East, "ecs.DescribeTaskDefinition", wire.Object{"taskDefinition": "app"}).Object("taskDefinition")
	c := d.Objects("containerDefinitions")[0]
	if c.Object("dockerLabels")["Team"] != "Payments" || c.Object("logConfiguration").Object("options")["awslogs-group"] != "g" ||
		c.Objects("portMappings")[0]["hostPort"] != 8080.0 || d.Int("revision", 0) != 1 {
		t.Errorf("%v", d)
	}
	made := b.Call(coretest.East, "ecs.RegisterTaskDefinition", wire.Object{"family": "app", "containerDefinitions": []any{
		wire.Object{"name": "web", "image": "nginx:1", "dockerLabels": wire.Object{"team": "x", "Owner": "y"}}}}).Object("taskDefinition")
	if made.Int("revision", 0) != 2 || made.Objects("containerDefinitions")[0].Object("dockerLabels")["Owner"] != "y" {
		t.Errorf("%v", made)
	}
	b.Call(coretest.East, "ecs.DeregisterTaskDefinition", wire.Object{"taskDefinition": "app:2"})
	still := b.Call(coretest.East, "ecs.DescribeTaskDefinition", wire.Object{"taskDefinition": "app:2"}).Object("taskDefinition")
	if still["status"] != "INACTIVE" {
		t.Errorf("%v", still)
	}
	b.Refused("ClientException", coretest.East, "ecs.UpdateService", wire.Object{"cluster": "main", "service": "web", "taskDefinition": "app:2"})
}

func TestAServiceNeedsWhatItsTasksNeed(t *testing.T) {
	b, _ := bench(t)
	for code, change := range map[string]map[string]any{
		"ClusterNotFoundException":  {"Cluster": "none"},
		"ClientException":           {"TaskDefinition": "none"},
		"InvalidParameterException": {"NetworkConfiguration": nil},
		"ValidationException":       {"DesiredCount": "-1"},
	} {
		p := map[string]any{"Cluster": "main", "TaskDefinition": "app", "NetworkConfiguration": map[string]any{}}
		for k, v := range change {
			p[k] = v
			if v == nil {
				delete(p, k)
			}
		}
		_, err := b.Make(coretest.East, "X", ecs.ServiceType, p)
		b.Code(code, err)
	}
	b.Refused("ClusterContainsServicesException", coretest.East, "ecs.DeleteCluster", wire.Object{"cluster": "main"})
	b.Refused("InvalidParameterException", coretest.East, "ecs.DeleteService", named())
}

func serviceDeployment(b *coretest.Bench) wire.Object {
	b.Helper()
	list := b.Call(coretest.East, "ecs.ListServiceDeployments", named()).Objects("serviceDeployments")
	if len(list) == 0 {
		return wire.Object{}
	}
	arns := []any{list[0]["serviceDeploymentArn"]}
	return b.Call(coretest.East, "ecs.DescribeServiceDeployments", wire.Object{"serviceDeploymentArns": arns}).Objects("serviceDeployments")[0]
}

func TestAServiceDeploymentSaysHowItEnded(t *testing.T) {
	for want, bad := range map[string]bool{"SUCCESSFUL": false, "ROLLBACK_SUCCESSFUL": true} {
		b, r := bench(t)
		if bad {
			b.World.Store.Put(store.Resource{Scope: r.Scope, Type: ecs.FailureType, ID: "web", Properties: map[string]any{}})
		}
		b.Made(coretest.East, "T2", ecs.TaskDefType, definition(coretest.East, "2"))
		update := named()
		update["taskDefinition"] = "app:2"
		b.Call(coretest.East, "ecs.UpdateService", update)
		if d := serviceDeployment(b); d["status"] != "IN_PROGRESS" {
			t.Errorf("at first: %v", d)
		}
		b.Clock.Advance(ecs.RolloutTime)
		if d := serviceDeployment(b); d["status"] != want {
			t.Errorf("want %s: %v", want, d)
		}
	}
}

func TestAStoppedServiceDeploymentReturnsToWhatTheServiceHad(t *testing.T) {
	b, _ := bench(t)
	b.Made(coretest.East, "T2", ecs.TaskDefType, definition(coretest.East, "2"))
	update := named()
	update["taskDefinition"] = "app:2"
	b.Call(coretest.East, "ecs.UpdateService", update)
	b.Call(coretest.East, "ecs.StopServiceDeployment", wire.Object{"serviceDeploymentArn": serviceDeployment(b)["serviceDeploymentArn"]})
	b.Clock.Advance(ecs.RolloutTime)
	s, _ := described(b)
	if d := serviceDeployment(b); d["status"] != "ROLLBACK_SUCCESSFUL" || !strings.HasSuffix(s.String("taskDefinition"), "app:1") {
		t.Errorf("%v %v", d, s)
	}
}

// pausing is the service with a strategy and a PAUSE hook of five minutes, on its way to app:2.
func pausing(t *testing.T, strategy, stage, action string) *coretest.Bench {
	b, _ := bench(t)
	b.Made(coretest.East, "T2", ecs.TaskDefType, definition(coretest.East, "2"))
	update := named()
	update["taskDefinition"] = "app:2"
	update["deploymentConfiguration"] = wire.Object{"strategy": strategy, "lifecycleHooks": []any{wire.Object{"targetType": "PAUSE", "lifecycleStages": []any{stage},
		"timeoutConfiguration": wire.Object{"action": action, "timeoutInMinutes": 5}}}}
	b.Call(coretest.East, "ecs.UpdateService", update)
	return b
}

// hook is the last hook that the newest deployment has come to.
func hook(b *coretest.Bench) wire.Object {
	b.Helper()
	list := serviceDeployment(b).Objects("lifecycleHookDetails")
	if len(list) == 0 {
		return wire.Object{}
	}
	return list[len(list)-1]
}

// answer continues the newest deployment, or takes it back.
func answer(b *coretest.Bench, action string) {
	b.Helper()
	b.Call(coretest.East, "ecs.ContinueServiceDeployment", wire.Object{"serviceDeploymentArn": serviceDeployment(b)["serviceDeploymentArn"], "hookId": hook(b)["hookId"], "action": action})
}

func TestADeploymentWaitsAtAPauseHook(t *testing.T) {
	for _, c := range []struct {
		name, strategy, stage, timeout string
		do                             func(*coretest.Bench)
		status, hook, runs             string
	}{
		{"until it is continued", "BLUE_GREEN", "PRE_PRODUCTION_TRAFFIC_SHIFT", "ROLLBACK", func(b *coretest.Bench) { answer(b, "CONTINUE") }, "SUCCESSFUL", "SUCCEEDED", "app:2"},
		{"until it is taken back", "BLUE_GREEN", "POST_SCALE_UP", "CONTINUE", func(b *coretest.Bench) { answer(b, "ROLLBACK") }, "ROLLBACK_SUCCESSFUL", "SUCCEEDED", "app:1"},
		{"until it is stopped", "BLUE_GREEN", "POST_SCALE_UP", "CONTINUE", func(b *coretest.Bench) {
			b.Call(coretest.East, "ecs.StopServiceDeployment", wire.Object{"serviceDeploymentArn": serviceDeployment(b)["serviceDeploymentArn"]})
		}, "ROLLBACK_SUCCESSFUL", "AWAITING_ACTION", "app:1"},
		{"until its time is over", "CANARY", "POST_SCALE_UP", "ROLLBACK", func(b *coretest.Bench) { b.Clock.Advance(5 * time.Minute) }, "ROLLBACK_SUCCESSFUL", "TIMED_OUT", "app:1"},
		{"and goes on when its time is over, if that is asked for", "CANARY", "POST_SCALE_UP", "CONTINUE", func(b *coretest.Bench) { b.Clock.Advance(5 * time.Minute) }, "SUCCESSFUL", "TIMED_OUT", "app:2"},
		{"at every step of its traffic", "LINEAR", "PRE_PRODUCTION_TRAFFIC_SHIFT", "ROLLBACK", func(b *coretest.Bench) { answer(b, "CONTINUE") }, "IN_PROGRESS", "AWAITING_ACTION", "app:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := pausing(t, c.strategy, c.stage, c.timeout)
			if h := hook(b); h["hookId"] != nil {
				t.Errorf("it waits before its tasks are there: %v", h)
			}
			b.Clock.Advance(ecs.RolloutTime)
			if d := serviceDeployment(b); d["status"] != "IN_PROGRESS" || d["lifecycleStage"] != c.stage || hook(b)["status"] != "AWAITING_ACTION" {
				t.Fatalf("%v", d)
			}
			c.do(b)
			s, _ := described(b)
			if d := serviceDeployment(b); d["status"] != c.status || hook(b)["status"] != c.hook || !strings.HasSuffix(s.String("taskDefinition"), c.runs) {
				t.Errorf("%v, runs %s", d, s.String("taskDefinition"))
			}
		})
	}
}

func TestAPauseHookBeforeTheTasksKeepsThemFromStarting(t *testing.T) {
	b := pausing(t, "BLUE_GREEN", "PRE_SCALE_UP", "ROLLBACK")
	b.Clock.Advance(2 * ecs.RolloutTime)
	if d := serviceDeployment(b); d["lifecycleStage"] != "PRE_SCALE_UP" {
		t.Fatalf("%v", d)
	}
	answer(b, "CONTINUE")
	if d := serviceDeployment(b); d["status"] != "IN_PROGRESS" {
		t.Errorf("its tasks took no time: %v", d)
	}
	b.Clock.Advance(ecs.RolloutTime)
	if d := serviceDeployment(b); d["status"] != "SUCCESSFUL" {
		t.Errorf("%v", d)
	}
}

func TestWhereNoDeploymentPauses(t *testing.T) {
	b := pausing(t, "ROLLING", "POST_SCALE_UP", "ROLLBACK")
	b.Clock.Advance(ecs.RolloutTime)
	d := serviceDeployment(b)
	if d["status"] != "SUCCESSFUL" || d["lifecycleHookDetails"] != nil {
		t.Errorf("%v", d)
	}
	b.Refused("InvalidParameterException", coretest.East, "ecs.ContinueServiceDeployment", wire.Object{"serviceDeploymentArn": d["serviceDeploymentArn"], "hookId": "none"})
	update := named()
	update["deploymentConfiguration"] = wire.Object{"strategy": "BLUE_GREEN", "lifecycleHooks": []any{wire.Object{"targetType": "PAUSE", "lifecycleStages": []any{"PRODUCTION_TRAFFIC_SHIFT"}}}}
	b.Refused("InvalidParameterException", coretest.East, "ecs.UpdateService", update)
}
