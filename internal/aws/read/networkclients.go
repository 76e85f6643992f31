package read

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

// networkClients are the services of what stands in a network, beside EC2.
type networkClients struct {
	autoScaling      autoScalingAPI
	loadBalancing    loadBalancingAPI
	classicBalancing classicBalancingAPI
}

func newNetworkClients(cfg aws.Config) networkClients {
	return networkClients{autoScaling: autoscaling.NewFromConfig(cfg), loadBalancing: elb.NewFromConfig(cfg),
		classicBalancing: classic.NewFromConfig(cfg)}
}
