package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func targetGroupReader() reader {
	return reader{
		specs: []Spec{{
			Type:       "AWS::ElasticLoadBalancingV2::TargetGroup",
			Properties: append([]string{"Name", "TargetGroupAttributes", "Targets", "Tags"}, targetGroupProperties()...),
			Actions: []string{"elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetGroupAttributes",
				"elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:DescribeTags"},
			Batch:      perCall(balancersPerCall) + ", tags likewise, and the attributes and the health of each",
			Identities: []string{"TargetGroupArn", "TargetGroupName", "TargetGroupFullName"},
			Facts:      []string{drift.FactTargetHealth},
		}},
		read: readTargetGroups,
	}
}

func targetGroupProperties() []string {
	return []string{"Port", "Protocol", "ProtocolVersion", "VpcId", "TargetType", "IpAddressType", "TargetControlPort", "Matcher", "HealthCheckEnabled",
		"HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckPort", "HealthCheckProtocol", "HealthCheckTimeoutSeconds",
		"HealthyThresholdCount", "UnhealthyThresholdCount"}
}

func readTargetGroups(ctx context.Context, r *run, items []inventory.Item) {
	var found tagged[types.TargetGroup]
	readBatched(ctx, r, items, batch[types.TargetGroup]{
		most: balancersPerCall,
		ask:  physicalID,
		call: func(ctx context.Context, arns []string) ([]types.TargetGroup, error) {
			var all []types.TargetGroup
			pages := elb.NewDescribeTargetGroupsPaginator(r.clients.loadBalancing, &elb.DescribeTargetGroupsInput{TargetGroupArns: arns})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				all = append(all, page.TargetGroups...)
			}
			return all, nil
		},
		name: func(g types.TargetGroup) string { return aws.ToString(g.TargetGroupArn) },
	}, found.add)
	found.each(ctx, r, r.balancerTags, func(item inventory.Item, g types.TargetGroup, o *object) { r.targetGroup(ctx, item, g, o) })
}

func (r *run) targetGroup(ctx context.Context, item inventory.Item, g types.TargetGroup, o *object) {
	arn := aws.ToString(g.TargetGroupArn)
	o.take(g, targetGroupProperties()...).set("Name", g.TargetGroupName).
		identity("TargetGroupArn", arn).identity("TargetGroupName", aws.ToString(g.TargetGroupName)).
		identity("TargetGroupFullName", arn[strings.LastIndexByte(arn, ':')+1:])
	withoutBlanks(o.properties)
	attributes, err := r.clients.loadBalancing.DescribeTargetGroupAttributes(ctx, &elb.DescribeTargetGroupAttributesInput{TargetGroupArn: &arn})
	if err != nil {
		r.partial(item, "TargetGroupAttributes", err)
	} else {
		list := []map[string]any{}
		for _, a := range attributes.Attributes {
			list = append(list, map[string]any{"Key": aws.ToString(a.Key), "Value": aws.ToString(a.Value)})
		}
		sortObjects(list, "Key")
		o.set("TargetGroupAttributes", list)
	}
	r.targets(ctx, item, arn, o)
	r.found(item, o)
}

// targets counts the targets by their health; those a template declares or
// a state attaches are listed as well. Services and groups register theirs themselves.
func (r *run) targets(ctx context.Context, item inventory.Item, arn string, o *object) {
	out, err := r.clients.loadBalancing.DescribeTargetHealth(ctx, &elb.DescribeTargetHealthInput{TargetGroupArn: &arn})
	if err != nil {
		r.factGap(item, drift.FactTargetHealth, err)
		if item.Sets("Targets") {
			r.partial(item, "Targets", err)
		}
		return
	}
	health := map[string]int{}
	var declared []map[string]any
	for _, d := range out.TargetHealthDescriptions {
		state := "unknown"
		if d.TargetHealth != nil {
			state = string(d.TargetHealth.State)
		}
		health[state]++
		if d.Target != nil {
			declared = append(declared, newObject().take(d.Target, "Id", "Port", "AvailabilityZone").properties)
		}
	}
	if item.Sets("Targets") {
		sortObjects(declared, "Id")
		o.set("Targets", declared)
	}
	r.fact(item, drift.FactTargetHealth, health)
}
