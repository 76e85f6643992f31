package read

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type appScalingAPI interface {
	DescribeScalableTargets(context.Context, *applicationautoscaling.DescribeScalableTargetsInput, ...func(*applicationautoscaling.Options)) (*applicationautoscaling.DescribeScalableTargetsOutput, error)
	DescribeScalingPolicies(context.Context, *applicationautoscaling.DescribeScalingPoliciesInput, ...func(*applicationautoscaling.Options)) (*applicationautoscaling.DescribeScalingPoliciesOutput, error)
	DescribeScheduledActions(context.Context, *applicationautoscaling.DescribeScheduledActionsInput, ...func(*applicationautoscaling.Options)) (*applicationautoscaling.DescribeScheduledActionsOutput, error)
}

// targetsPerCall is how many resources or policies one call may name. Source:
// Application Auto Scaling API reference.
const targetsPerCall = 50

// Application Auto Scaling answers for many resources of one service together.
func appScalingReader() reader {
	return reader{
		specs: []Spec{
			{
				Type: "AWS::ApplicationAutoScaling::ScalableTarget",
				Properties: []string{"MaxCapacity", "MinCapacity", "ResourceId", "RoleARN", "ScalableDimension", "ServiceNamespace",
					"SuspendedState", "ScheduledActions", policiesElse},
				Actions:    []string{"application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies", "application-autoscaling:DescribeScheduledActions"},
				Batch:      perCall(targetsPerCall) + ", by service, and a call for the policies of each",
				Identities: []string{"Id", "ScalableTargetARN"},
			},
			{
				Type: "AWS::ApplicationAutoScaling::ScalingPolicy",
				Properties: []string{"PolicyName", "PolicyType", "ResourceId", "ScalableDimension", "ServiceNamespace", "ScalingTargetId",
					"StepScalingPolicyConfiguration", "TargetTrackingScalingPolicyConfiguration", "PredictiveScalingPolicyConfiguration"},
				Actions:    []string{"application-autoscaling:DescribeScalingPolicies"},
				Batch:      perCall(targetsPerCall) + ", by service",
				Identities: []string{"Arn"},
			},
		},
		read: readAppScaling,
	}
}

// scalable is what names a scalable target, in the order of its physical id.
type scalable struct{ resource, dimension, namespace string }

func scalableOf(item inventory.Item) scalable {
	if parts := strings.Split(item.ID, "|"); len(parts) == 3 {
		return scalable{parts[0], parts[1], parts[2]}
	}
	return scalable{text(item.Resolved, "ResourceId"), text(item.Resolved, "ScalableDimension"), text(item.Resolved, "ServiceNamespace")}
}

// policyNamespace is the service in a policy's ARN:
// arn:…:scalingPolicy:<uuid>:resource/<service>/<resource>:policyName/<name>.
func policyNamespace(item inventory.Item) string {
	_, path, _ := strings.Cut(item.ID, ":resource/")
	namespace, _, _ := strings.Cut(path, "/")
	return namespace
}

func policyName(item inventory.Item) string {
	_, name, _ := strings.Cut(item.ID, ":policyName/")
	return name
}

func readAppScaling(ctx context.Context, r *run, items []inventory.Item) {
	var targets, policies []inventory.Item
	for _, item := range items {
		if item.Type == "AWS::ApplicationAutoScaling::ScalingPolicy" {
			policies = append(policies, item)
		} else {
			targets = append(targets, item)
		}
	}
	var jobs []func()
	byService := r.byMember(targets, "the resource it scales", func(item inventory.Item) string {
		s := scalableOf(item)
		if s.resource == "" || s.dimension == "" || unresolved(s.resource) {
			return ""
		}
		return s.namespace
	})
	for _, namespace := range keysOf(byService) {
		jobs = append(jobs, func() { r.scalableTargets(ctx, types.ServiceNamespace(namespace), byService[namespace]) })
	}
	policiesOf := r.byMember(policies, "the ARN of a policy", policyNamespace)
	for _, namespace := range keysOf(policiesOf) {
		for _, batch := range chunks(policiesOf[namespace], targetsPerCall) {
			jobs = append(jobs, func() { r.scalingPolicies(ctx, types.ServiceNamespace(namespace), batch) })
		}
	}
	each(ctx, jobs, func(job func()) { job() })
}

