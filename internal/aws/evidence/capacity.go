package evidence

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
)

type machinesAPI interface {
	DescribeInstanceTypes(context.Context, *ec2.DescribeInstanceTypesInput, ...func(*ec2.Options)) (*ec2.DescribeInstanceTypesOutput, error)
	DescribeInstanceTypeOfferings(context.Context, *ec2.DescribeInstanceTypeOfferingsInput, ...func(*ec2.Options)) (*ec2.DescribeInstanceTypeOfferingsOutput, error)
	DescribeCapacityReservations(context.Context, *ec2.DescribeCapacityReservationsInput, ...func(*ec2.Options)) (*ec2.DescribeCapacityReservationsOutput, error)
	GetGroupsForCapacityReservation(context.Context, *ec2.GetGroupsForCapacityReservationInput, ...func(*ec2.Options)) (*ec2.GetGroupsForCapacityReservationOutput, error)
	DescribeAvailabilityZones(context.Context, *ec2.DescribeAvailabilityZonesInput, ...func(*ec2.Options)) (*ec2.DescribeAvailabilityZonesOutput, error)
	GetCapacityManagerSupportabilityScores(context.Context, *ec2.GetCapacityManagerSupportabilityScoresInput, ...func(*ec2.Options)) (*ec2.GetCapacityManagerSupportabilityScoresOutput, error)
}

const (
	groupType     = "AWS::AutoScaling::AutoScalingGroup"
	nodeGroupType = "AWS::EKS::Nodegroup"
	machineType   = "AWS::EC2::Instance"
)

// machineTypes are the types that run instances.
var machineTypes = []string{groupType, nodeGroupType, machineType}

// machineActions are the permissions for what instances need.
func machineActions(types []string, d Declared) []string {
	if !uses(machineTypes, types) {
		return nil
	}
	actions := []string{"ec2:DescribeInstanceTypes", "ec2:DescribeInstanceTypeOfferings"}
	if d.Objectives.ReservedCapacity {
		actions = append(actions, "ec2:DescribeCapacityReservations", "ec2:GetGroupsForCapacityReservation")
	}
	if d.Objectives.CapacityScore {
		actions = append(actions, "ec2:DescribeAvailabilityZones", "ec2:GetCapacityManagerSupportabilityScores")
	}
	return actions
}

// capacity reads what the application's instances are, and whether this Region
// could start them: those it has, and those that the other Regions have.
func (a *across) capacity(ctx context.Context) {
	for key, m := range machinesOf(a.own) {
		a.fact(drift.FactMachines, key, m.value())
	}
	names := map[string]bool{}
	for _, s := range a.app.Snapshots {
		for _, m := range machinesOf(s) {
			for name := range m.kinds() {
				names[name] = true
			}
		}
	}
	if len(names) == 0 {
		return
	}
	all := slices.Sorted(maps.Keys(names))
	a.instanceTypes(ctx, all)
	a.offerings(ctx, all)
	a.familyQuotas(ctx, all)
	if a.app.Declared.Objectives.ReservedCapacity {
		a.reservations(ctx)
	}
	if a.app.Declared.Objectives.CapacityScore {
		a.scores(ctx)
	}
}

// instanceTypes reads the size of instance types. One that the Region does not
// know is not in the answer, which a filter asks for and a list of names refuses.
func (a *across) instanceTypes(ctx context.Context, names []string) {
	for chunk := range slices.Chunk(names, namesPerFilter) {
		pages := ec2.NewDescribeInstanceTypesPaginator(a.machines, &ec2.DescribeInstanceTypesInput{Filters: []types.Filter{{Name: aws.String("instance-type"), Values: chunk}}})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				a.eachFailed(drift.FactInstanceType, chunk, err)
				break
			}
			for _, t := range page.InstanceTypes {
				value := map[string]any{"Quota": vcpuQuota(string(t.InstanceType))}
				if t.VCpuInfo != nil {
					value["VCpus"] = t.VCpuInfo.DefaultVCpus
				}
				if t.MemoryInfo != nil {
					value["MemoryMiB"] = t.MemoryInfo.SizeInMiB
				}
				a.fact(drift.FactInstanceType, string(t.InstanceType), value)
			}
		}
	}
}

// namesPerFilter is how many values a filter takes. Source: Amazon EC2 API
// reference, Filter.
const namesPerFilter = 200

// offerings reads the zones that offer each type; none offers what the Region lacks.
func (a *across) offerings(ctx context.Context, names []string) {
	for chunk := range slices.Chunk(names, namesPerFilter) {
		zones := map[string][]string{}
		var failure error
		pages := ec2.NewDescribeInstanceTypeOfferingsPaginator(a.machines, &ec2.DescribeInstanceTypeOfferingsInput{
			LocationType: types.LocationTypeAvailabilityZone, Filters: []types.Filter{{Name: aws.String("instance-type"), Values: chunk}}})
		for pages.HasMorePages() && failure == nil {
			page, err := pages.NextPage(ctx)
			if failure = err; err != nil {
				break
			}
			for _, o := range page.InstanceTypeOfferings {
				zones[string(o.InstanceType)] = append(zones[string(o.InstanceType)], aws.ToString(o.Location))
			}
		}
		if failure != nil {
			a.eachFailed(drift.FactInstanceOffering, chunk, failure)
			continue
		}
		for _, name := range chunk {
			slices.Sort(zones[name])
			a.fact(drift.FactInstanceOffering, name, map[string]any{"AvailabilityZones": append([]string{}, zones[name]...)})
		}
	}
}

