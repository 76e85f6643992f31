package read

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	asg "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	classictypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// networkLists are the types whose calls answer with a list that lacks what is gone.
func networkLists() map[string]map[string]any {
	vpcs, tables := map[string]any{"EC2 DescribeVpcs": &ec2.DescribeVpcsOutput{}}, map[string]any{"EC2 DescribeRouteTables": &ec2.DescribeRouteTablesOutput{}}
	acls, addresses := map[string]any{"EC2 DescribeNetworkAcls": &ec2.DescribeNetworkAclsOutput{}}, map[string]any{"EC2 DescribeAddresses": &ec2.DescribeAddressesOutput{}}
	gateways, subnets := map[string]any{"EC2 DescribeInternetGateways": &ec2.DescribeInternetGatewaysOutput{}}, map[string]any{"EC2 DescribeSubnets": &ec2.DescribeSubnetsOutput{}}
	return map[string]map[string]any{
		"AWS::EC2::VPC": vpcs, "AWS::EC2::VPCCidrBlock": vpcs, "AWS::EC2::VPCDHCPOptionsAssociation": vpcs,
		"AWS::EC2::DHCPOptions": {"EC2 DescribeDhcpOptions": &ec2.DescribeDhcpOptionsOutput{}},
		"AWS::EC2::Subnet":      subnets, "AWS::EC2::SubnetCidrBlock": subnets,
		"AWS::EC2::RouteTable": tables, "AWS::EC2::Route": tables, "AWS::EC2::SubnetRouteTableAssociation": tables,
		"AWS::EC2::NetworkAcl": acls, "AWS::EC2::NetworkAclEntry": acls, "AWS::EC2::SubnetNetworkAclAssociation": acls,
		"AWS::EC2::InternetGateway": gateways, "AWS::EC2::VPCGatewayAttachment": gateways,
		"AWS::EC2::EgressOnlyInternetGateway": {"EC2 DescribeEgressOnlyInternetGateways": &ec2.DescribeEgressOnlyInternetGatewaysOutput{}},
		"AWS::EC2::NatGateway":                {"EC2 DescribeNatGateways": &ec2.DescribeNatGatewaysOutput{}},
		"AWS::EC2::EIP":                       addresses, "AWS::EC2::EIPAssociation": addresses,
		"AWS::EC2::VPCEndpoint":                     {"EC2 DescribeVpcEndpoints": &ec2.DescribeVpcEndpointsOutput{}},
		"AWS::EC2::PrefixList":                      {"EC2 DescribeManagedPrefixLists": &ec2.DescribeManagedPrefixListsOutput{}},
		"AWS::EC2::FlowLog":                         {"EC2 DescribeFlowLogs": &ec2.DescribeFlowLogsOutput{}},
		"AWS::EC2::Instance":                        {"EC2 DescribeInstances": &ec2.DescribeInstancesOutput{}},
		"AWS::EC2::LaunchTemplate":                  {"EC2 DescribeLaunchTemplates": &ec2.DescribeLaunchTemplatesOutput{}},
		"AWS::AutoScaling::AutoScalingGroup":        {"Auto Scaling DescribeAutoScalingGroups": &autoscaling.DescribeAutoScalingGroupsOutput{}},
		"AWS::AutoScaling::ScalingPolicy":           {"Auto Scaling DescribePolicies": &autoscaling.DescribePoliciesOutput{}},
		"AWS::AutoScaling::LifecycleHook":           {"Auto Scaling DescribeLifecycleHooks": &autoscaling.DescribeLifecycleHooksOutput{}},
		"AWS::AutoScaling::ScheduledAction":         {"Auto Scaling DescribeScheduledActions": &autoscaling.DescribeScheduledActionsOutput{}},
		"AWS::ElasticLoadBalancingV2::LoadBalancer": {"Elastic Load Balancing v2 DescribeLoadBalancers": &elb.DescribeLoadBalancersOutput{}},
		"AWS::ElasticLoadBalancing::LoadBalancer":   {"Elastic Load Balancing DescribeLoadBalancers": &classic.DescribeLoadBalancersOutput{}},
		"AWS::ElasticLoadBalancingV2::TargetGroup":  {"Elastic Load Balancing v2 DescribeTargetGroups": &elb.DescribeTargetGroupsOutput{}},
		"AWS::ElasticLoadBalancingV2::Listener": {"Elastic Load Balancing v2 DescribeListeners": &elb.DescribeListenersOutput{},
			"Elastic Load Balancing v2 DescribeRules": &elb.DescribeRulesOutput{}},
		"AWS::ElasticLoadBalancingV2::ListenerRule":        {"Elastic Load Balancing v2 DescribeRules": &elb.DescribeRulesOutput{}},
		"AWS::ElasticLoadBalancingV2::ListenerCertificate": {"Elastic Load Balancing v2 DescribeListenerCertificates": &elb.DescribeListenerCertificatesOutput{}},
	}
}

