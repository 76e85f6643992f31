package evidence

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type databasesAPI interface {
	DescribeAccountAttributes(context.Context, *rds.DescribeAccountAttributesInput, ...func(*rds.Options)) (*rds.DescribeAccountAttributesOutput, error)
	DescribeGlobalClusters(context.Context, *rds.DescribeGlobalClustersInput, ...func(*rds.Options)) (*rds.DescribeGlobalClustersOutput, error)
}

const (
	clusterType       = "AWS::RDS::DBCluster"
	globalClusterType = "AWS::RDS::GlobalCluster"
)

// globalDatabases reads the state of global databases that no source lists, by
// the clusters of this Region that say they belong to one.
func (a *across) globalDatabases(ctx context.Context) {
	var asked []string
	for _, r := range of(a.own, globalClusterType) {
		asked = append(asked, r.ID)
	}
	for _, f := range factsOf(a.own.Facts, drift.FactDBClusterState) {
		id := text(f.Value, "GlobalClusterIdentifier")
		if id == "" || slices.Contains(asked, id) {
			continue
		}
		asked = append(asked, id)
		a.globalDatabase(ctx, f.Subject, id)
	}
}

func (a *across) globalDatabase(ctx context.Context, cluster, id string) {
	out, err := a.rds.DescribeGlobalClusters(ctx, &rds.DescribeGlobalClustersInput{GlobalClusterIdentifier: &id})
	if err != nil {
		a.failed(drift.FactGlobalClusterState, cluster, "", err)
		return
	}
	for _, g := range out.GlobalClusters {
		if aws.ToString(g.GlobalClusterIdentifier) != id {
			continue
		}
		members := []map[string]any{}
		for _, m := range g.GlobalClusterMembers {
			members = append(members, map[string]any{"DBClusterArn": aws.ToString(m.DBClusterArn), "IsWriter": aws.ToBool(m.IsWriter),
				"SynchronizationStatus": string(m.SynchronizationStatus)})
		}
		a.fact(drift.FactGlobalClusterState, cluster, map[string]any{"Status": aws.ToString(g.Status), "GlobalClusterMembers": members})
		return
	}
	a.gap(drift.Gap{Resource: cluster, Operation: "rds:DescribeGlobalClusters", Reason: session.BadResponse, Fact: drift.FactGlobalClusterState,
		Message: "the answer does not have the global database " + id + " that the cluster says it belongs to"})
}
