package read

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func networkACLReader() reader {
	return reader{
		specs: []Spec{
			{
				Type:       "AWS::EC2::NetworkAcl",
				Properties: []string{"VpcId", "Entries", "Tags"},
				Actions:    []string{"ec2:DescribeNetworkAcls"},
				Batch:      perCall(perFilter),
				Identities: []string{"Id"},
			},
			{
				Type: "AWS::EC2::NetworkAclEntry",
				Properties: []string{"NetworkAclId", "RuleNumber", "Egress", "Protocol", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "PortRange",
					"Icmp"},
				Actions: []string{"ec2:DescribeNetworkAcls"},
				Batch:   "with their network ACLs",
			},
			{
				Type:       "AWS::EC2::SubnetNetworkAclAssociation",
				Properties: []string{"NetworkAclId", "SubnetId"},
				Actions:    []string{"ec2:DescribeNetworkAcls"},
				Batch:      perCall(perFilter),
			},
		},
		read: readNetworkACLs,
	}
}

// defaultEntry is the number of the last entry of every list, which denies all
// that no other entry allows. It cannot be changed.
const defaultEntry = 32767

func readNetworkACLs(ctx context.Context, r *run, items []inventory.Item) {
	sorted := sortedByType(items)
	entries := sorted["AWS::EC2::NetworkAclEntry"]
	own := func(item inventory.Item) string {
		if item.Type == "AWS::EC2::NetworkAcl" {
			return item.ID
		}
		return ""
	}
	lists := listNetworkACLs(r, "network-acl-id", firstOf(own, ownerNamed("NetworkAclId")))
	readListed(ctx, r, append(sorted["AWS::EC2::NetworkAcl"], entries...), lists, func(item inventory.Item, a types.NetworkAcl) {
		if item.Type == "AWS::EC2::NetworkAcl" {
			r.networkACL(item, a, entries)
			return
		}
		r.networkACLEntry(item, a)
	})
	bySubnet := listNetworkACLs(r, "association.subnet-id", ownerNamed("SubnetId"))
	byID := listNetworkACLs(r, "association.association-id", physicalID)
	known, rest := apart(sorted["AWS::EC2::SubnetNetworkAclAssociation"], bySubnet.ask)
	readListed(ctx, r, known, bySubnet, r.networkACLAssociation)
	readListed(ctx, r, rest, byID, r.networkACLAssociation)
}

func listNetworkACLs(r *run, filter string, ask func(inventory.Item) string) listing[types.NetworkAcl] {
	return listing[types.NetworkAcl]{
		filter: filter,
		ask:    ask,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.NetworkAcl, *string, error) {
			out, err := r.clients.ec2.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.NetworkAcls, out.NextToken, nil
		},
		names: func(a types.NetworkAcl) []string {
			list := []string{aws.ToString(a.NetworkAclId)}
			for _, x := range a.Associations {
				list = append(list, aws.ToString(x.SubnetId), aws.ToString(x.NetworkAclAssociationId))
			}
			return list
		},
	}
}

// networkACL reports a list. Entries that no resource of the application
// declares are listed with it: those added by hand would show nowhere else.
func (r *run) networkACL(item inventory.Item, a types.NetworkAcl, declared []inventory.Item) {
	o := newObject().take(a, "VpcId").identity("Id", aws.ToString(a.NetworkAclId)).tagList(a.Tags, "Key", "Value")
	own := map[entryKey]bool{}
	for _, entry := range declared {
		if key, ok := entryOf(entry); ok && text(entry.Resolved, "NetworkAclId") == aws.ToString(a.NetworkAclId) {
			own[key] = true
		}
	}
	var others []map[string]any
	for _, e := range a.Entries {
		key := entryKey{aws.ToInt32(e.RuleNumber), aws.ToBool(e.Egress)}
		if key.number < defaultEntry && !own[key] {
			others = append(others, aclEntry(e).properties)
		}
	}
	if len(others) > 0 {
		sortObjects(others, "RuleNumber")
		o.set("Entries", others)
	}
	r.found(item, o)
}

// entryKey is what tells the entries of a list apart.
type entryKey struct {
	number int32
	egress bool
}

// entryOf is the key that an entry of a stack declares.
func entryOf(item inventory.Item) (entryKey, bool) {
	tree, err := drift.Tree(item.Resolved["RuleNumber"])
	if err != nil {
		return entryKey{}, false
	}
	number, ok := tree.(float64)
	if s, isText := tree.(string); isText {
		n, err := strconv.ParseInt(s, 10, 32)
		number, ok = float64(n), err == nil
	}
	egress := item.Resolved["Egress"] == true || item.Resolved["Egress"] == "true"
	return entryKey{int32(number), egress}, ok
}

func (r *run) networkACLEntry(item inventory.Item, a types.NetworkAcl) {
	key, ok := entryOf(item)
	if !ok {
		r.unaddressable(item, "a rule number")
		return
	}
	for _, e := range a.Entries {
		if key == (entryKey{aws.ToInt32(e.RuleNumber), aws.ToBool(e.Egress)}) {
			r.found(item, aclEntry(e).set("NetworkAclId", a.NetworkAclId))
			return
		}
	}
	r.gone(item)
}

// aclEntry is an entry as CloudFormation writes it: the protocol is a number there.
func aclEntry(e types.NetworkAclEntry) *object {
	o := newObject().take(e, "RuleNumber", "Egress", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "PortRange", "IcmpTypeCode:Icmp")
	if protocol, err := strconv.Atoi(aws.ToString(e.Protocol)); err == nil {
		return o.set("Protocol", protocol)
	}
	return o.set("Protocol", e.Protocol)
}

func (r *run) networkACLAssociation(item inventory.Item, a types.NetworkAcl) {
	subnet := text(item.Resolved, "SubnetId")
	for _, x := range a.Associations {
		if id := aws.ToString(x.SubnetId); id != "" && (id == subnet || aws.ToString(x.NetworkAclAssociationId) == item.ID) {
			r.found(item, newObject().set("NetworkAclId", a.NetworkAclId).set("SubnetId", x.SubnetId))
			return
		}
	}
	r.gone(item)
}
