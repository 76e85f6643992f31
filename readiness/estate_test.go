package readiness

import "github.com/lockstep-dr/lockstep/drift"

// estate is one resource of each kind that only the comparison and the rules'
// own look at properties judge. Both Regions have it.
func estate(region string) []drift.Resource {
	image := "111111111111.dkr.ecr." + region + ".amazonaws.com/web@sha256:11"
	var all []drift.Resource
	add := func(id, kind string, properties object) {
		all = append(all, drift.Resource{Key: "app/" + id, Type: kind, ID: id, Properties: properties})
	}
	add("Task", typeTaskDefinition, object{"ContainerDefinitions": []any{object{"Name": "web", "Image": image}}})
	add("Mapping", typeMapping, object{"Enabled": true})
	add("Stage", "AWS::ApiGateway::Stage", object{"StageName": "live"})
	add("Rule", "AWS::Events::Rule", object{"State": "ENABLED"})
	add("WebACL", "AWS::WAFv2::WebACL", object{"DefaultAction": object{"Allow": object{}}})
	add("Database", typeDBInstance, object{"DBParameterGroupName": "orders", "OptionGroupName": "default:mysql-8-0", "BackupRetentionPeriod": 7.0})
	add("Parameters", typeDBParameters, object{"Family": "mysql8.0"})
	add("Vpc", "AWS::EC2::VPC", object{"CidrBlock": "10.0.0.0/16"})
	add("Peering", typePeering, object{"VpcId": "Vpc", "PeerVpcId": "vpc-hub"})
	add("Transit", attachmentTypes[1], object{"VpcId": "Vpc", "TransitGatewayId": "tgw-1"})
	add("Endpoint", "AWS::EC2::VPCEndpoint", object{"PrivateDnsEnabled": true})
	add("Group", "AWS::EC2::SecurityGroup", object{})
	add("Listener", "AWS::ElasticLoadBalancingV2::Listener", object{"Port": 443.0})
	add("Table", "AWS::DynamoDB::Table", object{"PointInTimeRecoverySpecification": object{"PointInTimeRecoveryEnabled": true}})
	add("Log", "AWS::Logs::LogGroup", object{"RetentionInDays": 30.0})
	add("Role", "AWS::IAM::Role", object{})
	add("mrk-1", "AWS::KMS::Key", object{"MultiRegion": true})
	add("Balancer", typeBalancer, object{"Scheme": "internet-facing"})
	add("Targets", typeTargetGroup, object{"Port": 80.0})
	add("Classic", typeClassicBalancer, object{"Scheme": "internet-facing"})
	add("Domain", "AWS::ApiGatewayV2::DomainName", object{})
	add("Workers", typeGroup, object{"MaxSize": "10", "AvailabilityZones": []any{region + "a", region + "b"}})
	add("Scaling", typeTarget, object{"MaxCapacity": 10.0})
	add("Kubernetes", "AWS::EKS::Cluster", object{"Version": "1.34"})
	add("Nodes", "AWS::EKS::Nodegroup", object{})
	add("Aurora", typeDBCluster, object{"EngineVersion": "16.4"})
	add("Global", typeGlobalCluster, object{})
	add("Subnet", typeSubnet, object{"CidrBlock": "10.0.0.0/24"})
	add("Route", "AWS::EC2::Route", object{})
	add("Nat", "AWS::EC2::NatGateway", object{})
	add("Certificate", typeCertificate, object{"DomainName": "pay.example.com"})
	add("Repository", typeRepository, object{"RepositoryName": "web"})
	add("Template", "AWS::EC2::LaunchTemplate", object{"LaunchTemplateData": object{"ImageId": "ami-1"}})
	add("Bucket", typeBucket, object{"VersioningConfiguration": object{"Status": "Enabled"}})
	add("Files", typeFileSystem, object{})
	add("Cache", typeGlobalCache, object{})
	add("Sessions", "AWS::ElastiCache::ReplicationGroup", object{})
	add("Brokers", "AWS::MSK::Cluster", object{"KafkaVersion": "3.8.0"})
	add("Search", "AWS::OpenSearchService::Domain", object{"EngineVersion": "OpenSearch_2.19"})
	add("SignIn", "AWS::Cognito::UserPoolDomain", object{})
	add("Record", typeRecord, failover(region))
	add("Probe", typeHealthCheck, object{"HealthCheckConfig": object{"Type": "HTTPS"}})
	add("Backups", typeBackupPlan, object{"BackupPlan": object{"BackupPlanRule": []any{object{"CopyActions": []any{
		object{"DestinationBackupVaultArn": "arn:aws:backup:us-west-2:1:backup-vault:v"}}}}}})
	return all
}

