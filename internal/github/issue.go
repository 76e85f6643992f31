package github

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/google/go-github/v88/github"
)

// TitleLimit is the length of an issue's title in characters.
const TitleLimit = 256

// IssueRequest is the issue about a standby that cannot take over.
type IssueRequest struct {
	Owner, Repository string
	App               string
	RunID             int64 // as in CommentRequest
	Title             string
	// State tells one state of affairs from another: while it stays the same,
	// the issue is left alone.
	State string
	Body  string // Markdown, without marker
}

// IssueMarker is the hidden first line by which the issue is found again.
func IssueMarker(app string) string { return "<!-- lockstep-standby:" + sanitizeMarker(app) + " -->" }

// stateLine is the third line, after the marker and the run.
var stateLine = regexp.MustCompile(`^<!-- lockstep-state:([0-9a-zA-Z-]+) -->$`)

func (r IssueRequest) body() string {
	return fmt.Sprintf("%s\n<!-- lockstep-run:%d -->\n<!-- lockstep-state:%s -->\n%s", IssueMarker(r.App), r.RunID, r.State, r.Body)
}

// OpenIssue opens the application's issue or brings the open one up to date, and
// returns its address. There is one: if two runs opened one each at the same
// time, the older stays and the other is closed.
func (c *Client) OpenIssue(ctx context.Context, req IssueRequest) (string, error) {
	req.Title = cut(req.Title, TitleLimit)
	if n := len([]rune(req.body())); n > CommentLimit {
		return "", fmt.Errorf("open an issue: %d characters are more than GitHub takes (%d)", n, CommentLimit)
	}
	open, me, err := c.openIssues(ctx, req, "")
	if err != nil {
		return "", err
	}
	if len(open) == 0 {
		err := c.attempt(ctx, false, func() error {
			body := req.body()
			_, _, err := c.api.Issues.Create(ctx, req.Owner, req.Repository, &github.IssueRequest{Title: &req.Title, Body: &body})
			return err
		})
		if err != nil {
			return "", issueRefused(req, "open an issue in", err)
		}
		if open, _, err = c.openIssues(ctx, req, me); err != nil || len(open) == 0 {
			return "", err
		}
	}
	if err := c.closeDuplicates(ctx, req, open); err != nil {
		return "", err
	}
	return c.updateIssue(ctx, req, open[0])
}

// updateIssue rewrites the issue if the state of affairs is another one and no
// newer run has spoken.
func (c *Client) updateIssue(ctx context.Context, req IssueRequest, issue *github.Issue) (string, error) {
	if runOf(issue.GetBody()) > req.RunID || stateOf(issue.GetBody()) == req.State {
		return issue.GetHTMLURL(), nil
	}
	body := req.body()
	return issue.GetHTMLURL(), c.editIssue(ctx, req, issue.GetNumber(), github.IssueRequest{Title: &req.Title, Body: &body})
}

func (c *Client) closeDuplicates(ctx context.Context, req IssueRequest, open []*github.Issue) error {
	for _, issue := range open[1:] {
		note := fmt.Sprintf("The same as #%d, opened by another run at the same time.", open[0].GetNumber())
		if err := c.closeIssue(ctx, req, issue.GetNumber(), note, "not_planned"); err != nil {
			return err
		}
	}
	return nil
}

// CloseIssues comments on the application's open issue and closes it. It reports
// whether there was one. An issue of a newer run stays open.
func (c *Client) CloseIssues(ctx context.Context, req IssueRequest) (closed bool, err error) {
	open, _, err := c.openIssues(ctx, req, "")
	if err != nil {
		return false, err
	}
	for _, issue := range open {
		if runOf(issue.GetBody()) > req.RunID {
			continue
		}
		if err := c.closeIssue(ctx, req, issue.GetNumber(), req.Body, "completed"); err != nil {
			return closed, err
		}
		closed = true
	}
	return closed, nil
}

// closeIssue closes first: a run that is cut off in between leaves a closed
// issue without a comment rather than one comment more with every run.
func (c *Client) closeIssue(ctx context.Context, req IssueRequest, number int, note, reason string) error {
	state := "closed"
	if err := c.editIssue(ctx, req, number, github.IssueRequest{State: &state, StateReason: &reason}); err != nil {
		return err
	}
	err := c.attempt(ctx, false, func() error {
		_, _, err := c.api.Issues.CreateComment(ctx, req.Owner, req.Repository, number, &github.IssueComment{Body: &note})
		return err
	})
	if err != nil {
		return issueRefused(req, fmt.Sprintf("comment on issue %d of", number), err)
	}
	return nil
}

func (c *Client) editIssue(ctx context.Context, req IssueRequest, number int, change github.IssueRequest) error {
	err := c.attempt(ctx, true, func() error {
		_, _, err := c.api.Issues.Edit(ctx, req.Owner, req.Repository, number, &change)
		return err
	})
	if err != nil {
		return issueRefused(req, fmt.Sprintf("edit issue %d of", number), err)
	}
	return nil
}

// openIssues lists our open issues, oldest first, and says who we are. A login
// that is known already need not be asked for.
func (c *Client) openIssues(ctx context.Context, req IssueRequest, me string) ([]*github.Issue, string, error) {
	var err error
	if me == "" {
		if me, err = c.login(ctx); err != nil {
			return nil, "", issueRefused(req, "ask who writes to", err)
		}
	}
	var found []*github.Issue
	err = pages(ctx, c, func(o github.ListOptions) ([]*github.Issue, *github.Response, error) {
		return c.api.Issues.ListByRepo(ctx, req.Owner, req.Repository, &github.IssueListByRepoOptions{State: "open", Sort: "created", Direction: "asc", ListOptions: o})
	}, func(page []*github.Issue) {
		found = append(found, slices.DeleteFunc(page, func(i *github.Issue) bool {
			return i.IsPullRequest() || !isOurs(i.GetBody(), i.GetUser(), IssueMarker(req.App), me)
		})...)
	})
	if err != nil {
		return nil, "", issueRefused(req, "list the issues of", err)
	}
	return found, me, nil
}

func issueRefused(req IssueRequest, doing string, err error) error {
	hints := permission("issues: write")
	hints[http.StatusGone] = "issues are turned off in this repository: use --no-issue"
	return refused(fmt.Sprintf("%s %s/%s", doing, req.Owner, req.Repository), err, hints)
}

func stateOf(body string) string {
	lines := strings.SplitN(body, "\n", 4)
	if len(lines) < 3 {
		return ""
	}
	m := stateLine.FindStringSubmatch(strings.TrimRight(lines[2], "\r"))
	if m == nil {
		return ""
	}
	return m[1]
}
