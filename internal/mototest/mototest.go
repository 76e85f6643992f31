// Package mototest starts moto_server, the simulator of AWS that nobody in this
// project wrote, for tests. It owns the way a test says that nothing was checked:
// without moto_server it is skipped, loudly, unless LOCKSTEP_REQUIRE_TOOLS=1
// makes that a failure, as in CI.
package mototest

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"
)

// ErrMissing says that there is no moto_server to start.
var ErrMissing = errors.New("moto_server is not on PATH: NOTHING IS CHECKED AGAINST MOTO")

// Required reports whether a test must fail where it would otherwise be skipped.
func Required() bool { return os.Getenv("LOCKSTEP_REQUIRE_TOOLS") == "1" }

// Start runs moto_server for one test and returns its URL. One server is one
// account with every Region.
func Start(t testing.TB) string {
	t.Helper()
	url, stop, err := Serve()
	switch {
	case errors.Is(err, ErrMissing) && !Required():
		t.Skip("SKIPPED: ", err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return url
}

// Serve runs moto_server on a free port of the loopback interface until stop is
// called, for the tests of a whole package.
func Serve() (url string, stop func(), err error) {
	path, err := exec.LookPath("moto_server")
	if err != nil {
		return "", nil, ErrMissing
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("find a port for moto: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		return "", nil, fmt.Errorf("free the port for moto: %w", err)
	}
	server := exec.Command(path, "-H", "127.0.0.1", "-p", fmt.Sprint(port))
	if err := server.Start(); err != nil {
		return "", nil, fmt.Errorf("start moto: %w", err)
	}
	stop = func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}
	url = fmt.Sprintf("http://127.0.0.1:%d", port)
	if !answers(url) {
		stop()
		return "", nil, errors.New("start moto: it did not answer within a minute")
	}
	return url, stop, nil
}

func answers(url string) bool {
	ready := time.NewTicker(50 * time.Millisecond)
	defer ready.Stop()
	for range 1200 {
		if response, err := http.Get(url + "/moto-api/"); err == nil {
			_ = response.Body.Close()
			return true
		}
		<-ready.C
	}
	return false
}

// Reset empties a server.
func Reset(t testing.TB, url string) {
	t.Helper()
	response, err := http.Post(url+"/moto-api/reset", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
}
