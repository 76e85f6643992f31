package target

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// policyHandle is the handle of a plan that sets the stack policy and nothing else.
const policyHandle = "stack-policy"

// policyChange stands for the policy among the resources that a plan changes.
const policyChange = "(stack policy)"

func isPolicy(c deploy.Change) bool { return c.Resource == policyChange }

// allowAll is what a stack without a policy allows. CloudFormation has no way
// to take a policy off a stack again; this one comes to the same.
const allowAll = `{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}`

// policy reads the policy of a stack; empty: it has none.
func (t *CloudFormation) policy(ctx context.Context, nameOrID string) (string, error) {
	out, err := t.stacks.GetStackPolicy(ctx, &cloudformation.GetStackPolicyInput{StackName: aws.String(nameOrID)})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.StackPolicyBody), nil
}

// samePolicy compares policies by what they say; none is one that allows everything.
func samePolicy(a, b string) bool {
	var left, right any
	if json.Unmarshal([]byte(cmp.Or(a, allowAll)), &left) != nil || json.Unmarshal([]byte(cmp.Or(b, allowAll)), &right) != nil {
		return a == b
	}
	return reflect.DeepEqual(left, right)
}

// withPolicy adds the stack policy to a plan where the stack has another one.
// It is set once the stack has settled: the policy that the stack had judges
// this release, as it judges whoever updates the stack by hand.
func (t *CloudFormation) withPolicy(ctx context.Context, plan deploy.Plan, stack types.Stack) (deploy.Plan, error) {
	change := deploy.Change{Resource: policyChange, Type: "AWS::CloudFormation::Stack", Action: "Add", Properties: []string{"StackPolicyBody"}}
	if plan.Action != deploy.ActionCreate {
		now, err := t.policy(ctx, aws.ToString(stack.StackId))
		if err != nil {
			return plan, t.preparing("read stack policy", err)
		}
		if samePolicy(now, t.spec.Policy) {
			return plan, nil
		}
		change.Action = "Modify"
	}
	if plan.Action == deploy.ActionNone {
		plan.Action, plan.Handle = deploy.ActionUpdate, policyHandle
	}
	plan.Changes = append(plan.Changes, change)
	return plan, nil
}

// policyChanges reports whether the release gives the stack another policy.
func (t *CloudFormation) policyChanges(ctx context.Context, want wanted) (bool, error) {
	if t.spec.Policy == "" || want.create {
		return t.spec.Policy != "", nil
	}
	now, err := t.policy(ctx, aws.ToString(want.stack.StackId))
	return !samePolicy(now, t.spec.Policy), err
}

// setPolicy gives the stack the policy of the release, if it has one.
func (t *CloudFormation) setPolicy(ctx context.Context) error {
	if t.spec.Policy == "" {
		return nil
	}
	err := t.putPolicy(ctx, t.spec.Name, t.spec.Policy)
	if err == nil || ctx.Err() != nil || code(err) == "" {
		return err
	}
	return &deploy.Error{Kind: deploy.Failed, Err: err, Reason: fmt.Sprintf("set the policy of stack %s in %s: %s", t.spec.Name, t.spec.Region, plain(err)),
		Hint: "the stack itself has the release; correct the cause and run again"}
}

func (t *CloudFormation) putPolicy(ctx context.Context, nameOrID, policy string) error {
	_, err := t.stacks.SetStackPolicy(ctx, &cloudformation.SetStackPolicyInput{StackName: aws.String(nameOrID), StackPolicyBody: aws.String(policy)})
	return err
}

// restorePolicy gives the stack the policy of the image before anything else
// is taken back: that of the release might forbid the way back.
func (t *CloudFormation) restorePolicy(ctx context.Context, img, now image) (changed bool, notes []string, err error) {
	if img.Policy == nil || now.Policy == nil || samePolicy(*img.Policy, *now.Policy) {
		return false, nil, nil
	}
	if *img.Policy == "" {
		notes = []string{"the stack had no policy before and has one now that allows everything: CloudFormation cannot take a policy off"}
	}
	if err := t.putPolicy(ctx, img.StackID, cmp.Or(*img.Policy, allowAll)); err != nil {
		return false, nil, fmt.Errorf("restore the policy of stack %s in %s: %w", t.spec.Name, t.spec.Region, err)
	}
	return true, notes, nil
}
