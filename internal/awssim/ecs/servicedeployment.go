package ecs

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// The service deployments of a service are in Private["ServiceDeployments"], the newest first: id (that of its deployment),
// status, statusReason, createdAt, taskDefinition, before, pauses (pause.go). Those that CloudFormation makes are not recorded.

func serviceDeployments(r store.Resource) []wire.Object {
	return wire.Object(r.Private).Objects("ServiceDeployments")
}

// open records the primary deployment as a service deployment.
func open(w *core.World, r *store.Resource, before string) {
	d := deployments(*r)[0]
	list, _ := wire.Items(r.Private["ServiceDeployments"])
	one := map[string]any{"id": shortID(d.String("id")), "status": "IN_PROGRESS", "createdAt": w.Clock.Now(), "taskDefinition": d.String("taskDefinition"), "before": before, "pauses": pauses(*r, d.String("id"))}
	r.Private["ServiceDeployments"] = append([]any{one}, list...)
}

func shortID(id string) string { return strings.TrimPrefix(id, "ecs-svc/") }

// closeDeployment gives the service deployment of a deployment its end.
func closeDeployment(r *store.Resource, id, status, reason string) {
	list := []any{}
	for _, d := range serviceDeployments(*r) {
		if d.String("id") == shortID(id) && d.String("status") == "IN_PROGRESS" {
			d["status"], d["statusReason"] = status, reason
		}
		list = append(list, map[string]any(d))
	}
	r.Private["ServiceDeployments"] = list
}

func deploymentARN(r store.Resource, kind, id string) string {
	return strings.Replace(wire.Text(r.Attributes["ServiceArn"]), ":service/", ":"+kind+"/", 1) + "/" + id
}

func presentDeployment(r store.Resource, d wire.Object) core.Out {
	out := core.Out{"serviceDeploymentArn": deploymentARN(r, "service-deployment", d.String("id")), "serviceArn": r.Attributes["ServiceArn"],
		"clusterArn": "arn:aws:ecs:" + r.Region + ":" + r.Account + ":cluster/" + clusterName(wire.Text(r.Properties["Cluster"])),
		"status":     d["status"], "createdAt": at(d["createdAt"]), "startedAt": at(d["createdAt"])}
	if reason := d.String("statusReason"); reason != "" {
		out["statusReason"] = reason
	}
	return out
}

func listServiceDeployments(c *core.Call) (any, error) {
	r, err := service(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, d := range serviceDeployments(r) {
		if only := c.In.Strings("status"); len(only) == 0 || slices.Contains(only, d.String("status")) {
			brief := presentDeployment(r, d)
			brief["targetServiceRevisionArn"] = deploymentARN(r, "service-revision", d.String("id"))
			list = append(list, brief)
		}
	}
	return page(c, "serviceDeployments", list, 20)
}

// findDeployment finds a service deployment by its ARN.
func findDeployment(c *core.Call, arn string) (store.Resource, wire.Object, bool) {
	for _, r := range c.List(ServiceType) {
		for _, d := range serviceDeployments(r) {
			if deploymentARN(r, "service-deployment", d.String("id")) == arn {
				return r, d, true
			}
		}
	}
	return store.Resource{}, nil, false
}

func describeServiceDeployments(c *core.Call) (any, error) {
	found, failures := []any{}, []any{}
	for _, arn := range c.In.Strings("serviceDeploymentArns") {
		r, d, ok := findDeployment(c, arn)
		if !ok {
			failures = append(failures, missing(arn))
			continue
		}
		one := presentDeployment(r, d)
		presentPauses(one, d)
		one["targetServiceRevision"] = revision(r, d)
		found = append(found, one)
	}
	return core.Out{"serviceDeployments": found, "failures": failures}, nil
}

// revision is what a service deployment is to bring about, with its tasks while it is the primary one.
func revision(r store.Resource, d wire.Object) core.Out {
	out := core.Out{"arn": deploymentARN(r, "service-revision", d.String("id"))}
	if list := deployments(r); len(list) > 0 && shortID(list[0].String("id")) == d.String("id") {
		out["requestedTaskCount"], out["runningTaskCount"], out["pendingTaskCount"] = list[0]["desiredCount"], list[0]["runningCount"], list[0]["pendingCount"]
	}
	return out
}

// stopServiceDeployment returns the service to the task definition it had, at once.
func stopServiceDeployment(c *core.Call) (any, error) {
	arn := c.In.String("serviceDeploymentArn")
	r, d, ok := findDeployment(c, arn)
	switch {
	case !ok:
		return nil, wire.Errorf(400, "ServiceDeploymentNotFoundException", "The service deployment was not found.")
	case d.String("status") != "IN_PROGRESS":
		return nil, wire.Errorf(400, "ConflictException", "The service deployment is %s.", d.String("status"))
	}
	_, _, err := c.World.Store.Update(r.Scope, ServiceType, r.ID, func(r *store.Resource) error {
		takeBack(c.World, r, d, "The deployment was stopped.")
		return nil
	})
	return core.Out{"serviceDeploymentArn": arn}, err
}

// takeBack returns the service to the task definition it had before a service deployment, at once.
func takeBack(w *core.World, r *store.Resource, d wire.Object, reason string) {
	closeDeployment(r, d.String("id"), "ROLLBACK_SUCCESSFUL", reason)
	r.Properties["TaskDefinition"] = d.String("before")
	begin(w, r, d.String("before"))
	finish(w, r)
}
