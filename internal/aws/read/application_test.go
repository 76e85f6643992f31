package read

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	httptypes "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognitotypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
	kafkatypes "github.com/aws/aws-sdk-go-v2/service/kafka/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	taggingtypes "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

var oneTarget = scaling.ScalableTarget{ResourceId: aws.String("service/c/s"), ScalableDimension: "ecs:service:DesiredCount", ServiceNamespace: "ecs"}

// Each case lets all calls but one succeed, as in the test of the same name for
// the other services.
func TestOneRefusedCallOfAnApplicationCostsOneProperty(t *testing.T) {
	denied := refusal("AccessDeniedException")
	repository := &ecr.DescribeRepositoriesOutput{Repositories: []ecrtypes.Repository{{RepositoryName: aws.String("physical")}}}
	noLifecycle, noPolicy := &ecrtypes.LifecyclePolicyNotFoundException{}, &ecrtypes.RepositoryPolicyNotFoundException{}
	noTags := &ecr.ListTagsForResourceOutput{}
	cluster := kafkatypes.Cluster{ClusterArn: aws.String(kafkaARN), Provisioned: &kafkatypes.Provisioned{
		CurrentBrokerSoftwareInfo: &kafkatypes.BrokerSoftwareInfo{ConfigurationArn: aws.String("arn:aws:kafka:us-west-2:111111111111:configuration/x/1")}}}
	layered := &lambda.GetFunctionOutput{Configuration: &lambdatypes.FunctionConfiguration{FunctionName: aws.String("f"),
		Layers: []lambdatypes.Layer{{Arn: aws.String("arn:aws:lambda:us-west-2:222222222222:layer:agent:9")}}}}
	cases := []struct {
		name, typ      string
		table          map[string]any
		property, fact string
		operation      string
	}{
		{"scheduled actions", "AWS::ApplicationAutoScaling::ScalableTarget", map[string]any{
			"Application Auto Scaling DescribeScalableTargets":  &applicationautoscaling.DescribeScalableTargetsOutput{ScalableTargets: []scaling.ScalableTarget{oneTarget}},
			"Application Auto Scaling DescribeScalingPolicies":  &applicationautoscaling.DescribeScalingPoliciesOutput{},
			"Application Auto Scaling DescribeScheduledActions": denied}, "ScheduledActions", "", "application-autoscaling:DescribeScheduledActions"},
		{"policies of a target", "AWS::ApplicationAutoScaling::ScalableTarget", map[string]any{
			"Application Auto Scaling DescribeScalableTargets":  &applicationautoscaling.DescribeScalableTargetsOutput{ScalableTargets: []scaling.ScalableTarget{oneTarget}},
			"Application Auto Scaling DescribeScheduledActions": &applicationautoscaling.DescribeScheduledActionsOutput{},
			"Application Auto Scaling DescribeScalingPolicies":  denied}, "ScalingPolicies", "", "application-autoscaling:DescribeScalingPolicies"},
		{"tags of a state machine", "AWS::StepFunctions::StateMachine", map[string]any{"SFN DescribeStateMachine": &sfn.DescribeStateMachineOutput{}, "SFN ListTagsForResource": denied},
			"Tags", "", "states:ListTagsForResource"},
		{"tags of an activity", "AWS::StepFunctions::Activity", map[string]any{"SFN DescribeActivity": &sfn.DescribeActivityOutput{}, "SFN ListTagsForResource": denied},
			"Tags", "", "states:ListTagsForResource"},
		{"tags of a stream", "AWS::Kinesis::Stream", map[string]any{"Kinesis ListTagsForStream": denied,
			"Kinesis DescribeStreamSummary": &kinesis.DescribeStreamSummaryOutput{StreamDescriptionSummary: &kinesistypes.StreamDescriptionSummary{}}}, "Tags", "", "kinesis:ListTagsForStream"},
		{"tags of a consumer", "AWS::Kinesis::StreamConsumer", map[string]any{"Kinesis ListTagsForResource": denied,
			"Kinesis DescribeStreamConsumer": &kinesis.DescribeStreamConsumerOutput{ConsumerDescription: &kinesistypes.ConsumerDescription{}}}, "Tags", "", "kinesis:ListTagsForResource"},
		{"tags of a group of schedules", "AWS::Scheduler::ScheduleGroup", map[string]any{"Scheduler GetScheduleGroup": &scheduler.GetScheduleGroupOutput{Arn: aws.String("arn:g")}, "Scheduler ListTagsForResource": denied},
			"Tags", "", "scheduler:ListTagsForResource"},
		{"tags of a bus", "AWS::Events::EventBus", map[string]any{"EventBridge DescribeEventBus": &eventbridge.DescribeEventBusOutput{Arn: aws.String("arn:b")}, "EventBridge ListTagsForResource": denied},
			"Tags", "", "events:ListTagsForResource"},
		{"lifecycle of images", "AWS::ECR::Repository", map[string]any{"ECR DescribeRepositories": repository, "ECR GetLifecyclePolicy": denied, "ECR GetRepositoryPolicy": noPolicy, "ECR ListTagsForResource": noTags},
			"LifecyclePolicy", "", "ecr:GetLifecyclePolicy"},
		{"policy of a repository", "AWS::ECR::Repository", map[string]any{"ECR DescribeRepositories": repository, "ECR GetLifecyclePolicy": noLifecycle, "ECR GetRepositoryPolicy": denied, "ECR ListTagsForResource": noTags},
			"RepositoryPolicyText", "", "ecr:GetRepositoryPolicy"},
		{"tags of a repository", "AWS::ECR::Repository", map[string]any{"ECR DescribeRepositories": repository, "ECR GetLifecyclePolicy": noLifecycle, "ECR GetRepositoryPolicy": noPolicy, "ECR ListTagsForResource": denied},
			"Tags", "", "ecr:ListTagsForResource"},
		{"policies of an access entry", "AWS::EKS::AccessEntry", map[string]any{"EKS DescribeAccessEntry": &eks.DescribeAccessEntryOutput{AccessEntry: &ekstypes.AccessEntry{}}, "EKS ListAssociatedAccessPolicies": denied},
			"AccessPolicies", "", "eks:ListAssociatedAccessPolicies"},
		{"second factors", "AWS::Cognito::UserPool", map[string]any{"Cognito Identity Provider GetUserPoolMfaConfig": denied,
			"Cognito Identity Provider DescribeUserPool": &cognitoidentityprovider.DescribeUserPoolOutput{UserPool: &cognitotypes.UserPoolType{}}}, "EnabledMfas", "", "cognito-idp:GetUserPoolMfaConfig"},
		{"web ACL of a user pool", "AWS::Cognito::UserPool", map[string]any{"WAFV2 GetWebACLForResource": denied,
			"Cognito Identity Provider GetUserPoolMfaConfig": &cognitoidentityprovider.GetUserPoolMfaConfigOutput{},
			"Cognito Identity Provider DescribeUserPool":     &cognitoidentityprovider.DescribeUserPoolOutput{UserPool: &cognitotypes.UserPoolType{}}}, "WebACL", "", "wafv2:GetWebACLForResource"},
		{"launch template of nodes", "AWS::EKS::Nodegroup", map[string]any{"EC2 DescribeLaunchTemplateVersions": denied, "EKS DescribeNodegroup": &eks.DescribeNodegroupOutput{
			Nodegroup: &ekstypes.Nodegroup{LaunchTemplate: &ekstypes.LaunchTemplateSpecification{Id: aws.String("lt-1"), Version: aws.String("2")}}}},
			"LaunchTemplate", "", "ec2:DescribeLaunchTemplateVersions"},
		{"provisioned concurrency of a version", "AWS::Lambda::Version", map[string]any{"Lambda GetFunction": function, "Lambda GetProvisionedConcurrencyConfig": denied},
			"ProvisionedConcurrencyConfig", "", "lambda:GetProvisionedConcurrencyConfig"},
		{"what is in a layer of somebody else", "AWS::Lambda::Function", map[string]any{"Lambda GetFunction": layered, "Lambda GetLayerVersionByArn": denied}, "", drift.FactContent, "lambda:GetLayerVersion"},
		{"what brokers run with", "AWS::MSK::Cluster", map[string]any{"Kafka ListClustersV2": &kafka.ListClustersV2Output{ClusterInfoList: []kafkatypes.Cluster{cluster}},
			"Kafka DescribeConfigurationRevision": denied}, "ConfigurationInfo", "", "kafka:DescribeConfigurationRevision"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			result := readAll(t, by(c.table), request(sampleOf(c.typ)))
			resource := one(t, result)
			gaps := result.gapsOf(c.property, c.fact)
			if len(gaps) != 1 || gaps[0].Operation != c.operation || gaps[0].Reason != session.AccessDenied || gaps[0].Resource != resource.Key {
				t.Fatalf("gaps %+v, want one for %s%s through %s", result.Gaps, c.property, c.fact, c.operation)
			}
			if _, set := resource.Properties[c.property]; c.property != "" && set {
				t.Errorf("%s has a value although it was not read", c.property)
			}
		})
	}
}

