package drift

import "slices"

// children are types whose resources have no name, or one that tells them apart
// under their parent alone: a stage called prod is in every API. Fields are the
// properties that identify one, its parent first; without any, it is all it says.
var children = []struct {
	Type   string
	Fields []string
}{
	{"AWS::ApiGateway::Method", []string{"RestApiId", "ResourceId", "HttpMethod"}},
	{"AWS::ApiGateway::Resource", []string{"RestApiId", "ParentId", "PathPart"}},
	{"AWS::ApiGatewayV2::Route", []string{"ApiId", "RouteKey"}},
	{"AWS::ApiGateway::Stage", []string{"RestApiId", "StageName"}},
	{"AWS::ApiGatewayV2::Stage", []string{"ApiId", "StageName"}},
	{"AWS::ApplicationAutoScaling::ScalableTarget", []string{"ResourceId", "ScalableDimension"}},
	{"AWS::ApplicationAutoScaling::ScalingPolicy", []string{"ResourceId", "PolicyName"}},
	{"AWS::AutoScaling::LifecycleHook", []string{"AutoScalingGroupName", "LifecycleHookName"}},
	{"AWS::AutoScaling::ScheduledAction", []string{"AutoScalingGroupName", "Recurrence"}},
	{"AWS::Cognito::UserPoolClient", []string{"UserPoolId", "ClientName"}},
	{"AWS::Cognito::UserPoolGroup", []string{"UserPoolId", "GroupName"}},
	{"AWS::EC2::NetworkAclEntry", []string{"NetworkAclId", "Egress", "RuleNumber"}},
	{"AWS::EC2::Route", []string{"RouteTableId", "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"}},
	{"AWS::EC2::SecurityGroupEgress", nil},
	{"AWS::EC2::SecurityGroupIngress", nil},
	{"AWS::EC2::SubnetNetworkAclAssociation", []string{"SubnetId"}},
	{"AWS::EC2::SubnetRouteTableAssociation", []string{"SubnetId"}},
	{"AWS::ECS::Service", []string{"Cluster", "ServiceName"}},
	{"AWS::EKS::AccessEntry", []string{"ClusterName", "PrincipalArn"}},
	{"AWS::EKS::Addon", []string{"ClusterName", "AddonName"}},
	{"AWS::EKS::FargateProfile", []string{"ClusterName", "FargateProfileName"}},
	{"AWS::EKS::Nodegroup", []string{"ClusterName", "NodegroupName"}},
	{"AWS::ElasticLoadBalancingV2::Listener", []string{"LoadBalancerArn", "Port"}},
	{"AWS::ElasticLoadBalancingV2::ListenerRule", []string{"ListenerArn", "Priority"}},
	{"AWS::Events::Rule", []string{"EventBusName", "Name"}},
	{"AWS::IAM::RolePolicy", []string{"RoleName", "PolicyName"}},
	{"AWS::Lambda::Alias", []string{"FunctionName", "Name"}},
	{"AWS::Lambda::EventSourceMapping", []string{"EventSourceArn", "FunctionName"}},
	{"AWS::Lambda::Permission", nil},
	{"AWS::Logs::MetricFilter", []string{"LogGroupName", "FilterName"}},
	{"AWS::Logs::SubscriptionFilter", []string{"LogGroupName", "FilterName"}},
	{"AWS::Route53::RecordSet", []string{"HostedZoneId", "HostedZoneName", "Name", "Type", "SetIdentifier"}},
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

// identityOf is what tells a child from its siblings, in canonical form. Its own
// name, which stands for itself, is taken as it is, without the Region; one that
// says too little is told from none.
func (s *side) identityOf(r *Resource, fields []string) []string {
	n := s.resource(r)
	if fields == nil {
		return []string{string(n.encode(nil))}
	}
	var identity []byte
	said := 0
	for _, field := range fields {
		kid := n.child(field)
		if kid != nil && kid.off {
			kid = nil
		}
		if kid != nil {
			said++
		}
		if kid != nil && slices.ContainsFunc(kid.names, func(m mention) bool { return m.key == s.of(r.Key) }) {
			bare, _ := s.places.rewrite(s.side, textOf(kid))
			kid = &node{kind: kindText, text: withoutPlaces(textOf(kid), bare)}
		}
		identity = kid.encode(identity)
	}
	if said < min(2, len(fields)) {
		return nil
	}
	return []string{string(identity)}
}

// isChild reports whether a type's names tell its resources apart under their
// parent alone.
func isChild(typeName string) bool {
	return slices.ContainsFunc(children, func(t struct {
		Type   string
		Fields []string
	}) bool {
		return t.Type == typeName
	})
}
