package target

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/deploy"
)

// publishedSeeds are those that docs/reliability.md counts.
const publishedSeeds = 120

var (
	seeds    = flag.Int("seeds", publishedSeeds, "how many seeds of bad days to try over the simulator")
	fromSeed = flag.Int64("seed", 1, "the first seed; printed on failure")
)

// scene is an application in two Regions that a release can go to.
type scene interface {
	release(p *process, version, deployment string) deploy.Request
	// contents are the versions that every part of it serves.
	contents() map[string]string
	// meddle is somebody else who changes or deletes a part.
	meddle(m mishap)
}

// contents leaves out the shell that a change set of a new stack makes: nothing
// runs in it, and when it could not be deleted the next run plans in it again.
func (r *rig) contents() map[string]string {
	all := r.versions()
	maps.DeleteFunc(all, func(_, version string) bool { return version == string(types.StackStatusReviewInProgress) })
	return all
}

func (r *rig) meddle(m mishap) {
	client := cloudformation.NewFromConfig(r.config(m.region))
	if m.what == deleted {
		client.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: aws.String("shop-app")}) // refused while something runs, and that is fine
		return
	}
	client.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: aws.String("shop-app"), UsePreviousTemplate: aws.Bool(true), Parameters: []types.Parameter{
		{ParameterKey: aws.String("Queue"), UsePreviousValue: aws.Bool(true)}, {ParameterKey: aws.String("Label"), ParameterValue: aws.String("somebody's")}}})
}

func (e *estate) contents() map[string]string {
	all := map[string]string{}
	for _, region := range bothRegions {
		all[region+"/function"] = e.function(region)
		all[region+"/service"] = aws.ToString(e.services[region].runs().TaskDefinition.ContainerDefinitions[0].Image)
		for _, version := range []string{"1", "2", "3"} {
			if all[region+"/service"] == imageURI(version) {
				all[region+"/service"] = version
			}
		}
		all[region+"/site"] = strings.TrimPrefix(e.page(region), "version ")
	}
	return all
}

// function is the version of the code that the alias serves.
func (e *estate) function(region string) string {
	e.Helper()
	out, err := lambda.NewFromConfig(e.config(region)).GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("api"), Qualifier: aws.String("live")})
	if err != nil {
		e.Fatal(err)
	}
	for _, version := range []string{"0", "1", "2", "3"} {
		if aws.ToString(out.CodeSha256) == codeSHA("version "+version) {
			return version
		}
	}
	return aws.ToString(out.CodeSha256)
}

func (e *estate) meddle(m mishap) {
	functions := lambda.NewFromConfig(e.config(m.region))
	if m.what == deleted { // a version of the service's task definition is the most that can go without its service
		e.services[m.region].api.DeregisterTaskDefinition(ctx, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: aws.String("shop:2")})
		return
	}
	out, err := functions.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{FunctionName: aws.String("api"), Publish: true, ZipFile: []byte("somebody's")})
	if err == nil {
		functions.UpdateAlias(ctx, &lambda.UpdateAliasInput{FunctionName: aws.String("api"), Name: aws.String("live"), FunctionVersion: out.Version})
	}
	e.services[m.region].api.UpdateService(ctx, &ecs.UpdateServiceInput{Cluster: aws.String("main"), Service: aws.String("shop"), TaskDefinition: aws.String("shop:1")})
}

// kinds are the applications that have bad days.
var kinds = []struct {
	name   string
	stacks bool
	start  func(t *testing.T) (*rig, scene)
}{
	{"two stacks", true, func(t *testing.T) (*rig, scene) { r := newRigOn(t, newBubble()); return r, r }},
	{"two stacks with a barrier", true, func(t *testing.T) (*rig, scene) {
		r := newRigOn(t, newBubble())
		r.barrier = 30 * time.Minute
		return r, r
	}},
	{"a function, a service and a site", false, func(t *testing.T) (*rig, scene) { e := newEstateIn(newRigOn(t, newBubble())); return e.rig, e }},
}

// badDays is what became of the seeds of a kind.
type badDays struct {
	name string
	// mishaps counts what was done to the deploys.
	seeds, mishaps int
	// together ended with one release everywhere, said with a run that says
	// that it did not; mixed did neither.
	together, said, mixed int
	// outcomes counts the deploys with mishaps by how they ended.
	outcomes map[string]int
}

