package ecs

import (
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// The PAUSE hooks that a service deployment comes to are in its member pauses, in their order: hookId, stage, status (empty:
// not there yet), action, minutes, expiresAt.

// stages are those at which a deployment may pause, in their order. Tasks start between PRE_SCALE_UP and POST_SCALE_UP.
func stages() []string {
	return []string{"RECONCILE_SERVICE", "PRE_SCALE_UP", "POST_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"}
}

func beforeTasks(stage string) bool { return slices.Index(stages(), stage) < 2 }

// steps is how often a strategy comes to a stage: LINEAR and CANARY shift production traffic step by step, here in two.
func steps(strategy, stage string) int {
	switch {
	case strategy == "" || strategy == "ROLLING":
		return 0
	case strategy != "BLUE_GREEN" && stage == "PRE_PRODUCTION_TRAFFIC_SHIFT":
		return 2
	}
	return 1
}

// pauses are the PAUSE hooks that a deployment of the service will come to.
func pauses(r store.Resource, deployment string) []any {
	list := []any{}
	config := wire.Object(r.Properties).Object("DeploymentConfiguration")
	for _, stage := range stages() {
		for _, hook := range config.Objects("LifecycleHooks") {
			if hook.String("TargetType") != "PAUSE" || !slices.Contains(hook.Strings("LifecycleStages"), stage) {
				continue
			}
			timeout := hook.Object("TimeoutConfiguration")
			for range steps(config.String("Strategy"), stage) {
				list = append(list, map[string]any{"hookId": shortID(deployment) + "-" + string(rune('a'+len(list))), "stage": stage, "status": "",
					"action": timeout.Or("Action", "ROLLBACK"), "minutes": timeout.Int("TimeoutInMinutes", 1440)})
			}
		}
	}
	return list
}

// checkHooks refuses PAUSE hooks while traffic shifts.
func checkHooks(p wire.Object) error {
	for _, hook := range p.Object("DeploymentConfiguration").Objects("LifecycleHooks") {
		for _, stage := range hook.Strings("LifecycleStages") {
			if hook.String("TargetType") == "PAUSE" && !slices.Contains(stages(), stage) {
				return invalidParameter("PAUSE hooks cannot be configured at %s.", stage)
			}
		}
	}
	return nil
}

// pause is a hook at which a deployment waits now.
type pause struct {
	hook, action string
	patience     time.Duration
}

// nextPause lets the deployment wait at its next hook, before or after its tasks; nil: there is none.
func nextPause(w *core.World, r *store.Resource, deployment string, scaled bool) *pause {
	for _, d := range serviceDeployments(*r) {
		if d.String("id") != shortID(deployment) {
			continue
		}
		for _, p := range d.Objects("pauses") {
			if p.String("status") != "" || beforeTasks(p.String("stage")) == scaled {
				continue
			}
			patience := time.Duration(p.Int("minutes", 0)) * time.Minute
			p["status"], p["expiresAt"] = "AWAITING_ACTION", w.Clock.Now().Add(patience)
			return &pause{hook: p.String("hookId"), action: p.String("action"), patience: patience}
		}
	}
	return nil
}

// answer ends the waiting of the deployment at a hook, and reports whether it waited there.
func (m moment) answer(hook, status, action string) bool {
	waited := false
	m.change(func(r *store.Resource) {
		for _, d := range serviceDeployments(*r) {
			for _, p := range d.Objects("pauses") {
				if p.String("hookId") != hook || p.String("status") != "AWAITING_ACTION" || d.String("status") != "IN_PROGRESS" {
					continue
				}
				waited, m.scaled = true, !beforeTasks(p.String("stage"))
				p["status"] = status
				if action == "ROLLBACK" {
					takeBack(m.w, r, d, "The deployment was rolled back at a lifecycle hook.")
				}
			}
		}
	})
	if waited && action != "ROLLBACK" {
		m.proceed()
	}
	return waited
}

// presentPauses adds where a deployment is and the hooks it has come to.
func presentPauses(out core.Out, d wire.Object) {
	details := []any{}
	for _, p := range d.Objects("pauses") {
		if p.String("status") == "" {
			continue
		}
		details = append(details, core.Out{"hookId": p["hookId"], "targetType": "PAUSE", "status": p["status"], "timeoutAction": p["action"], "expiresAt": at(p["expiresAt"])})
		if p.String("status") == "AWAITING_ACTION" && d.String("status") == "IN_PROGRESS" {
			out["lifecycleStage"] = p["stage"]
		}
	}
	if len(details) > 0 {
		out["lifecycleHookDetails"] = details
	}
}

func continueServiceDeployment(c *core.Call) (any, error) {
	arn, action := c.In.String("serviceDeploymentArn"), c.In.Or("action", "CONTINUE")
	r, d, ok := findDeployment(c, arn)
	if !ok {
		return nil, wire.Errorf(400, "ServiceDeploymentNotFoundException", "The service deployment was not found.")
	}
	m := moment{w: c.World, scope: r.Scope, key: r.ID, id: "ecs-svc/" + d.String("id")}
	if !m.answer(c.In.String("hookId"), "SUCCEEDED", action) {
		return nil, invalidParameter("The lifecycle hook is not awaiting an action.")
	}
	return core.Out{"serviceDeploymentArn": arn}, nil
}
