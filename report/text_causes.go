package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-dr/lockstep/deploy"
)

// Causes stand next to each other, so that a person sees at once whether the
// Regions failed for one reason or for two.
const (
	// causeColumn is how narrow a column of causes may be: two fit a terminal of 80.
	causeColumn = 36
	causeGap    = 2
	causeIndent = "  "
)

// failures puts the first causes next to each other, one column per Region.
func (t *terminal) failures(d *deploy.Result) {
	list := failures(d)
	if len(list) == 0 {
		return
	}
	t.title(styleBold+styleRed, "FIRST CAUSE")
	for group := range slices.Chunk(list, t.abreast(len(list))) {
		t.blank()
		t.causes(group)
	}
}

// abreast is how many of n causes stand next to each other: all of them if they
// fit, else two, else one.
func (t *terminal) abreast(n int) int {
	for _, group := range []int{n, 2} {
		if t.causeWidth(group) >= causeColumn {
			return group
		}
	}
	return 1
}

// causeWidth is how wide each of n columns may be.
func (t *terminal) causeWidth(n int) int {
	return (t.opt.Width - len(causeIndent) - causeGap*(n-1)) / n
}

// causes writes one group. Where a word is to be copied and longer than its
// column, an ARN for example, the causes stand one below the other.
func (t *terminal) causes(group []deploy.Failure) {
	if len(group) == 1 {
		t.causesBelow(group)
		return
	}
	width := t.causeWidth(len(group))
	var columns [][][]string
	for _, f := range group {
		cells, fit := causeCells(f, width)
		if !fit {
			t.causesBelow(group)
			return
		}
		columns = append(columns, cells)
	}
	for part := range columns[0] {
		style := ""
		if part < causeHeads {
			style = styleRed
		}
		t.besides(style, columns, part, width)
	}
}

// besides writes one part of every cause: as many lines as the longest has.
func (t *terminal) besides(style string, columns [][][]string, part, width int) {
	height := 0
	for _, cells := range columns {
		height = max(height, len(cells[part]))
	}
	for i := range height {
		line := causeIndent
		for n, cells := range columns {
			cell := ""
			if i < len(cells[part]) {
				cell = cells[part][i]
			}
			if n > 0 {
				line += strings.Repeat(" ", causeGap)
			}
			line += cell + strings.Repeat(" ", width-utf8.RuneCountInString(cell))
		}
		t.line(style, line)
	}
}

func (t *terminal) causesBelow(group []deploy.Failure) {
	for i, f := range group {
		if i > 0 {
			t.blank()
		}
		t.wrap(styleRed, causeIndent+f.Region+"  ", causePlace(f))
		t.wrap("", "    ", f.Reason)
		if f.Hint != "" {
			t.wrap("", "    To do: ", sentence(f.Hint))
		}
	}
}

// causePlace is what failed and when.
func causePlace(f deploy.Failure) string {
	where := fmt.Sprintf("during %s", f.Phase)
	if what := strings.TrimSpace(f.Target + " " + f.Resource + " " + f.Type); what != "" {
		where = what + ", " + where
	}
	return where
}

// causeHeads is how many parts of a cause say where it is: the Region and the place.
const causeHeads = 2

// causeCells are the parts of a cause, each as lines no wider than a column; not
// fit: a word of it is wider, and is not to be broken.
func causeCells(f deploy.Failure, width int) (cells [][]string, fit bool) {
	parts := []struct{ indent, text string }{{"", f.Region}, {"", causePlace(f)}, {"  ", f.Reason}, {"  ", ""}}
	if f.Hint != "" {
		parts[3].text = "To do: " + sentence(f.Hint)
	}
	for _, part := range parts {
		lines, fit := columnLines(part.indent, part.text, width)
		if !fit {
			return nil, false
		}
		cells = append(cells, lines)
	}
	return cells, true
}

// columnLines wraps untrusted text in a column.
func columnLines(indent, text string, width int) (lines []string, fit bool) {
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(clean(paragraph)) {
			pieces, fit := columnPieces(word, width-len(indent))
			if !fit {
				return nil, false
			}
			for _, piece := range pieces {
				switch {
				case line == "":
					line = indent + piece
				case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(piece) > width:
					lines, line = append(lines, line), indent+piece
				default:
					line += " " + piece
				}
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines, true
}

// columnPieces cuts a word that is wider than its column behind a mark, as those
// of a resource type are. What one copies is never cut.
func columnPieces(word string, room int) (pieces []string, fit bool) {
	runes := []rune(word)
	if len(runes) > room && (strings.Contains(word, "arn:") || strings.Contains(word, "://")) {
		return nil, false
	}
	for len(runes) > room {
		n := room
		for i := room; i > room/2; i-- {
			if strings.ContainsRune(":/.,-_}])", runes[i-1]) {
				n = i
				break
			}
		}
		pieces, runes = append(pieces, string(runes[:n])), runes[n:]
	}
	return append(pieces, string(runes)), true
}
