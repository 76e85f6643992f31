package terraform

// Shape is one row of the third table: which properties of CloudFormation the
// arguments of a Terraform type set. It is for plans only: what exists is read from
// AWS. An argument that no row names makes its change unknown, never unseen.
type Shape struct {
	Terraform string
	// Properties are "argument=Property:kind"; the property is the argument in
	// camel case where it is left out, and the kinds are those of field.convert. A
	// dot leads into a block that is written at most once, or into a property.
	Properties string
	// Ignored are arguments that set no property, and what AWS computes.
	Ignored string
	// Windowed says that AWS makes changes in a maintenance window, unless the
	// argument apply_immediately is true.
	Windowed bool
	// Computed are blocks that AWS fills in where nobody writes them.
	Computed string
}

// Shapes is the table. Sources: the "Argument reference" of the Terraform AWS
// provider's documentation, and the CloudFormation resource reference.
func Shapes() []Shape {
	var all []Shape
	for _, area := range [][]Shape{messagingShapes(), functionShapes(), dataShapes(), securityShapes(), serverShapes(), watchShapes()} {
		all = append(all, area...)
	}
	return all
}

func messagingShapes() []Shape {
	return []Shape{
		{
			Terraform: "aws_sqs_queue",
			Properties: "name=QueueName visibility_timeout_seconds=VisibilityTimeout message_retention_seconds=MessageRetentionPeriod " +
				"max_message_size=MaximumMessageSize delay_seconds receive_wait_time_seconds=ReceiveMessageWaitTimeSeconds fifo_queue " +
				"content_based_deduplication kms_master_key_id kms_data_key_reuse_period_seconds sqs_managed_sse_enabled " +
				"deduplication_scope fifo_throughput_limit redrive_policy:json redrive_allow_policy:json",
			Ignored: "url",
		},
		{
			Terraform: "aws_sns_topic",
			Properties: "name=TopicName display_name kms_master_key_id fifo_topic content_based_deduplication signature_version:text " +
				"tracing_config fifo_throughput_scope archive_policy:json",
			Ignored: "owner beginning_archive_time",
		},
		{
			Terraform: "aws_sns_topic_subscription",
			Properties: "topic_arn protocol endpoint raw_message_delivery filter_policy:json filter_policy_scope redrive_policy:json " +
				"delivery_policy:json subscription_role_arn",
			Ignored: "confirmation_timeout_in_minutes confirmation_was_authenticated endpoint_auto_confirms pending_confirmation",
		},
		{
			Terraform:  "aws_cloudwatch_event_rule",
			Properties: "name description schedule_expression event_pattern:json event_bus_name state role_arn",
			Ignored:    "force_destroy",
		},
		{
			Terraform: "aws_kinesis_stream",
			Properties: "name shard_count retention_period=RetentionPeriodHours stream_mode_details.stream_mode=StreamModeDetails.StreamMode " +
				"encryption_type=StreamEncryption.EncryptionType:not(NONE) kms_key_id=StreamEncryption.KeyId",
			Ignored:  "enforce_consumer_deletion",
			Computed: "stream_mode_details",
		},
	}
}

