package ec2

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// lists are the lists of launch template data: CloudFormation's name, the
// member of requests, and the member of answers. Source: RequestLaunchTemplateData
// and ResponseLaunchTemplateData, EC2 API reference.
func lists() [][3]string {
	return [][3]string{
		{"BlockDeviceMappings", "BlockDeviceMapping", "blockDeviceMappingSet"}, {"NetworkInterfaces", "NetworkInterface", "networkInterfaceSet"},
		{"SecurityGroupIds", "SecurityGroupId", "securityGroupIdSet"}, {"SecurityGroups", "SecurityGroup", "securityGroupSet"},
		{"TagSpecifications", "TagSpecification", "tagSpecificationSet"}, {"LicenseSpecifications", "LicenseSpecification", "licenseSet"},
		{"Groups", "SecurityGroupId", "groupSet"}, {"Tags", "Tag", "tagSet"}, {"PrivateIpAddresses", "PrivateIpAddresses", "privateIpAddressesSet"},
		{"Ipv6Addresses", "Ipv6Addresses", "ipv6AddressesSet"}, {"AllowedInstanceTypes", "AllowedInstanceType", "allowedInstanceTypeSet"},
		{"ExcludedInstanceTypes", "ExcludedInstanceType", "excludedInstanceTypeSet"}, {"InstanceGenerations", "InstanceGeneration", "instanceGenerationSet"},
		{"CpuManufacturers", "CpuManufacturer", "cpuManufacturerSet"},
	}
}

// declared turns the data of a request into CloudFormation's shape.
func declared(v any) map[string]any {
	tree, _ := renamed(v, func(name string, inInterface bool) string {
		for _, l := range lists() {
			if l[1] == name && (l[0] != "Groups" || inInterface) && (l[0] != "SecurityGroupIds" || !inInterface) {
				return l[0]
			}
		}
		return name
	}, false).(map[string]any)
	return tree
}

// answered turns launch template data into the shape of answers.
func answered(v any) any {
	return renamed(v, func(name string, _ bool) string {
		for _, l := range lists() {
			if l[0] == name {
				return l[2]
			}
		}
		return strings.ToLower(name[:1]) + name[1:]
	}, false)
}

// renamed gives the members of all structures of a tree other names.
func renamed(v any, name func(string, bool) string, inInterface bool) any {
	if o := wire.AsObject(v); o != nil {
		out := map[string]any{}
		for k, e := range o {
			out[name(k, inInterface)] = renamed(e, name, inInterface || strings.HasPrefix(k, "NetworkInterface"))
		}
		return out
	}
	if list, ok := wire.Items(v); ok {
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = renamed(e, name, inInterface)
		}
		return out
	}
	return v
}

// overlaid is what an instance gets: the data of its launch template, and what
// the request says itself on top.
func overlaid(c *core.Change, own map[string]any) map[string]any {
	named := wire.AsObject(own["LaunchTemplate"])
	if named == nil {
		return own
	}
	for _, r := range c.World.Store.List(c.Resource.Scope, TemplateType) {
		if r.ID != named.String("LaunchTemplateId") && r.Properties["LaunchTemplateName"] != named.String("LaunchTemplateName") {
			continue
		}
		n := version(r, named.String("Version"))
		if n == 0 {
			continue
		}
		out := wire.AsObject(shape.Plain(wire.AsObject(versions(r)[n-1])["Data"]))
		for k, v := range own {
			out[k] = v
		}
		return out
	}
	return own
}
