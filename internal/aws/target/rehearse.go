package target

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

const (
	rehearsalSuffix  = "-rehearsal"
	longestStackName = 128
	// rehearsalEnds bounds the removal of what a rehearsal made, interrupted or not.
	rehearsalEnds = 2 * time.Minute
	// abandoned is after how long a change set of a rehearsal has nobody who waits for it.
	abandoned = time.Hour
)

// Rehearsal is the stack under a name of its own, that nothing else has: a stack
// that is there already would only be updated, and a shell of the real name that a
// killed rehearsal left would be in the way of the real recovery.
func (s Stack) Rehearsal() Stack {
	name := s.Name
	if len(name)+len(rehearsalSuffix) > longestStackName {
		name = name[:longestStackName-len(rehearsalSuffix)]
	}
	s.Name, s.rehearsalOf = name+rehearsalSuffix, s.Name
	s.Policy, s.Keep, s.Barrier = "", nil, 0
	s.RevertDrift, s.RecreateFailed, s.Repair, s.ImportExisting = false, false, false, false
	return s
}

// Rehearse has CloudFormation validate the stack as one to create, and removes the
// change set and the empty stack that came with it, whatever became of it. Nothing
// is built. The options must say DryRun, the stack be a Rehearsal. A plan that is
// deferred was not validated with its parameters.
func (t *CloudFormation) Rehearse(ctx context.Context, in deploy.Inputs) (deploy.Plan, error) {
	if err := t.forgetAbandoned(ctx); err != nil {
		return deploy.Plan{}, t.preparing("look for an earlier rehearsal", err)
	}
	plan, err := t.prepare(ctx, in)
	var taken *namesTaken
	if errors.As(err, &taken) {
		if note, ours := t.holds(ctx, taken.names); ours {
			err, plan.Notes = nil, append(plan.Notes, note)
		}
	}
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), rehearsalEnds)
	defer cancel()
	if left := errors.Join(t.Discard(after, plan), t.removeEmpty(after)); left != nil {
		return plan, errors.Join(err, left)
	}
	if err == nil && plan.Action != deploy.ActionCreate {
		err = t.refusal("delete that stack: its name is kept for rehearsals", "it exists, and only its update could be validated")
	}
	return plan, err
}

// namesTaken is why a change set was rejected that nothing else is wrong with.
type namesTaken struct{ names []string }

func (e *namesTaken) Error() string { return "names are taken: " + strings.Join(e.names, ", ") }

// existenceCheck is the validation that refuses names that are taken; takenName is
// how it says which. Source: AWS CloudFormation user guide, "Validate stack
// deployments". In another wording the rejection stays one.
const existenceCheck = "AWS::EarlyValidation::ResourceExistenceCheck"

var takenName = regexp.MustCompile(`^Resource of type '[^']+' with identifier '([^']+)' already exists\.?$`)

// takenOf is the error if taken names are all that a change set was rejected for.
func takenOf(reason string, events []types.OperationEvent) *namesTaken {
	if strings.Count(reason, "AWS::") != 1 || !strings.Contains(reason, "["+existenceCheck+"]") {
		return nil
	}
	taken := &namesTaken{}
	for _, e := range events {
		switch e.EventType {
		case types.EventTypeHookInvocationError:
			return nil
		case types.EventTypeValidationError:
			found := takenName.FindStringSubmatch(aws.ToString(e.ValidationStatusReason))
			if found == nil {
				return nil
			}
			taken.names = append(taken.names, found[1])
		}
	}
	if len(taken.names) == 0 {
		return nil
	}
	return taken
}

// holds reports whether all the names are taken by the very stack that is rehearsed:
// a stack that is there cannot be in its own way on the day that it is not.
func (t *CloudFormation) holds(ctx context.Context, names []string) (note string, all bool) {
	held := map[string]bool{}
	pages := cloudformation.NewListStackResourcesPaginator(t.stacks, &cloudformation.ListStackResourcesInput{StackName: aws.String(t.spec.rehearsalOf)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", false // the rejection stands
		}
		for _, r := range page.StackResourceSummaries {
			held[aws.ToString(r.PhysicalResourceId)] = true
		}
	}
	for _, name := range names {
		if !held[name] {
			return "", false
		}
	}
	return fmt.Sprintf("the stack %s is there and has %d of the names, which is all that CloudFormation refused", t.spec.rehearsalOf, len(names)), true
}

// forgetAbandoned deletes the change sets of rehearsals that were killed. Younger
// ones may be those of a rehearsal that runs at the same time.
func (t *CloudFormation) forgetAbandoned(ctx context.Context) error {
	stack, err := t.describe(ctx, t.spec.Name)
	if err != nil || stack.StackStatus != types.StackStatusReviewInProgress {
		return err
	}
	sets, err := t.changeSets(ctx, aws.ToString(stack.StackId))
	if err != nil {
		return err
	}
	for _, set := range sets {
		if !strings.HasPrefix(aws.ToString(set.ChangeSetName), planPrefix) || t.opts.Now().Sub(aws.ToTime(set.CreationTime)) < abandoned {
			continue
		}
		if _, err := t.stacks.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{ChangeSetName: set.ChangeSetId, StackName: set.StackId}); err != nil {
			return err
		}
	}
	return nil
}

// removeEmpty deletes the rehearsal's stack if it is empty and nobody plans in it.
func (t *CloudFormation) removeEmpty(ctx context.Context) error {
	stack, err := t.describe(ctx, t.spec.Name)
	if err != nil {
		return t.preparing("look for what the rehearsal left", err)
	}
	if stack.StackStatus != types.StackStatusReviewInProgress {
		return nil
	}
	return t.deleteShell(ctx, aws.ToString(stack.StackId), func(types.ChangeSetSummary) bool { return false })
}
