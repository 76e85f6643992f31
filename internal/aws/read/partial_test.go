package read

import (
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

var function = &lambda.GetFunctionOutput{Configuration: &lambdatypes.FunctionConfiguration{
	FunctionName: aws.String("f"), FunctionArn: aws.String("arn:aws:lambda:us-west-2:111111111111:function:f"),
	MemorySize: aws.Int32(128), CodeSha256: aws.String("c0de"), State: lambdatypes.StateActive,
}}

// Each case lets all calls but one succeed: the resource is read, and the one
// thing that call would have told is a gap of that property or fact.
func TestOneRefusedCallCostsOnePropertyAndNotTheResource(t *testing.T) {
	denied := refusal("AccessDenied")
	alias := &lambda.GetAliasOutput{Name: aws.String("live"), FunctionVersion: aws.String("3")}
	key := &kms.DescribeKeyOutput{KeyMetadata: &kmstypes.KeyMetadata{KeyId: aws.String("k"), Enabled: true, KeyState: kmstypes.KeyStateEnabled}}
	table := &dynamodb.DescribeTableOutput{Table: &dynamotypes.TableDescription{TableName: aws.String("t"), TableArn: aws.String("arn:t")}}
	role := &iam.GetRoleOutput{Role: &iamtypes.Role{RoleName: aws.String("r")}}
	noFacets := map[string]any{
		"S3 GetBucketVersioning": &s3.GetBucketVersioningOutput{Status: "Enabled"}, "S3 GetBucketEncryption": refusal("ServerSideEncryptionConfigurationNotFoundError"),
		"S3 GetPublicAccessBlock": refusal("NoSuchPublicAccessBlockConfiguration"), "S3 GetBucketTagging": refusal("NoSuchTagSet"),
		"S3 GetBucketLifecycleConfiguration": refusal("NoSuchLifecycleConfiguration"), "S3 GetBucketReplication": denied,
		"S3 GetBucketNotificationConfiguration": &s3.GetBucketNotificationConfigurationOutput{}, "S3 GetBucketCors": refusal("NoSuchCORSConfiguration"),
		"S3 GetBucketOwnershipControls": refusal("OwnershipControlsNotFoundError"), "S3 GetBucketLogging": &s3.GetBucketLoggingOutput{},
		"S3 GetBucketAcl": &s3.GetBucketAclOutput{Owner: &s3types.Owner{}}, "S3 GetBucketRequestPayment": &s3.GetBucketRequestPaymentOutput{Payer: "BucketOwner"},
		"S3 GetObjectLockConfiguration": refusal("ObjectLockConfigurationNotFoundError"), "S3 GetBucketPolicy": refusal("NoSuchBucketPolicy"),
	}
	but := func(refused string) map[string]any {
		table := maps.Clone(noFacets)
		table[refused] = denied
		return table
	}
	cases := []struct {
		name, typ      string
		table          map[string]any
		property, fact string
		operation      string
	}{
		{"queue tags", "AWS::SQS::Queue", map[string]any{"SQS GetQueueAttributes": &sqs.GetQueueAttributesOutput{}, "SQS ListQueueTags": denied},
			"Tags", "", "sqs:ListQueueTags"},
		{"topic subscriptions", "AWS::SNS::Topic", map[string]any{"SNS GetTopicAttributes": &sns.GetTopicAttributesOutput{},
			"SNS ListTagsForResource": &sns.ListTagsForResourceOutput{}, "SNS ListSubscriptionsByTopic": denied},
			"", drift.FactSubscriptions, "sns:ListSubscriptionsByTopic"},
		{"what an alias leads to", "AWS::Lambda::Alias", map[string]any{"Lambda GetAlias": alias, "Lambda GetFunction": denied,
			"Lambda GetProvisionedConcurrencyConfig": &lambdatypes.ProvisionedConcurrencyConfigNotFoundException{}},
			"", drift.FactLambdaAlias, "lambda:GetFunction"},
		{"provisioned concurrency", "AWS::Lambda::Alias", map[string]any{"Lambda GetAlias": alias, "Lambda GetFunction": function,
			"Lambda GetProvisionedConcurrencyConfig": denied}, "ProvisionedConcurrencyConfig", "", "lambda:GetProvisionedConcurrencyConfig"},
		{"backups", "AWS::DynamoDB::Table", map[string]any{"DynamoDB DescribeTable": table, "DynamoDB DescribeContinuousBackups": denied,
			"DynamoDB DescribeTimeToLive": &dynamodb.DescribeTimeToLiveOutput{}, "DynamoDB ListTagsOfResource": &dynamodb.ListTagsOfResourceOutput{}},
			"PointInTimeRecoverySpecification", "", "dynamodb:DescribeContinuousBackups"},
		{"expiry", "AWS::DynamoDB::Table", map[string]any{"DynamoDB DescribeTable": table, "DynamoDB DescribeTimeToLive": denied,
			"DynamoDB DescribeContinuousBackups": &dynamodb.DescribeContinuousBackupsOutput{}, "DynamoDB ListTagsOfResource": &dynamodb.ListTagsOfResourceOutput{}},
			"TimeToLiveSpecification", "", "dynamodb:DescribeTimeToLive"},
		{"key policy", "AWS::KMS::Key", map[string]any{"KMS DescribeKey": key, "KMS GetKeyPolicy": denied,
			"KMS GetKeyRotationStatus": &kms.GetKeyRotationStatusOutput{}, "KMS ListResourceTags": &kms.ListResourceTagsOutput{}},
			"KeyPolicy", "", "kms:GetKeyPolicy"},
		{"key rotation", "AWS::KMS::Key", map[string]any{"KMS DescribeKey": key, "KMS GetKeyPolicy": &kms.GetKeyPolicyOutput{},
			"KMS GetKeyRotationStatus": denied, "KMS ListResourceTags": &kms.ListResourceTagsOutput{}}, "EnableKeyRotation", "", "kms:GetKeyRotationStatus"},
		{"role policies", "AWS::IAM::Role", map[string]any{"IAM GetRole": role, "IAM ListRolePolicies": denied,
			"IAM ListAttachedRolePolicies": &iam.ListAttachedRolePoliciesOutput{}}, "Policies", "", "iam:ListRolePolicies"},
		{"one policy of a role", "AWS::IAM::Role", map[string]any{"IAM GetRole": role, "IAM GetRolePolicy": denied,
			"IAM ListRolePolicies": &iam.ListRolePoliciesOutput{PolicyNames: []string{"p"}}, "IAM ListAttachedRolePolicies": &iam.ListAttachedRolePoliciesOutput{}},
			"Policies", "", "iam:GetRolePolicy"},
		{"replication of a bucket", "AWS::S3::Bucket", noFacets, "ReplicationConfiguration", "", "s3:GetReplicationConfiguration"},
		{"access to a bucket", "AWS::S3::Bucket", but("S3 GetBucketAcl"), "AccessControl", "", "s3:GetBucketAcl"},
		{"what a function takes work from", "AWS::Lambda::Function", map[string]any{"Lambda GetFunction": function, "Lambda GetPolicy": refusal("ResourceNotFoundException"),
			"Lambda ListEventSourceMappings": denied}, "EventSourceMappings", "", "lambda:ListEventSourceMappings"},
		{"who may invoke a function", "AWS::Lambda::Function", map[string]any{"Lambda GetFunction": function, "Lambda GetPolicy": denied}, "Permissions", "", "lambda:GetPolicy"},
		{"who may invoke an alias", "AWS::Lambda::Alias", map[string]any{"Lambda GetAlias": alias, "Lambda GetFunction": function,
			"Lambda GetProvisionedConcurrencyConfig": refusal("ProvisionedConcurrencyConfigNotFoundException"), "Lambda GetPolicy": denied}, "Permissions", "", "lambda:GetPolicy"},
		{"the policy of a bucket", "AWS::S3::Bucket", but("S3 GetBucketPolicy"), "Policy", "", "s3:GetBucketPolicy"},
		{"the policy of a secret", "AWS::SecretsManager::Secret", map[string]any{"Secrets Manager DescribeSecret": &secretsmanager.DescribeSecretOutput{Name: aws.String("s")},
			"Secrets Manager GetResourcePolicy": denied}, "ResourcePolicy", "", "secretsmanager:GetResourcePolicy"},
		{"who pays for a bucket", "AWS::S3::Bucket", but("S3 GetBucketRequestPayment"), "RequestPayment", "", "s3:GetBucketRequestPayment"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			result := readAll(t, by(c.table), request(sampleOf(c.typ)))
			resource := one(t, result)
			gaps := result.gapsOf(c.property, c.fact)
			if len(gaps) != 1 || gaps[0].Operation != c.operation || gaps[0].Reason != session.AccessDenied || gaps[0].Resource != resource.Key {
				t.Fatalf("gaps %+v, want one for %s%s through %s", result.Gaps, c.property, c.fact, c.operation)
			}
			if _, set := resource.Properties[c.property]; c.property != "" && set {
				t.Errorf("%s has a value although it was not read", c.property)
			}
			if _, known := result.fact(c.fact, resource.Key); c.fact != "" && known {
				t.Errorf("%s is known although it was not read", c.fact)
			}
		})
	}
}

