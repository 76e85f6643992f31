package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/collect"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	simclock "github.com/lockstep-dr/lockstep/internal/awssim/clock"
	faults "github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/readiness"
)

// sweepKinds are the ways in which a single call fails. "Throttled out" is a
// throttle that outlasts the retries: the sweep has none.
var sweepKinds = []string{faults.AccessDenied, faults.Throttle, faults.Error, faults.Reset, faults.Truncate, faults.ExpiredToken, faults.Stale, faults.Empty}

// nthCall is one call of a gate: the nth of an operation in a Region.
type nthCall struct {
	call
	nth int
}

// sweepEverything asks for every call in every way: 193 × 8 gates, some minutes.
// Without it every call still fails, and over the calls every way has its turn.
const sweepEverything = "LOCKSTEP_SWEEP_EVERYTHING"

// kindsFor are the ways in which the index-th call fails in this run. An operation
// is called several times, so that neighbours show the ways that this one does not.
func kindsFor(index int) []string {
	if os.Getenv(sweepEverything) != "" {
		return sweepKinds
	}
	if raced { // what runs at once is the same whatever fails
		if index%6 > 0 {
			return nil
		}
		index /= 6
	}
	return sweepKinds[index%len(sweepKinds):][:1]
}

// TestNoFailedCallMakesAStandbyReady lets every single call of a gate fail in turn,
// in the ways that kindsFor gives it. A verdict of ready is false unless the call
// could not matter or all was read nevertheless, and so is one that names no gap.
func TestNoFailedCallMakesAStandbyReady(t *testing.T) {
	if calls := newRig(t).sweep(kindsFor, func(call) bool { return true }); calls < 150 {
		t.Errorf("only %d calls: the sweep does not see the gate", calls)
	}
}

// sweep lets the calls of a gate that are chosen fail in turn, each in the ways that
// kinds gives its index, and says how many there are.
func (r *rig) sweep(kinds func(index int) []string, chosen func(call) bool) int {
	t := r.T
	cfg := r.config()
	before := len(r.cloud.Calls())
	whole := judged(t, r.cloud, cfg)
	if whole.Verdict != readiness.Ready || len(whole.Gaps) > 0 {
		t.Fatalf("before any fault: %+v", whole)
	}
	calls := slices.DeleteFunc(singleCalls(r.cloud.Calls()[before:]), func(c nthCall) bool { return !chosen(c.call) })
	var mu sync.Mutex
	var wrong []string
	gates := 0
	left := make(chan int)
	var workers sync.WaitGroup
	for range 2 {
		cloud := r.cloud.Clone(simclock.NewManual(time.Now()))
		workers.Go(func() {
			for i := range left {
				for _, kind := range kinds(i) {
					what := falseReady(t, cloud, cfg, whole, calls[i], kind)
					mu.Lock()
					gates++
					if what != "" {
						wrong = append(wrong, what)
					}
					mu.Unlock()
				}
			}
		})
	}
	started := time.Now()
	for i := range calls {
		left <- i
	}
	close(left)
	workers.Wait()
	slices.Sort(wrong)
	t.Logf("%d calls × %d faults, %d of them in %s; false ready: %d", len(calls), len(sweepKinds), gates, time.Since(started).Round(time.Second), len(wrong))
	for _, what := range wrong {
		t.Error(what)
	}
	return len(calls)
}

// config is the configuration of the rig's application.
func (r *rig) config() *config.Config {
	r.Helper()
	g := &globals{env: r.environment(&bytes.Buffer{}), directory: r.dir}
	cfg, err := g.load()
	r.check(err)
	return cfg
}

// breakStandby changes a function of the standby by hand.
func (r *rig) breakStandby() {
	r.Helper()
	d := &demonstration{cloud: r.cloud, endpoint: os.Getenv("AWS_ENDPOINT_URL")}
	id, err := d.physicalID("us-west-2", "AWS::Lambda::Function", "payments-ApiFunction")
	r.check(err)
	request, err := http.NewRequest(http.MethodPut, d.endpoint+"/2015-03-31/functions/"+id+"/configuration", strings.NewReader(`{"Environment":{"Variables":{"STAGE":"dev"}}}`))
	r.check(err)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=rig/20260101/us-west-2/lambda/aws4_request, SignedHeaders=host, Signature=00")
	response, err := http.DefaultClient.Do(request)
	r.check(err)
	r.check(response.Body.Close())
	if response.StatusCode >= 300 {
		r.Fatal(response.Status)
	}
}

// singleCalls numbers the calls of each operation in each Region.
func singleCalls(entries []awssim.Entry) []nthCall {
	count := map[call]int{}
	var list []nthCall
	for _, e := range entries {
		c := call{e.Region, e.Service, e.Operation}
		count[c]++
		list = append(list, nthCall{c, count[c]})
	}
	return list
}

