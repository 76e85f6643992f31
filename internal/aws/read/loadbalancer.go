package read

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type loadBalancingAPI interface {
	DescribeLoadBalancers(context.Context, *elb.DescribeLoadBalancersInput, ...func(*elb.Options)) (*elb.DescribeLoadBalancersOutput, error)
	DescribeLoadBalancerAttributes(context.Context, *elb.DescribeLoadBalancerAttributesInput, ...func(*elb.Options)) (*elb.DescribeLoadBalancerAttributesOutput, error)
	DescribeCapacityReservation(context.Context, *elb.DescribeCapacityReservationInput, ...func(*elb.Options)) (*elb.DescribeCapacityReservationOutput, error)
	DescribeTargetGroups(context.Context, *elb.DescribeTargetGroupsInput, ...func(*elb.Options)) (*elb.DescribeTargetGroupsOutput, error)
	DescribeTargetGroupAttributes(context.Context, *elb.DescribeTargetGroupAttributesInput, ...func(*elb.Options)) (*elb.DescribeTargetGroupAttributesOutput, error)
	DescribeTargetHealth(context.Context, *elb.DescribeTargetHealthInput, ...func(*elb.Options)) (*elb.DescribeTargetHealthOutput, error)
	DescribeListeners(context.Context, *elb.DescribeListenersInput, ...func(*elb.Options)) (*elb.DescribeListenersOutput, error)
	DescribeListenerAttributes(context.Context, *elb.DescribeListenerAttributesInput, ...func(*elb.Options)) (*elb.DescribeListenerAttributesOutput, error)
	DescribeListenerCertificates(context.Context, *elb.DescribeListenerCertificatesInput, ...func(*elb.Options)) (*elb.DescribeListenerCertificatesOutput, error)
	DescribeRules(context.Context, *elb.DescribeRulesInput, ...func(*elb.Options)) (*elb.DescribeRulesOutput, error)
	DescribeTags(context.Context, *elb.DescribeTagsInput, ...func(*elb.Options)) (*elb.DescribeTagsOutput, error)
}

// balancersPerCall is the most ARNs that the describe calls take.
// Source: DescribeLoadBalancers and DescribeTags, Elastic Load Balancing API reference.
const balancersPerCall = 20

func loadBalancerReader() reader {
	return reader{
		specs: []Spec{{
			Type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
			Properties: append([]string{"Name", "Subnets", "SubnetMappings", "LoadBalancerAttributes", "MinimumLoadBalancerCapacity", "Ipv4IpamPoolId", listenersElse, "WebACL", "Tags"},
				loadBalancerProperties()...),
			Actions: []string{"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancerAttributes",
				"elasticloadbalancing:DescribeCapacityReservation", "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeTags", "wafv2:GetWebACL", "wafv2:GetWebACLForResource"},
			Batch:      perCall(balancersPerCall) + ", tags likewise, and the attributes, the listeners and the web ACL of each",
			Identities: []string{"LoadBalancerArn", "LoadBalancerName", "LoadBalancerFullName", "DNSName", "CanonicalHostedZoneID"},
			Facts:      []string{drift.FactLoadBalancerState},
		}},
		read: readLoadBalancers,
	}
}

func loadBalancerProperties() []string {
	return []string{"Type", "Scheme", "IpAddressType", "SecurityGroups", "EnablePrefixForIpv6SourceNat",
		"EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"}
}

func readLoadBalancers(ctx context.Context, r *run, items []inventory.Item) {
	var found tagged[types.LoadBalancer]
	readBatched(ctx, r, items, batch[types.LoadBalancer]{
		most: balancersPerCall,
		ask:  physicalID,
		call: func(ctx context.Context, arns []string) ([]types.LoadBalancer, error) {
			var all []types.LoadBalancer
			pages := elb.NewDescribeLoadBalancersPaginator(r.clients.loadBalancing, &elb.DescribeLoadBalancersInput{LoadBalancerArns: arns})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				all = append(all, page.LoadBalancers...)
			}
			return all, nil
		},
		name: func(l types.LoadBalancer) string { return aws.ToString(l.LoadBalancerArn) },
	}, found.add)
	found.each(ctx, r, r.balancerTags, func(item inventory.Item, l types.LoadBalancer, o *object) { r.loadBalancer(ctx, item, l, o) })
}

