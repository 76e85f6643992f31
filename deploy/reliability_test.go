package deploy

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var updateDocs = flag.Bool("update", false, "write docs/reliability.md instead of comparing it")

// bill is what a kind of mishap came to.
type bill struct {
	name string
	// deploys counts runs of the coordinator, faults what was done to them.
	deploys, faults int
	// cases end with all Regions on one release, or with a run that says that
	// they are not; mixed are those that did neither.
	cases, together, said, mixed int
}

// close counts how a case ended: the last result held against the world.
func (b *bill) close(t *testing.T, w *world, res Result) {
	t.Helper()
	b.cases++
	success := res.Outcome == Done || res.Outcome == NoChange || res.Outcome == RolledBack
	seen := map[string]bool{}
	for _, content := range w.contents() {
		seen[content] = true
	}
	switch uniform := len(seen) == 1 && !seen["stuck"] && !seen["pending"]; {
	case uniform:
		b.together++
	case !success:
		b.said++
	default:
		b.mixed++
		t.Errorf("%s, but the Regions hold %v", res.Outcome, w.contents())
	}
}

// shapes are the kinds of deploys every mishap is tried on.
var shapes = []struct {
	name, before string
	strategy     Strategy
	change       func(*Request)
}{
	{"an update, in parallel", "r-1", Parallel, nil},
	{"a first creation, in parallel", "", Parallel, nil},
	{"an update, the standby first", "r-1", StandbyFirst, nil},
	{"an update, the primary first, with hooks and a bake", "r-1", PrimaryFirst, func(q *Request) {
		q.Bake = time.Minute
		for i := range q.Regions {
			q.Regions[i].Hooks = []Check{&ask{name: "health"}}
			q.Regions[i].Alarms = []Check{&ask{name: "errors"}}
		}
	}},
	{"an update with a barrier, in parallel", "r-1", Parallel, withBarrier},
	{"a first creation with a barrier, the standby first, with hooks", "", StandbyFirst, func(q *Request) {
		withBarrier(q)
		for i := range q.Regions {
			q.Regions[i].Hooks = []Check{&ask{name: "health"}}
		}
	}},
}

// withBarrier holds every target that no other one takes an output of.
func withBarrier(q *Request) {
	for _, region := range q.Regions {
		needed := map[string]bool{}
		for _, target := range region.Targets {
			for _, need := range target.About().Needs {
				needed[need.Target] = true
			}
		}
		for _, target := range region.Targets {
			if !needed[target.About().Name] {
				target.(*fakeTarget).barrier = q.Deployment
			}
		}
	}
}

// shaped is a world before a deploy of r-2, and the request for it.
func shaped(n int, deployment string) (*world, Request) {
	w := newWorld(twoRegions, twoTargets, shapes[n].before)
	return w, reshape(w, n, deployment)
}

func reshape(w *world, n int, deployment string) Request {
	req := w.request("r-2", deployment, twoTargets, map[string][]Ref{"app": {{"data", "Arn"}}})
	primaryIn("us-east-1", &req)
	req.Strategy = shapes[n].strategy
	if change := shapes[n].change; change != nil {
		change(&req)
	}
	return req
}

// sites are all calls of a deploy without faults.
func sites(t *testing.T, n int) []site {
	var list []site
	synctest.Test(t, func(t *testing.T) {
		w, req := shaped(n, "d-0")
		if res, err := Run(context.Background(), req); err != nil || res.Outcome != Done {
			t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
		for _, key := range slices.Sorted(maps.Keys(w.calls)) {
			words := strings.Split(key, "/")
			times := min(w.calls[key], 3) // polls repeat themselves
			if words[2] == "journal" {
				times = w.calls[key] // and no two of these mean the same
			}
			for i := range times {
				list = append(list, site{words[0], words[1], words[2], i + 1})
			}
		}
	})
	return list
}

// afterwards runs the deploy once more, without faults, and closes the case.
func (b *bill) afterwards(t *testing.T, w *world, n int) {
	t.Helper()
	time.Sleep(time.Hour) // leases end, operations settle
	w.revive(nil)
	res, err := Run(context.Background(), reshape(w, n, "d-again"))
	if err != nil {
		t.Fatal(err)
	}
	b.deploys++
	b.close(t, w, res)
	if locks, _, _ := w.leftovers(); locks != 0 {
		t.Errorf("%d locks were left", locks)
	}
}

// atEverySite lets one fault happen at every call of every shape of deploy.
func atEverySite(t *testing.T, b *bill, faults ...fault) {
	for n := range shapes {
		for _, where := range sites(t, n) {
			for _, f := range faults {
				if (f == opFails || f == opSticks) && where.call != "execute" {
					continue // only an operation can do that
				}
				ok := t.Run(fmt.Sprintf("%s, %s, %d", shapes[n].name, where, f), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						w, req := shaped(n, "d-1")
						w.revive(func(s site) fault {
							if s == where {
								return f
							}
							return works
						})
						res, err := Run(context.Background(), req)
						if err != nil {
							t.Fatal(err)
						}
						b.deploys++
						b.faults++
						if !w.dead {
							checkTold(t, w, res)
						}
						b.afterwards(t, w, n)
					})
				})
				if !ok {
					return
				}
			}
		}
	}
}

