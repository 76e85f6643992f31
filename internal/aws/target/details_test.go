package target

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

const child = `
Parameters: {Label: {Type: String}}
Resources:
  Inner: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref Label}}
`

const parent = `
Parameters: {Label: {Type: String}}
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://nested.s3.us-west-2.amazonaws.com/child.yaml
      Parameters: {Label: !Ref Label}
`

func TestTheCauseInANestedStackIsFound(t *testing.T) {
	r := newRig(t)
	here := &s3types.CreateBucketConfiguration{LocationConstraint: "us-west-2"}
	if _, err := r.s3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("nested"), CreateBucketConfiguration: here}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("nested"), Key: aws.String("child.yaml"), Body: strings.NewReader(child)}); err != nil {
		t.Fatal(err)
	}
	r.deployed(r.stack(parent, with(map[string]string{"Label": "one"})))
	target := r.stack(parent, with(map[string]string{"Label": "two"}), run("d-2"))
	plan := r.prepare(target)
	r.inject(awssim.Fault{Effect: fault.FailResource, LogicalID: "Inner", Action: "update", Message: "the inner one failed"})
	r.fails(target.Execute(ctx, plan), deploy.Failed, "Child/Inner", "the inner one failed")
}

// describedSets is a CloudFormation that knows only the change sets in it.
type describedSets struct {
	stackAPI
	sets map[string]*cloudformation.DescribeChangeSetOutput
}

func (d describedSets) DescribeChangeSet(_ context.Context, in *cloudformation.DescribeChangeSetInput, _ ...func(*cfn)) (*cloudformation.DescribeChangeSetOutput, error) {
	return d.sets[aws.ToString(in.ChangeSetName)+aws.ToString(in.NextToken)], nil
}

