package ec2

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// InstanceType is the type of instances.
const InstanceType = "AWS::EC2::Instance"

const noInstance = "InvalidInstanceID.NotFound"

func instanceKind() core.Kind {
	return core.Kind{
		Type:       InstanceType,
		Identifier: []string{"Id"},
		Attributes: map[string]string{"InstanceId": "{Id}", "PrivateDnsName": "ip-{Host}.{Region}.compute.internal"},
		Ref:        "{Id}",
		Replace:    []string{"ImageId", "KeyName", "SubnetId", "AvailabilityZone", "SecurityGroups", "NetworkInterfaces", "LaunchTemplate"},
		Defaults:   map[string]any{"SourceDestCheck": true, "EbsOptimized": false, "Monitoring": false, "Tenancy": "default", "DisableApiTermination": false},
		Schema: core.Schema{Booleans: []string{"SourceDestCheck", "EbsOptimized", "Monitoring", "DisableApiTermination"},
			Numbers: []string{"MetadataOptions.HttpPutResponseHopLimit"}},
		Create: after(numbered("i"), func(c *core.Change) error {
			r := c.Resource
			r.Private["Launch"] = overlaid(c, r.Properties)
			r.Private["State"] = "running"
			n := c.World.IDs.Bytes(2, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
			r.Attributes["Host"] = "10-0-" + wire.Text(int(n[0])) + "-" + wire.Text(int(n[1]))
			r.Attributes["PrivateIp"] = "10.0." + wire.Text(int(n[0])) + "." + wire.Text(int(n[1]))
			return nil
		}),
		Update: func(c *core.Change) error {
			c.Resource.Private["Launch"] = overlaid(c, c.Resource.Properties)
			return nil
		},
	}
}

func instanceOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeInstances": describeInstances, "DescribeInstanceAttribute": describeInstanceAttribute, "ModifyInstanceAttribute": modifyInstance,
		"DescribeVolumes": describeVolumes, "RunInstances": runInstances, "TerminateInstances": terminate, "StopInstances": become("stopped"), "StartInstances": become("running"),
	}
}

func instanceView() view {
	return view{
		typ: InstanceType, set: "instancesSet", ids: "InstanceId", missing: noInstance, show: showInstance,
		filters: func(c *core.Call, r store.Resource) map[string][]string {
			p := wire.Object(r.Properties)
			return map[string][]string{"instance-id": {r.ID}, "instance-state-name": {wire.Text(r.Private["State"])}, "subnet-id": {p.String("SubnetId")},
				"vpc-id": {vpcOf(c, p.String("SubnetId"))}, "image-id": {p.String("ImageId")}}
		},
	}
}

