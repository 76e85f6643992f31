package evidence

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// fakeQuotas answers both operations; a nil value is an answer without one.
type fakeQuotas struct {
	applied, byDefault *float64
	noApplied, noDef   error
}

func (f fakeQuotas) GetServiceQuota(context.Context, *servicequotas.GetServiceQuotaInput, ...func(*servicequotas.Options)) (*servicequotas.GetServiceQuotaOutput, error) {
	return &servicequotas.GetServiceQuotaOutput{Quota: &types.ServiceQuota{QuotaName: aws.String("Concurrent executions"), Value: f.applied, Unit: aws.String("None")}}, f.noApplied
}

func (f fakeQuotas) GetAWSDefaultServiceQuota(context.Context, *servicequotas.GetAWSDefaultServiceQuotaInput, ...func(*servicequotas.Options)) (*servicequotas.GetAWSDefaultServiceQuotaOutput, error) {
	return &servicequotas.GetAWSDefaultServiceQuotaOutput{Quota: &types.ServiceQuota{QuotaName: aws.String("Concurrent executions"), Value: f.byDefault, Unit: aws.String("None")}}, f.noDef
}

func TestAQuotaIsTheAppliedOneOrTheDefault(t *testing.T) {
	unset := refused("Service Quotas", "GetServiceQuota", "NoSuchResourceException")
	denied := func(operation string) error { return refused("Service Quotas", operation, "AccessDeniedException") }
	tests := map[string]struct {
		fake      fakeQuotas
		value     any // nil: a gap
		byDefault bool
		reason    string
	}{
		"applied":                      {fakeQuotas{applied: aws.Float64(5000)}, 5000.0, false, ""},
		"never asked for":              {fakeQuotas{noApplied: unset, byDefault: aws.Float64(1000)}, 1000.0, true, ""},
		"applied without a value":      {fakeQuotas{byDefault: aws.Float64(1000)}, 1000.0, true, ""},
		"denied":                       {fakeQuotas{noApplied: denied("GetServiceQuota"), byDefault: aws.Float64(1000)}, nil, false, session.AccessDenied},
		"default denied":               {fakeQuotas{noApplied: unset, noDef: denied("GetAWSDefaultServiceQuota")}, nil, false, session.AccessDenied},
		"neither has a value":          {fakeQuotas{}, nil, false, session.BadResponse},
		"throttled is not the default": {fakeQuotas{noApplied: refused("Service Quotas", "GetServiceQuota", "TooManyRequestsException"), byDefault: aws.Float64(1)}, nil, false, session.Throttled},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			found := gathered(t, &gatherer{quotas: test.fake}, inventory.Item{Key: "app/Fn", Type: functionType, Resolved: map[string]any{"Code": map[string]any{"ZipFile": "x"}}})
			value, known := found.fact(drift.FactQuota, "lambda/L-B99A9384")
			fact, _ := value.(map[string]any)
			if known != (test.value != nil) || known && (fact["Value"] != test.value || fact["Default"] != test.byDefault || fact["Name"] != "Concurrent executions") {
				t.Errorf("fact %v", value)
			}
			if test.reason == "" && len(found.Gaps) != 0 {
				t.Errorf("gaps %+v", found.Gaps)
			}
			for _, g := range found.Gaps {
				if g.Reason != test.reason || g.Fact != drift.FactQuota || g.Resource != "lambda/L-B99A9384" || !strings.HasPrefix(g.Operation, "servicequotas:") {
					t.Errorf("gap %+v", g)
				}
			}
		})
	}
}

func TestAQuotaThatTheRegionDoesNotHaveIsKnownToBeNone(t *testing.T) {
	unset := refused("Service Quotas", "GetServiceQuota", "NoSuchResourceException")
	found := gathered(t, &gatherer{quotas: fakeQuotas{noApplied: unset, noDef: unset}},
		inventory.Item{Key: "app/Fn", Type: functionType, Resolved: map[string]any{"Code": map[string]any{"ZipFile": "x"}}})
	value, known := found.fact(drift.FactQuota, "lambda/L-B99A9384")
	if fact, _ := value.(map[string]any); !known || fact["Value"] != nil || len(found.Gaps) != 0 {
		t.Errorf("fact %v, gaps %+v", value, found.Gaps)
	}
}

func TestOnlyTheQuotasThatTheApplicationUsesAreAsked(t *testing.T) {
	found := gathered(t, &gatherer{quotas: fakeQuotas{applied: aws.Float64(1)}}, inventory.Item{Key: "app/Q", Type: "AWS::SQS::Queue"})
	if len(found.Gaps) != 0 {
		t.Errorf("gaps %+v", found.Gaps)
	}
	for _, f := range found.Facts {
		if f.Kind == drift.FactQuota {
			t.Errorf("asked for %+v", f)
		}
	}
}

func TestEveryQuotaSaysWhoDrawsOnIt(t *testing.T) {
	seen := map[string]bool{}
	for _, q := range quotas {
		if seen[q.service+q.code] || q.name == "" || len(q.types) == 0 || !strings.HasPrefix(q.code, "L-") {
			t.Errorf("%+v", q)
		}
		seen[q.service+q.code] = true
	}
}
