// Package cloudwatch simulates alarms and dashboards. It owns AWS::CloudWatch::Alarm, CompositeAlarm and Dashboard. The state of an alarm does not follow the metrics it keeps: it is what
// TreatMissingData makes of silence, until somebody sets it. Clients may speak CBOR, JSON or query.
package cloudwatch

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Type is the resource type of a metric alarm.
const Type = "AWS::CloudWatch::Alarm"

// Service returns CloudWatch.
func Service() core.Service {
	tags := core.Tagging{Find: tagged}
	return core.Service{
		Name: "monitoring", Prefix: "cloudwatch", Namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
		Operations: map[string]core.Handler{
			"DescribeAlarms": describeAlarms, "PutMetricAlarm": putMetricAlarm, "DeleteAlarms": deleteAlarms, "SetAlarmState": setAlarmState,
			"EnableAlarmActions": setActions(true), "DisableAlarmActions": setActions(false),
			"PutCompositeAlarm": putCompositeAlarm, "GetDashboard": getDashboard, "PutDashboard": putDashboard,
			"GetMetricData": getMetricData, "PutMetricData": putMetricData,
			"ListTagsForResource": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove,
		},
		Kinds: append(wholeKinds(), core.Kind{
			Type:       Type,
			Name:       core.NameRule{Property: "AlarmName", Max: 255},
			Attributes: map[string]string{"Arn": "arn:aws:cloudwatch:{Region}:{Account}:alarm:{AlarmName}"},
			Ref:        "{AlarmName}",
			Replace:    []string{"AlarmName"},
			Invalid:    "ValidationError",
			Defaults:   map[string]any{"ActionsEnabled": true, "TreatMissingData": "missing"},
			Schema: core.Schema{
				Required: []string{"ComparisonOperator", "EvaluationPeriods"},
				Numbers:  []string{"EvaluationPeriods", "DatapointsToAlarm", "Period", "Threshold", "Metrics.MetricStat.Period", "Metrics.Period"},
				Booleans: []string{"ActionsEnabled", "Metrics.ReturnData"},
				Allowed: map[string][]string{
					"ComparisonOperator": {"GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold",
						"LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"},
					"Statistic":        {"SampleCount", "Average", "Sum", "Minimum", "Maximum"},
					"TreatMissingData": {"breaching", "notBreaching", "ignore", "missing"},
				},
			},
			Create: checkAlarm,
			Update: checkAlarm,
		}),
	}
}

func settings() []string {
	return []string{"AlarmName", "AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions", "InsufficientDataActions", "MetricName",
		"Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit", "EvaluationPeriods", "DatapointsToAlarm",
		"Threshold", "ComparisonOperator", "TreatMissingData", "EvaluateLowSampleCountPercentile", "Metrics", "ThresholdMetricId"}
}

// checkAlarm wants one metric or a list of metrics, and a state.
func checkAlarm(c *core.Change) error {
	p := wire.Object(c.Resource.Properties)
	switch {
	case p.Has("MetricName") == p.Has("Metrics"):
		return wire.Errorf(400, "ValidationError", "Exactly one of MetricName and Metrics must be specified")
	case p.Has("MetricName") && (p.Has("Statistic") == p.Has("ExtendedStatistic")):
		return wire.Errorf(400, "ValidationError", "Exactly one of Statistic and ExtendedStatistic must be specified")
	case !p.Has("Threshold") && !p.Has("ThresholdMetricId"):
		return wire.Errorf(400, "ValidationError", "Either Threshold or ThresholdMetricId must be specified")
	case p.Int("DatapointsToAlarm", 1) > p.Int("EvaluationPeriods", 1):
		return wire.Errorf(400, "ValidationError", "DatapointsToAlarm must not be greater than EvaluationPeriods")
	}
	for _, action := range append(p.Strings("AlarmActions"), p.Strings("OKActions")...) {
		if arn, ok := shape.ParseARN(action); !ok || arn.Service == "sns" && arn.Region != c.Resource.Region {
			return wire.Errorf(400, "ValidationError", "Invalid region %s specified. Only %s is supported.", arn.Region, c.Resource.Region)
		}
	}
	if c.Before == nil {
		c.Resource.Private["State"], c.Resource.Private["Reason"] = firstState(p)
		c.Resource.Private["StateUpdated"] = c.World.Clock.Now()
	}
	c.Resource.Private["Configured"] = c.World.Clock.Now()
	return nil
}

// firstState is what an alarm says after its first evaluation, which AWS makes within a minute and the simulator at once.
// There is never a datapoint, so TreatMissingData alone decides.
func firstState(p wire.Object) (state, reason string) {
	switch p.String("TreatMissingData") {
	case "notBreaching":
		return "OK", "Threshold Crossed: no datapoints were received and 1 missing datapoint was treated as [NonBreaching]."
	case "breaching":
		return "ALARM", "Threshold Crossed: no datapoints were received and 1 missing datapoint was treated as [Breaching]."
	}
	return "INSUFFICIENT_DATA", "Unchecked: Initial alarm creation"
}

