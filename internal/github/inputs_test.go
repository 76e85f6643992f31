package github

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

func TestInputs(t *testing.T) {
	r, _ := step(map[string]string{
		"INPUT_COMMAND": " gate\n", "INPUT_CONFIG": "infra/lockstep.yml", "INPUT_GITHUB-TOKEN": "t", "INPUT_ROLE-TO-ASSUME": "arn:aws:iam::1:role/r",
		"INPUT_FAIL-ON": "block", "INPUT_COMMENT": "always", "INPUT_WORKING-DIRECTORY": "a b", "INPUT_ARGS": `--from "x y" --format=json`,
	})
	got, err := r.Inputs()
	if err != nil {
		t.Fatal(err)
	}
	want := Inputs{Command: "gate", Config: "infra/lockstep.yml", GitHubToken: "t", RoleToAssume: "arn:aws:iam::1:role/r",
		FailOn: "block", Comment: CommentAlways, WorkingDirectory: "a b", Args: []string{"--from", "x y", "--format=json"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestInputsHaveTheirDefaultsInTheBinary(t *testing.T) {
	r, _ := step(map[string]string{"INPUT_COMMAND": "drift", "INPUT_COMMENT": "", "GITHUB_TOKEN": "from the environment"})
	got, err := r.Inputs()
	if want := (Inputs{Command: "drift", Comment: CommentAuto}); err != nil || !cmp.Equal(want, got) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	settings, err := r.CommentSettings()
	if want := (CommentSettings{CommentAuto, "from the environment"}); err != nil || settings != want {
		t.Errorf("%+v, %v; want %+v", settings, err, want)
	}
}

func TestBadInputsAreErrorsThatSayWhatToWrite(t *testing.T) {
	tests := []struct {
		name, input, value, want string
	}{
		{"no command", "COMMAND", "", "deploy, doctor, drift, freeze, gate, plan, predict, recover, report, rollback, snapshot, status, watch"},
		{"an unknown command", "COMMAND", "destroy", "deploy, doctor, drift, freeze, gate, plan, predict, recover, report, rollback, snapshot, status, watch"},
		{"a command that the action does not offer", "COMMAND", "sim", "deploy, doctor, drift, freeze, gate, plan, predict, recover, report, rollback, snapshot, status, watch"},
		{"a command with arguments", "COMMAND", "gate --plan", "deploy, doctor, drift, freeze, gate, plan, predict, recover, report, rollback, snapshot, status, watch"},
		{"a command in capitals", "COMMAND", "Gate", "deploy, doctor, drift, freeze, gate, plan, predict, recover, report, rollback, snapshot, status, watch"},
		{"an unknown comment mode", "COMMENT", "sometimes", "auto, always or never"},
		{"a quote without end", "ARGS", `--release "a`, "unfinished quote"},
		{"an escape without end", "ARGS", `a \`, "unfinished quote or escape"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, _ := step(with(map[string]string{"INPUT_COMMAND": "gate"}, "INPUT_"+test.input, test.value))
			if _, err := r.Inputs(); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), strings.ToLower(test.input)) {
				t.Errorf("error %v, want one that names the input and says %q", err, test.want)
			}
		})
	}
}

func TestSplitArgs(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"", nil},
		{" \n\t ", nil},
		{"a  b\nc", []string{"a", "b", "c"}},
		{`--parameter 'A=x y' "b'c" d\ e`, []string{"--parameter", "A=x y", "b'c", "d e"}},
		{`'' "" x`, []string{"", "", "x"}},
		{`a"b"'c'd`, []string{"abcd"}},
		{`'\n' "\""`, []string{`\n`, `"`}},
		{"$HOME `id` $(id) ; | > *", []string{"$HOME", "`id`", "$(id)", ";", "|", ">", "*"}},
	}
	for _, test := range tests {
		if got, err := splitArgs(test.in); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("splitArgs(%q) = %q, %v; want %q", test.in, got, err, test.want)
		}
	}
}

// FuzzSplitArgs: whatever words are quoted and joined come back, and nothing is
// ever expanded: every character of a word comes from the input.
func FuzzSplitArgs(f *testing.F) {
	f.Add("--release", "a b")
	f.Add("it's", "\\\n\"")
	f.Add("", "\x00é")
	f.Fuzz(func(t *testing.T, a, b string) {
		if _, err := splitArgs(a + " " + b); err == nil {
			for _, word := range mustSplit(t, a+" "+b) {
				for _, c := range word {
					if !strings.ContainsRune(a+" "+b, c) && c != '\uFFFD' {
						t.Errorf("%q holds %q, which the input does not", word, c)
					}
				}
			}
		}
		if strings.ToValidUTF8(a, "") != a || strings.ToValidUTF8(b, "") != b {
			return
		}
		quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
		if got := mustSplit(t, quote(a)+" "+quote(b)); !slices.Equal(got, []string{a, b}) {
			t.Errorf("%q and %q come back as %q", a, b, got)
		}
	})
}

func mustSplit(t *testing.T, s string) []string {
	t.Helper()
	words, err := splitArgs(s)
	if err != nil {
		t.Fatalf("splitArgs(%q): %v", s, err)
	}
	return words
}

// TestActionYML keeps action.yml and this package from drifting apart: what is
// declared is read, what is read is declared, and no default stands in
// action.yml but the token, which only a workflow expression can name.
func TestActionYML(t *testing.T) {
	data, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs map[string]struct {
			Description, Default string
			Required             bool
		}
		Outputs map[string]struct{ Description string }
		Runs    struct {
			Using, Image string
			Args         []string
		}
	}
	if err := yaml.Unmarshal(data, &action); err != nil {
		t.Fatal(err)
	}

	var read, declared, set []string
	asked := New(func(key string) string {
		if name, isInput := strings.CutPrefix(key, "INPUT_"); isInput && !slices.Contains(read, strings.ToLower(name)) {
			read = append(read, strings.ToLower(name))
		}
		if key == "INPUT_COMMAND" {
			return "gate"
		}
		return ""
	}, &strings.Builder{}, nil)
	if _, err := asked.Inputs(); err != nil {
		t.Fatal(err)
	}
	for name, input := range action.Inputs {
		declared = append(declared, name)
		if (input.Default != "") != (name == "github-token") {
			t.Errorf("input %s has the default %q in action.yml", name, input.Default)
		}
		if input.Required != (name == "command") || input.Description == "" {
			t.Errorf("input %s: required %t, description %q", name, input.Required, input.Description)
		}
	}
	for name, output := range action.Outputs {
		set = append(set, name)
		if output.Description == "" {
			t.Errorf("output %s has no description", name)
		}
	}
	for _, pair := range [][2][]string{{declared, read}, {set, slices.Clone(outputNames)}} {
		slices.Sort(pair[0])
		slices.Sort(pair[1])
		if d := cmp.Diff(pair[0], pair[1]); d != "" {
			t.Errorf("action.yml (-) and the program (+) differ:\n%s", d)
		}
	}
	for _, command := range commands {
		if !strings.Contains(action.Inputs["command"].Description, command) {
			t.Errorf("the description of the input command does not name %s", command)
		}
	}
	if action.Runs.Using != "docker" || action.Runs.Image != "Dockerfile" || !slices.Equal(action.Runs.Args, []string{"action"}) {
		t.Errorf("runs: %+v", action.Runs)
	}
}
