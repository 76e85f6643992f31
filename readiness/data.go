package readiness

import (
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

const typeBucket = "AWS::S3::Bucket"

// tableTypes are the two ways CloudFormation makes a DynamoDB table.
var tableTypes = []string{"AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"}

func dataRules() []Rule {
	return append(bucketRules(), parityRules(
		parity{
			id: "DAT-08", severity: drift.Block, noun: "table", holds: "the same keys, indexes, streams, encryption and expiry",
			title:  "DynamoDB tables have the same keys, indexes, streams, encryption and expiry, and enough capacity",
			why:    "A query on an index that the standby's table lacks fails, and a table with less capacity throttles the first real load.",
			source: "ARC readiness rules for DynamoDB tables",
			fix:    "Deploy the same table definition to the standby. A missing index takes as long to build as the table is large: build it now.",
			types:  tableTypes, least: drift.Warn,
			properties: []string{"KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "StreamSpecification",
				"SSESpecification", "TimeToLiveSpecification", "BillingMode", "ProvisionedThroughput", "WriteProvisionedThroughputSettings",
				"OnDemandThroughput", "TableClass", "KinesisStreamSpecification"},
			actions: []string{"dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"}, strategies: softInBackup,
		},
		parity{
			id: "DAT-06", severity: drift.Block, noun: "database", holds: "promotable: as available and with as much room as the primary's",
			title:  "Databases of the standby can be promoted: Multi-AZ as the primary's, encrypted, with as much room to grow",
			why:    "A promotion does not add the second Availability Zone, the room or the authentication that the replica lacks.",
			source: "Amazon RDS user guide, Working with DB instance read replicas; ARC Region switch, RDS blocks",
			fix:    "Modify the standby's database now: after a promotion each change costs a maintenance window.",
			types:  []string{typeDBInstance, typeDBCluster},
			properties: []string{"MultiAZ", "AvailabilityZones", "StorageEncrypted", "StorageType", "EnableIAMDatabaseAuthentication",
				"VPCSecurityGroups", "VpcSecurityGroupIds", "CACertificateIdentifier", "DeletionProtection", "Port"},
			least: drift.Warn, actions: []string{"rds:DescribeDBClusters", "rds:DescribeDBInstances"}, strategies: softInBackup,
		},
	)...)
}

func bucketRules() []Rule {
	return []Rule{{
		ID: "DAT-10", Severity: drift.Block, compares: true, check: bucketsReplicate,
		Strategies: strategyLevels{topology.BackupRestore: LevelWarn},
		Title:      "Buckets that replicate to the standby do so within the RPO, and are versioned and encrypted alike",
		Why:        "A replication rule that was switched off, or a bucket without versions, loses every object written since, and nothing reports it.",
		Source:     "Disaster Recovery of Workloads on AWS; Amazon S3 user guide, Replicating objects within and across Regions",
		Needs: []Need{{Types: []string{typeBucket}, Properties: bucketProperties,
			Actions: []string{"s3:GetReplicationConfiguration", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration"}},
			{Types: []string{typeBucket}, Fact: drift.FactBucketLag, Actions: []string{"cloudwatch:GetMetricData"}},
			{Types: []string{typeBucket}, Fact: drift.FactBucketFailures, Actions: []string{"cloudwatch:GetMetricData"}}},
		Fix: "Enable the replication rule and versioning on both buckets, and replicate what was written in between (S3 Batch Replication).",
	}}
}

var bucketProperties = []string{"ReplicationConfiguration", "VersioningConfiguration", "BucketEncryption", "LifecycleConfiguration", "ObjectLockEnabled",
	"ObjectLockConfiguration", "PublicAccessBlockConfiguration"}

// bucketsReplicate judges the rules of every bucket of the primary that
// replicates, and takes what the comparison says of the buckets.
func bucketsReplicate(h *hearing) {
	buckets := h.pairs(typeBucket)
	h.applies(len(buckets), "bucket", "versioned and encrypted alike, and replicating where it is declared")
	for _, p := range h.present(buckets) {
		rules := objects(at(p.primary.Properties, "ReplicationConfiguration.Rules"))
		for _, rule := range rules {
			if status := text(rule, "Status"); status != "Enabled" {
				h.failProperty("", p.key, "ReplicationConfiguration.Rules", "", "replication rule %s is %s in %s", show(ruleID(rule)), show(rule["Status"]), h.primary.region())
			} else if destination, _ := at(rule, "Destination.Bucket").(string); strings.HasSuffix(destination, ":::"+p.standby.ID) {
				h.ruleKeepsUp(p.key, rule)
			}
		}
		if len(rules) > 0 && at(p.standby.Properties, "VersioningConfiguration.Status") != "Enabled" {
			h.failProperty("", p.key, "VersioningConfiguration.Status", "", "is replicated to from %s and not versioned in %s", h.primary.region(), h.standby.region())
		}
	}
	h.hearFindings(typeBucket, func(f *drift.Finding) (drift.Severity, bool) {
		owned := parity{properties: bucketProperties}.owns(f.Property)
		return raised(f, drift.Warn), owned && !h.leaks(f)
	})
}
