package accuracy

import (
	"encoding/json"
	"math/rand"
	"reflect"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// hold checks on what was really read what must be so of any two snapshots:
// nothing differs from itself, no order matters, what differs differs from both
// sides, and what cannot be read hides nothing else.
func (w *world) hold(snapshots []*drift.Snapshot, c drift.Comparison) {
	w.Helper()
	for _, s := range snapshots {
		self := w.compare([]*drift.Snapshot{s, s}).Findings
		self = slices.DeleteFunc(self, func(f drift.Finding) bool { return isGone(s, f.Resource) }) // which is said even if it is so in both
		if len(self) > 0 {
			w.Errorf("%s differs from itself: %s", s.Region.Name, messages(self))
		}
	}
	if shuffled := w.compare([]*drift.Snapshot{shuffled(snapshots[0]), shuffled(snapshots[1])}); told(shuffled) != told(c) {
		w.Errorf("in another order:\n%s\nand before:\n%s", told(shuffled), told(c))
	}
	w.mirrors(snapshots, c)
	w.unread(snapshots, c)
}

func isGone(s *drift.Snapshot, key string) bool {
	return slices.ContainsFunc(s.Facts, func(f drift.Fact) bool { return f.Kind == drift.FactGone && f.Subject == key })
}

func told(c drift.Comparison) string {
	data, err := json.Marshal(c.Findings)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func shuffled(s *drift.Snapshot) *drift.Snapshot {
	r, other := rand.New(rand.NewSource(1)), *s
	other.Resources, other.Facts, other.Stacks = slices.Clone(s.Resources), slices.Clone(s.Facts), slices.Clone(s.Stacks)
	r.Shuffle(len(other.Resources), func(i, j int) { other.Resources[i], other.Resources[j] = other.Resources[j], other.Resources[i] })
	r.Shuffle(len(other.Facts), func(i, j int) { other.Facts[i], other.Facts[j] = other.Facts[j], other.Facts[i] })
	r.Shuffle(len(other.Stacks), func(i, j int) { other.Stacks[i], other.Stacks[j] = other.Stacks[j], other.Stacks[i] })
	return &other
}

// mirrors swaps the Regions: where neither may be more than the other, the same
// places differ with the values exchanged. What is written alike in both and
// leads to the primary from the standby alone is no such difference.
func (w *world) mirrors(snapshots []*drift.Snapshot, c drift.Comparison) {
	w.Helper()
	back := w.compare([]*drift.Snapshot{snapshots[1], snapshots[0]})
	for _, f := range c.Findings {
		if f.Relation != drift.Equal || f.Property == "" || reflect.DeepEqual(f.Primary, f.Standby) {
			continue
		}
		if !slices.ContainsFunc(back.Findings, func(b drift.Finding) bool {
			return b.Resource == f.Resource && b.Property == f.Property && reflect.DeepEqual(b.Primary, f.Standby) && reflect.DeepEqual(b.Standby, f.Primary)
		}) {
			w.Errorf("%s %s differs one way only: %s", f.Resource, f.Property, messages(back.Findings))
		}
	}
}

// unread takes one resource of the standby after the other away, as what could
// not be read: each finding about another one stays, or a gap says about that
// one that it cannot be judged.
func (w *world) unread(snapshots []*drift.Snapshot, c drift.Comparison) {
	w.Helper()
	for i, hidden := range snapshots[1].Resources {
		if len(c.Findings) == 0 {
			return
		}
		less := *snapshots[1]
		less.Resources = slices.Delete(slices.Clone(less.Resources), i, i+1)
		less.Gaps = append(slices.Clone(less.Gaps), drift.Gap{Region: less.Region.Name, Resource: hidden.Key, Type: hidden.Type, Reason: "AccessDenied"})
		with := w.compare([]*drift.Snapshot{snapshots[0], &less})
		for _, f := range c.Findings {
			stays := slices.ContainsFunc(with.Findings, func(x drift.Finding) bool {
				return x.Resource == f.Resource && strings.HasPrefix(x.Property, f.Property)
			})
			said := slices.ContainsFunc(with.Gaps, func(g drift.Gap) bool { return g.Resource == f.Resource })
			if f.Resource != hidden.Key && !stays && !said {
				w.Errorf("without %s nobody hears of %s %s, but: %s", hidden.Key, f.Resource, f.Property, messages(with.Findings))
			}
		}
	}
}
