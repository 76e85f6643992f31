package github

import (
	"context"

	"github.com/google/go-github/v88/github"
)

// pages asks for page after page of a list until there is none, and hands each
// to take.
func pages[T any](ctx context.Context, c *Client, list func(github.ListOptions) ([]T, *github.Response, error), take func([]T)) error {
	for next := 1; next != 0; {
		var page []T
		err := c.attempt(ctx, true, func() error {
			found, response, err := list(github.ListOptions{PerPage: 100, Page: next})
			if err == nil {
				page, next = found, response.NextPage
			}
			return err
		})
		if err != nil {
			return err
		}
		take(page)
	}
	return nil
}
