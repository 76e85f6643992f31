package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const (
	root    = "../../.."
	version = "v9.8.7"
	image   = "ghcr.io/acme/lockstep@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

// byDigest is what a release commit's action has to run.
var byDigest = regexp.MustCompile(`^docker://[a-z0-9./_-]+@sha256:[0-9a-f]{64}$`)

// TestAReleaseCommitCarriesADigest releases this very tree, in a copy, and reads
// the tagged commit as GitHub would.
func TestAReleaseCommitCarriesADigest(t *testing.T) {
	branch := repository(t)
	notes := filepath.Join(t.TempDir(), "notes.md")
	if err := run([]string{"-version", version, "-image", image, "-notes", notes}); err != nil {
		t.Fatal(err)
	}

	var action struct{ Runs struct{ Using, Image string } }
	if err := yaml.Unmarshal([]byte(must(t, "show", version+":action.yml")), &action); err != nil {
		t.Fatal(err)
	}
	if action.Runs.Using != "docker" || !byDigest.MatchString(action.Runs.Image) || action.Runs.Image != "docker://"+image {
		t.Errorf("the tagged action runs %+v, want the image by its digest", action.Runs)
	}
	var setup struct {
		Inputs struct{ Version struct{ Default string } }
	}
	if err := yaml.Unmarshal([]byte(must(t, "show", version+":setup/action.yml")), &setup); err != nil {
		t.Fatal(err)
	}
	if setup.Inputs.Version.Default != version {
		t.Errorf("setup of the tagged commit installs %q, want %q", setup.Inputs.Version.Default, version)
	}
	if have := must(t, "diff", "--name-only", branch, version); have != "action.yml\nsetup/action.yml" {
		t.Errorf("the release commit changes %q, want the two actions only", have)
	}
	if have := must(t, "rev-parse", "main"); have != branch {
		t.Error("the main branch moved: it has to go on running the tree")
	}
	if text, err := os.ReadFile(notes); err != nil || string(text) != "- Something.\n" {
		t.Errorf("notes: %q, %v", text, err)
	}
}

func TestWhatIsRefusedChangesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		args    []string
		prepare func(*testing.T)
		want    string
	}{
		"an image by tag":                   {[]string{"-version", version, "-image", "ghcr.io/acme/lockstep:v9"}, nil, "sha256"},
		"a version the changelog lacks":     {[]string{"-version", "v9.9.9", "-image", image}, nil, "CHANGELOG.md has no section"},
		"a tag that exists":                 {[]string{"-version", version, "-image", image}, func(t *testing.T) { must(t, "tag", version) }, "take the next version"},
		"a tree with changes not committed": {[]string{"-version", version, "-image", image}, func(t *testing.T) { write(t, "README.md", "x") }, "not committed"},
		"no version":                        {[]string{"-image", image}, nil, "want vMAJOR"},
	} {
		t.Run(name, func(t *testing.T) {
			branch := repository(t)
			if c.prepare != nil {
				c.prepare(t)
			}
			before := must(t, "status", "--porcelain")
			err := run(c.args)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one that says %q", err, c.want)
			}
			if must(t, "rev-parse", "HEAD") != branch || must(t, "status", "--porcelain") != before {
				t.Error("something was changed on the way to the refusal")
			}
		})
	}
}

// repository makes a repository of the files a release touches, changes into it
// and returns its commit.
func repository(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("LOCKSTEP_REQUIRE_TOOLS") == "1" {
			t.Fatal("NOT TESTED: git is missing")
		}
		t.Skip("NOT TESTED: git is missing")
	}
	files := map[string]string{"README.md": "", "CHANGELOG.md": "## Unreleased\n\n## 9.8.7\n- Something.\n"}
	for _, path := range []string{"action.yml", "setup/action.yml"} {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		files[path] = string(text)
	}
	t.Chdir(t.TempDir())
	for _, name := range []string{"GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"} {
		t.Setenv(name, "Somebody")
	}
	for _, name := range []string{"GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"} {
		t.Setenv(name, "somebody@example.com")
	}
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	must(t, "init", "-q", "-b", "main")
	for path, text := range files {
		write(t, path, text)
	}
	must(t, "add", ".")
	must(t, "commit", "-q", "-m", "Everything")
	return must(t, "rev-parse", "HEAD")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := git(args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
