// Package elasticache simulates what ElastiCache says of its caches: replication groups and the clusters in them, global
// datastores, serverless caches, users, and groups of parameters and subnets. It owns those AWS::ElastiCache types. It caches
// nothing. Hours that a template does not say, zones and keys are chosen per Region, as AWS does.
package elasticache

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	GroupType          = "AWS::ElastiCache::ReplicationGroup"
	GlobalType         = "AWS::ElastiCache::GlobalReplicationGroup"
	ClusterType        = "AWS::ElastiCache::CacheCluster"
	SubnetGroupType    = "AWS::ElastiCache::SubnetGroup"
	ParameterGroupType = "AWS::ElastiCache::ParameterGroup"
	UserType           = "AWS::ElastiCache::User"
	UserGroupType      = "AWS::ElastiCache::UserGroup"
	ServerlessType     = "AWS::ElastiCache::ServerlessCache"
)

// Service returns ElastiCache.
func Service() core.Service {
	groups, globals, clusters, serverless := groupListing(), globalListing(), clusterListing(), serverlessListing()
	subnets, parameters, users, userGroups := subnetListing(), parameterListing(), userListing(), userGroupListing()
	tags := core.Tagging{Find: tagged, Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"TagList": core.TagList(tags)}, nil
	}}
	return core.Service{
		Name: "elasticache", Namespace: "http://elasticache.amazonaws.com/doc/2015-02-02/",
		Items: map[string]string{
			"ReplicationGroups": "ReplicationGroup", "GlobalReplicationGroups": "GlobalReplicationGroup", "Members": "GlobalReplicationGroupMember",
			"CacheClusters": "CacheCluster", "CacheNodes": "CacheNode", "CacheSubnetGroups": "CacheSubnetGroup", "CacheParameterGroups": "CacheParameterGroup",
			"Parameters": "Parameter", "Subnets": "Subnet", "NodeGroups": "NodeGroup", "NodeGroupMembers": "NodeGroupMember", "TagList": "Tag",
			"MemberClusters": "ClusterId", "LogDeliveryConfigurations": "LogDeliveryConfiguration", "GlobalNodeGroups": "GlobalNodeGroup",
			"SecurityGroupIds": "SecurityGroupId", "SubnetIds": "SubnetId",
		},
		Operations: map[string]core.Handler{
			"DescribeReplicationGroups": groups.List, "ModifyReplicationGroup": groups.Change,
			"DescribeGlobalReplicationGroups": globals.List, "ModifyGlobalReplicationGroup": globals.Change,
			"DescribeCacheClusters": describeClusters(clusters), "ModifyCacheCluster": clusters.Change,
			"DescribeCacheSubnetGroups": subnets.List, "ModifyCacheSubnetGroup": subnets.Change,
			"DescribeCacheParameterGroups": describeParameterGroups(parameters), "DescribeCacheParameters": describeParameters(parameters),
			"CreateCacheParameterGroup": createParameterGroup(parameters), "ModifyCacheParameterGroup": setParameters(parameters),
			"DescribeUsers": users.List, "ModifyUser": users.Change, "DescribeUserGroups": userGroups.List, "ModifyUserGroup": userGroups.Change,
			"DescribeServerlessCaches": serverless.List, "ModifyServerlessCache": serverless.Change,
			"ListTagsForResource": tags.List, "AddTagsToResource": tags.Add, "RemoveTagsFromResource": tags.Remove,
		},
		Kinds: []core.Kind{groupKind(), globalKind(), clusterKind(), subnetKind(), parameterKind(), userKind(), userGroupKind(), serverlessKind()},
	}
}

func tagged(c *core.Call) (store.Resource, error) {
	arn := c.In.String("ResourceName")
	for _, typ := range []string{GroupType, ClusterType, SubnetGroupType, ParameterGroupType, UserType, UserGroupType, ServerlessType} {
		for _, r := range c.List(typ) {
			if wire.Text(r.Attributes["Arn"]) == arn {
				return r, nil
			}
		}
	}
	return store.Resource{}, wire.Errorf(404, "CacheClusterNotFound", "%s is either not present or not available.", arn)
}

func arn(kind, name string) map[string]string {
	return map[string]string{"Arn": "arn:aws:elasticache:{Region}:{Account}:" + kind + ":{" + name + "}"}
}

func setAbsent(r *store.Resource, defaults map[string]any) {
	for name, v := range defaults {
		if r.Properties[name] == nil && v != nil {
			r.Properties[name] = v
		}
	}
}

// windows are the hours that AWS picks.
func windows(r *store.Resource) map[string]any {
	return map[string]any{"SnapshotWindow": shape.Window(r.Region, r.ID, false), "PreferredMaintenanceWindow": shape.Window(r.Region, r.ID, true)}
}

// family is the family of parameter groups of an engine: redis7, valkey8, memcached1.6.
func family(engine, version string) string {
	parts := strings.Split(version, ".")
	if engine == "memcached" && len(parts) > 1 {
		return engine + parts[0] + "." + parts[1]
	}
	return engine + parts[0]
}

func engineVersion(engine string) any {
	switch engine {
	case "memcached":
		return "1.6.22"
	case "valkey":
		return "8.0"
	}
	return "7.1"
}
