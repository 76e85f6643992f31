package github

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/go-github/v88/github"
)

// Override is a label that somebody set on a pull request so that it may pass.
type Override struct {
	// By is who set it.
	By string
	At time.Time
	// Reason is what they gave for the very commit that is to pass.
	Reason string
	// Doubt is why the label counts for nothing; empty: it counts.
	Doubt string
}

// OverrideRequest says which label is looked for.
type OverrideRequest struct {
	Owner, Repository string
	PullRequest       int
	Label             string
	// Head is the commit that is to pass; empty: the pull request's present head.
	Head string
	// Author says that the author of the pull request may set the label, too.
	Author bool
}

// Override finds out whether a pull request carries a label, which person set it
// last and why; nil if it does not carry it. GitHub is asked and not the payload: a
// run that is repeated sees a label that was taken away meanwhile.
//
// When a head was pushed GitHub does not say: the dates of a commit are its
// author's to choose. What binds the label to a commit is therefore a comment of
// whoever set it, which names the commit and gives the reason, and which nobody
// edited: those with write access may edit what others wrote.
func (c *Client) Override(ctx context.Context, req OverrideRequest) (*Override, error) {
	pull, err := c.labelled(ctx, req)
	if err != nil || pull == nil {
		return nil, err
	}
	event, err := c.lastLabelled(ctx, req)
	if err != nil || event == nil {
		return nil, err
	}
	if req.Head == "" {
		req.Head = pull.GetHead().GetSHA()
	}
	o := &Override{By: event.GetActor().GetLogin(), At: event.GetCreatedAt().UTC()}
	switch by := event.GetActor(); {
	case !isPerson(by) || event.PerformedViaGithubApp != nil:
		o.Doubt = "no person did that"
	case by.GetID() == pull.GetUser().GetID() && !req.Author:
		o.Doubt = "the author of the pull request may not (gate.break-glass-author)"
	default:
		o.Reason, o.Doubt, err = c.reason(ctx, req, by)
	}
	return o, err
}

// labelled is the pull request, nil if it does not carry the label now.
func (c *Client) labelled(ctx context.Context, req OverrideRequest) (*github.PullRequest, error) {
	var pull *github.PullRequest
	err := c.attempt(ctx, true, func() (err error) {
		pull, _, err = c.api.PullRequests.Get(ctx, req.Owner, req.Repository, req.PullRequest)
		return err
	})
	if err != nil {
		return nil, refused(fmt.Sprintf("read pull request %d", req.PullRequest), err, permission("pull-requests: read"))
	}
	for _, label := range pull.Labels {
		if strings.EqualFold(label.GetName(), req.Label) {
			return pull, nil
		}
	}
	return nil, nil
}

// lastLabelled is how the label came to be there; nil if GitHub does not say.
func (c *Client) lastLabelled(ctx context.Context, req OverrideRequest) (*github.IssueEvent, error) {
	var last *github.IssueEvent
	err := pages(ctx, c, func(o github.ListOptions) ([]*github.IssueEvent, *github.Response, error) {
		return c.api.Issues.ListIssueEvents(ctx, req.Owner, req.Repository, req.PullRequest, &o)
	}, func(page []*github.IssueEvent) {
		for _, e := range page {
			if !strings.EqualFold(e.GetLabel().GetName(), req.Label) {
				continue
			}
			switch e.GetEvent() {
			case "labeled":
				last = e
			case "unlabeled":
				last = nil
			}
		}
	})
	if err != nil {
		return nil, refused(fmt.Sprintf("ask who labelled pull request %d", req.PullRequest), err, permission("pull-requests: read"))
	}
	return last, nil
}

// isPerson reports whether an account is a person's, and still there: what a
// deleted account did is shown as ghost's.
func isPerson(u *github.User) bool {
	return u.GetID() != 0 && u.GetType() == "User" && u.GetLogin() != "ghost" && !strings.HasSuffix(u.GetLogin(), "[bot]")
}

// reason is what a person gave for a commit in their latest comment about it, or
// why that does not count.
func (c *Client) reason(ctx context.Context, req OverrideRequest, by *github.User) (reason, doubt string, err error) {
	ask := fmt.Sprintf("comment a line \"Break-glass %s: why\" and run again", req.Head)
	doubt = "they gave no reason for this commit: " + ask
	err = pages(ctx, c, func(o github.ListOptions) ([]*github.IssueComment, *github.Response, error) {
		return c.api.Issues.ListComments(ctx, req.Owner, req.Repository, req.PullRequest, &github.IssueListCommentsOptions{ListOptions: o})
	}, func(page []*github.IssueComment) {
		for _, comment := range page {
			said := reasonIn(comment.GetBody(), req.Head)
			switch {
			case said == "" || comment.GetUser().GetID() != by.GetID():
			case comment.CreatedAt == nil || !comment.GetUpdatedAt().Equal(comment.GetCreatedAt()):
				reason, doubt = "", "the comment that gives the reason was edited: "+ask
			default:
				reason, doubt = said, ""
			}
		}
	})
	if err != nil {
		return "", "", refused(fmt.Sprintf("read the comments on pull request %d", req.PullRequest), err, permission("pull-requests: read"))
	}
	return reason, doubt, nil
}

// reasonLine is a line that gives the reason for a commit, named in full: the
// beginning of a name is easily made to fit another commit.
var reasonLine = regexp.MustCompile(`(?im)^[ \t]*break-glass[ \t]+([0-9a-f]{40}|[0-9a-f]{64})[ \t]*:[ \t]*(\S.*?)[ \t\r]*$`)

// reasonIn is what the last line about the commit says; empty: none does.
func reasonIn(comment, commit string) string {
	reason := ""
	for _, line := range reasonLine.FindAllStringSubmatch(comment, -1) {
		if strings.EqualFold(line[1], commit) {
			reason = line[2]
		}
	}
	return reason
}
