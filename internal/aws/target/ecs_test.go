package target

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	simecs "github.com/lockstep-dr/lockstep/internal/awssim/ecs"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

// services is a rig with one ECS service of two containers.
type services struct {
	*rig
	region string
	api    *ecs.Client
}

func imageURI(digit string) string {
	return "registry.example.com/web@sha256:" + strings.Repeat(digit, 64)
}

func newServices(t *testing.T) *services {
	t.Helper()
	return newRig(t).services("us-west-2")
}

// services makes the service in a Region.
func (r *rig) services(region string) *services {
	r.Helper()
	s := &services{rig: r, region: region, api: ecs.NewFromConfig(r.config(region))}
	_, err1 := s.api.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: aws.String("main")})
	_, err2 := s.api.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{Family: aws.String("shop"), TaskRoleArn: aws.String("arn:aws:iam::111111111111:role/shop"),
		NetworkMode: types.NetworkModeBridge, Cpu: aws.String("256"), Memory: aws.String("512"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("pay")}},
		Volumes: []types.Volume{{Name: aws.String("data")}}, ContainerDefinitions: []types.ContainerDefinition{
			{Name: aws.String("web"), Image: aws.String(imageURI("1")), Environment: []types.KeyValuePair{{Name: aws.String("EMPTY"), Value: aws.String("")}}},
			{Name: aws.String("log"), Image: aws.String("registry.example.com/log:3")}}})
	_, err3 := s.api.CreateService(ctx, &ecs.CreateServiceInput{Cluster: aws.String("main"), ServiceName: aws.String("shop"), TaskDefinition: aws.String("shop:1"),
		DesiredCount: aws.Int32(2), DeploymentConfiguration: &types.DeploymentConfiguration{DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true}}})
	if err := errors.Join(err1, err2, err3); err != nil {
		r.Fatal(err)
	}
	s.clock.Advance(2 * simecs.RolloutTime)
	return s
}

func (s *services) target(image string, change ...func(*Service)) *ECS {
	s.Helper()
	spec := Service{App: "shop", Release: "r-1", Deployment: "d-1", Key: "ecs/shop", Cluster: "main", Name: "shop", Region: s.region, Images: map[string]string{"web": image}}
	for _, c := range change {
		c(&spec)
	}
	t, err := NewService(s.config(s.region), spec, s.options())
	if err != nil {
		s.Fatal(err)
	}
	return t
}

// runs is the task definition of the service.
func (s *services) runs() *ecs.DescribeTaskDefinitionOutput {
	s.Helper()
	out, err := s.api.DescribeServices(context.Background(), &ecs.DescribeServicesInput{Cluster: aws.String("main"), Services: []string{"shop"}})
	if err != nil {
		s.Fatal(err)
	}
	def, err := s.api.DescribeTaskDefinition(context.Background(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: out.Services[0].TaskDefinition,
		Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags}})
	if err != nil {
		s.Fatal(err)
	}
	return def
}

func (s *services) release(t *ECS) deploy.Plan {
	s.Helper()
	plan, err := t.Prepare(context.Background(), nil)
	if err == nil && plan.Action != deploy.ActionNone {
		err = t.Execute(context.Background(), plan)
	}
	if err == nil {
		err = t.Verify(context.Background(), nil)
	}
	if err != nil {
		s.Fatal(err)
	}
	return plan
}

// failing lets every deployment of the service fail in the simulator.
func (s *services) failing() {
	s.cloud.World().Store.Put(store.Resource{Scope: store.Scope{Account: "111111111111", Region: s.region}, Type: simecs.FailureType, ID: "shop", Properties: map[string]any{}})
}

// healthy ends what failing began.
func (s *services) healthy() {
	s.cloud.World().Store.Delete(store.Scope{Account: "111111111111", Region: s.region}, simecs.FailureType, "shop")
}

func TestAServiceIsReleasedByItsImageAndNothingElseIsLost(t *testing.T) {
	s := newServices(t)
	plan := s.release(s.target(imageURI("2")))
	if plan.Action != deploy.ActionUpdate || !strings.HasPrefix(plan.Proof, "web=sha256:2222") {
		t.Errorf("%+v", plan)
	}
	now := s.runs()
	def := now.TaskDefinition
	if def.Revision != 2 || aws.ToString(def.ContainerDefinitions[0].Image) != imageURI("2") || aws.ToString(def.ContainerDefinitions[1].Image) != "registry.example.com/log:3" {
		t.Errorf("%+v", def.ContainerDefinitions)
	}
	if len(now.Tags) != 1 || aws.ToString(def.TaskRoleArn) == "" || len(def.Volumes) != 1 || aws.ToString(def.Memory) != "512" ||
		len(def.ContainerDefinitions[0].Environment) != 1 || def.ContainerDefinitions[0].Environment[0].Value == nil {
		t.Errorf("something was lost: %+v, tags %v", def, now.Tags)
	}
	if again := s.release(s.target(imageURI("2"))); again.Action != deploy.ActionNone {
		t.Errorf("the second plan: %+v", again)
	}
}

