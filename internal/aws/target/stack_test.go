package target

import (
	"context"
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

func contains(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%q does not hold %q", text, word)
		}
	}
}

const first = `
Parameters:
  Stage: {Type: String, Default: prod}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: 30}
  Setting:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Ref Stage}
Outputs:
  QueueArn: {Value: !GetAtt Queue.Arn}
`

// second changes the queue and adds a topic.
var second = strings.Replace(strings.Replace(first, "VisibilityTimeout: 30", "VisibilityTimeout: 60", 1),
	"Outputs:", "  Topic:\n    Type: AWS::SNS::Topic\nOutputs:", 1)

var ctx = context.Background()

func TestAStackIsCreatedUpdatedAndLeftAlone(t *testing.T) {
	r := newRig(t)
	target := r.stack(first, with(map[string]string{"Stage": "beta"}))
	plan := r.prepare(target)
	if plan.Action != deploy.ActionCreate || len(plan.Changes) != 2 || plan.Changes[0].Resource != "Queue" || plan.Changes[0].Action != "Add" {
		t.Fatalf("plan %+v", plan)
	}
	if got := r.status(); got != types.StackStatusReviewInProgress {
		t.Errorf("planning made the stack %s", got)
	}
	if err := target.Execute(ctx, plan); err != nil {
		t.Fatal(err)
	}
	if err := target.Verify(ctx, nil); err != nil {
		t.Error(err)
	}
	outputs, err := target.Outputs(ctx)
	if err != nil || !strings.HasPrefix(outputs["QueueArn"], "arn:aws:sqs:us-west-2:") {
		t.Errorf("outputs %v, %v", outputs, err)
	}
	if plan := r.prepare(r.stack(first, with(map[string]string{"Stage": "beta"}), run("d-2"))); plan.Action != deploy.ActionNone || plan.Handle != "" {
		t.Errorf("the same again: %+v", plan)
	}
	update := r.stack(second, with(map[string]string{"Stage": "beta"}), run("d-3"))
	plan = r.prepare(update)
	if plan.Action != deploy.ActionUpdate || len(plan.Changes) != 2 || plan.Changes[0].Properties[0] != "VisibilityTimeout" {
		t.Fatalf("plan %+v", plan)
	}
	if err := update.Execute(ctx, plan); err != nil {
		t.Fatal(err)
	}
	if got := r.status(); got != types.StackStatusUpdateComplete {
		t.Errorf("stack is %s", got)
	}
	if err := target.Verify(ctx, nil); deploy.KindOf(err) != deploy.Failed {
		t.Errorf("the old release verifies on the new one: %v", err)
	}
}

func TestProgressNamesResourcesAsTheyComeUp(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	seen := map[string]bool{}
	for _, e := range r.events {
		seen[e.Resource+" "+e.Status] = true
		if e.Region != "us-west-2" || e.Target != "app" {
			t.Errorf("event %+v", e)
		}
	}
	for _, want := range []string{"Queue CREATE_IN_PROGRESS", "Queue CREATE_COMPLETE", "Setting CREATE_COMPLETE", " CREATE_COMPLETE"} {
		if !seen[want] {
			t.Errorf("nobody was told of %s: %v", want, seen)
		}
	}
}

func TestProgressSaysForWhichResourceAStackWaits(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	target := r.stack(second, run("d-2"))
	plan := r.prepare(target)
	heal := r.inject(awssim.Fault{Effect: fault.FreezeResource, LogicalID: "Topic"})
	start := r.clock.Now()
	r.onSleep = func(int) {
		if r.clock.Now().Sub(start) > 5*time.Minute {
			heal()
		}
	}
	r.events = nil
	if err := target.Execute(ctx, plan); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, e := range r.events {
		if e.Resource == "Topic" {
			said = append(said, e.Type+" "+e.Status)
		}
		if e.Resource == "shop" {
			t.Errorf("the stack is told of as a resource of its own: %+v", e)
		}
	}
	want := []string{"AWS::SNS::Topic CREATE_IN_PROGRESS", "AWS::SNS::Topic CREATE_COMPLETE"}
	if !slices.Equal(said, want) {
		t.Errorf("in five minutes it said %q", said)
	}
}

func TestDiscardLeavesNothingOfAPlan(t *testing.T) {
	r := newRig(t)
	target := r.stack(first)
	if err := target.Discard(ctx, r.prepare(target)); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Minute)
	if got := r.status(); got != missing {
		t.Errorf("the empty stack is still there: %s", got)
	}
	r.deployed(target)
	update := r.stack(second, run("d-2"))
	if err := update.Discard(ctx, r.prepare(update)); err != nil {
		t.Fatal(err)
	}
	sets, err := update.changeSets(ctx, "shop")
	if err != nil || len(sets) > 1 || r.status() != types.StackStatusCreateComplete {
		t.Errorf("%d change sets, %v, stack %s", len(sets), err, r.status())
	}
	if err := update.Discard(ctx, deploy.Plan{}); err != nil {
		t.Errorf("discarding nothing: %v", err)
	}
}

