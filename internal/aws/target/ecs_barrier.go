package target

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

var (
	_ deploy.Stager   = (*ECS)(nil)
	_ deploy.Finisher = (*ECS)(nil)
)

// holdAt is where a deployment of each strategy is held: its tasks are there,
// and none of them has production traffic. LINEAR and CANARY come to
// PRE_PRODUCTION_TRAFFIC_SHIFT before every step, so theirs is the stage before
// any traffic. ROLLING is not here: ECS documents the stages in terms of two
// sets of tasks. Source: DeploymentLifecycleHook of the ECS API.
var holdAt = map[types.DeploymentStrategy]types.DeploymentLifecycleHookStage{
	types.DeploymentStrategyBlueGreen: types.DeploymentLifecycleHookStagePreProductionTrafficShift,
	types.DeploymentStrategyLinear:    types.DeploymentLifecycleHookStagePostScaleUp,
	types.DeploymentStrategyCanary:    types.DeploymentLifecycleHookStagePostScaleUp,
}

// barrierTag is on a service from before it gets the hook of Lockstep until the
// release is recorded: any run can tell that hook from one of the team's, and
// which deploy holds what. ECS gives neither a hook nor a deployment a name.
const barrierTag = "lockstep:barrier"

// mark is the value of barrierTag.
type mark struct {
	// deployment held the service; empty: none did.
	deployment string
	// revision is the short digest of the task definition that waited.
	revision string
	// kept: it stayed, and the hook is gone.
	kept bool
}

func newMark(deployment, taskDefinition string) mark {
	return mark{deployment: deployment, revision: short(12, taskDefinition)}
}

func (m mark) String() string {
	if m.kept {
		return m.deployment + " " + m.revision + " kept"
	}
	return m.deployment + " " + m.revision
}

// markOf reads the mark of a service.
func markOf(s *types.Service) mark {
	for _, tag := range s.Tags {
		if words := strings.Fields(aws.ToString(tag.Value)); aws.ToString(tag.Key) == barrierTag && len(words) >= 2 {
			return mark{deployment: words[0], revision: words[1], kept: len(words) > 2}
		}
	}
	return mark{}
}

// holds reports whether the service has, or may have, the hook of Lockstep.
func (m mark) holds() bool { return m.deployment != "" && !m.kept }

// on reports whether the service is to run what waited.
func (m mark) on(s *types.Service) bool {
	return m.revision == short(12, aws.ToString(s.TaskDefinition))
}

// isBarrierHook recognises the hook of Lockstep among those of a marked service.
func isBarrierHook(h types.DeploymentLifecycleHook) bool {
	if h.TargetType != types.DeploymentLifecycleHookTargetTypePause || len(h.LifecycleStages) != 1 {
		return false
	}
	for _, stage := range holdAt {
		if h.LifecycleStages[0] == stage {
			return h.TimeoutConfiguration == nil || h.TimeoutConfiguration.Action != types.DeploymentLifecycleHookActionContinue
		}
	}
	return false
}

// ownHooks are the lifecycle hooks of the service without that of Lockstep.
// It is never nil: ECS takes no list for no change.
func ownHooks(s *types.Service) []types.DeploymentLifecycleHook {
	own := []types.DeploymentLifecycleHook{}
	if s.DeploymentConfiguration == nil {
		return own
	}
	for _, hook := range s.DeploymentConfiguration.LifecycleHooks {
		if !markOf(s).holds() || !isBarrierHook(hook) {
			own = append(own, hook)
		}
	}
	return own
}

func hasBarrierHook(s *types.Service) bool {
	return s.DeploymentConfiguration != nil && len(ownHooks(s)) < len(s.DeploymentConfiguration.LifecycleHooks)
}

// withoutBarrier is the deployment configuration that the team gave the service.
func withoutBarrier(s *types.Service) *types.DeploymentConfiguration {
	config := types.DeploymentConfiguration{}
	if s.DeploymentConfiguration != nil {
		config = *s.DeploymentConfiguration
	}
	config.LifecycleHooks = ownHooks(s)
	return &config
}