// copies makes items of one type with their own keys and ids.
func copies(typ string, n int, id func(int) string) []inventory.Item {
	list := make([]inventory.Item, n)
	for i := range list {
		list[i] = sampleOf(typ)
		list[i].Key, list[i].ID = fmt.Sprintf("%s%03d", list[i].Key, i), id(i)
	}
	return list
}

func TestManyTargetsShareTheirCalls(t *testing.T) {
	items := copies("AWS::ApplicationAutoScaling::ScalableTarget", 60, func(i int) string { return fmt.Sprintf("service/c/s%d|ecs:service:DesiredCount|ecs", i) })
	var calls callCounter
	result := readAll(t, calls.count(func(_, operation string, in any) (any, error) {
		if _, ok := in.(*applicationautoscaling.DescribeScalingPoliciesInput); ok {
			return &applicationautoscaling.DescribeScalingPoliciesOutput{}, nil
		}
		q, ok := in.(*applicationautoscaling.DescribeScalableTargetsInput)
		if !ok {
			return &applicationautoscaling.DescribeScheduledActionsOutput{}, nil
		}
		out := &applicationautoscaling.DescribeScalableTargetsOutput{}
		half := q.ResourceIds[:len(q.ResourceIds)/2]
		if q.NextToken != nil {
			half = q.ResourceIds[len(q.ResourceIds)/2:]
		} else {
			out.NextToken = aws.String("second page")
		}
		for _, id := range half {
			target := oneTarget
			target.ResourceId = &id
			out.ScalableTargets = append(out.ScalableTargets, target)
		}
		return out, nil
	}), request(items...))
	if len(result.Resources) != 60 || len(result.Gaps) != 0 || calls.of("DescribeScalableTargets") != 4 || calls.of("DescribeScheduledActions") != 1 {
		t.Errorf("read %d, gaps %+v, calls %v", len(result.Resources), result.Gaps, calls.calls)
	}
}

