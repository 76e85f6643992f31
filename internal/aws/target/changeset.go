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

const (
	// setPrefix starts the name of every change set of ours; those of plans,
	// which hold no lock, are told apart by planPrefix.
	setPrefix  = "lockstep-"
	planPrefix = setPrefix + "plan-"
	// patience is how long a change set may take to be computed.
	patience = 10 * time.Minute
	// answerGrace is how long the creation of a change set is still waited
	// for when the work was cancelled meanwhile.
	answerGrace = time.Second
)

// wanted is what a change set shall bring about.
type wanted struct {
	source source
	stack  types.Stack
	create bool
	values map[string]string
	// previous are parameters that keep the value they have.
	previous []string
	nested   bool
	drift    bool
	imports  bool
	// barrier is the logical id of the barrier in the template; empty: it has none.
	barrier  string
	settings settings
}

// changeSet is a change set of ours.
type changeSet struct {
	// arn and stackID are names instead where AWS has not told them.
	arn, stackID string
	create       bool
	// shell: the change set lies in an empty stack that is ours.
	shell bool
	want  wanted
}

// planChanges makes a change set and waits for it, and notes what an earlier run left
// in the stack and could not be removed.
func (t *CloudFormation) planChanges(ctx context.Context, want wanted) (deploy.Plan, error) {
	plan, err := t.planOf(ctx, want)
	plan.Notes, t.remaining = append(plan.Notes, t.remaining...), nil
	return plan, err
}

// planOf is the plan without notes. A change set that says there is nothing to
// change is removed at once.
func (t *CloudFormation) planOf(ctx context.Context, want wanted) (deploy.Plan, error) {
	plan := deploy.Plan{Action: deploy.ActionUpdate}
	if want.create {
		plan.Action = deploy.ActionCreate
	}
	set, err := t.makeChangeSet(ctx, want)
	if set.arn != "" {
		t.prepared[set.arn] = set
		plan.Handle = set.arn
	}
	if code(err) == "ValidationError" && isEmpty(message(err)) { // as UpdateStack words it
		return deploy.Plan{Action: deploy.ActionNone}, nil
	}
	if err != nil {
		return plan, t.preparing("plan changes", err)
	}
	described, err := t.awaitChangeSet(ctx, set)
	if err != nil {
		return plan, t.preparing("plan changes", err)
	}
	if described.Status == types.ChangeSetStatusFailed {
		if !isEmpty(aws.ToString(described.StatusReason)) {
			return plan, t.rejected(ctx, set, aws.ToString(described.StatusReason))
		}
		if err := t.Discard(ctx, plan); err != nil {
			return plan, t.preparing("remove empty change set", err)
		}
		return deploy.Plan{Action: deploy.ActionNone}, nil
	}
	plan.Changes, err = t.changes(ctx, set, described)
	if err != nil {
		return plan, t.preparing("read changes", err)
	}
	return plan, nil
}

// makeChangeSet creates the change set. An earlier attempt of this very call
// whose answer was lost is adopted.
func (t *CloudFormation) makeChangeSet(ctx context.Context, want wanted) (changeSet, error) {
	t.attempts++
	prefix := setPrefix
	if t.opts.DryRun {
		prefix = planPrefix
	} else {
		t.remaining = t.removeStale(ctx, want.stack)
	}
	name := fmt.Sprintf("%s%s-%s-%d", prefix, strings.TrimPrefix(t.spec.Release, "r-"), short(8, t.spec.Deployment, t.unit()), t.attempts)
	in := &cloudformation.CreateChangeSetInput{
		ChangeSetName: aws.String(name), ClientToken: aws.String(name), StackName: aws.String(t.spec.Name),
		Description:   aws.String("Lockstep: release " + t.spec.Release + " of " + t.spec.App),
		ChangeSetType: types.ChangeSetTypeUpdate,
		TemplateBody:  want.source.body, TemplateURL: want.source.url,
		Parameters: parameters(want.values, want.previous), Tags: want.settings.tags, Capabilities: want.settings.capabilities,
		RoleARN: want.settings.role, NotificationARNs: want.settings.notifications, RollbackConfiguration: want.settings.rollback,
	}
	if want.imports {
		in.ImportExistingResources = aws.Bool(true)
	}
	if want.create {
		in.ChangeSetType, in.OnStackFailure = types.ChangeSetTypeCreate, types.OnStackFailureDelete
	}
	if want.nested {
		in.IncludeNestedStacks = aws.Bool(true)
	}
	if want.drift {
		in.DeploymentMode = types.DeploymentModeRevertDrift
	}
	set := changeSet{create: want.create, shell: want.create, want: want}
	// An answer that is nearly there is waited for: it says what to remove.
	lingering, cancel := linger(ctx, answerGrace)
	defer cancel()
	out, err := t.stacks.CreateChangeSet(lingering, in)
	switch {
	case code(err) == "AlreadyExistsException":
		return t.adoptChangeSet(ctx, set, name)
	case err != nil && code(err) == "": // no answer: it may have been made
		set.arn, set.stackID = name, t.spec.Name
		return set, err
	case err != nil:
		return set, err
	}
	set.arn, set.stackID = aws.ToString(out.Id), aws.ToString(out.StackId)
	return set, ctx.Err()
}

