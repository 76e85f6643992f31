// Package elb simulates Application, Network and Gateway Load Balancers, their target groups, listeners and rules. It owns the
// AWS::ElasticLoadBalancingV2 types but trust stores. Nothing is balanced: every target is healthy, until it is deregistered.
package elb

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
)

// Types of the package.
const (
	BalancerType    = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	TargetGroupType = "AWS::ElasticLoadBalancingV2::TargetGroup"
	ListenerType    = "AWS::ElasticLoadBalancingV2::Listener"
	RuleType        = "AWS::ElasticLoadBalancingV2::ListenerRule"
	CertificateType = "AWS::ElasticLoadBalancingV2::ListenerCertificate"
)

// Service returns Elastic Load Balancing, version 2.
func Service() core.Service {
	return core.Service{
		Name: "elasticloadbalancing", Namespace: "http://elasticloadbalancing.amazonaws.com/docs/2015-12-01/",
		Operations: map[string]core.Handler{
			"DescribeLoadBalancers": describeBalancers, "CreateLoadBalancer": createBalancer, "DeleteLoadBalancer": deleting(BalancerType, "LoadBalancerArn", noBalancer),
			"DescribeLoadBalancerAttributes": describeAttributes(BalancerType, "LoadBalancerArn", noBalancer),
			"ModifyLoadBalancerAttributes":   modifyAttributes(BalancerType, "LoadBalancerArn", noBalancer),
			"SetSecurityGroups":              setSecurityGroups, "SetSubnets": setSubnets, "SetIpAddressType": setIPAddressType,
			"DescribeTargetGroups": describeTargetGroups, "CreateTargetGroup": createTargetGroup, "ModifyTargetGroup": modifyTargetGroup,
			"DeleteTargetGroup":             deleting(TargetGroupType, "TargetGroupArn", noTargetGroup),
			"DescribeTargetGroupAttributes": describeAttributes(TargetGroupType, "TargetGroupArn", noTargetGroup),
			"ModifyTargetGroupAttributes":   modifyAttributes(TargetGroupType, "TargetGroupArn", noTargetGroup),
			"DescribeTargetHealth":          describeTargetHealth, "RegisterTargets": register, "DeregisterTargets": deregister,
			"DescribeListeners": describeListeners, "CreateListener": createListener, "ModifyListener": modifyListener,
			"DeleteListener":             deleting(ListenerType, "ListenerArn", noListener),
			"DescribeListenerAttributes": describeAttributes(ListenerType, "ListenerArn", noListener),
			"ModifyListenerAttributes":   modifyAttributes(ListenerType, "ListenerArn", noListener),
			"DescribeRules":              describeRules, "CreateRule": createRule, "ModifyRule": modifyRule, "DeleteRule": deleting(RuleType, "RuleArn", noRule),
			"SetRulePriorities":            setPriorities,
			"DescribeListenerCertificates": describeCertificates, "AddListenerCertificates": addCertificates, "RemoveListenerCertificates": removeCertificates,
			"DescribeTags": describeTags, "AddTags": addTags, "RemoveTags": removeTags,
			"DescribeAccountLimits": describeLimits,
		},
		Kinds: []core.Kind{balancerKind(), targetGroupKind(), listenerKind(), ruleKind(), certificateKind()},
	}
}

func balancerKind() core.Kind {
	return core.Kind{
		Type:       BalancerType,
		Name:       core.NameRule{Property: "Name", Max: 32},
		Identifier: []string{"LoadBalancerArn"},
		Attributes: map[string]string{
			"LoadBalancerArn":      "arn:aws:elasticloadbalancing:{Region}:{Account}:loadbalancer/{LoadBalancerFullName}",
			"LoadBalancerFullName": "{Short}/{Name}/{Unique}",
			"LoadBalancerName":     "{Name}",
			"DNSName":              "{Prefix}{Name}-{Number}.{Where}.amazonaws.com",
		},
		Ref:      "{LoadBalancerArn}",
		Replace:  []string{"Name", "Type", "Scheme"},
		Invalid:  "ValidationError",
		Defaults: map[string]any{"Type": "application", "Scheme": "internet-facing", "IpAddressType": "ipv4"},
		Schema: core.Schema{Allowed: map[string][]string{"Type": {"application", "network", "gateway"}, "Scheme": {"internet-facing", "internal"},
			"IpAddressType": {"ipv4", "dualstack", "dualstack-without-public-ipv4"}}},
		Create: checkBalancer,
		Delete: deleteListeners,
	}
}

func targetGroupKind() core.Kind {
	return core.Kind{
		Type:       TargetGroupType,
		Name:       core.NameRule{Property: "Name", Max: 32},
		Identifier: []string{"TargetGroupArn"},
		Attributes: map[string]string{
			"TargetGroupArn":      "arn:aws:elasticloadbalancing:{Region}:{Account}:{TargetGroupFullName}",
			"TargetGroupFullName": "targetgroup/{Name}/{Unique}",
			"TargetGroupName":     "{Name}",
		},
		Ref:     "{TargetGroupArn}",
		Replace: []string{"Name", "Port", "Protocol", "ProtocolVersion", "VpcId", "TargetType", "IpAddressType"},
		Invalid: "ValidationError",
		Defaults: map[string]any{"TargetType": "instance", "HealthCheckEnabled": true, "HealthCheckPort": "traffic-port", "HealthCheckIntervalSeconds": 30.0,
			"HealthyThresholdCount": 5.0, "IpAddressType": "ipv4"},
		Schema: core.Schema{
			Numbers: []string{"Port", "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount", "Targets.Port"},
			Allowed: map[string][]string{"TargetType": {"instance", "ip", "lambda", "alb"},
				"Protocol": {"HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"}},
			Booleans: []string{"HealthCheckEnabled"},
			Range:    map[string][2]float64{"Port": {1, 65535}, "HealthCheckIntervalSeconds": {5, 300}},
		},
		Create: checkTargetGroup,
		Update: checkTargetGroup,
		Delete: unused,
	}
}

func listenerKind() core.Kind {
	return core.Kind{
		Type:       ListenerType,
		Identifier: []string{"ListenerArn"},
		Ref:        "{ListenerArn}",
		Replace:    []string{"LoadBalancerArn"},
		Invalid:    "ValidationError",
		Schema: core.Schema{Required: []string{"LoadBalancerArn", "DefaultActions"}, Numbers: []string{"Port", "DefaultActions.Order",
			"DefaultActions.ForwardConfig.TargetGroups.Weight"}},
		Create: checkListener,
		Update: checkListener,
		Delete: deleteRules,
	}
}

func ruleKind() core.Kind {
	return core.Kind{
		Type:       RuleType,
		Identifier: []string{"RuleArn"},
		Attributes: map[string]string{"IsDefault": "false"},
		Ref:        "{RuleArn}",
		Replace:    []string{"ListenerArn"},
		Invalid:    "ValidationError",
		Schema: core.Schema{Required: []string{"Actions", "Conditions", "Priority"},
			Numbers: []string{"Priority", "Actions.Order", "Actions.ForwardConfig.TargetGroups.Weight"}, Range: map[string][2]float64{"Priority": {1, 50000}}},
		Create: checkRule,
		Update: checkRule,
	}
}

func certificateKind() core.Kind {
	return core.Kind{
		Type:    CertificateType,
		Ref:     "{ID}",
		Replace: []string{"ListenerArn"},
		Schema:  core.Schema{Required: []string{"ListenerArn", "Certificates"}},
		Create: func(c *core.Change) error {
			_, err := exists(c, ListenerType, "ListenerArn", noListener)
			return err
		},
	}
}
