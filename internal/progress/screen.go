package progress

import (
	"fmt"
	"io"
	"strings"
)

// mostDrawn is how many lines are redrawn at most: what scrolled out of a
// terminal cannot be erased.
const mostDrawn = 12

// Control sequences of terminals. Without wrapping a line is one line, however
// narrow the terminal.
const (
	upAndClear = "\x1b[%dA\x1b[J"
	wrapOff    = "\x1b[?7l"
	wrapOn     = "\x1b[?7h"
)

// screen is the end of a terminal's text: a few lines that are redrawn in place.
type screen struct {
	w     io.Writer
	drawn int
}

// erase makes room for a line that stays.
func (s *screen) erase() {
	if s.drawn > 0 {
		fmt.Fprintf(s.w, upAndClear, s.drawn)
	}
	s.drawn = 0
}

// draw replaces what is drawn, in one write, so that it does not flicker.
func (s *screen) draw(lines []string) {
	if more := len(lines) - mostDrawn; more > 0 {
		lines = append(lines[:mostDrawn:mostDrawn], fmt.Sprintf("%8s%d more under way", "", more))
	}
	var text strings.Builder
	if s.drawn > 0 {
		fmt.Fprintf(&text, upAndClear, s.drawn)
	}
	if len(lines) > 0 {
		text.WriteString(wrapOff + strings.Join(lines, "\n") + "\n" + wrapOn)
	}
	s.drawn = len(lines)
	if text.Len() > 0 {
		io.WriteString(s.w, text.String())
	}
}
