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

// Whom the rules of a group from outside let in is another id and another range
// in each Region, and the same neighbour and the same place in the network.
func TestTheNeighboursOfAForeignGroupAreToldByWhatTheyAre(t *testing.T) {
	type network struct{ group, peer, vpc, block, door, list, region string }
	east := network{"sg-0a", "sg-0b", "vpc-0a", "10.1.0.0/16", "10.1.32.0/20", "pl-0a", "us-east-1"}
	west := network{"sg-0c", "sg-0d", "vpc-0b", "10.2.0.0/16", "10.2.32.0/20", "pl-0b", "us-west-2"}
	describe := func(n network, peerName string) any {
		group := types.SecurityGroup{GroupId: &n.group, GroupName: aws.String("shared"), VpcId: &n.vpc, IpPermissions: []types.IpPermission{{IpProtocol: aws.String("-1"),
			UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &n.peer}}, IpRanges: []types.IpRange{{CidrIp: &n.door}, {CidrIp: aws.String("203.0.113.0/24")}},
			PrefixListIds: []types.PrefixListId{{PrefixListId: &n.list}}}}}
		table := by(map[string]any{
			"EC2 DescribeVpcs": &ec2.DescribeVpcsOutput{Vpcs: []types.Vpc{{VpcId: &n.vpc, CidrBlock: &n.block}}},
			"EC2 DescribeManagedPrefixLists": &ec2.DescribeManagedPrefixListsOutput{PrefixLists: []types.ManagedPrefixList{
				{PrefixListId: &n.list, PrefixListName: aws.String("com.amazonaws." + n.region + ".s3"), OwnerId: aws.String("AWS")}}},
		})
		r := &run{Request: request(), clients: answers(func(service, operation string, in any) (any, error) {
			q, ok := in.(*ec2.DescribeSecurityGroupsInput)
			switch {
			case !ok:
				return table(service, operation, in)
			case q.Filters[0].Values[0] == n.peer && peerName == "":
				return nil, refusal("AccessDenied")
			case q.Filters[0].Values[0] == n.peer:
				return &ec2.DescribeSecurityGroupsOutput{SecurityGroups: []types.SecurityGroup{{GroupId: &n.peer, GroupName: &peerName}}}, nil
			}
			return &ec2.DescribeSecurityGroupsOutput{SecurityGroups: []types.SecurityGroup{group}}, nil
		}).clients()}
		r.Region = n.region
		r.result.Resources = []drift.Resource{{Key: "app/Db", Type: "AWS::RDS::DBInstance", Properties: map[string]any{"VPCSecurityGroups": []any{n.group}}}}
		r.describeReferences(t.Context())
		if peerName == "" {
			return len(r.result.Gaps) == 1 && len(r.result.Facts) == 0
		}
		return member(r.result.Facts[0].Value, "Content")
	}
	if a, b := describe(east, "web"), describe(west, "web"); !reflect.DeepEqual(a, b) {
		t.Errorf("the same rules of two Regions:\n%v\n%v", a, b)
	}
	if reflect.DeepEqual(describe(east, "web"), describe(west, "bastion")) {
		t.Error("another neighbour is the same")
	}
	elsewhere := west
	elsewhere.door = "10.2.48.0/20"
	if reflect.DeepEqual(describe(east, "web"), describe(elsewhere, "web")) {
		t.Error("another place in the network is the same")
	}
	if describe(west, "") != true {
		t.Error("a neighbour that may not be read is no gap")
	}
}
