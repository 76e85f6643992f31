package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// dbClusterFields are members of DescribeDBClusters by the property they tell.
var dbClusterFields = []string{"DBClusterIdentifier", "DBClusterInstanceClass", "Engine", "EngineMode", "EngineVersion", "EngineLifecycleSupport",
	"DatabaseName", "MasterUsername", "Port", "StorageType", "StorageEncrypted", "KmsKeyId", "AllocatedStorage", "Iops", "AvailabilityZones", "BackupRetentionPeriod",
	"PreferredBackupWindow", "PreferredMaintenanceWindow", "BacktrackWindow", "CopyTagsToSnapshot", "DeletionProtection", "AutoMinorVersionUpgrade",
	"DBClusterParameterGroup:DBClusterParameterGroupName", "DBSubnetGroup:DBSubnetGroupName", "DBSystemId", "DatabaseInsightsMode",
	"EnabledCloudwatchLogsExports:EnableCloudwatchLogsExports", "HttpEndpointEnabled:EnableHttpEndpoint",
	"IAMDatabaseAuthenticationEnabled:EnableIAMDatabaseAuthentication", "GlobalWriteForwardingRequested:EnableGlobalWriteForwarding",
	"GlobalClusterIdentifier", "MonitoringInterval", "MonitoringRoleArn", "NetworkType", "PerformanceInsightsEnabled",
	"PerformanceInsightsKMSKeyId:PerformanceInsightsKmsKeyId", "PerformanceInsightsRetentionPeriod", "PubliclyAccessible", "ReplicationSourceIdentifier"}

// dbClusterMore are the properties that take more than another name.
var dbClusterMore = []string{"VpcSecurityGroupIds", "AssociatedRoles", "ManageMasterUserPassword", "MasterUserSecret", "Domain", "DomainIAMRoleName",
	"EnableLocalWriteForwarding", "ScalingConfiguration", "ServerlessV2ScalingConfiguration", "Tags"}

func (r *run) dbClusters() catalogue[types.DBCluster] {
	return catalogue[types.DBCluster]{
		what: "a cluster identifier",
		page: func(ctx context.Context, marker *string) ([]types.DBCluster, *string, error) {
			out, err := r.clients.rds.DescribeDBClusters(ctx, &rds.DescribeDBClustersInput{Marker: marker, MaxRecords: rdsPage()})
			if err != nil {
				return nil, nil, err
			}
			return out.DBClusters, out.Marker, nil
		},
		id:    func(d types.DBCluster) string { return aws.ToString(d.DBClusterIdentifier) },
		found: r.dbCluster,
	}
}

func (r *run) dbCluster(_ context.Context, item inventory.Item, d types.DBCluster) {
	o := newObject().take(d, dbClusterFields...).identity("DBClusterArn", aws.ToString(d.DBClusterArn)).
		identity("DBClusterIdentifier", aws.ToString(d.DBClusterIdentifier)).identity("DBClusterResourceId", aws.ToString(d.DbClusterResourceId)).
		identity("Endpoint.Address", aws.ToString(d.Endpoint)).identity("ReadEndpoint.Address", aws.ToString(d.ReaderEndpoint)).
		tagList(d.TagList, "Key", "Value").chosen(item, "PreferredBackupWindow", "PreferredMaintenanceWindow")
	o.set("VpcSecurityGroupIds", securityGroupIDs(d.VpcSecurityGroups))
	roles := []map[string]any{}
	for _, role := range d.AssociatedRoles {
		roles = append(roles, map[string]any{"FeatureName": role.FeatureName, "RoleArn": role.RoleArn})
	}
	o.set("AssociatedRoles", roles)
	masterSecret(o, d.MasterUserSecret)
	for _, domain := range d.DomainMemberships {
		o.take(domain, "Domain", "IAMRoleName:DomainIAMRoleName")
	}
	switch d.LocalWriteForwardingStatus {
	case types.LocalWriteForwardingStatusEnabled, types.LocalWriteForwardingStatusEnabling:
		o.set("EnableLocalWriteForwarding", true)
	}
	o.set("ScalingConfiguration", d.ScalingConfigurationInfo)
	if s := d.ServerlessV2ScalingConfiguration; s != nil {
		o.set("ServerlessV2ScalingConfiguration", map[string]any{"MinCapacity": s.MinCapacity, "MaxCapacity": s.MaxCapacity,
			"SecondsUntilAutoPause": s.SecondsUntilAutoPause})
	}
	members := []map[string]any{}
	for _, m := range d.DBClusterMembers {
		members = append(members, map[string]any{"DBInstanceIdentifier": m.DBInstanceIdentifier, "IsClusterWriter": m.IsClusterWriter,
			"DBClusterParameterGroupStatus": m.DBClusterParameterGroupStatus})
	}
	sortObjects(members, "DBInstanceIdentifier")
	r.fact(item, drift.FactDBClusterState, map[string]any{"Status": aws.ToString(d.Status), "DBClusterMembers": members,
		"GlobalClusterIdentifier":     aws.ToString(d.GlobalClusterIdentifier),
		"ReplicationSourceIdentifier": aws.ToString(d.ReplicationSourceIdentifier)})
	r.found(item, o)
}

var globalClusterFields = []string{"GlobalClusterIdentifier", "DatabaseName", "Engine", "EngineVersion", "EngineLifecycleSupport", "DeletionProtection",
	"StorageEncrypted"}

func (r *run) globalClusters() catalogue[types.GlobalCluster] {
	return catalogue[types.GlobalCluster]{
		what: "a global cluster identifier",
		page: func(ctx context.Context, marker *string) ([]types.GlobalCluster, *string, error) {
			out, err := r.clients.rds.DescribeGlobalClusters(ctx, &rds.DescribeGlobalClustersInput{Marker: marker, MaxRecords: rdsPage()})
			if err != nil {
				return nil, nil, err
			}
			return out.GlobalClusters, out.Marker, nil
		},
		id:    func(d types.GlobalCluster) string { return aws.ToString(d.GlobalClusterIdentifier) },
		found: r.globalCluster,
	}
}

func (r *run) globalCluster(_ context.Context, item inventory.Item, d types.GlobalCluster) {
	o := newObject().take(d, globalClusterFields...).identity("GlobalClusterArn", aws.ToString(d.GlobalClusterArn)).
		identity("GlobalClusterIdentifier", aws.ToString(d.GlobalClusterIdentifier)).identity("GlobalEndpoint.Address", aws.ToString(d.Endpoint)).
		tagList(d.TagList, "Key", "Value")
	members := []map[string]any{}
	for _, m := range d.GlobalClusterMembers {
		members = append(members, map[string]any{"DBClusterArn": aws.ToString(m.DBClusterArn), "IsWriter": m.IsWriter,
			"SynchronizationStatus": string(m.SynchronizationStatus)})
	}
	sortObjects(members, "DBClusterArn")
	r.fact(item, drift.FactGlobalClusterState, map[string]any{"Status": aws.ToString(d.Status), "GlobalClusterMembers": members})
	r.found(item, o)
}
