package main

import (
	"context"
	"fmt"

	"github.com/lockstep-dr/lockstep/internal/github"
)

// approvedBase is the commit whose configuration counts, and what the reader of the
// report must know about it. It is the base commit, unless anybody may push to its
// branch: a check and a status stand on the head commit, whatever that is merged
// into later. Whoever wrote rules into a branch of their own could otherwise open
// the pull request against it and change its base once the check has passed.
func (g *globals) approvedBase(ctx context.Context, event github.Event) (commit, notice string, err error) {
	if event.BaseBranch == "" || event.DefaultBranch == "" || event.BaseBranch == event.DefaultBranch {
		return event.BaseSHA, "", nil
	}
	client, err := g.client()
	if err != nil {
		return "", "", fmt.Errorf("whether the base branch %s is protected is not known: %w", event.BaseBranch, err)
	}
	base, err := client.Branch(ctx, event.Owner, event.Repository, event.BaseBranch)
	if err != nil {
		return "", "", fmt.Errorf("whether the base branch %s is protected is not known: %w", event.BaseBranch, err)
	}
	if base.Protected {
		return event.BaseSHA, "", nil
	}
	approved, err := client.Branch(ctx, event.Owner, event.Repository, event.DefaultBranch)
	if err != nil {
		return "", "", fmt.Errorf("the base branch %s is not protected, and the default branch is not known: %w", event.BaseBranch, err)
	}
	return approved.HeadSHA, fmt.Sprintf("the base branch %s is not protected, so anybody could write its rules: those of %s count.", event.BaseBranch, event.DefaultBranch), nil
}

// client asks GitHub with the token of the run.
func (g *globals) client() (*github.Client, error) {
	runner := g.runner()
	settings, err := runner.CommentSettings()
	if err != nil {
		return nil, err
	}
	if settings.Token == "" {
		return nil, fmt.Errorf("there is no token to ask GitHub (input github-token)")
	}
	return runner.Client(settings.Token)
}