func TestWhatANetworksListsDoNotHoldIsGone(t *testing.T) {
	for typ, table := range networkLists() {
		item := sampleOf(typ)
		result := readAll(t, by(table), request(item))
		if _, gone := result.fact(drift.FactGone, item.Key); !gone || len(result.Gaps) != 0 || len(result.Resources) != 0 {
			t.Errorf("%s: gone %v, gaps %+v", typ, gone, result.Gaps)
		}
	}
}

// What is described for a while after it was deleted is none.
func TestTheDeadAreGone(t *testing.T) {
	for typ, table := range map[string]map[string]any{
		"AWS::EC2::NatGateway":  {"EC2 DescribeNatGateways": &ec2.DescribeNatGatewaysOutput{NatGateways: []ec2types.NatGateway{{NatGatewayId: aws.String("physical"), State: "deleted"}}}},
		"AWS::EC2::VPCEndpoint": {"EC2 DescribeVpcEndpoints": &ec2.DescribeVpcEndpointsOutput{VpcEndpoints: []ec2types.VpcEndpoint{{VpcEndpointId: aws.String("physical"), State: "deleting"}}}},
		"AWS::EC2::Instance": {"EC2 DescribeInstances": &ec2.DescribeInstancesOutput{Reservations: []ec2types.Reservation{{Instances: []ec2types.Instance{
			{InstanceId: aws.String("physical"), State: &ec2types.InstanceState{Name: "terminated"}}}}}}},
		"AWS::EC2::VPCCidrBlock": {"EC2 DescribeVpcs": &ec2.DescribeVpcsOutput{Vpcs: []ec2types.Vpc{{VpcId: aws.String("vpc-1"), CidrBlockAssociationSet: []ec2types.VpcCidrBlockAssociation{
			{AssociationId: aws.String("vpc-cidr-assoc-1"), CidrBlockState: &ec2types.VpcCidrBlockState{State: "disassociated"}}}}}}},
	} {
		item := sampleOf(typ)
		result := readAll(t, by(table), request(item))
		if _, gone := result.fact(drift.FactGone, item.Key); !gone || len(result.Resources) != 0 {
			t.Errorf("%s: %+v", typ, result)
		}
	}
}

// items makes several items of a type with ids of their own.
func numbered(typ, id string, n int) []inventory.Item {
	list := make([]inventory.Item, n)
	for i := range list {
		list[i] = sampleOf(typ)
		list[i].Key, list[i].ID = fmt.Sprintf("app/R%03d", i), fmt.Sprintf(id, i)
	}
	return list
}

func TestOneUnknownNameOfABatchIsGoneAndTheOthersAreRead(t *testing.T) {
	items := numbered("AWS::ElasticLoadBalancingV2::TargetGroup", "arn:tg/%d", 20)
	missing := items[13].ID
	calls := 0
	result := readAll(t, func(_, operation string, in any) (any, error) {
		switch in := in.(type) {
		case *elb.DescribeTargetGroupsInput:
			calls++
			out := &elb.DescribeTargetGroupsOutput{}
			for _, arn := range in.TargetGroupArns {
				if arn == missing {
					return nil, refusal("TargetGroupNotFound")
				}
				out.TargetGroups = append(out.TargetGroups, elbtypes.TargetGroup{TargetGroupArn: aws.String(arn)})
			}
			return out, nil
		case *elb.DescribeTagsInput:
			return &elb.DescribeTagsOutput{}, nil
		case *elb.DescribeTargetHealthInput:
			return &elb.DescribeTargetHealthOutput{}, nil
		}
		return &elb.DescribeTargetGroupAttributesOutput{}, nil
	}, request(items...))
	if _, gone := result.fact(drift.FactGone, items[13].Key); !gone || len(result.Resources) != 19 || len(result.Gaps) != 0 || calls > 11 {
		t.Errorf("gone %v, %d read in %d calls, gaps %+v", gone, len(result.Resources), calls, result.Gaps)
	}
}

func TestARefusedBatchIsNotTakenApart(t *testing.T) {
	items := numbered("AWS::ElasticLoadBalancingV2::LoadBalancer", "arn:lb/%d", 20)
	calls := 0
	result := readAll(t, func(string, string, any) (any, error) { calls++; return nil, refusal("AccessDenied") }, request(items...))
	if calls != 1 || len(result.Gaps) != 20 {
		t.Errorf("%d calls, %d gaps", calls, len(result.Gaps))
	}
}

