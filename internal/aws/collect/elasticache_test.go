package collect

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	cachetypes "github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestCaches(t *testing.T) {
	w := telltale(t, "elasticache")
	ctx := t.Context()
	state := factOf(t, w.snapshots(w.options("app"))[0], drift.FactReplicationGroupState, "app/Sessions")
	if state["Status"] != "available" || state["AutomaticFailover"] != "enabled" {
		t.Errorf("state %v", state)
	}
	modify := func(change elasticache.ModifyReplicationGroupInput) func(aws.Config, string) error {
		return func(cfg aws.Config, id string) error {
			change.ReplicationGroupId = &id
			_, err := elasticache.NewFromConfig(cfg).ModifyReplicationGroup(ctx, &change)
			return err
		}
	}
	w.shows(
		edit{"Sessions", "CacheNodeType", modify(elasticache.ModifyReplicationGroupInput{CacheNodeType: aws.String("cache.t4g.micro")})},
		edit{"Sessions", "MultiAZEnabled", modify(elasticache.ModifyReplicationGroupInput{MultiAZEnabled: aws.Bool(false)})},
		edit{"Sessions", "SecurityGroupIds", modify(elasticache.ModifyReplicationGroupInput{SecurityGroupIds: []string{"sg-0123456789abcdef0"}})},
		edit{"Tuning", "Properties", func(cfg aws.Config, id string) error {
			_, err := elasticache.NewFromConfig(cfg).ModifyCacheParameterGroup(ctx, &elasticache.ModifyCacheParameterGroupInput{CacheParameterGroupName: &id,
				ParameterNameValues: []cachetypes.ParameterNameValue{{ParameterName: aws.String("maxmemory-policy"), ParameterValue: aws.String("noeviction")}}})
			return err
		}},
		edit{"Pages", "CacheNodeType", func(cfg aws.Config, id string) error {
			_, err := elasticache.NewFromConfig(cfg).ModifyCacheCluster(ctx, &elasticache.ModifyCacheClusterInput{CacheClusterId: &id, CacheNodeType: aws.String("cache.t4g.micro")})
			return err
		}},
		edit{"Reader", "AccessString", func(cfg aws.Config, id string) error {
			_, err := elasticache.NewFromConfig(cfg).ModifyUser(ctx, &elasticache.ModifyUserInput{UserId: &id, AccessString: aws.String("off")})
			return err
		}},
		edit{"Elastic", "CacheUsageLimits", func(cfg aws.Config, id string) error {
			_, err := elasticache.NewFromConfig(cfg).ModifyServerlessCache(ctx, &elasticache.ModifyServerlessCacheInput{ServerlessCacheName: &id,
				CacheUsageLimits: &cachetypes.CacheUsageLimits{DataStorage: &cachetypes.DataStorage{Maximum: aws.Int32(1), Unit: "GB"}}})
			return err
		}},
	)
}
