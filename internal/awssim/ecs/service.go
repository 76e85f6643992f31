package ecs

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// settings are the members of a service that have one name in the API, with a small first letter, and in CloudFormation.
func settings() []string {
	return []string{"serviceName", "cluster", "taskDefinition", "desiredCount", "launchType", "capacityProviderStrategy", "platformVersion",
		"deploymentConfiguration", "networkConfiguration", "loadBalancers", "serviceRegistries", "placementConstraints", "placementStrategies",
		"healthCheckGracePeriodSeconds", "schedulingStrategy", "deploymentController", "enableECSManagedTags", "propagateTags",
		"enableExecuteCommand", "serviceConnectConfiguration", "availabilityZoneRebalancing"}
}

// services lists the services of the cluster of the request.
func services(c *core.Call) []store.Resource {
	name := clusterName(c.In.String("cluster"))
	return slices.DeleteFunc(c.List(ServiceType), func(r store.Resource) bool {
		return clusterName(wire.Text(r.Properties["Cluster"])) != name
	})
}

func serviceByName(c *core.Call, name string) (store.Resource, bool) {
	arn := "arn:aws:ecs:" + c.Region + ":" + c.Account + ":service/" + clusterName(c.In.String("cluster")) + "/" + shape.Last(name, "/")
	found := c.Read().Prefix(c.Scope, ServiceType, arn+"|") // the id ends with the cluster as it was given
	if len(found) == 0 {
		return store.Resource{}, false
	}
	return found[0], true
}

func service(c *core.Call) (store.Resource, error) {
	if _, err := cluster(c); err != nil {
		return store.Resource{}, err
	}
	r, ok := serviceByName(c, c.In.String("service"))
	if !ok {
		return r, wire.Errorf(400, "ServiceNotFoundException", "Service not found.")
	}
	return r, nil
}

func presentService(r store.Resource, withTags bool) core.Out {
	p := wire.Object(r.Properties)
	out := core.Out(wire.AsObject(shape.Lower(shape.Pick(r.Properties, upperAll(settings())...))))
	delete(out, "cluster")
	running, pending := counts(r)
	out["serviceArn"], out["status"], out["createdAt"] = r.Attributes["ServiceArn"], "ACTIVE", r.Created
	out["clusterArn"] = "arn:aws:ecs:" + r.Region + ":" + r.Account + ":cluster/" + clusterName(p.String("Cluster"))
	out["runningCount"], out["pendingCount"], out["desiredCount"] = running, pending, desired(r)
	list := []any{}
	for _, d := range deployments(r) {
		one := core.Out(d)
		one["createdAt"], one["updatedAt"] = at(d["createdAt"]), at(d["updatedAt"])
		for _, name := range []string{"launchType", "platformVersion", "networkConfiguration"} {
			if out[name] != nil {
				one[name] = out[name]
			}
		}
		list = append(list, one)
		if d.String("status") == "PRIMARY" {
			out["taskDefinition"] = d["taskDefinition"]
		}
	}
	events, _ := wire.Items(r.Private["Events"])
	out["deployments"], out["events"] = list, append([]any{}, events...)
	config := out.Object("deploymentConfiguration")
	if config == nil {
		config = core.Out{}
	}
	for name, def := range map[string]int{"maximumPercent": 200, "minimumHealthyPercent": 100} {
		if !config.Has(name) {
			config[name] = def
		}
	}
	if config.Object("deploymentCircuitBreaker") == nil {
		config["deploymentCircuitBreaker"] = core.Out{"enable": false, "rollback": false}
	}
	out["deploymentConfiguration"] = config
	if out["deploymentController"] == nil {
		out["deploymentController"] = core.Out{"type": "ECS"}
	}
	for _, name := range []string{"loadBalancers", "serviceRegistries", "placementConstraints"} {
		if out[name] == nil {
			out[name] = []any{}
		}
	}
	out["placementStrategy"] = append([]any{}, out.List("placementStrategies")...)
	delete(out, "placementStrategies")
	out["propagateTags"] = p.Or("PropagateTags", "NONE")
	if withTags {
		out["tags"] = lowerTags(r.Tags)
	}
	return out
}

func upperAll(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = strings.ToUpper(name[:1]) + name[1:]
	}
	return out
}

