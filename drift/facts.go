package drift

// Kinds of facts that rules use. A kind says what Value is.
const (
	// FactLambdaState: {"State","StateReasonCode","LastUpdateStatus"} of a function.
	FactLambdaState = "lambda.State"
	// FactLambdaConcurrency: {"Reserved": number or nil, "Provisioned": {...} or nil}.
	FactLambdaConcurrency = "lambda.Concurrency"
	// FactLambdaAlias: {"FunctionVersion","CodeSha256","RoutingWeights":{version:weight}}
	// of the alias that is Subject.
	FactLambdaAlias = "lambda.Alias"
	// FactKeyState: {"KeyState","Enabled","DeletionDate"} of a KMS key.
	FactKeyState = "kms.KeyState"
	// FactSecretReplication: {"PrimaryRegion", "Replicas":[{"Region","Status","StatusMessage"}]}.
	FactSecretReplication = "secretsmanager.Replication"
	// FactSecretValue: {"$secret": ...} keyed digest of the current value, if it may be read.
	FactSecretValue = "secretsmanager.Value"
	// FactAlarmState: string: OK, ALARM, INSUFFICIENT_DATA.
	FactAlarmState = "cloudwatch.AlarmState"
	// FactSubscriptions: [{"Protocol","Confirmed":bool}] of a topic.
	FactSubscriptions = "sns.Subscriptions"
	// FactTaskImages: {"Service", "Containers":[{"Name","Image","Digests":[...]}],
	// "Running": number} of an ECS service's running tasks.
	FactTaskImages = "ecs.TaskImages"
	// FactTaskSize: {"Revision","Cpu","NetworkMode"} of the task definition that an ECS
	// service uses now: its ARN, the units of CPU of one task ("" where only the containers
	// say), and how tasks are on the network.
	FactTaskSize = "ecs.TaskSize"
	// FactServiceState: {"Status","DesiredCount","RunningCount","PendingCount",
	// "Deployments":[{"Status","RolloutState","RolloutStateReason","FailedTasks",
	// "DesiredCount","RunningCount"}]} of an ECS service.
	FactServiceState = "ecs.ServiceState"
	// FactImages: {"Images":[{"Name","Image","Registry","Region","Digest","State"}]}
	// of the images a service's containers or a function name, as the registry each
	// names knows them: State is "present", "absent" or "elsewhere" (a registry
	// that is not this Region's ECR, which was not asked).
	FactImages = "ecr.Images"
	// FactRegistryReplication: {"Rules":[...]} where the Region's own registry
	// copies its images to; Subject is empty.
	FactRegistryReplication = "ecr.Replication"
	// FactStateMachineStatus: {"Status"} of a state machine.
	FactStateMachineStatus = "states.Status"
	// FactStreamStatus: {"StreamStatus","OpenShardCount"} of a Kinesis stream.
	FactStreamStatus = "kinesis.StreamStatus"
	// FactStreamConsumerStatus: {"ConsumerStatus"} of a registered consumer.
	FactStreamConsumerStatus = "kinesis.ConsumerStatus"
	// FactEKSClusterStatus: {"Status","Version","PlatformVersion"}.
	FactEKSClusterStatus = "eks.ClusterStatus"
	// FactNodegroupStatus: {"Status","Version","ReleaseVersion","Issues":[code]}.
	FactNodegroupStatus = "eks.NodegroupStatus"
	// FactAddonStatus: {"Status","AddonVersion"}.
	FactAddonStatus = "eks.AddonStatus"
	// FactFargateProfileStatus: {"Status"}.
	FactFargateProfileStatus = "eks.FargateProfileStatus"
	// FactMSKState: {"State"} of a Kafka cluster.
	FactMSKState = "kafka.State"
	// FactUserPoolUsers: {"EstimatedNumberOfUsers"} of a user pool, whose users
	// exist in no other Region.
	FactUserPoolUsers = "cognito-idp.Users"
	// FactUserPoolDomain: {"Status"} of a user pool's domain.
	FactUserPoolDomain = "cognito-idp.DomainStatus"
	// FactDomainName: {"DomainNameStatus":[...]} of an API's custom domain, one
	// for each endpoint it has.
	FactDomainName = "apigateway.DomainNameStatus"
	// FactVpcLink: {"Status","StatusMessage"} of an API's way into a network.
	FactVpcLink = "apigateway.VpcLinkStatus"
	// FactArchiveState: {"State"} of an event archive.
	FactArchiveState = "events.ArchiveState"
	// FactConnectionState: {"ConnectionState"} of a connection: AUTHORIZED or not.
	FactConnectionState = "events.ConnectionState"
	// FactAPIDestinationState: {"ApiDestinationState"}.
	FactAPIDestinationState = "events.ApiDestinationState"
	// FactSubnetAddresses: {"AvailableIpAddressCount","State"} of a subnet.
	FactSubnetAddresses = "ec2.SubnetAddresses"
	// FactRouteState: {"State"} of a route: active, or blackhole when what it
	// leads through is gone.
	FactRouteState = "ec2.RouteState"
	// FactNatGatewayState: {"State","FailureCode","FailureMessage"} of a NAT gateway.
	FactNatGatewayState = "ec2.NatGatewayState"
	// FactAddressState: {"Associated":bool} of an Elastic IP address.
	FactAddressState = "ec2.AddressState"
	// FactVPCEndpointState: {"State","LastError"} of a VPC endpoint.
	FactVPCEndpointState = "ec2.VpcEndpointState"
	// FactPeeringState: {"Code","Message","Peer":Region} of a peering connection; Peer is the other end's.
	FactPeeringState = "ec2.VpcPeeringState"
	// FactAttachmentState: {"State"} of an attachment to a transit gateway.
	FactAttachmentState = "ec2.TransitGatewayAttachmentState"
	// FactVPCConnections: {"Connections":[{"Kind","Id","State","PeerVpc","PeerRegion"}]} of a VPC, whoever
	// declares them: Kind is "peering connection" or "transit gateway attachment", which has no peer.
	FactVPCConnections = "ec2.VpcConnections"
	// FactInstanceState: {"State","StateReason","LaunchTime","Disks":[{"Id","DeleteOnTermination":bool}]}
	// of an instance and the EBS volumes that it has.
	FactInstanceState = "ec2.InstanceState"
	// FactFlowLogState: {"FlowLogStatus","DeliverLogsStatus","DeliverLogsErrorMessage"} of a flow log.
	FactFlowLogState = "ec2.FlowLogState"
	// FactGroupInstances: {"Total","InService","LifecycleState":{state:number},
	// "HealthStatus":{status:number},"AvailabilityZones":{zone:number in service},
	// "InstanceTypes":{type:number in service}}
	// of an Auto Scaling group.
	FactGroupInstances = "autoscaling.GroupInstances"
	// FactMachines: {"Running":{instance type:number},"Starts":[instance types],"Weighted":bool,
	// "Attributes":bool,"Volumes":{quota:GiB},"IOPS":{quota:number},"OnDemand":share} of a group,
	// node group or instance: what runs, what it may start, whether its sizes are in units of
	// weight, whether it chooses by attributes, the disks and the provisioned IOPS of one machine
	// by the quota (as Subject of FactQuota) that they count towards, as far as it or its launch
	// template names them, and the share of its instances that counts towards the quotas of
	// On-Demand Instances. "Reserves":{"Preference","Ids":[...],"Groups":[ARNs]} of a group are the
	// capacity reservations that its instances name; nil where that is not known. "Leaving"
	// {instance type:number} is what a planned change of the type will replace: it runs until then.
	FactMachines = "ec2.Machines"
	// FactInstanceType: {"VCpus","MemoryMiB","Quota"} of an instance type; Subject is its name,
	// Quota the Subject of the FactQuota that its vCPUs count towards, "" if there is none.
	FactInstanceType = "ec2.InstanceType"
	// FactInstanceOffering: {"AvailabilityZones":[...]} that offer an instance type, none where
	// the Region does not; Subject is its name.
	FactInstanceOffering = "ec2.InstanceOffering"
	// FactCapacityReservations: {"Reservations":[{"Id","Groups":[ARNs],"InstanceType","AvailabilityZone","State",
	// "Available","Total","InstanceMatchCriteria","ReservationType"}]} of the Region; Subject is empty.
	FactCapacityReservations = "ec2.CapacityReservations"
	// FactCapacityScore: {"Score","Instances","Zones":[ids],"Unasked"}, how well EC2 could start so many
	// more instances for the group that is Subject: high, medium, low or unsupported.
	// Without a score there was nothing to start, or Unasked says why it was not asked for.
	FactCapacityScore = "ec2.CapacityScore"
	// FactDBLimits: {quota name:{"Used","Max"}} of RDS in the Region; Subject is empty.
	FactDBLimits = "rds.AccountQuotas"
	// FactLambdaLimits: {"ConcurrentExecutions","UnreservedConcurrentExecutions"}, the most
	// executions at once that the Region allows the account, of all functions and of those
	// that reserve none; Subject is empty.
	FactLambdaLimits = "lambda.AccountLimit"
	// FactLambdaPeak: {"Peak","Window"}, the most executions at once within Window; Peak is nil
	// when nothing was measured. Subject is the metric, named as the limit of FactLambdaLimits.
	FactLambdaPeak = "lambda.ConcurrencyPeak"
	// FactAPIThrottle: {"RateLimit","BurstLimit"} of all APIs of the Region; Subject is empty.
	FactAPIThrottle = "apigateway.ThrottleSettings"
	// FactBalancerLimits: {name:number} of what the Region allows of load balancers; Subject is empty.
	FactBalancerLimits = "elasticloadbalancing.AccountLimits"
	// FactQuotaRequests: {"Requests":[{"Quota","Status","DesiredValue","Automatic"}]}, what was asked
	// of Service Quotas in the last 90 days, newest first; Quota is the Subject of a FactQuota, and
	// Automatic says that AWS asked by itself, because the quota was nearly used up. Subject is empty.
	FactQuotaRequests = "servicequotas.ChangeHistory"
	// FactLoadBalancerState: {"Code","Reason"} of a load balancer.
	FactLoadBalancerState = "elasticloadbalancing.LoadBalancerState"
	// FactTargetHealth: {state:number of targets} of a target group: "healthy",
	// "unhealthy", "initial", "draining", "unused", "unavailable"; empty without targets.
	FactTargetHealth = "elasticloadbalancing.TargetHealth"
	// FactInstanceHealth: {state:number of instances} of a Classic Load Balancer:
	// "InService", "OutOfService", "Unknown"; empty without instances.
	FactInstanceHealth = "elasticloadbalancing.InstanceHealth"
	// FactArtifact: {"Bucket","Key","VersionId","Checksum","Size"} of a code
	// object a release uses; Subject is "<stack key>/<logical id>#<property>".
	FactArtifact = "artifact.Object"
	// FactGone: {"Type","PhysicalId","Identities":{...}} of a resource that its
	// stack lists and the service says does not exist: deleted by hand, or never created.
	FactGone = "resource.Gone"
	// FactUnread: {"Type","PhysicalId","Identities":{...}} of a resource that its
	// stack lists and that could not be read (a gap says why): what it is called,
	// so that others may be compared which mention it.
	FactUnread = "resource.Unread"
	// FactUnlisted: {"Type"} of a resource that a stack's template declares for certain
	// and that the list of the stack's resources does not name.
	FactUnlisted = "resource.Unlisted"
	// FactDBInstanceState: {"DBInstanceStatus", "ReplicaMode", "StatusInfos":[{"StatusType",
	// "Status","Normal","Message"}], "ReadReplicaSourceDBInstanceIdentifier",
	// "ReadReplicaSourceDBClusterIdentifier", "ReadReplicaDBInstanceIdentifiers":[...]}.
	FactDBInstanceState = "rds.DBInstanceState"
	// FactDBClusterState: {"Status", "DBClusterMembers":[{"DBInstanceIdentifier",
	// "IsClusterWriter","DBClusterParameterGroupStatus"}], "GlobalClusterIdentifier",
	// "ReplicationSourceIdentifier"}.
	FactDBClusterState = "rds.DBClusterState"
	// FactGlobalClusterState: {"Status", "GlobalClusterMembers":[{"DBClusterArn","IsWriter",
	// "SynchronizationStatus"}]}.
	FactGlobalClusterState = "rds.GlobalClusterState"
	// FactReplicationGroupState: {"Status", "AutomaticFailover", "NodeGroups":[{"NodeGroupId",
	// "Status"}], "GlobalReplicationGroupId", "GlobalReplicationGroupMemberRole"}.
	FactReplicationGroupState = "elasticache.ReplicationGroupState"
	// FactGlobalReplicationGroupState: {"Status", "Members":[{"ReplicationGroupId",
	// "ReplicationGroupRegion","Role","Status","AutomaticFailover"}]}.
	FactGlobalReplicationGroupState = "elasticache.GlobalReplicationGroupState"
	// FactCacheClusterState: {"CacheClusterStatus"}.
	FactCacheClusterState = "elasticache.CacheClusterState"
	// FactServerlessCacheState: {"Status","FullEngineVersion"}.
	FactServerlessCacheState = "elasticache.ServerlessCacheState"
	// FactHealthCheckStatus: {"Success","Failure"}: how many of Route 53's checkers see the endpoint.
	FactHealthCheckStatus = "route53.HealthCheckStatus"
	// FactFileSystemReplication: {"Role": "source" or "destination", "SourceFileSystemId",
	// "SourceFileSystemRegion", "Destinations":[{"FileSystemId","Region","Status",
	// "StatusMessage","LastReplicatedTimestamp"}]} of a file system that takes part in one.
	FactFileSystemReplication = "efs.Replication"
	// FactDomainState: {"Created","Processing","UpgradeProcessing","DomainProcessingStatus"}
	// of an OpenSearch domain.
	FactDomainState = "opensearch.DomainState"
	// FactTableReplicas: [{"RegionName","ReplicaStatus","ReplicaStatusDescription"}] of a
	// table that has replicas.
	FactTableReplicas = "dynamodb.Replicas"
	// FactCertificateState: {"Status","NotAfter","InUse":bool,"RenewalStatus","RenewalEligibility",
	// "FailureReason"} of an ACM certificate; a time is RFC 3339 text or nil.
	FactCertificateState = "acm.CertificateState"
	// FactQuota: {"Name","Value":number,"Unit","Default":bool} of a quota of the account
	// in the Region; Subject is "<service code>/<quota code>", Default says that nobody
	// ever asked AWS for another value. The standby's must not be lower. Value is
	// nil where the Region has no such quota.
	FactQuota = "servicequotas.Quota"
	// FactSetting: what the account has set for the whole Region, outside of any
	// stack: the encryption of new disks and its key, the defaults of metadata, which
	// images may be started, the block of public access to VPCs (with "Exclusions" where it
	// is on: [{"Resource": a VPC or subnet, "Mode","Subnets": of the VPC, "State": where it is not
	// in effect as it stands}]), registry scanning, and
	// what an account keeps out of its buckets.
	// Subject names the setting; both Regions must have the same.
	FactSetting = "account.Setting"
	// FactContent: {"Kind","Name","Content":{...}} of something that resources
	// point to by id and that is no resource of the application: an image, a key,
	// a certificate, a parameter group. Subject is the id, name or ARN as it
	// stands in their properties. Content holds what must be alike in both
	// Regions and nothing else; whatever rules need besides stands beside it.
	FactContent = "reference.Content"
	// FactAuroraLag: {"Metric","Seconds","At","Window"}, the newest datapoint of how far
	// a secondary cluster of a global database is behind. Seconds and At (RFC 3339 text)
	// are nil when there was no datapoint within Window. Subject is the key of the
	// cluster or, where no source lists it, its ARN. The other lags are alike.
	FactAuroraLag = "rds.GlobalDatabaseLag"
	// FactReplicaLag: as FactAuroraLag, of a read replica; -1 says that it does not replicate.
	FactReplicaLag = "rds.ReplicaLag"
	// FactTableLag: as FactAuroraLag; Subject is "<key of the table>#<Region of the replica>".
	FactTableLag = "dynamodb.ReplicationLatency"
	// FactBucketLag: as FactAuroraLag; Subject is "<key of the bucket>#<id of the rule>", and
	// it is read in the Region of the destination.
	FactBucketLag = "s3.ReplicationLatency"
	// FactBucketFailures: {"Operations","Since"}, how many operations failed to replicate
	// since then, nil when nothing was reported; Subject as of FactBucketLag, read in the
	// Region of the source.
	FactBucketFailures = "s3.OperationsFailedReplication"
	// FactTerraformState: {"Location","VersionId","Lineage","Serial","TerraformVersion"}
	// of the state that a source of resources was read from; Subject is the source's key.
	FactTerraformState = "terraform.State"
	// FactElsewhere is the Fact of a gap, and never read: something a source lists
	// and that exists in no Region of the application.
	FactElsewhere = "inventory.Elsewhere"
	// FactProbe: {"URL","Host","Status":number,"Location","Certificate","Release","Mentions":[release],
	// "Cut":bool} of the answer of the Region's own endpoint. Certificate says why it is not valid, and then
	// there is no Status; Release is the header that names the release, Mentions which ids, names and commits
	// of releases the body names, Cut that there was more of it.
	FactProbe = "probe.Answer"
	// FactImageReplication: {"Repository","Digest","Statuses":[{"Region","RegistryId","Status",
	// "FailureCode"}]} of an image that a rule of the Region's registry copies; Subject is
	// "<repository>@<digest>". Without a status nothing was ever copied to that Region.
	FactImageReplication = "ecr.ImageReplication"
	// FactCallerIdentity: {"Endpoint"}, the host of the STS endpoint that answered who we are.
	FactCallerIdentity = "sts.CallerIdentity"
	// FactIssuer: {"Issuer","Registered":bool,"ClientIDList":[...]} of a Kubernetes cluster: the
	// issuer of its service accounts' tokens without the scheme, and whether IAM knows it.
	FactIssuer = "eks.Issuer"
	// FactBreakGlass: {"Exists":bool,"Password":bool,"ActiveAccessKeys":number} of the IAM user that is
	// kept for emergencies; Subject is its name.
	FactBreakGlass = "iam.BreakGlassUser"
	// FactPlanEvaluation: {"EvaluationState","LastEvaluationTime","Warnings":[{"StepName","ResourceArn",
	// "WarningMessage"}]} of a plan of ARC Region switch, its active warnings; Subject is the plan's ARN.
	FactPlanEvaluation = "arc-region-switch.PlanEvaluation"
	// FactPlanExecutions: {"Executions":[{"ExecutionId","ExecutionRegion","ExecutionAction","ExecutionState",
	// "StartTime","EndTime","ActualRecoveryTime"}]} of a plan; Subject is the plan's ARN.
	FactPlanExecutions = "arc-region-switch.PlanExecutions"
	// FactControlPolicies: {"Policies":[{"Id","Name","Target","Content":{...}}]} that the organization
	// puts on the account, from the root down to the account itself.
	FactControlPolicies = "organizations.ServiceControlPolicies"
	// FactSendingAccount: {"ProductionAccessEnabled":bool,"SendingEnabled":bool,"EnforcementStatus"}
	// of Amazon SES in the Region.
	FactSendingAccount = "ses.Account"
	// FactSendingIdentity: {"VerifiedForSendingStatus":bool,"VerificationStatus"} of an email identity.
	FactSendingIdentity = "ses.EmailIdentity"
	// FactSourceServers: {"Servers":[{"SourceServerID","InstanceID","State","Error","LagSeconds","LastLaunchResult"}]},
	// what Elastic Disaster Recovery replicates into the Region of instances that other Regions of
	// the application have; State is a DataReplicationState, LagSeconds is missing when nobody says. Subject is empty.
	FactSourceServers = "drs.SourceServers"
	// FactCanaryRun: {"State","StateReason","Completed"} of a canary's last run; State is nil when it
	// never ran, Completed RFC 3339 text or nil.
	FactCanaryRun = "synthetics.LastRun"
	// FactRecoveryPoints: {"Points":[{"From","Status","Complete":bool,"Time","Encrypted":bool,"Owned":bool,"Key"}],"Since","Unread":[places]} of a
	// store of the primary, as this Region has them: of each place the newest, and of each key the newest that is complete and one
	// that nobody dates. Since
	// is the day before which vaults were not asked (RFC 3339). From
	// is the vault or what else keeps it, Time when the data was (RFC 3339 text; nil where nothing says so), Key
	// the ARN or alias of the KMS key that encrypts it, nil where AWS names none; Owned that AWS says it is a key of its own.
	// Unread are the places that may have more and could not be read: each is Subject of a gap of GapRecoveryPlace.
	// Subject is PointsSubject of the store's key; of a disk of an instance "<key of the instance>#<id of the volume>".
	FactRecoveryPoints = "backup.RecoveryPoints"
	// GapRecoveryPlace is the Fact of a gap, and never read: a place that may have recovery points, whose name
	// as in From is the Resource of the gap.
	GapRecoveryPlace = "backup.RecoveryPlace"
	// FactRecoveryKey: {"Exists":bool,"KeyState","DeletionDate"} of a key that encrypts recovery points; Subject
	// is the Key of the points.
	FactRecoveryKey = "backup.RecoveryKey"
	// FactRestores: {"Completed","Failed","FailedMessage"}, when the newest restore of a store of the primary
	// that AWS Backup ran in this Region ended well and badly, RFC 3339 text or nil; Subject is the store's key.
	FactRestores = "backup.Restores"
	// FactRelease: the release id of the Region's ledger; Value nil: none recorded.
	FactRelease = "ledger.Release"
)
