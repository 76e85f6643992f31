package inventory

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// stacksForList is how many stacks make a list of all stacks of the Region worth
// while: CloudFormation answers few calls a second.
const stacksForList = 10

// describe finds a stack in the list of all when many are read, and else, or
// when the list lacks it, asks for it alone.
func (l *lister) describe(ctx context.Context, name string) (types.Stack, error) {
	if l.all != nil {
		if s, ok := l.all()[name]; ok {
			return s, nil
		}
	}
	out, err := l.api.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		return types.Stack{}, err
	}
	if len(out.Stacks) != 1 {
		return types.Stack{}, errors.New("describe stack " + name + ": the answer holds no stack")
	}
	return out.Stacks[0], nil
}

// describeAll lists the Region's stacks by name and by ARN, in at most the given
// number of calls. It gives up where it is refused: what it lacks is asked for alone.
func (l *lister) describeAll(ctx context.Context, most int) map[string]types.Stack {
	found := map[string]types.Stack{}
	pages := cloudformation.NewDescribeStacksPaginator(l.api, &cloudformation.DescribeStacksInput{})
	for calls := 0; calls < most && pages.HasMorePages(); calls++ {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return found
		}
		for _, s := range page.Stacks {
			found[aws.ToString(s.StackName)], found[aws.ToString(s.StackId)] = s, s
		}
	}
	return found
}

// inTheBackground begins to list at once; whoever asks waits for the answer.
func (l *lister) inTheBackground(list func() map[string]types.Stack) func() map[string]types.Stack {
	var found map[string]types.Stack
	listed := make(chan struct{})
	go func() {
		defer close(listed)
		found = list()
	}()
	return func() map[string]types.Stack {
		<-listed
		return found
	}
}
