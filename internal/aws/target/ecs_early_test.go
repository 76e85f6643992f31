package target

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func TestAnEarlySuccessIsSaidToBeOne(t *testing.T) {
	for name, c := range map[string]struct {
		criteria *types.DeploymentEarlySuccessCriteria
		words    []string // none: nothing is said
	}{
		"none":                            {nil, nil},
		"not enabled":                     {&types.DeploymentEarlySuccessCriteria{HealthyPercent: aws.Int32(50)}, nil},
		"half, and the old removed first": {&types.DeploymentEarlySuccessCriteria{Enable: true, HealthyPercent: aws.Int32(50), SourceServiceRevisionCleanup: types.ServiceRevisionCleanupBlocking}, []string{"50 % of its tasks", "not proved"}},
		"half, and the old removed later": {&types.DeploymentEarlySuccessCriteria{Enable: true, HealthyPercent: aws.Int32(50), SourceServiceRevisionCleanup: types.ServiceRevisionCleanupDeferred}, []string{"50 % of its tasks", "tasks of the release before may still run"}},
		"what was not said":               {&types.DeploymentEarlySuccessCriteria{Enable: true}, []string{"some of its tasks", "may still run"}},
	} {
		notes := strings.Join(early(&types.Service{DeploymentConfiguration: &types.DeploymentConfiguration{EarlySuccessCriteria: c.criteria}}), "; ")
		if len(c.words) == 0 && notes != "" {
			t.Errorf("%s: %q", name, notes)
		}
		contains(t, notes, c.words...)
		if strings.Contains(name, "removed first") && strings.Contains(notes, "may still run") {
			t.Errorf("%s: %q", name, notes)
		}
	}
	if notes := early(&types.Service{}); notes != nil {
		t.Errorf("%q", notes)
	}
}
