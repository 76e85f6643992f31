package progress

import (
	"cmp"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
)

// board holds what is known of every target in every Region, and of every
// Region as a whole: a row without target.
type board struct {
	rows []*row // in the order of the Regions, and in each as they were first heard of
	at   map[place]*row
	// order of the Regions.
	order []string
}

type place struct{ region, target string }

// row is one target in one Region, or a Region as a whole.
type row struct {
	place
	phase deploy.Phase
	// busy: something is under way, since that moment.
	busy  bool
	since time.Time
	// said is when people last heard of it.
	said time.Time
	// waits is what it says it waits for; last is what its program said last.
	waits, last string
	resources   map[string]resource
}

// resource is one that is under way.
type resource struct {
	name, typ, status string
	since             time.Time
}

func newBoard(regions []string) *board {
	return &board{at: map[place]*row{}, order: regions}
}

func (b *board) row(p place) *row {
	if r := b.at[p]; r != nil {
		return r
	}
	r := &row{place: p, resources: map[string]resource{}}
	b.at[p] = r
	b.rows = append(b.rows, r)
	slices.SortStableFunc(b.rows, func(x, y *row) int {
		return cmp.Compare(slices.Index(b.order, x.region), slices.Index(b.order, y.region))
	})
	return r
}

// note takes in an event. It reports for how long what it ends was under way,
// and whether what is waited for is another thing now.
func (b *board) note(e deploy.Event) (took time.Duration, news bool) {
	r := b.row(place{e.Region, e.Target})
	switch {
	case e.Resource == output:
		news, r.last = true, e.Text
	case e.Resource != "":
		news = true
		r.resource(e)
	case e.Status == deploy.Waiting, e.Status == deploy.Held:
		if !r.busy {
			r.enter(e)
		}
		news = r.waits != e.Text
		r.waits = e.Text
	default:
		news = true
		took = r.step(e)
		if e.Target == "" {
			b.settle(e)
		}
	}
	return took, news
}

// resource notes what became of a resource.
func (r *row) resource(e deploy.Event) {
	known, ok := r.resources[e.Resource]
	switch {
	case !isUnderWay(e.Status):
		delete(r.resources, e.Resource)
	case ok && known.status == e.Status:
	default:
		r.resources[e.Resource] = resource{e.Resource, e.Type, e.Status, e.At}
	}
}

// step notes what was said of the target, or of the Region.
func (r *row) step(e deploy.Event) (took time.Duration) {
	switch {
	case isBegin(e):
		r.enter(e)
	case isEnd(e):
		if r.busy && r.phase == e.Phase {
			took = e.At.Sub(r.since)
		}
		r.phase, r.busy = e.Phase, false
	case e.Status == "asking":
		r.waits = "for " + e.Text
	case isUnderWay(e.Status):
		r.waits = "for " + e.Status + " to end"
	}
	return took
}

// settle ends the rows of targets that a step of their Region leaves behind.
func (b *board) settle(e deploy.Event) {
	for _, r := range b.rows {
		if r.region == e.Region && r.target != "" && (isBegin(e) || isEnd(e) && r.phase == e.Phase) {
			r.busy = false
		}
	}
}

// enter begins another stretch of work.
func (r *row) enter(e deploy.Event) {
	r.phase, r.busy, r.since = e.Phase, true, e.At
	r.waits, r.last = "", ""
	clear(r.resources)
}

// longest is the resource that is under way for the longest, and how many
// others are.
func (r *row) longest() (first resource, others int) {
	for _, one := range r.resources {
		if first.name == "" || cmp.Or(one.since.Compare(first.since), cmp.Compare(one.name, first.name)) < 0 {
			first = one
		}
	}
	return first, max(0, len(r.resources)-1)
}

// busy are the rows to tell of: a Region as a whole only while none of its
// targets is under way.
func (b *board) busy() []*row {
	targets := map[string]bool{}
	for _, r := range b.rows {
		if r.busy && r.target != "" {
			targets[r.region] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(b.rows), func(r *row) bool {
		return !r.busy || r.target == "" && targets[r.region]
	})
}
