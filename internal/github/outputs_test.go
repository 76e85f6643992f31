package github

import (
	"maps"
	"strings"
	"testing"
)

func TestSetOutputs(t *testing.T) {
	path := file(t, "earlier=kept\n")
	r, _ := step(map[string]string{"GITHUB_OUTPUT": path})
	want := map[string]string{"verdict": "not-ready", "drift-count": "3", "comment-url": "", "report-path": "a b<<c=d.json"}
	if err := r.SetOutputs(want); err != nil {
		t.Fatal(err)
	}
	if got := outputsIn(read(t, path)); !maps.Equal(got, with(want, "earlier", "kept")) {
		t.Errorf("the runner reads %v", got)
	}
}

// outputsIn reads a file of outputs as the runner does.
func outputsIn(text string) map[string]string {
	values := map[string]string{}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		equals, heredoc := strings.Index(lines[i], "="), strings.Index(lines[i], "<<")
		switch {
		case equals >= 0 && (heredoc < 0 || equals < heredoc):
			values[lines[i][:equals]] = lines[i][equals+1:]
		case heredoc >= 0:
			name, delimiter := lines[i][:heredoc], lines[i][heredoc+2:]
			var body []string
			for i++; i < len(lines) && lines[i] != delimiter; i++ {
				body = append(body, lines[i])
			}
			values[name] = strings.Join(body, "\n")
		}
	}
	return values
}

func with(m map[string]string, key, value string) map[string]string {
	m = maps.Clone(m)
	m[key] = value
	return m
}

func TestAnOutputCannotForgeAnother(t *testing.T) {
	forged := "\n" + libraryDelimiter + "\nverdict<<x\nready\nx"
	tests := []struct {
		name   string
		values map[string]string
	}{
		{"a value that ends its heredoc and begins another", map[string]string{"release": "r-1" + forged}},
		{"a value with the delimiter alone", map[string]string{"release": libraryDelimiter}},
		{"a value with a newline", map[string]string{"report-path": "a\nverdict=ready"}},
		{"a value with a carriage return", map[string]string{"report-path": "a\rverdict=ready"}},
		{"a value with NUL", map[string]string{"report-path": "a\x00"}},
		{"a name that is none of ours", map[string]string{"path": "/evil"}},
		{"a name with a newline", map[string]string{"verdict=ready\nx": "y"}},
		{"a name with a heredoc", map[string]string{"verdict<<x": "y"}},
		{"a value without end", map[string]string{"comment-url": strings.Repeat("x", outputBytes+1)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := file(t, "")
			r, log := step(map[string]string{"GITHUB_OUTPUT": path})
			if err := r.SetOutputs(with(test.values, "verdict", "not-ready")); err == nil {
				t.Error("accepted")
			}
			if got := read(t, path); got != "" {
				t.Errorf("written all the same: %q", got)
			}
			if log.Len() > 0 {
				t.Errorf("said to the runner: %q", log)
			}
		})
	}
}

func FuzzSetOutputs(f *testing.F) {
	f.Add("r-1", "report.json")
	f.Add("a\n"+libraryDelimiter+"\nverdict=ready", "b")
	f.Add(libraryDelimiter[:10], "x\r\ny")
	f.Fuzz(func(t *testing.T, release, path string) {
		output := file(t, "")
		r, _ := step(map[string]string{"GITHUB_OUTPUT": output})
		values := map[string]string{"verdict": "not-ready", "release": release, "report-path": path}
		err := r.SetOutputs(values)
		got := outputsIn(read(t, output))
		if err != nil && len(got) > 0 {
			t.Errorf("refused (%v), but written: %v", err, got)
		}
		if err == nil && !maps.Equal(got, values) {
			t.Errorf("the runner reads %q, want %q", got, values)
		}
	})
}

func TestOutputsThatCannotBeWrittenAreAnErrorAndNoPanic(t *testing.T) {
	for name, path := range unusable(t) {
		t.Run("GITHUB_OUTPUT is "+name, func(t *testing.T) {
			r, _ := step(map[string]string{"GITHUB_OUTPUT": path})
			if err := r.SetOutputs(map[string]string{"verdict": "ready"}); err == nil || !strings.Contains(err.Error(), "GITHUB_OUTPUT") {
				t.Errorf("error %v, want one that names GITHUB_OUTPUT", err)
			}
		})
		t.Run("GITHUB_STEP_SUMMARY is "+name, func(t *testing.T) {
			r, _ := step(map[string]string{"GITHUB_STEP_SUMMARY": path})
			if err := r.AddSummary("# x"); err == nil || !strings.Contains(err.Error(), "GITHUB_STEP_SUMMARY") {
				t.Errorf("error %v, want one that names GITHUB_STEP_SUMMARY", err)
			}
		})
	}
}

func TestAddSummary(t *testing.T) {
	tests := []struct {
		name           string
		before, adding int
		fits           bool
	}{
		{"a short one", 0, 10, true},
		{"one that just fits, with its newline", 0, SummaryLimit - 1, true},
		{"one byte more", 0, SummaryLimit, false},
		{"one that fits alone, but not beside what is there", 100, SummaryLimit - 100, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := file(t, strings.Repeat("a", test.before))
			r, _ := step(map[string]string{"GITHUB_STEP_SUMMARY": path})
			err := r.AddSummary(strings.Repeat("b", test.adding))
			want := strings.Repeat("a", test.before)
			if test.fits {
				want += strings.Repeat("b", test.adding) + "\n"
			}
			if (err == nil) != test.fits || read(t, path) != want {
				t.Errorf("error %v, %d bytes written; want fitting: %t", err, len(read(t, path)), test.fits)
			}
		})
	}
}
