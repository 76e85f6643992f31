package read

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type classicBalancingAPI interface {
	DescribeLoadBalancers(context.Context, *classic.DescribeLoadBalancersInput, ...func(*classic.Options)) (*classic.DescribeLoadBalancersOutput, error)
	DescribeLoadBalancerAttributes(context.Context, *classic.DescribeLoadBalancerAttributesInput, ...func(*classic.Options)) (*classic.DescribeLoadBalancerAttributesOutput, error)
	DescribeLoadBalancerPolicies(context.Context, *classic.DescribeLoadBalancerPoliciesInput, ...func(*classic.Options)) (*classic.DescribeLoadBalancerPoliciesOutput, error)
	DescribeInstanceHealth(context.Context, *classic.DescribeInstanceHealthInput, ...func(*classic.Options)) (*classic.DescribeInstanceHealthOutput, error)
	DescribeTags(context.Context, *classic.DescribeTagsInput, ...func(*classic.Options)) (*classic.DescribeTagsOutput, error)
}

func classicBalancerReader() reader {
	return reader{
		specs: []Spec{{
			Type: "AWS::ElasticLoadBalancing::LoadBalancer",
			Properties: []string{"LoadBalancerName", "Scheme", "SecurityGroups", "Subnets", "AvailabilityZones", "HealthCheck", "Instances", "Listeners",
				"Policies", "AppCookieStickinessPolicy", "LBCookieStickinessPolicy", "AccessLoggingPolicy", "ConnectionDrainingPolicy",
				"ConnectionSettings", "CrossZone", "Tags"},
			Actions: []string{"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancerAttributes",
				"elasticloadbalancing:DescribeLoadBalancerPolicies", "elasticloadbalancing:DescribeInstanceHealth", "elasticloadbalancing:DescribeTags"},
			Batch:      perCall(balancersPerCall) + ", tags likewise, and the attributes, the policies and the health of each",
			Identities: []string{"LoadBalancerName", "DNSName", "CanonicalHostedZoneName", "CanonicalHostedZoneNameID"},
			Facts:      []string{drift.FactInstanceHealth},
		}},
		read: readClassicBalancers,
	}
}

func readClassicBalancers(ctx context.Context, r *run, items []inventory.Item) {
	var found tagged[types.LoadBalancerDescription]
	readBatched(ctx, r, items, batch[types.LoadBalancerDescription]{
		most: balancersPerCall,
		ask:  physicalID,
		call: func(ctx context.Context, names []string) ([]types.LoadBalancerDescription, error) {
			var all []types.LoadBalancerDescription
			pages := classic.NewDescribeLoadBalancersPaginator(r.clients.classicBalancing, &classic.DescribeLoadBalancersInput{LoadBalancerNames: names})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				all = append(all, page.LoadBalancerDescriptions...)
			}
			return all, nil
		},
		name: func(l types.LoadBalancerDescription) string { return aws.ToString(l.LoadBalancerName) },
	}, found.add)
	found.each(ctx, r, r.classicTags, func(item inventory.Item, l types.LoadBalancerDescription, o *object) {
		r.classicBalancer(ctx, item, l, o)
	})
}

// classicTags are the tags of load balancers, by name.
func (r *run) classicTags(ctx context.Context, names []string) (map[string]any, error) {
	out, err := r.clients.classicBalancing.DescribeTags(ctx, &classic.DescribeTagsInput{LoadBalancerNames: names})
	if err != nil {
		return nil, err
	}
	tags := map[string]any{}
	for _, d := range out.TagDescriptions {
		tags[aws.ToString(d.LoadBalancerName)] = d.Tags
	}
	return tags, nil
}

func (r *run) classicBalancer(ctx context.Context, item inventory.Item, l types.LoadBalancerDescription, o *object) {
	o.take(l, "LoadBalancerName", "Scheme", "SecurityGroups", "Subnets", "HealthCheck").set("Listeners", classicListeners(l)).
		identity("LoadBalancerName", item.ID).identity("DNSName", aws.ToString(l.DNSName)).
		identity("CanonicalHostedZoneName", aws.ToString(l.CanonicalHostedZoneName)).
		identity("CanonicalHostedZoneNameID", aws.ToString(l.CanonicalHostedZoneNameID))
	if len(l.Subnets) == 0 { // with subnets the zones follow from them
		o.set("AvailabilityZones", l.AvailabilityZones)
	}
	if item.Sets("Instances") {
		var ids []string
		for _, i := range l.Instances {
			ids = append(ids, aws.ToString(i.InstanceId))
		}
		slices.Sort(ids)
		o.set("Instances", ids)
	}
	if p := l.Policies; p != nil {
		o.take(p, "AppCookieStickinessPolicies:AppCookieStickinessPolicy", "LBCookieStickinessPolicies:LBCookieStickinessPolicy")
		if len(p.OtherPolicies) > 0 {
			r.classicPolicies(ctx, item, p.OtherPolicies, l.BackendServerDescriptions, o)
		}
	}
	r.classicAttributes(ctx, item, o)
	r.classicHealth(ctx, item)
	withoutBlanks(o.properties)
	r.found(item, o)
}

