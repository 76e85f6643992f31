package rds

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func clusterKind() core.Kind {
	return core.Kind{
		Type: ClusterType,
		Name: core.NameRule{Property: "DBClusterIdentifier", Max: 63, Lower: true},
		Attributes: map[string]string{
			"Arn":              "arn:aws:rds:{Region}:{Account}:cluster:{DBClusterIdentifier}",
			"DBClusterArn":     "arn:aws:rds:{Region}:{Account}:cluster:{DBClusterIdentifier}",
			"Endpoint.Address": "{DBClusterIdentifier}.cluster-{Zone}.{Region}.rds.amazonaws.com", "Endpoint.Port": "{Port}",
			"ReadEndpoint.Address": "{DBClusterIdentifier}.cluster-ro-{Zone}.{Region}.rds.amazonaws.com",
		},
		Ref:       "{DBClusterIdentifier}",
		Invalid:   "InvalidParameterValue",
		Replace:   []string{"DBClusterIdentifier", "Engine", "DatabaseName", "KmsKeyId", "StorageEncrypted", "DBSubnetGroupName", "AvailabilityZones"},
		WriteOnly: []string{"MasterUserPassword", "SourceRegion", "SnapshotIdentifier"},
		Defaults: map[string]any{"BackupRetentionPeriod": 1.0, "DeletionProtection": false, "CopyTagsToSnapshot": false, "EnableHttpEndpoint": false,
			"EnableIAMDatabaseAuthentication": false, "EngineMode": "provisioned", "NetworkType": "IPV4", "AutoMinorVersionUpgrade": true},
		Schema: core.Schema{
			Required: []string{"Engine"},
			Numbers: []string{"AllocatedStorage", "BackupRetentionPeriod", "BacktrackWindow", "Iops", "MonitoringInterval", "Port",
				"PerformanceInsightsRetentionPeriod", "ServerlessV2ScalingConfiguration.MinCapacity", "ServerlessV2ScalingConfiguration.MaxCapacity"},
			Booleans: []string{"DeletionProtection", "CopyTagsToSnapshot", "EnableHttpEndpoint", "EnableIAMDatabaseAuthentication", "StorageEncrypted",
				"AutoMinorVersionUpgrade", "ManageMasterUserPassword", "EnableGlobalWriteForwarding", "EnableLocalWriteForwarding", "PerformanceInsightsEnabled"},
		},
		Create: checkCluster,
		Update: checkCluster,
		Delete: endCluster,
	}
}

func checkCluster(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if c.Before != nil {
		return nil
	}
	r.Attributes["Zone"] = c.World.IDs.Lower(12, r.Account, r.Region, "rds")
	r.Attributes["DBClusterResourceId"] = "cluster-" + c.World.IDs.Upper(26, r.Account, r.Region, r.Type, r.ID)
	engine := p.String("Engine")
	setAbsent(r, map[string]any{"EngineVersion": version(engine), "Port": port(engine), "StorageEncrypted": false})
	setAbsent(r, map[string]any{
		"DBClusterParameterGroupName": defaultGroupPrefix + family(engine, p.String("EngineVersion")),
		"AvailabilityZones":           []any{shape.Zone(r.Region, 0), shape.Zone(r.Region, 1), shape.Zone(r.Region, 2)},
		"PreferredBackupWindow":       shape.Window(r.Region, r.ID, false),
		"PreferredMaintenanceWindow":  shape.Window(r.Region, r.ID, true),
		"VpcSecurityGroupIds":         []any{"sg-" + shape.ManagedKeyID(r.Account, r.Region, "default-sg")[:8]},
		"DBSubnetGroupName":           "default",
	})
	if shape.Bool(p["StorageEncrypted"]) {
		setAbsent(r, map[string]any{"KmsKeyId": shape.ManagedKeyARN(r.Account, r.Region, "rds")})
		r.Properties["KmsKeyId"] = keyARN(r, r.Properties["KmsKeyId"])
	}
	keepPassword(c)
	return join(c)
}

