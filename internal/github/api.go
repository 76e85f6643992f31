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
	return &Client{api: api, wait: sleep}, nil
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
		pause, again := patience(err, safeTwice, try)
		if !again || try == apiAttempts || ctx.Err() != nil {
			return err
		}
		if waitErr := c.wait(ctx, pause); waitErr != nil {
			return errors.Join(err, waitErr)
		}
	}
}

// patience says whether and after how long a failed call may be repeated.
func patience(err error, safeTwice bool, try int) (time.Duration, bool) {
	backoff := time.Duration(try*try) * 500 * time.Millisecond
	var secondary *github.AbuseRateLimitError
	var response *github.ErrorResponse
	var connection *net.OpError
	switch {
	case errors.As(err, &secondary) && secondary.RetryAfter != nil:
		return *secondary.RetryAfter, *secondary.RetryAfter <= longestWait
	case errors.As(err, &secondary):
		return 4 * backoff, true
	case errors.As(err, &response):
		if asked, ok := retryAfter(response.Response); ok {
			return asked, asked <= longestWait
		}
		return backoff, safeTwice && statusOf(err) >= http.StatusInternalServerError
	case errors.As(err, &connection), errors.Is(err, io.EOF):
		return backoff, safeTwice
	}
	return 0, false
}

// retryAfter is what a refusal asks for. A refused call was not carried out, so
// it may be repeated even if it is a write.
func retryAfter(response *http.Response) (time.Duration, bool) {
	if response == nil || response.StatusCode != http.StatusForbidden && response.StatusCode != http.StatusTooManyRequests {
		return 0, false
	}
	seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
	return time.Duration(seconds) * time.Second, err == nil && seconds >= 0
}
