package accuracy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

// TestAccuracy deploys every template once, compares, and then makes every change of the tables, each in a copy.
func TestAccuracy(t *testing.T) {
	list := scenarios(t)
	tally := newTally()
	t.Run("scenarios", func(t *testing.T) {
		for _, s := range list {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				run(t, s, tally)
			})
		}
	})
	if !t.Failed() && len(tally.compared) == len(list) { // all of them ran
		tally.everyType(t)
		tally.write(t, list)
	}
}

func run(t *testing.T, s *scenario, tally *tally) {
	w := deploy(t, s)
	snapshots := w.snapshots()
	w.read = snapshots
	c := w.compare(snapshots)
	expect(t, s, c, s.Declared)
	if c.Coverage.Compared == 0 || c.Coverage.NotCompared != len(s.Gaps) {
		t.Errorf("coverage %+v", c.Coverage)
	}
	for _, words := range s.Says {
		says(t, c, words)
	}
	w.judge(snapshots, c)
	w.hold(snapshots, c)
	tally.template(s, snapshots, c)
	for _, m := range s.Mutations {
		t.Run(m.Name, func(t *testing.T) { w.copy(t).mutate(m, tally) })
	}
	for _, a := range s.Asymmetries {
		t.Run(a.Name, func(t *testing.T) {
			t.Run("silent", func(t *testing.T) { w.copy(t).tolerate(a, tally) })
			t.Run("loud", func(t *testing.T) { w.copy(t).mutate(a.Loud, tally) })
		})
	}
}

// mutate makes one change and wants exactly its findings.
func (w *world) mutate(m mutation, tally *tally) {
	w.Helper()
	if len(m.Finds) == 0 || len(m.Finds) > 1 && m.Also == "" {
		w.Errorf("%d findings are expected without a reason", len(m.Finds))
	}
	w.do(m.Do...)
	snapshots := w.snapshots()
	c := w.compare(snapshots)
	w.blocked(snapshots, c)
	w.hold(snapshots, c)
	expect(w.T, w.scenario, c, append(slices.Clone(w.scenario.Declared), m.Finds...))
	if m.Says != "" {
		says(w.T, c, m.Says)
	}
	if !w.Failed() {
		tally.mutation(w.scenario, m, c.Findings)
	}
}

// says wants words in one of the messages.
func says(t *testing.T, c drift.Comparison, words string) {
	t.Helper()
	if !slices.ContainsFunc(c.Findings, func(f drift.Finding) bool { return strings.Contains(f.Message, words) }) {
		t.Errorf("no message says %q: %s", words, messages(c.Findings))
	}
}

// tolerate makes a legitimate difference, proves that it is one, and wants silence.
func (w *world) tolerate(a asymmetry, tally *tally) {
	w.Helper()
	w.do(a.Silent...)
	s := w.snapshots()
	resource, property, _ := strings.Cut(a.Where, " ")
	if property == "" && len(a.Silent) == 0 {
		w.Error("nothing was changed and nothing is said to differ: silence proves nothing")
	}
	if property != "" && text(s[0], keyOf(resource), property) == text(s[1], keyOf(resource), property) {
		w.Errorf("the Regions do not differ at %s: silence proves nothing", a.Where)
	}
	expect(w.T, w.scenario, w.compare(s), w.scenario.Declared)
	if !w.Failed() {
		tally.asymmetry(w.scenario, a)
	}
}

// text is a property as read, for a comparison that normalises nothing; "ID" is the physical id.
func text(s *drift.Snapshot, key, property string) string {
	for _, r := range s.Resources {
		if r.Key == key {
			var at any = r.Properties
			if property == "ID" {
				return r.ID
			}
			for _, name := range strings.Split(property, ".") {
				tree, _ := at.(map[string]any)
				at = tree[name]
			}
			return fmt.Sprint(at)
		}
	}
	return ""
}

// found compares all findings with what was said.
func found(t *testing.T, s *scenario, c drift.Comparison, finds []string) {
	t.Helper()
	var got, want []string
	for _, f := range c.Findings {
		got = append(got, line(s, f))
	}
	for _, f := range finds {
		fields := strings.Fields(f)
		fields[0] = keyOf(fields[0])
		want = append(want, strings.Join(fields, " "))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("findings\n  %s\nwant\n  %s\nbecause\n%s", strings.Join(got, "\n  "), strings.Join(want, "\n  "), messages(c.Findings))
	}
}

// expect compares all findings and all gaps with what was said.
func expect(t *testing.T, s *scenario, c drift.Comparison, finds []string) {
	t.Helper()
	found(t, s, c, finds)
	var unread []string
	for _, g := range c.Gaps {
		if !slices.ContainsFunc(s.Gaps, func(known string) bool { return strings.HasPrefix(known, g.Resource+":") }) {
			unread = append(unread, fmt.Sprintf("%+v", g))
		}
	}
	if len(unread) > 0 {
		t.Errorf("gaps\n  %s", strings.Join(unread, "\n  "))
	}
}

// line is a finding as the tables write it, with no blanks in the property.
func line(s *scenario, f drift.Finding) string {
	fields := []string{f.Resource, strings.ReplaceAll(f.Property, " ", "_"), string(f.Severity), string(f.Cause)}
	if f.Property == "" {
		fields[1] = "-"
	}
	if i := slices.Index(s.Regions, f.ChangedIn); i >= 0 {
		fields = append(fields, roles[i])
	}
	return strings.Join(fields, " ")
}

func messages(list []drift.Finding) string {
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, "  %s [%v | %v]\n", f.Message, f.Primary, f.Standby)
	}
	return b.String()
}
