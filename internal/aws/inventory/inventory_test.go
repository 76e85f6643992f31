package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// stacks answers as CloudFormation would, by stack name.
type stacks map[string]fakeStack

type fakeStack struct {
	stack    types.Stack
	pages    [][]types.StackResourceSummary
	template string
	// errors by operation.
	fail map[string]error
}

func (s stacks) find(name *string, operation string) (fakeStack, error) {
	f, ok := s[aws.ToString(name)]
	if !ok {
		return f, wrap(operation, "ValidationError", "Stack with id "+aws.ToString(name)+" does not exist")
	}
	return f, f.fail[operation]
}

func wrap(operation, code, message string) error {
	return &smithy.OperationError{ServiceID: "CloudFormation", OperationName: operation, Err: &smithy.GenericAPIError{Code: code, Message: message}}
}

func (s stacks) DescribeStacks(_ context.Context, in *cloudformation.DescribeStacksInput, _ ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error) {
	f, err := s.find(in.StackName, "DescribeStacks")
	if err != nil {
		return nil, err
	}
	f.stack.StackName = in.StackName
	return &cloudformation.DescribeStacksOutput{Stacks: []types.Stack{f.stack}}, nil
}

func (s stacks) ListStackResources(_ context.Context, in *cloudformation.ListStackResourcesInput, _ ...func(*cloudformation.Options)) (*cloudformation.ListStackResourcesOutput, error) {
	f, err := s.find(in.StackName, "ListStackResources")
	if err != nil {
		return nil, err
	}
	at := len(aws.ToString(in.NextToken)) // the token of page n is n letters long
	if err := f.fail["a further page"]; err != nil && at > 0 {
		return nil, err
	}
	out := &cloudformation.ListStackResourcesOutput{}
	if at < len(f.pages) {
		out.StackResourceSummaries = f.pages[at]
	}
	if at+1 < len(f.pages) {
		out.NextToken = aws.String(strings.Repeat("n", at+1))
	}
	return out, nil
}

func (s stacks) GetTemplate(_ context.Context, in *cloudformation.GetTemplateInput, _ ...func(*cloudformation.Options)) (*cloudformation.GetTemplateOutput, error) {
	f, err := s.find(in.StackName, "GetTemplate")
	if err != nil {
		return nil, err
	}
	return &cloudformation.GetTemplateOutput{TemplateBody: &f.template}, nil
}

func row(logical, typ, physical string) types.StackResourceSummary {
	return types.StackResourceSummary{LogicalResourceId: &logical, ResourceType: &typ, PhysicalResourceId: &physical,
		ResourceStatus: types.ResourceStatusCreateComplete}
}

func stackNamed(id string, parameters ...types.Parameter) types.Stack {
	return types.Stack{StackId: &id, StackStatus: types.StackStatusCreateComplete, CreationTime: aws.Time(time.Unix(0, 0)), Parameters: parameters}
}

func parameter(key, value string) types.Parameter {
	return types.Parameter{ParameterKey: &key, ParameterValue: &value}
}

