package target

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/template"
)

var _ deploy.Stager = (*CloudFormation)(nil)

// barrierID is the logical id of the barrier of a deployment: new with each
// attempt, because CloudFormation waits only for what it creates.
func barrierID(deployment string) string { return template.BarrierPrefix + short(12, deployment) }

// isBarrier recognises barriers of any deployment.
func isBarrier(logicalID string) bool { return strings.HasPrefix(logicalID, template.BarrierPrefix) }

// withBarrier is the release's template with the barrier of this deployment.
// reason says why the stack has to settle without one; empty: it need not.
func (t *CloudFormation) withBarrier() (text []byte, reason string) {
	if t.opts.CreateDirectly {
		return t.spec.Template, "first creations are made without change sets"
	}
	text, err := template.WithBarrier(t.spec.Template, template.Barrier{ID: barrierID(t.spec.Deployment), Release: t.spec.Release, Timeout: t.spec.Barrier})
	switch {
	case err != nil:
		return t.spec.Template, err.Error()
	case len(text) > maxTemplate:
		return t.spec.Template, fmt.Sprintf("with a barrier its template would have %d bytes, and CloudFormation takes no more than %d", len(text), maxTemplate)
	}
	return text, ""
}

// planStaged plans with a barrier. Every template with a new barrier changes
// something, so an update is first planned with the barrier that the stack
// has: if nothing differs then, nothing is to be done.
func (t *CloudFormation) planStaged(ctx context.Context, want wanted) (deploy.Plan, error) {
	text, reason := t.withBarrier()
	if changes, err := t.policyChanges(ctx, want); err != nil {
		return deploy.Plan{}, t.preparing("read stack policy", err)
	} else if changes {
		reason = "its stack policy changes, and that is set on a stack that has settled"
	}
	if reason != "" {
		plan, err := t.planChanges(ctx, want)
		plan.Notes = append(plan.Notes, "it is not held at a barrier and settles by itself: "+reason)
		return plan, err
	}
	if !want.create {
		plan, err := t.planAsDeployed(ctx, want)
		if err != nil || plan.Action == deploy.ActionNone {
			return plan, err
		}
		if err := t.Discard(ctx, plan); err != nil {
			return plan, t.preparing("remove change set", err)
		}
	}
	source, err := t.source(ctx, string(text))
	if err != nil {
		return deploy.Plan{}, t.preparing("upload template", err)
	}
	want.source, want.barrier = source, barrierID(t.spec.Deployment)
	plan, err := t.planChanges(ctx, want)
	plan.Stages = plan.Action != deploy.ActionNone
	return plan, err
}

// planAsDeployed plans with the barrier that the stack has, unchanged.
func (t *CloudFormation) planAsDeployed(ctx context.Context, want wanted) (deploy.Plan, error) {
	deployed, err := t.rawTemplate(ctx, t.spec.Name)
	if err != nil {
		return deploy.Plan{}, t.preparing("read template", err)
	}
	want.source, err = t.source(ctx, string(template.KeepingBarrier(t.spec.Template, []byte(deployed))))
	if err != nil {
		return deploy.Plan{}, t.preparing("upload template", err)
	}
	return t.planChanges(ctx, want)
}

// Execute implements deploy.Target: a plan that could be held is not.
func (t *CloudFormation) Execute(ctx context.Context, plan deploy.Plan) error {
	if err := t.Stage(ctx, plan); err != nil || !plan.Stages {
		return err
	}
	if err := t.Keep(ctx, t.spec.Deployment); err != nil {
		return err
	}
	return t.Settle(ctx, t.spec.Deployment)
}

// Staged implements deploy.Stager.
func (t *CloudFormation) Staged(ctx context.Context) error {
	waiting, err := t.waitingFor(ctx, t.spec.Name)
	if err != nil {
		return t.preparing("look at the barrier", err)
	}
	if waiting != barrierID(t.spec.Deployment) {
		return t.wrong("it does not wait at the barrier of this deploy")
	}
	return nil
}

