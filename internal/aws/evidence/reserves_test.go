package evidence

import (
	"context"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestWhichReservationsAGroupNames(t *testing.T) {
	template := func(spec any) map[string]any {
		return map[string]any{"LaunchTemplate": map[string]any{"LaunchTemplateData": map[string]any{"CapacityReservationSpecification": spec}}}
	}
	target := func(name string, value any) map[string]any {
		return map[string]any{"CapacityReservationTarget": map[string]any{name: value}}
	}
	names := func(preference string, ids, groups []any) any {
		return map[string]any{"Preference": preference, "Ids": ids, "Groups": groups}
	}
	none := []any{}
	for name, c := range map[string]struct {
		properties map[string]any
		want       any
	}{
		"a launch template that names one":      {template(target("CapacityReservationId", "cr-1")), names("", []any{"cr-1"}, none)},
		"a launch template that names a group":  {template(target("CapacityReservationResourceGroupArn", "arn:g")), names("", none, []any{"arn:g"})},
		"a launch template that names none":     {template(nil), names("", none, none)},
		"a launch template that avoids them":    {template(map[string]any{"CapacityReservationPreference": "none"}), names("none", none, none)},
		"a launch template that was not read":   {map[string]any{"LaunchTemplate": map[string]any{"LaunchTemplateId": "lt-1"}}, nil},
		"a launch configuration, which cannot":  {map[string]any{"LaunchConfigurationName": "lc"}, names("", none, none)},
		"overrides with templates of their own": {map[string]any{"MixedInstancesPolicy": map[string]any{"LaunchTemplate": map[string]any{"Overrides": []any{map[string]any{"LaunchTemplateSpecification": map[string]any{}}}}}}, nil},
		"the group itself": {map[string]any{"CapacityReservationSpecification": map[string]any{"CapacityReservationPreference": "capacity-reservations-first",
			"CapacityReservationTarget": map[string]any{"CapacityReservationIds": []any{"cr-1", "cr-2"}}}}, names("capacity-reservations-first", []any{"cr-1", "cr-2"}, none)},
	} {
		if have := reserves(c.properties); !reflect.DeepEqual(have, c.want) {
			t.Errorf("%s: %v, want %v", name, have, c.want)
		}
	}
}

func TestWhichReservationsNodesAndInstancesName(t *testing.T) {
	target := tree{"CapacityReservationTarget": tree{"CapacityReservationId": "cr-1"}}
	named, free := tree{"Preference": "", "Ids": []any{"cr-1"}, "Groups": []any{}}, tree{"Preference": "", "Ids": []any{}, "Groups": []any{}}
	sizes := tree{"DesiredSize": 1.0}
	for name, c := range map[string]struct {
		kind       string
		properties tree
		read       any // of an instance, its specification
		want       any
	}{
		"nodes without a launch template, which name none":    {nodeGroupType, tree{"ScalingConfig": sizes, "InstanceTypes": []any{"m5.large"}}, nil, free},
		"nodes whose launch template names one":               {nodeGroupType, tree{"ScalingConfig": sizes, "LaunchTemplate": template(tree{"InstanceType": "m5.large", "CapacityReservationSpecification": target})}, nil, named},
		"nodes whose launch template was not read":            {nodeGroupType, tree{"ScalingConfig": sizes, "InstanceTypes": []any{"m5.large"}, "LaunchTemplate": tree{"Id": "lt-1"}}, nil, nil},
		"an instance that names one":                          {machineType, tree{"InstanceType": "m5.large"}, target, named},
		"an instance that takes any":                          {machineType, tree{"InstanceType": "m5.large"}, tree{"CapacityReservationPreference": "open"}, tree{"Preference": "open", "Ids": []any{}, "Groups": []any{}}},
		"an instance of which nobody says what it would take": {machineType, tree{"InstanceType": "m5.large"}, nil, nil},
	} {
		s := &drift.Snapshot{Resources: []drift.Resource{{Key: "app/It", Type: c.kind, Properties: c.properties}},
			Facts: []drift.Fact{{Kind: drift.FactInstanceState, Subject: "app/It", Value: tree{"State": "stopped", "CapacityReservationSpecification": c.read}}}}
		if have := machinesOf(s)["app/It"]; !reflect.DeepEqual(have.reserves, c.want) {
			t.Errorf("%s: %v, want %v", name, have.reserves, c.want)
		}
	}
}

// fakeReservations is one reservation that is in a group; the embedded interface is
// never called.
type fakeReservations struct {
	machinesAPI
	refused error
	asked   *int
}

func (f fakeReservations) DescribeCapacityReservations(context.Context, *ec2.DescribeCapacityReservationsInput, ...func(*ec2.Options)) (*ec2.DescribeCapacityReservationsOutput, error) {
	return &ec2.DescribeCapacityReservationsOutput{CapacityReservations: []types.CapacityReservation{{CapacityReservationId: aws.String("cr-1"), State: types.CapacityReservationStateActive},
		{CapacityReservationId: aws.String("cr-0"), State: types.CapacityReservationStateExpired}}}, nil
}

func (f fakeReservations) GetGroupsForCapacityReservation(context.Context, *ec2.GetGroupsForCapacityReservationInput, ...func(*ec2.Options)) (*ec2.GetGroupsForCapacityReservationOutput, error) {
	*f.asked++
	return &ec2.GetGroupsForCapacityReservationOutput{CapacityReservationGroups: []types.CapacityReservationGroup{{GroupArn: aws.String("arn:g")}}}, f.refused
}

func TestGroupsOfReservationsAreAskedForWhereAGroupNamesOne(t *testing.T) {
	spec := map[string]any{"CapacityReservationPreference": "capacity-reservations-only", "CapacityReservationTarget": map[string]any{"CapacityReservationResourceGroupArns": []any{"arn:g"}}}
	named := &drift.Snapshot{Resources: []drift.Resource{{Key: "app/G", Type: groupType, Properties: map[string]any{"CapacityReservationSpecification": spec}}},
		Facts: []drift.Fact{{Kind: drift.FactGroupInstances, Subject: "app/G", Value: map[string]any{"InstanceTypes": map[string]any{}}}}}
	for name, c := range map[string]struct {
		own     *drift.Snapshot
		refused error
		asked   int
		groups  []any
	}{
		"named":            {named, nil, 1, []any{"arn:g"}},
		"not named":        {&drift.Snapshot{}, nil, 0, []any{}},
		"named and denied": {named, refused("EC2", "GetGroupsForCapacityReservation", "UnauthorizedOperation"), 1, nil},
	} {
		asked := 0
		a := across{own: c.own, machines: fakeReservations{refused: c.refused, asked: &asked}}
		a.reservations(t.Context())
		value, known := a.found.fact(drift.FactCapacityReservations, "")
		if asked != c.asked || known != (c.refused == nil) || len(a.found.Gaps) > 0 != (c.refused != nil) {
			t.Errorf("%s: asked %d times, %v, gaps %+v", name, asked, value, a.found.Gaps)
		}
		if known && !reflect.DeepEqual(object(list(object(value)["Reservations"])[0])["Groups"], c.groups) {
			t.Errorf("%s: %v", name, value)
		}
		if c.refused != nil && (len(a.found.Gaps) != 1 || a.found.Gaps[0].Operation != "ec2:GetGroupsForCapacityReservation") {
			t.Errorf("%s: %+v", name, a.found.Gaps)
		}
	}
}
