package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type cloudWatchAPI interface {
	GetDashboard(context.Context, *cloudwatch.GetDashboardInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetDashboardOutput, error)
	DescribeAlarms(context.Context, *cloudwatch.DescribeAlarmsInput, ...func(*cloudwatch.Options)) (*cloudwatch.DescribeAlarmsOutput, error)
}

func cloudWatchReader() reader {
	return reader{
		specs: []Spec{
			{
				Type:       "AWS::CloudWatch::Alarm",
				Properties: metricAlarmProperties(),
				Actions:    []string{"cloudwatch:DescribeAlarms"},
				Batch:      perCall(alarmsPerCall),
				Identities: []string{"AlarmName", "Arn"},
				Facts:      []string{drift.FactAlarmState},
			},
			{
				Type:       "AWS::CloudWatch::CompositeAlarm",
				Properties: compositeAlarmProperties(),
				Actions:    []string{"cloudwatch:DescribeAlarms"},
				Batch:      perCall(alarmsPerCall),
				Identities: []string{"AlarmName", "Arn"},
				Facts:      []string{drift.FactAlarmState},
			},
			{
				Type:       "AWS::CloudWatch::Dashboard",
				Properties: []string{"DashboardName", "DashboardBody"},
				Actions:    []string{"cloudwatch:GetDashboard"},
				Identities: []string{"DashboardName"},
			},
		},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			byType(ctx, items, map[string]func([]inventory.Item){
				"AWS::CloudWatch::Alarm":          func(l []inventory.Item) { readAlarms(ctx, r, l) },
				"AWS::CloudWatch::CompositeAlarm": func(l []inventory.Item) { readAlarms(ctx, r, l) },
				"AWS::CloudWatch::Dashboard":      func(l []inventory.Item) { each(ctx, l, func(i inventory.Item) { r.dashboard(ctx, i) }) },
			})
		},
	}
}

func metricAlarmProperties() []string {
	return []string{"AlarmName", "AlarmDescription", "ActionsEnabled", "AlarmActions", "OKActions", "InsufficientDataActions",
		"MetricName", "Namespace", "Dimensions", "Statistic", "ExtendedStatistic", "Period", "Unit", "EvaluationPeriods",
		"DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData", "EvaluateLowSampleCountPercentile", "Metrics",
		"ThresholdMetricId"}
}

func compositeAlarmProperties() []string {
	return []string{"AlarmName", "AlarmDescription", "ActionsEnabled", "AlarmActions", "OKActions", "InsufficientDataActions",
		"AlarmRule", "ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"}
}

// alarmsPerCall is the most names DescribeAlarms takes.
const alarmsPerCall = 100

func readAlarms(ctx context.Context, r *run, items []inventory.Item) {
	var named []inventory.Item
	for _, item := range items {
		if item.ID == "" {
			r.unaddressable(item, "an alarm name")
			continue
		}
		named = append(named, item)
	}
	each(ctx, chunks(named, alarmsPerCall), func(batch []inventory.Item) { r.alarms(ctx, batch) })
}

func (r *run) alarms(ctx context.Context, batch []inventory.Item) {
	asked := make([]string, len(batch))
	for i, item := range batch {
		asked[i] = alarmName(item.ID)
	}
	metric, composite := map[string]types.MetricAlarm{}, map[string]types.CompositeAlarm{}
	pages := cloudwatch.NewDescribeAlarmsPaginator(r.clients.cloudWatch, &cloudwatch.DescribeAlarmsInput{
		AlarmNames: asked, MaxRecords: aws.Int32(alarmsPerCall),
		AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			for _, item := range batch {
				r.failed(item, err)
			}
			return
		}
		for _, a := range page.MetricAlarms {
			metric[aws.ToString(a.AlarmName)] = a
		}
		for _, a := range page.CompositeAlarms {
			composite[aws.ToString(a.AlarmName)] = a
		}
	}
	for _, item := range batch {
		name := alarmName(item.ID)
		if a, ok := metric[name]; ok {
			r.alarm(item, newObject().take(a, metricAlarmProperties()...).identity("Arn", aws.ToString(a.AlarmArn)), a.StateValue)
		} else if a, ok := composite[name]; ok {
			r.alarm(item, newObject().take(a, compositeAlarmProperties()...).identity("Arn", aws.ToString(a.AlarmArn)), a.StateValue)
		} else {
			r.gone(item)
		}
	}
}

func (r *run) alarm(item inventory.Item, o *object, state types.StateValue) {
	r.fact(item, drift.FactAlarmState, string(state))
	r.found(item, o.identity("AlarmName", alarmName(item.ID)))
}

// alarmName takes the name out of an ARN; composite alarms have one as physical id.
func alarmName(id string) string {
	if _, name, ok := strings.Cut(id, ":alarm:"); ok {
		return name
	}
	return id
}

func (r *run) dashboard(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a dashboard name")
		return
	}
	out, err := r.clients.cloudWatch.GetDashboard(ctx, &cloudwatch.GetDashboardInput{DashboardName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.found(item, newObject().set("DashboardName", item.ID).document("DashboardBody", aws.ToString(out.DashboardBody)).identity("DashboardName", item.ID))
}
