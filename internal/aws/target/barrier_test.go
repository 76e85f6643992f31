package target

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

func held(s *Stack) { s.Barrier = 30 * time.Minute }

// staged is a stack on "one" whose update to "two" waits, and its target.
func (r *rig) staged() *CloudFormation {
	r.Helper()
	r.deployed(r.stack(withSecret, with(map[string]string{"Size": "one", "Token": "hush"})))
	t := r.stack(withSecret, with(map[string]string{"Size": "two", "Token": "hush"}), run("d-2"), held)
	plan := r.prepare(t)
	if !plan.Stages {
		r.Fatalf("%+v", plan)
	}
	if err := t.Stage(ctx, plan); err != nil {
		r.Fatal(err)
	}
	return t
}

func TestAStagedStackHasEverythingAndWaits(t *testing.T) {
	r := newRig(t)
	target := r.staged()
	if r.status() != types.StackStatusUpdateInProgress || r.readSetting() != "two" {
		t.Fatalf("%s, the setting is %s", r.status(), r.readSetting())
	}
	if err := target.Staged(ctx); err != nil {
		t.Fatal(err)
	}
	if err := target.Keep(ctx, "d-2"); err != nil {
		t.Fatal(err)
	}
	if err := target.Settle(ctx, "d-2"); err != nil {
		t.Fatal(err)
	}
	if err := target.Verify(ctx, nil); err != nil || r.status() != types.StackStatusUpdateComplete {
		t.Errorf("%v, %s", err, r.status())
	}
	r.fails(target.Staged(ctx), deploy.Failed, "does not wait")
}

// TestWhatAStagedStackComesTo is about the stack after somebody, or nobody, gave the word.
func TestWhatAStagedStackComesTo(t *testing.T) {
	for _, c := range []struct {
		name   string
		do     func(*rig, *CloudFormation) error
		want   types.StackStatus
		holds  string
		settle deploy.ErrorKind
	}{
		{"nobody says anything until the time is over", func(r *rig, _ *CloudFormation) error { r.clock.Advance(time.Hour); return nil }, types.StackStatusUpdateRollbackComplete, "one", deploy.Failed},
		{"its run aborts it", func(r *rig, s *CloudFormation) error { return s.Abort(ctx) }, types.StackStatusUpdateRollbackComplete, "one", deploy.Failed},
		{"another run prepares the next release", func(r *rig, _ *CloudFormation) error {
			_, err := r.stack(withSecret, with(map[string]string{"Size": "three", "Token": "hush"}), run("d-3"), held).Prepare(ctx, nil)
			return err
		}, types.StackStatusUpdateRollbackComplete, "one", deploy.Failed},
		{"another run carries the decision out", func(r *rig, _ *CloudFormation) error {
			return r.stack(withSecret, run("d-3")).Keep(ctx, "d-2")
		}, types.StackStatusUpdateComplete, "two", -1},
		{"another run gives the word of another deploy", func(r *rig, _ *CloudFormation) error {
			err := r.stack(withSecret, run("d-3")).Keep(ctx, "d-1")
			r.clock.Advance(time.Hour)
			return err
		}, types.StackStatusUpdateRollbackComplete, "one", deploy.Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			target := r.staged()
			if err := c.do(r, target); err != nil {
				t.Fatal(err)
			}
			other := r.stack(withSecret, run("d-4"))
			if err := other.Settle(ctx, "d-2"); (err == nil) != (c.settle < 0) || err != nil && deploy.KindOf(err) != c.settle {
				t.Errorf("settle: %v (%s)", err, deploy.KindOf(err))
			}
			if r.status() != c.want || r.readSetting() != c.holds {
				t.Errorf("%s, %s; want %s, %s", r.status(), r.readSetting(), c.want, c.holds)
			}
		})
	}
}

func TestAPlanByOneWithoutTheLockLeavesAStagedStackAlone(t *testing.T) {
	r := newRig(t)
	r.staged()
	opts := r.options()
	opts.DryRun, opts.BusyTimeout = true, time.Minute
	patient, cancel := context.WithCancel(ctx)
	n := 0
	r.onSleep = func(int) {
		if n++; n > 20 {
			cancel()
		}
	}
	_, err := r.stackWith(opts, withSecret, with(map[string]string{"Size": "three", "Token": "hush"}), run("d-3"), held).Prepare(patient, nil)
	if err == nil || r.status() != types.StackStatusUpdateInProgress {
		t.Errorf("%v, %s", err, r.status())
	}
}

