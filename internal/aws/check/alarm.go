package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// perCall is how many alarms one call describes.
const perCall = 100

// alarmAPI is what looking at alarms calls.
type alarmAPI interface {
	DescribeAlarms(context.Context, *cloudwatch.DescribeAlarmsInput, ...func(*cloudwatch.Options)) (*cloudwatch.DescribeAlarmsOutput, error)
}

// alarms are alarms of one Region that must exist and not ring. One without
// enough data does not ring: a standby has no traffic.
type alarms struct {
	api    alarmAPI
	region string
	names  []string
}

// Alarms returns the check. The configuration must be for the Region.
func Alarms(cfg aws.Config, region string, names []string) deploy.Check {
	return alarms{cloudwatch.NewFromConfig(cfg), region, names}
}

// Name implements deploy.Check.
func (a alarms) Name() string { return "alarms " + strings.Join(a.names, ", ") }

// Check implements deploy.Check.
func (a alarms) Check(ctx context.Context) error {
	states, reasons := map[string]types.StateValue{}, map[string]string{}
	for names := range slices.Chunk(a.names, perCall) {
		out, err := a.api.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: names, MaxRecords: aws.Int32(perCall),
			AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm}})
		if err != nil {
			return fmt.Errorf("look at alarms in %s (cloudwatch:DescribeAlarms): %w", a.region, err)
		}
		for _, alarm := range out.MetricAlarms {
			states[aws.ToString(alarm.AlarmName)], reasons[aws.ToString(alarm.AlarmName)] = alarm.StateValue, aws.ToString(alarm.StateReason)
		}
		for _, alarm := range out.CompositeAlarms {
			states[aws.ToString(alarm.AlarmName)], reasons[aws.ToString(alarm.AlarmName)] = alarm.StateValue, aws.ToString(alarm.StateReason)
		}
	}
	for _, name := range a.names {
		switch state, found := states[name]; {
		case !found:
			return &deploy.Error{Kind: deploy.Failed, Reason: fmt.Sprintf("alarm %s does not exist in %s", name, a.region),
				Hint: "create it there, or correct deploy.alarms"}
		case state == types.StateValueAlarm:
			return &deploy.Error{Kind: deploy.Failed, Resource: name, Type: "AWS::CloudWatch::Alarm",
				Reason: fmt.Sprintf("it rings in %s: %s", a.region, reasons[name])}
		}
	}
	return nil
}