func TestABucketWithoutOptionalFacetsIsReadInFull(t *testing.T) {
	result := readAll(t, by(map[string]any{
		"S3 GetBucketVersioning": &s3.GetBucketVersioningOutput{Status: "Enabled"}, "S3 GetBucketEncryption": refusal("ServerSideEncryptionConfigurationNotFoundError"),
		"S3 GetPublicAccessBlock": refusal("NoSuchPublicAccessBlockConfiguration"), "S3 GetBucketTagging": refusal("NoSuchTagSet"),
		"S3 GetBucketLifecycleConfiguration": refusal("NoSuchLifecycleConfiguration"), "S3 GetBucketReplication": refusal("ReplicationConfigurationNotFoundError"),
		"S3 GetBucketNotificationConfiguration": &s3.GetBucketNotificationConfigurationOutput{}, "S3 GetBucketCors": refusal("NoSuchCORSConfiguration"),
		"S3 GetBucketOwnershipControls": refusal("OwnershipControlsNotFoundError"), "S3 GetBucketLogging": &s3.GetBucketLoggingOutput{},
		"S3 GetBucketAcl": &s3.GetBucketAclOutput{Owner: &s3types.Owner{}}, "S3 GetBucketRequestPayment": &s3.GetBucketRequestPaymentOutput{Payer: "BucketOwner"},
		"S3 GetObjectLockConfiguration": refusal("ObjectLockConfigurationNotFoundError"), "S3 GetBucketPolicy": refusal("NoSuchBucketPolicy"),
	}), request(sampleOf("AWS::S3::Bucket")))
	if one(t, result); len(result.Gaps) != 0 {
		t.Errorf("gaps %+v", result.Gaps)
	}
}

