package config

import (
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
)

const acceptHead = "# ours\nversion: 1 # one\napp: a\nstrategy: pilot-light\nregions: {eu-west-1: {role: primary}, eu-central-1: {role: standby}}\ninventory: [{cloudformation: {stack: shop}}]\n"

// A waiver is added to whatever stands there, and nothing that stood there moves.
func TestAWaiverIsAddedAndNothingElseChanges(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	until, _ := drift.ParseDate("2027-03-31")
	w := drift.Waiver{Resource: "shop/Fn", Property: "MemorySize", Reason: `smaller: "on purpose" # really`, Until: until}
	const item = `{resource: "shop/Fn", property: "MemorySize", reason: "smaller: \"on purpose\" # really", until: 2027-03-31}`
	const other = `{resource: shop/Other, property: "*", reason: x, until: 2027-01-01}`
	for name, c := range map[string]struct{ before, after string }{
		"no drift section":                {"", "\ndrift:\n  accept:\n    - ITEM\n"},
		"a section without waivers":       {"drift: # why\n    fail-on: block # so\n", "drift: # why\n    accept:\n      - ITEM\n    fail-on: block # so\n"},
		"a section in braces":             {"drift: {fail-on: block} # so\n", "drift: {fail-on: block, accept: [ITEM]} # so\n"},
		"an empty list":                   {"drift: {accept: []}\n", "drift: {accept: [ITEM]}\n"},
		"a list in brackets":              {"drift:\n  accept: [OTHER] # theirs\n", "drift:\n  accept: [OTHER, ITEM] # theirs\n"},
		"brackets over several lines":     {"drift:\n  accept: [\n    OTHER\n  ]\n", "drift:\n  accept: [\n    OTHER, ITEM\n  ]\n"},
		"brackets with a comma at last":   {"drift:\n  accept: [OTHER,]\n", "drift:\n  accept: [OTHER, ITEM]\n"},
		"a list":                          {"drift:\n  accept:\n    # theirs\n    - OTHER # so\n\n# the gate\ngate: {block: any}\n", "drift:\n  accept:\n    # theirs\n    - OTHER # so\n    - ITEM\n\n# the gate\ngate: {block: any}\n"},
		"a list that is not indented":     {"drift:\n  accept:\n  - OTHER\n  fail-on: block\n", "drift:\n  accept:\n  - OTHER\n  - ITEM\n  fail-on: block\n"},
		"a list of several lines each":    {"drift:\n  accept:\n    - resource: shop/Other\n      property: X\n      until: 2027-01-01\n      reason: |\n        one\n        two\n  fail-on: block\n", "drift:\n  accept:\n    - resource: shop/Other\n      property: X\n      until: 2027-01-01\n      reason: |\n        one\n        two\n    - ITEM\n  fail-on: block\n"},
		"a last line that does not end":   {"drift:\n  accept:\n    - OTHER", "drift:\n  accept:\n    - OTHER\n    - ITEM\n"},
		"lines that end as on Windows":    {"drift:\r\n  accept:\r\n    - OTHER\r\n", "drift:\r\n  accept:\r\n    - OTHER\r\n    - ITEM\r\n"},
		"text that is no ASCII before":    {"drift: {accept: [{resource: shop/Ö, property: X, reason: größer, until: 2027-01-01}]}\n", "drift: {accept: [{resource: shop/Ö, property: X, reason: größer, until: 2027-01-01}, ITEM]}\n"},
		"a section before the last lines": {"drift:\n  fail-on: block\n\ngate:\n  block: any\n", "drift:\n  accept:\n    - ITEM\n  fail-on: block\n\ngate:\n  block: any\n"},
	} {
		t.Run(name, func(t *testing.T) {
			fill := strings.NewReplacer("OTHER", other, "ITEM", item)
			have, line, err := AcceptWaiver([]byte(acceptHead+fill.Replace(c.before)), "lockstep.yml", w, now)
			if err != nil {
				t.Fatal(err)
			}
			if want := acceptHead + fill.Replace(c.after); string(have) != want {
				t.Errorf("have:\n%s\nwant:\n%s", have, want)
			}
			if at := strings.Split(string(have), "\n")[line-1]; !strings.Contains(at, item) {
				t.Errorf("line %d is %q", line, at)
			}
			cfg, err := Parse(have, "lockstep.yml", now)
			if err != nil || cfg.Accept[len(cfg.Accept)-1] != w {
				t.Errorf("%v, %+v", err, cfg)
			}
		})
	}
}

func TestAWaiverThatCannotBeAddedChangesNothingAndSaysWhy(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	day := func(s string) drift.Date { d, _ := drift.ParseDate(s); return d }
	good := drift.Waiver{Resource: "shop/Fn", Property: "MemorySize", Reason: "on purpose", Until: day("2027-03-31")}
	with := func(change func(*drift.Waiver)) drift.Waiver { w := good; change(&w); return w }
	for name, c := range map[string]struct {
		text string
		w    drift.Waiver
		says string
	}{
		"it is there already":        {"drift: {accept: [{resource: shop/Fn, property: MemorySize, reason: x, until: 2027-01-01}]}\n", good, "already, until 2027-01-01"},
		"a list behind an alias":     {"drift:\n  accept: &all []\n", good, "by hand: {resource: "},
		"a day that has passed":      {"", with(func(w *drift.Waiver) { w.Until = day("2026-11-25") }), "expired yesterday"},
		"a Region that is none":      {"", with(func(w *drift.Waiver) { w.Region = "eu-north-1" }), "eu-north-1"},
		"no reason":                  {"", with(func(w *drift.Waiver) { w.Reason = " " }), "say why"},
		"a pattern that is none":     {"", with(func(w *drift.Waiver) { w.Resource = "shop/[" }), "shop/["},
		"a configuration with fault": {"nonsense: 1\n", good, "nonsense"},
	} {
		t.Run(name, func(t *testing.T) {
			have, _, err := AcceptWaiver([]byte(acceptHead+c.text), "lockstep.yml", c.w, now)
			if err == nil || have != nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("want an error with %q, have %v and:\n%s", c.says, err, have)
			}
		})
	}
}

// Whatever the text is, an edit keeps all of it, or there is none.
func FuzzAcceptWaiver(f *testing.F) {
	for _, text := range []string{"", "drift: {accept: []}\n", "drift:\n  accept:\n  - {resource: a, property: b, reason: c, until: 2027-01-01}\n", "drift:\n  accept: &x []\n", "drift: {fail-on: 'x]'}"} {
		f.Add(text)
	}
	until, _ := drift.ParseDate("2027-03-31")
	w := drift.Waiver{Resource: "shop/Fn", Property: "MemorySize", Reason: "on purpose", Until: until}
	f.Fuzz(func(t *testing.T, text string) {
		src := acceptHead + text
		have, _, err := AcceptWaiver([]byte(src), "lockstep.yml", w, time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC))
		if err != nil {
			return
		}
		at := 0
		for at < len(src) && at < len(have) && src[at] == have[at] {
			at++
		}
		if added := len(have) - len(src); added <= 0 || string(have[at+added:]) != src[at:] {
			t.Errorf("%q became %q", src, have)
		}
	})
}