func TestThePlanListsAllPagesAndTheChangesOfNestedStacks(t *testing.T) {
	change := func(id, typ, set string) types.Change {
		return types.Change{ResourceChange: &types.ResourceChange{LogicalResourceId: aws.String(id), ResourceType: aws.String(typ), Action: "Modify", ChangeSetId: aws.String(set)}}
	}
	sets := describedSets{sets: map[string]*cloudformation.DescribeChangeSetOutput{
		"root":  {NextToken: aws.String("2"), Changes: []types.Change{change("Zebra", "AWS::SNS::Topic", "")}},
		"root2": {Changes: []types.Change{change("Child", "AWS::CloudFormation::Stack", "inner")}},
		"inner": {Changes: []types.Change{change("Inner", "AWS::SQS::Queue", ""), change("Deep", "AWS::CloudFormation::Stack", "deep")}},
		"deep":  {Changes: []types.Change{change("Deepest", "AWS::SQS::Queue", "")}},
	}}
	target := newStack(Stack{}, Options{}, sets, nil, nil)
	changes, err := target.changes(ctx, changeSet{arn: "root"}, sets.sets["root"])
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range changes {
		names = append(names, c.Resource)
	}
	if got, want := strings.Join(names, " "), "Child Child/Deep Child/Deep/Deepest Child/Inner Zebra"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTheCauseIsFoundWhereDescribeEventsDoesNotExist(t *testing.T) {
	r := newRig(t, awssim.Fault{Effect: fault.Error, Service: "cloudformation", Operation: "DescribeEvents", Status: 400, Code: "UnknownOperationException"})
	r.deployed(r.stack(first))
	r.inject(awssim.Fault{Effect: fault.FailResource, LogicalID: "Topic", Action: "create", Message: "no topic today"})
	target := r.stack(second, run("d-2"))
	r.fails(target.Execute(ctx, r.prepare(target)), deploy.Failed, "Topic", "no topic today")
}

func TestResourcesThatOnlyStoppedAreNotTheCause(t *testing.T) {
	cancelled := types.StackEvent{ResourceStatus: types.ResourceStatusCreateFailed, LogicalResourceId: aws.String("Queue"),
		ResourceStatusReason: aws.String("Resource creation cancelled")}
	if got := causeOf(cancelled); got.reason != "" {
		t.Errorf("%+v", got)
	}
	self := types.StackEvent{ResourceStatus: types.ResourceStatusUpdateFailed, StackId: aws.String("id"), PhysicalResourceId: aws.String("id"), ResourceStatusReason: aws.String("x")}
	if got := causeOf(self); got.reason != "" {
		t.Errorf("%+v", got)
	}
	silent := types.StackEvent{ResourceStatus: types.ResourceStatusCreateFailed, LogicalResourceId: aws.String("Queue")}
	if got := causeOf(silent); got.reason != "CREATE_FAILED" {
		t.Errorf("%+v", got)
	}
}

func TestAnUpdateThatEndsWithoutAStackIsNotAStackThatIsWhatItWas(t *testing.T) {
	r := newRig(t)
	target := r.stack(first)
	for create, want := range map[bool]deploy.ErrorKind{true: deploy.Failed, false: deploy.Stuck} {
		op := target.newOperation("arn:gone", "ls-x", "", deploy.PhaseExecute)
		op.create = create
		if err := target.ended(ctx, op, types.Stack{StackStatus: types.StackStatusDeleteComplete}); deploy.KindOf(err) != want {
			t.Errorf("create %v: %v (%s), want %s", create, err, deploy.KindOf(err), want)
		}
	}
}

func TestAPlanWaitsForOutputsThatDoNotExistYet(t *testing.T) {
	r := newRig(t)
	ref := deploy.Ref{Target: "data", Output: "Stage"}
	target := r.stack(first, func(s *Stack) { s.Parameters = map[string]Parameter{"Stage": {Output: ref}} })
	if needs := target.About().Needs; len(needs) != 1 || needs[0] != ref {
		t.Errorf("needs %v", needs)
	}
	plan, err := target.Prepare(ctx, nil)
	if err != nil || plan.Deferred == "" || plan.Action != deploy.ActionCreate || plan.Handle != "" || r.status() != missing {
		t.Fatalf("%+v, %v, stack %s", plan, err, r.status())
	}
	plan, err = target.Prepare(ctx, deploy.Inputs{ref: "gamma"})
	if err != nil || plan.Deferred != "" || len(plan.Changes) != 2 {
		t.Fatalf("%+v, %v", plan, err)
	}
	if err := target.Execute(ctx, plan); err != nil || r.readSetting() != "gamma" {
		t.Errorf("%v, setting %s", err, r.readSetting())
	}
	if err := target.Verify(ctx, deploy.Inputs{ref: "delta"}); deploy.KindOf(err) != deploy.Failed {
		t.Errorf("verified with another input: %v", err)
	}
}

func TestAFirstCreationWithoutAChangeSetIsTheSameRelease(t *testing.T) {
	r := newRig(t)
	opts := r.options()
	opts.CreateDirectly = true
	target := r.stackWith(opts, first, with(map[string]string{"Stage": "beta"}))
	image := r.image(target)
	r.deployed(target)
	if r.cloud.Called("cloudformation", "CreateStack") != 1 || r.cloud.Called("cloudformation", "ExecuteChangeSet") != 0 {
		t.Error("it was not created directly")
	}
	r.deployed(r.stackWith(opts, second, with(map[string]string{"Stage": "beta"}), run("d-2")))
	if r.cloud.Called("cloudformation", "ExecuteChangeSet") != 1 {
		t.Error("the update did not use a change set")
	}
	if back, err := target.Restore(ctx, image); err != nil || back.Status != "deleted" {
		t.Errorf("restore: %+v, %v", back, err)
	}
}

func TestChangeSetsLeftByADeadRunAreRemovedAndThoseOfAPlanAreNot(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(first))
	r.prepare(r.stack(second, run("dead")))
	opts := r.options()
	opts.DryRun = true
	r.prepare(r.stackWith(opts, second, run("plan")))
	target := r.stack(second, run("d-2"))
	r.prepare(target)
	sets, err := target.changeSets(ctx, "shop")
	if err != nil {
		t.Fatal(err)
	}
	plans, own, other := 0, 0, 0
	for _, s := range sets {
		switch name := aws.ToString(s.ChangeSetName); {
		case s.ExecutionStatus != types.ExecutionStatusAvailable:
		case strings.HasPrefix(name, planPrefix):
			plans++
		case strings.Contains(name, short(8, "d-2", target.unit())):
			own++
		default:
			other++
		}
	}
	if plans != 1 || own != 1 || other != 0 {
		t.Errorf("%d of plans, %d own, %d of the dead run", plans, own, other)
	}
}

func TestAShellWithSomebodyElsesChangeSetIsKept(t *testing.T) {
	r := newRig(t)
	target := r.stack(first)
	plan := r.prepare(target)
	_, err := r.cfn.CreateChangeSet(ctx, &cloudformation.CreateChangeSetInput{StackName: aws.String("shop"), ChangeSetName: aws.String("theirs"),
		ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: aws.String(first)})
	if err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Minute)
	if err := target.Discard(ctx, plan); err != nil {
		t.Fatal(err)
	}
	if r.status() != types.StackStatusReviewInProgress {
		t.Errorf("stack is %s", r.status())
	}
}

