package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// imageLimit is the size in bytes an image may have, unpacked. It grows with
// every AWS service; what it catches is a library that calls methods by name,
// which makes the linker keep every operation of every service: 90 MB.
const imageLimit = 32 << 20

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
		must(t, dir, classicBuilder, "docker", "build", "-t", testImage, ".")
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

func TestTheDockerfileBuildsWithTheClassicBuilder(t *testing.T) {
	need(t, "docker", "busybox")
	goImage(t)
	const built = "lockstep-e2e/dockerfile:test"
	must(t, repository, classicBuilder, "docker", "build", "-t", built, ".")
	t.Cleanup(func() { _ = exec.Command("docker", "rmi", built).Run() })

	var inspected []struct {
		Size   int64
		Config struct{ Entrypoint []string }
	}
	out := must(t, "", nil, "docker", "image", "inspect", built)
	if err := json.Unmarshal([]byte(out), &inspected); err != nil {
		t.Fatal(err)
	}
	if size := inspected[0].Size; size > imageLimit {
		t.Errorf("the image has %d bytes, more than %d", size, imageLimit)
	} else {
		t.Logf("image: %.1f MB", float64(size)/(1<<20))
	}
	if out := must(t, "", nil, "docker", "run", "--rm", built, "version"); !strings.HasPrefix(out, "lockstep ") {
		t.Errorf("lockstep version in the image says %q", out)
	}
}

// goImage makes sure that golang:1.26 exists locally. Without a registry it is a
// stand-in made from this machine's own Go, its modules and its build cache, so
// that nothing is downloaded or compiled twice; it is removed afterwards.
func goImage(t *testing.T) {
	t.Helper()
	const name = "golang:1.26"
	if exec.Command("docker", "image", "inspect", name).Run() == nil {
		return
	}
	goEnv := func(key string) string { return strings.TrimSpace(must(t, repository, nil, "go", "env", key)) }
	root, modules, cache := goEnv("GOROOT"), goEnv("GOMODCACHE"), goEnv("GOCACHE")
	tools := busyboxTree(t)
	change := "ENV PATH=" + filepath.Join(root, "bin") + ":/bin GOROOT=" + root + " GOMODCACHE=" + modules +
		" GOCACHE=" + cache + " GOPROXY=off HOME=/root GOTOOLCHAIN=local"
	archive := "tar -cf - -C '" + tools + "' . -C / '." + root + "' ./etc/ssl/certs/ca-certificates.crt '." +
		modules + "/cache/download' " + moduleDirectories(t, modules) + " '." + cache + "'"
	must(t, "", nil, "sh", "-c", archive+" | docker import --change '"+change+"' - "+name)
	t.Cleanup(func() { _ = exec.Command("docker", "rmi", name).Run() })
}

// moduleDirectories names, for tar, the unpacked modules that the build needs.
func moduleDirectories(t *testing.T, modules string) string {
	t.Helper()
	out := must(t, repository, nil, "go", "list", "-m", "-f", "{{.Dir}}", "all")
	var list []string
	for _, dir := range strings.Fields(out) {
		if strings.HasPrefix(dir, modules) {
			list = append(list, "'."+dir+"'")
		}
	}
	return strings.Join(list, " ")
}

// busyboxTree is the file system of an image with a shell and the usual tools.
func busyboxTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	must(t, dir, nil, "sh", "-c", `mkdir -p bin tmp etc root && cp /bin/busybox bin/ &&
		for a in $(/bin/busybox --list); do [ $a = busybox ] || ln -sf busybox bin/$a; done &&
		echo 'root:x:0:0::/root:/bin/sh' >etc/passwd && chmod 1777 tmp`)
	return dir
}

func TestTheImageRunsOnItsOwn(t *testing.T) {
	name := image(t)
	out := must(t, "", nil, "docker", "run", "--rm", name, "version")
	if !strings.Contains(out, runtime.Version()) {
		t.Errorf("version in the image says %q, want it to name %s", out, runtime.Version())
	}
}
