package checkout

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository is a checkout with two commits, and the names of both.
func repository(t *testing.T) (dir, first, second string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	dir = t.TempDir()
	run := func(args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	commit := func(content string) string {
		if err := os.MkdirAll(filepath.Join(dir, ".github"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, ".github", "lockstep.yml"), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		run("add", ".")
		run("commit", "-q", "-m", "x")
		return run("rev-parse", "HEAD")
	}
	run("init", "-q", "-b", "main")
	first, second = commit("app: one\n"), commit("app: two\n")
	run("branch", strings.Repeat("a", 40), first) // a branch with the name of a commit
	return dir, first, second
}

func TestFile(t *testing.T) {
	dir, first, second := repository(t)
	tests := []struct {
		name, dir, commit, path, want string
		err                           error
	}{
		{"the file as the base has it, not as the working tree does", dir, first, ".github/lockstep.yml", "app: one\n", nil},
		{"the file of the head", dir, second, ".github/lockstep.yml", "app: two\n", nil},
		{"a file that the commit has not", dir, first, "lockstep.yml", "", ErrNoFile},
		{"a directory is no file", dir, first, ".github", "", ErrUnknown},
		{"a commit that is not here", dir, strings.Repeat("b", 40), ".github/lockstep.yml", "", ErrUnknown},
		{"a branch with the name of a commit is not that commit", dir, strings.Repeat("a", 40), ".github/lockstep.yml", "", ErrUnknown},
		{"a name that is an option", dir, "--help", ".github/lockstep.yml", "", ErrUnknown},
		{"a branch", dir, "main", ".github/lockstep.yml", "", ErrUnknown},
		{"a directory without repository", t.TempDir(), first, ".github/lockstep.yml", "", ErrUnknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := File(t.Context(), test.dir, test.commit, test.path)
			if string(got) != test.want || !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
				t.Errorf("%q, %v; want %q, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestWithoutGitNothingIsKnown(t *testing.T) {
	dir, first, _ := repository(t)
	t.Setenv("PATH", t.TempDir())
	if _, err := File(t.Context(), dir, first, ".github/lockstep.yml"); !errors.Is(err, ErrUnknown) {
		t.Errorf("error %v, want ErrUnknown", err)
	}
}

func TestPrecedes(t *testing.T) {
	dir, first, second := repository(t)
	shallow := filepath.Join(t.TempDir(), "shallow")
	if out, err := exec.Command("git", "clone", "-q", "--depth", "1", "file://"+dir, shallow).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, test := range []struct {
		name, dir, earlier, later string
		want, known               bool
	}{
		{"an ancestor", dir, first, second, true, true},
		{"a descendant", dir, second, first, false, true},
		{"the same commit", dir, first, first, false, true},
		{"a commit that is not here", dir, strings.Repeat("b", 40), second, false, false},
		{"a checkout that was cut off before it", shallow, first, second, false, false},
		{"a name that is an option", dir, "--help", second, false, false},
		{"a branch", dir, first, "main", false, false},
		{"a directory without repository", t.TempDir(), first, second, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Precedes(t.Context(), test.dir, test.earlier, test.later)
			if got != test.want || (err == nil) != test.known || err != nil && !errors.Is(err, ErrUnknown) {
				t.Errorf("%v, %v; want %v, known %v", got, err, test.want, test.known)
			}
		})
	}
}

func TestWhatIsCheckedOutIsToldByTheRepositorysFiles(t *testing.T) {
	const sha = "0123456789abcdef0123456789abcdef01234567"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a detached head, as of a pull request", map[string]string{"HEAD": sha + "\n"}, sha},
		{"a branch", map[string]string{"HEAD": "ref: refs/heads/main\n", "refs/heads/main": sha + "\n"}, sha},
		{"a branch whose commit is packed away", map[string]string{"HEAD": "ref: refs/heads/main\n"}, ""},
		{"a reference out of the repository", map[string]string{"HEAD": "ref: ../../secret\n"}, ""},
		{"something else", map[string]string{"HEAD": "--help\n"}, ""},
		{"no repository", nil, ""},
	} {
		dir := t.TempDir()
		for name, text := range c.files {
			path := filepath.Join(dir, ".git", filepath.FromSlash(name))
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		if got := Head(dir); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
