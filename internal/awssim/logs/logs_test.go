package logs_test

import (
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/logs"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func TestRetentionIsChangedByHand(t *testing.T) {
	b := coretest.New(t, logs.Service())
	r := b.Made(coretest.East, "G", logs.Type, map[string]any{"LogGroupName": "/app/api", "RetentionInDays": "30"})
	b.Made(coretest.East, "H", logs.Type, map[string]any{"LogGroupName": "/other"})
	groups := func() []wire.Object {
		return b.Call(coretest.East, "logs.DescribeLogGroups", wire.Object{"logGroupNamePrefix": "/app"}).Objects("logGroups")
	}
	if got := groups(); len(got) != 1 || got[0]["retentionInDays"] != 30.0 || got[0]["logGroupArn"] != "arn:aws:logs:us-east-1:111111111111:log-group:/app/api" {
		t.Fatalf("%v", got)
	}
	b.Call(coretest.East, "logs.PutRetentionPolicy", wire.Object{"logGroupName": "/app/api", "retentionInDays": 7.0})
	b.Refused("InvalidParameterException", coretest.East, "logs.PutRetentionPolicy", wire.Object{"logGroupName": "/app/api", "retentionInDays": 8.0})
	if got := groups()[0]["retentionInDays"]; got != 7.0 || b.Live(r).Properties["RetentionInDays"] != 7.0 {
		t.Errorf("%v", got)
	}
	b.Call(coretest.East, "logs.DeleteRetentionPolicy", wire.Object{"logGroupName": "/app/api"})
	if groups()[0].Has("retentionInDays") {
		t.Error("events still expire")
	}
	b.Refused("ResourceNotFoundException", coretest.West, "logs.PutRetentionPolicy", wire.Object{"logGroupName": "/app/api", "retentionInDays": 7.0})
	b.Refused("ResourceAlreadyExistsException", coretest.East, "logs.CreateLogGroup", wire.Object{"logGroupName": "/app/api"})
}