func TestTokensAreValidAndTellStacksApart(t *testing.T) {
	r := newRig(t)
	app, other := r.stack(first), r.stack(first, func(s *Stack) { s.Key = "data" })
	token := app.token("arn")
	if !regexp.MustCompile(`^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$`).MatchString(token) {
		t.Errorf("token %q", token)
	}
	if !app.isOurs(token) || other.isOurs(token) || app.isOurs("") || app.isOurs("pipeline-7") {
		t.Error("tokens are not told apart")
	}
	if again := r.stack(first, run("d-9"), func(s *Stack) { s.Release = "r-ffffffffffff" }); !again.isOurs(token) || again.token("arn") == token {
		t.Error("the next run does not know the token of this one, or uses it again")
	}
}

func TestTemplatesAreComparedAsCloudFormationReturnsThem(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"A: ä", "A: ?", true}, {"A: äö", "A: ????", true}, {"A: 1\r\n", "A: 1", true}, {"A: 1 \n\n", "A: 1", true},
		{"A: 1", "A: 2", false}, {"A: ä", "A: a", false}, {"A: x", "A:  x", false},
	} {
		if sameTemplate(c.a, c.b) != c.same {
			t.Errorf("%q and %q: want same %v", c.a, c.b, c.same)
		}
	}
}

func TestThePaceStaysInItsBounds(t *testing.T) {
	var waits []time.Duration
	began := time.Unix(0, 0)
	now := began
	target := newStack(Stack{}, Options{Now: func() time.Time { return now }, Jitter: func() float64 { return 0.999 }, Sleep: func(_ context.Context, d time.Duration) error {
		if d > max(quickly, now.Sub(began)/10) {
			t.Errorf("after %s it waits for %s", now.Sub(began), d)
		}
		waits, now = append(waits, d), now.Add(d)
		return nil
	}}, nil, nil, nil)
	p := target.newPace()
	for i := range 70 {
		if err := p.wait(ctx, i >= 60); err != nil {
			t.Fatal(err)
		}
	}
	for i, d := range waits {
		if d < 150*time.Millisecond || d > 15*time.Second {
			t.Errorf("wait %d is %s", i, d)
		}
	}
	if waits[59] < 14*time.Second || waits[69] > time.Second {
		t.Errorf("it does not slow down and speed up: %v", waits)
	}
}

func TestContentsNameEveryPartAndDependOnNothingElse(t *testing.T) {
	stack := Stack{Key: "app", Name: "shop", Region: "us-west-2", Template: []byte(first), Parameters: map[string]Parameter{"A": {Literal: "1"}}}
	base := stack.digest()
	same := stack
	same.Release, same.Deployment, same.TemplateFile = "r-1", "d-1", "x"
	if same.digest() != base {
		t.Error("the digest depends on the run")
	}
	for name, change := range map[string]func(*Stack){
		"template":  func(s *Stack) { s.Template = []byte(second) },
		"parameter": func(s *Stack) { s.Parameters = map[string]Parameter{"A": {Literal: "2"}} },
		"tags":      func(s *Stack) { s.Tags = map[string]string{"a": "b"} },
		"asset":     func(s *Stack) { s.Assets = []Asset{{KeyParameter: "K", SHA256: "1"}} },
	} {
		other := stack
		change(&other)
		if other.digest() == base {
			t.Errorf("%s is not part of the digest", name)
		}
	}
}

func TestASecretParameterLeavesNoDigest(t *testing.T) {
	stack := func(value string, secret bool) Stack {
		return Stack{App: "shop", Key: "app", Name: "shop", Region: "us-west-2", Template: []byte(first),
			Parameters: map[string]Parameter{"Pin": {Literal: value, Secret: secret}}}
	}
	if one, two := stack("1234", true), stack("5678", true); one.digest() != two.digest() || one.Parameters["Pin"].Literal != "1234" {
		t.Error("the digest tells secrets apart, or the secret was lost")
	}
	if stack("1234", false).digest() == stack("5678", false).digest() {
		t.Error("the digest does not tell other values apart")
	}
}

func TestWhatIsNotKnownYetIsSaidOnceAndInOneOrder(t *testing.T) {
	takes := func(output string) Parameter {
		return Parameter{Output: deploy.Ref{Target: "data", Output: output}}
	}
	stack := &CloudFormation{spec: Stack{Parameters: map[string]Parameter{
		"A": takes("Zone"), "B": takes("Bucket"), "C": takes("Known"), "D": {Literal: "4"}, "E": takes("Bucket")}}}
	in := deploy.Inputs{{Target: "data", Output: "Known"}: "yes"}
	for range 20 { // what hangs on the order of a map shows sooner or later
		_, err := stack.values(in)
		if err == nil || err.Error() != "it takes outputs that are not known yet: data.Bucket, data.Zone" {
			t.Fatalf("it says %v", err)
		}
	}
}