// join makes a cluster a member of its global cluster; the first one writes.
func join(c *core.Change) error {
	r := c.Resource
	id := wire.Text(r.Properties["GlobalClusterIdentifier"])
	if id == "" {
		return nil
	}
	arn := wire.Text(r.Attributes["Arn"])
	_, found, err := c.World.Store.Update(store.Scope{Account: r.Account, Region: store.GlobalRegion}, GlobalType, strings.ToLower(id), func(g *store.Resource) error {
		list, _ := wire.Items(g.Private["Members"])
		for _, m := range list {
			if wire.AsObject(m).String("DBClusterArn") == arn {
				return nil
			}
		}
		g.Private["Members"] = append(list, map[string]any{"DBClusterArn": arn, "IsWriter": len(list) == 0, "SynchronizationStatus": "connected"})
		for _, name := range []string{"Engine", "EngineVersion", "StorageEncrypted"} {
			if g.Properties[name] == nil {
				g.Properties[name] = r.Properties[name]
			}
		}
		return nil
	})
	if !found {
		return wire.Errorf(404, "GlobalClusterNotFoundFault", "Global cluster %s not found.", id)
	}
	return err
}

func endCluster(c *core.Change) error {
	if shape.Bool(c.Resource.Properties["DeletionProtection"]) {
		return wire.Errorf(400, "InvalidParameterCombination", "Cannot delete protected Cluster, please disable deletion protection and try again.")
	}
	for _, member := range c.World.Store.List(c.Resource.Scope, InstanceType) {
		if wire.Text(member.Properties["DBClusterIdentifier"]) == c.Resource.ID {
			return wire.Errorf(400, "InvalidDBClusterStateFault", "Cluster cannot be deleted, it still contains DB instances in non-deleting state.")
		}
	}
	return nil
}

func clusterListing() core.Listing {
	return core.Listing{
		Type: ClusterType, ID: "DBClusterIdentifier", Member: "DBClusters", One: "DBCluster", Missing: "DBClusterNotFoundFault", Show: presentCluster,
		Settings: []string{"AllocatedStorage", "AutoMinorVersionUpgrade", "BacktrackWindow", "BackupRetentionPeriod", "CopyTagsToSnapshot", "DBClusterInstanceClass",
			"DBClusterParameterGroupName", "DeletionProtection", "EnableHttpEndpoint", "EnableIAMDatabaseAuthentication", "EngineVersion", "Iops",
			"MonitoringInterval", "MonitoringRoleArn", "NetworkType", "Port", "PreferredBackupWindow", "PreferredMaintenanceWindow",
			"ServerlessV2ScalingConfiguration", "StorageType", "VpcSecurityGroupIds"},
		Adjust: exportLogs,
	}
}

func presentCluster(c *core.Call, r store.Resource) any {
	p := wire.Object(r.Properties)
	out := core.Renamed(p, "DBClusterIdentifier", "DBClusterInstanceClass", "Engine", "EngineMode", "EngineVersion", "DatabaseName", "MasterUsername", "Port",
		"StorageType", "StorageEncrypted", "KmsKeyId", "AllocatedStorage", "Iops", "AvailabilityZones", "BackupRetentionPeriod", "PreferredBackupWindow",
		"PreferredMaintenanceWindow", "BacktrackWindow", "CopyTagsToSnapshot", "DeletionProtection", "AutoMinorVersionUpgrade",
		"DBClusterParameterGroupName:DBClusterParameterGroup", "DBSubnetGroupName:DBSubnetGroup", "EnableCloudwatchLogsExports:EnabledCloudwatchLogsExports",
		"EnableHttpEndpoint:HttpEndpointEnabled", "EnableIAMDatabaseAuthentication:IAMDatabaseAuthenticationEnabled",
		"EnableGlobalWriteForwarding:GlobalWriteForwardingRequested", "GlobalClusterIdentifier", "MonitoringInterval", "MonitoringRoleArn", "NetworkType",
		"PerformanceInsightsEnabled", "PerformanceInsightsKmsKeyId:PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod",
		"ReplicationSourceIdentifier", "ServerlessV2ScalingConfiguration", "AssociatedRoles")
	out["DBClusterArn"], out["DbClusterResourceId"], out["Status"] = r.Attributes["Arn"], r.Attributes["DBClusterResourceId"], wire.Object(r.Private).Or("Status", "available")
	out["Endpoint"], out["ReaderEndpoint"] = r.Attributes["Endpoint.Address"], r.Attributes["ReadEndpoint.Address"]
	out["VpcSecurityGroups"] = core.Each(p.Strings("VpcSecurityGroupIds"), "VpcSecurityGroupId", core.Out{"Status": "active"})
	out["TagList"], out["ClusterCreateTime"] = core.TagList(r.Tags), r.Created
	if arn := r.Attributes["MasterUserSecret.SecretArn"]; arn != nil {
		out["MasterUserSecret"] = core.Out{"SecretArn": arn, "SecretStatus": "active", "KmsKeyId": masterKey(r)}
	}
	if shape.Bool(p["EnableLocalWriteForwarding"]) {
		out["LocalWriteForwardingStatus"] = "enabled"
	}
	members := []any{}
	for _, m := range c.List(InstanceType) {
		if wire.Text(m.Properties["DBClusterIdentifier"]) == r.ID {
			members = append(members, core.Out{"DBInstanceIdentifier": m.ID, "IsClusterWriter": len(members) == 0, "PromotionTier": 1,
				"DBClusterParameterGroupStatus": "in-sync"})
		}
	}
	out["DBClusterMembers"] = members
	return out
}