func TestRoutesOfManyTablesShareACall(t *testing.T) {
	var items []inventory.Item
	out := &ec2.DescribeRouteTablesOutput{}
	for i := range 50 {
		table := fmt.Sprintf("rtb-%d", i)
		for _, to := range []string{"0.0.0.0/0", "10.0.0.0/8"} {
			item := sampleOf("AWS::EC2::Route")
			item.Key, item.ID = fmt.Sprintf("app/%s%s", table, to), table+"|"+to
			item.Resolved = map[string]any{"RouteTableId": table, "DestinationCidrBlock": to}
			items = append(items, item)
		}
		out.RouteTables = append(out.RouteTables, ec2types.RouteTable{RouteTableId: aws.String(table), Routes: []ec2types.Route{
			{DestinationCidrBlock: aws.String("0.0.0.0/0"), NatGatewayId: aws.String("nat-1"), State: "blackhole"},
			{DestinationCidrBlock: aws.String("10.0.0.0/8"), TransitGatewayId: aws.String("tgw-1"), State: "active"}}})
	}
	var calls callCounter
	result := readAll(t, calls.count(by(map[string]any{"EC2 DescribeRouteTables": out})), request(items...))
	if calls.of("DescribeRouteTables") != 1 || len(result.Resources) != 100 || len(result.Gaps) != 0 {
		t.Fatalf("%d calls, %d routes, gaps %+v", calls.of("DescribeRouteTables"), len(result.Resources), result.Gaps)
	}
	for _, r := range result.Resources {
		state, _ := result.fact(drift.FactRouteState, r.Key)
		blackhole := r.Properties["DestinationCidrBlock"] == "0.0.0.0/0"
		if (member(state, "State") == "blackhole") != blackhole || (r.Properties["State"] == "blackhole") != blackhole {
			t.Errorf("%s: %v, %v", r.Key, state, r.Properties)
		}
	}
}

func TestAllPagesOfAListAreRead(t *testing.T) {
	items := numbered("AWS::EC2::Subnet", "subnet-%d", 3)
	page := func(i int, next *string) *ec2.DescribeSubnetsOutput {
		return &ec2.DescribeSubnetsOutput{Subnets: []ec2types.Subnet{{SubnetId: &items[i].ID}}, NextToken: next}
	}
	answers := func(lost bool) Result {
		return readAll(t, func(_, _ string, in any) (any, error) {
			switch token := aws.ToString(in.(*ec2.DescribeSubnetsInput).NextToken); {
			case token == "":
				return page(0, aws.String("1")), nil
			case token == "1":
				return page(1, aws.String("2")), nil
			case lost:
				return nil, refusal("RequestLimitExceeded")
			}
			return page(2, nil), nil
		}, request(items...))
	}
	if r := answers(false); len(r.Resources) != 3 || len(r.Gaps) != 0 {
		t.Errorf("%+v", r)
	}
	r := answers(true)
	if len(r.Resources) != 0 || len(r.Gaps) != 3 || r.Gaps[0].Reason != session.Throttled {
		t.Errorf("a page is missing, and still: %d resources, gaps %+v", len(r.Resources), r.Gaps)
	}
	if slices.ContainsFunc(r.Facts, func(f drift.Fact) bool { return f.Kind == drift.FactGone }) {
		t.Error("what was on the lost page is taken for gone")
	}
}

