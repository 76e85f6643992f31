package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type cacheAPI interface {
	DescribeReplicationGroups(context.Context, *elasticache.DescribeReplicationGroupsInput, ...func(*elasticache.Options)) (*elasticache.DescribeReplicationGroupsOutput, error)
	DescribeGlobalReplicationGroups(context.Context, *elasticache.DescribeGlobalReplicationGroupsInput, ...func(*elasticache.Options)) (*elasticache.DescribeGlobalReplicationGroupsOutput, error)
	DescribeCacheClusters(context.Context, *elasticache.DescribeCacheClustersInput, ...func(*elasticache.Options)) (*elasticache.DescribeCacheClustersOutput, error)
	DescribeCacheSubnetGroups(context.Context, *elasticache.DescribeCacheSubnetGroupsInput, ...func(*elasticache.Options)) (*elasticache.DescribeCacheSubnetGroupsOutput, error)
	DescribeCacheParameterGroups(context.Context, *elasticache.DescribeCacheParameterGroupsInput, ...func(*elasticache.Options)) (*elasticache.DescribeCacheParameterGroupsOutput, error)
	DescribeCacheParameters(context.Context, *elasticache.DescribeCacheParametersInput, ...func(*elasticache.Options)) (*elasticache.DescribeCacheParametersOutput, error)
	DescribeUsers(context.Context, *elasticache.DescribeUsersInput, ...func(*elasticache.Options)) (*elasticache.DescribeUsersOutput, error)
	DescribeUserGroups(context.Context, *elasticache.DescribeUserGroupsInput, ...func(*elasticache.Options)) (*elasticache.DescribeUserGroupsOutput, error)
	DescribeServerlessCaches(context.Context, *elasticache.DescribeServerlessCachesInput, ...func(*elasticache.Options)) (*elasticache.DescribeServerlessCachesOutput, error)
	ListTagsForResource(context.Context, *elasticache.ListTagsForResourceInput, ...func(*elasticache.Options)) (*elasticache.ListTagsForResourceOutput, error)
}

// cachesPerPage is the most that ElastiCache describes in a call.
const cachesPerPage = 100

func elastiCacheReader() reader {
	const token = "the token or password is never asked for; AWS returns it to nobody"
	spec := func(name, operation string, properties, identities []string) Spec {
		return Spec{Type: "AWS::ElastiCache::" + name, Properties: append(properties, "Tags"), Identities: identities, Batch: perCall(cachesPerPage),
			Actions: []string{"elasticache:" + operation, "elasticache:ListTagsForResource"}}
	}
	group := spec("ReplicationGroup", "DescribeReplicationGroups", append(renamed(replicationGroupFields), replicationGroupMore...),
		[]string{"ReplicationGroupId", "PrimaryEndPoint.Address", "ReaderEndPoint.Address", "ConfigurationEndPoint.Address"})
	group.Actions, group.Secret = append(group.Actions, "elasticache:DescribeCacheClusters"), token
	group.Facts = []string{drift.FactReplicationGroupState}
	global := spec("GlobalReplicationGroup", "DescribeGlobalReplicationGroups", append(renamed(globalGroupFields), "GlobalNodeGroupCount", "Members"),
		[]string{"GlobalReplicationGroupId"})
	global.Properties, global.Actions = global.Properties[:len(global.Properties)-1], global.Actions[:1] // it has no tags
	global.Facts = []string{drift.FactGlobalReplicationGroupState}
	cluster := spec("CacheCluster", "DescribeCacheClusters", append(renamed(cacheClusterFields), cacheClusterMore...),
		[]string{"ClusterName", "ConfigurationEndpoint.Address", "RedisEndpoint.Address"})
	cluster.Facts = []string{drift.FactCacheClusterState}
	user := spec("User", "DescribeUsers", []string{"UserId", "UserName", "Engine", "AccessString", "AuthenticationMode", "NoPasswordRequired"}, []string{"Arn", "UserId"})
	user.Secret = token
	serverless := spec("ServerlessCache", "DescribeServerlessCaches", renamed(serverlessCacheFields),
		[]string{"ARN", "ServerlessCacheName", "Endpoint.Address", "ReaderEndpoint.Address"})
	serverless.Facts = []string{drift.FactServerlessCacheState}
	parameters := spec("ParameterGroup", "DescribeCacheParameterGroups", []string{"CacheParameterGroupFamily", "Description", "Properties"}, []string{"CacheParameterGroupName"})
	parameters.Actions = append(parameters.Actions, "elasticache:DescribeCacheParameters")
	return reader{
		specs: []Spec{group, global, cluster, user, serverless, parameters,
			spec("SubnetGroup", "DescribeCacheSubnetGroups", []string{"CacheSubnetGroupName", "Description", "SubnetIds"}, []string{"CacheSubnetGroupName"}),
			spec("UserGroup", "DescribeUserGroups", []string{"UserGroupId", "Engine", "UserIds"}, []string{"Arn", "UserGroupId"})},
		read: readCaches,
	}
}

func readCaches(ctx context.Context, r *run, items []inventory.Item) {
	byType(ctx, items, map[string]func([]inventory.Item){
		"AWS::ElastiCache::ReplicationGroup":       func(l []inventory.Item) { r.replicationGroups(ctx, l) },
		"AWS::ElastiCache::GlobalReplicationGroup": func(l []inventory.Item) { r.globalGroups().read(ctx, r, l) },
		"AWS::ElastiCache::CacheCluster":           func(l []inventory.Item) { r.cacheClusters().read(ctx, r, l) },
		"AWS::ElastiCache::User":                   func(l []inventory.Item) { r.cacheUsers().read(ctx, r, l) },
		"AWS::ElastiCache::UserGroup":              func(l []inventory.Item) { r.cacheUserGroups().read(ctx, r, l) },
		"AWS::ElastiCache::ServerlessCache":        func(l []inventory.Item) { r.serverlessCaches().read(ctx, r, l) },
		"AWS::ElastiCache::ParameterGroup":         func(l []inventory.Item) { r.cacheParameterGroups().read(ctx, r, l) },
		"AWS::ElastiCache::SubnetGroup":            func(l []inventory.Item) { r.cacheSubnetGroups().read(ctx, r, l) },
	})
}

func (r *run) cacheTags(ctx context.Context, item inventory.Item, arn *string, o *object) {
	out, err := r.clients.cache.ListTagsForResource(ctx, &elasticache.ListTagsForResourceInput{ResourceName: arn})
	if err != nil {
		r.partial(item, "Tags", err)
		return
	}
	o.tagList(out.TagList, "Key", "Value")
}

func cachePage() *int32 { return aws.Int32(cachesPerPage) }

// logDeliveries are where logs go, without how the delivery fares.
func logDeliveries(list []types.LogDeliveryConfiguration) []map[string]any {
	deliveries := []map[string]any{}
	for _, d := range list {
		deliveries = append(deliveries, map[string]any{"DestinationDetails": d.DestinationDetails, "DestinationType": string(d.DestinationType),
			"LogFormat": string(d.LogFormat), "LogType": string(d.LogType)})
	}
	sortObjects(deliveries, "LogType")
	return deliveries
}

func cacheSecurityGroups(groups []types.SecurityGroupMembership) []string {
	ids := []string{}
	for _, g := range groups {
		ids = append(ids, aws.ToString(g.SecurityGroupId))
	}
	return ids
}

// on reports whether a status says that something is enabled or about to be.
func on[T ~string](status T) bool { return strings.HasPrefix(string(status), "enabl") }
