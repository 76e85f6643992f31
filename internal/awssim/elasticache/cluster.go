package elasticache

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func clusterKind() core.Kind {
	return core.Kind{
		Type: ClusterType, Name: core.NameRule{Property: "ClusterName", Max: 40, Lower: true}, Ref: "{ClusterName}", Invalid: "InvalidParameterValue",
		Attributes: map[string]string{
			"Arn":                           "arn:aws:elasticache:{Region}:{Account}:cluster:{ClusterName}",
			"RedisEndpoint.Address":         "{ClusterName}.{Zone}.0001.{Region}.cache.amazonaws.com",
			"RedisEndpoint.Port":            "{Port}",
			"ConfigurationEndpoint.Address": "{ClusterName}.{Zone}.cfg.{Region}.cache.amazonaws.com", "ConfigurationEndpoint.Port": "{Port}",
		},
		Replace: []string{"ClusterName", "Engine", "Port", "CacheSubnetGroupName", "NetworkType", "SnapshotName"},
		Defaults: map[string]any{"AutoMinorVersionUpgrade": true, "AZMode": "single-az", "IpDiscovery": "ipv4", "NetworkType": "ipv4", "CacheSubnetGroupName": "default",
			"SnapshotRetentionLimit": 0.0, "TransitEncryptionEnabled": false},
		Schema: core.Schema{Required: []string{"CacheNodeType", "Engine", "NumCacheNodes"}, Numbers: []string{"NumCacheNodes", "Port", "SnapshotRetentionLimit"},
			Booleans: []string{"AutoMinorVersionUpgrade", "TransitEncryptionEnabled"}},
		Create: func(c *core.Change) error {
			r := c.Resource
			p := wire.Object(r.Properties)
			r.Attributes["Zone"] = c.World.IDs.Lower(6, r.Account, r.Region, "elasticache")
			port := 6379.0
			if p.String("Engine") == "memcached" {
				port = 11211
			}
			setAbsent(r, map[string]any{"EngineVersion": engineVersion(p.String("Engine")), "Port": port})
			setAbsent(r, map[string]any{"CacheParameterGroupName": "default." + family(p.String("Engine"), p.String("EngineVersion")),
				"VpcSecurityGroupIds": []any{"sg-" + shape.ManagedKeyID(r.Account, r.Region, "default-sg")[:8]}})
			setAbsent(r, windows(r))
			return nil
		},
	}
}

func clusterListing() core.Listing {
	return core.Listing{Type: ClusterType, ID: "CacheClusterId", Member: "CacheClusters", One: "CacheCluster", Missing: "CacheClusterNotFound", Show: presentCluster,
		Settings: []string{"AutoMinorVersionUpgrade", "CacheNodeType", "CacheParameterGroupName", "EngineVersion", "NumCacheNodes", "PreferredMaintenanceWindow",
			"SecurityGroupIds:VpcSecurityGroupIds", "SnapshotRetentionLimit", "SnapshotWindow", "NotificationTopicArn"}}
}

func presentCluster(_ *core.Call, r store.Resource) any {
	p := wire.Object(r.Properties)
	out := core.Renamed(p, "ClusterName:CacheClusterId", "CacheNodeType", "Engine", "EngineVersion", "NumCacheNodes", "CacheSubnetGroupName",
		"PreferredMaintenanceWindow", "AutoMinorVersionUpgrade", "SnapshotRetentionLimit", "SnapshotWindow", "IpDiscovery", "NetworkType",
		"TransitEncryptionEnabled", "LogDeliveryConfigurations")
	out["ARN"], out["CacheClusterStatus"] = r.Attributes["Arn"], "available"
	out["CacheParameterGroup"] = core.Out{"CacheParameterGroupName": p["CacheParameterGroupName"], "ParameterApplyStatus": "in-sync"}
	out["SecurityGroups"] = core.Each(p.Strings("VpcSecurityGroupIds"), "SecurityGroupId", core.Out{"Status": "active"})
	if p.Has("NotificationTopicArn") {
		out["NotificationConfiguration"] = core.Out{"TopicArn": p["NotificationTopicArn"], "TopicStatus": "active"}
	}
	nodes := []any{}
	for i := range p.Int("NumCacheNodes", 1) {
		zone := 0
		if p.String("AZMode") == "cross-az" {
			zone = i
		}
		nodes = append(nodes, core.Out{"CacheNodeId": "000" + string(rune('1'+i)), "CacheNodeStatus": "available", "CustomerAvailabilityZone": shape.Zone(r.Region, zone),
			"Endpoint": core.Out{"Address": r.Attributes["RedisEndpoint.Address"], "Port": p.Int("Port", 6379)}})
	}
	out["CacheNodes"] = nodes
	if p.String("Engine") == "memcached" {
		out["ConfigurationEndpoint"] = core.Out{"Address": r.Attributes["ConfigurationEndpoint.Address"], "Port": p.Int("Port", 11211)}
	}
	return out
}

