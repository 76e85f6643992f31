package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// errOutdated says that the stack changed since the change set was made.
var errOutdated = errors.New("the stack was changed by somebody else since the plan was made")

// Stage implements deploy.Stager: it carries out the plan, up to the barrier if
// the plan has one.
func (t *CloudFormation) Stage(ctx context.Context, plan deploy.Plan) error {
	switch plan.Handle {
	case policyHandle:
		return t.setPolicy(ctx)
	case replaceHandle:
		return t.recreate(ctx, plan)
	}
	err := t.stage(ctx, plan)
	if err != nil || plan.Stages {
		return err
	}
	return t.setPolicy(ctx)
}

// stage executes the change set of a plan.
func (t *CloudFormation) stage(ctx context.Context, plan deploy.Plan) error {
	set, ok := t.prepared[plan.Handle]
	if !ok {
		return &deploy.Error{Kind: deploy.Failed, Reason: "execute plan: it was not prepared in this run"}
	}
	if set.create && t.opts.CreateDirectly {
		return t.createDirectly(ctx, plan, set)
	}
	err := t.executeSet(ctx, set, deploy.PhaseExecute)
	if errors.Is(err, errOutdated) {
		return t.executeAgain(ctx, plan, set)
	}
	if deploy.KindOf(err) == deploy.Failed { // it may not have been accepted: then it is still there
		if err := t.Discard(ctx, plan); err != nil {
			t.report(deploy.PhaseDiscard, "failed", err.Error())
		}
	}
	return err
}

// executeAgain plans once more and goes on only if the plan is the same that
// was compared and agreed to.
func (t *CloudFormation) executeAgain(ctx context.Context, plan deploy.Plan, set changeSet) error {
	delete(t.prepared, plan.Handle)
	again, err := t.planChanges(ctx, set.want)
	if err != nil {
		return &deploy.Error{Kind: deploy.Failed, Reason: fmt.Sprintf("plan again: %v", err), Err: err}
	}
	planned := slices.DeleteFunc(slices.Clone(plan.Changes), isPolicy)
	if again.Action != plan.Action || !slices.EqualFunc(again.Changes, planned, sameChange) {
		if err := t.Discard(ctx, again); err != nil {
			t.report(deploy.PhaseDiscard, "failed", err.Error())
		}
		return t.refusal("look at what was changed, then run again", "%v, and the plan is no longer the one that was compared", errOutdated)
	}
	return t.executeSet(ctx, t.prepared[again.Handle], deploy.PhaseExecute)
}

func sameChange(a, b deploy.Change) bool {
	return a.Resource == b.Resource && a.Type == b.Type && a.Action == b.Action && a.Replacement == b.Replacement &&
		slices.Equal(a.Properties, b.Properties)
}

// executeSet executes a change set and follows it until the stack settles.
func (t *CloudFormation) executeSet(ctx context.Context, set changeSet, phase deploy.Phase) error {
	token := t.token(set.arn)
	in := &cloudformation.ExecuteChangeSetInput{ChangeSetName: aws.String(set.arn), StackName: aws.String(set.stackID),
		ClientRequestToken: aws.String(token)}
	if !set.create { // creations say what happens on failure in the change set
		in.DisableRollback = aws.Bool(false)
	}
	t.stackID.Store(aws.String(set.stackID))
	if _, err := t.stacks.ExecuteChangeSet(ctx, in); err != nil {
		if err := t.wasExecuted(ctx, set, err); err != nil {
			return err
		}
	}
	delete(t.prepared, set.arn)
	op := t.newOperation(set.stackID, token, set.arn, phase)
	op.create, op.began = set.create, set.create // no earlier status it could be mistaken for
	op.barrier, t.held = set.want.barrier, op
	stack, err := t.settle(ctx, op)
	if err != nil || op.parked {
		return err
	}
	if set.create && meaning(stack.StackStatus).Usable && len(stack.Outputs) == 0 && declaresOutputs.Match(t.spec.Template) {
		t.report(phase, "warning", "the stack reports no outputs although its template declares some: "+
			"a simulator may leave them out after change sets; LOCKSTEP_CREATE_DIRECTLY=1 makes first creations without one")
	}
	return t.ended(ctx, op, stack)
}

// declaresOutputs recognises a template with outputs without parsing it.
var declaresOutputs = regexp.MustCompile(`(?m)^\s*"?Outputs"?\s*:`)

// wasExecuted finds out what became of an execution whose call failed. nil:
// it is under way or over, as when only the answer was lost.
func (t *CloudFormation) wasExecuted(ctx context.Context, set changeSet, failed error) error {
	out, err := t.stacks.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{
		ChangeSetName: aws.String(set.arn), StackName: aws.String(set.stackID)})
	if code(err) == "ChangeSetNotFound" || code(err) == "ChangeSetNotFoundException" {
		return errOutdated
	}
	if err != nil {
		return fmt.Errorf("execute change set of stack %s in %s: %w", t.spec.Name, t.spec.Region, failed)
	}
	switch out.ExecutionStatus {
	case types.ExecutionStatusExecuteInProgress, types.ExecutionStatusExecuteComplete, types.ExecutionStatusExecuteFailed:
		return nil
	case types.ExecutionStatusObsolete:
		return errOutdated
	case types.ExecutionStatusAvailable:
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &deploy.Error{Kind: deploy.Failed, Err: failed,
			Reason: fmt.Sprintf("execute change set of stack %s: %s", t.spec.Name, plain(failed))}
	}
	return fmt.Errorf("execute change set of stack %s in %s (now %s): %w", t.spec.Name, t.spec.Region, out.ExecutionStatus, failed)
}

