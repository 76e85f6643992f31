package contract

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	cctypes "github.com/aws/aws-sdk-go-v2/service/cloudcontrol/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

const oneParameter = `
Parameters: {Release: {Type: String}}
Resources:
  Config:
    Type: AWS::SSM::Parameter
    Properties: {Name: !Sub "/${AWS::StackName}/config", Type: String, Value: !Ref Release}
Outputs:
  Name: {Value: !Ref Config, Export: {Name: !Sub "${AWS::StackName}-name"}}
`

func parameters(release string) []types.Parameter {
	return []types.Parameter{{ParameterKey: str("Release"), ParameterValue: &release}}
}

func (s side) stack(api *cloudformation.Client, name string) types.Stack {
	s.Helper()
	out, err := api.DescribeStacks(context.Background(), &cloudformation.DescribeStacksInput{StackName: &name})
	s.ok(err)
	return out.Stacks[0]
}

func (s side) settled(api *cloudformation.Client, name string, want types.StackStatus) types.Stack {
	s.Helper()
	var st types.Stack
	s.until("stack "+name+" to be "+string(want), func() bool {
		st = s.stack(api, name)
		return !strings.HasSuffix(string(st.StackStatus), "_IN_PROGRESS")
	})
	if st.StackStatus != want {
		s.Fatalf("stack %s is %s: %s", name, st.StackStatus, aws.ToString(st.StackStatusReason))
	}
	return st
}

func TestStacksAreCreatedDescribedAndDeleted(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("app")
		api := cloudformation.NewFromConfig(s.config("eu-west-1"))
		_, err := api.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
		s.code(err, "ValidationError")
		if !strings.Contains(err.Error(), "does not exist") {
			s.Errorf("missing stack: %v", err)
		}
		made, err := api.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: &name, TemplateBody: str(oneParameter), Parameters: parameters("r1"),
			Tags: []types.Tag{{Key: str("team"), Value: str("payments")}}})
		s.ok(err)
		st := s.settled(api, name, types.StackStatusCreateComplete)
		if *st.StackId != *made.StackId || len(st.Outputs) != 1 || *st.Outputs[0].OutputValue != "/"+name+"/config" || st.CreationTime == nil || len(st.Tags) != 1 {
			s.Errorf("%+v", st)
		}
		_, err = api.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: &name, TemplateBody: str(oneParameter), Parameters: parameters("r1")})
		s.code(err, "AlreadyExistsException")
		body, err := api.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &name})
		s.ok(err)
		if *body.TemplateBody != oneParameter {
			s.Errorf("template changed: %q", *body.TemplateBody)
		}
		rows, err := api.ListStackResources(ctx, &cloudformation.ListStackResourcesInput{StackName: &name})
		s.ok(err)
		if len(rows.StackResourceSummaries) != 1 || *rows.StackResourceSummaries[0].PhysicalResourceId != "/"+name+"/config" {
			s.Errorf("%+v", rows.StackResourceSummaries)
		}
		value, err := ssm.NewFromConfig(s.config("eu-west-1")).GetParameter(ctx, &ssm.GetParameterInput{Name: str("/" + name + "/config")})
		s.ok(err)
		if *value.Parameter.Value != "r1" {
			s.Errorf("live value %q", *value.Parameter.Value)
		}
		exports, err := api.ListExports(ctx, &cloudformation.ListExportsInput{})
		s.ok(err)
		found := false
		for _, e := range exports.Exports {
			found = found || *e.Name == name+"-name" && *e.Value == "/"+name+"/config"
		}
		if !found {
			s.Errorf("exports %+v", exports.Exports)
		}
		_, err = api.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &name})
		s.ok(err)
		s.settled(api, *made.StackId, types.StackStatusDeleteComplete)
		if s.sim != nil { // moto leaves the parameter behind
			_, err = ssm.NewFromConfig(s.config("eu-west-1")).GetParameter(ctx, &ssm.GetParameterInput{Name: str("/" + name + "/config")})
			s.code(err, "ParameterNotFound")
		}
	})
}

