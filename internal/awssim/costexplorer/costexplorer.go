// Package costexplorer simulates Cost Explorer, as far as the cost of Regions is asked for. The figures are made up: every resource
// costs 0.10 USD a day in the days that are asked for, whatever it is and however long it has been there.
package costexplorer

import (
	"fmt"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
	"github.com/lockstep-dr/lockstep/topology"
)

// dailyCents is what a resource costs.
const dailyCents = 10

// Service returns Cost Explorer.
func Service() core.Service {
	return core.Service{Name: "ce", Global: true, Operations: map[string]core.Handler{"GetCostAndUsage": costAndUsage}}
}

func costAndUsage(c *core.Call) (any, error) {
	period := c.In.Object("TimePeriod")
	start, err := time.Parse(time.DateOnly, period.String("Start"))
	end, endErr := time.Parse(time.DateOnly, period.String("End"))
	if err != nil || endErr != nil || !end.After(start) {
		return nil, wire.Errorf(400, "ValidationException", "Start date (and hour) should be before end date (and hour)")
	}
	metrics := c.In.Strings("Metrics")
	if groups := c.In.Objects("GroupBy"); len(groups) != 1 || groups[0].String("Key") != "REGION" || len(metrics) != 1 {
		return nil, wire.Errorf(400, "ValidationException", "the simulator answers one metric, grouped by REGION")
	}
	days := int(end.Sub(start).Hours() / 24)
	groups := []any{}
	for _, region := range topology.KnownRegions() {
		if n := count(c, region); n > 0 {
			cents := n * days * dailyCents
			groups = append(groups, core.Out{"Keys": []any{region}, "Metrics": core.Out{metrics[0]: core.Out{
				"Amount": fmt.Sprintf("%d.%02d", cents/100, cents%100), "Unit": "USD"}}})
		}
	}
	return core.Out{"ResultsByTime": []any{core.Out{"TimePeriod": period, "Total": core.Out{}, "Groups": groups, "Estimated": true}}}, nil
}

// count is how many resources of the account are in the Region, with the tag if one is asked for.
func count(c *core.Call, region string) int {
	scope, n := store.Scope{Account: c.Account, Region: region}, 0
	tags := c.In.Object("Filter").Object("Tags")
	for _, typ := range c.World.Kinds() {
		if c.World.Scope(scope, typ) != scope {
			continue // of a global service
		}
		for _, r := range c.World.Store.View(0).List(scope, typ) {
			if !tags.Has("Key") || slices.Contains(tags.Strings("Values"), r.Tags[tags.String("Key")]) {
				n++
			}
		}
	}
	return n
}