// createDirectly replaces the planned creation by a CreateStack of the same content.
func (t *CloudFormation) createDirectly(ctx context.Context, plan deploy.Plan, set changeSet) error {
	if err := t.Discard(ctx, plan); err != nil {
		return err
	}
	if err := t.gone(ctx, set.stackID, deploy.PhaseExecute); err != nil {
		return err
	}
	token, want := t.token("create "+set.arn), set.want
	out, err := t.stacks.CreateStack(ctx, &cloudformation.CreateStackInput{
		StackName: aws.String(t.spec.Name), TemplateBody: want.source.body, TemplateURL: want.source.url,
		Parameters: parameters(want.values, nil), Tags: want.settings.tags, Capabilities: want.settings.capabilities,
		RoleARN: want.settings.role, NotificationARNs: want.settings.notifications, RollbackConfiguration: want.settings.rollback,
		ClientRequestToken: aws.String(token), OnFailure: types.OnFailureDelete})
	if err != nil {
		return fmt.Errorf("create stack %s in %s: %w", t.spec.Name, t.spec.Region, err)
	}
	t.stackID.Store(out.StackId)
	op := t.newOperation(aws.ToString(out.StackId), token, "", deploy.PhaseExecute)
	op.create, op.began = true, true
	stack, err := t.settle(ctx, op)
	if err != nil {
		return err
	}
	return t.ended(ctx, op, stack)
}

// recreate deletes a stack that failed to be created and creates it again.
func (t *CloudFormation) recreate(ctx context.Context, plan deploy.Plan) error {
	stack, err := t.describe(ctx, t.spec.Name)
	if err != nil {
		return t.preparing("recreate", err)
	}
	if meaning(stack.StackStatus).Before == planReplace {
		if err := t.deleteStack(ctx, aws.ToString(stack.StackId), deploy.PhaseExecute); err != nil {
			return err
		}
	}
	again, err := t.Prepare(ctx, plan.Inputs)
	if err != nil {
		return &deploy.Error{Kind: deploy.Failed, Reason: fmt.Sprintf("plan the new stack: %v", err), Err: err}
	}
	if again.Action != deploy.ActionCreate || again.Handle == replaceHandle || again.Deferred != "" {
		return t.refusal("run again", "somebody created it meanwhile")
	}
	return t.Stage(ctx, again)
}

// deleteStack deletes a stack and waits until it is gone.
func (t *CloudFormation) deleteStack(ctx context.Context, stackID string, phase deploy.Phase) error {
	_, err := t.stacks.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: aws.String(stackID),
		ClientRequestToken: aws.String(t.token("delete " + stackID))})
	if err != nil {
		return fmt.Errorf("delete stack %s in %s: %w", t.spec.Name, t.spec.Region, err)
	}
	return t.gone(ctx, stackID, phase)
}

// gone waits until a stack that is being deleted does not exist any more.
func (t *CloudFormation) gone(ctx context.Context, stackID string, phase deploy.Phase) error {
	op := t.newOperation(stackID, t.token("delete "+stackID), "", phase)
	op.began = true
	for {
		stack, err := t.settle(ctx, op)
		if err != nil {
			return err
		}
		switch {
		case meaning(stack.StackStatus).Back == nothing:
			return nil
		case stack.StackStatus == types.StackStatusDeleteFailed:
			first, _ := t.firstCause(ctx, op)
			return &deploy.Error{Kind: deploy.Stuck, Hint: hintDelete, Resource: first.resource, Type: first.typ,
				Reason: fmt.Sprintf("stack %s in %s is DELETE_FAILED: %s", t.spec.Name, t.spec.Region, cmp.Or(first.reason, "no event says why"))}
		case t.opts.Now().Sub(op.started) > stale:
			return fmt.Errorf("delete stack %s in %s: it is still %s", t.spec.Name, t.spec.Region, stack.StackStatus)
		}
		if err := t.opts.Sleep(ctx, t.opts.PollFrom); err != nil {
			return err
		}
	}
}

// Abort implements deploy.Target: an update is cancelled, a creation deleted.
// Both go on at AWS without anybody waiting.
func (t *CloudFormation) Abort(ctx context.Context) error {
	id := t.stackID.Load()
	if id == nil {
		return nil
	}
	t.aborted.Store(true)
	stack, err := t.describe(ctx, *id)
	if err != nil {
		return fmt.Errorf("abort stack %s in %s: %w", t.spec.Name, t.spec.Region, err)
	}
	switch stack.StackStatus {
	case types.StackStatusUpdateInProgress, types.StackStatusCreateInProgress:
		t.report(deploy.PhaseRollback, "aborting", string(stack.StackStatus))
	}
	if t.spec.Barrier > 0 { // it may wait already: then it can be told at once
		if err := t.forgo(ctx, stack); err != nil {
			t.report(deploy.PhaseRollback, "warning", err.Error())
		}
	}
	switch stack.StackStatus {
	case types.StackStatusUpdateInProgress:
		_, err = t.stacks.CancelUpdateStack(ctx, &cloudformation.CancelUpdateStackInput{StackName: id})
	case types.StackStatusCreateInProgress:
		_, err = t.stacks.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: id,
			ClientRequestToken: aws.String(t.token("delete " + *id))})
	}
	if err != nil && code(err) != "ValidationError" { // it ended meanwhile
		return fmt.Errorf("abort stack %s in %s: %w", t.spec.Name, t.spec.Region, err)
	}
	return nil
}