func list(t *testing.T, s stacks, sources ...Source) Listing {
	t.Helper()
	l := lister{api: s, region: "us-west-2", account: "111111111111"}
	listing, err := l.list(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	return listing
}

func keys(items []Item) []string {
	var all []string
	for _, i := range items {
		all = append(all, i.Key)
	}
	return all
}

const body = `
Parameters:
  Size: {Type: Number, MinValue: 1}
  Secret: {Type: String, NoEcho: true, MinLength: 8}
Conditions:
  Never: !Equals [a, b]
Resources:
  Queue: {Type: "AWS::SQS::Queue", Properties: {VisibilityTimeout: !Ref Size}}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties: {Queues: [!Ref Queue], PolicyDocument: {Statement: [{Resource: !GetAtt Queue.Arn}]}}
  Fn: {Type: "AWS::Lambda::Function", Properties: {Environment: {Variables: {PIN: !Ref Secret}}}}
  Off: {Type: "AWS::SNS::Topic", Condition: Never}
`

const queueURL = "https://sqs.us-west-2.amazonaws.com/111111111111/app-Queue-X"

func app(rows ...types.StackResourceSummary) fakeStack {
	return fakeStack{stack: stackNamed("arn:stack", parameter("Size", "30"), parameter("Secret", "****")),
		pages: [][]types.StackResourceSummary{rows}, template: body}
}

func TestItemsKnowWhatTheyWereDeclaredAs(t *testing.T) {
	l := list(t, stacks{"app-west": app(row("Queue", "AWS::SQS::Queue", queueURL), row("Policy", "AWS::SQS::QueuePolicy", "app-Policy"),
		row("Fn", "AWS::Lambda::Function", "app-Fn"))}, Source{Key: "app", Names: map[string]string{"us-west-2": "app-west"}})
	if len(l.Gaps) != 0 || !slices.Equal(keys(l.Items), []string{"app/Fn", "app/Policy", "app/Queue"}) {
		t.Fatalf("items %v, gaps %+v", keys(l.Items), l.Gaps)
	}
	fn, policy, queue := l.Items[0], l.Items[1], l.Items[2]
	if pin := fn.Declared["Environment"].(map[string]any)["Variables"].(map[string]any)["PIN"]; pin != "${NoEcho:Secret}" {
		t.Errorf("a hidden parameter shows as %v", pin)
	}
	if queue.Declared["VisibilityTimeout"] != "30" || queue.Names["Arn"] != "arn:aws:sqs:us-west-2:111111111111:app-Queue-X" || queue.Names["QueueName"] != "app-Queue-X" {
		t.Errorf("queue %+v", queue)
	}
	if policy.Declared["Queues"].([]any)[0] != "${Queue}" || policy.Resolved["Queues"].([]any)[0] != queueURL {
		t.Errorf("policy declared %v, resolved %v", policy.Declared, policy.Resolved)
	}
	if s := l.Stacks[0]; s.Key != "app" || s.Name != "app-west" || s.Status != "CREATE_COMPLETE" || s.Template == nil || s.Parameters["Size"] != "30" {
		t.Errorf("stack %+v", s)
	}
}

func TestParametersThatAreNotEchoedNeverShow(t *testing.T) {
	f := app(row("Fn", "AWS::Lambda::Function", "app-Fn"))
	f.stack.Parameters[1] = parameter("Secret", "in-the-clear") // as an endpoint that does not mask
	l := list(t, stacks{"app": f}, Source{Key: "app"})
	if l.Stacks[0].Parameters["Secret"] != masked {
		t.Errorf("the parameter shows as %q", l.Stacks[0].Parameters["Secret"])
	}
}

func TestAStackThatDoesNotExistIsNoGap(t *testing.T) {
	l := list(t, stacks{}, Source{Key: "app"})
	if len(l.Gaps) != 0 || len(l.Stacks) != 1 || l.Stacks[0].Status != "" || l.Stacks[0].Name != "app" {
		t.Errorf("%+v", l)
	}
}

func TestWhatIsRefusedAboutAStackIsAGap(t *testing.T) {
	cases := []struct {
		operation, code, reason, property string
		stacks, items                     int
	}{
		{"DescribeStacks", "AccessDenied", session.AccessDenied, "", 0, 0},
		{"DescribeStacks", "Throttling", session.Throttled, "", 0, 0},
		{"ListStackResources", "AccessDenied", session.AccessDenied, "", 1, 0},
		{"GetTemplate", "AccessDenied", session.AccessDenied, "Template", 1, 1},
	}
	for _, c := range cases {
		t.Run(c.operation+" "+c.code, func(t *testing.T) {
			f := app(row("Queue", "AWS::SQS::Queue", queueURL))
			f.fail = map[string]error{c.operation: wrap(c.operation, c.code, "no")}
			l := list(t, stacks{"app": f}, Source{Key: "app"})
			if len(l.Stacks) != c.stacks || len(l.Items) != c.items || len(l.Gaps) != 1 {
				t.Fatalf("%d stacks, %d items, gaps %+v", len(l.Stacks), len(l.Items), l.Gaps)
			}
			g := l.Gaps[0]
			if g.Resource != "app" || g.Reason != c.reason || g.Property != c.property || g.Operation != "cloudformation:"+c.operation || g.Region != "us-west-2" {
				t.Errorf("%+v", g)
			}
		})
	}
}

func TestATemplateThatCannotBeUnderstoodCostsTheDeclarationsAlone(t *testing.T) {
	f := app(row("Queue", "AWS::SQS::Queue", queueURL))
	f.template = "{{{"
	l := list(t, stacks{"app": f}, Source{Key: "app"})
	if len(l.Items) != 1 || l.Items[0].Declared != nil || len(l.Gaps) != 1 || l.Gaps[0].Property != "Template" {
		t.Errorf("items %+v, gaps %+v", l.Items, l.Gaps)
	}
}

func TestRowsWithoutANameAreGaps(t *testing.T) {
	l := list(t, stacks{"app": app(row("Queue", "AWS::SQS::Queue", queueURL), row("", "", ""))}, Source{Key: "app"})
	var about []string
	for _, g := range l.Gaps {
		about = append(about, g.Resource+" "+g.Type)
	}
	if !slices.Equal(about, []string{"app/Fn AWS::Lambda::Function", "app/Policy AWS::SQS::QueuePolicy"}) {
		t.Errorf("gaps about %v: every declared resource the list leaves out, and not the one whose condition does not hold", about)
	}
	// More rows than the template explains: the stack itself is not known.
	l = list(t, stacks{"app": app(row("Queue", "AWS::SQS::Queue", queueURL), row("", "", ""), row("", "", ""), row("", "", ""), row("", "", ""))}, Source{Key: "app"})
	if len(l.Gaps) != 3 || l.Gaps[0].Resource != "app" || l.Gaps[0].Property != "" {
		t.Errorf("gaps %+v", l.Gaps)
	}
	// The opposite: a complete list that lacks a resource leaves no gap: the other Region may have it, and then it is missing.
	l = list(t, stacks{"app": app(row("Queue", "AWS::SQS::Queue", queueURL))}, Source{Key: "app"})
	if len(l.Gaps) != 0 {
		t.Errorf("gaps %+v", l.Gaps)
	}
}

func TestWhatATemplateDeclaresForCertainAndTheListLeavesOutIsAFact(t *testing.T) {
	const extras = `
Transform: %s
Parameters:
  Secret: {Type: String, NoEcho: true}
Conditions:
  Never: !Equals [a, b]
  Masked: !Equals [!Ref Secret, b]
Resources:
  Queue: {Type: "AWS::SQS::Queue"}
  Gone: {Type: "AWS::SQS::Queue"}
  Kept: {Type: "AWS::SQS::Queue"}
  Child: {Type: "AWS::CloudFormation::Stack"}
  Off: {Type: "AWS::SNS::Topic", Condition: Never}
  Perhaps: {Type: "AWS::SNS::Topic", Condition: Masked}
  Wait: {Type: "AWS::CloudFormation::WaitConditionHandle"}
  Meta: {Type: "AWS::CDK::Metadata"}
  Own: {Type: "Custom::Thing"}
  "Fn::ForEach::Topics": [Name, [A, B], {"Topic${Name}": {Type: "AWS::SNS::Topic"}}]
`
	deleted, skipped := row("Gone", "AWS::SQS::Queue", "x"), row("Kept", "AWS::SQS::Queue", "y")
	deleted.ResourceStatus, skipped.ResourceStatus = types.ResourceStatusDeleteComplete, types.ResourceStatusDeleteSkipped
	rows := []types.StackResourceSummary{deleted, skipped, row("TopicA", "AWS::SNS::Topic", "arn:aws:sns:us-west-2:111111111111:a")}
	for name, test := range map[string]struct {
		transform string
		rows      []types.StackResourceSummary
		fail      string
		want      []string
	}{
		"a list that leaves four out":             {"AWS::LanguageExtensions", rows, "", []string{"app/Child", "app/Own", "app/Queue", "app/TopicB"}},
		"a transform whose result is not at hand": {"[AWS::LanguageExtensions, Shop]", rows, "", nil},
		"rows without a name are gaps already":    {"AWS::LanguageExtensions", append(rows, row("", "", "")), "", nil},
		"a list that was refused":                 {"AWS::LanguageExtensions", rows, "ListStackResources", nil},
		"a template that was refused":             {"AWS::LanguageExtensions", rows, "GetTemplate", nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := fakeStack{stack: stackNamed("arn:stack", parameter("Secret", "****")), pages: [][]types.StackResourceSummary{test.rows}, template: fmt.Sprintf(extras, test.transform)}
			if test.fail != "" {
				f.fail = map[string]error{test.fail: wrap(test.fail, "AccessDenied", "no")}
			}
			var have []string
			for _, fact := range list(t, stacks{"app": f}, Source{Key: "app"}).Facts {
				if fact.Kind != drift.FactUnlisted {
					t.Errorf("fact %+v", fact)
				}
				have = append(have, fact.Subject)
			}
			slices.Sort(have)
			if !slices.Equal(have, test.want) {
				t.Errorf("left out %v, want %v", have, test.want)
			}
		})
	}
}

