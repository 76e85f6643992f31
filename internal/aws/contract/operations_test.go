package contract

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	ltypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func TestAlarms(t *testing.T) {
	both(t, "the Go client speaks CBOR and moto does not", func(s side) {
		ctx, name := context.Background(), s.unique("alarm")
		api := cloudwatch.NewFromConfig(s.config("eu-west-1"))
		_, err := api.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{AlarmName: &name, ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold, EvaluationPeriods: aws.Int32(2),
			MetricName: str("Errors"), Namespace: str("AWS/Lambda"), Period: aws.Int32(60), Statistic: cwtypes.StatisticSum, Threshold: aws.Float64(1.5)})
		s.ok(err)
		got, err := api.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{name}})
		s.ok(err)
		if len(got.MetricAlarms) != 1 || *got.MetricAlarms[0].Threshold != 1.5 || *got.MetricAlarms[0].EvaluationPeriods != 2 || got.MetricAlarms[0].StateUpdatedTimestamp == nil {
			s.Fatalf("%+v", got.MetricAlarms)
		}
		_, err = api.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: &name, StateValue: cwtypes.StateValueAlarm, StateReason: str("test")})
		s.ok(err)
		got, err = api.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{StateValue: cwtypes.StateValueAlarm})
		s.ok(err)
		if len(got.MetricAlarms) != 1 {
			s.Errorf("%d alarms raised", len(got.MetricAlarms))
		}
		_, err = api.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: str("none"), StateValue: cwtypes.StateValueOk, StateReason: str("test")})
		s.code(err, "ResourceNotFound")
		_, err = api.ListDashboards(ctx, nil)
		s.code(err, "UnknownOperationException")
	})
}

func TestLogGroups(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), "/aws/"+s.unique("logs")
		api := cloudwatchlogs.NewFromConfig(s.config("eu-west-1"))
		_, err := api.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name})
		s.ok(err)
		_, err = api.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name})
		s.code(err, "ResourceAlreadyExistsException")
		_, err = api.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: &name, RetentionInDays: aws.Int32(30)})
		s.ok(err)
		got, err := api.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &name})
		s.ok(err)
		if len(got.LogGroups) != 1 || *got.LogGroups[0].RetentionInDays != 30 || !strings.Contains(*got.LogGroups[0].Arn, ":log-group:"+name) {
			s.Errorf("%+v", got.LogGroups)
		}
	})
}

func TestRules(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("rule")
		api := eventbridge.NewFromConfig(s.config("eu-west-1"))
		_, err := api.PutRule(ctx, &eventbridge.PutRuleInput{Name: &name, ScheduleExpression: str("rate(5 minutes)")})
		s.ok(err)
		_, err = api.DisableRule(ctx, &eventbridge.DisableRuleInput{Name: &name})
		s.ok(err)
		got, err := api.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: &name})
		s.ok(err)
		if got.State != "DISABLED" || *got.ScheduleExpression != "rate(5 minutes)" || !strings.HasSuffix(*got.Arn, ":rule/"+name) {
			s.Errorf("%+v", got)
		}
		_, err = api.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: str("none")})
		s.code(err, "ResourceNotFoundException")
	})
}

func TestSecurityGroups(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("group")
		api := ec2.NewFromConfig(s.config("eu-west-1"))
		vpcs, err := api.DescribeVpcs(ctx, nil)
		s.ok(err)
		made, err := api.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{GroupName: &name, Description: str("d"), VpcId: vpcs.Vpcs[0].VpcId})
		s.ok(err)
		_, err = api.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: made.GroupId, IpPermissions: []ec2types.IpPermission{
			{IpProtocol: str("tcp"), FromPort: aws.Int32(443), ToPort: aws.Int32(443), IpRanges: []ec2types.IpRange{{CidrIp: str("10.0.0.0/8")}}}}})
		s.ok(err)
		got, err := api.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*made.GroupId}})
		s.ok(err)
		g := got.SecurityGroups[0]
		if *g.GroupName != name || len(g.IpPermissions) != 1 || *g.IpPermissions[0].FromPort != 443 || *g.IpPermissions[0].IpRanges[0].CidrIp != "10.0.0.0/8" || len(g.IpPermissionsEgress) != 1 {
			s.Errorf("%+v", g)
		}
		_, err = api.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{"sg-00000000000000000"}})
		s.code(err, "InvalidGroup.NotFound")
	})
}

