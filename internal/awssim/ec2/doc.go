// Package ec2 simulates networks, launch templates and instances: what CloudFormation creates of them, what the API describes,
// and the calls that change them by hand. The default VPC of every account and Region, the main route table and the default
// network ACL of every VPC, the prefix lists and some images of AWS are there from the start. Nothing runs and no packet flows:
// instances are rows with a state, addresses are made up, and a route is a blackhole when what it leads through is gone.
package ec2

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

// Types of the package.
const (
	Type        = "AWS::EC2::SecurityGroup"
	IngressType = "AWS::EC2::SecurityGroupIngress"
	EgressType  = "AWS::EC2::SecurityGroupEgress"
)

// Service returns EC2.
func Service() core.Service {
	s := core.Service{
		Name: "ec2", Namespace: "http://ec2.amazonaws.com/doc/2016-11-15/", EC2: true,
		Operations: map[string]core.Handler{
			"DescribeSecurityGroups": describeGroups, "DescribeSecurityGroupRules": describeRules, "CreateSecurityGroup": createGroup,
			"DeleteSecurityGroup": deleteGroup, "AuthorizeSecurityGroupIngress": authorize("SecurityGroupIngress"),
			"AuthorizeSecurityGroupEgress": authorize("SecurityGroupEgress"), "RevokeSecurityGroupIngress": revoke("SecurityGroupIngress"),
			"RevokeSecurityGroupEgress": revoke("SecurityGroupEgress"), "CreateTags": createTags, "DeleteTags": deleteTags,
		},
		Kinds: slices.Concat([]core.Kind{groupKind(), ruleKind(IngressType), ruleKind(EgressType), endpointKind(), prefixListKind(), flowLogKind(),
			templateKind(), instanceKind()}, vpcKinds(), subnetKinds(), routeKinds(), aclKinds(), gatewayKinds(), addressKinds(), connectionKinds()),
	}
	for _, operations := range []map[string]core.Handler{vpcOperations(), subnetOperations(), routeOperations(), aclOperations(), gatewayOperations(),
		addressOperations(), endpointOperations(), prefixListOperations(), flowLogOperations(), templateOperations(), instanceOperations(), imageOperations(), machineOperations(), connectionOperations(), settingOperations()} {
		maps.Copy(s.Operations, operations)
	}
	return s
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
