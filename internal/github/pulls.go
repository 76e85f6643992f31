package github

import (
	"context"
	"fmt"

	"github.com/google/go-github/v88/github"
)

// PullRequest is an open pull request as far as a commit status needs it.
type PullRequest struct {
	Number  int
	HeadSHA string
}

// OpenPullRequests lists every open pull request whose base is the branch. The
// repository of a head may be a fork, or gone: its commit stays with the base
// repository, which is where its statuses are.
func (c *Client) OpenPullRequests(ctx context.Context, owner, repository, base string) ([]PullRequest, error) {
	var open []PullRequest
	err := pages(ctx, c, func(o github.ListOptions) ([]*github.PullRequest, *github.Response, error) {
		return c.api.PullRequests.List(ctx, owner, repository, &github.PullRequestListOptions{
			State: "open", Base: base, Sort: "created", Direction: "asc", ListOptions: o,
		})
	}, func(page []*github.PullRequest) {
		for _, p := range page {
			open = append(open, PullRequest{Number: p.GetNumber(), HeadSHA: p.GetHead().GetSHA()})
		}
	})
	if err != nil {
		return nil, refused(fmt.Sprintf("list the open pull requests of %s/%s into %s", owner, repository, base), err, permission("pull-requests: read"))
	}
	return open, nil
}
