package collect

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/arcregionswitch"
	switchtypes "github.com/aws/aws-sdk-go-v2/service/arcregionswitch/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	organizationtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/topology"
)

// surroundings is what a takeover needs besides what serves.
const surroundings = `
Parameters:
  Role: {Type: String}
Conditions:
  Primary: !Equals [!Ref Role, primary]
Resources:
  Kubernetes:
    Type: AWS::EKS::Cluster
    Properties: {RoleArn: "arn:aws:iam::111111111111:role/eks", ResourcesVpcConfig: {SubnetIds: [subnet-0aaaaaaaaaaaaaaaa, subnet-0bbbbbbbbbbbbbbbb]}}
  Tokens:
    Type: AWS::IAM::OIDCProvider
    Condition: Primary
    Properties: {Url: !GetAtt Kubernetes.OpenIdConnectIssuerUrl, ClientIdList: [sts.amazonaws.com]}
  Sender: {Type: AWS::SES::EmailIdentity, Properties: {EmailIdentity: example.com}}
  Canary:
    Type: AWS::Synthetics::Canary
    Properties: {Name: !Sub "checkout-${Role}", StartCanaryAfterCreation: !If [Primary, true, false], Schedule: {Expression: rate(5 minutes)}}
  Plan: {Type: AWS::ARCRegionSwitch::Plan, Condition: Primary, Properties: {Name: payments}}
  Rescuer: {Type: AWS::IAM::User, Condition: Primary, Properties: {UserName: rescuer}}
`

// prepared is a world with those surroundings, and the options to read them.
func prepared(t *testing.T) (*world, Options) {
	w := newWorld(t)
	w.everywhere(surroundings)
	err := w.cloud.Edit(awssim.Edit{Region: "us-east-1", Type: "AWS::IAM::User", ID: "rescuer", Set: map[string]any{"LoginProfile": map[string]any{}}})
	if err != nil {
		t.Fatal(err)
	}
	o := w.options("app")
	o.Takeover = topology.Takeover{BreakGlass: "rescuer", Organization: true}
	return w, o
}