func TestRefusalsInsideAnAnswerAreGaps(t *testing.T) {
	out := *function
	out.Configuration = &lambdatypes.FunctionConfiguration{FunctionName: aws.String("f"), Environment: &lambdatypes.EnvironmentResponse{
		Error: &lambdatypes.EnvironmentError{ErrorCode: aws.String("AccessDeniedException"), Message: aws.String("not authorized to perform: kms:Decrypt on x")},
	}}
	out.TagsError = &lambdatypes.TagsError{ErrorCode: aws.String("AccessDeniedException"), Message: aws.String("no tags for you")}
	result := readAll(t, by(map[string]any{"Lambda GetFunction": &out}), request(sampleOf("AWS::Lambda::Function")))
	one(t, result)
	environment, tags := result.gapsOf("Environment", ""), result.gapsOf("Tags", "")
	if len(environment) != 1 || environment[0].Operation != "kms:Decrypt" || len(tags) != 1 || tags[0].Operation != "lambda:ListTags" {
		t.Errorf("gaps %+v", result.Gaps)
	}
}

func TestAKeyThatMayNotDecryptCostsSecureParametersTheirValueAlone(t *testing.T) {
	plain, secure := sampleOf("AWS::SSM::Parameter"), sampleOf("AWS::SSM::Parameter")
	plain.Key, plain.ID = "app/Plain", "/plain"
	secure.Key, secure.ID = "app/Secure", "/secure"
	a := answers(func(_, operation string, in any) (any, error) {
		switch in := in.(type) {
		case *ssm.GetParametersInput:
			if aws.ToBool(in.WithDecryption) {
				return nil, refusal("AccessDeniedException")
			}
			return &ssm.GetParametersOutput{Parameters: []ssmtypes.Parameter{
				{Name: aws.String("/plain"), Type: ssmtypes.ParameterTypeString, Value: aws.String("v")},
				{Name: aws.String("/secure"), Type: ssmtypes.ParameterTypeSecureString, Value: aws.String("AQICAHh...ciphertext")},
			}}, nil
		case *ssm.DescribeParametersInput:
			return &ssm.DescribeParametersOutput{}, nil
		}
		return nil, refusal("TestHasNoAnswer" + operation)
	})
	result := readAll(t, a, request(plain, secure))
	if len(result.Resources) != 2 || result.Resources[0].Properties["Value"] != "v" {
		t.Fatalf("read %+v", result.Resources)
	}
	if _, set := result.Resources[1].Properties["Value"]; set {
		t.Error("the secure parameter has a value although it was not decrypted")
	}
	if gaps := result.gapsOf("Value", ""); len(gaps) != 1 || gaps[0].Resource != "app/Secure" || gaps[0].Reason != session.AccessDenied {
		t.Errorf("gaps %+v", result.Gaps)
	}
}

