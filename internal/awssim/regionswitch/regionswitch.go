// Package regionswitch simulates plans of ARC Region switch. It owns AWS::ARCRegionSwitch::Plan. An execution does nothing and
// ends at once; an evaluation passes, unless a resource of type EvaluationType, with the plan's ARN as id, says otherwise.
package regionswitch

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	PlanType       = "AWS::ARCRegionSwitch::Plan"
	EvaluationType = "sim::ARCRegionSwitch::Evaluation"
	executionType  = "sim::ARCRegionSwitch::Execution"
)

// Service returns ARC Region switch.
func Service() core.Service {
	return core.Service{
		Name: "arc-region-switch",
		Operations: map[string]core.Handler{
			"GetPlanEvaluationStatus": evaluation, "ListPlanExecutions": executions, "StartPlanExecution": start,
		},
		Kinds: []core.Kind{
			{Type: PlanType, Global: true, Identifier: []string{"Arn"}, Ref: "{Arn}", Replace: []string{"Name"}, TagMap: true,
				Schema: core.Schema{Required: []string{"Name"}}, Create: func(c *core.Change) error {
					r := c.Resource
					name := wire.Text(r.Properties["Name"])
					r.Attributes["Arn"] = "arn:aws:arc-region-switch::" + r.Account + ":plan/" + name + ":" + c.World.IDs.Hex(6, r.Account, name)
					return nil
				}},
			{Type: EvaluationType, Global: true, Identifier: []string{"PlanArn"}},
		},
	}
}

func find(c *core.Call) (string, error) {
	arn := c.In.String("planArn")
	if _, ok := c.Get(PlanType, arn); !ok {
		return "", wire.Errorf(404, "ResourceNotFoundException", "The plan %s does not exist.", arn)
	}
	return arn, nil
}

func evaluation(c *core.Call) (any, error) {
	arn, err := find(c)
	if err != nil {
		return nil, err
	}
	out := core.Out{"planArn": arn, "region": c.Region, "evaluationState": "passed", "lastEvaluationTime": c.Now(), "lastEvaluatedVersion": "1", "warnings": []any{}}
	if r, ok := c.Get(EvaluationType, arn); ok {
		out["evaluationState"], out["warnings"] = r.Properties["EvaluationState"], shape.Lower(r.Properties["Warnings"])
		for _, w := range wire.Object(out).Objects("warnings") {
			w["version"], w["warningStatus"], w["warningUpdatedTime"] = "1", "active", c.Now()
		}
	}
	return out, nil
}

func executions(c *core.Call) (any, error) {
	arn, err := find(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, r := range c.Read().List(global(c), executionType) {
		if r.Properties["planArn"] == any(arn) {
			list = append(list, core.Merge(core.Out(r.Properties), map[string]any{"startTime": r.Created, "endTime": r.Created}))
		}
	}
	return core.Out{"items": list}, nil
}

func start(c *core.Call) (any, error) {
	arn, err := find(c)
	if err != nil {
		return nil, err
	}
	id := c.World.IDs.UUID(arn, c.In.String("targetRegion"), c.Now().String())
	c.World.Store.Put(store.Resource{Scope: global(c), Type: executionType, ID: id, Created: c.Now(), Properties: map[string]any{"planArn": arn, "executionId": id,
		"executionRegion": c.In.String("targetRegion"), "executionAction": c.In.String("action"), "executionState": "completed", "mode": c.In.Or("mode", "graceful")}})
	return core.Out{"executionId": id, "plan": arn, "planVersion": "1", "activateRegion": c.In.String("targetRegion")}, nil
}

func global(c *core.Call) store.Scope {
	return store.Scope{Account: c.Account, Region: store.GlobalRegion}
}
