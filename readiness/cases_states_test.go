package readiness

import "github.com/lockstep-dr/lockstep/drift"

// serving are the rules about a state: the fact and its subject, a value that
// can serve, one that cannot, what is then said, and the action that reads it.
var serving = []struct {
	rule, kind, subject string
	good, bad           any
	bites               func(string) want
	says, action        string
}{
	{"REL-03", drift.FactServiceState, "app/Service", rollout("COMPLETED"), rollout("FAILED"), blocks, "its rollout is FAILED in us-west-2", "ecs:DescribeServices"},
	{"CAP-02", drift.FactGroupInstances, "app/Workers", object{"InService": 1.0}, object{"InService": 0.0}, blocks, "4 instances are in service in us-east-1 and 0", "autoscaling:DescribeAutoScalingGroups"},
	{"CAP-02", drift.FactGroupInstances, "app/Workers", object{"InService": 2.0, "HealthStatus": object{"Healthy": 1.0}},
		object{"InService": 2.0, "HealthStatus": object{"Unhealthy": 2.0}}, blocks, "and 0 in us-west-2", "autoscaling:DescribeAutoScalingGroups"},
	{"CAP-07", drift.FactServiceState, "app/Service", tasks(1, 1), tasks(0, 0), blocks, "runs 4 tasks in us-east-1 and 0", "ecs:DescribeServices"},
	{"CAP-07", drift.FactServiceState, "app/Service", tasks(2, 2), tasks(2, 1), blocks, "runs 1 of 2 desired tasks", "ecs:DescribeServices"},
	{"CAP-09", drift.FactEKSClusterStatus, "app/Kubernetes", object{"Status": "ACTIVE"}, object{"Status": "FAILED"}, blocks, "is FAILED in us-west-2", "eks:DescribeCluster"},
	{"CAP-09", drift.FactNodegroupStatus, "app/Nodes", object{"Status": "ACTIVE"}, object{"Status": "DEGRADED", "Issues": []any{"NodeCreationFailure"}}, blocks, "is DEGRADED in us-west-2", "eks:DescribeCluster"},
	{"DAT-02", drift.FactDBClusterState, "app/Aurora", object{"Status": "backing-up", "GlobalClusterIdentifier": "g", "DBClusterMembers": []any{object{}}}, object{"Status": "stopped"}, blocks, "is stopped in us-west-2", "rds:DescribeDBClusters"},
	{"DAT-02", drift.FactDBClusterState, "app/Aurora", object{"Status": "available", "GlobalClusterIdentifier": "g", "DBClusterMembers": []any{object{}}}, object{"Status": "available", "DBClusterMembers": []any{}}, blocks, "has no instance in us-west-2", "rds:DescribeDBClusters"},
	{"DAT-04", drift.FactDBInstanceState, "app/Database", replica("replicating"), replica("error"), blocks, "its replication in us-west-2 is error", "rds:DescribeDBInstances"},
	{"DAT-04", drift.FactDBInstanceState, "app/Database", replica("replicating"), object{"DBInstanceStatus": "storage-full"}, blocks, "is storage-full", "rds:DescribeDBInstances"},
	{"NET-02", drift.FactSubnetAddresses, "app/Subnet", object{"AvailableIpAddressCount": 51.0}, object{"AvailableIpAddressCount": 0.0}, blocks, "has no free address", "ec2:DescribeSubnets"},
	{"NET-04", drift.FactRouteState, "app/Route", object{"State": "active"}, object{"State": "blackhole"}, blocks, "is blackhole", "ec2:DescribeRouteTables"},
	{"NET-04", drift.FactNatGatewayState, "app/Nat", object{"State": "available"}, object{"State": "failed", "FailureMessage": "no address"}, blocks, "is failed in us-west-2 (no address)", "ec2:DescribeRouteTables"},
	{"SEC-09", drift.FactCertificateState, "app/Certificate", issued("2026-12-31"), object{"Status": "PENDING_VALIDATION"}, blocks, "is PENDING_VALIDATION", "acm:DescribeCertificate"},
	{"SEC-09", drift.FactCertificateState, "app/Certificate", issued("2027-01-31"), issued("2026-11-25"), blocks, "expires on 2026-11-25", "acm:DescribeCertificate"},
	{"SEC-09", drift.FactCertificateState, "app/Certificate", issued("2027-01-31"), issued("2026-12-10"), warns, "was not renewed yet", "acm:DescribeCertificate"},
	{"ART-01", drift.FactImages, "app/Service", images("elsewhere"), images("absent"), blocks, "is not in the registry in us-west-2", "ecr:BatchGetImage"},
	{"RTE-04", drift.FactLoadBalancerState, "app/Balancer", object{"Code": "active"}, object{"Code": "active_impaired", "Reason": "no room"}, blocks, "is active_impaired in us-west-2 (no room)", "elasticloadbalancing:DescribeLoadBalancers"},
	{"RTE-05", drift.FactTargetHealth, "app/Targets", object{"healthy": 1.0, "unhealthy": 1.0}, object{"unhealthy": 2.0}, blocks, "2 healthy targets in us-east-1 and none", "elasticloadbalancing:DescribeTargetHealth"},
	{"RTE-05", drift.FactInstanceHealth, "app/Classic", object{"InService": 1.0, "OutOfService": 1.0}, object{"OutOfService": 2.0}, blocks, "2 healthy instances in us-east-1 and none", "elasticloadbalancing:DescribeInstanceHealth"},
	{"RTE-07", drift.FactDomainName, "app/Domain", object{"DomainNameStatus": []any{"AVAILABLE"}}, object{"DomainNameStatus": []any{"FAILED"}}, blocks, "is FAILED", "apigateway:GET"},
}