func TestOneRefusedCallOfANetworkCostsOneProperty(t *testing.T) {
	denied := refusal("UnauthorizedOperation")
	const balancing = "Elastic Load Balancing v2 "
	lb, tg, listener := sampleOf("AWS::ElasticLoadBalancingV2::LoadBalancer").ID, sampleOf("AWS::ElasticLoadBalancingV2::TargetGroup").ID, sampleOf("AWS::ElasticLoadBalancingV2::Listener").ID
	balancer := &elb.DescribeLoadBalancersOutput{LoadBalancers: []elbtypes.LoadBalancer{{LoadBalancerArn: &lb}}}
	targets := &elb.DescribeTargetGroupsOutput{TargetGroups: []elbtypes.TargetGroup{{TargetGroupArn: &tg}}}
	listeners := &elb.DescribeListenersOutput{Listeners: []elbtypes.Listener{{ListenerArn: &listener}}}
	group := func(change func(*asg.AutoScalingGroup)) *autoscaling.DescribeAutoScalingGroupsOutput {
		g := asg.AutoScalingGroup{AutoScalingGroupName: aws.String("physical"), MaxSize: aws.Int32(1)}
		if change != nil {
			change(&g)
		}
		return &autoscaling.DescribeAutoScalingGroupsOutput{AutoScalingGroups: []asg.AutoScalingGroup{g}}
	}
	notifications := &autoscaling.DescribeNotificationConfigurationsOutput{}
	cases := []struct {
		name, typ, property, fact, operation string
		table                                map[string]any
	}{
		{"DNS settings", "AWS::EC2::VPC", "EnableDnsSupport", "", "ec2:DescribeVpcAttribute", map[string]any{
			"EC2 DescribeVpcs": &ec2.DescribeVpcsOutput{Vpcs: []ec2types.Vpc{{VpcId: aws.String("vpc-1")}}}, "EC2 DescribeVpcAttribute": denied}},
		{"the group that a network came with", "AWS::EC2::VPC", "DefaultSecurityGroup", "", "ec2:DescribeSecurityGroups", map[string]any{
			"EC2 DescribeVpcs": &ec2.DescribeVpcsOutput{Vpcs: []ec2types.Vpc{{VpcId: aws.String("vpc-1")}}}, "EC2 DescribeVpcAttribute": &ec2.DescribeVpcAttributeOutput{}, "EC2 DescribeSecurityGroups": denied}},
		{"entries of a prefix list", "AWS::EC2::PrefixList", "Entries", "", "ec2:GetManagedPrefixListEntries", map[string]any{
			"EC2 DescribeManagedPrefixLists":  &ec2.DescribeManagedPrefixListsOutput{PrefixLists: []ec2types.ManagedPrefixList{{PrefixListId: aws.String("physical")}}},
			"EC2 GetManagedPrefixListEntries": denied}},
		{"user data of an instance", "AWS::EC2::Instance", "UserData", "", "ec2:DescribeInstanceAttribute", map[string]any{
			"EC2 DescribeInstances":         &ec2.DescribeInstancesOutput{Reservations: []ec2types.Reservation{{Instances: []ec2types.Instance{{InstanceId: aws.String("physical")}}}}},
			"EC2 DescribeInstanceAttribute": denied}},
		{"disks of an instance", "AWS::EC2::Instance", "BlockDeviceMappings", "", "ec2:DescribeVolumes", map[string]any{
			"EC2 DescribeInstances": &ec2.DescribeInstancesOutput{Reservations: []ec2types.Reservation{{Instances: []ec2types.Instance{{InstanceId: aws.String("physical"),
				BlockDeviceMappings: []ec2types.InstanceBlockDeviceMapping{{DeviceName: aws.String("/dev/xvda"), Ebs: &ec2types.EbsInstanceBlockDevice{VolumeId: aws.String("vol-1")}}}}}}}},
			"EC2 DescribeInstanceAttribute": &ec2.DescribeInstanceAttributeOutput{}, "EC2 DescribeVolumes": denied}},
		{"what an image is", "AWS::EC2::LaunchTemplate", "", drift.FactContent, "ec2:DescribeImages", map[string]any{
			"EC2 DescribeLaunchTemplates": &ec2.DescribeLaunchTemplatesOutput{LaunchTemplates: []ec2types.LaunchTemplate{{LaunchTemplateId: aws.String("physical")}}},
			"EC2 DescribeLaunchTemplateVersions": &ec2.DescribeLaunchTemplateVersionsOutput{LaunchTemplateVersions: []ec2types.LaunchTemplateVersion{
				{LaunchTemplateData: &ec2types.ResponseLaunchTemplateData{ImageId: aws.String("ami-0123456789abcdef0")}}}},
			"EC2 DescribeImages": denied}},
		{"hooks of a group", "AWS::AutoScaling::AutoScalingGroup", "LifecycleHookSpecificationList", "", "autoscaling:DescribeLifecycleHooks", map[string]any{
			"Auto Scaling DescribeAutoScalingGroups": group(nil), "Auto Scaling DescribeLifecycleHooks": denied,
			"Auto Scaling DescribePolicies": &autoscaling.DescribePoliciesOutput{}, "Auto Scaling DescribeNotificationConfigurations": notifications}},
		{"whom a group tells", "AWS::AutoScaling::AutoScalingGroup", "NotificationConfigurations", "", "autoscaling:DescribeNotificationConfigurations", map[string]any{
			"Auto Scaling DescribeAutoScalingGroups": group(nil), "Auto Scaling DescribeLifecycleHooks": &autoscaling.DescribeLifecycleHooksOutput{},
			"Auto Scaling DescribePolicies": &autoscaling.DescribePoliciesOutput{}, "Auto Scaling DescribeNotificationConfigurations": denied}},
		{"what a group starts from", "AWS::AutoScaling::AutoScalingGroup", "LaunchTemplate", "", "ec2:DescribeLaunchTemplateVersions", map[string]any{
			"Auto Scaling DescribeAutoScalingGroups": group(func(g *asg.AutoScalingGroup) {
				g.LaunchTemplate = &asg.LaunchTemplateSpecification{LaunchTemplateId: aws.String("lt-1"), Version: aws.String("3")}
			}), "EC2 DescribeLaunchTemplateVersions": denied,
			"Auto Scaling DescribeLifecycleHooks": &autoscaling.DescribeLifecycleHooksOutput{}, "Auto Scaling DescribePolicies": &autoscaling.DescribePoliciesOutput{}, "Auto Scaling DescribeNotificationConfigurations": notifications}},
		{"schedules of a group", "AWS::AutoScaling::AutoScalingGroup", "ScheduledActions", "", "autoscaling:DescribeScheduledActions", map[string]any{
			"Auto Scaling DescribeAutoScalingGroups": group(nil), "Auto Scaling DescribeLifecycleHooks": &autoscaling.DescribeLifecycleHooksOutput{},
			"Auto Scaling DescribePolicies": &autoscaling.DescribePoliciesOutput{}, "Auto Scaling DescribeScheduledActions": denied,
			"Auto Scaling DescribeNotificationConfigurations": notifications}},
		{"policies of a group", "AWS::AutoScaling::AutoScalingGroup", "ScalingPolicies", "", "autoscaling:DescribePolicies", map[string]any{
			"Auto Scaling DescribeAutoScalingGroups": group(nil), "Auto Scaling DescribeLifecycleHooks": &autoscaling.DescribeLifecycleHooksOutput{},
			"Auto Scaling DescribePolicies": denied, "Auto Scaling DescribeNotificationConfigurations": notifications}},
		{"web ACL of a load balancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", "WebACL", "", "wafv2:GetWebACLForResource",
			map[string]any{balancing + "DescribeLoadBalancers": &elb.DescribeLoadBalancersOutput{LoadBalancers: []elbtypes.LoadBalancer{{LoadBalancerArn: &lb, Type: elbtypes.LoadBalancerTypeEnumApplication}}},
				balancing + "DescribeTags": &elb.DescribeTagsOutput{}, balancing + "DescribeLoadBalancerAttributes": &elb.DescribeLoadBalancerAttributesOutput{}, "WAFV2 GetWebACLForResource": denied}},
		{"listeners of a load balancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", "Listeners", "", "elasticloadbalancing:DescribeListeners",
			map[string]any{balancing + "DescribeLoadBalancers": balancer, balancing + "DescribeTags": &elb.DescribeTagsOutput{},
				balancing + "DescribeLoadBalancerAttributes": &elb.DescribeLoadBalancerAttributesOutput{}, balancing + "DescribeListeners": denied}},
		{"attributes of a load balancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerAttributes", "", "elasticloadbalancing:DescribeLoadBalancerAttributes",
			map[string]any{balancing + "DescribeLoadBalancers": balancer, balancing + "DescribeTags": &elb.DescribeTagsOutput{}, balancing + "DescribeLoadBalancerAttributes": denied}},
		{"tags of a load balancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", "Tags", "", "elasticloadbalancing:DescribeTags",
			map[string]any{balancing + "DescribeLoadBalancers": balancer, balancing + "DescribeTags": denied, balancing + "DescribeLoadBalancerAttributes": &elb.DescribeLoadBalancerAttributesOutput{}}},
		{"attributes of a target group", "AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupAttributes", "", "elasticloadbalancing:DescribeTargetGroupAttributes",
			map[string]any{balancing + "DescribeTargetGroups": targets, balancing + "DescribeTags": &elb.DescribeTagsOutput{}, balancing + "DescribeTargetGroupAttributes": denied,
				balancing + "DescribeTargetHealth": &elb.DescribeTargetHealthOutput{}}},
		{"health of the targets", "AWS::ElasticLoadBalancingV2::TargetGroup", "", drift.FactTargetHealth, "elasticloadbalancing:DescribeTargetHealth",
			map[string]any{balancing + "DescribeTargetGroups": targets, balancing + "DescribeTags": &elb.DescribeTagsOutput{}, balancing + "DescribeTargetHealth": denied,
				balancing + "DescribeTargetGroupAttributes": &elb.DescribeTargetGroupAttributesOutput{}}},
		{"attributes of a Classic Load Balancer", "AWS::ElasticLoadBalancing::LoadBalancer", "CrossZone", "", "elasticloadbalancing:DescribeLoadBalancerAttributes", refused("DescribeLoadBalancerAttributes")},
		{"policies of a Classic Load Balancer", "AWS::ElasticLoadBalancing::LoadBalancer", "Policies", "", "elasticloadbalancing:DescribeLoadBalancerPolicies", refused("DescribeLoadBalancerPolicies")},
		{"tags of a Classic Load Balancer", "AWS::ElasticLoadBalancing::LoadBalancer", "Tags", "", "elasticloadbalancing:DescribeTags", refused("DescribeTags")},
		{"health of a Classic Load Balancer's instances", "AWS::ElasticLoadBalancing::LoadBalancer", "", drift.FactInstanceHealth, "elasticloadbalancing:DescribeInstanceHealth", refused("DescribeInstanceHealth")},
		{"attributes of a listener", "AWS::ElasticLoadBalancingV2::Listener", "ListenerAttributes", "", "elasticloadbalancing:DescribeListenerAttributes",
			map[string]any{balancing + "DescribeListeners": listeners, balancing + "DescribeRules": &elb.DescribeRulesOutput{}, balancing + "DescribeListenerAttributes": denied}},
		{"rules of a listener", "AWS::ElasticLoadBalancingV2::Listener", "Rules", "", "elasticloadbalancing:DescribeRules",
			map[string]any{balancing + "DescribeListeners": listeners, balancing + "DescribeRules": denied, balancing + "DescribeListenerAttributes": &elb.DescribeListenerAttributesOutput{}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			result := readAll(t, by(c.table), request(sampleOf(c.typ)))
			resource := one(t, result)
			gaps := result.gapsOf(c.property, c.fact)
			if len(gaps) != 1 || gaps[0].Operation != c.operation || gaps[0].Reason != session.AccessDenied || gaps[0].Resource != resource.Key {
				t.Fatalf("gaps %+v, want one for %s%s through %s", result.Gaps, c.property, c.fact, c.operation)
			}
			if _, set := resource.Properties[c.property]; c.property != "" && c.property != "LaunchTemplate" && set {
				t.Errorf("%s has a value although it was not read", c.property)
			}
			if _, known := result.fact(c.fact, resource.Key); c.fact != "" && known {
				t.Errorf("%s is known although it was not read", c.fact)
			}
		})
	}
}

