package github

import (
	"context"
	"fmt"
	"regexp"
	"strconv"

	"github.com/google/go-github/v88/github"
)

// DescriptionLimit is the length of a commit status's description in
// characters. Source: GitHub's API answers 422 to a longer one.
const DescriptionLimit = 140

// StatusState is what a commit status says.
type StatusState string

// The states that Lockstep sets. Pending would leave a merge waiting for a run
// that may never come.
const (
	StatusSuccess StatusState = "success"
	StatusFailure StatusState = "failure"
	StatusError   StatusState = "error"
)

// Status is a commit status to be.
type Status struct {
	Owner, Repository string
	SHA               string
	Context           string
	State             StatusState
	Description       string // cut to DescriptionLimit
	// RunURL leads to the run; RunID orders runs: an older one never replaces
	// what a newer one said.
	RunURL string
	RunID  int64
}

// runInURL finds the run that set a status in the address it left.
var runInURL = regexp.MustCompile(`/actions/runs/(\d+)(?:/|$)`)

// SetStatus sets a commit status unless the commit has it already, and reports
// whether it wrote: GitHub keeps 1,000 statuses of a context on a commit and
// refuses more, and every one it takes counts against the limits of writing.
func (c *Client) SetStatus(ctx context.Context, s Status) (wrote bool, err error) {
	s.Description = cut(s.Description, DescriptionLimit)
	latest, err := c.latestStatus(ctx, s)
	if err != nil {
		return false, refused("read the statuses of commit "+s.SHA, err, permission("statuses: write"))
	}
	if latest != nil && (newerRun(latest, s.RunID) || latest.GetState() == string(s.State) && latest.GetDescription() == s.Description) {
		return false, nil
	}
	state := string(s.State)
	status := github.RepoStatus{State: &state, Context: &s.Context, Description: &s.Description}
	if s.RunURL != "" {
		status.TargetURL = &s.RunURL
	}
	// The same status twice is the same status: safe to repeat.
	err = c.attempt(ctx, true, func() error {
		_, _, err := c.api.Repositories.CreateStatus(ctx, s.Owner, s.Repository, s.SHA, status)
		return err
	})
	if err != nil {
		return false, refused(fmt.Sprintf("set the status %s of commit %s", s.Context, s.SHA), err, permission("statuses: write"))
	}
	return true, nil
}

// latestStatus is the commit's status in the context, nil if it has none.
func (c *Client) latestStatus(ctx context.Context, s Status) (*github.RepoStatus, error) {
	var latest *github.RepoStatus
	err := pages(ctx, c, func(o github.ListOptions) ([]*github.RepoStatus, *github.Response, error) {
		if latest != nil { // newest first: the rest is history
			return nil, &github.Response{}, nil
		}
		return c.api.Repositories.ListStatuses(ctx, s.Owner, s.Repository, s.SHA, &o)
	}, func(page []*github.RepoStatus) {
		for _, status := range page {
			if latest == nil && status.GetContext() == s.Context {
				latest = status
			}
		}
	})
	return latest, err
}

// newerRun reports whether a later run than this one left the status.
func newerRun(status *github.RepoStatus, run int64) bool {
	m := runInURL.FindStringSubmatch(status.GetTargetURL())
	if m == nil || run == 0 {
		return false
	}
	other, err := strconv.ParseInt(m[1], 10, 64)
	return err == nil && other > run
}
