package report

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

const testMarker = "<!-- lockstep:payments -->"

// ourTags are the only HTML that a report may hold.
var ourTags = regexp.MustCompile(`</?(details|summary|code|sub)>|<br/?>`)

var mention = regexp.MustCompile(`@[A-Za-z0-9]`)
var reference = regexp.MustCompile(`(^|[^&\w])#\d|GH-\d`)
var codeElement = regexp.MustCompile("<code>[^<]*</code>")
var linkTarget = regexp.MustCompile(`\]\(https?://[^) ]*\)`)
var autolink = regexp.MustCompile(`https?://|www\.[a-z]`)

// markdownProblem says what untrusted text achieved in Markdown, or "".
func markdownProblem(md, marker string) string {
	if marker != "" && strings.Count(md, marker) != 1 {
		return fmt.Sprintf("the marker is there %d times", strings.Count(md, marker))
	}
	bare := ourTags.ReplaceAllString(strings.Replace(md, marker, "", 1), "")
	if i := strings.IndexByte(bare, '<'); i >= 0 {
		return "raw HTML: " + around(bare, i)
	}
	for _, tag := range []string{"details", "summary", "code", "sub"} {
		if strings.Count(md, "<"+tag+">") != strings.Count(md, "</"+tag+">") {
			return "unbalanced " + tag
		}
	}
	if at := mention.FindStringIndex(md); at != nil {
		return "a mention: " + around(md, at[0])
	}
	if problem := lineProblem(md); problem != "" {
		return problem
	}
	return blockProblem(md)
}

// blockProblem looks at tables and fences, line by line.
func blockProblem(md string) string {
	fenced, columns := false, 0
	for _, line := range strings.Split(md, "\n") {
		if fence, ok := strings.CutPrefix(line, "```"); ok && !strings.Contains(strings.TrimLeft(fence, "`"), "`") {
			fenced = !fenced
			continue
		}
		if fenced {
			continue
		}
		text := linkTarget.ReplaceAllString(withoutCode(line), "")
		if at := reference.FindStringIndex(text); at != nil {
			return "a reference: " + around(text, at[0])
		}
		if at := autolink.FindStringIndex(text); at != nil {
			return "a link: " + around(text, at[0])
		}
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		n := pipes(line)
		if columns != 0 && n != columns {
			return fmt.Sprintf("a table row with %d pipes under a head with %d: %s", n, columns, line)
		}
		columns = n
	}
	if fenced {
		return "an open fence"
	}
	return ""
}

// withoutCode is a line without its code, read as CommonMark does: a run of
// backticks opens a span that the next run of as many closes.
func withoutCode(line string) string {
	line = codeElement.ReplaceAllString(line, "")
	var b strings.Builder
	for i := 0; i < len(line); {
		switch {
		case line[i] == '\\':
			b.WriteString(line[i:min(i+2, len(line))])
			i += 2
		case line[i] != '`':
			b.WriteByte(line[i])
			i++
		default:
			fence := backticks(line[i:])
			rest := line[i+fence:]
			end := 0
			for end < len(rest) && (rest[end] != '`' || backticks(rest[end:]) != fence) {
				end += max(backticks(rest[end:]), 1)
			}
			if end == len(rest) { // nothing closes it
				b.WriteString(line[i : i+fence])
				i += fence
				continue
			}
			i += fence + end + fence
		}
	}
	return b.String()
}

func backticks(s string) int { return len(s) - len(strings.TrimLeft(s, "`")) }

// pipes counts pipes that are not escaped.
func pipes(line string) int {
	n := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			n++
		}
	}
	return n
}

// lineProblem says what untrusted text achieved in a log, or "".
func lineProblem(text string) string {
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") || strings.Contains(line, "##[") {
			return "a workflow command: " + line
		}
	}
	for i, r := range text {
		if r != '\n' && r != '\u200b' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return fmt.Sprintf("character %U: %s", r, around(text, i))
		}
	}
	return ""
}

func around(s string, i int) string { return fmt.Sprintf("%q", s[max(0, i-30):min(len(s), i+30)]) }

func TestTheProblemFindersFindProblems(t *testing.T) {
	for _, md := range []string{"<b>x", "hi @octocat", "see #1", "GH-12", "| a | b |\n|---|---|\n| a | b | c |", "```\nopen", "  ::set-output", "x ##[error]", "\x1b[31m", "\u202e", "see http://evil", "<details>"} {
		if markdownProblem(md, "") == "" {
			t.Errorf("nothing wrong found in %q", md)
		}
	}
	if markdownProblem(testMarker+testMarker, testMarker) == "" {
		t.Error("two markers not found")
	}
}

func TestHostileTextAchievesNothing(t *testing.T) {
	r := hostile()
	for level := full; level <= smallestDetail; level++ {
		md := renderMarkdown(r, MarkdownOptions{Marker: testMarker, Limit: 1 << 20, FullReport: nasty}, level)
		if problem := markdownProblem(md, testMarker); problem != "" {
			t.Errorf("at detail %d: %s", level, problem)
		}
	}
	for _, width := range []int{0, 10, 40, 200} {
		var text strings.Builder
		if err := Text(&text, r, TextOptions{Width: width}); err != nil {
			t.Fatal(err)
		}
		if problem := lineProblem(text.String()); problem != "" {
			t.Errorf("at width %d: %s", width, problem)
		}
	}
	if strings.ContainsAny(Headline(r), "\n\x1b") {
		t.Errorf("headline %q", Headline(r))
	}
}