// refused is a Classic Load Balancer with a policy, of which one call is refused.
func refused(operation string) map[string]any {
	const balancing = "Elastic Load Balancing "
	table := map[string]any{
		balancing + "DescribeLoadBalancers": &classic.DescribeLoadBalancersOutput{LoadBalancerDescriptions: []classictypes.LoadBalancerDescription{
			{LoadBalancerName: aws.String("physical"), Policies: &classictypes.Policies{OtherPolicies: []string{"tls"}}}}},
		balancing + "DescribeLoadBalancerAttributes": &classic.DescribeLoadBalancerAttributesOutput{LoadBalancerAttributes: &classictypes.LoadBalancerAttributes{}},
		balancing + "DescribeLoadBalancerPolicies":   &classic.DescribeLoadBalancerPoliciesOutput{},
		balancing + "DescribeInstanceHealth":         &classic.DescribeInstanceHealthOutput{},
		balancing + "DescribeTags":                   &classic.DescribeTagsOutput{},
	}
	table[balancing+operation] = refusal("UnauthorizedOperation")
	return table
}

// userData is a launch template with a script.
func userData(id, text string) map[string]any {
	return map[string]any{
		"EC2 DescribeLaunchTemplates": &ec2.DescribeLaunchTemplatesOutput{LaunchTemplates: []ec2types.LaunchTemplate{{LaunchTemplateId: &id}}},
		"EC2 DescribeLaunchTemplateVersions": &ec2.DescribeLaunchTemplateVersionsOutput{LaunchTemplateVersions: []ec2types.LaunchTemplateVersion{{LaunchTemplateId: &id,
			LaunchTemplateData: &ec2types.ResponseLaunchTemplateData{UserData: aws.String(base64.StdEncoding.EncodeToString([]byte(text)))}}}},
		"SQS GetQueueAttributes": refusal("AccessDenied"),
	}
}

