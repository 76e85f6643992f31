package read

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// defaultGroup is the group that AWS makes with every network, as of one Region.
func defaultGroup(id string, port int32) *ec2.DescribeSecurityGroupsOutput {
	return &ec2.DescribeSecurityGroupsOutput{SecurityGroups: []types.SecurityGroup{{
		GroupId: &id, GroupName: aws.String("default"), VpcId: aws.String("vpc-" + id),
		IpPermissions: []types.IpPermission{{IpProtocol: aws.String("tcp"), FromPort: &port, ToPort: &port, UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &id}}}},
	}}}
}

func TestASecurityGroupFromOutsideIsDescribedByWhatItLetsThrough(t *testing.T) {
	describe := func(id string, answer any, items ...inventory.Item) *run {
		r := &run{Request: request(items...), clients: by(map[string]any{"EC2 DescribeSecurityGroups": answer}).clients()}
		r.result.Resources = []drift.Resource{{Key: "app/Db", Type: "AWS::RDS::DBInstance", Properties: map[string]any{"VPCSecurityGroups": []any{id}}}}
		r.describeReferences(t.Context())
		return r
	}
	content := func(r *run) any {
		if len(r.result.Facts) != 1 || len(r.result.Gaps) != 0 {
			t.Fatalf("facts %+v, gaps %+v", r.result.Facts, r.result.Gaps)
		}
		return member(r.result.Facts[0].Value, "Content")
	}
	east, west := describe("sg-0a", defaultGroup("sg-0a", 5432)), describe("sg-0b", defaultGroup("sg-0b", 5432))
	if !reflect.DeepEqual(content(east), content(west)) || west.result.Facts[0].Subject != "sg-0b" {
		t.Errorf("the same group of two Regions: %v and %v", content(east), content(west))
	}
	if other := describe("sg-0b", defaultGroup("sg-0b", 1)); reflect.DeepEqual(content(east), content(other)) {
		t.Error("a group with another port is the same")
	}
	if gone := describe("sg-0a", &ec2.DescribeSecurityGroupsOutput{}); content(gone) != nil && len(content(gone).(map[string]any)) > 0 {
		t.Errorf("a group that is gone has a content: %v", content(gone))
	}
	if own := describe("sg-0a", defaultGroup("sg-0a", 1), inventory.Item{Key: "app/G", Type: "AWS::EC2::SecurityGroup", ID: "sg-0a"}); len(own.result.Facts) != 0 {
		t.Error("a group of the application is described as one from outside")
	}
	if denied := describe("sg-0a", refusal("AccessDenied")); len(denied.result.Facts) != 0 || len(denied.result.Gaps) != 1 || denied.result.Gaps[0].Fact != drift.FactContent {
		t.Errorf("%+v", denied.result)
	}
}