// conditions are the facts that say that the estate can serve.
func conditions() []drift.Fact {
	return []drift.Fact{
		{Kind: drift.FactTableReplicas, Subject: "app/Table", Value: []any{object{"RegionName": west, "ReplicaStatus": "ACTIVE"}}},
		{Kind: drift.FactReplicationGroupState, Subject: "app/Sessions", Value: object{"Status": "available"}},
		{Kind: drift.FactGlobalReplicationGroupState, Subject: "app/Cache", Value: object{"Status": "available", "Members": []any{
			object{"ReplicationGroupRegion": west, "Status": "associated"}}}},
		{Kind: drift.FactFileSystemReplication, Subject: "app/Files", Value: replicated("ENABLED", "2026-11-22T17:58:00Z")},
		{Kind: drift.FactInstanceHealth, Subject: "app/Classic", Value: object{"InService": 2.0}},
		{Kind: drift.FactHealthCheckStatus, Subject: "app/Probe", Value: object{"Success": 8.0, "Failure": 0.0}},
		{Kind: drift.FactMSKState, Subject: "app/Brokers", Value: object{"State": "ACTIVE"}},
		{Kind: drift.FactDomainState, Subject: "app/Search", Value: object{"DomainProcessingStatus": "Active"}},
		{Kind: drift.FactUserPoolDomain, Subject: "app/SignIn", Value: object{"Status": "ACTIVE"}},
		{Kind: drift.FactQuota, Subject: "lambda/L-B99A9384", Value: object{"Name": "Concurrent executions", "Value": 5000.0}},
		{Kind: drift.FactQuota, Subject: "sns/L-61103206", Value: object{"Name": "Topics", "Value": 100000.0}},
		{Kind: drift.FactContent, Subject: "ami-1", Value: object{"Kind": "AMI", "Name": "web-2026", "State": "available"}},
		{Kind: drift.FactServiceState, Subject: "app/Service", Value: object{"Status": "ACTIVE", "DesiredCount": 4.0, "RunningCount": 4.0,
			"Deployments": []any{object{"Status": "PRIMARY", "RolloutState": "COMPLETED"}}}},
		{Kind: drift.FactTaskSize, Subject: "app/Service", Value: object{"Revision": "arn:aws:ecs:us-east-1:1:task-definition/web:1", "Cpu": "256", "NetworkMode": "bridge"}},
		{Kind: drift.FactGroupInstances, Subject: "app/Workers", Value: object{"InService": 4.0, "HealthStatus": object{"Healthy": 4.0}}},
		{Kind: drift.FactMachines, Subject: "app/Workers", Value: running(object{"m5.large": 4.0}, "m5.large")},
		{Kind: drift.FactMachines, Subject: "app/Nodes", Value: running(object{"m5.large": 2.0}, "m5.large")},
		{Kind: drift.FactInstanceType, Subject: "m5.large", Value: object{"VCpus": 2.0, "MemoryMiB": 8192.0, "Quota": "ec2/L-1216C47A"}},
		{Kind: drift.FactInstanceOffering, Subject: "m5.large", Value: object{"AvailabilityZones": []any{east + "a", east + "b", west + "a", west + "b"}}},
		{Kind: drift.FactQuota, Subject: "ec2/L-1216C47A", Value: object{"Name": "Running On-Demand Standard", "Value": 64.0}},
		{Kind: drift.FactQuota, Subject: "vpc/L-DF5E4CA3", Value: object{"Name": "Network interfaces", "Value": 5000.0}},
		{Kind: drift.FactQuota, Subject: "fargate/L-3032A538", Value: object{"Name": "Fargate On-Demand vCPU", "Value": 6.0}},
		{Kind: drift.FactQuota, Subject: "ebs/L-7A658B76", Value: object{"Name": "Storage of gp3 volumes, in TiB", "Value": 50.0}},
		{Kind: drift.FactLambdaLimits, Value: object{"ConcurrentExecutions": 1000.0, "UnreservedConcurrentExecutions": 900.0}},
		{Kind: drift.FactLambdaPeak, Subject: "ConcurrentExecutions", Value: object{"Peak": 400.0, "Window": "336h"}},
		{Kind: drift.FactLambdaPeak, Subject: "UnreservedConcurrentExecutions", Value: object{"Peak": 300.0, "Window": "336h"}},
		{Kind: drift.FactAPIThrottle, Value: object{"RateLimit": 10000.0, "BurstLimit": 5000.0}},
		{Kind: drift.FactBalancerLimits, Value: object{"application-load-balancers": 50.0, "target-groups": 3000.0}},
		{Kind: drift.FactQuotaRequests, Value: object{"Requests": []any{}}},
		{Kind: drift.FactDBLimits, Value: object{"DBInstances": object{"Used": 3.0, "Max": 40.0}, "AllocatedStorage": object{"Used": 300.0, "Max": 100000.0}}},
		{Kind: drift.FactEKSClusterStatus, Subject: "app/Kubernetes", Value: object{"Status": "ACTIVE"}},
		{Kind: drift.FactNodegroupStatus, Subject: "app/Nodes", Value: object{"Status": "ACTIVE", "Issues": []any{}}},
		{Kind: drift.FactDBClusterState, Subject: "app/Aurora", Value: object{"Status": "available", "DBClusterMembers": []any{object{"DBInstanceIdentifier": "a-1"}}}},
		{Kind: drift.FactDBInstanceState, Subject: "app/Database", Value: object{"DBInstanceStatus": "available"}},
		{Kind: drift.FactGlobalClusterState, Subject: "app/Global", Value: object{"Status": "available", "GlobalClusterMembers": []any{
			object{"DBClusterArn": "arn:aws:rds:us-east-1:111111111111:cluster:a", "IsWriter": true},
			object{"DBClusterArn": "arn:aws:rds:us-west-2:111111111111:cluster:Aurora", "SynchronizationStatus": "connected"}}}},
		{Kind: drift.FactAuroraLag, Subject: "app/Aurora", Value: behind("AuroraGlobalDBRPOLag", 0.8)},
		{Kind: drift.FactReplicaLag, Subject: "app/Database", Value: behind("ReplicaLag", 2)},
		{Kind: drift.FactTableLag, Subject: "app/Table#us-west-2", Value: behind("ReplicationLatency", 1)},
		{Kind: drift.FactSubnetAddresses, Subject: "app/Subnet", Value: object{"AvailableIpAddressCount": 200.0, "State": "available"}},
		{Kind: drift.FactPeeringState, Subject: "app/Peering", Value: object{"Code": "active", "Message": "Active", "Peer": "eu-west-1"}},
		{Kind: drift.FactAttachmentState, Subject: "app/Transit", Value: object{"State": "available"}},
		{Kind: drift.FactVPCConnections, Subject: "app/Vpc", Value: waysOut("active", "available")},
		{Kind: drift.FactRouteState, Subject: "app/Route", Value: object{"State": "active"}},
		{Kind: drift.FactNatGatewayState, Subject: "app/Nat", Value: object{"State": "available"}},
		{Kind: drift.FactCertificateState, Subject: "app/Certificate", Value: object{"Status": "ISSUED", "NotAfter": "2027-10-01T00:00:00Z"}},
		{Kind: drift.FactImages, Subject: "app/Service", Value: object{"Images": []any{object{"Name": "web", "Image": "web@sha256:11", "State": "present"}}}},
		{Kind: drift.FactRegistryReplication, Value: object{"Rules": []any{}}},
		{Kind: drift.FactLoadBalancerState, Subject: "app/Balancer", Value: object{"Code": "active"}},
		{Kind: drift.FactTargetHealth, Subject: "app/Targets", Value: object{"healthy": 2.0}},
		{Kind: drift.FactDomainName, Subject: "app/Domain", Value: object{"DomainNameStatus": []any{"AVAILABLE"}}},
	}
}

