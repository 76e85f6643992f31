package target

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/document"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

func heldBy(deployment string) func(*Service) {
	return func(s *Service) { s.Deployment, s.Barrier = deployment, 30*time.Minute }
}

// testHook is a hook of the team's, which Lockstep has nothing to do with.
var testHook = types.DeploymentLifecycleHook{TargetType: types.DeploymentLifecycleHookTargetTypeAwsLambda, HookTargetArn: aws.String("arn:aws:lambda:us-west-2:111111111111:function:smoke"),
	RoleArn: aws.String("arn:aws:iam::111111111111:role/hooks"), LifecycleStages: []types.DeploymentLifecycleHookStage{types.DeploymentLifecycleHookStagePostTestTrafficShift},
	HookDetails: document.NewLazyDocument(map[string]any{"suite": "smoke"})}

// configure gives the service a deployment strategy and hooks.
func (s *services) configure(strategy types.DeploymentStrategy, hooks ...types.DeploymentLifecycleHook) {
	s.Helper()
	_, err := s.api.UpdateService(context.Background(), &ecs.UpdateServiceInput{Cluster: aws.String("main"), Service: aws.String("shop"),
		DeploymentConfiguration: &types.DeploymentConfiguration{Strategy: strategy, BakeTimeInMinutes: aws.Int32(0), LifecycleHooks: hooks,
			DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true}}})
	if err != nil {
		s.Fatal(err)
	}
}

func (s *services) read() types.Service {
	s.Helper()
	out, err := s.api.DescribeServices(context.Background(), &ecs.DescribeServicesInput{Cluster: aws.String("main"), Services: []string{"shop"}, Include: []types.ServiceField{types.ServiceFieldTags}})
	if err != nil {
		s.Fatal(err)
	}
	return out.Services[0]
}

// asConfigured expects the service without hook and mark of Lockstep and with its own hook.
func (s *services) asConfigured() {
	s.Helper()
	now := s.read()
	hooks := now.DeploymentConfiguration.LifecycleHooks
	if len(now.Tags) != 0 || len(hooks) != 1 || aws.ToString(hooks[0].HookTargetArn) != aws.ToString(testHook.HookTargetArn) || aws.ToInt32(now.DeploymentConfiguration.BakeTimeInMinutes) != 0 {
		s.Fatalf("tags %v, %+v", now.Tags, now.DeploymentConfiguration)
	}
	var details map[string]any
	if err := hooks[0].HookDetails.UnmarshalSmithyDocument(&details); err != nil || details["suite"] != "smoke" {
		s.Errorf("the details of its hook are %v, %v", details, err)
	}
}

// staged is a service on image 1 whose deployment of image 2 waits, with its saved state.
func (s *services) staged(strategy types.DeploymentStrategy) (*ECS, []byte) {
	s.Helper()
	s.configure(strategy, testHook)
	target := s.target(imageURI("2"), heldBy("d-2"))
	saved, err := target.Image(ctx)
	if err != nil {
		s.Fatal(err)
	}
	plan, err := target.Prepare(ctx, nil)
	if err != nil || !plan.Stages {
		s.Fatalf("%+v, %v", plan, err)
	}
	if err := target.Stage(ctx, plan); err != nil {
		s.Fatal(err)
	}
	return target, saved
}

func TestAHeldServiceWaitsWithItsTasksThereAndStaysWhenTold(t *testing.T) {
	for strategy, stage := range holdAt {
		t.Run(string(strategy), func(t *testing.T) {
			s := newServices(t)
			target, _ := s.staged(strategy)
			if err := target.Staged(ctx); err != nil {
				t.Fatal(err)
			}
			hooks := s.read().DeploymentConfiguration.LifecycleHooks
			if len(hooks) != 2 || hooks[1].LifecycleStages[0] != stage || aws.ToInt32(hooks[1].TimeoutConfiguration.TimeoutInMinutes) != 30 {
				t.Errorf("%+v", hooks)
			}
			if err := errors.Join(target.Keep(ctx, "d-2"), target.Settle(ctx, "d-2"), target.Verify(ctx, nil)); err != nil {
				t.Fatal(err)
			}
			s.fails(target.Staged(ctx), deploy.Failed, "does not wait")
			if err := errors.Join(s.target(imageURI("9")).Settle(ctx, "d-2"), target.Finish(ctx)); err != nil { // another run carries the same decision out again
				t.Fatal(err)
			}
			s.asConfigured()
			if s.runs().TaskDefinition.Revision != 2 {
				t.Errorf("revision %d", s.runs().TaskDefinition.Revision)
			}
			s.release(s.target(imageURI("3"))) // and nothing waits any more
		})
	}
}

