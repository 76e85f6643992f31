package tagging_test

import (
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/tagging"
)

func TestARNs(t *testing.T) {
	scope := store.Scope{Account: "111111111111", Region: "us-west-2"}
	for _, c := range []struct {
		r    store.Resource
		want string
	}{
		{store.Resource{Scope: scope, Type: "AWS::SQS::Queue", ID: "https://q", Attributes: map[string]any{"Arn": "arn:aws:sqs:us-west-2:111111111111:q"}}, "arn:aws:sqs:us-west-2:111111111111:q"},
		{store.Resource{Scope: scope, Type: "AWS::Logs::LogGroup", Attributes: map[string]any{"Arn": "arn:aws:logs:us-west-2:111111111111:log-group:/a:*"}}, "arn:aws:logs:us-west-2:111111111111:log-group:/a"},
		{store.Resource{Scope: scope, Type: "AWS::SNS::Topic", ID: "arn:aws:sns:us-west-2:111111111111:t"}, "arn:aws:sns:us-west-2:111111111111:t"},
		{store.Resource{Scope: scope, Type: "AWS::SSM::Parameter", ID: "/a/b"}, "arn:aws:ssm:us-west-2:111111111111:parameter/a/b"},
		{store.Resource{Scope: scope, Type: "AWS::ApiGateway::Stage", ID: "api1|prod"}, "arn:aws:apigateway:us-west-2::/restapis/api1/stages/prod"},
		{store.Resource{Scope: scope, Type: "AWS::EC2::SecurityGroup", ID: "sg-1"}, "arn:aws:ec2:us-west-2:111111111111:security-group/sg-1"},
		{store.Resource{Scope: scope, Type: "AWS::SNS::Subscription", ID: "arn:aws:sns:us-west-2:111111111111:t:1"}, ""},
		{store.Resource{Scope: scope, Type: "AWS::Unknown::Thing", ID: "x"}, ""},
	} {
		if have := tagging.ARN(c.r); have != c.want {
			t.Errorf("%s: %q, want %q", c.r.Type, have, c.want)
		}
	}
}

func TestServiceOnlyLists(t *testing.T) {
	var operations []string
	for name := range tagging.Service().Operations {
		operations = append(operations, name)
	}
	if !slices.Equal(operations, []string{"GetResources"}) {
		t.Errorf("operations %v", operations)
	}
}
