package target

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// describe reads a stack by name or, to see it after its deletion, by id. A
// stack that does not exist has the status missing.
func (t *CloudFormation) describe(ctx context.Context, nameOrID string) (types.Stack, error) {
	out, err := t.stacks.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String(nameOrID)})
	switch {
	case isMissing(err):
		return types.Stack{StackStatus: missing}, nil
	case err != nil:
		return types.Stack{}, err
	case len(out.Stacks) == 0:
		return types.Stack{StackStatus: missing}, nil
	}
	return out.Stacks[0], nil
}

// template reads the stack's template as the team wrote it.
func (t *CloudFormation) template(ctx context.Context, nameOrID string) (string, error) {
	body, err := t.rawTemplate(ctx, nameOrID)
	return string(template.WithoutBarrier([]byte(body))), err
}

// rawTemplate reads the stack's template as it was submitted.
func (t *CloudFormation) rawTemplate(ctx context.Context, nameOrID string) (string, error) {
	out, err := t.stacks.GetTemplate(ctx, &cloudformation.GetTemplateInput{
		StackName: aws.String(nameOrID), TemplateStage: types.TemplateStageOriginal})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.TemplateBody), nil
}

// sameTemplate compares a template with what GetTemplate returned for it:
// CloudFormation replaces characters outside ASCII with question marks, and
// neither line endings nor space at the end mean anything.
func sameTemplate(a, b string) bool { return foldTemplate(a) == foldTemplate(b) }

func foldTemplate(s string) string {
	var out strings.Builder
	last := rune(0)
	for _, r := range strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), " \t\n") {
		if r > 126 {
			r = '?'
		}
		if r != '?' || last != '?' {
			out.WriteRune(r)
		}
		last = r
	}
	return out.String()
}

// masked is what CloudFormation shows instead of the value of a NoEcho parameter.
const masked = "****"

// Outputs implements deploy.Target.
func (t *CloudFormation) Outputs(ctx context.Context) (map[string]string, error) {
	stack, err := t.describe(ctx, t.spec.Name)
	if err != nil {
		return nil, t.preparing("read outputs", err)
	}
	outputs := map[string]string{}
	for _, o := range stack.Outputs {
		outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return outputs, nil
}

// stackState tells whether a stack was changed between two looks at it.
type stackState struct {
	id      string
	updated time.Time
}

func stateOf(stack types.Stack) *stackState {
	return &stackState{id: aws.ToString(stack.StackId), updated: aws.ToTime(cmp.Or(stack.LastUpdatedTime, stack.CreationTime))}
}

// isAccepted reports whether the stack is what CloudFormation, asked for the
// release, found nothing to change in. Its template may then differ from the
// release's in what means nothing, such as comments, and will never be replaced.
func (t *CloudFormation) isAccepted(stack types.Stack) bool {
	return t.accepted != nil && *t.accepted == *stateOf(stack)
}

// Verify implements deploy.Target.
func (t *CloudFormation) Verify(ctx context.Context, in deploy.Inputs) error {
	stack, err := t.describe(ctx, t.spec.Name)
	if err != nil {
		return t.preparing("verify", err)
	}
	if row := meaning(stack.StackStatus); !row.Usable {
		return t.wrong("it is %s", stack.StackStatus)
	}
	body, err := t.template(ctx, t.spec.Name)
	if err != nil {
		return t.preparing("verify template", err)
	}
	if !sameTemplate(body, string(t.spec.Template)) && !t.isAccepted(stack) {
		return t.wrong("its template is not that of the release")
	}
	if t.spec.Policy != "" {
		policy, err := t.policy(ctx, t.spec.Name)
		if err != nil {
			return t.preparing("verify stack policy", err)
		}
		if !samePolicy(policy, t.spec.Policy) {
			return t.wrong("its stack policy is not that of the release")
		}
	}
	values, err := t.values(in)
	if err != nil {
		return t.wrong("%v", err)
	}
	for _, p := range stack.Parameters {
		key, got := aws.ToString(p.ParameterKey), aws.ToString(p.ParameterValue)
		if want, ok := values[key]; ok && got != want && got != masked {
			return t.wrong("its parameter %s is not that of the release", key)
		}
	}
	return nil
}

func (t *CloudFormation) wrong(format string, args ...any) error {
	return &deploy.Error{Kind: deploy.Failed, Reason: fmt.Sprintf("stack %s in %s is not on the release: ", t.spec.Name, t.spec.Region) + fmt.Sprintf(format, args...)}
}

// values are the parameters of the template. An errNotKnown names, in their
// order, the outputs among them that nobody knows yet.
func (t *CloudFormation) values(in deploy.Inputs) (map[string]string, error) {
	values := map[string]string{}
	var missing []string
	for key, p := range t.spec.Parameters {
		if p.Output.Target == "" {
			values[key] = p.Literal
		} else if value, ok := in[p.Output]; ok {
			values[key] = value
		} else {
			missing = append(missing, p.Output.String())
		}
	}
	for _, imported := range t.spec.Imports {
		if _, ok := in[imported]; !ok {
			missing = append(missing, imported.String())
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return nil, errNotKnown(slices.Compact(missing))
	}
	for key, value := range t.uploaded {
		values[key] = value
	}
	return values, nil
}

// errNotKnown are outputs of earlier targets that are needed and not known.
type errNotKnown []string

func (e errNotKnown) Error() string {
	return "it takes outputs that are not known yet: " + strings.Join(e, ", ")
}
