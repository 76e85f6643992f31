package main

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/github"
	"github.com/lockstep-dr/lockstep/topology"
)

// progress prints what a deploy does while it does it. On a terminal every
// event is a line that begins with its Region. In a workflow's log the Regions
// would be interleaved beyond reading, so what happens to single resources is
// kept and printed in one foldable group per Region at the end.
type progress struct {
	w       io.Writer
	runner  *github.Runner
	regions []string
	width   int

	mu   sync.Mutex
	kept map[string][]string
}

func (g *globals) progress(t topology.Topology) *progress {
	p := &progress{w: g.env.stderr, runner: g.runner(), regions: t.Names(), kept: map[string][]string{}}
	for _, name := range p.regions {
		p.width = max(p.width, len(name))
	}
	g.afterReport = p.groups
	return p
}

// Report implements deploy.Progress.
func (p *progress) Report(e deploy.Event) {
	line := p.line(e)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.runner.Running() && e.Resource != "" {
		p.kept[e.Region] = append(p.kept[e.Region], line)
		return
	}
	fmt.Fprintln(p.w, line)
}

func (p *progress) line(e deploy.Event) string {
	var words []string
	for _, word := range []string{e.Target, e.Resource, e.Status, e.Text} {
		if word != "" {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		words = []string{string(e.Phase)}
	}
	text := strings.ReplaceAll(harmless(strings.Join(words, "  ")), "\n", " ")
	return fmt.Sprintf("%s  %-*s  %-8s  %s", e.At.UTC().Format("15:04:05"), p.width, e.Region, e.Phase, text)
}

// groups prints what was kept, one group per Region.
func (p *progress) groups() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, region := range p.regions {
		lines := p.kept[region]
		if len(lines) == 0 {
			continue
		}
		p.runner.Group(fmt.Sprintf("%s: %d events", region, len(lines)))
		fmt.Fprintln(p.w, strings.Join(lines, "\n"))
		p.runner.EndGroup()
	}
	clear(p.kept)
}