func TestAStagedCreationThatIsNotKeptIsGone(t *testing.T) {
	r := newRig(t)
	target := r.stack(withSecret, with(map[string]string{"Size": "one", "Token": "hush"}), held)
	before := r.image(target)
	plan := r.prepare(target)
	if err := target.Stage(ctx, plan); err != nil || r.status() != types.StackStatusCreateInProgress {
		t.Fatalf("%v, %s", err, r.status())
	}
	back, err := r.stack(withSecret, run("d-2")).Restore(ctx, before)
	if err != nil || r.status() != missing {
		t.Errorf("%v %+v, %s", err, back, r.status())
	}
	r.fails(r.stack(withSecret, run("d-2")).Settle(ctx, "d-1"), deploy.Failed)
}

// TestABarrierNeverLooksLikeAChange: a stack that was held, and every way to
// deploy the same to it again.
func TestABarrierNeverLooksLikeAChange(t *testing.T) {
	r := newRig(t)
	values := with(map[string]string{"Size": "one", "Token": "hush"})
	r.deployed(r.stack(withSecret, values, held))
	if body := r.body(); !strings.Contains(body, barrierID("d-1")) {
		t.Fatalf("there is no barrier in\n%s", body)
	}
	again := r.stack(withSecret, values, held, run("d-2"))
	if plan := r.prepare(again); plan.Action != deploy.ActionNone || len(plan.Changes) != 0 {
		t.Errorf("the same again: %+v", plan)
	}
	if err := again.Verify(ctx, nil); err != nil {
		t.Errorf("verify: %v", err)
	}
	before := r.image(again)
	if strings.Contains(string(before), "LockstepBarrier") {
		t.Errorf("the saved state holds the barrier: %s", before)
	}
	next := r.stack(withSecret, with(map[string]string{"Size": "two", "Token": "hush"}), held, run("d-3"))
	plan := r.prepare(next)
	if len(plan.Changes) != 1 || plan.Changes[0].Resource != "Setting" || !plan.Stages {
		t.Errorf("a change: %+v", plan)
	}
	if err := next.Execute(ctx, plan); err != nil {
		t.Fatal(err)
	}
	if body := r.body(); strings.Contains(body, barrierID("d-1")) || !strings.Contains(body, barrierID("d-3")) {
		t.Errorf("the barriers are wrong in\n%s", body)
	}
	if back, err := next.Restore(ctx, before); err != nil || back.Status != "restored" || r.readSetting() != "one" {
		t.Errorf("%v %+v %s", err, back, r.readSetting())
	}
	if body := r.body(); strings.Contains(body, "LockstepBarrier") {
		t.Errorf("going back waits for nobody, but there is a barrier in\n%s", body)
	}
}

func TestATemplateThatTakesNoBarrierSettlesAndSaysSo(t *testing.T) {
	r := newRig(t)
	target := r.stack("Resources: {Setting: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: one}}}\n", held)
	plan := r.prepare(target)
	if plan.Stages || len(plan.Notes) != 1 || !strings.Contains(plan.Notes[0], "not held at a barrier") {
		t.Errorf("%+v", plan)
	}
	if err := target.Execute(ctx, plan); err != nil || r.status() != types.StackStatusCreateComplete {
		t.Errorf("%v, %s", err, r.status())
	}
}

// TestWithABarrierNoRegionKeepsWhatAnotherCannotHave: whole deploys of two
// stacks into two Regions.
func TestWithABarrierNoRegionKeepsWhatAnotherCannotHave(t *testing.T) {
	r := newRig(t)
	r.barrier = 30 * time.Minute
	if res := r.deploy(ctx, r.process(), "1", "d-1"); res.Outcome != deploy.Done || !r.everywhere("1") {
		t.Fatalf("%s (%s) %v", res.Outcome, res.Reason, r.versions())
	}
	heal := r.inject(awssim.Fault{Effect: fault.FailResource, Region: "us-west-2", LogicalID: "Topic", Action: "update", Message: "Topic is not wanted here"})
	res := r.deploy(ctx, r.process(), "2", "d-2")
	if res.Outcome != deploy.RolledBack || !r.everywhere("1") {
		t.Fatalf("%s (%s) %v", res.Outcome, res.Reason, r.versions())
	}
	out, err := cloudformation.NewFromConfig(r.config("us-east-1")).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String("shop-app")})
	if err != nil || out.Stacks[0].StackStatus != types.StackStatusUpdateRollbackComplete {
		t.Errorf("us-east-1 kept it first: %v %s", err, out.Stacks[0].StackStatus)
	}
	heal()
	if res := r.deploy(ctx, r.process(), "2", "d-3"); res.Outcome != deploy.Done || !r.everywhere("2") {
		t.Errorf("%s (%s) %v", res.Outcome, res.Reason, r.versions())
	}
	if res := r.deploy(ctx, r.process(), "2", "d-4"); res.Outcome != deploy.NoChange {
		t.Errorf("again: %s (%s)", res.Outcome, res.Reason)
	}
}
