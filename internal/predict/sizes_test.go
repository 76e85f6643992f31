package predict

import (
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestAGroupScalesBackWhoeverScalesIt(t *testing.T) {
	for _, test := range []struct {
		name  string
		group drift.Resource
		gaps  []drift.Gap
		want  bool
	}{
		{"nobody", drift.Resource{}, nil, false},
		{"a policy added by hand", drift.Resource{Properties: map[string]any{"ScalingPolicies": []any{map[string]any{"PolicyName": "cpu"}}}}, nil, true},
		{"nobody knows: its policies were not read", drift.Resource{}, []drift.Gap{{Resource: "app/G", Property: "ScalingPolicies"}}, true},
		{"nobody knows: its tags were not read", drift.Resource{}, []drift.Gap{{Resource: "app/G", Property: "Tags"}}, true},
		{"policies of another group were not read", drift.Resource{}, []drift.Gap{{Resource: "app/H", Property: "ScalingPolicies"}}, false},
		{"ECS, for a capacity provider", drift.Resource{Tags: map[string]string{"AmazonECSManaged": ""}}, nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.group.Key, test.group.Type, test.group.ID = "app/G", groupType, "g"
			a := &application{out: &drift.Snapshot{Gaps: test.gaps}}
			if have := a.scalesBack(test.group); have != test.want {
				t.Errorf("%v, want %v", have, test.want)
			}
		})
	}
}