func (r *run) loadBalancer(ctx context.Context, item inventory.Item, l types.LoadBalancer, o *object) {
	arn := aws.ToString(l.LoadBalancerArn)
	_, fullName, _ := strings.Cut(arn, ":loadbalancer/")
	o.take(l, loadBalancerProperties()...).set("Name", l.LoadBalancerName).
		identity("LoadBalancerArn", arn).identity("LoadBalancerName", aws.ToString(l.LoadBalancerName)).
		identity("LoadBalancerFullName", fullName).identity("DNSName", aws.ToString(l.DNSName)).
		identity("CanonicalHostedZoneID", aws.ToString(l.CanonicalHostedZoneId))
	withoutBlanks(o.properties)
	loadBalancerSubnets(item, l, o)
	if l.IpamPools != nil {
		o.set("Ipv4IpamPoolId", l.IpamPools.Ipv4IpamPoolId)
	}
	attributes, err := r.clients.loadBalancing.DescribeLoadBalancerAttributes(ctx, &elb.DescribeLoadBalancerAttributesInput{LoadBalancerArn: &arn})
	if err != nil {
		r.partial(item, "LoadBalancerAttributes", err)
	} else {
		list := []map[string]any{}
		for _, a := range attributes.Attributes {
			list = append(list, map[string]any{"Key": aws.ToString(a.Key), "Value": aws.ToString(a.Value)})
		}
		sortObjects(list, "Key")
		o.set("LoadBalancerAttributes", list)
	}
	if item.Declared["MinimumLoadBalancerCapacity"] != nil {
		r.reservedCapacity(ctx, item, arn, o)
	}
	if l.Type == types.LoadBalancerTypeEnumApplication {
		r.webACLElse(ctx, item, arn, o)
	}
	if !item.FromTags() { // what has no tags would all be by hand
		r.balancerListenersElse(ctx, item, arn, o)
	}
	if s := l.State; s != nil {
		r.fact(item, drift.FactLoadBalancerState, map[string]any{"Code": s.Code, "Reason": s.Reason})
	}
	r.found(item, o)
}

// listenersElse are the listeners that no resource of the application declares:
// somebody made them by hand, and clients may use them.
const listenersElse = "Listeners"

func (r *run) balancerListenersElse(ctx context.Context, item inventory.Item, arn string, o *object) {
	declared := map[string]bool{}
	for _, other := range r.Items {
		declared[other.ID] = declared[other.ID] || other.Type == "AWS::ElasticLoadBalancingV2::Listener"
	}
	var list []map[string]any
	pages := elb.NewDescribeListenersPaginator(r.clients.loadBalancing, &elb.DescribeListenersInput{LoadBalancerArn: &arn})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.partial(item, listenersElse, err)
			return
		}
		for _, l := range page.Listeners {
			if !declared[aws.ToString(l.ListenerArn)] {
				made := newObject().take(l, listenerProperties()...)
				delete(made.properties, "LoadBalancerArn")
				withoutBlanks(made.properties)
				list = append(list, made.properties)
			}
		}
	}
	if len(list) > 0 {
		o.set(listenersElse, list)
	}
}

// loadBalancerSubnets says where a load balancer stands, in the way its
// template says it.
func loadBalancerSubnets(item inventory.Item, l types.LoadBalancer, o *object) {
	var subnets []string
	var mappings []map[string]any
	for _, zone := range l.AvailabilityZones {
		subnets = append(subnets, aws.ToString(zone.SubnetId))
		mapping := map[string]any{"SubnetId": aws.ToString(zone.SubnetId)}
		for _, a := range zone.LoadBalancerAddresses {
			for name, value := range map[string]*string{"AllocationId": a.AllocationId, "PrivateIPv4Address": a.PrivateIPv4Address, "IPv6Address": a.IPv6Address} {
				if aws.ToString(value) != "" {
					mapping[name] = *value
				}
			}
		}
		mappings = append(mappings, mapping)
	}
	if item.Declared["SubnetMappings"] != nil || item.Declared == nil && chosenAddresses(mappings) {
		sortObjects(mappings, "SubnetId")
		o.set("SubnetMappings", mappings)
		return
	}
	o.set("Subnets", subnets)
}

// chosenAddresses reports whether somebody gave the load balancer addresses: AWS
// picks some too, and shows those neither by an allocation nor as private ones.
func chosenAddresses(mappings []map[string]any) bool {
	return slices.ContainsFunc(mappings, func(m map[string]any) bool { return m["AllocationId"] != nil || m["PrivateIPv4Address"] != nil })
}

func (r *run) reservedCapacity(ctx context.Context, item inventory.Item, arn string, o *object) {
	out, err := r.clients.loadBalancing.DescribeCapacityReservation(ctx, &elb.DescribeCapacityReservationInput{LoadBalancerArn: &arn})
	if err != nil {
		r.partial(item, "MinimumLoadBalancerCapacity", err)
		return
	}
	o.set("MinimumLoadBalancerCapacity", out.MinimumLoadBalancerCapacity)
}

// balancerTags are the tags of what ARNs name, by ARN.
func (r *run) balancerTags(ctx context.Context, arns []string) (map[string]any, error) {
	out, err := r.clients.loadBalancing.DescribeTags(ctx, &elb.DescribeTagsInput{ResourceArns: arns})
	if err != nil {
		return nil, err
	}
	tags := map[string]any{}
	for _, d := range out.TagDescriptions {
		tags[aws.ToString(d.ResourceArn)] = d.Tags
	}
	return tags, nil
}
