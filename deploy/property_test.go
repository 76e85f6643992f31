package deploy

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var (
	seeds    = flag.Int("seeds", 400, "how many seeds the property test tries")
	fromSeed = flag.Int64("seed", 1, "the first seed; printed on failure")
)

// callSites are the calls a fault can hit, those worth most more than once.
var callSites = []string{
	"ledger/lock", "ledger/read", "ledger/save", "ledger/journal", "ledger/journal", "ledger/record", "ledger/clear", "ledger/unlock", "ledger/load",
	"prepare", "image", "execute", "execute", "result", "verify", "restore", "restored", "outputs", "discard", "abort", "describe", "describe", "describe",
	"staged", "keep", "keep", "settle",
}

// faulty plans up to three faults by the seed alone, so that a seed means the
// same whatever the order of goroutines.
func faulty(seed int64, regions, targets []string) func(site) fault {
	planned := map[site]fault{}
	choose := func(n int, what string) float64 { return pick(seed, what, fmt.Sprint(n)) }
	for n := range int(pick(seed, "how many") * 4) {
		call := callSites[int(choose(n, "call")*float64(len(callSites)))]
		target := targets[int(choose(n, "target")*float64(len(targets)))]
		if rest, ok := strings.CutPrefix(call, "ledger/"); ok {
			target, call = "ledger", rest
		}
		times := 1 + int(choose(n, "times")*2)
		if call == "describe" {
			times = 1 + int(choose(n, "times")*25)
		}
		at := site{regions[int(choose(n, "region")*float64(len(regions)))], target, call, times}
		choices := []fault{errBefore, errAfter, killBefore, killAfter}
		switch call {
		case "execute":
			at.n, choices = 1, append(choices, opFails, opFails, opFails, opFails, opSticks)
		case "prepare":
			choices = append(choices, refuses, opFails)
		case "verify", "staged":
			choices = append(choices, lies, lies)
		case "restore":
			choices = append(choices, opSticks)
		}
		planned[at] = choices[int(choose(n, "which")*float64(len(choices)))]
	}
	return func(s site) fault { return planned[s] }
}

// TestWhateverHappensTheNextRunConverges kills, cancels and faults a deploy,
// sometimes also the run after it, and holds every result against the world.
// The run after that has no faults and must bring all Regions to one release,
// or say that it could not.
func TestWhateverHappensTheNextRunConverges(t *testing.T) {
	counts := map[string]int{}
	for i := range int64(*seeds) {
		seed := *fromSeed + i
		ok := t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { torment(t, seed, counts) })
		})
		if !ok {
			t.Fatalf("replay with: go test ./deploy -run TestWhateverHappens -seed %d -seeds 1", seed)
		}
	}
	t.Log(counts)
	for _, outcome := range []Outcome{Done, Rejected, FailedClean, RolledBack, Quarantined, InDoubt} {
		if *seeds >= 400 && counts["faulty "+string(outcome)] == 0 {
			t.Errorf("no seed ended as %s: the test does not test", outcome)
		}
	}
}