// TestWhatAHeldServiceComesTo is about the service after somebody, or nobody, gave the word.
func TestWhatAHeldServiceComesTo(t *testing.T) {
	for _, c := range []struct {
		name     string
		do       func(*services, *ECS) error
		revision int32
		settle   deploy.ErrorKind
	}{
		{"nobody says anything until the time is over", func(s *services, _ *ECS) error { s.clock.Advance(time.Hour); return nil }, 1, deploy.Failed},
		{"its run aborts it", func(_ *services, t *ECS) error { return t.Abort(ctx) }, 1, deploy.Failed},
		{"another run prepares the next release", func(s *services, _ *ECS) error {
			_, err := s.target(imageURI("3"), heldBy("d-3")).Prepare(ctx, nil)
			return err
		}, 1, deploy.Failed},
		{"another run carries the decision out", func(s *services, _ *ECS) error { return s.target(imageURI("9")).Keep(ctx, "d-2") }, 2, -1},
		{"another run gives the word of another deploy", func(s *services, _ *ECS) error {
			err := s.target(imageURI("9")).Keep(ctx, "d-1")
			s.clock.Advance(time.Hour)
			return err
		}, 1, deploy.Failed},
		{"the answer to the word is lost", func(s *services, t *ECS) error {
			defer s.inject(awssim.Fault{Effect: fault.Truncate, Service: "ecs", Operation: "ContinueServiceDeployment"})()
			return t.Keep(ctx, "d-2")
		}, 2, -1},
		{"somebody deploys something else meanwhile", func(s *services, _ *ECS) error {
			_, err := s.api.UpdateService(ctx, &ecs.UpdateServiceInput{Cluster: aws.String("main"), Service: aws.String("shop"), TaskDefinition: aws.String("shop:1")})
			return errors.Join(err, s.target(imageURI("9")).Keep(ctx, "d-2"))
		}, 1, deploy.Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServices(t)
			target, saved := s.staged(types.DeploymentStrategyBlueGreen)
			if err := c.do(s, target); err != nil {
				t.Fatal(err)
			}
			err := s.target(imageURI("9")).Settle(ctx, "d-2")
			if (err == nil) != (c.settle < 0) || err != nil && deploy.KindOf(err) != c.settle {
				t.Errorf("settle: %v (%s)", err, deploy.KindOf(err))
			}
			if s.runs().TaskDefinition.Revision != c.revision {
				t.Errorf("revision %d, want %d", s.runs().TaskDefinition.Revision, c.revision)
			}
			if _, err := s.target(imageURI("9")).Restore(ctx, saved); err != nil {
				t.Fatal(err)
			}
			if err := target.Finish(ctx); err != nil || s.runs().TaskDefinition.Revision != 1 {
				t.Fatalf("%v, revision %d", err, s.runs().TaskDefinition.Revision)
			}
			s.asConfigured()
		})
	}
}

