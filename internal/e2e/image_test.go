package e2e

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// What an image may weigh, in bytes: to pull, compressed as registries keep it,
// and unpacked on the runner's disk. It grows with the AWS services Lockstep
// reads; three times as much means that something made the linker keep every
// operation of every client (docs/decisions/0005-own-walk.md).
const (
	pullLimit     = 25_000_000
	unpackedLimit = 64 << 20
)

// testImage is what the tests run: the static binary in an empty image. The
// real Dockerfile is built by TestTheDockerfileBuildsWithTheClassicBuilder.
const testImage = "lockstep-e2e/action:test"

const testDockerfile = `FROM scratch
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY tmp /tmp
COPY lockstep /lockstep
ENTRYPOINT ["/lockstep"]
`

var imageOnce sync.Once

// image builds testImage once.
func image(t *testing.T) string {
	t.Helper()
	need(t, "docker")
	binary := lockstep(t)
	imageOnce.Do(func() {
		dir := t.TempDir()
		link(t, binary, filepath.Join(dir, "lockstep"))
		link(t, "/etc/ssl/certs/ca-certificates.crt", filepath.Join(dir, "ca-certificates.crt"))
		if err := os.MkdirAll(filepath.Join(dir, "tmp"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(testDockerfile), 0o644); err != nil {
			t.Fatal(err)
		}
		must(t, dir, classicBuilder, "docker", "build", "-q", "-t", testImage, ".")
	})
	return testImage
}

// classicBuilder is the only one act uses.
var classicBuilder = []string{"DOCKER_BUILDKIT=0"}

func link(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, info.Mode().Perm()); err != nil {
		t.Fatal(err)
	}
}

func TestTheImageRunsOnItsOwn(t *testing.T) {
	name := image(t)
	out := must(t, "", nil, "docker", "run", "--rm", name, "version")
	if !strings.Contains(out, runtime.Version()) {
		t.Errorf("version in the image says %q, want it to name %s", out, runtime.Version())
	}
}
