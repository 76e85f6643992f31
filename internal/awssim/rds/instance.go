package rds

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func instanceKind() core.Kind {
	return core.Kind{
		Type: InstanceType,
		Name: core.NameRule{Property: "DBInstanceIdentifier", Max: 63, Lower: true},
		Attributes: map[string]string{
			"Arn":              "arn:aws:rds:{Region}:{Account}:db:{DBInstanceIdentifier}",
			"DBInstanceArn":    "arn:aws:rds:{Region}:{Account}:db:{DBInstanceIdentifier}",
			"Endpoint.Address": "{DBInstanceIdentifier}.{Zone}.{Region}.rds.amazonaws.com", "Endpoint.Port": "{Port}",
		},
		Ref:       "{DBInstanceIdentifier}",
		Invalid:   "InvalidParameterValue",
		Replace:   []string{"DBInstanceIdentifier", "Engine", "MasterUsername", "DBName", "KmsKeyId", "StorageEncrypted", "DBClusterIdentifier", "SourceRegion"},
		WriteOnly: []string{"MasterUserPassword", "SourceDBInstanceIdentifier", "SourceRegion", "AllowMajorVersionUpgrade"},
		Defaults: map[string]any{"AutoMinorVersionUpgrade": true, "MultiAZ": false, "DeletionProtection": false, "MonitoringInterval": 0.0,
			"CopyTagsToSnapshot": false, "EnableIAMDatabaseAuthentication": false, "EnablePerformanceInsights": false, "PubliclyAccessible": false,
			"CACertificateIdentifier": "rds-ca-rsa2048-g1", "NetworkType": "IPV4", "DedicatedLogVolume": false, "BackupTarget": "region"},
		Schema: core.Schema{
			Numbers: []string{"AllocatedStorage", "BackupRetentionPeriod", "Iops", "MaxAllocatedStorage", "MonitoringInterval", "Port", "PromotionTier",
				"StorageThroughput", "PerformanceInsightsRetentionPeriod"},
			Booleans: []string{"AutoMinorVersionUpgrade", "MultiAZ", "DeletionProtection", "CopyTagsToSnapshot", "EnableIAMDatabaseAuthentication",
				"EnablePerformanceInsights", "PubliclyAccessible", "StorageEncrypted", "ManageMasterUserPassword", "DedicatedLogVolume"},
		},
		Create: checkInstance,
		Update: checkInstance,
		Delete: leaveSource,
	}
}

// checkInstance fills in what AWS does, and notes a replica with its source.
func checkInstance(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if c.Before != nil {
		return nil
	}
	if source := p.String("SourceDBInstanceIdentifier"); source != "" {
		if err := follow(c, source); err != nil {
			return err
		}
	} else if p.String("Engine") == "" {
		return wire.Errorf(400, "InvalidParameterCombination", "The parameter Engine must be provided and must not be blank.")
	}
	about := []string{r.Account, r.Region, r.Type, r.ID}
	r.Attributes["Zone"] = "c" + c.World.IDs.Lower(11, r.Account, r.Region, "rds")
	r.Attributes["DbiResourceId"] = "db-" + c.World.IDs.Upper(26, about...)
	inherit := map[string]any{}
	if id := p.String("DBClusterIdentifier"); id != "" {
		cluster, ok := c.World.Store.Get(r.Scope, ClusterType, id)
		if !ok {
			return wire.Errorf(404, "DBClusterNotFoundFault", "DBCluster %s not found.", id)
		}
		for _, name := range []string{"StorageEncrypted", "KmsKeyId", "EngineVersion", "MasterUsername", "Port", "DBSubnetGroupName", "BackupRetentionPeriod",
			"PreferredBackupWindow"} {
			inherit[name] = cluster.Properties[name]
		}
		inherit["VPCSecurityGroups"], inherit["DBName"], inherit["StorageType"] = cluster.Properties["VpcSecurityGroupIds"], cluster.Properties["DatabaseName"], "aurora"
		inherit["PromotionTier"], inherit["AllocatedStorage"] = 1.0, 1.0
	}
	engine := p.String("Engine")
	setAbsent(r, inherit)
	setAbsent(r, map[string]any{"EngineVersion": version(engine), "BackupRetentionPeriod": 1.0, "StorageType": "gp2", "StorageEncrypted": false})
	setAbsent(r, map[string]any{
		"Port": port(engine), "LicenseModel": license(engine), "DBParameterGroupName": defaultGroupPrefix + family(engine, p.String("EngineVersion")),
		"OptionGroupName":            "default:" + strings.ReplaceAll(family(engine, p.String("EngineVersion")), ".", "-"),
		"AvailabilityZone":           shape.Zone(r.Region, len(r.ID)),
		"PreferredBackupWindow":      shape.Window(r.Region, r.ID, false),
		"PreferredMaintenanceWindow": shape.Window(r.Region, r.ID, true),
		"VPCSecurityGroups":          []any{"sg-" + shape.ManagedKeyID(r.Account, r.Region, "default-sg")[:8]},
	})
	if shape.Bool(r.Properties["StorageEncrypted"]) {
		setAbsent(r, map[string]any{"KmsKeyId": shape.ManagedKeyARN(r.Account, r.Region, "rds")})
	}
	r.Properties["KmsKeyId"] = keyARN(r, r.Properties["KmsKeyId"])
	if r.Properties["KmsKeyId"] == nil {
		delete(r.Properties, "KmsKeyId")
	}
	keepPassword(c)
	return nil
}

