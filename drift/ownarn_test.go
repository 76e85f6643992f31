package drift

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/topology"
)

// A secret belongs to the primary's stack, and its replica in the standby is
// gone. The standby's function names the secret by an ARN of its own Region:
// that is a reference to something missing, not one to the primary.
func TestAnARNOfTheOwnRegionNeverPointsAtThePrimary(t *testing.T) {
	secretARN := func(region string) string {
		return "arn:aws:secretsmanager:" + region + ":111111111111:secret:orders/db-credentials"
	}
	region := func(name string, role topology.Role, env string, own ...Resource) *Snapshot {
		fn := Resource{Key: "orders/Fn", Type: "AWS::Lambda::Function", ID: "orders-Fn-" + name, Properties: map[string]any{
			"Environment": map[string]any{"Variables": map[string]any{"CREDENTIALS": env}}}}
		return &Snapshot{Schema: SnapshotSchema, App: "orders", Run: "r", Account: "111111111111", Region: topology.Region{Name: name, Role: role},
			Stacks: []Stack{{Key: "orders", Name: "orders", Status: "CREATE_COMPLETE"}}, Resources: append(own, fn)}
	}
	secret := Resource{Key: "orders/Secret", Type: "AWS::SecretsManager::Secret", ID: secretARN("us-east-1"),
		Identities: map[string]string{"Arn": secretARN("us-east-1"), "Name": "orders/db-credentials"}, Properties: map[string]any{"Name": "orders/db-credentials"}}
	primary := region("us-east-1", topology.Primary, secretARN("us-east-1"), secret)

	for name, c := range map[string]struct {
		env    string
		points bool
	}{
		"its own Region's ARN":                           {secretARN("us-west-2"), false},
		"the primary's own ARN":                          {secretARN("us-east-1"), true},
		"the primary's ARN within one of the own Region": {"arn:aws:apigateway:us-west-2:lambda:path/functions/" + secretARN("us-east-1") + "/invocations", true},
	} {
		t.Run(name, func(t *testing.T) {
			var about []string
			for _, f := range Compare(primary, region("us-west-2", topology.Standby, c.env), Options{}).Findings {
				if f.Resource == "orders/Fn" {
					about = append(about, f.Message)
				}
			}
			if points := strings.Contains(strings.Join(about, "\n"), "points back"); points != c.points {
				t.Errorf("points back at the primary: %v, want %v: %q", points, c.points, about)
			}
		})
	}
}