func TestAFailedUpdateIsBackByItselfAndNamesItsFirstCause(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	r.inject(awssim.Fault{Effect: fault.FailResource, LogicalID: "Topic", Message: "Topic quota exceeded"})
	target := r.stack(second, run("d-2"))
	image, plan := r.image(target), r.prepare(target)
	err := target.Execute(ctx, plan)
	r.fails(err, deploy.Failed, "Topic", "Topic quota exceeded")
	if got := r.status(); got != types.StackStatusUpdateRollbackComplete {
		t.Fatalf("stack is %s", got)
	}
	back, err := target.Restore(ctx, image)
	if err != nil || back.Status != "untouched" || !sameTemplate(r.body(), first) {
		t.Errorf("restore: %+v, %v", back, err)
	}
	if plan := r.prepare(r.stack(second, run("d-3"))); plan.Action != deploy.ActionUpdate {
		t.Errorf("not deployable after a rollback: %+v", plan)
	}
}

func TestAFailedCreationLeavesNoStack(t *testing.T) {
	r := newRig(t, awssim.Fault{Effect: fault.FailResource, LogicalID: "Setting", Message: "no such luck"})
	target := r.stack(first)
	image, plan := r.image(target), r.prepare(target)
	r.fails(target.Execute(ctx, plan), deploy.Failed, "Setting", "no such luck")
	if got := r.status(); got != missing {
		t.Errorf("stack is %s", got)
	}
	if back, err := target.Restore(ctx, image); err != nil || back.Status != "untouched" {
		t.Errorf("restore: %+v, %v", back, err)
	}
}

func TestAnUpdateIsTakenBackFromItsImage(t *testing.T) {
	r := newRig(t)
	tags := func(s *Stack) { s.Tags = map[string]string{"team": "payments"} }
	r.deployed(r.stack(first, with(map[string]string{"Stage": "beta"}), tags))
	target := r.stack(second, with(map[string]string{"Stage": "gamma"}), run("d-2"), func(s *Stack) { s.Tags = map[string]string{"team": "other", "more": "1"} })
	image := r.image(target)
	r.deployed(target)
	back, err := target.Restore(ctx, image)
	if err != nil || back.Status != "restored" || !sameTemplate(r.body(), first) {
		t.Fatalf("restore: %+v, %v", back, err)
	}
	stack := r.describe("shop")
	if got := aws.ToString(stack.Parameters[0].ParameterValue); got != "beta" {
		t.Errorf("Stage is %s", got)
	}
	if len(stack.Tags) != 1 || aws.ToString(stack.Tags[0].Value) != "payments" {
		t.Errorf("tags %v", stack.Tags)
	}
	if back, err = target.Restore(ctx, image); err != nil || back.Status != "untouched" {
		t.Errorf("once more: %+v, %v", back, err)
	}
}

// TestAnUpdateByHandAfterTheReleaseIsLeftAlone: one that failed and went back
// by itself is none.
func TestAnUpdateByHandAfterTheReleaseIsLeftAlone(t *testing.T) {
	for name, fails := range map[string]bool{"it worked": false, "it failed": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.deployed(r.stack(first))
			target := r.stack(first, with(map[string]string{"Stage": "beta"}), run("d-2"))
			image := r.image(target)
			r.deployed(target)
			if _, err := r.cfn.SetStackPolicy(ctx, &cloudformation.SetStackPolicyInput{StackName: aws.String("shop"), StackPolicyBody: aws.String(guarded)}); err != nil {
				t.Fatal(err)
			}
			heal := func() {}
			if fails {
				heal = r.inject(awssim.Fault{Effect: fault.FailResource, LogicalID: "Topic", Message: "quota"})
			}
			r.clock.Advance(time.Minute)
			if _, err := r.cfn.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(second), ClientRequestToken: aws.String("pipeline-7")}); err != nil {
				t.Fatal(err)
			}
			r.clock.Advance(time.Hour)
			heal()
			back, err := target.Restore(ctx, image)
			if fails {
				if err != nil || back.Status != "restored" || !sameTemplate(r.body(), first) {
					t.Errorf("%+v, %v", back, err)
				}
				return
			}
			denied := r.inject(awssim.Fault{Effect: fault.AccessDenied, Service: "cloudformation", Operation: "DescribeStackEvents"})
			_, blind := target.Restore(ctx, image)
			denied()
			r.fails(blind, deploy.Unknown, "look for other deploys")
			r.fails(err, deploy.Stuck, "stack shop in us-west-2 is UPDATE_COMPLETE", "somebody else updated it at 2026-11-22T", "pipeline-7")
			if !sameTemplate(r.body(), second) {
				t.Errorf("it was changed: %s", r.body())
			}
			if policy := r.policyNow(); policy != guarded {
				t.Errorf("its policy was changed: %s", policy)
			}
		})
	}
}