func rollout(state string) object {
	return object{"Status": "ACTIVE", "RunningCount": 4.0, "Deployments": []any{object{"Status": "ACTIVE", "RolloutState": "FAILED"}, object{"Status": "PRIMARY", "RolloutState": state}}}
}

func tasks(desired, running float64) object {
	return object{"Status": "ACTIVE", "DesiredCount": desired, "RunningCount": running, "Deployments": []any{object{"Status": "PRIMARY", "RolloutState": "COMPLETED"}}}
}

func replica(state string) object {
	return object{"DBInstanceStatus": "available", "ReadReplicaSourceDBInstanceIdentifier": "arn:aws:rds:us-east-1:1:db:a",
		"StatusInfos": []any{object{"StatusType": "read replication", "Status": state}}}
}

func issued(until string) object { return object{"Status": "ISSUED", "NotAfter": until + "T00:00:00Z"} }

// changedImage lets a change give the task another image, which the registries know so.
func changedImage(here, there string) func(*world) {
	return func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.resource(s, "app/Task").Planned = drift.PlannedCreate
		}
		w.fact(&w.east, drift.FactImages, "app/Task", images(here))
		w.fact(&w.west, drift.FactImages, "app/Task", images(there))
	}
}

var plannedImageCases = []ruleCase{
	{"ART-01", "a change names an image that only the primary has", changedImage("present", "absent"), blocks("app/Task: image web:1 is not in the registry in us-west-2")},
	{"ART-01", "a change names an image that both have", changedImage("present", "present"), passes()},
	{"ART-01", "a change names an image that nobody has pushed yet", changedImage("absent", "absent"), unknown("")},
}

func images(state string) object {
	return object{"Images": []any{object{"Name": "web", "Image": "web:1", "State": state}}}
}

// stateCases holds for each: the bad state bites, the good one passes, and a
// state that was refused, or that nobody read, is unknown.
func stateCases() []ruleCase {
	cases := stateEdges
	for _, s := range serving {
		cases = append(cases,
			ruleCase{s.rule, s.says, func(w *world) { w.fact(&w.west, s.kind, s.subject, s.bad) }, s.bites(s.says)},
			ruleCase{s.rule, "not: " + s.says, func(w *world) { w.fact(&w.west, s.kind, s.subject, s.good) }, passes()},
			ruleCase{s.rule, "refused: " + s.says, func(w *world) { w.deniedFact(s.kind, s.subject, s.action) }, unknown(s.action)})
	}
	return cases
}

