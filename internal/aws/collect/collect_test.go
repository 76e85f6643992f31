package collect

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

func compare(w *world, s []*drift.Snapshot) drift.Comparison {
	return drift.Compare(s[0], s[1], drift.Options{Topology: w.topology, Now: w.clock.Now()})
}

func resource(t *testing.T, s *drift.Snapshot, key string) drift.Resource {
	t.Helper()
	for _, r := range s.Resources {
		if r.Key == key {
			return r
		}
	}
	t.Fatalf("%s is not in the snapshot of %s", key, s.Region.Name)
	return drift.Resource{}
}

func TestTwoRegionsDeployedFromOneSourceAreReadInFullAndDoNotDiffer(t *testing.T) {
	w := newWorld(t)
	w.payments()
	snapshots := w.snapshots(w.options("payments-data", "payments"))
	for i, want := range []int{32, 31} { // the secret belongs to the primary alone
		s := snapshots[i]
		if len(s.Resources) != want || len(s.Gaps) != 0 || len(s.Stacks) != 2 || s.Account != account || s.Run != "run-1" {
			t.Errorf("%s: %d resources, %d stacks, account %s, gaps %+v", s.Region.Name, len(s.Resources), len(s.Stacks), s.Account, s.Gaps)
		}
		for _, r := range s.Resources {
			if r.Via != "native" || r.Declared == nil || r.ID == "" || len(r.Properties) == 0 {
				t.Errorf("%s %s: via %q, id %q, declared %v", s.Region.Name, r.Key, r.Via, r.ID, r.Declared)
			}
		}
	}
	c := compare(w, snapshots)
	if len(c.Findings) != 0 || c.Coverage.NotCompared != 0 || c.Coverage.Compared < 31 {
		t.Errorf("coverage %+v, findings %+v", c.Coverage, c.Findings)
	}
	for _, kind := range []string{drift.FactLambdaState, drift.FactLambdaConcurrency, drift.FactLambdaAlias, drift.FactKeyState,
		drift.FactSecretReplication, drift.FactAlarmState, drift.FactSubscriptions, drift.FactArtifact, drift.FactRelease} {
		if !slices.ContainsFunc(snapshots[0].Facts, func(f drift.Fact) bool { return f.Kind == kind }) {
			t.Errorf("no fact %s", kind)
		}
	}
}

func TestAChangeByHandShows(t *testing.T) {
	w := newWorld(t)
	w.payments()
	o := w.options("payments-data", "payments")
	name := resource(t, w.snapshots(o)[1], "payments/SettleFunction").ID
	if _, err := lambda.NewFromConfig(w.sessions[1].Config).UpdateFunctionConfiguration(t.Context(),
		&lambda.UpdateFunctionConfigurationInput{FunctionName: &name, MemorySize: aws.Int32(128)}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Minute)
	c := compare(w, w.snapshots(o))
	if len(c.Findings) != 1 || c.Findings[0].Property != "MemorySize" || c.Findings[0].Cause != drift.OutOfBand || c.Findings[0].ChangedIn != "us-west-2" {
		t.Errorf("findings %+v", c.Findings)
	}
}

func TestADeniedReadIsAGapThatNamesThePermissionAndNothingElseChanges(t *testing.T) {
	w := newWorld(t)
	w.payments()
	w.fail(awssim.Fault{Effect: fault.AccessDenied, Region: "us-west-2", Service: "kms", Operation: "DescribeKey"})
	snapshots := w.snapshots(w.options("payments-data", "payments"))
	var about []string
	for _, g := range snapshots[1].Gaps {
		if g.Reason != session.AccessDenied || g.Operation != "kms:DescribeKey" || g.Region != "us-west-2" {
			t.Errorf("gap %+v", g)
		}
		about = append(about, g.Resource)
	}
	if !slices.Equal(about, []string{"payments-data/Key", "payments-data/KeyAlias"}) || len(snapshots[0].Gaps) != 0 {
		t.Errorf("gaps about %v; in the primary %+v", about, snapshots[0].Gaps)
	}
	c := compare(w, snapshots)
	if len(c.Findings) != 0 || c.Coverage.NotCompared != 2 {
		t.Errorf("coverage %+v, findings %+v", c.Coverage, c.Findings)
	}
}