func TestChangeSetsOfNewStacksListTheirResources(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("set")
		api := cloudformation.NewFromConfig(s.config("eu-west-1"))
		made, err := api.CreateChangeSet(ctx, &cloudformation.CreateChangeSetInput{StackName: &name, ChangeSetName: str("one"), ChangeSetType: types.ChangeSetTypeCreate,
			TemplateBody: str(oneParameter), Parameters: parameters("r1")})
		s.ok(err)
		var set *cloudformation.DescribeChangeSetOutput
		s.until("the change set", func() bool {
			set, err = api.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{ChangeSetName: made.Id})
			s.ok(err)
			return set.Status == types.ChangeSetStatusCreateComplete
		})
		ch := set.Changes[0].ResourceChange
		if len(set.Changes) != 1 || ch.Action != types.ChangeActionAdd || *ch.LogicalResourceId != "Config" || set.ExecutionStatus != types.ExecutionStatusAvailable {
			s.Errorf("%+v", set)
		}
		_, err = api.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{ChangeSetName: made.Id})
		s.ok(err)
		s.settled(api, name, types.StackStatusCreateComplete)
	})
}

const noMoto = "moto's updates lose resources, and it has no failures, drift or operations"

func TestTheSDKReadsEverythingAnUpdateLeavesBehind(t *testing.T) {
	both(t, noMoto, func(s side) {
		ctx, name := context.Background(), s.unique("upd")
		api := cloudformation.NewFromConfig(s.config("eu-west-1"))
		_, err := api.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: &name, TemplateBody: str(oneParameter), Parameters: parameters("r1")})
		s.ok(err)
		s.settled(api, name, types.StackStatusCreateComplete)
		set, err := api.CreateChangeSet(ctx, &cloudformation.CreateChangeSetInput{StackName: &name, ChangeSetName: str("two"), UsePreviousTemplate: aws.Bool(true), Parameters: parameters("r2")})
		s.ok(err)
		var got *cloudformation.DescribeChangeSetOutput
		s.until("the change set", func() bool {
			got, err = api.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{ChangeSetName: set.Id, IncludePropertyValues: aws.Bool(true)})
			s.ok(err)
			return got.Status == types.ChangeSetStatusCreateComplete
		})
		target := got.Changes[0].ResourceChange.Details[0].Target
		if *target.Path != "/Properties/Value" || *target.BeforeValue != "r1" || *target.AfterValue != "r2" || target.RequiresRecreation != types.RequiresRecreationNever {
			s.Errorf("%+v", target)
		}
		_, err = api.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{ChangeSetName: set.Id, ClientRequestToken: str("tok")})
		s.ok(err)
		st := s.settled(api, name, types.StackStatusUpdateComplete)
		if st.LastUpdatedTime == nil || len(st.LastOperations) == 0 || st.LastOperations[0].OperationType != types.OperationTypeUpdateStack || st.DriftInformation == nil {
			s.Errorf("%+v", st)
		}
		events, err := api.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: &name})
		s.ok(err)
		if last := events.StackEvents[0]; last.ResourceStatus != types.ResourceStatusUpdateComplete || aws.ToString(last.ClientRequestToken) != "tok" || last.Timestamp == nil {
			s.Errorf("%+v", last)
		}
		operation, err := api.DescribeEvents(ctx, &cloudformation.DescribeEventsInput{OperationId: st.LastOperations[0].OperationId})
		s.ok(err)
		if len(operation.OperationEvents) < 4 {
			s.Errorf("%d events of the operation", len(operation.OperationEvents))
		}
		drift, err := api.DetectStackDrift(ctx, &cloudformation.DetectStackDriftInput{StackName: &name})
		s.ok(err)
		s.until("drift", func() bool {
			out, err := api.DescribeStackDriftDetectionStatus(ctx, &cloudformation.DescribeStackDriftDetectionStatusInput{StackDriftDetectionId: drift.StackDriftDetectionId})
			s.ok(err)
			return out.DetectionStatus == types.StackDriftDetectionStatusDetectionComplete
		})
		drifts, err := api.DescribeStackResourceDrifts(ctx, &cloudformation.DescribeStackResourceDriftsInput{StackName: &name})
		s.ok(err)
		if len(drifts.StackResourceDrifts) != 1 || drifts.StackResourceDrifts[0].StackResourceDriftStatus != types.StackResourceDriftStatusInSync {
			s.Errorf("%+v", drifts.StackResourceDrifts)
		}
		s.readsAll(api, name)
		_, err = api.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &name})
		s.code(err, "ValidationError")
		_, err = api.ListStackSets(ctx, nil)
		s.code(err, "InvalidAction")
	})
}

