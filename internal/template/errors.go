package template

import (
	"fmt"
	"sort"
	"strings"
)

// Error is one fault of a template or of the values given to it. Line and Column start at 1; both are 0 when the fault has
// no place in the source (a parameter value, a node that came from elsewhere). Path names the node, see Template.Position.
type Error struct {
	Line, Column int
	Path         string
	Message      string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Problems are several faults found together, in source order. A nil or empty Problems is never returned as an error.
type Problems []*Error

// Error lists the messages, separated by "; ".
func (p Problems) Error() string {
	parts := make([]string, len(p))
	for i, e := range p {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// Unwrap lets errors.As and errors.Is see every fault.
func (p Problems) Unwrap() []error {
	out := make([]error, len(p))
	for i, e := range p {
		out[i] = e
	}
	return out
}

// asError sorts the problems and returns nil when there are none.
func (p Problems) asError() error {
	if len(p) == 0 {
		return nil
	}
	sort.SliceStable(p, func(i, j int) bool {
		a, b := p[i], p[j]
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		if a.Column != b.Column {
			return a.Column < b.Column
		}
		return a.Message < b.Message
	})
	return p
}

// UnknownError says that something cannot be decided because it rests on values that are known only inside AWS.
type UnknownError struct {
	What    string   // what was asked, for example "condition IsProd"
	Symbols []string // the symbols it rests on, sorted
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("evaluate %s: depends on %s, which is not known here", e.What, strings.Join(e.Symbols, ", "))
}
