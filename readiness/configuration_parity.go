package readiness

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// softInBackup is for rules about what runs: with backup and restore nothing
// runs yet, and a difference is a warning about the recovery to come.
var softInBackup = strategyLevels{topology.BackupRestore: LevelWarn}

const (
	typeMapping      = "AWS::Lambda::EventSourceMapping"
	typeDBInstance   = "AWS::RDS::DBInstance"
	typeDBCluster    = "AWS::RDS::DBCluster"
	typeDBParameters = "AWS::RDS::DBParameterGroup"
	typeClusterParam = "AWS::RDS::DBClusterParameterGroup"
)

// stageTypes are what makes up an API as its callers see it.
var stageTypes = []string{
	"AWS::ApiGateway::RestApi", "AWS::ApiGateway::Resource", "AWS::ApiGateway::Method", "AWS::ApiGateway::Stage",
	"AWS::ApiGateway::Authorizer", "AWS::ApiGateway::RequestValidator", "AWS::ApiGateway::Model", "AWS::ApiGateway::GatewayResponse",
	"AWS::ApiGateway::UsagePlan", "AWS::ApiGateway::DomainName", "AWS::ApiGateway::BasePathMapping",
	"AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Stage",
	"AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::DomainName", "AWS::ApiGatewayV2::ApiMapping",
}

func configurationParityRules() []Rule {
	return append(parityRules(
		parity{
			id: "CFG-07", severity: drift.Block, noun: "event source mapping", holds: "exist in the standby with the same source, filter and batch",
			title:  "Event source mappings exist in the standby and read the standby's own sources",
			why:    "A mapping that is missing, or that reads another source, leaves the work of the takeover unprocessed.",
			source: "ARC readiness rule LambdaFunctionEventSourceMappingMatch; ARC Region switch, Lambda event source mapping block",
			fix:    "Deploy the mapping to the standby; it may be disabled there until the takeover.",
			types:  []string{typeMapping}, least: drift.Warn, existence: true,
			actions: []string{"lambda:GetEventSourceMapping"}, strategies: softInBackup,
		},
		parity{
			id: "CFG-09", severity: drift.Block, noun: "part of an API", holds: "the same routes, methods, limits and variables",
			title:  "APIs have the same routes, methods, throttles, variables and domains",
			why:    "A route, a method or a larger limit that only the primary has is an error for the callers of the standby.",
			source: "ARC readiness rules for API Gateway stages, v1 and v2",
			fix:    "Deploy the same API to the standby and create a new deployment of its stage.",
			types:  stageTypes, least: drift.Warn,
			actions: []string{"apigateway:GET"}, strategies: softInBackup,
		},
		parity{
			id: "CFG-10", severity: drift.Block, noun: "schedule, event rule or state machine", holds: "the same definition in both Regions",
			title:  "Schedules, event rules and state machines exist in the standby with the same definition",
			why:    "A schedule that is missing is forgotten on the day of the takeover; one that differs does other work at other times.",
			source: "Well-Architected REL13-BP04",
			fix:    "Deploy the same rule, schedule or state machine to the standby; it may be disabled there until the takeover.",
			types:  []string{"AWS::Events::Rule", "AWS::Events::EventBus", "AWS::Scheduler::Schedule", "AWS::StepFunctions::StateMachine"},
			least:  drift.Warn, existence: true,
			actions: []string{"events:DescribeRule", "events:ListTargetsByRule", "scheduler:GetSchedule", "states:DescribeStateMachine"}, strategies: softInBackup,
		},
		parity{
			id: "CFG-12", severity: drift.Block, noun: "web ACL", holds: "the same rules, and attached to the same resources",
			title:  "Web ACLs have the same rules and protect the same resources",
			why:    "The standby would let through what the primary blocks, or block what the primary lets through, from its first request.",
			source: "Well-Architected REL13-BP04",
			fix:    "Deploy the same web ACL to the standby and associate it with the same resources.",
			types:  []string{"AWS::WAFv2::WebACL", "AWS::WAFv2::WebACLAssociation", "AWS::WAFv2::IPSet", "AWS::WAFv2::RuleGroup"}, least: drift.Warn,
			actions: []string{"wafv2:GetWebACL", "wafv2:GetWebACLForResource"}, strategies: softInBackup,
		}),
		Rule{
			ID: "CFG-11", Severity: drift.Block, compares: true, check: sameParameterGroups, Strategies: softInBackup,
			Title:  "Databases run with the parameters of the primary, not with the defaults of the engine",
			Why:    "A replica in another Region starts with the default parameter and option groups, and keeps them when it is promoted: the promoted database behaves differently.",
			Source: "Amazon RDS user guide, Creating a read replica in a different AWS Region; Amazon Aurora user guide, Aurora global database disaster recovery",
			Needs: []Need{
				{Types: []string{typeDBInstance}, Properties: []string{"DBParameterGroupName", "OptionGroupName"}, Actions: []string{"rds:DescribeDBInstances"}},
				{Types: []string{typeDBCluster}, Properties: []string{"DBClusterParameterGroupName"}, Actions: []string{"rds:DescribeDBClusters"}},
				{Types: []string{typeDBParameters, typeClusterParam}, Actions: []string{"rds:DescribeDBParameters", "rds:DescribeDBClusterParameters"}},
			},
			Fix: "Give the standby's database a parameter group with the primary's values, and restart it when a static parameter changes.",
		})
}

// groupProperties name the group a database takes its parameters from.
var groupProperties = []struct{ kind, property string }{
	{typeDBInstance, "DBParameterGroupName"}, {typeDBInstance, "OptionGroupName"}, {typeDBCluster, "DBClusterParameterGroupName"},
}

func sameParameterGroups(h *hearing) {
	databases := h.pairs(typeDBInstance, typeDBCluster)
	h.applies(len(databases), "database", "the primary's parameters")
	for _, p := range h.present(databases) {
		h.noDefaultGroup(p)
	}
	groups := h.pairs(typeDBParameters, typeClusterParam)
	h.applies(len(groups), "parameter group", "the same values set")
	h.present(groups)
	for _, kind := range []string{typeDBParameters, typeClusterParam, typeDBInstance, typeDBCluster} {
		h.hearFindings(kind, func(f *drift.Finding) (drift.Severity, bool) {
			owned := kind == typeDBParameters || kind == typeClusterParam || slices.ContainsFunc(groupProperties, func(g struct{ kind, property string }) bool {
				return g.kind == kind && within(f.Property, g.property)
			})
			return raised(f, drift.Warn), owned && !h.leaks(f)
		})
	}
}

// noDefaultGroup fails a standby on the engine's default group whose primary
// has a group of its own. Default groups are called "default.FAMILY", option
// groups "default:ENGINE-VERSION"; source: Amazon RDS user guide.
func (h *hearing) noDefaultGroup(p pair) {
	for _, g := range groupProperties {
		if g.kind != p.primary.Type {
			continue
		}
		ours, theirs := text(p.primary.Properties, g.property), text(p.standby.Properties, g.property)
		if ours != "" && !isDefaultGroup(ours) && isDefaultGroup(theirs) {
			h.failProperty("", p.key, g.property, "", "%s is %s in %s and the engine's default %s in %s",
				g.property, show(ours), h.primary.region(), show(theirs), h.standby.region())
		}
	}
}

func isDefaultGroup(name string) bool {
	return strings.HasPrefix(name, "default.") || strings.HasPrefix(name, "default:")
}