// waitingFor is the barrier at which the stack waits; empty: at none.
func (t *CloudFormation) waitingFor(ctx context.Context, nameOrID string) (string, error) {
	return t.barrierIn(ctx, nameOrID, func(r types.StackResourceSummary) bool {
		return r.ResourceStatus == types.ResourceStatusCreateInProgress && aws.ToString(r.PhysicalResourceId) != ""
	})
}

// barrierIn is the barrier of the stack of which something is true.
func (t *CloudFormation) barrierIn(ctx context.Context, nameOrID string, is func(types.StackResourceSummary) bool) (string, error) {
	pages := cloudformation.NewListStackResourcesPaginator(t.stacks, &cloudformation.ListStackResourcesInput{StackName: aws.String(nameOrID)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		switch {
		case isMissing(err):
			return "", nil
		case err != nil:
			return "", err
		}
		for _, r := range page.StackResourceSummaries {
			if id := aws.ToString(r.LogicalResourceId); isBarrier(id) && is(r) {
				return id, nil
			}
		}
	}
	return "", nil
}

// Keep implements deploy.Stager.
func (t *CloudFormation) Keep(ctx context.Context, deployment string) error {
	err := t.signal(ctx, t.spec.Name, barrierID(deployment), types.ResourceSignalStatusSuccess)
	if err != nil {
		return fmt.Errorf("signal stack %s in %s: %w", t.spec.Name, t.spec.Region, err)
	}
	return nil
}

// signal tells a barrier; one that does not wait any more is no error.
func (t *CloudFormation) signal(ctx context.Context, nameOrID, barrier string, status types.ResourceSignalStatus) error {
	_, err := t.stacks.SignalResource(ctx, &cloudformation.SignalResourceInput{StackName: aws.String(nameOrID),
		LogicalResourceId: aws.String(barrier), UniqueId: aws.String("lockstep"), Status: status})
	if code(err) == "ValidationError" {
		return nil
	}
	return err
}

// Settle implements deploy.Stager.
func (t *CloudFormation) Settle(ctx context.Context, deployment string) error {
	op := t.held
	if op == nil { // an earlier run's
		op = t.newOperation(t.spec.Name, "", "", deploy.PhaseCommit)
		op.create = true // or it may have: no stack is then what was before
	}
	op.phase, op.began, op.barrier, op.parked = deploy.PhaseCommit, true, "", false
	stack, err := t.settle(ctx, op)
	if err != nil {
		return err
	}
	kept, err := t.barrierIn(ctx, op.stackID, func(r types.StackResourceSummary) bool {
		return aws.ToString(r.LogicalResourceId) == barrierID(deployment) && r.ResourceStatus == types.ResourceStatusCreateComplete
	})
	switch {
	case err != nil:
		return fmt.Errorf("look at the barrier of stack %s in %s: %w", t.spec.Name, t.spec.Region, err)
	case meaning(stack.StackStatus).Usable && kept != "":
		return nil
	case meaning(stack.StackStatus).While == succeeded: // of another operation
		return t.wrong("it is %s, and not by the deploy that waited", stack.StackStatus)
	}
	return t.ended(ctx, op, stack)
}

// forgo takes back what runs on a stack and would wait, or waits, for a word
// that nobody will give. It does not wait for that.
func (t *CloudFormation) forgo(ctx context.Context, stack types.Stack) error {
	id := aws.ToString(stack.StackId)
	waiting, err := t.waitingFor(ctx, id)
	if err != nil {
		return err
	}
	if waiting != "" {
		return t.signal(ctx, id, waiting, types.ResourceSignalStatusFailure)
	}
	return nil
}

// withoutBarriers leaves out the changes that are the barrier's own.
func withoutBarriers(changes []deploy.Change) []deploy.Change {
	return slices.DeleteFunc(changes, func(c deploy.Change) bool { return isBarrier(c.Resource) })
}
