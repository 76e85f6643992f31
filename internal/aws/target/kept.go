package target

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// kept says which resources a deleted stack left behind, because their
// DeletionPolicy says so. They cost money, and one with a name of its own
// stops the next creation of the stack. What cannot be listed is said, too.
func (t *CloudFormation) kept(ctx context.Context, stackID string) []string {
	var notes []string
	pages := cloudformation.NewDescribeStackEventsPaginator(t.stacks, &cloudformation.DescribeStackEventsInput{StackName: aws.String(stackID)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return append(notes, fmt.Sprintf("what the deleted stack %s kept could not be listed: %s", t.spec.Name, plain(err)))
		}
		for _, e := range page.StackEvents {
			if e.ResourceStatus == types.ResourceStatusDeleteSkipped {
				notes = append(notes, fmt.Sprintf("%s/%s (%s %s) was kept by its DeletionPolicy: remove it, or import it, before the stack is created again",
					t.spec.Key, aws.ToString(e.LogicalResourceId), aws.ToString(e.ResourceType), aws.ToString(e.PhysicalResourceId)))
			}
		}
	}
	slices.Sort(notes)
	return slices.Compact(notes)
}
