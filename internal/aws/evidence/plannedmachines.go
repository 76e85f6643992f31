package evidence

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// NewMachines are the instance types that Regions would run or start after a
// change and of which one Region's snapshot says nothing yet, sorted.
func NewMachines(own *drift.Snapshot, predicted []*drift.Snapshot) []string {
	names := map[string]bool{}
	for _, s := range predicted {
		for _, f := range factsOf(s.Facts, drift.FactMachines) {
			for name := range object(object(f.Value)["Running"]) {
				names[name] = true
			}
			for _, name := range list(object(f.Value)["Starts"]) {
				if name, ok := name.(string); ok {
					names[name] = true
				}
			}
		}
	}
	maps.DeleteFunc(names, func(name string, _ bool) bool {
		return slices.ContainsFunc(own.Facts, func(f drift.Fact) bool { return f.Kind == drift.FactInstanceOffering && f.Subject == name }) ||
			slices.ContainsFunc(own.Gaps, func(g drift.Gap) bool { return g.Fact == drift.FactInstanceOffering && g.Resource == name })
	})
	return slices.Sorted(maps.Keys(names))
}

// PlannedMachines reads, in one Region, what has to be known of instance types that
// a change brings: their size, the zones that offer them and the quotas that they
// count towards. Failures are gaps.
func PlannedMachines(ctx context.Context, region session.ReadOnly, own *drift.Snapshot, types []string) Found {
	a := across{gatherer: gatherer{region: region.Region()}, own: own, machines: ec2.NewFromConfig(region.Config())}
	a.quotas = servicequotas.NewFromConfig(region.Config())
	a.instanceTypes(ctx, types)
	a.offerings(ctx, types)
	a.familyQuotas(ctx, types)
	return a.found
}
