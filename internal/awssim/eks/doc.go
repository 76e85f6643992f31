// Package eks simulates the control plane of EKS: clusters, node groups, add-ons, Fargate profiles and access entries. It
// owns those AWS::EKS types. It runs no Kubernetes, and a change is done when it is asked for.
package eks

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type         = "AWS::EKS::Cluster"
	NodesType    = "AWS::EKS::Nodegroup"
	AddonType    = "AWS::EKS::Addon"
	ProfileType  = "AWS::EKS::FargateProfile"
	EntryType    = "AWS::EKS::AccessEntry"
	newest       = "1.34" // the version of a cluster that asks for none
	nodeRelease  = "20260401"
	addonVersion = "v1.0.0-eksbuild.1"
)

// Service returns EKS.
func Service() core.Service {
	cluster, nodes, addon, profile, entry := clusterEntity(), nodesEntity(), addonEntity(), profileEntity(), entryEntity()
	tags := core.Tagging{Find: tagged, Tags: "tags", Keys: "tagKeys", Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"tags": tags}, nil
	}}
	pages := core.Page{Size: 100, Token: "nextToken", Max: "maxResults", CodeOfInvalid: "InvalidParameterException"}
	return core.Service{
		Name: "eks", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{
			"ListClusters": cluster.List("clusters", pages), "CreateCluster": cluster.Create, "DescribeCluster": cluster.Get, "DeleteCluster": cluster.Delete(0),
			"UpdateClusterConfig": cluster.Patch(patchCluster), "UpdateClusterVersion": cluster.Patch(patchVersion),
			"ListNodegroups": nodes.List("nodegroups", pages), "CreateNodegroup": nodes.Create, "DescribeNodegroup": nodes.Get,
			"DeleteNodegroup": nodes.Delete(0), "UpdateNodegroupConfig": nodes.Patch(patchNodes), "UpdateNodegroupVersion": nodes.Patch(patchRelease),
			"ListAddons": addon.List("addons", pages), "CreateAddon": addon.Create, "DescribeAddon": addon.Get, "UpdateAddon": addon.Update, "DeleteAddon": addon.Delete(0),
			"ListFargateProfiles": profile.List("fargateProfileNames", pages), "CreateFargateProfile": profile.Create, "DescribeFargateProfile": profile.Get,
			"DeleteFargateProfile": profile.Delete(0),
			"ListAccessEntries":    entry.List("accessEntries", pages), "CreateAccessEntry": entry.Create, "DescribeAccessEntry": entry.Get,
			"UpdateAccessEntry": entry.Update, "DeleteAccessEntry": entry.Delete(0), "ListAssociatedAccessPolicies": listPolicies,
			"AssociateAccessPolicy": associate, "DisassociateAccessPolicy": dissociate,
			"ListTagsForResource": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove,
		},
		Routes: routes(),
		Kinds:  kinds(),
	}
}

func routes() []wire.Route {
	const one = "/clusters/{name}"
	list := []wire.Route{
		{Operation: "ListClusters", Method: "GET", Path: "/clusters"}, {Operation: "CreateCluster", Method: "POST", Path: "/clusters"},
		{Operation: "DescribeCluster", Method: "GET", Path: one}, {Operation: "DeleteCluster", Method: "DELETE", Path: one},
		{Operation: "UpdateClusterConfig", Method: "POST", Path: one + "/update-config"}, {Operation: "UpdateClusterVersion", Method: "POST", Path: one + "/updates"},
		{Operation: "UpdateNodegroupConfig", Method: "POST", Path: one + "/node-groups/{nodegroupName}/update-config"},
		{Operation: "UpdateNodegroupVersion", Method: "POST", Path: one + "/node-groups/{nodegroupName}/update-version"},
		{Operation: "UpdateAddon", Method: "POST", Path: one + "/addons/{addonName}/update"},
		{Operation: "UpdateAccessEntry", Method: "POST", Path: one + "/access-entries/{principalArn}"},
		{Operation: "ListAssociatedAccessPolicies", Method: "GET", Path: one + "/access-entries/{principalArn}/access-policies"},
		{Operation: "AssociateAccessPolicy", Method: "POST", Path: one + "/access-entries/{principalArn}/access-policies"},
		{Operation: "DisassociateAccessPolicy", Method: "DELETE", Path: one + "/access-entries/{principalArn}/access-policies/{policyArn}"},
		{Operation: "ListTagsForResource", Method: "GET", Path: "/tags/{resourceArn}"}, {Operation: "TagResource", Method: "POST", Path: "/tags/{resourceArn}"},
		{Operation: "UntagResource", Method: "DELETE", Path: "/tags/{resourceArn}"},
	}
	for _, part := range [][4]string{
		{"Nodegroup", "ListNodegroups", "/node-groups", "/{nodegroupName}"}, {"Addon", "ListAddons", "/addons", "/{addonName}"},
		{"FargateProfile", "ListFargateProfiles", "/fargate-profiles", "/{fargateProfileName}"},
		{"AccessEntry", "ListAccessEntries", "/access-entries", "/{principalArn}"},
	} {
		list = append(list, wire.Route{Operation: part[1], Method: "GET", Path: one + part[2]}, wire.Route{Operation: "Create" + part[0], Method: "POST", Path: one + part[2]},
			wire.Route{Operation: "Describe" + part[0], Method: "GET", Path: one + part[2] + part[3]},
			wire.Route{Operation: "Delete" + part[0], Method: "DELETE", Path: one + part[2] + part[3]})
	}
	return list
}

// tagged finds the resource of a tag operation by its ARN.
func tagged(c *core.Call) (store.Resource, error) {
	for _, typ := range []string{Type, NodesType, AddonType, ProfileType, EntryType} {
		for _, r := range c.List(typ) {
			if r.Attributes["Arn"] == c.In.String("resourceArn") || r.Attributes["AccessEntryArn"] == c.In.String("resourceArn") {
				return r, nil
			}
		}
	}
	return store.Resource{}, wire.Errorf(404, "NotFoundException", "No resource found for %s", c.In.String("resourceArn"))
}
