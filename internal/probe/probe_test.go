package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/topology"
)

// handlers are endpoints, well and unwell.
func handlers(t *testing.T) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"healthy": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Release", "r-1")
			w.Header().Set("X-Host", r.Host)
			_, _ = w.Write([]byte(`{"release": "r-1"}`))
		},
		"moved": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://pay.example.com/login", http.StatusFound)
		},
		"down": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"hanging": func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
		},
		"half": func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("r-"))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(strings.Repeat("x", mostRead+10)))
		},
	}
}

// serve starts an endpoint with a certificate for example.com.
func serve(t *testing.T, handler http.HandlerFunc) (*httptest.Server, Asker) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it hears of every certificate that is refused
	server.StartTLS()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return server, Asker{Timeout: 5 * time.Second, Roots: roots}
}

func TestAnswersAreTakenAsTheyAre(t *testing.T) {
	for _, c := range []struct {
		name, endpoint, release, host string
		want                          Answer
	}{
		{"the header names the release", "healthy", "header X-Release", "example.com", Answer{Status: 200, Release: "r-1"}},
		{"the name that clients use is sent", "healthy", "header X-Host", "example.com", Answer{Status: 200, Release: "example.com"}},
		{"the body names the release", "healthy", "body", "example.com", Answer{Status: 200, Body: `{"release": "r-1"}`}},
		{"a body that nobody asked for is not read", "healthy", "", "example.com", Answer{Status: 200}},
		{"a redirect is not followed", "moved", "", "example.com", Answer{Status: 302, Location: "https://pay.example.com/login"}},
		{"a failing endpoint says so", "down", "", "example.com", Answer{Status: 503}},
		{"a body without end is cut", "endless", "body", "example.com", Answer{Status: 200, Body: strings.Repeat("x", mostRead), Cut: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, asker := serve(t, handlers(t)[c.endpoint])
			have, err := asker.Ask(t.Context(), topology.Probe{URL: server.URL, Host: c.host, Release: c.release, Private: true})
			if err != nil || have != c.want {
				t.Errorf("answer %.200v, error %v; want %.200v", have, err, c.want)
			}
		})
	}
}

func TestCertificatesAreVerified(t *testing.T) {
	server, trusting := serve(t, handlers(t)["healthy"])
	for _, c := range []struct {
		name, host, want string
		asker            Asker
	}{
		{"the certificate is for the name", "example.com", "", trusting},
		{"the certificate is for another name", "pay.example.org", "not pay.example.org", trusting},
		{"nobody known signed the certificate", "example.com", "unknown authority", Asker{Roots: x509.NewCertPool()}},
	} {
		t.Run(c.name, func(t *testing.T) {
			have, err := c.asker.Ask(t.Context(), topology.Probe{URL: server.URL, Host: c.host, Private: true})
			if err != nil || !strings.Contains(have.Certificate, c.want) || (c.want == "") != (have.Status == 200) {
				t.Errorf("answer %v, error %v; want %q", have, err, c.want)
			}
		})
	}
}

func TestAnExpiredCertificateIsNone(t *testing.T) {
	server, asker := serve(t, handlers(t)["healthy"])
	transport := asker.transport(topology.Probe{Host: "example.com", Private: true})
	transport.TLSClientConfig.Time = func() time.Time { return server.Certificate().NotAfter.Add(time.Hour) }
	_, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, server.URL, nil))
	if answer, failure := failed(topology.Probe{}, err); failure != nil || !strings.Contains(answer.Certificate, "expired") {
		t.Errorf("answer %v, failure %v of %v", answer, failure, err)
	}
}

func TestWhatDoesNotAnswerIsNotJudged(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	refusing := "https://" + closed.Addr().String()
	for _, c := range []struct{ name, endpoint, url, kind string }{
		{"nothing comes", "hanging", "", Timeout},
		{"only half an answer comes", "half", "", Timeout},
		{"the connection is refused", "healthy", refusing, NoAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, asker := serve(t, handlers(t)[c.endpoint])
			asker.Timeout = 200 * time.Millisecond
			if c.url == "" {
				c.url = server.URL
			}
			answer, err := asker.Ask(t.Context(), topology.Probe{URL: c.url, Host: "example.com", Release: "body", Private: true})
			var failure *Failure
			if !errors.As(err, &failure) || failure.Kind != c.kind {
				t.Errorf("answer %.100v, error %v, want %s", answer, err, c.kind)
			}
		})
	}
}

func TestPrivateAddressesAreAskedOnlyWhenAllowed(t *testing.T) {
	asked := false
	server, asker := serve(t, func(http.ResponseWriter, *http.Request) { asked = true })
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{server.URL, "https://localhost:" + port, "https://[::ffff:127.0.0.1]:" + port} {
		_, err := asker.Ask(t.Context(), topology.Probe{URL: url, Host: "example.com"})
		var failure *Failure
		if !errors.As(err, &failure) || failure.Kind != PrivateAddress || asked {
			t.Errorf("%s: error %v, asked %v", url, err, asked)
		}
	}
	if _, err := asker.Ask(t.Context(), topology.Probe{URL: "https://localhost:" + port, Host: "example.com", Private: true}); err != nil || !asked {
		t.Errorf("allowed: error %v, asked %v", err, asked)
	}
}

// TestANameThatResolvesAnewIsSeen dials a name whose first answer is public: what
// counts is the address of the connection.
func TestANameThatResolvesAnewIsSeen(t *testing.T) {
	for _, address := range []string{"127.0.0.1:443", "[::1]:443"} {
		if err := allowed(false)(context.Background(), "tcp", address, nil); err == nil {
			t.Errorf("%s was allowed at the moment of dialling", address)
		}
	}
	if err := allowed(false)(context.Background(), "tcp", "not-an-address", nil); err == nil {
		t.Error("what is no address was allowed")
	}
}

func TestAddresses(t *testing.T) {
	for address, want := range map[string][2]bool{ // allowed without, and with private
		"93.184.216.34":            {true, true},
		"2606:2800:220:1::1":       {true, true},
		"10.1.2.3":                 {false, true},
		"172.16.0.1":               {false, true},
		"172.32.0.1":               {true, true},
		"192.168.1.1":              {false, true},
		"100.64.0.1":               {false, true},
		"127.0.0.1":                {false, true},
		"::1":                      {false, true},
		"fd12::1":                  {false, true},
		"0.0.0.0":                  {false, true},
		"::ffff:10.0.0.1":          {false, true},
		"64:ff9b::10.0.0.1":        {false, true},
		"64:ff9b::93.184.216.34":   {true, true},
		"169.254.169.254":          {false, false},
		"::ffff:169.254.169.254":   {false, false},
		"64:ff9b::169.254.169.254": {false, false},
		"fe80::1%eth0":             {false, false},
		"fd00:ec2::254":            {false, false},
		"224.0.0.1":                {false, false},
		"ff02::1":                  {false, false},
	} {
		a := netip.MustParseAddr(address)
		if have := [2]bool{judge(a, false) == nil, judge(a, true) == nil}; have != want {
			t.Errorf("%s: allowed %v, want %v", address, have, want)
		}
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	if v := (Asker{}).transport(topology.Probe{}).TLSClientConfig.MinVersion; v < tls.VersionTLS12 {
		t.Errorf("TLS from version %x", v)
	}
}