func TestAServiceGoesBackToTheTaskDefinitionItRan(t *testing.T) {
	s := newServices(t)
	saved, err := s.target(imageURI("2")).Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.release(s.target(imageURI("2")))
	for _, want := range []string{"restored", "untouched"} {
		back, err := s.target(imageURI("2")).Restore(t.Context(), saved)
		if err != nil || back.Status != want || s.runs().TaskDefinition.Revision != 1 {
			t.Fatalf("%+v, %v, revision %d", back, err, s.runs().TaskDefinition.Revision)
		}
	}
	again, err := s.target(imageURI("3")).At(saved)
	if err != nil {
		t.Fatal(err)
	}
	s.release(s.target(imageURI("2")))
	s.release(again.(*ECS))
	if s.runs().TaskDefinition.Revision != 1 {
		t.Errorf("revision %d", s.runs().TaskDefinition.Revision)
	}
}

// TestAServiceThatSomebodyElseMovedIsLeftThere: what this release did not put
// there is somebody's, unless a target before it may have.
func TestAServiceThatSomebodyElseMovedIsLeftThere(t *testing.T) {
	theirs := func(s *services) { s.release(s.target(imageURI("7"))) }
	for name, c := range map[string]struct {
		move    func(*services, *ECS)
		same    bool // the process is the one that released
		follows bool
		left    bool
		note    bool
	}{
		"this release, in this run":                {func(s *services, own *ECS) { s.release(own) }, true, false, false, false},
		"this release, in an earlier run":          {func(s *services, own *ECS) { s.release(own) }, false, false, false, false},
		"somebody else":                            {func(s *services, _ *ECS) { theirs(s) }, false, false, true, false},
		"somebody else after it":                   {func(s *services, own *ECS) { s.release(own); theirs(s) }, true, false, true, false},
		"somebody else, or a stack of the release": {func(s *services, _ *ECS) { theirs(s) }, false, true, false, true},
		"somebody else, or a stack, after it":      {func(s *services, own *ECS) { s.release(own); theirs(s) }, true, true, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServices(t)
			own := s.target(imageURI("2"))
			saved, err := own.Image(ctx)
			if err != nil {
				t.Fatal(err)
			}
			c.move(s, own)
			ran := s.runs().TaskDefinition.Revision
			if !c.same {
				own = s.target(imageURI("9")) // of a release that came after
			}
			if c.follows {
				own.Follows()
			}
			back, err := own.Restore(ctx, saved)
			if c.left {
				s.fails(err, deploy.Stuck, fmt.Sprintf("somebody else deployed arn:aws:ecs:us-west-2:111111111111:task-definition/shop:%d to service shop in us-west-2, and it is left there", ran),
					"the release before ran arn:aws:ecs:us-west-2:111111111111:task-definition/shop:1")
				if s.runs().TaskDefinition.Revision != ran {
					t.Errorf("revision %d", s.runs().TaskDefinition.Revision)
				}
				return
			}
			if err != nil || back.Status != "restored" || s.runs().TaskDefinition.Revision != 1 || (len(back.Notes) > 0) != c.note {
				t.Errorf("%+v, %v, revision %d", back, err, s.runs().TaskDefinition.Revision)
			}
		})
	}
}

