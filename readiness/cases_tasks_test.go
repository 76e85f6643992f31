package readiness

import (
	"github.com/lockstep-dr/lockstep/drift"
)

const revision = "arn:aws:ecs:us-east-1:1:task-definition/web:8"

// registered lets the service run its four tasks on Fargate from a definition that
// is no resource of the application, as after a deploy of its images.
func registered(w *world, units string) {
	w.fact(&w.east, drift.FactTaskSize, "app/Service", object{"Revision": revision, "Cpu": units, "NetworkMode": "awsvpc"})
	p := w.resource(&w.east, "app/Service").Properties
	p["LaunchType"], p["TaskDefinition"], p["DesiredCount"] = "FARGATE", revision, 4.0
}

// roomy raises the primary's quota of Fargate alone.
func roomy(bend func(*world)) func(*world) {
	return func(w *world) {
		bend(w)
		w.fact(&w.east, drift.FactQuota, "fargate/L-3032A538", object{"Name": "Fargate On-Demand vCPU", "Value": 64.0})
	}
}

// planned gives the service another property by a change that is not made yet.
func planned(w *world, s *drift.Snapshot, property string, value any) {
	r := w.resource(s, "app/Service")
	r.Planned, r.Properties[property] = drift.PlannedUpdate, value
}

// scaled gives the service of a Region a scalable target with a minimum.
func scaled(s *drift.Snapshot, minimum float64) {
	s.Resources = append(s.Resources, drift.Resource{Key: "app/ScaledService", Type: typeTarget, ID: "t", Properties: object{"ResourceId": "service/shop/web",
		"ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": minimum, "MaxCapacity": 9.0}})
}

// made turns the service of the primary into one that a change makes.
func made(w *world, properties object) {
	r := w.resource(&w.east, "app/Service")
	r.Planned, r.Properties = drift.PlannedCreate, properties
	w.forget(&w.east, drift.FactServiceState)
	w.forget(&w.east, drift.FactTaskSize)
	definition := w.resource(&w.east, "app/Task")
	definition.Planned, definition.Properties = drift.PlannedCreate, object{"Cpu": "2 vCPU", "NetworkMode": "awsvpc", "RequiresCompatibilities": []any{"FARGATE"}}
}

