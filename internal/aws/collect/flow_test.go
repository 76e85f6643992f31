package collect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	schedulertypes "github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/lockstep-dr/lockstep/drift"
)

// scalableID are the parts of a scalable target's physical id.
func scalableID(id string) []string { return strings.Split(id, "|") }

func TestFlow(t *testing.T) {
	w := telltale(t, "flow")
	ctx := t.Context()
	first := w.snapshots(w.options("app"))[0]
	if s := factOf(t, first, drift.FactStateMachineStatus, "app/Machine"); s["Status"] != "ACTIVE" {
		t.Errorf("state machine %v", s)
	}
	if s := factOf(t, first, drift.FactStreamStatus, "app/Ample"); s["StreamStatus"] != "ACTIVE" || s["OpenShardCount"] != 4.0 {
		t.Errorf("stream %v", s)
	}
	if p := resource(t, first, "app/Ample").Properties; p["ShardCount"] != nil {
		t.Errorf("a stream on demand has shards of its own accord: %v", p)
	}
	w.shows(
		edit{"Express", "DefinitionString", func(cfg aws.Config, id string) error {
			_, err := sfn.NewFromConfig(cfg).UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{StateMachineArn: &id,
				Definition: aws.String(`{"StartAt":"Done","States":{"Done":{"Type":"Fail"}}}`)})
			return err
		}},
		edit{"Machine", "TracingConfiguration", func(cfg aws.Config, id string) error {
			client := sfn.NewFromConfig(cfg)
			out, err := client.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &id})
			if err != nil {
				return err
			}
			out.TracingConfiguration.Enabled = false
			_, err = client.UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{StateMachineArn: &id, TracingConfiguration: out.TracingConfiguration})
			return err
		}},
		edit{"Stream", "RetentionPeriodHours", func(cfg aws.Config, id string) error {
			_, err := kinesis.NewFromConfig(cfg).DecreaseStreamRetentionPeriod(ctx, &kinesis.DecreaseStreamRetentionPeriodInput{StreamName: &id, RetentionPeriodHours: aws.Int32(24)})
			return err
		}},
		edit{"Stream", "ShardCount", func(cfg aws.Config, id string) error {
			_, err := kinesis.NewFromConfig(cfg).UpdateShardCount(ctx, &kinesis.UpdateShardCountInput{StreamName: &id, TargetShardCount: aws.Int32(1), ScalingType: kinesistypes.ScalingTypeUniformScaling})
			return err
		}},
		edit{"Stream", "StreamEncryption", func(cfg aws.Config, id string) error {
			_, err := kinesis.NewFromConfig(cfg).StopStreamEncryption(ctx, &kinesis.StopStreamEncryptionInput{StreamName: &id, EncryptionType: kinesistypes.EncryptionTypeKms, KeyId: aws.String("k")})
			return err
		}},
		edit{"Hourly", "ScheduleExpression", func(cfg aws.Config, id string) error {
			client := scheduler.NewFromConfig(cfg)
			out, err := client.GetSchedule(ctx, &scheduler.GetScheduleInput{Name: &id})
			if err != nil {
				return err
			}
			_, err = client.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{Name: &id, ScheduleExpression: aws.String("rate(2 hours)"), FlexibleTimeWindow: out.FlexibleTimeWindow, Target: out.Target})
			return err
		}},
		edit{"Settle", "Target", func(cfg aws.Config, id string) error {
			client := scheduler.NewFromConfig(cfg)
			out, err := client.GetSchedule(ctx, &scheduler.GetScheduleInput{Name: &id, GroupName: aws.String("nights")})
			if err != nil {
				return err
			}
			out.Target.RetryPolicy = &schedulertypes.RetryPolicy{MaximumRetryAttempts: aws.Int32(0)}
			_, err = client.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{Name: &id, GroupName: out.GroupName, ScheduleExpression: out.ScheduleExpression,
				ScheduleExpressionTimezone: out.ScheduleExpressionTimezone, FlexibleTimeWindow: out.FlexibleTimeWindow, Target: out.Target})
			return err
		}},
	)
}

func TestTagsOfManyStateMachinesComeFromOneList(t *testing.T) {
	body := "Resources:\n"
	for i := range 12 {
		body += fmt.Sprintf("  M%d: {Type: \"AWS::StepFunctions::StateMachine\", Properties: {RoleArn: \"arn:aws:iam::111111111111:role/x\", "+
			"Definition: {StartAt: A, States: {A: {Type: Succeed}}}, Tags: [{Key: nth, Value: \"%d\"}]}}\n", i, i)
	}
	w := newWorld(t)
	w.deploy(w.sessions[0].Config, "app", []byte(body), nil)
	s := w.snapshots(w.options("app"))[0]
	for i := range 12 {
		if tags := resource(t, s, fmt.Sprintf("app/M%d", i)).Tags; tags["nth"] != fmt.Sprint(i) {
			t.Errorf("M%d has the tags %v", i, tags)
		}
	}
	for _, call := range w.cloud.Calls() {
		if call.Service == "states" && call.Operation == "ListTagsForResource" {
			t.Fatalf("asked for the tags of one: %+v", call)
		}
	}
}