func TestWhatATakeoverNeedsBesidesResourcesIsRead(t *testing.T) {
	w, o := prepared(t)
	plan := resource(t, w.snapshots(o)[0], "app/Plan").ID
	must := func(_ any, err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(arcregionswitch.NewFromConfig(w.sessions[1].Config).StartPlanExecution(t.Context(), &arcregionswitch.StartPlanExecutionInput{
		PlanArn: &plan, TargetRegion: aws.String("us-west-2"), Action: switchtypes.ExecutionActionActivate}))
	must(sesv2.NewFromConfig(w.sessions[0].Config).PutAccountDetails(t.Context(), &sesv2.PutAccountDetailsInput{
		MailType: "TRANSACTIONAL", WebsiteURL: aws.String("https://example.com"), ProductionAccessEnabled: aws.Bool(true)}))
	organization := organizations.NewFromConfig(w.sessions[0].Config)
	closed, err := organization.CreatePolicy(t.Context(), &organizations.CreatePolicyInput{Name: aws.String("regions"), Description: aws.String(""),
		Type: organizationtypes.PolicyTypeServiceControlPolicy, Content: aws.String(`{"Statement":{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}}`)})
	must(closed, err)
	must(organization.AttachPolicy(t.Context(), &organizations.AttachPolicyInput{PolicyId: closed.Policy.PolicySummary.Id, TargetId: aws.String(account)}))

	snapshots := w.snapshots(o)
	east, west := snapshots[0], snapshots[1]
	for _, want := range []struct {
		snapshot      *drift.Snapshot
		kind, subject string
		member        string
		value         any
	}{
		{west, drift.FactCallerIdentity, "", "Endpoint", "sim.test"},
		{east, drift.FactIssuer, "app/Kubernetes", "Registered", true},
		{west, drift.FactIssuer, "app/Kubernetes", "Registered", false},
		{east, drift.FactSendingAccount, "", "ProductionAccessEnabled", true},
		{west, drift.FactSendingAccount, "", "ProductionAccessEnabled", false},
		{west, drift.FactSendingIdentity, "app/Sender", "VerifiedForSendingStatus", true},
		{east, drift.FactCanaryRun, "app/Canary", "State", "PASSED"},
		{west, drift.FactCanaryRun, "app/Canary", "State", nil},
		{west, drift.FactBreakGlass, "rescuer", "Password", true},
		{west, drift.FactPlanEvaluation, plan, "EvaluationState", "passed"},
	} {
		if have := factOf(t, want.snapshot, want.kind, want.subject)[want.member]; have != want.value {
			t.Errorf("%s: %s of %s is %v, want %v", want.snapshot.Region.Name, want.member, want.kind, have, want.value)
		}
	}
	executed := factOf(t, west, drift.FactPlanExecutions, plan)["Executions"].([]any)
	if len(executed) != 1 || executed[0].(map[string]any)["ExecutionRegion"] != "us-west-2" || executed[0].(map[string]any)["EndTime"] != "2026-11-01T13:00:00Z" {
		t.Errorf("executions %v", executed)
	}
	var targets []any
	for _, p := range factOf(t, west, drift.FactControlPolicies, "")["Policies"].([]any) {
		targets = append(targets, p.(map[string]any)["Name"], p.(map[string]any)["Target"])
	}
	if want := []any{"FullAWSAccess", "r-sim1", "FullAWSAccess", account, "regions", account}; !reflect.DeepEqual(targets, want) {
		t.Errorf("policies %v, want %v", targets, want)
	}
	for _, s := range snapshots {
		for _, g := range s.Gaps {
			t.Errorf("%s: gap %+v", s.Region.Name, g)
		}
	}
}

// TestEachRefusalOfThePreparationsIsAGap lets each call be denied in turn: the
// fact is missing, and a gap of it names the permission. Those permissions are
// what the printed policy has to have.
func TestEachRefusalOfThePreparationsIsAGap(t *testing.T) {
	w, o := prepared(t)
	plan := resource(t, w.snapshots(o)[0], "app/Plan").ID
	o.Takeover.Plan = plan
	listed := Actions([]string{"AWS::EKS::Cluster", "AWS::SES::EmailIdentity", "AWS::Synthetics::Canary"}, Inventory{}, evidence.Declared{})
	listed = append(listed, TakeoverActions(o.Takeover)...)
	for _, call := range []struct{ service, operation, fact, subject string }{
		{"iam", "ListOpenIDConnectProviders", drift.FactIssuer, "app/Kubernetes"},
		{"ses", "GetAccount", drift.FactSendingAccount, ""},
		{"ses", "GetEmailIdentity", drift.FactSendingIdentity, "app/Sender"},
		{"synthetics", "DescribeCanariesLastRun", drift.FactCanaryRun, "app/Canary"},
		{"iam", "GetUser", drift.FactBreakGlass, "rescuer"},
		{"iam", "GetLoginProfile", drift.FactBreakGlass, "rescuer"},
		{"iam", "ListAccessKeys", drift.FactBreakGlass, "rescuer"},
		{"arc-region-switch", "GetPlanEvaluationStatus", drift.FactPlanEvaluation, plan},
		{"arc-region-switch", "ListPlanExecutions", drift.FactPlanExecutions, plan},
		{"organizations", "ListPoliciesForTarget", drift.FactControlPolicies, ""},
		{"organizations", "ListParents", drift.FactControlPolicies, ""},
		{"organizations", "DescribePolicy", drift.FactControlPolicies, ""},
	} {
		action := call.service + ":" + call.operation
		id, err := w.cloud.Fail(awssim.Fault{Service: call.service, Operation: call.operation, Effect: fault.AccessDenied})
		if err != nil {
			t.Fatal(err)
		}
		west := w.snapshots(o)[1]
		w.cloud.Heal(id)
		named := slices.ContainsFunc(west.Gaps, func(g drift.Gap) bool {
			return g.Fact == call.fact && g.Resource == call.subject && g.Operation == action && strings.HasPrefix(g.Reason, "AccessDenied")
		})
		known := slices.ContainsFunc(west.Facts, func(f drift.Fact) bool { return f.Kind == call.fact && f.Subject == call.subject })
		if !named || known || !slices.Contains(listed, action) {
			t.Errorf("%s denied: gap %v, fact %v, listed %v; %+v", action, named, known, slices.Contains(listed, action), west.Gaps)
		}
	}
}
