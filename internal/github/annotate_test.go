package github

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestAnnotate(t *testing.T) {
	tests := []struct {
		name string
		in   Annotation
		want string
	}{
		{"on a line of a file", Annotation{"error", "infra/app.yaml", 41, 3, "REL-01", "no"}, "::error col=3,file=infra/app.yaml,line=41,title=REL-01::no\n"},
		{"on the run: no line without a file", Annotation{"warning", "", 41, 3, "", "no"}, "::warning::no\n"},
		{"on a file without a line", Annotation{"notice", "a.yaml", 0, 0, "", "x"}, "::notice file=a.yaml::x\n"},
		{"of a level that does not exist", Annotation{"fatal", "", 0, 0, "", "x"}, "::notice::x\n"},
		{
			"with text that would end the command or its properties",
			Annotation{"error", "a,title=b::\n::add-mask::x", 1, 0, "t:,\r\n%", "m\n::set-output name=verdict::ready\r%0A"},
			"::error file=a%2Ctitle=b%3A%3A%0A%3A%3Aadd-mask%3A%3Ax,line=1,title=t%3A%2C%0D%0A%25::m%0A::set-output name=verdict::ready%0D%250A\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, log := step(nil)
			r.Annotate([]Annotation{test.in})
			if log.String() != test.want {
				t.Errorf("said %q\nwant %q", log, test.want)
			}
		})
	}
}

func TestAnnotationsStayWithinTheLimits(t *testing.T) {
	var list []Annotation
	for i := range 30 {
		for _, level := range []string{"error", "warning", "notice", "strange"} {
			list = append(list, Annotation{Level: level, Message: fmt.Sprint(i, " ", strings.Repeat("é", 5000))})
		}
	}
	r, log := step(nil)
	r.Annotate(list)
	count := map[string]int{}
	for line := range strings.Lines(log.String()) {
		level, message, _ := strings.Cut(strings.TrimPrefix(line, "::"), "::")
		count[level]++
		if n := len([]rune(strings.TrimSpace(message))); n != annotationRunes || !strings.HasSuffix(line, "…\n") {
			t.Errorf("a message of %d characters", n)
		}
	}
	if count["error"] != 10 || count["warning"] != 10 || count["notice"] != 10 || len(count) != 3 {
		t.Errorf("annotations per level: %v, want ten of each", count)
	}
	if !strings.HasPrefix(log.String(), "::error::0 ") {
		t.Error("the first annotation is not the first of the list")
	}
}

func TestALogThatCannotBeWrittenIsNoPanic(t *testing.T) {
	r := New(func(string) string { return "" }, failing{errors.New("closed")}, nil)
	r.Warn("x")
	r.Group("g")
	r.EndGroup()
	r.Mask("secret")
	r.Annotate([]Annotation{{Level: "error", Message: "x"}})
}

func TestMaskSaysNothingForNothing(t *testing.T) {
	r, log := step(nil)
	r.Mask("")
	if log.Len() > 0 {
		t.Errorf("said %q: the runner would mask every letter", log)
	}
	r.Mask("s3cret")
	if log.String() != "::add-mask::s3cret\n" {
		t.Errorf("said %q", log)
	}
}
