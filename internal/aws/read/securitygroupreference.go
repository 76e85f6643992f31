package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// describeSecurityGroups says what security groups of other stacks, or of the
// account's default network, let through. The name is part of it: what a group
// is a member of elsewhere, its own rules do not show.
func (r *run) describeSecurityGroups(ctx context.Context, ids []string) ([]content, error) {
	found, err := listing[types.SecurityGroup]{
		filter: "group-id",
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.SecurityGroup, *string, error) {
			out, err := r.clients.ec2.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.SecurityGroups, out.NextToken, nil
		},
		names: func(g types.SecurityGroup) []string { return []string{aws.ToString(g.GroupId)} },
	}.all(ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []content
	for _, id := range ids {
		g, ok := found[id]
		if !ok {
			list = append(list, content{id: id, kind: "SecurityGroup", beside: map[string]any{"State": "gone"}})
			continue
		}
		list = append(list, content{
			id: id, kind: "SecurityGroup", name: aws.ToString(g.GroupName),
			alike: map[string]any{"GroupName": aws.ToString(g.GroupName),
				"SecurityGroupIngress": ofItself(groupRules(g.IpPermissions, "Source"), id), "SecurityGroupEgress": ofItself(groupRules(g.IpPermissionsEgress, "Destination"), id)},
			beside: map[string]any{"VpcId": aws.ToString(g.VpcId)},
		})
	}
	return list, nil
}

// ofItself writes the group's own id in its rules as what it is.
func ofItself(rules []map[string]any, id string) []map[string]any {
	for _, rule := range rules {
		for name, value := range rule {
			if value == id {
				rule[name] = "${self}"
			}
		}
	}
	sortObjects(rules, "IpProtocol")
	return rules
}