// keyARN is a key's ARN, as RDS returns it whatever it was given.
func keyARN(r *store.Resource, key any) any {
	id := wire.Text(key)
	switch {
	case id == "":
		return nil
	case strings.HasPrefix(id, "arn:") || strings.HasPrefix(id, "alias/"):
		return id
	}
	return "arn:aws:kms:" + r.Region + ":" + r.Account + ":key/" + id
}

// keepPassword makes the secret in which RDS keeps a password it manages.
func keepPassword(c *core.Change) {
	r := c.Resource
	if shape.Bool(r.Properties["ManageMasterUserPassword"]) {
		r.Attributes["MasterUserSecret.SecretArn"] = "arn:aws:secretsmanager:" + r.Region + ":" + r.Account + ":secret:rds!db-" +
			c.World.IDs.UUID(r.Account, r.Region, r.ID, "secret") + "-" + c.World.IDs.Mixed(6, r.Account, r.Region, r.ID)
	}
}

// follow makes a replica of an instance of this Region or, by ARN, of another one.
func follow(c *core.Change, source string) error {
	r := c.Resource
	home, id := r.Scope, source
	if arn, ok := shape.ParseARN(source); ok {
		home, id = store.Scope{Account: arn.Account, Region: arn.Region}, strings.TrimPrefix(arn.Resource, "db:")
	}
	primary, ok := c.World.Store.Get(home, InstanceType, strings.ToLower(id))
	if !ok {
		return wire.Errorf(404, "DBInstanceNotFound", "DBInstance %s not found.", source)
	}
	for _, name := range []string{"Engine", "EngineVersion", "AllocatedStorage", "StorageType", "StorageEncrypted", "MasterUsername", "DBName", "Port", "Iops",
		"StorageThroughput", "MaxAllocatedStorage", "LicenseModel", "DBInstanceClass"} {
		if v := primary.Properties[name]; v != nil && r.Properties[name] == nil {
			r.Properties[name] = v
		}
	}
	if r.Properties["BackupRetentionPeriod"] == nil {
		r.Properties["BackupRetentionPeriod"] = 0.0
	}
	r.Private["Source"] = source
	_, _, err := c.World.Store.Update(home, InstanceType, primary.ID, func(p *store.Resource) error {
		list, _ := wire.Items(p.Private["Replicas"])
		name := r.ID
		if home.Region != r.Region {
			name = "arn:aws:rds:" + r.Region + ":" + r.Account + ":db:" + r.ID
		}
		for _, have := range list {
			if have == name {
				return nil
			}
		}
		p.Private["Replicas"] = append(list, name)
		return nil
	})
	return err
}

// leaveSource lets an instance go that is not protected.
func leaveSource(c *core.Change) error {
	if shape.Bool(c.Resource.Properties["DeletionProtection"]) {
		return wire.Errorf(400, "InvalidParameterCombination", "Cannot delete protected DB Instance, please disable deletion protection and try again.")
	}
	return nil
}

func setAbsent(r *store.Resource, defaults map[string]any) {
	for name, v := range defaults {
		if r.Properties[name] == nil && v != nil {
			r.Properties[name] = v
		}
	}
}

