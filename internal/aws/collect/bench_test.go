package collect

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/topology"
)

// services is how many stacks of fifty resources each Region of the benchmarks has.
var services = flag.Int("services", 20, "stacks of fifty resources in each Region of the benchmarks")

const (
	// latency is what every simulated call takes.
	latency = 120 * time.Millisecond
	// allowed is how many resources of one service package read asks for at once.
	allowed = 32
)

// BenchmarkSnapshots reads whole Regions as they would be read from AWS: every
// call takes 120 ms and AWS's rates are enforced, in real time. Beside the time
// it reports the bound that no reader could beat with the same calls.
func BenchmarkSnapshots(b *testing.B) {
	lab := newLab(b, atOnce)
	lab.slow()
	for _, share := range []float64{0.3, 1} {
		for regions := 1; regions <= 2; regions++ {
			b.Run(fmt.Sprintf("share=%.0f%%/regions=%d", share*100, regions), func(b *testing.B) {
				for b.Loop() {
					lab.calls.reset()
					resources, gaps := lab.scan(b, regions, share)
					lab.calls.report(b, resources, gaps, share)
				}
			})
		}
	}
}

// BenchmarkCallsPerResource counts the calls that the resources of one type
// cost when they are read together.
func BenchmarkCallsPerResource(b *testing.B) {
	lab := newLab(b, atOnce)
	listing, err := inventory.List(b.Context(), lab.sessions[0].ReadOnly, lab.stacks, nil)
	if err != nil || len(listing.Gaps) > 0 {
		b.Fatal(err, listing.Gaps)
	}
	byType := map[string][]inventory.Item{}
	for _, item := range listing.Items {
		byType[item.Type] = append(byType[item.Type], item)
	}
	for _, spec := range read.Specs() {
		items := byType[spec.Type]
		if len(items) == 0 {
			continue
		}
		b.Run(spec.Type, func(b *testing.B) {
			for b.Loop() {
				lab.calls.reset()
				_, err := read.Resources(b.Context(), read.NewClients(lab.sessions[0].ReadOnly), read.Request{
					Region: lab.sessions[0].Region.Name, Account: lab.sessions[0].Account, Items: items, Sealer: sealer()})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(lab.calls.list))/float64(len(items)), "calls/resource")
			b.ReportMetric(float64(len(items)), "resources")
		})
	}
}

func sealer() drift.Sealer { return drift.NewSealer("run-1", bytes.Repeat([]byte{7}, 32)) }

// lab is two Regions with the same services.
type lab struct {
	cloud    *awssim.Cloud
	calls    *callLog
	topology topology.Topology
	stacks   []inventory.Source
	sessions []*session.Session // without limits
	poll     time.Duration      // how often stacks are looked at
}

// atOnce is a speed at which stacks are made while one looks.
const atOnce = 1e6

// newLab makes the stacks with a clock so many times as fast as the wall's.
func newLab(b testing.TB, speed float64) *lab {
	b.Helper()
	cloud, err := awssim.New(awssim.Options{Clock: clock.Real(speed)})
	if err != nil {
		b.Fatal(err)
	}
	l := &lab{cloud: cloud, poll: time.Duration(float64(time.Minute) / speed), calls: &callLog{next: cloud.HTTPClient()}}
	if l.topology, err = topology.New("bench", topology.WarmStandby, []topology.Region{
		{Name: "us-east-1", Role: topology.Primary}, {Name: "us-west-2", Role: topology.Standby},
	}); err != nil {
		b.Fatal(err)
	}
	if l.sessions, err = session.Open(b.Context(), l.topology, l.session(-1)); err != nil {
		b.Fatal(err)
	}
	body, err := os.ReadFile("testdata/service.yaml")
	if err != nil {
		b.Fatal(err)
	}
	for i := range *services {
		l.stacks = append(l.stacks, inventory.Source{Key: fmt.Sprintf("service%04d", i)})
		for _, s := range l.sessions {
			l.create(b, s, l.stacks[i].Key, string(body))
		}
	}
	return l
}

func (l *lab) create(b testing.TB, s *session.Session, name, body string) {
	b.Helper()
	client := cloudformation.NewFromConfig(s.Config)
	_, err := client.CreateStack(b.Context(), &cloudformation.CreateStackInput{StackName: &name, TemplateBody: &body,
		Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam}})
	if err != nil {
		b.Fatal(err)
	}
	wait := cloudformation.NewStackCreateCompleteWaiter(client, func(o *cloudformation.StackCreateCompleteWaiterOptions) {
		o.MinDelay, o.MaxDelay = max(l.poll, time.Millisecond), max(l.poll, 10*time.Millisecond)
	})
	if err := wait.Wait(b.Context(), &cloudformation.DescribeStacksInput{StackName: &name}, time.Hour); err != nil {
		b.Fatalf("create %s in %s: %v", name, s.Region.Name, err)
	}
}

func (l *lab) session(share float64) session.Options {
	return session.Options{
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""), HTTPClient: l.calls, RateShare: share,
		Endpoints: map[string]string{"us-east-1": "http://sim.test", "us-west-2": "http://sim.test"},
		Getenv:    func(string) string { return "" },
	}
}

// slow makes every call from now on take its time, and enforces AWS's rates.
func (l *lab) slow() {
	for _, f := range append(fault.Limits(), awssim.Fault{Effect: fault.Latency, Delay: fault.Duration(latency)}) {
		if _, err := l.cloud.Fail(f); err != nil {
			panic(err) // the faults are constants
		}
	}
}

