package read

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lockstep-dr/lockstep/drift"
)

// What of a version's environment is secret, the function's template says; what
// the template no longer has may be.
func TestAnAliasShowsWhatItServesAndNoSecretOfIt(t *testing.T) {
	fn, alias, version := sampleOf("AWS::Lambda::Function"), sampleOf("AWS::Lambda::Alias"), sampleOf("AWS::Lambda::Version")
	fn.ID, alias.ID = "fn", "arn:aws:lambda:us-west-2:111111111111:function:fn:live"
	version.ID = "arn:aws:lambda:us-west-2:111111111111:function:fn:3"
	fn.Declared = map[string]any{"Environment": map[string]any{"Variables": map[string]any{"MODE": "fast", "LICENCE": "${NoEcho:Licence}"}}}
	served := &lambda.GetFunctionOutput{Configuration: &lambdatypes.FunctionConfiguration{FunctionArn: &version.ID, CodeSha256: aws.String("c0de"),
		MemorySize: aws.Int32(256), Environment: &lambdatypes.EnvironmentResponse{Variables: map[string]string{
			"MODE": "slow", "LICENCE": "canary-of-a-parameter", "DB_PASSWORD": "canary-by-its-name", "FORMER": "canary-no-template-has"}}}}
	var calls callCounter
	result := readAll(t, calls.count(func(_, operation string, in any) (any, error) {
		switch q := in.(type) {
		case *lambda.GetFunctionInput:
			if q.Qualifier == nil {
				return function, nil
			}
			return served, nil
		case *lambda.GetAliasInput:
			return &lambda.GetAliasOutput{Name: aws.String("live"), FunctionVersion: aws.String("3"), AliasArn: &alias.ID}, nil
		case *lambda.ListEventSourceMappingsInput:
			return &lambda.ListEventSourceMappingsOutput{}, nil
		}
		return nil, &lambdatypes.ProvisionedConcurrencyConfigNotFoundException{}
	}), request(fn, alias, version))
	if len(result.Resources) != 3 || len(result.Gaps) != 0 || calls.of("GetFunction") != 2 {
		t.Fatalf("read %d, gaps %+v, calls %v", len(result.Resources), result.Gaps, calls.calls)
	}
	for _, r := range result.Resources {
		if r.Type == fn.Type {
			continue
		}
		configuration, _ := r.Properties["Configuration"].(map[string]any)
		variables, _ := member(configuration["Environment"], "Variables").(map[string]any)
		if configuration["MemorySize"] != 256.0 || variables["MODE"] != "slow" {
			t.Errorf("%s serves %v", r.Key, configuration)
		}
		for _, name := range []string{"LICENCE", "DB_PASSWORD", "FORMER"} {
			if _, ok := drift.AsSealed(variables[name]); !ok {
				t.Errorf("%s: %s is not sealed: %v", r.Key, name, variables[name])
			}
		}
	}
	if data, err := json.Marshal(result); err != nil || strings.Contains(string(data), "canary") {
		t.Errorf("a secret left the reader: %s, %v", data, err)
	}
}
