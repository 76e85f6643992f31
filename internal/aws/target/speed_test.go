package target

import (
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// TestADeployTakesLittleLongerThanItsStacks measures, in a bubble in which
// waiting costs nothing, two stacks one after the other in each of two
// Regions, the real ones' pace of polling, and 120 ms a call. The Regions differ:
// the slower one takes a third longer.
//
//	go test -run DeployTakes -v ./internal/aws/target
func TestADeployTakesLittleLongerThanItsStacks(t *testing.T) {
	for _, takes := range []time.Duration{15 * time.Second, 2 * time.Minute, 20 * time.Minute} {
		both := timed(t, takes, "us-east-1", "us-west-2")
		alone := timed(t, takes, "us-west-2")
		late := slices.Max(both.noticed)
		t.Logf("a resource takes %7s: two Regions %8s, the slower alone %8s, ratio %.3f; stacks on the critical path %8s, overhead %.3f; the end noticed at most %s late",
			takes, round(both.wall), round(alone.wall), both.wall.Seconds()/alone.wall.Seconds(), round(both.stacks), both.wall.Seconds()/both.stacks.Seconds(), round(late))
		if ratio := both.wall.Seconds() / alone.wall.Seconds(); ratio > 1.05 {
			t.Errorf("two Regions take %.3f times as long as the slower one", ratio)
		}
		if overhead := both.wall.Seconds() / both.stacks.Seconds(); takes >= 2*time.Minute && overhead > 1.10 {
			t.Errorf("a deploy takes %.3f times as long as its stacks", overhead)
		}
		if late > max(both.stacks/2/10, 5*time.Second) {
			t.Errorf("that a stack of %s was done was noticed %s late", both.stacks/2, late)
		}
	}
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Millisecond) }

// timing is how long a deploy took, the longest sum of a Region's stack
// operations, and how late the end of each was noticed.
type timing struct {
	wall, stacks time.Duration
	noticed      []time.Duration
}

// timed updates two stacks in each Region; us-west-2 is a third slower.
func timed(t *testing.T, takes time.Duration, regions ...string) (result timing) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		cloud, err := awssim.New(awssim.Options{Seed: 7, Speed: 1, Latency: 120 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		r := &rig{T: t, cloud: cloud}
		mustBe(t, timedDeploy(t, r, "1", regions))
		for region, delay := range map[string]time.Duration{"us-east-1": takes * 3 / 4, "us-west-2": takes} {
			r.inject(awssim.Fault{Effect: fault.SlowResource, Region: region, Delay: fault.Duration(delay)})
		}
		res := timedDeploy(t, r, "2", regions)
		mustBe(t, res)
		result.wall = res.FinishedAt.Sub(res.StartedAt)
		for _, region := range res.Regions {
			result.add(t, r, region)
		}
	})
	return result
}

func mustBe(t *testing.T, res deploy.Result) {
	t.Helper()
	if res.Outcome != deploy.Done {
		t.Fatalf("%s (%s)", res.Outcome, res.Reason)
	}
}

func timedDeploy(t *testing.T, r *rig, version string, regions []string) deploy.Result {
	t.Helper()
	req := deploy.Request{App: "shop", Release: deploy.Release{ID: "r-" + version}, Deployment: "d-" + version, Owner: deploy.Owner{ID: "me"}}
	for _, region := range regions {
		cfg := r.config(region)
		spec := Stack{App: "shop", Release: "r-" + version, Deployment: "d-" + version, Region: region}
		data, app := spec, spec
		data.Key, data.Name, data.Template = "data", "shop-data", []byte(dataTemplate)
		data.Parameters = map[string]Parameter{"Version": {Literal: version}}
		app.Key, app.Name, app.Template = "app", "shop-app", []byte(appTemplate)
		app.Parameters = map[string]Parameter{"Queue": {Output: deploy.Ref{Target: "data", Output: "QueueArn"}}, "Label": {Output: deploy.Ref{Target: "data", Output: "Label"}}}
		part := deploy.Region{Name: region, Role: "standby", Ledger: ledger.New(cfg, "shop", region, ledger.Options{})}
		for _, s := range []Stack{data, app} {
			target, err := NewStack(cfg, s, Options{Jitter: rand.New(rand.NewPCG(7, uint64(len(part.Targets)))).Float64}) // the same in every run
			if err != nil {
				t.Fatal(err)
			}
			part.Targets = append(part.Targets, target)
		}
		req.Regions = append(req.Regions, part)
	}
	res, err := deploy.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// add takes the durations of the last operations from the stacks' own events.
func (f *timing) add(t *testing.T, r *rig, region deploy.RegionResult) {
	t.Helper()
	var sum time.Duration
	for _, target := range region.Targets {
		out, err := cloudformation.NewFromConfig(r.config(region.Region)).DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: aws.String("shop-" + target.Target)})
		if err != nil {
			t.Fatal(err)
		}
		events := out.StackEvents // newest first
		began := slices.IndexFunc(events, func(e types.StackEvent) bool {
			return e.ResourceStatus == types.ResourceStatusUpdateInProgress && isSelf(aws.ToString(e.PhysicalResourceId), aws.ToString(e.StackId))
		})
		end := aws.ToTime(events[0].Timestamp)
		sum += end.Sub(aws.ToTime(events[began].Timestamp))
		f.noticed = append(f.noticed, target.FinishedAt.Sub(end))
	}
	f.stacks = max(f.stacks, sum)
}
