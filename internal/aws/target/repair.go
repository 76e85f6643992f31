package target

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// repair takes a stuck stack back to the whole release it had before, where
// the team allows that and the table of statuses knows a way: a rollback that
// stopped goes on, one that never began begins. It is tried once a run.
// Nothing is skipped, forced or deleted: that stays with people, and so does a
// stack that was never stable, for its rollback is its deletion.
//
// It comes before any plan, because CloudFormation plans nothing on a stuck
// stack; that another Region then refuses to be deployed to does no harm: the
// stack is on its earlier release, where it belongs until then.
func (t *CloudFormation) repair(ctx context.Context, stack types.Stack) error {
	row := meaning(stack.StackStatus)
	known := row.Back == askAgain || row.Back == rollFirst
	switch {
	case !known || t.repaired != "":
		return t.refusal(row.Hint, "it is %s", stack.StackStatus)
	case !t.spec.Repair:
		return t.refusal(row.Hint+"; or set repair on this target", "it is %s", stack.StackStatus)
	case t.opts.DryRun:
		return t.refusal("a deploy repairs it first; a plan changes nothing", "it is %s", stack.StackStatus)
	}
	t.repaired = stack.StackStatus
	t.report(deploy.PhasePrepare, "repairing", fmt.Sprintf("it is %s: it is taken back to its last whole release", stack.StackStatus))
	err := t.continueBack(ctx, stack, row.Back)
	if err != nil && deploy.KindOf(err) == deploy.Stuck { // AWS declined: the stack is as it was found
		return t.refusal(row.Hint, "it is %s, and its repair was declined: %v", stack.StackStatus, err)
	}
	return err
}

// repairNotes say that the stack was repaired.
func (t *CloudFormation) repairNotes() []string {
	if t.repaired == "" {
		return nil
	}
	return []string{fmt.Sprintf("it was %s and was taken back to its last whole release first (repair)", t.repaired)}
}