var stateEdges = []ruleCase{
	{"REL-03", "a service that CodeDeploy rolls out", func(w *world) {
		w.resource(&w.west, "app/Service").Properties["DeploymentController"] = object{"Type": "CODE_DEPLOY"}
		w.fact(&w.west, drift.FactServiceState, "app/Service", object{"Status": "ACTIVE", "RunningCount": 4.0, "DesiredCount": 4.0, "Deployments": []any{}})
	}, passes()},
	{"REL-03", "a rollout without a state", func(w *world) { w.fact(&w.west, drift.FactServiceState, "app/Service", rollout("")) }, unknown("ecs:DescribeServices")},
	{"CAP-07", "tasks that are starting", func(w *world) {
		starting := tasks(4, 2)
		starting["PendingCount"] = 2.0
		w.fact(&w.west, drift.FactServiceState, "app/Service", starting)
	}, unknown("")},
	{"REL-03", "a rollout that goes on", func(w *world) { w.fact(&w.west, drift.FactServiceState, "app/Service", rollout("IN_PROGRESS")) }, unknown("")},

	{"CAP-01", "a maximum below what the primary runs", func(w *world) { w.resource(&w.west, "app/Workers").Properties["MaxSize"] = 3.0 }, blocks("runs 4 instances in us-east-1 and may have 3")},
	{"CAP-01", "a maximum of the declared ceiling", func(w *world) {
		w.objectives.Ceiling = 0.5
		w.resource(&w.west, "app/Workers").Properties["MaxSize"] = 2.0
	}, passes()},
	{"CAP-01", "the primary's instances could not be read", func(w *world) {
		w.forget(&w.east, drift.FactGroupInstances)
		w.gap(drift.Gap{Region: east, Resource: "app/Workers", Operation: "autoscaling:DescribeAutoScalingGroups", Reason: "AccessDenied", Fact: drift.FactGroupInstances})
	}, unknown("autoscaling:DescribeAutoScalingGroups")},
	{"CAP-02", "below the declared floor", func(w *world) {
		w.objectives.Floor = 0.75
		w.fact(&w.west, drift.FactGroupInstances, "app/Workers", object{"InService": 2.0})
	}, blocks("needed are 3")},
	{"CAP-02", "launching is suspended", func(w *world) {
		w.resource(&w.west, "app/Workers").Properties["SuspendedProcesses"] = []any{"AZRebalance", "Launch"}
	}, blocks("process Launch is suspended in us-west-2")},
	{"CAP-08", "a lower maximum", func(w *world) { w.resource(&w.west, "app/Scaling").Properties["MaxCapacity"] = 9.0 }, blocks("scales to 10 in us-east-1 and to 9")},
	{"CAP-08", "scaling out is suspended", func(w *world) {
		w.resource(&w.west, "app/Scaling").Properties["SuspendedState"] = object{"DynamicScalingOutSuspended": true}
	}, blocks("its scaling is suspended in us-west-2")},
	{"CAP-08", "the declared ceiling", func(w *world) {
		w.objectives.Ceiling = 0.25
		w.resource(&w.west, "app/Scaling").Properties["MaxCapacity"] = 3.0
	}, passes()},
	{"CAP-08", "the target could not be read", func(w *world) { w.deny("app/Scaling", "application-autoscaling:DescribeScalableTargets") },
		unknown("application-autoscaling:DescribeScalableTargets")},
	{"CAP-11", "a smaller class", func(w *world) {
		w.find(drift.Finding{Resource: "app/Database", Type: typeDBInstance, Property: "DBInstanceClass", Primary: "db.r6g.4xlarge", Standby: "db.r6g.large", Severity: drift.Block})
	}, blocks("DBInstanceClass is db.r6g.4xlarge")},
	{"CAP-11", "the same class", func(*world) {}, passes()},
	{"CAP-11", "the database could not be read", func(w *world) { w.deny("app/Database", "rds:DescribeDBInstances") }, unknown("rds:DescribeDBInstances")},

	{"DAT-04", "the replica of a cluster stands still", func(w *world) {
		w.fact(&w.west, drift.FactDBInstanceState, "app/Database", object{"DBInstanceStatus": "available",
			"ReadReplicaSourceDBClusterIdentifier": "arn:aws:rds:us-east-1:1:cluster:a", "StatusInfos": []any{object{"StatusType": "read replication", "Status": "error"}}})
	}, blocks("its replication in us-west-2 is error")},
	{"DAT-02", "the cluster changes its storage, and serves", func(w *world) {
		w.fact(&w.west, drift.FactDBClusterState, "app/Aurora", object{"Status": "storage-optimization", "GlobalClusterIdentifier": "g", "DBClusterMembers": []any{object{"DBInstanceIdentifier": "a"}}})
	}, passes()},
	{"DAT-02", "the cluster fails over within the standby", func(w *world) {
		w.fact(&w.west, drift.FactDBClusterState, "app/Aurora", object{"Status": "failing-over", "GlobalClusterIdentifier": "g", "DBClusterMembers": []any{object{"DBInstanceIdentifier": "a"}}})
	}, unknown("")},
	{"RTE-07", "a status that says nothing", func(w *world) {
		w.fact(&w.west, drift.FactDomainName, "app/Domain", object{"DomainNameStatus": []any{""}})
	}, unknown("apigateway:GET")},
	{"DAT-01", "no member in the standby", func(w *world) { member(w, nil) }, blocks("has no member in us-west-2")},
	{"DAT-01", "a member elsewhere that is called after the standby's Region", func(w *world) {
		w.fact(&w.east, drift.FactGlobalClusterState, "app/Global", object{"Status": "available", "GlobalClusterMembers": []any{
			object{"DBClusterArn": "arn:aws:rds:us-east-1:1:cluster:peer-of-us-west-2", "IsWriter": true}}})
	}, blocks("has no member in us-west-2")},
	{"DAT-01", "the member is in sync", func(*world) {}, passes()},
	{"DAT-01", "the member waits", func(w *world) { member(w, object{"SynchronizationStatus": "pending-resync"}) }, unknown("")},
	{"DAT-01", "nothing is said of the member", func(w *world) { member(w, object{}) }, unknown("rds:DescribeGlobalClusters")},
	{"DAT-01", "the global database fails over", func(w *world) {
		w.fact(&w.east, drift.FactGlobalClusterState, "app/Global", object{"Status": "deleting"})
	}, blocks("is deleting")},

	{"NET-02", "too few addresses for the primary's load", func(w *world) {
		w.fact(&w.west, drift.FactSubnetAddresses, "app/Subnet", object{"AvailableIpAddressCount": 20.0, "State": "available"})
		w.fact(&w.east, drift.FactSubnetAddresses, "app/Subnet", object{"AvailableIpAddressCount": 0.0, "State": "available"})
		w.resource(&w.west, "app/Subnet").Properties["CidrBlock"] = "10.0.0.0/26"
	}, blocks("192 more are needed")},
	{"QTA-01", "a lower quota of computing", func(w *world) { quota(w, "lambda/L-B99A9384", 1000.0) }, blocks("Concurrent executions is 5000 in us-east-1 and 1000 in us-west-2")},
	{"QTA-01", "a lower quota of what exists already", func(w *world) { quota(w, "sns/L-61103206", 1.0) }, warns("Topics is 100000")},
	{"QTA-01", "a higher quota", func(w *world) { quota(w, "lambda/L-B99A9384", 9000.0) }, passes()},
	{"QTA-01", "a quota that the standby's Region does not have", func(w *world) { quota(w, "lambda/L-B99A9384", nil) }, passes()},
	{"QTA-01", "the quotas could not be read", func(w *world) { w.deniedFact(drift.FactQuota, "lambda/L-B99A9384", "servicequotas:GetServiceQuota") },
		unknown("servicequotas:GetServiceQuota")},
	{"SEC-09", "nobody knows when it expires", func(w *world) {
		w.fact(&w.west, drift.FactCertificateState, "app/Certificate", object{"Status": "ISSUED"})
	}, unknown("acm:DescribeCertificate")},

	{"ART-03", "no rule and no repository", func(w *world) {
		w.lose("app/Repository", drift.Warn)
	}, warns("no rule of the registry in us-east-1 copies web")},
	{"ART-03", "a rule for the prefix", func(w *world) {
		w.lose("app/Repository", drift.Warn)
		w.fact(&w.east, drift.FactRegistryReplication, "", object{"Rules": []any{object{"Destinations": []any{object{"Region": west}},
			"RepositoryFilters": []any{object{"Filter": "we", "FilterType": "PREFIX_MATCH"}}}}})
		w.compared.Findings = nil
	}, passes()},
	{"ART-03", "a repository of its own", func(*world) {}, passes()},
	{"ART-03", "the registry could not be described", func(w *world) {
		w.lose("app/Repository", drift.Warn)
		w.forget(&w.east, drift.FactRegistryReplication)
		w.gap(drift.Gap{Region: east, Operation: "ecr:DescribeRegistry", Reason: "AccessDenied", Fact: drift.FactRegistryReplication})
	}, want{status: Undetermined, severity: drift.Warn, verdict: Unknown, missing: "ecr:DescribeRegistry"}},
	{"RTE-05", "targets that have just started", func(w *world) { w.fact(&w.west, drift.FactTargetHealth, "app/Targets", object{"initial": 2.0}) }, unknown("")},
	{"RTE-05", "instances that were just registered", func(w *world) { w.fact(&w.west, drift.FactInstanceHealth, "app/Classic", object{"Unknown": 2.0}) }, unknown("")},
	{"RTE-05", "a group without targets in the primary", func(w *world) {
		w.fact(&w.east, drift.FactTargetHealth, "app/Targets", object{})
		w.fact(&w.west, drift.FactTargetHealth, "app/Targets", object{})
	}, passes()},
}

// member replaces the standby's member of the global database.
func member(w *world, m object) {
	members := []any{object{"DBClusterArn": "arn:aws:rds:us-east-1:1:cluster:a", "IsWriter": true}}
	if m != nil {
		m["DBClusterArn"] = "arn:aws:rds:us-west-2:1:cluster:Aurora"
		members = append(members, m)
	}
	w.fact(&w.east, drift.FactGlobalClusterState, "app/Global", object{"Status": "available", "GlobalClusterMembers": members})
}

func quota(w *world, subject string, value any) {
	w.fact(&w.west, drift.FactQuota, subject, object{"Name": "of the standby", "Value": value})
}
