package read

import (
	"encoding/json"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	ebtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// subset reports the members of want that have does not hold, by path.
func subset(t *testing.T, path string, want, have any) {
	t.Helper()
	w, ok := want.(map[string]any)
	if !ok {
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(have)
		if string(a) != string(b) {
			t.Errorf("%s is %s, want %s", path, b, a)
		}
		return
	}
	h, _ := have.(map[string]any)
	for key, value := range w {
		subset(t, path+"."+key, value, h[key])
	}
}

// What each service answers, in the names and the shape of CloudFormation.
func TestPropertiesHaveCloudFormationsShape(t *testing.T) {
	cases := []struct {
		name, typ string
		change    func(*inventory.Item)
		table     map[string]any
		want      map[string]any
	}{
		{
			name: "security group rules are one per peer", typ: "AWS::EC2::SecurityGroup",
			table: map[string]any{"EC2 DescribeSecurityGroups": &ec2.DescribeSecurityGroupsOutput{SecurityGroups: []ec2types.SecurityGroup{{
				GroupId: aws.String("sg-1"), GroupName: aws.String("g"), Description: aws.String("d"),
				IpPermissions: []ec2types.IpPermission{{
					IpProtocol: aws.String("tcp"), FromPort: aws.Int32(443), ToPort: aws.Int32(443),
					IpRanges:         []ec2types.IpRange{{CidrIp: aws.String("10.0.0.0/8"), Description: aws.String("net")}, {CidrIp: aws.String("0.0.0.0/0")}},
					UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: aws.String("sg-2")}},
					PrefixListIds:    []ec2types.PrefixListId{{PrefixListId: aws.String("pl-1")}},
				}},
				IpPermissionsEgress: []ec2types.IpPermission{{IpProtocol: aws.String("-1"), Ipv6Ranges: []ec2types.Ipv6Range{{CidrIpv6: aws.String("::/0")}},
					UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: aws.String("sg-3")}}}},
			}}}, "EC2 DescribeManagedPrefixLists": &ec2.DescribeManagedPrefixListsOutput{}},
			want: map[string]any{
				"GroupDescription": "d", "GroupName": "g",
				"SecurityGroupIngress": []any{
					map[string]any{"CidrIp": "0.0.0.0/0", "FromPort": 443, "IpProtocol": "tcp", "ToPort": 443},
					map[string]any{"CidrIp": "10.0.0.0/8", "Description": "net", "FromPort": 443, "IpProtocol": "tcp", "ToPort": 443},
					map[string]any{"FromPort": 443, "IpProtocol": "tcp", "SourcePrefixListId": "pl-1", "ToPort": 443},
					map[string]any{"FromPort": 443, "IpProtocol": "tcp", "SourceSecurityGroupId": "sg-2", "ToPort": 443},
				},
				"SecurityGroupEgress": []any{
					map[string]any{"CidrIpv6": "::/0", "IpProtocol": "-1"}, map[string]any{"DestinationSecurityGroupId": "sg-3", "IpProtocol": "-1"},
				},
			},
		},
		{
			name: "subscription that waits for its confirmation", typ: "AWS::SNS::Subscription",
			table: map[string]any{"SNS GetSubscriptionAttributes": &sns.GetSubscriptionAttributesOutput{Attributes: map[string]string{"Protocol": "https", "PendingConfirmation": "true"}}},
			want:  map[string]any{"Protocol": "https", "Confirmed": false},
		},
		{
			name: "subscription that was confirmed", typ: "AWS::SNS::Subscription",
			table: map[string]any{"SNS GetSubscriptionAttributes": &sns.GetSubscriptionAttributesOutput{Attributes: map[string]string{"Protocol": "sqs", "PendingConfirmation": "false"}}},
			want:  map[string]any{"Protocol": "sqs", "Confirmed": true},
		},
		{
			name: "single rule of a group", typ: "AWS::EC2::SecurityGroupEgress",
			table: map[string]any{"EC2 DescribeSecurityGroupRules": &ec2.DescribeSecurityGroupRulesOutput{SecurityGroupRules: []ec2types.SecurityGroupRule{{
				SecurityGroupRuleId: aws.String("sgr-2"), GroupId: aws.String("sg-1"), IsEgress: aws.Bool(true), IpProtocol: aws.String("tcp"),
				FromPort: aws.Int32(1), ToPort: aws.Int32(2), ReferencedGroupInfo: &ec2types.ReferencedSecurityGroup{GroupId: aws.String("sg-9")},
			}}}},
			want: map[string]any{"GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "DestinationSecurityGroupId": "sg-9"},
		},
		{
			name: "table with provisioned throughput", typ: "AWS::DynamoDB::Table",
			table: map[string]any{
				"DynamoDB DescribeTable": &dynamodb.DescribeTableOutput{Table: &dynamotypes.TableDescription{
					TableName: aws.String("t"), TableArn: aws.String("arn:t"), ItemCount: aws.Int64(5), TableStatus: "ACTIVE",
					ProvisionedThroughput: &dynamotypes.ProvisionedThroughputDescription{ReadCapacityUnits: aws.Int64(3), WriteCapacityUnits: aws.Int64(4), NumberOfDecreasesToday: aws.Int64(1)},
					SSEDescription:        &dynamotypes.SSEDescription{Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: aws.String("arn:k")},
					GlobalSecondaryIndexes: []dynamotypes.GlobalSecondaryIndexDescription{{IndexName: aws.String("b")}, {IndexName: aws.String("a"),
						ProvisionedThroughput: &dynamotypes.ProvisionedThroughputDescription{ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(1)}}},
				}},
				"DynamoDB DescribeContinuousBackups": &dynamodb.DescribeContinuousBackupsOutput{ContinuousBackupsDescription: &dynamotypes.ContinuousBackupsDescription{
					PointInTimeRecoveryDescription: &dynamotypes.PointInTimeRecoveryDescription{PointInTimeRecoveryStatus: "DISABLED"}}},
				"DynamoDB DescribeTimeToLive": &dynamodb.DescribeTimeToLiveOutput{TimeToLiveDescription: &dynamotypes.TimeToLiveDescription{
					TimeToLiveStatus: "ENABLED", AttributeName: aws.String("ttl")}},
				"DynamoDB ListTagsOfResource": &dynamodb.ListTagsOfResourceOutput{}, "DynamoDB GetResourcePolicy": refusal("PolicyNotFoundException"),
				"DynamoDB DescribeContributorInsights": &dynamodb.DescribeContributorInsightsOutput{ContributorInsightsStatus: "DISABLED"},
				"DynamoDB DescribeKinesisStreamingDestination": &dynamodb.DescribeKinesisStreamingDestinationOutput{KinesisDataStreamDestinations: []dynamotypes.KinesisDataStreamDestination{
					{StreamArn: aws.String("arn:old"), DestinationStatus: "DISABLED"}, {StreamArn: aws.String("arn:stream"), DestinationStatus: "ACTIVE"}}},
			},
			want: map[string]any{
				"BillingMode": "PROVISIONED", "ProvisionedThroughput": map[string]any{"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}, "ItemCount": nil, "TableStatus": nil,
				"SSESpecification":                 map[string]any{"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": "arn:k"},
				"PointInTimeRecoverySpecification": map[string]any{"PointInTimeRecoveryEnabled": false}, "KinesisStreamSpecification": map[string]any{"StreamArn": "arn:stream"},
				"ResourcePolicy":          nil,
				"TimeToLiveSpecification": map[string]any{"Enabled": true, "AttributeName": "ttl"},
				"GlobalSecondaryIndexes": []any{map[string]any{"IndexName": "a", "ProvisionedThroughput": map[string]any{"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
					map[string]any{"IndexName": "b"}},
			},
		},
		{
			name: "queue attributes become numbers, switches and documents", typ: "AWS::SQS::Queue",
			table: map[string]any{"SQS GetQueueAttributes": &sqs.GetQueueAttributesOutput{Attributes: map[string]string{
				"VisibilityTimeout": "30", "FifoQueue": "true", "RedrivePolicy": `{"maxReceiveCount":5}`, "ApproximateNumberOfMessages": "9", "KmsMasterKeyId": "alias/aws/sqs",
			}}, "SQS ListQueueTags": &sqs.ListQueueTagsOutput{}},
			want: map[string]any{"VisibilityTimeout": 30, "FifoQueue": true, "RedrivePolicy": map[string]any{"maxReceiveCount": 5}, "ApproximateNumberOfMessages": nil,
				"KmsMasterKeyId": "alias/aws/sqs", "QueueName": "q"},
		},
		{
			name: "service", typ: "AWS::ECS::Service",
			table: map[string]any{"ECS DescribeServices": &ecs.DescribeServicesOutput{Services: []ecstypes.Service{{
				ServiceArn: aws.String("arn:aws:ecs:us-west-2:111111111111:service/c/s"), ServiceName: aws.String("s"), ClusterArn: aws.String("arn:c"), DesiredCount: 2, RunningCount: 1,
				TaskDefinition: aws.String("arn:td:3"), LaunchType: "FARGATE", Status: aws.String("ACTIVE"),
				PlacementStrategy: []ecstypes.PlacementStrategy{{Type: "spread", Field: aws.String("az")}},
			}}}},
			want: map[string]any{"ServiceName": "s", "Cluster": "arn:c", "DesiredCount": 2, "RunningCount": nil, "TaskDefinition": "arn:td:3", "LaunchType": "FARGATE",
				"PlacementStrategies": []any{map[string]any{"Field": "az", "Type": "spread"}}},
		},
		{
			name: "deregistered task definition", typ: "AWS::ECS::TaskDefinition",
			table: map[string]any{"ECS DescribeTaskDefinition": &ecs.DescribeTaskDefinitionOutput{TaskDefinition: &ecstypes.TaskDefinition{
				Family: aws.String("f"), Revision: 3, Status: "INACTIVE", Cpu: aws.String("256")}}},
			want: map[string]any{"Family": "f", "Cpu": "256", "Status": "INACTIVE", "Revision": nil},
		},
		{
			name: "method", typ: "AWS::ApiGateway::Method",
			table: map[string]any{"API Gateway GetResources": &apigateway.GetResourcesOutput{Items: []apitypes.Resource{{Id: aws.String("res"), ResourceMethods: map[string]apitypes.Method{
				"GET": {AuthorizationType: aws.String("NONE"), MethodResponses: map[string]apitypes.MethodResponse{"200": {StatusCode: aws.String("200")}},
					MethodIntegration: &apitypes.Integration{Type: "AWS_PROXY", HttpMethod: aws.String("POST"), Uri: aws.String("arn:u"), CacheNamespace: aws.String("res")}},
			}}}}},
			want: map[string]any{"HttpMethod": "GET", "ResourceId": "res", "RestApiId": "api", "AuthorizationType": "NONE", "MethodResponses": []any{map[string]any{"StatusCode": "200"}},
				"Integration": map[string]any{"IntegrationHttpMethod": "POST", "Type": "AWS_PROXY", "Uri": "arn:u", "CacheNamespace": nil}},
		},
		{
			name: "method of the root resource", typ: "AWS::ApiGateway::Method",
			change: func(i *inventory.Item) { i.Resolved["ResourceId"] = "${Api.RootResourceId}" },
			table: map[string]any{"API Gateway GetResources": &apigateway.GetResourcesOutput{Items: []apitypes.Resource{{Id: aws.String("root"), Path: aws.String("/"),
				ResourceMethods: map[string]apitypes.Method{"GET": {AuthorizationType: aws.String("NONE")}}}}}},
			want: map[string]any{"ResourceId": "root"},
		},
		{
			name: "stage with settings by method", typ: "AWS::ApiGateway::Stage", change: func(i *inventory.Item) { i.ID = "live" },
			table: map[string]any{"API Gateway GetStages": &apigateway.GetStagesOutput{Item: []apitypes.Stage{{StageName: aws.String("live"), DeploymentId: aws.String("d"),
				MethodSettings: map[string]apitypes.MethodSetting{"*/*": {ThrottlingBurstLimit: 5}, "~1pay~1now/POST": {ThrottlingBurstLimit: 1}}}}}},
			want: map[string]any{"StageName": "live", "DeploymentId": "d"},
		},
		{
			name: "stage behind a web ACL of Firewall Manager", typ: "AWS::ApiGateway::Stage", change: func(i *inventory.Item) { i.ID = "live" },
			table: map[string]any{"API Gateway GetStages": &apigateway.GetStagesOutput{Item: []apitypes.Stage{{StageName: aws.String("live"),
				WebAclArn: aws.String("arn:aws:wafv2:us-west-2:111111111111:regional/webacl/FMManagedWebACLV2-shop-1718000000000/1")}}}},
			want: map[string]any{"WebACL": "FMManagedWebACLV2-shop"},
		},
		{
			name: "stage behind a web ACL of classic WAF", typ: "AWS::ApiGateway::Stage", change: func(i *inventory.Item) { i.ID = "live" },
			table: map[string]any{"API Gateway GetStages": &apigateway.GetStagesOutput{Item: []apitypes.Stage{{StageName: aws.String("live"),
				WebAclArn: aws.String("arn:aws:waf-regional:us-west-2:111111111111:webacl/11111111-2222-3333-4444-555555555555")}}}},
			want: map[string]any{"WebACL": "arn:aws:waf-regional:us-west-2:111111111111:webacl/11111111-2222-3333-4444-555555555555"},
		},
		{
			name: "rule on a bus of its own", typ: "AWS::Events::Rule", change: func(i *inventory.Item) { i.ID = "bus|rule" },
			table: map[string]any{"EventBridge DescribeRule": &eventbridge.DescribeRuleOutput{Name: aws.String("rule"), EventBusName: aws.String("bus"), EventPattern: aws.String(`{"source":["a"]}`)},
				"EventBridge ListTargetsByRule": &eventbridge.ListTargetsByRuleOutput{Targets: []ebtypes.Target{{Id: aws.String("b"), Arn: aws.String("2")}, {Id: aws.String("a"), Arn: aws.String("1")}}}},
			want: map[string]any{"EventPattern": map[string]any{"source": []any{"a"}}, "EventBusName": "bus",
				"Targets": []any{map[string]any{"Arn": "1", "Id": "a"}, map[string]any{"Arn": "2", "Id": "b"}}},
		},
		{
			name: "permission, found by its statement id", typ: "AWS::Lambda::Permission",
			table: map[string]any{"Lambda GetPolicy": &lambda.GetPolicyOutput{Policy: aws.String(`{"Statement":[
				{"Sid":"other","Effect":"Allow","Action":"lambda:InvokeFunction","Principal":{"Service":"s3.amazonaws.com"}},
				{"Sid":"physical","Effect":"Allow","Action":"lambda:InvokeFunction","Principal":{"Service":"events.amazonaws.com"},
				 "Condition":{"ArnLike":{"AWS:SourceArn":"arn:rule"},"StringEquals":{"AWS:SourceAccount":"1"}}}]}`)}},
			want: map[string]any{"Principal": "events.amazonaws.com", "SourceArn": "arn:rule", "SourceAccount": "1", "Action": "lambda:InvokeFunction"},
		},
		{
			name: "inline policy", typ: "AWS::IAM::Policy",
			table: map[string]any{"IAM GetRolePolicy": &iam.GetRolePolicyOutput{PolicyDocument: aws.String(`%7B%22Version%22%3A%222012-10-17%22%7D`)}},
			want:  map[string]any{"PolicyDocument": map[string]any{"Version": "2012-10-17"}, "Roles": []any{"role"}},
		},
		{
			name: "alarm", typ: "AWS::CloudWatch::Alarm",
			table: map[string]any{"CloudWatch DescribeAlarms": &cloudwatch.DescribeAlarmsOutput{MetricAlarms: []cwtypes.MetricAlarm{{AlarmName: aws.String("physical"),
				Threshold: aws.Float64(900), StateValue: "ALARM", StateReason: aws.String("x"), Period: aws.Int32(60)}}}},
			want: map[string]any{"AlarmName": "physical", "Threshold": 900, "Period": 60, "StateValue": nil, "StateReason": nil},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			item := sampleOf(c.typ)
			if c.change != nil {
				c.change(&item)
			}
			result := readAll(t, by(c.table), request(item))
			subset(t, "", c.want, one(t, result).Properties)
			if len(result.Gaps) != 0 {
				t.Errorf("gaps %+v", result.Gaps)
			}
		})
	}
}

func TestMethodSettingsNamePathAndVerb(t *testing.T) {
	list := methodSettings(newObject(), apitypes.Stage{MethodSettings: map[string]apitypes.MethodSetting{"*/*": {}, "~1pay~1now/POST": {}}})
	if len(list) != 2 || list[0]["ResourcePath"] != "/*" || list[0]["HttpMethod"] != "*" || list[1]["ResourcePath"] != "/pay/now" || list[1]["HttpMethod"] != "POST" {
		t.Errorf("%v", list)
	}
}

func TestAPermissionWithoutAnIdIsFoundByWhatItGrants(t *testing.T) {
	policy := func(n int) *lambda.GetPolicyOutput {
		list := []map[string]any{}
		for range n {
			list = append(list, map[string]any{"Sid": "x", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Principal": map[string]any{"Service": "events.amazonaws.com"}})
		}
		data, _ := json.Marshal(map[string]any{"Statement": list})
		return &lambda.GetPolicyOutput{Policy: aws.String(string(data))}
	}
	item := sampleOf("AWS::Lambda::Permission")
	item.ID = ""
	item.Resolved = map[string]any{"FunctionName": "f", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
	one(t, readAll(t, by(map[string]any{"Lambda GetPolicy": policy(1)}), request(item)))
	if r := readAll(t, by(map[string]any{"Lambda GetPolicy": policy(2)}), request(item)); len(r.Resources) != 0 || len(r.Gaps) != 1 || r.Gaps[0].Reason != "Ambiguous" {
		t.Errorf("two that grant the same: %+v", r)
	}
	if r := readAll(t, by(map[string]any{"Lambda GetPolicy": policy(0)}), request(item)); len(r.Resources) != 0 || len(r.Gaps) != 0 {
		t.Errorf("none: %+v", r)
	}
}

func TestPolicyIsAskedOfTheQualifierThatHasIt(t *testing.T) {
	for name, want := range map[string][2]string{
		"f": {"f", ""}, "f:live": {"f", "live"}, "arn:aws:lambda:us-west-2:1:function:f": {"f", ""}, "arn:aws:lambda:us-west-2:1:function:f:live": {"f", "live"},
	} {
		in := policyOf(name)
		if *in.FunctionName != want[0] || aws.ToString(in.Qualifier) != want[1] {
			t.Errorf("%s asks for %s %s", name, *in.FunctionName, aws.ToString(in.Qualifier))
		}
	}
}

func TestPoliciesOnSeveralOwnersAreOneWhenTheyAreEqual(t *testing.T) {
	item := sampleOf("AWS::SQS::QueuePolicy")
	item.Resolved["Queues"] = []any{"https://sqs/a", "https://sqs/b"}
	read := func(documents map[string]string) drift.Resource {
		return one(t, readAll(t, func(_, _ string, in any) (any, error) {
			return &sqs.GetQueueAttributesOutput{Attributes: map[string]string{"Policy": documents[*in.(*sqs.GetQueueAttributesInput).QueueUrl]}}, nil
		}, request(item)))
	}
	if r := read(map[string]string{"https://sqs/a": `{"A":1}`, "https://sqs/b": `{ "A": 1 }`}); member(r.Properties["PolicyDocument"], "A") != 1.0 {
		t.Errorf("equal: %v", r.Properties)
	}
	r := read(map[string]string{"https://sqs/a": `{"A":1}`, "https://sqs/b": `{"A":2}`})
	if list, ok := r.Properties["PolicyDocument"].([]any); !ok || len(list) != 2 {
		t.Errorf("different: %v", r.Properties)
	}
}
