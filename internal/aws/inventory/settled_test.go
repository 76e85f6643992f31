package inventory

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestAStackThatChangedWhileItWasReadIsAGap(t *testing.T) {
	first := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	stack := func(id string, status types.StackStatus, updated time.Time) fakeStack {
		return fakeStack{stack: types.Stack{StackId: &id, StackStatus: status, CreationTime: aws.Time(first), LastUpdatedTime: &updated}}
	}
	later := first.Add(time.Minute)
	refused := stack("arn:a", types.StackStatusUpdateComplete, first)
	refused.fail = map[string]error{"DescribeStacks": wrap("DescribeStacks", "AccessDenied", "no")}
	was := drift.Stack{Key: "a", Name: "a", ID: "arn:a", Status: "UPDATE_COMPLETE", UpdatedAt: first}
	absent := drift.Stack{Key: "a", Name: "a"}
	for name, c := range map[string]struct {
		was    drift.Stack
		now    stacks
		reason string
	}{
		"as it was":                        {was, stacks{"arn:a": stack("arn:a", types.StackStatusUpdateComplete, first)}, ""},
		"an update began":                  {was, stacks{"arn:a": stack("arn:a", types.StackStatusUpdateInProgress, later)}, InProgress},
		"an update began and ended":        {was, stacks{"arn:a": stack("arn:a", types.StackStatusUpdateComplete, later)}, InProgress},
		"it was deleted":                   {was, stacks{"arn:a": stack("arn:a", types.StackStatusDeleteComplete, first)}, InProgress},
		"it is gone":                       {was, stacks{}, InProgress},
		"it may not be looked at any more": {was, stacks{"arn:a": refused}, "AccessDenied"},
		"it was not there and is not":      {absent, stacks{}, ""},
		"it was not there and is":          {absent, stacks{"a": stack("arn:a", types.StackStatusCreateComplete, first)}, InProgress},
	} {
		t.Run(name, func(t *testing.T) {
			l := lister{api: c.now, region: "us-west-2"}
			gaps, err := l.changed(t.Context(), []drift.Stack{c.was})
			if err != nil || (len(gaps) > 0) != (c.reason != "") {
				t.Fatalf("%v, gaps %+v", err, gaps)
			}
			if len(gaps) > 0 && (len(gaps) != 1 || gaps[0].Reason != c.reason || gaps[0].Resource != "a" || !strings.HasPrefix(gaps[0].Operation, "cloudformation:")) {
				t.Errorf("gaps %+v", gaps)
			}
		})
	}
}

// Many stacks are looked at by one list, as they were listed.
func TestManyStacksAreLookedAtByOneList(t *testing.T) {
	r := &region{stacks: stacks{}}
	var list []drift.Stack
	for i := range stacksForList {
		name := fmt.Sprintf("s%d", i)
		r.stacks[name] = fakeStack{stack: stackNamed("arn:" + name)}
		list = append(list, stackOf(name, r.stacks[name].stack))
	}
	list[3].Status = "UPDATE_IN_PROGRESS"
	l := lister{api: r, region: "us-west-2"}
	gaps, err := l.changed(t.Context(), list)
	if err != nil || len(gaps) != 1 || gaps[0].Resource != "s3" || r.lists.Load() != 1 || r.alone.Load() != 0 {
		t.Errorf("%v, gaps %+v, %d lists, %d alone", err, gaps, r.lists.Load(), r.alone.Load())
	}
}