// TestBadDaysOverTheSimulatorEndTogetherOrSaySo lets a release go through one
// to three deploys with up to three mishaps each, all chosen by a seed, over the
// real coordinator, targets and ledgers; then the weather is fine, an hour passes
// and one more deploy has to bring everything together, or say that it could not.
func TestBadDaysOverTheSimulatorEndTogetherOrSaySo(t *testing.T) {
	bills := make([]badDays, len(kinds))
	for n, kind := range kinds {
		bills[n] = badDays{name: kind.name, outcomes: map[string]int{}}
	}
	for i := range int64(*seeds) {
		seed := *fromSeed + i
		n := int(seed) % len(kinds)
		ok := t.Run(fmt.Sprintf("seed %d, %s", seed, kinds[n].name), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { badDay(t, seed, n, &bills[n]) })
		})
		if !ok {
			t.Fatalf("replay with: go test ./internal/aws/target -run BadDays -seed %d -seeds 1", seed)
		}
	}
	if *seeds == publishedSeeds && *fromSeed == 1 {
		compareCounts(t, bills)
		everyEnding(t, bills)
	}
}

// day is one seed's story.
type day struct {
	*rig
	scene  scene
	seed   uint64
	chance *rand.Rand
	stacks bool
	bill   *badDays
	story  []string
	// touched: somebody else changed something that no deploy has set right.
	touched bool
}

func newDay(t *testing.T, seed int64, n int, bill *badDays) *day {
	r, s := kinds[n].start(t)
	bill.seeds++
	return &day{rig: r, scene: s, seed: uint64(seed), chance: rand.New(rand.NewPCG(uint64(seed), 1)), stacks: kinds[n].stacks, bill: bill}
}

func badDay(t *testing.T, seed int64, n int, bill *badDays) {
	d := newDay(t, seed, n, bill)
	if !d.stacks || d.chance.Float64() < 0.75 {
		d.run(context.Background(), d.fine(), "1", "d-first")
	}
	for round := range 1 + d.chance.IntN(3) {
		d.round(round, oneOf(d.chance, []string{"2", "2", "3"}), foresee(d.chance, d.stacks))
		time.Sleep(time.Duration(d.chance.Float64() * float64(10*time.Minute)))
	}
	d.close()
	t.Log(strings.Join(d.story, "\n"))
}

// fine is a network without mishaps.
func (d *day) fine() *network {
	return &network{client: d.cloud.HTTPClient(), seed: d.seed + uint64(len(d.story)), die: func() {}, calls: map[string]uint64{}, lossy: map[string]bool{}}
}

func (d *day) run(ctx context.Context, n *network, version, deployment string) deploy.Result {
	req := d.scene.release(&process{client: n}, version, deployment)
	req.AllowOlder = true
	res, err := deploy.Run(ctx, req)
	if err != nil {
		d.Error(err)
	}
	return res
}

// round is a deploy with mishaps, whose result is held against the world.
func (d *day) round(round int, version string, list []mishap) {
	d.bill.mishaps += len(list)
	before := d.scene.contents()
	n := d.fine()
	alive, cancel := context.WithCancel(context.Background())
	defer cancel()
	n.die = cancel
	var running sync.WaitGroup
	another := func() {
		running.Add(1)
		go func() {
			defer running.Done()
			other := map[string]string{"2": "3", "3": "2"}[version]
			res := d.run(context.Background(), d.fine(), other, fmt.Sprintf("d-%d-other", round))
			d.tell("another deploy of %s: %s (%s)", other, res.Outcome, res.Reason)
		}()
	}
	var heals []func()
	for _, m := range list {
		d.tell("round %d: %v", round, m)
		heals = append(heals, d.strike(m, n, cancel, d.scene.meddle, another))
	}
	res := d.run(alive, n, version, fmt.Sprintf("d-%d", round))
	for _, heal := range heals {
		heal()
	}
	running.Wait()
	now := d.scene.contents()
	d.tell("round %d, %s: %s (%s) after %v; dead %v; %v", round, version, res.Outcome, res.Reason, res.FinishedAt.Sub(res.StartedAt), n.dead(), now)
	if n.dead() {
		d.bill.outcomes["killed"]++
		return
	}
	d.bill.outcomes[string(res.Outcome)]++
	if !slices.ContainsFunc(list, func(m mishap) bool { return m.what == anotherStart || others(m) }) {
		d.hold(res, version, before, now)
		d.touched = d.touched && !d.serves(now, version)
	}
	d.touched = d.touched || slices.ContainsFunc(list, others)
}

// others are mishaps by somebody else's hand.
func others(m mishap) bool { return m.what == changed || m.what == deleted }

func (d *day) tell(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.story = append(d.story, fmt.Sprintf(format, args...))
}

