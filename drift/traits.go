package drift

import "slices"

// telling are read-only properties that say something about the
// configuration: they are compared although AWS sets them.
var telling = []struct{ Type, Property string }{
	{"AWS::Lambda::Version", "CodeSha256"},
	{"AWS::ECS::TaskDefinition", "ImageDigest"},
	{"AWS::DynamoDB::GlobalTable", "ReplicaStatus"},
}

func isTelling(typeName, property string) bool {
	return slices.ContainsFunc(telling, func(t struct{ Type, Property string }) bool {
		return t.Type == typeName && t.Property == property
	})
}

// propertyTraits correct and complete the registry's schemas, type by type.
// Paths are dotted, "*" is any element of an array.
var propertyTraits = []struct {
	Type, Property string
	Traits         trait
}{
	{"AWS::ApiGateway::RestApi", "BinaryMediaTypes", traitUnordered},
	{"AWS::ApiGateway::RestApi", "EndpointConfiguration.Types", traitUnordered},
	{"AWS::ApiGateway::RestApi", "EndpointConfiguration.VpcEndpointIds", traitUnordered},
	{"AWS::ApiGateway::Stage", "Variables", traitFree},
	{"AWS::ApiGateway::Stage", "StageName", traitMeaningful},
	{"AWS::ApiGateway::Method", "AuthorizationScopes", traitUnordered},
	{"AWS::ApiGateway::Method", "RequestParameters", traitFree},
	{"AWS::ApiGateway::Method", "RequestModels", traitFree},
	{"AWS::ApiGateway::Method", "Integration.RequestParameters", traitFree},
	{"AWS::ApiGateway::Method", "Integration.RequestTemplates", traitFree},
	{"AWS::ApiGateway::Method", "MethodResponses", traitUnordered},
	{"AWS::ApiGateway::Method", "Integration.IntegrationResponses", traitUnordered},
	{"AWS::ApiGateway::Method", "Integration.CacheKeyParameters", traitUnordered},
	{"AWS::ApiGatewayV2::Stage", "StageVariables", traitFree},
	{"AWS::AutoScaling::AutoScalingGroup", "TerminationPolicies", traitOrdered},
	{"AWS::AutoScaling::AutoScalingGroup", "VPCZoneIdentifier", traitUnordered},
	{"AWS::AutoScaling::AutoScalingGroup", "TargetGroupARNs", traitUnordered},
	{"AWS::CloudFront::Distribution", "DistributionConfig.CacheBehaviors", traitOrdered},
	{"AWS::CloudWatch::Alarm", "ActionsEnabled", traitMeaningful},
	{"AWS::CloudWatch::Alarm", "AlarmActions", traitUnordered},
	{"AWS::CloudWatch::Alarm", "OKActions", traitUnordered},
	{"AWS::CloudWatch::Alarm", "InsufficientDataActions", traitUnordered},
	{"AWS::DynamoDB::Table", "AttributeDefinitions", traitUnordered},
	{"AWS::DynamoDB::Table", "GlobalSecondaryIndexes", traitUnordered},
	{"AWS::DynamoDB::Table", "LocalSecondaryIndexes", traitUnordered},
	{"AWS::DynamoDB::Table", "GlobalSecondaryIndexes.*.Projection.NonKeyAttributes", traitUnordered},
	{"AWS::DynamoDB::Table", "LocalSecondaryIndexes.*.Projection.NonKeyAttributes", traitUnordered},
	{"AWS::DynamoDB::Table", "KeySchema", traitUnordered},
	{"AWS::DynamoDB::Table", "DeletionProtectionEnabled", traitMeaningful},
	{"AWS::EC2::SecurityGroup", "SecurityGroupIngress", traitUnordered},
	{"AWS::EC2::SecurityGroup", "SecurityGroupEgress", traitUnordered},
	{"AWS::ECS::Cluster", "CapacityProviders", traitUnordered},
	{"AWS::ECS::Cluster", "ClusterSettings", traitUnordered},
	{"AWS::ECS::Service", "LoadBalancers", traitUnordered},
	{"AWS::ECS::Service", "ServiceRegistries", traitUnordered},
	{"AWS::ECS::TaskDefinition", "ContainerDefinitions.*.Command", traitOrdered},
	{"AWS::ECS::TaskDefinition", "ContainerDefinitions.*.EntryPoint", traitOrdered},
	{"AWS::ECS::TaskDefinition", "ContainerDefinitions.*.DockerLabels", traitFree},
	{"AWS::ECS::TaskDefinition", "ContainerDefinitions.*.Environment", traitPairs},
	{"AWS::ECS::TaskDefinition", "ContainerDefinitions.*.LogConfiguration.Options", traitFree},
	{"AWS::ElasticLoadBalancingV2::Listener", "DefaultActions", traitOrdered},
	{"AWS::ElasticLoadBalancingV2::LoadBalancer", "SecurityGroups", traitUnordered},
	{"AWS::Events::Rule", "Targets", traitUnordered},
	{"AWS::Glue::Job", "DefaultArguments", traitFree},
	{"AWS::IAM::Group", "Policies", traitUnordered},
	{"AWS::IAM::User", "Policies", traitUnordered},
	{"AWS::KMS::Key", "EnableKeyRotation", traitMeaningful},
	{"AWS::KMS::Key", "Enabled", traitMeaningful},
	{"AWS::Lambda::EventSourceMapping", "Enabled", traitMeaningful},
	{"AWS::Lambda::EventSourceMapping", "FilterCriteria.Filters", traitUnordered},
	{"AWS::Lambda::EventSourceMapping", "FilterCriteria.Filters.*.Pattern", traitPattern},
	{"AWS::Lambda::EventSourceMapping", "FunctionResponseTypes", traitUnordered},
	{"AWS::Lambda::Function", "Architectures", traitUnordered},
	{"AWS::Lambda::Function", "Environment.Variables", traitFree},
	{"AWS::Lambda::Function", "Layers", traitOrdered},
	{"AWS::Lambda::Function", "VpcConfig.SecurityGroupIds", traitUnordered},
	{"AWS::Lambda::Function", "VpcConfig.SubnetIds", traitUnordered},
	// Where the bytes came from; CodeSha256 says what they are. The registry an
	// image is pulled from matters on the day: ImageUri stays.
	{"AWS::Lambda::Function", "Code.S3Bucket", traitDropped},
	{"AWS::Lambda::Function", "Code.S3Key", traitDropped},
	{"AWS::Lambda::Function", "Code.S3ObjectVersion", traitDropped},
	{"AWS::Lambda::Function", "Code.ZipFile", traitDropped},
	{"AWS::Lambda::Function", "Code.SourceKMSKeyArn", traitDropped},
	{"AWS::Lambda::Alias", "RoutingConfig.AdditionalVersionWeights", traitUnordered},
	{"AWS::Lambda::Alias", "RoutingConfig.AdditionalVersionWeights.*.FunctionVersion", traitDropped},
	{"AWS::RDS::DBCluster", "DeletionProtection", traitMeaningful},
	{"AWS::RDS::DBCluster", "StorageEncrypted", traitMeaningful},
	{"AWS::RDS::DBInstance", "DeletionProtection", traitMeaningful},
	{"AWS::RDS::DBInstance", "StorageEncrypted", traitMeaningful},
	{"AWS::S3::Bucket", "LifecycleConfiguration.Rules", traitUnordered},
	{"AWS::S3::Bucket", "CorsConfiguration.CorsRules", traitOrdered},
	{"AWS::S3::Bucket", "CorsConfiguration.CorsRules.*.AllowedMethods", traitUnordered},
	{"AWS::S3::Bucket", "CorsConfiguration.CorsRules.*.AllowedOrigins", traitUnordered},
	{"AWS::S3::Bucket", "CorsConfiguration.CorsRules.*.AllowedHeaders", traitUnordered},
	{"AWS::S3::Bucket", "NotificationConfiguration.LambdaConfigurations", traitUnordered},
	{"AWS::S3::Bucket", "NotificationConfiguration.QueueConfigurations", traitUnordered},
	{"AWS::S3::Bucket", "NotificationConfiguration.TopicConfigurations", traitUnordered},
	{"AWS::S3::Bucket", "BucketEncryption.ServerSideEncryptionConfiguration", traitUnordered},
	{"AWS::S3::Bucket", "PublicAccessBlockConfiguration", traitMeaningful},
	{"AWS::SNS::Topic", "Subscription", traitUnordered},
	{"AWS::SNS::TopicPolicy", "Topics", traitUnordered},
	{"AWS::SQS::Queue", "SqsManagedSseEnabled", traitMeaningful},
	{"AWS::SQS::QueuePolicy", "Queues", traitUnordered},
	{"AWS::SSM::Parameter", "Value", traitFree},
	{"AWS::SecretsManager::Secret", "SecretString", traitFree},
	{"AWS::SecretsManager::Secret", "ReplicaRegions", traitUnordered},
	{"AWS::CertificateManager::Certificate", "SubjectAlternativeNames", traitUnordered},
}