func (l *lab) scan(b testing.TB, regions int, share float64) (resources, gaps int) {
	b.Helper()
	top := l.topology
	top.Regions = top.Regions[:regions]
	snapshots, err := Snapshots(b.Context(), Options{App: "bench", Topology: top, Stacks: l.stacks, Session: l.session(share),
		Run: "run-1", Sealer: sealer(), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range snapshots {
		resources += len(s.Resources)
		gaps += len(s.Gaps)
		if len(s.Gaps) > 0 {
			b.Logf("%s: the first of %d gaps: %+v", s.Region.Name, len(s.Gaps), s.Gaps[0])
		}
	}
	return resources, gaps
}

// call is one attempt, retries included, as the client sees it.
type call struct {
	region     string
	service    string
	quota      session.Quota
	begin, end time.Time
	refused    bool
}

// callLog notes every call on its way to the embedded AWS.
type callLog struct {
	next aws.HTTPClient
	mu   sync.Mutex
	list []call
}

func (c *callLog) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = nil
}

// Do notes the call. The SDK leaves service and operation in its context.
func (c *callLog) Do(r *http.Request) (*http.Response, error) {
	ctx, begin := r.Context(), time.Now()
	service := awsmiddleware.GetServiceID(ctx)
	out, err := c.next.Do(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, call{region: awsmiddleware.GetRegion(ctx), service: service, begin: begin, end: time.Now(),
		quota: session.QuotaOf(service, awsmiddleware.GetOperationName(ctx)), refused: throttled(out)})
	return out, err
}

func throttled(out *http.Response) bool {
	return out != nil && (out.StatusCode == http.StatusTooManyRequests || out.StatusCode == http.StatusBadRequest &&
		bytes.Contains([]byte(out.Header.Get("X-Amzn-Errortype")), []byte("Thrott")))
}

// figures are what a scan cost.
type figures struct {
	took, bound      float64 // seconds
	by               string  // what the bound comes from
	perResource      float64 // calls
	quota            float64 // the largest part of any quota that was used, on average
	of               string  // which
	throttled, calls int
}

// figures compares what happened with what the same calls need at least.
func (c *callLog) figures(resources int, share float64) figures {
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.SortFunc(c.list, func(a, b call) int { return a.begin.Compare(b.begin) })
	f := figures{calls: len(c.list), perResource: float64(len(c.list)) / float64(resources)}
	first, last := c.list[0].begin, c.list[0].end
	for _, one := range c.list {
		if one.end.After(last) {
			last = one.end
		}
		if one.refused {
			f.throttled++
		}
	}
	f.took = last.Sub(first).Seconds()
	f.bound, f.by = c.bound(share)
	f.quota, f.of = c.used(f.took)
	return f
}

func (f figures) String() string {
	return fmt.Sprintf("%.1f s, %.2f x the bound of %.1f s (%s); %.2f calls a resource, %d in all; %.0f%% of %s; %d throttled",
		f.took, f.took/f.bound, f.bound, f.by, f.perResource, f.calls, 100*f.quota, f.of, f.throttled)
}

func (c *callLog) report(b *testing.B, resources, gaps int, share float64) {
	f := c.figures(resources, share)
	b.Logf("bound by %s; most of a quota used: %s; %d calls waited at once", f.by, f.of, c.busiest())
	b.ReportMetric(f.took, "s/scan")
	b.ReportMetric(f.bound, "s/bound")
	b.ReportMetric(f.took/f.bound, "x/bound")
	b.ReportMetric(f.perResource, "calls/resource")
	b.ReportMetric(100*f.quota, "%quota")
	b.ReportMetric(float64(f.throttled), "throttled")
	b.ReportMetric(float64(gaps), "gaps")
}

// bound is the least time the calls need: at the allowed rate of the tightest
// quota, or waiting for answers as many at once as is allowed.
func (c *callLog) bound(share float64) (seconds float64, by string) {
	byService := map[string]int{}
	for _, one := range c.list {
		byService[one.region+one.service]++
	}
	for _, n := range byService {
		if s := float64(n) * latency.Seconds() / allowed; s > seconds {
			seconds, by = s, "latency"
		}
	}
	for drawn, n := range c.drawn() {
		s := (float64(n) - drawn.quota.Burst*share) / (drawn.quota.Rate * share)
		if s += latency.Seconds(); s > seconds {
			seconds, by = s, drawn.quota.Name
		}
	}
	return seconds, by
}

// regionQuota is a quota and whose it is: a Region's, or, without one, the account's.
type regionQuota struct {
	region string
	quota  session.Quota
}

func (c *callLog) drawn() map[regionQuota]int {
	n := map[regionQuota]int{}
	for _, one := range c.list {
		region := one.region
		if one.quota.Global {
			region = ""
		}
		n[regionQuota{region, one.quota}]++
	}
	return n
}

// used is the largest part of any quota that the scan took on average.
func (c *callLog) used(took float64) (share float64, of string) {
	for drawn, n := range c.drawn() {
		if s := float64(n) / (took*drawn.quota.Rate + drawn.quota.Burst); s > share {
			share, of = s, drawn.quota.Name
		}
	}
	return share, of
}

// busiest is the most calls of one Region that waited for an answer at one time.
func (c *callLog) busiest() int {
	type change struct {
		at time.Time
		by int
	}
	most, changes := 0, map[string][]change{}
	for _, one := range c.list {
		changes[one.region] = append(changes[one.region], change{one.begin, 1}, change{one.end, -1})
	}
	for _, list := range changes {
		slices.SortFunc(list, func(a, b change) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.by, b.by)) })
		now := 0
		for _, next := range list {
			now += next.by
			most = max(most, now)
		}
	}
	return most
}
