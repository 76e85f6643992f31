package ec2

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of network ACLs.
const (
	ACLType            = "AWS::EC2::NetworkAcl"
	ACLEntryType       = "AWS::EC2::NetworkAclEntry"
	ACLAssociationType = "AWS::EC2::SubnetNetworkAclAssociation"
)

const (
	noACL      = "InvalidNetworkAclID.NotFound"
	noACLEntry = "InvalidNetworkAclEntry.NotFound"
)

func aclKinds() []core.Kind {
	return []core.Kind{
		{
			Type:       ACLType,
			Identifier: []string{"Id"},
			Ref:        "{Id}",
			Replace:    []string{"VpcId"},
			Schema:     core.Schema{Required: []string{"VpcId"}},
			Create:     after(needs("VpcId", VPCType, noVPC), numbered("acl")),
		},
		{
			Type:       ACLEntryType,
			Identifier: []string{"NetworkAclId", "RuleNumber", "Egress"},
			Replace:    []string{"NetworkAclId", "RuleNumber", "Egress"},
			Defaults:   map[string]any{"Egress": false},
			Schema: core.Schema{Required: []string{"NetworkAclId", "RuleNumber", "Protocol", "RuleAction"}, Booleans: []string{"Egress"},
				Numbers: []string{"RuleNumber", "Protocol", "PortRange.From", "PortRange.To", "Icmp.Code", "Icmp.Type"},
				Allowed: map[string][]string{"RuleAction": {"allow", "deny"}}, Range: map[string][2]float64{"RuleNumber": {1, 32766}}},
			Create: needs("NetworkAclId", ACLType, noACL),
		},
		{
			Type:       ACLAssociationType,
			Identifier: []string{"Id"},
			Attributes: map[string]string{"AssociationId": "{Id}"},
			Ref:        "{Id}",
			Replace:    []string{"NetworkAclId", "SubnetId"},
			Schema:     core.Schema{Required: []string{"NetworkAclId", "SubnetId"}},
			Create:     after(needs("NetworkAclId", ACLType, noACL), needs("SubnetId", SubnetType, noSubnet), numbered("aclassoc")),
		},
	}
}

func aclOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeNetworkAcls": aclView().describe, "CreateNetworkAcl": creating(aclView(), "network-acl", "networkAcl", "VpcId"),
		"DeleteNetworkAcl": deleting(ACLType, "NetworkAclId", noACL), "CreateNetworkAclEntry": createEntry, "ReplaceNetworkAclEntry": replaceEntry,
		"DeleteNetworkAclEntry": deleteEntry, "ReplaceNetworkAclAssociation": replaceACLAssociation,
	}
}

// defaultACLs are the lists that every VPC has from the start; subnets without
// another one have it.
func defaultACLs(c *core.Call) []store.Resource {
	var list []store.Resource
	for _, vpc := range vpcView().all(c) {
		id := "acl-" + wire.Text(vpc.Attributes["Main"])
		list = append(list, store.Resource{Scope: c.Scope, Type: ACLType, ID: id, Attributes: map[string]any{"Id": id},
			Properties: map[string]any{"VpcId": vpc.ID}, Private: map[string]any{"Default": true}, Tags: map[string]string{}})
	}
	return list
}

func aclView() view {
	return view{
		typ: ACLType, set: "networkAclSet", ids: "NetworkAclId", missing: noACL, more: defaultACLs, show: showACL,
		filters: func(c *core.Call, r store.Resource) map[string][]string {
			have := map[string][]string{"network-acl-id": {r.ID}, "vpc-id": {wire.Text(r.Properties["VpcId"])}, "owner-id": {c.Account},
				"default": {wire.Text(r.Private["Default"] == true)}, "association.subnet-id": nil, "association.association-id": nil}
			for _, a := range aclAssociations(c, r) {
				have["association.subnet-id"] = append(have["association.subnet-id"], a.String("subnetId"))
				have["association.association-id"] = append(have["association.association-id"], a.String("networkAclAssociationId"))
			}
			return have
		},
	}
}

// aclAssociations are the subnets of a list: those of a resource, and for the
// default list of a VPC those without one.
func aclAssociations(c *core.Call, acl store.Resource) []core.Out {
	var list []core.Out
	taken := map[string]bool{}
	for _, a := range c.List(ACLAssociationType) {
		taken[wire.Text(a.Properties["SubnetId"])] = true
		if a.Properties["NetworkAclId"] == acl.ID {
			list = append(list, core.Out{"networkAclAssociationId": a.ID, "networkAclId": acl.ID, "subnetId": a.Properties["SubnetId"]})
		}
	}
	if acl.Private["Default"] != true {
		return list
	}
	for _, s := range c.List(SubnetType) {
		if s.Properties["VpcId"] == acl.Properties["VpcId"] && !taken[s.ID] {
			list = append(list, core.Out{"networkAclAssociationId": s.Attributes["NetworkAclAssociationId"], "networkAclId": acl.ID, "subnetId": s.ID})
		}
	}
	return list
}