// withBarrier is that configuration with the hook. A hook that nobody answers
// takes the deployment back.
func withBarrier(s *types.Service, patience time.Duration) *types.DeploymentConfiguration {
	config := withoutBarrier(s)
	minutes := int32((patience + time.Minute - 1) / time.Minute)
	config.LifecycleHooks = append(config.LifecycleHooks, types.DeploymentLifecycleHook{
		TargetType: types.DeploymentLifecycleHookTargetTypePause, LifecycleStages: []types.DeploymentLifecycleHookStage{holdAt[config.Strategy]},
		TimeoutConfiguration: &types.DeploymentLifecycleHookTimeoutConfiguration{Action: types.DeploymentLifecycleHookActionRollback, TimeoutInMinutes: aws.Int32(minutes)}})
	return config
}

// whyNotHeld says why deployments of the service settle as always; empty: they can be held.
func whyNotHeld(s *types.Service) string {
	config := withoutBarrier(s)
	strategy := config.Strategy
	if strategy == "" {
		strategy = types.DeploymentStrategyRolling
	}
	if _, ok := holdAt[strategy]; !ok {
		return fmt.Sprintf("its deployment strategy is %s, which has no moment before production traffic", strategy)
	}
	if len(pauses(s)) > 0 {
		return "it has a PAUSE hook of its own, which waits for a person"
	}
	return ""
}

// Stage implements deploy.Stager: the deployment is followed until it waits.
func (t *ECS) Stage(ctx context.Context, plan deploy.Plan) error {
	if !plan.Stages {
		return t.Execute(ctx, plan)
	}
	s, arn, err := t.begin(ctx)
	if err != nil {
		return err
	}
	if err := t.mark(ctx, s, newMark(t.spec.Deployment, arn)); err != nil {
		return t.notBegun(ctx, "tag service", err)
	}
	return t.move(ctx, movement{phase: deploy.PhaseExecute, to: arn, from: aws.ToString(s.TaskDefinition), config: withBarrier(s, t.spec.Barrier), hold: true})
}

func (t *ECS) mark(ctx context.Context, s *types.Service, m mark) error {
	_, err := t.calls.TagResource(ctx, &ecs.TagResourceInput{ResourceArn: s.ServiceArn,
		Tags: []types.Tag{{Key: aws.String(barrierTag), Value: aws.String(m.String())}}})
	return err
}

func (t *ECS) unmark(ctx context.Context, s *types.Service) error {
	_, err := t.calls.UntagResource(ctx, &ecs.UntagResourceInput{ResourceArn: s.ServiceArn, TagKeys: []string{barrierTag}})
	return err
}

// parked is a deployment that waits for the word of Lockstep.
type parked struct{ arn, hook string }

// parked is what waits of a service that Lockstep holds; nil: nothing does.
func (t *ECS) parked(ctx context.Context, s *types.Service) (*parked, error) {
	if m := markOf(s); !m.holds() || !m.on(s) {
		return nil, nil
	}
	list, err := t.calls.ListServiceDeployments(ctx, &ecs.ListServiceDeploymentsInput{Cluster: aws.String(t.spec.Cluster), Service: aws.String(t.spec.Name),
		Status: []types.ServiceDeploymentStatus{types.ServiceDeploymentStatusInProgress}})
	if err != nil || len(list.ServiceDeployments) == 0 {
		return nil, err
	}
	newest := slices.MaxFunc(list.ServiceDeployments, func(a, b types.ServiceDeploymentBrief) int {
		return aws.ToTime(a.CreatedAt).Compare(aws.ToTime(b.CreatedAt))
	})
	out, err := t.calls.DescribeServiceDeployments(ctx, &ecs.DescribeServiceDeploymentsInput{ServiceDeploymentArns: []string{aws.ToString(newest.ServiceDeploymentArn)}})
	if err != nil || len(out.ServiceDeployments) == 0 {
		return nil, err
	}
	return parkedIn(out.ServiceDeployments[0]), nil
}

// parkedIn is the PAUSE hook at which a deployment waits; nil: at none.
func parkedIn(d types.ServiceDeployment) *parked {
	for _, hook := range d.LifecycleHookDetails {
		if hook.Status == types.DeploymentLifecycleHookStatusAwaitingAction && hook.TargetType == types.DeploymentLifecycleHookTargetTypePause {
			return &parked{arn: aws.ToString(d.ServiceDeploymentArn), hook: aws.ToString(hook.HookId)}
		}
	}
	return nil
}