func (a *across) eachFailed(kind string, subjects []string, err error) {
	for _, subject := range subjects {
		a.failed(kind, subject, "", err)
	}
}

// reservations reads what capacity is reserved in the Region.
func (a *across) reservations(ctx context.Context) {
	all, named := []map[string]any{}, a.namesReservationGroups()
	pages := ec2.NewDescribeCapacityReservationsPaginator(a.machines, &ec2.DescribeCapacityReservationsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			a.failed(drift.FactCapacityReservations, "", "", err)
			return
		}
		for _, r := range page.CapacityReservations {
			groups := []string{}
			if named && r.State == types.CapacityReservationStateActive {
				if groups, err = a.reservationGroups(ctx, aws.ToString(r.CapacityReservationId)); err != nil {
					a.failed(drift.FactCapacityReservations, "", "", err)
					return
				}
			}
			all = append(all, map[string]any{"Id": aws.ToString(r.CapacityReservationId), "Groups": groups, "InstanceType": aws.ToString(r.InstanceType), "AvailabilityZone": aws.ToString(r.AvailabilityZone),
				"State": string(r.State), "Available": aws.ToInt32(r.AvailableInstanceCount), "Total": aws.ToInt32(r.TotalInstanceCount),
				"InstanceMatchCriteria": string(r.InstanceMatchCriteria), "ReservationType": string(r.ReservationType)})
		}
	}
	a.fact(drift.FactCapacityReservations, "", map[string]any{"Reservations": all})
}

// The most types and zones that one score is of. Source: Amazon EC2 API
// reference, GetCapacityManagerSupportabilityScores.
const (
	typesPerScore = 50
	zonesPerScore = 10
)

// scores asks, for every group, how well EC2 could start what its maximum leaves
// room for, in the zones it starts it in.
func (a *across) scores(ctx context.Context) {
	groups := of(a.own, groupType)
	if len(groups) == 0 {
		return
	}
	zones, err := a.machines.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{})
	ids := map[string]string{}
	if err == nil {
		for _, z := range zones.AvailabilityZones {
			ids[aws.ToString(z.ZoneName)] = aws.ToString(z.ZoneId)
		}
	}
	for _, r := range groups {
		if err != nil {
			a.failed(drift.FactCapacityScore, r.Key, "", err)
			continue
		}
		a.score(ctx, r, ids)
	}
}

func (a *across) score(ctx context.Context, r *drift.Resource, ids map[string]string) {
	m := machinesOf(a.own)[r.Key]
	want, known := whole(r.Properties["MaxSize"])
	for _, n := range m.running {
		want -= int32(n)
	}
	in := &ec2.GetCapacityManagerSupportabilityScoresInput{CapacityAmount: &want, CapacityUnit: types.CapacityUnitInstances,
		MarketType: types.SupportabilityMarketTypeOnDemand, InstanceTypes: slices.Sorted(maps.Keys(m.starts))}
	for _, zone := range list(r.Properties["AvailabilityZones"]) {
		name, _ := zone.(string)
		if id := ids[name]; id != "" {
			in.CapacityAvailabilityZoneIds = append(in.CapacityAvailabilityZoneIds, id)
		}
	}
	if why := unasked(in, known); why != "" || want <= 0 {
		a.fact(drift.FactCapacityScore, r.Key, map[string]any{"Score": nil, "Instances": want, "Zones": append([]string{}, in.CapacityAvailabilityZoneIds...), "Unasked": why})
		return
	}
	out, err := a.machines.GetCapacityManagerSupportabilityScores(ctx, in)
	if err != nil {
		a.failed(drift.FactCapacityScore, r.Key, "", err)
		return
	}
	a.fact(drift.FactCapacityScore, r.Key, map[string]any{"Score": string(out.AggregateScore), "Instances": want, "Zones": in.CapacityAvailabilityZoneIds})
}

// unasked is why a score cannot be asked for, "" when it can, or when nothing is
// wanted of a maximum that is known.
func unasked(in *ec2.GetCapacityManagerSupportabilityScoresInput, known bool) string {
	switch {
	case !known:
		return "its maximum is not known"
	case *in.CapacityAmount <= 0:
		return ""
	case len(in.InstanceTypes) == 0:
		return "the types that it starts are not known"
	case len(in.InstanceTypes) > typesPerScore:
		return "it starts more types than one score is of"
	case len(in.CapacityAvailabilityZoneIds) == 0:
		return "its zones are not known"
	case len(in.CapacityAvailabilityZoneIds) > zonesPerScore:
		return "it has more zones than one score is of"
	}
	return ""
}

// whole reads a whole number of the tree of a property.
func whole(v any) (int32, bool) {
	n, ok := v.(float64)
	return int32(n), ok
}
