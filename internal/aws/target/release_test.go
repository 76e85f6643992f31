package target

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// These tests run whole deploys of two stacks into two Regions: the real
// coordinator, targets and ledgers over the simulator.

const dataTemplate = `
Parameters: {Version: {Type: String}}
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: v, Value: !Ref Version}]}}
  Dead: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref Version}}
Outputs:
  QueueArn: {Value: !GetAtt Queue.Arn}
  Label: {Value: !Sub "v-${Version}"}
`

const appTemplate = `
Parameters: {Queue: {Type: String}, Label: {Type: String}}
Resources:
  Setting: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Sub "${Queue} ${Label}"}}
  Topic: {Type: AWS::SNS::Topic, DependsOn: Setting, Properties: {DisplayName: !Ref Label}}
`

var bothRegions = []string{"us-east-1", "us-west-2"}

// process is a process that can be killed: from its nth call on, nothing it
// sends arrives. When after is set the nth call arrives, but not its answer.
type process struct {
	client interface {
		Do(*http.Request) (*http.Response, error)
	}
	calls  atomic.Int64
	killAt int64
	after  bool
}

var errDead = errors.New("the process is dead")

func (p *process) Do(req *http.Request) (*http.Response, error) {
	n := p.calls.Add(1)
	if p.killAt == 0 || n < p.killAt {
		return p.client.Do(req)
	}
	if n == p.killAt && p.after {
		if resp, err := p.client.Do(req); err == nil {
			resp.Body.Close()
		}
	}
	return nil, errDead
}

func (p *process) dead() bool { return p.killAt > 0 && p.calls.Load() >= p.killAt }

// Now makes the rig the coordinator's clock.
func (r *rig) Now() time.Time { return r.clock.Now() }

// release is a deploy of a version by a process.
func (r *rig) release(p *process, version, deployment string) deploy.Request {
	r.Helper()
	req := deploy.Request{App: "shop", Release: deploy.Release{ID: "r-" + version}, Deployment: deployment,
		Owner: deploy.Owner{ID: "run-" + deployment}, Clock: r, Progress: r}
	for _, region := range bothRegions {
		cfg := r.config(region)
		cfg.HTTPClient = p
		spec := Stack{App: "shop", Release: "r-" + version, Deployment: deployment, Region: region}
		data, app := spec, spec
		data.Key, data.Name, data.Template = "data", "shop-data", []byte(dataTemplate)
		data.Parameters = map[string]Parameter{"Version": {Literal: version}}
		app.Key, app.Name, app.Template, app.Barrier = "app", "shop-app", []byte(appTemplate), r.barrier
		app.Parameters = map[string]Parameter{"Queue": {Output: deploy.Ref{Target: "data", Output: "QueueArn"}},
			"Label": {Output: deploy.Ref{Target: "data", Output: "Label"}}}
		part := deploy.Region{Name: region, Role: "standby", Ledger: ledger.New(cfg, "shop", region, ledger.Options{Now: r.clock.Now, Sleep: r.options().Sleep})}
		for _, s := range []Stack{data, app} {
			t, err := NewStack(cfg, s, r.options())
			if err != nil {
				r.Fatal(err)
			}
			part.Targets = append(part.Targets, t)
		}
		req.Regions = append(req.Regions, part)
	}
	return req
}

func (r *rig) process() *process { return &process{client: r.cloud.HTTPClient()} }

// deploy runs a deploy to its end.
func (r *rig) deploy(ctx context.Context, p *process, version, deployment string) deploy.Result {
	r.Helper()
	res, err := deploy.Run(ctx, r.release(p, version, deployment))
	if err != nil {
		r.Fatal(err)
	}
	return res
}

// versions are what the stacks of both Regions run: the version of the data
// stack and, for the app stack, that of the label it was given.
func (r *rig) versions() map[string]string {
	r.Helper()
	all := map[string]string{}
	for _, region := range bothRegions {
		client := cloudformation.NewFromConfig(r.config(region))
		for stack, parameter := range map[string]string{"shop-data": "Version", "shop-app": "Label"} {
			out, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String(stack)})
			if isMissing(err) {
				continue
			}
			if err != nil {
				r.Fatal(err)
			}
			value := string(out.Stacks[0].StackStatus)
			if meaning(out.Stacks[0].StackStatus).Usable {
				for _, p := range out.Stacks[0].Parameters {
					if aws.ToString(p.ParameterKey) == parameter {
						value = strings.TrimPrefix(aws.ToString(p.ParameterValue), "v-")
					}
				}
			}
			all[region+"/"+stack] = value
		}
	}
	return all
}

