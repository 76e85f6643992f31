package evidence

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/topology"
)

// Limits that a service tells itself, and what was asked of Service Quotas. They
// belong to an account and a Region, so that every Region is asked that any
// Region of the application has a use for.

type concurrencyAPI interface {
	GetAccountSettings(context.Context, *lambda.GetAccountSettingsInput, ...func(*lambda.Options)) (*lambda.GetAccountSettingsOutput, error)
}

type throttleAPI interface {
	GetAccount(context.Context, *apigateway.GetAccountInput, ...func(*apigateway.Options)) (*apigateway.GetAccountOutput, error)
}

var (
	apiTypes = []string{"AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage"}

	balancerTypes = []string{"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::TargetGroup"}
)

// accountLimitActions are the permissions for the limits of the types.
func accountLimitActions(types []string) []string {
	var actions []string
	if slices.Contains(types, functionType) {
		actions = append(actions, "lambda:GetAccountSettings", "cloudwatch:GetMetricData")
	}
	if uses(apiTypes, types) {
		actions = append(actions, "apigateway:GET")
	}
	if uses(balancerTypes, types) {
		actions = append(actions, "elasticloadbalancing:DescribeAccountLimits")
	}
	if drawsOnQuotas(types) {
		actions = append(actions, "servicequotas:ListRequestedServiceQuotaChangeHistory")
	}
	return actions
}

// drawsOnQuotas reports whether any of the quotas is one of these types'.
func drawsOnQuotas(types []string) bool {
	return slices.ContainsFunc(quotas, func(q quota) bool { return uses(q.types, types) })
}

// inUse lists the types that any Region of the application has.
func (a *across) inUse() []string {
	var types []string
	for _, s := range a.app.Snapshots {
		for i := range s.Resources {
			types = append(types, s.Resources[i].Type)
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

func (a *across) accountLimits(ctx context.Context, region session.ReadOnly) {
	types := a.inUse()
	if slices.Contains(types, functionType) {
		a.concurrency(ctx, lambda.NewFromConfig(region.Config()))
		a.measure(ctx, fortnight, concurrencyPeaks())
	}
	if uses(apiTypes, types) {
		a.throttle(ctx, apigateway.NewFromConfig(region.Config()))
	}
	if uses(balancerTypes, types) {
		a.balancerLimits(ctx, elasticloadbalancingv2.NewFromConfig(region.Config()))
	}
	if drawsOnQuotas(types) {
		a.quotaRequests(ctx, servicequotas.NewFromConfig(region.Config()))
	}
}

// concurrency reads how many executions of functions the Region allows the account.
func (a *across) concurrency(ctx context.Context, api concurrencyAPI) {
	out, err := api.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	switch {
	case err != nil:
		a.failed(drift.FactLambdaLimits, "", "", err)
	case out.AccountLimit == nil || out.AccountLimit.UnreservedConcurrentExecutions == nil:
		a.gap(drift.Gap{Fact: drift.FactLambdaLimits, Operation: "lambda:GetAccountSettings", Reason: session.BadResponse, Message: "the answer has no limits"})
	default:
		a.fact(drift.FactLambdaLimits, "", map[string]any{"ConcurrentExecutions": out.AccountLimit.ConcurrentExecutions,
			"UnreservedConcurrentExecutions": out.AccountLimit.UnreservedConcurrentExecutions})
	}
}

// fortnight is long enough for the busiest hour of a business that has weeks.
var fortnight = window{14 * 24 * time.Hour, time.Hour}

// concurrencyPeaks ask for the most executions at once in the account's Region: all,
// and those of functions that reserve none. Source: AWS Lambda developer guide,
// Types of metrics for Lambda functions.
func concurrencyPeaks() []question {
	var questions []question
	for _, name := range []string{"ConcurrentExecutions", "UnreservedConcurrentExecutions"} {
		questions = append(questions, question{kind: drift.FactLambdaPeak, subject: name, answer: peak,
			metrics: []metric{{namespace: "AWS/Lambda", name: name, statistic: "Maximum"}}})
	}
	return questions
}

// peak is the highest datapoint.
func peak(w window, _ time.Time, m *metric, points []point) map[string]any {
	value := map[string]any{"Peak": nil, "Window": topology.Span(w.length)}
	if m != nil {
		value["Peak"] = slices.MaxFunc(points, func(x, y point) int { return cmp.Compare(x.value, y.value) }).value
	}
	return value
}

// throttle reads at which rate API Gateway serves all APIs of the account's Region.
func (a *across) throttle(ctx context.Context, api throttleAPI) {
	out, err := api.GetAccount(ctx, &apigateway.GetAccountInput{})
	switch {
	case err != nil:
		a.failed(drift.FactAPIThrottle, "", "", err)
	case out.ThrottleSettings == nil:
		a.gap(drift.Gap{Fact: drift.FactAPIThrottle, Operation: "apigateway:GET", Reason: session.BadResponse, Message: "the answer has no throttle"})
	default:
		a.fact(drift.FactAPIThrottle, "", map[string]any{"RateLimit": out.ThrottleSettings.RateLimit, "BurstLimit": out.ThrottleSettings.BurstLimit})
	}
}

// balancerLimits reads how many load balancers, targets and the like an account may have.
func (a *across) balancerLimits(ctx context.Context, api elasticloadbalancingv2.DescribeAccountLimitsAPIClient) {
	limits := map[string]any{}
	pages := elasticloadbalancingv2.NewDescribeAccountLimitsPaginator(api, &elasticloadbalancingv2.DescribeAccountLimitsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			a.failed(drift.FactBalancerLimits, "", "", err)
			return
		}
		for _, l := range page.Limits {
			value, err := strconv.ParseFloat(aws.ToString(l.Max), 64)
			if err != nil {
				a.gap(drift.Gap{Fact: drift.FactBalancerLimits, Operation: "elasticloadbalancing:DescribeAccountLimits", Reason: session.BadResponse,
					Message: "the limit " + aws.ToString(l.Name) + " is no number"})
				return
			}
			limits[aws.ToString(l.Name)] = value
		}
	}
	a.fact(drift.FactBalancerLimits, "", limits)
}

// quotaRequests reads what the account asked of Service Quotas in the Region,
// newest first. AWS tells of the last 90 days.
func (a *across) quotaRequests(ctx context.Context, api servicequotas.ListRequestedServiceQuotaChangeHistoryAPIClient) {
	var all []types.RequestedServiceQuotaChange
	pages := servicequotas.NewListRequestedServiceQuotaChangeHistoryPaginator(api, &servicequotas.ListRequestedServiceQuotaChangeHistoryInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			a.failed(drift.FactQuotaRequests, "", "", err)
			return
		}
		all = append(all, page.RequestedQuotas...)
	}
	slices.SortStableFunc(all, func(x, y types.RequestedServiceQuotaChange) int {
		return cmp.Or(aws.ToTime(y.Created).Compare(aws.ToTime(x.Created)), cmp.Compare(aws.ToString(y.Id), aws.ToString(x.Id)))
	})
	requests := []map[string]any{}
	for _, r := range all {
		requests = append(requests, map[string]any{"Quota": aws.ToString(r.ServiceCode) + "/" + aws.ToString(r.QuotaCode), "Status": string(r.Status),
			"DesiredValue": r.DesiredValue, "Automatic": r.RequestType == types.RequestTypeAutomaticManagement})
	}
	a.fact(drift.FactQuotaRequests, "", map[string]any{"Requests": requests})
}
