package target

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// every is how often an operation in which nothing happens is told of.
const every = 30 * time.Second

// teller says how long something has been under way and what it waits for, if
// nothing else was said about it for a while.
type teller struct {
	now   func() time.Time
	every time.Duration
	say   func(text string)

	mu          sync.Mutex
	began, told time.Time
}

// newTeller tells as progress of a target.
func (o Options) newTeller(say func(status, text string)) *teller {
	now := o.Now()
	return &teller{now: o.Now, every: o.TellEvery, say: func(text string) { say("waiting", text) }, began: now, told: now}
}

// atOnce lets the first word come at once: what is waited for is somebody else's.
func (t *teller) atOnce() *teller {
	t.told = time.Time{}
	return t
}

// heard notes that something else was said.
func (t *teller) heard() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.told = t.now()
}

// waits tells what is waited for, if it is time to.
func (t *teller) waits(format string, args ...any) {
	t.mu.Lock()
	now := t.now()
	due := now.Sub(t.told) >= t.every
	if due {
		t.told = now
	}
	t.mu.Unlock()
	if due {
		t.say(fmt.Sprintf("%s so far, ", now.Sub(t.began).Round(time.Second)) + fmt.Sprintf(format, args...))
	}
}

// while tells during work that has no polls of its own, until stop is called.
func (t *teller) while(on func() string) (stop func()) {
	ticker, ended := time.NewTicker(t.every), make(chan struct{})
	var telling sync.WaitGroup
	telling.Go(func() {
		for {
			select {
			case <-ticker.C:
				t.waits("%s", on())
			case <-ended:
				return
			}
		}
	})
	return func() {
		ticker.Stop()
		close(ended)
		telling.Wait()
	}
}

// waitsFor says how a stack's operation goes on.
func (op *operation) waitsFor(stack types.Stack, news bool) {
	if news {
		op.teller.heard()
		return
	}
	op.teller.waits("%s%s", stack.StackStatus, op.unfinished())
}

// mostWaited is how many resources a line names.
const mostWaited = 3

// unfinished names the resources whose last event says that they are under way.
func (op *operation) unfinished() string {
	last := map[string]types.ResourceStatus{}
	for _, e := range op.events {
		if !isSelf(aws.ToString(e.PhysicalResourceId), aws.ToString(e.StackId)) {
			last[aws.ToString(e.LogicalResourceId)] = e.ResourceStatus
		}
	}
	var names []string
	for id, status := range last {
		if strings.HasSuffix(string(status), "_IN_PROGRESS") {
			names = append(names, id)
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	more := ""
	if len(names) > mostWaited {
		more = fmt.Sprintf(" and %d more", len(names)-mostWaited)
		names = names[:mostWaited]
	}
	return ", for " + strings.Join(names, ", ") + more
}
