// Package events simulates EventBridge rules, their targets, event buses with their policies, archives, connections and API
// destinations. It owns those AWS::Events types. It matches and delivers nothing: PutEvents is an unknown operation.
package events

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

// Types of the package.
const (
	Type    = "AWS::Events::Rule"
	BusType = "AWS::Events::EventBus"

	BusPolicyType   = "AWS::Events::EventBusPolicy"
	ArchiveType     = "AWS::Events::Archive"
	ConnectionType  = "AWS::Events::Connection"
	DestinationType = "AWS::Events::ApiDestination"
)

// Service returns EventBridge.
func Service() core.Service {
	tags := core.Tagging{Find: tagged}
	archive, connection, destination := archiveEntity(), connectionEntity(), destinationEntity()
	return core.Service{
		Name: "events",
		Operations: map[string]core.Handler{
			"DescribeRule": describeRule, "ListRules": listRules, "ListTargetsByRule": listTargets, "ListRuleNamesByTarget": listNamesByTarget,
			"PutRule": putRule, "DeleteRule": deleteRule, "EnableRule": setState("ENABLED"), "DisableRule": setState("DISABLED"),
			"PutTargets": putTargets, "RemoveTargets": removeTargets, "ListTagsForResource": tags.List, "TagResource": tags.Add,
			"UntagResource": tags.Remove, "DescribeEventBus": describeBus, "ListEventBuses": listBuses, "CreateEventBus": createBus, "DeleteEventBus": deleteBus,
			"UpdateEventBus": updateBus, "PutPermission": putPermission, "RemovePermission": removePermission,
			"DescribeArchive": archive.Get, "CreateArchive": archive.Create, "UpdateArchive": archive.Update, "DeleteArchive": archive.Delete(0),
			"DescribeConnection": connection.Get, "CreateConnection": connection.Create, "UpdateConnection": connection.Update,
			"DeleteConnection": connection.Delete(0), "DescribeApiDestination": destination.Get, "CreateApiDestination": destination.Create,
			"UpdateApiDestination": destination.Update, "DeleteApiDestination": destination.Delete(0),
		},
		Kinds: append(beyondKinds(), ruleKind(), busKind()),
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