func functionShapes() []Shape {
	return []Shape{
		{
			Terraform: "aws_lambda_function",
			Properties: "function_name description handler runtime role memory_size timeout package_type architectures layers kms_key_arn " +
				"reserved_concurrent_executions:not(-1) environment.variables=Environment.Variables " +
				"dead_letter_config.target_arn=DeadLetterConfig.TargetArn tracing_config.mode=TracingConfig.Mode " +
				"vpc_config.subnet_ids=VpcConfig.SubnetIds vpc_config.security_group_ids=VpcConfig.SecurityGroupIds " +
				"ephemeral_storage.size=EphemeralStorage.Size logging_config.log_format=LoggingConfig.LogFormat " +
				"logging_config.log_group=LoggingConfig.LogGroup source_code_hash=CodeSha256:sha256 " +
				"filename=CodeSha256:opens s3_bucket=CodeSha256:opens s3_key=CodeSha256:opens s3_object_version=CodeSha256:opens image_uri=CodeSha256:opens",
			Ignored: "skip_destroy vpc_config.vpc_id source_code_size qualified_arn qualified_invoke_arn invoke_arn last_modified " +
				"signing_job_arn signing_profile_version_arn code_sha256 replace_security_groups_on_destroy response_streaming_invoke_arn",
			Computed: "ephemeral_storage tracing_config logging_config",
		},
		{Terraform: "aws_lambda_alias", Properties: "name description function_name function_version", Ignored: "invoke_arn"},
		{
			Terraform: "aws_lambda_event_source_mapping",
			Properties: "batch_size enabled event_source_arn function_name maximum_batching_window_in_seconds starting_position " +
				"parallelization_factor maximum_retry_attempts maximum_record_age_in_seconds bisect_batch_on_function_error " +
				"tumbling_window_in_seconds function_response_types scaling_config.maximum_concurrency=ScalingConfig.MaximumConcurrency",
			Ignored: "function_arn last_modified last_processing_result state state_transition_reason uuid",
		},
	}
}

