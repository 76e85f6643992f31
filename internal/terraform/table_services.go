package terraform

func messagingTypes() []Type {
	const queue, rule, stream = "AWS::SQS::Queue", "AWS::Events::Rule", "AWS::Kinesis::Stream"
	return []Type{
		{Terraform: "aws_sqs_queue", CloudFormation: queue, ID: "{url} {id}", Names: "Arn=arn QueueName=name QueueUrl=url"},
		{Terraform: "aws_sqs_queue_policy", CloudFormation: "AWS::SQS::QueuePolicy", ID: "{queue_url}", Resolved: "Queues[]=queue_url"},
		{Terraform: "aws_sqs_queue_redrive_policy", CloudFormation: queue, By: "{queue_url}", Property: "RedrivePolicy"},
		{Terraform: "aws_sqs_queue_redrive_allow_policy", CloudFormation: queue, By: "{queue_url}", Property: "RedriveAllowPolicy"},
		{Terraform: "aws_sns_topic", CloudFormation: "AWS::SNS::Topic", ID: "{arn}", Names: "TopicArn=arn TopicName=name"},
		{Terraform: "aws_sns_topic_policy", CloudFormation: "AWS::SNS::TopicPolicy", ID: "{arn}", Resolved: "Topics[]=arn"},
		{Terraform: "aws_sns_topic_subscription", CloudFormation: "AWS::SNS::Subscription", ID: "{arn} {id}", Resolved: "TopicArn=topic_arn"},
		{Terraform: "aws_cloudwatch_event_rule", When: "event_bus_name!=default event_bus_name", CloudFormation: rule, ID: "{event_bus_name/}|{name}", Names: "Arn=arn Name=name"},
		{Terraform: "aws_cloudwatch_event_rule", CloudFormation: rule, ID: "{name}", Names: "Arn=arn Name=name"},
		{Terraform: "aws_cloudwatch_event_target", When: "event_bus_name!=default event_bus_name", CloudFormation: rule, By: "{event_bus_name/}|{rule}", Property: "Targets"},
		{Terraform: "aws_cloudwatch_event_target", CloudFormation: rule, By: "{rule}", Property: "Targets"},
		{Terraform: "aws_cloudwatch_event_bus", CloudFormation: "AWS::Events::EventBus", ID: "{name}", Names: "Arn=arn Name=name"},
		{Terraform: "aws_cloudwatch_event_bus_policy", CloudFormation: "AWS::Events::EventBus", By: "{event_bus_name}", Property: "Policy"},
		{Terraform: "aws_cloudwatch_event_archive", CloudFormation: "AWS::Events::Archive", ID: "{name}", Names: "Arn=arn"},
		{Terraform: "aws_cloudwatch_event_connection", CloudFormation: "AWS::Events::Connection", ID: "{name}", Names: "Arn=arn"},
		{Terraform: "aws_cloudwatch_event_api_destination", CloudFormation: "AWS::Events::ApiDestination", ID: "{name}", Names: "Arn=arn"},
		{Terraform: "aws_scheduler_schedule", CloudFormation: "AWS::Scheduler::Schedule", ID: "{name}", Names: "Arn=arn Name=name", Resolved: "Name=name GroupName=group_name"},
		{Terraform: "aws_scheduler_schedule_group", CloudFormation: "AWS::Scheduler::ScheduleGroup", ID: "{name}", Names: "Arn=arn"},
		{Terraform: "aws_pipes_pipe", CloudFormation: "AWS::Pipes::Pipe", ID: "{name}", Names: "Arn=arn"},
		{Terraform: "aws_kinesis_stream", CloudFormation: stream, ID: "{name}", Names: "Arn=arn Name=name"},
		{Terraform: "aws_kinesis_stream_consumer", CloudFormation: "AWS::Kinesis::StreamConsumer", ID: "{arn}", Resolved: "StreamARN=stream_arn ConsumerName=name"},
		{Terraform: "aws_kinesis_resource_policy", CloudFormation: "AWS::Kinesis::ResourcePolicy", ID: "{resource_arn}"},
		{Terraform: "aws_kinesis_firehose_delivery_stream", CloudFormation: "AWS::KinesisFirehose::DeliveryStream", ID: "{name}", Names: "Arn=arn"},
		{Terraform: "aws_msk_cluster", CloudFormation: "AWS::MSK::Cluster", ID: "{arn}", Names: "ClusterName=cluster_name"},
		{Terraform: "aws_msk_serverless_cluster", CloudFormation: "AWS::MSK::ServerlessCluster", ID: "{arn}", Names: "ClusterName=cluster_name"},
		{Terraform: "aws_msk_configuration", CloudFormation: "AWS::MSK::Configuration", ID: "{arn}", Names: "Name=name"},
		{Terraform: "aws_msk_scram_secret_association", CloudFormation: "AWS::MSK::Cluster", By: "{cluster_arn}", Property: "ScramSecrets"},
	}
}