func torment(t *testing.T, seed int64, counts map[string]int) {
	before, targets := "r-1", []string{"data", "app", "edge"}
	regions := []string{"eu-west-1", "us-east-1", "us-west-2"}[:2+int(pick(seed, "regions")*2)]
	if pick(seed, "fresh") < 0.25 {
		before = ""
	}
	needs := map[string][]Ref{"app": {{"data", "Arn"}}}
	w := newWorld(regions, targets, before)
	var story []string
	for round := range 1 + int(pick(seed, "rounds")*3) {
		release := "r-2"
		if pick(seed, "other release", fmt.Sprint(round)) < 0.3 {
			release = "r-3"
		}
		w.revive(faulty(seed*31+int64(round), regions, targets))
		w.log = nil
		ctx, cancel := context.WithCancel(context.Background())
		if pick(seed, "cancel", fmt.Sprint(round)) < 0.3 {
			time.AfterFunc(time.Duration(pick(seed, "when", fmt.Sprint(round))*float64(4*time.Minute)), cancel)
		}
		req := w.request(release, fmt.Sprintf("d-%d", round), targets, needs)
		if pick(seed, "barrier", fmt.Sprint(round)) < 0.4 {
			withBarrier(&req)
			counts["with a barrier"]++
		}
		req.AllowOlder = pick(seed, "older", fmt.Sprint(round)) < 0.5
		res, err := Run(ctx, req)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if w.dead {
			counts["killed"]++
		} else {
			counts["faulty "+string(res.Outcome)]++
			checkTold(t, w, res)
		}
		story = append(story, fmt.Sprintf("round %d, %s: %s (%s); dead %v; faults %v; contents %v", round, release, res.Outcome, res.Reason, w.dead, w.log, w.contents()))
		if t.Failed() {
			t.Fatalf("%s", strings.Join(story, "\n"))
		}
		time.Sleep(time.Duration(pick(seed, "pause", fmt.Sprint(round)) * float64(10*time.Minute)))
	}
	converge(t, w, targets, needs, counts)
	if t.Failed() {
		t.Fatalf("%s", strings.Join(story, "\n"))
	}
}

// checkTold holds the result of a run that lived to the end against the world.
func checkTold(t *testing.T, w *world, res Result) {
	t.Helper()
	locks, journals, _ := w.leftovers()
	switch res.Outcome {
	case Done, NoChange:
		if !w.all(res.Release.ID) {
			t.Errorf("%s is not true", res.Outcome)
		}
	case Rejected, FailedClean, RolledBack:
		checkUniform(t, w, res)
		for _, region := range res.Regions {
			for _, target := range region.Targets {
				if got := w.contents()[region.Region+"/"+target.Target]; region.Before != "?" && got != region.Before {
					t.Errorf("%s is not true: %s/%s holds %q, before %q", res.Outcome, region.Region, target.Target, got, region.Before)
				}
			}
		}
	case InDoubt, Quarantined:
		if journals == 0 && !w.all(res.Release.ID) {
			t.Errorf("%s, but no journal says so", res.Outcome)
		}
	default:
		t.Errorf("unexpected outcome %s", res.Outcome)
	}
	if locks > len(w.places) {
		t.Errorf("%d locks", locks)
	}
}

// checkUniform holds a clean ending to its promise: all Regions hold the same,
// unless the run could not even read what they had.
func checkUniform(t *testing.T, w *world, res Result) {
	t.Helper()
	seen := map[string]bool{}
	for _, region := range res.Regions {
		if region.Before == "?" {
			return
		}
		seen[region.Before] = true
	}
	for _, content := range w.contents() {
		seen[content] = true
	}
	if len(seen) != 1 {
		t.Errorf("%s, but the Regions differ: %v", res.Outcome, w.contents())
	}
}

// converge runs once more without faults.
func converge(t *testing.T, w *world, targets []string, needs map[string][]Ref, counts map[string]int) {
	t.Helper()
	time.Sleep(time.Hour)
	w.revive(nil)
	req := w.request("r-2", "d-last", targets, needs)
	req.AllowOlder = true // a round may have brought r-3 after it
	res, err := Run(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	counts["then "+string(res.Outcome)]++
	stuck := false
	for _, content := range w.contents() {
		stuck = stuck || content == "stuck"
	}
	switch {
	case !stuck && (res.Outcome == Done || res.Outcome == NoChange) && w.all("r-2"):
	case stuck && (res.Outcome == Quarantined || res.Outcome == InDoubt || res.Outcome == Rejected):
	default:
		t.Errorf("the last run ended as %s (%s), contents %v", res.Outcome, res.Reason, w.contents())
	}
	if locks, _, _ := w.leftovers(); locks != 0 {
		t.Errorf("%d locks were left", locks)
	}
}
