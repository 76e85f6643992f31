package ecs

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// clusterName reads a cluster name or ARN; none is "default".
func clusterName(s string) string {
	if s == "" {
		return "default"
	}
	return shape.Last(s, "/")
}

func cluster(c *core.Call) (store.Resource, error) {
	r, ok := c.Get(ClusterType, clusterName(c.In.String("cluster")))
	if !ok {
		return r, wire.Errorf(400, "ClusterNotFoundException", "Cluster not found.")
	}
	return r, nil
}

// emptyCluster refuses to delete a cluster that has services.
func emptyCluster(c *core.Change) error {
	for _, s := range c.World.Store.List(c.Resource.Scope, ServiceType) {
		if clusterName(wire.Text(s.Properties["Cluster"])) == c.Resource.ID {
			return wire.Errorf(400, "ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
		}
	}
	return nil
}

func presentCluster(c *core.Call, r store.Resource, include []string) core.Out {
	services, running, pending := 0, 0, 0
	for _, s := range c.List(ServiceType) {
		if clusterName(wire.Text(s.Properties["Cluster"])) == r.ID {
			services++
			run, wait := counts(s)
			running, pending = running+run, pending+wait
		}
	}
	p := wire.Object(r.Properties)
	out := core.Out{
		"clusterArn": r.Attributes["Arn"], "clusterName": r.ID, "status": "ACTIVE", "registeredContainerInstancesCount": 0, "runningTasksCount": running,
		"pendingTasksCount": pending, "activeServicesCount": services, "statistics": []any{}, "tags": []any{}, "settings": []any{},
		"capacityProviders": append([]any{}, p.List("CapacityProviders")...), "defaultCapacityProviderStrategy": []any{},
	}
	if p.Has("DefaultCapacityProviderStrategy") {
		out["defaultCapacityProviderStrategy"] = shape.Lower(p["DefaultCapacityProviderStrategy"])
	}
	if slices.Contains(include, "SETTINGS") {
		out["settings"] = []any{core.Out{"name": "containerInsights", "value": "disabled"}}
		if p.Has("ClusterSettings") {
			out["settings"] = shape.Lower(p["ClusterSettings"])
		}
	}
	if slices.Contains(include, "CONFIGURATIONS") && p.Has("Configuration") {
		out["configuration"] = shape.Lower(p["Configuration"])
	}
	if slices.Contains(include, "TAGS") {
		out["tags"] = lowerTags(r.Tags)
	}
	if p.Has("ServiceConnectDefaults") {
		out["serviceConnectDefaults"] = shape.Lower(p["ServiceConnectDefaults"])
	}
	return out
}

func lowerTags(tags map[string]string) any { return shape.Lower(core.TagList(tags)) }

func describeClusters(c *core.Call) (any, error) {
	names := c.In.Strings("clusters")
	if len(names) == 0 {
		names = []string{"default"}
	}
	found, failures := []any{}, []any{}
	for _, name := range names {
		r, ok := c.Get(ClusterType, clusterName(name))
		if !ok {
			failures = append(failures, missing("arn:aws:ecs:"+c.Region+":"+c.Account+":cluster/"+clusterName(name)))
			continue
		}
		found = append(found, presentCluster(c, r, c.In.Strings("include")))
	}
	return core.Out{"clusters": found, "failures": failures}, nil
}

func missing(arn string) core.Out { return core.Out{"arn": arn, "reason": "MISSING"} }

// page answers a list under a name, cut by nextToken and maxResults.
func page(c *core.Call, name string, list []any, size int) (any, error) {
	part, next, err := core.Paginate(list, c.In.String("nextToken"), c.In.Int("maxResults", size))
	if err != nil {
		return nil, wire.Errorf(400, "InvalidParameterException", "Invalid token %s", c.In.String("nextToken"))
	}
	return core.Out{name: part, "nextToken": next}, nil
}

func listClusters(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(ClusterType) {
		list = append(list, r.Attributes["Arn"])
	}
	return page(c, "clusterArns", list, 100)
}

// createCluster returns the cluster of the name if there is one, as ECS does.
func createCluster(c *core.Call) (any, error) {
	name := c.In.Or("clusterName", "default")
	r, exists := c.World.Store.Get(c.Scope, ClusterType, name)
	if !exists {
		given := wire.AsObject(shape.Upper(shape.Pick(c.In, "capacityProviders", "configuration", "defaultCapacityProviderStrategy", "serviceConnectDefaults")))
		given["ClusterName"] = name
		if c.In.Has("settings") {
			given["ClusterSettings"] = shape.Upper(c.In["settings"])
		}
		var err error
		if r, err = c.Create(ClusterType, given, core.Tags(c.In["tags"])); err != nil {
			return nil, err
		}
	}
	return core.Out{"cluster": presentCluster(c, r, []string{"TAGS", "SETTINGS"})}, nil
}

func deleteCluster(c *core.Call) (any, error) {
	r, err := cluster(c)
	if err != nil {
		return nil, err
	}
	out := presentCluster(c, r, nil)
	out["status"] = "INACTIVE"
	return core.Out{"cluster": out}, c.Delete(ClusterType, r.ID)
}

// tagged finds the resource of a tag operation by its ARN.
func tagged(c *core.Call) (store.Resource, error) {
	arn := c.In.String("resourceArn")
	for _, typ := range []string{ClusterType, TaskDefType, ServiceType} {
		for _, r := range c.List(typ) {
			for _, name := range []string{"Arn", "ServiceArn", "TaskDefinitionArn"} {
				if r.Attributes[name] == arn {
					return r, nil
				}
			}
		}
	}
	return store.Resource{}, wire.Errorf(400, "InvalidParameterException", "The specified resource is not found: %s", arn)
}