func TestRestAPIs(t *testing.T) {
	both(t, "", func(s side) {
		ctx := context.Background()
		api := apigateway.NewFromConfig(s.config("eu-west-1"))
		_, err := api.GetRestApi(ctx, &apigateway.GetRestApiInput{RestApiId: str("none")})
		s.code(err, "NotFoundException")
		list, err := api.GetRestApis(ctx, nil)
		s.ok(err)
		if len(list.Items) != 0 {
			s.Errorf("%+v", list.Items)
		}
	})
}

func archive(s side, content string) []byte {
	s.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("index.py")
	s.ok(err)
	_, err = w.Write([]byte(content))
	s.ok(err)
	s.ok(z.Close())
	return b.Bytes()
}

func TestFunctionsVersionsAndAliases(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("fn")
		role, err := iam.NewFromConfig(s.config("eu-west-1")).CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: str(`{"Version":"2012-10-17","Statement":[]}`)})
		s.ok(err)
		api := lambda.NewFromConfig(s.config("eu-west-1"))
		_, err = api.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &name})
		s.code(err, "ResourceNotFoundException")
		made, err := api.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: &name, Role: role.Role.Arn, Runtime: ltypes.RuntimePython313, Handler: str("index.handler"),
			Code: &ltypes.FunctionCode{ZipFile: archive(s, "one")}, MemorySize: aws.Int32(256)})
		s.ok(err)
		ready := func() *lambda.GetFunctionConfigurationOutput {
			var out *lambda.GetFunctionConfigurationOutput
			s.until("the function", func() bool {
				out, err = api.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &name})
				s.ok(err)
				return out.State == ltypes.StateActive && out.LastUpdateStatus != ltypes.LastUpdateStatusInProgress
			})
			return out
		}
		if got := ready(); *got.MemorySize != 256 || *got.CodeSha256 != *made.CodeSha256 {
			s.Errorf("%+v", got)
		}
		one, err := api.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: &name})
		s.ok(err)
		if *one.Version != "1" {
			s.Errorf("version %s", *one.Version)
		}
		_, err = api.CreateAlias(ctx, &lambda.CreateAliasInput{FunctionName: &name, Name: str("live"), FunctionVersion: str("1")})
		s.ok(err)
		_, err = api.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{FunctionName: &name, ZipFile: archive(s, "two")})
		s.ok(err)
		if got := ready(); *got.CodeSha256 == *made.CodeSha256 {
			s.Error("the code is the same")
		}
		two, err := api.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: &name})
		s.ok(err)
		if *two.Version != "2" {
			s.Errorf("version %s", *two.Version)
		}
		_, err = api.UpdateAlias(ctx, &lambda.UpdateAliasInput{FunctionName: &name, Name: str("live"), FunctionVersion: str("2")})
		s.ok(err)
		alias, err := api.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: &name, Name: str("live")})
		s.ok(err)
		if *alias.FunctionVersion != "2" {
			s.Errorf("the alias points at %s", *alias.FunctionVersion)
		}
		versions, err := api.ListVersionsByFunction(ctx, &lambda.ListVersionsByFunctionInput{FunctionName: &name})
		s.ok(err)
		if len(versions.Versions) != 3 {
			s.Errorf("%d versions", len(versions.Versions))
		}
		if s.sim == nil {
			return // moto enforces no revisions
		}
		_, err = api.UpdateAlias(ctx, &lambda.UpdateAliasInput{FunctionName: &name, Name: str("live"), FunctionVersion: str("1"), RevisionId: str("00000000-0000-0000-0000-000000000000")})
		s.code(err, "PreconditionFailedException")
	})
}