func globalKind() core.Kind {
	return core.Kind{
		Type: GlobalType, Global: true,
		Name: core.NameRule{Property: "GlobalClusterIdentifier", Max: 63, Lower: true},
		Attributes: map[string]string{
			"Arn":                    "arn:aws:rds::{Account}:global-cluster:{GlobalClusterIdentifier}",
			"GlobalEndpoint.Address": "{GlobalClusterIdentifier}.global-a1b2c3d4e5f6.global.rds.amazonaws.com",
		},
		Ref: "{GlobalClusterIdentifier}", Invalid: "InvalidParameterValue", Replace: []string{"GlobalClusterIdentifier", "Engine", "SourceDBClusterIdentifier"},
		Defaults: map[string]any{"DeletionProtection": false},
		Schema:   core.Schema{Booleans: []string{"DeletionProtection", "StorageEncrypted"}},
	}
}

func globalListing() core.Listing {
	return core.Listing{
		Type: GlobalType, ID: "GlobalClusterIdentifier", Member: "GlobalClusters", One: "GlobalCluster", Missing: "GlobalClusterNotFoundFault",
		Settings: []string{"DeletionProtection", "EngineVersion"},
		Show: func(_ *core.Call, r store.Resource) any {
			out := core.Renamed(r.Properties, "GlobalClusterIdentifier", "DatabaseName", "Engine", "EngineVersion", "EngineLifecycleSupport", "DeletionProtection",
				"StorageEncrypted")
			out["GlobalClusterArn"], out["Status"], out["Endpoint"] = r.Attributes["Arn"], "available", r.Attributes["GlobalEndpoint.Address"]
			out["GlobalClusterMembers"], out["TagList"] = r.Private["Members"], core.TagList(r.Tags)
			return out
		},
	}
}

// leaveGlobal takes a cluster out of its global cluster: it is on its own from then on.
func leaveGlobal(c *core.Call) (any, error) {
	g, err := globalListing().Find(c)
	if err != nil {
		return nil, err
	}
	arn := c.In.String("DbClusterIdentifier")
	g, _, err = c.World.Store.Update(g.Scope, g.Type, g.ID, func(g *store.Resource) error {
		list, _ := wire.Items(g.Private["Members"])
		left := []any{}
		for _, m := range list {
			if wire.AsObject(m).String("DBClusterArn") != arn {
				left = append(left, m)
			}
		}
		g.Private["Members"] = left
		return nil
	})
	if err != nil {
		return nil, err
	}
	if a, ok := shape.ParseARN(arn); ok {
		home := store.Scope{Account: a.Account, Region: a.Region}
		_, _, err = c.World.Store.Update(home, ClusterType, strings.TrimPrefix(a.Resource, "cluster:"), func(r *store.Resource) error {
			delete(r.Properties, "GlobalClusterIdentifier")
			return nil
		})
	}
	return core.Out{"GlobalCluster": globalListing().Show(c, g)}, err
}
