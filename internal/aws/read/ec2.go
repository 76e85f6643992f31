package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func ec2Reader() reader {
	rule := []string{"GroupId", "IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6", "Description"}
	return reader{
		specs: []Spec{
			{
				Type: "AWS::EC2::SecurityGroup",
				Properties: []string{"GroupName", "GroupDescription", "VpcId", "SecurityGroupIngress", "SecurityGroupEgress",
					"Tags"},
				Actions:    []string{"ec2:DescribeSecurityGroups"},
				Batch:      perCall(perFilter),
				Identities: []string{"GroupId"},
			},
			{
				Type:       "AWS::EC2::SecurityGroupIngress",
				Properties: append([]string{"SourceSecurityGroupId", "SourceSecurityGroupOwnerId", "SourcePrefixListId"}, rule...),
				Actions:    []string{"ec2:DescribeSecurityGroupRules"},
				Batch:      perCall(perFilter),
			},
			{
				Type:       "AWS::EC2::SecurityGroupEgress",
				Properties: append([]string{"DestinationSecurityGroupId", "DestinationPrefixListId"}, rule...),
				Actions:    []string{"ec2:DescribeSecurityGroupRules"},
				Batch:      perCall(perFilter),
			},
		},
		read: readSecurityGroups,
	}
}

// perFilter is the most values EC2 takes in one filter. Filters, unlike lists of
// ids, answer for the ids that exist instead of failing for one that does not.
const perFilter = 200

func readSecurityGroups(ctx context.Context, r *run, items []inventory.Item) {
	byFilter := map[string][]inventory.Item{}
	for _, item := range items {
		switch {
		case item.Type == "AWS::EC2::SecurityGroup" && strings.HasPrefix(item.ID, "sg-"):
			byFilter["group-id"] = append(byFilter["group-id"], item)
		case item.Type == "AWS::EC2::SecurityGroup" && item.ID != "":
			byFilter["group-name"] = append(byFilter["group-name"], item)
		case strings.HasPrefix(item.ID, "sgr-"):
			byFilter["security-group-rule-id"] = append(byFilter["security-group-rule-id"], item)
		default:
			r.unaddressable(item, "an id")
		}
	}
	type batch struct {
		filter string
		items  []inventory.Item
	}
	var batches []batch
	for _, filter := range keysOf(byFilter) {
		for _, part := range chunks(byFilter[filter], perFilter) {
			batches = append(batches, batch{filter, part})
		}
	}
	each(ctx, batches, func(b batch) {
		filters := []types.Filter{{Name: aws.String(b.filter), Values: names(b.items)}}
		if b.filter == "security-group-rule-id" {
			r.securityGroupRules(ctx, b.items, filters)
			return
		}
		r.securityGroups(ctx, b.items, filters)
	})
}

func (r *run) securityGroups(ctx context.Context, items []inventory.Item, filters []types.Filter) {
	found := map[string][]types.SecurityGroup{}
	pages := ec2.NewDescribeSecurityGroupsPaginator(r.clients.ec2, &ec2.DescribeSecurityGroupsInput{Filters: filters})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			for _, item := range items {
				r.failed(item, err)
			}
			return
		}
		for _, g := range page.SecurityGroups {
			id := aws.ToString(g.GroupId)
			found[id] = append(found[id], g)
			name := aws.ToString(g.GroupName)
			found[name] = append(found[name], g)
		}
	}
	for _, item := range items {
		switch groups := found[item.ID]; len(groups) {
		case 0:
			r.gone(item)
		case 1:
			r.found(item, securityGroup(groups[0]))
		default:
			r.note(item, "", "", "ec2:DescribeSecurityGroups", "Ambiguous", "several VPCs have a security group of this name")
		}
	}
}

func securityGroup(g types.SecurityGroup) *object {
	return newObject().take(g, "GroupName", "Description:GroupDescription", "VpcId").
		set("SecurityGroupIngress", groupRules(g.IpPermissions, "Source")).
		set("SecurityGroupEgress", groupRules(g.IpPermissionsEgress, "Destination")).
		identity("GroupId", aws.ToString(g.GroupId)).
		tagList(g.Tags, "Key", "Value")
}

// groupRules unfolds EC2's permissions, which group peers by port range, into
// one rule per peer as CloudFormation writes them, sorted.
func groupRules(permissions []types.IpPermission, side string) []map[string]any {
	rules := []map[string]any{}
	for _, p := range permissions {
		add := func(peer string, value, description *string) {
			rule := map[string]any{"IpProtocol": aws.ToString(p.IpProtocol)}
			if p.FromPort != nil {
				rule["FromPort"], rule["ToPort"] = *p.FromPort, aws.ToInt32(p.ToPort)
			}
			rule[peer] = aws.ToString(value)
			if aws.ToString(description) != "" {
				rule["Description"] = *description
			}
			rules = append(rules, rule)
		}
		for _, r := range p.IpRanges {
			add("CidrIp", r.CidrIp, r.Description)
		}
		for _, r := range p.Ipv6Ranges {
			add("CidrIpv6", r.CidrIpv6, r.Description)
		}
		for _, l := range p.PrefixListIds {
			add(side+"PrefixListId", l.PrefixListId, l.Description)
		}
		for _, g := range p.UserIdGroupPairs {
			add(side+"SecurityGroupId", g.GroupId, g.Description)
		}
	}
	sortObjects(rules, "IpProtocol")
	return rules
}

func (r *run) securityGroupRules(ctx context.Context, items []inventory.Item, filters []types.Filter) {
	found := map[string]types.SecurityGroupRule{}
	pages := ec2.NewDescribeSecurityGroupRulesPaginator(r.clients.ec2, &ec2.DescribeSecurityGroupRulesInput{Filters: filters})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			for _, item := range items {
				r.failed(item, err)
			}
			return
		}
		for _, rule := range page.SecurityGroupRules {
			found[aws.ToString(rule.SecurityGroupRuleId)] = rule
		}
	}
	for _, item := range items {
		rule, ok := found[item.ID]
		if !ok {
			r.gone(item)
			continue
		}
		side := "Source"
		if aws.ToBool(rule.IsEgress) {
			side = "Destination"
		}
		o := newObject().take(rule, "GroupId", "IpProtocol", "FromPort", "ToPort", "CidrIpv4:CidrIp", "CidrIpv6", "Description",
			"PrefixListId:"+side+"PrefixListId")
		if g := rule.ReferencedGroupInfo; g != nil {
			o.set(side+"SecurityGroupId", g.GroupId)
		}
		r.found(item, o)
	}
}