var taskCases = []ruleCase{
	{"QTA-03", "too few vCPUs for tasks of a definition that a deploy registered", roomy(func(w *world) { registered(w, "2048") }),
		blocks("Fargate On-Demand vCPU is 6 in us-west-2; at full scale the load needs 8 vCPUs of Fargate")},
	{"QTA-03", "enough vCPUs for tasks of a definition that a deploy registered", func(w *world) { registered(w, "1024") }, passes()},
	{"QTA-03", "too few network interfaces for tasks of a definition that a deploy registered", func(w *world) {
		registered(w, "256")
		standbyQuota(w, "vpc/L-DF5E4CA3", 9)
	}, blocks("needs 10 network interfaces")},
	{"QTA-03", "the definition that runs is denied", func(w *world) {
		registered(w, "256")
		deniedHere(w, drift.FactTaskSize, "app/Service", "ecs:DescribeTaskDefinition")
	}, unknown("ecs:DescribeTaskDefinition")},
	{"QTA-03", "nobody described the definition that runs", func(w *world) {
		registered(w, "256")
		w.forget(&w.east, drift.FactTaskSize)
	}, unknown("ecs:DescribeTaskDefinition")},
	{"QTA-03", "no task runs of a definition that nobody described", func(w *world) {
		registered(w, "256")
		w.forget(&w.east, drift.FactTaskSize)
		w.fact(&w.east, drift.FactServiceState, "app/Service", tasks(0, 0))
	}, passes()},
	{"QTA-03", "tasks on Fargate of a size that is no number", func(w *world) { registered(w, "") }, unknown("")},
	{"QTA-03", "a change to a revision that is no resource", func(w *world) {
		registered(w, "256")
		planned(w, &w.east, "TaskDefinition", "web:9")
	}, unknown("")},
	{"QTA-03", "a change to the revision that runs, by its short name", func(w *world) {
		registered(w, "256")
		planned(w, &w.east, "TaskDefinition", "web:8")
	}, passes()},
	{"QTA-03", "a change of the template's definition, from which the next revision is made", roomy(func(w *world) {
		registered(w, "256")
		w.resource(&w.east, "app/Service").Declared = object{"TaskDefinition": "${Task}"}
		definition := w.resource(&w.east, "app/Task")
		definition.Planned, definition.Properties = drift.PlannedCreate, object{"Cpu": "2048", "NetworkMode": "awsvpc"}
	}), blocks("at full scale the load needs 8 vCPUs of Fargate")},
	{"QTA-03", "a change to more tasks", roomy(func(w *world) {
		registered(w, "1024")
		planned(w, &w.east, "DesiredCount", 7.0)
	}), blocks("at full scale the load needs 7 vCPUs of Fargate")},
	{"QTA-03", "a change to fewer tasks", func(w *world) {
		registered(w, "2048")
		planned(w, &w.east, "DesiredCount", 3.0)
	}, passes()},
	{"QTA-03", "a change to fewer tasks, which are scaled to the load again", roomy(func(w *world) {
		registered(w, "2048")
		planned(w, &w.east, "DesiredCount", 3.0)
		scaled(&w.east, 1)
		scaled(&w.west, 1)
	}), blocks("at full scale the load needs 8 vCPUs of Fargate")},
	{"QTA-03", "tasks that do not start today are part of the load", roomy(func(w *world) {
		registered(w, "1024")
		w.fact(&w.east, drift.FactServiceState, "app/Service", tasks(8, 2))
	}), blocks("at full scale the load needs 8 vCPUs of Fargate")},
	{"QTA-03", "a service that a change makes", roomy(func(w *world) {
		made(w, object{"LaunchType": "FARGATE", "TaskDefinition": "${app/Task}", "DesiredCount": 4.0})
	}), blocks("at full scale the load needs 8 vCPUs of Fargate")},
	{"QTA-03", "a service that a change makes, with one task for want of a number", func(w *world) {
		made(w, object{"LaunchType": "FARGATE", "TaskDefinition": "${app/Task}"})
	}, passes()},
	{"QTA-03", "a service that a change makes, and whose cluster says where", func(w *world) { made(w, object{"TaskDefinition": "${app/Task}"}) }, unknown("")},
	{"QTA-03", "a service that a change makes, of a revision that is no resource", func(w *world) {
		made(w, object{"LaunchType": "FARGATE", "TaskDefinition": "web:9"})
	}, unknown("")},

	{"CAP-07", "a change to more tasks of the primary than the floor allows the standby", func(w *world) {
		w.objectives.Floor = 0.5
		planned(w, &w.east, "DesiredCount", 10.0)
	}, blocks("runs 10 tasks in us-east-1 and 4 in us-west-2; needed are 5")},
	{"CAP-07", "a change to more tasks everywhere", func(w *world) {
		w.objectives.Floor = 0.5
		planned(w, &w.east, "DesiredCount", 10.0)
		planned(w, &w.west, "DesiredCount", 5.0)
	}, passes()},
	{"CAP-07", "a change that stops the standby", func(w *world) { planned(w, &w.west, "DesiredCount", 0.0) }, blocks("runs 4 tasks in us-east-1 and 0 in us-west-2; needed are 1")},
	{"CAP-07", "a change that stops the standby, which may be scaled up to its minimum again", func(w *world) {
		planned(w, &w.west, "DesiredCount", 0.0)
		scaled(&w.east, 1)
		scaled(&w.west, 1)
	}, silence("when it is scaled up to its minimum of 1 is not known")},
	{"CAP-07", "a change that stops the standby, whose minimum is too low as well", func(w *world) {
		w.objectives.Floor = 0.5
		planned(w, &w.west, "DesiredCount", 0.0)
		scaled(&w.east, 1)
		scaled(&w.west, 1)
	}, blocks("and 0 in us-west-2; needed are 2")},
	{"CAP-07", "a change below the minimum that is enough", func(w *world) {
		planned(w, &w.west, "DesiredCount", 1.0)
		scaled(&w.east, 2)
		scaled(&w.west, 2)
	}, passes()},
	{"CAP-07", "a change to a count that nobody knows", func(w *world) {
		planned(w, &w.west, "Planned", "")
		w.gap(drift.Gap{Region: west, Resource: "app/Service", Type: typeService, Property: "DesiredCount", Operation: "lockstep:Evaluate", Reason: "NotEvaluated", Message: "app.yaml: line 7"})
	}, want{status: Undetermined, severity: drift.Block, verdict: Unknown, says: "could not be evaluated for us-west-2: app.yaml: line 7 | Mend what"}},
}
