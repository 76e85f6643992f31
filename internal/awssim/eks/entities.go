package eks

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// lowered shows properties in the letters of the API.
func lowered(r store.Resource, names ...string) core.Out {
	out := core.Out(wire.AsObject(shape.Lower(shape.Pick(r.Properties, names...), "Labels")))
	out["createdAt"], out["status"] = r.Created, "ACTIVE"
	out["tags"] = map[string]any{}
	if len(r.Tags) > 0 {
		out["tags"] = r.Tags
	}
	return out
}

// taken are the members of a request as properties.
func taken(in wire.Object, names ...string) map[string]any {
	lower := make([]string, len(names))
	for i, name := range names {
		lower[i] = strings.ToLower(name[:1]) + name[1:]
	}
	return wire.AsObject(shape.Upper(shape.Pick(in, lower...), "labels"))
}

func clusterNames() []string {
	return []string{"Name", "RoleArn", "Version", "UpgradePolicy", "AccessConfig", "KubernetesNetworkConfig", "EncryptionConfig", "DeletionProtection",
		"ZonalShiftConfig", "ComputeConfig", "StorageConfig"}
}

func clusterEntity() core.Entity {
	return core.Entity{
		Type: Type, Exists: "ResourceInUseException", Tags: "tags", Wrap: "cluster",
		ID: func(c *core.Call) string { return c.In.String("name") },
		Missing: func(c *core.Call) error {
			return wire.Errorf(404, "ResourceNotFoundException", "No cluster found for name: %s.", c.In.String("name"))
		},
		Show: showCluster,
		Take: func(c *core.Call) (map[string]any, error) {
			given := taken(c.In, append(clusterNames(), "ResourcesVpcConfig")...)
			if logging := c.In.Object("logging"); logging != nil {
				given["Logging"] = enabledTypes(logging)
			}
			return given, nil
		},
		Changed: updating, Brief: func(_ *core.Call, r store.Resource) any { return r.ID },
	}
}

func showCluster(_ *core.Call, r store.Resource) core.Out {
	out := lowered(r, clusterNames()...)
	network := wire.AsObject(shape.Lower(r.Properties["ResourcesVpcConfig"]))
	out["resourcesVpcConfig"] = core.Merge(network, map[string]any{"clusterSecurityGroupId": r.Attributes["ClusterSecurityGroupId"], "vpcId": "vpc-0123456789abcdef0"})
	out["arn"], out["endpoint"], out["platformVersion"] = r.Attributes["Arn"], r.Attributes["Endpoint"], "eks.7"
	out["identity"] = core.Out{"oidc": core.Out{"issuer": r.Attributes["OpenIdConnectIssuerUrl"]}}
	out["certificateAuthority"] = core.Out{"data": r.Attributes["CertificateAuthorityData"]}
	on, off := []any{}, []any{}
	enabled := wire.Object(r.Properties).Object("Logging").Object("ClusterLogging").Objects("EnabledTypes")
	for _, name := range []string{"api", "audit", "authenticator", "controllerManager", "scheduler"} {
		if slices.ContainsFunc(enabled, func(t wire.Object) bool { return t.String("Type") == name }) {
			on = append(on, name)
		} else {
			off = append(off, name)
		}
	}
	setups := []any{}
	if len(on) > 0 {
		setups = append(setups, core.Out{"types": on, "enabled": true})
	}
	if len(off) > 0 {
		setups = append(setups, core.Out{"types": off, "enabled": false})
	}
	out["logging"] = core.Out{"clusterLogging": setups}
	return out
}

// enabledTypes turns the API's lists of what is on and off into CloudFormation's list of what is on.
func enabledTypes(logging wire.Object) map[string]any {
	list := []any{}
	for _, setup := range logging.Objects("clusterLogging") {
		for _, name := range setup.List("types") {
			if setup.Bool("enabled") {
				list = append(list, map[string]any{"Type": name})
			}
		}
	}
	return map[string]any{"ClusterLogging": map[string]any{"EnabledTypes": list}}
}

// updating is how EKS answers a change: with the update that carries it out.
func updating(c *core.Call, r store.Resource) core.Out {
	return core.Out{"update": core.Out{"id": c.World.IDs.UUID("update", r.ID), "status": "Successful", "type": "ConfigUpdate", "createdAt": r.Updated, "params": []any{}, "errors": []any{}}}
}

func patchCluster(c *core.Call, r store.Resource) (map[string]any, error) {
	patch := taken(c.In, "AccessConfig", "UpgradePolicy", "DeletionProtection", "ZonalShiftConfig")
	if network := c.In.Object("resourcesVpcConfig"); network != nil {
		patch["ResourcesVpcConfig"] = map[string]any(core.Merge(wire.AsObject(r.Properties["ResourcesVpcConfig"]), wire.AsObject(shape.Upper(network))))
	}
	if logging := c.In.Object("logging"); logging != nil {
		patch["Logging"] = enabledTypes(logging)
	}
	return patch, nil
}

