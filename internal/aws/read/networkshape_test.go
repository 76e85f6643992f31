package read

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	asg "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// What EC2, Auto Scaling and Elastic Load Balancing answer, in the names and
// the shape of CloudFormation.
func TestNetworksHaveCloudFormationsShape(t *testing.T) {
	cases := []struct {
		name, typ   string
		table, want map[string]any
	}{
		{
			name: "a range of a VPC is found by its association", typ: "AWS::EC2::VPCCidrBlock",
			table: map[string]any{"EC2 DescribeVpcs": &ec2.DescribeVpcsOutput{Vpcs: []ec2types.Vpc{{VpcId: aws.String("vpc-1"), CidrBlockAssociationSet: []ec2types.VpcCidrBlockAssociation{
				{AssociationId: aws.String("other"), CidrBlock: aws.String("10.0.0.0/16")}, {AssociationId: aws.String("vpc-cidr-assoc-1"), CidrBlock: aws.String("10.5.0.0/16")}}}}}},
			want: map[string]any{"VpcId": "vpc-1", "CidrBlock": "10.5.0.0/16"},
		},
		{
			name: "a zone is told by its name unless its id was declared", typ: "AWS::EC2::Subnet",
			table: map[string]any{"EC2 DescribeSubnets": &ec2.DescribeSubnetsOutput{Subnets: []ec2types.Subnet{{SubnetId: aws.String("subnet-1"), AvailabilityZone: aws.String("us-west-2a"),
				AvailabilityZoneId: aws.String("usw2-az3"), CidrBlock: aws.String("10.0.0.0/24"), AvailableIpAddressCount: aws.Int32(7)}}}},
			want: map[string]any{"AvailabilityZone": "us-west-2a", "AvailabilityZoneId": nil, "CidrBlock": "10.0.0.0/24", "AvailableIpAddressCount": nil},
		},
		{
			name: "routes of nobody stand in their table, but for those of AWS", typ: "AWS::EC2::RouteTable",
			table: map[string]any{"EC2 DescribeRouteTables": &ec2.DescribeRouteTablesOutput{RouteTables: []ec2types.RouteTable{{RouteTableId: aws.String("rtb-1"), Routes: []ec2types.Route{
				{DestinationCidrBlock: aws.String("10.0.0.0/16"), GatewayId: aws.String("local"), Origin: "CreateRouteTable", State: "active"},
				{DestinationPrefixListId: aws.String("pl-1"), GatewayId: aws.String("vpce-1"), Origin: "CreateRoute", State: "active"},
				{DestinationCidrBlock: aws.String("10.9.0.0/16"), GatewayId: aws.String("vgw-1"), Origin: "EnableVgwRoutePropagation", State: "active"},
				{DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: aws.String("igw-1"), Origin: "CreateRoute", State: "active"}}}}}},
			want: map[string]any{"Routes": []any{map[string]any{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}}},
		},
		{
			name: "a table that is the network's main one", typ: "AWS::EC2::RouteTable",
			table: map[string]any{"EC2 DescribeRouteTables": &ec2.DescribeRouteTablesOutput{RouteTables: []ec2types.RouteTable{{RouteTableId: aws.String("rtb-1"),
				Associations: []ec2types.RouteTableAssociation{{SubnetId: aws.String("subnet-1"), Main: aws.Bool(false)}, {Main: aws.Bool(true)}}}}}},
			want: map[string]any{"Main": true},
		},
		{
			name: "a table that is that of its subnets alone", typ: "AWS::EC2::RouteTable",
			table: map[string]any{"EC2 DescribeRouteTables": &ec2.DescribeRouteTablesOutput{RouteTables: []ec2types.RouteTable{{RouteTableId: aws.String("rtb-1"),
				Associations: []ec2types.RouteTableAssociation{{SubnetId: aws.String("subnet-1"), Main: aws.Bool(false)}}}}}},
			want: map[string]any{"Main": nil},
		},
		{
			name: "a route through an interface endpoint", typ: "AWS::EC2::Route",
			table: map[string]any{"EC2 DescribeRouteTables": &ec2.DescribeRouteTablesOutput{RouteTables: []ec2types.RouteTable{{RouteTableId: aws.String("rtb-1"), Routes: []ec2types.Route{
				{DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: aws.String("vpce-1"), State: "active"}}}}}},
			want: map[string]any{"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0", "VpcEndpointId": "vpce-1", "GatewayId": nil, "State": nil},
		},
		{
			name: "options of DHCP have names of their own", typ: "AWS::EC2::DHCPOptions",
			table: map[string]any{"EC2 DescribeDhcpOptions": &ec2.DescribeDhcpOptionsOutput{DhcpOptions: []ec2types.DhcpOptions{{DhcpOptionsId: aws.String("physical"),
				DhcpConfigurations: []ec2types.DhcpConfiguration{{Key: aws.String("domain-name"), Values: []ec2types.AttributeValue{{Value: aws.String("corp")}}},
					{Key: aws.String("ntp-servers"), Values: []ec2types.AttributeValue{{Value: aws.String("10.0.0.1")}}}}}}}},
			want: map[string]any{"DomainName": "corp", "NtpServers": []any{"10.0.0.1"}},
		},
		{
			name: "NAT gateway with a second address", typ: "AWS::EC2::NatGateway",
			table: map[string]any{"EC2 DescribeNatGateways": &ec2.DescribeNatGatewaysOutput{NatGateways: []ec2types.NatGateway{{NatGatewayId: aws.String("physical"), State: "available",
				NatGatewayAddresses: []ec2types.NatGatewayAddress{{AllocationId: aws.String("eipalloc-2"), PrivateIp: aws.String("10.0.0.2"), IsPrimary: aws.Bool(false)},
					{AllocationId: aws.String("eipalloc-1"), PrivateIp: aws.String("10.0.0.1"), IsPrimary: aws.Bool(true)}}}}}},
			want: map[string]any{"AllocationId": "eipalloc-1", "SecondaryAllocationIds": []any{"eipalloc-2"}, "PrivateIpAddress": nil},
		},
		{
			name: "launch template without what EC2 says about itself", typ: "AWS::EC2::LaunchTemplate",
			table: map[string]any{"EC2 DescribeLaunchTemplates": &ec2.DescribeLaunchTemplatesOutput{LaunchTemplates: []ec2types.LaunchTemplate{{LaunchTemplateId: aws.String("physical"),
				LaunchTemplateName: aws.String("web"), LatestVersionNumber: aws.Int64(7)}}},
				"EC2 DescribeLaunchTemplateVersions": &ec2.DescribeLaunchTemplateVersionsOutput{LaunchTemplateVersions: []ec2types.LaunchTemplateVersion{{VersionNumber: aws.Int64(7),
					LaunchTemplateData: &ec2types.ResponseLaunchTemplateData{InstanceType: "m7g.large", MetadataOptions: &ec2types.LaunchTemplateInstanceMetadataOptions{State: "applied", HttpTokens: "required"}}}}}},
			want: map[string]any{"LaunchTemplateName": "web", "LatestVersionNumber": nil,
				"LaunchTemplateData": map[string]any{"InstanceType": "m7g.large", "MetadataOptions": map[string]any{"HttpTokens": "required", "State": nil}, "EbsOptimized": nil}},
		},
		{
			name: "group with a mixed policy", typ: "AWS::AutoScaling::AutoScalingGroup",
			table: map[string]any{"Auto Scaling DescribeAutoScalingGroups": &autoscaling.DescribeAutoScalingGroupsOutput{AutoScalingGroups: []asg.AutoScalingGroup{{AutoScalingGroupName: aws.String("physical"),
				DefaultCooldown: aws.Int32(300), VPCZoneIdentifier: aws.String("subnet-1,subnet-2"), EnabledMetrics: []asg.EnabledMetric{{Metric: aws.String("b"), Granularity: aws.String("1Minute")}, {Metric: aws.String("a"), Granularity: aws.String("1Minute")}},
				Status: aws.String("Delete in progress"), MixedInstancesPolicy: &asg.MixedInstancesPolicy{InstancesDistribution: &asg.InstancesDistribution{OnDemandBaseCapacity: aws.Int32(1)},
					LaunchTemplate: &asg.LaunchTemplate{LaunchTemplateSpecification: &asg.LaunchTemplateSpecification{LaunchTemplateId: aws.String("lt-1")},
						Overrides: []asg.LaunchTemplateOverrides{{InstanceType: aws.String("m7g.large")}}}}}}},
				"EC2 DescribeLaunchTemplateVersions":  &ec2.DescribeLaunchTemplateVersionsOutput{LaunchTemplateVersions: []ec2types.LaunchTemplateVersion{{LaunchTemplateData: &ec2types.ResponseLaunchTemplateData{KeyName: aws.String("k")}}}},
				"Auto Scaling DescribeLifecycleHooks": &autoscaling.DescribeLifecycleHooksOutput{}, "Auto Scaling DescribePolicies": &autoscaling.DescribePoliciesOutput{}, "Auto Scaling DescribeNotificationConfigurations": &autoscaling.DescribeNotificationConfigurationsOutput{},
				"EC2 DescribeSubnets": &ec2.DescribeSubnetsOutput{}, "EC2 DescribeRouteTables": &ec2.DescribeRouteTablesOutput{}},
			want: map[string]any{"Cooldown": 300, "VPCZoneIdentifier": []any{"subnet-1", "subnet-2"}, "MetricsCollection": []any{map[string]any{"Granularity": "1Minute", "Metrics": []any{"a", "b"}}},
				"Status": nil, "MixedInstancesPolicy": map[string]any{"InstancesDistribution": map[string]any{"OnDemandBaseCapacity": 1}, "LaunchTemplate": map[string]any{
					"LaunchTemplateSpecification": map[string]any{"LaunchTemplateId": "lt-1", "Version": "$Default", "LaunchTemplateData": map[string]any{"KeyName": "k"}},
					"Overrides":                   []any{map[string]any{"InstanceType": "m7g.large"}}}}},
		},
		{
			name: "certificates that a listener has beside its own", typ: "AWS::ElasticLoadBalancingV2::ListenerCertificate",
			table: map[string]any{"Elastic Load Balancing v2 DescribeListenerCertificates": &elb.DescribeListenerCertificatesOutput{Certificates: []elbtypes.Certificate{
				{CertificateArn: aws.String("arn:own"), IsDefault: aws.Bool(true)}, {CertificateArn: aws.String("arn:b"), IsDefault: aws.Bool(false)}, {CertificateArn: aws.String("arn:a"), IsDefault: aws.Bool(false)}}}},
			want: map[string]any{"Certificates": []any{map[string]any{"CertificateArn": "arn:a"}, map[string]any{"CertificateArn": "arn:b"}}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			result := readAll(t, by(c.table), request(sampleOf(c.typ)))
			subset(t, "", c.want, one(t, result).Properties)
			if len(result.Gaps) != 0 {
				t.Errorf("gaps %+v", result.Gaps)
			}
		})
	}
}
