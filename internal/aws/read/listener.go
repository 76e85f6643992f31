package read

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func listenerReader() reader {
	return reader{
		specs: []Spec{
			{
				Type:       "AWS::ElasticLoadBalancingV2::Listener",
				Properties: append([]string{"ListenerAttributes", "MutualAuthentication", "Certificates", "Rules"}, listenerProperties()...),
				Actions: []string{"elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeListenerAttributes",
					"elasticloadbalancing:DescribeRules"},
				Batch:      perCall(balancersPerCall) + ", and the attributes and the rules of each",
				Identities: []string{"ListenerArn"},
			},
			{
				Type:       "AWS::ElasticLoadBalancingV2::ListenerRule",
				Properties: []string{"ListenerArn", "Priority", "Conditions", "Actions", "Transforms"},
				Actions:    []string{"elasticloadbalancing:DescribeRules"},
				Batch:      "all of a listener in a call",
				Identities: []string{"RuleArn"},
			},
			{
				Type:       "AWS::ElasticLoadBalancingV2::ListenerCertificate",
				Properties: []string{"ListenerArn", "Certificates"},
				Actions:    []string{"elasticloadbalancing:DescribeListenerCertificates"},
				Batch:      "all of a listener in a call",
			},
		},
		read: readListeners,
	}
}

func listenerProperties() []string {
	return []string{"LoadBalancerArn", "Port", "Protocol", "SslPolicy", "AlpnPolicy", "DefaultActions"}
}

func readListeners(ctx context.Context, r *run, items []inventory.Item) {
	sorted := sortedByType(items)
	listeners, declared := sorted["AWS::ElasticLoadBalancingV2::Listener"], sorted["AWS::ElasticLoadBalancingV2::ListenerRule"]
	rules := r.rulesOf(ctx, listeners, declared)
	readBatched(ctx, r, listeners, batch[types.Listener]{
		most: balancersPerCall,
		ask:  physicalID,
		call: func(ctx context.Context, arns []string) ([]types.Listener, error) {
			var all []types.Listener
			pages := elb.NewDescribeListenersPaginator(r.clients.loadBalancing, &elb.DescribeListenersInput{ListenerArns: arns})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				all = append(all, page.Listeners...)
			}
			return all, nil
		},
		name: func(l types.Listener) string { return aws.ToString(l.ListenerArn) },
	}, func(item inventory.Item, l types.Listener) { r.listener(ctx, item, l, rules[item.ID], declared) })
	for _, item := range declared {
		r.listenerRule(item, rules[listenerOfRule(item)])
	}
	r.listenerCertificates(ctx, sorted["AWS::ElasticLoadBalancingV2::ListenerCertificate"])
}

// listenerRules are the rules of a listener, or why they are not known.
type listenerRules struct {
	list []types.Rule
	err  error
}

// rulesOf reads the rules of every listener once: for the rules that are
// resources, and to find those somebody added by hand.
func (r *run) rulesOf(ctx context.Context, listeners, declared []inventory.Item) map[string]listenerRules {
	wanted := map[string]bool{}
	for _, item := range listeners {
		if item.ID != "" {
			wanted[item.ID] = true
		}
	}
	for _, item := range declared {
		if arn := listenerOfRule(item); arn != "" {
			wanted[arn] = true
		}
	}
	var mu sync.Mutex
	found := map[string]listenerRules{}
	each(ctx, keysOf(wanted), func(arn string) {
		var rules listenerRules
		rules.list, rules.err = r.describeRules(ctx, arn)
		mu.Lock()
		defer mu.Unlock()
		found[arn] = rules
	})
	return found
}

func (r *run) describeRules(ctx context.Context, listener string) ([]types.Rule, error) {
	var all []types.Rule
	pages := elb.NewDescribeRulesPaginator(r.clients.loadBalancing, &elb.DescribeRulesInput{ListenerArn: &listener})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Rules...)
	}
	return all, nil
}

// listenerOfRule is the ARN of the listener whose rule it is: a rule's ARN is
// its listener's and one part more.
func listenerOfRule(item inventory.Item) string {
	before, after, ok := strings.Cut(item.ID, ":listener-rule/")
	if i := strings.LastIndexByte(after, '/'); ok && i > 0 {
		return before + ":listener/" + after[:i]
	}
	return ""
}

