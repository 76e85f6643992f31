package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestEveryCommandExplainsItself: a sentence, an example that shows the very
// command, and no example with a flag that is not there.
func TestEveryCommandExplainsItself(t *testing.T) {
	commands := described(newRoot(processEnvironment()))
	if len(commands) < 20 {
		t.Fatalf("%d commands: the test looks at the wrong ones", len(commands))
	}
	for _, cmd := range commands {
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: its sentence is %q", cmd.CommandPath(), cmd.Short)
		}
		if !strings.Contains(cmd.Example, cmd.CommandPath()) {
			t.Errorf("%s: --help shows no example of it", cmd.CommandPath())
		}
		for line := range strings.Lines(cmd.Example) {
			if _, shown, ok := strings.Cut(line, "lockstep "); ok {
				shown, _, _ = strings.Cut(shown, "   ")
				checkCommand(t, cmd.CommandPath()+" --help", strings.TrimSpace(strings.SplitN(shown, " >", 2)[0]))
			}
		}
	}
}

func TestTheManualHasAPageForEveryCommand(t *testing.T) {
	dir := t.TempDir()
	env := processEnvironment()
	env.stdout, env.stderr = io.Discard, io.Discard
	if code := run([]string{"man", "--out", dir}, env); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	for _, cmd := range described(newRoot(env)) {
		page, err := os.ReadFile(filepath.Join(dir, strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, want := range []string{".TH ", ".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", roff("--config")} {
			if !bytes.Contains(page, []byte(want)) {
				t.Errorf("the page of %s lacks %s", cmd.CommandPath(), want)
			}
		}
	}
	if code := run([]string{"man"}, env); code != exitUsage {
		t.Errorf("without --out: exit code %d", code)
	}
}

func TestTextOfAManualPageIsNoRequest(t *testing.T) {
	for in, want := range map[string]string{
		".SH evil": `\&.SH evil`, "'x": `\&'x`, `a\b`: `a\eb`, "--x": `\-\-x`, "x\n.y": "x\n\\&.y", "plain. text": "plain. text",
	} {
		if got := roff(in); got != want {
			t.Errorf("roff(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestCompletion asks as the shell does.
func TestCompletion(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lockstep.yml"), []byte("version: 1\napp: a\nstrategy: pilot-light\nregions: {eu-west-1: {role: primary}, eu-central-1: {role: standby}}\ninventory: [{cloudformation: {stack: shop}}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		line []string
		want string
	}{
		{"a command", []string{"dr"}, "drift"},
		{"a rule, with its title", []string{"rules", ""}, "CFG-05\tNothing in the standby's configuration points at the primary Region"},
		{"a closed set", []string{"gate", "--format", ""}, "markdown"},
		{"another", []string{"drift", "--fail-on", ""}, "never"},
		{"the commands of iam", []string{"iam", "--for", ""}, "watch"},
		{"a Region of the configuration", []string{"deploy", "-C", dir, "--regions", ""}, "eu-central-1"},
		{"a stack of the configuration", []string{"init", "-C", dir, "--stacks", ""}, "shop"},
		{"nothing without a configuration", []string{"deploy", "-C", t.TempDir(), "--regions", ""}, ":4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			env := processEnvironment()
			env.stdout, env.stderr = &out, io.Discard
			if code := run(append([]string{cobra.ShellCompRequestCmd}, test.line...), env); code != exitOK {
				t.Fatalf("exit code %d", code)
			}
			offered := strings.Split(out.String(), "\n")
			if !slices.ContainsFunc(offered, func(line string) bool { return strings.HasPrefix(line, test.want) }) {
				t.Errorf("offered %q, want %q", offered, test.want)
			}
		})
	}
}
