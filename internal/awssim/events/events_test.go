package events_test

import (
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/events"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func target(id string) map[string]any {
	return map[string]any{"Id": id, "Arn": "arn:aws:sqs:us-east-1:111111111111:q"}
}

func TestARuleIsChangedByHand(t *testing.T) {
	b := coretest.New(t, events.Service())
	r := b.Made(coretest.East, "R", events.Type, map[string]any{"ScheduleExpression": "cron(15 2 * * ? *)", "Targets": []any{target("a")}})
	rule := func(member string) wire.Object { return wire.Object{member: r.Properties["Name"]} }
	b.Call(coretest.East, "events.DisableRule", rule("Name"))
	if got := b.Call(coretest.East, "events.DescribeRule", rule("Name")); got["State"] != "DISABLED" || b.Live(r).Properties["State"] != "DISABLED" {
		t.Errorf("%v", got)
	}
	in := rule("Rule")
	in["Targets"] = []any{target("b"), target("a")}
	b.Call(coretest.East, "events.PutTargets", in)
	if got := b.Call(coretest.East, "events.ListTargetsByRule", rule("Rule")).List("Targets"); len(got) != 2 {
		t.Errorf("%v", got)
	}
	b.Refused("ValidationException", coretest.East, "events.DeleteRule", rule("Name"))
	in["Ids"] = []any{"a", "b"}
	b.Call(coretest.East, "events.RemoveTargets", in)
	b.Call(coretest.East, "events.PutRule", wire.Object{"Name": r.Properties["Name"], "EventPattern": `{"source":["x"]}`})
	if got := b.Call(coretest.East, "events.DescribeRule", rule("Name")); got["State"] != "ENABLED" || got.Has("ScheduleExpression") || got["EventPattern"] != `{"source":["x"]}` {
		t.Errorf("%v", got)
	}
	b.Call(coretest.East, "events.DeleteRule", rule("Name"))
	b.Refused("ResourceNotFoundException", coretest.East, "events.DescribeRule", rule("Name"))
}

func TestARuleIsCheckedAsEventBridgeWould(t *testing.T) {
	b := coretest.New(t, events.Service())
	for name, p := range map[string]map[string]any{
		"neither schedule nor pattern": {},
		"cron of five fields":          {"ScheduleExpression": "cron(15 2 * * ?)"},
		"unknown unit":                 {"ScheduleExpression": "rate(2 weeks)"},
		"schedule on another bus":      {"ScheduleExpression": "rate(2 days)", "EventBusName": "mine"},
		"unknown state":                {"ScheduleExpression": "rate(2 days)", "State": "PAUSED"},
		"two targets of one id":        {"ScheduleExpression": "rate(2 days)", "Targets": []any{target("a"), target("a")}},
	} {
		if _, err := b.Make(coretest.East, "R", events.Type, p); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	pattern := map[string]any{"EventPattern": map[string]any{"source": []any{"x"}}, "EventBusName": "mine", "Name": "r"}
	_, err := b.Make(coretest.East, "R", events.Type, pattern)
	b.Code("ResourceNotFoundException", err)
	b.Made(coretest.East, "B", events.BusType, map[string]any{"Name": "mine"})
	if r := b.Made(coretest.East, "R", events.Type, pattern); r.ID != "arn:aws:events:us-east-1:111111111111:rule/mine/r" {
		t.Error(r.ID)
	}
	b.Made(coretest.East, "R2", events.Type, map[string]any{"Name": "r", "ScheduleExpression": "rate(1 day)"})
	if got := b.Call(coretest.East, "events.ListRules", nil).List("Rules"); len(got) != 1 {
		t.Errorf("the default bus lists %v", got)
	}
}
