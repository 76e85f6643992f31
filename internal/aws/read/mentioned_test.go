package read

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func TestNamesOfKeysAndCertificates(t *testing.T) {
	const id = "0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f"
	tests := map[string]struct {
		property, text   string
		key, certificate bool
	}{
		"ARN of a key anywhere":      {"Value", "arn:aws:kms:us-west-2:111111111111:key/" + id, true, false},
		"ARN of an alias":            {"Value", "arn:aws:kms:us-west-2:111111111111:alias/app", true, false},
		"id of a key":                {"KmsKeyId", id, true, false},
		"id of a multi-Region key":   {"KMSMasterKeyID", "mrk-0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d", true, false},
		"alias":                      {"KmsMasterKeyId", "alias/app", true, false},
		"an id of something else":    {"DeploymentId", id, false, false},
		"an alias of something else": {"Name", "alias/app", false, false},
		"a key that AWS keeps":       {"KmsMasterKeyId", "alias/aws/sqs", false, false},
		"the ARN of its alias":       {"KmsKeyId", "arn:aws:kms:us-west-2:111111111111:alias/aws/sqs", false, false},
		"every key":                  {"Resource", "arn:aws:kms:us-west-2:111111111111:key/*", false, false},
		"certificate":                {"CertificateArn", "arn:aws:acm:us-west-2:111111111111:certificate/" + id, false, true},
		"certificate of China":       {"CertificateArn", "arn:aws-cn:acm:cn-north-1:111111111111:certificate/" + id, false, true},
		"text that mentions one":     {"Value", "see arn:aws:acm:us-west-2:111111111111:certificate/" + id, false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if namesKey(test.property, test.text) != test.key || certificateARN.MatchString(test.text) != test.certificate {
				t.Errorf("key %v, certificate %v", namesKey(test.property, test.text), certificateARN.MatchString(test.text))
			}
		})
	}
}

// queueWith is a queue whose messages a key encrypts.
func queueWith(name, key string, table map[string]any) inventory.Item {
	item := sampleOf("AWS::SQS::Queue")
	item.Key, item.ID = "app/"+name, "https://sqs/"+name
	table["SQS GetQueueAttributes"] = &sqs.GetQueueAttributesOutput{Attributes: map[string]string{"KmsMasterKeyId": key}}
	table["SQS ListQueueTags"] = &sqs.ListQueueTagsOutput{}
	return item
}

func TestAKeyIsDescribedOnceAndOnlyIfItIsFromOutside(t *testing.T) {
	const outside = "arn:aws:kms:us-west-2:111111111111:key/0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f"
	own := sampleOf("AWS::KMS::Key")
	own.ID = "0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f"
	described := map[string]any{
		"KMS DescribeKey":          &kms.DescribeKeyOutput{KeyMetadata: &kmstypes.KeyMetadata{KeyId: aws.String(own.ID), KeyState: "PendingDeletion", KeySpec: "SYMMETRIC_DEFAULT"}},
		"KMS ListAliases":          &kms.ListAliasesOutput{Aliases: []kmstypes.AliasListEntry{{AliasName: aws.String("alias/b")}, {AliasName: aws.String("alias/a")}}},
		"KMS GetKeyPolicy":         refusal("AccessDenied"),
		"KMS ListResourceTags":     &kms.ListResourceTagsOutput{},
		"KMS GetKeyRotationStatus": refusal("AccessDenied"),
	}
	a, b := queueWith("a", outside, described), queueWith("b", outside, described)
	var calls callCounter
	result := readAll(t, calls.count(by(described)), request(a, b))
	value, ok := result.fact(drift.FactContent, outside)
	if !ok || calls.of("DescribeKey") != 1 || len(result.Gaps) != 0 {
		t.Fatalf("calls %v, gaps %+v", calls.calls, result.Gaps)
	}
	if have := fmt.Sprintf("%v %v %v", member(value, "Name"), member(value, "KeyState"), member(member(value, "Content"), "Aliases")); have != "alias/a PendingDeletion [alias/a alias/b]" {
		t.Errorf("%v", value)
	}
	result = readAll(t, by(described), request(a, own))
	if _, ok := result.fact(drift.FactContent, outside); ok {
		t.Errorf("a key of the application was described as one from outside: %+v", result.Facts)
	}
	elsewhere := queueWith("c", "arn:aws:kms:eu-west-1:111111111111:key/"+own.ID, described)
	if result = readAll(t, by(described), request(elsewhere)); len(result.Gaps) != 0 || len(result.Facts) != 0 {
		t.Errorf("a key of another Region: facts %+v, gaps %+v", result.Facts, result.Gaps)
	}
}