func dataShapes() []Shape {
	return []Shape{
		{
			Terraform: "aws_dynamodb_table",
			Properties: "name=TableName billing_mode read_capacity=ProvisionedThroughput.ReadCapacityUnits:not(0) " +
				"write_capacity=ProvisionedThroughput.WriteCapacityUnits:not(0) deletion_protection_enabled table_class " +
				"stream_view_type=StreamSpecification.StreamViewType " +
				"point_in_time_recovery.enabled=PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled " +
				"ttl.enabled=TimeToLiveSpecification.Enabled ttl.attribute_name=TimeToLiveSpecification.AttributeName " +
				"server_side_encryption.enabled=SSESpecification.SSEEnabled server_side_encryption.kms_key_arn=SSESpecification.KMSMasterKeyId " +
				"attribute=AttributeDefinitions:each(name=AttributeName,type=AttributeType) " +
				"hash_key=KeySchema[]:in(AttributeName,KeyType=HASH) range_key=KeySchema[]:in(AttributeName,KeyType=RANGE)",
			Ignored:  "stream_enabled stream_arn stream_label",
			Computed: "point_in_time_recovery ttl server_side_encryption",
		},
		{
			Terraform: "aws_s3_bucket", Properties: "bucket=BucketName object_lock_enabled acl=AccessControl:canned",
			Ignored: "bucket_prefix force_destroy bucket_domain_name bucket_regional_domain_name hosted_zone_id bucket_region website_domain website_endpoint",
		},
		{
			Terraform: "aws_s3_bucket_versioning", Properties: "versioning_configuration.status=VersioningConfiguration.Status",
			Ignored: "bucket expected_bucket_owner mfa versioning_configuration.mfa_delete",
		},
		{
			Terraform: "aws_s3_bucket_acl", Properties: "acl=AccessControl:canned access_control_policy=AccessControl:opens",
			Ignored: "bucket expected_bucket_owner",
		},
		{Terraform: "aws_s3_bucket_request_payment_configuration", Properties: "payer=RequestPayment", Ignored: "bucket expected_bucket_owner"},
		{
			Terraform: "aws_s3_bucket_public_access_block",
			Properties: "block_public_acls=PublicAccessBlockConfiguration.BlockPublicAcls block_public_policy=PublicAccessBlockConfiguration.BlockPublicPolicy " +
				"ignore_public_acls=PublicAccessBlockConfiguration.IgnorePublicAcls restrict_public_buckets=PublicAccessBlockConfiguration.RestrictPublicBuckets",
			Ignored: "bucket skip_destroy",
		},
		{
			Terraform: "aws_db_instance", Windowed: true,
			Properties: "identifier=DBInstanceIdentifier instance_class=DBInstanceClass engine engine_version allocated_storage:text max_allocated_storage:not(0) " +
				"multi_az=MultiAZ storage_type iops:not(0) backup_retention_period deletion_protection publicly_accessible storage_encrypted kms_key_id " +
				"performance_insights_enabled=EnablePerformanceInsights monitoring_interval auto_minor_version_upgrade " +
				"backup_window=PreferredBackupWindow maintenance_window=PreferredMaintenanceWindow parameter_group_name=DBParameterGroupName " +
				"db_subnet_group_name=DBSubnetGroupName vpc_security_group_ids=VPCSecurityGroups ca_cert_identifier=CACertificateIdentifier " +
				"iam_database_authentication_enabled=EnableIAMDatabaseAuthentication",
			Ignored: "apply_immediately skip_final_snapshot final_snapshot_identifier delete_automated_backups identifier_prefix address endpoint engine_version_actual " +
				"hosted_zone_id resource_id status latest_restorable_time",
		},
		{
			Terraform: "aws_rds_cluster", Windowed: true,
			Properties: "cluster_identifier=DBClusterIdentifier engine engine_version engine_mode backup_retention_period deletion_protection storage_encrypted " +
				"kms_key_id preferred_backup_window preferred_maintenance_window db_cluster_parameter_group_name=DBClusterParameterGroupName " +
				"db_subnet_group_name=DBSubnetGroupName iam_database_authentication_enabled=EnableIAMDatabaseAuthentication " +
				"serverlessv2_scaling_configuration.min_capacity=ServerlessV2ScalingConfiguration.MinCapacity " +
				"serverlessv2_scaling_configuration.max_capacity=ServerlessV2ScalingConfiguration.MaxCapacity",
			Ignored: "apply_immediately skip_final_snapshot final_snapshot_identifier delete_automated_backups cluster_identifier_prefix endpoint reader_endpoint " +
				"engine_version_actual hosted_zone_id cluster_resource_id",
		},
		{
			Terraform: "aws_elasticache_replication_group", Windowed: true,
			Properties: "description=ReplicationGroupDescription node_type=CacheNodeType automatic_failover_enabled multi_az_enabled=MultiAZEnabled " +
				"num_cache_clusters at_rest_encryption_enabled transit_encryption_enabled snapshot_retention_limit snapshot_window",
			Ignored: "apply_immediately final_snapshot_identifier primary_endpoint_address reader_endpoint_address configuration_endpoint_address member_clusters engine_version_actual",
		},
		{
			Terraform:  "aws_efs_file_system",
			Properties: "encrypted kms_key_id performance_mode throughput_mode provisioned_throughput_in_mibps:not(0)",
			Ignored:    "creation_token dns_name name number_of_mount_targets size_in_bytes availability_zone_id",
		},
		{
			Terraform: "aws_ssm_parameter", Properties: "name type value insecure_value=Value description tier data_type allowed_pattern",
			Ignored: "overwrite version has_value_wo key_id",
		},
		{
			Terraform: "aws_secretsmanager_secret", Properties: "name description kms_key_id replica=ReplicaRegions:each(region=Region,kms_key_id=KmsKeyId)",
			Ignored: "recovery_window_in_days force_overwrite_replica_secret",
		},
	}
}

func securityShapes() []Shape {
	return []Shape{
		{
			Terraform: "aws_kms_key",
			Properties: "description enable_key_rotation is_enabled=Enabled key_usage customer_master_key_spec=KeySpec multi_region policy=KeyPolicy:json " +
				"rotation_period_in_days",
			Ignored: "key_id deletion_window_in_days bypass_policy_lockout_safety_check",
		},
		{Terraform: "aws_kms_alias", Properties: "name=AliasName target_key_id", Ignored: "target_key_arn"},
		{
			Terraform: "aws_iam_role",
			Properties: "name=RoleName path description assume_role_policy=AssumeRolePolicyDocument:json max_session_duration permissions_boundary " +
				"managed_policy_arns",
			Ignored: "force_detach_policies create_date unique_id",
		},
		{Terraform: "aws_iam_policy", Properties: "name=ManagedPolicyName path description policy=PolicyDocument:json", Ignored: "policy_id attachment_count"},
		{Terraform: "aws_sqs_queue_policy", Properties: "policy=PolicyDocument:json", Ignored: "queue_url"},
		{Terraform: "aws_sns_topic_policy", Properties: "policy=PolicyDocument:json", Ignored: "owner"},
		{Terraform: "aws_s3_bucket_policy", Properties: "policy=PolicyDocument:json bucket"},
	}
}