func classicListeners(l types.LoadBalancerDescription) []map[string]any {
	list := []map[string]any{}
	for _, d := range l.ListenerDescriptions {
		if d.Listener == nil {
			continue
		}
		one := newObject().take(d.Listener, "LoadBalancerPort", "Protocol", "InstancePort", "InstanceProtocol", "SSLCertificateId")
		if len(d.PolicyNames) > 0 {
			one.set("PolicyNames", d.PolicyNames)
		}
		list = append(list, one.properties)
	}
	sortObjects(list, "LoadBalancerPort")
	return list
}

// classicPolicies reads what the named policies say: TLS versions and ciphers,
// proxy protocol, public keys of instances.
func (r *run) classicPolicies(ctx context.Context, item inventory.Item, names []string, backends []types.BackendServerDescription, o *object) {
	out, err := r.clients.classicBalancing.DescribeLoadBalancerPolicies(ctx, &classic.DescribeLoadBalancerPoliciesInput{LoadBalancerName: &item.ID, PolicyNames: names})
	if err != nil {
		r.partial(item, "Policies", err)
		return
	}
	list := []map[string]any{}
	for _, p := range out.PolicyDescriptions {
		attributes := []map[string]any{}
		for _, a := range p.PolicyAttributeDescriptions {
			attributes = append(attributes, map[string]any{"Name": aws.ToString(a.AttributeName), "Value": aws.ToString(a.AttributeValue)})
		}
		sortObjects(attributes, "Name")
		one := map[string]any{"PolicyName": aws.ToString(p.PolicyName), "PolicyType": aws.ToString(p.PolicyTypeName), "Attributes": attributes}
		if ports := portsUnder(aws.ToString(p.PolicyName), backends); len(ports) > 0 {
			one["InstancePorts"] = ports
		}
		list = append(list, one)
	}
	sortObjects(list, "PolicyName")
	o.set("Policies", list)
}

// portsUnder are the ports of the instances for which a policy is in force.
func portsUnder(policy string, backends []types.BackendServerDescription) (ports []string) {
	for _, b := range backends {
		if slices.Contains(b.PolicyNames, policy) {
			ports = append(ports, strconv.Itoa(int(aws.ToInt32(b.InstancePort))))
		}
	}
	slices.Sort(ports)
	return ports
}

func (r *run) classicAttributes(ctx context.Context, item inventory.Item, o *object) {
	out, err := r.clients.classicBalancing.DescribeLoadBalancerAttributes(ctx, &classic.DescribeLoadBalancerAttributesInput{LoadBalancerName: &item.ID})
	if err == nil && out.LoadBalancerAttributes == nil {
		err = incomplete(classic.ServiceID, "DescribeLoadBalancerAttributes", item.ID)
	}
	if err != nil {
		for _, property := range []string{"AccessLoggingPolicy", "ConnectionDrainingPolicy", "ConnectionSettings", "CrossZone"} {
			r.partial(item, property, err)
		}
		return
	}
	a := out.LoadBalancerAttributes
	o.take(a, "AccessLog:AccessLoggingPolicy", "ConnectionDraining:ConnectionDrainingPolicy", "ConnectionSettings")
	if a.CrossZoneLoadBalancing != nil {
		o.set("CrossZone", a.CrossZoneLoadBalancing.Enabled)
	}
}

// classicHealth counts the instances by their state.
func (r *run) classicHealth(ctx context.Context, item inventory.Item) {
	out, err := r.clients.classicBalancing.DescribeInstanceHealth(ctx, &classic.DescribeInstanceHealthInput{LoadBalancerName: &item.ID})
	if err != nil {
		r.factGap(item, drift.FactInstanceHealth, err)
		return
	}
	states := map[string]int{}
	for _, s := range out.InstanceStates {
		states[aws.ToString(s.State)]++
	}
	r.fact(item, drift.FactInstanceHealth, states)
}
