package deploy

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func window(t *testing.T, text string) Window {
	t.Helper()
	w, err := ParseWindow(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWindowsContainWhatTheyShould(t *testing.T) {
	for _, c := range []struct {
		window, at string
		want       bool
	}{
		{"Mon-Thu 08:00-16:00 Europe/Berlin", "2026-11-23T07:00:00Z", true},  // Monday, 08:00 in Berlin
		{"Mon-Thu 08:00-16:00 Europe/Berlin", "2026-11-23T06:59:00Z", false}, // 07:59
		{"Mon-Thu 08:00-16:00 Europe/Berlin", "2026-11-23T15:00:00Z", false}, // 16:00: the end is not in it
		{"Mon-Thu 08:00-16:00 Europe/Berlin", "2026-11-27T10:00:00Z", false}, // Friday
		{"Mon-Thu 08:00-16:00 Europe/Berlin", "2026-07-20T06:00:00Z", true},  // summer time
		{"Mon-Thu 08:00-16:00", "2026-11-23T08:00:00Z", true},                // UTC
		{"Fri-Mon 00:00-24:00", "2026-11-22T23:59:00Z", true},                // Sunday
		{"Fri-Mon 00:00-24:00", "2026-11-24T00:00:00Z", false},               // Tuesday
		{"Mon,Wed,Fri 10:00-11:00", "2026-11-25T10:30:00Z", true},
		{"Mon,Wed,Fri 10:00-11:00", "2026-11-26T10:30:00Z", false},
		{"Mon 22:00-04:00", "2026-11-24T03:00:00Z", true},  // the night that Monday begins
		{"Mon 22:00-04:00", "2026-11-23T03:00:00Z", false}, // the night before
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := window(t, c.window).Contains(at); got != c.want {
			t.Errorf("%s at %s: %v", c.window, c.at, got)
		}
	}
}

func TestWindowsThatMakeNoSenseAreErrors(t *testing.T) {
	for _, text := range []string{"", "always", "Mon-Thu", "Mon-Thu 08:00", "Mon-Thu 8-16", "Montag 08:00-16:00", "Mon-Thu 08:00-25:00",
		"Mon 08:00-08:00", "Mon 24:00-04:00", "Mon 08:00-16:00 Berlin", "Mon 08:00-16:00 Local", "Mon 08:60-16:00", "Mon, 08:00-16:00", "Mon 08:00-16:00 UTC more"} {
		if w, err := ParseWindow(text); err == nil {
			t.Errorf("%q is taken as %+v", text, w)
		}
	}
}

func FuzzParseWindowNeverPanicsAndPrintsWhatItReads(f *testing.F) {
	f.Add("Mon-Thu 08:00-16:00 Europe/Berlin")
	f.Add("Fri,Sat-Sun 22:00-04:00")
	f.Fuzz(func(t *testing.T, text string) {
		w, err := ParseWindow(text)
		if err != nil {
			return
		}
		w.Contains(time.Unix(0, 0))
		if again, err := ParseWindow(w.String()); err != nil || again.from != w.from || again.to != w.to || again.days != w.days {
			t.Errorf("%q prints as %q: %v", text, w, err)
		}
	})
}

// The test's clock begins on Saturday, 2000-01-01, at midnight.
func TestAFreezeRejectsUnlessItIsIgnoredForAReason(t *testing.T) {
	past, future := time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		change func(*testing.T, *world, *Request)
		want   Outcome
		words  string
	}{
		{"none", func(*testing.T, *world, *Request) {}, Done, ""},
		{"in the configuration", func(_ *testing.T, _ *world, q *Request) { q.Freeze = &Freeze{Until: future, Reason: "sale"} }, Rejected, "sale"},
		{"in the configuration, without an end", func(_ *testing.T, _ *world, q *Request) { q.Freeze = &Freeze{Reason: "sale"} }, Rejected, "until it is lifted"},
		{"in the configuration, over", func(_ *testing.T, _ *world, q *Request) { q.Freeze = &Freeze{Until: past, Reason: "sale"} }, Done, ""},
		{"in one Region's ledger", func(_ *testing.T, w *world, _ *Request) {
			w.places["us-west-2"].ledger.Freeze = &Freeze{Until: future, Reason: "game day", By: Owner{Who: "ann"}}
		}, Rejected, "us-west-2 until 2000-01-02T00:00:00Z, by ann: game day"},
		{"in one Region's ledger, over", func(_ *testing.T, w *world, _ *Request) {
			w.places["us-west-2"].ledger.Freeze = &Freeze{Until: past, Reason: "game day"}
		}, Done, ""},
		{"outside the windows", func(t *testing.T, _ *world, q *Request) { q.Windows = []Window{window(t, "Mon-Fri 08:00-16:00")} }, Rejected, "Mon-Fri 08:00-16:00"},
		{"inside one of the windows", func(t *testing.T, _ *world, q *Request) {
			q.Windows = []Window{window(t, "Mon-Fri 08:00-16:00"), window(t, "Sat 00:00-01:00")}
		}, Done, ""},
		{"ignored", func(_ *testing.T, w *world, q *Request) {
			w.places["us-west-2"].ledger.Freeze = &Freeze{Reason: "game day"}
			q.IgnoreFreeze = "fixes INC-7"
		}, Done, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, twoTargets, "r-1")
				req := w.request("r-2", "d-1", twoTargets, nil)
				c.change(t, w, &req)
				res, err := Run(t.Context(), req)
				if err != nil || res.Outcome != c.want || !strings.Contains(res.Reason, c.words) {
					t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
				}
				checkHonest(t, w, res)
				if got := w.places["us-east-1"].ledger.Record.IgnoredFreeze; (got != "") != (req.IgnoreFreeze != "") || !strings.Contains(got, req.IgnoreFreeze) {
					t.Errorf("recorded %q, ignored because %q", got, req.IgnoreFreeze)
				}
			})
		})
	}
}

func TestAFreezeThatComesWhileItPreparesIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		w.fault = func(s site) fault {
			if s.call == "image" {
				w.places["us-east-1"].ledger.Freeze = &Freeze{Reason: "stop"}
			}
			return works
		}
		res, err := Run(t.Context(), w.request("r-2", "d-1", twoTargets, nil))
		if err != nil || res.Outcome != Rejected || !w.all("r-1") {
			t.Fatalf("%v %s (%s), contents %v", err, res.Outcome, res.Reason, w.contents())
		}
		checkHonest(t, w, res)
	})
}

func TestAPlanTellsOfAFreezeAndGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, res := deployWith(t, "r-1", nil, func(q *Request) { q.DryRun, q.Freeze = true, &Freeze{Reason: "sale"} })
		if res.Outcome != Planned || !strings.Contains(strings.Join(res.Regions[0].Notes, " "), "would be refused now") {
			t.Errorf("%s (%s), notes %q", res.Outcome, res.Reason, res.Regions[0].Notes)
		}
	})
}

// A freeze does not keep anybody from bringing Regions back together.
func TestRecoveringIgnoresAFreeze(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, res, _ := cancelAfter(t, 90*time.Second, nil, nil)
		if res.Outcome != InDoubt {
			t.Fatalf("%s (%s)", res.Outcome, res.Reason)
		}
		req := w.request("r-2", "d-2", twoTargets, nil)
		req.Freeze = &Freeze{Reason: "sale"}
		if res, _ := Run(t.Context(), req); res.Outcome != InDoubt || !strings.Contains(res.Reason, "sale") {
			t.Errorf("going forward: %s (%s)", res.Outcome, res.Reason)
		}
		res, err := Recover(t.Context(), req)
		if err != nil || res.Outcome != RolledBack || !w.all("r-1") {
			t.Errorf("%v %s (%s), contents %v", err, res.Outcome, res.Reason, w.contents())
		}
	})
}

// TestAFreezeThatComesLaterTakesEverythingBack: before the next wave and before
// the decision nothing has to stay; a freeze that is ignored holds up nothing.
func TestAFreezeThatComesLaterTakesEverythingBack(t *testing.T) {
	standbyFirst := func(q *Request) { primaryIn("us-east-1", q); q.Strategy = StandbyFirst }
	for _, c := range []struct {
		name   string
		change func(*Request)
		// at is the call during which the freeze comes.
		at, region string
		until      time.Duration // how long it lasts; zero: until it is lifted
		want       Outcome
	}{
		{"between two waves", standbyFirst, "execute", "us-west-2", 0, RolledBack},
		{"between two waves, and over by then", standbyFirst, "execute", "us-west-2", time.Second, Done},
		{"between two waves, ignored", func(q *Request) { standbyFirst(q); q.IgnoreFreeze = "fixes INC-7" }, "execute", "us-west-2", 0, Done},
		{"in the last wave, when everything settles", standbyFirst, "execute", "us-east-1", 0, Done},
		{"while everything waits at the barrier", withBarrier, "staged", "us-west-2", 0, RolledBack},
		{"after the decision", withBarrier, "keep", "us-west-2", 0, Done},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, twoTargets, "r-1")
				w.fault = func(s site) fault {
					if s.call == c.at && s.region == c.region {
						freeze := &Freeze{Reason: "stop"}
						if c.until > 0 {
							freeze.Until = time.Now().Add(c.until)
						}
						w.places["us-east-1"].ledger.Freeze = freeze
					}
					return works
				}
				req := w.request("r-2", "d-1", twoTargets, nil)
				c.change(&req)
				res := mustRun(t, req)
				holds := map[Outcome]string{Done: "r-2", RolledBack: "r-1"}[c.want]
				if res.Outcome != c.want || !w.all(holds) || c.want == RolledBack && !strings.Contains(res.Reason, "frozen meanwhile, in its ledger, until it is lifted: stop") {
					t.Errorf("%s (%s), contents %v", res.Outcome, res.Reason, w.contents())
				}
				checkHonest(t, w, res)
			})
		})
	}
}
