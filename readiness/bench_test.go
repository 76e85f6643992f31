package readiness

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

// BenchmarkAssess judges pairs of resources that every rule is content with:
// one of each kind that the rules look at, many times over.
func BenchmarkAssess(b *testing.B) {
	for _, n := range []int{1000, 10000, 100000} {
		b.Run(fmt.Sprintf("pairs=%d", n), func(b *testing.B) {
			w := healthy()
			multiply(&w.east, n)
			multiply(&w.west, n)
			w.compared.Coverage = drift.Coverage{Pairs: n, Compared: n}
			b.ReportAllocs()
			for b.Loop() {
				if a := Assess(w.evidence(), Policy{}); a.Verdict != Ready {
					b.Fatal(dump(a, ""))
				}
			}
		})
	}
}

// multiply repeats the snapshot's application under other names until it has n resources.
func multiply(s *drift.Snapshot, n int) {
	resources, facts, stack := slices.Clone(s.Resources), slices.Clone(s.Facts), s.Stacks[0]
	for i := 1; len(s.Resources) < n; i++ {
		key := fmt.Sprintf("app%05d", i)
		rename := func(name string) string { return strings.Replace(name, "app/", key+"/", 1) }
		for _, r := range resources {
			r.Key = rename(r.Key)
			s.Resources = append(s.Resources, r)
		}
		for _, f := range facts {
			if f.Subject != "" {
				f.Subject = rename(f.Subject)
				s.Facts = append(s.Facts, f)
			}
		}
		stack.Key, stack.Name = key, key
		s.Stacks = append(s.Stacks, stack)
	}
}
