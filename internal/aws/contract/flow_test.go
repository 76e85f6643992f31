package contract

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	schedulertypes "github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestScalingIsReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-2"} // moto lists no tags of a Region with a service that has none
		ctx, name := t.Context(), s.unique("scaled")
		clusters := ecs.NewFromConfig(s.config(r.region))
		_, err := clusters.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: &name})
		s.ok(err)
		definition := register(s, clusters, name, "1")
		_, err = clusters.CreateService(ctx, &ecs.CreateServiceInput{Cluster: &name, ServiceName: &name, TaskDefinition: &definition, DesiredCount: aws.Int32(1)})
		s.ok(err)
		api := applicationautoscaling.NewFromConfig(s.config(r.region))
		resource, dimension := "service/"+name+"/"+name, scaling.ScalableDimensionECSServiceDesiredCount
		_, err = api.RegisterScalableTarget(ctx, &applicationautoscaling.RegisterScalableTargetInput{ServiceNamespace: scaling.ServiceNamespaceEcs, ResourceId: &resource,
			ScalableDimension: dimension, MinCapacity: aws.Int32(1), MaxCapacity: aws.Int32(8)})
		s.ok(err)
		policy, err := api.PutScalingPolicy(ctx, &applicationautoscaling.PutScalingPolicyInput{ServiceNamespace: scaling.ServiceNamespaceEcs, ResourceId: &resource,
			ScalableDimension: dimension, PolicyName: str("load"), PolicyType: scaling.PolicyTypeTargetTrackingScaling,
			TargetTrackingScalingPolicyConfiguration: &scaling.TargetTrackingScalingPolicyConfiguration{TargetValue: aws.Float64(60),
				PredefinedMetricSpecification: &scaling.PredefinedMetricSpecification{PredefinedMetricType: scaling.MetricTypeECSServiceAverageCPUUtilization}}})
		s.ok(err)
		_, err = api.PutScheduledAction(ctx, &applicationautoscaling.PutScheduledActionInput{ServiceNamespace: scaling.ServiceNamespaceEcs, ResourceId: &resource,
			ScalableDimension: dimension, ScheduledActionName: str("night"), Schedule: str("cron(0 0 * * ? *)"), ScalableTargetAction: &scaling.ScalableTargetAction{MaxCapacity: aws.Int32(2)}})
		s.ok(err)

		r.item("Target", "ApplicationAutoScaling::ScalableTarget", resource+"|"+string(dimension)+"|ecs", nil)
		r.item("Policy", "ApplicationAutoScaling::ScalingPolicy", *policy.PolicyARN, nil)
		found := r.read()
		r.has(found, "Target", map[string]any{"MinCapacity": 1, "MaxCapacity": 8, "ResourceId": resource, "ScalableDimension": dimension, "ServiceNamespace": "ecs",
			"ScheduledActions": []any{map[string]any{"ScheduledActionName": "night", "Schedule": "cron(0 0 * * ? *)", "ScalableTargetAction": map[string]any{"MaxCapacity": 2}}}})
		r.has(found, "Policy", map[string]any{"PolicyName": "load", "PolicyType": "TargetTrackingScaling", "ResourceId": resource,
			"TargetTrackingScalingPolicyConfiguration": map[string]any{"TargetValue": 60, "PredefinedMetricSpecification": map[string]any{"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}})

		_, err = api.DeregisterScalableTarget(ctx, &applicationautoscaling.DeregisterScalableTargetInput{ServiceNamespace: scaling.ServiceNamespaceEcs, ResourceId: &resource, ScalableDimension: dimension})
		s.ok(err)
		r.items = r.items[:1]
		if result := r.result(); len(result.Resources) != 0 || len(result.Gaps) != 0 || result.Facts[0].Kind != drift.FactGone {
			s.Errorf("after it was taken away: %+v", result)
		}
	})
}

const waits = `{"StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":1,"End":true}}}`

func TestStateMachinesAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("machine")
		api := sfn.NewFromConfig(s.config(r.region))
		role := "arn:aws:iam::123456789012:role/flow"
		made, err := api.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{Name: &name, Definition: aws.String(waits), RoleArn: &role,
			Tags: []sfntypes.Tag{{Key: str("team"), Value: str("payments")}}})
		s.ok(err)
		activity, err := api.CreateActivity(ctx, &sfn.CreateActivityInput{Name: &name})
		s.ok(err)
		r.item("Machine", "StepFunctions::StateMachine", *made.StateMachineArn, nil)
		r.item("Activity", "StepFunctions::Activity", *activity.ActivityArn, nil)
		found := r.read()
		r.has(found, "Machine", map[string]any{"StateMachineName": name, "StateMachineType": "STANDARD", "RoleArn": role,
			"DefinitionString": map[string]any{"StartAt": "Wait", "States": map[string]any{"Wait": map[string]any{"Type": "Wait", "Seconds": 1, "End": true}}}})
		r.has(found, "Activity", map[string]any{"Name": name})
		if tags := found["app/Machine"].Tags; tags["team"] != "payments" {
			s.Errorf("tags %v", tags)
		}
		_, err = api.UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{StateMachineArn: made.StateMachineArn, RoleArn: str(role + "2")})
		s.ok(err)
		r.has(r.read(), "Machine", map[string]any{"RoleArn": role + "2"})
		gone := *made.StateMachineArn + "x"
		r.items = nil
		r.item("Gone", "StepFunctions::StateMachine", gone, nil)
		if result := r.result(); len(result.Gaps) != 0 || result.Facts[0].Kind != drift.FactGone {
			s.Errorf("a machine that is not there: %+v", result)
		}
	})
}

func TestStreamsAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("stream")
		api := kinesis.NewFromConfig(s.config(r.region))
		_, err := api.CreateStream(ctx, &kinesis.CreateStreamInput{StreamName: &name, ShardCount: aws.Int32(2)})
		s.ok(err)
		_, err = api.AddTagsToStream(ctx, &kinesis.AddTagsToStreamInput{StreamName: &name, Tags: map[string]string{"team": "payments"}})
		s.ok(err)
		_, err = api.IncreaseStreamRetentionPeriod(ctx, &kinesis.IncreaseStreamRetentionPeriodInput{StreamName: &name, RetentionPeriodHours: aws.Int32(48)})
		s.ok(err)
		_, err = api.StartStreamEncryption(ctx, &kinesis.StartStreamEncryptionInput{StreamName: &name, EncryptionType: kinesistypes.EncryptionTypeKms, KeyId: str("alias/aws/kinesis")})
		s.ok(err)
		summary, err := api.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: &name})
		s.ok(err)
		consumer, err := api.RegisterStreamConsumer(ctx, &kinesis.RegisterStreamConsumerInput{StreamARN: summary.StreamDescriptionSummary.StreamARN, ConsumerName: str("audit")})
		s.ok(err)
		r.item("Stream", "Kinesis::Stream", name, nil)
		if s.sim != nil { // moto does not tell a consumer's tags
			r.item("Consumer", "Kinesis::StreamConsumer", *consumer.Consumer.ConsumerARN, nil)
		}
		found := r.read()
		r.has(found, "Stream", map[string]any{"Name": name, "ShardCount": 2, "RetentionPeriodHours": 48, "StreamModeDetails": map[string]any{"StreamMode": "PROVISIONED"},
			"StreamEncryption": map[string]any{"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}})
		if s.sim != nil {
			r.has(found, "Consumer", map[string]any{"ConsumerName": "audit", "StreamARN": *summary.StreamDescriptionSummary.StreamARN})
		}
		if tags := found["app/Stream"].Tags; tags["team"] != "payments" {
			s.Errorf("tags %v", tags)
		}
	})
}

func TestSchedulesAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("sched")
		api := scheduler.NewFromConfig(s.config(r.region))
		_, err := api.CreateScheduleGroup(ctx, &scheduler.CreateScheduleGroupInput{Name: &name, Tags: []schedulertypes.Tag{{Key: str("team"), Value: str("payments")}}})
		s.ok(err)
		target := &schedulertypes.Target{Arn: str("arn:aws:sqs:eu-west-1:123456789012:q"), RoleArn: str("arn:aws:iam::123456789012:role/x"),
			RetryPolicy: &schedulertypes.RetryPolicy{MaximumRetryAttempts: aws.Int32(3), MaximumEventAgeInSeconds: aws.Int32(600)}}
		in := &scheduler.CreateScheduleInput{Name: &name, GroupName: &name, ScheduleExpression: str("rate(5 minutes)"), Target: target, State: schedulertypes.ScheduleStateDisabled,
			FlexibleTimeWindow: &schedulertypes.FlexibleTimeWindow{Mode: schedulertypes.FlexibleTimeWindowModeOff}}
		_, err = api.CreateSchedule(ctx, in)
		s.ok(err)
		r.item("Group", "Scheduler::ScheduleGroup", name, nil)
		r.item("Schedule", "Scheduler::Schedule", name, map[string]any{"GroupName": name})
		found := r.read()
		r.has(found, "Schedule", map[string]any{"Name": name, "GroupName": name, "ScheduleExpression": "rate(5 minutes)", "State": "DISABLED",
			"FlexibleTimeWindow": map[string]any{"Mode": "OFF"}})
		if tags := found["app/Group"].Tags; tags["team"] != "payments" {
			s.Errorf("tags %v", tags)
		}
		_, err = api.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{Name: &name, GroupName: &name, ScheduleExpression: str("rate(1 days)"), Target: target, FlexibleTimeWindow: in.FlexibleTimeWindow})
		s.ok(err)
		r.has(r.read(), "Schedule", map[string]any{"ScheduleExpression": "rate(1 days)"})
		r.items = nil
		r.item("Gone", "Scheduler::Schedule", name, map[string]any{"GroupName": "default"})
		if result := r.result(); len(result.Gaps) != 0 || result.Facts[0].Kind != drift.FactGone {
			s.Errorf("a schedule of another group: %+v", result)
		}
	})
}
