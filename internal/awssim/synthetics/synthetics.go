// Package synthetics simulates CloudWatch Synthetics, as far as the last runs of canaries are asked for. It owns
// AWS::Synthetics::Canary. A canary that was started has always just passed, unless a resource of type RunType, with its name as
// id, says otherwise. Its script is never run.
package synthetics

import (
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package. A run has State and StateReason.
const (
	Type    = "AWS::Synthetics::Canary"
	RunType = "sim::Synthetics::Run"
)

// Service returns CloudWatch Synthetics.
func Service() core.Service {
	return core.Service{
		Name: "synthetics", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{"DescribeCanariesLastRun": lastRuns},
		Routes:     []wire.Route{{Operation: "DescribeCanariesLastRun", Method: "POST", Path: "/canaries/last-run"}},
		Kinds: []core.Kind{
			{Type: Type, Identifier: []string{"Name"}, Ref: "{Name}", Replace: []string{"Name"},
				WriteOnly: []string{"StartCanaryAfterCreation", "ResourcesToReplicateTags", "DeleteLambdaResourcesOnCanaryDeletion"},
				Schema:    core.Schema{Required: []string{"Name", "Schedule"}}},
			{Type: RunType, Identifier: []string{"Name"}},
		},
	}
}

func lastRuns(c *core.Call) (any, error) {
	list := []any{}
	for _, name := range c.In.Strings("Names") {
		canary, ok := c.Get(Type, name)
		if !ok {
			continue
		}
		if run := lastRun(c, canary); run != nil {
			list = append(list, core.Out{"CanaryName": name, "LastRun": run})
		}
	}
	return core.Out{"CanariesLastRun": list}, nil
}

func lastRun(c *core.Call, canary store.Resource) core.Out {
	state, reason := "PASSED", ""
	if run, ok := c.Get(RunType, canary.ID); ok {
		state, reason = wire.Text(run.Properties["State"]), wire.Text(run.Properties["StateReason"])
	} else if canary.Properties["StartCanaryAfterCreation"] != true {
		return nil
	}
	at := c.Now().Add(-time.Minute)
	return core.Out{"Id": c.World.IDs.UUID(canary.ID), "Name": canary.ID, "Status": core.Out{"State": state, "StateReason": reason},
		"Timeline": core.Out{"Started": at, "Completed": at}}
}
