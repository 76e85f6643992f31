package readiness

import (
	"github.com/lockstep-dr/lockstep/drift"
)

func offered(w *world, instance string, zones ...any) {
	w.fact(&w.west, drift.FactInstanceOffering, instance, object{"AvailabilityZones": append([]any{}, zones...)})
}

// becomes plans another type for the group in both Regions, as a prediction has it.
func becomes(w *world, instance string, vcpus float64) {
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		w.fact(s, drift.FactInstanceType, instance, object{"VCpus": vcpus, "MemoryMiB": 8192.0, "Quota": "ec2/L-1216C47A"})
		machines := running(object{instance: 4.0}, instance)
		machines["Leaving"] = object{"m5.large": 4.0}
		w.fact(s, drift.FactMachines, "app/Workers", machines)
	}
}

func reserved(w *world, available float64, state string) {
	w.objectives.ReservedCapacity = true
	w.fact(&w.west, drift.FactMachines, "app/Workers", running(object{"m5.large": 1.0}, "m5.large"))
	w.fact(&w.west, drift.FactCapacityReservations, "", object{"Reservations": []any{
		object{"InstanceType": "m5.large", "AvailabilityZone": "us-west-2a", "State": state, "Available": available, "Total": 9.0, "InstanceMatchCriteria": "open"}, object{"InstanceType": "c5.large", "State": "active", "Available": 90.0}}})
}

// reservedAs reserves enough, with another value of a member.
func reservedAs(w *world, member, value string) {
	w.objectives.ReservedCapacity = true
	w.fact(&w.west, drift.FactMachines, "app/Workers", running(object{"m5.large": 1.0}, "m5.large"))
	r := object{"InstanceType": "m5.large", "AvailabilityZone": "us-west-2a", "State": "active", "Available": 9.0, "InstanceMatchCriteria": "open"}
	r[member] = value
	w.fact(&w.west, drift.FactCapacityReservations, "", object{"Reservations": []any{r}})
}

// naming reserves enough for those that name it, and says what the group names.
func naming(w *world, reserves any) {
	reservedWith(w, "InstanceMatchCriteria", "targeted")
	machines := running(object{"m5.large": 1.0}, "m5.large")
	machines["Reserves"] = reserves
	w.fact(&w.west, drift.FactMachines, "app/Workers", machines)
}

// reservedWith reserves enough in cr-1, which is in a group, with another value of a member.
func reservedWith(w *world, member, value string) {
	w.objectives.ReservedCapacity = true
	r := object{"Id": "cr-1", "Groups": []any{"arn:group/dr"}, "InstanceType": "m5.large", "AvailabilityZone": "us-west-2a", "State": "active", "Available": 9.0}
	r[member] = value
	w.fact(&w.west, drift.FactCapacityReservations, "", object{"Reservations": []any{r}})
}

// mixed lets the group run and start other types in either Region.
func mixed(w *world, here, there object) {
	w.fact(&w.east, drift.FactMachines, "app/Workers", here)
	w.fact(&w.west, drift.FactMachines, "app/Workers", there)
	w.fact(&w.west, drift.FactInstanceType, "m5.4xlarge", object{"VCpus": 16.0, "MemoryMiB": 65536.0, "Quota": "ec2/L-1216C47A"})
	offered(w, "m5.4xlarge", "us-west-2a", "us-west-2b")
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		w.resource(s, "app/Workers").Properties["MaxSize"] = 10.0
	}
}

func scored(w *world, score any) {
	w.objectives.CapacityScore = true
	w.fact(&w.west, drift.FactCapacityScore, "app/Workers", object{"Score": score, "Instances": 6.0})
}

func quotaOf(w *world, subject string, value float64) {
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		w.fact(s, drift.FactQuota, subject, object{"Name": "the quota", "Value": value})
	}
}

// standbyQuota is a quota of the standby alone.
func standbyQuota(w *world, subject string, value float64) {
	w.fact(&w.west, drift.FactQuota, subject, object{"Name": "the quota", "Value": value})
}

