package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// tunnel is the proxy of a company: whatever host a CONNECT asks for, it leads to
// one address, and is remembered.
type tunnel struct {
	to    string
	mu    sync.Mutex
	hosts []string
}

func (t *tunnel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		http.Error(w, "this proxy tunnels only", http.StatusMethodNotAllowed)
		return
	}
	t.mu.Lock()
	t.hosts = append(t.hosts, r.Host)
	t.mu.Unlock()
	server, err := net.Dial("tcp", t.to)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer server.Close()
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer client.Close()
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	done := make(chan struct{}, 2)
	pass := func(to io.Writer, from io.Reader) {
		_, _ = io.Copy(to, from) // ends when either side hangs up
		done <- struct{}{}
	}
	go pass(server, client)
	go pass(client, server)
	<-done
}

// tunnelled FILE: writes the hosts that the proxy was asked for, a line each, and
// forgets them.
func describeTunnel(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: tunnelled FILE")
	}
	t := ts.Value(tunnelKey).(*tunnel)
	t.mu.Lock()
	defer t.mu.Unlock()
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(append(t.hosts, ""), "\n")), 0o644))
	t.hosts = nil
}
