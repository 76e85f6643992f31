package evidence

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/arcregionswitch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/drs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/synthetics"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/topology"
)

// Declared is what the team said the application must withstand: some evidence
// is only asked for when it is.
type Declared struct {
	Strategy topology.Strategy
	// EveryStrategy asks for the evidence of all strategies, whichever is declared.
	EveryStrategy bool
	Objectives    topology.Objectives
	Takeover      topology.Takeover
}

// Application is what was read of every Region. Some questions follow only from
// it: which replica is whose, what a load needs, where a copy must lie.
type Application struct {
	Snapshots []*drift.Snapshot
	Declared  Declared
	// Now is the end of the time that metrics are asked about.
	Now time.Time
}

// Across reads, in one Region, the evidence that follows from what was read of
// all. own is that Region's snapshot. Failures are gaps.
func Across(ctx context.Context, region session.ReadOnly, own *drift.Snapshot, app Application) Found {
	a := across{
		gatherer: gatherer{region: region.Region()}, own: own, app: app,
		metrics: cloudwatch.NewFromConfig(region.Config(), region.CloudWatch),
		rds:     rds.NewFromConfig(region.Config()), machines: ec2.NewFromConfig(region.Config()),
	}
	a.quotas = servicequotas.NewFromConfig(region.Config())
	a.settings = newRegionSettings(region)
	a.settingsInside(ctx)
	a.globalDatabases(ctx)
	a.replication(ctx)
	a.imageReplication(ctx, ecr.NewFromConfig(region.Config()))
	a.issuers(ctx, iam.NewFromConfig(region.Config()))
	a.breakGlass(ctx, iam.NewFromConfig(region.Config()))
	a.plans(ctx, arcregionswitch.NewFromConfig(region.Config()))
	a.controlPolicies(ctx, organizations.NewFromConfig(region.Config()))
	a.sending(ctx, sesv2.NewFromConfig(region.Config()))
	a.sourceServers(ctx, drs.NewFromConfig(region.Config()))
	a.canaries(ctx, synthetics.NewFromConfig(region.Config()))
	a.connections(ctx, ec2.NewFromConfig(region.Config()))
	a.publicBuckets(ctx, s3control.NewFromConfig(region.Config(), region.S3Control))
	a.recovery(ctx, region)
	a.capacity(ctx)
	a.databaseLimits(ctx)
	a.accountLimits(ctx, region)
	return a.found
}

// acrossActions are the permissions that Across needs for the types.
func acrossActions(types []string, d Declared) []string {
	actions := slices.Concat(imageReplicationActions(types), issuerActions(types), planActions(types), sendingActions(types), sourceServerActions(types), canaryActions(types),
		machineActions(types, d), connectionActions(types), accountLimitActions(types), publicBucketActions(types))
	if uses([]string{instanceType}, types) {
		actions = append(actions, "rds:DescribeAccountAttributes")
	}
	if slices.Contains(types, clusterType) {
		actions = append(actions, "rds:DescribeGlobalClusters")
	}
	if uses(replicatingTypes, types) {
		actions = append(actions, "cloudwatch:GetMetricData")
	}
	return actions
}

// across gathers the evidence of one Region that follows from the others'.
type across struct {
	gatherer
	own      *drift.Snapshot
	app      Application
	metrics  metricsAPI
	rds      databasesAPI
	machines machinesAPI
}

// of lists the resources of a snapshot that have a type.
func of(s *drift.Snapshot, types ...string) []*drift.Resource {
	var list []*drift.Resource
	for i := range s.Resources {
		if slices.Contains(types, s.Resources[i].Type) {
			list = append(list, &s.Resources[i])
		}
	}
	return list
}

// factsOf lists the facts of one kind.
func factsOf(facts []drift.Fact, kind string) []drift.Fact {
	return slices.DeleteFunc(slices.Clone(facts), func(f drift.Fact) bool { return f.Kind != kind })
}

func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

func text(v any, name string) string {
	s, _ := object(v)[name].(string)
	return s
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// regionOf is the Region that an ARN names.
func regionOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[3]
	}
	return ""
}
