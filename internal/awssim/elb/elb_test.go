package elb_test

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/autoscaling"
	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/ec2"
	"github.com/lockstep-dr/lockstep/internal/awssim/elb"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

type made struct{ balancer, targets, listener store.Resource }

func bench(t *testing.T) (*coretest.Bench, made) {
	b := coretest.New(t, elb.Service(), ec2.Service(), autoscaling.Service())
	m := made{
		balancer: b.Made(coretest.East, "Balancer", elb.BalancerType, map[string]any{"Scheme": "internal", "Subnets": []any{"subnet-1", "subnet-2"}}),
		targets:  b.Made(coretest.East, "Targets", elb.TargetGroupType, map[string]any{"Port": "80", "Protocol": "HTTP", "VpcId": "vpc-1"}),
	}
	m.listener = b.Made(coretest.East, "Listener", elb.ListenerType, map[string]any{"LoadBalancerArn": m.balancer.ID, "Port": "80", "Protocol": "HTTP",
		"DefaultActions": []any{map[string]any{"Type": "forward", "TargetGroupArn": m.targets.ID}}})
	return b, m
}

func TestARNsSayWhatBelongsToWhat(t *testing.T) {
	b, m := bench(t)
	rule := b.Made(coretest.East, "Rule", elb.RuleType, map[string]any{"ListenerArn": m.listener.ID, "Priority": "10",
		"Conditions": []any{map[string]any{"Field": "path-pattern", "Values": []any{"/api/*"}}}, "Actions": []any{map[string]any{"Type": "forward", "TargetGroupArn": m.targets.ID}}})
	listener := strings.Replace(m.balancer.ID, ":loadbalancer/", ":listener/", 1)
	if !strings.HasPrefix(m.listener.ID, listener+"/") || !strings.HasPrefix(rule.ID, strings.Replace(m.listener.ID, ":listener/", ":listener-rule/", 1)+"/") {
		t.Errorf("%s, %s, %s", m.balancer.ID, m.listener.ID, rule.ID)
	}
	name := wire.Text(m.balancer.Attributes["DNSName"])
	if !strings.HasPrefix(name, "internal-app-Balancer-") || !strings.HasSuffix(name, ".us-east-1.elb.amazonaws.com") {
		t.Errorf("DNS name %s", name)
	}
	shown := b.Call(coretest.East, "elasticloadbalancing.DescribeRules", wire.Object{"ListenerArn": m.listener.ID}).Objects("Rules")
	if len(shown) != 2 || shown[1].String("Priority") != "default" || shown[0].Objects("Conditions")[0].Object("PathPatternConfig").Strings("Values")[0] != "/api/*" {
		t.Errorf("%v", shown)
	}
}

func TestWhatIsInUseOrTakenIsRefused(t *testing.T) {
	b, m := bench(t)
	action := []any{wire.Object{"Type": "forward", "TargetGroupArn": m.targets.ID}}
	condition := []any{wire.Object{"Field": "path-pattern", "Values": []any{"/"}}}
	b.Refused("ResourceInUse", coretest.East, "elasticloadbalancing.DeleteTargetGroup", wire.Object{"TargetGroupArn": m.targets.ID})
	b.Refused("DuplicateListener", coretest.East, "elasticloadbalancing.CreateListener", wire.Object{"LoadBalancerArn": m.balancer.ID, "Port": "80", "Protocol": "HTTP", "DefaultActions": action})
	b.Call(coretest.East, "elasticloadbalancing.CreateRule", wire.Object{"ListenerArn": m.listener.ID, "Priority": "1", "Conditions": condition, "Actions": action})
	b.Refused("PriorityInUse", coretest.East, "elasticloadbalancing.CreateRule", wire.Object{"ListenerArn": m.listener.ID, "Priority": "1", "Conditions": condition, "Actions": action})
	b.Refused("TargetGroupNotFound", coretest.East, "elasticloadbalancing.CreateRule", wire.Object{"ListenerArn": m.listener.ID, "Priority": "2", "Conditions": condition,
		"Actions": []any{wire.Object{"Type": "forward", "TargetGroupArn": "arn:none"}}})
	_, err := b.Make(coretest.East, "Bare", elb.BalancerType, map[string]any{})
	b.Code("ValidationError", err)
	for operation, code := range map[string]string{"DescribeLoadBalancers": "LoadBalancerNotFound", "DescribeTargetGroups": "TargetGroupNotFound", "DescribeListeners": "ListenerNotFound"} {
		b.Refused(code, coretest.East, "elasticloadbalancing."+operation, wire.Object{"LoadBalancerArns": []any{"arn:none"}, "TargetGroupArns": []any{"arn:none"}, "ListenerArns": []any{"arn:none"}})
	}
}

