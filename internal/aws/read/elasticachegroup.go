package read

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

var replicationGroupFields = []string{"ReplicationGroupId", "Description:ReplicationGroupDescription", "CacheNodeType", "Engine", "AtRestEncryptionEnabled",
	"TransitEncryptionEnabled", "TransitEncryptionMode", "KmsKeyId", "ClusterMode", "IpDiscovery", "NetworkType", "SnapshotRetentionLimit", "SnapshotWindow",
	"SnapshottingClusterId", "UserGroupIds", "AutoMinorVersionUpgrade", "AuthTokenEnabled"}

// memberFields are what a group's own description leaves out and its nodes' has.
var memberFields = []string{"EngineVersion", "CacheSubnetGroupName", "PreferredMaintenanceWindow"}

var replicationGroupMore = []string{"EngineVersion", "CacheSubnetGroupName", "PreferredMaintenanceWindow", "CacheParameterGroupName", "SecurityGroupIds",
	"NotificationTopicArn", "AutomaticFailoverEnabled", "MultiAZEnabled", "DataTieringEnabled", "NumNodeGroups", "ReplicasPerNodeGroup", "NumCacheClusters",
	"Port", "GlobalReplicationGroupId", "LogDeliveryConfigurations"}

// replicationGroups reads groups and, for what they do not say of themselves, one list of all nodes.
func (r *run) replicationGroups(ctx context.Context, items []inventory.Item) {
	list := sync.OnceValues(func() (map[string]types.CacheCluster, error) { return r.cacheNodes(ctx) })
	catalogue[types.ReplicationGroup]{
		what: "a replication group id",
		page: func(ctx context.Context, marker *string) ([]types.ReplicationGroup, *string, error) {
			out, err := r.clients.cache.DescribeReplicationGroups(ctx, &elasticache.DescribeReplicationGroupsInput{Marker: marker, MaxRecords: cachePage()})
			if err != nil {
				return nil, nil, err
			}
			return out.ReplicationGroups, out.Marker, nil
		},
		id: func(g types.ReplicationGroup) string { return aws.ToString(g.ReplicationGroupId) },
		found: func(ctx context.Context, item inventory.Item, g types.ReplicationGroup) {
			o := replicationGroup(g)
			node, err := firstNode(g, list)
			if err == nil {
				groupMember(o, node)
			} else {
				for _, property := range append([]string{"CacheParameterGroupName", "SecurityGroupIds", "NotificationTopicArn"}, memberFields...) {
					r.partial(item, property, err)
				}
			}
			r.cacheTags(ctx, item, g.ARN, o)
			r.fact(item, drift.FactReplicationGroupState, groupState(g))
			r.found(item, o.chosen(item, "SnapshotWindow", "PreferredMaintenanceWindow"))
		},
	}.read(ctx, r, items)
}

// firstNode is a node of a group, whichever: they are all alike.
func firstNode(g types.ReplicationGroup, list func() (map[string]types.CacheCluster, error)) (types.CacheCluster, error) {
	nodes, err := list()
	if err != nil {
		return types.CacheCluster{}, err
	}
	for _, id := range g.MemberClusters {
		if node, ok := nodes[id]; ok {
			return node, nil
		}
	}
	return types.CacheCluster{}, incomplete(elasticache.ServiceID, "DescribeCacheClusters", "a node of "+aws.ToString(g.ReplicationGroupId))
}

// cacheNodes lists the nodes of the Region by id.
func (r *run) cacheNodes(ctx context.Context) (map[string]types.CacheCluster, error) {
	nodes := map[string]types.CacheCluster{}
	pages := elasticache.NewDescribeCacheClustersPaginator(r.clients.cache, &elasticache.DescribeCacheClustersInput{MaxRecords: cachePage()})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range page.CacheClusters {
			nodes[aws.ToString(c.CacheClusterId)] = c
		}
	}
	return nodes, nil
}

