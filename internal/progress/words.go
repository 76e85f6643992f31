package progress

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
)

// layout puts words into columns.
type layout struct {
	began          time.Time
	region, target int // widths
	clean          func(string) string
}

func (l *layout) line(at time.Time, region string, phase deploy.Phase, target string, words ...string) string {
	text := l.of(target, strings.Join(nonEmpty(words), "  "))
	return l.columns(length(at.Sub(l.began)), region, phase, text)
}

func (l *layout) columns(elapsed, region string, phase deploy.Phase, text string) string {
	text = fmt.Sprintf("%6s  %-*s  %-8s  %s", elapsed, l.region, region, phase, text)
	return strings.TrimRight(strings.ReplaceAll(l.clean(text), "\n", " "), " ")
}

// of puts the target before what is said of it.
func (l *layout) of(target, text string) string {
	if target == "" {
		return text
	}
	l.target = max(l.target, len(target))
	return fmt.Sprintf("%-*s  %s", l.target, target, text)
}

// event is what an event says; took is for how long what it ends was under way.
func (l *layout) event(e deploy.Event, took time.Duration) string {
	status := e.Status
	if took >= time.Second && e.Phase != deploy.PhasePrepare { // "update" there is what is to be done
		status += " after " + length(took)
	}
	return l.line(e.At, e.Region, e.Phase, e.Target, strings.TrimSpace(e.Resource+" "+inBrackets(e.Type)), status, e.Text)
}

// waiting is for how long something is under way, and what it waits for.
func (l *layout) waiting(r *row, now time.Time) string {
	text := length(now.Sub(r.since)) + " so far"
	if what := r.waitsFor(now); what != "" {
		text += ", waiting " + what
	}
	return l.line(now, r.region, r.phase, r.target, text)
}

// live is the same for a line that is redrawn: the time is its own, and what
// matters most comes first, for a narrow terminal cuts it off.
func (l *layout) live(r *row, now time.Time) string {
	text := strings.TrimPrefix(r.waitsFor(now), "for ")
	if one, others := r.longest(); one.name != "" {
		text = strings.Join(nonEmpty([]string{one.name, one.status, length(now.Sub(one.since)), more(others), inBrackets(one.typ)}), " ")
	}
	return l.columns(length(now.Sub(r.since))+"…", r.region, r.phase, l.of(r.target, text))
}

// waitsFor names what is under way the longest: a resource if one is known.
func (r *row) waitsFor(now time.Time) string {
	one, others := r.longest()
	switch {
	case one.name != "":
		return "for " + strings.Join(nonEmpty([]string{one.name, inBrackets(one.typ), one.status, length(now.Sub(one.since)), more(others)}), " ")
	case r.last != "":
		return cmp.Or(r.waits, "for its program") + ": " + r.last
	}
	return r.waits
}

func more(others int) string {
	if others == 0 {
		return ""
	}
	return fmt.Sprintf("and %d more", others)
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}

func nonEmpty(words []string) []string {
	var kept []string
	for _, word := range words {
		if word != "" {
			kept = append(kept, word)
		}
	}
	return kept
}

// length is a duration in whole seconds.
func length(d time.Duration) string {
	text := d.Round(time.Second).String()
	for _, tail := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, tail) {
			text = text[:len(text)-2]
		}
	}
	return text
}
