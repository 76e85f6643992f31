package terraform

func databaseTypes() []Type {
	const instance, cluster, table = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DynamoDB::Table"
	return []Type{
		{Terraform: "aws_db_instance", CloudFormation: instance, ID: "{identifier}", Names: "DBInstanceArn=arn Endpoint.Address=address DbiResourceId=resource_id"},
		{Terraform: "aws_rds_cluster_instance", CloudFormation: instance, ID: "{identifier}", Names: "DBInstanceArn=arn Endpoint.Address=endpoint DbiResourceId=dbi_resource_id"},
		{Terraform: "aws_db_instance_role_association", CloudFormation: instance, By: "{db_instance_identifier}", Property: "AssociatedRoles"},
		{Terraform: "aws_rds_cluster", CloudFormation: cluster, ID: "{cluster_identifier}", Names: "DBClusterArn=arn Endpoint.Address=endpoint ReadEndpoint.Address=reader_endpoint DBClusterResourceId=cluster_resource_id"},
		{Terraform: "aws_rds_cluster_role_association", CloudFormation: cluster, By: "{db_cluster_identifier}", Property: "AssociatedRoles"},
		{Terraform: "aws_rds_global_cluster", CloudFormation: "AWS::RDS::GlobalCluster", ID: "{global_cluster_identifier}"},
		{Terraform: "aws_db_parameter_group", CloudFormation: "AWS::RDS::DBParameterGroup", ID: "{name}"},
		{Terraform: "aws_rds_cluster_parameter_group", CloudFormation: "AWS::RDS::DBClusterParameterGroup", ID: "{name}"},
		{Terraform: "aws_db_option_group", CloudFormation: "AWS::RDS::OptionGroup", ID: "{name}"},
		{Terraform: "aws_db_subnet_group", CloudFormation: "AWS::RDS::DBSubnetGroup", ID: "{name}"},
		{Terraform: "aws_db_proxy", CloudFormation: "AWS::RDS::DBProxy", ID: "{name}", Names: "DBProxyArn=arn Endpoint=endpoint"},
		{Terraform: "aws_db_proxy_default_target_group", CloudFormation: "AWS::RDS::DBProxyTargetGroup", ID: "{arn}", Resolved: "DBProxyName=db_proxy_name TargetGroupName=name"},
		{Terraform: "aws_db_event_subscription", CloudFormation: "AWS::RDS::EventSubscription", ID: "{name}"},
		{Terraform: "aws_dynamodb_table", CloudFormation: table, ID: "{name}", Names: "Arn=arn StreamArn=stream_arn TableName=name"},
		{Terraform: "aws_dynamodb_table_replica", CloudFormation: table, ID: "{arn/}", Names: "Arn=arn"},
		{Terraform: "aws_dynamodb_contributor_insights", CloudFormation: table, By: "{table_name}", Property: "ContributorInsightsSpecification"},
		{Terraform: "aws_dynamodb_kinesis_streaming_destination", CloudFormation: table, By: "{table_name}", Property: "KinesisStreamSpecification"},
		{Terraform: "aws_dynamodb_resource_policy", CloudFormation: table, By: "{resource_arn}", Property: "ResourcePolicy"},
		{
			Terraform: "aws_elasticache_replication_group", CloudFormation: "AWS::ElastiCache::ReplicationGroup", ID: "{replication_group_id} {id}",
			Names: "Arn=arn PrimaryEndPoint.Address=primary_endpoint_address ReaderEndPoint.Address=reader_endpoint_address ConfigurationEndPoint.Address=configuration_endpoint_address",
		},
		{Terraform: "aws_elasticache_global_replication_group", CloudFormation: "AWS::ElastiCache::GlobalReplicationGroup", ID: "{global_replication_group_id} {id}"},
		{Terraform: "aws_elasticache_cluster", CloudFormation: "AWS::ElastiCache::CacheCluster", ID: "{cluster_id} {id}", Names: "Arn=arn"},
		{Terraform: "aws_elasticache_serverless_cache", CloudFormation: "AWS::ElastiCache::ServerlessCache", ID: "{name}", Names: "ARN=arn"},
		{Terraform: "aws_elasticache_parameter_group", CloudFormation: "AWS::ElastiCache::ParameterGroup", ID: "{name}"},
		{Terraform: "aws_elasticache_subnet_group", CloudFormation: "AWS::ElastiCache::SubnetGroup", ID: "{name}"},
		{Terraform: "aws_elasticache_user", CloudFormation: "AWS::ElastiCache::User", ID: "{user_id}", Names: "Arn=arn"},
		{Terraform: "aws_elasticache_user_group", CloudFormation: "AWS::ElastiCache::UserGroup", ID: "{user_group_id}", Names: "Arn=arn"},
		{Terraform: "aws_opensearch_domain", CloudFormation: "AWS::OpenSearchService::Domain", ID: "{domain_name}", Names: "Arn=arn DomainEndpoint=endpoint"},
		{Terraform: "aws_elasticsearch_domain", CloudFormation: "AWS::OpenSearchService::Domain", ID: "{domain_name}", Names: "Arn=arn DomainEndpoint=endpoint"},
		{Terraform: "aws_opensearch_domain_policy", CloudFormation: "AWS::OpenSearchService::Domain", By: "{domain_name}", Property: "AccessPolicies"},
	}
}