func TestARegionThatDoesNotAnswerIsOneGapOverEverything(t *testing.T) {
	for name, f := range map[string]awssim.Fault{
		session.Unreachable:  {Effect: fault.Reset, Region: "us-west-2", Service: "sts"},
		session.Timeout:      {Effect: fault.Hang, Region: "us-west-2", Service: "sts"},
		session.AccessDenied: {Effect: fault.AccessDenied, Region: "us-west-2", Service: "sts"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.payments()
			w.fail(f)
			o := w.options("payments-data", "payments")
			o.Session.AttemptTimeout = 5 * time.Millisecond
			snapshots := w.snapshots(o)
			east, west := snapshots[0], snapshots[1]
			if len(east.Gaps) != 0 || len(east.Resources) != 32 {
				t.Errorf("the Region that answers: %d resources, gaps %+v", len(east.Resources), east.Gaps)
			}
			if len(west.Gaps) != 1 || west.Gaps[0].Resource != "" || west.Gaps[0].Reason != name || west.Gaps[0].Region != "us-west-2" ||
				len(west.Stacks)+len(west.Resources)+len(west.Facts) != 0 || west.Region.Name != "us-west-2" {
				t.Errorf("the Region that does not: %+v", west)
			}
			if c := compare(w, snapshots); len(c.Findings) != 0 || c.Coverage.Compared != 0 {
				t.Errorf("what was not read was judged: %+v %+v", c.Coverage, c.Findings)
			}
		})
	}
}

func TestAWrongSetupIsAnErrorAndNoSnapshot(t *testing.T) {
	w := newWorld(t)
	w.fail(awssim.Fault{Effect: fault.ExpiredToken, Region: "us-west-2", Service: "sts"})
	snapshots, err := Snapshots(t.Context(), w.options("payments"))
	var failure *session.Error
	if !errors.As(err, &failure) || failure.Problem.Reason != session.Expired || failure.Region != "us-west-2" || snapshots != nil {
		t.Errorf("snapshots %v, error %v", snapshots, err)
	}
	w = newWorld(t)
	o := w.options("payments")
	o.Topology.Regions[1].Account = "999999999999"
	if _, err := Snapshots(t.Context(), o); !errors.As(err, &failure) || failure.Problem.Reason != session.WrongAccount {
		t.Errorf("error %v", err)
	}
}

func TestAStackThatDoesNotExistHasNoStatusAndNoGap(t *testing.T) {
	w := newWorld(t)
	for _, s := range w.snapshots(w.options("payments")) {
		if len(s.Gaps) != 0 || len(s.Stacks) != 1 || s.Stacks[0].Status != "" {
			t.Errorf("%s: %+v", s.Region.Name, s)
		}
	}
}

func TestAQueueDeletedByHandIsGoneInThatRegion(t *testing.T) {
	w := newWorld(t)
	w.payments()
	o := w.options("payments-data", "payments")
	url := resource(t, w.snapshots(o)[1], "payments/DeadLetters").ID
	if _, err := sqs.NewFromConfig(w.sessions[1].Config).DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &url}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(5 * time.Minute)
	snapshots := w.snapshots(o)
	gone := func(f drift.Fact) bool { return f.Kind == drift.FactGone && f.Subject == "payments/DeadLetters" }
	if !slices.ContainsFunc(snapshots[1].Facts, gone) || slices.ContainsFunc(snapshots[0].Facts, gone) || len(snapshots[1].Gaps) != 0 {
		t.Errorf("facts %+v, gaps %+v", snapshots[1].Facts, snapshots[1].Gaps)
	}
	c := compare(w, snapshots)
	if len(c.Findings) != 1 || c.Findings[0].Resource != "payments/DeadLetters" || c.Findings[0].Property != "" {
		t.Errorf("findings %+v", c.Findings)
	}
}

