package read

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func TestPermissionsOfOneFunctionShareACall(t *testing.T) {
	permission := func(id, function string) inventory.Item {
		item := sampleOf("AWS::Lambda::Permission")
		item.Key, item.ID, item.Resolved = "app/"+id+function, id, map[string]any{"FunctionName": function}
		return item
	}
	calls := map[string]int{}
	result := readAll(t, func(_, _ string, in any) (any, error) {
		calls[aws.ToString(in.(*lambda.GetPolicyInput).FunctionName)]++
		return &lambda.GetPolicyOutput{Policy: aws.String(`{"Statement":[{"Sid":"one","Effect":"Allow","Action":"a","Principal":"*"},
			{"Sid":"two","Effect":"Allow","Action":"b","Principal":"*"}]}`)}, nil
	}, request(permission("one", "f"), permission("two", "f"), permission("one", "g"), permission("gone", "g")))
	if calls["f"] != 1 || calls["g"] != 1 || len(result.Resources) != 3 || len(result.Facts) != 1 || len(result.Gaps) != 0 {
		t.Errorf("calls %v, %d resources, facts %+v, gaps %+v", calls, len(result.Resources), result.Facts, result.Gaps)
	}
	for _, r := range result.Resources {
		if want := map[string]string{"one": "a", "two": "b"}[r.ID]; r.Properties["Action"] != want {
			t.Errorf("%s has the action %v, want %s", r.Key, r.Properties["Action"], want)
		}
	}
}
