package drift

// ownRanges are address blocks that a resource has of its own. Elsewhere they
// stand for the resource; here their size is what matters.
var ownRanges = []struct{ Type, Property string }{
	{"AWS::EC2::Subnet", "CidrBlock"},
	{"AWS::EC2::Subnet", "Ipv6CidrBlock"},
	{"AWS::EC2::SubnetCidrBlock", "Ipv6CidrBlock"},
	{"AWS::EC2::VPC", "CidrBlock"},
	{"AWS::EC2::VPC", "Ipv6CidrBlocks"}, // an identity: AWS assigns it
	{"AWS::EC2::VPCCidrBlock", "CidrBlock"},
	{"AWS::EC2::VPCCidrBlock", "Ipv6CidrBlock"},
}

// bareRanges takes what a resource's own block stands for from its block.
func bareRanges(typeName string, trees ...*node) {
	for _, t := range ownRanges {
		if t.Type != typeName {
			continue
		}
		for _, tree := range trees {
			if n := tree.child(t.Property); n != nil && n.kind == kindText {
				n.text, n.names = textOf(n), nil
			}
		}
	}
}
