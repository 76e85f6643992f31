package drift

// defaults is what a property has when a template says nothing about it, where
// AWS documents that. They play no part in whether Regions differ; they tell
// which Region left what neither template names.
var defaults = []struct {
	Type, Property string
	Value          any
}{
	{"AWS::CloudWatch::Alarm", "ActionsEnabled", true},
	{"AWS::CloudWatch::Alarm", "TreatMissingData", "missing"},
	{"AWS::CloudWatch::CompositeAlarm", "ActionsEnabled", true},
	{"AWS::DynamoDB::Table", "BillingMode", "PROVISIONED"},
	{"AWS::DynamoDB::Table", "DeletionProtectionEnabled", false},
	{"AWS::DynamoDB::Table", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", false},
	{"AWS::DynamoDB::Table", "TableClass", "STANDARD"},
	{"AWS::ECS::Service", "EnableExecuteCommand", false},
	{"AWS::Events::Rule", "State", "ENABLED"},
	{"AWS::Events::Rule", "EventBusName", "default"},
	{"AWS::ElasticLoadBalancingV2::TargetGroup", "HealthCheckEnabled", true},
	{"AWS::KMS::Key", "Enabled", true},
	{"AWS::KMS::Key", "EnableKeyRotation", false},
	{"AWS::KMS::Key", "KeySpec", "SYMMETRIC_DEFAULT"},
	{"AWS::KMS::Key", "KeyUsage", "ENCRYPT_DECRYPT"},
	{"AWS::Lambda::EventSourceMapping", "Enabled", true},
	{"AWS::Lambda::EventSourceMapping", "BisectBatchOnFunctionError", false},
	{"AWS::Lambda::Function", "MemorySize", 128.0},
	{"AWS::Lambda::Function", "Timeout", 3.0},
	{"AWS::Lambda::Function", "PackageType", "Zip"},
	{"AWS::Lambda::Function", "EphemeralStorage.Size", 512.0},
	{"AWS::Lambda::Function", "TracingConfig.Mode", "PassThrough"},
	{"AWS::Pipes::Pipe", "DesiredState", "RUNNING"},
	{"AWS::RDS::DBCluster", "DeletionProtection", false},
	{"AWS::RDS::DBInstance", "DeletionProtection", false},
	{"AWS::S3::Bucket", "AccessControl", "Private"},
	{"AWS::S3::Bucket", "RequestPayment", "BucketOwner"},
	{"AWS::Scheduler::Schedule", "State", "ENABLED"},
	{"AWS::SQS::Queue", "DelaySeconds", 0.0},
	{"AWS::SQS::Queue", "MaximumMessageSize", 262144.0},
	{"AWS::SQS::Queue", "MessageRetentionPeriod", 345600.0},
	{"AWS::SQS::Queue", "ReceiveMessageWaitTimeSeconds", 0.0},
	{"AWS::SQS::Queue", "SqsManagedSseEnabled", true},
	{"AWS::SQS::Queue", "VisibilityTimeout", 30.0},
}

// defaultAt is the documented default of a property, nil when there is none.
func (c *comparer) defaultAt(typeName string, p path) *node {
	for _, d := range defaults {
		if d.Type == typeName && p.equals(d.Property) {
			return c.primary.plain(nil, 0, d.Value, structured)
		}
	}
	return nil
}
