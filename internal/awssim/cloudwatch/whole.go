package cloudwatch

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of what looks at alarms and metrics as a whole.
const (
	CompositeType = "AWS::CloudWatch::CompositeAlarm"
	DashboardType = "AWS::CloudWatch::Dashboard"
)

func wholeKinds() []core.Kind {
	return []core.Kind{
		{Type: CompositeType, Name: core.NameRule{Property: "AlarmName", Max: 255}, Ref: "{AlarmName}", Replace: []string{"AlarmName"},
			Attributes: map[string]string{"Arn": "arn:aws:cloudwatch:{Region}:{Account}:alarm:{AlarmName}"}, Invalid: "ValidationError",
			Defaults: map[string]any{"ActionsEnabled": true}, Schema: core.Schema{Required: []string{"AlarmRule"}, Booleans: []string{"ActionsEnabled"}}},
		{Type: DashboardType, Name: core.NameRule{Property: "DashboardName", Max: 255}, Ref: "{DashboardName}", Replace: []string{"DashboardName"},
			Schema: core.Schema{Required: []string{"DashboardBody"}}},
	}
}

func compositeSettings() []string {
	return []string{"AlarmName", "AlarmDescription", "ActionsEnabled", "AlarmActions", "OKActions", "InsufficientDataActions", "AlarmRule", "ActionsSuppressor",
		"ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"}
}

// compositeAlarms are those a request asks for; none unless it asks for them.
func compositeAlarms(c *core.Call) []any {
	list := []any{}
	if !slices.Contains(c.In.Strings("AlarmTypes"), "CompositeAlarm") {
		return list
	}
	names := c.In.Strings("AlarmNames")
	for _, r := range c.List(CompositeType) {
		if len(names) > 0 && !slices.Contains(names, r.ID) {
			continue
		}
		out := core.Out(shape.Pick(r.Properties, compositeSettings()...))
		for _, name := range []string{"ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"} {
			if n, ok := out[name].(float64); ok {
				out[name] = int64(n)
			}
		}
		out["AlarmArn"], out["StateValue"], out["StateReason"] = r.Attributes["Arn"], "OK", "simulated"
		list = append(list, out)
	}
	return list
}

func putCompositeAlarm(c *core.Call) (any, error) {
	name := c.In.String("AlarmName")
	given := wire.AsObject(shape.Plain(shape.Pick(c.In, compositeSettings()...)))
	if _, exists := c.Get(CompositeType, name); !exists {
		_, err := c.Create(CompositeType, given, core.Tags(c.In["Tags"]))
		return nil, err
	}
	for _, setting := range compositeSettings() {
		if given[setting] == nil {
			given[setting] = nil // what is not given returns to its default
		}
	}
	_, err := c.Update(CompositeType, name, given)
	return nil, err
}

func getDashboard(c *core.Call) (any, error) {
	r, ok := c.Get(DashboardType, c.In.String("DashboardName"))
	if !ok {
		return nil, wire.Errorf(404, "ResourceNotFound", "Dashboard %s does not exist", c.In.String("DashboardName"))
	}
	return core.Out{"DashboardName": r.ID, "DashboardArn": "arn:aws:cloudwatch::" + r.Account + ":dashboard/" + r.ID, "DashboardBody": shape.Document(r.Properties["DashboardBody"])}, nil
}

func putDashboard(c *core.Call) (any, error) {
	name, body := c.In.String("DashboardName"), c.In.String("DashboardBody")
	var err error
	if _, ok := c.Get(DashboardType, name); ok {
		_, err = c.Update(DashboardType, name, map[string]any{"DashboardBody": body})
	} else {
		_, err = c.Create(DashboardType, map[string]any{"DashboardName": name, "DashboardBody": body}, nil)
	}
	return core.Out{"DashboardValidationMessages": []any{}}, err
}