func securityTypes() []Type {
	const secret, key, acl = "AWS::SecretsManager::Secret", "AWS::KMS::Key", "AWS::WAFv2::WebACL"
	return []Type{
		{Terraform: "aws_secretsmanager_secret", CloudFormation: secret, ID: "{arn}", Names: "Id=arn Name=name"},
		{Terraform: "aws_secretsmanager_secret_version", CloudFormation: secret, By: "{secret_id}", Property: "SecretString"},
		{Terraform: "aws_secretsmanager_secret_policy", CloudFormation: "AWS::SecretsManager::ResourcePolicy", ID: "{secret_arn}", Resolved: "SecretId=secret_arn"},
		{Terraform: "aws_secretsmanager_secret_rotation", CloudFormation: "AWS::SecretsManager::RotationSchedule", ID: "{secret_id}", Resolved: "SecretId=secret_id"},
		{Terraform: "aws_ssm_parameter", CloudFormation: "AWS::SSM::Parameter", ID: "{name}", Names: "Arn=arn Name=name"},
		{Terraform: "aws_ssm_document", CloudFormation: "AWS::SSM::Document", ID: "{name}", Names: "Arn=arn"},
		{Terraform: "aws_kms_key", CloudFormation: key, ID: "{key_id}", Names: "Arn=arn KeyId=key_id"},
		{Terraform: "aws_kms_external_key", CloudFormation: key, ID: "{id}", Names: "Arn=arn KeyId=id"},
		{Terraform: "aws_kms_replica_key", CloudFormation: "AWS::KMS::ReplicaKey", ID: "{key_id}", Names: "Arn=arn KeyId=key_id"},
		{Terraform: "aws_kms_key_policy", CloudFormation: key, By: "{key_id}", Property: "KeyPolicy"},
		{Terraform: "aws_kms_alias", CloudFormation: "AWS::KMS::Alias", ID: "{name}", Names: "Arn=arn"},
		{Terraform: "aws_acm_certificate", CloudFormation: "AWS::CertificateManager::Certificate", ID: "{arn}"},
		{Terraform: "aws_acm_certificate_validation", CloudFormation: "AWS::CertificateManager::Certificate", By: "{certificate_arn}", Property: "DomainName"},
		{Terraform: "aws_wafv2_web_acl", CloudFormation: acl, ID: "{name}|{id}|{scope}", Names: "Arn=arn"},
		{Terraform: "aws_wafv2_web_acl_association", CloudFormation: "AWS::WAFv2::WebACLAssociation", ID: "{resource_arn}|{web_acl_arn}", Resolved: "ResourceArn=resource_arn WebACLArn=web_acl_arn"},
		{Terraform: "aws_wafv2_web_acl_logging_configuration", CloudFormation: "AWS::WAFv2::LoggingConfiguration", ID: "{resource_arn}", Resolved: "ResourceArn=resource_arn"},
		{Terraform: "aws_wafv2_ip_set", CloudFormation: "AWS::WAFv2::IPSet", ID: "{name}|{id}|{scope}", Names: "Arn=arn"},
		{Terraform: "aws_wafv2_regex_pattern_set", CloudFormation: "AWS::WAFv2::RegexPatternSet", ID: "{name}|{id}|{scope}", Names: "Arn=arn"},
		{Terraform: "aws_wafv2_rule_group", CloudFormation: "AWS::WAFv2::RuleGroup", ID: "{name}|{id}|{scope}", Names: "Arn=arn"},
		{Terraform: "aws_cognito_user_pool", CloudFormation: "AWS::Cognito::UserPool", ID: "{id}", Names: "Arn=arn ProviderName=endpoint"},
		{Terraform: "aws_cognito_user_pool_client", CloudFormation: "AWS::Cognito::UserPoolClient", ID: "{id}", Resolved: "UserPoolId=user_pool_id"},
		{Terraform: "aws_cognito_user_pool_domain", CloudFormation: "AWS::Cognito::UserPoolDomain", ID: "{domain}", Resolved: "UserPoolId=user_pool_id Domain=domain"},
		{Terraform: "aws_cognito_user_group", CloudFormation: "AWS::Cognito::UserPoolGroup", ID: "{name}", Resolved: "UserPoolId=user_pool_id GroupName=name"},
		{Terraform: "aws_cognito_resource_server", CloudFormation: "AWS::Cognito::UserPoolResourceServer", ID: "{identifier}", Resolved: "UserPoolId=user_pool_id Identifier=identifier"},
		{Terraform: "aws_cognito_identity_provider", CloudFormation: "AWS::Cognito::UserPoolIdentityProvider", ID: "{provider_name}", Resolved: "UserPoolId=user_pool_id ProviderName=provider_name"},
		{Terraform: "aws_cognito_identity_pool", CloudFormation: "AWS::Cognito::IdentityPool", ID: "{id}", Names: "Arn=arn"},
		{Terraform: "aws_cognito_identity_pool_roles_attachment", CloudFormation: "AWS::Cognito::IdentityPoolRoleAttachment", ID: "{identity_pool_id}", Resolved: "IdentityPoolId=identity_pool_id"},
	}
}

