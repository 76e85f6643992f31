package target

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// stale is how long a stack may still show the status from before an
// operation that was accepted.
const stale = time.Minute

// operation is something of ours that runs on a stack.
type operation struct {
	stackID string
	// token marks its events; set is the change set it carries out, if one.
	token, set string
	phase      deploy.Phase
	started    time.Time
	// began: signs of the operation were seen, so that a settled status is its end.
	began bool
	// barrier is where it is held; empty: nowhere. parked: it waits there.
	barrier string
	parked  bool
	// create: it makes the stack, so that no stack at all is a clean end.
	create bool
	seen   map[string]bool
	events []types.StackEvent
}

func (t *CloudFormation) newOperation(stackID, token, set string, phase deploy.Phase) *operation {
	return &operation{stackID: stackID, token: token, set: set, phase: phase, started: t.opts.Now(), seen: map[string]bool{}}
}

// settle follows an operation until its stack settles and returns the stack.
// An error means that the end was not seen.
func (t *CloudFormation) settle(ctx context.Context, op *operation) (types.Stack, error) {
	pace := t.newPace()
	lastSeen := t.opts.Now()
	for {
		news := t.readEvents(ctx, op)
		stack, err := t.describe(ctx, op.stackID)
		switch {
		case ctx.Err() != nil:
			return stack, ctx.Err()
		case err != nil:
			if err := t.blind(lastSeen, err); err != nil {
				return stack, err
			}
		default:
			lastSeen = t.opts.Now()
			done, err := t.isOver(ctx, op, stack)
			if done || err != nil {
				return stack, err
			}
		}
		if err := pace.wait(ctx, news); err != nil {
			return stack, err
		}
	}
}

// blind tolerates that an operation cannot be read for a while: neither
// throttling nor a lost connection nor stale credentials say how it goes.
func (t *CloudFormation) blind(since time.Time, err error) error {
	limit := t.opts.BlindTimeout
	switch code(err) {
	case "AccessDenied", "AccessDeniedException", "InvalidClientTokenId", "UnrecognizedClientException":
		limit = min(limit, 2*time.Minute)
	}
	if t.opts.Now().Sub(since) < limit {
		return nil
	}
	return fmt.Errorf("follow stack %s in %s: it could not be read for %s: %w", t.spec.Name, t.spec.Region, limit, err)
}

// isOver reports whether the operation has ended. The status alone does not
// tell: just after the start it may still be that of the operation before.
func (t *CloudFormation) isOver(ctx context.Context, op *operation, stack types.Stack) (bool, error) {
	waited := t.opts.Now().Sub(op.started) > stale
	notBegun := fmt.Errorf("follow stack %s in %s: the operation was accepted but has not begun", t.spec.Name, t.spec.Region)
	switch {
	case meaning(stack.StackStatus).Back == follow:
		op.began = true
		return op.parked && meaning(stack.StackStatus).While == goOn, nil
	case stack.StackStatus == types.StackStatusReviewInProgress: // a creation that has not begun
	case op.began:
		return true, nil
	case op.set != "":
		set, err := t.stacks.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{
			ChangeSetName: aws.String(op.set), StackName: aws.String(op.stackID)})
		if err == nil && (set.ExecutionStatus == types.ExecutionStatusExecuteComplete || set.ExecutionStatus == types.ExecutionStatusExecuteFailed) {
			return true, nil
		}
	}
	if waited {
		return false, notBegun
	}
	return false, nil
}

