package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/google/go-github/v88/github"
)

// Client speaks to the GitHub API of the run: github.com or an Enterprise
// Server, whose API lives under a path.
type Client struct {
	api *github.Client
	// wait sleeps between attempts; it returns early when ctx ends.
	wait func(ctx context.Context, d time.Duration) error
	now  func() time.Time
}

// How often and how long a call to GitHub is repeated. GitHub asks clients to
// honour Retry-After; a gate must not wait for minutes to post a comment.
const (
	apiAttempts = 4
	longestWait = 60 * time.Second
)

// Client returns an API client that authenticates with token. The token goes
// to the host of GITHUB_API_URL and to no other, whatever that redirects to.
func (r *Runner) Client(token string) (*Client, error) {
	base := r.getenv("GITHUB_API_URL")
	if base == "" {
		base = "https://api.github.com"
	}
	client := *r.client
	client.CheckRedirect = sameHostOnly
	// Limits are honoured in attempt: the library would refuse calls of its
	// own accord until a time it keeps.
	api, err := github.NewClient(github.WithHTTPClient(&client), github.WithAuthToken(token),
		github.WithURLs(&base, nil), github.WithDisableRateLimitCheck())
	if err != nil {
		return nil, fmt.Errorf("open GitHub API %s: %w", base, err)
	}
	return &Client{api: api, wait: sleep, now: time.Now}, nil
}

func sameHostOnly(to *http.Request, via []*http.Request) error {
	from := via[0].URL
	if to.URL.Scheme != from.Scheme || to.URL.Host != from.Host {
		return fmt.Errorf("redirected to %s: not following with a token", to.URL.Host)
	}
	if len(via) == 10 {
		return errors.New("redirected ten times")
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// attempt repeats call while GitHub asks for patience. A call that may have
// been carried out (a server error on a write) is repeated only if it is safe
// to do it twice.
func (c *Client) attempt(ctx context.Context, safeTwice bool, call func() error) error {
	for try := 1; ; try++ {
		err := call()
		pause, again := patience(err, safeTwice, try, c.now())
		if !again || try == apiAttempts || ctx.Err() != nil {
			return err
		}
		if waitErr := c.wait(ctx, pause); waitErr != nil {
			return errors.Join(err, waitErr)
		}
	}
}

// patience says whether and after how long a failed call may be repeated.
func patience(err error, safeTwice bool, try int, now time.Time) (time.Duration, bool) {
	backoff := time.Duration(try*try) * 500 * time.Millisecond
	if pause, limited := limit(err, try, now); limited {
		return pause, pause <= longestWait
	}
	var response *github.ErrorResponse
	var connection *net.OpError
	switch {
	case errors.As(err, &response):
		return backoff, safeTwice && statusOf(err) >= http.StatusInternalServerError
	case errors.As(err, &connection), errors.Is(err, io.EOF):
		return backoff, safeTwice
	}
	return 0, false
}

// limit is how long a refusal for asking too much asks to wait. A refused call
// was not carried out, so it may be repeated even if it is a write. In GitHub's
// order: Retry-After; the reset, but only if nothing remains, for every answer
// tells when the hour ends; else a minute, and longer each time. Source: GitHub
// Docs, "Rate limits for the REST API".
func limit(err error, try int, now time.Time) (time.Duration, bool) {
	var secondary *github.AbuseRateLimitError
	var primary *github.RateLimitError
	var other *github.ErrorResponse
	var answer *http.Response
	switch {
	case errors.As(err, &secondary):
		answer = secondary.Response
	case errors.As(err, &primary):
		answer = primary.Response
	case errors.As(err, &other):
		answer = other.Response
	}
	if answer == nil || answer.StatusCode != http.StatusForbidden && answer.StatusCode != http.StatusTooManyRequests {
		return 0, false
	}
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, true
	}
	if primary != nil {
		return max(primary.Rate.Reset.Sub(now), 0) + time.Second, true // the reset is a whole second
	}
	return time.Minute << (try - 1), secondary != nil
}
