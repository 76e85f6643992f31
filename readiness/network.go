package readiness

import "github.com/lockstep-dr/lockstep/drift"

const typeSubnet = "AWS::EC2::Subnet"

// groupTypes are a security group and the rules declared apart from it.
var groupTypes = []string{"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"}

func networkRules() []Rule {
	return parityRules(
		parity{
			id: "NET-03", severity: drift.Block, noun: "part of the network", holds: "the same size and spread",
			title:  "VPCs and subnets have the same size and spread over as many Availability Zones",
			why:    "A smaller network runs out of addresses while the standby grows, and one with fewer zones does not survive the loss of a zone.",
			source: "ARC readiness rules for VPCs",
			fix:    "Give the standby's network the size and the zones of the primary's; addresses may differ.",
			types:  []string{"AWS::EC2::VPC", typeSubnet, "AWS::EC2::VPCCidrBlock", "AWS::EC2::NetworkAcl", "AWS::EC2::NetworkAclEntry"},
			least:  drift.Warn, actions: []string{"ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeNetworkAcls"},
			strategies: softInBackup,
		},
		parity{
			id: "NET-05", severity: drift.Block, noun: "VPC endpoint", holds: "the same service, policy and private DNS",
			title:  "VPC endpoints of the primary exist in the standby, with the same policy and private DNS",
			why:    "Without its endpoints a private subnet can neither pull an image nor read a secret or a key.",
			source: "Amazon ECR user guide, Interface VPC endpoints; AWS multi-Region fundamentals 3",
			fix:    "Create the same endpoints in the standby's VPC, for the standby Region's services.",
			types:  []string{"AWS::EC2::VPCEndpoint"}, least: drift.Warn, existence: true,
			actions: []string{"ec2:DescribeVpcEndpoints"}, strategies: softInBackup,
		},
		parity{
			id: "NET-06", severity: drift.Block, noun: "security group or rule", holds: "the same rules",
			title:  "Security groups allow the same traffic in both Regions",
			why:    "A rule that the standby lacks is a time-out on the day of the takeover; one that only the standby has is a hole nobody watches.",
			source: "Well-Architected REL13-BP04; ARC readiness rules for clusters",
			fix:    "Deploy the same rules to the standby; let them name groups and not addresses.",
			types:  groupTypes, least: drift.Warn, existence: true,
			actions: []string{"ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroupRules"}, strategies: softInBackup,
		},
	)
}