func describeServices(c *core.Call) (any, error) {
	if _, err := cluster(c); err != nil {
		return nil, err
	}
	names := c.In.Strings("services")
	if len(names) == 0 || len(names) > 10 {
		return nil, invalidParameter("Services cannot be empty and there must be at most 10 of them.")
	}
	found, failures := []any{}, []any{}
	for _, name := range names {
		r, ok := serviceByName(c, name)
		if !ok {
			failures = append(failures, missing("arn:aws:ecs:"+c.Region+":"+c.Account+":service/"+clusterName(c.In.String("cluster"))+"/"+shape.Last(name, "/")))
			continue
		}
		found = append(found, presentService(r, slices.Contains(c.In.Strings("include"), "TAGS")))
	}
	return core.Out{"services": found, "failures": failures}, nil
}

func listServices(c *core.Call) (any, error) {
	if _, err := cluster(c); err != nil {
		return nil, err
	}
	list := []any{}
	for _, r := range services(c) {
		if t := c.In.String("launchType"); t == "" || t == wire.Text(r.Properties["LaunchType"]) {
			list = append(list, r.Attributes["ServiceArn"])
		}
	}
	return page(c, "serviceArns", list, 10)
}

// given turns the members of a request into properties.
func given(in wire.Object) map[string]any {
	out := wire.AsObject(shape.Upper(shape.Pick(in, settings()...)))
	if in.Has("placementStrategy") {
		out["PlacementStrategies"] = shape.Upper(in["placementStrategy"])
	}
	if in.Has("cluster") {
		out["Cluster"] = clusterName(in.String("cluster"))
	}
	return out
}

func createService(c *core.Call) (any, error) {
	if _, exists := serviceByName(c, c.In.String("serviceName")); exists {
		return nil, invalidParameter("Creation of service was not idempotent.")
	}
	r, err := c.Create(ServiceType, given(c.In), core.Tags(c.In["tags"]))
	if err != nil {
		return nil, err
	}
	settle(c.World, r)
	return core.Out{"service": presentService(r, true)}, nil
}

// quiet are the properties whose change alone starts no deployment; the task definition is compared by its revision.
func quiet() []string {
	return []string{"DesiredCount", "DeploymentConfiguration", "HealthCheckGracePeriodSeconds", "TaskDefinition", "EnableECSManagedTags", "PropagateTags"}
}

// updateService starts a deployment when the task definition or what its tasks get changes, or when one is forced.
func updateService(c *core.Call) (any, error) {
	r, err := service(c)
	if err != nil {
		return nil, err
	}
	patch := given(c.In)
	deploys := c.In.Bool("forceNewDeployment")
	for _, name := range []string{"Cluster", "ServiceName"} {
		delete(patch, name)
	}
	for name, v := range patch {
		if !slices.Contains(quiet(), name) && shape.Document(v) != shape.Document(r.Properties[name]) {
			deploys = true
		}
		r.Properties[name] = v
	}
	def, err := validate(c.World, &r)
	if err != nil {
		return nil, err
	}
	wanted, before := def.ID, ""
	if list := deployments(r); len(list) > 0 {
		before = list[0].String("taskDefinition")
	}
	if list := deployments(r); len(list) > 0 && !c.In.Has("taskDefinition") {
		wanted = list[0].String("taskDefinition") // a family is resolved when it is given, not when the service changes
	} else if len(list) == 0 || list[0].String("taskDefinition") != wanted {
		deploys = true
	}
	if deploys {
		begin(c.World, &r, wanted)
		open(c.World, &r, before)
	} else {
		resize(c, &r)
	}
	written, won := c.World.Store.Replace(r)
	if !won {
		return nil, wire.Errorf(400, "ServerException", "The service was changed at the same time. Try again.")
	}
	if deploys {
		settle(c.World, written)
	}
	return core.Out{"service": presentService(written, false)}, nil
}

// resize starts or stops tasks of a complete deployment at once.
func resize(c *core.Call, r *store.Resource) {
	if list := deployments(*r); len(list) > 0 {
		d := list[0]
		d["desiredCount"], d["updatedAt"] = desired(*r), c.Now()
		if d.String("rolloutState") == "COMPLETED" {
			d["runningCount"] = desired(*r)
		}
	}
}

func deleteService(c *core.Call) (any, error) {
	r, err := service(c)
	if err != nil {
		return nil, err
	}
	if desired(r) > 0 && !c.In.Bool("force") {
		return nil, invalidParameter("The service cannot be stopped while it is scaled above 0.")
	}
	out := presentService(r, false)
	out["status"] = "DRAINING"
	return core.Out{"service": out}, c.Delete(ServiceType, r.ID)
}
