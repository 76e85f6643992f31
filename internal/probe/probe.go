package probe

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/topology"
)

const (
	// DefaultTimeout bounds a request, its answer included.
	DefaultTimeout = 10 * time.Second
	// mostRead is how much of a body is looked at.
	mostRead = 1 << 20
	// longestHeader is how much of a header is kept.
	longestHeader = 200
)

// The kinds of failures to get an answer.
const (
	Timeout        = "Timeout"        // nothing came, or not all of it, in time
	PrivateAddress = "PrivateAddress" // the host has an address that the configuration does not allow
	HostNotFound   = "HostNotFound"   // the name has no address
	NoAnswer       = "NoAnswer"       // the connection was refused, reset or broken
)

// Answer is what the endpoint said.
type Answer struct {
	Status int
	// Location is where a redirect leads.
	Location string
	// Certificate says why the certificate is not valid; then there is no status.
	Certificate string
	// Release is the header that names the release.
	Release string
	// Body is what may name the release; Cut says that there was more.
	Body string
	Cut  bool
}

// Failure is why there is no answer.
type Failure struct{ Kind, Message string }

func (f *Failure) Error() string { return f.Message }

// Asker asks. Its zero value is right outside of tests.
type Asker struct {
	// Timeout replaces DefaultTimeout.
	Timeout time.Duration
	// Roots replace the certificate authorities of the system.
	Roots *x509.CertPool
}

// Ask makes the one request of a probe. The error is a *Failure.
func (a Asker) Ask(ctx context.Context, p topology.Probe) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(a.Timeout, DefaultTimeout))
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL, nil)
	if err != nil {
		return Answer{}, &Failure{NoAnswer, err.Error()}
	}
	request.Host = p.Host
	request.Header.Set("User-Agent", "lockstep")
	transport := a.transport(p)
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(request) // follows no redirect
	if err != nil {
		return failed(p, err)
	}
	defer response.Body.Close()
	return read(ctx, p, response)
}

// transport reaches the host of one probe, without any proxy: behind one, nobody
// could say which address is asked.
func (a Asker) transport(p topology.Probe) *http.Transport {
	dialer := &net.Dialer{ControlContext: allowed(p.Private)}
	return &http.Transport{
		DialContext:       dialer.DialContext,
		TLSClientConfig:   &tls.Config{RootCAs: a.Roots, ServerName: p.Host, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true,
		DisableKeepAlives: true,
	}
}

func read(ctx context.Context, p topology.Probe, response *http.Response) (Answer, error) {
	answer := Answer{Status: response.StatusCode, Location: short(response.Header.Get("Location"))}
	if name, ok := strings.CutPrefix(p.Release, "header "); ok {
		answer.Release = short(response.Header.Get(name))
	}
	if p.Release != "body" {
		return answer, nil
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostRead+1))
	if err = cmp.Or(ctx.Err(), err); err != nil { // an answer that was broken off may look complete
		return failed(p, err)
	}
	answer.Cut = len(body) > mostRead
	answer.Body = string(body[:min(len(body), mostRead)])
	return answer, nil
}

func short(text string) string { return text[:min(len(text), longestHeader)] }

// failed says what a failed request means. A certificate that is not valid is an
// answer: clients get the same.
func failed(p topology.Probe, err error) (Answer, error) {
	var (
		forbidden *forbiddenError
		invalid   *tls.CertificateVerificationError
		unknown   *net.DNSError
		timeout   net.Error
	)
	switch {
	case errors.As(err, &forbidden):
		return Answer{}, &Failure{PrivateAddress, forbidden.Error()}
	case errors.As(err, &invalid):
		return Answer{Certificate: invalid.Err.Error()}, nil
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return Answer{}, &Failure{HostNotFound, fmt.Sprintf("%s has no address", unknown.Name)}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return Answer{}, &Failure{Timeout, "no complete answer came in time"}
	default:
		return Answer{}, &Failure{NoAnswer, withoutURL(err, p.URL)}
	}
}

// withoutURL is an error's text without the URL that is said beside it.
func withoutURL(err error, url string) string {
	return strings.ReplaceAll(err.Error(), fmt.Sprintf("%q: ", url), "")
}