func storageTypes() []Type {
	const bucket, files = "AWS::S3::Bucket", "AWS::EFS::FileSystem"
	list := []Type{
		{Terraform: "aws_s3_bucket", CloudFormation: bucket, ID: "{bucket} {id}", Names: "Arn=arn DomainName=bucket_domain_name RegionalDomainName=bucket_regional_domain_name"},
		{Terraform: "aws_s3_bucket_policy", CloudFormation: "AWS::S3::BucketPolicy", ID: "{bucket}", Resolved: "Bucket=bucket"},
		{Terraform: "aws_s3_access_point", CloudFormation: "AWS::S3::AccessPoint", ID: "{name}", Names: "Arn=arn Alias=alias"},
		{Terraform: "aws_efs_file_system", CloudFormation: files, ID: "{id}", Names: "Arn=arn"},
		{Terraform: "aws_efs_file_system_policy", CloudFormation: files, By: "{file_system_id}", Property: "FileSystemPolicy"},
		{Terraform: "aws_efs_backup_policy", CloudFormation: files, By: "{file_system_id}", Property: "BackupPolicy"},
		{Terraform: "aws_efs_replication_configuration", CloudFormation: files, By: "{source_file_system_id}", Property: "ReplicationConfiguration"},
		{Terraform: "aws_efs_mount_target", CloudFormation: "AWS::EFS::MountTarget", ID: "{id}", Names: "IpAddress=ip_address", Resolved: "FileSystemId=file_system_id SubnetId=subnet_id"},
		{Terraform: "aws_efs_access_point", CloudFormation: "AWS::EFS::AccessPoint", ID: "{id}", Names: "Arn=arn", Resolved: "FileSystemId=file_system_id"},
		{Terraform: "aws_backup_vault", CloudFormation: "AWS::Backup::BackupVault", ID: "{name}", Names: "BackupVaultArn=arn"},
		{Terraform: "aws_backup_vault_policy", CloudFormation: "AWS::Backup::BackupVault", By: "{backup_vault_name}", Property: "AccessPolicy"},
		{Terraform: "aws_backup_vault_lock_configuration", CloudFormation: "AWS::Backup::BackupVault", By: "{backup_vault_name}", Property: "LockConfiguration"},
		{Terraform: "aws_backup_vault_notifications", CloudFormation: "AWS::Backup::BackupVault", By: "{backup_vault_name}", Property: "Notifications"},
		{Terraform: "aws_backup_plan", CloudFormation: "AWS::Backup::BackupPlan", ID: "{id}", Names: "BackupPlanArn=arn"},
		{Terraform: "aws_backup_selection", CloudFormation: "AWS::Backup::BackupSelection", ID: "{id}_{plan_id}", Resolved: "BackupPlanId=plan_id"},
	}
	for _, part := range []struct{ suffix, property string }{
		{"versioning", "VersioningConfiguration"},
		{"public_access_block", "PublicAccessBlockConfiguration"},
		{"server_side_encryption_configuration", "BucketEncryption"},
		{"lifecycle_configuration", "LifecycleConfiguration"},
		{"replication_configuration", "ReplicationConfiguration"},
		{"cors_configuration", "CorsConfiguration"},
		{"logging", "LoggingConfiguration"},
		{"notification", "NotificationConfiguration"},
		{"ownership_controls", "OwnershipControls"},
		{"object_lock_configuration", "ObjectLockConfiguration"},
		{"website_configuration", "WebsiteConfiguration"},
		{"accelerate_configuration", "AccelerateConfiguration"},
		{"intelligent_tiering_configuration", "IntelligentTieringConfigurations"},
		{"inventory", "InventoryConfigurations"},
		{"analytics_configuration", "AnalyticsConfigurations"},
		{"metric", "MetricsConfigurations"},
		{"acl", "AccessControl"},
		{"request_payment_configuration", "RequestPayment"},
	} {
		list = append(list, Type{Terraform: "aws_s3_bucket_" + part.suffix, CloudFormation: bucket, By: "{bucket}", Property: part.property})
	}
	return list
}
