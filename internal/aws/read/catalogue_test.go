package read

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// readFromLists are the types that are found in a list of all there are: what
// is gone is not in it, and no error says so.
func readFromLists(typ string) bool {
	for _, prefix := range []string{"AWS::RDS::", "AWS::ElastiCache::", "AWS::Route53::HealthCheck", "AWS::EFS::FileSystem", "AWS::EFS::AccessPoint"} {
		if strings.HasPrefix(typ, prefix) {
			return true
		}
	}
	return false
}

func instances(names ...string) (items []inventory.Item) {
	for _, name := range names {
		item := sampleOf("AWS::RDS::DBInstance")
		item.Key, item.ID = "app/"+name, name
		items = append(items, item)
	}
	return items
}

// pageOf answers the first page with a, the second with b, and fails with err after it.
func pageOf(err error) answers {
	return func(_, _ string, in any) (any, error) {
		one := func(name string) []rdstypes.DBInstance {
			return []rdstypes.DBInstance{{DBInstanceIdentifier: aws.String(name), DBInstanceStatus: aws.String("available")}}
		}
		switch aws.ToString(in.(*rds.DescribeDBInstancesInput).Marker) {
		case "":
			return &rds.DescribeDBInstancesOutput{DBInstances: one("a"), Marker: aws.String("2")}, nil
		case "2":
			return &rds.DescribeDBInstancesOutput{DBInstances: one("B"), Marker: aws.String("3")}, nil
		}
		return &rds.DescribeDBInstancesOutput{}, err
	}
}

func TestAListSaysWhoIsGoneOnlyAtItsEnd(t *testing.T) {
	tests := map[string]struct {
		ask              []string
		err              error
		calls, read      int
		gone, unanswered string
	}{
		"the first page has all":         {[]string{"a"}, nil, 1, 1, "", ""},
		"case does not matter":           {[]string{"A", "b"}, nil, 2, 2, "", ""},
		"one is in no page":              {[]string{"a", "b", "c"}, nil, 3, 2, "c", ""},
		"the list breaks off":            {[]string{"a", "b", "c"}, refusal("Throttling"), 3, 2, "", "c"},
		"not found is no answer by list": {[]string{"b", "c"}, refusal("DBInstanceNotFound"), 3, 1, "", "c"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var calls callCounter
			result := readAll(t, calls.count(pageOf(test.err)), request(instances(test.ask...)...))
			if len(result.Resources) != test.read || calls.of("DescribeDBInstances") != test.calls {
				t.Errorf("read %d with %d calls", len(result.Resources), calls.of("DescribeDBInstances"))
			}
			if _, gone := result.fact(drift.FactGone, "app/"+test.gone); gone != (test.gone != "") {
				t.Errorf("facts %+v", result.Facts)
			}
			gaps := result.gapsOf("", "")
			if (len(gaps) == 1) != (test.unanswered != "") || len(gaps) == 1 && gaps[0].Resource != "app/"+test.unanswered {
				t.Errorf("gaps %+v", gaps)
			}
		})
	}
}

func TestAMasterPasswordIsNeitherReadNorNamed(t *testing.T) {
	result := readAll(t, by(map[string]any{"RDS DescribeDBInstances": &rds.DescribeDBInstancesOutput{DBInstances: []rdstypes.DBInstance{{
		DBInstanceIdentifier: aws.String("a"), PendingModifiedValues: &rdstypes.PendingModifiedValues{MasterUserPassword: aws.String("hunter2-hunter2")},
		MasterUserSecret: &rdstypes.MasterUserSecret{SecretArn: aws.String("arn:aws:secretsmanager:us-west-2:1:secret:rds!x"), KmsKeyId: aws.String("k")},
	}}}}), request(instances("a")...))
	p := one(t, result).Properties
	if p["MasterUserPassword"] != nil || p["PendingModifiedValues"] != nil || p["ManageMasterUserPassword"] != true || member(p["MasterUserSecret"], "KmsKeyId") != "k" {
		t.Errorf("%v", p)
	}
}

func TestWhatAGroupSaysBesidesIsAGapOfThatPropertyAlone(t *testing.T) {
	group := &rds.DescribeDBParameterGroupsOutput{DBParameterGroups: []rdstypes.DBParameterGroup{{DBParameterGroupName: aws.String("physical"), DBParameterGroupArn: aws.String("arn:g")}}}
	for property, refused := range map[string]string{"Parameters": "RDS DescribeDBParameters", "Tags": "RDS ListTagsForResource"} {
		table := map[string]any{"RDS DescribeDBParameterGroups": group, "RDS DescribeDBParameters": &rds.DescribeDBParametersOutput{},
			"RDS ListTagsForResource": &rds.ListTagsForResourceOutput{}}
		table[refused] = refusal("AccessDenied")
		result := readAll(t, by(table), request(sampleOf("AWS::RDS::DBParameterGroup")))
		r := one(t, result)
		if gaps := result.gapsOf(property, ""); len(result.Gaps) != 1 || len(gaps) != 1 || gaps[0].Reason != session.AccessDenied || r.Properties[property] != nil {
			t.Errorf("%s: gaps %+v, properties %v", property, result.Gaps, r.Properties)
		}
	}
}