func patchVersion(c *core.Call, _ store.Resource) (map[string]any, error) {
	return map[string]any{"Version": c.In.String("version")}, nil
}

// member is an entity of what belongs to a cluster and is named by a label.
func member(typ, label, wrap string, show func(*core.Call, store.Resource) core.Out, names []string) core.Entity {
	id := func(c *core.Call) string { return c.In.String("name") + "|" + c.In.String(label) }
	return core.Entity{
		Type: typ, Exists: "ResourceInUseException", Tags: "tags", Wrap: wrap, Show: show, ID: id, Changed: updating,
		Missing: func(c *core.Call) error {
			return wire.Errorf(404, "ResourceNotFoundException", "No %s found for name: %s in cluster %s.", wrap, c.In.String(label), c.In.String("name"))
		},
		Take: func(c *core.Call) (map[string]any, error) {
			given := taken(c.In, names...)
			given["ClusterName"] = c.In.String("name")
			return given, nil
		},
		Among: func(c *core.Call, all []store.Resource) []store.Resource {
			return slices.DeleteFunc(all, func(r store.Resource) bool { return r.Properties["ClusterName"] != c.In.String("name") })
		},
		Brief: func(_ *core.Call, r store.Resource) any {
			return wire.Text(r.Properties[strings.ToUpper(label[:1])+label[1:]])
		},
	}
}

func nodesNames() []string {
	return []string{"NodegroupName", "AmiType", "CapacityType", "DiskSize", "InstanceTypes", "Labels", "LaunchTemplate", "NodeRole", "RemoteAccess",
		"ScalingConfig", "Subnets", "Taints", "UpdateConfig", "Version", "ReleaseVersion"}
}

func nodesEntity() core.Entity {
	return member(NodesType, "nodegroupName", "nodegroup", func(_ *core.Call, r store.Resource) core.Out {
		return core.Merge(lowered(r, append(nodesNames(), "ClusterName")...), map[string]any{"nodegroupArn": r.Attributes["Arn"], "modifiedAt": r.Updated,
			"health": core.Out{"issues": []any{}}})
	}, nodesNames())
}

func patchNodes(c *core.Call, r store.Resource) (map[string]any, error) {
	patch := taken(c.In, "UpdateConfig")
	if sizes := c.In.Object("scalingConfig"); sizes != nil {
		patch["ScalingConfig"] = map[string]any(core.Merge(wire.AsObject(r.Properties["ScalingConfig"]), wire.AsObject(shape.Upper(sizes))))
	}
	if labels := c.In.Object("labels"); labels != nil {
		kept := core.Merge(wire.AsObject(r.Properties["Labels"]), labels.Object("addOrUpdateLabels"))
		for _, name := range labels.Strings("removeLabels") {
			delete(kept, name)
		}
		patch["Labels"] = map[string]any(kept)
	}
	return patch, nil
}

func patchRelease(c *core.Call, _ store.Resource) (map[string]any, error) {
	return taken(c.In, "Version", "ReleaseVersion", "LaunchTemplate"), nil
}

func addonEntity() core.Entity {
	names := []string{"AddonName", "AddonVersion", "ConfigurationValues", "ServiceAccountRoleArn", "NamespaceConfig"}
	return member(AddonType, "addonName", "addon", func(_ *core.Call, r store.Resource) core.Out {
		return core.Merge(lowered(r, append(names, "ClusterName")...), map[string]any{"addonArn": r.Attributes["Arn"], "modifiedAt": r.Updated,
			"health": core.Out{"issues": []any{}}})
	}, names)
}

func profileEntity() core.Entity {
	names := []string{"FargateProfileName", "PodExecutionRoleArn", "Subnets"}
	e := member(ProfileType, "fargateProfileName", "fargateProfile", func(_ *core.Call, r store.Resource) core.Out {
		selectors := []any{}
		for _, s := range wire.Object(r.Properties).Objects("Selectors") {
			selectors = append(selectors, core.Out{"namespace": s["Namespace"], "labels": core.Tags(s["Labels"])})
		}
		return core.Merge(lowered(r, append(names, "ClusterName")...), map[string]any{"fargateProfileArn": r.Attributes["Arn"], "selectors": selectors})
	}, names)
	take := e.Take
	e.Take = func(c *core.Call) (map[string]any, error) {
		given, err := take(c)
		selectors := []any{}
		for _, s := range c.In.Objects("selectors") {
			labels := []any{}
			for _, key := range s.Object("labels").Keys() {
				labels = append(labels, map[string]any{"Key": key, "Value": s.Object("labels")[key]})
			}
			selectors = append(selectors, map[string]any{"Namespace": s["namespace"], "Labels": labels})
		}
		given["Selectors"] = selectors
		return given, err
	}
	return e
}
