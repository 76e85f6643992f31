package cloudwatch_test

import (
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/cloudwatch"
	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func alarm(more map[string]any) map[string]any {
	p := map[string]any{"MetricName": "m", "Namespace": "n", "Statistic": "Maximum", "Period": "60", "EvaluationPeriods": "15", "Threshold": "900",
		"ComparisonOperator": "GreaterThanThreshold"}
	for k, v := range more {
		p[k] = v
	}
	return p
}

func found(b *coretest.Bench, in wire.Object) []wire.Object {
	b.Helper()
	return b.Call(coretest.East, "monitoring.DescribeAlarms", in).Objects("MetricAlarms")
}

func TestAnAlarmIsChangedByHand(t *testing.T) {
	b := coretest.New(t, cloudwatch.Service())
	r := b.Made(coretest.East, "A", cloudwatch.Type, alarm(map[string]any{"AlarmDescription": "d", "AlarmActions": []any{"arn:aws:sns:us-east-1:111111111111:t"}}))
	b.Call(coretest.East, "monitoring.SetAlarmState", wire.Object{"AlarmName": r.ID, "StateValue": "ALARM", "StateReason": "test"})
	b.Call(coretest.East, "monitoring.DisableAlarmActions", wire.Object{"AlarmNames": []any{r.ID}})
	got := found(b, wire.Object{"StateValue": "ALARM", "ActionPrefix": "arn:aws:sns"})
	if len(got) != 1 || got[0].Bool("ActionsEnabled") || got[0]["Threshold"] != 900.0 {
		t.Fatalf("%v", got)
	}
	if list := found(b, wire.Object{"StateValue": "OK"}); len(list) != 0 {
		t.Errorf("%v", list)
	}
	replaced := wire.Object(alarm(map[string]any{"AlarmName": r.ID, "Threshold": 5.0}))
	b.Call(coretest.East, "monitoring.PutMetricAlarm", replaced)
	got = found(b, wire.Object{"AlarmNames": []any{r.ID}})
	if got[0]["Threshold"] != 5.0 || got[0].Has("AlarmDescription") || !got[0].Bool("ActionsEnabled") || got[0]["StateValue"] != "ALARM" {
		t.Errorf("%v", got[0])
	}
	b.Refused("ResourceNotFound", coretest.West, "monitoring.SetAlarmState", wire.Object{"AlarmName": r.ID, "StateValue": "OK"})
	b.Refused("ValidationError", coretest.East, "monitoring.PutMetricAlarm", wire.Object(alarm(map[string]any{"AlarmName": "x", "ComparisonOperator": "Near"})))
}

func TestAnAlarmActsInItsOwnRegion(t *testing.T) {
	b := coretest.New(t, cloudwatch.Service())
	_, err := b.Make(coretest.West, "A", cloudwatch.Type, alarm(map[string]any{"AlarmActions": []any{"arn:aws:sns:us-east-1:111111111111:t"}}))
	b.Code("ValidationError", err)
	for name, change := range map[string]map[string]any{
		"no metric":           {"MetricName": nil},
		"two statistics":      {"ExtendedStatistic": "p99"},
		"no threshold":        {"Threshold": nil},
		"too many datapoints": {"DatapointsToAlarm": 16.0},
	} {
		p := alarm(change)
		for k, v := range p {
			if v == nil {
				delete(p, k)
			}
		}
		if _, err := b.Make(coretest.East, "A", cloudwatch.Type, p); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
