//go:build unix

package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func shell(script string) []string { return []string{"/bin/sh", "-c", script} }

func TestAProgramsOutputComesByLinesAndWithoutSecrets(t *testing.T) {
	var got []string
	err := Run(t.Context(), Spec{
		Words: shell(`echo "token=$TOKEN"; echo two >&2; printf 'no newline'; printf '\n\n'`), Env: []string{"TOKEN=s3cr3t-value", "PATH=" + os.Getenv("PATH")},
		Secrets: []string{"s3cr3t-value", "", "o"}, Line: func(line string) { got = append(got, line) },
	})
	slices.Sort(got) // the two streams race
	if want := []string{"no newline", "token=***", "two"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAProgramThatSaysNoIsAnExitErrorWithItsLastWords(t *testing.T) {
	err := Run(t.Context(), Spec{Words: shell("echo trying; echo 'hush-hush is wrong' >&2; exit 7"), Secrets: []string{"hush-hush"}})
	var exit *ExitError
	if !errors.As(err, &exit) || exit.Code != 7 || exit.Last != "*** is wrong" {
		t.Errorf("%v", err)
	}
	if err := Run(t.Context(), Spec{Words: []string{"/no/such/program"}}); err == nil || errors.As(err, &exit) && exit.Program == "/no/such/program" {
		t.Errorf("a program that is not there: %v", err)
	}
	if err := Run(t.Context(), Spec{}); err == nil {
		t.Error("no program at all ran")
	}
}

func TestAnInterruptedProgramIsAskedFirstAndItsChildrenEndWithIt(t *testing.T) {
	marks := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	started := make(chan struct{})
	var once bool
	err := make(chan error, 1)
	go func() {
		err <- Run(ctx, Spec{Words: shell(`trap 'echo asked > "` + marks + `/asked"; exit 0' INT; sleep 60 & echo ready; wait`), Grace: 300 * time.Millisecond, Line: func(string) {
			if !once {
				once = true
				close(started)
			}
		}})
	}()
	<-started
	begin := time.Now()
	cancel()
	if got := <-err; !errors.Is(got, context.Canceled) {
		t.Errorf("%v", got)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
	if _, err := os.Stat(filepath.Join(marks, "asked")); err != nil {
		t.Errorf("it was not asked to end: %v", err)
	}
}

func TestTheEnvironmentHasTheRegionsSettingsAndNobodyElsesCredentials(t *testing.T) {
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "outer", "AWS_PROFILE": "outer", "INPUT_GITHUB-TOKEN": "outer", "AWS_REGION": "outer",
		"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "outer", "LOCKSTEP_ROLE": "outer", "MY_SETTING": "kept"} {
		t.Setenv(name, value)
	}
	env := Environment(map[string]string{"AWS_REGION": "us-west-2"})
	if !slices.Contains(env, "MY_SETTING=kept") || !slices.Contains(env, "AWS_REGION=us-west-2") {
		t.Errorf("%q", env)
	}
	if i := slices.IndexFunc(env, func(pair string) bool { return strings.HasSuffix(pair, "=outer") }); i >= 0 {
		t.Errorf("%s came through", env[i])
	}
}

func TestALineWithoutEndIsCut(t *testing.T) {
	longestSeen := 0
	l := newLines(nil, func(line string) { longestSeen = max(longestSeen, len(line)) })
	for range 100 {
		if _, err := l.Write([]byte(strings.Repeat("x", 1000))); err != nil {
			t.Fatal(err)
		}
	}
	l.flush()
	if longestSeen == 0 || longestSeen > 2*longest {
		t.Errorf("a line of %d bytes", longestSeen)
	}
}
