package terraform

func computeTypes() []Type {
	const group = "AWS::AutoScaling::AutoScalingGroup"
	return []Type{
		{Terraform: "aws_launch_template", CloudFormation: "AWS::EC2::LaunchTemplate", ID: "{id}", Names: "LaunchTemplateId=id LaunchTemplateName=name"},
		{Terraform: "aws_instance", CloudFormation: "AWS::EC2::Instance", ID: "{id}"},
		{Terraform: "aws_network_interface", CloudFormation: "AWS::EC2::NetworkInterface", ID: "{id}"},
		{Terraform: "aws_ebs_volume", CloudFormation: "AWS::EC2::Volume", ID: "{id}"},
		{Terraform: "aws_volume_attachment", CloudFormation: "AWS::EC2::VolumeAttachment", ID: "{volume_id}|{instance_id}", Resolved: "VolumeId=volume_id InstanceId=instance_id"},
		{Terraform: "aws_key_pair", CloudFormation: "AWS::EC2::KeyPair", ID: "{key_name}"},
		{Terraform: "aws_placement_group", CloudFormation: "AWS::EC2::PlacementGroup", ID: "{name}"},
		{Terraform: "aws_autoscaling_group", CloudFormation: group, ID: "{name}", Names: "AutoScalingGroupName=name AutoScalingGroupARN=arn"},
		{Terraform: "aws_autoscaling_policy", CloudFormation: "AWS::AutoScaling::ScalingPolicy", ID: "{arn}", Names: "PolicyName=name", Resolved: "AutoScalingGroupName=autoscaling_group_name"},
		{Terraform: "aws_autoscaling_lifecycle_hook", CloudFormation: "AWS::AutoScaling::LifecycleHook", ID: "{autoscaling_group_name}|{name}", Resolved: "AutoScalingGroupName=autoscaling_group_name LifecycleHookName=name"},
		{Terraform: "aws_autoscaling_schedule", CloudFormation: "AWS::AutoScaling::ScheduledAction", ID: "{scheduled_action_name}|{autoscaling_group_name}", Resolved: "AutoScalingGroupName=autoscaling_group_name ScheduledActionName=scheduled_action_name"},
		{Terraform: "aws_autoscaling_attachment", When: "lb_target_group_arn", CloudFormation: group, By: "{autoscaling_group_name}", Property: "TargetGroupARNs"},
		{Terraform: "aws_autoscaling_attachment", CloudFormation: group, By: "{autoscaling_group_name}", Property: "LoadBalancerNames"},
		{Terraform: "aws_autoscaling_traffic_source_attachment", CloudFormation: group, By: "{autoscaling_group_name}", Property: "TrafficSources"},
		{
			Terraform: "aws_appautoscaling_target", CloudFormation: "AWS::ApplicationAutoScaling::ScalableTarget",
			ID:       "{resource_id}|{scalable_dimension}|{service_namespace}",
			Resolved: "ResourceId=resource_id ScalableDimension=scalable_dimension ServiceNamespace=service_namespace",
		},
		{
			Terraform: "aws_appautoscaling_policy", CloudFormation: "AWS::ApplicationAutoScaling::ScalingPolicy", ID: "{arn}", Names: "PolicyName=name",
			Resolved: "ResourceId=resource_id ScalableDimension=scalable_dimension ServiceNamespace=service_namespace PolicyName=name",
		},
		{Terraform: "aws_appautoscaling_scheduled_action", CloudFormation: "AWS::ApplicationAutoScaling::ScalableTarget", By: "{resource_id}|{scalable_dimension}|{service_namespace}", Property: "ScheduledActions"},
	}
}

func functionTypes() []Type {
	const function = "AWS::Lambda::Function"
	return []Type{
		{
			Terraform: "aws_lambda_function", CloudFormation: function, ID: "{function_name}", Names: "Arn=arn FunctionName=function_name",
			Resolved: "Code.S3Bucket=s3_bucket Code.S3Key=s3_key Code.S3ObjectVersion=s3_object_version Code.ImageUri=image_uri",
		},
		{Terraform: "aws_lambda_alias", CloudFormation: "AWS::Lambda::Alias", ID: "{arn}", Names: "AliasArn=arn", Resolved: "FunctionName=function_name Name=name"},
		{
			Terraform: "aws_lambda_permission", CloudFormation: "AWS::Lambda::Permission", ID: "{statement_id} {id}",
			Resolved: "FunctionName={function_name}:{qualifier} FunctionName=function_name Action=action Principal=principal SourceArn=source_arn",
		},
		{Terraform: "aws_lambda_event_source_mapping", CloudFormation: "AWS::Lambda::EventSourceMapping", ID: "{uuid} {id}", Resolved: "FunctionName=function_name"},
		{
			Terraform: "aws_lambda_layer_version", CloudFormation: "AWS::Lambda::LayerVersion", ID: "{arn}", Names: "LayerVersionArn=arn",
			Resolved: "Content.S3Bucket=s3_bucket Content.S3Key=s3_key Content.S3ObjectVersion=s3_object_version",
		},
		{
			Terraform: "aws_lambda_function_url", CloudFormation: "AWS::Lambda::Url", ID: "{function_arn}:{qualifier} {function_arn}", Names: "FunctionUrl=function_url",
			Resolved: "TargetFunctionArn=function_arn Qualifier=qualifier",
		},
		{
			Terraform: "aws_lambda_function_event_invoke_config", CloudFormation: "AWS::Lambda::EventInvokeConfig",
			ID: "{function_name}|{qualifier} {function_name}|$LATEST", Resolved: "FunctionName=function_name Qualifier=qualifier",
		},
		{Terraform: "aws_lambda_provisioned_concurrency_config", CloudFormation: function, By: "{function_name}"},
		{Terraform: "aws_lambda_code_signing_config", CloudFormation: "AWS::Lambda::CodeSigningConfig", ID: "{arn}"},
		{Terraform: "aws_sfn_state_machine", CloudFormation: "AWS::StepFunctions::StateMachine", ID: "{arn} {id}", Names: "Arn=arn Name=name"},
		{Terraform: "aws_sfn_alias", CloudFormation: "AWS::StepFunctions::StateMachineAlias", ID: "{arn}", Names: "Arn=arn"},
		{Terraform: "aws_sfn_activity", CloudFormation: "AWS::StepFunctions::Activity", ID: "{id}", Names: "Name=name"},
	}
}