func TestEmptyListsMeanGone(t *testing.T) {
	cases := map[string]map[string]any{
		"AWS::EC2::SecurityGroup":        {"EC2 DescribeSecurityGroups": &ec2.DescribeSecurityGroupsOutput{}},
		"AWS::EC2::SecurityGroupIngress": {"EC2 DescribeSecurityGroupRules": &ec2.DescribeSecurityGroupRulesOutput{}},
		"AWS::Logs::LogGroup":            {"CloudWatch Logs DescribeLogGroups": &cloudwatchlogs.DescribeLogGroupsOutput{}},
		"AWS::CloudWatch::Alarm":         {"CloudWatch DescribeAlarms": &cloudwatch.DescribeAlarmsOutput{}},
		"AWS::SSM::Parameter":            {"SSM GetParameters": &ssm.GetParametersOutput{}, "SSM DescribeParameters": &ssm.DescribeParametersOutput{}},
	}
	for typ, table := range cases {
		item := sampleOf(typ)
		result := readAll(t, by(table), request(item))
		if _, gone := result.fact(drift.FactGone, item.Key); !gone || len(result.Gaps) != 0 {
			t.Errorf("%s: gone %v, gaps %+v", typ, gone, result.Gaps)
		}
	}
}

func TestECSSaysWhyItLeavesAServiceOut(t *testing.T) {
	item := sampleOf("AWS::ECS::Service")
	for reason, wantGone := range map[string]bool{"MISSING": true, "ACCESS_DENIED": false} {
		result := readAll(t, by(map[string]any{"ECS DescribeServices": &ecs.DescribeServicesOutput{
			Failures: []ecstypes.Failure{{Arn: aws.String(item.ID), Reason: aws.String(reason)}},
		}}), request(item))
		if _, gone := result.fact(drift.FactGone, item.Key); gone != wantGone || (len(result.Gaps) == 0) != wantGone {
			t.Errorf("%s: gone %v, gaps %+v", reason, gone, result.Gaps)
		}
	}
}

