// Package ec2 simulates security groups and the default VPC of every account and Region. It owns AWS::EC2::SecurityGroup,
// SecurityGroupIngress and SecurityGroupEgress. Instances, networks and everything else of EC2 are unknown operations.
package ec2

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type        = "AWS::EC2::SecurityGroup"
	IngressType = "AWS::EC2::SecurityGroupIngress"
	EgressType  = "AWS::EC2::SecurityGroupEgress"
)

// Service returns EC2.
func Service() core.Service {
	return core.Service{
		Name: "ec2", Namespace: "http://ec2.amazonaws.com/doc/2016-11-15/", EC2: true,
		Operations: map[string]core.Handler{
			"DescribeSecurityGroups": describeGroups, "DescribeSecurityGroupRules": describeRules, "CreateSecurityGroup": createGroup,
			"DeleteSecurityGroup": deleteGroup, "AuthorizeSecurityGroupIngress": authorize("SecurityGroupIngress"),
			"AuthorizeSecurityGroupEgress": authorize("SecurityGroupEgress"), "RevokeSecurityGroupIngress": revoke("SecurityGroupIngress"),
			"RevokeSecurityGroupEgress": revoke("SecurityGroupEgress"), "DescribeVpcs": describeVPCs, "CreateTags": createTags, "DeleteTags": deleteTags,
		},
		Kinds: []core.Kind{groupKind(), ruleKind(IngressType), ruleKind(EgressType)},
	}
}

func groupKind() core.Kind {
	return core.Kind{
		Type:       Type,
		Name:       core.NameRule{Property: "GroupName", Max: 255},
		Identifier: []string{"Id"},
		Attributes: map[string]string{"GroupId": "{Id}"},
		Ref:        "{Id}",
		Replace:    []string{"GroupName", "GroupDescription", "VpcId"},
		Invalid:    "InvalidParameterValue",
		Defaults: map[string]any{"SecurityGroupEgress": []any{
			map[string]any{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0", "FromPort": -1.0, "ToPort": -1.0}}},
		Schema: core.Schema{
			Required: []string{"GroupDescription"},
			Numbers: []string{"SecurityGroupIngress.FromPort", "SecurityGroupIngress.ToPort", "SecurityGroupEgress.FromPort",
				"SecurityGroupEgress.ToPort"},
			Range: map[string][2]float64{"SecurityGroupIngress.FromPort": {-1, 65535}, "SecurityGroupIngress.ToPort": {-1, 65535}},
		},
		Create: checkGroup,
		Update: checkGroup,
		Delete: unreferenced,
	}
}

func ruleKind(typ string) core.Kind {
	return core.Kind{
		Type:       typ,
		Identifier: []string{"Id"},
		Ref:        "{Id}",
		Replace: []string{"GroupId", "GroupName", "IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6", "SourceSecurityGroupId",
			"DestinationSecurityGroupId", "SourcePrefixListId", "DestinationPrefixListId"},
		Schema: core.Schema{Required: []string{"IpProtocol"}, Numbers: []string{"FromPort", "ToPort"}},
		Create: checkRule,
		Update: checkRule,
	}
}

// defaultVPC is the id of the VPC that a Region of an account has from the start.
func defaultVPC(s store.Scope) string { return "vpc-" + digest(17, s.Account, s.Region, "default") }

// digest is a stable id for what it is told about.
func digest(n int, about ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(about, "\x00")))
	return hex.EncodeToString(sum[:])[:n]
}

func describeVPCs(c *core.Call) (any, error) {
	vpc := core.Out{
		"vpcId": defaultVPC(c.Scope), "ownerId": c.Account, "state": "available", "cidrBlock": "172.31.0.0/16", "isDefault": true,
		"instanceTenancy": "default", "dhcpOptionsId": "dopt-" + digest(17, c.Account, c.Region, "dhcp"), "tagSet": []any{},
		"cidrBlockAssociationSet": []any{core.Out{"cidrBlock": "172.31.0.0/16", "associationId": "vpc-cidr-assoc-" + digest(17, c.Account, c.Region),
			"cidrBlockState": core.Out{"state": "associated"}}},
	}
	if ids := c.In.Strings("VpcId"); len(ids) > 0 && (len(ids) > 1 || ids[0] != vpc["vpcId"]) {
		return nil, wire.Errorf(400, "InvalidVpcID.NotFound", "The vpc ID '%s' does not exist", ids[len(ids)-1])
	}
	ok, err := filtered(c, map[string][]string{"vpc-id": {vpc.String("vpcId")}, "is-default": {"true"}, "isDefault": {"true"}, "state": {"available"},
		"owner-id": {c.Account}, "cidr": {"172.31.0.0/16"}}, nil)
	if err != nil {
		return nil, err
	}
	list := []any{}
	if ok {
		list = append(list, vpc)
	}
	return core.Out{"vpcSet": list}, nil
}
