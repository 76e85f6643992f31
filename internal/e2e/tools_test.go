package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// repository is the root of the source tree, seen from this package.
const repository = "../.."

// tools maps a tool to the command that shows that it works.
var tools = map[string][]string{
	"docker":      {"docker", "info"},
	"act":         {"act", "--version"},
	"moto_server": {"moto_server", "--help"},
	"aws":         {"aws", "--version"},
	"busybox":     {"sh", "-c", "/bin/busybox true && ! ldd /bin/busybox >/dev/null 2>&1 || { echo not static; exit 1; }"},
}

// required is the variable with which a missing tool fails these tests instead
// of skipping them, as in CI.
const required = "LOCKSTEP_REQUIRE_TOOLS"

// need skips the test, and says so, when a tool does not work here; where every
// tool has to be there, the test fails.
func need(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		out, err := exec.Command(tools[name][0], tools[name][1:]...).CombinedOutput()
		if err == nil {
			continue
		}
		message := fmt.Sprintf("NOT TESTED: %s does not work on this machine (%v): %s", name, err, lastLine(out))
		if os.Getenv(required) == "1" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// scratch holds the binary; TestMain removes it, and the images.
var scratch string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "lockstep-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		scratch = dir
		if os.Getenv(required) != "1" {
			return m.Run()
		}
		lock, err := onlyOne()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer lock.Close()
		code := m.Run()
		_ = exec.Command("docker", "rmi", "-f", testImage, actRunner).Run()
		return code
	}())
}

// onlyOne waits until no other process runs these tests: they share the names
// of images, and act's containers. A port serves as the lock, because the
// system takes it back from a process that dies.
func onlyOne() (io.Closer, error) {
	const address, patience = "127.0.0.1:47911", 20 * time.Minute
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		lock, err := net.Listen("tcp", address)
		if err == nil || time.Now().After(deadline) {
			return lock, err
		}
		<-tick.C
	}
}

var buildOnce = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(scratch, "lockstep")
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-s -w", "-o", binary, "./cmd/lockstep")
	build.Dir = repository
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build lockstep: %w\n%s", err, out)
	}
	return binary, nil
})

// lockstep is the path of the static binary, built once.
func lockstep(t *testing.T) string {
	t.Helper()
	binary, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// result is how a command ended.
type result struct {
	code   int
	output string // stdout and stderr
	stdout string
}

// runIn runs a command in a directory with extra environment and returns how it
// ended; what cannot be started fails the test.
func runIn(t *testing.T, dir string, env []string, name string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(cleanEnvironment(), env...)
	var out, stdout bytes.Buffer
	both := &lockedWriter{w: &out}
	cmd.Stdout, cmd.Stderr = io.MultiWriter(both, &stdout), both
	start := time.Now()
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatalf("start %s: %v", name, err)
	}
	t.Logf("$ %s %s\n%s(exit %d after %.1fs)", name, strings.Join(args, " "), out.String(), cmd.ProcessState.ExitCode(), time.Since(start).Seconds())
	return result{cmd.ProcessState.ExitCode(), out.String(), stdout.String()}
}

// lockedWriter takes writes from a process's two streams at once.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// cleanEnvironment is the environment without what would lead a command to a
// real account, or make it believe that it is a step of the run that tests it.
func cleanEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		for _, prefix := range []string{"AWS_", "GITHUB_", "ACTIONS_", "INPUT_", "RUNNER_", "LOCKSTEP_"} {
			if strings.HasPrefix(entry, prefix) {
				return true
			}
		}
		return false
	})
}

// must runs a command that has to succeed and returns its stdout.
func must(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	r := runIn(t, dir, env, name, args...)
	if r.code != 0 {
		t.Fatalf("%s %s: exit code %d", name, strings.Join(args, " "), r.code)
	}
	return r.stdout
}

// freePort is a loopback port that was free a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// serve starts a server process, waits until url answers and stops it with the test.
func serve(t *testing.T, url string, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(cleanEnvironment(), env...)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-exited
	})
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if response, err := http.Get(url); err == nil {
			response.Body.Close()
			return
		}
		select {
		case err := <-exited:
			exited <- err
			t.Fatalf("%s ended before it answered: %v\n%s", name, err, log.String())
		case <-deadline:
			t.Fatalf("%s does not answer at %s:\n%s", name, url, log.String())
		case <-tick.C:
		}
	}
}

// simulator starts `lockstep sim` and returns its endpoint.
func simulator(t *testing.T, args ...string) string {
	t.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	serve(t, "http://"+address+"/_lockstep/", nil, lockstep(t), append([]string{"sim", "--listen", address}, args...)...)
	return "http://" + address
}

// moto starts moto_server and returns its endpoint.
func moto(t *testing.T) string {
	t.Helper()
	need(t, "moto_server")
	port := freePort(t)
	endpoint := fmt.Sprintf("http://127.0.0.1:%d", port)
	serve(t, endpoint+"/moto-api/", nil, "moto_server", "-H", "127.0.0.1", "-p", fmt.Sprint(port))
	return endpoint
}

// awsEnvironment points every SDK at endpoint, with credentials that mean nothing.
func awsEnvironment(endpoint string) []string {
	return []string{
		"AWS_ENDPOINT_URL=" + endpoint,
		"AWS_ACCESS_KEY_ID=e2e", "AWS_SECRET_ACCESS_KEY=e2e",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"AWS_EC2_METADATA_DISABLED=true",
	}
}

// sample copies examples/payments into a new directory.
func sample(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(repository, "examples", "payments"))); err != nil {
		t.Fatal(err)
	}
	return dir
}