func apiTypes() []Type {
	const method, stage, api = "AWS::ApiGateway::Method", "AWS::ApiGateway::Stage", "AWS::ApiGateway::RestApi"
	const owner = "{rest_api_id}|{resource_id}|{http_method}"
	const of = "RestApiId=rest_api_id"
	return []Type{
		{Terraform: "aws_api_gateway_rest_api", CloudFormation: api, ID: "{id}", Names: "RestApiId=id", Resolved: "RestApiId=id"},
		{Terraform: "aws_api_gateway_rest_api_policy", CloudFormation: api, By: "{rest_api_id}", Property: "Policy"},
		{Terraform: "aws_api_gateway_resource", CloudFormation: "AWS::ApiGateway::Resource", ID: "{id}", Names: "ResourceId=id", Resolved: of},
		{Terraform: "aws_api_gateway_method", CloudFormation: method, ID: owner, Resolved: of + " ResourceId=resource_id HttpMethod=http_method"},
		{Terraform: "aws_api_gateway_integration", CloudFormation: method, By: owner, Property: "Integration"},
		{Terraform: "aws_api_gateway_integration_response", CloudFormation: method, By: owner, Property: "Integration"},
		{Terraform: "aws_api_gateway_method_response", CloudFormation: method, By: owner, Property: "MethodResponses"},
		{Terraform: "aws_api_gateway_deployment", CloudFormation: "AWS::ApiGateway::Deployment", ID: "{id}", Names: "DeploymentId=id", Resolved: of},
		{Terraform: "aws_api_gateway_stage", CloudFormation: stage, ID: "{stage_name}", Names: "Arn=arn", Resolved: of + " StageName=stage_name"},
		{Terraform: "aws_api_gateway_method_settings", CloudFormation: stage, By: "{stage_name}", Property: "MethodSettings"},
		{Terraform: "aws_api_gateway_authorizer", CloudFormation: "AWS::ApiGateway::Authorizer", ID: "{id}", Names: "AuthorizerId=id", Resolved: of},
		{Terraform: "aws_api_gateway_model", CloudFormation: "AWS::ApiGateway::Model", ID: "{name}", Resolved: of + " Name=name"},
		{Terraform: "aws_api_gateway_request_validator", CloudFormation: "AWS::ApiGateway::RequestValidator", ID: "{id}", Names: "RequestValidatorId=id", Resolved: of},
		{Terraform: "aws_api_gateway_gateway_response", CloudFormation: "AWS::ApiGateway::GatewayResponse", ID: "{id}", Resolved: of + " ResponseType=response_type"},
		{Terraform: "aws_api_gateway_api_key", CloudFormation: "AWS::ApiGateway::ApiKey", ID: "{id}", Names: "APIKeyId=id"},
		{Terraform: "aws_api_gateway_usage_plan", CloudFormation: "AWS::ApiGateway::UsagePlan", ID: "{id}"},
		{Terraform: "aws_api_gateway_usage_plan_key", CloudFormation: "AWS::ApiGateway::UsagePlanKey", ID: "{key_id}:{usage_plan_id}", Resolved: "KeyId=key_id UsagePlanId=usage_plan_id"},
		{Terraform: "aws_api_gateway_domain_name", CloudFormation: "AWS::ApiGateway::DomainName", ID: "{domain_name}", Names: "RegionalDomainName=regional_domain_name RegionalHostedZoneId=regional_zone_id"},
		{Terraform: "aws_api_gateway_base_path_mapping", CloudFormation: "AWS::ApiGateway::BasePathMapping", ID: "{domain_name}|{base_path} {domain_name}|(none)", Resolved: "DomainName=domain_name BasePath=base_path RestApiId=api_id"},
		{Terraform: "aws_api_gateway_vpc_link", CloudFormation: "AWS::ApiGateway::VpcLink", ID: "{id}"},
		{Terraform: "aws_api_gateway_account", CloudFormation: "AWS::ApiGateway::Account", ID: "{id}"},
		{Terraform: "aws_apigatewayv2_api", CloudFormation: "AWS::ApiGatewayV2::Api", ID: "{id}", Names: "ApiId=id ApiEndpoint=api_endpoint"},
		{Terraform: "aws_apigatewayv2_route", CloudFormation: "AWS::ApiGatewayV2::Route", ID: "{id}", Names: "RouteId=id", Resolved: "ApiId=api_id RouteKey=route_key"},
		{Terraform: "aws_apigatewayv2_integration", CloudFormation: "AWS::ApiGatewayV2::Integration", ID: "{id}", Names: "IntegrationId=id", Resolved: "ApiId=api_id"},
		{Terraform: "aws_apigatewayv2_stage", CloudFormation: "AWS::ApiGatewayV2::Stage", ID: "{name}", Resolved: "ApiId=api_id StageName=name"},
		{Terraform: "aws_apigatewayv2_deployment", CloudFormation: "AWS::ApiGatewayV2::Deployment", ID: "{id}", Resolved: "ApiId=api_id"},
		{Terraform: "aws_apigatewayv2_authorizer", CloudFormation: "AWS::ApiGatewayV2::Authorizer", ID: "{id}", Names: "AuthorizerId=id", Resolved: "ApiId=api_id"},
		{Terraform: "aws_apigatewayv2_domain_name", CloudFormation: "AWS::ApiGatewayV2::DomainName", ID: "{domain_name} {id}"},
		{Terraform: "aws_apigatewayv2_api_mapping", CloudFormation: "AWS::ApiGatewayV2::ApiMapping", ID: "{id}", Resolved: "ApiId=api_id DomainName=domain_name Stage=stage"},
		{Terraform: "aws_apigatewayv2_vpc_link", CloudFormation: "AWS::ApiGatewayV2::VpcLink", ID: "{id}"},
	}
}