// parkedBy is what waits for the word of one deploy.
func (t *ECS) parkedBy(ctx context.Context, deployment string) (*parked, error) {
	s, err := t.service(ctx)
	if err != nil || s == nil || markOf(s).deployment != deployment {
		return nil, err
	}
	return t.parked(ctx, s)
}

// Staged implements deploy.Stager.
func (t *ECS) Staged(ctx context.Context) error {
	h, err := t.parkedBy(ctx, t.spec.Deployment)
	if err != nil {
		return t.preparing("look at the barrier", err)
	}
	if h == nil {
		return t.ended(deploy.Failed, "it does not wait at the hook of this deploy")
	}
	return nil
}

// Keep implements deploy.Stager.
func (t *ECS) Keep(ctx context.Context, deployment string) error {
	h, err := t.parkedBy(ctx, deployment)
	if err == nil && h != nil {
		if err = t.answer(ctx, h, types.DeploymentLifecycleHookActionContinue); err != nil {
			if now, readErr := t.parkedBy(ctx, deployment); readErr == nil && now == nil {
				return nil // the answer was lost, or its time was over: Settle tells
			}
		}
	}
	if err != nil {
		return fmt.Errorf("continue deployment of %s in %s: %w", t.subject(), t.spec.Region, err)
	}
	return nil
}

func (t *ECS) answer(ctx context.Context, h *parked, action types.DeploymentLifecycleHookAction) error {
	_, err := t.calls.ContinueServiceDeployment(ctx, &ecs.ContinueServiceDeploymentInput{ServiceDeploymentArn: aws.String(h.arn), HookId: aws.String(h.hook), Action: action})
	return err
}

// Settle implements deploy.Stager. The mark stays, without the hook, until
// Finish: another run could not tell otherwise what became of the deploy.
func (t *ECS) Settle(ctx context.Context, deployment string) error {
	s, err := t.service(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("follow deployment of %s in %s: %w", t.subject(), t.spec.Region, err)
	case s == nil:
		return t.ended(deploy.Failed, "it does not exist")
	}
	m := markOf(s)
	switch {
	case m.deployment != deployment:
		return t.ended(deploy.Failed, "it is not held by the deploy that waited")
	case !m.on(s):
		return t.ended(deploy.Failed, "it is to run %s, which is not what waited", aws.ToString(s.TaskDefinition))
	case m.kept:
		return nil
	}
	if err := t.follow(ctx, movement{phase: deploy.PhaseCommit, to: aws.ToString(s.TaskDefinition)}, time.Time{}); err != nil {
		return err
	}
	if err := t.unhook(ctx, s); err != nil {
		return fmt.Errorf("remove hook of %s in %s: %w", t.subject(), t.spec.Region, err)
	}
	m.kept = true
	if err := t.mark(ctx, s, m); err != nil {
		return fmt.Errorf("tag %s in %s: %w", t.subject(), t.spec.Region, err)
	}
	return nil
}

// unhook takes the hook off a service. A configuration alone begins no deployment.
func (t *ECS) unhook(ctx context.Context, s *types.Service) error {
	if !hasBarrierHook(s) {
		return nil
	}
	_, err := t.calls.UpdateService(ctx, &ecs.UpdateServiceInput{Cluster: aws.String(t.spec.Cluster), Service: aws.String(t.spec.Name), DeploymentConfiguration: withoutBarrier(s)})
	return err
}

// forgo takes the deployment back that waits for a word that nobody will give.
// It does not wait for that.
func (t *ECS) forgo(ctx context.Context, s *types.Service) error {
	h, err := t.parked(ctx, s)
	if err != nil || h == nil {
		return err
	}
	return t.answer(ctx, h, types.DeploymentLifecycleHookActionRollback)
}

// free takes hook and mark of a deploy that was not kept off a service at rest.
// A mark of one that was stays: until the release is recorded everywhere, it is
// the only sign of that.
func (t *ECS) free(ctx context.Context, s *types.Service) (*types.Service, error) {
	if !markOf(s).holds() {
		return s, nil
	}
	if err := t.unhook(ctx, s); err != nil {
		return nil, err
	}
	if err := t.unmark(ctx, s); err != nil {
		return nil, err
	}
	return t.service(ctx)
}

// Finish implements deploy.Finisher.
func (t *ECS) Finish(ctx context.Context) error {
	s, err := t.service(ctx)
	if err != nil || s == nil || markOf(s).deployment == "" {
		return err
	}
	return t.unmark(ctx, s)
}