func replicationGroup(g types.ReplicationGroup) *object {
	o := newObject().take(g, replicationGroupFields...).identity("ReplicationGroupId", aws.ToString(g.ReplicationGroupId)).
		set("AutomaticFailoverEnabled", on(g.AutomaticFailover)).set("MultiAZEnabled", on(g.MultiAZ)).set("DataTieringEnabled", on(g.DataTiering)).
		set("NumNodeGroups", len(g.NodeGroups)).set("LogDeliveryConfigurations", logDeliveries(g.LogDeliveryConfigurations))
	if !aws.ToBool(g.ClusterEnabled) {
		o.set("NumCacheClusters", len(g.MemberClusters))
	}
	if g.GlobalReplicationGroupInfo != nil {
		o.set("GlobalReplicationGroupId", g.GlobalReplicationGroupInfo.GlobalReplicationGroupId)
	}
	cacheEndpoint(o, "ConfigurationEndPoint", g.ConfigurationEndpoint)
	if len(g.NodeGroups) > 0 {
		first := g.NodeGroups[0]
		o.set("ReplicasPerNodeGroup", max(0, len(first.NodeGroupMembers)-1))
		cacheEndpoint(o, "PrimaryEndPoint", first.PrimaryEndpoint)
		cacheEndpoint(o, "ReaderEndPoint", first.ReaderEndpoint)
	}
	return o
}

// cacheEndpoint notes where the group is reached.
func cacheEndpoint(o *object, attribute string, e *types.Endpoint) {
	if e != nil {
		o.identity(attribute+".Address", aws.ToString(e.Address)).set("Port", e.Port)
	}
}

func groupMember(o *object, node types.CacheCluster) {
	o.take(node, memberFields...).set("SecurityGroupIds", cacheSecurityGroups(node.SecurityGroups))
	if node.CacheParameterGroup != nil {
		o.set("CacheParameterGroupName", node.CacheParameterGroup.CacheParameterGroupName)
	}
	if node.NotificationConfiguration != nil {
		o.set("NotificationTopicArn", node.NotificationConfiguration.TopicArn)
	}
}

func groupState(g types.ReplicationGroup) map[string]any {
	groups := []map[string]any{}
	for _, n := range g.NodeGroups {
		groups = append(groups, map[string]any{"NodeGroupId": aws.ToString(n.NodeGroupId), "Status": aws.ToString(n.Status)})
	}
	id, role := "", ""
	if info := g.GlobalReplicationGroupInfo; info != nil {
		id, role = aws.ToString(info.GlobalReplicationGroupId), aws.ToString(info.GlobalReplicationGroupMemberRole)
	}
	return map[string]any{"Status": aws.ToString(g.Status), "AutomaticFailover": string(g.AutomaticFailover), "NodeGroups": groups,
		"GlobalReplicationGroupId": id, "GlobalReplicationGroupMemberRole": role}
}

var globalGroupFields = []string{"GlobalReplicationGroupDescription", "CacheNodeType", "Engine", "EngineVersion"}

func (r *run) globalGroups() catalogue[types.GlobalReplicationGroup] {
	return catalogue[types.GlobalReplicationGroup]{
		what: "a global replication group id",
		page: func(ctx context.Context, marker *string) ([]types.GlobalReplicationGroup, *string, error) {
			out, err := r.clients.cache.DescribeGlobalReplicationGroups(ctx,
				&elasticache.DescribeGlobalReplicationGroupsInput{Marker: marker, MaxRecords: cachePage(), ShowMemberInfo: aws.Bool(true)})
			if err != nil {
				return nil, nil, err
			}
			return out.GlobalReplicationGroups, out.Marker, nil
		},
		id: func(g types.GlobalReplicationGroup) string { return aws.ToString(g.GlobalReplicationGroupId) },
		found: func(_ context.Context, item inventory.Item, g types.GlobalReplicationGroup) {
			members, states := []map[string]any{}, []map[string]any{}
			for _, m := range g.Members {
				members = append(members, map[string]any{"ReplicationGroupId": m.ReplicationGroupId, "ReplicationGroupRegion": aws.ToString(m.ReplicationGroupRegion), "Role": m.Role})
				states = append(states, map[string]any{"ReplicationGroupId": aws.ToString(m.ReplicationGroupId), "ReplicationGroupRegion": aws.ToString(m.ReplicationGroupRegion),
					"Role": aws.ToString(m.Role), "Status": aws.ToString(m.Status), "AutomaticFailover": string(m.AutomaticFailover)})
			}
			sortObjects(members, "ReplicationGroupRegion")
			sortObjects(states, "ReplicationGroupRegion")
			r.fact(item, drift.FactGlobalReplicationGroupState, map[string]any{"Status": aws.ToString(g.Status), "Members": states})
			r.found(item, newObject().take(g, globalGroupFields...).set("GlobalNodeGroupCount", len(g.GlobalNodeGroups)).set("Members", members).
				identity("GlobalReplicationGroupId", aws.ToString(g.GlobalReplicationGroupId)))
		},
	}
}
