package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Position is a place in the configuration file, both counted from 1.
type Position struct {
	Line   int
	Column int
}

func (p Position) compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// Problem is one thing wrong with a configuration, or worth a warning.
type Problem struct {
	File   string
	Line   int
	Column int
	// Message names the offending text; it is one line without control characters.
	Message string
	// Suggestion says what to write instead; may be empty.
	Suggestion string
}

func (p Problem) String() string {
	text := fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
	if p.Suggestion != "" {
		text += " (" + p.Suggestion + ")"
	}
	return text
}

// Errors is every problem of one configuration file, sorted by position.
type Errors struct {
	Problems []Problem
}

func (e *Errors) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// problems collects as the file is read.
type problems struct {
	file string
	list []Problem
}

func (p *problems) add(at Position, suggestion, format string, args ...any) {
	p.list = append(p.list, Problem{
		File: p.file, Line: max(at.Line, 1), Column: max(at.Column, 1),
		Message: printable(fmt.Sprintf(format, args...)), Suggestion: printable(suggestion),
	})
}

// sorted returns the problems by position, each once.
func (p *problems) sorted() []Problem {
	slices.SortStableFunc(p.list, func(a, b Problem) int {
		return Position{a.Line, a.Column}.compare(Position{b.Line, b.Column})
	})
	return slices.Compact(p.list)
}

// printable replaces what could move a cursor or hide text: messages hold
// words of a file that anybody may have written.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// shown quotes text of the file for a message: one line, escaped, not too long.
func shown(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