func (r *run) scalableTargets(ctx context.Context, namespace types.ServiceNamespace, items []inventory.Item) {
	scheduled, noSchedule := r.scheduledActions(ctx, namespace)
	for _, batch := range chunks(items, targetsPerCall) {
		found, err := r.targetsOf(ctx, namespace, batch)
		if err != nil {
			r.failedAll(batch, err)
			continue
		}
		policies := r.policiesElseOf(ctx, slices.Collect(maps.Keys(found)))
		for _, item := range batch {
			s := scalableOf(item)
			target, ok := found[s]
			if !ok {
				r.gone(item)
				continue
			}
			o := newObject().take(target, "MaxCapacity", "MinCapacity", "ResourceId", "RoleARN", "ScalableDimension", "ServiceNamespace",
				"SuspendedState").identity("Id", item.ID).identity("ScalableTargetARN", aws.ToString(target.ScalableTargetARN))
			if noSchedule != nil {
				r.partial(item, "ScheduledActions", noSchedule)
			} else {
				o.set("ScheduledActions", scheduled[s])
			}
			if policies[s].err != nil {
				r.partial(item, policiesElse, policies[s].err)
			} else {
				setElse(o, policies[s].list)
			}
			r.found(item, o)
		}
	}
}

func (r *run) targetsOf(ctx context.Context, namespace types.ServiceNamespace, batch []inventory.Item) (map[scalable]types.ScalableTarget, error) {
	var ids []string
	for _, item := range batch {
		if id := scalableOf(item).resource; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	found := map[scalable]types.ScalableTarget{}
	pages := applicationautoscaling.NewDescribeScalableTargetsPaginator(r.clients.appScaling,
		&applicationautoscaling.DescribeScalableTargetsInput{ServiceNamespace: namespace, ResourceIds: ids})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, t := range page.ScalableTargets {
			found[scalable{aws.ToString(t.ResourceId), string(t.ScalableDimension), string(t.ServiceNamespace)}] = t
		}
	}
	return found, nil
}

// scheduledActions lists those of all targets of a service, sorted by name.
func (r *run) scheduledActions(ctx context.Context, namespace types.ServiceNamespace) (map[scalable][]map[string]any, error) {
	found := map[scalable][]map[string]any{}
	pages := applicationautoscaling.NewDescribeScheduledActionsPaginator(r.clients.appScaling,
		&applicationautoscaling.DescribeScheduledActionsInput{ServiceNamespace: namespace})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, a := range page.ScheduledActions {
			o := newObject().take(a, "ScheduledActionName", "Schedule", "Timezone", "StartTime", "EndTime", "ScalableTargetAction")
			if o.err != nil {
				return nil, o.err
			}
			s := scalable{aws.ToString(a.ResourceId), string(a.ScalableDimension), string(a.ServiceNamespace)}
			found[s] = append(found[s], o.properties)
		}
	}
	for _, list := range found {
		sortObjects(list, "ScheduledActionName")
	}
	return found, nil
}

func (r *run) scalingPolicies(ctx context.Context, namespace types.ServiceNamespace, batch []inventory.Item) {
	var names []string
	for _, item := range batch {
		if name := policyName(item); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	found := map[string]types.ScalingPolicy{}
	pages := applicationautoscaling.NewDescribeScalingPoliciesPaginator(r.clients.appScaling,
		&applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: namespace, PolicyNames: names})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.failedAll(batch, err)
			return
		}
		for _, p := range page.ScalingPolicies {
			found[aws.ToString(p.PolicyARN)] = p
		}
	}
	for _, item := range batch {
		p, ok := found[item.ID]
		if !ok {
			r.gone(item)
			continue
		}
		r.found(item, newObject().take(p, "PolicyName", "PolicyType", "ResourceId", "ScalableDimension", "ServiceNamespace",
			"StepScalingPolicyConfiguration", "TargetTrackingScalingPolicyConfiguration", "PredictiveScalingPolicyConfiguration").
			identity("Arn", item.ID))
	}
}