func TestUserDataLeavesAsADigestThatKnowsTheApplicationsOwnNames(t *testing.T) {
	const canary = "c4n4ry-S3cr3t"
	digest := func(region, queue, text string) string {
		template, other := sampleOf("AWS::EC2::LaunchTemplate"), sampleOf("AWS::SQS::Queue")
		template.Declared = map[string]any{"LaunchTemplateData": map[string]any{"UserData": "${Fn::Base64:" + canary + " ${Queue}}"}}
		other.ID = queue
		q := request(template, other)
		q.Region = region
		result := readAll(t, by(userData(template.ID, text)), q)
		resource := one(t, result)
		if data, err := json.Marshal(resource); err != nil || strings.Contains(string(data), canary) {
			t.Errorf("left %s", data)
		}
		sealed, ok := drift.AsSealed(member(resource.Properties["LaunchTemplateData"], "UserData"))
		if !ok {
			t.Fatalf("user data is %v", resource.Properties)
		}
		return sealed.Digest
	}
	east := digest("us-east-1", "https://sqs.us-east-1.amazonaws.com/111111111111/app-1AB", canary+" --queue https://sqs.us-east-1.amazonaws.com/111111111111/app-1AB --region us-east-1")
	west := digest("us-west-2", "https://sqs.us-west-2.amazonaws.com/111111111111/app-9ZY", canary+" --queue https://sqs.us-west-2.amazonaws.com/111111111111/app-9ZY --region us-west-2")
	if east != west {
		t.Error("one script that names its own queue has two digests")
	}
	if wrong := digest("us-west-2", "https://sqs.us-west-2.amazonaws.com/111111111111/app-9ZY", canary+" --queue https://sqs.us-east-1.amazonaws.com/111111111111/app-1AB --region us-west-2"); wrong == west {
		t.Error("a script that names the other Region's queue has the same digest")
	}
	if changed := digest("us-west-2", "https://sqs.us-west-2.amazonaws.com/111111111111/app-9ZY", "other"); changed == west {
		t.Error("two scripts have one digest")
	}
}

