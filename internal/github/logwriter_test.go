package github

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

func TestLogWriter(t *testing.T) {
	const z = zeroWidthSpace
	tests := []struct{ name, in, want string }{
		{"plain text stays as it is", "us-east-1: done\n", "us-east-1: done\n"},
		{"a command at the start of the text", "::set-output name=verdict::ready\n", ":" + z + ":set-output name=verdict::ready\n"},
		{"a command after a newline", "a\n::error::x\n", "a\n:" + z + ":error::x\n"},
		{"a command after a carriage return", "a\r::error::x", "a\r:" + z + ":error::x"},
		{"a command after white space", " \t ::error::x", " \t :" + z + ":error::x"},
		{"a command after white space that is not ASCII", "\u00a0\u2003::error::x", "\u00a0\u2003:" + z + ":error::x"},
		{"a command after control characters", "\v\f::error::x", "\v\f:" + z + ":error::x"},
		{"the old form", "##[error]x", "##" + z + "[error]x"},
		{"the old form in the middle of a line, where the runner finds it too", "stack ##[add-path]/tmp failed", "stack ##" + z + "[add-path]/tmp failed"},
		{"a Markdown heading stays as it is", "# Lockstep\n## Regions\n### [x]\n", "# Lockstep\n## Regions\n### [x]\n"},
		{"three hashes and a bracket", "###[error]", "###" + z + "[error]"},
		{"one colon stays as it is", ": a\n:\n:a:b\n", ": a\n:\n:a:b\n"},
		{"two colons inside a line stay as they are", "AWS::Lambda::Function\narn:aws:sns::x", "AWS::Lambda::Function\narn:aws:sns::x"},
		{"three colons", ":::error::x", ":" + z + "::error::x"},
		{"no newline at the end: nothing is held back", "  :", "  :"},
		{"bytes that are no UTF-8 stay as they are", "\xff\xfe x\n", "\xff\xfe x\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, size := range []int{len(test.in), 1, 2, 3} {
				if got := logged(t, test.in, size); got != test.want {
					t.Errorf("in writes of %d bytes: %q, want %q", size, got, test.want)
				}
			}
		})
	}
}

func TestLogWriterReportsErrors(t *testing.T) {
	broken := errors.New("pipe closed")
	if n, err := LogWriter(failing{broken}).Write([]byte("x")); n != 0 || !errors.Is(err, broken) {
		t.Errorf("Write = %d, %v; want 0 and the cause", n, err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// logged is what LogWriter makes of text written in pieces of size bytes.
func logged(t *testing.T, text string, size int) string {
	t.Helper()
	var out strings.Builder
	w := LogWriter(&out)
	for len(text) > 0 {
		piece := text[:min(max(size, 1), len(text))]
		if n, err := w.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Fatalf("Write = %d, %v", n, err)
		}
		text = text[len(piece):]
	}
	return out.String()
}

// FuzzLogWriter holds the promise against the runner's own parser: whatever is
// written, in whatever pieces, no line is a command; and nothing but the
// zero-width spaces is added.
func FuzzLogWriter(f *testing.F) {
	for _, seed := range []string{
		"::error::x", "  ::warning::x\n", "a\n\r\n::add-mask::x", "##[error]x", "x ##[group]y", ":::::", "# a\n##[\n",
		"\u2003::error::x", "\u00a0\u0085::error::x", "\xe2\x80::error::x", ":\u200b:error::x", "#\u200b##[error]x", "\u200b::error::x", "\x00::error::x",
	} {
		for size := range 4 {
			f.Add(seed, size)
		}
	}
	f.Fuzz(func(t *testing.T, text string, size int) {
		got := logged(t, text, size)
		for _, line := range lineEnd.Split(got, -1) {
			if strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") || strings.Contains(line, "##[") {
				t.Fatalf("%q is written as %q: a command", text, line)
			}
			if name := commandName(line); name != "" {
				t.Fatalf("%q is written as %q: the runner reads the command %q", text, line, name)
			}
		}
		if strings.ReplaceAll(got, zeroWidthSpace, "") != strings.ReplaceAll(text, zeroWidthSpace, "") {
			t.Fatalf("%q is written as %q: more than protection", text, got)
		}
		if whole := logged(t, text, len(text)); whole != got {
			t.Fatalf("%q is written as %q in one piece and as %q in pieces of %d", text, whole, got, size)
		}
	})
}

// unseen are the characters that a comparison by culture does not see.
const unseen = `[\x{200b}\x{200c}\x{200d}\x{2060}\x{feff}\x{ad}\x00]*`

var (
	commandPrefix = regexp.MustCompile(`^` + unseen + `:` + unseen + `:`)
	oldPrefix     = regexp.MustCompile(`#` + unseen + `#` + unseen + `\[`)
	lineEnd       = regexp.MustCompile(`[\r\n]`)
)

// commandName is the command that the runner reads in a line, or "". It does
// what ActionCommand.cs does: comparisons by culture, but the name cut off at a
// fixed offset.
func commandName(line string) string {
	trimmed := []rune(strings.TrimLeftFunc(line, unicode.IsSpace))
	if commandPrefix.MatchString(string(trimmed)) && len(trimmed) > 2 {
		name, _, found := strings.Cut(string(trimmed[2:]), "::")
		if name, _, _ := strings.Cut(name, " "); found && registered[name] {
			return name
		}
	}
	for _, at := range oldPrefix.FindAllStringIndex(line, -1) {
		rest := []rune(line[at[0]:])
		name, _, found := strings.Cut(string(rest[min(3, len(rest)):]), "]")
		if name, _, _ := strings.Cut(name, " "); found && registered[name] {
			return name
		}
	}
	return ""
}

var registered = map[string]bool{
	"error": true, "warning": true, "notice": true, "debug": true, "group": true, "endgroup": true, "echo": true,
	"add-mask": true, "add-path": true, "add-matcher": true, "remove-matcher": true, "set-env": true, "set-output": true, "save-state": true,
}

func TestTheModelOfTheRunnerReadsCommands(t *testing.T) {
	for line, want := range map[string]string{
		"::error::x": "error", "  ::warning file=a::x": "warning", "\u00a0::debug::x": "debug",
		"##[group]x": "group", "text ##[add-path]x": "add-path",
		"AWS::Lambda::Function": "", "## [error]": "", "::unknown::x": "",
	} {
		if got := commandName(line); got != want {
			t.Errorf("%q: command %q, want %q", line, got, want)
		}
	}
}