func TestEscapersKeepHarmlessText(t *testing.T) {
	tests := []struct{ got, want string }{
		{prose("MemorySize is 512 (of 1024)"), "MemorySize is 512 (of 1024)"},
		{prose("a|b_c*d"), `a\|b\_c\*d`},
		{prose("- item"), `\- item`},
		{prose("12. item"), `12\. item`},
		{prose("-"), `\-`},
		{prose(""), ""},
		{code("payments/Fn"), "`payments/Fn`"},
		{code("arn:aws:sqs:us-east-1:1:q"), "`arn:aws:sqs:us-east-1:1:q`"},
		{code(""), "*(empty)*"},
		{code("a|b"), "<code>a&#124;b</code>"},
		{code("a`b"), "`` a`b ``"},
		{code("`a``b`"), "``` `a``b` ```"},
		{code("`a|b`"), "<code>&#96;a&#124;b&#96;</code>"},
		{marked("is \"a`b\" here and \"c`d\" there: run `lockstep deploy`"), "is \"a\\`b\" here and \"c\\`d\" there: run `lockstep deploy`"},
		{marked("is \"a\\\"`b\", run `lockstep deploy`"), "is \"a\\\\\"\\`b\", run `lockstep deploy`"},
		{marked("a \" alone, run `lockstep deploy`"), "a \" alone, run `lockstep deploy`"},
		{marked("run `lockstep deploy`, then"), "run `lockstep deploy`, then"},
		{marked("odd ` backtick"), "odd \\` backtick"},
		{marked("see https://x.example/a."), "see `https://x.example/a`."},
		{label(`a "b" #c`), "a #34;b#34; #35;c"},
		{link("run", "https://github.com/a/b/actions/runs/1"), "[run](https://github.com/a/b/actions/runs/1)"},
		{link("run", "javascript:alert(1)"), "`javascript:alert(1)`"},
		{link("run", "https://x/) [y](https://z"), "`https://x/) [y](https://z`"},
		{clean("a\tb\nc\x1b[0m\u202e\xff"), "a b c\\u001b[0m\\u202e\uFFFD"},
		{logLine("  ::error::x"), `  \::error::x`},
		{logLine("a ::error::x"), "a ::error::x"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func FuzzInlineMarkdown(f *testing.F) {
	for _, seed := range []string{nasty, "`", "``", "a`b`c", "\\|", "|\\", "\\", "@@a", "##1", "-", "1.", " `x` ", "a\u200b@b", "&#64;me", "<", "x\n\n# y", "GH-1", "http://a b://c", "`a` arn:x@y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, got := range map[string]string{"prose": prose(s), "marked": marked(s), "code": code(s), "link": link(s, s)} {
			row := "| " + got + " | end |"
			if problem := markdownProblem("| a | b |\n|---|---|\n"+row+"\n\n- x "+got, ""); problem != "" {
				t.Errorf("%s(%q) = %q: %s", name, s, got, problem)
			}
		}
		if strings.ContainsAny(label(s), "\"`<>|#&\n[]") && strings.ContainsAny(hashless(label(s)), "\"`<>|#&\n[]") {
			t.Errorf("label(%q) = %q", s, label(s))
		}
		if problem := lineProblem(logLine(clean(s))); problem != "" {
			t.Errorf("logLine: %s", problem)
		}
	})
}

var labelReference = regexp.MustCompile(`#\d+;`)

func hashless(s string) string { return labelReference.ReplaceAllString(s, "") }

func FuzzReport(f *testing.F) {
	f.Add(nasty, 80)
	f.Add("::x", 1)
	f.Add("a\n::x", 12)
	f.Fuzz(func(t *testing.T, s string, width int) {
		if len(s) > 400 {
			return
		}
		r := poisoned(s)
		var md, text strings.Builder
		if err := Markdown(&md, r, MarkdownOptions{Marker: testMarker}); err != nil {
			t.Fatal(err)
		}
		if problem := markdownProblem(md.String(), testMarker); problem != "" {
			t.Error(problem)
		}
		if err := Text(&text, r, TextOptions{Width: width % 300}); err != nil {
			t.Fatal(err)
		}
		if problem := lineProblem(text.String()); problem != "" {
			t.Error(problem)
		}
	})
}

// TestRandomTextAchievesNothing is the fuzz targets' idea with the pieces that
// escapes are made of, so that every run of the tests tries some thousands.
func TestRandomTextAchievesNothing(t *testing.T) {
	pieces := []string{"`", "``", "|", `\`, "@", "#", "1", "a", "<", ">", "&", ";", "-", "+", "=", ".", " ", "\n", "::", "##[", "http://", "www.",
		"GH-", "arn:", "\x1b", "\u202e", "\u200b", "\xff", "[", "]", "(", ")", "!", "*", "_", "~", "$", "mailto:", "é", "/", "\"", "%"}
	r := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range r.IntN(12) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		return b.String()
	}
	for range 3000 {
		s := text()
		for name, got := range map[string]string{"prose": prose(s), "marked": marked(s), "code": code(s), "link": link(s, s)} {
			if problem := markdownProblem("| a | b |\n|---|---|\n| "+got+" | end |\n\n- x "+got, ""); problem != "" {
				t.Fatalf("%s(%q) = %q: %s", name, s, got, problem)
			}
		}
	}
	for range 100 {
		s := text()
		r := poisoned(s)
		if problem := markdownProblem(renderMarkdown(r, MarkdownOptions{Marker: testMarker}, full), testMarker); problem != "" {
			t.Fatalf("%q: %s", s, problem)
		}
	}
}
