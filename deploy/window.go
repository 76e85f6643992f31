package deploy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Window is a weekly span of time in which deploys are allowed.
type Window struct {
	text string
	days [7]bool // by time.Weekday, of the day on which the span begins
	// from and to are minutes of the day; to may be 1440. A span with
	// to <= from ends on the next day.
	from, to int
	zone     *time.Location
}

var weekdays = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

// ParseWindow reads "Mon-Thu 08:00-16:00 Europe/Berlin". Days are a day, a
// span of days, or several of both with commas; the zone is UTC if left out.
func ParseWindow(text string) (Window, error) {
	words := strings.Fields(text)
	if len(words) != 2 && len(words) != 3 {
		return Window{}, fmt.Errorf("window %q: write it as Mon-Thu 08:00-16:00 Europe/Berlin", text)
	}
	w := Window{text: strings.Join(words, " "), zone: time.UTC}
	if err := w.parseDays(words[0]); err != nil {
		return Window{}, fmt.Errorf("window %q: %w", text, err)
	}
	from, to, found := strings.Cut(words[1], "-")
	var err error
	if w.from, err = minuteOfDay(from); err == nil {
		w.to, err = minuteOfDay(to)
	}
	switch {
	case !found || err != nil:
		return Window{}, fmt.Errorf("window %q: %q is no span of time such as 08:00-16:00", text, words[1])
	case w.from == w.to, w.from == 1440:
		return Window{}, fmt.Errorf("window %q: it is empty; a whole day is 00:00-24:00", text)
	}
	if len(words) == 3 {
		if w.zone, err = time.LoadLocation(words[2]); err != nil || words[2] == "Local" {
			return Window{}, fmt.Errorf("window %q: %q is no time zone of the IANA database, such as Europe/Berlin", text, words[2])
		}
	}
	return w, nil
}

func (w *Window) parseDays(text string) error {
	for part := range strings.SplitSeq(text, ",") {
		first, last, isSpan := strings.Cut(part, "-")
		if !isSpan {
			last = first
		}
		from, to := slices.Index(weekdays, first), slices.Index(weekdays, last)
		if from < 0 || to < 0 {
			return fmt.Errorf("%q is no day: use %s", part, strings.Join(weekdays, ", "))
		}
		for day := from; ; day = (day + 1) % 7 {
			w.days[day] = true
			if day == to {
				break
			}
		}
	}
	return nil
}

// minuteOfDay reads 08:00; 24:00 is the end of the day.
func minuteOfDay(text string) (int, error) {
	hours, minutes, found := strings.Cut(text, ":")
	h, errH := strconv.ParseUint(hours, 10, 8)
	m, errM := strconv.ParseUint(minutes, 10, 8)
	if !found || len(minutes) != 2 || errH != nil || errM != nil || m > 59 || h > 24 || h == 24 && m > 0 {
		return 0, fmt.Errorf("%q is no time of day", text)
	}
	return int(h)*60 + int(m), nil
}

// Contains reports whether a moment lies in the window, by the wall clock of its zone.
func (w Window) Contains(now time.Time) bool {
	local := now.In(w.zone)
	minute, today := local.Hour()*60+local.Minute(), local.Weekday()
	if w.from < w.to {
		return w.days[today] && minute >= w.from && minute < w.to
	}
	yesterday := (today + 6) % 7
	return w.days[today] && minute >= w.from || w.days[yesterday] && minute < w.to
}

// String is the window as it was written.
func (w Window) String() string { return w.text }