// harmlessGap lists what a gate may do without and still say ready, by type,
// property and fact; "" stands for any. It is a gap in the report all the same.
var harmlessGap = []struct{ kind, property, fact, why string }{
	{"", "Tags", "", "tags decide no takeover"},
	{"AWS::Logs::LogGroup", "", "", "a log group makes itself"},
	{"AWS::Lambda::Version", "", "", "the function and the code behind its alias are compared"},
	{"AWS::ApiGateway::Deployment", "", "", "its methods and its stage say all it does"},
	{"AWS::CloudFormation::Stack", "Template", "", "the resources were all read; who changed them is not known, which only warns"},
	{"", "", drift.FactAPIThrottle, "a lower throttle only warns (QTA-05)"},
	{"", "", drift.FactRestores, "how lately a store was restored only warns (BKP-04)"},
	{"", "", drift.FactQuotaRequests, "the quotas themselves were read; what became of a request for them only warns (QTA-06)"},
}

func canDoWithout(gap drift.Gap) bool {
	for _, h := range harmlessGap {
		if (h.kind == "" || h.kind == gap.Type) && (h.property == "" || h.property == gap.Property) && (h.fact == "" || h.fact == gap.Fact) {
			return true
		}
	}
	return false
}

// verdictOf is what a gate made of an AWS, and how much it saw of it.
type verdictOf struct {
	readiness.Assessment
	coverage drift.Coverage
	findings []drift.Finding
	facts    int
	// gone is how many resources AWS said not to exist.
	gone int
}

// sees reports whether as much was seen as on a good day.
func (v verdictOf) sees(whole verdictOf) bool {
	return v.coverage == whole.coverage && v.facts == whole.facts && len(v.Gaps) == len(whole.Gaps)
}

// falseReady says in which way a failed call led to a false verdict; "" if to none.
func falseReady(t *testing.T, cloud *awssim.Cloud, cfg *config.Config, whole verdictOf, c nthCall, kind string) string {
	t.Helper()
	id, err := cloud.Fail(awssim.Fault{Effect: kind, Region: c.region, Service: c.service, Operation: c.operation, From: c.nth, Count: 1})
	if err != nil {
		t.Error(err)
		return ""
	}
	defer cloud.Heal(id)
	have := judged(t, cloud, cfg)
	what := strings.Join(strings.Fields(fmt.Sprintf("%s of %s %s %s #%d", kind, c.region, c.service, c.operation, c.nth)), " ")
	switch matters := slices.IndexFunc(have.Gaps, func(gap drift.Gap) bool { return !canDoWithout(gap) }); {
	case kind == faults.Stale && (have.gone > whole.gone || len(have.findings) > 0):
		// An answer of yesterday that says "there is none" cannot be told from one of
		// today: it is reported as gone or as different, and nothing is taken for equal.
	case len(have.findings) > 0:
		return what + ": a false alarm: " + have.findings[0].Message
	case have.Verdict != readiness.Ready || have.sees(whole):
	case len(have.Gaps) == 0:
		return fmt.Sprintf("%s: ready, and no gap says what was not read: %+v, %d facts", what, have.coverage, have.facts)
	case matters >= 0:
		return fmt.Sprintf("%s: ready in spite of %+v", what, have.Gaps[matters])
	}
	return ""
}

// judged is a whole gate without its words.
func judged(t *testing.T, cloud *awssim.Cloud, cfg *config.Config) verdictOf {
	t.Helper()
	return judgedOver(t, cloud.HTTPClient(), cfg)
}

// judgedOver judges over a network.
func judgedOver(t *testing.T, network interface {
	Do(*http.Request) (*http.Response, error)
}, cfg *config.Config) verdictOf {
	t.Helper()
	g := &globals{env: (&rig{T: t}).environment(&bytes.Buffer{})}
	options := g.sessionOptions(cfg)
	options.HTTPClient, options.RateShare, options.MaxAttempts, options.MaxBackoff = network, -1, 1, time.Millisecond
	taken, err := collect.Snapshots(t.Context(), collect.Options{
		App: cfg.App, Topology: g.topology(cfg), Stacks: stackSources(cfg), Session: options,
		Objectives: cfg.Objectives, Takeover: cfg.Takeover, Run: "d-sweep", Sealer: drift.NewSealer("d-sweep", bytes.Repeat([]byte{1}, 32)), Now: time.Now,
	})
	if err != nil {
		// The gate says so and exits with 3.
		return verdictOf{Assessment: readiness.Assessment{Verdict: readiness.Unknown}}
	}
	c := &comparison{cfg: cfg, snapshots: taken, at: time.Now().UTC()}
	compared := drift.Compare(taken[0], taken[1], c.options())
	c.standbys = []drift.Comparison{compared}
	v := verdictOf{Assessment: c.assess(), coverage: compared.Coverage, findings: compared.Findings}
	for _, fact := range slices.Concat(taken[0].Facts, taken[1].Facts) {
		v.facts++
		if fact.Kind == drift.FactGone {
			v.gone++
		}
	}
	return v
}
