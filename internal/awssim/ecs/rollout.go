package ecs

import (
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// The deployments of a service are in Private["Deployments"], the primary one first: id, status, taskDefinition,
// desiredCount, runningCount, pendingCount, failedTasks, rolloutState, rolloutStateReason, createdAt, updatedAt.

func deployments(r store.Resource) []wire.Object {
	return wire.Object(r.Private).Objects("Deployments")
}

// desired is how many tasks a service wants.
func desired(r store.Resource) int { return shape.Int(r.Properties["DesiredCount"], 1) }

// counts are the running and the pending tasks of a service.
func counts(r store.Resource) (running, pending int) {
	for _, d := range deployments(r) {
		running, pending = running+d.Int("runningCount", 0), pending+d.Int("pendingCount", 0)
	}
	return running, pending
}

// begin puts a new primary deployment before those a service has.
func begin(w *core.World, r *store.Resource, taskDef string) {
	now := w.Clock.Now()
	fresh := map[string]any{
		"id": "ecs-svc/" + digits(w.IDs.Hex(24, "deployment", r.Account, r.Region, wire.Text(r.Attributes["ServiceArn"]))), "status": "PRIMARY",
		"taskDefinition": taskDef, "desiredCount": desired(*r), "runningCount": 0, "pendingCount": desired(*r), "failedTasks": 0,
		"rolloutState": "IN_PROGRESS", "createdAt": now, "updatedAt": now,
	}
	fresh["rolloutStateReason"] = "ECS deployment " + wire.Text(fresh["id"]) + " in progress."
	list := []any{fresh}
	for _, d := range deployments(*r) {
		if d.Int("runningCount", 0) > 0 {
			d["status"] = "ACTIVE"
			list = append(list, map[string]any(d))
		}
	}
	r.Private["Deployments"] = list
}

// digits turns hexadecimal digits into the decimal ones of a deployment id.
func digits(hex string) string {
	out := []byte(hex)[:19]
	for i, c := range out {
		out[i] = '0' + c%10
	}
	return string(out)
}

// finish completes the primary deployment: it runs what is desired, all others are gone.
func finish(w *core.World, r *store.Resource) {
	list := deployments(*r)
	if len(list) == 0 {
		return
	}
	d := list[0]
	d["desiredCount"], d["runningCount"], d["pendingCount"] = desired(*r), desired(*r), 0
	d["rolloutState"], d["rolloutStateReason"] = "COMPLETED", "ECS deployment "+d.String("id")+" completed."
	d["updatedAt"] = w.Clock.Now()
	r.Private["Deployments"] = []any{map[string]any(d)}
	closeDeployment(r, d.String("id"), "SUCCESSFUL", "")
	r.Private["Stable"] = d["taskDefinition"]
	event(w, r, "(service "+wire.Text(r.Properties["ServiceName"])+") has reached a steady state.")
}

// fail ends the primary deployment without a running task; with a circuit breaker that rolls back, the service returns to
// the task definition of its last complete deployment.
func fail(w *core.World, r *store.Resource) {
	list := deployments(*r)
	if len(list) == 0 {
		return
	}
	d := list[0]
	d["runningCount"], d["pendingCount"], d["failedTasks"] = 0, 0, max(3, desired(*r))
	d["rolloutState"], d["rolloutStateReason"] = "FAILED", "ECS deployment "+d.String("id")+" failed: tasks failed to start."
	d["updatedAt"] = w.Clock.Now()
	event(w, r, "(service "+wire.Text(r.Properties["ServiceName"])+") (deployment "+d.String("id")+") deployment failed: tasks failed to start.")
	breaker := wire.Object(r.Properties).Object("DeploymentConfiguration").Object("DeploymentCircuitBreaker")
	if stable := wire.Text(r.Private["Stable"]); breaker.Bool("Enable") && breaker.Bool("Rollback") && stable != "" {
		event(w, r, "(service "+wire.Text(r.Properties["ServiceName"])+") rolling back to deployment of "+stable+".")
		r.Properties["TaskDefinition"] = stable
		closeDeployment(r, d.String("id"), "ROLLBACK_SUCCESSFUL", "Service deployment rolled back because the circuit breaker threshold was exceeded.")
		begin(w, r, stable)
		finish(w, r)
	}
}

func event(w *core.World, r *store.Resource, message string) {
	events, _ := wire.Items(r.Private["Events"])
	one := map[string]any{"id": w.IDs.UUID("event", r.ID), "createdAt": w.Clock.Now(), "message": message}
	events = append([]any{one}, events...)
	r.Private["Events"] = events[:min(len(events), 100)]
}

// failure reports whether deployments of a service are scripted to fail, and the text.
func failure(w *core.World, scope store.Scope, name string) (string, bool) {
	for _, id := range []string{name, "*"} {
		if f, ok := w.Store.Get(scope, FailureType, id); ok {
			return wire.Object(f.Properties).Or("Message", "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'."), true
		}
	}
	return "", false
}

// settle lets the deployment of the id take its course, unless a newer one has taken its place: hooks before its tasks,
// RolloutTime for them, hooks after them.
func settle(w *core.World, r store.Resource) {
	id := deployments(r)[0].String("id")
	from := moment{w: w, scope: r.Scope, key: r.ID, id: id}
	from.proceed()
}

// moment is a deployment under way, for what happens later.
type moment struct {
	w       *core.World
	scope   store.Scope
	key, id string
	// scaled: its tasks are there.
	scaled bool
}

// change changes the service if the deployment is still its primary one.
func (m moment) change(do func(*store.Resource)) {
	_, _, _ = m.w.Store.Update(m.scope, ServiceType, m.key, func(r *store.Resource) error { // a service that is gone has nothing to settle
		if list := deployments(*r); len(list) > 0 && list[0].String("id") == m.id {
			do(r)
		}
		return nil
	})
}

// proceed takes the deployment to its next hook, or to its end.
func (m moment) proceed() {
	var waiting *pause
	m.change(func(r *store.Resource) {
		if waiting = nextPause(m.w, r, m.id, m.scaled); waiting == nil && m.scaled {
			finish(m.w, r)
		}
	})
	switch {
	case waiting != nil:
		m.w.Clock.AfterFunc(waiting.patience, func() { m.answer(waiting.hook, "TIMED_OUT", waiting.action) })
	case !m.scaled:
		m.w.Clock.AfterFunc(RolloutTime, m.scale)
	}
}

// scale starts the tasks of the deployment, or fails to.
func (m moment) scale() {
	service, _ := m.w.Store.Get(m.scope, ServiceType, m.key)
	_, failing := failure(m.w, m.scope, wire.Text(service.Properties["ServiceName"]))
	if failing {
		m.change(func(r *store.Resource) { fail(m.w, r) })
		return
	}
	m.scaled = true
	m.proceed()
}

// checkService wants cluster and task definition to exist and to fit, and deploys. It is CloudFormation's way: when the
// hook returns, the deployment is over.
func checkService(c *core.Change) error {
	r := c.Resource
	def, err := validate(c.World, r)
	if err != nil {
		return err
	}
	if c.Before == nil {
		name := clusterName(wire.Text(r.Properties["Cluster"]))
		r.Attributes["Name"] = r.Properties["ServiceName"]
		r.Attributes["ServiceArn"] = "arn:aws:ecs:" + r.Region + ":" + r.Account + ":service/" + name + "/" + wire.Text(r.Properties["ServiceName"])
		begin(c.World, r, def.ID)
	} else if list := deployments(*r); len(list) == 0 || list[0].String("taskDefinition") != def.ID {
		begin(c.World, r, def.ID)
	}
	if c.Before == nil && c.Origin.StackID == "" {
		return nil // the API's caller watches the deployment
	}
	if message, failing := failure(c.World, r.Scope, wire.Text(r.Properties["ServiceName"])); failing && deployments(*r)[0].String("rolloutState") == "IN_PROGRESS" {
		return wire.Errorf(400, "NotStabilized", "%s", message)
	}
	finish(c.World, r)
	return nil
}

func invalidParameter(format string, args ...any) error {
	return wire.Errorf(400, "InvalidParameterException", format, args...)
}

// validate finds the task definition of a service.
func validate(w *core.World, r *store.Resource) (store.Resource, error) {
	p := wire.Object(r.Properties)
	if err := checkHooks(p); err != nil {
		return store.Resource{}, err
	}
	view := w.Store.View(0)
	if _, ok := view.Get(r.Scope, ClusterType, clusterName(p.String("Cluster"))); !ok {
		return store.Resource{}, wire.Errorf(400, "ClusterNotFoundException", "Cluster not found.")
	}
	def, ok := findTaskDef(view, r.Scope, p.String("TaskDefinition"))
	switch {
	case !ok:
		return def, clientError("TaskDefinition not found.")
	case def.Type == inactiveType:
		return def, clientError("TaskDefinition is inactive")
	case def.Properties["NetworkMode"] == "awsvpc" && !p.Has("NetworkConfiguration"):
		return def, invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
	case p.String("LaunchType") == "FARGATE" && def.Properties["NetworkMode"] != "awsvpc":
		return def, invalidParameter("Task definition does not support launch_type FARGATE.")
	}
	return def, nil
}

// at is a time that may be missing.
func at(v any) any {
	if t, ok := v.(time.Time); ok {
		return t
	}
	return nil
}