func TestImagesAndPrefixListsAreDescribedTogetherAndTheOwnOnesNot(t *testing.T) {
	var items []inventory.Item
	versions, templates := &ec2.DescribeLaunchTemplateVersionsOutput{}, &ec2.DescribeLaunchTemplatesOutput{}
	for i := range 5 {
		item := sampleOf("AWS::EC2::LaunchTemplate")
		item.Key, item.ID = fmt.Sprintf("app/T%d", i), fmt.Sprintf("lt-%d", i)
		items = append(items, item)
		templates.LaunchTemplates = append(templates.LaunchTemplates, ec2types.LaunchTemplate{LaunchTemplateId: &item.ID})
		versions.LaunchTemplateVersions = append(versions.LaunchTemplateVersions, ec2types.LaunchTemplateVersion{LaunchTemplateId: &item.ID,
			LaunchTemplateData: &ec2types.ResponseLaunchTemplateData{ImageId: aws.String(fmt.Sprintf("ami-%d", i%2))}})
	}
	group, own := sampleOf("AWS::EC2::SecurityGroup"), sampleOf("AWS::EC2::PrefixList")
	own.ID = "pl-0"
	permission := ec2types.IpPermission{IpProtocol: aws.String("tcp"), PrefixListIds: []ec2types.PrefixListId{{PrefixListId: aws.String("pl-0")}, {PrefixListId: aws.String("pl-1")},
		{PrefixListId: aws.String("pl-2")}}}
	var calls callCounter
	result := readAll(t, calls.count(by(map[string]any{
		"EC2 DescribeLaunchTemplates": templates, "EC2 DescribeLaunchTemplateVersions": versions,
		"EC2 DescribeImages": &ec2.DescribeImagesOutput{Images: []ec2types.Image{{ImageId: aws.String("ami-1"), Name: aws.String("web-7"), OwnerId: aws.String("111111111111"),
			Architecture: "arm64", CreationDate: aws.String("2026-01-01T00:00:00.000Z"), SourceImageId: aws.String("ami-9"), SourceImageRegion: aws.String("us-east-1"), State: "available"}}},
		"EC2 DescribeSecurityGroups": &ec2.DescribeSecurityGroupsOutput{SecurityGroups: []ec2types.SecurityGroup{{GroupId: &group.ID, IpPermissions: []ec2types.IpPermission{permission}}}},
		"EC2 DescribeManagedPrefixLists": &ec2.DescribeManagedPrefixListsOutput{PrefixLists: []ec2types.ManagedPrefixList{
			{PrefixListId: aws.String("pl-0"), OwnerId: aws.String(acct)},
			{PrefixListId: aws.String("pl-1"), OwnerId: aws.String("AWS"), PrefixListName: aws.String("com.amazonaws.us-west-2.s3"), AddressFamily: aws.String("IPv4")},
			{PrefixListId: aws.String("pl-2"), OwnerId: aws.String("222222222222"), PrefixListName: aws.String("offices"), AddressFamily: aws.String("IPv4")}}},
		"EC2 GetManagedPrefixListEntries": &ec2.GetManagedPrefixListEntriesOutput{Entries: []ec2types.PrefixListEntry{{Cidr: aws.String("192.0.2.0/24")}}},
	})), request(append(items, group, own)...))
	if len(result.Gaps) != 0 || len(result.Resources) != 7 || calls.of("DescribeImages") != 1 || calls.of("DescribeLaunchTemplateVersions") != 1 {
		t.Fatalf("calls %v, gaps %+v", calls.calls, result.Gaps)
	}
	for id, want := range map[string]string{
		"ami-1": `{"Content":{"Architecture":"arm64","Name":"web-7","Owner":"111111111111","RootDeviceType":"","VirtualizationType":""},"CreationDate":"2026-01-01T00:00:00.000Z",` +
			`"DeprecationTime":null,"Kind":"AMI","Name":"web-7","SourceImageId":"ami-9","SourceImageRegion":"us-east-1","State":"available"}`,
		"ami-0": `{"Content":null,"Kind":"AMI","Name":"","State":"gone"}`,
		"pl-1":  `{"Content":{"AddressFamily":"IPv4","Name":"com.amazonaws.${Region}.s3"},"Kind":"PrefixList","Name":"com.amazonaws.us-west-2.s3","State":""}`,
		"pl-2":  `{"Content":{"AddressFamily":"IPv4","Entries":[{"Cidr":"192.0.2.0/24"}]},"Kind":"PrefixList","Name":"offices","State":""}`,
	} {
		value, _ := result.fact(drift.FactContent, id)
		if data, _ := json.Marshal(value); string(data) != want {
			t.Errorf("%s is %s, want %s", id, data, want)
		}
	}
	if _, told := result.fact(drift.FactContent, "pl-0"); told {
		t.Error("a list of the application is told as one from outside")
	}
}

