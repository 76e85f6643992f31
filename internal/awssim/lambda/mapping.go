package lambda

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// mappingSettings are the members that an event source mapping has under one name in the API and in CloudFormation.
func mappingSettings() []string {
	return []string{"BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor", "FilterCriteria", "DestinationConfig",
		"Topics", "Queues", "SourceAccessConfigurations", "SelfManagedEventSource", "MaximumRecordAgeInSeconds",
		"BisectBatchOnFunctionError", "MaximumRetryAttempts", "TumblingWindowInSeconds", "FunctionResponseTypes", "ScalingConfig",
		"StartingPosition", "EventSourceArn"}
}

// checkMapping wants function and queue to exist and to fit, and gives the mapping its id.
func checkMapping(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	name, _ := split(p.String("FunctionName"))
	f, ok := c.World.Store.Get(r.Scope, Type, name)
	if !ok {
		return invalid("Function does not exist")
	}
	source, _ := shape.ParseARN(p.String("EventSourceArn"))
	if source.Service != "" && source.Region != r.Region {
		return invalid("The provided event source ARN is not in the Region of the function: %s", p.String("EventSourceArn"))
	}
	if source.Service == "sqs" {
		if err := checkQueue(c, f, p.String("EventSourceArn")); err != nil {
			return err
		}
	}
	if !p.Has("BatchSize") {
		r.Properties["BatchSize"] = 100.0
		if source.Service == "sqs" {
			r.Properties["BatchSize"] = 10.0
		}
	}
	if !p.Has("MaximumBatchingWindowInSeconds") {
		r.Properties["MaximumBatchingWindowInSeconds"] = 0.0
	}
	if c.Before == nil {
		r.Attributes["Id"] = c.World.IDs.UUID(r.Account, r.Region, r.Type, name, p.String("EventSourceArn"))
	}
	return nil
}

func checkQueue(c *core.Change, f store.Resource, arn string) error {
	q, ok := c.World.Store.Find(c.Resource.Scope, "AWS::SQS::Queue", func(q store.Resource) bool { return q.Attributes["Arn"] == arn })
	if !ok {
		return invalid("Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.")
	}
	visible, timeout := shape.Int(q.Properties["VisibilityTimeout"], 30), shape.Int(f.Properties["Timeout"], 3)
	if visible < timeout {
		return invalid("Queue visibility timeout: %d seconds is less than Function timeout: %d seconds", visible, timeout)
	}
	return nil
}

// presentMapping is a mapping as the API returns it; state overrides the one it is in.
func presentMapping(m store.Resource, state string) core.Out {
	p := wire.Object(m.Properties)
	out := core.Out(shape.Pick(m.Properties, mappingSettings()...))
	name, qualifier := split(p.String("FunctionName"))
	out["FunctionArn"] = functionARN(m.Scope, name)
	if qualifier != "" {
		out["FunctionArn"] = functionARN(m.Scope, name) + ":" + qualifier
	}
	out["UUID"], out["EventSourceMappingArn"], out["LastModified"] = m.ID, m.Attributes["EventSourceMappingArn"], m.Updated
	out["StateTransitionReason"] = "USER_INITIATED"
	if !p.Has("FunctionResponseTypes") {
		out["FunctionResponseTypes"] = []any{}
	}
	out["State"] = "Disabled"
	if p.Bool("Enabled") {
		out["State"] = "Enabled"
	}
	if state != "" {
		out["State"] = state
	}
	return out
}

func mapping(c *core.Call) (store.Resource, error) {
	m, ok := c.Get(MappingType, c.In.String("UUID"))
	if !ok {
		return m, notFound("The resource you requested does not exist.")
	}
	return m, nil
}

func getMapping(c *core.Call) (any, error) {
	m, err := mapping(c)
	if err != nil {
		return nil, err
	}
	return presentMapping(m, ""), nil
}

func listMappings(c *core.Call) (any, error) {
	name, qualifier := split(c.In.String("FunctionName"))
	list := []any{}
	for _, m := range c.List(MappingType) {
		p := wire.Object(m.Properties)
		n, q := split(p.String("FunctionName"))
		source := c.In.String("EventSourceArn")
		if name != "" && (n != name || q != qualifier) || source != "" && source != p.String("EventSourceArn") {
			continue
		}
		list = append(list, presentMapping(m, ""))
	}
	return page(c, "EventSourceMappings", list, 100)
}

func readMapping(in wire.Object) map[string]any {
	out := wire.AsObject(shape.Plain(shape.Pick(in, append(mappingSettings(), "Enabled", "FunctionName")...)))
	return out
}

func createMapping(c *core.Call) (any, error) {
	m, err := c.Create(MappingType, readMapping(c.In), c.In.StringMap("Tags"))
	if err != nil {
		return nil, err
	}
	return wire.JSONBody(202, presentMapping(m, "Creating")), nil
}

func updateMapping(c *core.Call) (any, error) {
	before, err := mapping(c)
	if err != nil {
		return nil, err
	}
	patch := readMapping(c.In)
	delete(patch, "EventSourceArn")
	m, err := c.Update(MappingType, before.ID, patch)
	if err != nil {
		return nil, err
	}
	state := "Updating"
	if was, is := shape.Bool(before.Properties["Enabled"]), shape.Bool(m.Properties["Enabled"]); was != is {
		state = strings.NewReplacer("true", "Enabling", "false", "Disabling").Replace(wire.Text(is))
	}
	return wire.JSONBody(202, presentMapping(m, state)), nil
}

func deleteMapping(c *core.Call) (any, error) {
	m, err := mapping(c)
	if err != nil {
		return nil, err
	}
	if err := c.Delete(MappingType, m.ID); err != nil {
		return nil, err
	}
	return wire.JSONBody(202, presentMapping(m, "Deleting")), nil
}
