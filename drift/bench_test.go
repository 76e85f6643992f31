package drift

import (
	"fmt"
	"strings"
	"testing"
)

// many is an application of about n resources: copies of the sample under
// stacks of their own, with ids of their own.
func many(p testPlace, n int) *Snapshot {
	all := &Snapshot{Schema: SnapshotSchema, Account: p.account, Run: "run-1", Region: payments(p).Region}
	for i := 0; len(all.Resources) < n; i++ {
		q := p
		q.stack = fmt.Sprintf("app%05d", i)
		q.salt = fmt.Sprintf("%s%05d", p.salt[:7], i)
		s := samples(q)
		for _, r := range s.Resources {
			r.Key = strings.Replace(r.Key, "payments/", q.stack+"/", 1)
			all.Resources = append(all.Resources, r)
		}
		stack := s.Stacks[0]
		stack.Key, stack.Template = q.stack, nil
		all.Stacks = append(all.Stacks, stack)
		for _, f := range s.Facts {
			f.Subject = strings.Replace(f.Subject, "payments/", q.stack+"/", 1)
			all.Facts = append(all.Facts, f)
		}
	}
	return all
}

func BenchmarkCompare(b *testing.B) {
	for _, n := range []int{1000, 10000, 100000} {
		b.Run(fmt.Sprintf("pairs=%d", n), func(b *testing.B) {
			left, right := many(east, n), many(west, n)
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				if c := Compare(left, right, options); len(c.Findings) > 0 || c.Coverage.Compared < n {
					b.Fatalf("%+v%s", c.Coverage, show(c.Findings[:min(5, len(c.Findings))]))
				}
			}
		})
	}
}
