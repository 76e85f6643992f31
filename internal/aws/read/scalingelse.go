package read

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	apptypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
)

// Policies that no source of the application lists: somebody made them by hand, and
// they would show nowhere but with what they scale.

// policiesElse is the property that holds them.
const policiesElse = "ScalingPolicies"

// madeByServices begin the names of policies that other services make and take away
// as they see fit. Source: Amazon ECS developer guide, Amazon ECS cluster auto
// scaling (managed scaling makes a policy of a capacity provider's group).
var madeByServices = []string{"ECSManagedAutoScalingPolicy-"}

// listedPolicies are the ARNs of the policies that are resources of their own.
func (r *run) listedPolicies(typ string) map[string]bool {
	own := map[string]bool{}
	for _, item := range r.Items {
		if item.Type == typ {
			own[item.ID] = true
		}
	}
	return own
}

// groupPoliciesElse reads the policies of every group that nothing lists.
func (r *run) groupPoliciesElse(ctx context.Context, g scalingGroup, o *object) {
	own := r.listedPolicies("AWS::AutoScaling::ScalingPolicy")
	var list []map[string]any
	pages := autoscaling.NewDescribePoliciesPaginator(r.clients.autoScaling, &autoscaling.DescribePoliciesInput{AutoScalingGroupName: g.live.AutoScalingGroupName})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.partial(g.item, policiesElse, err)
			return
		}
		for _, p := range page.ScalingPolicies {
			if !own[aws.ToString(p.PolicyARN)] && !ofAService(aws.ToString(p.PolicyName)) {
				list = append(list, groupPolicyElse(p))
			}
		}
	}
	setElse(o, list)
}

func groupPolicyElse(p types.ScalingPolicy) map[string]any {
	one := newObject().take(p, policyProperties()...).take(p, "PolicyName", "Cooldown")
	withoutBlanks(one.properties)
	delete(one.properties, "AutoScalingGroupName")
	return one.properties
}

// targetPolicies are the policies of a scalable target that nothing lists, or why they are not known.
type targetPolicies struct {
	list []map[string]any
	err  error
}

// policiesElseOf reads them for every target. They are asked for by the resource:
// a page of all of a service holds ten, whoever's they are.
func (r *run) policiesElseOf(ctx context.Context, targets []scalable) map[scalable]targetPolicies {
	own := r.listedPolicies("AWS::ApplicationAutoScaling::ScalingPolicy")
	var mu sync.Mutex
	found := map[scalable]targetPolicies{}
	each(ctx, targets, func(s scalable) {
		var policies targetPolicies
		pages := applicationautoscaling.NewDescribeScalingPoliciesPaginator(r.clients.appScaling, &applicationautoscaling.DescribeScalingPoliciesInput{
			ServiceNamespace: apptypes.ServiceNamespace(s.namespace), ResourceId: &s.resource, ScalableDimension: apptypes.ScalableDimension(s.dimension)})
		for policies.err == nil && pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if policies.err = err; err != nil {
				break
			}
			for _, p := range page.ScalingPolicies {
				if !own[aws.ToString(p.PolicyARN)] && !ofAService(aws.ToString(p.PolicyName)) {
					policies.list = append(policies.list, newObject().take(p, "PolicyName", "PolicyType", "StepScalingPolicyConfiguration",
						"TargetTrackingScalingPolicyConfiguration", "PredictiveScalingPolicyConfiguration").properties)
				}
			}
		}
		mu.Lock()
		defer mu.Unlock()
		found[s] = policies
	})
	return found
}

func ofAService(name string) bool {
	return slices.ContainsFunc(madeByServices, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

func setElse(o *object, list []map[string]any) {
	if len(list) > 0 {
		sortObjects(list, "PolicyName")
		o.set(policiesElse, list)
	}
}
