package github

import (
	"context"

	"github.com/google/go-github/v88/github"
)

// Branch is what rules a branch.
type Branch struct {
	HeadSHA string
	// Protected says that a branch protection or a ruleset is in force.
	Protected bool
}

// Branch reads a branch.
func (c *Client) Branch(ctx context.Context, owner, repository, name string) (Branch, error) {
	var branch *github.Branch
	err := c.attempt(ctx, true, func() (err error) {
		branch, _, err = c.api.Repositories.GetBranch(ctx, owner, repository, name, 0)
		return err
	})
	if err != nil {
		return Branch{}, refused("read branch "+name, err, permission("contents: read"))
	}
	return Branch{HeadSHA: branch.GetCommit().GetSHA(), Protected: branch.GetProtected()}, nil
}