// cancelEverywhere cancels every shape of deploy every few seconds of its life.
func cancelEverywhere(t *testing.T, b *bill) {
	for n := range shapes {
		for _, policy := range []CancelPolicy{AbortOnCancel, DetachOnCancel} {
			for after := time.Duration(0); after < 6*time.Minute; after += 5 * time.Second {
				synctest.Test(t, func(t *testing.T) {
					w, req := shaped(n, "d-1")
					req.OnCancel = policy
					ctx, cancel := context.WithTimeout(context.Background(), after)
					defer cancel()
					res, err := Run(ctx, req)
					if err != nil {
						t.Fatal(err)
					}
					b.deploys++
					b.faults++
					checkTold(t, w, res)
					b.afterwards(t, w, n)
				})
			}
		}
	}
}

// storms fail every call of a span of time, in one Region or in all: throttling
// that retries do not outlast, credentials that expire, a network that is gone.
func storms(t *testing.T, b *bill) {
	for n := range shapes {
		for _, region := range append(slices.Clone(twoRegions), "") {
			for from := time.Duration(0); from < 5*time.Minute; from += 20 * time.Second {
				for _, length := range []time.Duration{10 * time.Second, 2 * time.Minute, 24 * time.Hour} {
					synctest.Test(t, func(t *testing.T) {
						w, req := shaped(n, "d-1")
						begin := time.Now()
						w.revive(func(s site) fault {
							if at := time.Since(begin); at >= from && at < from+length && (region == "" || s.region == region) {
								return errBefore
							}
							return works
						})
						res, err := Run(context.Background(), req)
						if err != nil {
							t.Fatal(err)
						}
						b.deploys++
						b.faults++
						checkStorm(t, w, res)
						b.afterwards(t, w, n)
					})
				}
			}
		}
	}
}

// checkStorm: whatever could not be read or written, a success is one.
func checkStorm(t *testing.T, w *world, res Result) {
	t.Helper()
	if (res.Outcome == Done || res.Outcome == NoChange) && !w.all(res.Release.ID) {
		t.Errorf("%s is not true: %v", res.Outcome, w.contents())
	}
	if res.Outcome == RolledBack {
		checkUniform(t, w, res)
	}
}

// twoAtOnce starts a second deploy, of another release, during the first.
func twoAtOnce(t *testing.T, b *bill) {
	for n := range shapes {
		for after := time.Duration(0); after < 5*time.Minute; after += 7 * time.Second {
			synctest.Test(t, func(t *testing.T) {
				w, first := shaped(n, "d-1")
				second := reshape(w, n, "d-2")
				second.Release.ID = "r-3"
				for i := range second.Regions {
					for _, target := range second.Regions[i].Targets {
						target.(*fakeTarget).want = "r-3"
					}
				}
				ended := make(chan Result)
				go func() {
					time.Sleep(after)
					res, _ := Run(context.Background(), second)
					ended <- res
				}()
				res, err := Run(context.Background(), first)
				if err != nil {
					t.Fatal(err)
				}
				other := <-ended
				b.deploys += 2
				b.faults++
				if res.Outcome == Done && other.Outcome == Done && !w.all("r-3") && !w.all("r-2") {
					t.Errorf("both released, and the Regions hold %v", w.contents())
				}
				b.afterwards(t, w, n)
			})
		}
	}
}

