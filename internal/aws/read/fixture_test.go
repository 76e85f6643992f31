package read

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

const (
	here = "us-west-2"
	acct = "111111111111"
)

// answers is a Region in which every call is answered by a function instead of
// the network: with a value of the operation's output type, or an error. The
// clients are the SDK's own, so errors carry what real ones do.
type answers func(service, operation string, in any) (any, error)

func (a answers) clients() Clients {
	cfg := aws.Config{Region: here, Retryer: func() aws.Retryer { return aws.NopRetryer{} }}
	cfg.APIOptions = append(cfg.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Answers", func(
			ctx context.Context, in middleware.InitializeInput, _ middleware.InitializeHandler,
		) (out middleware.InitializeOutput, _ middleware.Metadata, err error) {
			out.Result, err = a(middleware.GetServiceID(ctx), middleware.GetOperationName(ctx), in.Parameters)
			out.Result = fresh(out.Result)
			return out, middleware.Metadata{}, err
		}), middleware.Before)
	})
	return Clients{
		openSearch: opensearch.NewFromConfig(cfg),
		backup:     backup.NewFromConfig(cfg),
		efs:        efs.NewFromConfig(cfg),
		waf:        wafv2.NewFromConfig(cfg),
		route53:    route53.NewFromConfig(cfg),
		cache:      elasticache.NewFromConfig(cfg),
		acm:        acm.NewFromConfig(cfg),
		apiGateway: apigateway.NewFromConfig(cfg), cloudControl: cloudcontrol.NewFromConfig(cfg), cloudWatch: cloudwatch.NewFromConfig(cfg),
		dynamoDB: dynamodb.NewFromConfig(cfg), ec2: ec2.NewFromConfig(cfg), ecs: ecs.NewFromConfig(cfg), events: eventbridge.NewFromConfig(cfg),
		iam: iam.NewFromConfig(cfg), kms: kms.NewFromConfig(cfg), lambda: lambda.NewFromConfig(cfg), logs: cloudwatchlogs.NewFromConfig(cfg), rds: rds.NewFromConfig(cfg),
		s3: s3.NewFromConfig(cfg), secrets: secretsmanager.NewFromConfig(cfg), sns: sns.NewFromConfig(cfg), sqs: sqs.NewFromConfig(cfg),
		ssm:                ssm.NewFromConfig(cfg),
		applicationClients: newApplicationClients(cfg),
		networkClients:     newNetworkClients(cfg),
	}
}

// by answers from a table of "Service Operation"; a call it does not list is a
// failure of the test, which the reader then reports as a gap. A Region that says
// nothing of event sources or schedules has none.
func by(table map[string]any) answers {
	return func(service, operation string, _ any) (any, error) {
		switch answer := table[service+" "+operation].(type) {
		case nil:
			if service+operation == "Auto ScalingDescribeScheduledActions" {
				return &autoscaling.DescribeScheduledActionsOutput{}, nil
			}
			if operation == "ListEventSourceMappings" {
				return &lambda.ListEventSourceMappingsOutput{}, nil
			}
			return nil, &smithy.GenericAPIError{Code: "TestHasNoAnswer", Message: service + " " + operation}
		case error:
			return nil, answer
		default:
			return answer, nil
		}
	}
}

func refusal(code string) error { return &smithy.GenericAPIError{Code: code, Message: "said " + code} }

func request(items ...inventory.Item) Request {
	return Request{Region: here, Account: acct, Items: items, Sealer: drift.NewSealer("run-1", bytes.Repeat([]byte{1}, 32))}
}

