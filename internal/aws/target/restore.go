package target

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// createdByUs reports whether the stack's first operation carries one of our tokens.
func (t *CloudFormation) createdByUs(ctx context.Context, stackID string) (bool, error) {
	pages := cloudformation.NewDescribeStackEventsPaginator(t.stacks, &cloudformation.DescribeStackEventsInput{StackName: aws.String(stackID)})
	var first string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return false, err
		}
		for _, e := range page.StackEvents { // newest first
			if token := aws.ToString(e.ClientRequestToken); token != "" && e.ResourceStatus == types.ResourceStatusCreateInProgress {
				first = token
			}
		}
	}
	return t.isOurs(first), nil
}

// notTheirs refuses to take back what somebody else made of the stack after the
// image was taken: the saved state is not what they want to have back. What
// failed and went back by itself counts for nothing.
func (t *CloudFormation) notTheirs(ctx context.Context, img image, stack types.Stack) error {
	pages := cloudformation.NewDescribeStackEventsPaginator(t.stacks, &cloudformation.DescribeStackEventsInput{StackName: stack.StackId})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return t.preparing("look for other deploys", err)
		}
		for _, e := range page.StackEvents { // newest first
			switch token := aws.ToString(e.ClientRequestToken); {
			case !aws.ToTime(e.Timestamp).After(img.TakenAt.Add(clockSkew)):
				return nil
			case !isSelf(aws.ToString(e.PhysicalResourceId), aws.ToString(e.StackId)), e.ResourceStatus != types.ResourceStatusUpdateComplete && e.ResourceStatus != types.ResourceStatusImportComplete:
			case t.isOurs(token):
				return nil
			default:
				return t.stuck(stack, fmt.Sprintf("somebody else updated it at %s (token %q), and it is left as they left it: find out who deploys this stack as well; `lockstep deploy` goes forward",
					aws.ToTime(e.Timestamp).UTC().Format(time.RFC3339), token))
			}
		}
	}
	return nil
}

// continueBack asks for a rollback that stopped, or never began, to go on.
// Nothing is skipped and nothing forced.
func (t *CloudFormation) continueBack(ctx context.Context, stack types.Stack, back wayBack) error {
	id, token := aws.ToString(stack.StackId), t.token("rollback "+aws.ToString(stack.StackId)+t.opts.Now().String())
	var err error
	if back == rollFirst {
		_, err = t.stacks.RollbackStack(ctx, &cloudformation.RollbackStackInput{StackName: aws.String(id), ClientRequestToken: aws.String(token)})
	} else {
		_, err = t.stacks.ContinueUpdateRollback(ctx, &cloudformation.ContinueUpdateRollbackInput{StackName: aws.String(id), ClientRequestToken: aws.String(token)})
	}
	if err != nil {
		return &deploy.Error{Kind: deploy.Stuck, Hint: meaning(stack.StackStatus).Hint, Err: err,
			Reason: fmt.Sprintf("stack %s in %s is %s: %s", t.spec.Name, t.spec.Region, stack.StackStatus, plain(err))}
	}
	_, err = t.settle(ctx, t.newOperation(id, token, "", deploy.PhaseRollback))
	return err
}

// bringBack compares a settled stack with the image and, if they differ,
// updates it back.
func (t *CloudFormation) bringBack(ctx context.Context, img image, stack types.Stack) (deploy.Restored, error) {
	if !img.Exists {
		return t.removeOwn(ctx, img, stack)
	}
	now, err := t.imageOf(ctx, stack)
	if err != nil {
		return deploy.Restored{}, fmt.Errorf("restore stack %s in %s: %w", t.spec.Name, t.spec.Region, err)
	}
	isBack := img.equals(now) && (len(img.Hidden) == 0 || meaning(stack.StackStatus).While == failedClean)
	if !isBack { // before anything is written: the policy too is theirs
		if err := t.notTheirs(ctx, img, stack); err != nil {
			return deploy.Restored{}, err
		}
	}
	repoliced, notes, err := t.restorePolicy(ctx, img, now)
	if err != nil {
		return deploy.Restored{}, err
	}
	back := deploy.Restored{Status: "restored", Notes: notes}
	if isBack {
		if !repoliced {
			back.Status, back.Detail = "untouched", "back by its own rollback"
		}
		return back, nil
	}
	plan, err := t.planBack(ctx, img, stack)
	if err != nil {
		return back, err
	}
	for _, name := range img.Hidden {
		back.Notes = append(back.Notes, "the value of NoEcho parameter "+name+" was kept as it is now: nobody can read the earlier one")
	}
	if plan.Action == deploy.ActionNone {
		if !repoliced {
			back.Status = "untouched"
		}
		return back, nil
	}
	set := t.prepared[plan.Handle]
	if set.want.settings.rollback != nil {
		back.Notes = append(back.Notes, "its rollback alarms were removed for the way back: the next deploy that names them sets them again")
	}
	if err := t.executeSet(ctx, set, deploy.PhaseRollback); err != nil {
		if deploy.KindOf(err) == deploy.Failed || deploy.KindOf(err) == deploy.Refused {
			return back, &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: fmt.Sprintf("update stack %s in %s back: %v", t.spec.Name, t.spec.Region, err),
				Hint: "the stack still runs the new release: correct the cause and run again"}
		}
		return back, err
	}
	return back, nil
}

// planBack makes the change set that leads back to the image.
func (t *CloudFormation) planBack(ctx context.Context, img image, stack types.Stack) (deploy.Plan, error) {
	source, err := t.source(ctx, img.Template)
	if err != nil {
		return deploy.Plan{}, fmt.Errorf("upload saved template of %s: %w", t.spec.Name, err)
	}
	want := wanted{source: source, stack: stack, values: img.Parameters, previous: img.Hidden, settings: settings{
		tags: []types.Tag{}, notifications: slices.Clone(img.NotificationARNs)}}
	for key, value := range img.Tags {
		want.settings.tags = append(want.settings.tags, types.Tag{Key: aws.String(key), Value: aws.String(value)})
	}
	if c := stack.RollbackConfiguration; c != nil && len(c.RollbackTriggers) > 0 { // one that rings would stop the way back
		want.settings.rollback = &types.RollbackConfiguration{RollbackTriggers: []types.RollbackTrigger{}}
	}
	if want.settings.notifications == nil {
		want.settings.notifications = []string{}
	}
	for _, c := range img.Capabilities {
		want.settings.capabilities = append(want.settings.capabilities, types.Capability(c))
	}
	if img.Role != "" {
		want.settings.role = aws.String(img.Role)
	}
	plan, err := t.planChanges(ctx, want)
	if err == nil {
		return plan, nil
	}
	if discardErr := t.Discard(ctx, plan); discardErr != nil {
		t.report(deploy.PhaseDiscard, "failed", discardErr.Error())
	}
	if deploy.KindOf(err) == deploy.Refused {
		return plan, &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: fmt.Sprintf("plan the way back: %v", err)}
	}
	return plan, err
}
