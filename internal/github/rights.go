package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/go-github/v88/github"
)

// Right is a permission of the job's token and whether it has it.
type Right struct {
	// Permission is written as in a workflow: "statuses: write".
	Permission string
	Granted    bool
	// Err is set where GitHub's answer does not tell.
	Err error
}

// Rights asks what the token may do in the repository, without doing any of it.
// GitHub does not say what a token may; so each permission to write is tried with
// a call that GitHub has to refuse: it answers 403 to who may not, and 422 to
// whoever may and sent nonsense. The order in which it checks is observed
// behaviour, not documented. A pull request of 0 leaves its comments out.
func (c *Client) Rights(ctx context.Context, owner, repository string, pullRequest int) []Right {
	nothing, state := "", string(StatusSuccess)
	rights := []Right{
		c.right(ctx, "contents: read", func() error {
			_, _, err := c.api.Repositories.GetCommit(ctx, owner, repository, "HEAD", &github.ListOptions{PerPage: 1})
			return err
		}),
		c.right(ctx, "pull-requests: read", func() error {
			_, _, err := c.api.PullRequests.List(ctx, owner, repository, &github.PullRequestListOptions{State: "open", ListOptions: github.ListOptions{PerPage: 1}})
			return err
		}),
		c.right(ctx, "statuses: write", func() error {
			_, _, err := c.api.Repositories.CreateStatus(ctx, owner, repository, strings.Repeat("0", 40), github.RepoStatus{State: &state})
			return refusedAsWrong(err)
		}),
		c.right(ctx, "issues: write", func() error {
			_, _, err := c.api.Issues.Create(ctx, owner, repository, &github.IssueRequest{Title: &nothing})
			return refusedAsWrong(err)
		}),
	}
	if pullRequest == 0 {
		return rights
	}
	return append(rights, c.right(ctx, "pull-requests: write", func() error {
		_, _, err := c.api.Issues.CreateComment(ctx, owner, repository, pullRequest, &github.IssueComment{Body: &nothing})
		return refusedAsWrong(err)
	}))
}

func (c *Client) right(ctx context.Context, permission string, call func() error) Right {
	err := c.attempt(ctx, true, call)
	switch statusOf(err) {
	case http.StatusForbidden:
		return Right{Permission: permission}
	case http.StatusUnauthorized, http.StatusNotFound:
		return Right{Permission: permission, Err: refused("ask GitHub for "+permission, err, map[int]string{http.StatusNotFound: "the token cannot see the repository"})}
	}
	if err != nil {
		return Right{Permission: permission, Err: fmt.Errorf("ask GitHub for %s: %w", permission, err)}
	}
	return Right{Permission: permission, Granted: true}
}

// refusedAsWrong takes the refusal that was provoked for what it is: a yes.
func refusedAsWrong(err error) error {
	if err == nil {
		return errors.New("GitHub accepted a call that it had to refuse")
	}
	if statusOf(err) == http.StatusUnprocessableEntity {
		return nil
	}
	return err
}