func TestDeletedRowsAndStatelessTypesAreNoResources(t *testing.T) {
	deleted := row("Queue", "AWS::SQS::Queue", queueURL)
	deleted.ResourceStatus = types.ResourceStatusDeleteComplete
	l := list(t, stacks{"app": app(deleted, row("Meta", "AWS::CDK::Metadata", "x"), row("Wait", "AWS::CloudFormation::WaitConditionHandle", "x"))}, Source{Key: "app"})
	if len(l.Items) != 0 || len(l.Gaps) != 0 {
		t.Errorf("items %v, gaps %+v", keys(l.Items), l.Gaps)
	}
}

func TestNestedStacksAreReadBelowTheirParent(t *testing.T) {
	parent := fakeStack{stack: stackNamed("arn:parent"), template: "Resources: {Child: {Type: 'AWS::CloudFormation::Stack'}}",
		pages: [][]types.StackResourceSummary{{row("Child", "AWS::CloudFormation::Stack", "arn:child")}}}
	child := fakeStack{stack: stackNamed("arn:child"), template: "Resources: {T: {Type: 'AWS::SNS::Topic'}}",
		pages: [][]types.StackResourceSummary{{row("T", "AWS::SNS::Topic", "arn:t")}}}
	l := list(t, stacks{"app": parent, "arn:child": child}, Source{Key: "app"})
	var stackKeys []string
	for _, s := range l.Stacks {
		stackKeys = append(stackKeys, s.Key)
	}
	if !slices.Equal(keys(l.Items), []string{"app/Child/T"}) || !slices.Equal(stackKeys, []string{"app", "app/Child"}) || l.Items[0].LogicalID() != "T" {
		t.Errorf("items %v, stacks %v", keys(l.Items), stackKeys)
	}
}

