package awssim

import (
	"strconv"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
)

// At this speed every step is late before it begins; what CloudFormation does one after the other must still come out so.
func TestStacksComeAboutInOrderAtAnySpeed(t *testing.T) {
	clk := clock.Real(1e6)
	cloud, err := New(Options{Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, cloud: cloud, region: "eu-west-1", key: "AKID"}
	hour := func() {
		passed := make(chan struct{})
		clk.AfterFunc(time.Hour, func() { close(passed) })
		<-passed
	}
	const stacks = 40
	each := func(do func(stack string)) {
		for i := range stacks {
			do("app-" + strconv.Itoa(i))
		}
		hour()
	}
	const body = `{"Resources": {"A": {"Type": "AWS::SQS::Queue"}, "B": {"Type": "AWS::SQS::Queue", "DependsOn": "A"}}}`
	each(func(stack string) {
		r.cfn("CreateChangeSet", "StackName", stack, "ChangeSetName", "one", "ChangeSetType", "CREATE", "TemplateBody", body)
	})
	each(func(stack string) {
		if got := r.cfn("DescribeChangeSet", "StackName", stack, "ChangeSetName", "one").Value("Status"); got != "CREATE_COMPLETE" {
			t.Fatalf("the change set of %s is %s after an hour", stack, got)
		}
		r.cfn("ExecuteChangeSet", "StackName", stack, "ChangeSetName", "one")
	})
	each(func(stack string) {
		r.want(stack, r.statuses(stack), []string{"REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"})
		r.want(stack, r.history(stack), []string{"A CREATE_IN_PROGRESS", "A CREATE_IN_PROGRESS", "A CREATE_COMPLETE",
			"B CREATE_IN_PROGRESS", "B CREATE_IN_PROGRESS", "B CREATE_COMPLETE"})
	})
}
