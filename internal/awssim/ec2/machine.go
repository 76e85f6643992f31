package ec2

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
)

// ReservationType and ScoreType script what a Region says about capacity: a reservation with the members of its answer, and
// the score that a Region gives to every question, as the property Score of the id "score".
const (
	ReservationType = "sim::EC2::CapacityReservation"
	ScoreType       = "sim::EC2::CapacityScore"
)

func machineOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeInstanceTypes": describeTypes, "DescribeInstanceTypeOfferings": describeOfferings, "DescribeAvailabilityZones": describeZones,
		"DescribeCapacityReservations": describeReservations, "GetGroupsForCapacityReservation": reservationGroups,
		"GetCapacityManagerSupportabilityScores": scores,
	}
}

// askedTypes are the instance types that a filter names and that have the form of one.
func askedTypes(c *core.Call) []string {
	asked := common()
	for _, filter := range c.In.Objects("Filter") {
		if filter.String("Name") == "instance-type" {
			asked = filter.Strings("Value")
		}
	}
	return slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(asked))), func(name string) bool {
		_, scripted := c.Get(NotOfferedType, name)
		return scripted || !instanceTypeName.MatchString(name)
	})
}

func describeTypes(c *core.Call) (any, error) {
	list := []any{}
	for _, name := range askedTypes(c) {
		vcpus, memory := sizeOf(name)
		list = append(list, core.Out{"instanceType": name, "vCpuInfo": core.Out{"defaultVCpus": vcpus}, "memoryInfo": core.Out{"sizeInMiB": memory}})
	}
	return core.Out{"instanceTypeSet": list}, nil
}

// sizeOf is the size that most families give a size's name: two vCPUs up to large and twice as many with every step after it;
// 8 GiB in a large one, half of it in a family c and twice in r. Metal counts as 24 of the extra large ones.
func sizeOf(name string) (vcpus, memoryMiB int) {
	family, size, _ := strings.Cut(name, ".")
	small := map[string]int{"nano": 512, "micro": 1024, "small": 2048, "medium": 4096, "large": 8192}
	if memory, ok := small[size]; ok {
		return 2, byFamily(family, memory)
	}
	times, err := strconv.Atoi(strings.TrimSuffix(size, "xlarge"))
	switch {
	case size == "xlarge":
		times = 1
	case err != nil:
		times = 24
	}
	return 4 * times, byFamily(family, 16384*times)
}

func byFamily(family string, memory int) int {
	switch family[0] {
	case 'c':
		return memory / 2
	case 'r':
		return memory * 2
	}
	return memory
}

// describeZones lists the three zones that every simulated Region has. Their ids only have to differ between Regions.
func describeZones(c *core.Call) (any, error) {
	list := []any{}
	for i, letter := range []string{"a", "b", "c"} {
		list = append(list, core.Out{"zoneName": c.Region + letter, "zoneId": c.Region + "-az" + strconv.Itoa(i+1), "regionName": c.Region, "zoneState": "available"})
	}
	return core.Out{"availabilityZoneInfo": list}, nil
}

func describeReservations(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(ReservationType) {
		one := core.Renamed(r.Properties, "InstanceType:instanceType", "AvailabilityZone:availabilityZone", "State:state",
			"AvailableInstanceCount:availableInstanceCount", "TotalInstanceCount:totalInstanceCount",
			"InstanceMatchCriteria:instanceMatchCriteria", "ReservationType:reservationType")
		one["capacityReservationId"] = r.ID
		list = append(list, one)
	}
	return core.Out{"capacityReservationSet": list}, nil
}

// reservationGroups answers what a scripted reservation has in GroupArns. Source:
// Amazon EC2 API reference, GetGroupsForCapacityReservation.
func reservationGroups(c *core.Call) (any, error) {
	list := []any{}
	if r, ok := c.Get(ReservationType, c.In.String("CapacityReservationId")); ok {
		arns, _ := r.Properties["GroupArns"].([]any)
		for _, arn := range arns {
			list = append(list, core.Out{"groupArn": arn, "ownerId": r.Account})
		}
	}
	return core.Out{"capacityReservationGroupSet": list}, nil
}

// scores answers high, unless another score is scripted.
func scores(c *core.Call) (any, error) {
	score := any("high")
	if r, ok := c.Get(ScoreType, "score"); ok {
		score = r.Properties["Score"]
	}
	return core.Out{"aggregateScore": score}, nil
}