// running is what a group runs and may start, with a disk of 100 GiB each.
func running(instances object, starts ...string) object {
	var kinds []any
	for _, s := range starts {
		kinds = append(kinds, s)
	}
	return object{"Running": instances, "Starts": kinds, "Weighted": false, "Attributes": false, "Volumes": object{"ebs/L-7A658B76": 100.0}}
}

// waysOut are the connections of a VPC: a peering connection and an attachment.
func waysOut(peering, attachment string) object {
	return object{"Connections": []any{object{"Kind": "peering connection", "Id": "pcx-1", "State": peering, "PeerVpc": "vpc-hub", "PeerRegion": "eu-west-1"},
		object{"Kind": "transit gateway attachment", "Id": "tgw-attach-1", "State": attachment, "PeerVpc": "", "PeerRegion": ""}}}
}

// behind is a lag that was measured a minute before the snapshot.
func behind(metric string, seconds float64) object {
	return object{"Metric": metric, "Seconds": seconds, "At": "2026-11-22T17:59:00Z", "Window": "3h"}
}

// replicated is a file system that replicates to the standby.
func replicated(state, last string) object {
	return object{"Role": "source", "Destinations": []any{object{"Region": west, "Status": state, "LastReplicatedTimestamp": last}}}
}

// failover is one of the two records of the name that clients use.
func failover(region string) object {
	role := "PRIMARY"
	if region == west {
		role = "SECONDARY"
	}
	return object{"HostedZoneId": "Z1", "Name": "pay.example.com.", "Type": "CNAME", "SetIdentifier": region, "Failover": role, "TTL": "60",
		"ResourceRecords": []any{"alb." + region + ".elb.amazonaws.com"}, "HealthCheckId": "hc-" + region}
}