// nameTraits hold for a property of that name wherever it stands at a
// structured position of any type.
var nameTraits = map[string]trait{
	// The user's own maps: nothing inside is interpreted.
	"DockerLabels": traitFree,
	"Labels":       traitFree,
	"Variables":    traitFree,
	"Tags":         traitTags,
	"TagSet":       traitTags,

	// Sets that the schemas do not call sets.
	"AvailabilityZones":   traitUnordered,
	"SecurityGroupIds":    traitUnordered,
	"SecurityGroups":      traitUnordered,
	"SubnetIds":           traitUnordered,
	"Subnets":             traitUnordered,
	"VpcSecurityGroupIds": traitUnordered,
	"ManagedPolicyArns":   traitUnordered,

	// Documents.
	"PolicyDocument":           traitPolicy,
	"AssumeRolePolicyDocument": traitPolicy,
	"KeyPolicy":                traitPolicy,
	"RepositoryPolicyText":     traitPolicy,
	"EventPattern":             traitPattern,
	"DashboardBody":            traitDocument,
	"DefinitionString":         traitDocument,
	"Definition":               traitDocument,
	"Body":                     traitDocument,
	"FilterPolicy":             traitPattern,

	// Switches whose "off" is a statement, not the lack of one.
	"BlockPublicAcls":            traitMeaningful,
	"BlockPublicPolicy":          traitMeaningful,
	"IgnorePublicAcls":           traitMeaningful,
	"RestrictPublicBuckets":      traitMeaningful,
	"SSEEnabled":                 traitMeaningful,
	"PointInTimeRecoveryEnabled": traitMeaningful,
	"DeletionProtectionEnabled":  traitMeaningful,

	// What only says when, or which edition of itself, a thing is. The list is
	// short on purpose: StartDate of a schedule is configuration.
	"CreateDate":                 traitDropped,
	"CreatedAt":                  traitDropped,
	"CreatedDate":                traitDropped,
	"CreationDate":               traitDropped,
	"CreationTime":               traitDropped,
	"CreationDateTime":           traitDropped,
	"LastChangedDate":            traitDropped,
	"LastAccessedDate":           traitDropped,
	"LastModified":               traitDropped,
	"LastModifiedAt":             traitDropped,
	"LastModifiedDate":           traitDropped,
	"LastModifiedTime":           traitDropped,
	"LastUpdateTime":             traitDropped,
	"LastUpdatedDate":            traitDropped,
	"LastUpdatedTime":            traitDropped,
	"LastUpdatedAt":              traitDropped,
	"UpdatedAt":                  traitDropped,
	"UpdatedDate":                traitDropped,
	"StateUpdatedTimestamp":      traitDropped,
	"ETag":                       traitDropped,
	"Etag":                       traitDropped,
	"RevisionId":                 traitDropped,
	"StateTransitionedTimestamp": traitDropped,
}
