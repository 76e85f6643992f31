package inventory

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// region answers DescribeStacks without a name too.
type region struct {
	stacks
	unlisted     map[string]bool
	denied       bool
	lists, alone atomic.Int32
}

func (r *region) DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, o ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error) {
	if in.StackName != nil {
		r.alone.Add(1)
		return r.stacks.DescribeStacks(ctx, in, o...)
	}
	r.lists.Add(1)
	if r.denied {
		return nil, wrap("DescribeStacks", "AccessDenied", "no")
	}
	out := &cloudformation.DescribeStacksOutput{}
	for name, f := range r.stacks {
		if !r.unlisted[name] {
			f.stack.StackName = aws.String(name)
			out.Stacks = append(out.Stacks, f.stack)
		}
	}
	return out, nil
}

func TestManyStacksAreDescribedByOneList(t *testing.T) {
	tests := map[string]struct {
		stacks       int
		denied       bool
		unlisted     string
		lists, alone int32
	}{
		"ten stacks":                        {stacksForList, false, "", 1, 0},
		"ten stacks, one younger than it":   {stacksForList, false, "s3", 1, 1},
		"ten stacks, no permission to list": {stacksForList, true, "", 1, stacksForList},
		"nine stacks":                       {stacksForList - 1, false, "", 0, stacksForList - 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := &region{stacks: stacks{}, denied: test.denied, unlisted: map[string]bool{test.unlisted: true}}
			var sources []Source
			for i := range test.stacks {
				name := fmt.Sprintf("s%d", i)
				sources = append(sources, Source{Key: name})
				r.stacks[name] = fakeStack{stack: stackNamed("arn:" + name), template: "Resources: {Q: {Type: 'AWS::SQS::Queue'}}",
					pages: [][]types.StackResourceSummary{{row("Q", "AWS::SQS::Queue", name)}}}
			}
			l := lister{api: r, region: "us-west-2", account: "111111111111"}
			listing, err := l.list(t.Context(), sources)
			if err != nil || len(listing.Gaps) != 0 || len(listing.Stacks) != test.stacks || len(listing.Items) != test.stacks {
				t.Fatalf("%v: %d stacks, %d items, gaps %+v", err, len(listing.Stacks), len(listing.Items), listing.Gaps)
			}
			for _, s := range listing.Stacks {
				if s.ID != "arn:"+s.Key || s.Status == "" {
					t.Errorf("%s is %+v", s.Key, s)
				}
			}
			if r.lists.Load() != test.lists || r.alone.Load() != test.alone {
				t.Errorf("%d lists and %d stacks alone, want %d and %d", r.lists.Load(), r.alone.Load(), test.lists, test.alone)
			}
		})
	}
}
