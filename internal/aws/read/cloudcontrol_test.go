package read

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	cctypes "github.com/aws/aws-sdk-go-v2/service/cloudcontrol/types"

	"github.com/lockstep-dr/lockstep/drift/metadata"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

func ccOutput(properties string) *cloudcontrol.GetResourceOutput {
	return &cloudcontrol.GetResourceOutput{ResourceDescription: &cctypes.ResourceDescription{Properties: aws.String(properties)}}
}

func TestIdentifierOfCloudControl(t *testing.T) {
	cases := []struct {
		name, typ, id string
		resolved      map[string]any
		want          string
		ok            bool
	}{
		{"one part is the physical id", "AWS::StepFunctions::StateMachine", "arn:sm", nil, "arn:sm", true},
		{"the assigned part is the physical id", "AWS::ApiGatewayV2::Integration", "int1", map[string]any{"ApiId": "api1"}, "api1|int1", true},
		{"declared parts alone", "AWS::Logs::MetricFilter", "errors", map[string]any{"LogGroupName": "/app", "FilterName": "errors"}, "/app|errors", true},
		{"a physical id that is composite already", "AWS::ApplicationAutoScaling::ScalableTarget", "service/c/s|ecs:service:DesiredCount|ecs", nil,
			"service/c/s|ecs:service:DesiredCount|ecs", true},
		{"a part that is not known", "AWS::ApiGatewayV2::Integration", "int1", map[string]any{"ApiId": "${Api.Id}"}, "", false},
		{"two parts that nobody says", "AWS::ApiGatewayV2::Integration", "int1", nil, "", false},
		{"no physical id", "AWS::StepFunctions::StateMachine", "", nil, "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			known, ok := metadata.Lookup(c.typ)
			if !ok {
				t.Fatalf("the registry does not know %s", c.typ)
			}
			have, ok := identifier(inventory.Item{Type: c.typ, ID: c.id, Resolved: c.resolved}, known)
			if have != c.want || ok != c.ok {
				t.Errorf("have %q %v, want %q %v", have, ok, c.want, c.ok)
			}
		})
	}
}

func TestCloudControlsModelBecomesAResource(t *testing.T) {
	item := sampleOf("AWS::AppSync::GraphQLApi")
	result := readAll(t, by(map[string]any{"CloudControl GetResource": ccOutput(
		`{"Arn":"arn:aws:states:us-west-2:1:stateMachine:m","StateMachineName":"m","Tags":[{"Key":"team","Value":"a"},{"Key":"aws:x","Value":"y"}]}`,
	)}), request(item))
	r := one(t, result)
	if r.Via != "cloudcontrol" || r.Identities["Arn"] == "" || len(r.Tags) != 1 || r.Tags["team"] != "a" || r.Properties["Tags"] != nil {
		t.Errorf("%+v", r)
	}
}

func TestCustomResourcesAreNotAskedFor(t *testing.T) {
	item := sampleOf("Custom::Thing")
	result := readAll(t, func(string, string, any) (any, error) { t.Error("asked"); return nil, errPlain }, request(item))
	if len(result.Gaps) != 1 || result.Gaps[0].Reason != session.Unsupported {
		t.Errorf("%+v", result.Gaps)
	}
}

// A type that is newer than the schemas we know is asked for by its physical id
// and read like any other; one that a Region, or Cloud Control, cannot read is a gap.
func TestATypeThatTheRegistryDoesNotKnow(t *testing.T) {
	item := sampleOf("AWS::Newest::Thing")
	var asked string
	r := one(t, readAll(t, func(_, _ string, in any) (any, error) {
		asked = aws.ToString(in.(*cloudcontrol.GetResourceInput).Identifier)
		return ccOutput(`{"Size":5,"Tags":[{"Key":"team","Value":"a"}]}`), nil
	}, request(item)))
	if asked != item.ID || r.Via != "cloudcontrol" || r.Properties["Size"] != 5.0 || r.Tags["team"] != "a" {
		t.Errorf("asked for %q: %+v", asked, r)
	}
	for _, code := range []string{"TypeNotFoundException", "UnsupportedActionException"} {
		result := readAll(t, func(string, string, any) (any, error) { return nil, refusal(code) }, request(item))
		if len(result.Resources) != 0 || len(result.Gaps) != 1 || result.Gaps[0].Reason != session.Unsupported || result.Gaps[0].Type != item.Type {
			t.Errorf("%s: %+v", code, result)
		}
	}
}

func TestAModelThatIsNoJSONIsAGap(t *testing.T) {
	result := readAll(t, by(map[string]any{"CloudControl GetResource": ccOutput("<html>")}), request(sampleOf("AWS::AppSync::GraphQLApi")))
	if len(result.Resources) != 0 || len(result.Gaps) != 1 || result.Gaps[0].Reason != "BadResponse" {
		t.Errorf("%+v", result)
	}
}
