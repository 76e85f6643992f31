package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const root = "../.."

// TestInstall runs setup/install.sh against a server that has a release, as a
// runner would that has curl and no gh.
func TestInstall(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "tar"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("LOCKSTEP_REQUIRE_TOOLS") == "1" {
				t.Fatal("NOT TESTED: " + tool + " is missing")
			}
			t.Skip("NOT TESTED: " + tool + " is missing")
		}
	}
	name := fmt.Sprintf("lockstep_1.2.3_%s_%s.tar.gz", runtime.GOOS, runtime.GOARCH)
	archive := archiveOf(t, "lockstep", "#!/bin/sh\necho lockstep v1.2.3\n")
	sums := fmt.Sprintf("%x  %s\n", sha256.Sum256(archive), name)
	for sentence, c := range map[string]struct {
		env     map[string]string
		archive []byte
		sums    string
		wantErr string
	}{
		"a release whose checksum agrees is put on the PATH": {archive: archive, sums: sums},
		"a changed archive is refused":                       {archive: archiveOf(t, "lockstep", "#!/bin/sh\necho evil\n"), sums: sums, wantErr: "not what checksums.txt says"},
		"an archive cut off is refused":                      {archive: archive[:len(archive)/2], sums: sums, wantErr: "not what checksums.txt says"},
		"checksums without the archive":                      {archive: archive, sums: "", wantErr: "no line for " + name},
		"a release that does not exist":                      {env: map[string]string{"LOCKSTEP_VERSION": "v9.9.9"}, archive: archive, sums: sums, wantErr: "is it released?"},
		"a version that is a path":                           {env: map[string]string{"LOCKSTEP_VERSION": "../../evil"}, archive: archive, sums: sums, wantErr: "not of the form v1.2.3"},
		"no version":                                         {env: map[string]string{"LOCKSTEP_VERSION": ""}, archive: archive, sums: sums, wantErr: "pin this action to a release commit"},
		"no repository":                                      {env: map[string]string{"LOCKSTEP_REPOSITORY": ""}, archive: archive, sums: sums, wantErr: "repository of this action is unknown"},
		"a processor nobody built for":                       {env: map[string]string{"RUNNER_ARCH": "ARM"}, archive: archive, sums: sums, wantErr: "no release for this processor: ARM"},
	} {
		t.Run(sentence, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/acme/lockstep/releases/download/v1.2.3/" + name:
					_, _ = w.Write(c.archive)
				case "/acme/lockstep/releases/download/v1.2.3/checksums.txt":
					_, _ = w.Write([]byte(c.sums))
				default:
					http.NotFound(w, r)
				}
			}))
			defer server.Close()
			dir := t.TempDir()
			env := map[string]string{
				"PATH": os.Getenv("PATH"), "HOME": dir, "RUNNER_TEMP": dir, "TMPDIR": dir,
				"GITHUB_PATH": filepath.Join(dir, "path"), "GITHUB_OUTPUT": filepath.Join(dir, "output"),
				"GITHUB_SERVER_URL": server.URL, "LOCKSTEP_VERSION": "v1.2.3", "LOCKSTEP_REPOSITORY": "acme/lockstep",
			}
			for key, value := range c.env {
				env[key] = value
			}
			out, err := install(t, env)
			onPath, _ := os.ReadFile(env["GITHUB_PATH"])
			if c.wantErr != "" {
				if err == nil || !strings.Contains(out, c.wantErr) {
					t.Errorf("%v, want a failure that says %q:\n%s", err, c.wantErr, out)
				}
				if len(onPath) != 0 {
					t.Errorf("%q is on the PATH after a refusal", onPath)
				}
				return
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			ran, err := exec.Command(filepath.Join(strings.TrimSpace(string(onPath)), "lockstep")).CombinedOutput()
			if err != nil || !strings.HasPrefix(string(ran), "lockstep v1.2.3") {
				t.Errorf("what was installed says %q, %v", ran, err)
			}
		})
	}
}

func install(t *testing.T, env map[string]string) (string, error) {
	t.Helper()
	command := exec.Command("bash", filepath.Join(root, "setup", "install.sh"))
	for key, value := range env {
		command.Env = append(command.Env, key+"="+value)
	}
	out, err := command.CombinedOutput()
	return string(out), err
}

func archiveOf(t *testing.T, name, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	files := tar.NewWriter(zipped)
	if err := files.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(text))}); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestTheInstallerAsksForWhatIsReleased holds the names in .goreleaser.yaml
// against those setup/install.sh asks for, and the flags of the two builds
// against each other.
func TestTheInstallerAsksForWhatIsReleased(t *testing.T) {
	read := func(path string) string {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var released struct {
		Builds []struct {
			Flags, Ldflags, Goos, Goarch []string
		}
		Archives []struct {
			Template string `yaml:"name_template"`
			Formats  []string
		}
		Checksum struct {
			Name string `yaml:"name_template"`
		}
		Release struct{ Draft bool }
	}
	if err := yaml.Unmarshal([]byte(read(".goreleaser.yaml")), &released); err != nil {
		t.Fatal(err)
	}
	installer, binaries := read("setup/install.sh"), read("scripts/release-binaries.sh")
	archive := strings.NewReplacer("{{ .Version }}", "${version#v}", "{{ .Os }}", "${os}", "{{ .Arch }}", "${arch}").Replace(released.Archives[0].Template)
	if want := "archive=" + archive + "." + released.Archives[0].Formats[0] + "\n"; !strings.Contains(installer, want) {
		t.Errorf("the installer does not ask for the released name: %s", want)
	}
	if !strings.Contains(installer, released.Checksum.Name) {
		t.Errorf("the installer does not read %s", released.Checksum.Name)
	}
	build := released.Builds[0]
	for _, system := range append(build.Goos, build.Goarch...) {
		if !strings.Contains(installer, "="+system+" ;;") {
			t.Errorf("the installer never installs %s", system)
		}
	}
	flags := append(build.Flags, strings.Replace(build.Ldflags[0], "v{{ .Version }}", "$version", 1))
	for _, flag := range flags {
		if !strings.Contains(binaries, flag) {
			t.Errorf("the image's binaries are built without %q", flag)
		}
	}
	if !released.Release.Draft {
		t.Error("a release has to be a draft until its smoke test has passed")
	}
}
