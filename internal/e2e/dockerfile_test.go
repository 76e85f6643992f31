package e2e

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestTheDockerfileBuildsWithTheClassicBuilder builds the Dockerfile as act
// does, and as a runner does for `uses: ./`.
func TestTheDockerfileBuildsWithTheClassicBuilder(t *testing.T) {
	need(t, "docker", "busybox")
	goImage(t)
	const stage, built = "lockstep-e2e/dockerfile:build", "lockstep-e2e/dockerfile:test"
	removeImages(t, built, stage)
	// The first stage is built under a name, so that it can be removed; both
	// builds see one and the same copy of the tree.
	tree := t.TempDir()
	must(t, repository, nil, "sh", "-c", "git ls-files -co --exclude-standard | tar -cf - -T - | tar -xf - -C '"+tree+"'")
	must(t, tree, classicBuilder, "docker", "build", "-q", "--target", "build", "-t", stage, ".")
	must(t, tree, classicBuilder, "docker", "build", "-q", "-t", built, ".")

	var inspected []struct{ Size int64 }
	out := must(t, "", nil, "docker", "image", "inspect", "--format", `[{"Size":{{.Size}}}]`, built)
	if err := json.Unmarshal([]byte(out), &inspected); err != nil {
		t.Fatal(err)
	}
	pulled := pullSize(t, built)
	t.Logf("image: %.1f MB unpacked, %.1f MB to pull", float64(inspected[0].Size)/1e6, float64(pulled)/1e6)
	if size := inspected[0].Size; size > unpackedLimit {
		t.Errorf("the image unpacks to %d bytes, more than %d", size, unpackedLimit)
	}
	if pulled > pullLimit {
		t.Errorf("the image has %d bytes to pull, more than %d", pulled, pullLimit)
	}
	if out := must(t, "", nil, "docker", "run", "--rm", built, "version"); !strings.HasPrefix(out, "lockstep ") {
		t.Errorf("lockstep version in the image says %q", out)
	}
}

// pullSize is what a runner downloads: layers travel compressed.
func pullSize(t *testing.T, name string) int {
	t.Helper()
	size, err := strconv.Atoi(strings.TrimSpace(must(t, "", nil, "sh", "-c", "docker save "+name+" | gzip | wc -c")))
	if err != nil {
		t.Fatal(err)
	}
	return size
}

// removeImages removes images when the test is over.
func removeImages(t *testing.T, names ...string) {
	t.Helper()
	t.Cleanup(func() { _ = exec.Command("docker", append([]string{"rmi", "-f"}, names...)...).Run() })
}

// goImage makes sure that golang:1.26 exists locally. Without a registry it is a
// stand-in made from this machine's own Go, its modules and what the build needs
// of its build cache, so that nothing is downloaded or compiled twice; it is
// removed afterwards.
func goImage(t *testing.T) {
	t.Helper()
	const name = "golang:1.26"
	if exec.Command("docker", "image", "inspect", name).Run() == nil {
		return
	}
	goEnv := func(key string) string { return strings.TrimSpace(must(t, repository, nil, "go", "env", key)) }
	root, modules, cache := goEnv("GOROOT"), goEnv("GOMODCACHE"), goEnv("GOCACHE")
	files := append(moduleFiles(t, modules), cachedFiles(t, cache)...)
	for _, part := range []string{"VERSION", "go.env", "bin", "lib", "pkg", "src"} {
		files = append(files, filepath.Join(root, part))
	}
	files = append(files, "/etc/ssl/certs/ca-certificates.crt")
	list := filepath.Join(t.TempDir(), "files")
	if err := os.WriteFile(list, []byte("."+strings.Join(files, "\n.")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	change := "ENV PATH=" + filepath.Join(root, "bin") + ":/bin GOROOT=" + root + " GOMODCACHE=" + modules +
		" GOCACHE=" + cache + " GOPROXY=off HOME=/root GOTOOLCHAIN=local"
	removeImages(t, name)
	must(t, "", nil, "sh", "-c", "tar -cf - -C '"+busyboxTree(t)+"' . -C / -T '"+list+"' | docker import --change '"+change+"' - "+name)
}

// moduleFiles are the files of the module cache that `go mod download` and
// `go build` need: the modules, and of all others the requirements.
func moduleFiles(t *testing.T, cache string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(filepath.Join(cache, "cache", "download"), func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".mod" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	modules := json.NewDecoder(strings.NewReader(must(t, repository, nil, "go", "mod", "download", "-json")))
	for modules.More() {
		var m struct{ Info, Zip, Dir string }
		if err := modules.Decode(&m); err != nil {
			t.Fatal(err)
		}
		files = append(files, m.Info, m.Zip, m.Zip+"hash", m.Dir)
	}
	return files
}

// cachedFiles are the compiled packages of others that the program is linked
// from, and the index that leads to them.
func cachedFiles(t *testing.T, cache string) []string {
	t.Helper()
	const others = `{{if or .Standard (not .Module.Main)}}{{.Export}}{{end}}`
	out := must(t, repository, []string{"CGO_ENABLED=0"}, "go", "list", "-buildvcs=false", "-deps", "-export", "-f", others, "./cmd/lockstep")
	index, err := filepath.Glob(filepath.Join(cache, "*", "*-a"))
	if err != nil {
		t.Fatal(err)
	}
	return append(strings.Fields(out), index...)
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