func TestTagsOfManyStateMachinesAreListedAndOfFewAsked(t *testing.T) {
	machine := func(i int) string { return fmt.Sprintf("arn:aws:states:us-west-2:111111111111:stateMachine:m%d", i) }
	listed := &resourcegroupstaggingapi.GetResourcesOutput{ResourceTagMappingList: []taggingtypes.ResourceTagMapping{
		{ResourceARN: aws.String(machine(0)), Tags: []taggingtypes.Tag{{Key: aws.String("team"), Value: aws.String("a")}}}}}
	asked := &sfn.ListTagsForResourceOutput{Tags: []sfntypes.Tag{{Key: aws.String("team"), Value: aws.String("a")}}}
	for name, c := range map[string]struct {
		machines int
		list     any
		stack    string
		calls    int // for the tags of one
	}{
		"nine":                            {9, listed, "", 9},
		"ten":                             {10, listed, "", 0},
		"ten of a stack, nine not listed": {10, listed, "arn:aws:cloudformation:us-west-2:111111111111:stack/app/1", 9},
		"ten, and the list is refused":    {10, refusal("AccessDeniedException"), "", 10},
		"ten, and the list is out of use": {10, refusal("UnknownOperationException"), "", 10},
	} {
		items := copies("AWS::StepFunctions::StateMachine", c.machines, machine)
		for i := range items {
			items[i].StackID = c.stack
		}
		var calls callCounter
		result := readAll(t, calls.count(by(map[string]any{"SFN DescribeStateMachine": &sfn.DescribeStateMachineOutput{}, "SFN ListTagsForResource": asked,
			"Resource Groups Tagging API GetResources": c.list})), request(items...))
		if len(result.Resources) != c.machines || len(result.Gaps) != 0 || calls.of("ListTagsForResource") != c.calls || result.Resources[0].Tags["team"] != "a" {
			t.Errorf("%s: read %d, gaps %+v, calls %v, tags %v", name, len(result.Resources), result.Gaps, calls.calls, result.Resources[0].Tags)
		}
		if tagged := result.Resources[1].Tags["team"] == "a"; tagged != (c.calls > 0) {
			t.Errorf("%s: the second machine is tagged: %v", name, tagged)
		}
	}
}