func containerTypes() []Type {
	const cluster = "AWS::ECS::Cluster"
	const repository = "AWS::ECR::Repository"
	return []Type{
		{Terraform: "aws_ecs_cluster", CloudFormation: cluster, ID: "{name}", Names: "Arn=arn ClusterName=name"},
		{Terraform: "aws_ecs_cluster_capacity_providers", CloudFormation: cluster, By: "{cluster_name}", Property: "CapacityProviders"},
		{Terraform: "aws_ecs_capacity_provider", CloudFormation: "AWS::ECS::CapacityProvider", ID: "{name}"},
		{Terraform: "aws_ecs_service", CloudFormation: "AWS::ECS::Service", ID: "{arn} {id}", Names: "ServiceArn=id Name=name", Resolved: "Cluster=cluster ServiceName=name"},
		{Terraform: "aws_ecs_task_definition", CloudFormation: "AWS::ECS::TaskDefinition", ID: "{arn}", Names: "TaskDefinitionArn=arn"},
		{Terraform: "aws_ecr_repository", CloudFormation: repository, ID: "{name}", Names: "Arn=arn RepositoryUri=repository_url RepositoryName=name"},
		{Terraform: "aws_ecr_lifecycle_policy", CloudFormation: repository, By: "{repository}", Property: "LifecyclePolicy"},
		{Terraform: "aws_ecr_repository_policy", CloudFormation: repository, By: "{repository}", Property: "RepositoryPolicyText"},
		{Terraform: "aws_ecr_replication_configuration", CloudFormation: "AWS::ECR::ReplicationConfiguration", ID: "{registry_id} {id}"},
		{Terraform: "aws_ecr_registry_policy", CloudFormation: "AWS::ECR::RegistryPolicy", ID: "{registry_id} {id}"},
		{Terraform: "aws_ecr_registry_scanning_configuration", CloudFormation: "AWS::ECR::RegistryScanningConfiguration", ID: "{registry_id} {id}"},
		{Terraform: "aws_ecr_pull_through_cache_rule", CloudFormation: "AWS::ECR::PullThroughCacheRule", ID: "{ecr_repository_prefix} {id}"},
		{Terraform: "aws_eks_cluster", CloudFormation: "AWS::EKS::Cluster", ID: "{name}", Names: "Arn=arn Endpoint=endpoint Name=name"},
		{Terraform: "aws_eks_node_group", CloudFormation: "AWS::EKS::Nodegroup", ID: "{cluster_name}/{node_group_name}", Names: "Arn=arn", Resolved: "ClusterName=cluster_name NodegroupName=node_group_name"},
		{Terraform: "aws_eks_addon", CloudFormation: "AWS::EKS::Addon", ID: "{cluster_name}|{addon_name}", Names: "Arn=arn", Resolved: "ClusterName=cluster_name AddonName=addon_name"},
		{Terraform: "aws_eks_fargate_profile", CloudFormation: "AWS::EKS::FargateProfile", ID: "{cluster_name}|{fargate_profile_name}", Names: "Arn=arn", Resolved: "ClusterName=cluster_name FargateProfileName=fargate_profile_name"},
		{Terraform: "aws_eks_access_entry", CloudFormation: "AWS::EKS::AccessEntry", ID: "{principal_arn}|{cluster_name}", Resolved: "PrincipalArn=principal_arn ClusterName=cluster_name"},
		{Terraform: "aws_eks_access_policy_association", CloudFormation: "AWS::EKS::AccessEntry", By: "{principal_arn}|{cluster_name}", Property: "AccessPolicies"},
		{Terraform: "aws_eks_pod_identity_association", CloudFormation: "AWS::EKS::PodIdentityAssociation", ID: "{association_arn}"},
		{Terraform: "aws_service_discovery_private_dns_namespace", CloudFormation: "AWS::ServiceDiscovery::PrivateDnsNamespace", ID: "{id}", Names: "Arn=arn"},
		{Terraform: "aws_service_discovery_http_namespace", CloudFormation: "AWS::ServiceDiscovery::HttpNamespace", ID: "{id}", Names: "Arn=arn"},
		{Terraform: "aws_service_discovery_service", CloudFormation: "AWS::ServiceDiscovery::Service", ID: "{id}", Names: "Arn=arn"},
	}
}