// foreign lets somebody else change a stack at every moment of a deploy.
func foreign(t *testing.T, b *bill) {
	for n := range shapes {
		for _, region := range twoRegions {
			for after := time.Duration(0); after < 5*time.Minute; after += 10 * time.Second {
				synctest.Test(t, func(t *testing.T) {
					w, req := shaped(n, "d-1")
					time.AfterFunc(after, func() {
						w.mu.Lock()
						defer w.mu.Unlock()
						if s := w.places[region].stacks["app"]; s.pending == nil {
							s.pending = &pending{to: "somebody else's", ends: time.Now().Add(30 * time.Second)}
							clear(s.plans)
						}
					})
					res, err := Run(context.Background(), req)
					if err != nil {
						t.Fatal(err)
					}
					b.deploys++
					b.faults++
					if (res.Outcome == Done || res.Outcome == NoChange) && res.FinishedAt.Sub(res.StartedAt) > after+time.Minute && !w.all("r-2") {
						t.Errorf("%s is not true: %v", res.Outcome, w.contents())
					}
					b.afterwards(t, w, n)
				})
			}
		}
	}
}

// TestReliability counts what becomes of deploys on bad days, and holds the
// published figures against it.
func TestReliability(t *testing.T) {
	if testing.Short() {
		t.Skip("counts thousands of deploys")
	}
	bills := []*bill{{name: "the process is killed, at every call"}, {name: "a call fails, or its answer is lost, at every call"},
		{name: "the run is cancelled, every five seconds"}, {name: "an operation fails and goes back, or cannot, for every target"}, {name: "every call fails for a while, in one Region or in both"},
		{name: "another deploy starts meanwhile"}, {name: "somebody else changes a stack meanwhile"}, {name: "up to three faults at once, by chance"}}
	atEverySite(t, bills[0], killBefore, killAfter)
	atEverySite(t, bills[1], errBefore, errAfter)
	cancelEverywhere(t, bills[2])
	atEverySite(t, bills[3], opFails, opSticks)
	storms(t, bills[4])
	twoAtOnce(t, bills[5])
	foreign(t, bills[6])
	byChance(t, bills[7])
	if !t.Failed() {
		compareDocument(t, bills)
	}
}

// byChance replays seeds of the property test.
func byChance(t *testing.T, b *bill) {
	for seed := int64(1); seed <= 500; seed++ {
		synctest.Test(t, func(t *testing.T) {
			n := int(pick(seed, "shape") * float64(len(shapes)))
			w, req := shaped(n, "d-1")
			w.revive(faulty(seed, twoRegions, twoTargets))
			if _, err := Run(context.Background(), req); err != nil {
				t.Fatal(err)
			}
			b.deploys++
			b.faults += int(pick(seed, "how many") * 4) // as faulty plans them
			b.afterwards(t, w, n)
			if t.Failed() {
				t.Fatalf("seed %d: faults %v", seed, w.log)
			}
		})
	}
}

const (
	documentPath = "../docs/reliability.md"
	countsBegin  = "<!-- counts: written by go test ./deploy -run TestReliability -update -->\n"
	countsEnd    = "<!-- /counts -->"
)

func compareDocument(t *testing.T, bills []*bill) {
	t.Helper()
	var table strings.Builder
	table.WriteString("| what goes wrong | deploys | faults | cases | Regions together after one more run | apart, and said so | apart, and called a success |\n|---|---|---|---|---|---|---|\n")
	sum := bill{name: "**all**"}
	for _, b := range append(bills, &sum) {
		fmt.Fprintf(&table, "| %s | %d | %d | %d | %d | %d | %d |\n", b.name, b.deploys, b.faults, b.cases, b.together, b.said, b.mixed)
		sum.deploys, sum.faults, sum.cases = sum.deploys+b.deploys, sum.faults+b.faults, sum.cases+b.cases
		sum.together, sum.said, sum.mixed = sum.together+b.together, sum.said+b.said, sum.mixed+b.mixed
	}
	text, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), countsBegin)
	_, after, closed := strings.Cut(rest, countsEnd)
	if !found || !closed {
		t.Fatalf("%s has no place for the counts", documentPath)
	}
	want := before + countsBegin + table.String() + countsEnd + after
	if *updateDocs {
		if err := os.WriteFile(documentPath, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Errorf("%s does not say what was counted; run go test ./deploy -run TestReliability -update\n%s", documentPath, table.String())
	}
}
