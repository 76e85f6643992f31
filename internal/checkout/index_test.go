package checkout

import (
	"crypto/sha1"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheIndexTellsWhatACheckoutHas(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: git is not installed")
	}
	for _, version := range []string{"2", "3", "4"} {
		t.Run("version "+version, func(t *testing.T) {
			dir := t.TempDir()
			run := func(args ...string) {
				t.Helper()
				if out, err := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...).CombinedOutput(); err != nil {
					t.Fatalf("git %s: %v %s", strings.Join(args, " "), err, out)
				}
			}
			write := func(name, text string) {
				t.Helper()
				path := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			run("init", "-q")
			names := []string{"a.yaml", "infra/app.yaml", "infra/application.yaml", "infra/b", "lockstep.yml", "z/ü.yaml"}
			for _, name := range names {
				write(name, "content of "+name)
			}
			run("add", ".")
			run("update-index", "--index-version="+version)
			if version == "3" {
				run("update-index", "--skip-worktree", "infra/app.yaml") // has flags that only version 3 has
			}
			run("commit", "-qm", "all")
			index, err := ReadIndex(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				if !index.Has(name, []byte("content of "+name)) {
					t.Errorf("%s is not as it was committed", name)
				}
				if index.Has(name, []byte("another content")) {
					t.Errorf("%s may be anything", name)
				}
			}
			if index.Has("made.yaml", nil) {
				t.Error("a file that was never added is in the commit")
			}
		})
	}
}

// An index that ends early, or is something else, says nothing of any file.
func FuzzIndex(f *testing.F) {
	f.Add([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x01"))
	f.Add([]byte("DIRC\x00\x00\x00\x04\xff\xff\xff\xff" + strings.Repeat("\x80", 200)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if index, err := parseIndex(data, sha1.New); (index == nil) == (err == nil) {
			t.Error("neither an index nor an error")
		}
	})
}
