package github

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/go-github/v88/github"
)

// Override is a label that somebody set on a pull request, and why.
type Override struct {
	By string
	At time.Time
	// Reason is what the description of the pull request says behind "Break-glass:";
	// empty: it says nothing.
	Reason string
}

// reasonMark begins the line of a description that gives the reason.
const reasonMark = "break-glass:"

// Override finds out whether a pull request carries the label, who set it last and
// which reason its description gives; nil if it does not carry it. The events are
// asked and not the payload: they know who it was, also in a merge queue, and a
// run that is repeated sees a label that was taken away meanwhile.
func (c *Client) Override(ctx context.Context, owner, repository string, pullRequest int, label string) (*Override, error) {
	var found *Override
	err := pages(ctx, c, func(o github.ListOptions) ([]*github.IssueEvent, *github.Response, error) {
		return c.api.Issues.ListIssueEvents(ctx, owner, repository, pullRequest, &o)
	}, func(page []*github.IssueEvent) {
		for _, e := range page {
			if !strings.EqualFold(e.GetLabel().GetName(), label) {
				continue
			}
			switch e.GetEvent() {
			case "labeled":
				found = &Override{By: e.GetActor().GetLogin(), At: e.GetCreatedAt().UTC()}
			case "unlabeled":
				found = nil
			}
		}
	})
	if err != nil {
		return nil, refused(fmt.Sprintf("ask who labelled pull request %d", pullRequest), err, permission("pull-requests: read"))
	}
	if found == nil {
		return nil, nil
	}
	var pull *github.PullRequest
	err = c.attempt(ctx, true, func() (err error) {
		pull, _, err = c.api.PullRequests.Get(ctx, owner, repository, pullRequest)
		return err
	})
	if err != nil {
		return nil, refused(fmt.Sprintf("read pull request %d", pullRequest), err, permission("pull-requests: read"))
	}
	found.Reason = reasonIn(pull.GetBody())
	return found, nil
}

// reasonIn is what follows the mark on a line of its own.
func reasonIn(description string) string {
	for line := range strings.Lines(description) {
		line = strings.TrimSpace(line)
		if len(line) >= len(reasonMark) && strings.EqualFold(line[:len(reasonMark)], reasonMark) {
			return strings.TrimSpace(line[len(reasonMark):])
		}
	}
	return ""
}
