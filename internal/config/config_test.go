package config

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

var now = time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)

// day is a drift.Date for tests.
func day(t *testing.T, text string) drift.Date {
	t.Helper()
	d, err := drift.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLoadReadsTheDocumentedExample(t *testing.T) {
	got, err := Load("testdata/valid/payments.yml", now)
	if err != nil {
		t.Fatal(err)
	}
	table := OutputRef{Stack: "payments-data", Output: "TableArn"}
	app := func(own map[string]Value) StackInRegion {
		own["Stage"] = Value{Literal: "prod"}
		own["TableArn"] = Value{Output: &table}
		return StackInRegion{
			Name: "payments", Template: "infra/app.yaml", Parameters: own,
			Tags: map[string]string{"team": "payments"}, Capabilities: []string{"CAPABILITY_NAMED_IAM"},
		}
	}
	data := StackInRegion{Name: "payments-data", Template: "infra/data.yaml"}
	want := &Config{
		File: "testdata/valid/payments.yml", App: "payments",
		Topology: topology.Topology{App: "payments", Strategy: topology.WarmStandby, Regions: []topology.Region{
			{Name: "us-east-1", Role: topology.Primary},
			{
				Name: "us-west-2", Role: topology.Standby, RoleToAssume: "arn:aws:iam::222222222222:role/lockstep",
				Probe: topology.Probe{URL: "https://usw2.payments.example.com/healthz", Status: 200},
			},
		}},
		Objectives: topology.Objectives{RPO: 5 * time.Minute, RTO: 15 * time.Minute, Floor: 0.25, Ceiling: 1},
		Release: []Target{
			{CloudFormation: &Stack{Key: "payments-data", Regions: map[string]StackInRegion{"us-east-1": data, "us-west-2": data}}},
			{CloudFormation: &Stack{Key: "payments", Regions: map[string]StackInRegion{
				"us-east-1": app(map[string]Value{}),
				"us-west-2": app(map[string]Value{"Role": {Literal: "standby"}, "DesiredCount": {Literal: "1"}}),
			}}},
		},
		Inventory: []Inventory{
			{Terraform: &TerraformState{State: map[string]string{"us-east-1": "s3://tf/primary.tfstate", "us-west-2": "s3://tf/standby.tfstate"}}},
			{Tags: map[string]string{"app": "payments"}},
		},
		Accept: []drift.Waiver{{
			Resource: "payments/LogGroup", Property: "RetentionInDays", Reason: "cheaper in the standby", Until: day(t, "2027-03-31"),
		}},
		FailOn: "warn",
		Policy: readiness.Policy{
			Unknown: readiness.LevelBlock,
			Rules:   map[string]readiness.Level{"OBS-03": readiness.LevelOff, "CAP-02": readiness.LevelWarn},
		},
		Gate: Gate{Block: "any", ForkPolicy: "fail"}, QuotaShare: 0.3, Deploy: Deploy{Commit: "settle", BarrierTimeout: time.Hour},
		RulePositions: map[string]Position{"OBS-03": {28, 44}, "CAP-02": {28, 57}},
	}
	ignore := cmpopts.IgnoreFields(StackInRegion{}, "TemplatePos")
	if diff := cmp.Diff(want, got, ignore, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Value{}, "Pos"),
		cmpopts.IgnoreFields(Target{}, "Pos"), cmpopts.IgnoreFields(Inventory{}, "Pos")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if at := got.Release[1].CloudFormation.Regions["us-west-2"].TemplatePos; at != (Position{14, 17}) {
		t.Errorf("template position %v", at)
	}
}
