package deploy

import (
	"slices"
	"strings"
)

// Class says what going back over a change would cost. CloudFormation's own
// rollback, while an operation runs, keeps what is replaced until the end;
// afterwards it is gone.
type Class string

// The classes, best first.
const (
	Reversible   Class = "reversible"
	DataAtRisk   Class = "data-at-risk" // the configuration comes back, data may not
	Irreversible Class = "irreversible" // neither deploying nor rolling back brings it back
)

// WorseThan reports whether c costs more than other.
func (c Class) WorseThan(other Class) bool {
	order := []Class{"", Reversible, DataAtRisk, Irreversible}
	return slices.Index(order, c) > slices.Index(order, other)
}

// stateful are the types of resources that hold data nobody can deploy again.
// Source: the resource types for which CloudFormation documents a snapshot or
// warns of data loss on replacement, and stores of AWS's other services.
var stateful = [...]string{
	"AWS::Backup::BackupVault", "AWS::Cassandra::Table", "AWS::CertificateManager::Certificate", "AWS::CloudTrail::EventDataStore",
	"AWS::CodeCommit::Repository", "AWS::Cognito::IdentityPool", "AWS::Cognito::UserPool", "AWS::DAX::Cluster",
	"AWS::DMS::ReplicationInstance", "AWS::DSQL::Cluster", "AWS::DocDB::DBCluster", "AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table",
	"AWS::EC2::EIP", "AWS::EC2::Instance", "AWS::EC2::Volume", "AWS::ECR::Repository", "AWS::EFS::FileSystem", "AWS::EKS::Cluster",
	"AWS::ElastiCache::CacheCluster", "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::ServerlessCache", "AWS::Elasticsearch::Domain",
	"AWS::FSx::FileSystem", "AWS::IoTAnalytics::Datastore", "AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::Kinesis::Stream",
	"AWS::Logs::LogGroup", "AWS::MSK::Cluster", "AWS::MemoryDB::Cluster", "AWS::Neptune::DBCluster", "AWS::OpenSearchServerless::Collection",
	"AWS::OpenSearchService::Domain", "AWS::QLDB::Ledger", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::RDS::GlobalCluster",
	"AWS::Redshift::Cluster", "AWS::Route53::HostedZone", "AWS::S3::Bucket", "AWS::S3Express::DirectoryBucket", "AWS::S3Tables::TableBucket",
	"AWS::SQS::Queue", "AWS::SSM::Parameter", "AWS::SecretsManager::Secret", "AWS::Timestream::Table",
}

// lasting are the properties whose change in place costs something, by type.
// Source: the services' own documentation of what cannot be undone.
var lasting = map[string]map[string]Class{
	"AWS::Cognito::UserPool":             {"Schema": Irreversible},
	"AWS::DocDB::DBCluster":              {"EngineVersion": Irreversible},
	"AWS::DynamoDB::GlobalTable":         {"Replicas": DataAtRisk, "TimeToLiveSpecification": DataAtRisk},
	"AWS::DynamoDB::Table":               {"TimeToLiveSpecification": DataAtRisk},
	"AWS::EC2::Volume":                   {"Size": Irreversible},
	"AWS::ECR::Repository":               {"LifecyclePolicy": DataAtRisk},
	"AWS::EKS::Cluster":                  {"Version": Irreversible},
	"AWS::ElastiCache::ReplicationGroup": {"EngineVersion": Irreversible},
	"AWS::Kinesis::Stream":               {"RetentionPeriodHours": DataAtRisk},
	"AWS::Logs::LogGroup":                {"RetentionInDays": DataAtRisk},
	"AWS::MSK::Cluster":                  {"KafkaVersion": Irreversible},
	"AWS::Neptune::DBCluster":            {"EngineVersion": Irreversible},
	"AWS::OpenSearchService::Domain":     {"EngineVersion": Irreversible},
	"AWS::RDS::DBCluster":                {"EngineVersion": Irreversible},
	"AWS::RDS::DBInstance":               {"AllocatedStorage": Irreversible, "EngineVersion": Irreversible},
	"AWS::RDS::GlobalCluster":            {"EngineVersion": Irreversible},
	"AWS::S3::Bucket":                    {"LifecycleConfiguration": DataAtRisk, "ObjectLockEnabled": Irreversible, "VersioningConfiguration": Irreversible},
	"AWS::SQS::Queue":                    {"MessageRetentionPeriod": DataAtRisk},
}

// IsStateful reports whether a resource of the type holds data.
func IsStateful(kind string) bool { return slices.Contains(stateful[:], kind) }

// Replaces reports whether the change may make a new resource in place of the old.
func (c Change) Replaces() bool {
	return strings.EqualFold(c.Replacement, "true") || strings.EqualFold(c.Replacement, "conditional")
}

// Classify says what going back over a change would cost. A change whose
// target already said so keeps its class.
func Classify(c Change) Class {
	switch {
	case c.Class != "":
		return c.Class
	case c.Action == "Remove" || c.Replaces():
		return classOfLoss(c)
	case c.Action == "Dynamic" && IsStateful(c.Type): // nobody knows before it is executed
		return DataAtRisk
	}
	class := Reversible
	for _, property := range c.Properties {
		if cost := lasting[c.Type][property]; cost.WorseThan(class) {
			class = cost
		}
	}
	return class
}

// classOfLoss is that of a resource which goes away. What its policy keeps is
// still there, but no longer part of the stack.
func classOfLoss(c Change) Class {
	switch {
	case !IsStateful(c.Type):
		return Reversible
	case strings.Contains(c.Policy, "Retain"), strings.Contains(c.Policy, "Snapshot"):
		return DataAtRisk
	}
	return Irreversible
}
