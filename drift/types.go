package drift

import "slices"

// globalTypes exist once for all Regions of a partition.
var globalTypes = []string{
	"AWS::CloudFront::CachePolicy", "AWS::CloudFront::CloudFrontOriginAccessIdentity", "AWS::CloudFront::Distribution", "AWS::CloudFront::Function",
	"AWS::CloudFront::KeyGroup", "AWS::CloudFront::KeyValueStore", "AWS::CloudFront::MonitoringSubscription",
	"AWS::CloudFront::OriginAccessControl", "AWS::CloudFront::OriginRequestPolicy", "AWS::CloudFront::PublicKey",
	"AWS::CloudFront::RealtimeLogConfig", "AWS::CloudFront::ResponseHeadersPolicy",
	"AWS::DocDB::GlobalCluster",
	"AWS::GlobalAccelerator::Accelerator", "AWS::GlobalAccelerator::EndpointGroup", "AWS::GlobalAccelerator::Listener",
	"AWS::IAM::AccessKey", "AWS::IAM::Group", "AWS::IAM::GroupPolicy", "AWS::IAM::InstanceProfile", "AWS::IAM::ManagedPolicy", "AWS::IAM::OIDCProvider",
	"AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::RolePolicy", "AWS::IAM::SAMLProvider", "AWS::IAM::ServerCertificate", "AWS::IAM::ServiceLinkedRole",
	"AWS::IAM::User", "AWS::IAM::UserPolicy", "AWS::IAM::UserToGroupAddition",
	"AWS::Organizations::Account", "AWS::Organizations::Policy",
	"AWS::RDS::GlobalCluster",
	"AWS::Route53::CidrCollection", "AWS::Route53::DNSSEC", "AWS::Route53::HealthCheck", "AWS::Route53::HostedZone", "AWS::Route53::KeySigningKey", "AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup",
	"AWS::Route53RecoveryControl::Cluster", "AWS::Route53RecoveryControl::ControlPanel",
	"AWS::Route53RecoveryControl::RoutingControl", "AWS::Route53RecoveryControl::SafetyRule",
	"AWS::S3::MultiRegionAccessPoint",
}

// IsGlobal reports whether resources of a CloudFormation type exist once for all
// Regions, so that a stack of one Region may declare them for both.
func IsGlobal(typeName string) bool { return isGlobal(typeName) }

func isGlobal(typeName string) bool {
	_, found := slices.BinarySearch(globalTypes, typeName)
	return found
}

// silentTypes are no part of the running application: they steer a
// deployment, or carry metadata.
var silentTypes = []string{
	"AWS::CDK::Metadata", "AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Macro",
	"AWS::CloudFormation::ModuleDefaultVersion", "AWS::CloudFormation::WaitCondition",
	"AWS::CloudFormation::WaitConditionHandle",
}

func isSilent(typeName string) bool {
	_, found := slices.BinarySearch(silentTypes, typeName)
	return found
}

// sideTypes are types without which the standby still takes over, if worse.
// Any other type missing from the standby blocks.
var sideTypes = []string{
	"AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy", "AWS::AutoScaling::ScalingPolicy",
	"AWS::AutoScaling::ScheduledAction",
	"AWS::Budgets::Budget", "AWS::CloudTrail::Trail", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::AnomalyDetector",
	"AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::Dashboard", "AWS::Config::ConfigRule", "AWS::EC2::FlowLog", "AWS::Events::Archive",
	"AWS::Logs::LogGroup", "AWS::Logs::LogStream", "AWS::Logs::MetricFilter", "AWS::Logs::QueryDefinition",
	"AWS::Logs::ResourcePolicy", "AWS::Logs::SubscriptionFilter", "AWS::RDS::EventSubscription", "AWS::Synthetics::Canary",
	"AWS::WAFv2::LoggingConfiguration", "AWS::XRay::Group", "AWS::XRay::SamplingRule",
}

// takeoverPrefixes are the services an application runs on. A resource of
// theirs that the standby lacks blocks, unless it is a side type.
var takeoverServices = []string{
	"AWS::AmazonMQ::", "AWS::ApiGateway::", "AWS::ApiGatewayV2::", "AWS::AppRunner::", "AWS::AppSync::", "AWS::AutoScaling::", "AWS::CertificateManager::",
	"AWS::Batch::", "AWS::Cognito::", "AWS::DAX::", "AWS::DocDB::", "AWS::DynamoDB::", "AWS::EC2::", "AWS::ECR::", "AWS::ECS::", "AWS::EFS::", "AWS::EKS::",
	"AWS::ElastiCache::", "AWS::ElasticLoadBalancing::", "AWS::ElasticLoadBalancingV2::", "AWS::Events::", "AWS::FSx::", "AWS::IAM::",
	"AWS::KMS::", "AWS::Kinesis::", "AWS::KinesisFirehose::", "AWS::Lambda::", "AWS::MSK::", "AWS::MemoryDB::", "AWS::Neptune::", "AWS::OpenSearchService::", "AWS::Pipes::", "AWS::RDS::",
	"AWS::Route53::", "AWS::S3::", "AWS::SNS::", "AWS::SQS::", "AWS::SSM::", "AWS::Scheduler::", "AWS::SecretsManager::",
	"AWS::Serverless::", "AWS::ServiceDiscovery::", "AWS::StepFunctions::", "AWS::VpcLattice::", "AWS::WAFv2::",
}

// missingSeverity is how bad it is that the standby lacks a resource.
func missingSeverity(typeName string) Severity {
	if _, side := slices.BinarySearch(sideTypes, typeName); side {
		return Warn
	}
	for _, service := range takeoverServices {
		if len(typeName) > len(service) && typeName[:len(service)] == service {
			return Block
		}
	}
	return Warn
}

// twins are types that stand for each other across Regions: a key and its
// replica, a table and the global table it is part of.
var twins = [][2]string{
	{"AWS::KMS::Key", "AWS::KMS::ReplicaKey"},
	{"AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"},
	{"AWS::IAM::Policy", "AWS::IAM::RolePolicy"},
}

func areTwins(a, b string) bool {
	return slices.ContainsFunc(twins, func(t [2]string) bool { return t == [2]string{a, b} || t == [2]string{b, a} })
}

// leftToItsTwin reports whether only one of two templates of different types
// says something: the other type takes it from what it is a replica of.
func (p *couple) leftToItsTwin(d difference) bool {
	planned := p.primary.Planned != "" || p.standby.Planned != ""
	return planned && p.primary.Type != p.standby.Type && (d.primary == nil || d.standby == nil)
}

// sortOf is a type, or the first of the two that stand for each other.
func sortOf(typeName string) string {
	for _, t := range twins {
		if typeName == t[1] {
			return t[0]
		}
	}
	return typeName
}