func present(r store.Resource) core.Out {
	out := core.Out(shape.Pick(r.Properties, settings()...))
	if out["TreatMissingData"] == "missing" {
		delete(out, "TreatMissingData")
	}
	for _, name := range []string{"OKActions", "AlarmActions", "InsufficientDataActions", "Dimensions"} {
		if out[name] == nil {
			out[name] = []any{}
		}
	}
	integers(out, "Period", "EvaluationPeriods", "DatapointsToAlarm")
	for _, query := range out.Objects("Metrics") {
		integers(query, "Period")
		integers(query.Object("MetricStat"), "Period")
	}
	out["AlarmArn"], out["StateValue"], out["StateReason"] = r.Attributes["Arn"], r.Private["State"], r.Private["Reason"]
	out["StateReasonData"], out["StateUpdatedTimestamp"] = r.Private["ReasonData"], r.Private["StateUpdated"]
	out["StateTransitionedTimestamp"], out["AlarmConfigurationUpdatedTimestamp"] = r.Private["StateUpdated"], r.Private["Configured"]
	return out
}

// integers are written as such: CBOR tells them from floats, and so do clients.
func integers(out wire.Object, names ...string) {
	for _, name := range names {
		if n, ok := out[name].(float64); ok {
			out[name] = int64(n)
		}
	}
}

func describeAlarms(c *core.Call) (any, error) {
	names := c.In.Strings("AlarmNames")
	list := []any{}
	for _, r := range c.List(Type) {
		actions := wire.Object(r.Properties).Strings("AlarmActions")
		prefix := c.In.String("ActionPrefix")
		switch {
		case len(names) > 0 && !slices.Contains(names, r.ID), !strings.HasPrefix(r.ID, c.In.String("AlarmNamePrefix")),
			c.In.Has("StateValue") && c.In.String("StateValue") != wire.Text(r.Private["State"]),
			prefix != "" && !slices.ContainsFunc(actions, func(a string) bool { return strings.HasPrefix(a, prefix) }):
			continue
		}
		list = append(list, present(r))
	}
	if types := c.In.Strings("AlarmTypes"); len(types) > 0 && !slices.Contains(types, "MetricAlarm") {
		list = nil
	}
	page, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxRecords", 50))
	if err != nil {
		e := wire.Errorf(400, "InvalidNextToken", "The next token specified is invalid.")
		return nil, e
	}
	return core.Out{"MetricAlarms": page, "CompositeAlarms": compositeAlarms(c), "NextToken": next}, nil
}

// putMetricAlarm replaces an alarm as a whole.
func putMetricAlarm(c *core.Call) (any, error) {
	name := c.In.String("AlarmName")
	given := wire.AsObject(shape.Plain(shape.Pick(c.In, settings()...)))
	if _, exists := c.World.Store.Get(c.Scope, Type, name); !exists {
		_, err := c.Create(Type, given, core.Tags(c.In["Tags"]))
		return nil, err
	}
	for _, setting := range settings() {
		if given[setting] == nil {
			given[setting] = nil // what is not given returns to its default
		}
	}
	_, err := c.Update(Type, name, given)
	return nil, err
}

func deleteAlarms(c *core.Call) (any, error) {
	for _, name := range c.In.Strings("AlarmNames") {
		if err := c.Delete(Type, name); err != nil && core.Code(err) != "NotFound" {
			return nil, err
		}
	}
	return nil, nil
}

func notFound() error { return wire.Errorf(404, "ResourceNotFound", "Unknown alarm") }

func setAlarmState(c *core.Call) (any, error) {
	now := c.Now()
	if !slices.Contains([]string{"OK", "ALARM", "INSUFFICIENT_DATA"}, c.In.String("StateValue")) {
		return nil, wire.Errorf(400, "ValidationError", "Value '%s' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]", c.In.String("StateValue"))
	}
	_, found, err := c.World.Store.Update(c.Scope, Type, c.In.String("AlarmName"), func(r *store.Resource) error {
		r.Private["State"], r.Private["Reason"], r.Private["StateUpdated"] = c.In.String("StateValue"), c.In.String("StateReason"), now
		r.Private["ReasonData"] = c.In["StateReasonData"]
		return nil
	})
	if !found {
		return nil, notFound()
	}
	return nil, err
}

func setActions(on bool) core.Handler {
	return func(c *core.Call) (any, error) {
		for _, name := range c.In.Strings("AlarmNames") {
			for _, typ := range []string{Type, CompositeType} {
				if _, err := c.Update(typ, name, map[string]any{"ActionsEnabled": on}); err != nil && core.Code(err) != "NotFound" {
					return nil, err
				}
			}
		}
		return nil, nil
	}
}

func tagged(c *core.Call) (store.Resource, error) {
	arn := c.In.String("ResourceARN")
	r, ok := c.Get(Type, shape.Last(arn, ":alarm:"))
	if !ok {
		e := wire.Errorf(404, "ResourceNotFoundException", "Unknown alarm %s", arn)
		return r, e
	}
	return r, nil
}
