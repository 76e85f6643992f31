package target

import (
	"context"
	"time"
)

// pace is an adaptive poll interval: short while things happen, growing while
// nothing does, with jitter so that Regions and runs do not march in step.
type pace struct {
	opts  Options
	next  time.Duration
	began time.Time
}

const (
	// patiencePart is the part of what was waited already that may pass until
	// the end is noticed, and quickly how long it may take in any case.
	patiencePart = 12
	quickly      = 2 * time.Second
)

func (o Options) newPace() *pace { return &pace{opts: o, next: o.PollFrom, began: o.Now()} }

func (t *CloudFormation) newPace() *pace { return t.opts.newPace() }

// wait sleeps until the next poll is due. busy says that the last poll
// brought news.
func (p *pace) wait(ctx context.Context, busy bool) error {
	d := p.next/2 + time.Duration(p.opts.Jitter()*float64(p.next/2)) // between half and the whole
	if busy {
		p.next = max(p.opts.PollFrom, p.next/2)
	} else {
		longest := max(quickly, p.opts.PollFrom, p.opts.Now().Sub(p.began)/patiencePart)
		p.next = min(p.opts.PollTo, p.next*3/2, longest)
	}
	return p.opts.Sleep(ctx, d)
}