func showInstance(c *core.Call, r store.Resource) core.Out {
	p := wire.Object(wire.AsObject(r.Private["Launch"]))
	state := wire.Text(r.Private["State"])
	groups := []any{}
	for _, id := range p.Strings("SecurityGroupIds") {
		groups = append(groups, core.Out{"groupId": id, "groupName": id})
	}
	monitoring := "disabled"
	if shape.Bool(p["Monitoring"]) || p.Object("Monitoring").Bool("Enabled") {
		monitoring = "enabled"
	}
	options := core.Out{"state": "applied", "httpTokens": "optional", "httpPutResponseHopLimit": 1, "httpEndpoint": "enabled", "httpProtocolIpv6": "disabled",
		"instanceMetadataTags": "disabled"}
	for name, v := range p.Object("MetadataOptions") {
		options["h"+name[1:]] = v
	}
	out := core.Out{
		"instanceId": r.ID, "imageId": p["ImageId"], "instanceType": p.Or("InstanceType", "t3.micro"), "keyName": p["KeyName"], "subnetId": p["SubnetId"],
		"vpcId": vpcOf(c, p.String("SubnetId")), "privateIpAddress": r.Attributes["PrivateIp"], "privateDnsName": r.Attributes["PrivateDnsName"],
		"instanceState": core.Out{"name": state, "code": map[string]int{"running": 16, "stopped": 80}[state]}, "launchTime": r.Created,
		"ebsOptimized": shape.Bool(p["EbsOptimized"]), "sourceDestCheck": shape.Bool(p["SourceDestCheck"]), "groupSet": groups, "architecture": "x86_64",
		"monitoring": core.Out{"state": monitoring}, "metadataOptions": options, "networkInterfaceSet": []any{},
		"placement": core.Out{"availabilityZone": zoneOf(c, p), "tenancy": p.Or("Tenancy", "default"), "groupName": p.Or("PlacementGroupName", "")},
	}
	mappings := []any{}
	for _, v := range volumes(c, r) {
		mappings = append(mappings, core.Out{"deviceName": v["device"], "ebs": core.Out{"volumeId": v["volumeId"], "deleteOnTermination": v["delete"], "status": "attached"}})
	}
	out["blockDeviceMapping"] = mappings
	if profile := p["IamInstanceProfile"]; profile != nil {
		name := wire.Text(profile)
		if o := wire.AsObject(profile); o != nil {
			name = o.Or("Name", shape.Last(o.String("Arn"), "/"))
		}
		out["iamInstanceProfile"] = core.Out{"arn": "arn:aws:iam::" + c.Account + ":instance-profile/" + name, "id": "AIPA" + digest(17, name)}
	}
	tags := tagSet(r.Tags)
	if named := wire.AsObject(r.Properties["LaunchTemplate"]); named != nil {
		for _, t := range c.List(TemplateType) {
			if t.ID == named.String("LaunchTemplateId") || t.Properties["LaunchTemplateName"] == named.String("LaunchTemplateName") {
				tags = append(tags, core.Out{"key": "aws:ec2launchtemplate:id", "value": t.ID},
					core.Out{"key": "aws:ec2launchtemplate:version", "value": wire.Text(version(t, named.String("Version")))})
			}
		}
	}
	out["tagSet"] = tags
	return out
}

// volumes are the disks of an instance: those it was told of, or the one its
// image begins with.
func volumes(c *core.Call, r store.Resource) []core.Out {
	mappings := wire.Object(wire.AsObject(r.Private["Launch"])).Objects("BlockDeviceMappings")
	if len(mappings) == 0 {
		mappings = []wire.Object{{"DeviceName": "/dev/xvda"}}
	}
	var list []core.Out
	for _, m := range mappings {
		ebs := m.Object("Ebs")
		kind := ebs.Or("VolumeType", "gp3")
		out := core.Out{"volumeId": "vol-" + digest(17, r.ID, m.String("DeviceName")), "device": m.String("DeviceName"), "delete": !ebs.Has("DeleteOnTermination") || ebs.Bool("DeleteOnTermination"),
			"size": ebs.Int("VolumeSize", 8), "volumeType": kind, "encrypted": ebs.Bool("Encrypted"), "status": "in-use", "availabilityZone": zoneOf(c, wire.AsObject(r.Private["Launch"])),
			"createTime": r.Created, "attachmentSet": []any{}}
		if kind == "gp3" {
			out["iops"], out["throughput"] = ebs.Int("Iops", 3000), ebs.Int("Throughput", 125)
		}
		list = append(list, out)
	}
	return list
}

// describeVolumes lists the disks of all instances; there are no others.
func describeVolumes(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(InstanceType) {
		for _, v := range volumes(c, r) {
			ok, err := filtered(c, map[string][]string{"volume-id": {v.String("volumeId")}, "attachment.instance-id": {r.ID}}, nil)
			if err != nil {
				return nil, err
			}
			if ok {
				delete(v, "device")
				delete(v, "delete")
				list = append(list, v)
			}
		}
	}
	page, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxResults", 1000))
	return core.Out{"volumeSet": page, "nextToken": next}, err
}

func zoneOf(c *core.Call, p wire.Object) string {
	if r, ok := c.Get(SubnetType, p.String("SubnetId")); ok {
		return wire.Text(r.Properties["AvailabilityZone"])
	}
	return p.Or("AvailabilityZone", c.Region+"a")
}

