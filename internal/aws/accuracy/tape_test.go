package accuracy

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// tape remembers what moto answered while nothing changes there, so that the same
// application can be read many times, and denies actions.
type tape struct {
	next http.RoundTripper

	mu      sync.Mutex
	answers map[string]answer // nil: every call goes through
	denied  map[string]bool   // by IAM action
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// record remembers answers from now on; forget lets every call through again.
func (p *tape) record() { p.answers = map[string]answer{} }
func (p *tape) forget() { p.answers, p.denied = nil, nil }

func (p *tape) deny(actions ...string) {
	p.denied = map[string]bool{}
	for _, action := range actions {
		p.denied[action] = true
	}
}

func (p *tape) RoundTrip(r *http.Request) (*http.Response, error) {
	action := session.Action(awsmiddleware.GetServiceID(r.Context()), awsmiddleware.GetOperationName(r.Context()))
	if p.denied[action] {
		return nil, &smithy.GenericAPIError{Code: "AccessDenied", Message: "denied by the test: " + action}
	}
	if p.answers == nil {
		return p.next.RoundTrip(r)
	}
	key, err := question(r)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	known, ok := p.answers[key]
	p.mu.Unlock()
	if !ok {
		if known, err = p.ask(r); err != nil {
			return nil, err
		}
		p.mu.Lock()
		p.answers[key] = known
		p.mu.Unlock()
	}
	return &http.Response{StatusCode: known.status, Header: maps.Clone(known.header), Body: io.NopCloser(bytes.NewReader(known.body)), Request: r}, nil
}

func (p *tape) ask(r *http.Request) (answer, error) {
	response, err := p.next.RoundTrip(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, body}, err
}

// question is what a request asks, and of which Region: all but the time and the
// signature. The body can be read again.
func question(r *http.Request) (string, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return "", fmt.Errorf("read request: %w", err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	scope := strings.Split(r.Header.Get("Authorization"), "/") // AWS4-HMAC-SHA256 Credential=AKID/20261101/us-east-1/sqs/aws4_request, …
	return fmt.Sprint(r.Method, r.URL, r.Header.Get("X-Amz-Target"), scope[min(2, len(scope)-1):min(4, len(scope))], string(body)), nil
}