func TestASubnetOfAnotherStackIsToldByHowFarItReaches(t *testing.T) {
	group := sampleOf("AWS::AutoScaling::AutoScalingGroup")
	route := func(to, gateway, nat string) ec2types.Route {
		r := ec2types.Route{DestinationCidrBlock: &to, State: "active"}
		if gateway != "" {
			r.GatewayId = &gateway
		}
		if nat != "" {
			r.NatGatewayId = &nat
		}
		return r
	}
	table := func(id, subnet string, routes ...ec2types.Route) ec2types.RouteTable {
		a := ec2types.RouteTableAssociation{Main: aws.Bool(subnet == "")}
		if subnet != "" {
			a.SubnetId = &subnet
		}
		return ec2types.RouteTable{RouteTableId: &id, VpcId: aws.String("vpc-1"), Associations: []ec2types.RouteTableAssociation{a}, Routes: routes}
	}
	blackhole := route("0.0.0.0/0", "", "nat-2")
	blackhole.State = "blackhole"
	subnets := &ec2.DescribeSubnetsOutput{}
	for i := range 5 {
		subnets.Subnets = append(subnets.Subnets, ec2types.Subnet{SubnetId: aws.String(fmt.Sprintf("subnet-%d", i)), VpcId: aws.String("vpc-1"), AvailabilityZone: aws.String("us-west-2a")})
	}
	result := readAll(t, func(_, operation string, in any) (any, error) {
		switch in := in.(type) {
		case *autoscaling.DescribeAutoScalingGroupsInput:
			return &autoscaling.DescribeAutoScalingGroupsOutput{AutoScalingGroups: []asg.AutoScalingGroup{{AutoScalingGroupName: &group.ID,
				VPCZoneIdentifier: aws.String("subnet-0,subnet-1,subnet-2,subnet-3,subnet-4,subnet-5")}}}, nil
		case *ec2.DescribeSubnetsInput:
			return subnets, nil
		case *ec2.DescribeRouteTablesInput:
			if aws.ToString(in.Filters[0].Name) == "vpc-id" {
				return &ec2.DescribeRouteTablesOutput{RouteTables: []ec2types.RouteTable{table("rtb-4", "", route("10.0.0.0/8", "", "nat-1"))}}, nil
			}
			return &ec2.DescribeRouteTablesOutput{RouteTables: []ec2types.RouteTable{table("rtb-0", "subnet-0", route("0.0.0.0/0", "igw-1", "")),
				table("rtb-1", "subnet-1", route("0.0.0.0/0", "", "nat-1")), table("rtb-2", "subnet-2", blackhole), table("rtb-3", "subnet-3")}}, nil
		case *autoscaling.DescribeLifecycleHooksInput:
			return &autoscaling.DescribeLifecycleHooksOutput{}, nil
		case *autoscaling.DescribePoliciesInput:
			return &autoscaling.DescribePoliciesOutput{}, nil
		case *autoscaling.DescribeScheduledActionsInput:
			return &autoscaling.DescribeScheduledActionsOutput{}, nil
		}
		return &autoscaling.DescribeNotificationConfigurationsOutput{}, nil
	}, request(group))
	if len(result.Gaps) != 0 {
		t.Fatalf("gaps %+v", result.Gaps)
	}
	for i, want := range []any{"public", "private", "isolated", "isolated", "isolated", nil} {
		value, told := result.fact(drift.FactContent, fmt.Sprintf("subnet-%d", i))
		if have := member(member(value, "Content"), "Tier"); !told || have != want {
			t.Errorf("subnet-%d: told %v, tier %v, want %v", i, told, have, want)
		}
	}
}
