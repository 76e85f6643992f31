// Package scheduler simulates EventBridge Scheduler: schedules and their groups. It owns those AWS::Scheduler types. It
// invokes nothing. The group "default" is always there.
package scheduler

import (
	"regexp"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type      = "AWS::Scheduler::Schedule"
	GroupType = "AWS::Scheduler::ScheduleGroup"
)

// Service returns EventBridge Scheduler.
func Service() core.Service {
	schedule, group := scheduleEntity(), groupEntity()
	tags := core.Tagging{Find: tagged, Keys: "TagKeys"}
	pages := core.Page{Size: 100}
	return core.Service{
		Name: "scheduler", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{
			"GetSchedule": schedule.Get, "ListSchedules": schedule.List("Schedules", pages), "CreateSchedule": schedule.Create,
			"UpdateSchedule": updateSchedule, "DeleteSchedule": schedule.Delete(200),
			"GetScheduleGroup": getGroup, "ListScheduleGroups": group.List("ScheduleGroups", pages), "CreateScheduleGroup": group.Create,
			"DeleteScheduleGroup": group.Delete(200),
			"ListTagsForResource": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove,
		},
		Routes: []wire.Route{
			{Operation: "ListSchedules", Method: "GET", Path: "/schedules"},
			{Operation: "GetSchedule", Method: "GET", Path: "/schedules/{Name}"},
			{Operation: "CreateSchedule", Method: "POST", Path: "/schedules/{Name}"},
			{Operation: "UpdateSchedule", Method: "PUT", Path: "/schedules/{Name}"},
			{Operation: "DeleteSchedule", Method: "DELETE", Path: "/schedules/{Name}"},
			{Operation: "ListScheduleGroups", Method: "GET", Path: "/schedule-groups"},
			{Operation: "GetScheduleGroup", Method: "GET", Path: "/schedule-groups/{Name}"},
			{Operation: "CreateScheduleGroup", Method: "POST", Path: "/schedule-groups/{Name}"},
			{Operation: "DeleteScheduleGroup", Method: "DELETE", Path: "/schedule-groups/{Name}"},
			{Operation: "ListTagsForResource", Method: "GET", Path: "/tags/{ResourceArn}"},
			{Operation: "TagResource", Method: "POST", Path: "/tags/{ResourceArn}"},
			{Operation: "UntagResource", Method: "DELETE", Path: "/tags/{ResourceArn}"},
		},
		Kinds: kinds(),
	}
}

func kinds() []core.Kind {
	return []core.Kind{
		{
			Type: Type, Name: core.NameRule{Property: "Name", Max: 64}, Identifier: []string{"GroupName", "Name"}, Ref: "{Name}",
			Attributes: map[string]string{"Arn": "arn:aws:scheduler:{Region}:{Account}:schedule/{GroupName}/{Name}"},
			Replace:    []string{"Name", "GroupName"},
			Defaults:   map[string]any{"GroupName": "default", "State": "ENABLED", "ScheduleExpressionTimezone": "UTC"},
			Schema: core.Schema{Required: []string{"FlexibleTimeWindow", "ScheduleExpression", "Target"},
				Numbers: []string{"FlexibleTimeWindow.MaximumWindowInMinutes", "Target.RetryPolicy.MaximumEventAgeInSeconds",
					"Target.RetryPolicy.MaximumRetryAttempts"},
				Allowed: map[string][]string{"State": {"ENABLED", "DISABLED"}, "FlexibleTimeWindow.Mode": {"OFF", "FLEXIBLE"}}},
			Create: checkSchedule, Update: checkSchedule,
		},
		{
			Type: GroupType, Name: core.NameRule{Property: "Name", Max: 64}, Replace: []string{"Name"},
			Attributes: map[string]string{"Arn": "arn:aws:scheduler:{Region}:{Account}:schedule-group/{Name}"},
			Delete:     dropSchedules,
		},
	}
}

// checkSchedule wants an expression and a group that exist; a target is tried again as often as the service does unasked.
func checkSchedule(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if !regexp.MustCompile(`^(cron\((\S+ ){5}\S+\)|rate\([1-9]\d* (minute|hour|day)s?\)|at\(\S+\))$`).MatchString(p.String("ScheduleExpression")) {
		return wire.Errorf(400, "ValidationException", "Invalid Schedule Expression %s.", p.String("ScheduleExpression"))
	}
	if group := p.String("GroupName"); group != "default" {
		if _, ok := c.World.Store.Get(r.Scope, GroupType, group); !ok {
			return noGroup(group)
		}
	}
	if target := p.Object("Target"); !target.Has("RetryPolicy") {
		target["RetryPolicy"] = map[string]any{"MaximumEventAgeInSeconds": 86400.0, "MaximumRetryAttempts": 185.0}
	}
	return nil
}

