//go:build unix

package drift

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"
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

// BenchmarkCompare normalises and compares pairs that are alike. Beside the time
// on the clock it reports the processor's, which a busy machine disturbs less,
// and the most memory the process held, both snapshots included.
func BenchmarkCompare(b *testing.B) {
	for _, n := range []int{1000, 10000, 100000} {
		b.Run(fmt.Sprintf("pairs=%d", n), func(b *testing.B) {
			left, right := many(east, n), many(west, n)
			debug.FreeOSMemory()
			resettable := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) == nil // the peak, on Linux
			b.ReportAllocs()
			start := processorTime(b)
			for b.Loop() {
				if c := Compare(left, right, options); len(c.Findings) > 0 || c.Coverage.Compared < n {
					b.Fatalf("%+v%s", c.Coverage, show(c.Findings[:min(5, len(c.Findings))]))
				}
			}
			b.ReportMetric(float64(processorTime(b)-start)/float64(b.N), "cpu-ns/op")
			if peak, ok := peakMemory(); ok && resettable {
				b.ReportMetric(float64(peak)/1e6, "peak-MB")
			}
			runtime.KeepAlive(left)
			runtime.KeepAlive(right)
		})
	}
}

// processorTime is what all threads of the process have used.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// peakMemory is the most memory the process held since the last reset, in bytes.
func peakMemory() (int64, bool) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); n == 1 {
			return kilobytes * 1024, true
		}
	}
	return 0, false
}

// All that is allocated is more than is ever held at once: the goal for the
// memory of 10,000 pairs is met where this stays below it, the garbage included.
func TestTenThousandPairsStayWithinTheirMemory(t *testing.T) {
	const most = 250e6
	left, right := many(east, 10000), many(west, 10000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c := Compare(left, right, options)
	runtime.ReadMemStats(&after)
	if len(c.Findings) > 0 || c.Coverage.Compared < 10000 {
		t.Fatalf("%+v", c.Coverage)
	}
	if used := float64(after.TotalAlloc - before.TotalAlloc); used > most {
		t.Errorf("%.0f MB are allocated, more than %.0f", used/1e6, most/1e6)
	}
}
