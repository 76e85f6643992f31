package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim"
)

func TestExplore(t *testing.T) {
	r := newRig(t)
	r.cloud.HTTPClient()
	start := time.Now()
	r.scan()
	fmt.Println("scan", time.Since(start)); start = time.Now()
	code, base := r.judge("drift")
	fmt.Println("drift", code, time.Since(start), base.Coverage, len(base.Findings), base.Gaps); start = time.Now()
	code, g := r.judge("gate")
	fmt.Println("gate", code, time.Since(start), g.Verdict)
	type op struct{ s, o string }
	seen := map[op]bool{}
	var ops []op
	for _, c := range r.cloud.Counts() {
		_ = c
	}
	before := map[op]int{}
	for _, c := range r.cloud.Counts() { before[op{c.Service, c.Operation}] += c.Calls }
	r.scan()
	for _, c := range r.cloud.Counts() {
		before[op{c.Service, c.Operation}] -= c.Calls
	}
	for _, c := range r.cloud.Counts() {
		k := op{c.Service, c.Operation}
		if before[k] < 0 && !seen[k] { seen[k] = true; ops = append(ops, k) }
	}
	fmt.Println(len(ops), ops)
	start = time.Now()
	n := 0
	for _, o := range ops {
		for _, region := range []string{"us-west-2", "us-east-1", ""} {
			for _, effect := range []string{"access-denied", "throttle", "error", "truncate", "empty", "reset"} {
				n++
				id, err := r.cloud.Fail(awssim.Fault{Effect: effect, Region: region, Service: o.s, Operation: o.o})
				r.check(err)
				func() {
					defer r.cloud.Heal(id)
					r.scan()
				}()
				dc, d := r.judge("drift")
				gc, g := r.judge("gate")
				if dc != 3 || gc != 3 || len(d.Findings) > 0 {
					fmt.Printf("%s:%s %s %s: drift %d gate %d compared %d/%d findings %d gaps %d\n", o.s, o.o, region, effect, dc, gc, d.Coverage.Compared, d.Coverage.NotCompared, len(d.Findings), len(d.Gaps))
					for i, f := range d.Findings { if i < 3 { fmt.Println("     ", f.Severity, f.Resource, f.Property, f.Message) } }
					for i, c := range g.Checks { if c.Status == "fail" && i < 100 { fmt.Println("     fail", c.Rule, c.Severity, c.Resources) } }
					for i, f := range g.Gaps { if i < 2 { fmt.Println("     gap", f.Region, f.Resource, f.Operation, f.Property, f.Fact, f.Reason, f.NeededBy) } }
				}
			}
		}
	}
	fmt.Println(n, time.Since(start))
}
