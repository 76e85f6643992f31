package read

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// dbInstanceFields are members of DescribeDBInstances by the property they tell.
var dbInstanceFields = []string{"DBInstanceIdentifier", "DBInstanceClass", "Engine", "EngineVersion", "EngineLifecycleSupport", "LicenseModel", "MultiAZ",
	"AvailabilityZone", "StorageType", "Iops", "StorageThroughput", "MaxAllocatedStorage", "StorageEncrypted", "KmsKeyId", "DedicatedLogVolume",
	"AutoMinorVersionUpgrade", "BackupRetentionPeriod", "BackupTarget", "PreferredBackupWindow", "PreferredMaintenanceWindow", "CopyTagsToSnapshot",
	"CACertificateIdentifier", "CharacterSetName", "NcharCharacterSetName", "Timezone", "CustomIamInstanceProfile:CustomIAMInstanceProfile",
	"DBClusterIdentifier", "DBName", "DBSystemId", "DatabaseInsightsMode", "DeletionProtection",
	"EnabledCloudwatchLogsExports:EnableCloudwatchLogsExports", "IAMDatabaseAuthenticationEnabled:EnableIAMDatabaseAuthentication",
	"PerformanceInsightsEnabled:EnablePerformanceInsights", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod", "MonitoringInterval",
	"MonitoringRoleArn", "MasterUsername", "NetworkType", "ProcessorFeatures", "PromotionTier", "PubliclyAccessible", "ReplicaMode",
	"ReadReplicaSourceDBInstanceIdentifier:SourceDBInstanceIdentifier", "ReadReplicaSourceDBClusterIdentifier:SourceDBClusterIdentifier",
	"TdeCredentialArn"}

// dbInstanceMore are the properties that take more than another name.
var dbInstanceMore = []string{"AllocatedStorage", "Port", "DBParameterGroupName", "DBSubnetGroupName", "OptionGroupName", "VPCSecurityGroups",
	"AssociatedRoles", "ManageMasterUserPassword", "MasterUserSecret", "Domain", "DomainFqdn", "DomainOu", "DomainIAMRoleName", "DomainDnsIps",
	"DomainAuthSecretArn", "Tags"}

func (r *run) dbInstances() catalogue[types.DBInstance] {
	return catalogue[types.DBInstance]{
		what: "an instance identifier",
		page: func(ctx context.Context, marker *string) ([]types.DBInstance, *string, error) {
			out, err := r.clients.rds.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{Marker: marker, MaxRecords: rdsPage()})
			if err != nil {
				return nil, nil, err
			}
			return out.DBInstances, out.Marker, nil
		},
		id:    func(d types.DBInstance) string { return aws.ToString(d.DBInstanceIdentifier) },
		found: r.dbInstance,
	}
}

func (r *run) dbInstance(_ context.Context, item inventory.Item, d types.DBInstance) {
	o := newObject().take(d, dbInstanceFields...).identity("DBInstanceArn", aws.ToString(d.DBInstanceArn)).
		identity("DBInstanceIdentifier", aws.ToString(d.DBInstanceIdentifier)).identity("DbiResourceId", aws.ToString(d.DbiResourceId)).
		tagList(d.TagList, "Key", "Value").chosen(item, "PreferredBackupWindow", "PreferredMaintenanceWindow")
	if d.AllocatedStorage != nil {
		o.set("AllocatedStorage", strconv.Itoa(int(*d.AllocatedStorage)))
	}
	if e := d.Endpoint; e != nil {
		o.identity("Endpoint.Address", aws.ToString(e.Address))
		if e.Port != nil {
			o.set("Port", strconv.Itoa(int(*e.Port)))
		}
	}
	if d.DBSubnetGroup != nil {
		o.set("DBSubnetGroupName", d.DBSubnetGroup.DBSubnetGroupName)
	}
	if len(d.DBParameterGroups) > 0 {
		o.set("DBParameterGroupName", d.DBParameterGroups[0].DBParameterGroupName)
	}
	for _, group := range d.OptionGroupMemberships {
		o.set("OptionGroupName", group.OptionGroupName)
	}
	o.set("VPCSecurityGroups", securityGroupIDs(d.VpcSecurityGroups))
	roles := []map[string]any{}
	for _, role := range d.AssociatedRoles {
		roles = append(roles, map[string]any{"FeatureName": role.FeatureName, "RoleArn": role.RoleArn})
	}
	o.set("AssociatedRoles", roles)
	masterSecret(o, d.MasterUserSecret)
	for _, domain := range d.DomainMemberships {
		o.take(domain, "Domain", "FQDN:DomainFqdn", "OU:DomainOu", "IAMRoleName:DomainIAMRoleName", "DnsIps:DomainDnsIps", "AuthSecretArn:DomainAuthSecretArn")
	}
	states := []map[string]any{}
	for _, s := range d.StatusInfos {
		states = append(states, map[string]any{"StatusType": s.StatusType, "Status": s.Status, "Normal": s.Normal, "Message": s.Message})
	}
	sortObjects(states, "StatusType")
	r.fact(item, drift.FactDBInstanceState, map[string]any{
		"DBInstanceStatus": aws.ToString(d.DBInstanceStatus), "ReplicaMode": string(d.ReplicaMode), "StatusInfos": states,
		"ReadReplicaSourceDBInstanceIdentifier": aws.ToString(d.ReadReplicaSourceDBInstanceIdentifier),
		"ReadReplicaSourceDBClusterIdentifier":  aws.ToString(d.ReadReplicaSourceDBClusterIdentifier),
		"ReadReplicaDBInstanceIdentifiers":      append([]string{}, d.ReadReplicaDBInstanceIdentifiers...),
	})
	r.found(item, o)
}

// masterSecret tells whether RDS keeps the password in a secret, and with which
// key. The secret itself is named, and never opened.
func masterSecret(o *object, s *types.MasterUserSecret) {
	if s == nil {
		o.set("ManageMasterUserPassword", false)
		return
	}
	o.set("ManageMasterUserPassword", true).set("MasterUserSecret", map[string]any{"KmsKeyId": s.KmsKeyId}).
		identity("MasterUserSecret.SecretArn", aws.ToString(s.SecretArn))
}

func securityGroupIDs(groups []types.VpcSecurityGroupMembership) []string {
	ids := []string{}
	for _, g := range groups {
		ids = append(ids, aws.ToString(g.VpcSecurityGroupId))
	}
	slices.Sort(ids)
	return ids
}