func instanceListing() core.Listing {
	return core.Listing{
		Type: InstanceType, ID: "DBInstanceIdentifier", Member: "DBInstances", One: "DBInstance", Missing: "DBInstanceNotFound", Show: presentInstance,
		Settings: []string{"AllocatedStorage", "AutoMinorVersionUpgrade", "BackupRetentionPeriod", "CACertificateIdentifier", "CopyTagsToSnapshot",
			"DBInstanceClass", "DBParameterGroupName", "DBPortNumber:Port", "DBSubnetGroupName", "DeletionProtection", "DedicatedLogVolume",
			"EnableIAMDatabaseAuthentication", "EnablePerformanceInsights", "EngineVersion", "Iops", "LicenseModel", "MaxAllocatedStorage", "MonitoringInterval",
			"MonitoringRoleArn", "MultiAZ", "NetworkType", "OptionGroupName", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod",
			"PreferredBackupWindow", "PreferredMaintenanceWindow", "PromotionTier", "PubliclyAccessible", "StorageThroughput", "StorageType",
			"VpcSecurityGroupIds:VPCSecurityGroups"},
		Adjust: exportLogs,
	}
}

// exportLogs applies the lists of logs that begin and end to be exported.
func exportLogs(c *core.Call, patch map[string]any) {
	change := c.In.Object("CloudwatchLogsExportConfiguration")
	if change == nil {
		return
	}
	patch["EnableCloudwatchLogsExports"] = shape.Plain(change.List("EnableLogTypes"))
}

func presentInstance(c *core.Call, r store.Resource) any {
	p := wire.Object(r.Properties)
	out := core.Renamed(p, "DBInstanceIdentifier", "DBInstanceClass", "Engine", "EngineVersion", "MultiAZ", "AvailabilityZone", "StorageType", "Iops",
		"StorageThroughput", "MaxAllocatedStorage", "StorageEncrypted", "KmsKeyId", "DedicatedLogVolume", "AutoMinorVersionUpgrade", "BackupRetentionPeriod",
		"BackupTarget", "PreferredBackupWindow", "PreferredMaintenanceWindow", "CopyTagsToSnapshot", "CACertificateIdentifier", "CharacterSetName", "Timezone",
		"CustomIAMInstanceProfile:CustomIamInstanceProfile", "DBClusterIdentifier", "DBName", "DatabaseInsightsMode", "DeletionProtection",
		"EnableCloudwatchLogsExports:EnabledCloudwatchLogsExports", "EnableIAMDatabaseAuthentication:IAMDatabaseAuthenticationEnabled",
		"EnablePerformanceInsights:PerformanceInsightsEnabled", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod", "MonitoringInterval",
		"MonitoringRoleArn", "MasterUsername", "NetworkType", "ProcessorFeatures", "PromotionTier", "PubliclyAccessible", "LicenseModel", "AllocatedStorage",
		"EngineLifecycleSupport")
	out["DBInstanceArn"], out["DbiResourceId"], out["DBInstanceStatus"] = r.Attributes["Arn"], r.Attributes["DbiResourceId"], wire.Object(r.Private).Or("Status", "available")
	out["InstanceCreateTime"] = r.Created
	out["Endpoint"] = core.Out{"Address": r.Attributes["Endpoint.Address"], "Port": p.Int("Port", 0)}
	out["DBParameterGroups"] = []any{core.Out{"DBParameterGroupName": p["DBParameterGroupName"], "ParameterApplyStatus": "in-sync"}}
	out["OptionGroupMemberships"] = []any{core.Out{"OptionGroupName": p["OptionGroupName"], "Status": "in-sync"}}
	out["VpcSecurityGroups"] = core.Each(p.Strings("VPCSecurityGroups"), "VpcSecurityGroupId", core.Out{"Status": "active"})
	if p.Has("DBSubnetGroupName") {
		out["DBSubnetGroup"] = core.Out{"DBSubnetGroupName": p["DBSubnetGroupName"], "SubnetGroupStatus": "Complete"}
	}
	out["AssociatedRoles"], out["TagList"] = p["AssociatedRoles"], core.TagList(r.Tags)
	if arn := r.Attributes["MasterUserSecret.SecretArn"]; arn != nil {
		out["MasterUserSecret"] = core.Out{"SecretArn": arn, "SecretStatus": "active", "KmsKeyId": masterKey(r)}
	}
	out["ReadReplicaDBInstanceIdentifiers"] = r.Private["Replicas"]
	if source := r.Private["Source"]; source != nil {
		out["ReadReplicaSourceDBInstanceIdentifier"] = source
		out["StatusInfos"] = []any{core.Out{"StatusType": "read replication", "Normal": true, "Status": wire.Object(r.Private).Or("Replication", "replicating")}}
	}
	return out
}

func masterKey(r store.Resource) any {
	if key := wire.AsObject(r.Properties["MasterUserSecret"]).String("KmsKeyId"); key != "" {
		return keyARN(&r, key)
	}
	return shape.ManagedKeyARN(r.Account, r.Region, "secretsmanager")
}
