package awssim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Banner is what the simulator says of itself on every start.
const Banner = "This is a SIMULATION of AWS for demos and tests: nothing in it is real, nothing in it is billed, and it checks no signatures."

// ServeOptions are the settings of Serve.
type ServeOptions struct {
	AllowRemote bool             // listen on an address other than loopback
	Log         io.Writer        // gets the banner and the address; nil discards them
	Ready       func(url string) // called once the address is known
}

// Serve answers on addr (host:port; port 0 picks one) until the context ends; then it returns nil. An address beyond
// loopback is refused unless AllowRemote is set: anybody who reaches it controls the simulation.
func (c *Cloud) Serve(ctx context.Context, addr string, o ServeOptions) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen on %q: %w", addr, err)
	}
	if !o.AllowRemote && !loopback(host) {
		return fmt.Errorf("listen on %q: not a loopback address; the simulator has no access control, so say explicitly that others may reach it", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %q: %w", addr, err)
	}
	url := "http://" + l.Addr().String()
	if o.Log != nil {
		_, _ = fmt.Fprintf(o.Log, "%s\nListening on %s; set AWS_ENDPOINT_URL=%s\n", Banner, url, url)
	}
	if o.Ready != nil {
		o.Ready(url)
	}
	server := &http.Server{Handler: c, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	stopped := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stopped()
	if err := server.Serve(l); err != nil && !(errors.Is(err, http.ErrServerClosed) && ctx.Err() != nil) {
		return fmt.Errorf("serve the simulation on %s: %w", url, err)
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
