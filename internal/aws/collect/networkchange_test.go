package collect

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	asg "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	lb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/lockstep-dr/lockstep/drift"
)

// standby is the second Region of a network, to be changed by hand.
type standby struct {
	*world
	ids map[string]string // physical ids by logical id
	ec2 *ec2.Client
	asg *autoscaling.Client
	elb *elb.Client
}

func (w *world) standby(s *drift.Snapshot) standby {
	ids := map[string]string{}
	for _, r := range s.Resources {
		ids[r.Key[strings.IndexByte(r.Key, '/')+1:]] = r.ID
	}
	cfg := w.sessions[1].Config
	return standby{w, ids, ec2.NewFromConfig(cfg), autoscaling.NewFromConfig(cfg), elb.NewFromConfig(cfg)}
}

// id is the physical id of a resource, for the requests of the SDK.
func (s standby) id(logical string) *string { return aws.String(s.ids[logical]) }

func TestWhatIsChangedByHandInANetworkShows(t *testing.T) {
	anywhere := aws.String("0.0.0.0/0")
	cases := []struct {
		name   string
		change func(standby) error
		want   []string // resource and property of every finding
	}{
		{"DNS names are switched off", func(s standby) error {
			_, err := s.ec2.ModifyVpcAttribute(s.Context(), &ec2.ModifyVpcAttributeInput{VpcId: s.id("Vpc"), EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(false)}})
			return err
		}, []string{"shop/Vpc EnableDnsHostnames"}},
		{"a subnet becomes public", func(s standby) error {
			_, err := s.ec2.ModifySubnetAttribute(s.Context(), &ec2.ModifySubnetAttributeInput{SubnetId: s.id("PrivateB"), MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)}})
			return err
		}, []string{"shop/PrivateB MapPublicIpOnLaunch"}},
		{"the way out is deleted", func(s standby) error {
			_, err := s.ec2.DeleteRoute(s.Context(), &ec2.DeleteRouteInput{RouteTableId: s.id("PrivateTable"), DestinationCidrBlock: anywhere})
			return err
		}, []string{"shop/PrivateRoute "}},
		{"the way out leads elsewhere", func(s standby) error {
			_, err := s.ec2.ReplaceRoute(s.Context(), &ec2.ReplaceRouteInput{RouteTableId: s.id("PrivateTable"), DestinationCidrBlock: anywhere, GatewayId: s.id("Gateway")})
			return err
		}, []string{"shop/PrivateRoute GatewayId", "shop/PrivateRoute NatGatewayId"}},
		{"a route is added", func(s standby) error {
			_, err := s.ec2.CreateRoute(s.Context(), &ec2.CreateRouteInput{RouteTableId: s.id("PrivateTable"), DestinationCidrBlock: aws.String("192.0.2.0/24"), GatewayId: s.id("Gateway")})
			return err
		}, []string{"shop/PrivateTable Routes"}},
		{"the NAT gateway is deleted: what leads through it is a blackhole", func(s standby) error {
			_, err := s.ec2.DeleteNatGateway(s.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: s.id("Nat")})
			return err
		}, []string{"shop/Nat ", "shop/PrivateRoute State"}},
		{"a subnet loses its table", func(s standby) error {
			_, err := s.ec2.DisassociateRouteTable(s.Context(), &ec2.DisassociateRouteTableInput{AssociationId: s.id("PrivateAssociationA")})
			return err
		}, []string{"shop/PrivateAssociationA "}},
		{"a subnet gets another table", func(s standby) error {
			_, err := s.ec2.ReplaceRouteTableAssociation(s.Context(), &ec2.ReplaceRouteTableAssociationInput{AssociationId: s.id("PrivateAssociationA"), RouteTableId: s.id("PublicTable")})
			return err
		}, []string{"shop/PrivateAssociationA RouteTableId"}},
		{"an entry of a network ACL denies", func(s standby) error {
			_, err := s.ec2.ReplaceNetworkAclEntry(s.Context(), &ec2.ReplaceNetworkAclEntryInput{NetworkAclId: s.id("Acl"), RuleNumber: aws.Int32(100), Egress: aws.Bool(true),
				Protocol: aws.String("-1"), RuleAction: types.RuleActionDeny, CidrBlock: anywhere})
			return err
		}, []string{"shop/AclOut RuleAction"}},
		{"an entry is added to a network ACL", func(s standby) error {
			_, err := s.ec2.CreateNetworkAclEntry(s.Context(), &ec2.CreateNetworkAclEntryInput{NetworkAclId: s.id("Acl"), RuleNumber: aws.Int32(90), Egress: aws.Bool(true),
				Protocol: aws.String("-1"), RuleAction: types.RuleActionDeny, CidrBlock: anywhere})
			return err
		}, []string{"shop/Acl Entries"}},
		{"the internet gateway is detached", func(s standby) error {
			_, err := s.ec2.DetachInternetGateway(s.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: s.id("Gateway"), VpcId: s.id("Vpc")})
			return err
		}, []string{"shop/Attachment "}},
		{"an endpoint loses a subnet", func(s standby) error {
			_, err := s.ec2.ModifyVpcEndpoint(s.Context(), &ec2.ModifyVpcEndpointInput{VpcEndpointId: s.id("Queues"), RemoveSubnetIds: []string{s.ids["PrivateB"]}})
			return err
		}, []string{"shop/Queues SubnetIds"}},
		{"an endpoint allows less", func(s standby) error {
			_, err := s.ec2.ModifyVpcEndpoint(s.Context(), &ec2.ModifyVpcEndpointInput{VpcEndpointId: s.id("Storage"),
				PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}`)})
			return err
		}, []string{"shop/Storage PolicyDocument"}},
		{"a prefix list gets another entry", func(s standby) error {
			_, err := s.ec2.ModifyManagedPrefixList(s.Context(), &ec2.ModifyManagedPrefixListInput{PrefixListId: s.id("Partners"), CurrentVersion: aws.Int64(1),
				AddEntries: []types.AddPrefixListEntry{{Cidr: aws.String("198.51.100.0/24")}}})
			return err
		}, []string{"shop/Partners Entries"}},
		{"a security group lets everybody in", func(s standby) error {
			_, err := s.ec2.AuthorizeSecurityGroupIngress(s.Context(), &ec2.AuthorizeSecurityGroupIngressInput{GroupId: s.id("AppGroup"), IpPermissions: []types.IpPermission{
				{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22), IpRanges: []types.IpRange{{CidrIp: anywhere}}}}})
			return err
		}, []string{"shop/AppGroup SecurityGroupIngress"}},
		{"a launch template gets a smaller type", func(s standby) error {
			_, err := s.ec2.CreateLaunchTemplateVersion(s.Context(), &ec2.CreateLaunchTemplateVersionInput{LaunchTemplateId: s.id("Template"), SourceVersion: aws.String("$Latest"),
				LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Micro}})
			return err
		}, []string{"shop/Template LaunchTemplateData"}},
		{"user data changes", func(s standby) error {
			_, err := s.ec2.CreateLaunchTemplateVersion(s.Context(), &ec2.CreateLaunchTemplateVersionInput{LaunchTemplateId: s.id("Template"), SourceVersion: aws.String("$Latest"),
				LaunchTemplateData: &types.RequestLaunchTemplateData{UserData: aws.String("ZWNobyBoaQ==")}})
			return err
		}, []string{"shop/Template LaunchTemplateData"}},
		{"an older image", func(s standby) error {
			old, err := s.ec2.DescribeImages(s.Context(), &ec2.DescribeImagesInput{Filters: []types.Filter{{Name: aws.String("name"), Values: []string{"al2023-ami-2023.8.*"}}}})
			if err != nil {
				return err
			}
			_, err = s.ec2.CreateLaunchTemplateVersion(s.Context(), &ec2.CreateLaunchTemplateVersionInput{LaunchTemplateId: s.id("Template"), SourceVersion: aws.String("$Latest"),
				LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: old.Images[0].ImageId}})
			return err
		}, []string{"shop/Template LaunchTemplateData"}},
		{"a group starts from a version with a smaller type", func(s standby) error {
			_, err := s.ec2.CreateLaunchTemplateVersion(s.Context(), &ec2.CreateLaunchTemplateVersionInput{LaunchTemplateId: s.id("Template"), SourceVersion: aws.String("$Latest"),
				LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Micro}})
			if err != nil {
				return err
			}
			_, err = s.asg.UpdateAutoScalingGroup(s.Context(), &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: s.id("Group"),
				LaunchTemplate: &asg.LaunchTemplateSpecification{LaunchTemplateId: s.id("Template"), Version: aws.String("$Latest")}})
			return err
		}, []string{"shop/Group LaunchTemplate", "shop/Template LaunchTemplateData"}},
		{"a new version of a launch template that changes nothing", func(s standby) error {
			_, err := s.ec2.CreateLaunchTemplateVersion(s.Context(), &ec2.CreateLaunchTemplateVersionInput{LaunchTemplateId: s.id("Template"), SourceVersion: aws.String("$Latest"),
				LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Small}})
			if err != nil {
				return err
			}
			_, err = s.asg.UpdateAutoScalingGroup(s.Context(), &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: s.id("Group"),
				LaunchTemplate: &asg.LaunchTemplateSpecification{LaunchTemplateId: s.id("Template"), Version: aws.String("2")}})
			return err
		}, nil},
		{"a group may grow less", func(s standby) error {
			_, err := s.asg.UpdateAutoScalingGroup(s.Context(), &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: s.id("Group"), MaxSize: aws.Int32(2)})
			return err
		}, []string{"shop/Group MaxSize"}},
		{"a group is told not to launch", func(s standby) error {
			_, err := s.asg.SuspendProcesses(s.Context(), &autoscaling.SuspendProcessesInput{AutoScalingGroupName: s.id("Group"), ScalingProcesses: []string{"Launch"}})
			return err
		}, []string{"shop/Group SuspendedProcesses"}},
		{"a group leaves its target group", func(s standby) error {
			_, err := s.asg.DetachLoadBalancerTargetGroups(s.Context(), &autoscaling.DetachLoadBalancerTargetGroupsInput{AutoScalingGroupName: s.id("Group"), TargetGroupARNs: []string{s.ids["Targets"]}})
			return err
		}, []string{"shop/Group TargetGroupARNs"}},
		{"a scaling policy is deleted", func(s standby) error {
			_, err := s.asg.DeletePolicy(s.Context(), &autoscaling.DeletePolicyInput{PolicyName: s.id("Scaling")})
			return err
		}, []string{"shop/Scaling "}},
		{"a hook is added", func(s standby) error {
			_, err := s.asg.PutLifecycleHook(s.Context(), &autoscaling.PutLifecycleHookInput{AutoScalingGroupName: s.id("Group"), LifecycleHookName: aws.String("by-hand"),
				LifecycleTransition: aws.String("autoscaling:EC2_INSTANCE_LAUNCHING")})
			return err
		}, []string{"shop/Group LifecycleHookSpecificationList"}},
		{"an instance gets a smaller type", func(s standby) error {
			_, err := s.ec2.ModifyInstanceAttribute(s.Context(), &ec2.ModifyInstanceAttributeInput{InstanceId: s.id("Bastion"), InstanceType: &types.AttributeValue{Value: aws.String("t3.nano")}})
			return err
		}, []string{"shop/Bastion InstanceType"}},
		{"an instance is terminated", func(s standby) error {
			_, err := s.ec2.TerminateInstances(s.Context(), &ec2.TerminateInstancesInput{InstanceIds: []string{s.ids["Bastion"]}})
			return err
		}, []string{"shop/Bastion "}},
		{"a load balancer gives up sooner", func(s standby) error {
			_, err := s.elb.ModifyLoadBalancerAttributes(s.Context(), &elb.ModifyLoadBalancerAttributesInput{LoadBalancerArn: s.id("Balancer"),
				Attributes: []lb.LoadBalancerAttribute{{Key: aws.String("idle_timeout.timeout_seconds"), Value: aws.String("10")}}})
			return err
		}, []string{"shop/Balancer LoadBalancerAttributes"}},
		{"a load balancer stands in fewer zones", func(s standby) error {
			_, err := s.elb.SetSubnets(s.Context(), &elb.SetSubnetsInput{LoadBalancerArn: s.id("Balancer"), Subnets: []string{s.ids["PrivateA"]}})
			return err
		}, []string{"shop/Balancer Subnets"}},
		{"a health check asks elsewhere", func(s standby) error {
			_, err := s.elb.ModifyTargetGroup(s.Context(), &elb.ModifyTargetGroupInput{TargetGroupArn: s.id("Targets"), HealthCheckPath: aws.String("/")})
			return err
		}, []string{"shop/Targets HealthCheckPath"}},
		{"a listener answers by itself", func(s standby) error {
			_, err := s.elb.ModifyListener(s.Context(), &elb.ModifyListenerInput{ListenerArn: s.id("Listener"), DefaultActions: []lb.Action{
				{Type: lb.ActionTypeEnumFixedResponse, FixedResponseConfig: &lb.FixedResponseActionConfig{StatusCode: aws.String("503")}}}})
			return err
		}, []string{"shop/Listener DefaultActions"}},
		{"a rule is added", func(s standby) error {
			_, err := s.elb.CreateRule(s.Context(), &elb.CreateRuleInput{ListenerArn: s.id("Listener"), Priority: aws.Int32(5),
				Conditions: []lb.RuleCondition{{Field: aws.String("path-pattern"), Values: []string{"/pay/*"}}},
				Actions:    []lb.Action{{Type: lb.ActionTypeEnumFixedResponse, FixedResponseConfig: &lb.FixedResponseActionConfig{StatusCode: aws.String("404")}}}})
			return err
		}, []string{"shop/Listener Rules"}},
		{"a rule asks for something else", func(s standby) error {
			_, err := s.elb.ModifyRule(s.Context(), &elb.ModifyRuleInput{RuleArn: s.id("Rule"), Conditions: []lb.RuleCondition{{Field: aws.String("path-pattern"), Values: []string{"/v2/*"}}}})
			return err
		}, []string{"shop/Rule Conditions"}},
		{"a rule is deleted", func(s standby) error {
			_, err := s.elb.DeleteRule(s.Context(), &elb.DeleteRuleInput{RuleArn: s.id("Rule")})
			return err
		}, []string{"shop/Rule "}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			o := w.network()
			before := w.snapshots(o)
			if err := c.change(w.standby(before[1])); err != nil {
				t.Fatal(err)
			}
			after := w.snapshots(o)
			if len(after[1].Gaps) != 0 {
				t.Errorf("gaps %+v", after[1].Gaps)
			}
			if have := places(compare(w, after).Findings); !slices.Equal(have, c.want) {
				t.Errorf("findings at %q, want %q", have, c.want)
			}
		})
	}
}

// rest deploys what the other template does not have.
func (w *world) rest() Options {
	w.Helper()
	body, err := os.ReadFile("testdata/networkrest.yaml")
	if err != nil {
		w.Fatal(err)
	}
	for _, s := range w.sessions {
		w.deploy(s.Config, "rest", body, nil)
	}
	return w.options("rest")
}

func TestCertificatesAddressesAndRangesDoNotDifferUntilSomebodyChangesThem(t *testing.T) {
	cases := []struct {
		name   string
		change func(standby) error
		want   []string
	}{
		{"nothing", func(standby) error { return nil }, nil},
		{"a listener speaks an older TLS", func(s standby) error {
			_, err := s.elb.ModifyListener(s.Context(), &elb.ModifyListenerInput{ListenerArn: s.id("Listener"), SslPolicy: aws.String("ELBSecurityPolicy-2016-08")})
			return err
		}, []string{"rest/Listener SslPolicy"}},
		{"a listener loses a certificate", func(s standby) error {
			_, err := s.elb.RemoveListenerCertificates(s.Context(), &elb.RemoveListenerCertificatesInput{ListenerArn: s.id("Listener"), Certificates: []lb.Certificate{{CertificateArn: s.id("OldCertificate")}}})
			return err
		}, []string{"rest/MoreCertificates "}},
		{"an address is taken from an instance", func(s standby) error {
			_, err := s.ec2.DisassociateAddress(s.Context(), &ec2.DisassociateAddressInput{AssociationId: s.id("Association")})
			return err
		}, []string{"rest/Association "}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			o := w.rest()
			before := w.snapshots(o)
			if err := c.change(w.standby(before[1])); err != nil {
				t.Fatal(err)
			}
			after := w.snapshots(o)
			for _, s := range after {
				if len(s.Gaps) != 0 || len(s.Resources)+len(c.want) < 13 {
					t.Errorf("%s: %d resources, gaps %+v", s.Region.Name, len(s.Resources), s.Gaps)
				}
			}
			if have := places(compare(w, after).Findings); !slices.Equal(have, c.want) {
				t.Errorf("findings at %q, want %q", have, c.want)
			}
		})
	}
}

// places are where findings are: resource and top-level property, each once.
func places(findings []drift.Finding) []string {
	var list []string
	for _, f := range findings {
		property, _, _ := strings.Cut(f.Property, ".")
		property, _, _ = strings.Cut(property, "[")
		list = append(list, f.Resource+" "+property)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