// describeInstances wraps every instance in a reservation.
func describeInstances(c *core.Call) (any, error) {
	out, err := instanceView().describe(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, i := range wire.AsObject(out).List("instancesSet") {
		list = append(list, core.Out{"reservationId": "r-" + digest(17, wire.AsObject(i).String("instanceId")), "ownerId": c.Account, "instancesSet": []any{i}})
	}
	return core.Out{"reservationSet": list, "nextToken": wire.AsObject(out)["nextToken"]}, nil
}

func describeInstanceAttribute(c *core.Call) (any, error) {
	r, err := one(c, InstanceType, "InstanceId", noInstance)
	if err != nil {
		return nil, err
	}
	name := c.In.String("Attribute")
	p := wire.Object(wire.AsObject(r.Private["Launch"]))
	out := core.Out{"instanceId": r.ID}
	switch name {
	case "userData":
		out[name] = core.Out{"value": p["UserData"]}
	case "instanceInitiatedShutdownBehavior":
		out[name] = core.Out{"value": p.Or("InstanceInitiatedShutdownBehavior", "stop")}
	case "disableApiTermination":
		out[name] = core.Out{"value": shape.Bool(p["DisableApiTermination"])}
	case "instanceType":
		out[name] = core.Out{"value": p["InstanceType"]}
	default:
		return nil, wire.Errorf(400, "InvalidParameterValue", "Value (%s) for parameter attribute is invalid.", name)
	}
	return out, nil
}

func modifyInstance(c *core.Call) (any, error) {
	r, err := one(c, InstanceType, "InstanceId", noInstance)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, name := range []string{"InstanceType", "UserData", "DisableApiTermination", "EbsOptimized", "SourceDestCheck"} {
		if v := value(c.In, name); v != nil {
			patch[name] = v
		}
	}
	if c.In.Has("GroupId") {
		patch["SecurityGroupIds"] = c.In.List("GroupId")
	}
	_, err = c.Update(InstanceType, r.ID, patch)
	return core.Out{"return": true}, err
}

func runInstances(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "ImageId", "InstanceType", "KeyName", "SubnetId", "UserData", "LaunchTemplate", "EbsOptimized")
	if c.In.Has("SecurityGroupId") {
		properties["SecurityGroupIds"] = c.In.List("SecurityGroupId")
	}
	list := []any{}
	for range c.In.Int("MaxCount", 1) {
		r, err := c.Create(InstanceType, wire.AsObject(shape.Plain(properties)), specTags(c.In, "instance"))
		if err != nil {
			return nil, err
		}
		list = append(list, showInstance(c, r))
	}
	return core.Out{"reservationId": "r-" + digest(17, c.RequestID), "ownerId": c.Account, "instancesSet": list}, nil
}

func terminate(c *core.Call) (any, error) {
	list := []any{}
	for _, id := range c.In.Strings("InstanceId") {
		if c.Delete(InstanceType, id) != nil {
			return nil, wire.Errorf(400, noInstance, "The instance ID '%s' does not exist", id)
		}
		list = append(list, core.Out{"instanceId": id, "currentState": core.Out{"name": "shutting-down", "code": 32}})
	}
	return core.Out{"instancesSet": list}, nil
}

// become is the operation that brings instances into a state.
func become(state string) core.Handler {
	return func(c *core.Call) (any, error) {
		list := []any{}
		for _, id := range c.In.Strings("InstanceId") {
			_, found, err := c.World.Store.Update(c.Scope, InstanceType, id, func(r *store.Resource) error {
				r.Private["State"] = state
				return nil
			})
			if !found {
				return nil, wire.Errorf(400, noInstance, "The instance ID '%s' does not exist", id)
			}
			if err != nil {
				return nil, err
			}
			list = append(list, core.Out{"instanceId": id, "currentState": core.Out{"name": state}})
		}
		return core.Out{"instancesSet": list}, nil
	}
}