func TestAServiceThatSomebodyMovesBeforeItsTurnStopsTheDeploy(t *testing.T) {
	s := newServices(t)
	target := s.target(imageURI("2"))
	plan, err := target.Prepare(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.release(s.target(imageURI("7")))
	s.fails(target.Execute(ctx, plan), deploy.Stuck, "somebody else deployed", "shop:2 to service shop in us-west-2 since the release was planned", "find out who")
	if s.runs().TaskDefinition.Revision != 2 {
		t.Errorf("revision %d", s.runs().TaskDefinition.Revision)
	}
}

// What a circuit breaker takes back is a failed release, although the service
// is stable again.
func TestACircuitBreakersRollbackIsAFailedRelease(t *testing.T) {
	s := newServices(t)
	s.failing()
	target := s.target(imageURI("2"))
	saved, err := target.Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	plan, err := target.Prepare(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.fails(target.Execute(t.Context(), plan), deploy.Failed, "ROLLBACK_SUCCESSFUL", "circuit breaker")
	if back, err := target.Restore(t.Context(), saved); err != nil || back.Status != "untouched" {
		t.Errorf("%+v, %v", back, err)
	}
	s.fails(target.Verify(t.Context(), nil), deploy.Failed, "not the release")
}

func TestAnAbortedDeploymentIsStoppedAndTakenBack(t *testing.T) {
	s := newServices(t)
	target := s.target(imageURI("2"))
	plan, err := target.Prepare(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.onSleep = func(int) {
		if target.running.Load() != nil {
			if err := target.Abort(context.Background()); err != nil {
				t.Error(err)
			}
		}
	}
	err = target.Execute(t.Context(), plan)
	s.fails(err, deploy.Failed, "ROLLBACK_SUCCESSFUL")
	var known *deploy.Error
	if !errors.As(err, &known) || !known.Cancelled || s.runs().TaskDefinition.Revision != 1 {
		t.Errorf("%v, revision %d", err, s.runs().TaskDefinition.Revision)
	}
}

func TestAServiceThatCannotBeReleasedToIsRefused(t *testing.T) {
	s := newServices(t)
	if plan, err := s.target(imageURI("2"), func(x *Service) { x.Name = "nobody" }).Prepare(t.Context(), nil); err != nil || !strings.Contains(plan.Deferred, "does not exist yet") {
		t.Errorf("a service that is still to be made: %+v, %v", plan, err)
	}
	_, err := s.target(imageURI("2"), func(x *Service) { x.Images = map[string]string{"api": imageURI("2")} }).Prepare(t.Context(), nil)
	s.fails(err, deploy.Refused, "no container api")
	if _, err := ecr.NewFromConfig(s.config("us-west-2")).CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String("web")}); err != nil {
		t.Fatal(err)
	}
	for _, repository := range []string{"web", "nobody"} {
		own := "111111111111.dkr.ecr.us-west-2.amazonaws.com/" + repository + "@sha256:" + strings.Repeat("2", 64)
		_, err = s.target(own).Prepare(t.Context(), nil)
		s.fails(err, deploy.Refused, "service shop in us-west-2", own+", is not in the registry", "push or replicate it there first")
	}
	if _, err := NewService(s.config("us-west-2"), Service{Images: map[string]string{"web": "web:latest"}}, s.options()); err == nil {
		t.Error("a tag was taken")
	}
}

func TestABadDayOfAService(t *testing.T) {
	for _, c := range []struct {
		name, operation, effect string
		kind                    deploy.ErrorKind
		released                bool
	}{
		{"registering fails", "RegisterTaskDefinition", fault.AccessDenied, deploy.Failed, false},
		{"updating fails", "UpdateService", fault.AccessDenied, deploy.Failed, false},
		{"the answer to updating is lost", "UpdateService", fault.Truncate, 0, true},
		{"the deployment cannot be followed", "DescribeServiceDeployments", fault.AccessDenied, deploy.Unknown, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServices(t)
			target := s.target(imageURI("2"))
			plan, err := target.Prepare(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			heal := s.inject(awssim.Fault{Effect: c.effect, Service: "ecs", Operation: c.operation})
			err = target.Execute(t.Context(), plan)
			heal()
			if (err != nil) != (c.operation != "UpdateService" || c.kind != 0) || err != nil && deploy.KindOf(err) != c.kind {
				t.Errorf("%v is %s, want %s", err, deploy.KindOf(err), c.kind)
			}
			s.clock.Advance(2 * simecs.RolloutTime)
			if got := s.runs().TaskDefinition.Revision == 2; got != c.released {
				t.Errorf("released: %v, want %v", got, c.released)
			}
			s.release(s.target(imageURI("2"))) // running again converges
		})
	}
}

func TestEveryStatusOfAServiceDeploymentHasAMeaning(t *testing.T) {
	over := map[types.ServiceDeploymentStatus]bool{"SUCCESSFUL": true, "ROLLBACK_SUCCESSFUL": true, "ROLLBACK_FAILED": true, "STOPPED": true}
	for _, status := range types.ServiceDeploymentStatus("").Values() {
		if _, ends := ecsEnds[status]; ends != over[status] {
			t.Errorf("%s ends a deployment: %v", status, ends)
		}
		if ecsEnds[status] == succeeded && status != "SUCCESSFUL" {
			t.Errorf("%s counts as a success", status)
		}
	}
}

func TestAServiceThatIsStillBeingDeployedIsNotVerified(t *testing.T) {
	s := newServices(t)
	target := s.target(imageURI("2"))
	s.release(target)
	_, err := s.api.UpdateService(t.Context(), &ecs.UpdateServiceInput{Cluster: aws.String("main"), Service: aws.String("shop"), ForceNewDeployment: true})
	if err != nil {
		t.Fatal(err)
	}
	opts := s.options()
	opts.Sleep = func(ctx context.Context, d time.Duration) error { return ctx.Err() } // nothing comes of waiting
	now := s.clock.Now()
	opts.Now = func() time.Time { now = now.Add(10 * time.Second); return now }
	impatient, err := NewService(s.config("us-west-2"), target.spec, opts)
	if err != nil {
		t.Fatal(err)
	}
	s.fails(impatient.Verify(t.Context(), nil), deploy.Failed, "still under way")
	if err := target.Verify(t.Context(), nil); err != nil { // it waits until it is over
		t.Error(err)
	}
}