// everywhere reports whether all four stacks run a version; "" means that
// there are no stacks.
func (r *rig) everywhere(version string) bool {
	r.Helper()
	versions := r.versions()
	if version == "" {
		return len(versions) == 0
	}
	for _, v := range versions {
		if v != version {
			return false
		}
	}
	return len(versions) == 4
}

func (r *rig) ledgerOf(region string) deploy.LedgerState {
	r.Helper()
	state, err := ledger.NewReader(r.config(region), "shop", region).Read(ctx)
	if err != nil {
		r.Fatal(err)
	}
	return state
}

func TestAReleaseOfTwoStacksArrivesInTwoRegions(t *testing.T) {
	r := newRig(t)
	for i, version := range []string{"1", "2"} {
		res := r.deploy(ctx, r.process(), version, "d-"+version)
		if res.Outcome != deploy.Done || !r.everywhere(version) {
			t.Fatalf("%s (%s) %v", res.Outcome, res.Reason, r.versions())
		}
		for _, region := range bothRegions {
			state := r.ledgerOf(region)
			if state.Record == nil || state.Record.ID != "r-"+version || state.Journal != nil || state.Lock != nil || len(state.Record.Targets) != 2 {
				t.Errorf("%s: %+v", region, state)
			}
			if i == 1 && state.Record.Previous != "r-1" {
				t.Errorf("%s came from %q", region, state.Record.Previous)
			}
		}
	}
	p := r.process()
	if res := r.deploy(ctx, p, "2", "d-3"); res.Outcome != deploy.NoChange {
		t.Errorf("again: %s (%s)", res.Outcome, res.Reason)
	}
	t.Logf("no change took %d calls for two Regions with two stacks", p.calls.Load())
}

func TestOneFailingRegionTakesTheOtherBack(t *testing.T) {
	for before, want := range map[string]string{"1": "rolled back to release r-1", "": "rolled back to no recorded release"} {
		t.Run("from release "+before, func(t *testing.T) {
			r := newRig(t)
			if before != "" {
				r.deploy(ctx, r.process(), before, "d-1")
			}
			action := map[string]string{"1": "update", "": "create"}[before]
			r.inject(awssim.Fault{Effect: fault.FailResource, Region: "us-west-2", LogicalID: "Topic", Action: action, Message: "Topic is not wanted here"})
			res := r.deploy(ctx, r.process(), "2", "d-2")
			if res.Outcome != deploy.RolledBack || !r.everywhere(before) {
				t.Fatalf("%s (%s) %v", res.Outcome, res.Reason, r.versions())
			}
			for _, region := range res.Regions {
				cause := region.FirstCause
				if region.State != want {
					t.Errorf("%s: %s", region.Region, region.State)
				}
				if region.Region == "us-west-2" && (cause == nil || cause.Resource != "Topic" || cause.Reason != "Topic is not wanted here") {
					t.Errorf("cause %+v", cause)
				}
				if region.Region == "us-east-1" && cause != nil {
					t.Errorf("us-east-1 failed by itself: %+v", cause)
				}
				if state := r.ledgerOf(region.Region); state.Journal != nil || state.Lock != nil {
					t.Errorf("%s: %+v", region.Region, state)
				}
			}
		})
	}
}

func TestASecondRunContinuesAfterACancellationInBothRegionsUpdates(t *testing.T) {
	r := newRig(t)
	r.deploy(ctx, r.process(), "1", "d-1")
	cancelled, cancel := context.WithCancel(ctx)
	r.onSleep = func(int) {
		east := cloudformation.NewFromConfig(r.config("us-east-1"))
		out, err := east.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String("shop-app")})
		if err == nil && out.Stacks[0].StackStatus == types.StackStatusUpdateInProgress {
			cancel()
		}
	}
	res := r.deploy(cancelled, r.process(), "2", "d-2")
	if res.Outcome != deploy.InDoubt || cancelled.Err() == nil {
		t.Fatalf("%s (%s)", res.Outcome, res.Reason)
	}
	for _, region := range bothRegions {
		if state := r.ledgerOf(region); state.Journal == nil || state.Journal.State != deploy.JournalInDoubt || state.Lock != nil {
			t.Errorf("%s: %+v", region, state)
		}
	}
	r.onSleep = nil
	if res := r.deploy(ctx, r.process(), "2", "d-3"); res.Outcome != deploy.Done || !r.everywhere("2") {
		t.Errorf("second run: %s (%s) %v", res.Outcome, res.Reason, r.versions())
	}
}