// linger is a context that ends a little later than ctx.
func linger(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-later.Done():
		}
	})
	return later, func() { stop(); cancel() }
}

func (t *CloudFormation) adoptChangeSet(ctx context.Context, set changeSet, name string) (changeSet, error) {
	out, err := t.stacks.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{
		ChangeSetName: aws.String(name), StackName: aws.String(t.spec.Name)})
	if err != nil {
		return set, err
	}
	set.arn, set.stackID = aws.ToString(out.ChangeSetId), aws.ToString(out.StackId)
	return set, nil
}

// parameters are the values, then the parameters that keep theirs, sorted.
func parameters(values map[string]string, previous []string) []types.Parameter {
	list := make([]types.Parameter, 0, len(values)+len(previous))
	for key, value := range values {
		list = append(list, types.Parameter{ParameterKey: aws.String(key), ParameterValue: aws.String(value)})
	}
	for _, key := range previous {
		list = append(list, types.Parameter{ParameterKey: aws.String(key), UsePreviousValue: aws.Bool(true)})
	}
	slices.SortFunc(list, func(a, b types.Parameter) int { return cmp.Compare(*a.ParameterKey, *b.ParameterKey) })
	return list
}

// awaitChangeSet waits until the change set is computed.
func (t *CloudFormation) awaitChangeSet(ctx context.Context, set changeSet) (*cloudformation.DescribeChangeSetOutput, error) {
	start, pace := t.opts.Now(), t.newPace()
	for {
		out, err := t.stacks.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{
			ChangeSetName: aws.String(set.arn), StackName: aws.String(set.stackID)})
		if err != nil {
			return nil, err
		}
		switch out.Status {
		case types.ChangeSetStatusCreateComplete, types.ChangeSetStatusFailed:
			return out, nil
		case types.ChangeSetStatusCreatePending, types.ChangeSetStatusCreateInProgress:
		default:
			return nil, t.refusal("run again", "its change set became %s while it was computed", out.Status)
		}
		if t.opts.Now().Sub(start) > patience {
			return nil, t.refusal("look at the change set, then run again", "its change set is still %s after %s", out.Status, patience)
		}
		if err := pace.wait(ctx, false); err != nil {
			return nil, err
		}
	}
}

// isEmpty recognises the two wordings of a change set without changes.
func isEmpty(reason string) bool {
	return strings.Contains(reason, "didn't contain changes") || strings.Contains(reason, "No updates are to be performed")
}

// rejected words a change set that failed, with what validation found.
func (t *CloudFormation) rejected(ctx context.Context, set changeSet, reason string) error {
	found := []string{reason}
	out, err := t.stacks.DescribeEvents(ctx, &cloudformation.DescribeEventsInput{ChangeSetName: aws.String(set.arn)})
	if err == nil {
		for _, e := range out.OperationEvents {
			switch e.EventType {
			case types.EventTypeValidationError:
				found = append(found, fmt.Sprintf("%s %s: %s", aws.ToString(e.LogicalResourceId), aws.ToString(e.ValidationPath), aws.ToString(e.ValidationStatusReason)))
			case types.EventTypeHookInvocationError:
				found = append(found, fmt.Sprintf("%s: hook %s: %s", aws.ToString(e.LogicalResourceId), aws.ToString(e.HookType), aws.ToString(e.HookStatusReason)))
			}
		}
	}
	refused := &deploy.Error{Kind: deploy.Refused, Reason: fmt.Sprintf("stack %s in %s: its change set was rejected: %s", t.spec.Name, t.spec.Region, strings.Join(found, "; "))}
	if err == nil {
		if taken := takenOf(reason, out.OperationEvents); taken != nil {
			refused.Err = taken
		}
	}
	return refused
}

