package deploy

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// lineage is a repository with one line of commits, the first one first.
type lineage []string

func (l lineage) Precedes(_ context.Context, earlier, later string) (bool, error) {
	a, b := slices.Index(l, earlier), slices.Index(l, later)
	if a < 0 || b < 0 {
		return false, errors.New("not in the checkout")
	}
	return a < b, nil
}

// TestAReleaseThatIsOlderThanWhatRunsIsRefused: each Region has run the
// releases of ran, "id commit", the last of them now.
func TestAReleaseThatIsOlderThanWhatRunsIsRefused(t *testing.T) {
	for _, c := range []struct {
		name    string
		ran     []string
		deploys string
		commits Commits
		change  func(*Request)
		want    Outcome
		words   string
	}{
		{name: "the ledger had it before", ran: []string{"r-1 c1", "r-2 c2"}, deploys: "r-1 c1", want: Rejected, words: "the Region ran it before"},
		{name: "and it is asked for", ran: []string{"r-1 c1", "r-2 c2"}, deploys: "r-1 c1", change: func(q *Request) { q.AllowOlder = true }, want: Done},
		{name: "and this is a plan", ran: []string{"r-1 c1", "r-2 c2"}, deploys: "r-1 c1", change: func(q *Request) { q.DryRun = true }, want: Planned, words: "would be refused now"},
		{name: "a release that nobody has run", ran: []string{"r-1 c1", "r-2 c2"}, deploys: "r-3 c3", want: Done},
		{name: "the one that runs", ran: []string{"r-1 c1", "r-2 c2"}, deploys: "r-2 c2", want: NoChange},
		{name: "other content of the commit that runs", ran: []string{"r-1 c1", "r-2 c2"}, deploys: "r-9 c2", want: Done},
		{name: "a commit that reverts to content that ran before", ran: []string{"r-1 c1", "r-2 c2"}, deploys: "r-1 c3", want: Done, words: "goes back to it"},
		{name: "forward again after going back", ran: []string{"r-1 c1", "r-2 c2", "r-1 c1"}, deploys: "r-2 c2", want: Done},
		{name: "without commits, content that ran before", ran: []string{"r-1", "r-2"}, deploys: "r-1", want: Rejected, words: "the Region ran it before"},
		{name: "without commits, content that nobody has run", ran: []string{"r-1", "r-2"}, deploys: "r-3", want: Done},
		{name: "an ancestor that never ran here", ran: []string{"r-2 c2"}, deploys: "r-1 c1", commits: lineage{"c1", "c2"}, want: Rejected, words: "c1 is an ancestor of c2"},
		{name: "a descendant", ran: []string{"r-1 c1"}, deploys: "r-2 c2", commits: lineage{"c1", "c2"}, want: Done},
		{name: "a shallow checkout, and the ledger had it before", ran: []string{"r-1 c1", "r-2 c2"}, deploys: "r-1 c1", commits: lineage{"c1"}, want: Rejected, words: "the Region ran it before"},
		{name: "a shallow checkout, and nobody knows", ran: []string{"r-2 c2"}, deploys: "r-1 c1", commits: lineage{"c1"}, want: Done},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, twoTargets, "r-0")
				req := w.request("", "d-9", twoTargets, nil)
				for _, ran := range c.ran {
					release(&req, ran)
					req.Deployment, req.AllowOlder = "d-"+ran, true
					if res := mustRun(t, req); res.Outcome != Done {
						t.Fatalf("%s: %s (%s)", ran, res.Outcome, res.Reason)
					}
				}
				release(&req, c.deploys)
				req.Deployment, req.AllowOlder, req.Commits = "d-9", false, c.commits
				if c.change != nil {
					c.change(&req)
				}
				before := req.Release.ID
				if c.want == Rejected || c.want == Planned {
					before, _, _ = strings.Cut(c.ran[len(c.ran)-1], " ")
				}
				res := mustRun(t, req)
				said := res.Reason + strings.Join(res.Regions[0].Notes, "; ")
				if res.Outcome != c.want || !strings.Contains(said, c.words) || !w.all(before) {
					t.Errorf("%s (%s), contents %v", res.Outcome, said, w.contents())
				}
				checkHonest(t, w, res)
			})
		})
	}
}

// release lets a request bring "id commit".
func release(req *Request, text string) {
	req.Release.ID, req.Release.Commit, _ = strings.Cut(text, " ")
	for i := range req.Regions {
		for _, target := range req.Regions[i].Targets {
			target.(*fakeTarget).want = req.Release.ID
		}
	}
}

// One Region is enough: the others would be taken along.
func TestAReleaseThatIsOlderInOneRegionOnlyIsRefusedInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		alone := w.request("r-2", "d-1", twoTargets, nil)
		alone.Regions, alone.LeftOut = alone.Regions[1:], []string{alone.Regions[0].Name}
		if res := mustRun(t, alone); res.Outcome != Done {
			t.Fatalf("%s (%s)", res.Outcome, res.Reason)
		}
		res := mustRun(t, w.request("r-1", "d-2", twoTargets, nil))
		if res.Outcome != Rejected || !strings.HasPrefix(res.Reason, alone.Regions[0].Name) {
			t.Errorf("%s (%s)", res.Outcome, res.Reason)
		}
	})
}

func TestAHistoryThatCannotBeReadIsNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		w.fault = at("us-west-2", "ledger", "history", errBefore)
		res := mustRun(t, w.request("r-2", "d-1", twoTargets, nil))
		if res.Outcome != FailedClean || !res.Undetermined || !w.all("r-1") {
			t.Errorf("%s (%s), undetermined %v", res.Outcome, res.Reason, res.Undetermined)
		}
	})
}