func TestAPlanOfTwoRegionsLeavesNothing(t *testing.T) {
	r := newRig(t)
	req := r.release(r.process(), "1", "d-1")
	req.DryRun = true
	res, err := deploy.Run(ctx, req)
	if err != nil || res.Outcome != deploy.Planned || len(res.Regions[1].Targets[0].Changes) != 2 {
		t.Fatalf("%v %s (%s) %+v", err, res.Outcome, res.Reason, res.Regions)
	}
	if res.Regions[0].Targets[1].Detail == "" {
		t.Error("nothing says why the changes of the second stack are not known")
	}
	r.clock.Advance(time.Hour)
	if !r.everywhere("") {
		t.Errorf("left %v", r.versions())
	}
}

var everyKill = flag.Bool("every-kill", false, "kill at every call instead of at some")

// TestADeployKilledAtAnyCallIsFinishedByTheNext kills a deploy at its nth
// call, before or after the call had its effect, lets what AWS was doing end,
// and runs the same deploy again.
func TestADeployKilledAtAnyCallIsFinishedByTheNext(t *testing.T) {
	step := int64(17)
	if *everyKill {
		step = 1
	}
	for _, c := range []struct {
		name, before string
		fails        bool
		barrier      time.Duration
	}{
		{"an update", "1", false, 0}, {"a creation", "", false, 0}, {"an update that fails in one Region", "1", true, 0},
		{"an update with a barrier", "1", false, 30 * time.Minute}, {"a creation with a barrier", "", false, 30 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			killed, outcomes := 0, map[deploy.Outcome]int{}
			for n := int64(1); ; n += step {
				died, outcome := killAndContinue(t, c.before, c.fails, c.barrier, n, n%2 == 0)
				if t.Failed() || !died {
					break
				}
				killed++
				outcomes[outcome]++
			}
			t.Logf("%d kills, then %v", killed, outcomes)
			if killed < 5 {
				t.Errorf("only %d kills: the test does not test", killed)
			}
		})
	}
}

func killAndContinue(t *testing.T, before string, fails bool, barrier time.Duration, n int64, after bool) (died bool, outcome deploy.Outcome) {
	r := newRig(t)
	r.barrier = barrier
	if before != "" {
		r.deploy(ctx, r.process(), before, "d-1")
	}
	heal := func() {}
	if fails {
		heal = r.inject(awssim.Fault{Effect: fault.FailResource, Region: "us-west-2", LogicalID: "Topic", Action: "update"})
	}
	p := r.process()
	p.killAt, p.after = n, after
	// A process that is dead does not run: its context ends with it.
	alive, kill := context.WithCancel(ctx)
	defer kill()
	r.onSleep = func(int) {
		if p.dead() {
			kill()
		}
	}
	told := r.deploy(alive, p, "2", "d-2")
	if !p.dead() {
		return false, told.Outcome
	}
	r.onSleep = nil
	heal()
	r.clock.Advance([]time.Duration{time.Hour, 10 * time.Minute}[n/2%2]) // both are longer than the lease; a barrier waits for half an hour
	res := r.deploy(ctx, r.process(), "2", "d-3")
	if res.Outcome != deploy.Done && res.Outcome != deploy.NoChange || !r.everywhere("2") {
		t.Errorf("killed at call %d (after %v): the next run ended as %s (%s), versions %v", n, after, res.Outcome, res.Reason, r.versions())
	}
	for _, region := range bothRegions {
		if state := r.ledgerOf(region); state.Journal != nil || state.Lock != nil || state.Record == nil || state.Record.ID != "r-2" {
			t.Errorf("killed at call %d: the ledger of %s says %s", n, region, fmt.Sprintf("%+v", state))
		}
	}
	return true, res.Outcome
}