func readAll(t *testing.T, a answers, q Request) Result {
	t.Helper()
	result, err := Resources(t.Context(), a.clients(), q)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// one expects exactly one resource and no gap that hides all of it.
func one(t *testing.T, result Result) drift.Resource {
	t.Helper()
	if len(result.Resources) != 1 {
		t.Fatalf("read %d resources, gaps %+v", len(result.Resources), result.Gaps)
	}
	return result.Resources[0]
}

func (r Result) fact(kind, subject string) (any, bool) {
	for _, f := range r.Facts {
		if f.Kind == kind && f.Subject == subject {
			return f.Value, true
		}
	}
	return nil, false
}

func (r Result) gapsOf(property, fact string) []drift.Gap {
	var found []drift.Gap
	for _, g := range r.Gaps {
		if g.Property == property && g.Fact == fact {
			found = append(found, g)
		}
	}
	return found
}

const (
	layerARN  = "arn:aws:lambda:us-west-2:111111111111:layer:l:4"
	kafkaARN  = "arn:aws:kafka:us-west-2:111111111111:cluster/k/1"
	policyARN = "arn:aws:autoscaling:us-west-2:111111111111:scalingPolicy:1:resource/ecs/service/c/s:policyName/p"
)

// sampleOf makes an item of any type that its reader can address.
func sampleOf(typ string) inventory.Item {
	ids := map[string]string{
		"AWS::IAM::OIDCProvider":       "arn:aws:iam::111111111111:oidc-provider/example.com",
		"AWS::Backup::BackupSelection": "selection_plan",
		"AWS::WAFv2::WebACL":           "n|1|REGIONAL", "AWS::WAFv2::RuleGroup": "n|1|REGIONAL", "AWS::WAFv2::IPSet": "n|1|REGIONAL", "AWS::WAFv2::RegexPatternSet": "n|1|REGIONAL",
		"AWS::WAFv2::WebACLAssociation":    "arn:aws:elasticloadbalancing:us-west-2:111111111111:loadbalancer/app/a/1|arn:aws:wafv2:us-west-2:111111111111:regional/webacl/n/1",
		"AWS::WAFv2::LoggingConfiguration": "arn:aws:wafv2:us-west-2:111111111111:regional/webacl/n/1",
		"AWS::SQS::Queue":                  "https://sqs.us-west-2.amazonaws.com/111111111111/q", "AWS::SNS::Topic": "arn:aws:sns:us-west-2:111111111111:t",
		"AWS::SNS::Subscription": "arn:aws:sns:us-west-2:111111111111:t:1", "AWS::KMS::Alias": "alias/k",
		"AWS::IAM::ManagedPolicy": "arn:aws:iam::111111111111:policy/p", "AWS::EC2::SecurityGroup": "sg-1",
		"AWS::EC2::SecurityGroupIngress": "sgr-1", "AWS::EC2::SecurityGroupEgress": "sgr-2",
		"AWS::ECS::Service":    "arn:aws:ecs:us-west-2:111111111111:service/c/s",
		"AWS::Lambda::Alias":   "arn:aws:lambda:us-west-2:111111111111:function:f:live",
		"AWS::Lambda::Version": "arn:aws:lambda:us-west-2:111111111111:function:f:3", "AWS::Lambda::Url": "arn:aws:lambda:us-west-2:111111111111:function:f",
		"AWS::Lambda::LayerVersion": layerARN, "AWS::Lambda::LayerVersionPermission": layerARN + "#physical",
		"AWS::ApplicationAutoScaling::ScalableTarget": "service/c/s|ecs:service:DesiredCount|ecs",
		"AWS::ApplicationAutoScaling::ScalingPolicy":  policyARN,
		"AWS::StepFunctions::StateMachineVersion":     "arn:aws:states:us-west-2:111111111111:stateMachine:m:2",
		"AWS::StepFunctions::StateMachineAlias":       "arn:aws:states:us-west-2:111111111111:stateMachine:m:live",
		"AWS::MSK::Cluster":                           kafkaARN, "AWS::MSK::ServerlessCluster": kafkaARN,
		"AWS::EKS::Nodegroup": "c/physical", "AWS::EKS::Addon": "c|physical", "AWS::EKS::FargateProfile": "c|physical",
		"AWS::EKS::AccessEntry": "arn:aws:iam::111111111111:role/x|c", "AWS::ApiGateway::UsagePlanKey": "key:plan",
	}
	for short, id := range networkIDs() {
		ids["AWS::"+short] = id
	}
	id := ids[typ]
	if id == "" {
		id = "physical"
	}
	return inventory.Item{
		Key: "app/" + strings.ReplaceAll(strings.TrimPrefix(typ, "AWS::"), "::", ""), Type: typ, ID: id, Stack: "app",
		Resolved: map[string]any{
			"BackupPlanId": "plan", "LogGroupName": "/app", "SecretId": "arn:aws:secretsmanager:us-west-2:111111111111:secret:s", "RoleName": "role", "UserName": "user", "GroupName": "group", "HostedZoneId": "Z1", "Name": "api.example.com", "Type": "A",
			"RecordSets":   []any{map[string]any{"Name": "api.example.com", "Type": "A"}},
			"FunctionName": "f", "Queues": []any{"https://sqs/q"}, "Topics": []any{"arn:aws:sns:us-west-2:111111111111:t"},
			"Roles": []any{"role"}, "PolicyName": "p", "Bucket": "b", "RestApiId": "api", "ResourceId": "res", "HttpMethod": "GET",
			"VpcId": "vpc-1", "SubnetId": "subnet-1", "RouteTableId": "rtb-1", "NetworkAclId": "acl-1", "RuleNumber": 100.0,
			"DestinationCidrBlock": "0.0.0.0/0", "AutoScalingGroupName": "group", "ListenerArn": networkIDs()["ElasticLoadBalancingV2::Listener"],
			"ApiId": "api", "DomainName": "api.example.com", "UserPoolId": "us-west-2_pool", "ResponseType": "DEFAULT_4XX", "StatementId": "physical",
		},
	}
}

var errTimeout = &smithy.CanceledError{Err: context.DeadlineExceeded}

var errPlain = errors.New("something else")

// fresh copies an answer: the SDK writes into what it returns, and a table of
// answers serves many calls at once.
func fresh(answer any) any {
	p := reflect.ValueOf(answer)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return answer
	}
	own := reflect.New(p.Elem().Type())
	own.Elem().Set(p.Elem())
	return own.Interface()
}

// networkIDs are physical ids of networks and of what stands in them.
func networkIDs() map[string]string {
	const balancing = "arn:aws:elasticloadbalancing:us-west-2:111111111111:"
	return map[string]string{
		"EC2::VPC": "vpc-1", "EC2::VPCCidrBlock": "vpc-cidr-assoc-1", "EC2::Subnet": "subnet-1", "EC2::SubnetCidrBlock": "subnet-cidr-assoc-1",
		"EC2::RouteTable": "rtb-1", "EC2::Route": "rtb-1|0.0.0.0/0", "EC2::SubnetRouteTableAssociation": "rtbassoc-1", "EC2::NetworkAcl": "acl-1",
		"EC2::SubnetNetworkAclAssociation": "aclassoc-1", "EC2::EIP": "192.0.2.1", "EC2::EIPAssociation": "eipassoc-1",
		"AutoScaling::ScalingPolicy":           "arn:aws:autoscaling:us-west-2:111111111111:scalingPolicy:1:autoScalingGroupName/group:policyName/p",
		"ElasticLoadBalancingV2::LoadBalancer": balancing + "loadbalancer/app/lb/1", "ElasticLoadBalancingV2::TargetGroup": balancing + "targetgroup/tg/1",
		"ElasticLoadBalancingV2::Listener":     balancing + "listener/app/lb/1/2",
		"ElasticLoadBalancingV2::ListenerRule": balancing + "listener-rule/app/lb/1/2/3",
	}
}
