package eks

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func kinds() []core.Kind {
	return []core.Kind{
		{
			Type: Type, Name: core.NameRule{Property: "Name", Max: 100}, Invalid: "InvalidParameterException",
			Attributes: map[string]string{"Arn": "arn:aws:eks:{Region}:{Account}:cluster/{Name}"},
			Replace:    []string{"Name", "RoleArn", "OutpostConfig", "BootstrapSelfManagedAddons"}, WriteOnly: []string{"BootstrapSelfManagedAddons", "Force"},
			Defaults: map[string]any{"Version": newest, "UpgradePolicy": map[string]any{"SupportType": "EXTENDED"}, "DeletionProtection": false,
				"AccessConfig": map[string]any{"AuthenticationMode": "CONFIG_MAP"}},
			Schema: core.Schema{Required: []string{"ResourcesVpcConfig", "RoleArn"},
				Booleans: []string{"DeletionProtection", "ResourcesVpcConfig.EndpointPrivateAccess", "ResourcesVpcConfig.EndpointPublicAccess"}},
			Create: checkCluster, Delete: emptyCluster,
		},
		{
			Type: NodesType, Name: core.NameRule{Property: "NodegroupName", Max: 63}, Identifier: []string{"ClusterName", "NodegroupName"},
			Attributes: map[string]string{"Id": "{ClusterName}/{NodegroupName}"}, Ref: "{Id}", TagMap: true, Invalid: "InvalidParameterException",
			Replace:   []string{"ClusterName", "NodegroupName", "NodeRole", "Subnets", "AmiType", "CapacityType", "DiskSize", "InstanceTypes", "RemoteAccess"},
			WriteOnly: []string{"ForceUpdateEnabled"},
			Defaults:  map[string]any{"CapacityType": "ON_DEMAND", "UpdateConfig": map[string]any{"MaxUnavailable": 1.0}},
			Schema: core.Schema{Required: []string{"ClusterName", "NodeRole", "Subnets"}, Numbers: []string{"ScalingConfig.MinSize", "ScalingConfig.MaxSize",
				"ScalingConfig.DesiredSize", "DiskSize", "UpdateConfig.MaxUnavailable", "UpdateConfig.MaxUnavailablePercentage"}},
			Create: checkNodes, Update: checkNodes,
		},
		{
			Type: AddonType, Identifier: []string{"ClusterName", "AddonName"}, Ref: "{ClusterName}|{AddonName}", Replace: []string{"ClusterName", "AddonName"},
			WriteOnly: []string{"PodIdentityAssociations", "PreserveOnDelete", "ResolveConflicts"}, Defaults: map[string]any{"AddonVersion": addonVersion},
			Schema: core.Schema{Required: []string{"ClusterName", "AddonName"}}, Invalid: "InvalidParameterException", Create: named("addon", "AddonName"),
		},
		{
			Type: ProfileType, Name: core.NameRule{Property: "FargateProfileName", Max: 100}, Identifier: []string{"ClusterName", "FargateProfileName"},
			Ref: "{ClusterName}|{FargateProfileName}", Replace: []string{"ClusterName", "FargateProfileName", "PodExecutionRoleArn", "Selectors", "Subnets"},
			Schema: core.Schema{Required: []string{"ClusterName", "PodExecutionRoleArn", "Selectors"}}, Create: named("fargateprofile", "FargateProfileName"),
		},
		{
			Type: EntryType, Identifier: []string{"PrincipalArn", "ClusterName"}, Ref: "{PrincipalArn}|{ClusterName}", Replace: []string{"PrincipalArn", "ClusterName", "Type"},
			Defaults: map[string]any{"Type": "STANDARD"}, Schema: core.Schema{Required: []string{"ClusterName", "PrincipalArn"}}, Create: checkEntry,
		},
	}
}

func invalid(format string, args ...any) error {
	return wire.Errorf(400, "InvalidParameterException", format, args...)
}

