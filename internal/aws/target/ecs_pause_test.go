package target

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// paused is an ECS whose service has a PAUSE hook, which the simulator knows
// nothing of: a deployment waits there until continued.
type paused struct {
	serviceAPI
	hooks     []types.DeploymentLifecycleHook
	continued func() bool
}

func (p *paused) DescribeServices(ctx context.Context, in *ecs.DescribeServicesInput, o ...func(*eco)) (*ecs.DescribeServicesOutput, error) {
	out, err := p.serviceAPI.DescribeServices(ctx, in, o...)
	if err == nil {
		out.Services[0].DeploymentConfiguration = &types.DeploymentConfiguration{LifecycleHooks: p.hooks}
	}
	return out, err
}

func (p *paused) DescribeServiceDeployments(ctx context.Context, in *ecs.DescribeServiceDeploymentsInput, o ...func(*eco)) (*ecs.DescribeServiceDeploymentsOutput, error) {
	out, err := p.serviceAPI.DescribeServiceDeployments(ctx, in, o...)
	if err == nil && !p.continued() {
		d := &out.ServiceDeployments[0]
		d.Status, d.LifecycleStage = types.ServiceDeploymentStatusInProgress, types.ServiceDeploymentLifecycleStagePostScaleUp
		d.LifecycleHookDetails = []types.DeploymentLifecycleHookDetail{
			{HookId: aws.String("h-0"), Status: types.DeploymentLifecycleHookStatusSucceeded},
			{HookId: aws.String("h-1"), Status: types.DeploymentLifecycleHookStatusAwaitingAction, TimeoutAction: types.DeploymentLifecycleHookActionRollback,
				ExpiresAt: aws.Time(time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC))}}
	}
	return out, err
}

func TestADeploymentThatWaitsForAPersonIsSaidToWait(t *testing.T) {
	s := newServices(t)
	target := s.target(imageURI("2"))
	start := s.clock.Now()
	target.calls = &paused{serviceAPI: target.calls, continued: func() bool { return s.clock.Now().Sub(start) > time.Hour }, hooks: []types.DeploymentLifecycleHook{
		{TargetType: types.DeploymentLifecycleHookTargetTypeAwsLambda, LifecycleStages: []types.DeploymentLifecycleHookStage{types.DeploymentLifecycleHookStagePreScaleUp}},
		{TargetType: types.DeploymentLifecycleHookTargetTypePause, LifecycleStages: []types.DeploymentLifecycleHookStage{types.DeploymentLifecycleHookStagePostScaleUp}}}}
	plan, err := target.Prepare(t.Context(), nil)
	if err != nil || len(plan.Notes) != 1 || !strings.Contains(plan.Notes[0], "PAUSE hook of POST_SCALE_UP") {
		t.Fatalf("%v, notes %q", err, plan.Notes)
	}
	if err := target.Execute(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	var waits []deploy.Event
	for _, e := range s.events {
		if e.Status == deploy.Held {
			waits = append(waits, e)
		}
	}
	if len(waits) != 1 || waits[0].Text != "for somebody to continue hook h-1 at POST_SCALE_UP; at 2026-11-23 18:00 UTC ECS does ROLLBACK" {
		t.Errorf("it said %+v", waits)
	}
}