func dropSchedules(c *core.Change) error {
	for _, r := range c.World.Store.View(0).Prefix(c.Resource.Scope, Type, c.Resource.ID+"|") {
		c.World.Store.Delete(r.Scope, Type, r.ID)
	}
	return nil
}

func noGroup(name string) error {
	return wire.Errorf(404, "ResourceNotFoundException", "Schedule group %s does not exist.", name)
}

func settings() []string {
	return []string{"Name", "GroupName", "Description", "ScheduleExpression", "ScheduleExpressionTimezone", "State", "FlexibleTimeWindow",
		"KmsKeyArn", "Target", "StartDate", "EndDate"}
}

// group is the member that names the group: in a body with a capital, in a query string without.
func group(c *core.Call) string { return c.In.Or("GroupName", c.In.Or("groupName", "default")) }

func scheduleEntity() core.Entity {
	return core.Entity{
		Type: Type,
		ID:   func(c *core.Call) string { return group(c) + "|" + c.In.String("Name") },
		Missing: func(c *core.Call) error {
			return wire.Errorf(404, "ResourceNotFoundException", "Schedule %s does not exist.", c.In.String("Name"))
		},
		Show: func(_ *core.Call, r store.Resource) core.Out {
			out := core.Out(shape.Pick(r.Properties, settings()...))
			out["Arn"], out["CreationDate"], out["LastModificationDate"] = r.Attributes["Arn"], r.Created, r.Updated
			return out
		},
		Take: func(c *core.Call) (map[string]any, error) {
			return wire.AsObject(shape.Plain(shape.Pick(c.In, settings()...))), nil
		},
		Made:    func(_ *core.Call, r store.Resource) core.Out { return core.Out{"ScheduleArn": r.Attributes["Arn"]} },
		Changed: func(_ *core.Call, r store.Resource) core.Out { return core.Out{"ScheduleArn": r.Attributes["Arn"]} },
		Among: func(c *core.Call, all []store.Resource) []store.Resource {
			var out []store.Resource
			for _, r := range all {
				if only := c.In.String("ScheduleGroup"); only == "" || only == wire.Text(r.Properties["GroupName"]) {
					out = append(out, r)
				}
			}
			return out
		},
		Brief: func(_ *core.Call, r store.Resource) any {
			return core.Merge(shape.Pick(r.Properties, "Name", "GroupName", "State"), map[string]any{"Arn": r.Attributes["Arn"]})
		},
	}
}

// updateSchedule replaces the whole schedule: what the request leaves out is gone.
func updateSchedule(c *core.Call) (any, error) {
	e := scheduleEntity()
	take := e.Take
	e.Take = func(c *core.Call) (map[string]any, error) {
		given, err := take(c)
		for _, name := range settings()[2:] {
			if given[name] == nil {
				given[name] = nil
			}
		}
		return given, err
	}
	return e.Update(c)
}

func groupEntity() core.Entity {
	return core.Entity{
		Type:    GroupType,
		ID:      func(c *core.Call) string { return c.In.String("Name") },
		Missing: func(c *core.Call) error { return noGroup(c.In.String("Name")) },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Out{"Name": r.ID, "Arn": r.Attributes["Arn"], "State": "ACTIVE", "CreationDate": r.Created, "LastModificationDate": r.Updated}
		},
		Take: func(c *core.Call) (map[string]any, error) { return map[string]any{"Name": c.In.String("Name")}, nil },
		Made: func(_ *core.Call, r store.Resource) core.Out {
			return core.Out{"ScheduleGroupArn": r.Attributes["Arn"]}
		},
	}
}

func getGroup(c *core.Call) (any, error) {
	if c.In.String("Name") == "default" {
		return core.Out{"Name": "default", "State": "ACTIVE", "Arn": "arn:aws:scheduler:" + c.Region + ":" + c.Account + ":schedule-group/default"}, nil
	}
	return groupEntity().Get(c)
}

func tagged(c *core.Call) (store.Resource, error) {
	name := shape.Last(c.In.String("ResourceArn"), "/")
	r, ok := c.Get(GroupType, name)
	if !ok {
		return r, noGroup(name)
	}
	return r, nil
}
