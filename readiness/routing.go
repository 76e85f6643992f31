package readiness

import "github.com/lockstep-dr/lockstep/drift"

const (
	typeBalancer    = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	typeTargetGroup = "AWS::ElasticLoadBalancingV2::TargetGroup"
	// typeClassicBalancer is both: it knows its instances itself.
	typeClassicBalancer = "AWS::ElasticLoadBalancing::LoadBalancer"
)

func routingRules() []Rule {
	return parityRules(
		parity{
			id: "RTE-06", severity: drift.Block, noun: "part of a load balancer", holds: "the same ports, rules, TLS policy and attributes",
			title:  "Load balancers have the same listeners, rules, TLS policy and attributes",
			why:    "A listener or a rule that the standby lacks is a part of the application that cannot be reached after the takeover.",
			source: "ARC readiness rules for Application, Network and Classic Load Balancers",
			fix:    "Deploy the same listeners and rules to the standby, with certificates of its own Region.",
			types: []string{typeBalancer, typeTargetGroup, typeClassicBalancer, "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule",
				"AWS::ElasticLoadBalancingV2::ListenerCertificate"}, least: drift.Warn,
			actions:    []string{"elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeRules"},
			strategies: softInBackup,
		},
	)
}