func TestEveryPageOfAStackIsRead(t *testing.T) {
	f := app()
	f.pages = [][]types.StackResourceSummary{{row("Queue", "AWS::SQS::Queue", queueURL)}, {row("Fn", "AWS::Lambda::Function", "f")}, {row("Policy", "AWS::SQS::QueuePolicy", "p")}}
	if l := list(t, stacks{"app": f}, Source{Key: "app"}); len(l.Items) != 3 {
		t.Errorf("items %v", keys(l.Items))
	}
}

// What stood on the page that did not come is not missing: nothing is taken
// from a list without its end.
func TestAListOfResourcesThatBreaksOffIsAGapOverTheStack(t *testing.T) {
	f := app()
	f.pages = [][]types.StackResourceSummary{{row("Queue", "AWS::SQS::Queue", queueURL)}, {row("Fn", "AWS::Lambda::Function", "f")}}
	f.fail = map[string]error{"a further page": wrap("ListStackResources", "Throttling", "Rate exceeded")}
	l := list(t, stacks{"app": f}, Source{Key: "app"})
	if len(l.Items) != 0 || len(l.Gaps) != 1 || l.Gaps[0].Resource != "app" || l.Gaps[0].Property != "" || l.Gaps[0].Reason != session.Throttled {
		t.Errorf("items %v, gaps %+v", keys(l.Items), l.Gaps)
	}
}

// A function that this version does not know costs the declaration that uses
// it, with the reason, and no other.
func TestAnUnknownFunctionCostsOneDeclaration(t *testing.T) {
	f := app(row("Queue", "AWS::SQS::Queue", queueURL), row("Topic", "AWS::SNS::Topic", "arn:t"))
	f.stack, f.template = stackNamed("arn:stack"), "Resources: {Queue: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: 5}}, Topic: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: {'Fn::Newest': a}}}}"
	l := list(t, stacks{"app": f}, Source{Key: "app"})
	if len(l.Items) != 2 || l.Items[0].Declared == nil || l.Items[0].Undeclared != "" {
		t.Fatalf("items %+v", l.Items)
	}
	if topic := l.Items[1]; topic.Declared != nil || !strings.Contains(topic.Undeclared, "Fn::Newest") {
		t.Errorf("declared %v, because %q", topic.Declared, topic.Undeclared)
	}
}

func TestParametersFromTheParameterStoreCountByTheirValue(t *testing.T) {
	f := fakeStack{
		stack: stackNamed("arn:stack", types.Parameter{ParameterKey: aws.String("Image"), ParameterValue: aws.String("/image"), ResolvedValue: aws.String("ami-1")}),
		template: "Parameters: {Image: {Type: 'AWS::SSM::Parameter::Value<String>'}}\n" +
			"Resources: {L: {Type: 'AWS::EC2::LaunchTemplate', Properties: {ImageId: !Ref Image}}}",
		pages: [][]types.StackResourceSummary{{row("L", "AWS::EC2::LaunchTemplate", "lt-1")}},
	}
	l := list(t, stacks{"app": f}, Source{Key: "app"})
	if l.Items[0].Declared["ImageId"] != "ami-1" {
		t.Errorf("declared %v", l.Items[0].Declared)
	}
}

func TestCancellingEndsTheListing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := lister{api: stacks{"app": app()}, region: "us-west-2"}
	if _, err := l.list(ctx, []Source{{Key: "app"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
