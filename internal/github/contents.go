package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/go-github/v88/github"
)

// ErrNoFile says that a commit is there and the file is not in it.
var ErrNoFile = errors.New("no such file")

// File is the content of a file as a commit has it. ErrNoFile is certain: the
// commit was asked for as well, because GitHub answers 404 to a token that may
// not look, too.
func (c *Client) File(ctx context.Context, owner, repository, sha, path string) ([]byte, error) {
	var file *github.RepositoryContent
	err := c.attempt(ctx, true, func() error {
		var err error
		file, _, _, err = c.api.Repositories.GetContents(ctx, owner, repository, path, &github.RepositoryContentGetOptions{Ref: sha})
		return err
	})
	if statusOf(err) == http.StatusNotFound {
		if err := c.commit(ctx, owner, repository, sha); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("read %s of commit %s: %w", path, sha, ErrNoFile)
	}
	if err != nil {
		return nil, refused(fmt.Sprintf("read %s of commit %s", path, sha), err, permission("contents: read"))
	}
	if file == nil || file.GetType() != "file" {
		return nil, fmt.Errorf("read %s of commit %s: it is not a file", path, sha)
	}
	text, err := file.GetContent()
	if err != nil {
		return nil, fmt.Errorf("read %s of commit %s: %w", path, sha, err)
	}
	return []byte(text), nil
}

// commit is an error if the token cannot see the commit.
func (c *Client) commit(ctx context.Context, owner, repository, sha string) error {
	err := c.attempt(ctx, true, func() error {
		_, _, err := c.api.Repositories.GetCommit(ctx, owner, repository, sha, &github.ListOptions{PerPage: 1})
		return err
	})
	if err != nil {
		return refused("read commit "+sha, err, permission("contents: read"))
	}
	return nil
}
