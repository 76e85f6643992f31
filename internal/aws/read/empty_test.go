package read

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	cachetypes "github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// Two Regions whose answers are both empty are not alike: nothing was read.
func TestAnAnswerThatHoldsNothingIsAGapAndNoEmptyResource(t *testing.T) {
	zones := &route53.ListHostedZonesByNameOutput{HostedZones: []types.HostedZone{
		{Id: aws.String("/hostedzone/Z1"), Name: aws.String("example.com.")}, {Id: aws.String("/hostedzone/Z2"), Name: aws.String("example.com.")}}}
	for typ, table := range map[string]map[string]any{
		"AWS::Backup::BackupPlan":              {"Backup GetBackupPlan": &backup.GetBackupPlanOutput{}},
		"AWS::Backup::BackupSelection":         {"Backup GetBackupSelection": &backup.GetBackupSelectionOutput{}},
		"AWS::CertificateManager::Certificate": {"ACM DescribeCertificate": &acm.DescribeCertificateOutput{}},
		"AWS::DynamoDB::Table":                 {"DynamoDB DescribeTable": &dynamodb.DescribeTableOutput{}},
		"AWS::IAM::Group":                      {"IAM GetGroup": &iam.GetGroupOutput{}},
		"AWS::IAM::InstanceProfile":            {"IAM GetInstanceProfile": &iam.GetInstanceProfileOutput{}},
		"AWS::IAM::Role":                       {"IAM GetRole": &iam.GetRoleOutput{}},
		"AWS::IAM::ServiceLinkedRole":          {"IAM GetRole": &iam.GetRoleOutput{}},
		"AWS::IAM::User":                       {"IAM GetUser": &iam.GetUserOutput{}},
		"AWS::KMS::Key":                        {"KMS DescribeKey": &kms.DescribeKeyOutput{}},
		"AWS::Lambda::Function":                {"Lambda GetFunction": &lambda.GetFunctionOutput{}},
		"AWS::Lambda::Version":                 {"Lambda GetFunction": &lambda.GetFunctionOutput{}},
		"AWS::MSK::Configuration":              {"Kafka DescribeConfiguration": &kafka.DescribeConfigurationOutput{Name: aws.String("c")}},
		"AWS::Route53::HostedZone":             {"Route 53 GetHostedZone": &route53.GetHostedZoneOutput{}},
		"AWS::Route53::RecordSet":              {"Route 53 ListHostedZonesByName": zones},
		"AWS::WAFv2::LoggingConfiguration":     {"WAFV2 GetLoggingConfiguration": &wafv2.GetLoggingConfigurationOutput{}},
	} {
		item := sampleOf(typ)
		if typ == "AWS::Route53::RecordSet" { // its zone is named, and two have the name
			delete(item.Resolved, "HostedZoneId")
			item.Resolved["HostedZoneName"] = "example.com."
		}
		result := readAll(t, by(table), request(item))
		if len(result.Resources) != 0 || len(result.Gaps) != 1 || result.Gaps[0].Reason != session.BadResponse || result.Gaps[0].Property != "" {
			t.Errorf("%s: resources %+v, gaps %+v", typ, result.Resources, result.Gaps)
		}
		if _, gone := result.fact(drift.FactGone, item.Key); gone {
			t.Errorf("%s: an answer that says nothing was taken for one that says that it is gone", typ)
		}
	}
}

func TestAnAliasWhoseCodeNobodyToldIsAGap(t *testing.T) {
	result := readAll(t, by(map[string]any{
		"Lambda GetAlias":                        &lambda.GetAliasOutput{Name: aws.String("live"), FunctionVersion: aws.String("3")},
		"Lambda GetFunction":                     &lambda.GetFunctionOutput{Configuration: &lambdatypes.FunctionConfiguration{}},
		"Lambda GetProvisionedConcurrencyConfig": &lambdatypes.ProvisionedConcurrencyConfigNotFoundException{},
	}), request(sampleOf("AWS::Lambda::Alias")))
	alias := one(t, result)
	if _, known := result.fact(drift.FactLambdaAlias, alias.Key); known || len(result.gapsOf("", drift.FactLambdaAlias)) != 1 {
		t.Errorf("known %v, gaps %+v", known, result.Gaps)
	}
}

func TestACacheWhoseNodesAreNotListedHasNoEngine(t *testing.T) {
	item := sampleOf("AWS::ElastiCache::ReplicationGroup")
	result := readAll(t, by(map[string]any{
		"ElastiCache DescribeReplicationGroups": &elasticache.DescribeReplicationGroupsOutput{ReplicationGroups: []cachetypes.ReplicationGroup{
			{ReplicationGroupId: &item.ID, MemberClusters: []string{"a-001"}}}},
		"ElastiCache DescribeCacheClusters": &elasticache.DescribeCacheClustersOutput{},
		"ElastiCache ListTagsForResource":   &elasticache.ListTagsForResourceOutput{},
	}), request(item))
	group := one(t, result)
	for _, property := range []string{"EngineVersion", "SecurityGroupIds", "CacheParameterGroupName"} {
		if _, known := group.Properties[property]; known || len(result.gapsOf(property, "")) != 1 {
			t.Errorf("%s: known %v, gaps %+v", property, known, result.Gaps)
		}
	}
}
