package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Everything that came from AWS, a template or a pull request is untrusted. It
// reaches a sink only through one of the functions below: text for terminals
// and logs, prose and code for Markdown, label for Mermaid.

// clean makes every character visible and harmless on any sink: control and
// format characters (ANSI escapes, bidirectional overrides, zero-width tricks)
// become \u escapes, invalid bytes U+FFFD, tabs and line ends spaces.
func clean(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			b.WriteByte(' ')
		case r == utf8.RuneError:
			b.WriteRune('\uFFFD')
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// logLine makes one finished line safe to print in a workflow: the runner takes
// a line that begins, after blanks, with "::" for a command, and "##[" anywhere.
// Source: ActionCommand.cs of actions/runner.
func logLine(line string) string {
	trimmed := strings.TrimLeftFunc(line, unicode.IsSpace)
	if strings.HasPrefix(trimmed, "::") {
		line = line[:len(line)-len(trimmed)] + `\` + trimmed
	}
	return strings.ReplaceAll(line, "##[", "## [")
}

// zeroWidth parts a character from what follows without being seen: GitHub
// recognises mentions, references and links in the rendered text, where
// escapes are gone.
const zeroWidth = "\u200b"

// markdownSpecial maps characters that mean something in Markdown or HTML.
var markdownSpecial = map[rune]string{
	'&': "&amp;", '<': "&lt;", '>': "&gt;",
	'\\': `\\`, '`': "\\`", '*': `\*`, '_': `\_`, '[': `\[`, ']': `\]`, '~': `\~`, '|': `\|`, '$': `\$`,
	'@': "@" + zeroWidth, '#': "#" + zeroWidth,
}

// prose is untrusted text inside a Markdown line or table cell: nothing in it
// is markup, a mention, a reference or a link.
func prose(s string) string {
	var b strings.Builder
	s = strings.TrimLeft(clean(s), " ")
	if n := blockStart(s); n > 0 {
		b.WriteString(s[:n-1] + `\` + s[n-1:n])
		s = s[n:]
	}
	for _, r := range s {
		if escaped, special := markdownSpecial[r]; special {
			b.WriteString(escaped)
		} else {
			b.WriteRune(r)
		}
	}
	return unlink.Replace(b.String())
}

// blockStart is how many bytes at the beginning of the text would begin a list
// or a rule in Markdown: "-", "+", "=", "12." or "12)".
func blockStart(s string) int {
	if s == "" {
		return 0
	}
	if strings.ContainsRune("-+=", rune(s[0])) {
		return 1
	}
	n := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if n > 0 && n < len(s) && (s[n] == '.' || s[n] == ')') {
		return n + 1
	}
	return 0
}

// unlink parts what GitHub would turn into a link by itself.
var unlink = strings.NewReplacer("://", ":"+zeroWidth+"//", "www.", "www"+zeroWidth+".", "WWW.", "WWW"+zeroWidth+".",
	"GH-", "GH-"+zeroWidth, "gh-", "gh-"+zeroWidth, "Gh-", "Gh-"+zeroWidth, "gH-", "gH-"+zeroWidth, "mailto:", "mailto"+zeroWidth+":")

// marked is prose in which `commands` between backticks, addresses and ARNs
// become code.
func marked(s string) string {
	var b strings.Builder
	for _, part := range spans(s) {
		if part.Code {
			b.WriteString(code(part.Text))
			continue
		}
		for n, word := range strings.Split(part.Text, " ") {
			if n > 0 {
				b.WriteByte(' ')
			}
			if b.Len() == 0 || !strings.Contains(word, "://") && !strings.HasPrefix(word, "arn:") {
				b.WriteString(inline(word, b.Len() == 0))
				continue
			}
			name := strings.TrimRight(word, ".,;:)")
			b.WriteString(code(name) + prose(word[len(name):]))
		}
	}
	return b.String()
}

// inline is prose that may stand behind other text, where nothing can begin a block.
func inline(word string, first bool) string {
	if first {
		return prose(word)
	}
	return strings.TrimPrefix(prose("x"+word), "x")
}

// code is an untrusted value as code in Markdown, also in a table cell: a code
// span behind a fence that is longer than any in the value. A value with a
// character that means something even there, in a cell or to GitHub, is written
// as an element with references.
func code(s string) string {
	s = clean(s)
	if s == "" {
		return "*(empty)*"
	}
	if !strings.ContainsAny(s, "|\\<>@") && !strings.Contains(s, "##[") && s[0] != ' ' && s[len(s)-1] != ' ' {
		return fenced(s)
	}
	var b strings.Builder
	b.WriteString("<code>")
	for _, r := range s {
		if r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" .,/-+=", r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteString("</code>")
	return b.String()
}

// fenced is a code span. Source: CommonMark 0.31.2, section 6.1: it ends at a run
// of exactly as many backticks as it began with, and one blank on either side of
// it is no part of it.
func fenced(s string) string {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence, room := strings.Repeat("`", longest+1), ""
	if longest > 0 {
		room = " "
	}
	return fence + room + s + room + fence
}

// label is untrusted text inside a quoted Mermaid label.
func label(s string) string {
	var b strings.Builder
	for _, r := range clean(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" .,-_:/()", r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}

// link is a Markdown link to an address that only counts as one when it is
// plain http or https; otherwise it is shown as code.
func link(words, address string) string {
	if !plainAddress(address) {
		return code(address)
	}
	return "[" + prose(words) + "](" + address + ")"
}

// plainAddress reports whether an address may stand in a link as it is.
func plainAddress(address string) bool {
	web := strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
	return web && !strings.ContainsFunc(address, func(r rune) bool {
		return r <= ' ' || r >= utf8.RuneSelf || strings.ContainsRune("()<>[]\\`\"|@", r)
	})
}
