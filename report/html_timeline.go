package report

import (
	"fmt"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
)

// timelinePart draws when each Region was in which phase, and lists the same.
type timelinePart struct {
	Width, Height int
	Words         string
	Ticks         []tick
	Rows          []timeRow
	Legend        []legendEntry
	Regions       []string
	Lengths       []lengthRow
	Events        []eventLine
}

type tick struct {
	X, Y, Top, Bottom int
	Text              string
}

type timeRow struct {
	Name string
	Y    int
	Bars []bar
}

type bar struct {
	X, Y, Width, Height int
	Class, Words        string
	Label               *mapText
}

type legendEntry struct{ Class, Word string }

type lengthRow struct {
	Phase string
	Cells []string
}

type eventLine struct{ At, Region, Phase, Text string }

// phaseClass is how a phase is coloured; the order is that of the legend.
var phaseClass = map[deploy.Phase]string{
	deploy.PhaseLock: "preparing", deploy.PhaseObserve: "preparing", deploy.PhasePrepare: "planning", deploy.PhaseCompare: "planning",
	deploy.PhaseExecute: "executing", deploy.PhaseVerify: "verifying", deploy.PhaseBake: "verifying", deploy.PhaseCommit: "executing",
	deploy.PhaseRollback: "undoing", deploy.PhaseRecord: "preparing", deploy.PhaseDiscard: "undoing",
}

var phaseLegend = []legendEntry{{"preparing", "lock, observe, record"}, {"planning", "prepare, compare"}, {"executing", "execute, commit"},
	{"verifying", "verify, bake"}, {"undoing", "rollback, discard"}, {"target", "a target"}}

// Sizes of the drawing, in the units of its viewBox.
const (
	timeWidth, timeLeft  = 900, 120
	timeTop              = 24
	phaseHeight          = 24
	targetHeight         = 7
	timeGap              = 18
	charWidth            = 7 // of a label, about
	minimalBar, tickGoal = 2, 6
)

// clock turns moments into places on the axis.
type clock struct {
	from time.Time
	long time.Duration
}

func (c clock) x(t time.Time) int {
	return timeLeft + int(float64(timeWidth-timeLeft-10)*float64(t.Sub(c.from))/float64(c.long))
}

func timelineOf(d *deploy.Result) *timelinePart {
	phases, spans := phasesOf(d)
	if len(phases) == 0 {
		return nil
	}
	c := clockOf(d)
	part := &timelinePart{Width: timeWidth, Regions: deployRegions(d), Words: "Timeline of the deploy: how long each Region was in each phase is in the table below."}
	used := map[string]bool{}
	y := timeTop
	for _, region := range d.Regions {
		row := timeRow{Name: fitted(region.Region, 16), Y: y + 17}
		for _, phase := range phases {
			if s, ok := spans[phase][region.Region]; ok {
				row.Bars = append(row.Bars, phaseBar(c, y, region.Region, phase, s))
				used[phaseClass[phase]] = true
			}
		}
		y += phaseHeight + 3
		for _, t := range region.Targets {
			if !t.StartedAt.IsZero() && t.FinishedAt.After(t.StartedAt) {
				row.Bars = append(row.Bars, bar{X: c.x(t.StartedAt), Y: y, Width: max(c.x(t.FinishedAt)-c.x(t.StartedAt), minimalBar), Height: targetHeight,
					Class: "target", Words: fmt.Sprintf("%s in %s: %s, %s", t.Target, region.Region, t.Status, stretch{t.StartedAt, t.FinishedAt}.length())})
				y += targetHeight + 2
				used["target"] = true
			}
		}
		y += timeGap
		part.Rows = append(part.Rows, row)
	}
	part.Height = y
	part.Ticks = ticksOf(c, y)
	part.tables(d, phases, spans)
	for _, e := range phaseLegend {
		if used[e.Class] {
			part.Legend = append(part.Legend, e)
		}
	}
	return part
}

func clockOf(d *deploy.Result) clock {
	first, last := d.StartedAt, d.FinishedAt
	for _, e := range d.Timeline {
		if !e.At.IsZero() && (first.IsZero() || e.At.Before(first)) {
			first = e.At
		}
		if e.At.After(last) {
			last = e.At
		}
	}
	return clock{first, max(last.Sub(first), time.Millisecond)}
}

func phaseBar(c clock, y int, region string, phase deploy.Phase, s stretch) bar {
	class := phaseClass[phase]
	if class == "" {
		class = "preparing"
	}
	b := bar{X: c.x(s.from), Y: y, Width: max(c.x(s.to)-c.x(s.from), minimalBar), Height: phaseHeight, Class: class,
		Words: fmt.Sprintf("%s in %s: %s", phase, region, s.length())}
	if name := string(phase); b.Width > len(name)*charWidth+8 {
		b.Label = &mapText{X: b.X + 5, Y: y + 16, Text: name}
	}
	return b
}

// ticksOf are about six round moments on the axis.
func ticksOf(c clock, bottom int) []tick {
	var list []tick
	step := time.Millisecond
	for _, candidate := range []time.Duration{time.Millisecond, 10 * time.Millisecond, 50 * time.Millisecond, 200 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second,
		10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 4 * time.Hour, 24 * time.Hour} {
		step = candidate
		if c.long/candidate <= tickGoal {
			break
		}
	}
	for at := time.Duration(0); at <= c.long && len(list) < 4*tickGoal; at += step {
		x := c.x(c.from.Add(at))
		text := stretch{c.from, c.from.Add(at)}.length()
		if at == 0 {
			text = c.from.UTC().Format("15:04:05")
		}
		list = append(list, tick{X: x, Y: 12, Top: timeTop - 6, Bottom: bottom, Text: text})
	}
	return list
}

func (p *timelinePart) tables(d *deploy.Result, phases []deploy.Phase, spans map[deploy.Phase]map[string]stretch) {
	for _, phase := range phases {
		row := lengthRow{Phase: string(phase)}
		for _, region := range d.Regions {
			row.Cells = append(row.Cells, spans[phase][region.Region].length())
		}
		p.Lengths = append(p.Lengths, row)
	}
	for _, e := range d.Timeline {
		p.Events = append(p.Events, eventLine{e.At.UTC().Format("15:04:05"), e.Region, string(e.Phase), eventText(e)})
	}
}
