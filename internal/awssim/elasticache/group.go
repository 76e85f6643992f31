package elasticache

import (
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func groupKind() core.Kind {
	return core.Kind{
		Type: GroupType, Name: core.NameRule{Property: "ReplicationGroupId", Max: 40, Lower: true}, Ref: "{ReplicationGroupId}", Invalid: "InvalidParameterValue",
		Attributes: map[string]string{
			"Arn":                     "arn:aws:elasticache:{Region}:{Account}:replicationgroup:{ReplicationGroupId}",
			"PrimaryEndPoint.Address": "master.{ReplicationGroupId}.{Zone}.{Region}.cache.amazonaws.com", "PrimaryEndPoint.Port": "{Port}",
			"ReaderEndPoint.Address": "replica.{ReplicationGroupId}.{Zone}.{Region}.cache.amazonaws.com", "ReaderEndPoint.Port": "{Port}",
			"ConfigurationEndPoint.Address": "clustercfg.{ReplicationGroupId}.{Zone}.{Region}.cache.amazonaws.com", "ConfigurationEndPoint.Port": "{Port}",
		},
		Replace: []string{"ReplicationGroupId", "AtRestEncryptionEnabled", "CacheSubnetGroupName", "KmsKeyId", "Port", "NetworkType", "GlobalReplicationGroupId",
			"DataTieringEnabled"},
		WriteOnly: []string{"AuthToken"},
		Defaults: map[string]any{"AutoMinorVersionUpgrade": true, "AtRestEncryptionEnabled": false, "TransitEncryptionEnabled": false, "MultiAZEnabled": false,
			"SnapshotRetentionLimit": 0.0, "NetworkType": "ipv4", "IpDiscovery": "ipv4", "Port": 6379.0, "CacheSubnetGroupName": "default"},
		Schema: core.Schema{
			Required: []string{"ReplicationGroupDescription"},
			Numbers:  []string{"NumCacheClusters", "NumNodeGroups", "ReplicasPerNodeGroup", "Port", "SnapshotRetentionLimit"},
			Booleans: []string{"AutoMinorVersionUpgrade", "AtRestEncryptionEnabled", "TransitEncryptionEnabled", "MultiAZEnabled", "AutomaticFailoverEnabled",
				"DataTieringEnabled"},
		},
		Create: checkReplicationGroup,
	}
}

func checkReplicationGroup(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	r.Attributes["Zone"] = c.World.IDs.Lower(6, r.Account, r.Region, "elasticache")
	if global := p.String("GlobalReplicationGroupId"); global != "" {
		if err := join(c, global); err != nil {
			return err
		}
	}
	setAbsent(r, map[string]any{"Engine": "redis"})
	setAbsent(r, map[string]any{"EngineVersion": engineVersion(p.String("Engine"))})
	setAbsent(r, windows(r))
	sharded := p.Int("NumNodeGroups", 1) > 1
	parameters := "default." + family(p.String("Engine"), p.String("EngineVersion"))
	if sharded {
		parameters += ".cluster.on"
	}
	replicas := max(p.Int("NumCacheClusters", 1)-1, p.Int("ReplicasPerNodeGroup", 0))
	setAbsent(r, map[string]any{"CacheParameterGroupName": parameters, "NumNodeGroups": 1.0, "ReplicasPerNodeGroup": float64(replicas),
		"AutomaticFailoverEnabled": replicas > 0, "ClusterMode": map[bool]string{true: "enabled", false: "disabled"}[sharded],
		"SecurityGroupIds": []any{"sg-" + shape.ManagedKeyID(r.Account, r.Region, "default-sg")[:8]}})
	if shape.Bool(p["TransitEncryptionEnabled"]) {
		setAbsent(r, map[string]any{"TransitEncryptionMode": "required"})
	}
	if shape.Bool(p["AutomaticFailoverEnabled"]) && replicas == 0 {
		return wire.Errorf(400, "InvalidParameterCombination", "To enable Automatic Failover, at least one replica is needed.")
	}
	return nil
}

// join makes a group a member of a global datastore: the first one is its primary.
func join(c *core.Change, global string) error {
	r := c.Resource
	_, found, err := c.World.Store.Update(store.Scope{Account: r.Account, Region: store.GlobalRegion}, GlobalType, global, func(g *store.Resource) error {
		list, _ := wire.Items(g.Private["Members"])
		for _, m := range list {
			if one := wire.AsObject(m); one.String("ReplicationGroupId") == r.ID && one.String("ReplicationGroupRegion") == r.Region {
				return nil
			}
		}
		g.Private["Members"] = append(list, member(r.ID, r.Region, "SECONDARY"))
		return nil
	})
	if !found {
		return wire.Errorf(404, "GlobalReplicationGroupNotFoundFault", "Global replication group %s not found.", global)
	}
	if g, ok := c.World.Store.Get(store.Scope{Account: r.Account, Region: store.GlobalRegion}, GlobalType, global); ok {
		list, _ := wire.Items(g.Private["Members"])
		for _, m := range list { // a secondary takes after the primary
			one := wire.AsObject(m)
			if primary, ok := c.World.Store.Get(store.Scope{Account: r.Account, Region: one.String("ReplicationGroupRegion")}, GroupType, one.String("ReplicationGroupId")); ok && one.String("Role") == "PRIMARY" {
				for _, name := range []string{"Engine", "EngineVersion", "CacheNodeType", "NumNodeGroups", "AtRestEncryptionEnabled", "TransitEncryptionEnabled", "Port"} {
					if v := primary.Properties[name]; v != nil {
						r.Properties[name] = v
					}
				}
			}
		}
	}
	return err
}

func member(id, region, role string) map[string]any {
	return map[string]any{"ReplicationGroupId": id, "ReplicationGroupRegion": region, "Role": role, "Status": "associated", "AutomaticFailover": "enabled"}
}

func groupListing() core.Listing {
	return core.Listing{
		Type: GroupType, ID: "ReplicationGroupId", Member: "ReplicationGroups", One: "ReplicationGroup", Missing: "ReplicationGroupNotFoundFault", Show: presentGroup,
		Settings: []string{"AutomaticFailoverEnabled", "AutoMinorVersionUpgrade", "CacheNodeType", "CacheParameterGroupName", "ClusterMode", "EngineVersion", "IpDiscovery",
			"MultiAZEnabled", "PreferredMaintenanceWindow", "ReplicationGroupDescription", "SecurityGroupIds", "SnapshotRetentionLimit", "SnapshotWindow",
			"TransitEncryptionEnabled", "TransitEncryptionMode", "NotificationTopicArn"},
		Adjust: func(c *core.Call, patch map[string]any) {
			if added := c.In.Elements("UserGroupIdsToAdd"); len(added) > 0 {
				patch["UserGroupIds"] = shape.Plain(added)
			}
		},
	}
}

func presentGroup(c *core.Call, r store.Resource) any {
	p := wire.Object(r.Properties)
	out := core.Renamed(p, "ReplicationGroupId", "ReplicationGroupDescription:Description", "CacheNodeType", "Engine", "AtRestEncryptionEnabled",
		"TransitEncryptionEnabled", "TransitEncryptionMode", "KmsKeyId", "ClusterMode", "IpDiscovery", "NetworkType", "SnapshotRetentionLimit", "SnapshotWindow",
		"UserGroupIds", "AutoMinorVersionUpgrade", "LogDeliveryConfigurations")
	out["ARN"], out["Status"] = r.Attributes["Arn"], wire.Object(r.Private).Or("Status", "available")
	out["AutomaticFailover"], out["MultiAZ"], out["DataTiering"] = enabled(p["AutomaticFailoverEnabled"]), enabled(p["MultiAZEnabled"]), enabled(p["DataTieringEnabled"])
	out["AuthTokenEnabled"] = p.Has("AuthToken")
	sharded := p.String("ClusterMode") == "enabled"
	out["ClusterEnabled"] = sharded
	endpoint := func(name string) core.Out {
		return core.Out{"Address": r.Attributes[name+".Address"], "Port": p.Int("Port", 6379)}
	}
	if sharded {
		out["ConfigurationEndpoint"] = endpoint("ConfigurationEndPoint")
	}
	groups := []any{}
	for n := range p.Int("NumNodeGroups", 1) {
		one := core.Out{"NodeGroupId": fmt.Sprintf("%04d", n+1), "Status": "available"}
		if !sharded {
			one["PrimaryEndpoint"], one["ReaderEndpoint"] = endpoint("PrimaryEndPoint"), endpoint("ReaderEndPoint")
		}
		members := []any{}
		for i, id := range nodesOf(r, n) {
			members = append(members, core.Out{"CacheClusterId": id, "CacheNodeId": "0001", "PreferredAvailabilityZone": shape.Zone(r.Region, i)})
		}
		one["NodeGroupMembers"] = members
		groups = append(groups, one)
	}
	out["NodeGroups"] = groups
	var all []string
	for n := range p.Int("NumNodeGroups", 1) {
		all = append(all, nodesOf(r, n)...)
	}
	out["MemberClusters"] = all
	if global := p.String("GlobalReplicationGroupId"); global != "" {
		out["GlobalReplicationGroupInfo"] = core.Out{"GlobalReplicationGroupId": global, "GlobalReplicationGroupMemberRole": roleIn(c, r, global)}
	} else if global, role := globalOf(c, r); global != "" {
		out["GlobalReplicationGroupInfo"] = core.Out{"GlobalReplicationGroupId": global, "GlobalReplicationGroupMemberRole": role}
	}
	return out
}

func enabled(v any) string {
	if shape.Bool(v) {
		return "enabled"
	}
	return "disabled"
}

// nodesOf are the ids of the clusters in one shard of a group.
func nodesOf(r store.Resource, shard int) []string {
	p := wire.Object(r.Properties)
	var ids []string
	for i := range p.Int("ReplicasPerNodeGroup", 0) + 1 {
		if p.String("ClusterMode") == "enabled" {
			ids = append(ids, fmt.Sprintf("%s-%04d-%03d", r.ID, shard+1, i+1))
		} else {
			ids = append(ids, fmt.Sprintf("%s-%03d", r.ID, i+1))
		}
	}
	return ids
}

func globalKind() core.Kind {
	return core.Kind{
		Type: GlobalType, Global: true, Identifier: []string{"GlobalReplicationGroupId"}, Ref: "{GlobalReplicationGroupId}", Invalid: "InvalidParameterValue",
		Replace: []string{"GlobalReplicationGroupIdSuffix"}, Schema: core.Schema{Required: []string{"Members"}},
		Create: func(c *core.Change) error {
			r := c.Resource
			p := wire.Object(r.Properties)
			r.Attributes["GlobalReplicationGroupId"] = "ldgnf-" + p.String("GlobalReplicationGroupIdSuffix")
			members := []any{}
			for _, m := range p.Objects("Members") {
				members = append(members, member(m.String("ReplicationGroupId"), m.String("ReplicationGroupRegion"), strings.ToUpper(m.Or("Role", "PRIMARY"))))
			}
			r.Private["Members"] = members
			return nil
		},
	}
}

func globalListing() core.Listing {
	return core.Listing{Type: GlobalType, ID: "GlobalReplicationGroupId", Member: "GlobalReplicationGroups", One: "GlobalReplicationGroup",
		Missing: "GlobalReplicationGroupNotFoundFault", Settings: []string{"CacheNodeType", "EngineVersion", "GlobalReplicationGroupDescription"},
		Show: func(c *core.Call, r store.Resource) any {
			out := core.Renamed(r.Properties, "GlobalReplicationGroupDescription", "CacheNodeType", "EngineVersion")
			out["GlobalReplicationGroupId"], out["Status"], out["Members"] = r.ID, "primary-only", r.Private["Members"]
			list, _ := wire.Items(r.Private["Members"])
			for _, m := range list {
				one := wire.AsObject(m)
				if one.String("Role") == "SECONDARY" {
					out["Status"] = "available"
				}
				if primary, ok := c.Read().Get(store.Scope{Account: r.Account, Region: one.String("ReplicationGroupRegion")}, GroupType, one.String("ReplicationGroupId")); ok && one.String("Role") == "PRIMARY" {
					for _, name := range []string{"Engine", "EngineVersion", "CacheNodeType"} {
						if out[name] == nil {
							out[name] = primary.Properties[name]
						}
					}
					groups := []any{}
					for n := range wire.Object(primary.Properties).Int("NumNodeGroups", 1) {
						groups = append(groups, core.Out{"GlobalNodeGroupId": fmt.Sprintf("%s-%04d", r.ID, n+1)})
					}
					out["GlobalNodeGroups"] = groups
				}
			}
			return out
		}}
}

func roleIn(c *core.Call, r store.Resource, global string) string {
	g, _ := c.Read().Get(store.Scope{Account: r.Account, Region: store.GlobalRegion}, GlobalType, global)
	list, _ := wire.Items(g.Private["Members"])
	for _, m := range list {
		if one := wire.AsObject(m); one.String("ReplicationGroupId") == r.ID && one.String("ReplicationGroupRegion") == r.Region {
			return one.String("Role")
		}
	}
	return ""
}

// globalOf is the datastore that has taken the group for its primary.
func globalOf(c *core.Call, r store.Resource) (id, role string) {
	for _, g := range c.List(GlobalType) {
		if role := roleIn(c, r, g.ID); role != "" {
			return g.ID, role
		}
	}
	return "", ""
}
