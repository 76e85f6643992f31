package collect

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/apigateway"
	"github.com/lockstep-dr/lockstep/internal/awssim/elb"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/awssim/lambda"
	awssimquotas "github.com/lockstep-dr/lockstep/internal/awssim/servicequotas"
)

// limited is an application that draws on limits of the account; what it has in
// the primary alone is asked of the standby, too.
const limited = `
Parameters:
  Role: {Type: String}
Conditions:
  Primary: !Equals [!Ref Role, primary]
Resources:
  Topic: {Type: "AWS::SNS::Topic"}
  Fn:
    Type: AWS::Lambda::Function
    Condition: Primary
    Properties: {Runtime: nodejs22.x, Handler: index.handler, Role: "arn:aws:iam::111111111111:role/fn", Code: {ZipFile: "exports.handler = () => {}"}}
  Api: {Type: "AWS::ApiGateway::RestApi", Condition: Primary, Properties: {Name: shop}}
  Targets: {Type: "AWS::ElasticLoadBalancingV2::TargetGroup", Condition: Primary, Properties: {TargetType: lambda}}
`

func TestLimitsOfTheAccountAreFactsOfEveryRegion(t *testing.T) {
	w := newWorld(t)
	w.everywhere(limited)
	w.measured(0, "AWS/Lambda", "ConcurrentExecutions", 7, 60*24)
	w.measured(0, "AWS/Lambda", "ConcurrentExecutions", 70, 60*24*3)
	w.measured(0, "AWS/Lambda", "ConcurrentExecutions", 700, 60*24*20)
	w.scripted("us-west-2", lambda.LimitType, "limit", map[string]any{"Value": 500})
	w.scripted("us-west-2", apigateway.ThrottleType, "throttle", map[string]any{"Rate": 600.0})
	w.scripted("us-west-2", elb.LimitType, "target-groups", map[string]any{"Max": "100"})
	w.scripted("us-west-2", awssimquotas.RequestType, "old", map[string]any{"Id": "old", "ServiceCode": "sns", "QuotaCode": "L-61103206", "DesiredValue": 5.0, "Status": "DENIED"})
	w.clock.Advance(time.Minute)
	for _, value := range []float64{2000, 3000} {
		if _, err := servicequotas.NewFromConfig(w.sessions[1].Config).RequestServiceQuotaIncrease(t.Context(), &servicequotas.RequestServiceQuotaIncreaseInput{
			ServiceCode: aws.String("lambda"), QuotaCode: aws.String("L-B99A9384"), DesiredValue: &value}); err != nil {
			t.Fatal(err)
		}
	}
	snapshots := w.snapshots(w.options("app"))
	for region, want := range []map[string]any{
		{
			drift.FactLambdaLimits:                                   map[string]any{"ConcurrentExecutions": 1000.0, "UnreservedConcurrentExecutions": 1000.0},
			drift.FactLambdaPeak + " ConcurrentExecutions":           map[string]any{"Peak": 70.0, "Window": "336h"},
			drift.FactLambdaPeak + " UnreservedConcurrentExecutions": map[string]any{"Peak": nil, "Window": "336h"},
			drift.FactAPIThrottle:                                    map[string]any{"RateLimit": 10000.0, "BurstLimit": 5000.0},
			drift.FactQuotaRequests:                                  map[string]any{"Requests": []any{}},
		},
		{
			drift.FactLambdaLimits:                         map[string]any{"ConcurrentExecutions": 500.0, "UnreservedConcurrentExecutions": 500.0},
			drift.FactLambdaPeak + " ConcurrentExecutions": map[string]any{"Peak": nil, "Window": "336h"},
			drift.FactAPIThrottle:                          map[string]any{"RateLimit": 600.0, "BurstLimit": 5000.0},
		},
	} {
		if len(snapshots[region].Gaps) != 0 {
			t.Errorf("gaps %+v", snapshots[region].Gaps)
		}
		for name, value := range want {
			kind, subject, _ := strings.Cut(name, " ")
			if have := factOf(t, snapshots[region], kind, subject); !reflect.DeepEqual(have, value) {
				t.Errorf("%s of %s is %v, want %v", name, snapshots[region].Region.Name, have, value)
			}
		}
	}
	if limits := factOf(t, snapshots[1], drift.FactBalancerLimits, ""); limits["target-groups"] != 100.0 || limits["application-load-balancers"] != 50.0 {
		t.Errorf("limits %v", limits)
	}
	var asked []string
	for _, r := range factOf(t, snapshots[1], drift.FactQuotaRequests, "")["Requests"].([]any) {
		request := r.(map[string]any)
		asked = append(asked, request["Quota"].(string)+" "+request["Status"].(string))
	}
	if want := []string{"lambda/L-B99A9384 APPROVED", "lambda/L-B99A9384 APPROVED", "sns/L-61103206 DENIED"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
}

func TestEveryCallAboutLimitsThatIsDeniedIsAGapAndListed(t *testing.T) {
	w := newWorld(t)
	w.everywhere(limited)
	granted := Actions([]string{"AWS::Lambda::Function", "AWS::ApiGateway::RestApi", "AWS::ElasticLoadBalancingV2::TargetGroup"}, Inventory{}, evidence.Declared{})
	for call, want := range map[string]struct{ fact, resource, action string }{
		"lambda GetAccountSettings":                            {drift.FactLambdaLimits, "", "lambda:GetAccountSettings"},
		"monitoring GetMetricData":                             {drift.FactLambdaPeak, "ConcurrentExecutions", "cloudwatch:GetMetricData"},
		"apigateway GetAccount":                                {drift.FactAPIThrottle, "", "apigateway:GET"},
		"elasticloadbalancing DescribeAccountLimits":           {drift.FactBalancerLimits, "", "elasticloadbalancing:DescribeAccountLimits"},
		"servicequotas ListRequestedServiceQuotaChangeHistory": {drift.FactQuotaRequests, "", "servicequotas:ListRequestedServiceQuotaChangeHistory"},
	} {
		t.Run(call, func(t *testing.T) {
			service, operation, _ := strings.Cut(call, " ")
			w.cloud.ClearFaults()
			w.fail(awssim.Fault{Region: "us-west-2", Service: service, Operation: operation, Effect: fault.AccessDenied})
			s := w.snapshots(w.options("app"))[1]
			if !slices.ContainsFunc(s.Gaps, func(g drift.Gap) bool {
				return g.Fact == want.fact && g.Resource == want.resource && g.Operation == want.action && g.Reason == session.AccessDenied
			}) {
				t.Errorf("gaps %+v", s.Gaps)
			}
			if slices.ContainsFunc(s.Facts, func(f drift.Fact) bool { return f.Kind == want.fact && f.Subject == want.resource }) {
				t.Error("what was denied is a fact")
			}
			if !slices.Contains(granted, want.action) {
				t.Errorf("%s is not listed", want.action)
			}
		})
	}
}