// changes lists what the change set would do, nested stacks included.
func (t *CloudFormation) changes(ctx context.Context, set changeSet, first *cloudformation.DescribeChangeSetOutput) ([]deploy.Change, error) {
	all, page := first.Changes, first
	for aws.ToString(page.NextToken) != "" {
		next, err := t.stacks.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{
			ChangeSetName: aws.String(set.arn), StackName: aws.String(set.stackID), NextToken: page.NextToken})
		if err != nil {
			return nil, err
		}
		all, page = append(all, next.Changes...), next
	}
	var changes []deploy.Change
	for _, c := range all {
		if c.ResourceChange == nil {
			continue
		}
		changes = append(changes, changeOf(*c.ResourceChange))
		inner, err := t.nestedChanges(ctx, *c.ResourceChange)
		if err != nil {
			return nil, err
		}
		changes = append(changes, inner...)
	}
	slices.SortStableFunc(changes, func(a, b deploy.Change) int {
		return cmp.Or(cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Action, b.Action))
	})
	return withoutBarriers(changes), nil
}

// nestedChanges lists the changes of a nested stack, named "Parent/Child".
func (t *CloudFormation) nestedChanges(ctx context.Context, c types.ResourceChange) ([]deploy.Change, error) {
	if aws.ToString(c.ChangeSetId) == "" {
		return nil, nil
	}
	set := changeSet{arn: aws.ToString(c.ChangeSetId)}
	out, err := t.stacks.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{ChangeSetName: aws.String(set.arn)})
	if err != nil {
		return nil, err
	}
	set.stackID = aws.ToString(out.StackId)
	inner, err := t.changes(ctx, set, out)
	for i := range inner {
		inner[i].Resource = aws.ToString(c.LogicalResourceId) + "/" + inner[i].Resource
	}
	return inner, err
}

func changeOf(c types.ResourceChange) deploy.Change {
	change := deploy.Change{Resource: aws.ToString(c.LogicalResourceId), Type: aws.ToString(c.ResourceType),
		Action: string(c.Action), Replacement: string(c.Replacement), Policy: string(c.PolicyAction), Drift: string(c.ResourceDriftStatus)}
	for _, d := range c.Details {
		if d.Target == nil {
			continue
		}
		name := cmp.Or(aws.ToString(d.Target.Name), string(d.Target.Attribute))
		if name != "" && !slices.Contains(change.Properties, name) {
			change.Properties = append(change.Properties, name)
		}
	}
	slices.Sort(change.Properties)
	return change
}

// changeSets lists the change sets of a stack.
func (t *CloudFormation) changeSets(ctx context.Context, stackID string) ([]types.ChangeSetSummary, error) {
	var all []types.ChangeSetSummary
	pages := cloudformation.NewListChangeSetsPaginator(t.stacks, &cloudformation.ListChangeSetsInput{StackName: aws.String(stackID)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Summaries...)
	}
	return all, nil
}

// Discard implements deploy.Target. A stack that came into being with the
// change set goes with it, unless somebody else plans in it meanwhile.
func (t *CloudFormation) Discard(ctx context.Context, plan deploy.Plan) error {
	set, ok := t.prepared[plan.Handle]
	if !ok {
		return nil
	}
	if err := t.deleteChangeSet(ctx, set); err != nil {
		return t.preparing("delete change set", err)
	}
	delete(t.prepared, plan.Handle)
	if !set.shell {
		return nil
	}
	return t.deleteShell(ctx, set.stackID, func(s types.ChangeSetSummary) bool {
		return aws.ToString(s.ChangeSetId) == set.arn || aws.ToString(s.ChangeSetName) == set.arn
	})
}

// deleteChangeSet deletes a change set. One that is still being computed
// cannot be deleted; it is asked for again until it can.
func (t *CloudFormation) deleteChangeSet(ctx context.Context, set changeSet) error {
	start, pace := t.opts.Now(), t.newPace()
	for {
		_, err := t.stacks.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{
			ChangeSetName: aws.String(set.arn), StackName: aws.String(set.stackID)})
		switch code(err) {
		case "ChangeSetNotFound", "ChangeSetNotFoundException":
			return nil
		case "InvalidChangeSetStatus", "InvalidChangeSetStatusException":
		default:
			if isMissing(err) {
				return nil
			}
			return err
		}
		if t.opts.Now().Sub(start) > stale || pace.wait(ctx, true) != nil {
			return err
		}
	}
}

// deleteShell deletes a stack that is still empty, unless it holds change
// sets that are not ours.
func (t *CloudFormation) deleteShell(ctx context.Context, stackID string, ours func(types.ChangeSetSummary) bool) error {
	stack, err := t.describe(ctx, stackID)
	if err != nil {
		return t.preparing("delete empty stack", err)
	}
	if stack.StackStatus != types.StackStatusReviewInProgress {
		return nil
	}
	sets, err := t.changeSets(ctx, stackID)
	if err != nil {
		return t.preparing("list change sets", err)
	}
	if slices.ContainsFunc(sets, func(s types.ChangeSetSummary) bool { return !ours(s) }) {
		return nil
	}
	_, err = t.stacks.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: aws.String(stackID)})
	return t.preparing("delete empty stack", err)
}
