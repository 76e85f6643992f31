package main

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// columns is how wide a terminal is taken to be. Wider than this is only what
// cannot be parted: a command to copy, an address, a path.
const columns = 80

// deepest is the last column at which a second column may begin; what stands
// behind a wider first one begins on the next line.
const deepest = 44

// withColumns keeps every help text to the width of a terminal.
func withColumns(root *cobra.Command) *cobra.Command {
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		out := cmd.OutOrStdout()
		var b bytes.Buffer
		cmd.SetOut(&b)
		help(cmd, args)
		cmd.SetOut(out)
		_, _ = io.WriteString(out, inColumns(joined(b.String()))) // nobody reads it, nobody misses it
	})
	return root
}

// seen is a text as a person sees it: folded on a terminal, and else a line for
// each fact, as grep wants it.
func (e environment) seen(text string) string {
	if !e.terminal {
		return text
	}
	return inColumns(text)
}

// joined puts the lines of every paragraph that is wider than the columns into one,
// so that folding it leaves no stumps. What is indented is laid out by hand.
func joined(text string) string {
	var b strings.Builder
	for i, block := range strings.Split(text, "\n\n") {
		if i > 0 {
			b.WriteString("\n\n")
		}
		if isProse(block) {
			block = strings.ReplaceAll(block, "\n", " ")
		}
		b.WriteString(block)
	}
	return b.String()
}

func isProse(block string) bool {
	wide := false
	for line := range strings.SplitSeq(block, "\n") {
		if line == "" || line[0] == ' ' || line[0] == '\t' {
			return false
		}
		wide = wide || utf8.RuneCountInString(line) > columns
	}
	return wide
}

// inColumns folds every line that is too wide, below where its last column begins.
func inColumns(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if utf8.RuneCountInString(line) > columns {
			lines[i] = folded(line)
		}
	}
	return strings.Join(lines, "\n")
}

func folded(line string) string {
	first, rest, below := lastColumn(line)
	if strings.TrimSpace(first) == "" && isCommand(rest) {
		return line
	}
	var b strings.Builder
	b.WriteString(first)
	at := utf8.RuneCountInString(first)
	if at > deepest && strings.TrimSpace(first) != "" {
		b.Reset()
		b.WriteString(strings.TrimRight(first, " ") + "\n" + strings.Repeat(" ", below))
		at = below
	}
	for i, word := range strings.Split(rest, " ") {
		width := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+width > columns:
			b.WriteString("\n" + strings.Repeat(" ", below))
			at = below
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += width
	}
	return b.String()
}

// lastColumn parts a line before its last column, and says where what is folded
// goes on: below that column or, where it begins too far to the right, near the left.
func lastColumn(line string) (first, rest string, below int) {
	start := len(line) - len(strings.TrimLeft(line, " "))
	if gap := strings.LastIndex(line, "  "); gap >= 0 && gap+2 > start {
		start = gap + 2
	}
	first, rest = line[:start], line[start:]
	below = utf8.RuneCountInString(first)
	switch {
	case below > deepest:
		below = 10
	case strings.HasPrefix(rest, "- "):
		below += 2
	}
	return first, rest, below
}

// isCommand says of a line that it is to be copied as it is.
func isCommand(line string) bool {
	return strings.HasPrefix(line, "lockstep ") || strings.HasPrefix(line, "AWS_")
}
