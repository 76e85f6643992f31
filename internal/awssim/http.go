package awssim

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"

	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// ServeHTTP answers a request of an SDK, or of a script under /_lockstep/.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		c.control(w, r)
		return
	}
	a := c.handle(r)
	switch a.effect {
	case fault.Hang:
		<-r.Context().Done()
		return
	case fault.Reset:
		reset(w)
		return
	}
	for k, v := range a.Header {
		w.Header()[k] = v
	}
	if r.Method == http.MethodHead && a.Header.Get("Content-Length") == "" || r.Method != http.MethodHead {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	w.WriteHeader(a.Status)
	body := a.Body
	if a.effect == fault.Truncate {
		body = body[:len(body)/2] // less than Content-Length: the server closes the connection
	}
	_, _ = w.Write(body) // the caller has gone; there is nobody to tell
}

// reset closes the connection so that the caller sees a reset, not an orderly end.
func reset(w http.ResponseWriter) {
	h, ok := w.(http.Hijacker)
	if !ok {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	conn, _, err := h.Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // best effort: without it the end is orderly, which clients treat the same
	}
	_ = conn.Close()
}

// Client is an HTTP client that reaches a cloud without a socket. It fits aws.Config.HTTPClient and http.Client.Transport.
type Client struct{ cloud *Cloud }

// HTTPClient returns a client of the cloud.
func (c *Cloud) HTTPClient() *Client { return &Client{c} }

// Do answers a request of an SDK. Faults of the connection come back as the errors a socket would give.
func (t *Client) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	a := t.cloud.handle(r)
	switch a.effect {
	case fault.Hang:
		<-r.Context().Done()
		return nil, r.Context().Err()
	case fault.Reset:
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	var body io.Reader = bytes.NewReader(a.Body)
	if a.effect == fault.Truncate {
		body = io.MultiReader(bytes.NewReader(a.Body[:len(a.Body)/2]), brokenReader{})
	}
	length := int64(len(a.Body))
	if r.Method == http.MethodHead {
		body = http.NoBody
		if n, err := strconv.ParseInt(a.Header.Get("Content-Length"), 10, 64); err == nil {
			length = n
		}
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", a.Status, http.StatusText(a.Status)), StatusCode: a.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.Header, Body: io.NopCloser(body), ContentLength: length, Request: r,
	}, nil
}

// RoundTrip makes the client an http.RoundTripper.
func (t *Client) RoundTrip(r *http.Request) (*http.Response, error) { return t.Do(r) }

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