// readEvents collects and reports the operation's new events. It reports
// whether there were any. Failing to read them delays nothing: the status decides.
func (t *CloudFormation) readEvents(ctx context.Context, op *operation) bool {
	var fresh []types.StackEvent
	in := &cloudformation.DescribeStackEventsInput{StackName: aws.String(op.stackID)}
	for {
		out, err := t.stacks.DescribeStackEvents(ctx, in)
		if err != nil {
			break
		}
		known := false
		for _, e := range out.StackEvents { // newest first
			id := aws.ToString(e.EventId)
			if op.seen[id] {
				known = true
				continue
			}
			op.seen[id] = true
			if aws.ToString(e.ClientRequestToken) == op.token {
				fresh = append(fresh, e)
			}
		}
		if known || len(out.StackEvents) == 0 || aws.ToString(out.NextToken) == "" {
			break
		}
		in.NextToken = out.NextToken
	}
	slices.Reverse(fresh)
	for _, e := range fresh {
		op.began = true
		op.events = append(op.events, e)
		op.parked = op.parked || op.barrier != "" && aws.ToString(e.LogicalResourceId) == op.barrier && aws.ToString(e.PhysicalResourceId) != ""
		t.reportEvent(op.phase, e)
	}
	return len(fresh) > 0
}

// reportEvent reports what became of a resource, or of the stack itself.
func (t *CloudFormation) reportEvent(phase deploy.Phase, e types.StackEvent) {
	if t.opts.Progress == nil {
		return
	}
	told := deploy.Event{At: t.opts.Now(), Region: t.spec.Region, Target: t.spec.Key, Phase: phase,
		Status: string(e.ResourceStatus), Text: aws.ToString(e.ResourceStatusReason)}
	if !isSelf(aws.ToString(e.PhysicalResourceId), aws.ToString(e.StackId)) {
		told.Resource, told.Type = aws.ToString(e.LogicalResourceId), aws.ToString(e.ResourceType)
	}
	t.opts.Progress.Report(told)
}

// firstCause is the first thing that failed in the operation, not the last
// event of it.
func (t *CloudFormation) firstCause(ctx context.Context, op *operation) (cause, bool) {
	if found, err := t.causeFromEvents(ctx, op); err == nil && found.reason != "" {
		return t.innermost(ctx, found, 0), true
	}
	t.readEvents(ctx, op)
	for _, e := range op.events {
		if c := causeOf(e); c.reason != "" {
			return t.innermost(ctx, c, 0), true
		}
	}
	return op.turnedBack()
}

// turnedBack is why the stack as a whole went back, where no resource failed:
// an alarm that rang, or a time that was over.
func (op *operation) turnedBack() (cause, bool) {
	for _, e := range op.events {
		reason := strings.TrimSpace(aws.ToString(e.ResourceStatusReason))
		back := e.ResourceStatus == types.ResourceStatusUpdateRollbackInProgress || e.ResourceStatus == types.ResourceStatusRollbackInProgress
		if back && isSelf(aws.ToString(e.PhysicalResourceId), aws.ToString(e.StackId)) && reason != "" && reason != "User Initiated" {
			return cause{reason: reason, at: aws.ToTime(e.Timestamp)}, true
		}
	}
	return cause{}, false
}

// cause is one failed resource.
type cause struct {
	resource, typ, physical, reason string
	at                              time.Time
}

// causeFromEvents asks DescribeEvents, which knows validation and hook
// failures too. Not every Region and endpoint has it.
func (t *CloudFormation) causeFromEvents(ctx context.Context, op *operation) (cause, error) {
	in := &cloudformation.DescribeEventsInput{StackName: aws.String(op.stackID), Filters: &types.EventFilter{FailedEvents: aws.Bool(true)}}
	var found []cause
	for {
		out, err := t.stacks.DescribeEvents(ctx, in)
		if err != nil {
			return cause{}, err
		}
		for _, e := range out.OperationEvents {
			if aws.ToString(e.ClientRequestToken) != op.token || isSelf(aws.ToString(e.PhysicalResourceId), aws.ToString(e.StackId)) {
				continue
			}
			reason := cmp.Or(aws.ToString(e.ValidationStatusReason), aws.ToString(e.HookStatusReason), aws.ToString(e.ResourceStatusReason))
			if reason == "" || isCancellation(reason) {
				continue
			}
			found = append(found, cause{resource: aws.ToString(e.LogicalResourceId), typ: aws.ToString(e.ResourceType),
				physical: aws.ToString(e.PhysicalResourceId), reason: reason, at: aws.ToTime(e.Timestamp)})
		}
		if aws.ToString(out.NextToken) == "" {
			break
		}
		in.NextToken = out.NextToken
	}
	if len(found) == 0 {
		return cause{}, nil
	}
	slices.Reverse(found) // newest first: of two at one moment, the later in the list came first
	return slices.MinFunc(found, func(a, b cause) int { return a.at.Compare(b.at) }), nil
}

