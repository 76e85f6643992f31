package accuracy

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/predict"
	"github.com/lockstep-dr/lockstep/readiness"
)

// TestAPredictionKnowsWhichImagesTheStandbyLacks changes the image of a task in both
// Regions: the registries of today tell whether the standby could start it.
func TestAPredictionKnowsWhichImagesTheStandbyLacks(t *testing.T) {
	base := deploy(t, obstructed())
	containers := []any{map[string]any{"Name": "web", "Image": map[string]any{"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/web:2"}}}
	for _, test := range []struct {
		name   string
		pushed []int // the Regions that have the image
		denied string
		want   readiness.Status
		says   string
	}{
		{"an image that only the primary has", []int{0}, "", readiness.Fail, "is not in the registry in us-west-2"},
		{"an image that both have", []int{0, 1}, "", readiness.Pass, ""},
		{"an image that nobody has pushed", nil, "", readiness.Undetermined, "in the registry of neither Region"},
		{"an image that may not be asked for", []int{0}, "ecr:BatchGetImage", readiness.Undetermined, "BatchGetImage"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := base.copy(t)
			for _, i := range test.pushed {
				for _, s := range []step{{Call: "ecr:CreateRepository", With: map[string]any{"RepositoryName": "web"}},
					{Call: "ecr:PutImage", With: map[string]any{"RepositoryName": "web", "ImageTag": "2", "ImageManifest": `{"schemaVersion":2}`}}} {
					if _, err := motoOperations()[s.Call](w.Context(), w.sessions[i].Config, s.With); err != nil {
						t.Fatal(err)
					}
				}
			}
			live := w.snapshots()
			for _, s := range live { // the image of today was never pushed
				for i := range s.Facts {
					if s.Facts[i].Kind == drift.FactImages {
						s.Facts[i].Value = map[string]any{"Images": []any{}}
					}
				}
			}
			if service, operation, denied := strings.Cut(test.denied, ":"); denied {
				if _, err := w.cloud.Fail(awssim.Fault{Effect: fault.AccessDenied, Service: service, Operation: operation}); err != nil {
					t.Fatal(err)
				}
			}
			after := []*drift.Snapshot{w.with(t, live, 0, "app", "Task", "ContainerDefinitions", containers), w.with(t, live, 1, "app", "Task", "ContainerDefinitions", containers)}
			predict.Settle(after)
			w.describe(after)
			var said []string
			for _, c := range w.assess(after, w.compare(after)).Checks {
				if c.Rule != "ART-01" {
					continue
				}
				said = append(said, string(c.Status)+" "+c.Evidence)
				if c.Status == test.want && strings.Contains(c.Evidence, test.says) {
					return
				}
			}
			t.Errorf("ART-01 says %q", said)
		})
	}
}
