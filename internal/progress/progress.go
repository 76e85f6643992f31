package progress

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
)

const (
	// patience is how long a log says nothing of what is under way.
	patience = 30 * time.Second
	// beat is how often it is looked whether something is to be said.
	beat = time.Second
	// tailLength is how much of a program's output is shown when it failed.
	tailLength = 20
)

// Options say where progress goes and how much of it.
type Options struct {
	Out io.Writer
	// Regions and Targets are those to come, in their order: the columns.
	Regions, Targets []string
	// Live: Out is a terminal on which lines can be redrawn.
	Live bool
	// Verbose tells of every event.
	Verbose bool
	// Keep keeps what is not told, and failures of resources, for Kept.
	Keep bool
	Now  func() time.Time
	// Clean makes untrusted text harmless where it is printed.
	Clean func(string) string
}

// Progress prints what happens. It is a deploy.Progress.
type Progress struct {
	opts Options

	mu     sync.Mutex
	board  *board
	words  layout
	screen screen
	// kept is everything to be kept, by Region; tail what each program said last.
	kept map[string][]string
	tail map[place][]string
}

// New begins to count time.
func New(opts Options) *Progress {
	p := &Progress{opts: opts, board: newBoard(opts.Regions), words: layout{began: opts.Now(), clean: opts.Clean},
		screen: screen{w: opts.Out}, kept: map[string][]string{}, tail: map[place][]string{}}
	for _, name := range opts.Regions {
		p.words.region = max(p.words.region, len(name))
	}
	for _, name := range opts.Targets {
		p.words.target = max(p.words.target, len(name))
	}
	return p
}

// Report implements deploy.Progress.
func (p *Progress) Report(e deploy.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	took, news := p.board.note(e)
	line, r := p.words.event(e, took), p.board.row(place{e.Region, e.Target})
	told := news && (p.opts.Verbose || !isDetail(e))
	switch {
	case e.Status == deploy.Waiting && !p.opts.Verbose:
		p.remind(r, e.At)
	case told:
		p.explain(e)
		p.say(r, e.At, line)
	}
	p.keep(e, line, told)
	p.redraw(e.At)
}

// explain prints what the program of a target said, where it failed: nobody has
// heard it yet.
func (p *Progress) explain(e deploy.Event) {
	at := place{e.Region, e.Target}
	if !p.opts.Keep && slices.Contains(failed, e.Status) {
		p.screen.erase()
		for _, line := range p.tail[at] {
			fmt.Fprintln(p.opts.Out, line)
		}
	}
	if isEnd(e) {
		delete(p.tail, at)
	}
}

// keep holds on to what was not told, for later.
func (p *Progress) keep(e deploy.Event, line string, told bool) {
	if p.opts.Keep && (e.Resource != "" || !told && isState(e.Status)) {
		p.kept[e.Region] = append(p.kept[e.Region], line)
	}
	if e.Resource == output && !told {
		at := place{e.Region, e.Target}
		tail := append(p.tail[at], line)
		p.tail[at] = tail[max(0, len(tail)-tailLength):]
	}
}

// say prints a line about a row.
func (p *Progress) say(r *row, at time.Time, line string) {
	r.said = at
	p.screen.erase()
	fmt.Fprintln(p.opts.Out, line)
}

// remind says that something is under way, if nobody heard of it for a while.
func (p *Progress) remind(r *row, now time.Time) {
	heard := r.said
	if heard.Before(r.since) {
		heard = r.since
	}
	if !p.opts.Live && now.Sub(heard) >= patience {
		p.say(r, now, p.words.waiting(r, now))
	}
}

// Write prints lines of somebody else's, which must not get between those that
// are redrawn.
func (p *Progress) Write(lines []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.screen.erase()
	return p.opts.Out.Write(lines)
}

// Tick lets time pass: a log hears of what took long, a terminal is redrawn.
func (p *Progress) Tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.opts.Now()
	for _, r := range p.board.busy() {
		p.remind(r, now)
	}
	p.redraw(now)
}

func (p *Progress) redraw(now time.Time) {
	if !p.opts.Live {
		return
	}
	var lines []string
	for _, r := range p.board.busy() {
		lines = append(lines, p.words.live(r, now))
	}
	p.screen.draw(lines)
}

// During lets time pass while work is done. Before and after it the terminal
// holds whole lines only.
func (p *Progress) During(work func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(beat)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.Tick()
			case <-stop:
				return
			}
		}
	}()
	work()
	close(stop)
	<-stopped
	p.mu.Lock()
	defer p.mu.Unlock()
	p.screen.erase()
}

// Kept are the lines that were kept of a Region.
func (p *Progress) Kept(region string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.kept[region])
}
