package awssim

import (
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
)

// A clone starts where the original is, and what happens to one does not happen to the other.
func TestACloneGoesItsOwnWay(t *testing.T) {
	const one = `{"Resources":{"Q":{"Type":"AWS::SQS::Queue","Properties":{"DelaySeconds":1}}}}`
	const two = `{"Resources":{"Q":{"Type":"AWS::SQS::Queue","Properties":{"DelaySeconds":2}},"R":{"Type":"AWS::SQS::Queue"}}}`
	original := newRig(t)
	original.cfn("CreateStack", "StackName", "app", "TemplateBody", one)
	original.clock.Advance(time.Hour)

	clk := clock.NewManual(original.clock.Now())
	clone := &rig{T: t, cloud: original.cloud.Clone(clk), clock: clk, region: original.region, key: original.key}
	clone.cfn("UpdateStack", "StackName", "app", "TemplateBody", two)
	clone.clock.Advance(time.Hour)
	original.cfn("DeleteStack", "StackName", "app")
	original.clock.Advance(time.Hour)

	queues := func(r *rig) int { return len(r.cloud.World().Store.List(scopeOf("", r.region), "AWS::SQS::Queue")) }
	if a, b := queues(original), queues(clone); a != 0 || b != 2 {
		t.Errorf("%d queues in the original, whose stack was deleted; %d in the clone, whose stack has two", a, b)
	}
	if status := clone.cfn("DescribeStacks", "StackName", "app").Child("Stacks").Child("member").Value("StackStatus"); status != "UPDATE_COMPLETE" {
		t.Errorf("the clone's stack is %s", status)
	}
	clone.cfn("UpdateStack", "StackName", "app", "TemplateBody", one)
	clone.clock.Advance(time.Hour)
	if n := queues(clone); n != 1 {
		t.Errorf("%d queues after the clone went back", n)
	}
}

// A clone does not hand out identifiers that the original has used.
func TestACloneContinuesTheIdentifiers(t *testing.T) {
	original := newRig(t)
	first := original.cloud.World().IDs.UUID("x")
	clone := original.cloud.Clone(clock.NewManual(original.clock.Now()))
	if second, other := clone.World().IDs.UUID("x"), original.cloud.World().IDs.UUID("x"); second == first || second != other {
		t.Errorf("%s, then %s in the clone and %s in the original", first, second, other)
	}
}
