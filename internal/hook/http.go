package hook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
)

const (
	// onceAtMost bounds one request; betweenRequests is the pause after one.
	onceAtMost      = 10 * time.Second
	betweenRequests = 2 * time.Second
	// mostRead is how much of an answer is looked at.
	mostRead = 1 << 20
)

// HTTP is a request that must be answered as expected.
type HTTP struct {
	URL      string
	Status   int
	Contains string
	Headers  map[string]string
	// Timeout is how long the answer may take to become as expected.
	Timeout time.Duration
	// Pause replaces the pause between two requests; zero: two seconds.
	Pause time.Duration
}

var _ deploy.Check = HTTP{}

// Name implements deploy.Check.
func (h HTTP) Name() string { return "GET " + h.URL }

// Check implements deploy.Check.
func (h HTTP) Check(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, h.Timeout)
	defer cancel()
	pause := h.Pause
	if pause <= 0 {
		pause = betweenRequests
	}
	var why error
	for {
		err := h.ask(bounded)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case bounded.Err() == nil || why == nil: // the last real answer says more than the timeout
			why = err
		}
		timer := time.NewTimer(pause)
		select {
		case <-bounded.Done():
			timer.Stop()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return &deploy.Error{Kind: deploy.Failed, Err: why, Reason: fmt.Sprintf("%s: not as expected within %s: %v", h.Name(), h.Timeout, why)}
		case <-timer.C:
		}
	}
}

// ask makes one request.
func (h HTTP) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, onceAtMost)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL, nil)
	if err != nil {
		return err
	}
	request.Header.Set("User-Agent", "lockstep")
	for name, value := range h.Headers {
		request.Header.Set(name, value)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != h.Status {
		return fmt.Errorf("status %d, not %d", response.StatusCode, h.Status)
	}
	if h.Contains == "" {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostRead))
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	if !strings.Contains(string(body), h.Contains) {
		return errors.New("the answer does not hold the text that was expected")
	}
	return nil
}
