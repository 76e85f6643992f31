package read

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

var cacheClusterFields = []string{"CacheClusterId:ClusterName", "CacheNodeType", "Engine", "EngineVersion", "NumCacheNodes", "CacheSubnetGroupName",
	"PreferredMaintenanceWindow", "AutoMinorVersionUpgrade", "SnapshotRetentionLimit", "SnapshotWindow", "IpDiscovery", "NetworkType", "TransitEncryptionEnabled"}

var cacheClusterMore = []string{"CacheParameterGroupName", "VpcSecurityGroupIds", "NotificationTopicArn", "Port", "AZMode", "LogDeliveryConfigurations",
	"PreferredAvailabilityZones"}

func (r *run) cacheClusters() catalogue[types.CacheCluster] {
	return catalogue[types.CacheCluster]{
		what: "a cluster id",
		page: func(ctx context.Context, marker *string) ([]types.CacheCluster, *string, error) {
			out, err := r.clients.cache.DescribeCacheClusters(ctx,
				&elasticache.DescribeCacheClustersInput{Marker: marker, MaxRecords: cachePage(), ShowCacheNodeInfo: aws.Bool(true)})
			if err != nil {
				return nil, nil, err
			}
			return out.CacheClusters, out.Marker, nil
		},
		id:    func(c types.CacheCluster) string { return aws.ToString(c.CacheClusterId) },
		found: r.cacheCluster,
	}
}

func (r *run) cacheCluster(ctx context.Context, item inventory.Item, c types.CacheCluster) {
	o := newObject().take(c, cacheClusterFields...).identity("ClusterName", aws.ToString(c.CacheClusterId)).
		set("VpcSecurityGroupIds", cacheSecurityGroups(c.SecurityGroups)).set("LogDeliveryConfigurations", logDeliveries(c.LogDeliveryConfigurations))
	if c.CacheParameterGroup != nil {
		o.set("CacheParameterGroupName", c.CacheParameterGroup.CacheParameterGroupName)
	}
	if c.NotificationConfiguration != nil {
		o.set("NotificationTopicArn", c.NotificationConfiguration.TopicArn)
	}
	var zones []string
	for _, node := range c.CacheNodes {
		zones = append(zones, aws.ToString(node.CustomerAvailabilityZone))
		if node.Endpoint != nil && aws.ToString(c.Engine) != "memcached" {
			o.identity("RedisEndpoint.Address", aws.ToString(node.Endpoint.Address)).set("Port", node.Endpoint.Port)
		}
	}
	slices.Sort(zones)
	zones = slices.Compact(zones)
	o.set("PreferredAvailabilityZones", zones).set("AZMode", map[bool]string{true: "cross-az", false: "single-az"}[len(zones) > 1])
	cacheEndpoint(o, "ConfigurationEndpoint", c.ConfigurationEndpoint)
	r.cacheTags(ctx, item, c.ARN, o)
	r.fact(item, drift.FactCacheClusterState, map[string]any{"CacheClusterStatus": aws.ToString(c.CacheClusterStatus)})
	r.found(item, o.chosen(item, "SnapshotWindow", "PreferredMaintenanceWindow", "PreferredAvailabilityZones"))
}

func (r *run) cacheSubnetGroups() catalogue[types.CacheSubnetGroup] {
	return catalogue[types.CacheSubnetGroup]{
		what: "a subnet group name",
		page: func(ctx context.Context, marker *string) ([]types.CacheSubnetGroup, *string, error) {
			out, err := r.clients.cache.DescribeCacheSubnetGroups(ctx, &elasticache.DescribeCacheSubnetGroupsInput{Marker: marker, MaxRecords: cachePage()})
			if err != nil {
				return nil, nil, err
			}
			return out.CacheSubnetGroups, out.Marker, nil
		},
		id: func(g types.CacheSubnetGroup) string { return aws.ToString(g.CacheSubnetGroupName) },
		found: func(ctx context.Context, item inventory.Item, g types.CacheSubnetGroup) {
			subnets := []string{}
			for _, s := range g.Subnets {
				subnets = append(subnets, aws.ToString(s.SubnetIdentifier))
			}
			slices.Sort(subnets)
			o := newObject().take(g, "CacheSubnetGroupName", "CacheSubnetGroupDescription:Description").set("SubnetIds", subnets).
				identity("CacheSubnetGroupName", aws.ToString(g.CacheSubnetGroupName))
			r.cacheTags(ctx, item, g.ARN, o)
			r.found(item, o)
		},
	}
}

func (r *run) cacheParameterGroups() catalogue[types.CacheParameterGroup] {
	return catalogue[types.CacheParameterGroup]{
		what: "a parameter group name",
		page: func(ctx context.Context, marker *string) ([]types.CacheParameterGroup, *string, error) {
			out, err := r.clients.cache.DescribeCacheParameterGroups(ctx, &elasticache.DescribeCacheParameterGroupsInput{Marker: marker, MaxRecords: cachePage()})
			if err != nil {
				return nil, nil, err
			}
			return out.CacheParameterGroups, out.Marker, nil
		},
		id: func(g types.CacheParameterGroup) string { return aws.ToString(g.CacheParameterGroupName) },
		found: func(ctx context.Context, item inventory.Item, g types.CacheParameterGroup) {
			o := newObject().take(g, "CacheParameterGroupFamily", "Description").identity("CacheParameterGroupName", aws.ToString(g.CacheParameterGroupName))
			if parameters, err := r.cacheParameters(ctx, aws.ToString(g.CacheParameterGroupName)); err != nil {
				r.partial(item, "Properties", err)
			} else {
				o.set("Properties", parameters)
			}
			r.cacheTags(ctx, item, g.ARN, o)
			r.found(item, o)
		},
	}
}

