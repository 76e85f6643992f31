package github

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// step returns a Runner in an environment, and its log.
func step(env map[string]string) (*Runner, *bytes.Buffer) {
	log := &bytes.Buffer{}
	return New(func(key string) string { return env[key] }, log, nil), log
}

// file is the path of a new file with content.
func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// unusable are paths that a runner file may turn out to be.
func unusable(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	paths := map[string]string{
		"not set":                       "",
		"a directory":                   dir,
		"in a directory that is absent": filepath.Join(dir, "absent", "file"),
		"below a file":                  filepath.Join(file(t, ""), "file"),
	}
	if _, err := os.Stat("/dev/full"); err == nil {
		paths["on a disk that is full"] = "/dev/full"
	}
	return paths
}

func TestRunIDAndDebug(t *testing.T) {
	for value, want := range map[string]int64{"": 0, "x": 0, "17": 17, "99999999999999999999": 0} {
		r, _ := step(map[string]string{"GITHUB_RUN_ID": value})
		if got := r.RunID(); got != want {
			t.Errorf("run id %q reads as %d, want %d", value, got, want)
		}
	}
	on, _ := step(map[string]string{"RUNNER_DEBUG": "1", "GITHUB_ACTIONS": "true"})
	off, _ := step(nil)
	if !on.Debug() || off.Debug() || !on.Running() || off.Running() {
		t.Error("RUNNER_DEBUG or GITHUB_ACTIONS is misread")
	}
}

func TestRunURL(t *testing.T) {
	env := map[string]string{"GITHUB_SERVER_URL": "https://ghe.example.com", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": "7"}
	r, _ := step(env)
	if got, want := r.RunURL(), "https://ghe.example.com/acme/shop/actions/runs/7"; got != want {
		t.Errorf("run: %s, want %s", got, want)
	}
	env["GITHUB_RUN_ATTEMPT"] = "2"
	if got, want := r.RunURL(), "https://ghe.example.com/acme/shop/actions/runs/7/attempts/2"; got != want {
		t.Errorf("second attempt: %s, want %s", got, want)
	}
	delete(env, "GITHUB_RUN_ID")
	if got := r.RunURL(); got != "" {
		t.Errorf("outside of a run: %s", got)
	}
}
