package evidence

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/arcregionswitch"
	"github.com/aws/aws-sdk-go-v2/service/arcregionswitch/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

type plansAPI interface {
	arcregionswitch.GetPlanEvaluationStatusAPIClient
	arcregionswitch.ListPlanExecutionsAPIClient
}

const planType = "AWS::ARCRegionSwitch::Plan"

func planActions(types []string) []string {
	if slices.Contains(types, planType) {
		return regionSwitchActions()
	}
	return nil
}

func regionSwitchActions() []string {
	return []string{"arc-region-switch:GetPlanEvaluationStatus", "arc-region-switch:ListPlanExecutions"}
}

// plans reads what ARC Region switch says of the plan that is configured and of
// those that the application has as resources, in the Regions that would take
// over: there it must work on the day. A plan is the same in all of its Regions.
func (a *across) plans(ctx context.Context, api plansAPI) {
	if a.own.Region.Role == topology.Primary {
		return
	}
	var plans []string
	if plan := a.app.Declared.Takeover.Plan; plan != "" {
		plans = append(plans, plan)
	}
	for _, s := range a.app.Snapshots {
		for _, r := range of(s, planType) {
			plans = append(plans, r.ID)
		}
	}
	slices.Sort(plans)
	for _, plan := range slices.Compact(plans) {
		a.evaluation(ctx, api, plan)
		a.executions(ctx, api, plan)
	}
}

func (a *across) evaluation(ctx context.Context, api plansAPI, plan string) {
	state, last := "", any(nil)
	warnings := []map[string]any{}
	pages := arcregionswitch.NewGetPlanEvaluationStatusPaginator(api, &arcregionswitch.GetPlanEvaluationStatusInput{PlanArn: &plan})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			a.failed(drift.FactPlanEvaluation, plan, "", err)
			return
		}
		state, last = string(page.EvaluationState), instant(page.LastEvaluationTime)
		for _, w := range page.Warnings {
			if w.WarningStatus == types.ResourceWarningStatusActive {
				warnings = append(warnings, map[string]any{"StepName": aws.ToString(w.StepName), "ResourceArn": aws.ToString(w.ResourceArn),
					"WarningMessage": aws.ToString(w.WarningMessage)})
			}
		}
	}
	a.fact(drift.FactPlanEvaluation, plan, map[string]any{"EvaluationState": state, "LastEvaluationTime": last, "Warnings": warnings})
}

func (a *across) executions(ctx context.Context, api plansAPI, plan string) {
	executions := []map[string]any{}
	pages := arcregionswitch.NewListPlanExecutionsPaginator(api, &arcregionswitch.ListPlanExecutionsInput{PlanArn: &plan})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			a.failed(drift.FactPlanExecutions, plan, "", err)
			return
		}
		for _, e := range page.Items {
			executions = append(executions, map[string]any{
				"ExecutionId": aws.ToString(e.ExecutionId), "ExecutionRegion": aws.ToString(e.ExecutionRegion), "ExecutionAction": string(e.ExecutionAction),
				"ExecutionState": string(e.ExecutionState), "StartTime": instant(e.StartTime), "EndTime": instant(e.EndTime),
				"ActualRecoveryTime": aws.ToString(e.ActualRecoveryTime),
			})
		}
	}
	a.fact(drift.FactPlanExecutions, plan, map[string]any{"Executions": executions})
}

// instant is a time as facts have it: RFC 3339 text, or nil.
func instant(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}