// fargate lets the service run its four tasks on Fargate with so many units each.
func fargate(w *world, units string) {
	service, definition := w.resource(&w.east, "app/Service"), w.resource(&w.east, "app/Task")
	service.Properties["LaunchType"], service.Properties["TaskDefinition"] = "FARGATE", definition.ID
	definition.Properties["Cpu"], definition.Properties["NetworkMode"] = units, "awsvpc"
}

// peers makes the Regions active ones that take writes and whose group has the minimum.
func peers(w *world, minimum, here, there float64) {
	bothWrite(w)
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		w.resource(s, "app/Workers").Properties["MinSize"] = minimum
	}
	w.fact(&w.east, drift.FactGroupInstances, "app/Workers", object{"InService": here})
	w.fact(&w.west, drift.FactGroupInstances, "app/Workers", object{"InService": there})
}

var machineCases = []ruleCase{
	{"CAP-02", "an active Region with less load than its peer", func(w *world) { peers(w, 2, 9, 3) }, passes()},
	{"CAP-02", "an active Region below its minimum", func(w *world) { peers(w, 4, 9, 3) }, blocks("9 instances are in service in us-east-1 and 3 in us-west-2; needed are 4")},
	{"CAP-02", "the other active Region below its minimum", func(w *world) { peers(w, 4, 3, 9) }, blocks("3 instances are in service in us-east-1, which is active too; its minimum is 4")},
	{"CAP-02", "a peer whose minimum is a fraction", func(w *world) {
		peers(w, 8, 9, 3)
		w.resource(&w.west, "app/Workers").Properties["MinSize"] = 2.0
	}, blocks("needed are 8")},

	{"CAP-03", "smaller instances", func(w *world) {
		w.fact(&w.west, drift.FactMachines, "app/Workers", running(object{}, "t3.micro"))
		w.fact(&w.west, drift.FactInstanceType, "t3.micro", object{"VCpus": 2.0, "MemoryMiB": 1024.0, "Quota": "ec2/L-1216C47A"})
		offered(w, "t3.micro", "us-west-2a", "us-west-2b")
	}, warns("at its maximum has 20 vCPUs and 81920 MiB in us-east-1 and 20 vCPUs and 10240 MiB in us-west-2")},
	{"CAP-03", "fewer zones", func(w *world) {
		w.resource(&w.west, "app/Workers").Properties["AvailabilityZones"] = []any{"us-west-2a"}
		offered(w, "m5.large", "us-west-2a", "us-west-2b")
	}, warns("spreads over 2 zones in us-east-1 and 1 in us-west-2, which has us-west-2b too")},
	{"CAP-03", "all the zones of a Region that has fewer", func(w *world) {
		w.resource(&w.east, "app/Workers").Properties["AvailabilityZones"] = []any{"us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"}
		offered(w, "m5.large", "us-west-2a", "us-west-2b")
	}, passes()},
	{"CAP-03", "several zones and one that is not used", func(w *world) {
		w.resource(&w.east, "app/Workers").Properties["AvailabilityZones"] = []any{"us-east-1a", "us-east-1b", "us-east-1c"}
		offered(w, "m5.large", "us-west-2a", "us-west-2b", "us-west-2c")
	}, want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "2 in us-west-2, which has us-west-2c too"}},
	{"CAP-03", "equal groups of a small and a large type, of which the primary runs the large one", func(w *world) {
		mixed(w, running(object{"m5.4xlarge": 5.0}, "m5.4xlarge", "m5.large"), running(object{}, "m5.large", "m5.4xlarge"))
	}, passes()},
	{"CAP-03", "a lower maximum of the same types", func(w *world) {
		w.resource(&w.west, "app/Workers").Properties["MaxSize"] = 8.0
	}, warns("may have 10 instances in us-east-1 and 8 of the same types in us-west-2")},
	{"CAP-03", "a lower maximum that the ceiling allows", func(w *world) {
		w.resource(&w.west, "app/Workers").Properties["MaxSize"] = 5.0
		w.objectives.Ceiling = 0.5
	}, passes()},
	{"CAP-03", "equal maxima under a ceiling above what there is", func(w *world) { w.objectives.Ceiling = 1.5 }, want{status: Pass, verdict: NotReady}},
	{"CAP-03", "only the small type in the standby, and more runs than that carries", func(w *world) {
		mixed(w, running(object{"m5.4xlarge": 5.0}, "m5.large", "m5.4xlarge"), running(object{}, "m5.large"))
	}, warns("needs 80 vCPUs and 327680 MiB for what runs in us-east-1; at its maximum it has at most 20 vCPUs")},
	{"CAP-03", "sizes in units of weight", func(w *world) {
		weighted := running(object{}, "m5.large")
		weighted["Weighted"] = true
		w.fact(&w.west, drift.FactMachines, "app/Workers", weighted)
	}, want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "units of weight"}},
	{"CAP-03", "types that EC2 chooses by attributes", func(w *world) {
		w.fact(&w.west, drift.FactMachines, "app/Workers", object{"Running": object{}, "Attributes": true})
	}, want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "that it may start are not known"}},
	{"CAP-03", "fewer instances, as much capacity", func(w *world) {
		w.resource(&w.west, "app/Workers").Properties["MaxSize"] = 5.0
		w.fact(&w.west, drift.FactMachines, "app/Workers", running(object{}, "m5.xlarge"))
		w.fact(&w.west, drift.FactInstanceType, "m5.xlarge", object{"VCpus": 4.0, "MemoryMiB": 16384.0, "Quota": "ec2/L-1216C47A"})
		offered(w, "m5.xlarge", "us-west-2a", "us-west-2b")
	}, passes()},
	{"CAP-03", "the sizes could not be read", func(w *world) {
		mixed(w, running(object{"m5.large": 4.0}, "m5.large"), running(object{}, "m5.large", "m5.4xlarge"))
		w.forget(&w.west, drift.FactInstanceType)
		primaryDenied(drift.FactInstanceType, "m5.large", "ec2:DescribeInstanceTypes")(w)
	}, want{status: Undetermined, severity: drift.Warn, verdict: Unknown, missing: "ec2:DescribeInstanceTypes"}},

	{"CAP-04", "a type that the Region does not offer", func(w *world) { offered(w, "m5.large") }, blocks("starts m5.large, which us-west-2a, us-west-2b does not offer")},
	{"CAP-04", "a type that other zones offer", func(w *world) { offered(w, "m5.large", "us-west-2c") }, blocks("starts m5.large, which us-west-2a, us-west-2b does not offer")},
	{"CAP-04", "a type that one zone lacks", func(w *world) { offered(w, "m5.large", "us-west-2a") }, warns("m5.large is not offered in us-west-2b of us-west-2")},
	{"CAP-04", "one type of several", func(w *world) {
		w.fact(&w.west, drift.FactMachines, "app/Workers", running(object{}, "m5.large", "m9.large"))
		offered(w, "m9.large")
	}, warns("may start m9.large")},
	{"CAP-04", "a change to a type that the Region does not offer, while the old one runs", func(w *world) {
		becomes(w, "m9x.large", 2)
		offered(w, "m9x.large")
	}, blocks("starts m9x.large, which us-west-2")},
	{"CAP-04", "a change to a type that it offers", func(w *world) {
		becomes(w, "m9x.large", 2)
		offered(w, "m9x.large", "us-west-2a", "us-west-2b")
	}, passes()},
	{"CAP-04", "offered everywhere", func(*world) {}, passes()},
	{"CAP-04", "chosen by attributes", func(w *world) {
		w.fact(&w.west, drift.FactMachines, "app/Workers", object{"Running": object{}, "Attributes": true})
	}, passes()},
	{"CAP-04", "a type that nobody knows", func(w *world) { w.fact(&w.west, drift.FactMachines, "app/Workers", object{}) }, unknown("")},
	{"CAP-04", "the offerings could not be read", func(w *world) {
		w.deniedFact(drift.FactInstanceOffering, "m5.large", "ec2:DescribeInstanceTypeOfferings")
	},
		unknown("ec2:DescribeInstanceTypeOfferings")},

	{"CAP-05", "too little is reserved", func(w *world) { reserved(w, 2, "active") }, blocks("needs 4 instances in us-west-2, runs 1 there, and 1 of m5.large are not reserved")},
	{"CAP-05", "a reservation that ended", func(w *world) { reserved(w, 9, "expired") }, blocks("and 3 of m5.large are not reserved")},
	{"CAP-05", "reserved in a zone that the group does not use", func(w *world) { reservedAs(w, "AvailabilityZone", "us-west-2c") }, blocks("and 3 of m5.large are not reserved")},
	{"CAP-05", "a Capacity Block", func(w *world) { reservedAs(w, "ReservationType", "capacity-block") }, blocks("and 3 of m5.large are not reserved")},
	{"CAP-05", "reserved for those that name it", func(w *world) { reservedAs(w, "InstanceMatchCriteria", "targeted") }, silence("that name the reservation")},
	{"CAP-05", "a reservation that the group names", func(w *world) { naming(w, object{"Ids": []any{"cr-1"}}) }, passes()},
	{"CAP-05", "a reservation of a group of reservations that the group names", func(w *world) { naming(w, object{"Groups": []any{"arn:group/dr"}}) }, passes()},
	{"CAP-05", "the group names another reservation", func(w *world) { naming(w, object{"Ids": []any{"cr-2"}}) }, blocks("and 3 of m5.large are not reserved")},
	{"CAP-05", "the group names another group of reservations", func(w *world) { naming(w, object{"Groups": []any{"arn:group/other"}}) }, blocks("and 3 of m5.large are not reserved")},
	{"CAP-05", "the group names no reservation, and there are only such", func(w *world) { naming(w, object{"Preference": "open"}) }, blocks("and 3 of m5.large are not reserved")},
	{"CAP-05", "the group avoids reservations", func(w *world) {
		naming(w, object{"Preference": "none"})
		reservedWith(w, "InstanceMatchCriteria", "open")
	}, blocks("and 3 of m5.large are not reserved")},
	{"CAP-05", "an open reservation does not count for a group that names another", func(w *world) {
		naming(w, object{"Ids": []any{"cr-2"}})
		reservedWith(w, "InstanceMatchCriteria", "open")
	}, blocks("and 3 of m5.large are not reserved")},
	{"CAP-05", "what the group names is not known", func(w *world) { naming(w, nil) }, silence("that name the reservation")},
	{"CAP-05", "zones that nobody knows", func(w *world) {
		reserved(w, 3, "active")
		w.resource(&w.west, "app/Workers").Properties["AvailabilityZones"] = nil
	}, silence("the zones in which it starts instances")},
	{"CAP-05", "enough is reserved", func(w *world) { reserved(w, 3, "active") }, passes()},
	{"CAP-05", "the ceiling is lower", func(w *world) {
		reserved(w, 1, "active")
		w.objectives.Ceiling = 0.5
	}, passes()},
	{"CAP-05", "nobody asked for it", func(*world) {}, want{status: NotApplicable, verdict: Ready}},
	{"CAP-05", "the reservations could not be read", func(w *world) {
		reserved(w, 3, "active")
		w.deniedFact(drift.FactCapacityReservations, "", "ec2:DescribeCapacityReservations")
	}, unknown("ec2:DescribeCapacityReservations")},

	{"CAP-06", "a low score", func(w *world) { scored(w, "low") }, warns("EC2's score for starting 6 more instances in us-west-2 is low")},
	{"CAP-06", "a middling score", func(w *world) { scored(w, "medium") }, passes()},
	{"CAP-06", "a group at its maximum", func(w *world) {
		w.objectives.CapacityScore = true
		w.fact(&w.west, drift.FactCapacityScore, "app/Workers", object{"Score": nil, "Instances": 0.0, "Unasked": ""})
	}, passes()},
	{"CAP-06", "a score that could not be asked for", func(w *world) {
		w.objectives.CapacityScore = true
		w.fact(&w.west, drift.FactCapacityScore, "app/Workers", object{"Score": nil, "Instances": 6.0, "Unasked": "its zones are not known"})
	}, want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "was not asked for in us-west-2: its zones are not known"}},
	{"CAP-06", "a score that nobody knows", func(w *world) { scored(w, "splendid") }, want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "is splendid"}},
	{"CAP-06", "an answer without a score", func(w *world) { scored(w, "") }, want{status: Undetermined, severity: drift.Warn, verdict: Ready}},
	{"CAP-06", "nobody asked for it", func(*world) {}, want{status: NotApplicable, verdict: Ready}},
	{"CAP-06", "the score could not be read", func(w *world) {
		scored(w, "high")
		w.deniedFact(drift.FactCapacityScore, "app/Workers", "ec2:GetCapacityManagerSupportabilityScores")
	}, quietly("ec2:GetCapacityManagerSupportabilityScores")},

	{"QTA-02", "a quota that is too low", func(w *world) {
		standbyQuota(w, "ec2/L-1216C47A", 11)
	},
		blocks("the quota is 11 in us-west-2; at full scale the load needs 12 vCPUs")},
	{"QTA-02", "equal quotas, below what the primary runs with them", func(w *world) { quotaOf(w, "ec2/L-1216C47A", 11) },
		want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "us-east-1 runs 12 vCPUs with a quota of 11"}},
	{"QTA-02", "a lower quota than the primary's, which runs more than its own", func(w *world) {
		quotaOf(w, "ec2/L-1216C47A", 11)
		standbyQuota(w, "ec2/L-1216C47A", 10)
	}, blocks("the quota is 10 in us-west-2; at full scale the load needs 12 vCPUs")},
	{"QTA-02", "a load above its own quota does not hide a ceiling that the standby may not hold", func(w *world) {
		quotaOf(w, "ec2/L-1216C47A", 11)
		w.objectives.Ceiling = 1.5
	}, want{status: Undetermined, severity: drift.Block, verdict: NotReady, says: "us-west-2 has 11, where at a ceiling of 150 % the load needs 18 vCPUs"}},
	{"QTA-02", "a load above its own quota that the standby's quota holds as a whole", func(w *world) {
		quotaOf(w, "ec2/L-1216C47A", 11)
		standbyQuota(w, "ec2/L-1216C47A", 12)
	}, passes()},
	{"QTA-02", "a change to a larger type, which the quota does not hold", func(w *world) {
		becomes(w, "m9x.large", 16)
		quotaOf(w, "ec2/L-1216C47A", 500)
		standbyQuota(w, "ec2/L-1216C47A", 20)
	}, blocks("at full scale the load needs")},
	{"QTA-02", "a change to a smaller type, while the larger one runs", func(w *world) {
		becomes(w, "m9x.large", 1)
		quotaOf(w, "ec2/L-1216C47A", 500)
		standbyQuota(w, "ec2/L-1216C47A", 11)
	}, blocks("at full scale the load needs 12 vCPUs")},
	{"QTA-02", "a change to a larger type, which the quota holds", func(w *world) {
		becomes(w, "m9x.large", 16)
		offered(w, "m9x.large", "us-west-2a", "us-west-2b")
		quotaOf(w, "ec2/L-1216C47A", 500)
	}, passes()},
	{"QTA-02", "a family whose quota nobody knows", func(w *world) {
		w.fact(&w.east, drift.FactMachines, "app/Workers", running(object{"q9.large": 1.0}, "q9.large"))
		w.fact(&w.east, drift.FactInstanceType, "q9.large", object{"VCpus": 2.0, "MemoryMiB": 8192.0, "Quota": ""})
	}, silence("us-east-1 runs 1 of q9.large; which quota its vCPUs count towards is not known")},
	{"QTA-02", "what a group runs was not read", func(w *world) { w.forget(&w.east, drift.FactMachines) }, unknown("autoscaling:DescribeAutoScalingGroups")},
	{"QTA-02", "equal quotas that are too low for the ceiling", func(w *world) {
		quotaOf(w, "ec2/L-1216C47A", 14)
		w.objectives.Ceiling = 1.5
	}, blocks("the quota is 14 in us-west-2; at a ceiling of 150 % the load needs 18 vCPUs")},
	{"QTA-02", "Spot Instances, which count towards another quota", func(w *world) {
		quotaOf(w, "ec2/L-1216C47A", 4)
		spot := running(object{"m5.large": 4.0}, "m5.large")
		spot["OnDemand"] = 0.0
		w.fact(&w.east, drift.FactMachines, "app/Workers", spot)
	}, passes()},
	{"QTA-02", "just enough", func(w *world) { quotaOf(w, "ec2/L-1216C47A", 12) }, passes()},
	{"QTA-02", "a ceiling that needs more", func(w *world) {
		quotaOf(w, "ec2/L-1216C47A", 12)
		w.objectives.Ceiling = 1.5
	}, blocks("needs 18 vCPUs")},
	{"QTA-02", "the quota could not be read", func(w *world) { w.deniedFact(drift.FactQuota, "ec2/L-1216C47A", "servicequotas:GetServiceQuota") }, unknown("servicequotas:GetServiceQuota")},

	{"QTA-03", "too few vCPUs of Fargate", func(w *world) {
		fargate(w, "2048")
		w.fact(&w.east, drift.FactQuota, "fargate/L-3032A538", object{"Name": "Fargate On-Demand vCPU", "Value": 64.0})
	}, blocks("Fargate On-Demand vCPU is 6 in us-west-2; at full scale the load needs 8 vCPUs of Fargate")},
	{"QTA-03", "enough vCPUs of Fargate", func(w *world) { fargate(w, "1024") }, passes()},
	{"QTA-03", "too few network interfaces", func(w *world) {
		fargate(w, "256")
		standbyQuota(w, "vpc/L-DF5E4CA3", 9)
	}, blocks("needs 10 network interfaces")},
	{"QTA-03", "too little room for volumes", func(w *world) { standbyQuota(w, "ebs/L-7A658B76", 0.5) }, blocks("needs 0.5859375 TiB of volumes")},
	{"QTA-03", "too few provisioned IOPS", func(w *world) {
		disks := running(object{"m5.large": 4.0}, "m5.large")
		disks["IOPS"] = object{"ebs/L-8D977E7E": 30000.0}
		w.fact(&w.east, drift.FactMachines, "app/Workers", disks)
		quotaOf(w, "ebs/L-8D977E7E", 150000)
		standbyQuota(w, "ebs/L-8D977E7E", 100000)
	}, blocks("the quota is 100000 in us-west-2; at full scale the load needs 120000 provisioned IOPS")},
	{"QTA-03", "a service that runs on Spot for the most part, in two equal Regions", func(w *world) {
		fargate(w, "4096")
		quotaOf(w, "fargate/L-3032A538", 6)
	}, want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "us-east-1 runs 16 vCPUs of Fargate with a quota of 6"}},
	{"QTA-03", "volumes of a type that nobody knows", func(w *world) {
		disks := running(object{"m5.large": 4.0}, "m5.large")
		disks["Volumes"] = object{"": 100.0}
		w.fact(&w.east, drift.FactMachines, "app/Workers", disks)
	}, silence("of a type whose quota is not known")},
	{"QTA-03", "no room for a database", func(w *world) {
		w.fact(&w.west, drift.FactDBLimits, "", object{"DBInstances": object{"Used": 40.0, "Max": 40.0}})
		w.lose("app/Database", drift.Warn)
	}, blocks("1 more database instances are needed in us-west-2, and 40 of 40 are taken")},
	{"QTA-03", "the databases are there already", func(w *world) {
		w.fact(&w.west, drift.FactDBLimits, "", object{"DBInstances": object{"Used": 40.0, "Max": 40.0}})
	}, passes()},
	{"QTA-03", "a change is to make the databases, for which there is no room", func(w *world) {
		w.fact(&w.west, drift.FactDBLimits, "", object{"DBInstances": object{"Used": 40.0, "Max": 40.0}, "AllocatedStorage": object{"Used": 300.0, "Max": 100000.0}})
		w.resource(&w.west, "app/Database").Planned = drift.PlannedCreate
	}, want{status: Fail, severity: drift.Block, verdict: NotReady, says: "more database instances are needed in us-west-2"}},
	{"QTA-03", "an answer without the quota that is needed", func(w *world) {
		w.fact(&w.west, drift.FactDBLimits, "", object{"AllocatedStorage": object{"Used": 300.0, "Max": 100000.0}})
		w.lose("app/Database", drift.Warn)
	}, unknown("rds:DescribeAccountAttributes")},
	{"QTA-03", "the quotas of RDS could not be read", func(w *world) { w.deniedFact(drift.FactDBLimits, "", "rds:DescribeAccountAttributes") }, unknown("rds:DescribeAccountAttributes")},
}