func TestOneUnknownRepositoryIsGoneAndTheOthersAreRead(t *testing.T) {
	items := copies("AWS::ECR::Repository", 3, func(i int) string { return fmt.Sprintf("repo%d", i) })
	var calls callCounter
	result := readAll(t, calls.count(func(_, operation string, in any) (any, error) {
		switch q := in.(type) {
		case *ecr.DescribeRepositoriesInput:
			out := &ecr.DescribeRepositoriesOutput{}
			for _, name := range q.RepositoryNames {
				if name == "repo1" {
					return nil, refusal("RepositoryNotFoundException")
				}
				out.Repositories = append(out.Repositories, ecrtypes.Repository{RepositoryName: &name})
			}
			return out, nil
		case *ecr.GetLifecyclePolicyInput:
			return nil, &ecrtypes.LifecyclePolicyNotFoundException{}
		case *ecr.GetRepositoryPolicyInput:
			return nil, &ecrtypes.RepositoryPolicyNotFoundException{}
		}
		return &ecr.ListTagsForResourceOutput{}, nil
	}), request(items...))
	if _, gone := result.fact(drift.FactGone, items[1].Key); !gone || len(result.Resources) != 2 || len(result.Gaps) != 0 || calls.of("DescribeRepositories") != 4 {
		t.Errorf("read %d, facts %+v, gaps %+v, calls %v", len(result.Resources), result.Facts, result.Gaps, calls.calls)
	}
}

func TestPartsOfOneAPIShareACallAndItsPages(t *testing.T) {
	items := copies("AWS::ApiGatewayV2::Route", 4, func(i int) string { return fmt.Sprintf("r%d", i) })
	var calls callCounter
	pages := func(_, _ string, in any) (any, error) {
		if in.(*apigatewayv2.GetRoutesInput).NextToken == nil {
			return &apigatewayv2.GetRoutesOutput{NextToken: aws.String("2"), Items: []httptypes.Route{{RouteId: aws.String("r0")}, {RouteId: aws.String("r1")}}}, nil
		}
		return &apigatewayv2.GetRoutesOutput{Items: []httptypes.Route{{RouteId: aws.String("r2")}}}, nil
	}
	result := readAll(t, calls.count(pages), request(items...))
	if _, gone := result.fact(drift.FactGone, items[3].Key); !gone || len(result.Resources) != 3 || len(result.Gaps) != 0 || calls.of("GetRoutes") != 2 {
		t.Errorf("read %d, facts %+v, gaps %+v, calls %v", len(result.Resources), result.Facts, result.Gaps, calls.calls)
	}
}