func TestAServiceThatCannotBeHeldSettlesAndSaysWhy(t *testing.T) {
	own := types.DeploymentLifecycleHook{TargetType: types.DeploymentLifecycleHookTargetTypePause, LifecycleStages: []types.DeploymentLifecycleHookStage{types.DeploymentLifecycleHookStagePreProductionTrafficShift},
		TimeoutConfiguration: &types.DeploymentLifecycleHookTimeoutConfiguration{Action: types.DeploymentLifecycleHookActionContinue, TimeoutInMinutes: aws.Int32(5)}}
	for reason, configure := range map[string]func(*services){
		"deployment strategy is ROLLING": func(*services) {},
		"a PAUSE hook of its own":        func(s *services) { s.configure(types.DeploymentStrategyBlueGreen, own) },
	} {
		s := newServices(t)
		configure(s)
		target := s.target(imageURI("2"), heldBy("d-2"))
		plan, err := target.Prepare(ctx, nil)
		if err != nil || plan.Stages || !strings.Contains(strings.Join(plan.Notes, "; "), "not held at a barrier and settles by itself: it") || !strings.Contains(strings.Join(plan.Notes, "; "), reason) {
			t.Fatalf("%s: %+v, %v", reason, plan, err)
		}
		if err := errors.Join(target.Stage(ctx, plan), target.Verify(ctx, nil)); err != nil || len(s.read().Tags) != 0 {
			t.Errorf("%s: %v", reason, err)
		}
	}
}

func TestABadDayOfAHeldService(t *testing.T) {
	for _, c := range []struct {
		name, operation, effect string
		kind                    deploy.ErrorKind
		break_                  func(*services)
	}{
		{"tagging fails", "TagResource", fault.AccessDenied, deploy.Failed, nil},
		{"updating fails", "UpdateService", fault.AccessDenied, deploy.Failed, nil},
		{"its tasks fail", "", "", deploy.Failed, (*services).failing},
		{"the deployment cannot be followed", "DescribeServiceDeployments", fault.AccessDenied, deploy.Unknown, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServices(t)
			s.configure(types.DeploymentStrategyBlueGreen, testHook)
			target := s.target(imageURI("2"), heldBy("d-2"))
			saved, err1 := target.Image(ctx)
			plan, err2 := target.Prepare(ctx, nil)
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			heal := func() {}
			if c.break_ != nil {
				c.break_(s)
			} else {
				heal = s.inject(awssim.Fault{Effect: c.effect, Service: "ecs", Operation: c.operation})
			}
			s.fails(target.Stage(ctx, plan), c.kind)
			heal()
			if _, err := s.target(imageURI("2")).Restore(ctx, saved); err != nil || s.runs().TaskDefinition.Revision != 1 {
				t.Fatalf("%v, revision %d", err, s.runs().TaskDefinition.Revision)
			}
			s.asConfigured()
		})
	}
}

// pair is the service in two Regions.
type pair struct {
	*rig
	in map[string]*services
}

func newPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{rig: newRig(t), in: map[string]*services{}}
	for _, region := range []string{"us-east-1", "us-west-2"} {
		p.in[region] = p.services(region)
		p.in[region].configure(types.DeploymentStrategyBlueGreen, testHook)
	}
	return p
}

// deploy deploys an image to both Regions with a barrier. around may replace
// the calls of a target.
func (p *pair) deploy(ctx context.Context, image, deployment string, around func(region string, t *ECS)) deploy.Result {
	p.Helper()
	req := deploy.Request{App: "shop", Release: deploy.Release{ID: "r-" + image}, Deployment: deployment, Owner: deploy.Owner{ID: deployment}, OnCancel: deploy.DetachOnCancel}
	for region, s := range p.in {
		target := s.target(imageURI(image), heldBy(deployment))
		if around != nil {
			around(region, target)
		}
		req.Regions = append(req.Regions, deploy.Region{Name: region, Role: "standby", Targets: []deploy.Target{target},
			Ledger: ledger.New(p.config(region), "shop", region, ledger.Options{Now: p.clock.Now, Sleep: func(context.Context, time.Duration) error { return nil }})})
	}
	res, err := deploy.Run(ctx, req)
	if err != nil {
		p.Fatal(err)
	}
	return res
}

// everywhere expects an image in both Regions, and nothing left of the barrier.
func (p *pair) everywhere(image string) {
	p.Helper()
	for region, s := range p.in {
		if got := aws.ToString(s.runs().TaskDefinition.ContainerDefinitions[0].Image); got != imageURI(image) {
			p.Fatalf("%s runs %s, want %s", region, got, image)
		}
		s.asConfigured()
	}
}

