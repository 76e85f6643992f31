package accuracy

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/mototest"
	"github.com/lockstep-dr/lockstep/readiness"
)

// alone are the failures that need Regions or endpoints of their own, by rule.
var alone = map[string]func(t *testing.T) []readiness.Check{
	"NET-01": func(t *testing.T) []readiness.Check {
		w := aloneOnMoto(t, "ap-southeast-6", func(next http.RoundTripper, _ string) http.RoundTripper { return next })
		w.do(step{In: "primary", Call: "apigatewayv2:CreateApi", With: map[string]any{"Name": "orders", "ProtocolType": "HTTP"}, Save: map[string]string{"Api": "ApiId"}})
		return w.judged(onMoto{State: []inState{{In: "primary", Type: "aws_apigatewayv2_api", Name: "orders", With: map[string]any{"id": "${saved:Api}"}}}}).of("NET-01")
	},
	"SEC-07": func(t *testing.T) []readiness.Check {
		t.Setenv("AWS_ENDPOINT_URL_STS", "https://sts.amazonaws.com")
		w := aloneOnMoto(t, "us-west-2", func(next http.RoundTripper, moto string) http.RoundTripper { return globalSTS{next, moto} })
		return w.judged(onMoto{}).of("SEC-07")
	},
}

// TestRulesAloneOnMoto proves the failures that the other Regions of the table hide.
func TestRulesAloneOnMoto(t *testing.T) {
	for _, p := range motoRules(t).Rules {
		if p.Alone == "" {
			continue
		}
		t.Run(p.Rule+" fails", func(t *testing.T) {
			if alone[p.Rule] == nil {
				t.Fatal("nothing makes it fail")
			}
			found := alone[p.Rule](t)
			if !slices.ContainsFunc(found, func(c readiness.Check) bool {
				return c.Status == readiness.Fail && strings.Contains(c.Evidence, p.Says)
			}) {
				t.Errorf("no failure says %q: %s", p.Says, shown(found))
			}
		})
	}
}

// aloneOnMoto is a moto with a queue in both Regions.
func aloneOnMoto(t *testing.T, standby string, through func(next http.RoundTripper, moto string) http.RoundTripper) *world {
	t.Helper()
	s := &scenario{name: "alone", Regions: []string{"us-east-1", standby}, Stacks: []stack{{Key: "extra", Template: "../moto/queue"}}}
	w := &world{T: t, scenario: s, moto: mototest.Start(t), clock: clock.NewManual(time.Now().UTC().Truncate(time.Second))}
	w.tape = &tape{next: through(mototest.Client().Transport, w.moto)}
	w.open()
	w.outputs, w.saved = []map[string]string{{}, {}}, []map[string]string{{}, {}}
	w.createAll()
	w.read = w.snapshots()
	return w
}

// globalSTS lets moto answer for the endpoint of STS that belongs to no Region.
type globalSTS struct {
	next http.RoundTripper
	moto string
}

func (g globalSTS) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == "sts.amazonaws.com" {
		to, err := url.Parse(g.moto)
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.URL.Scheme, r.URL.Host, r.Host = to.Scheme, to.Host, to.Host
	}
	return g.next.RoundTrip(r)
}
