package contract

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
)

func TestClassicLoadBalancersAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, api := t.Context(), classic.NewFromConfig(s.config("eu-west-1"))
		_, subnet := r.vpc(ec2.NewFromConfig(s.config("eu-west-1")))
		_, err := api.CreateLoadBalancer(ctx, &classic.CreateLoadBalancerInput{LoadBalancerName: str("old"), Scheme: str("internal"), Subnets: []string{subnet},
			Listeners: []types.Listener{{LoadBalancerPort: 80, Protocol: str("HTTP"), InstancePort: aws.Int32(8080), InstanceProtocol: str("HTTP")}},
			Tags:      []types.Tag{{Key: str("team"), Value: str("shop")}}})
		s.ok(err)
		_, err = api.ConfigureHealthCheck(ctx, &classic.ConfigureHealthCheckInput{LoadBalancerName: str("old"), HealthCheck: &types.HealthCheck{Target: str("HTTP:8080/health"),
			Interval: aws.Int32(10), Timeout: aws.Int32(5), HealthyThreshold: aws.Int32(2), UnhealthyThreshold: aws.Int32(3)}})
		s.ok(err)
		_, err = api.ModifyLoadBalancerAttributes(ctx, &classic.ModifyLoadBalancerAttributesInput{LoadBalancerName: str("old"), LoadBalancerAttributes: &types.LoadBalancerAttributes{
			ConnectionDraining: &types.ConnectionDraining{Enabled: true, Timeout: aws.Int32(60)},
			ConnectionSettings: &types.ConnectionSettings{IdleTimeout: aws.Int32(120)}, CrossZoneLoadBalancing: &types.CrossZoneLoadBalancing{Enabled: true}}})
		s.ok(err)
		r.item("Balancer", "ElasticLoadBalancing::LoadBalancer", "old", nil)
		found := r.read()
		r.has(found, "Balancer", map[string]any{"LoadBalancerName": "old", "Scheme": "internal", "Subnets": []any{subnet}, "CrossZone": true,
			"ConnectionDrainingPolicy": map[string]any{"Enabled": true, "Timeout": 60},
			"ConnectionSettings":       map[string]any{"IdleTimeout": 120},
			"HealthCheck":              map[string]any{"Target": "HTTP:8080/health", "Interval": 10, "Timeout": 5, "HealthyThreshold": 2, "UnhealthyThreshold": 3},
			"Listeners":                []any{map[string]any{"LoadBalancerPort": 80, "Protocol": "HTTP", "InstancePort": 8080, "InstanceProtocol": "HTTP"}}})
		if found["app/Balancer"].Tags["team"] != "shop" || found["app/Balancer"].Identities["DNSName"] == "" {
			s.Errorf("%+v", found["app/Balancer"])
		}
		_, err = api.DeleteLoadBalancer(ctx, &classic.DeleteLoadBalancerInput{LoadBalancerName: str("old")})
		s.ok(err)
		r.gone("app/Balancer")
	})
}