// An answer that leaves something out and does not say why proves nothing.
func TestECSThatSaysNothingIsAGap(t *testing.T) {
	for typ, table := range map[string]map[string]any{
		"AWS::ECS::Service": {"ECS DescribeServices": &ecs.DescribeServicesOutput{}},
		"AWS::ECS::Cluster": {"ECS DescribeClusters": &ecs.DescribeClustersOutput{}},
	} {
		item := sampleOf(typ)
		result := readAll(t, by(table), request(item))
		if _, gone := result.fact(drift.FactGone, item.Key); gone || len(result.Gaps) != 1 || result.Gaps[0].Reason != session.BadResponse {
			t.Errorf("%s: gone %v, gaps %+v", typ, gone, result.Gaps)
		}
	}
	item := sampleOf("AWS::ECS::Service")
	deleted := &ecs.DescribeServicesOutput{Services: []ecstypes.Service{{ServiceArn: &item.ID, ServiceName: &item.ID, Status: aws.String("INACTIVE")}}}
	result := readAll(t, by(map[string]any{"ECS DescribeServices": deleted}), request(item))
	if _, gone := result.fact(drift.FactGone, item.Key); !gone || len(result.Gaps) != 0 {
		t.Errorf("a deleted service: gone %v, gaps %+v", gone, result.Gaps)
	}
}

func TestAPropertyThatIsDeclaredAndNotCoveredIsAGap(t *testing.T) {
	item := sampleOf("AWS::SQS::Queue")
	item.Declared = map[string]any{"VisibilityTimeout": 30.0, "BrandNew": true}
	result := readAll(t, by(map[string]any{"SQS GetQueueAttributes": &sqs.GetQueueAttributesOutput{}, "SQS ListQueueTags": &sqs.ListQueueTagsOutput{}}), request(item))
	one(t, result)
	if len(result.Gaps) != 1 || result.Gaps[0].Property != "BrandNew" || result.Gaps[0].Reason != session.Unsupported {
		t.Errorf("gaps %+v", result.Gaps)
	}
	// What no read returns, by the type's own schema, is no gap.
	item = sampleOf("AWS::Lambda::Function")
	item.Declared = map[string]any{"Code": map[string]any{"S3Bucket": "b"}, "PublishToLatestPublished": true}
	result = readAll(t, by(map[string]any{"Lambda GetFunction": function, "Lambda GetPolicy": refusal("ResourceNotFoundException")}), request(item))
	if len(result.Gaps) != 0 {
		t.Errorf("gaps %+v", result.Gaps)
	}
}

func TestProvisionedConcurrencyIsToldOfTheFunction(t *testing.T) {
	fn, alias := sampleOf("AWS::Lambda::Function"), sampleOf("AWS::Lambda::Alias")
	result := readAll(t, by(map[string]any{
		"Lambda GetFunction": function, "Lambda GetAlias": &lambda.GetAliasOutput{Name: aws.String("live"), FunctionVersion: aws.String("3")},
		"Lambda GetProvisionedConcurrencyConfig": &lambda.GetProvisionedConcurrencyConfigOutput{
			Status: lambdatypes.ProvisionedConcurrencyStatusEnumFailed, RequestedProvisionedConcurrentExecutions: aws.Int32(5)},
	}), request(fn, alias))
	value, _ := result.fact(drift.FactLambdaConcurrency, fn.Key)
	provisioned, _ := member(value, "Provisioned").(map[string]any)
	if provisioned["Status"] != "FAILED" || provisioned["Requested"] != 5.0 {
		t.Errorf("concurrency %v", value)
	}
	content, _ := result.fact(drift.FactLambdaAlias, alias.Key)
	if member(content, "CodeSha256") != "c0de" || member(content, "FunctionVersion") != "3" {
		t.Errorf("alias %v", content)
	}
}

func TestGapMessagesAreTheServicesOwnWords(t *testing.T) {
	result := readAll(t, func(string, string, any) (any, error) { return nil, refusal("AccessDenied") }, request(sampleOf("AWS::SQS::Queue")))
	if m := result.Gaps[0].Message; m != "said AccessDenied" || strings.Contains(m, "operation error") {
		t.Errorf("message %q", m)
	}
}
