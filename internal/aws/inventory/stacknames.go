package inventory

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// StackNames are the names of all stacks of a Region that no other stack
// contains, sorted. Deleted ones are not among them.
func StackNames(ctx context.Context, region session.ReadOnly) ([]string, error) {
	var names []string
	pages := cloudformation.NewDescribeStacksPaginator(cloudformation.NewFromConfig(region.Config()), &cloudformation.DescribeStacksInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the stacks of %s: %w", region.Region(), err)
		}
		for _, stack := range page.Stacks {
			if stack.ParentId == nil {
				names = append(names, aws.ToString(stack.StackName))
			}
		}
	}
	slices.Sort(names)
	return names, nil
}
