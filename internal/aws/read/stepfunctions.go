package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type stepFunctionsAPI interface {
	DescribeStateMachine(context.Context, *sfn.DescribeStateMachineInput, ...func(*sfn.Options)) (*sfn.DescribeStateMachineOutput, error)
	DescribeStateMachineAlias(context.Context, *sfn.DescribeStateMachineAliasInput, ...func(*sfn.Options)) (*sfn.DescribeStateMachineAliasOutput, error)
	DescribeActivity(context.Context, *sfn.DescribeActivityInput, ...func(*sfn.Options)) (*sfn.DescribeActivityOutput, error)
	ListTagsForResource(context.Context, *sfn.ListTagsForResourceInput, ...func(*sfn.Options)) (*sfn.ListTagsForResourceOutput, error)
}

func stepFunctionsReader() reader {
	return reader{specs: stepFunctionsTypes(nil).specs, read: func(ctx context.Context, r *run, items []inventory.Item) {
		stepFunctionsTypes(r.listedStateTags(ctx, items)).read(ctx, r, items)
	}}
}

func stepFunctionsTypes(tags stateTags) reader {
	return oneByOne(
		alone{Spec{
			Type: "AWS::StepFunctions::StateMachine",
			Properties: []string{"StateMachineName", "StateMachineType", "RoleArn", "DefinitionString", "LoggingConfiguration",
				"TracingConfiguration", "EncryptionConfiguration", "Tags"},
			Actions:    []string{"states:DescribeStateMachine", "states:ListTagsForResource", "tag:GetResources"},
			Identities: []string{"Arn", "Name", "StateMachineRevisionId"},
			Facts:      []string{drift.FactStateMachineStatus},
		}, func(r *run, ctx context.Context, item inventory.Item) { r.stateMachine(ctx, item, tags) }},
		alone{Spec{
			// A version is what it ran as: its definition and role are read in
			// place of the revision, whose id says nothing in another Region.
			Type:       "AWS::StepFunctions::StateMachineVersion",
			Properties: []string{"StateMachineArn", "StateMachineRevisionId", "Description"},
			Actions:    []string{"states:DescribeStateMachine"},
			Identities: []string{"Arn"},
		}, (*run).stateMachineVersion},
		alone{Spec{
			Type:       "AWS::StepFunctions::StateMachineAlias",
			Properties: []string{"Name", "Description", "RoutingConfiguration", "StateMachineArn"},
			Actions:    []string{"states:DescribeStateMachineAlias"},
			Identities: []string{"Arn"},
		}, (*run).stateMachineAlias},
		alone{Spec{
			Type:       "AWS::StepFunctions::Activity",
			Properties: []string{"Name", "EncryptionConfiguration", "Tags"},
			Actions:    []string{"states:DescribeActivity", "states:ListTagsForResource", "tag:GetResources"},
			Identities: []string{"Arn", "Name"},
		}, func(r *run, ctx context.Context, item inventory.Item) { r.activity(ctx, item, tags) }},
	)
}

func (r *run) stateMachine(ctx context.Context, item inventory.Item, tags stateTags) {
	out, err := r.clients.stepFunctions.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.fact(item, drift.FactStateMachineStatus, map[string]any{"Status": string(out.Status)})
	o := newObject().take(out, "Name:StateMachineName", "Type:StateMachineType", "RoleArn", "LoggingConfiguration", "TracingConfiguration",
		"EncryptionConfiguration").
		document("DefinitionString", aws.ToString(out.Definition)).
		identity("Arn", aws.ToString(out.StateMachineArn)).identity("Name", aws.ToString(out.Name)).
		identity("StateMachineRevisionId", aws.ToString(out.RevisionId))
	r.stateTags(ctx, item, o, tags)
	r.found(item, o)
}

func (r *run) stateMachineVersion(ctx context.Context, item inventory.Item) {
	out, err := r.clients.stepFunctions.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	machine, _ := beforeLast(item.ID, ":")
	r.found(item, newObject().take(out, "Description", "RoleArn").set("StateMachineArn", machine).
		document("DefinitionString", aws.ToString(out.Definition)).identity("Arn", item.ID))
}

func (r *run) stateMachineAlias(ctx context.Context, item inventory.Item) {
	out, err := r.clients.stepFunctions.DescribeStateMachineAlias(ctx, &sfn.DescribeStateMachineAliasInput{StateMachineAliasArn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	machine, _ := beforeLast(item.ID, ":")
	r.found(item, newObject().take(out, "Name", "Description", "RoutingConfiguration").set("StateMachineArn", machine).
		identity("Arn", aws.ToString(out.StateMachineAliasArn)))
}

func (r *run) activity(ctx context.Context, item inventory.Item, tags stateTags) {
	out, err := r.clients.stepFunctions.DescribeActivity(ctx, &sfn.DescribeActivityInput{ActivityArn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "Name", "EncryptionConfiguration").
		identity("Arn", aws.ToString(out.ActivityArn)).identity("Name", aws.ToString(out.Name))
	r.stateTags(ctx, item, o, tags)
	r.found(item, o)
}
