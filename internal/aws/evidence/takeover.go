package evidence

import (
	"slices"

	"github.com/lockstep-dr/lockstep/topology"
)

// TakeoverActions are the IAM actions for what the team prepared besides
// resources, sorted.
func TakeoverActions(t topology.Takeover) []string {
	var actions []string
	if t.BreakGlass != "" {
		actions = append(actions, "iam:GetLoginProfile", "iam:GetUser", "iam:ListAccessKeys")
	}
	if t.Plan != "" {
		actions = append(actions, regionSwitchActions()...)
	}
	if t.Organization {
		actions = append(actions, organizationActions()...)
	}
	slices.Sort(actions)
	return actions
}
