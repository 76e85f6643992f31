package target

import (
	"context"
	"time"
)

// pace is an adaptive poll interval: short while things happen, growing while
// nothing does, with jitter so that Regions and runs do not march in step.
type pace struct {
	t    *CloudFormation
	next time.Duration
}

func (t *CloudFormation) newPace() *pace { return &pace{t: t, next: t.opts.PollFrom} }

// wait sleeps until the next poll is due. busy says that the last poll
// brought news.
func (p *pace) wait(ctx context.Context, busy bool) error {
	d := p.next/2 + time.Duration(p.t.opts.Jitter()*float64(p.next/2)) // between half and the whole
	if busy {
		p.next = max(p.t.opts.PollFrom, p.next/2)
	} else {
		p.next = min(p.t.opts.PollTo, p.next*3/2)
	}
	return p.t.opts.Sleep(ctx, d)
}