func TestReadingTheSameWorldTwiceGivesTheSameBytes(t *testing.T) {
	w := newWorld(t)
	w.payments()
	o := w.options("payments-data", "payments")
	encode := func() string {
		data, err := json.Marshal(w.snapshots(o))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	first := encode()
	slices.Reverse(o.Stacks)
	if encode() != first {
		t.Error("two readings of one world differ")
	}
}

func TestReadingNeverWrites(t *testing.T) {
	w := newWorld(t)
	w.payments()
	before := len(w.cloud.Calls())
	w.snapshots(w.options("payments-data", "payments"))
	for _, call := range w.cloud.Calls()[before:] {
		if !slices.ContainsFunc([]string{"Get", "List", "Describe", "Head"}, func(v string) bool { return strings.HasPrefix(call.Operation, v) }) {
			t.Errorf("called %s %s in %s", call.Service, call.Operation, call.Region)
		}
	}
}

func TestEveryCallIsInTheListOfActions(t *testing.T) {
	w := newWorld(t)
	w.payments()
	before := len(w.cloud.Calls())
	snapshots := w.snapshots(w.options("payments-data", "payments"))
	var types []string
	for _, r := range snapshots[0].Resources {
		types = append(types, r.Type)
	}
	granted := Actions(types, Inventory{}, evidence.Declared{})
	ids := map[string]string{"apigateway": "API Gateway", "cloudformation": "CloudFormation", "monitoring": "CloudWatch", "logs": "CloudWatch Logs",
		"dynamodb": "DynamoDB", "ec2": "EC2", "events": "EventBridge", "iam": "IAM", "kms": "KMS", "lambda": "Lambda", "s3": "S3",
		"secretsmanager": "Secrets Manager", "sns": "SNS", "sqs": "SQS", "ssm": "SSM", "sts": "STS",
		"servicequotas": "Service Quotas"}
	for _, call := range w.cloud.Calls()[before:] {
		id, ok := ids[call.Service]
		if action := session.Action(id, call.Operation); !ok || !slices.Contains(granted, action) {
			t.Errorf("%s %s needs %s, which Actions does not list", call.Service, call.Operation, action)
		}
	}
}

func TestCancellingEndsTheReading(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := Snapshots(ctx, w.options("payments")); !errors.Is(err, context.Canceled) || s != nil {
		t.Errorf("snapshots %v, error %v", s, err)
	}
	if s, err := FromSessions(ctx, w.sessions, w.options("payments")); !errors.Is(err, context.Canceled) || s != nil {
		t.Errorf("snapshots %v, error %v", s, err)
	}
}

func TestResourcesKnowTheirPlaceInTheRepository(t *testing.T) {
	w := newWorld(t)
	w.payments()
	o := w.options("payments-data", "payments")
	o.Sources = map[string]SourceTemplate{"payments": {File: "infra/app.yaml", Body: w.example("app.yaml")}}
	s := w.snapshots(o)[0]
	at := resource(t, s, "payments/SettleFunction").Location
	lines := strings.Split(string(w.example("app.yaml")), "\n")
	if at == nil || at.File != "infra/app.yaml" || !strings.Contains(lines[at.Line-1], "SettleFunction:") {
		t.Errorf("location %+v", at)
	}
	if resource(t, s, "payments-data/Key").Location != nil {
		t.Error("a place was made up")
	}
}

func TestTemplateDigestsAreEqualForOneTemplateAndDifferForTwo(t *testing.T) {
	w := newWorld(t)
	const one = "Resources: {T: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: a}}}"
	const two = "Resources: {T: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: b}}}"
	w.deploy(w.sessions[0].Config, "a", []byte(one), nil)
	w.deploy(w.sessions[1].Config, "a", []byte("{\"Resources\": {\"T\": {\"Type\": \"AWS::SNS::Topic\", \"Properties\": {\"DisplayName\": \"a\"}}}}"), nil)
	w.deploy(w.sessions[0].Config, "b", []byte(one), nil)
	w.deploy(w.sessions[1].Config, "b", []byte(two), nil)
	s := w.snapshots(w.options("a", "b"))
	if a, b := s[0].Stacks[0].TemplateDigest, s[1].Stacks[0].TemplateDigest; a != b || !strings.HasPrefix(a, "sha256:") {
		t.Errorf("one template in two spellings: %s and %s", a, b)
	}
	if s[0].Stacks[1].TemplateDigest == s[1].Stacks[1].TemplateDigest {
		t.Error("two templates have one digest")
	}
}

func TestFromSessionsWantsEveryRegion(t *testing.T) {
	w := newWorld(t)
	if _, err := FromSessions(t.Context(), w.sessions[:1], w.options()); err == nil {
		t.Error("half of the Regions were taken for all")
	}
	s, err := FromSessions(t.Context(), w.sessions, w.options())
	if err != nil || len(s) != 2 {
		t.Errorf("%v %v", s, err)
	}
}

func TestANamedStackIsPairedByItsKey(t *testing.T) {
	w := newWorld(t)
	const body = "Resources: {T: {Type: 'AWS::SNS::Topic'}}"
	w.deploy(w.sessions[0].Config, "app", []byte(body), nil)
	w.deploy(w.sessions[1].Config, "app-dr", []byte(body), nil)
	o := w.options()
	o.Stacks = []inventory.Source{{Key: "app", Names: map[string]string{"us-west-2": "app-dr"}}}
	s := w.snapshots(o)
	if s[1].Stacks[0].Name != "app-dr" || s[1].Resources[0].Key != "app/T" {
		t.Errorf("%+v", s[1])
	}
	if c := compare(w, s); len(c.Findings) != 0 {
		t.Errorf("findings %+v", c.Findings)
	}
}
