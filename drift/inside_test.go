package drift

import (
	"strings"
	"testing"
)

// sixOf is what AWS assigned to the network of a Region.
func sixOf(p testPlace) string {
	if p.region == east.region {
		return "2600:1f18:1:aa00::/56"
	}
	return "2600:1f14:2:bb00::/56"
}

// A part of the own network is at other addresses in each Region. One of the
// primary's network leads nowhere in the standby.
func TestAPlaceInTheOwnNetworkIsTheSamePlaceInBothRegions(t *testing.T) {
	build := func(p testPlace, block, subnet, typeName string, v props) *Snapshot {
		vpc := p.hex("vpc-0", "v")
		return region(p, Resource{Key: "app/Vpc", Type: "AWS::EC2::VPC", ID: vpc, Properties: props{"CidrBlock": block}, Identities: map[string]string{"Ipv6CidrBlocks": sixOf(p)}},
			Resource{Key: "app/Subnet", Type: "AWS::EC2::Subnet", ID: p.hex("subnet-0", "s"), Properties: props{"CidrBlock": subnet, "VpcId": vpc}},
			Resource{Key: "app/X", Type: typeName, ID: p.hex("x-0", "x"), Properties: v})
	}
	rule := func(cidr string) props {
		return props{"IpProtocol": "tcp", "FromPort": 1.0, "ToPort": 1.0, "CidrIp": cidr}
	}
	six := func(cidr string) props {
		return props{"IpProtocol": "tcp", "FromPort": 1.0, "ToPort": 1.0, "CidrIpv6": cidr}
	}
	server := func(address string) props { return props{"DomainNameServers": list(address)} }
	const ingress, dhcp = "AWS::EC2::SecurityGroupIngress", "AWS::EC2::DHCPOptions"
	for name, c := range map[string]struct {
		typeName         string
		primary, standby props
		says             string // "" for silence
	}{
		"a part of the network":                    {ingress, rule("10.1.32.0/20"), rule("10.2.32.0/20"), ""},
		"another part of the network":              {ingress, rule("10.1.32.0/20"), rule("10.2.48.0/20"), "10.2.48.0/20"},
		"a part of another size":                   {ingress, rule("10.1.32.0/20"), rule("10.2.32.0/21"), "10.2.32.0/21"},
		"a part of the primary's network in both":  {ingress, rule("10.1.32.0/20"), rule("10.1.32.0/20"), "points back at the primary: it names 10.1.32.0/20, which is in app/Vpc"},
		"an address in the subnet":                 {ingress, rule("10.1.1.9/32"), rule("10.2.1.9/32"), ""},
		"the address of the primary's in both":     {ingress, rule("10.1.1.9/32"), rule("10.1.1.9/32"), "which is in app/Subnet"},
		"the network's name server":                {dhcp, server("10.1.0.2"), server("10.2.0.2"), ""},
		"another name server":                      {dhcp, server("10.1.0.2"), server("10.2.0.3"), "10.2.0.3"},
		"everybody's network is nobody's own":      {ingress, rule("10.0.0.0/8"), rule("10.0.0.0/8"), ""},
		"an address outside of both, the same":     {ingress, rule("192.168.0.0/24"), rule("192.168.0.0/24"), ""},
		"an address outside of both, another":      {ingress, rule("192.168.0.0/24"), rule("192.168.1.0/24"), "192.168.1.0/24"},
		"the network's IPv6 range":                 {ingress, six("2600:1f18:1:aa00::/56"), six("2600:1f14:2:bb00::/56"), ""},
		"a part of the IPv6 range":                 {ingress, six("2600:1f18:1:aa01::/64"), six("2600:1f14:2:bb01::/64"), ""},
		"another part of the IPv6 range":           {ingress, six("2600:1f18:1:aa01::/64"), six("2600:1f14:2:bb02::/64"), "2600:1f14:2:bb02::/64"},
		"the primary's IPv6 range in both":         {ingress, six("2600:1f18:1:aa00::/56"), six("2600:1f18:1:aa00::/56"), "which is app/Vpc in us-east-1"},
		"the whole internet by IPv6":               {ingress, six("::/0"), six("::/0"), ""},
		"the standby's part, named by the primary": {ingress, rule("10.2.32.0/20"), rule("10.1.32.0/20"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			found := Compare(build(east, "10.1.0.0/16", "10.1.1.0/24", c.typeName, c.primary), build(oneAccount(), "10.2.0.0/16", "10.2.1.0/24", c.typeName, c.standby), options).Findings
			if c.says == "" && len(found) > 0 || c.says != "" && (len(found) != 1 || !strings.Contains(found[0].Message, c.says)) {
				t.Errorf("want %q, have:%s", c.says, show(found))
			}
		})
	}
	same := func(p testPlace) *Snapshot {
		return build(p, "10.0.0.0/16", "10.0.1.0/24", ingress, rule("10.0.32.0/20"))
	}
	if found := Compare(same(east), same(oneAccount()), options).Findings; len(found) > 0 {
		t.Errorf("one block in both Regions:%s", show(found))
	}
}