func TestGroupsOfOneNameStandSideBySide(t *testing.T) {
	cluster := sampleOf("AWS::RDS::DBCluster")
	table := map[string]any{
		"RDS DescribeDBInstances": &rds.DescribeDBInstancesOutput{DBInstances: []rdstypes.DBInstance{{DBInstanceIdentifier: aws.String("a"),
			DBParameterGroups: []rdstypes.DBParameterGroupStatus{{DBParameterGroupName: aws.String("prod")}}}}},
		"RDS DescribeDBClusters": &rds.DescribeDBClustersOutput{DBClusters: []rdstypes.DBCluster{{DBClusterIdentifier: aws.String(cluster.ID),
			DBClusterParameterGroup: aws.String("prod")}}},
		"RDS DescribeDBParameterGroups":        &rds.DescribeDBParameterGroupsOutput{DBParameterGroups: []rdstypes.DBParameterGroup{{DBParameterGroupFamily: aws.String("f")}}},
		"RDS DescribeDBClusterParameterGroups": &rds.DescribeDBClusterParameterGroupsOutput{DBClusterParameterGroups: []rdstypes.DBClusterParameterGroup{{DBParameterGroupFamily: aws.String("g")}}},
		"RDS DescribeDBParameters": &rds.DescribeDBParametersOutput{Parameters: []rdstypes.Parameter{{ParameterName: aws.String("p"), ParameterValue: aws.String("1"), Source: aws.String("user")},
			{ParameterName: aws.String("q"), ParameterValue: aws.String("1"), Source: aws.String("engine-default")}}},
		"RDS DescribeDBClusterParameters": &rds.DescribeDBClusterParametersOutput{},
	}
	result := readAll(t, by(table), request(append(instances("a"), cluster)...))
	value, _ := result.fact(drift.FactContent, "prod")
	want := "map[RDSDBClusterParameterGroup:map[Family:g Parameters:map[]] RDSDBParameterGroup:map[Family:f Parameters:map[p:1]]]"
	if have := fmt.Sprint(member(value, "Content")); have != want || len(result.Gaps) != 0 {
		t.Errorf("have %s, gaps %+v", have, result.Gaps)
	}
	table["RDS DescribeDBParameterGroups"] = &rds.DescribeDBParameterGroupsOutput{}
	result = readAll(t, by(table), request(append(instances("a"), cluster)...)) // the cluster's group alone does not tell the name
	if _, ok := result.fact(drift.FactContent, "prod"); ok || len(result.gapsOf("", drift.FactContent)) != 1 {
		t.Errorf("an empty answer: facts %+v, gaps %+v", result.Facts, result.Gaps)
	}
}

// A key from outside is also who may use it; its own id in there says nothing.
func TestAForeignKeyIsToldByItsPolicyToo(t *testing.T) {
	describe := func(id, action string) any {
		table := map[string]any{
			"KMS DescribeKey":          &kms.DescribeKeyOutput{KeyMetadata: &kmstypes.KeyMetadata{KeyId: &id, AWSAccountId: aws.String("222222222222"), KeySpec: "SYMMETRIC_DEFAULT"}},
			"KMS ListAliases":          &kms.ListAliasesOutput{Aliases: []kmstypes.AliasListEntry{{AliasName: aws.String("alias/a")}}},
			"KMS GetKeyPolicy":         &kms.GetKeyPolicyOutput{Policy: aws.String(`{"Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"arn:aws:kms:::key/` + id + `"}]}`)},
			"KMS GetKeyRotationStatus": &kms.GetKeyRotationStatusOutput{},
		}
		q := queueWith("a", "arn:aws:kms:us-west-2:222222222222:key/"+id, table)
		r := request(q)
		r.Account = "222222222222"
		result := readAll(t, by(table), r)
		value, _ := result.fact(drift.FactContent, "arn:aws:kms:us-west-2:222222222222:key/"+id)
		return member(value, "Content")
	}
	const one, other = "0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f", "1a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f"
	if a, b := describe(one, "kms:Decrypt"), describe(other, "kms:Decrypt"); !reflect.DeepEqual(a, b) || member(a, "KeyPolicy") == nil {
		t.Errorf("two keys of one policy: %v and %v", a, b)
	}
	if reflect.DeepEqual(describe(one, "kms:Decrypt"), describe(other, "kms:Encrypt")) {
		t.Error("a key that others may use is the same")
	}
}

// Beyond the bound nothing is described, and each id that is left out is a gap.
func TestIdsBeyondTheBoundAreGaps(t *testing.T) {
	r := &run{Request: request()}
	for i := range mentions + 2 {
		r.result.Resources = append(r.result.Resources, drift.Resource{Key: fmt.Sprintf("app/Q%03d", i), Type: "AWS::SQS::Queue",
			Properties: map[string]any{"KmsMasterKeyId": fmt.Sprintf("0a1b2c3d-0a1b-4c3d-8e5f-%012x", i)}})
	}
	if list := r.mentioned(); len(list) != mentions || len(r.result.Gaps) != 2 || r.result.Gaps[0].Resource == r.result.Gaps[1].Resource {
		t.Errorf("%d are described, gaps %+v", len(list), r.result.Gaps)
	}
}