// cacheParameters are the parameters that somebody set.
func (r *run) cacheParameters(ctx context.Context, group string) (map[string]string, error) {
	set := map[string]string{}
	pages := elasticache.NewDescribeCacheParametersPaginator(r.clients.cache, &elasticache.DescribeCacheParametersInput{
		CacheParameterGroupName: &group, Source: aws.String("user"), MaxRecords: cachePage()})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, p := range page.Parameters {
			if p.ParameterValue != nil && (p.Source == nil || *p.Source == "user") {
				set[aws.ToString(p.ParameterName)] = *p.ParameterValue
			}
		}
	}
	return set, nil
}

func describeCacheGroup(ctx context.Context, r *run, name string) (map[string]any, error) {
	if content, ok := keptGroup(name); ok {
		return content, nil
	}
	out, err := r.clients.cache.DescribeCacheParameterGroups(ctx, &elasticache.DescribeCacheParameterGroupsInput{CacheParameterGroupName: &name})
	if err != nil {
		return nil, err
	}
	if len(out.CacheParameterGroups) != 1 {
		return nil, errNoGroup
	}
	return parameterContent(ctx, name, aws.ToString(out.CacheParameterGroups[0].CacheParameterGroupFamily), r.cacheParameters)
}

func (r *run) cacheUsers() catalogue[types.User] {
	return catalogue[types.User]{
		what: "a user id",
		page: func(ctx context.Context, marker *string) ([]types.User, *string, error) {
			out, err := r.clients.cache.DescribeUsers(ctx, &elasticache.DescribeUsersInput{Marker: marker, MaxRecords: cachePage()})
			if err != nil {
				return nil, nil, err
			}
			return out.Users, out.Marker, nil
		},
		id: func(u types.User) string { return aws.ToString(u.UserId) },
		found: func(ctx context.Context, item inventory.Item, u types.User) {
			o := newObject().take(u, "UserId", "UserName", "Engine", "AccessString").identity("UserId", aws.ToString(u.UserId)).identity("Arn", aws.ToString(u.ARN))
			if a := u.Authentication; a != nil {
				mode := string(a.Type)
				if a.Type == types.AuthenticationTypeNoPassword {
					mode = "no-password-required" // CloudFormation's word
				}
				o.set("AuthenticationMode", map[string]any{"Type": mode}).set("NoPasswordRequired", a.Type == types.AuthenticationTypeNoPassword)
			}
			r.cacheTags(ctx, item, u.ARN, o)
			r.found(item, o)
		},
	}
}

func (r *run) cacheUserGroups() catalogue[types.UserGroup] {
	return catalogue[types.UserGroup]{
		what: "a user group id",
		page: func(ctx context.Context, marker *string) ([]types.UserGroup, *string, error) {
			out, err := r.clients.cache.DescribeUserGroups(ctx, &elasticache.DescribeUserGroupsInput{Marker: marker, MaxRecords: cachePage()})
			if err != nil {
				return nil, nil, err
			}
			return out.UserGroups, out.Marker, nil
		},
		id: func(g types.UserGroup) string { return aws.ToString(g.UserGroupId) },
		found: func(ctx context.Context, item inventory.Item, g types.UserGroup) {
			o := newObject().take(g, "UserGroupId", "Engine", "UserIds").identity("UserGroupId", aws.ToString(g.UserGroupId)).identity("Arn", aws.ToString(g.ARN))
			r.cacheTags(ctx, item, g.ARN, o)
			r.found(item, o)
		},
	}
}

var serverlessCacheFields = []string{"ServerlessCacheName", "Description", "Engine", "MajorEngineVersion", "CacheUsageLimits", "DailySnapshotTime", "KmsKeyId",
	"NetworkType", "SecurityGroupIds", "SubnetIds", "SnapshotRetentionLimit", "UserGroupId"}

func (r *run) serverlessCaches() catalogue[types.ServerlessCache] {
	return catalogue[types.ServerlessCache]{
		what: "a cache name",
		page: func(ctx context.Context, token *string) ([]types.ServerlessCache, *string, error) {
			out, err := r.clients.cache.DescribeServerlessCaches(ctx, &elasticache.DescribeServerlessCachesInput{NextToken: token, MaxResults: cachePage()})
			if err != nil {
				return nil, nil, err
			}
			return out.ServerlessCaches, out.NextToken, nil
		},
		id: func(c types.ServerlessCache) string { return aws.ToString(c.ServerlessCacheName) },
		found: func(ctx context.Context, item inventory.Item, c types.ServerlessCache) {
			o := newObject().take(c, serverlessCacheFields...).identity("ServerlessCacheName", aws.ToString(c.ServerlessCacheName)).identity("ARN", aws.ToString(c.ARN))
			if c.Endpoint != nil {
				o.identity("Endpoint.Address", aws.ToString(c.Endpoint.Address))
			}
			if c.ReaderEndpoint != nil {
				o.identity("ReaderEndpoint.Address", aws.ToString(c.ReaderEndpoint.Address))
			}
			r.cacheTags(ctx, item, c.ARN, o)
			r.fact(item, drift.FactServerlessCacheState, map[string]any{"Status": aws.ToString(c.Status), "FullEngineVersion": aws.ToString(c.FullEngineVersion)})
			r.found(item, o.chosen(item, "DailySnapshotTime"))
		},
	}
}