// describeClusters lists the clusters of replication groups with those that stand alone.
func describeClusters(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		all := []any{}
		id := c.In.String(l.ID)
		for _, r := range c.List(ClusterType) {
			if id == "" || strings.EqualFold(r.ID, id) {
				all = append(all, presentCluster(c, r))
			}
		}
		for _, g := range c.List(GroupType) {
			for n := range wire.Object(g.Properties).Int("NumNodeGroups", 1) {
				for _, node := range nodesOf(g, n) {
					if (id == "" || id == node) && !c.In.Bool("ShowCacheClustersNotInReplicationGroups") {
						all = append(all, groupNode(g, node))
					}
				}
			}
		}
		if id != "" && len(all) == 0 {
			return nil, wire.Errorf(404, l.Missing, "CacheCluster not found: %s", id)
		}
		page, next, err := core.Paginate(all, c.In.String("Marker"), c.In.Int("MaxRecords", 100))
		if err != nil {
			return nil, err
		}
		return core.Out{"CacheClusters": page, "Marker": next}, nil
	}
}

func groupNode(g store.Resource, id string) core.Out {
	p := wire.Object(g.Properties)
	out := core.Renamed(p, "CacheNodeType", "Engine", "EngineVersion", "CacheSubnetGroupName", "PreferredMaintenanceWindow", "AutoMinorVersionUpgrade",
		"SnapshotRetentionLimit", "SnapshotWindow")
	out["CacheClusterId"], out["CacheClusterStatus"], out["NumCacheNodes"], out["ReplicationGroupId"] = id, "available", 1, g.ID
	out["CacheParameterGroup"] = core.Out{"CacheParameterGroupName": p["CacheParameterGroupName"], "ParameterApplyStatus": "in-sync"}
	out["SecurityGroups"] = core.Each(p.Strings("SecurityGroupIds"), "SecurityGroupId", core.Out{"Status": "active"})
	if p.Has("NotificationTopicArn") {
		out["NotificationConfiguration"] = core.Out{"TopicArn": p["NotificationTopicArn"], "TopicStatus": "active"}
	}
	return out
}

func serverlessKind() core.Kind {
	return core.Kind{
		Type: ServerlessType, Name: core.NameRule{Property: "ServerlessCacheName", Max: 40, Lower: true}, Ref: "{ServerlessCacheName}", Invalid: "InvalidParameterValue",
		Attributes: map[string]string{
			"Arn": "arn:aws:elasticache:{Region}:{Account}:serverlesscache:{ServerlessCacheName}", "ARN": "arn:aws:elasticache:{Region}:{Account}:serverlesscache:{ServerlessCacheName}",
			"Endpoint.Address": "{ServerlessCacheName}-{Zone}.serverless.{Region}.cache.amazonaws.com", "Endpoint.Port": "6379",
			"ReaderEndpoint.Address": "{ServerlessCacheName}-{Zone}.serverless.{Region}.cache.amazonaws.com", "ReaderEndpoint.Port": "6380",
		},
		Replace:  []string{"ServerlessCacheName", "KmsKeyId", "SubnetIds"},
		Defaults: map[string]any{"SnapshotRetentionLimit": 0.0},
		Schema: core.Schema{Required: []string{"Engine"}, Numbers: []string{"SnapshotRetentionLimit", "CacheUsageLimits.DataStorage.Maximum",
			"CacheUsageLimits.DataStorage.Minimum", "CacheUsageLimits.ECPUPerSecond.Maximum", "CacheUsageLimits.ECPUPerSecond.Minimum"}},
		Create: func(c *core.Change) error {
			r := c.Resource
			r.Attributes["Zone"] = c.World.IDs.Lower(6, r.Account, r.Region, "serverless")
			setAbsent(r, map[string]any{"MajorEngineVersion": strings.Split(wire.Text(engineVersion(wire.Text(r.Properties["Engine"]))), ".")[0],
				"DailySnapshotTime": strings.Split(shape.Window(r.Region, r.ID, false), "-")[0],
				"SecurityGroupIds":  []any{"sg-" + shape.ManagedKeyID(r.Account, r.Region, "default-sg")[:8]}})
			return nil
		},
	}
}

func serverlessListing() core.Listing {
	return core.Listing{Type: ServerlessType, ID: "ServerlessCacheName", Member: "ServerlessCaches", One: "ServerlessCache", Missing: "ServerlessCacheNotFoundFault",
		Token: "NextToken", Size: "MaxResults",
		Settings: []string{"CacheUsageLimits", "DailySnapshotTime", "Description", "MajorEngineVersion", "SecurityGroupIds", "SnapshotRetentionLimit", "UserGroupId"},
		Show: func(_ *core.Call, r store.Resource) any {
			out := core.Renamed(r.Properties, "ServerlessCacheName", "Description", "Engine", "MajorEngineVersion", "CacheUsageLimits", "DailySnapshotTime", "KmsKeyId",
				"SecurityGroupIds", "SubnetIds", "SnapshotRetentionLimit", "UserGroupId")
			out["ARN"], out["Status"], out["FullEngineVersion"] = r.Attributes["Arn"], "available", r.Properties["MajorEngineVersion"]
			out["Endpoint"] = core.Out{"Address": r.Attributes["Endpoint.Address"], "Port": 6379}
			out["ReaderEndpoint"] = core.Out{"Address": r.Attributes["ReaderEndpoint.Address"], "Port": 6380}
			return out
		}}
}