func TestAStackCreatedByTheReleaseIsDeletedOnTheWayBack(t *testing.T) {
	r := newRig(t)
	target := r.stack(first)
	image := r.image(target)
	r.deployed(target)
	back, err := r.stack(first, run("d-2")).Restore(ctx, image) // by the run after the one that died
	if err != nil || back.Status != "deleted" || r.status() != missing {
		t.Errorf("restore: %+v, %v, stack %s", back, err, r.status())
	}
}

func TestAStackSomebodyElseCreatedIsNotDeleted(t *testing.T) {
	r := newRig(t)
	target := r.stack(first)
	image := r.image(target)
	r.byHand(first, "")
	_, err := target.Restore(ctx, image)
	r.fails(err, deploy.Stuck, "somebody else created it")
	if r.status() != types.StackStatusCreateComplete {
		t.Errorf("stack is %s", r.status())
	}
}

func TestAProtectedStackIsNotDeleted(t *testing.T) {
	r := newRig(t)
	target := r.stack(first)
	image := r.image(target)
	r.deployed(target)
	if _, err := r.cfn.UpdateTerminationProtection(ctx, &cloudformation.UpdateTerminationProtectionInput{
		StackName: aws.String("shop"), EnableTerminationProtection: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	_, err := target.Restore(ctx, image)
	r.fails(err, deploy.Stuck, "protected")
}

func TestANoEchoParameterKeepsItsValueOnTheWayBackAndThatIsSaid(t *testing.T) {
	r := newRig(t)
	secret := strings.Replace(first, "Resources:", "  Password: {Type: String, NoEcho: true}\nResources:", 1)
	r.deployed(r.stack(secret, with(map[string]string{"Password": "one"})))
	target := r.stack(secret, with(map[string]string{"Password": "two", "Stage": "beta"}), run("d-2"))
	image := r.image(target)
	if strings.Contains(string(image), "one") {
		t.Errorf("the image holds a secret: %s", image)
	}
	r.deployed(target)
	back, err := target.Restore(ctx, image)
	if err != nil || back.Status != "restored" || len(back.Notes) != 1 {
		t.Fatalf("restore: %+v, %v", back, err)
	}
	contains(t, back.Notes[0], "Password", "NoEcho")
}

func TestAnAbortedUpdateIsCancelled(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	target := r.stack(second, run("d-2"))
	image, plan := r.image(target), r.prepare(target)
	heal := r.inject(awssim.Fault{Effect: fault.FreezeResource, LogicalID: "Topic", Action: "create"})
	aborted := false
	r.onSleep = func(int) {
		if !aborted && r.status() == types.StackStatusUpdateInProgress {
			aborted = true
			if err := target.Abort(ctx); err != nil {
				t.Error(err)
			}
			heal()
		}
	}
	err := target.Execute(ctx, plan)
	r.fails(err, deploy.Failed)
	if known := err.(*deploy.Error); !aborted || !known.Cancelled {
		t.Errorf("aborted %v, error %+v", aborted, known)
	}
	if back, err := target.Restore(ctx, image); err != nil || back.Status != "untouched" {
		t.Errorf("restore: %+v, %v", back, err)
	}
}

func TestAnAbortedCreationIsDeleted(t *testing.T) {
	r := newRig(t)
	target := r.stack(first)
	plan := r.prepare(target)
	r.onSleep = func(int) {
		if r.status() == types.StackStatusCreateInProgress {
			if err := target.Abort(ctx); err != nil {
				t.Error(err)
			}
		}
	}
	r.fails(target.Execute(ctx, plan), deploy.Failed)
	if got := r.status(); got != missing {
		t.Errorf("stack is %s", got)
	}
}

func TestAnAbortWithNothingUnderWayIsFine(t *testing.T) {
	r := newRig(t)
	target := r.stack(first)
	if err := target.Abort(ctx); err != nil {
		t.Error(err)
	}
	r.deployed(target)
	if err := target.Abort(ctx); err != nil || r.status() != types.StackStatusCreateComplete {
		t.Errorf("%v, stack %s", err, r.status())
	}
}

// byHand creates the stack as a person would.
func (r *rig) byHand(template string, onFailure types.OnFailure) {
	r.Helper()
	_, err := r.cfn.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(template), OnFailure: onFailure})
	if err != nil {
		r.Fatal(err)
	}
	r.clock.Advance(time.Hour)
}

func TestACommentInATemplateIsNoReasonToFail(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	r.clock.Advance(time.Minute)
	target := r.stack("# a comment\n"+first, run("d-2"))
	if plan := r.prepare(target); plan.Action != deploy.ActionNone {
		t.Fatalf("plan %+v: this test shows nothing", plan)
	}
	if err := target.Verify(ctx, nil); err != nil {
		t.Errorf("verify: %v", err)
	}
	// A stack that was changed since is judged by its template again.
	other := r.stack(second, run("d-3"))
	r.deployed(other)
	r.fails(target.Verify(ctx, nil), deploy.Failed, "its template is not that of the release")
	// One that was never found unchanged, too.
	r.fails(r.stack("# a comment\n"+second, run("d-4")).Verify(ctx, nil), deploy.Failed, "its template is not that of the release")
}
