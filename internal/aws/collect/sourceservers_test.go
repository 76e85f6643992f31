package collect

import (
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/drs"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

const servers = `
Parameters: {Role: {Type: String}}
Resources:
  One: {Type: AWS::EC2::Instance, Properties: {InstanceType: t3.small}}
  Two: {Type: AWS::EC2::Instance, Properties: {InstanceType: t3.small}}
`

func TestSourceServersAreReadInTheRegionThatTakesOver(t *testing.T) {
	w := newWorld(t)
	w.everywhere(servers)
	o := w.options("app")
	first := w.snapshots(o)
	if value := factOf(t, first[1], drift.FactSourceServers, ""); len(value["Servers"].([]any)) != 0 {
		t.Errorf("an account that was never initialized protects %v", value)
	}
	for _, s := range []struct{ id, instance, lag string }{
		{"s-1", resource(t, first[0], "app/One").ID, "PT1M30S"}, {"s-2", "i-of-somebody-else", "PT0S"}, {"s-3", resource(t, first[0], "app/Two").ID, ""},
	} {
		info := map[string]any{"dataReplicationState": "CONTINUOUS", "lagDuration": s.lag}
		if s.lag == "" {
			info = map[string]any{"dataReplicationState": "STALLED", "dataReplicationError": map[string]any{"error": "AGENT_NOT_SEEN"}}
		}
		w.scripted("us-west-2", "sim::DRS::SourceServer", s.id, map[string]any{"sourceServerID": s.id, "lastLaunchResult": "SUCCEEDED",
			"sourceProperties": map[string]any{"identificationHints": map[string]any{"awsInstanceID": s.instance}}, "dataReplicationInfo": info})
	}
	snapshots := w.snapshots(o)
	have := factOf(t, snapshots[1], drift.FactSourceServers, "")["Servers"]
	want := []any{
		map[string]any{"SourceServerID": "s-1", "InstanceID": resource(t, first[0], "app/One").ID, "State": "CONTINUOUS", "LagSeconds": 90.0, "LastLaunchResult": "SUCCEEDED"},
		map[string]any{"SourceServerID": "s-3", "InstanceID": resource(t, first[0], "app/Two").ID, "State": "STALLED", "Error": "AGENT_NOT_SEEN", "LastLaunchResult": "SUCCEEDED"},
	}
	if !reflect.DeepEqual(have, want) {
		t.Errorf("servers %v, want %v", have, want)
	}
	if slices.ContainsFunc(snapshots[0].Facts, func(f drift.Fact) bool { return f.Kind == drift.FactSourceServers }) {
		t.Error("the primary was asked, which takes over from nobody")
	}
}

func TestASourceServerThatMayNotBeReadIsAGap(t *testing.T) {
	w := newWorld(t)
	w.everywhere(servers)
	if _, err := w.cloud.Fail(awssim.Fault{Service: "drs", Operation: "DescribeSourceServers", Effect: fault.AccessDenied}); err != nil {
		t.Fatal(err)
	}
	west := w.snapshots(w.options("app"))[1]
	if !slices.ContainsFunc(west.Gaps, func(g drift.Gap) bool {
		return g.Fact == drift.FactSourceServers && g.Operation == "drs:DescribeSourceServers"
	}) {
		t.Errorf("gaps %+v", west.Gaps)
	}
	if listed := Actions([]string{"AWS::EC2::Instance"}, Inventory{}, evidence.Declared{}); !slices.Contains(listed, "drs:DescribeSourceServers") {
		t.Errorf("the permission is not listed among %v", listed)
	}
}

// The SDK speaks of an account that was never initialized by an error of its own.
func TestAnAccountIsInitializedOnce(t *testing.T) {
	w := newWorld(t)
	api := drs.NewFromConfig(w.sessions[1].Config)
	if _, err := api.DescribeSourceServers(t.Context(), &drs.DescribeSourceServersInput{}); err == nil {
		t.Error("an account that was never initialized lists its servers")
	}
	if _, err := api.InitializeService(t.Context(), &drs.InitializeServiceInput{}); err != nil {
		t.Fatal(err)
	}
	if out, err := api.DescribeSourceServers(t.Context(), &drs.DescribeSourceServersInput{}); err != nil || len(out.Items) != 0 {
		t.Errorf("%v, %v", out, err)
	}
}
