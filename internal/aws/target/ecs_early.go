package target

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// early says that SUCCESSFUL is less than it is elsewhere, where the service's
// team asked for that: ECS then goes on starting and stopping tasks in the
// background. Source: DeploymentEarlySuccessCriteria of the ECS API.
func early(s *types.Service) []string {
	if s.DeploymentConfiguration == nil || s.DeploymentConfiguration.EarlySuccessCriteria == nil {
		return nil
	}
	c := s.DeploymentConfiguration.EarlySuccessCriteria
	if !c.Enable {
		return nil
	}
	note := "its early success criteria let ECS call a deployment successful when"
	if c.HealthyPercent == nil {
		note += " some of its tasks are healthy"
	} else {
		note += fmt.Sprintf(" %d %% of its tasks are healthy", aws.ToInt32(c.HealthyPercent))
	}
	if c.SourceServiceRevisionCleanup != types.ServiceRevisionCleanupBlocking {
		note += ", and while tasks of the release before may still run"
	}
	return []string{note + ": that all of them come to run is not proved"}
}
