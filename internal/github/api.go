package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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

// Client returns an API client that authenticates with token.
func (r *Runner) Client(token string) (*Client, error) {
	base := r.getenv("GITHUB_API_URL")
	if base == "" {
		base = "https://api.github.com"
	}
	api, err := github.NewClient(github.WithHTTPClient(r.client), github.WithAuthToken(token), github.WithURLs(&base, nil))
	if err != nil {
		return nil, fmt.Errorf("open GitHub API %s: %w", base, err)
	}
	return &Client{api: api, wait: sleep}, nil
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
		if !again || try == apiAttempts {
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
	if errors.As(err, &secondary) {
		if secondary.RetryAfter != nil {
			return *secondary.RetryAfter, *secondary.RetryAfter <= longestWait
		}
		return 4 * backoff, true
	}
	var response *github.ErrorResponse
	if errors.As(err, &response) && response.Response != nil {
		return backoff, safeTwice && response.Response.StatusCode >= http.StatusInternalServerError
	}
	return 0, false
}
