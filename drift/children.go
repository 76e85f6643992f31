package drift

import "strings"

// children are types whose resources AWS gives no name: what they say is all
// that tells one from another. Fields are the properties that identify one
// among the children of its parent; without any, it is all it says.
var children = []struct {
	Type   string
	Fields []string
}{
	{"AWS::ApiGateway::Method", []string{"RestApiId", "ResourceId", "HttpMethod"}},
	{"AWS::ApiGateway::Resource", []string{"RestApiId", "ParentId", "PathPart"}},
	{"AWS::ApiGatewayV2::Route", []string{"ApiId", "RouteKey"}},
	{"AWS::EC2::NetworkAclEntry", []string{"NetworkAclId", "Egress", "RuleNumber"}},
	{"AWS::EC2::Route", []string{"RouteTableId", "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"}},
	{"AWS::EC2::SecurityGroupEgress", nil},
	{"AWS::EC2::SecurityGroupIngress", nil},
	{"AWS::EC2::SubnetNetworkAclAssociation", []string{"SubnetId"}},
	{"AWS::EC2::SubnetRouteTableAssociation", []string{"SubnetId"}},
	{"AWS::ElasticLoadBalancingV2::Listener", []string{"LoadBalancerArn", "Port"}},
	{"AWS::ElasticLoadBalancingV2::ListenerRule", []string{"ListenerArn", "Priority"}},
	{"AWS::Lambda::EventSourceMapping", []string{"EventSourceArn", "FunctionName"}},
	{"AWS::Lambda::Permission", nil},
	{"AWS::SNS::Subscription", []string{"TopicArn", "Protocol", "Endpoint"}},
}

// byContent names the last kind of evidence.
const byContent = "what it says under the same parent"

// children pairs what has no name by what it says, in which its parent and all
// it refers to are symbols of pairs already known. It reports whether it found
// any, for others may refer to them.
func (m *matching) children(c *comparer) bool {
	before := len(m.by)
	for _, t := range children {
		left, right := m.left, m.right
		m.left, m.right = ofType(left, t.Type), ofType(right, t.Type)
		m.step(byContent, func(r *Resource) []string { return c.primary.identityOf(r, t.Fields) },
			func(r *Resource) []string { return c.standby.identityOf(r, t.Fields) })
		m.left, m.right = left, right
	}
	return len(m.by) > before
}

func ofType(list []*Resource, typeName string) []*Resource {
	var found []*Resource
	for _, r := range list {
		if r.Type == typeName {
			found = append(found, r)
		}
	}
	return found
}

// identityOf is what tells a child from its siblings, in canonical form.
func (s *side) identityOf(r *Resource, fields []string) []string {
	n := s.resource(r)
	if fields == nil {
		return []string{string(n.encode(nil))}
	}
	var b strings.Builder
	for _, field := range fields {
		kid := n.child(field)
		if kid != nil && kid.off {
			kid = nil
		}
		b.Write(kid.encode(nil))
	}
	return []string{b.String()}
}