// causeOf is the cause in an event; its reason is empty if there is none.
func causeOf(e types.StackEvent) cause {
	switch e.ResourceStatus {
	case types.ResourceStatusCreateFailed, types.ResourceStatusUpdateFailed, types.ResourceStatusDeleteFailed, types.ResourceStatusImportFailed:
	default:
		return cause{}
	}
	reason := aws.ToString(e.ResourceStatusReason)
	if isCancellation(reason) || isSelf(aws.ToString(e.PhysicalResourceId), aws.ToString(e.StackId)) {
		return cause{}
	}
	return cause{resource: aws.ToString(e.LogicalResourceId), typ: aws.ToString(e.ResourceType),
		physical: aws.ToString(e.PhysicalResourceId), reason: cmp.Or(reason, string(e.ResourceStatus)), at: aws.ToTime(e.Timestamp)}
}

// isSelf recognises the stack's own events.
func isSelf(physical, stackID string) bool { return physical != "" && physical == stackID }

// isCancellation recognises the resources that stopped because another failed.
func isCancellation(reason string) bool {
	for _, text := range []string{"Resource creation cancelled", "Resource update cancelled", "Resource deletion cancelled", "Resource import cancelled"} {
		if reason == text || reason == text+"." {
			return true
		}
	}
	return false
}

// innermost follows the cause into nested stacks.
func (t *CloudFormation) innermost(ctx context.Context, c cause, depth int) cause {
	if c.typ != "AWS::CloudFormation::Stack" || c.physical == "" || depth >= 5 {
		return c
	}
	out, err := t.stacks.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: aws.String(c.physical)})
	if err != nil {
		return c
	}
	first, found := cause{}, false
	for _, e := range out.StackEvents { // newest first: the last match is the first failure of the latest operation
		if e.ResourceStatus == types.ResourceStatusUpdateInProgress && isSelf(aws.ToString(e.PhysicalResourceId), aws.ToString(e.StackId)) {
			break
		}
		if inner := causeOf(e); inner.reason != "" {
			first, found = inner, true
		}
	}
	if !found {
		return c
	}
	first.resource = c.resource + "/" + first.resource
	return t.innermost(ctx, first, depth+1)
}

// ended words a settled stack as the outcome of an operation: nil is success.
func (t *CloudFormation) ended(ctx context.Context, op *operation, stack types.Stack) error {
	row := meaning(stack.StackStatus)
	if row.While == succeeded || row.While == cleaningUp {
		return nil
	}
	failure := &deploy.Error{Kind: deploy.Failed, Hint: row.Hint, At: t.opts.Now(),
		Reason: fmt.Sprintf("stack %s ended as %s: %s", t.spec.Name, stack.StackStatus, cmp.Or(aws.ToString(stack.StackStatusReason), "no reason given"))}
	switch {
	case row.Back == nothing && !op.create:
		failure.Kind = deploy.Stuck
	case row.While != failedClean:
		failure.Kind = deploy.Stuck
	default:
		failure.Hint = ""
	}
	first, found := t.firstCause(ctx, op)
	if found {
		failure.Resource, failure.Type, failure.Reason, failure.At = first.resource, first.typ, first.reason, first.at
	}
	failure.Cancelled = !found && t.aborted.Load()
	return failure
}
