package target

import (
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

const (
	guarded = `{"Statement": [{"Effect": "Deny", "Action": "Update:Replace", "Principal": "*", "Resource": "*"}, {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}`
	looser  = `{"Statement": [{"Effect": "Deny", "Action": "Update:Replace", "Principal": "*", "Resource": "LogicalResourceId/Queue"}, {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}`
	locked  = `{"Statement": [{"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}`
)

func policed(text string) func(*Stack) { return func(s *Stack) { s.Policy = text } }

// policyNow is the policy that the stack has.
func (r *rig) policyNow() string {
	r.Helper()
	out, err := r.cfn.GetStackPolicy(ctx, &cloudformation.GetStackPolicyInput{StackName: aws.String("shop")})
	if err != nil {
		r.Fatal(err)
	}
	return aws.ToString(out.StackPolicyBody)
}

func TestTheStackPolicyIsThatOfTheRelease(t *testing.T) {
	r := newRig(t)
	spaced := strings.ReplaceAll(guarded, ", ", ",\n  ")
	for _, c := range []struct {
		name             string
		template, policy string
		changes          string // those of the policy
		action           deploy.Action
		want             string
	}{
		{"set when the stack is created", first, guarded, "Add", deploy.ActionCreate, guarded},
		{"the same, spelled otherwise, is no change", first, spaced, "", deploy.ActionNone, guarded},
		{"kept by an update of the stack", second, guarded, "", deploy.ActionUpdate, guarded},
		{"changed alone", second, looser, "Modify", deploy.ActionUpdate, looser},
		{"changed with the stack", first, guarded, "Modify", deploy.ActionUpdate, guarded},
		{"left alone where the release has none", second, "", "", deploy.ActionUpdate, guarded},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := r.stack(c.template, policed(c.policy), run("d-"+c.name))
			plan := r.prepare(target)
			var changes string
			for _, change := range plan.Changes {
				if isPolicy(change) {
					changes += change.Action
				}
			}
			if plan.Action != c.action || changes != c.changes {
				t.Fatalf("plan %s with %q of the policy, want %s with %q", plan.Action, changes, c.action, c.changes)
			}
			if plan.Action != deploy.ActionNone {
				if err := target.Execute(ctx, plan); err != nil {
					t.Fatal(err)
				}
			}
			if err := target.Verify(ctx, nil); err != nil {
				t.Error(err)
			}
			if got := r.policyNow(); got != c.want {
				t.Errorf("the stack has the policy %s", got)
			}
		})
	}
}

func TestTheStackPolicyGoesBackWithTheStack(t *testing.T) {
	for _, c := range []struct {
		name, before, template, want string
		note                         bool
	}{
		{"to the one it had", guarded, second, guarded, false},
		{"when nothing else had changed", guarded, first, guarded, false},
		{"to none, as near as can be", "", second, allowAll, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.deployed(r.stack(first, policed(c.before)))
			target := r.stack(c.template, policed(locked), run("d-2"))
			image := r.image(target)
			r.deployed(target)
			back, err := target.Restore(ctx, image)
			if err != nil || back.Status != "restored" || (len(back.Notes) > 0) != c.note || !sameTemplate(r.body(), first) {
				t.Fatalf("%+v, %v", back, err)
			}
			if got := r.policyNow(); got != c.want {
				t.Errorf("the stack has the policy %s", got)
			}
			if again, err := target.Restore(ctx, image); err != nil || again.Status != "untouched" {
				t.Errorf("once more: %+v, %v", again, err)
			}
		})
	}
}

// TestThePolicyThatAStackHadJudges: the one before judges the release, and the
// way back, which is an update like any other; what CloudFormation takes back
// by itself it does not judge.
func TestThePolicyThatAStackHadJudges(t *testing.T) {
	onlyModify := `{"Statement": [{"Effect": "Allow", "Action": "Update:Modify", "Principal": "*", "Resource": "*"}]}`
	r := newRig(t)
	r.deployed(r.stack(first, policed(locked)))
	target := r.stack(second, policed(guarded), run("d-2"))
	r.fails(target.Execute(ctx, r.prepare(target)), deploy.Failed, "denied by stack policy")
	if r.status() != types.StackStatusUpdateRollbackComplete || r.policyNow() != locked {
		t.Errorf("%s, policy %s", r.status(), r.policyNow())
	}

	r = newRig(t)
	r.deployed(r.stack(first, policed(onlyModify)))
	target = r.stack(second, policed(guarded), run("d-2")) // it adds a topic, and going back would delete that
	image := r.image(target)
	r.deployed(target)
	_, err := target.Restore(ctx, image)
	r.fails(err, deploy.Stuck, "not allowed by stack policy")
	if r.policyNow() != onlyModify || !sameTemplate(r.body(), second) {
		t.Errorf("policy %s, the stack has\n%s", r.policyNow(), r.body())
	}
}

func TestASavedStackIsDeployedWithThePolicyItHad(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first, policed(guarded)))
	next := r.stack(second, policed(looser), run("d-2")) // which judges the way back, as it does any deploy
	image := r.image(next)
	r.deployed(next)
	earlier, err := r.stack(second, run("d-3")).At(image)
	if err != nil {
		t.Fatal(err)
	}
	r.deployed(earlier.(*CloudFormation))
	if got := r.policyNow(); got != guarded {
		t.Errorf("the stack has the policy %s", got)
	}
}

func TestAPolicyThatCannotBeSetFailsAndOneThatCannotBeReadIsNoPlan(t *testing.T) {
	r := newRig(t)
	target := r.stack(first, policed(guarded))
	plan := r.prepare(target)
	heal := r.inject(awssim.Fault{Effect: fault.AccessDenied, Service: "cloudformation", Operation: "SetStackPolicy"})
	r.fails(target.Execute(ctx, plan), deploy.Failed, "set the policy of stack shop", "AccessDenied")
	heal()
	r.fails(target.Verify(ctx, nil), deploy.Failed, "stack policy")
	r.inject(awssim.Fault{Effect: fault.AccessDenied, Service: "cloudformation", Operation: "GetStackPolicy"})
	_, err := r.stack(first, policed(guarded), run("d-2")).Prepare(ctx, nil)
	r.fails(err, deploy.Unknown, "cloudformation:GetStackPolicy")
}

func TestAStackWhosePolicyChangesIsNotHeldAtABarrier(t *testing.T) {
	held := func(s *Stack) { s.Barrier = time.Hour }
	r := newRig(t)
	target := r.stack(first, policed(guarded), held)
	plan := r.prepare(target)
	if plan.Stages {
		t.Error("it would wait")
	}
	contains(t, strings.Join(plan.Notes, "; "), "stack policy")
	if err := target.Execute(ctx, plan); err != nil || r.policyNow() != guarded {
		t.Errorf("%v, policy %s", err, r.policyNow())
	}
	if plan := r.prepare(r.stack(second, policed(guarded), held, run("d-2"))); !plan.Stages {
		t.Error("one whose policy stays does not wait")
	}
}
