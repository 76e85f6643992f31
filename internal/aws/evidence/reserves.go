package evidence

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// reserves is which capacity reservations the instances of a group use: those that
// the group itself names, or its launch template; without a name every open one. It
// is nil where that is not known, as of overrides with launch templates of their own.
// Source: Amazon EC2 user guide, Launch instances into an existing Capacity
// Reservation; Amazon EC2 Auto Scaling API reference, CapacityReservationSpecification.
func reserves(properties map[string]any) any {
	template := object(object(properties["MixedInstancesPolicy"])["LaunchTemplate"])
	for _, override := range list(template["Overrides"]) {
		if object(override)["LaunchTemplateSpecification"] != nil {
			return nil
		}
	}
	spec := object(properties["CapacityReservationSpecification"])
	if preference := text(spec, "CapacityReservationPreference"); preference == "" || preference == "default" {
		data := launchData(properties["LaunchTemplate"])
		if data == nil {
			data = launchData(template["LaunchTemplateSpecification"])
		}
		if data == nil && text(properties, "LaunchConfigurationName") == "" {
			return nil
		}
		spec = object(data["CapacityReservationSpecification"])
	}
	return reservesBy(spec)
}

// nodeReserves is the same of a node group, which names none without a launch
// template of its own. Source: Amazon EKS user guide, Customize managed nodes with
// launch templates.
func nodeReserves(properties map[string]any) any {
	if properties["LaunchTemplate"] == nil {
		return reservesBy(nil)
	}
	return reserves(properties)
}

// reservesBy is which reservations a capacity reservation specification names.
func reservesBy(spec map[string]any) any {
	target := object(spec["CapacityReservationTarget"])
	ids := append([]any{}, list(target["CapacityReservationIds"])...)
	groups := append([]any{}, list(target["CapacityReservationResourceGroupArns"])...)
	if id := target["CapacityReservationId"]; id != nil {
		ids = append(ids, id)
	}
	if group := target["CapacityReservationResourceGroupArn"]; group != nil {
		groups = append(groups, group)
	}
	return map[string]any{"Preference": text(spec, "CapacityReservationPreference"), "Ids": ids, "Groups": groups}
}

// namesReservationGroups reports whether machines of this Region name reservations
// by the resource group that they are in.
func (a *across) namesReservationGroups() bool {
	for _, m := range machinesOf(a.own) {
		if len(list(object(m.reserves)["Groups"])) > 0 {
			return true
		}
	}
	return false
}

// reservationGroups are the resource groups that a reservation is in.
func (a *across) reservationGroups(ctx context.Context, id string) ([]string, error) {
	groups := []string{}
	pages := ec2.NewGetGroupsForCapacityReservationPaginator(a.machines, &ec2.GetGroupsForCapacityReservationInput{CapacityReservationId: &id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, g := range page.CapacityReservationGroups {
			groups = append(groups, aws.ToString(g.GroupArn))
		}
	}
	slices.Sort(groups)
	return groups, nil
}
