// Package stepfunctions simulates the control plane of Step Functions: state machines, versions, aliases and activities. It
// owns those AWS::StepFunctions types. It runs nothing: StartExecution is an unknown operation. A definition in S3 is not
// fetched.
package stepfunctions

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

// Types of the package.
const (
	Type         = "AWS::StepFunctions::StateMachine"
	VersionType  = "AWS::StepFunctions::StateMachineVersion"
	AliasType    = "AWS::StepFunctions::StateMachineAlias"
	ActivityType = "AWS::StepFunctions::Activity"
)

// Service returns Step Functions.
func Service() core.Service {
	machine, activity, alias := machineEntity(), activityEntity(), aliasEntity()
	pages := core.Page{Size: 100, Token: "nextToken", Max: "maxResults", CodeOfInvalid: "InvalidToken"}
	tags := core.Tagging{Find: tagged, Tags: "tags", Keys: "tagKeys", Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"tags": shape.Lower(core.TagList(tags))}, nil
	}}
	return core.Service{
		Name: "states",
		Operations: map[string]core.Handler{
			"DescribeStateMachine": describeMachine, "ListStateMachines": machine.List("stateMachines", pages), "CreateStateMachine": machine.Create,
			"UpdateStateMachine": machine.Update, "DeleteStateMachine": deleteMachine,
			"PublishStateMachineVersion": publishVersion, "ListStateMachineVersions": listVersions,
			"DescribeStateMachineAlias": alias.Get, "CreateStateMachineAlias": alias.Create, "UpdateStateMachineAlias": alias.Update,
			"DeleteStateMachineAlias": alias.Delete(0), "ListStateMachineAliases": alias.List("stateMachineAliases", pages),
			"DescribeActivity": activity.Get, "CreateActivity": activity.Create, "DeleteActivity": activity.Delete(0),
			"ListActivities":      activity.List("activities", pages),
			"ListTagsForResource": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove,
		},
		Kinds: kinds(),
	}
}

func kinds() []core.Kind {
	return []core.Kind{
		{
			Type: Type, Name: core.NameRule{Property: "StateMachineName", Max: 80}, Identifier: []string{"Arn"},
			Attributes: map[string]string{"Arn": "arn:aws:states:{Region}:{Account}:stateMachine:{StateMachineName}", "Name": "{StateMachineName}"},
			Replace:    []string{"StateMachineName", "StateMachineType"}, WriteOnly: []string{"Definition", "DefinitionS3Location", "DefinitionSubstitutions"},
			Defaults: map[string]any{
				"StateMachineType": "STANDARD", "TracingConfiguration": map[string]any{"Enabled": false},
				"LoggingConfiguration":    map[string]any{"Level": "OFF", "IncludeExecutionData": false},
				"EncryptionConfiguration": map[string]any{"Type": "AWS_OWNED_KEY"},
			},
			Schema: core.Schema{Required: []string{"RoleArn"},
				Booleans: []string{"TracingConfiguration.Enabled", "LoggingConfiguration.IncludeExecutionData"},
				Allowed: map[string][]string{"StateMachineType": {"STANDARD", "EXPRESS"}, "LoggingConfiguration.Level": {"ALL", "ERROR", "FATAL", "OFF"},
					"EncryptionConfiguration.Type": {"AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"}}},
			Create: checkMachine, Update: checkMachine, Delete: dropVersions,
		},
		{
			Type: VersionType, Identifier: []string{"Arn"}, Replace: []string{"StateMachineArn", "StateMachineRevisionId", "Description"},
			Schema: core.Schema{Required: []string{"StateMachineArn"}}, Create: publish,
		},
		{
			Type: AliasType, Name: core.NameRule{Property: "Name", Max: 80}, Identifier: []string{"Arn"}, Replace: []string{"Name"},
			WriteOnly: []string{"DeploymentPreference"},
			Schema:    core.Schema{Numbers: []string{"RoutingConfiguration.Weight"}},
			Create:    checkAlias, Update: checkAlias,
		},
		{
			Type: ActivityType, Name: core.NameRule{Property: "Name", Max: 80}, Identifier: []string{"Arn"}, Replace: []string{"Name"},
			Attributes: map[string]string{"Arn": "arn:aws:states:{Region}:{Account}:activity:{Name}"},
			Defaults:   map[string]any{"EncryptionConfiguration": map[string]any{"Type": "AWS_OWNED_KEY"}},
			Schema:     core.Schema{Required: []string{"Name"}},
		},
	}
}

// tagged finds the resource of a tag operation by its ARN.
func tagged(c *core.Call) (store.Resource, error) {
	for _, typ := range []string{Type, ActivityType} {
		if r, ok := c.Get(typ, c.In.String("resourceArn")); ok {
			return r, nil
		}
	}
	return store.Resource{}, missing("ResourceNotFound", "Resource not found: '%s'", c.In.String("resourceArn"))
}
