package target

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// pauses says where deployments of a service wait for a person: at its PAUSE
// hooks. Those of the team Lockstep never answers: a hook that nobody continues
// ends with its own timeout, in the way it is set to.
func pauses(s *types.Service) []string {
	var notes []string
	for _, hook := range ownHooks(s) {
		if hook.TargetType != types.DeploymentLifecycleHookTargetTypePause {
			continue
		}
		stages := make([]string, len(hook.LifecycleStages))
		for i, stage := range hook.LifecycleStages {
			stages[i] = string(stage)
		}
		notes = append(notes, fmt.Sprintf("its deployment waits at the PAUSE hook of %s until somebody continues it (aws ecs continue-service-deployment)", strings.Join(stages, ", ")))
	}
	return notes
}

// awaiting says for which hook a deployment waits; empty: for none.
func awaiting(d types.ServiceDeployment) string {
	for _, hook := range d.LifecycleHookDetails {
		if hook.Status != types.DeploymentLifecycleHookStatusAwaitingAction {
			continue
		}
		text := fmt.Sprintf("for somebody to continue hook %s at %s", aws.ToString(hook.HookId), d.LifecycleStage)
		if hook.ExpiresAt != nil {
			text += fmt.Sprintf("; at %s ECS does %s", hook.ExpiresAt.UTC().Format("2006-01-02 15:04 MST"), hook.TimeoutAction)
		}
		return text
	}
	return ""
}