func watchTypes() []Type {
	return []Type{
		{Terraform: "aws_cloudwatch_log_group", CloudFormation: "AWS::Logs::LogGroup", ID: "{name}", Names: "Arn=arn LogGroupName=name"},
		{Terraform: "aws_cloudwatch_log_stream", CloudFormation: "AWS::Logs::LogStream", ID: "{name}", Resolved: "LogGroupName=log_group_name LogStreamName=name"},
		{Terraform: "aws_cloudwatch_log_metric_filter", CloudFormation: "AWS::Logs::MetricFilter", ID: "{log_group_name}|{name}", Resolved: "LogGroupName=log_group_name FilterName=name"},
		{Terraform: "aws_cloudwatch_log_subscription_filter", CloudFormation: "AWS::Logs::SubscriptionFilter", ID: "{name}|{log_group_name}", Resolved: "LogGroupName=log_group_name FilterName=name"},
		{Terraform: "aws_cloudwatch_log_resource_policy", CloudFormation: "AWS::Logs::ResourcePolicy", ID: "{policy_name}"},
		{Terraform: "aws_cloudwatch_metric_alarm", CloudFormation: "AWS::CloudWatch::Alarm", ID: "{alarm_name}", Names: "Arn=arn AlarmName=alarm_name"},
		{Terraform: "aws_cloudwatch_composite_alarm", CloudFormation: "AWS::CloudWatch::CompositeAlarm", ID: "{alarm_name}", Names: "Arn=arn"},
		{Terraform: "aws_cloudwatch_dashboard", CloudFormation: "AWS::CloudWatch::Dashboard", ID: "{dashboard_name}"},
	}
}

