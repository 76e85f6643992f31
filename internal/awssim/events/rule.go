package events

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkRule wants a schedule or a pattern, distinct targets, and an existing bus; it gives the rule its ARN.
func checkRule(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	bus := busName(p.String("EventBusName"))
	schedule := p.String("ScheduleExpression")
	switch {
	case schedule == "" && !p.Has("EventPattern"):
		return invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
	case schedule != "" && !regexp.MustCompile(`^(cron\((\S+ ){5}\S+\)|rate\([1-9]\d* (minute|hour|day)s?\))$`).MatchString(schedule):
		return invalid("Parameter ScheduleExpression is not valid.")
	case schedule != "" && bus != "default":
		return invalid("ScheduleExpression is supported only on the default event bus.")
	}
	if _, ok := c.World.Store.Get(r.Scope, BusType, bus); !ok && bus != "default" {
		return wire.Errorf(400, "ResourceNotFoundException", "Event bus %s does not exist.", bus)
	}
	var ids []string
	for _, t := range p.Objects("Targets") {
		if _, ok := shape.ParseARN(t.String("Arn")); !ok {
			return invalid("Parameter %s is not valid. Reason: Provided Arn is not in correct format.", t.String("Arn"))
		}
		if slices.Contains(ids, t.String("Id")) {
			return invalid("Duplicate target id %s.", t.String("Id"))
		}
		ids = append(ids, t.String("Id"))
	}
	if len(ids) > 5 {
		return wire.Errorf(400, "LimitExceededException", "The requested resource exceeds the maximum number allowed.")
	}
	path := p.String("Name")
	r.Attributes["PhysicalId"] = path
	if bus != "default" {
		r.Attributes["PhysicalId"] = bus + "|" + path // as CloudFormation calls a rule on a bus of its own
		path = bus + "/" + path
	}
	r.Attributes["Arn"] = "arn:aws:events:" + r.Region + ":" + r.Account + ":rule/" + path
	return nil
}

func invalid(format string, args ...any) error {
	return wire.Errorf(400, "ValidationException", format, args...)
}

// busName reads a bus name or ARN; none is the default bus.
func busName(s string) string {
	if s == "" {
		return "default"
	}
	return shape.Last(s, "/")
}

// find returns the rule that two members of the request name.
func find(c *core.Call, member string) (store.Resource, error) {
	name, bus := c.In.String(member), busName(c.In.String("EventBusName"))
	path := name
	if bus != "default" {
		path = bus + "/" + name
	}
	r, ok := c.Get(Type, "arn:aws:events:"+c.Region+":"+c.Account+":rule/"+path)
	if !ok {
		return r, wire.Errorf(400, "ResourceNotFoundException", "Rule %s does not exist on EventBus %s.", name, bus)
	}
	return r, nil
}

func present(r store.Resource) core.Out {
	out := core.Out(shape.Pick(r.Properties, "Name", "State", "Description", "ScheduleExpression", "RoleArn"))
	out["Arn"], out["EventBusName"] = r.ID, busName(wire.Text(r.Properties["EventBusName"]))
	if pattern := r.Properties["EventPattern"]; pattern != nil {
		out["EventPattern"] = shape.Document(pattern)
	}
	return out
}

func describeRule(c *core.Call) (any, error) {
	r, err := find(c, "Name")
	if err != nil {
		return nil, err
	}
	out := present(r)
	out["CreatedBy"] = r.Account
	return out, nil
}

func page(c *core.Call, name string, list []any) (any, error) {
	part, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("Limit", 100))
	return core.Out{name: part, "NextToken": next}, err
}

func onBus(c *core.Call) []store.Resource {
	bus := busName(c.In.String("EventBusName"))
	return slices.DeleteFunc(c.List(Type), func(r store.Resource) bool {
		return busName(wire.Text(r.Properties["EventBusName"])) != bus
	})
}

func listRules(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range onBus(c) {
		if strings.HasPrefix(wire.Text(r.Properties["Name"]), c.In.String("NamePrefix")) {
			list = append(list, present(r))
		}
	}
	return page(c, "Rules", list)
}

func listNamesByTarget(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range onBus(c) {
		hit := slices.ContainsFunc(wire.Object(r.Properties).Objects("Targets"), func(t wire.Object) bool {
			return t.String("Arn") == c.In.String("TargetArn")
		})
		if hit {
			list = append(list, r.Properties["Name"])
		}
	}
	return page(c, "RuleNames", list)
}

func listTargets(c *core.Call) (any, error) {
	r, err := find(c, "Rule")
	if err != nil {
		return nil, err
	}
	return page(c, "Targets", append([]any{}, wire.Object(r.Properties).List("Targets")...))
}

// putRule replaces a rule but keeps its targets.
func putRule(c *core.Call) (any, error) {
	given := shape.Pick(c.In, "Name", "ScheduleExpression", "State", "Description", "RoleArn", "EventBusName")
	if text := c.In.String("EventPattern"); text != "" {
		doc, ok := shape.ParseDocument(text)
		if !ok {
			return nil, wire.Errorf(400, "InvalidEventPatternException", "Event pattern is not valid. Reason: it is not a JSON object")
		}
		given["EventPattern"] = doc
	}
	given["EventBusName"] = busName(c.In.String("EventBusName"))
	r, err := find(c, "Name")
	if err != nil {
		r, err = c.Create(Type, given, core.Tags(c.In["Tags"]))
	} else {
		for _, name := range []string{"ScheduleExpression", "State", "Description", "RoleArn", "EventPattern"} {
			if given[name] == nil {
				given[name] = nil
			}
		}
		r, err = c.Update(Type, r.ID, given)
	}
	if err != nil {
		return nil, err
	}
	return core.Out{"RuleArn": r.ID}, nil
}

func deleteRule(c *core.Call) (any, error) {
	r, err := find(c, "Name")
	if err != nil {
		return nil, nil // deleting what does not exist succeeds
	}
	if len(wire.Object(r.Properties).List("Targets")) > 0 {
		return nil, invalid("Rule can't be deleted since it has targets.")
	}
	return nil, c.Delete(Type, r.ID)
}

func setState(state string) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := find(c, "Name")
		if err != nil {
			return nil, err
		}
		_, err = c.Update(Type, r.ID, map[string]any{"State": state})
		return nil, err
	}
}

func putTargets(c *core.Call) (any, error) {
	r, err := find(c, "Rule")
	if err != nil {
		return nil, err
	}
	list := wire.Object(r.Properties).List("Targets")
	for _, t := range c.In.Objects("Targets") {
		list = append(without(list, []string{t.String("Id")}), shape.Plain(t))
	}
	if _, err := c.Update(Type, r.ID, map[string]any{"Targets": list}); err != nil {
		return nil, err
	}
	return core.Out{"FailedEntryCount": 0, "FailedEntries": []any{}}, nil
}

func without(targets []any, ids []string) []any {
	return slices.DeleteFunc(targets, func(e any) bool { return slices.Contains(ids, wire.AsObject(e).String("Id")) })
}

func removeTargets(c *core.Call) (any, error) {
	r, err := find(c, "Rule")
	if err != nil {
		return nil, err
	}
	var value any
	if left := without(wire.Object(r.Properties).List("Targets"), c.In.Strings("Ids")); len(left) > 0 {
		value = left
	}
	if _, err := c.Update(Type, r.ID, map[string]any{"Targets": value}); err != nil {
		return nil, err
	}
	return core.Out{"FailedEntryCount": 0, "FailedEntries": []any{}}, nil
}