// A list that breaks off says nothing about what it has not listed yet, and
// what it has listed is not used by halves.
func TestAListThatBreaksOffIsAGapOfAll(t *testing.T) {
	second := refusal("ThrottlingException")
	for name, c := range map[string]struct {
		items []inventory.Item
		first any
	}{
		"routes": {copies("AWS::ApiGatewayV2::Route", 2, func(i int) string { return fmt.Sprintf("r%d", i) }),
			&apigatewayv2.GetRoutesOutput{NextToken: aws.String("2"), Items: []httptypes.Route{{RouteId: aws.String("r0")}}}},
		"clusters": {copies("AWS::MSK::Cluster", 2, func(i int) string { return fmt.Sprintf("arn:k%d", i) }),
			&kafka.ListClustersV2Output{NextToken: aws.String("2"), ClusterInfoList: []kafkatypes.Cluster{{ClusterArn: aws.String("arn:k0")}}}},
		"policies": {copies("AWS::ApplicationAutoScaling::ScalingPolicy", 2, func(i int) string { return fmt.Sprintf("%s%d", policyARN, i) }),
			&applicationautoscaling.DescribeScalingPoliciesOutput{NextToken: aws.String("2"), ScalingPolicies: []scaling.ScalingPolicy{{PolicyARN: aws.String(policyARN + "0")}}}},
	} {
		calls := 0
		result := readAll(t, func(string, string, any) (any, error) {
			if calls++; calls > 1 {
				return nil, second
			}
			return c.first, nil
		}, request(c.items...))
		if gaps := result.gapsOf("", ""); len(gaps) != 2 || gaps[0].Reason != session.Throttled || len(result.Resources) != 0 {
			t.Errorf("%s: read %d, gaps %+v", name, len(result.Resources), result.Gaps)
		}
	}
}

func TestTagsOfAStreamAreFollowedByTheirKeys(t *testing.T) {
	result := readAll(t, func(_, operation string, in any) (any, error) {
		q, ok := in.(*kinesis.ListTagsForStreamInput)
		if !ok {
			return &kinesis.DescribeStreamSummaryOutput{StreamDescriptionSummary: &kinesistypes.StreamDescriptionSummary{StreamName: aws.String("physical")}}, nil
		}
		if aws.ToString(q.ExclusiveStartTagKey) == "" {
			return &kinesis.ListTagsForStreamOutput{HasMoreTags: aws.Bool(true), Tags: []kinesistypes.Tag{{Key: aws.String("a"), Value: aws.String("1")}}}, nil
		}
		return &kinesis.ListTagsForStreamOutput{HasMoreTags: aws.Bool(false), Tags: []kinesistypes.Tag{{Key: aws.String("b"), Value: aws.String("2")}}}, nil
	}, request(sampleOf("AWS::Kinesis::Stream")))
	if tags := one(t, result).Tags; tags["a"] != "1" || tags["b"] != "2" {
		t.Errorf("tags %v", tags)
	}
}

func TestLayersThatNoStackOwnsAreToldByTheirContent(t *testing.T) {
	const foreign = "arn:aws:lambda:us-west-2:222222222222:layer:agent:9"
	layer := sampleOf("AWS::Lambda::LayerVersion")
	result := readAll(t, by(map[string]any{
		"Lambda GetFunction": &lambda.GetFunctionOutput{Configuration: &lambdatypes.FunctionConfiguration{FunctionName: aws.String("f"),
			Layers: []lambdatypes.Layer{{Arn: aws.String(foreign)}, {Arn: aws.String(layerARN)}}}},
		"Lambda GetLayerVersionByArn": &lambda.GetLayerVersionByArnOutput{Content: &lambdatypes.LayerVersionContentOutput{CodeSha256: aws.String("c0de"), Location: aws.String("https://x/?X-Amz-Signature=s")}},
		"Lambda GetPolicy":            refusal("ResourceNotFoundException"),
	}), request(sampleOf("AWS::Lambda::Function"), layer))
	value, known := result.fact(drift.FactContent, foreign)
	if !known || member(value, "Kind") != "LambdaLayer" || member(member(value, "Content"), "CodeSha256") != "c0de" || member(member(value, "Content"), "Location") != nil {
		t.Errorf("content %v", value)
	}
	if _, known := result.fact(drift.FactContent, layerARN); known || len(result.Gaps) != 0 || len(result.Resources) != 2 {
		t.Errorf("a layer of the stack is a resource: facts %+v, gaps %+v", result.Facts, result.Gaps)
	}
}
