package check

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

func config(t *testing.T, faults ...awssim.Fault) aws.Config {
	t.Helper()
	cloud, err := awssim.New(awssim.Options{Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	return aws.Config{Region: "us-west-2", HTTPClient: cloud.HTTPClient(), Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}
}

// put makes an alarm in a state.
func put(t *testing.T, cfg aws.Config, name string, state types.StateValue) {
	t.Helper()
	client := cloudwatch.NewFromConfig(cfg)
	_, err := client.PutMetricAlarm(t.Context(), &cloudwatch.PutMetricAlarmInput{AlarmName: aws.String(name), MetricName: aws.String("Errors"),
		Namespace: aws.String("AWS/Lambda"), Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Statistic: types.StatisticSum,
		Threshold: aws.Float64(1), ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold})
	if err == nil {
		_, err = client.SetAlarmState(t.Context(), &cloudwatch.SetAlarmStateInput{AlarmName: aws.String(name), StateValue: state, StateReason: aws.String("5 errors")})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAlarmsHoldWhileTheyExistAndDoNotRing(t *testing.T) {
	cfg := config(t)
	put(t, cfg, "calm", types.StateValueOk)
	put(t, cfg, "idle", types.StateValueInsufficientData)
	put(t, cfg, "loud", types.StateValueAlarm)
	var more []string
	for i := range 60 {
		more = append(more, fmt.Sprintf("calm-%d", i))
		put(t, cfg, more[i], types.StateValueOk)
	}
	for _, c := range []struct {
		names []string
		words string
	}{
		{[]string{"calm", "idle"}, ""},
		{[]string{"calm", "loud"}, "it rings in us-west-2: 5 errors"},
		{[]string{"calm", "gone"}, "gone does not exist in us-west-2"},
		{more, ""}, // than CloudWatch describes in an answer unless it is asked to
	} {
		err := Alarms(cfg, "us-west-2", c.names).Check(t.Context())
		if (err == nil) != (c.words == "") || err != nil && (deploy.KindOf(err) != deploy.Failed || !strings.Contains(err.Error(), c.words)) {
			t.Errorf("%v: %v", c.names, err)
		}
	}
}

func TestAlarmsThatCannotBeReadAreNoAnswer(t *testing.T) {
	for _, effect := range []string{fault.AccessDenied, fault.Throttle, fault.Reset} {
		cfg := config(t, awssim.Fault{Effect: effect, Service: "monitoring"})
		err := Alarms(cfg, "us-west-2", []string{"calm"}).Check(t.Context())
		if err == nil || deploy.KindOf(err) != deploy.Unknown || !strings.Contains(err.Error(), "cloudwatch:DescribeAlarms") {
			t.Errorf("%s: %v", effect, err)
		}
	}
}

// answers is a Lambda that answers one thing.
type answers struct {
	out *lambda.InvokeOutput
	err error
}

func (a answers) Invoke(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error) {
	return a.out, a.err
}

func TestAFunctionsAnswerDecides(t *testing.T) {
	for _, c := range []struct {
		name  string
		api   answers
		kind  deploy.ErrorKind
		words string
	}{
		{"as expected", answers{out: &lambda.InvokeOutput{Payload: []byte(`{"all":"ok"}`)}}, 0, ""},
		{"something else", answers{out: &lambda.InvokeOutput{Payload: []byte(`{"all":"down"}`)}}, deploy.Failed, `{"all":"down"}`},
		{"an error, whatever it says", answers{out: &lambda.InvokeOutput{FunctionError: aws.String("Unhandled"), Payload: []byte(`"ok"`)}}, deploy.Failed, "ended with an error"},
		{"no answer", answers{err: errors.New("AccessDenied")}, deploy.Unknown, "lambda:InvokeFunction"},
		{"an answer without end", answers{out: &lambda.InvokeOutput{Payload: []byte(strings.Repeat("x", 5000))}}, deploy.Failed, "…"},
	} {
		err := invocation{c.api, "us-west-2", "smoke", "{}", `"ok"`}.Check(t.Context())
		if (err == nil) != (c.words == "") || err != nil && (deploy.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.words) || len(err.Error()) > 600) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestActionsAreThoseOfTheInterfaces(t *testing.T) {
	for _, c := range []struct {
		have    []string
		service string
		calls   reflect.Type
	}{{AlarmActions(), "CloudWatch", reflect.TypeFor[alarmAPI]()}, {InvocationActions(), "Lambda", reflect.TypeFor[invokeAPI]()}} {
		var want []string
		for i := range c.calls.NumMethod() {
			want = append(want, session.Action(c.service, c.calls.Method(i).Name))
		}
		if !slices.Equal(c.have, want) {
			t.Errorf("the table says %q, the interface needs %q", c.have, want)
		}
	}
}