// checkCluster gives a cluster what EKS assigns, and the defaults that lie deeper than the kind's.
func checkCluster(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	about := []string{r.Account, r.Region, r.Type, p.String("Name")}
	id := c.World.IDs.Upper(32, about...)
	r.Attributes["Endpoint"] = "https://" + id + ".gr7." + r.Region + ".eks.amazonaws.com"
	r.Attributes["OpenIdConnectIssuerUrl"] = "https://oidc.eks." + r.Region + ".amazonaws.com/id/" + id
	r.Attributes["CertificateAuthorityData"] = "LS0t" + c.World.IDs.Mixed(40, about...)
	r.Attributes["ClusterSecurityGroupId"] = "sg-" + c.World.IDs.Hex(17, about...)
	network := p.Object("ResourcesVpcConfig")
	for name, v := range map[string]any{"EndpointPublicAccess": true, "EndpointPrivateAccess": false, "PublicAccessCidrs": []any{"0.0.0.0/0"}} {
		if !network.Has(name) {
			network[name] = v
		}
	}
	if !p.Has("KubernetesNetworkConfig") {
		r.Properties["KubernetesNetworkConfig"] = map[string]any{}
	}
	services := wire.AsObject(r.Properties["KubernetesNetworkConfig"])
	for name, v := range map[string]any{"IpFamily": "ipv4", "ServiceIpv4Cidr": "10.100.0.0/16"} {
		if !services.Has(name) {
			services[name] = v
		}
	}
	return nil
}

func emptyCluster(c *core.Change) error {
	for _, typ := range []string{NodesType, ProfileType} {
		if len(c.World.Store.View(0).Prefix(c.Resource.Scope, typ, c.Resource.ID+"|")) > 0 {
			return wire.Errorf(409, "ResourceInUseException", "Cluster has nodegroups or Fargate profiles attached")
		}
	}
	return nil
}

// in wants the cluster of a resource to exist.
func in(c *core.Change) error {
	name := wire.Text(c.Resource.Properties["ClusterName"])
	if _, ok := c.World.Store.Get(c.Resource.Scope, Type, name); !ok {
		return wire.Errorf(404, "ResourceNotFoundException", "No cluster found for name: %s.", name)
	}
	return nil
}

// named gives a part of a cluster an ARN of its kind.
func named(kind, property string) func(*core.Change) error {
	return func(c *core.Change) error {
		r := c.Resource
		p := wire.Object(r.Properties)
		r.Attributes["Arn"] = "arn:aws:eks:" + r.Region + ":" + r.Account + ":" + kind + "/" + p.String("ClusterName") + "/" + p.String(property) + "/" +
			c.World.IDs.UUID(r.Account, r.Region, r.Type, p.String("ClusterName"), p.String(property))
		return in(c)
	}
}

// checkNodes wants sizes that fit together; the version is that of the cluster unless one is asked for.
func checkNodes(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if c.Before == nil {
		if err := named("nodegroup", "NodegroupName")(c); err != nil {
			return err
		}
		cluster, _ := c.World.Store.Get(r.Scope, Type, p.String("ClusterName"))
		r.Properties["Version"] = p.Or("Version", wire.Text(cluster.Properties["Version"]))
		r.Properties["ReleaseVersion"] = p.Or("ReleaseVersion", wire.Text(r.Properties["Version"])+".0-"+nodeRelease)
		if !p.Has("LaunchTemplate") {
			r.Properties["AmiType"] = p.Or("AmiType", "AL2023_x86_64_STANDARD")
			if !p.Has("InstanceTypes") {
				r.Properties["InstanceTypes"] = []any{"t3.medium"}
			}
			if !p.Has("DiskSize") {
				r.Properties["DiskSize"] = 20.0
			}
		}
		if !p.Has("ScalingConfig") {
			r.Properties["ScalingConfig"] = map[string]any{"MinSize": 1.0, "MaxSize": 2.0, "DesiredSize": 2.0}
		}
	}
	sizes := wire.Object(r.Properties).Object("ScalingConfig")
	if least, most := sizes.Int("MinSize", 0), sizes.Int("MaxSize", 1); least > most || sizes.Int("DesiredSize", least) > most {
		return invalid("desired capacity %d can't be greater than max size %d", sizes.Int("DesiredSize", least), most)
	}
	return nil
}

func checkEntry(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	principal := p.String("PrincipalArn")
	r.Attributes["AccessEntryArn"] = "arn:aws:eks:" + r.Region + ":" + r.Account + ":access-entry/" + p.String("ClusterName") + "/" +
		c.World.IDs.UUID(r.Account, r.Region, r.Type, p.String("ClusterName"), principal)
	r.Properties["Username"] = p.Or("Username", principal)
	return in(c)
}