// globalTypes exist once for all Regions.
func globalTypes() []Type {
	const role = "AWS::IAM::Role"
	return []Type{
		{Terraform: "aws_iam_role", CloudFormation: role, ID: "{name}", Names: "Arn=arn RoleName=name RoleId=unique_id"},
		{Terraform: "aws_iam_role_policy", CloudFormation: role, By: "{role}", Property: "Policies"},
		{Terraform: "aws_iam_role_policy_attachment", CloudFormation: role, By: "{role}", Property: "ManagedPolicyArns"},
		{Terraform: "aws_iam_role_policies_exclusive", CloudFormation: role, By: "{role_name}", Property: "Policies"},
		{Terraform: "aws_iam_role_policy_attachments_exclusive", CloudFormation: role, By: "{role_name}", Property: "ManagedPolicyArns"},
		{Terraform: "aws_iam_policy", CloudFormation: "AWS::IAM::ManagedPolicy", ID: "{arn}", Names: "PolicyArn=arn ManagedPolicyName=name"},
		{Terraform: "aws_iam_instance_profile", CloudFormation: "AWS::IAM::InstanceProfile", ID: "{name}", Names: "Arn=arn"},
		{Terraform: "aws_iam_openid_connect_provider", CloudFormation: "AWS::IAM::OIDCProvider", ID: "{arn}"},
		{Terraform: "aws_iam_service_linked_role", CloudFormation: "AWS::IAM::ServiceLinkedRole", ID: "{name}", Names: "Arn=arn"},
		{Terraform: "aws_route53_zone", CloudFormation: "AWS::Route53::HostedZone", ID: "{zone_id}", Names: "Id=zone_id"},
		{Terraform: "aws_route53_record", CloudFormation: "AWS::Route53::RecordSet", ID: "{fqdn} {name}", Resolved: "HostedZoneId=zone_id Name={fqdn} Name=name Type=type SetIdentifier=set_identifier"},
		{Terraform: "aws_route53_health_check", CloudFormation: "AWS::Route53::HealthCheck", ID: "{id}", Names: "HealthCheckId=id"},
		{Terraform: "aws_cloudfront_distribution", CloudFormation: "AWS::CloudFront::Distribution", ID: "{id}", Names: "DomainName=domain_name"},
	}
}
