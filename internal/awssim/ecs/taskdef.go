package ecs

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// freeNames are the members whose keys are the customer's own and keep their letters.
func freeNames() []string {
	return []string{"DockerLabels", "dockerLabels", "Options", "options", "DriverOpts", "driverOpts", "Labels", "labels"}
}

func clientError(format string, args ...any) error {
	return wire.Errorf(400, "ClientException", format, args...)
}

// registerRevision checks a task definition and gives it the next revision of its family.
func registerRevision(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	containers := p.Objects("ContainerDefinitions")
	if len(containers) == 0 {
		return clientError("Container list cannot be empty.")
	}
	for _, one := range containers {
		if one.String("Name") == "" || one.String("Image") == "" {
			return clientError("Container.name and Container.image should not be null or empty.")
		}
	}
	if slices.Contains(p.Strings("RequiresCompatibilities"), "FARGATE") {
		switch {
		case p.String("NetworkMode") != "awsvpc":
			return clientError("Fargate only supports network mode ‘awsvpc’.")
		case p.String("Cpu") == "" || p.String("Memory") == "":
			return clientError("Fargate requires that 'cpu' be defined at the task level.")
		}
	}
	family := p.String("Family")
	last := 0
	for _, typ := range []string{TaskDefType, inactiveType} {
		for _, other := range c.World.Store.List(r.Scope, typ) {
			if other.Properties["Family"] == family {
				last = max(last, shape.Int(other.Private["Revision"], 0))
			}
		}
	}
	r.Private["Revision"] = last + 1
	r.Attributes["TaskDefinitionArn"] = taskDefARN(r.Scope, family+":"+strconv.Itoa(last+1))
	return nil
}

func taskDefARN(s store.Scope, name string) string {
	return "arn:aws:ecs:" + s.Region + ":" + s.Account + ":task-definition/" + name
}

// keepInactive does what deregistering does: the revision stays readable.
func keepInactive(c *core.Change) error {
	r := *c.Resource
	r.Type = inactiveType
	r.Private["DeregisteredAt"] = c.World.Clock.Now()
	c.World.Store.Put(r)
	return nil
}

// findTaskDef finds family:revision, an ARN, or the newest active revision of a family.
func findTaskDef(v store.View, scope store.Scope, name string) (store.Resource, bool) {
	if arn, ok := shape.ParseARN(name); ok {
		if arn.Region != scope.Region || arn.Account != scope.Account {
			return store.Resource{}, false
		}
		name = strings.TrimPrefix(arn.Resource, "task-definition/")
	}
	if strings.Contains(name, ":") {
		for _, typ := range []string{TaskDefType, inactiveType} {
			if r, ok := v.Get(scope, typ, taskDefARN(scope, name)); ok {
				return r, true
			}
		}
		return store.Resource{}, false
	}
	var newest store.Resource
	found := false
	for _, r := range v.List(scope, TaskDefType) {
		if r.Properties["Family"] == name && shape.Int(r.Private["Revision"], 0) > shape.Int(newest.Private["Revision"], 0) {
			newest, found = r, true
		}
	}
	return newest, found
}

func presentTaskDef(r store.Resource) core.Out {
	properties := store.CloneMap(r.Properties)
	for _, one := range wire.Object(properties).Objects("ContainerDefinitions") {
		complete(one, wire.Text(properties["NetworkMode"]))
	}
	out := core.Out(wire.AsObject(shape.Lower(properties, freeNames()...)))
	out["taskDefinitionArn"], out["revision"], out["registeredAt"] = r.ID, r.Private["Revision"], r.Created
	out["status"] = "ACTIVE"
	if r.Type == inactiveType {
		out["status"], out["deregisteredAt"] = "INACTIVE", r.Private["DeregisteredAt"]
	}
	for _, name := range []string{"volumes", "placementConstraints", "requiresAttributes"} {
		if out[name] == nil {
			out[name] = []any{}
		}
	}
	out["compatibilities"] = []any{"EC2"}
	if out["networkMode"] == "awsvpc" {
		out["compatibilities"] = []any{"EC2", "FARGATE"}
	}
	return out
}

// complete adds what ECS adds to a container definition.
func complete(one wire.Object, networkMode string) {
	for _, name := range []string{"Environment", "MountPoints", "PortMappings", "VolumesFrom", "SystemControls"} {
		if !one.Has(name) {
			one[name] = []any{}
		}
	}
	if !one.Has("Essential") {
		one["Essential"] = true
	}
	if !one.Has("Cpu") {
		one["Cpu"] = 0
	}
	for _, port := range one.Objects("PortMappings") {
		if !port.Has("Protocol") {
			port["Protocol"] = "tcp"
		}
		if !port.Has("HostPort") {
			port["HostPort"] = 0
			if networkMode == "awsvpc" || networkMode == "host" {
				port["HostPort"] = port["ContainerPort"]
			}
		}
	}
}

func describeTaskDefinition(c *core.Call) (any, error) {
	r, ok := findTaskDef(c.Read(), c.Scope, c.In.String("taskDefinition"))
	if !ok {
		return nil, clientError("Unable to describe task definition.")
	}
	out := core.Out{"taskDefinition": presentTaskDef(r)}
	if slices.Contains(c.In.Strings("include"), "TAGS") {
		out["tags"] = lowerTags(r.Tags)
	}
	return out, nil
}

func registerTaskDefinition(c *core.Call) (any, error) {
	in := store.CloneMap(c.In)
	delete(in, "tags")
	given := wire.AsObject(shape.Upper(in, freeNames()...))
	if !given.Has("Family") {
		return nil, clientError("Family should not be null or empty.")
	}
	r, err := c.Create(TaskDefType, given, core.Tags(c.In["tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"taskDefinition": presentTaskDef(r), "tags": lowerTags(r.Tags)}, nil
}

func deregisterTaskDefinition(c *core.Call) (any, error) {
	r, ok := findTaskDef(c.World.Store.View(0), c.Scope, c.In.String("taskDefinition"))
	if !ok || r.Type == inactiveType {
		return nil, clientError("The specified task definition does not exist.")
	}
	if err := c.Delete(TaskDefType, r.ID); err != nil {
		return nil, err
	}
	r, _ = c.World.Store.Get(r.Scope, inactiveType, r.ID)
	return core.Out{"taskDefinition": presentTaskDef(r)}, nil
}

func listTaskDefinitions(c *core.Call) (any, error) {
	typ := TaskDefType
	if c.In.String("status") == "INACTIVE" {
		typ = inactiveType
	}
	found := c.List(typ)
	slices.SortStableFunc(found, func(a, b store.Resource) int {
		if by := strings.Compare(wire.Text(a.Properties["Family"]), wire.Text(b.Properties["Family"])); by != 0 {
			return by
		}
		return shape.Int(a.Private["Revision"], 0) - shape.Int(b.Private["Revision"], 0)
	})
	if c.In.String("sort") == "DESC" {
		slices.Reverse(found)
	}
	list := []any{}
	for _, r := range found {
		if family := c.In.String("familyPrefix"); family == "" || family == wire.Text(r.Properties["Family"]) {
			list = append(list, r.ID)
		}
	}
	return page(c, "taskDefinitionArns", list, 100)
}

func listFamilies(c *core.Call) (any, error) {
	var names []string
	for _, r := range c.List(TaskDefType) {
		if name := wire.Text(r.Properties["Family"]); strings.HasPrefix(name, c.In.String("familyPrefix")) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	list := []any{}
	for _, name := range slices.Compact(names) {
		list = append(list, name)
	}
	return page(c, "families", list, 100)
}
