package target

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// removeStale deletes change sets that an earlier run of ours left behind. It only
// tidies: what it cannot remove does no harm, stops nothing, and is told.
func (t *CloudFormation) removeStale(ctx context.Context, stack types.Stack) (remaining []string) {
	if aws.ToString(stack.StackId) == "" {
		return nil
	}
	sets, err := t.changeSets(ctx, aws.ToString(stack.StackId))
	if err != nil {
		return remains(ctx, nil, err, "whether earlier runs left change sets in stack %s could not be read", t.spec.Name)
	}
	for _, set := range sets {
		if !t.isStale(set) {
			continue
		}
		_, err := t.stacks.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{ChangeSetName: set.ChangeSetId, StackName: set.StackId})
		remaining = remains(ctx, remaining, err, "change set %s of an earlier run could not be deleted, and stays until one of stack %s is executed",
			aws.ToString(set.ChangeSetName), t.spec.Name)
	}
	return remaining
}

// isStale reports whether a change set is one of ours that no run executes any more:
// this one holds the lock. A plan holds none, and may be under way.
func (t *CloudFormation) isStale(set types.ChangeSetSummary) bool {
	name := aws.ToString(set.ChangeSetName)
	if !strings.HasPrefix(name, setPrefix) || strings.HasPrefix(name, planPrefix) || strings.Contains(name, short(8, t.spec.Deployment, t.unit())) {
		return false
	}
	return set.ExecutionStatus == types.ExecutionStatusAvailable || set.ExecutionStatus == types.ExecutionStatusUnavailable
}

// remains adds a warning, unless what was to be removed is gone or the run is ending.
func remains(ctx context.Context, list []string, err error, what string, args ...any) []string {
	gone := code(err) == "ChangeSetNotFound" || code(err) == "ChangeSetNotFoundException" || isMissing(err)
	if err == nil || gone || ctx.Err() != nil {
		return list
	}
	return append(list, fmt.Sprintf("warning: "+what+": %s", append(args, reasonOf(err))...))
}

// reasonOf is what AWS says, without the transport around it.
func reasonOf(err error) string {
	if code(err) != "" {
		return code(err) + ", " + message(err)
	}
	return err.Error()
}
