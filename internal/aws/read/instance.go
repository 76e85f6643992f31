package read

import (
	"context"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func instanceReader() reader {
	return reader{
		specs: []Spec{{
			Type: "AWS::EC2::Instance",
			Properties: append([]string{"AvailabilityZone", "Tenancy", "PlacementGroupName", "SecurityGroupIds", "SecurityGroups",
				"IamInstanceProfile", "Monitoring", "LaunchTemplate", "UserData", "DisableApiTermination", "InstanceInitiatedShutdownBehavior", "PrivateIpAddress",
				"NetworkInterfaces", "BlockDeviceMappings", "Tags"}, instanceProperties()...),
			Actions:    []string{"ec2:DescribeInstances", "ec2:DescribeInstanceAttribute", "ec2:DescribeVolumes"},
			Batch:      perCall(perFilter) + ", their volumes together, and a call for each declared one of user data, termination protection and shutdown behaviour",
			Identities: []string{"InstanceId", "PrivateIp", "PrivateDnsName", "PublicIp", "PublicDnsName"},
			Facts:      []string{drift.FactInstanceState},
			Secret:     "user data, as a whole",
		}},
		read: readInstances,
	}
}

func instanceProperties() []string {
	return []string{"ImageId", "InstanceType", "KeyName", "SubnetId", "EbsOptimized", "SourceDestCheck", "CpuOptions", "EnclaveOptions",
		"HibernationOptions", "MetadataOptions", "PrivateDnsNameOptions"}
}

func readInstances(ctx context.Context, r *run, items []inventory.Item) {
	var mu sync.Mutex
	found := map[string]types.Instance{}
	var known []inventory.Item
	readListed(ctx, r, items, listing[types.Instance]{
		filter: "instance-id",
		ask:    physicalID,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.Instance, *string, error) {
			out, err := r.clients.ec2.DescribeInstances(ctx, &ec2.DescribeInstancesInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			var all []types.Instance
			for _, reservation := range out.Reservations {
				all = append(all, reservation.Instances...)
			}
			return all, out.NextToken, nil
		},
		names: func(i types.Instance) []string { return []string{aws.ToString(i.InstanceId)} },
	}, func(item inventory.Item, i types.Instance) {
		mu.Lock()
		defer mu.Unlock()
		known, found[item.Key] = append(known, item), i
	})
	disks := r.disksOf(ctx, known, found)
	each(ctx, known, func(item inventory.Item) { r.instance(ctx, item, found[item.Key], disks) })
}

// instance reports an instance; one that was terminated is described for a
// while, and is none any more.
func (r *run) instance(ctx context.Context, item inventory.Item, i types.Instance, disks disks) {
	state := types.InstanceState{}
	if i.State != nil {
		state = *i.State
	}
	if state.Name == types.InstanceStateNameTerminated || state.Name == types.InstanceStateNameShuttingDown {
		r.gone(item)
		return
	}
	o := newObject().take(i, instanceProperties()...).tagList(i.Tags, "Key", "Value").
		identity("InstanceId", aws.ToString(i.InstanceId)).identity("PrivateIp", aws.ToString(i.PrivateIpAddress)).
		identity("PrivateDnsName", aws.ToString(i.PrivateDnsName)).identity("PublicIp", aws.ToString(i.PublicIpAddress)).
		identity("PublicDnsName", aws.ToString(i.PublicDnsName))
	if options, ok := o.properties["MetadataOptions"].(map[string]any); ok {
		delete(options, "State")
	}
	instanceParts(item, o, i)
	r.instanceAttributes(ctx, item, o)
	r.instanceDisks(item, o, i, disks)
	var reason any
	if i.StateReason != nil {
		reason = i.StateReason.Message
	}
	r.fact(item, drift.FactInstanceState, map[string]any{"State": state.Name, "StateReason": reason, "LaunchTime": timeOrNil(i.LaunchTime), "Disks": disksIn(i),
		"CapacityReservationSpecification": newObject().take(i, "CapacityReservationSpecification").properties["CapacityReservationSpecification"]})
	r.found(item, o)
}

// instanceParts fills what has another shape in CloudFormation than in EC2, and
// of what AWS chooses for an instance only what the template asked for.
func instanceParts(item inventory.Item, o *object, i types.Instance) {
	if p := i.Placement; p != nil {
		o.take(p, "AvailabilityZone", "Tenancy")
		if aws.ToString(p.GroupName) != "" {
			o.set("PlacementGroupName", p.GroupName)
		}
	}
	var groups, named []string
	for _, g := range i.SecurityGroups {
		groups, named = append(groups, aws.ToString(g.GroupId)), append(named, aws.ToString(g.GroupName))
	}
	o.set("SecurityGroupIds", groups)
	if item.Declared["SecurityGroups"] != nil {
		o.set("SecurityGroups", named)
	}
	if id, ok := o.tags["aws:ec2launchtemplate:id"]; ok {
		o.set("LaunchTemplate", map[string]any{"LaunchTemplateId": id}) // what came of its version is in the other properties
	}
	if i.IamInstanceProfile != nil {
		o.set("IamInstanceProfile", nameInARN(aws.ToString(i.IamInstanceProfile.Arn)))
	}
	if i.Monitoring != nil {
		o.set("Monitoring", i.Monitoring.State == types.MonitoringStateEnabled || i.Monitoring.State == types.MonitoringStatePending)
	}
	if item.Declared["PrivateIpAddress"] != nil {
		o.set("PrivateIpAddress", i.PrivateIpAddress)
	}
	if item.Declared["NetworkInterfaces"] != nil {
		o.set("NetworkInterfaces", instanceInterfaces(i))
	}
}

// instanceInterfaces are the network interfaces by what can be compared of them.
func instanceInterfaces(i types.Instance) []map[string]any {
	var list []map[string]any
	for _, n := range i.NetworkInterfaces {
		one := map[string]any{"SubnetId": aws.ToString(n.SubnetId), "AssociatePublicIpAddress": n.Association != nil}
		if n.Attachment != nil {
			one["DeviceIndex"], one["DeleteOnTermination"] = aws.ToInt32(n.Attachment.DeviceIndex), aws.ToBool(n.Attachment.DeleteOnTermination)
		}
		var groups []string
		for _, g := range n.Groups {
			groups = append(groups, aws.ToString(g.GroupId))
		}
		one["GroupSet"] = groups
		list = append(list, one)
	}
	sortObjects(list, "DeviceIndex")
	return list
}

// instanceAttributes reads what DescribeInstances leaves out, if the template
// declares it.
func (r *run) instanceAttributes(ctx context.Context, item inventory.Item, o *object) {
	for property, attribute := range map[string]types.InstanceAttributeName{
		"UserData": types.InstanceAttributeNameUserData, "DisableApiTermination": types.InstanceAttributeNameDisableApiTermination,
		"InstanceInitiatedShutdownBehavior": types.InstanceAttributeNameInstanceInitiatedShutdownBehavior,
	} {
		if item.Declared != nil && item.Declared[property] == nil {
			continue
		}
		out, err := r.clients.ec2.DescribeInstanceAttribute(ctx, &ec2.DescribeInstanceAttributeInput{InstanceId: &item.ID, Attribute: attribute})
		if err != nil {
			r.partial(item, property, err)
			continue
		}
		if out.UserData != nil && out.UserData.Value != nil {
			o.set("UserData", out.UserData.Value)
		}
		if out.DisableApiTermination != nil {
			o.set(property, out.DisableApiTermination.Value)
		}
		if out.InstanceInitiatedShutdownBehavior != nil {
			o.set(property, out.InstanceInitiatedShutdownBehavior.Value)
		}
	}
}

// nameInARN is what follows the last slash of an ARN: the name in it.
func nameInARN(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }
