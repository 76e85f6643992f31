package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/drift/metadata"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/readiness"
)

// arcRules is how many rules ARC readiness checks had. Source: ARC developer
// guide, Readiness rules.
const arcRules = 199

var (
	arcSection  = regexp.MustCompile(`^## (.+) \((\d+)\)$`)
	arcRow      = regexp.MustCompile("^\\| `([A-Z][A-Za-z0-9]+)` \\| ([^|]+) \\| ([^|]+) \\|$")
	namedRule   = regexp.MustCompile(`\b(?:[A-Z]{3}-\d\d|DRIFT|COVERAGE)\b`)
	namedMember = regexp.MustCompile("`(AWS::[A-Za-z0-9]+::[A-Za-z0-9]+)\\.([A-Za-z0-9]+)(?:\\.[A-Za-z0-9.]+)?`")
)

// TestTheTableOfARCRulesIsWhole counts docs/arc-coverage.md and looks up every
// rule and every property that it names.
func TestTheTableOfARCRulesIsWhole(t *testing.T) {
	data, err := os.ReadFile("../../docs/arc-coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	judged := 0
	section, announced, rows := "", "", 0
	endSection := func() {
		if section != "" && announced != fmt.Sprint(rows) {
			t.Errorf("%s has %d rows and says %s", section, rows, announced)
		}
	}
	for number, line := range strings.Split(string(data), "\n") {
		if m := arcSection.FindStringSubmatch(line); m != nil {
			endSection()
			section, announced, rows = m[1], m[2], 0
			continue
		}
		m := arcRow.FindStringSubmatch(line)
		if m == nil {
			if strings.HasPrefix(line, "| `") {
				t.Errorf("line %d is no row: %s", number+1, line)
			}
			continue
		}
		rows++
		if seen[m[1]] {
			t.Errorf("%s is listed twice", m[1])
		}
		seen[m[1]] = true
		if why, none := strings.CutPrefix(m[3], "Not judged: "); none {
			if len(why) < 10 {
				t.Errorf("%s: no reason is given", m[1])
			}
			continue
		}
		judged++
		checkCounterpart(t, m[1], m[3])
	}
	endSection()
	if len(seen) != arcRules {
		t.Errorf("%d of the %d rules are listed", len(seen), arcRules)
	}
	if sum := fmt.Sprintf("%d rules have a counterpart, %d have none", judged, arcRules-judged); !strings.Contains(string(data), sum) {
		t.Errorf("the introduction does not say that %s", sum)
	}
}

// checkCounterpart holds that what a row names exists, and is compared.
func checkCounterpart(t *testing.T, rule, here string) {
	t.Helper()
	rules, members := namedRule.FindAllString(here, -1), namedMember.FindAllStringSubmatch(here, -1)
	if len(rules)+len(members) == 0 {
		t.Errorf("%s: %q names neither a rule nor a property", rule, here)
	}
	for _, id := range rules {
		if _, ok := readiness.Find(id); !ok {
			t.Errorf("%s: there is no rule %s", rule, id)
		}
	}
	for _, m := range members {
		if !isRead(m[1], m[2]) {
			t.Errorf("%s: %s of %s is not read", rule, m[2], m[1])
		}
		if slices.ContainsFunc(drift.Rules(), func(r drift.Rule) bool { return r.Type == m[1] && r.Property == m[2] && r.Relation == drift.Ignore }) {
			t.Errorf("%s: %s of %s is read and not compared", rule, m[2], m[1])
		}
	}
}

// isRead reports whether a property is one that a reader covers. Cloud Control
// returns all properties of the types that AWS publishes.
func isRead(typeName, property string) bool {
	for _, s := range read.Specs() {
		if s.Type == typeName {
			return slices.Contains(s.Properties, property)
		}
	}
	_, published := metadata.Lookup(typeName)
	return published
}