// hold holds what a run that lived to its end told against the world.
func (d *day) hold(res deploy.Result, version string, before, now map[string]string) {
	d.Helper()
	switch res.Outcome {
	case deploy.Done, deploy.NoChange:
		if !d.serves(now, version) {
			d.Errorf("%s is not true", res.Outcome)
		}
	case deploy.RolledBack:
		if !one(now) && !(d.touched && maps.Equal(before, now)) {
			d.Errorf("rolled back, and the Regions differ: before %v", before)
		}
	case deploy.Rejected, deploy.FailedClean:
		if !maps.Equal(before, withoutShells(before, now)) {
			d.Errorf("%s, and something changed: before %v", res.Outcome, before)
		}
	case deploy.InDoubt, deploy.Quarantined:
		if res.Reason == "" || !d.journaled() && !d.serves(now, version) {
			d.Errorf("%s, and no reason or no journal says so", res.Outcome)
		}
	default:
		d.Errorf("unexpected outcome %s", res.Outcome)
	}
	for _, region := range res.Regions {
		if d.touched {
			break // a release id tells what Lockstep brought
		}
		for part, runs := range now {
			if told, known := strings.CutPrefix(region.Now, "r-"); known && strings.HasPrefix(part, region.Region+"/") && told != runs {
				d.Errorf("%s runs %s, and the result says %s", part, runs, told)
			}
		}
	}
}

// journaled reports whether a ledger says that a deploy did not end.
func (d *day) journaled() bool {
	for _, region := range bothRegions {
		if d.ledgerOf(region).Journal != nil {
			return true
		}
	}
	return false
}

// withoutShells leaves out stacks that were not there before and are being deleted.
func withoutShells(before, now map[string]string) map[string]string {
	rest := maps.Clone(now)
	maps.DeleteFunc(rest, func(stack, version string) bool {
		_, was := before[stack]
		return !was && version == string(types.StackStatusDeleteInProgress)
	})
	return rest
}

func (d *day) serves(now map[string]string, version string) bool {
	parts := map[bool]int{true: 4, false: 6}[d.stacks]
	for _, v := range now {
		if v != version {
			return false
		}
	}
	return len(now) == parts
}

// one reports whether everything serves the same, or nothing is there.
func one(now map[string]string) bool {
	seen := map[string]bool{}
	for _, v := range now {
		seen[v] = true
	}
	return len(seen) < 2
}

// recover takes back what did not end, as lockstep recover does.
func (d *day) recover() {
	res, err := deploy.Recover(context.Background(), d.scene.release(&process{client: d.fine()}, "2", "d-recover"))
	if err != nil {
		d.Error(err)
	}
	now := d.scene.contents()
	d.tell("recover: %s (%s); %v", res.Outcome, res.Reason, now)
	switch res.Outcome {
	case deploy.RolledBack, deploy.NoChange:
		if d.journaled() || !d.touched && !one(now) {
			d.Errorf("recover: %s is not true", res.Outcome)
		}
	case deploy.Quarantined, deploy.InDoubt:
		if !d.journaled() || res.Reason == "" {
			d.Errorf("recover: %s, and no reason or no journal says so", res.Outcome)
		}
	default:
		d.Errorf("recover: unexpected outcome %s", res.Outcome)
	}
}

// close lets the weather get fine and has the next deploy end a bad day, in a
// third of the cases after a recovery.
func (d *day) close() {
	time.Sleep(time.Hour)
	if d.chance.Float64() < 1./3 {
		d.recover()
	}
	stuck := slices.ContainsFunc(slices.Collect(maps.Values(d.scene.contents())), func(v string) bool { return strings.Contains(v, "FAILED") })
	res := d.run(context.Background(), d.fine(), "2", "d-last")
	now := d.scene.contents()
	d.tell("the last: %s (%s); %v", res.Outcome, res.Reason, now)
	success := res.Outcome == deploy.Done || res.Outcome == deploy.NoChange
	switch {
	case d.serves(now, "2") && success:
		d.bill.together++
	case success || res.Outcome == deploy.RolledBack && !one(now):
		d.bill.mixed++
		d.Errorf("%s is not true", res.Outcome)
	default:
		d.bill.said++
		if !stuck || res.Reason == "" {
			d.Errorf("%s (%s), though nothing stands in the way", res.Outcome, res.Reason)
		}
	}
	for _, region := range bothRegions {
		if state := d.ledgerOf(region); state.Lock != nil || success && (state.Journal != nil || state.Record == nil || state.Record.ID != "r-2") {
			d.Errorf("the ledger of %s says %+v", region, state)
		}
	}
}
