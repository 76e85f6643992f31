package contract

import (
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

func TestGroupsAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, machines := t.Context(), ec2.NewFromConfig(s.config("eu-west-1"))
		api, name := autoscaling.NewFromConfig(s.config("eu-west-1")), s.unique("group")
		_, subnet := r.vpc(machines)
		template, err := machines.CreateLaunchTemplate(ctx, &ec2.CreateLaunchTemplateInput{LaunchTemplateName: &name,
			LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Small, ImageId: aws.String(r.image(machines))}})
		s.ok(err)
		id := template.LaunchTemplate.LaunchTemplateId
		_, err = api.CreateAutoScalingGroup(ctx, &autoscaling.CreateAutoScalingGroupInput{AutoScalingGroupName: &name, MinSize: aws.Int32(1), MaxSize: aws.Int32(4),
			DesiredCapacity: aws.Int32(2), VPCZoneIdentifier: &subnet, LaunchTemplate: &asg.LaunchTemplateSpecification{LaunchTemplateId: id, Version: str("1")},
			Tags: []asg.Tag{{Key: str("team"), Value: str("shop"), PropagateAtLaunch: aws.Bool(true)}}})
		s.ok(err)
		_, err = api.PutScalingPolicy(ctx, &autoscaling.PutScalingPolicyInput{AutoScalingGroupName: &name, PolicyName: str("cpu"), PolicyType: str("TargetTrackingScaling"),
			TargetTrackingConfiguration: &asg.TargetTrackingConfiguration{TargetValue: aws.Float64(60),
				PredefinedMetricSpecification: &asg.PredefinedMetricSpecification{PredefinedMetricType: asg.MetricTypeASGAverageCPUUtilization}}})
		s.ok(err)
		policies, err := api.DescribePolicies(ctx, &autoscaling.DescribePoliciesInput{AutoScalingGroupName: &name})
		s.ok(err)
		_, err = api.PutLifecycleHook(ctx, &autoscaling.PutLifecycleHookInput{AutoScalingGroupName: &name, LifecycleHookName: str("drain"),
			LifecycleTransition: str("autoscaling:EC2_INSTANCE_TERMINATING"), HeartbeatTimeout: aws.Int32(120)})
		s.ok(err)
		_, err = api.PutScheduledUpdateGroupAction(ctx, &autoscaling.PutScheduledUpdateGroupActionInput{AutoScalingGroupName: &name, ScheduledActionName: str("night"),
			MinSize: aws.Int32(1), MaxSize: aws.Int32(2), DesiredCapacity: aws.Int32(1), Recurrence: str("0 22 * * *")})
		s.ok(err)

		r.item("Group", "AutoScaling::AutoScalingGroup", name, map[string]any{"MinSize": "1"})
		r.item("Policy", "AutoScaling::ScalingPolicy", *policies.ScalingPolicies[0].PolicyARN, nil)
		r.item("Hook", "AutoScaling::LifecycleHook", "drain", map[string]any{"AutoScalingGroupName": name})
		r.item("Night", "AutoScaling::ScheduledAction", "night", map[string]any{"AutoScalingGroupName": name})
		found := r.read()
		r.has(found, "Group", map[string]any{"MinSize": 1, "MaxSize": 4, "DesiredCapacity": 2, "VPCZoneIdentifier": []any{subnet}, "AvailabilityZones": []any{"eu-west-1b"},
			"HealthCheckType": "EC2", "LifecycleHookSpecificationList": nil})
		r.has(found, "Policy", map[string]any{"AutoScalingGroupName": name, "PolicyType": "TargetTrackingScaling"})
		r.has(found, "Hook", map[string]any{"LifecycleHookName": "drain", "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING", "HeartbeatTimeout": 120})
		r.has(found, "Night", map[string]any{"MinSize": 1, "MaxSize": 2, "Recurrence": "0 22 * * *"})
		if found["app/Group"].Tags["team"] != "shop" {
			s.Errorf("tags %v", found["app/Group"].Tags)
		}
		if n := r.count(drift.FactGroupInstances, "app/Group", "InService"); n != 2.0 {
			s.Errorf("%v instances in service", n)
		}
		r.olderVersion(machines, id, &name)
		_, err = api.DeleteAutoScalingGroup(ctx, &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: &name, ForceDelete: aws.Bool(true)})
		s.ok(err)
		r.items = r.items[:1]
		r.gone("app/Group")
	})
}

// olderVersion makes a newer version of the group's launch template: the group
// stays on the first, whose data then stands in it.
func (r *reading) olderVersion(machines *ec2.Client, id, name *string) {
	r.Helper()
	_, err := machines.CreateLaunchTemplateVersion(r.Context(), &ec2.CreateLaunchTemplateVersionInput{LaunchTemplateId: id, SourceVersion: str("1"),
		LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Large}})
	r.ok(err)
	named, _ := r.read()["app/Group"].Properties["LaunchTemplate"].(map[string]any)
	data, _ := named["LaunchTemplateData"].(map[string]any)
	if named["Version"] != "1" || data["InstanceType"] != "t3.small" {
		r.Errorf("the group starts %v", named)
	}
}

// image is the id of some image of the Region.
func (r *reading) image(api *ec2.Client) string {
	r.Helper()
	out, err := api.DescribeImages(r.Context(), &ec2.DescribeImagesInput{})
	r.ok(err)
	return *out.Images[0].ImageId
}

// count is a number in a fact.
func (r *reading) count(kind, subject, name string) any {
	r.Helper()
	for _, f := range r.result().Facts {
		if f.Kind == kind && f.Subject == subject {
			return f.Value.(map[string]any)[name]
		}
	}
	r.Fatalf("no fact %s of %s", kind, subject)
	return nil
}

func TestLoadBalancersAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, network := t.Context(), ec2.NewFromConfig(s.config("eu-west-1"))
		api := elb.NewFromConfig(s.config("eu-west-1"))
		vpc, subnet := r.vpc(network)
		second, err := network.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: &vpc, CidrBlock: str("10.9.2.0/24"), AvailabilityZone: str("eu-west-1a")})
		s.ok(err)
		balancer, err := api.CreateLoadBalancer(ctx, &elb.CreateLoadBalancerInput{Name: str("shop"), Scheme: lb.LoadBalancerSchemeEnumInternal, Subnets: []string{subnet, *second.Subnet.SubnetId},
			Tags: []lb.Tag{{Key: str("team"), Value: str("shop")}}})
		s.ok(err)
		arn := balancer.LoadBalancers[0].LoadBalancerArn
		_, err = api.ModifyLoadBalancerAttributes(ctx, &elb.ModifyLoadBalancerAttributesInput{LoadBalancerArn: arn,
			Attributes: []lb.LoadBalancerAttribute{{Key: str("idle_timeout.timeout_seconds"), Value: str("120")}}})
		s.ok(err)
		group, err := api.CreateTargetGroup(ctx, &elb.CreateTargetGroupInput{Name: str("app"), Port: aws.Int32(8080), Protocol: lb.ProtocolEnumHttp, VpcId: &vpc, HealthCheckPath: str("/health"),
			TargetType: lb.TargetTypeEnumIp})
		s.ok(err)
		targets := group.TargetGroups[0].TargetGroupArn
		_, err = api.ModifyTargetGroup(ctx, &elb.ModifyTargetGroupInput{TargetGroupArn: targets, HealthCheckIntervalSeconds: aws.Int32(10)})
		s.ok(err)
		listener, err := api.CreateListener(ctx, &elb.CreateListenerInput{LoadBalancerArn: arn, Port: aws.Int32(80), Protocol: lb.ProtocolEnumHttp,
			DefaultActions: []lb.Action{{Type: lb.ActionTypeEnumForward, TargetGroupArn: targets}}})
		s.ok(err)
		rule := r.rule(api, listener.Listeners[0].ListenerArn, 10, "/api/*")
		r.rule(api, listener.Listeners[0].ListenerArn, 20, "/admin/*")

		r.item("Balancer", "ElasticLoadBalancingV2::LoadBalancer", *arn, nil)
		r.item("Targets", "ElasticLoadBalancingV2::TargetGroup", *targets, nil)
		r.item("Listener", "ElasticLoadBalancingV2::Listener", *listener.Listeners[0].ListenerArn, nil)
		r.item("Rule", "ElasticLoadBalancingV2::ListenerRule", rule, nil)
		found := r.read()
		r.has(found, "Balancer", map[string]any{"Name": "shop", "Scheme": "internal", "Type": "application"})
		r.attribute(found, "Balancer", "LoadBalancerAttributes", "idle_timeout.timeout_seconds", "120")
		r.has(found, "Targets", map[string]any{"Name": "app", "Port": 8080, "Protocol": "HTTP", "HealthCheckPath": "/health", "HealthCheckIntervalSeconds": 10, "VpcId": vpc, "TargetType": "ip"})
		r.attribute(found, "Targets", "TargetGroupAttributes", "deregistration_delay.timeout_seconds", "300")
		r.has(found, "Listener", map[string]any{"Port": 80, "Protocol": "HTTP", "LoadBalancerArn": *arn})
		r.has(found, "Rule", map[string]any{"Priority": 10, "ListenerArn": *listener.Listeners[0].ListenerArn})
		if rules, _ := found["app/Listener"].Properties["Rules"].([]any); len(rules) != 1 {
			s.Errorf("rules by hand %v", rules)
		}
		if found["app/Balancer"].Tags["team"] != "shop" || found["app/Balancer"].Identities["DNSName"] == "" {
			s.Errorf("%+v", found["app/Balancer"])
		}
		_, err = api.DeleteRule(ctx, &elb.DeleteRuleInput{RuleArn: &rule})
		s.ok(err)
		r.gone("app/Rule")
		_, err = api.DeleteListener(ctx, &elb.DeleteListenerInput{ListenerArn: listener.Listeners[0].ListenerArn})
		s.ok(err)
		_, err = api.DeleteLoadBalancer(ctx, &elb.DeleteLoadBalancerInput{LoadBalancerArn: arn})
		s.ok(err)
		r.gone("app/Balancer", "app/Listener", "app/Rule")
	})
}

func (r *reading) rule(api *elb.Client, listener *string, priority int32, path string) string {
	r.Helper()
	made, err := api.CreateRule(r.Context(), &elb.CreateRuleInput{ListenerArn: listener, Priority: &priority,
		Conditions: []lb.RuleCondition{{Field: str("path-pattern"), Values: []string{path}}},
		Actions:    []lb.Action{{Type: lb.ActionTypeEnumFixedResponse, FixedResponseConfig: &lb.FixedResponseActionConfig{StatusCode: str("503")}}}})
	r.ok(err)
	return *made.Rules[0].RuleArn
}

// attribute wants one of the attributes of a load balancer or a target group.
func (r *reading) attribute(found map[string]drift.Resource, key, property, name, want string) {
	r.Helper()
	list, _ := found["app/"+key].Properties[property].([]any)
	for _, element := range list {
		if a, _ := element.(map[string]any); a["Key"] == name && a["Value"] == want {
			return
		}
	}
	r.Errorf("%s has no attribute %s=%s: %v", key, name, want, list)
}
