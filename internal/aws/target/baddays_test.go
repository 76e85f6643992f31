package target

import (
	"errors"
	"slices"
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

func TestWhatATemplateNeedsIsCheckedBeforeAnythingIsPlanned(t *testing.T) {
	role := "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties: {RoleName: shop, AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}\n"
	for name, c := range map[string]struct {
		template string
		change   func(*Stack)
		words    []string
	}{
		"a template that is no template":   {"Resources: {Queue: [", nil, []string{"correct infra/app.yaml"}},
		"a parameter it does not have":     {first, with(map[string]string{"Stge": "x"}), []string{"has no parameter Stge", "the template has Stage: correct the name or leave it out"}},
		"a parameter without a value":      {strings.Replace(first, ", Default: prod", "", 1), nil, []string{"needs a value for parameter Stage"}},
		"a capability that is not granted": {role, nil, []string{"CAPABILITY_NAMED_IAM", "capabilities"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			change := c.change
			if change == nil {
				change = func(*Stack) {}
			}
			_, err := r.stack(c.template, change).Prepare(ctx, nil)
			r.fails(err, deploy.Refused, c.words...)
			if r.status() != missing {
				t.Errorf("it left a stack: %s", r.status())
			}
		})
	}
	r := newRig(t)
	r.deployed(r.stack(role, func(s *Stack) { s.Capabilities = []string{"CAPABILITY_NAMED_IAM"} }))
}

func TestATemplateIsRefusedBeforeItIsSent(t *testing.T) {
	r := newRig(t)
	for _, template := range []string{"", strings.Repeat("x", maxTemplate+1)} {
		_, err := NewStack(r.config("us-west-2"), Stack{App: "shop", Key: "app", Name: "shop", Region: "us-west-2", Template: []byte(template), TemplateFile: "big.yaml"}, Options{})
		if err == nil || !strings.Contains(err.Error(), "big.yaml") {
			t.Errorf("%d bytes: %v", len(template), err)
		}
	}
}

func TestAStackThatFailedToBeCreatedIsRefusedOrRecreated(t *testing.T) {
	r := newRig(t)
	heal := r.inject(awssim.Fault{Effect: fault.FailResource, LogicalID: "Setting"})
	r.byHand(first, types.OnFailureRollback)
	heal()
	if r.status() != types.StackStatusRollbackComplete {
		t.Fatalf("stack is %s", r.status())
	}
	_, err := r.stack(first).Prepare(ctx, nil)
	r.fails(err, deploy.Refused, "ROLLBACK_COMPLETE", "recreate-failed")

	target := r.stack(first, func(s *Stack) { s.RecreateFailed = true })
	image, plan := r.image(target), r.prepare(target)
	if plan.Action != deploy.ActionCreate || len(plan.Notes) != 1 || r.status() != types.StackStatusRollbackComplete {
		t.Fatalf("plan %+v, stack %s", plan, r.status())
	}
	if err := target.Execute(ctx, plan); err != nil || r.status() != types.StackStatusCreateComplete {
		t.Fatalf("%v, stack %s", err, r.status())
	}
	if back, err := target.Restore(ctx, image); err != nil || back.Status != "deleted" {
		t.Errorf("restore: %+v, %v", back, err)
	}
}

func TestAProtectedFailedStackIsNotRecreated(t *testing.T) {
	r := newRig(t)
	heal := r.inject(awssim.Fault{Effect: fault.FailResource, LogicalID: "Setting"})
	r.byHand(first, types.OnFailureRollback)
	heal()
	if _, err := r.cfn.UpdateTerminationProtection(ctx, &cloudformation.UpdateTerminationProtectionInput{
		StackName: aws.String("shop"), EnableTerminationProtection: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	_, err := r.stack(first, func(s *Stack) { s.RecreateFailed = true }).Prepare(ctx, nil)
	r.fails(err, deploy.Refused, "protected")
}

// stuckRollback brings the stack into UPDATE_ROLLBACK_FAILED.
func stuckRollback(r *rig, target *CloudFormation) (heal func()) {
	r.Helper()
	failed := r.inject(awssim.Fault{Effect: fault.FailResource, LogicalID: "Topic", Message: "no topic"})
	stuck := r.inject(awssim.Fault{Effect: fault.FailResource, LogicalID: "Queue", Action: "rollback-update", Message: "queue is locked"})
	err := target.Execute(ctx, r.prepare(target))
	failed()
	r.fails(err, deploy.Stuck, "no topic")
	if r.status() != types.StackStatusUpdateRollbackFailed {
		r.Fatalf("stack is %s", r.status())
	}
	return stuck
}

func TestAStuckRollbackIsQuarantinedUntilItCanContinue(t *testing.T) {
	r := newRig(t)
	// The queue is updated before the topic fails.
	ordered := strings.Replace(second, "Type: AWS::SNS::Topic", "Type: AWS::SNS::Topic\n    DependsOn: Queue", 1)
	r.deployed(r.stack(first))
	target := r.stack(ordered, run("d-2"))
	image := r.image(target)
	heal := stuckRollback(r, target)

	_, err := r.stack(ordered, run("d-3")).Prepare(ctx, nil)
	r.fails(err, deploy.Refused, "UPDATE_ROLLBACK_FAILED", "ContinueUpdateRollback")
	_, err = target.Restore(ctx, image)
	r.fails(err, deploy.Stuck, "UPDATE_ROLLBACK_FAILED", "ContinueUpdateRollback")
	heal()
	back, err := target.Restore(ctx, image)
	if err != nil || !sameTemplate(r.body(), first) || r.status() != types.StackStatusUpdateRollbackComplete {
		t.Errorf("restore: %+v, %v, stack %s", back, err, r.status())
	}
}

func TestAStuckRollbackIsRepairedOnlyWhereThatIsAllowed(t *testing.T) {
	repair := func(s *Stack) { s.Repair = true }
	plan := func(o *Options) { o.DryRun = true }
	for _, c := range []struct {
		name   string
		spec   func(*Stack)
		opts   func(*Options)
		healed bool     // what blocked the rollback is gone
		words  []string // of the refusal; none: it is repaired
	}{
		{"allowed, and nothing blocks it any more", repair, nil, true, nil},
		{"allowed, and it stays blocked", repair, nil, false, []string{"UPDATE_ROLLBACK_FAILED"}},
		{"allowed, but this is only a plan", repair, plan, true, []string{"a plan changes nothing"}},
		{"not allowed", func(*Stack) {}, nil, true, []string{"UPDATE_ROLLBACK_FAILED", "set repair"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			ordered := strings.Replace(second, "Type: AWS::SNS::Topic", "Type: AWS::SNS::Topic\n    DependsOn: Queue", 1)
			r.deployed(r.stack(first))
			heal := stuckRollback(r, r.stack(ordered, run("d-2")))
			if c.healed {
				heal()
			}
			opts := r.options()
			if c.opts != nil {
				c.opts(&opts)
			}
			target := r.stackWith(opts, ordered, run("d-3"), c.spec)
			plan, err := target.Prepare(ctx, nil)
			if len(c.words) > 0 {
				r.fails(err, deploy.Refused)
				var refusal *deploy.Error
				errors.As(err, &refusal)
				contains(t, refusal.Error()+refusal.Hint, c.words...)
				if r.status() != types.StackStatusUpdateRollbackFailed {
					t.Errorf("stack is %s", r.status())
				}
				return
			}
			if err != nil || r.status() != types.StackStatusUpdateRollbackComplete || !sameTemplate(r.body(), first) {
				t.Fatalf("%v, stack %s", err, r.status())
			}
			contains(t, strings.Join(plan.Notes, "; ")+plan.Repaired, "UPDATE_ROLLBACK_FAILED", "repair")
			if plan.Repaired != "UPDATE_ROLLBACK_FAILED" {
				t.Errorf("repaired from %q", plan.Repaired)
			}
			if err := target.Execute(ctx, plan); err != nil || !sameTemplate(r.body(), ordered) {
				t.Errorf("%v, stack %s", err, r.status())
			}
		})
	}
}

func TestAnUpdateThatStoppedWithoutARollbackIsRolledBack(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	heal := r.inject(awssim.Fault{Effect: fault.FailResource, LogicalID: "Topic", Message: "no topic"})
	if _, err := r.cfn.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(second), DisableRollback: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(10 * time.Minute)
	heal()
	if r.status() != types.StackStatusUpdateFailed {
		t.Fatalf("stack is %s", r.status())
	}
	_, err := r.stack(second, run("d-2")).Prepare(ctx, nil)
	r.fails(err, deploy.Refused, "UPDATE_FAILED")
	target := r.stack(second, run("d-3"), func(s *Stack) { s.Repair = true })
	plan := r.prepare(target)
	if r.status() != types.StackStatusUpdateRollbackComplete || !sameTemplate(r.body(), first) {
		t.Fatalf("stack is %s", r.status())
	}
	if err := target.Execute(ctx, plan); err != nil || !sameTemplate(r.body(), second) {
		t.Errorf("%v, stack %s", err, r.status())
	}
}

func TestAForeignOperationIsWaitedForAndThenRefused(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	heal := r.inject(awssim.Fault{Effect: fault.FreezeResource, LogicalID: "Topic"})
	_, err := r.cfn.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(second), ClientRequestToken: aws.String("pipeline-7")})
	if err != nil {
		t.Fatal(err)
	}
	start := r.clock.Now()
	_, err = r.stack(second, run("d-2")).Prepare(ctx, nil)
	r.fails(err, deploy.Refused, "UPDATE_IN_PROGRESS", "pipeline-7")
	if waited := r.clock.Now().Sub(start); waited < 10*time.Minute || waited > 11*time.Minute {
		t.Errorf("waited %s", waited)
	}
	r.onSleep = func(n int) {
		if n > r.sleeps-1 && r.clock.Now().Sub(start) > 12*time.Minute {
			heal()
		}
	}
	if plan := r.prepare(r.stack(second, run("d-3"))); plan.Action != deploy.ActionNone {
		t.Errorf("plan after waiting: %+v", plan)
	}
}

func TestAnOperationOfAnEarlierRunIsAdoptedHoweverLongItTakes(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	dead := r.stack(second, run("d-2"))
	plan := r.prepare(dead)
	heal := r.inject(awssim.Fault{Effect: fault.FreezeResource, LogicalID: "Topic"})
	died := errors.New("the process died")
	opts := r.options()
	dead.opts.Sleep = func(ctxType, time.Duration) error { return died }
	if err := dead.Execute(ctx, plan); !errors.Is(err, died) {
		t.Fatal(err)
	}
	start := r.clock.Now()
	r.onSleep = func(int) {
		if r.clock.Now().Sub(start) > 40*time.Minute {
			heal()
		}
	}
	next := r.stackWith(opts, second, run("d-3"))
	if plan := r.prepare(next); plan.Action != deploy.ActionNone {
		t.Errorf("plan %+v", plan)
	}
	if r.clock.Now().Sub(start) < 40*time.Minute {
		t.Error("it did not wait")
	}
}

func TestAMinuteOfThrottlingChangesNothing(t *testing.T) {
	r := newRig(t)
	target := r.stack(first)
	plan := r.prepare(target)
	var heal func()
	r.onSleep = func(n int) {
		switch {
		case heal == nil && r.status() == types.StackStatusCreateInProgress:
			heal = r.inject(awssim.Fault{Effect: fault.Throttle, Service: "cloudformation"})
			r.sleeps = 0
		case heal != nil && n == 12:
			heal()
		}
	}
	if err := target.Execute(ctx, plan); err != nil {
		t.Fatal(err)
	}
	if heal == nil {
		t.Error("nothing was throttled")
	}
}

func TestAnOperationThatCannotBeReadIsInDoubtAndNotFailed(t *testing.T) {
	for effect, words := range map[string]string{fault.ExpiredToken: "ExpiredToken", fault.AccessDenied: "AccessDenied"} {
		t.Run(effect, func(t *testing.T) {
			r := newRig(t)
			r.deployed(r.stack(first))
			target := r.stack(second, run("d-2"))
			plan := r.prepare(target)
			r.onSleep = func(int) {
				r.onSleep = nil
				r.inject(awssim.Fault{Effect: effect, Service: "cloudformation"})
			}
			r.fails(target.Execute(ctx, plan), deploy.Unknown, words, "could not be read")
			r.cloud.ClearFaults()
			if r.status() != types.StackStatusUpdateComplete {
				t.Errorf("stack is %s", r.status())
			}
		})
	}
}

func TestADeniedPreparationTouchesNothingAndNamesTheAction(t *testing.T) {
	r := newRig(t, awssim.Fault{Effect: fault.AccessDenied, Service: "cloudformation", Operation: "CreateChangeSet"})
	_, err := r.stack(first).Prepare(ctx, nil)
	r.fails(err, deploy.Unknown, "AccessDenied", "cloudformation:CreateChangeSet", "us-west-2")
	if r.status() != missing {
		t.Errorf("stack is %s", r.status())
	}
}

func TestALostAnswerToExecuteIsFollowed(t *testing.T) {
	for _, effect := range []string{fault.Truncate, fault.Reset} {
		t.Run(effect, func(t *testing.T) {
			r := newRig(t)
			target := r.stack(first)
			plan := r.prepare(target)
			r.inject(awssim.Fault{Effect: effect, Service: "cloudformation", Operation: "ExecuteChangeSet"})
			err := target.Execute(ctx, plan)
			executed := r.status() == types.StackStatusCreateComplete
			if executed != (err == nil) {
				t.Fatalf("err %v, but the stack is %s", err, r.status())
			}
			if err != nil {
				r.fails(err, deploy.Failed, "execute change set")
			}
		})
	}
}

func TestAPlanThatIsOutdatedIsMadeAgainOnlyIfItStaysTheSame(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile string
		ok        bool
	}{
		"the same plan": {strings.Replace(first, "Outputs:", "Outputs:\n  Extra: {Value: x}", 1), true},
		"another plan":  {strings.Replace(first, "VisibilityTimeout: 30", "VisibilityTimeout: 60", 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.deployed(r.stack(first))
			target := r.stack(second, run("d-2"))
			plan := r.prepare(target)
			if _, err := r.cfn.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(c.meanwhile)}); err != nil {
				t.Fatal(err)
			}
			r.clock.Advance(time.Hour)
			err := target.Execute(ctx, plan)
			if c.ok && (err != nil || !sameTemplate(r.body(), second)) {
				t.Errorf("%v", err)
			}
			if !c.ok {
				r.fails(err, deploy.Refused, "changed by somebody else")
				if sets, err := target.changeSets(ctx, "shop"); err != nil || slices.ContainsFunc(sets, func(s types.ChangeSetSummary) bool { return s.ExecutionStatus == types.ExecutionStatusAvailable }) {
					t.Errorf("it left a change set: %v %v", sets, err)
				}
			}
		})
	}
}