func serverShapes() []Shape {
	return []Shape{
		{
			Terraform: "aws_ecs_service",
			Properties: "name=ServiceName cluster task_definition desired_count launch_type platform_version health_check_grace_period_seconds " +
				"scheduling_strategy enable_execute_command enable_ecs_managed_tags=EnableECSManagedTags propagate_tags:not(NONE) " +
				"deployment_maximum_percent=DeploymentConfiguration.MaximumPercent " +
				"deployment_minimum_healthy_percent=DeploymentConfiguration.MinimumHealthyPercent " +
				"network_configuration.subnets=NetworkConfiguration.AwsvpcConfiguration.Subnets " +
				"network_configuration.security_groups=NetworkConfiguration.AwsvpcConfiguration.SecurityGroups",
			Ignored: "wait_for_steady_state force_new_deployment force_delete triggers iam_role",
		},
		{
			Terraform: "aws_autoscaling_group",
			Properties: "name=AutoScalingGroupName min_size:text max_size:text desired_capacity:text health_check_type health_check_grace_period " +
				"default_cooldown=Cooldown:text vpc_zone_identifier=VPCZoneIdentifier termination_policies capacity_rebalance max_instance_lifetime:not(0)",
			Ignored: "wait_for_capacity_timeout force_delete force_delete_warm_pool ignore_failed_scaling_activities metrics_granularity " +
				"predicted_capacity warm_pool_size",
		},
		{
			Terraform:  "aws_appautoscaling_target",
			Properties: "min_capacity max_capacity resource_id scalable_dimension service_namespace role_arn=RoleARN",
		},
		{
			Terraform:  "aws_vpc",
			Properties: "cidr_block enable_dns_support enable_dns_hostnames instance_tenancy",
			Ignored:    "default_network_acl_id default_route_table_id default_security_group_id dhcp_options_id main_route_table_id",
		},
		{Terraform: "aws_subnet", Properties: "cidr_block availability_zone map_public_ip_on_launch vpc_id", Ignored: "availability_zone_id"},
		{
			Terraform: "aws_lb_target_group",
			Properties: "name port protocol protocol_version vpc_id target_type health_check.enabled=HealthCheckEnabled health_check.path=HealthCheckPath " +
				"health_check.protocol=HealthCheckProtocol health_check.port=HealthCheckPort health_check.interval=HealthCheckIntervalSeconds " +
				"health_check.timeout=HealthCheckTimeoutSeconds health_check.healthy_threshold=HealthyThresholdCount " +
				"health_check.unhealthy_threshold=UnhealthyThresholdCount health_check.matcher=Matcher.HttpCode",
			Ignored: "arn_suffix load_balancer_arns", Computed: "health_check",
		},
	}
}

func watchShapes() []Shape {
	return []Shape{
		{
			Terraform: "aws_cloudwatch_log_group", Properties: "name=LogGroupName retention_in_days:not(0) kms_key_id log_group_class",
			Ignored: "skip_destroy",
		},
		{
			Terraform: "aws_cloudwatch_metric_alarm",
			Properties: "alarm_name alarm_description comparison_operator evaluation_periods datapoints_to_alarm:not(0) metric_name namespace period " +
				"statistic extended_statistic threshold treat_missing_data unit actions_enabled alarm_actions ok_actions=OKActions " +
				"insufficient_data_actions dimensions:pairs threshold_metric_id evaluate_low_sample_count_percentiles=EvaluateLowSampleCountPercentile",
		},
	}
}
