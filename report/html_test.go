package report

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func htmlOf(t *testing.T, r Report) string {
	t.Helper()
	var b strings.Builder
	if err := HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bodyOf is the page without its style and script.
func bodyOf(page string) string {
	_, body, _ := strings.Cut(page, "<body>")
	body, _, _ = strings.Cut(body, "<script>")
	return body
}

func TestGoldenHTML(t *testing.T) {
	for _, name := range []string{"gate-not-ready", "drift-three", "deploy-rolled-back", "plan", "empty"} {
		t.Run(name, func(t *testing.T) { golden(t, name+".html", []byte(bodyOf(htmlOf(t, samples()[name])))) })
	}
}

// tag is everything that HTML could take for an element; attribute values are
// put away first.
var tag = regexp.MustCompile(`<[^<>]*>`)

var attribute = regexp.MustCompile(`([a-zA-Z-]+)="([^"]*)"`)

// ourElements are all elements that the template writes; none loads anything.
var ourElements = regexp.MustCompile(`^</?(a|article|b|button|caption|circle|code|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|g|h1|h2|h3|header|input|label|legend|li|main|mark|nav|ol|option|p|path|pre|rect|section|select|span|summary|svg|table|tbody|td|text|th|thead|time|title|tr|ul)[ >]`)

// ourLinks are the only addresses in a page: its own sections and the run.
var ourLinks = regexp.MustCompile(`^(#[a-z]+(-[0-9]+)?|https?://.*)$`)

// pageProblem says what untrusted text achieved in a page's body, or "".
func pageProblem(body string) string {
	for _, element := range tag.FindAllString(body, -1) {
		if !ourElements.MatchString(element) {
			return "an element that is not ours: " + element
		}
		for _, a := range attribute.FindAllStringSubmatch(element, -1) {
			if name := strings.ToLower(a[1]); strings.HasPrefix(name, "on") || name == "style" || name == "src" || name == "href" && !ourLinks.MatchString(a[2]) {
				return "an attribute that does something: " + element
			}
		}
		if strings.ContainsAny(attribute.ReplaceAllString(element, ""), `"'=`) {
			return "an attribute without quotes: " + element
		}
	}
	if strings.ContainsAny(tag.ReplaceAllString(body, ""), "<>") {
		return "an unescaped angle bracket"
	}
	return lineProblem(body)
}

func TestHostileTextAchievesNothingInHTML(t *testing.T) {
	for _, bad := range []string{nasty, `"><img src=x onerror=alert(1)>`, `' onclick='alert(1)`, "</script><script>alert(1)</script>", "</style>", "{{.}}", "<!--", "]]>", "\x00<b>", "a\n::error::x", "##[error]", "\u202e", "javascript:alert(1)"} {
		page := htmlOf(t, poisoned(bad))
		if problem := pageProblem(bodyOf(page)); problem != "" {
			t.Errorf("%q: %s", bad, problem)
		}
		if strings.Count(page, "<script>") != 1 || strings.Count(page, "</script>") != 1 || strings.Count(page, "<style>") != 1 {
			t.Errorf("%q: more than the page's own script and style", bad)
		}
	}
}

func TestThePageProblemFinderFindsProblems(t *testing.T) {
	for _, body := range []string{"<img src=x>", "<script>", `<a href="javascript:x">`, `<b onclick="x">`, `<b title=x>`, `<p style="x">`, "a < b", "\n::error::x", "\u202e"} {
		if pageProblem(body) == "" {
			t.Errorf("nothing wrong found in %q", body)
		}
	}
}

func TestOnlyAWebAddressIsALink(t *testing.T) {
	r := gateReady()
	if page := htmlOf(t, r); !strings.Contains(page, `<a href="https://github.com/acme/payments/actions/runs/42">`) {
		t.Error("the run is not linked")
	}
	r.RunURL = "javascript:alert(1)"
	if page := htmlOf(t, r); strings.Contains(page, "javascript:") {
		t.Error("a script's address became a link")
	}
}

func TestStyleAndScriptNeedNothingElse(t *testing.T) {
	for name, text := range map[string]string{"style": styleCSS, "script": scriptJS} {
		if harmlessPage(text) != text {
			t.Errorf("the %s holds characters that the page would change, and its digest would not fit", name)
		}
		for _, outside := range []string{"http:", "https:", "//", "url(", "@import", "fetch", "XMLHttp", "innerHTML", "eval("} {
			if strings.Contains(regexp.MustCompile(`(?m)^\s*//.*$`).ReplaceAllString(text, ""), outside) {
				t.Errorf("the %s holds %q", name, outside)
			}
		}
		if !strings.Contains(htmlOf(t, gateReady()), text) {
			t.Errorf("the %s is not in the page as it is in its file", name)
		}
	}
}

func TestWhatDiffersIsMarked(t *testing.T) {
	marked := func(parts []piece) string {
		var b strings.Builder
		for _, p := range parts {
			if p.Changed {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		return b.String()
	}
	tests := []struct {
		name             string
		primary, standby any
		left, right      string
	}{
		{"a number", 512.0, 128.0, "[512]", "[128]"},
		{"a word inside of text", "arn:aws:sqs:us-east-1:1:a", "arn:aws:sqs:us-east-1:1:b", "arn:aws:sqs:us-east-1:1:[a]", "arn:aws:sqs:us-east-1:1:[b]"},
		{"something that is not there", "x", nil, "[x]", "[(][absent][)]"},
		{"a line of a tree", object{"a": 1.0, "b": 2.0}, object{"a": 1.0, "b": 3.0}, "{\n  \"a\": 1,\n[  \"b\": 2\n]}", "{\n  \"a\": 1,\n[  \"b\": 3\n]}"},
		{"a tree in a string", `{"a":1}`, `{"a":2}`, "{\n[  \"a\": 1\n]}", "{\n[  \"a\": 2\n]}"},
		{"equal text that names the reference", "sqs.us-east-1/q", "sqs.us-east-1/q", "sqs.[us-east-1]/q", "sqs.[us-east-1]/q"},
		{"a secret", "(secret)", "(secret)", "(secret)", "(secret)"},
		{"a number and its text", 5.0, "5", "5", `["]5["]`},
	}
	for _, test := range tests {
		sides := sidesOf("us-east-1", test.primary, []string{"us-west-2"}, []any{test.standby})
		right := strings.ReplaceAll(marked(sides[1].Parts), "[(absent)]", "[(][absent][)]")
		if left := marked(sides[0].Parts); left != test.left || right != test.right {
			t.Errorf("%s: %s | %s, want %s | %s", test.name, left, right, test.left, test.right)
		}
	}
}

// TestWriteSamples leaves the pages where LOCKSTEP_PAGES says, to look at them.
func TestWriteSamples(t *testing.T) {
	dir := os.Getenv("LOCKSTEP_PAGES")
	if dir == "" {
		t.Skip("LOCKSTEP_PAGES names no directory")
	}
	for name, r := range samples() {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(htmlOf(t, r)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
