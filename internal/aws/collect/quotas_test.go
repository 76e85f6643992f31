package collect

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

func TestQuotasOfTheServicesInUseAreFactsAndTheirLackHidesNothing(t *testing.T) {
	w := newWorld(t)
	w.payments()
	api := servicequotas.NewFromConfig(w.sessions[0].Config)
	if _, err := api.RequestServiceQuotaIncrease(t.Context(), &servicequotas.RequestServiceQuotaIncreaseInput{ServiceCode: aws.String("lambda"),
		QuotaCode: aws.String("L-B99A9384"), DesiredValue: aws.Float64(5000)}); err != nil {
		t.Fatal(err)
	}
	o := w.options("payments-data", "payments")
	snapshots := w.snapshots(o)
	primary, standby := factOf(t, snapshots[0], drift.FactQuota, "lambda/L-B99A9384"), factOf(t, snapshots[1], drift.FactQuota, "lambda/L-B99A9384")
	if primary["Value"] != 5000.0 || primary["Default"] != false || standby["Value"] != 1000.0 || standby["Default"] != true {
		t.Errorf("%v and %v", primary, standby)
	}
	for _, f := range snapshots[0].Facts {
		if f.Kind == drift.FactQuota && strings.HasPrefix(f.Subject, "rds/") {
			t.Errorf("the application has no database, and %s was asked for", f.Subject)
		}
	}
	w.fail(awssim.Fault{Service: "servicequotas", Operation: "GetServiceQuota", Effect: fault.AccessDenied})
	snapshots = w.snapshots(o)
	for _, g := range snapshots[1].Gaps {
		if g.Fact != drift.FactQuota || g.Operation != "servicequotas:GetServiceQuota" {
			t.Errorf("gap %+v", g)
		}
	}
	if c := compare(w, snapshots); len(snapshots[1].Gaps) == 0 || c.Coverage.NotCompared != 0 || len(c.Findings) != 0 {
		t.Errorf("%d gaps, coverage %+v, findings %+v", len(snapshots[1].Gaps), c.Coverage, c.Findings)
	}
}

const tableOfThePrimary = `
Parameters:
  Role: {Type: String}
Conditions:
  Primary: !Equals [!Ref Role, primary]
Resources:
  Topic: {Type: "AWS::SNS::Topic"}
  Table:
    Type: AWS::DynamoDB::GlobalTable
    Condition: Primary
    Properties:
      TableName: shared
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      Replicas: [{Region: us-east-1}, {Region: us-west-2}]
`

// The standby's replica is in no stack there, and counts as a table all the same.
func TestAQuotaThatOnlyThePrimarysStackDrawsOnIsReadInTheStandbyToo(t *testing.T) {
	w := newWorld(t)
	for i, s := range w.sessions {
		w.deploy(s.Config, "app", []byte(tableOfThePrimary), map[string]string{"Role": []string{"primary", "standby"}[i]})
	}
	const tables = "dynamodb/L-F98FE922"
	snapshots := w.snapshots(w.options("app"))
	if here, there := factOf(t, snapshots[0], drift.FactQuota, tables), factOf(t, snapshots[1], drift.FactQuota, tables); here["Value"] == nil || there["Value"] != here["Value"] {
		t.Errorf("%v and %v", here, there)
	}
	w.fail(awssim.Fault{Region: "us-west-2", Service: "servicequotas", Operation: "GetServiceQuota", Effect: fault.AccessDenied})
	for _, s := range w.snapshots(w.options("app")) {
		denied := 0
		for _, g := range s.Gaps {
			if g.Fact == drift.FactQuota && g.Resource == tables && g.Reason == "AccessDenied" {
				denied++
			}
		}
		if denied != map[string]int{"us-east-1": 0, "us-west-2": 1}[s.Region.Name] {
			t.Errorf("%s: gaps %+v", s.Region.Name, s.Gaps)
		}
	}
}

func TestTheQuotasOfWhatAReleaseBringsAreReadInEveryRegion(t *testing.T) {
	w := newWorld(t)
	w.deploy(w.sessions[0].Config, "app", []byte("Resources: {Topic: {Type: AWS::SNS::Topic}}"), nil) // the standby has nothing yet
	const fargate = "fargate/L-3032A538"
	o := w.options("app")
	o.Brings = []string{"AWS::ECS::Service"}
	for _, s := range w.snapshots(o) {
		if quota := factOf(t, s, drift.FactQuota, fargate); quota["Value"] != 6.0 {
			t.Errorf("%s: %v", s.Region.Name, quota)
		}
	}
	w.fail(awssim.Fault{Region: "us-west-2", Service: "servicequotas", Operation: "GetServiceQuota", Effect: fault.AccessDenied})
	s := w.snapshots(o)[1]
	if at := slices.IndexFunc(s.Gaps, func(g drift.Gap) bool { return g.Resource == fargate && g.Reason == "AccessDenied" }); at < 0 {
		t.Errorf("gaps %+v", s.Gaps)
	}
}
