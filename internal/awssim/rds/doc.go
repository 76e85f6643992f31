// Package rds simulates what RDS says of its databases: instances, clusters, global clusters, proxies, and the groups of
// parameters, options and subnets they use. It owns those AWS::RDS types, and the snapshots and replicated backups that
// somebody asks for. It stores no row and copies none: a replica is in
// step with its source as soon as it exists. What a template leaves out is filled in as AWS does: ports, engine defaults,
// zones and windows, which each Region chooses for itself.
package rds

import (
	"maps"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	InstanceType       = "AWS::RDS::DBInstance"
	ClusterType        = "AWS::RDS::DBCluster"
	GlobalType         = "AWS::RDS::GlobalCluster"
	GroupType          = "AWS::RDS::DBParameterGroup"
	ClusterGroupType   = "AWS::RDS::DBClusterParameterGroup"
	SubnetGroupType    = "AWS::RDS::DBSubnetGroup"
	OptionGroupType    = "AWS::RDS::OptionGroup"
	ProxyType          = "AWS::RDS::DBProxy"
	SubscriptionType   = "AWS::RDS::EventSubscription"
	defaultGroupPrefix = "default."
)

// Service returns RDS.
func Service() core.Service {
	instances, clusters, globals := instanceListing(), clusterListing(), globalListing()
	groups, clusterGroups := groupListing(), clusterGroupListing()
	subnets, options, proxies, subscriptions := subnetListing(), optionListing(), proxyListing(), subscriptionListing()
	tags := core.Tagging{Find: tagged, Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"TagList": core.TagList(tags)}, nil
	}}
	s := core.Service{
		Name: "rds", Namespace: "http://rds.amazonaws.com/doc/2014-10-31/",
		Items: items(),
		Operations: map[string]core.Handler{
			"DescribeDBInstances": instances.List, "ModifyDBInstance": instances.Change, "DeleteDBInstance": instances.Remove,
			"DescribeDBClusters": clusters.List, "ModifyDBCluster": clusters.Change, "DeleteDBCluster": clusters.Remove,
			"DescribeGlobalClusters": globals.List, "ModifyGlobalCluster": globals.Change, "RemoveFromGlobalCluster": leaveGlobal,
			"DescribeDBParameterGroups": describeGroups(groups), "CreateDBParameterGroup": createGroup(groups, "DBParameterGroupName"),
			"DescribeDBParameters": parameters(groups), "ModifyDBParameterGroup": setParameters(groups), "ResetDBParameterGroup": resetParameters(groups),
			"DescribeDBClusterParameterGroups": describeGroups(clusterGroups),
			"CreateDBClusterParameterGroup":    createGroup(clusterGroups, "DBClusterParameterGroupName"),
			"DescribeDBClusterParameters":      parameters(clusterGroups), "ModifyDBClusterParameterGroup": setParameters(clusterGroups),
			"DescribeDBSubnetGroups": subnets.List, "ModifyDBSubnetGroup": subnets.Change,
			"DescribeOptionGroups": describeOptionGroups(options), "ModifyOptionGroup": modifyOptions(options),
			"DescribeDBProxies": proxies.List, "ModifyDBProxy": proxies.Change,
			"DescribeEventSubscriptions": subscriptions.List, "ModifyEventSubscription": subscriptions.Change,
			"DescribeAccountAttributes": accountAttributes,
			"ListTagsForResource":       tags.List, "AddTagsToResource": tags.Add, "RemoveTagsFromResource": tags.Remove,
		},
		Kinds: append(snapshotKinds(), instanceKind(), clusterKind(), globalKind(), groupKind(), clusterGroupKind(), subnetGroupKind(), optionGroupKind(),
			proxyKind(), subscriptionKind()),
	}
	maps.Copy(s.Operations, snapshotOperations())
	return s
}

// items are the names that RDS gives the elements of its lists.
func items() map[string]string {
	return map[string]string{
		"DBInstances": "DBInstance", "DBParameterGroups": "DBParameterGroup", "VpcSecurityGroups": "VpcSecurityGroupMembership",
		"OptionGroupMemberships": "OptionGroupMembership", "TagList": "Tag", "DBClusters": "DBCluster", "DBClusterMembers": "DBClusterMember",
		"GlobalClusters": "GlobalClusterMember", "GlobalClusterMembers": "GlobalClusterMember", "DBClusterParameterGroups": "DBClusterParameterGroup",
		"Parameters": "Parameter", "DBSubnetGroups": "DBSubnetGroup", "Subnets": "Subnet", "OptionGroupsList": "OptionGroup", "Options": "Option",
		"OptionSettings": "OptionSetting", "EventSubscriptionsList": "EventSubscription", "EventCategoriesList": "EventCategory",
		"SourceIdsList": "SourceId", "AvailabilityZones": "AvailabilityZone", "StatusInfos": "DBInstanceStatusInfo",
		"ReadReplicaDBInstanceIdentifiers": "ReadReplicaDBInstanceIdentifier", "VpcSecurityGroupMemberships": "VpcSecurityGroupMembership",
		"ProcessorFeatures": "ProcessorFeature", "DBSnapshots": "DBSnapshot", "DBClusterSnapshots": "DBClusterSnapshot",
		"DBInstanceAutomatedBackups": "DBInstanceAutomatedBackup", "AccountQuotas": "AccountQuota",
	}
}

// tagged finds what an ARN names, whatever its type.
func tagged(c *core.Call) (store.Resource, error) {
	arn := c.In.String("ResourceName")
	for _, typ := range []string{InstanceType, ClusterType, GlobalType, GroupType, ClusterGroupType, SubnetGroupType, OptionGroupType, ProxyType,
		SubscriptionType} {
		for _, r := range c.List(typ) {
			if wire.Text(r.Attributes["Arn"]) == arn {
				return r, nil
			}
		}
	}
	return store.Resource{}, wire.Errorf(404, "DBInstanceNotFound", "%s not found.", arn)
}
