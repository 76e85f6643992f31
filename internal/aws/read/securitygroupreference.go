package read

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// describeSecurityGroups says what security groups of other stacks, or of the
// account's default network, let through. The name is part of it: what a group
// is a member of elsewhere, its own rules do not show. Whom a rule names is
// another id and another range in each Region: neighbours are told by their
// names, ranges by where they lie in the group's network.
func (r *run) describeSecurityGroups(ctx context.Context, ids []string) ([]content, error) {
	found, err := r.securityGroupsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	n, err := r.neighbourhood(ctx, found)
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
				"SecurityGroupIngress": n.named(groupRules(g.IpPermissions, "Source"), g), "SecurityGroupEgress": n.named(groupRules(g.IpPermissionsEgress, "Destination"), g)},
			beside: map[string]any{"VpcId": aws.ToString(g.VpcId)},
		})
	}
	return list, nil
}

func (r *run) securityGroupsOf(ctx context.Context, ids []string) (map[string]types.SecurityGroup, error) {
	return listing[types.SecurityGroup]{
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
}

// neighbourhood is what the rules of groups from outside name.
type neighbourhood struct {
	// names of groups and prefix lists from outside, by id.
	names map[string]string
	// networks are the ranges of VPCs, by id.
	networks map[string][]netip.Prefix
}

// neighbourhood reads what the rules name and is no resource of the application.
func (r *run) neighbourhood(ctx context.Context, groups map[string]types.SecurityGroup) (neighbourhood, error) {
	n := neighbourhood{names: map[string]string{}, networks: map[string][]netip.Prefix{}}
	own, peers, lists, vpcs := r.ownNames(), map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, g := range groups {
		for _, p := range slices.Concat(g.IpPermissions, g.IpPermissionsEgress) {
			for _, pair := range p.UserIdGroupPairs {
				if id := aws.ToString(pair.GroupId); id != aws.ToString(g.GroupId) && len(own[id]) == 0 {
					peers[id] = true
				}
			}
			for _, l := range p.PrefixListIds {
				if id := aws.ToString(l.PrefixListId); len(own[id]) == 0 {
					lists[id] = true
				}
			}
			if len(p.IpRanges)+len(p.Ipv6Ranges) > 0 && aws.ToString(g.VpcId) != "" {
				vpcs[aws.ToString(g.VpcId)] = true
			}
		}
	}
	if err := r.namePeers(ctx, n.names, keysOf(peers)); err != nil {
		return n, err
	}
	for _, batch := range chunks(keysOf(lists), perFilter) {
		described, err := r.describePrefixLists(ctx, batch)
		if err != nil {
			return n, err
		}
		for _, c := range described {
			n.names[c.id] = "${PrefixList:" + r.regionFree(c.name) + "}"
		}
	}
	for _, batch := range chunks(keysOf(vpcs), perFilter) {
		found, err := listVPCs(r, nil).all(ctx, batch)
		if err != nil {
			return n, err
		}
		for id, v := range found {
			n.networks[id] = networksOf(v)
		}
	}
	return n, nil
}

// namePeers learns what neighbours are called. One that is gone, or in another
// account, keeps its id.
func (r *run) namePeers(ctx context.Context, names map[string]string, ids []string) error {
	for _, batch := range chunks(ids, perFilter) {
		found, err := r.securityGroupsOf(ctx, batch)
		if err != nil {
			return err
		}
		for id, g := range found {
			names[id] = "${SecurityGroup:" + aws.ToString(g.GroupName) + "}"
		}
	}
	return nil
}

func networksOf(v types.Vpc) []netip.Prefix {
	texts := []string{aws.ToString(v.CidrBlock)}
	for _, a := range v.CidrBlockAssociationSet {
		texts = append(texts, aws.ToString(a.CidrBlock))
	}
	for _, a := range v.Ipv6CidrBlockAssociationSet {
		texts = append(texts, aws.ToString(a.Ipv6CidrBlock))
	}
	var list []netip.Prefix
	for _, text := range texts {
		if p, err := netip.ParsePrefix(text); err == nil && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// named writes in rules what the ids and ranges stand for.
func (n neighbourhood) named(rules []map[string]any, g types.SecurityGroup) []map[string]any {
	for _, rule := range rules {
		for name, value := range rule {
			text, ok := value.(string)
			switch {
			case !ok || name == "Description":
			case text == aws.ToString(g.GroupId):
				rule[name] = "${self}"
			case n.names[text] != "":
				rule[name] = n.names[text]
			case strings.HasPrefix(name, "Cidr"):
				rule[name] = within(n.networks[aws.ToString(g.VpcId)], text)
			}
		}
	}
	sortObjects(rules, "IpProtocol")
	return rules
}

// within writes a range that lies in one of a VPC's networks as its place
// there: the third /20 of the second network is that in both Regions.
func within(networks []netip.Prefix, text string) string {
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return text
	}
	for i, network := range networks {
		if network.Contains(p.Addr()) && p.Bits() >= network.Bits() {
			return fmt.Sprintf("${Vpc.CidrBlock%d}+%s/%d of %d", i+1, offset(network, p), p.Bits(), network.Bits())
		}
	}
	return text
}

// offset is how far a range begins after its network does.
func offset(network, p netip.Prefix) string {
	base, at := network.Masked().Addr().As16(), p.Addr().As16()
	high := binary.BigEndian.Uint64(at[:8]) - binary.BigEndian.Uint64(base[:8])
	low := binary.BigEndian.Uint64(at[8:]) - binary.BigEndian.Uint64(base[8:])
	return fmt.Sprintf("%x:%x", high, low)
}
