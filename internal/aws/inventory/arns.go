package inventory

import "strings"

// arnShape is one row of the table by which a tagged resource is known: what its
// ARN looks like, which CloudFormation type that is, and where the physical id
// and the name stand in it.
//
// {word} takes a part of the resource without slash and colon, {word*} takes the
// rest. ID, Name and Resolved may use these words and {arn}, {region}, {account}
// and {suffix}, the partition's DNS suffix.
type arnShape struct {
	Service, Resource string
	Type, ID          string
	// Name pairs the resource with its sibling; empty: it has none of its own,
	// and goes by its tag Name.
	Name string
	// Resolved are the properties its reader needs: "RestApiId={api}".
	Resolved string
	// Ignored says why such resources are left out on purpose.
	Ignored string
}

const (
	ofOwner = "it is shown by the resource it belongs to"
	isCopy  = "copies are made and removed all the time"
	byLoad  = "it comes and goes with the load"
	isList  = "its resources carry the tags themselves"
)

// taggable is the table, the more special rows first. Source: "Resource types
// defined by ..." of the Service Authorization Reference for the ARNs, the
// CloudFormation resource reference for what Ref returns.
func taggable() []arnShape {
	return []arnShape{
		{Service: "acm", Resource: "certificate/{id}", Type: "AWS::CertificateManager::Certificate", ID: "{arn}"},
		{Service: "apigateway", Resource: "/restapis/{id}", Type: "AWS::ApiGateway::RestApi", ID: "{id}"},
		{Service: "apigateway", Resource: "/restapis/{api}/stages/{id}", Type: "AWS::ApiGateway::Stage", ID: "{id}", Resolved: "RestApiId={api} StageName={id}"},
		{Service: "apigateway", Resource: "/apis/{id}", Type: "AWS::ApiGatewayV2::Api", ID: "{id}"},
		{Service: "apigateway", Resource: "/apis/{api}/stages/{id}", Type: "AWS::ApiGatewayV2::Stage", ID: "{id}", Resolved: "ApiId={api} StageName={id}"},
		{Service: "apigateway", Resource: "/domainnames/{name}", Type: "AWS::ApiGateway::DomainName", ID: "{name}", Name: "{name}"},
		{Service: "apigateway", Resource: "/usageplans/{id}", Type: "AWS::ApiGateway::UsagePlan", ID: "{id}"},
		{Service: "apigateway", Resource: "/apikeys/{id}", Type: "AWS::ApiGateway::ApiKey", ID: "{id}"},
		{Service: "apigateway", Resource: "/vpclinks/{id}", Type: "AWS::ApiGateway::VpcLink", ID: "{id}"},
		{Service: "autoscaling", Resource: "autoScalingGroup:{id}:autoScalingGroupName/{name*}", Type: "AWS::AutoScaling::AutoScalingGroup", ID: "{name}", Name: "{name}"},
		{Service: "backup", Resource: "backup-vault:{name}", Type: "AWS::Backup::BackupVault", ID: "{name}", Name: "{name}"},
		{Service: "backup", Resource: "backup-plan:{id}", Type: "AWS::Backup::BackupPlan", ID: "{id}"},
		{Service: "backup", Resource: "recovery-point:{id*}", Ignored: isCopy},
		{Service: "cloudformation", Resource: "stack/{id*}", Ignored: isList},
		{Service: "cloudformation", Resource: "stackset/{id*}", Ignored: isList},
		{Service: "cloudfront", Resource: "distribution/{id}", Type: "AWS::CloudFront::Distribution", ID: "{id}"},
		{Service: "cloudwatch", Resource: "alarm:{name*}", Type: "AWS::CloudWatch::Alarm", ID: "{name}", Name: "{name}"},
		{Service: "cognito-idp", Resource: "userpool/{id}", Type: "AWS::Cognito::UserPool", ID: "{id}"},
		{Service: "cognito-identity", Resource: "identitypool/{id*}", Type: "AWS::Cognito::IdentityPool", ID: "{id}"},
		{Service: "dynamodb", Resource: "table/{name}", Type: "AWS::DynamoDB::Table", ID: "{name}", Name: "{name}"},
		{Service: "ec2", Resource: "vpc/{id}", Type: "AWS::EC2::VPC", ID: "{id}"},
		{Service: "ec2", Resource: "subnet/{id}", Type: "AWS::EC2::Subnet", ID: "{id}"},
		{Service: "ec2", Resource: "security-group/{id}", Type: "AWS::EC2::SecurityGroup", ID: "{id}"},
		{Service: "ec2", Resource: "security-group-rule/{id}", Ignored: ofOwner},
		{Service: "ec2", Resource: "route-table/{id}", Type: "AWS::EC2::RouteTable", ID: "{id}"},
		{Service: "ec2", Resource: "internet-gateway/{id}", Type: "AWS::EC2::InternetGateway", ID: "{id}"},
		{Service: "ec2", Resource: "egress-only-internet-gateway/{id}", Type: "AWS::EC2::EgressOnlyInternetGateway", ID: "{id}"},
		{Service: "ec2", Resource: "natgateway/{id}", Type: "AWS::EC2::NatGateway", ID: "{id}"},
		{Service: "ec2", Resource: "network-acl/{id}", Type: "AWS::EC2::NetworkAcl", ID: "{id}"},
		{Service: "ec2", Resource: "vpc-endpoint/{id}", Type: "AWS::EC2::VPCEndpoint", ID: "{id}"},
		{Service: "ec2", Resource: "dhcp-options/{id}", Type: "AWS::EC2::DHCPOptions", ID: "{id}"},
		{Service: "ec2", Resource: "vpc-peering-connection/{id}", Type: "AWS::EC2::VPCPeeringConnection", ID: "{id}"},
		{Service: "ec2", Resource: "transit-gateway/{id}", Type: "AWS::EC2::TransitGateway", ID: "{id}"},
		{Service: "ec2", Resource: "vpc-flow-log/{id}", Type: "AWS::EC2::FlowLog", ID: "{id}"},
		{Service: "ec2", Resource: "prefix-list/{id}", Type: "AWS::EC2::PrefixList", ID: "{id}"},
		{Service: "ec2", Resource: "launch-template/{id}", Type: "AWS::EC2::LaunchTemplate", ID: "{id}"},
		{Service: "ec2", Resource: "instance/{id}", Type: "AWS::EC2::Instance", ID: "{id}"},
		{Service: "ec2", Resource: "volume/{id}", Type: "AWS::EC2::Volume", ID: "{id}"},
		{Service: "ec2", Resource: "placement-group/{name}", Type: "AWS::EC2::PlacementGroup", ID: "{name}", Name: "{name}"},
		{Service: "ec2", Resource: "network-interface/{id}", Ignored: byLoad},
		{Service: "ec2", Resource: "spot-instances-request/{id}", Ignored: byLoad},
		{Service: "ec2", Resource: "fleet/{id}", Ignored: byLoad},
		{Service: "ec2", Resource: "snapshot/{id}", Ignored: isCopy},
		{Service: "ec2", Resource: "image/{id}", Ignored: isCopy},
		{Service: "ecr", Resource: "repository/{name*}", Type: "AWS::ECR::Repository", ID: "{name}", Name: "{name}"},
		{Service: "ecs", Resource: "cluster/{name}", Type: "AWS::ECS::Cluster", ID: "{name}", Name: "{name}"},
		{Service: "ecs", Resource: "service/{cluster}/{name}", Type: "AWS::ECS::Service", ID: "{arn}", Name: "{cluster}/{name}", Resolved: "Cluster={cluster}"},
		{Service: "ecs", Resource: "task-definition/{family}:{revision}", Type: "AWS::ECS::TaskDefinition", ID: "{arn}", Name: "{family}"},
		{Service: "ecs", Resource: "capacity-provider/{name}", Type: "AWS::ECS::CapacityProvider", ID: "{name}", Name: "{name}"},
		{Service: "ecs", Resource: "task/{id*}", Ignored: byLoad},
		{Service: "ecs", Resource: "container-instance/{id*}", Ignored: byLoad},
		{Service: "eks", Resource: "cluster/{name}", Type: "AWS::EKS::Cluster", ID: "{name}", Name: "{name}"},
		{Service: "eks", Resource: "nodegroup/{cluster}/{name}/{id}", Type: "AWS::EKS::Nodegroup", ID: "{cluster}/{name}", Name: "{cluster}/{name}", Resolved: "ClusterName={cluster} NodegroupName={name}"},
		{Service: "eks", Resource: "addon/{cluster}/{name}/{id}", Type: "AWS::EKS::Addon", ID: "{cluster}|{name}", Name: "{cluster}/{name}", Resolved: "ClusterName={cluster} AddonName={name}"},
		{Service: "eks", Resource: "fargateprofile/{cluster}/{name}/{id}", Type: "AWS::EKS::FargateProfile", ID: "{cluster}|{name}", Name: "{cluster}/{name}", Resolved: "ClusterName={cluster} FargateProfileName={name}"},
		{Service: "elasticache", Resource: "replicationgroup:{name}", Type: "AWS::ElastiCache::ReplicationGroup", ID: "{name}", Name: "{name}"},
		{Service: "elasticache", Resource: "cluster:{name}", Type: "AWS::ElastiCache::CacheCluster", ID: "{name}", Name: "{name}"},
		{Service: "elasticache", Resource: "parametergroup:{name}", Type: "AWS::ElastiCache::ParameterGroup", ID: "{name}", Name: "{name}"},
		{Service: "elasticache", Resource: "subnetgroup:{name}", Type: "AWS::ElastiCache::SubnetGroup", ID: "{name}", Name: "{name}"},
		{Service: "elasticache", Resource: "serverlesscache:{name}", Type: "AWS::ElastiCache::ServerlessCache", ID: "{name}", Name: "{name}"},
		{Service: "elasticache", Resource: "snapshot:{id*}", Ignored: isCopy},
		{Service: "elasticfilesystem", Resource: "file-system/{id}", Type: "AWS::EFS::FileSystem", ID: "{id}"},
		{Service: "elasticfilesystem", Resource: "access-point/{id}", Type: "AWS::EFS::AccessPoint", ID: "{id}"},
		{Service: "elasticloadbalancing", Resource: "loadbalancer/app/{name}/{id}", Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: "{arn}", Name: "{name}"},
		{Service: "elasticloadbalancing", Resource: "loadbalancer/net/{name}/{id}", Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: "{arn}", Name: "{name}"},
		{Service: "elasticloadbalancing", Resource: "loadbalancer/gwy/{name}/{id}", Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: "{arn}", Name: "{name}"},
		{Service: "elasticloadbalancing", Resource: "loadbalancer/{name}", Type: "AWS::ElasticLoadBalancing::LoadBalancer", ID: "{name}", Name: "{name}"},
		{Service: "elasticloadbalancing", Resource: "targetgroup/{name}/{id}", Type: "AWS::ElasticLoadBalancingV2::TargetGroup", ID: "{arn}", Name: "{name}"},
		{Service: "elasticloadbalancing", Resource: "listener/{kind}/{balancer}/{of}/{id}", Type: "AWS::ElasticLoadBalancingV2::Listener", ID: "{arn}"},
		{Service: "elasticloadbalancing", Resource: "listener-rule/{kind}/{balancer}/{of}/{listener}/{id}", Type: "AWS::ElasticLoadBalancingV2::ListenerRule", ID: "{arn}"},
		{Service: "es", Resource: "domain/{name}", Type: "AWS::OpenSearchService::Domain", ID: "{name}", Name: "{name}"},
		{Service: "events", Resource: "rule/{name}", Type: "AWS::Events::Rule", ID: "{name}", Name: "{name}"},
		{Service: "events", Resource: "rule/{bus}/{name}", Type: "AWS::Events::Rule", ID: "{bus}|{name}", Name: "{bus}/{name}"},
		{Service: "events", Resource: "event-bus/{name*}", Type: "AWS::Events::EventBus", ID: "{name}", Name: "{name}"},
		{Service: "firehose", Resource: "deliverystream/{name}", Type: "AWS::KinesisFirehose::DeliveryStream", ID: "{name}", Name: "{name}"},
		{Service: "kafka", Resource: "cluster/{name}/{id}", Type: "AWS::MSK::Cluster", ID: "{arn}", Name: "{name}"},
		{Service: "kafka", Resource: "configuration/{name}/{id}", Type: "AWS::MSK::Configuration", ID: "{arn}", Name: "{name}"},
		{Service: "kinesis", Resource: "stream/{name}", Type: "AWS::Kinesis::Stream", ID: "{name}", Name: "{name}"},
		{Service: "kms", Resource: "key/{id}", Type: "AWS::KMS::Key", ID: "{id}"},
		{Service: "lambda", Resource: "function:{name}", Type: "AWS::Lambda::Function", ID: "{name}", Name: "{name}"},
		{Service: "lambda", Resource: "event-source-mapping:{id}", Type: "AWS::Lambda::EventSourceMapping", ID: "{id}"},
		{Service: "logs", Resource: "log-group:{name*}", Type: "AWS::Logs::LogGroup", ID: "{name}", Name: "{name}"},
		{Service: "pipes", Resource: "pipe/{name}", Type: "AWS::Pipes::Pipe", ID: "{name}", Name: "{name}"},
		{Service: "rds", Resource: "db:{name}", Type: "AWS::RDS::DBInstance", ID: "{name}", Name: "{name}"},
		{Service: "rds", Resource: "cluster:{name}", Type: "AWS::RDS::DBCluster", ID: "{name}", Name: "{name}"},
		{Service: "rds", Resource: "pg:{name}", Type: "AWS::RDS::DBParameterGroup", ID: "{name}", Name: "{name}"},
		{Service: "rds", Resource: "cluster-pg:{name}", Type: "AWS::RDS::DBClusterParameterGroup", ID: "{name}", Name: "{name}"},
		{Service: "rds", Resource: "og:{name}", Type: "AWS::RDS::OptionGroup", ID: "{name}", Name: "{name}"},
		{Service: "rds", Resource: "subgrp:{name}", Type: "AWS::RDS::DBSubnetGroup", ID: "{name}", Name: "{name}"},
		{Service: "rds", Resource: "es:{name}", Type: "AWS::RDS::EventSubscription", ID: "{name}", Name: "{name}"},
		{Service: "rds", Resource: "snapshot:{id*}", Ignored: isCopy},
		{Service: "rds", Resource: "cluster-snapshot:{id*}", Ignored: isCopy},
		{Service: "resource-groups", Resource: "group/{id*}", Ignored: isList},
		{Service: "route53", Resource: "hostedzone/{id}", Type: "AWS::Route53::HostedZone", ID: "{id}"},
		{Service: "route53", Resource: "healthcheck/{id}", Type: "AWS::Route53::HealthCheck", ID: "{id}"},
		{Service: "s3", Resource: "{name}", Type: "AWS::S3::Bucket", ID: "{name}", Name: "{name}"},
		{Service: "scheduler", Resource: "schedule-group/{name}", Type: "AWS::Scheduler::ScheduleGroup", ID: "{name}", Name: "{name}"},
		{Service: "secretsmanager", Resource: "secret:{secret*}", Type: "AWS::SecretsManager::Secret", ID: "{arn}", Name: "{secret}"},
		{Service: "servicediscovery", Resource: "namespace/{id}", Type: "AWS::ServiceDiscovery::PrivateDnsNamespace", ID: "{id}"},
		{Service: "servicediscovery", Resource: "service/{id}", Type: "AWS::ServiceDiscovery::Service", ID: "{id}"},
		{Service: "sns", Resource: "{name}", Type: "AWS::SNS::Topic", ID: "{arn}", Name: "{name}"},
		{Service: "sqs", Resource: "{name}", Type: "AWS::SQS::Queue", ID: "https://sqs.{region}.{suffix}/{account}/{name}", Name: "{name}"},
		{Service: "ssm", Resource: "parameter/{parameter*}", Type: "AWS::SSM::Parameter", ID: "{parameter}", Name: "{parameter}"},
		{Service: "ssm", Resource: "document/{name}", Type: "AWS::SSM::Document", ID: "{name}", Name: "{name}"},
		{Service: "states", Resource: "stateMachine:{name}", Type: "AWS::StepFunctions::StateMachine", ID: "{arn}", Name: "{name}"},
		{Service: "states", Resource: "activity:{name}", Type: "AWS::StepFunctions::Activity", ID: "{arn}", Name: "{name}"},
		{Service: "wafv2", Resource: "regional/webacl/{name}/{id}", Type: "AWS::WAFv2::WebACL", ID: "{name}|{id}|REGIONAL", Name: "{name}"},
		{Service: "wafv2", Resource: "regional/ipset/{name}/{id}", Type: "AWS::WAFv2::IPSet", ID: "{name}|{id}|REGIONAL", Name: "{name}"},
		{Service: "wafv2", Resource: "regional/rulegroup/{name}/{id}", Type: "AWS::WAFv2::RuleGroup", ID: "{name}|{id}|REGIONAL", Name: "{name}"},
		{Service: "wafv2", Resource: "regional/regexpatternset/{name}/{id}", Type: "AWS::WAFv2::RegexPatternSet", ID: "{name}|{id}|REGIONAL", Name: "{name}"},
	}
}

// match takes a resource part of an ARN apart by a pattern; nil if it does not fit.
func match(pattern, resource string) map[string]string {
	words := map[string]string{}
	for pattern != "" {
		if pattern[0] != '{' {
			if resource == "" || resource[0] != pattern[0] {
				return nil
			}
			pattern, resource = pattern[1:], resource[1:]
			continue
		}
		name, after, _ := strings.Cut(pattern[1:], "}")
		pattern = after
		end := strings.IndexAny(resource, "/:")
		if rest, all := strings.CutSuffix(name, "*"); all || end < 0 {
			name, end = rest, len(resource)
		}
		if end == 0 {
			return nil
		}
		words[name], resource = resource[:end], resource[end:]
	}
	if resource != "" {
		return nil
	}
	return words
}