func TestAttributesHaveDefaultsAndKeepWhatIsSet(t *testing.T) {
	b, m := bench(t)
	b.Call(coretest.East, "elasticloadbalancing.ModifyTargetGroupAttributes", wire.Object{"TargetGroupArn": m.targets.ID, "Attributes": []any{wire.Object{"Key": "slow_start.duration_seconds", "Value": "60"}}})
	got := map[string]string{}
	for _, a := range b.Call(coretest.East, "elasticloadbalancing.DescribeTargetGroupAttributes", wire.Object{"TargetGroupArn": m.targets.ID}).Objects("Attributes") {
		got[a.String("Key")] = a.String("Value")
	}
	if got["slow_start.duration_seconds"] != "60" || got["deregistration_delay.timeout_seconds"] != "300" {
		t.Errorf("%v", got)
	}
}

func TestTargetsAreRegisteredByHandAndByGroups(t *testing.T) {
	b, m := bench(t)
	b.Call(coretest.East, "elasticloadbalancing.RegisterTargets", wire.Object{"TargetGroupArn": m.targets.ID, "Targets": []any{wire.Object{"Id": "i-1"}}})
	b.Made(coretest.East, "Group", autoscaling.GroupType, map[string]any{"MinSize": 2.0, "MaxSize": 2.0, "TargetGroupARNs": []any{m.targets.ID}})
	health := func() []wire.Object {
		return b.Call(coretest.East, "elasticloadbalancing.DescribeTargetHealth", wire.Object{"TargetGroupArn": m.targets.ID}).Objects("TargetHealthDescriptions")
	}
	if list := health(); len(list) != 3 || list[0].Object("TargetHealth").String("State") != "healthy" {
		t.Errorf("%v", list)
	}
	b.Call(coretest.East, "elasticloadbalancing.DeregisterTargets", wire.Object{"TargetGroupArn": m.targets.ID, "Targets": []any{wire.Object{"Id": "i-1"}}})
	if list := health(); len(list) != 2 {
		t.Errorf("%v", list)
	}
}

func TestCertificatesComeAndGoBesideTheListenersOwn(t *testing.T) {
	b, m := bench(t)
	b.Made(coretest.East, "More", elb.CertificateType, map[string]any{"ListenerArn": m.listener.ID, "Certificates": []any{map[string]any{"CertificateArn": "arn:a"}}})
	one := func(arn string) wire.Object {
		return wire.Object{"ListenerArn": m.listener.ID, "Certificates": []any{wire.Object{"CertificateArn": arn}}}
	}
	b.Call(coretest.East, "elasticloadbalancing.AddListenerCertificates", one("arn:b"))
	b.Call(coretest.East, "elasticloadbalancing.RemoveListenerCertificates", one("arn:a"))
	list := b.Call(coretest.East, "elasticloadbalancing.DescribeListenerCertificates", wire.Object{"ListenerArn": m.listener.ID}).Objects("Certificates")
	if len(list) != 1 || list[0].String("CertificateArn") != "arn:b" || list[0].Bool("IsDefault") {
		t.Errorf("%v", list)
	}
}

func TestALoadBalancerTakesItsListenersAndTheirRulesAlong(t *testing.T) {
	b, m := bench(t)
	b.Call(coretest.East, "elasticloadbalancing.DeleteLoadBalancer", wire.Object{"LoadBalancerArn": m.balancer.ID})
	b.Refused("ListenerNotFound", coretest.East, "elasticloadbalancing.DescribeRules", wire.Object{"ListenerArn": m.listener.ID})
	b.Call(coretest.East, "elasticloadbalancing.DeleteTargetGroup", wire.Object{"TargetGroupArn": m.targets.ID})
}
