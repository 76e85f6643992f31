package target

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// frozen is a CloudFormation whose one stack has one status for ever.
type frozen struct {
	stackAPI
	status types.StackStatus
}

func (f frozen) DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cfn)) (*cloudformation.DescribeStacksOutput, error) {
	if f.status == missing {
		return &cloudformation.DescribeStacksOutput{}, nil
	}
	return &cloudformation.DescribeStacksOutput{Stacks: []types.Stack{{StackId: aws.String("arn:shop"), StackName: aws.String("shop"), StackStatus: f.status}}}, nil
}

func (f frozen) DescribeStackEvents(context.Context, *cloudformation.DescribeStackEventsInput, ...func(*cfn)) (*cloudformation.DescribeStackEventsOutput, error) {
	return &cloudformation.DescribeStackEventsOutput{}, nil
}

func (f frozen) DescribeEvents(context.Context, *cloudformation.DescribeEventsInput, ...func(*cfn)) (*cloudformation.DescribeEventsOutput, error) {
	return &cloudformation.DescribeEventsOutput{}, nil
}

func (f frozen) ListStackResources(context.Context, *cloudformation.ListStackResourcesInput, ...func(*cfn)) (*cloudformation.ListStackResourcesOutput, error) {
	return &cloudformation.ListStackResourcesOutput{}, nil
}

func (f frozen) ListChangeSets(context.Context, *cloudformation.ListChangeSetsInput, ...func(*cfn)) (*cloudformation.ListChangeSetsOutput, error) {
	return &cloudformation.ListChangeSetsOutput{}, nil
}

func (f frozen) ContinueUpdateRollback(context.Context, *cloudformation.ContinueUpdateRollbackInput, ...func(*cfn)) (*cloudformation.ContinueUpdateRollbackOutput, error) {
	return nil, errors.New("it cannot")
}

func (f frozen) RollbackStack(context.Context, *cloudformation.RollbackStackInput, ...func(*cfn)) (*cloudformation.RollbackStackOutput, error) {
	return nil, errors.New("it cannot")
}

// frozenTarget waits on a clock of its own and gives up after a day.
func frozenTarget(status types.StackStatus) (*CloudFormation, context.Context) {
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	day := now.Add(24 * time.Hour)
	ctx, cancel := context.WithCancel(context.Background())
	opts := Options{Now: func() time.Time { return now }, Sleep: func(_ context.Context, d time.Duration) error {
		if now = now.Add(d); now.After(day) {
			cancel()
		}
		return ctx.Err()
	}}
	return newStack(Stack{App: "shop", Key: "app", Name: "shop", Region: "us-west-2"}, opts, frozen{status: status}, nil, nil), ctx
}

// ended is how a method ended: "ok", the kind of its error, or "waits".
func ended(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, context.Canceled):
		return "waits"
	}
	return deploy.KindOf(err).String()
}

func TestEveryStatusIsActedOnAsItsRowSays(t *testing.T) {
	before := map[preflight]string{planCreate: "ok", planReuse: "ok", planUpdate: "ok", waitFirst: "refused", planReplace: "refused", refuse: "refused"}
	while := map[waiting]string{succeeded: "ok", cleaningUp: "ok", failedClean: "failed", leftStuck: "stuck"}
	back := map[wayBack]string{follow: "waits", nothing: "stuck", deleteOnly: "stuck", askAgain: "stuck", rollFirst: "stuck", giveUp: "stuck"}
	image, err := json.Marshal(image{Version: 1, Exists: true, StackID: "arn:shop"})
	if err != nil {
		t.Fatal(err)
	}
	for status := range cells {
		row := meaning(status)
		target, ctx := frozenTarget(status)
		if _, err := target.ready(ctx); ended(err) != before[row.Before] {
			t.Errorf("%s before: %v, want %s", status, err, before[row.Before])
		}
		op := target.newOperation("arn:shop", "ls-x", "", deploy.PhaseExecute)
		op.create = true
		if want, settles := while[row.While]; settles {
			if err := target.ended(ctx, op, types.Stack{StackStatus: status}); ended(err) != want {
				t.Errorf("%s while: %v, want %s", status, err, want)
			}
		} else if target, ctx := frozenTarget(status); status != types.StackStatusReviewInProgress {
			if _, err := target.settle(ctx, op); ended(err) != "waits" {
				t.Errorf("%s while: %v, want to wait", status, err)
			}
		}
		if want, decided := back[row.Back]; decided {
			target, ctx := frozenTarget(status)
			if _, err := target.Restore(ctx, image); ended(err) != want {
				t.Errorf("%s back: %v, want %s", status, err, want)
			}
		}
	}
}

func TestAnOperationThatWasAcceptedButNeverBeginsIsInDoubt(t *testing.T) {
	target, ctx := frozenTarget(types.StackStatusReviewInProgress)
	_, err := target.settle(ctx, target.newOperation("arn:shop", "ls-x", "", deploy.PhaseExecute))
	if ended(err) != "unknown" {
		t.Errorf("%v", err)
	}
}