// deaf is an ECS that cannot be told to continue.
type deaf struct{ serviceAPI }

func (deaf) ContinueServiceDeployment(context.Context, *ecs.ContinueServiceDeploymentInput, ...func(*eco)) (*ecs.ContinueServiceDeploymentOutput, error) {
	return nil, errors.New("the connection was lost")
}

func TestHeldServicesAreKeptInAllRegionsOrInNone(t *testing.T) {
	p := newPair(t)
	if res := p.deploy(ctx, "2", "d-2", nil); res.Outcome != deploy.Done {
		t.Fatalf("%s (%s)", res.Outcome, res.Reason)
	}
	p.everywhere("2")
	if res := p.deploy(ctx, "2", "d-3", nil); res.Outcome != deploy.NoChange {
		t.Fatalf("again: %s (%s)", res.Outcome, res.Reason)
	}
	p.in["us-west-2"].failing()
	if res := p.deploy(ctx, "3", "d-4", nil); res.Outcome != deploy.RolledBack {
		t.Fatalf("%s (%s)", res.Outcome, res.Reason)
	}
	p.everywhere("2")
	deployments, err := p.in["us-east-1"].api.ListServiceDeployments(ctx, &ecs.ListServiceDeploymentsInput{Cluster: aws.String("main"), Service: aws.String("shop"),
		Status: []types.ServiceDeploymentStatus{types.ServiceDeploymentStatusSuccessful}})
	if err != nil || len(deployments.ServiceDeployments) != 1 {
		t.Errorf("us-east-1 kept it first: %v, %+v", err, deployments)
	}
}

func TestADecisionThatARunDidNotLiveToCarryOutIsCarriedOutByTheNext(t *testing.T) {
	p := newPair(t)
	res := p.deploy(ctx, "2", "d-2", func(region string, target *ECS) {
		if region == "us-west-2" {
			target.calls = deaf{target.calls}
		}
	})
	if res.Outcome != deploy.InDoubt {
		t.Fatalf("%s (%s)", res.Outcome, res.Reason)
	}
	if res := p.deploy(ctx, "2", "d-3", nil); res.Outcome != deploy.NoChange {
		t.Fatalf("%s (%s)", res.Outcome, res.Reason)
	}
	p.everywhere("2")
}

// telling is an ECS that tells when the deployment waits.
type telling struct {
	serviceAPI
	waits func()
}

func (l telling) DescribeServiceDeployments(ctx context.Context, in *ecs.DescribeServiceDeploymentsInput, o ...func(*eco)) (*ecs.DescribeServiceDeploymentsOutput, error) {
	out, err := l.serviceAPI.DescribeServiceDeployments(ctx, in, o...)
	if err == nil && parkedIn(out.ServiceDeployments[0]) != nil {
		l.waits()
	}
	return out, err
}

// late is an ECS whose service cannot be updated before the run has died.
type late struct{ serviceAPI }

func (late) UpdateService(ctx context.Context, _ *ecs.UpdateServiceInput, _ ...func(*eco)) (*ecs.UpdateServiceOutput, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestAReleaseThatWaitsWithoutADecisionIsTakenBackByTheNextRun(t *testing.T) {
	p := newPair(t)
	killed, kill := context.WithCancel(ctx)
	defer kill()
	res := p.deploy(killed, "2", "d-2", func(region string, target *ECS) {
		if region == "us-east-1" {
			target.calls = telling{target.calls, kill}
		} else {
			target.calls = late{target.calls}
		}
	})
	if east := p.in["us-east-1"].read(); res.Outcome != deploy.InDoubt || !hasBarrierHook(&east) || markOf(&east).deployment != "d-2" {
		t.Fatalf("%s (%s), %+v", res.Outcome, res.Reason, east.DeploymentConfiguration)
	}
	if res := p.deploy(ctx, "3", "d-3", nil); res.Outcome != deploy.Done {
		t.Fatalf("%s (%s)", res.Outcome, res.Reason)
	}
	p.everywhere("3")
}