func TestAShellSomebodyElsePlansInIsRefused(t *testing.T) {
	r := newRig(t)
	_, err := r.cfn.CreateChangeSet(ctx, &cloudformation.CreateChangeSetInput{StackName: aws.String("shop"), ChangeSetName: aws.String("theirs"),
		ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: aws.String(first)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.stack(first).Prepare(ctx, nil)
	r.fails(err, deploy.Refused, "theirs")
}

func TestAStackSomebodyDeletedMeanwhileIsNotTakenForARestoredOne(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	target := r.stack(second, run("d-2"))
	image := r.image(target)
	if _, err := r.cfn.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: aws.String("shop")}); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Hour)
	_, err := target.Restore(ctx, image)
	r.fails(err, deploy.Stuck, "deleted the stack")
}

func TestHandChangesAreRevertedWhenAsked(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	r.changeSetting("by hand")
	if plan := r.prepare(r.stack(first, run("d-2"))); plan.Action != deploy.ActionNone {
		t.Fatalf("a plain deploy plans %+v", plan)
	}
	target := r.stack(first, run("d-3"), func(s *Stack) { s.RevertDrift = true })
	plan := r.prepare(target)
	if len(plan.Changes) != 1 || plan.Changes[0].Resource != "Setting" || plan.Changes[0].Drift != "MODIFIED" {
		t.Fatalf("plan %+v", plan)
	}
	if err := target.Execute(ctx, plan); err != nil {
		t.Fatal(err)
	}
	if got := r.readSetting(); got != "prod" {
		t.Errorf("the setting is %s", got)
	}
}
