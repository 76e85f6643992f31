package target

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

const account = "111111111111"

// alarm makes an alarm in a state.
func (r *rig) alarm(name string, state cwtypes.StateValue) {
	r.Helper()
	api := cloudwatch.NewFromConfig(r.config("us-west-2"))
	_, err := api.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{AlarmName: aws.String(name), Namespace: aws.String("App"), MetricName: aws.String("Errors"),
		Statistic: cwtypes.StatisticSum, Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold})
	if err == nil {
		_, err = api.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String(name), StateValue: state, StateReason: aws.String("a test")})
	}
	if err != nil {
		r.Fatal(err)
	}
}

// triggers are the ARNs of the stack's rollback alarms.
func (r *rig) triggers() []string {
	var arns []string
	if c := r.describe("shop").RollbackConfiguration; c != nil {
		for _, trigger := range c.RollbackTriggers {
			arns = append(arns, aws.ToString(trigger.Arn))
		}
	}
	return arns
}

// TestRollbackAlarmsAreThoseOfTheConfiguration: set, kept, and gone again; one
// that rings takes the update back, and never stops the way back.
func TestRollbackAlarmsAreThoseOfTheConfiguration(t *testing.T) {
	r := newRig(t)
	r.alarm("errors", cwtypes.StateValueOk)
	opts := r.options()
	opts.Account = account
	deployed := func(size, deployment string, alarms []string) (*CloudFormation, error) {
		target := r.stackWith(opts, withSecret, with(map[string]string{"Size": size, "Token": "hush"}), run(deployment), func(s *Stack) {
			s.RollbackAlarms, s.RollbackMonitor = alarms, 2*time.Minute
		})
		return target, target.Execute(ctx, r.prepare(target))
	}
	named := []string{"errors"}
	for _, c := range []struct {
		size   string
		alarms []string
		want   int
	}{{"one", named, 1}, {"two", nil, 1}, {"three", []string{}, 0}, {"four", nil, 0}, {"five", named, 1}} {
		if _, err := deployed(c.size, "d-"+c.size, c.alarms); err != nil {
			t.Fatalf("%s: %v", c.size, err)
		}
		if got := r.triggers(); len(got) != c.want || c.want == 1 && got[0] != "arn:aws:cloudwatch:us-west-2:"+account+":alarm:errors" {
			t.Errorf("with %v the stack has %v", c.alarms, got)
		}
	}
	before := r.image(r.stack(withSecret))
	target, err := deployed("six", "d-six", named)
	if err != nil {
		t.Fatal(err)
	}
	r.alarm("errors", cwtypes.StateValueAlarm)
	back, err := target.Restore(ctx, before)
	if err != nil || r.readSetting() != "five" || len(r.triggers()) != 0 || len(back.Notes) == 0 {
		t.Errorf("%v %+v, the setting is %s, alarms %v", err, back, r.readSetting(), r.triggers())
	}
	_, err = deployed("seven", "d-seven", named)
	r.fails(err, deploy.Failed, "alarm")
	if r.status() != types.StackStatusUpdateRollbackComplete || r.readSetting() != "five" {
		t.Errorf("%s, %s", r.status(), r.readSetting())
	}
}

func TestTopicsOfAStackAreThoseOfTheConfiguration(t *testing.T) {
	r := newRig(t)
	topic := "arn:aws:sns:us-west-2:" + account + ":stacks"
	for _, c := range []struct {
		size   string
		topics []string
		want   int
	}{{"one", []string{topic}, 1}, {"two", nil, 1}, {"three", []string{}, 0}} {
		r.deployed(r.stack(withSecret, with(map[string]string{"Size": c.size, "Token": "hush"}), run("d-"+c.size), func(s *Stack) { s.NotificationARNs = c.topics }))
		if got := r.describe("shop").NotificationARNs; len(got) != c.want {
			t.Errorf("with %v the stack has %v", c.topics, got)
		}
	}
}

// TestWhatExistsIsTakenIntoTheStackOnlyIfThatIsWanted is about a parameter
// that somebody made by hand under the template's name.
func TestWhatExistsIsTakenIntoTheStackOnlyIfThatIsWanted(t *testing.T) {
	const text = "Resources:\n  Setting:\n    Type: AWS::SSM::Parameter\n    DeletionPolicy: Retain\n    Properties: {Name: /shop/setting, Type: String, Value: theirs}\n" +
		"  Other: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: a}}\n"
	r := newRig(t)
	_, err := ssm.NewFromConfig(r.config("us-west-2")).PutParameter(ctx, &ssm.PutParameterInput{Name: aws.String("/shop/setting"), Value: aws.String("theirs"), Type: ssmtypes.ParameterTypeString})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := r.stack(text).Prepare(ctx, nil)
	r.fails(err, deploy.Refused, "already exists")
	if err := r.stack(text).Discard(ctx, plan); err != nil {
		t.Fatal(err)
	}
	target := r.stack(text, run("d-2"), func(s *Stack) { s.ImportExisting = true })
	plan = r.prepare(target)
	if len(plan.Changes) != 2 || plan.Changes[1].Action != "Import" {
		t.Errorf("%+v", plan.Changes)
	}
	if err := target.Execute(ctx, plan); err != nil {
		t.Fatal(err)
	}
	if aws.ToString(r.setting()) != "/shop/setting" || r.readSetting() != "theirs" {
		t.Errorf("the stack has %s with %s", aws.ToString(r.setting()), r.readSetting())
	}
}
