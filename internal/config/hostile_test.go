package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"
)

func TestFilesThatAreNoConfiguration(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("x-a: &a0 [x, x]\n")
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&bomb, "x-a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	tests := []struct{ name, src, want string }{
		{"empty", "", "1:1: the file is empty (start with version: 1)"},
		{"comments only", "# lockstep\n\n", "1:1: the file is empty (start with version: 1)"},
		{"a byte order mark only", "\ufeff", "1:1: the file is empty (start with version: 1)"},
		{"HTML", "<!DOCTYPE html>\n<p>", `1:1: the file must be a mapping, not "<!DOCTYPE html> <p>" (begin with version: 1)`},
		{"a list", "- version: 1\n", "1:1: the file must be a mapping, not a list (begin with version: 1)"},
		{"binary", "\x7fELF\x02", "1:1: the file is not YAML text: byte 0x7f (save the file as UTF-8 text)"},
		{"Latin-1", "version: 1\napp: caf\xe9", "2:9: the file is not YAML text: byte 0xe9 (save the file as UTF-8 text)"},
		{"brackets without end", strings.Repeat("[", 9000), "1:65: the file nests deeper than 64 levels (no configuration needs that; write it more plainly)"},
		{"dashes without end", strings.Repeat("- ", 9000), "1:129: the file nests deeper than 64 levels (no configuration needs that; write it more plainly)"},
		{"anchors without end", "a: " + strings.Repeat("&a ", 9000), "1:196: the file nests deeper than 64 levels (no configuration needs that; write it more plainly)"},
		{"lines without end", strings.Repeat("a: b\n", 20_000), "10001:1: the file holds too many values (no configuration needs that; write it more plainly)"},
		{"too large", strings.Repeat("# padding\n", 30_000), "1:1: the file has 300000 bytes, more than 262144 (a configuration is a few hundred lines)"},
		{"aliases that multiply", bomb.String(), "14:20: aliases expand to too many values (write it out more plainly)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(test.src), "f", now)
			if err == nil || err.Error() != "f:"+test.want {
				t.Errorf("\nhave %v\nwant f:%s", err, test.want)
			}
		})
	}
}

func TestAByteOrderMarkDoesNoHarm(t *testing.T) {
	if _, err := Parse([]byte("\ufeff"+minimal), "f", now); err != nil {
		t.Error(err)
	}
}

func TestWordsOfTheFileCannotForgeLinesOfTheError(t *testing.T) {
	src := strings.Replace(minimal, "app: payments", "\"a\\n::set-output name=x::y\\u009b\\u202e\": 1\nx-b: *\u202e", 1)
	_, err := Parse([]byte(src), "f", now)
	checkErrors(t, err)
}

// checkErrors holds an error of Parse against what every caller relies on.
func checkErrors(t *testing.T, err error) {
	t.Helper()
	var all *Errors
	if !errors.As(err, &all) || len(all.Problems) == 0 {
		t.Fatalf("error %v", err)
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines != len(all.Problems) {
		t.Errorf("%d problems on %d lines:\n%s", len(all.Problems), lines, err)
	}
	last := Position{}
	for _, p := range all.Problems {
		at := Position{p.Line, p.Column}
		if p.Line < 1 || p.Column < 1 || p.Message == "" || p.Suggestion == "" || at.compare(last) < 0 {
			t.Errorf("problem %+v after %v", p, last)
		}
		last = at
		for _, r := range p.Message + p.Suggestion {
			if !unicode.IsPrint(r) {
				t.Errorf("%q in %q", r, p.Message+p.Suggestion)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, src := range validFiles(f) {
		f.Add(string(src))
	}
	for _, group := range [][]broken{brokenKeys(), brokenRegions(), brokenObjectives(), brokenTargets(), brokenPolicy(), brokenYAML()} {
		for _, test := range group {
			f.Add(strings.Replace(minimal, test.old, test.new, 1))
		}
	}
	schema := compiled(f)
	f.Fuzz(func(t *testing.T, src string) {
		c, err := Parse([]byte(src), "f", now)
		if err != nil {
			checkErrors(t, err)
			return
		}
		for _, target := range c.Release {
			if len(target.CloudFormation.Regions) != len(c.Topology.Regions) || target.CloudFormation.Key == "" {
				t.Errorf("target %+v", target.CloudFormation)
			}
			for region, in := range target.CloudFormation.Regions {
				if in.Name == "" || in.Template == "" || strings.HasPrefix(in.Template, "..") || strings.HasPrefix(in.Template, "/") {
					t.Errorf("%s: %+v", region, in)
				}
			}
		}
		v, err := read([]byte(src))
		if err != nil {
			return // the editor's reader is stricter, for instance with repeated anchors
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("parsed, but the schema says: %v", err)
		}
	})
}
