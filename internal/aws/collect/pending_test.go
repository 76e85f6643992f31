package collect

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/lockstep-dr/lockstep/drift"
)

// A difference that the repository does not have is one that waits for a
// deploy; one that it has is declared; one that no template has was made by hand.
func TestWhatTheRepositorySaysDecidesWhetherADifferenceWaitsForADeploy(t *testing.T) {
	const body = "Parameters: {Timeout: {Type: Number}, Secret: {Type: String, NoEcho: true, Default: c4n4ry-S3cr3t-value}}\n" +
		"Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {VisibilityTimeout: !Ref Timeout, DelaySeconds: 1, Tags: [{Key: s, Value: !Ref Secret}]}}}"
	for _, test := range []struct {
		name  string
		given [2]string // what the configuration gives
		edit  map[string]string
		cause drift.Cause
		says  string
	}{
		{"the configuration gives both the same", [2]string{"90", "90"}, nil, drift.NotYetDeployed, `The repository says the same for both Regions: it is not deployed everywhere yet, or a stack was updated past it. Parameter Timeout is "90" in us-east-1 and "30" in us-west-2.`},
		{"the configuration gives each its own", [2]string{"90", "30"}, nil, drift.Declared, `Parameter Timeout is "90"`},
		{"nothing is given", [2]string{}, nil, drift.Declared, `Parameter Timeout is "90"`},
		{"changed by hand", [2]string{"90", "30"}, map[string]string{"DelaySeconds": "7"}, drift.OutOfBand, "changed by hand in us-west-2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			source := SourceTemplate{File: "q.yaml", Body: []byte(body), Regions: map[string]SourceInRegion{}}
			for i, timeout := range []string{"90", "30"} {
				w.deploy(w.sessions[i].Config, "app", []byte(body), map[string]string{"Timeout": timeout})
				if test.given[i] != "" {
					source.Regions[w.sessions[i].Region.Name] = SourceInRegion{Body: []byte(body), Parameters: map[string]string{"Timeout": test.given[i]}}
				}
			}
			o := w.options("app")
			o.Sources = map[string]SourceTemplate{"app": source}
			if test.edit != nil {
				url := resource(t, w.snapshots(o)[1], "app/Q").ID
				if _, err := sqs.NewFromConfig(w.sessions[1].Config).SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: aws.String(url), Attributes: test.edit}); err != nil {
					t.Fatal(err)
				}
			}
			c := compare(w, w.snapshots(o))
			for _, f := range c.Findings {
				if f.Cause == test.cause && strings.Contains(f.Message, test.says) {
					return
				}
			}
			t.Errorf("no %s that says %q: %+v", test.cause, test.says, c.Findings)
		})
	}
}
