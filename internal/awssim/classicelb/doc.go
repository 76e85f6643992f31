// Package classicelb simulates Classic Load Balancers, the first version of the Elastic Load Balancing API, which shares its endpoint and signing
// name with the second. It owns AWS::ElasticLoadBalancing::LoadBalancer. Nothing is balanced: every instance is in service, until it is deregistered.
package classicelb

import "github.com/lockstep-dr/lockstep/internal/awssim/core"

// Type of the package.
const Type = "AWS::ElasticLoadBalancing::LoadBalancer"

// Service returns Elastic Load Balancing, version 1.
func Service() core.Service {
	return core.Service{
		Name: "classicelb", SignedAs: "elasticloadbalancing", Version: "2012-06-01", Prefix: "elasticloadbalancing",
		Namespace: "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/",
		Operations: map[string]core.Handler{
			"DescribeLoadBalancers": describe, "CreateLoadBalancer": create, "DeleteLoadBalancer": remove,
			"DescribeLoadBalancerAttributes": attributes, "ModifyLoadBalancerAttributes": modify, "ConfigureHealthCheck": healthCheck,
			"DescribeLoadBalancerPolicies": policies, "SetLoadBalancerPoliciesForBackendServer": forBackend, "DescribeTags": tags,
			"DescribeInstanceHealth": health, "RegisterInstancesWithLoadBalancer": register, "DeregisterInstancesFromLoadBalancer": deregister,
		},
		Kinds: []core.Kind{kind()},
	}
}

func kind() core.Kind {
	return core.Kind{
		Type: Type,
		Name: core.NameRule{Property: "LoadBalancerName", Max: 32},
		Attributes: map[string]string{
			"DNSName":                        "{Prefix}{LoadBalancerName}-{Number}.{Region}.elb.amazonaws.com",
			"CanonicalHostedZoneName":        "{DNSName}",
			"SourceSecurityGroup.GroupName":  "default",
			"SourceSecurityGroup.OwnerAlias": "{Account}",
		},
		Ref:      "{LoadBalancerName}",
		Replace:  []string{"LoadBalancerName", "Scheme"},
		Invalid:  "ValidationError",
		Defaults: map[string]any{"Scheme": "internet-facing"},
		Schema: core.Schema{Required: []string{"Listeners"}, Allowed: map[string][]string{"Scheme": {"internet-facing", "internal"}},
			Numbers: []string{"HealthCheck.Interval", "HealthCheck.Timeout", "HealthCheck.HealthyThreshold", "HealthCheck.UnhealthyThreshold",
				"Listeners.InstancePort", "Listeners.LoadBalancerPort", "ConnectionSettings.IdleTimeout", "ConnectionDrainingPolicy.Timeout"},
			Booleans: []string{"CrossZone", "ConnectionDrainingPolicy.Enabled", "AccessLoggingPolicy.Enabled"}},
		Create: assign,
	}
}
