package evidence

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/synthetics"
	"github.com/aws/aws-sdk-go-v2/service/synthetics/types"

	"github.com/lockstep-dr/lockstep/drift"
)

const canaryType = "AWS::Synthetics::Canary"

// canariesPerCall is how many names DescribeCanariesLastRun takes. Source:
// CloudWatch Synthetics API reference.
const canariesPerCall = 5

func canaryActions(types []string) []string {
	if slices.Contains(types, canaryType) {
		return []string{"synthetics:DescribeCanariesLastRun"}
	}
	return nil
}

// canaries reads how the last run of each of the Region's canaries ended. A
// canary that is in no answer never ran.
func (a *across) canaries(ctx context.Context, api synthetics.DescribeCanariesLastRunAPIClient) {
	for batch := range slices.Chunk(of(a.own, canaryType), canariesPerCall) {
		names := make([]string, len(batch))
		for i, r := range batch {
			names[i] = r.ID
		}
		runs, err := lastRuns(ctx, api, names)
		for _, r := range batch {
			if err != nil {
				a.failed(drift.FactCanaryRun, r.Key, r.Type, err)
				continue
			}
			a.fact(drift.FactCanaryRun, r.Key, canaryRun(runs[r.ID]))
		}
	}
}

func lastRuns(ctx context.Context, api synthetics.DescribeCanariesLastRunAPIClient, names []string) (map[string]*types.CanaryRun, error) {
	runs := map[string]*types.CanaryRun{}
	pages := synthetics.NewDescribeCanariesLastRunPaginator(api, &synthetics.DescribeCanariesLastRunInput{Names: names})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, last := range page.CanariesLastRun {
			runs[aws.ToString(last.CanaryName)] = last.LastRun
		}
	}
	return runs, nil
}

func canaryRun(run *types.CanaryRun) map[string]any {
	value := map[string]any{"State": nil, "StateReason": "", "Completed": nil}
	if run == nil {
		return value
	}
	if run.Status != nil {
		value["State"], value["StateReason"] = string(run.Status.State), aws.ToString(run.Status.StateReason)
	}
	if run.Timeline != nil {
		value["Completed"] = instant(run.Timeline.Completed)
	}
	return value
}
