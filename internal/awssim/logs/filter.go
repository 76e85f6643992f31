package logs

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of what belongs to log groups, and to the Region.
const (
	MetricFilterType       = "AWS::Logs::MetricFilter"
	SubscriptionFilterType = "AWS::Logs::SubscriptionFilter"
	PolicyType             = "AWS::Logs::ResourcePolicy"
)

func filterKinds() []core.Kind {
	filter := func(typ string, required ...string) core.Kind {
		return core.Kind{Type: typ, Name: core.NameRule{Property: "FilterName", Max: 512}, Identifier: []string{"LogGroupName", "FilterName"}, Ref: "{FilterName}",
			Replace: []string{"LogGroupName", "FilterName"}, Schema: core.Schema{Required: append(required, "LogGroupName", "FilterPattern"),
				Numbers: []string{"MetricTransformations.DefaultValue"}}}
	}
	subscription := filter(SubscriptionFilterType, "DestinationArn")
	subscription.Defaults = map[string]any{"Distribution": "ByLogStream"}
	return []core.Kind{filter(MetricFilterType, "MetricTransformations"), subscription,
		{Type: PolicyType, Name: core.NameRule{Property: "PolicyName", Max: 255}, Ref: "{PolicyName}", Replace: []string{"PolicyName"},
			Schema: core.Schema{Required: []string{"PolicyName", "PolicyDocument"}}}}
}

// family is one kind of filter.
type family struct {
	typ, member string
	settings    []string
}

func metricFilterFamily() family {
	return family{MetricFilterType, "metricFilters", []string{"FilterPattern", "MetricTransformations"}}
}

func subscriptionFilterFamily() family {
	return family{SubscriptionFilterType, "subscriptionFilters", []string{"FilterPattern", "DestinationArn", "Distribution", "RoleArn"}}
}

func (f family) list(c *core.Call) (any, error) {
	if c.In.String("logGroupName") != "" {
		if _, err := group(c); err != nil {
			return nil, err
		}
	}
	list := []any{}
	for _, r := range c.List(f.typ) {
		p := wire.Object(r.Properties)
		if name := c.In.String("logGroupName"); name != "" && p.String("LogGroupName") != name || !strings.HasPrefix(p.String("FilterName"), c.In.String("filterNamePrefix")) {
			continue
		}
		one := wire.AsObject(shape.Lower(r.Properties))
		for _, t := range one.Objects("metricTransformations") {
			dimensions := core.Out{}
			for _, d := range t.Objects("dimensions") {
				dimensions[d.String("key")] = d["value"]
			}
			if len(dimensions) > 0 {
				t["dimensions"] = dimensions
			}
		}
		one["creationTime"] = r.Created.UnixMilli()
		list = append(list, one)
	}
	page, next, err := core.Paginate(list, c.In.String("nextToken"), c.In.Int("limit", 50))
	if err != nil {
		return nil, err
	}
	return core.Out{f.member: page, "nextToken": next}, nil
}

// put makes a filter, or replaces it as a whole.
func (f family) put(c *core.Call) (any, error) {
	given := wire.AsObject(shape.Upper(shape.Plain(c.In)))
	properties := map[string]any{"LogGroupName": given.String("LogGroupName"), "FilterName": given.String("FilterName")}
	for _, name := range f.settings {
		properties[name] = given[name]
	}
	id := given.String("LogGroupName") + "|" + given.String("FilterName")
	if _, ok := c.Get(f.typ, id); ok {
		_, err := c.Update(f.typ, id, properties)
		return nil, err
	}
	for name, v := range properties {
		if v == nil {
			delete(properties, name)
		}
	}
	_, err := c.Create(f.typ, properties, nil)
	return nil, err
}

func (f family) remove(c *core.Call) (any, error) {
	err := c.Delete(f.typ, c.In.String("logGroupName")+"|"+c.In.String("filterName"))
	if core.Code(err) == "NotFound" {
		return nil, wire.Errorf(400, "ResourceNotFoundException", "The specified filter does not exist.")
	}
	return nil, err
}

func listPolicies(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(PolicyType) {
		list = append(list, core.Out{"policyName": r.ID, "policyDocument": shape.Document(r.Properties["PolicyDocument"]), "lastUpdatedTime": r.Updated.UnixMilli()})
	}
	page, next, err := core.Paginate(list, c.In.String("nextToken"), c.In.Int("limit", 50))
	if err != nil {
		return nil, err
	}
	return core.Out{"resourcePolicies": page, "nextToken": next}, nil
}

func putPolicy(c *core.Call) (any, error) {
	name, document := c.In.String("policyName"), c.In.String("policyDocument")
	var err error
	if _, ok := c.Get(PolicyType, name); ok {
		_, err = c.Update(PolicyType, name, map[string]any{"PolicyDocument": document})
	} else {
		_, err = c.Create(PolicyType, map[string]any{"PolicyName": name, "PolicyDocument": document}, nil)
	}
	return core.Out{"resourcePolicy": core.Out{"policyName": name, "policyDocument": document}}, err
}