func TestCloudControlWorksOnTheSameState(t *testing.T) {
	both(t, "moto has no Cloud Control", func(s side) {
		ctx, name := context.Background(), "/"+s.unique("cc")
		api := cloudcontrol.NewFromConfig(s.config("eu-west-1"))
		wait := func(event *cctypes.ProgressEvent) *cctypes.ProgressEvent {
			s.until("the request", func() bool {
				out, err := api.GetResourceRequestStatus(ctx, &cloudcontrol.GetResourceRequestStatusInput{RequestToken: event.RequestToken})
				s.ok(err)
				event = out.ProgressEvent
				return event.OperationStatus != cctypes.OperationStatusInProgress
			})
			return event
		}
		typ := str("AWS::SSM::Parameter")
		desired := `{"Name":"` + name + `","Type":"String","Value":"v1"}`
		made, err := api.CreateResource(ctx, &cloudcontrol.CreateResourceInput{TypeName: typ, DesiredState: &desired})
		s.ok(err)
		if e := wait(made.ProgressEvent); e.OperationStatus != cctypes.OperationStatusSuccess || *e.Identifier != name {
			s.Fatalf("%+v", e)
		}
		again, err := api.CreateResource(ctx, &cloudcontrol.CreateResourceInput{TypeName: typ, DesiredState: &desired})
		s.ok(err)
		if e := wait(again.ProgressEvent); e.ErrorCode != cctypes.HandlerErrorCodeAlreadyExists {
			s.Errorf("%+v", e)
		}
		changed, err := api.UpdateResource(ctx, &cloudcontrol.UpdateResourceInput{TypeName: typ, Identifier: &name, PatchDocument: str(`[{"op":"replace","path":"/Value","value":"v2"}]`)})
		s.ok(err)
		wait(changed.ProgressEvent)
		value, err := ssm.NewFromConfig(s.config("eu-west-1")).GetParameter(ctx, &ssm.GetParameterInput{Name: &name})
		s.ok(err)
		if *value.Parameter.Value != "v2" {
			s.Errorf("ssm sees %q", *value.Parameter.Value)
		}
		got, err := api.GetResource(ctx, &cloudcontrol.GetResourceInput{TypeName: typ, Identifier: &name})
		s.ok(err)
		if !strings.Contains(*got.ResourceDescription.Properties, `"Value":"v2"`) {
			s.Errorf("%s", *got.ResourceDescription.Properties)
		}
		listed, err := api.ListResources(ctx, &cloudcontrol.ListResourcesInput{TypeName: typ})
		s.ok(err)
		if len(listed.ResourceDescriptions) != 1 {
			s.Errorf("%d listed", len(listed.ResourceDescriptions))
		}
		gone, err := api.DeleteResource(ctx, &cloudcontrol.DeleteResourceInput{TypeName: typ, Identifier: &name})
		s.ok(err)
		wait(gone.ProgressEvent)
		_, err = api.GetResource(ctx, &cloudcontrol.GetResourceInput{TypeName: typ, Identifier: &name})
		s.code(err, "ResourceNotFoundException")
	})
}

// readsAll calls the reads whose answers no other test looks at.
func (s side) readsAll(api *cloudformation.Client, name string) {
	s.Helper()
	ctx := context.Background()
	for _, call := range []func() error{
		func() error { _, err := api.ListStacks(ctx, nil); return err },
		func() error {
			_, err := api.ListChangeSets(ctx, &cloudformation.ListChangeSetsInput{StackName: &name})
			return err
		},
		func() error {
			_, err := api.DescribeStackResources(ctx, &cloudformation.DescribeStackResourcesInput{StackName: &name})
			return err
		},
		func() error {
			_, err := api.DescribeStackResource(ctx, &cloudformation.DescribeStackResourceInput{StackName: &name, LogicalResourceId: str("Config")})
			return err
		},
		func() error {
			_, err := api.GetTemplateSummary(ctx, &cloudformation.GetTemplateSummaryInput{StackName: &name})
			return err
		},
		func() error {
			_, err := api.ValidateTemplate(ctx, &cloudformation.ValidateTemplateInput{TemplateBody: str(oneParameter)})
			return err
		},
		func() error {
			_, err := api.UpdateTerminationProtection(ctx, &cloudformation.UpdateTerminationProtectionInput{StackName: &name, EnableTerminationProtection: aws.Bool(true)})
			return err
		},
	} {
		s.ok(call())
	}
}
