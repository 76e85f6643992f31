package mototest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Patience is how long an answer of moto may take: it is one process in Python, and
// a busy machine has let it wait for more than the 20 s that AWS gets.
const Patience = 2 * time.Minute

// tries is how often a request is sent whose answer never arrived whole.
const tries = 3

// Client is an HTTP client for tests on moto. They give the SDK one attempt,
// because moto's server errors turn into successes when they are tried again.
// On a busy machine, though, a connection is now and then lost while its answer
// is read; such a request, which got no answer at all, is sent again here.
func Client() *http.Client {
	return &http.Client{Transport: patient{&http.Transport{DisableKeepAlives: true}}}
}

// patient sends a request again when its answer broke off. An answer that
// arrived, whatever it says, is the answer.
type patient struct{ next http.RoundTripper }

func (p patient) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := whole(r.Body)
	if err != nil {
		return nil, fmt.Errorf("read request: %w", err)
	}
	for try := 1; ; try++ {
		again := r.Clone(r.Context())
		if body != nil {
			again.Body = io.NopCloser(bytes.NewReader(body))
		}
		response, err := p.once(again)
		if err == nil || try == tries || r.Context().Err() != nil {
			return response, err
		}
	}
}

// once gives an answer that is here in full.
func (p patient) once(r *http.Request) (*http.Response, error) {
	response, err := p.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	content, err := whole(response.Body)
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	response.Body = io.NopCloser(bytes.NewReader(content))
	return response, nil
}

func whole(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	defer func() { _ = body.Close() }()
	return io.ReadAll(body)
}
