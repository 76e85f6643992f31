// Package events simulates EventBridge rules, their targets and event buses. It owns AWS::Events::Rule and EventBus. It
// matches and delivers nothing: PutEvents is an unknown operation.
package events

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

// Types of the package.
const (
	Type    = "AWS::Events::Rule"
	BusType = "AWS::Events::EventBus"
)

// Service returns EventBridge.
func Service() core.Service {
	tags := core.Tagging{Find: tagged}
	return core.Service{
		Name: "events",
		Operations: map[string]core.Handler{
			"DescribeRule": describeRule, "ListRules": listRules, "ListTargetsByRule": listTargets, "ListRuleNamesByTarget": listNamesByTarget,
			"PutRule": putRule, "DeleteRule": deleteRule, "EnableRule": setState("ENABLED"), "DisableRule": setState("DISABLED"),
			"PutTargets": putTargets, "RemoveTargets": removeTargets, "ListTagsForResource": tags.List, "TagResource": tags.Add,
			"UntagResource": tags.Remove, "DescribeEventBus": describeBus, "ListEventBuses": listBuses, "CreateEventBus": createBus, "DeleteEventBus": deleteBus,
		},
		Kinds: []core.Kind{ruleKind(), busKind()},
	}
}

func ruleKind() core.Kind {
	return core.Kind{
		Type:       Type,
		Name:       core.NameRule{Property: "Name", Max: 64},
		Identifier: []string{"Arn"},
		Ref:        "{PhysicalId}",
		Replace:    []string{"Name", "EventBusName"},
		Defaults:   map[string]any{"State": "ENABLED", "EventBusName": "default"},
		Schema: core.Schema{
			Numbers: []string{"Targets.RetryPolicy.MaximumRetryAttempts", "Targets.RetryPolicy.MaximumEventAgeInSeconds"},
			Allowed: map[string][]string{"State": {"ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"}},
		},
		Create: checkRule,
		Update: checkRule,
		Model:  func(_ store.Resource, model map[string]any) { delete(model, "PhysicalId") },
	}
}

func busKind() core.Kind {
	return core.Kind{
		Type:       BusType,
		Name:       core.NameRule{Property: "Name", Max: 256},
		Attributes: map[string]string{"Arn": "arn:aws:events:{Region}:{Account}:event-bus/{Name}"},
		Ref:        "{Name}",
		Replace:    []string{"Name"},
		Schema:     core.Schema{Required: []string{"Name"}},
	}
}
