package target

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// leftovers are the change sets of the stack that were never executed.
func (r *rig) leftovers(t *CloudFormation) []string {
	r.Helper()
	if r.status() == missing {
		return nil
	}
	sets, err := t.changeSets(ctx, "shop")
	if err != nil {
		r.Fatal(err)
	}
	var names []string
	for _, set := range sets {
		if set.ExecutionStatus == types.ExecutionStatusAvailable || set.ExecutionStatus == types.ExecutionStatusUnavailable {
			names = append(names, *set.ChangeSetName)
		}
	}
	return names
}

func TestAChangeSetStillBeingComputedIsRemovedOnceItCanBe(t *testing.T) {
	for name, before := range map[string]string{"of a stack that exists": first, "with the shell it made": ""} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if before != "" {
				r.deployed(r.stack(before))
			}
			target := r.stack(second, run("d-2"))
			heal := r.inject(awssim.Fault{Effect: fault.AccessDenied, Service: "cloudformation", Operation: "DescribeChangeSet"})
			plan, err := target.Prepare(ctx, nil)
			r.fails(err, deploy.Unknown, "cloudformation:DescribeChangeSet")
			heal()
			if err := target.Discard(ctx, plan); err != nil {
				t.Fatal(err)
			}
			r.clock.Advance(time.Minute)
			if left := r.leftovers(target); len(left) != 0 || before == "" && r.status() != missing {
				t.Errorf("it left %v, stack %s", left, r.status())
			}
		})
	}
}

// cutShort ends the work while a change set is being created: before the call
// reaches AWS, or while its answer is on its way.
type cutShort struct {
	stackAPI
	cancel   context.CancelFunc
	answered bool
}

var errNoAnswer = errors.New("connection reset")

func (c *cutShort) CreateChangeSet(ctx ctxType, in *cloudformation.CreateChangeSetInput, o ...func(*cfn)) (*cloudformation.CreateChangeSetOutput, error) {
	c.cancel()
	out, err := c.stackAPI.CreateChangeSet(ctx, in, o...)
	if !c.answered {
		return nil, errNoAnswer
	}
	return out, err
}

func TestAPreparationCutShortLeavesNothingBehind(t *testing.T) {
	for name, answered := range map[string]bool{"the answer comes late": true, "the answer is lost": false} {
		for _, before := range []string{first, ""} {
			t.Run(name, func(t *testing.T) {
				r := newRig(t)
				if before != "" {
					r.deployed(r.stack(before))
				}
				work, cancel := context.WithCancel(ctx)
				defer cancel()
				target := r.stack(second, run("d-2"))
				target.stacks = &cutShort{stackAPI: target.stacks, cancel: cancel, answered: answered}
				plan, err := target.Prepare(work, nil)
				if err == nil || plan.Handle == "" {
					t.Fatalf("%+v, %v", plan, err)
				}
				if len(r.leftovers(target)) != 1 {
					t.Fatal("the change set was not made: this test shows nothing")
				}
				if err := target.Discard(ctx, plan); err != nil {
					t.Fatal(err)
				}
				r.clock.Advance(time.Minute)
				if left := r.leftovers(target); len(left) != 0 || before == "" && r.status() != missing {
					t.Errorf("it left %v, stack %s", left, r.status())
				}
			})
		}
	}
}

func TestADeniedExecutionLeavesNoChangeSet(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	target := r.stack(second, run("d-2"))
	plan := r.prepare(target)
	r.inject(awssim.Fault{Effect: fault.AccessDenied, Service: "cloudformation", Operation: "ExecuteChangeSet"})
	r.fails(target.Execute(ctx, plan), deploy.Failed, "cloudformation:ExecuteChangeSet")
	if left := r.leftovers(target); len(left) != 0 {
		t.Errorf("it left %v", left)
	}
}

// neverComputed is a CloudFormation whose change sets stay in the making.
type neverComputed struct{ stackAPI }

func (neverComputed) DescribeChangeSet(_ ctxType, in *cloudformation.DescribeChangeSetInput, _ ...func(*cfn)) (*cloudformation.DescribeChangeSetOutput, error) {
	return &cloudformation.DescribeChangeSetOutput{ChangeSetId: in.ChangeSetName, Status: types.ChangeSetStatusCreateInProgress}, nil
}

func TestAChangeSetThatIsNeverComputedIsGivenUpAfterTenMinutes(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	target := r.stack(second, run("d-2"))
	target.stacks = neverComputed{target.stacks}
	start := r.clock.Now()
	plan, err := target.Prepare(ctx, nil)
	r.fails(err, deploy.Refused, "CREATE_IN_PROGRESS", "10m0s")
	if waited := r.clock.Now().Sub(start); waited > 11*time.Minute {
		t.Errorf("it waited %s", waited)
	}
	if err := target.Discard(ctx, plan); err != nil || len(r.leftovers(target)) != 0 {
		t.Errorf("it left %v, %v", r.leftovers(target), err)
	}
}