func (r *run) listener(ctx context.Context, item inventory.Item, l types.Listener, rules listenerRules, declared []inventory.Item) {
	o := newObject().take(l, listenerProperties()...).identity("ListenerArn", aws.ToString(l.ListenerArn))
	if m := l.MutualAuthentication; m != nil {
		o.set("MutualAuthentication", newObject().take(m, "Mode", "TrustStoreArn", "IgnoreClientCertificateExpiry", "AdvertiseTrustStoreCaNames").properties)
	}
	if len(l.Certificates) > 0 {
		o.set("Certificates", []any{map[string]any{"CertificateArn": aws.ToString(l.Certificates[0].CertificateArn)}})
	}
	withoutBlanks(o.properties)
	if rules.err != nil {
		r.partial(item, "Rules", rules.err)
	} else {
		o.set("Rules", rulesByHand(rules.list, declared))
	}
	attributes, err := r.clients.loadBalancing.DescribeListenerAttributes(ctx, &elb.DescribeListenerAttributesInput{ListenerArn: l.ListenerArn})
	if err != nil {
		r.partial(item, "ListenerAttributes", err)
	} else {
		list := []map[string]any{}
		for _, a := range attributes.Attributes {
			list = append(list, map[string]any{"Key": aws.ToString(a.Key), "Value": aws.ToString(a.Value)})
		}
		sortObjects(list, "Key")
		o.set("ListenerAttributes", list)
	}
	r.found(item, o)
}

// rulesByHand are the rules that no resource of the application declares: they
// show nowhere else.
func rulesByHand(rules []types.Rule, declared []inventory.Item) any {
	own := map[string]bool{}
	for _, item := range declared {
		own[item.ID] = true
	}
	var list []map[string]any
	for _, rule := range rules {
		if !own[aws.ToString(rule.RuleArn)] && !aws.ToBool(rule.IsDefault) {
			list = append(list, ruleObject(rule).properties)
		}
	}
	if len(list) == 0 {
		return nil
	}
	sortObjects(list, "Priority")
	return list
}

func ruleObject(rule types.Rule) *object {
	o := newObject().take(rule, "Conditions", "Actions", "Transforms")
	withoutBlanks(o.properties)
	if priority, err := strconv.Atoi(aws.ToString(rule.Priority)); err == nil {
		return o.set("Priority", priority)
	}
	return o.set("Priority", rule.Priority)
}

func (r *run) listenerRule(item inventory.Item, rules listenerRules) {
	if listenerOfRule(item) == "" {
		r.unaddressable(item, "the ARN of a rule")
		return
	}
	if rules.err != nil {
		r.failed(item, rules.err)
		return
	}
	for _, rule := range rules.list {
		if aws.ToString(rule.RuleArn) == item.ID {
			r.found(item, ruleObject(rule).set("ListenerArn", listenerOfRule(item)).identity("RuleArn", item.ID))
			return
		}
	}
	r.gone(item)
}

// listenerCertificates reads the certificates a listener has beside its own:
// all of them, whoever added them.
func (r *run) listenerCertificates(ctx context.Context, items []inventory.Item) {
	byListener := map[string][]inventory.Item{}
	for _, item := range items {
		arn := text(item.Resolved, "ListenerArn")
		if arn == "" || unresolved(arn) {
			r.unaddressable(item, "its listener")
			continue
		}
		byListener[arn] = append(byListener[arn], item)
	}
	each(ctx, keysOf(byListener), func(arn string) {
		var list []map[string]any
		pages := elb.NewDescribeListenerCertificatesPaginator(r.clients.loadBalancing, &elb.DescribeListenerCertificatesInput{ListenerArn: &arn})
		var err error
		for err == nil && pages.HasMorePages() {
			var page *elb.DescribeListenerCertificatesOutput
			if page, err = pages.NextPage(ctx); err == nil {
				for _, c := range page.Certificates {
					if !aws.ToBool(c.IsDefault) {
						list = append(list, map[string]any{"CertificateArn": aws.ToString(c.CertificateArn)})
					}
				}
			}
		}
		sortObjects(list, "CertificateArn")
		for _, item := range byListener[arn] {
			switch {
			case err != nil:
				r.failed(item, err)
			case len(list) == 0:
				r.gone(item)
			default:
				r.found(item, newObject().set("ListenerArn", arn).set("Certificates", list))
			}
		}
	})
}