func showACL(c *core.Call, r store.Resource) core.Out {
	entries := []any{}
	for _, e := range c.List(ACLEntryType) {
		if e.Properties["NetworkAclId"] == r.ID {
			entries = append(entries, showEntry(e.Properties))
		}
	}
	for _, egress := range []bool{true, false} {
		if r.Private["Default"] == true {
			entries = append(entries, core.Out{"ruleNumber": 100, "protocol": "-1", "ruleAction": "allow", "egress": egress, "cidrBlock": "0.0.0.0/0"})
		}
		entries = append(entries, core.Out{"ruleNumber": 32767, "protocol": "-1", "ruleAction": "deny", "egress": egress, "cidrBlock": "0.0.0.0/0"})
	}
	associated := []any{}
	for _, a := range aclAssociations(c, r) {
		associated = append(associated, a)
	}
	return core.Out{"networkAclId": r.ID, "vpcId": r.Properties["VpcId"], "ownerId": c.Account, "default": r.Private["Default"] == true,
		"entrySet": entries, "associationSet": associated}
}

func showEntry(p wire.Object) core.Out {
	out := core.Out{"ruleNumber": p["RuleNumber"], "protocol": p.String("Protocol"), "ruleAction": p["RuleAction"], "egress": p["Egress"],
		"cidrBlock": p["CidrBlock"], "ipv6CidrBlock": p["Ipv6CidrBlock"]}
	if p.Has("PortRange") {
		out["portRange"] = shape.Lower(p["PortRange"])
	}
	if p.Has("Icmp") {
		out["icmpTypeCode"] = shape.Lower(p["Icmp"])
	}
	return out
}

func entryMembers() []string {
	return []string{"NetworkAclId", "RuleNumber", "Egress", "Protocol", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "PortRange", "Icmp"}
}

func createEntry(c *core.Call) (any, error) {
	_, err := c.Create(ACLEntryType, shape.Pick(c.In, entryMembers()...), nil)
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(400, "NetworkAclEntryAlreadyExists", "The network acl entry identified by %s already exists.", c.In.String("RuleNumber"))
	}
	return core.Out{"return": true}, err
}

func entryOf(c *core.Call) (store.Resource, error) {
	id := c.In.String("NetworkAclId") + "|" + c.In.String("RuleNumber") + "|" + wire.Text(c.In.Bool("Egress"))
	r, ok := c.World.Store.Get(c.Scope, ACLEntryType, id)
	if !ok {
		return r, wire.Errorf(400, noACLEntry, "The specified network acl entry does not exist")
	}
	return r, nil
}

func replaceEntry(c *core.Call) (any, error) {
	r, err := entryOf(c)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, name := range entryMembers()[3:] {
		patch[name] = c.In[name]
	}
	_, err = c.Update(ACLEntryType, r.ID, patch)
	return core.Out{"return": true}, err
}

func deleteEntry(c *core.Call) (any, error) {
	r, err := entryOf(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"return": true}, c.Delete(ACLEntryType, r.ID)
}

// replaceACLAssociation gives a subnet another list, under another id.
func replaceACLAssociation(c *core.Call) (any, error) {
	id, subnet := c.In.String("AssociationId"), ""
	for _, acl := range aclView().all(c) {
		for _, a := range aclAssociations(c, acl) {
			if a.String("networkAclAssociationId") == id {
				subnet = a.String("subnetId")
			}
		}
	}
	if subnet == "" {
		return nil, wire.Errorf(400, noTableAssociation, "The association ID '%s' does not exist", id)
	}
	c.World.Store.Delete(c.Scope, ACLAssociationType, id)
	target := c.In.String("NetworkAclId")
	if _, stored := c.Get(ACLType, target); !stored { // the default list: what has no other one has it
		return core.Out{"newAssociationId": "aclassoc-" + digest(17, subnet)}, nil
	}
	r, err := c.Create(ACLAssociationType, map[string]any{"NetworkAclId": target, "SubnetId": subnet}, nil)
	if err != nil {
		return nil, err
	}
	return core.Out{"newAssociationId": r.ID}, nil
}
