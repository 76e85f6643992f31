package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-github/v88/github"
)

// CommentLimit is the length of a comment in characters. Source: GitHub's API
// answers 422 "body is too long (maximum is 65536 characters)".
const CommentLimit = 65536

// Marker is the hidden first line by which the comment of an application is found again.
func Marker(app string) string { return "<!-- lockstep:" + sanitizeMarker(app) + " -->" }

var unsafeInMarker = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// sanitizeMarker keeps a name from ending the HTML comment it stands in.
func sanitizeMarker(app string) string {
	return strings.ReplaceAll(unsafeInMarker.ReplaceAllString(app, "_"), "--", "__")
}

var runLine = regexp.MustCompile(`^<!-- lockstep-run:(\d+) -->$`)

// CommentRequest is the comment to be.
type CommentRequest struct {
	Owner, Repository string
	PullRequest       int
	App               string
	// RunID orders concurrent runs: an older run never overwrites a newer one.
	// (GitHub has no conditional write: two that write in the same instant may
	// still cross, until the next run.)
	RunID int64
	Body  string // Markdown, without marker
}

// ErrNewerComment says that a newer run has commented already.
var ErrNewerComment = errors.New("a newer run has commented already")

// Comment creates the application's comment on a pull request or updates it in
// place and returns its address. Only a comment that a bot, or the token's own
// user, wrote and that begins with the marker is taken for ours: a marker in
// somebody else's comment must not let them rewrite a verdict later.
func (c *Client) Comment(ctx context.Context, req CommentRequest) (string, error) {
	body := fmt.Sprintf("%s\n<!-- lockstep-run:%d -->\n%s", Marker(req.App), req.RunID, req.Body)
	if n := len([]rune(body)); n > CommentLimit {
		return "", fmt.Errorf("comment on pull request %d: %d characters are more than GitHub takes (%d)", req.PullRequest, n, CommentLimit)
	}
	me, err := c.login(ctx)
	if err != nil {
		return "", explain(req, err)
	}
	existing, err := c.ours(ctx, req, me)
	if err != nil {
		return "", explain(req, err)
	}
	if len(existing) == 0 {
		return c.create(ctx, req, me, body)
	}
	return c.update(ctx, req, existing, body)
}

// create makes the comment, then looks again: two runs at once may both have
// found none. The oldest stays.
func (c *Client) create(ctx context.Context, req CommentRequest, me, body string) (string, error) {
	err := c.attempt(ctx, false, func() error {
		_, _, err := c.api.Issues.CreateComment(ctx, req.Owner, req.Repository, req.PullRequest, &github.IssueComment{Body: &body})
		return err
	})
	if err != nil {
		return "", explain(req, err)
	}
	all, err := c.ours(ctx, req, me)
	if err != nil {
		return "", explain(req, err)
	}
	if len(all) == 0 {
		return "", fmt.Errorf("comment on pull request %d: GitHub does not list the comment it just accepted", req.PullRequest)
	}
	if len(all) == 1 {
		return all[0].GetHTMLURL(), nil
	}
	return c.update(ctx, req, all, body)
}

// update writes the body into the oldest of our comments and deletes the rest.
// If a newer run has commented, only what this run and older ones added beside
// that comment is deleted: the oldest comment belongs to whoever is newest.
func (c *Client) update(ctx context.Context, req CommentRequest, ours []*github.IssueComment, body string) (string, error) {
	keep, extra := ours[0], ours[1:]
	if newest := slices.MaxFunc(ours, byRun); runOf(newest.GetBody()) > req.RunID {
		extra = slices.DeleteFunc(slices.Clone(extra), func(comment *github.IssueComment) bool {
			return runOf(comment.GetBody()) > req.RunID
		})
		return newest.GetHTMLURL(), errors.Join(ErrNewerComment, c.remove(ctx, req, extra))
	}
	err := c.attempt(ctx, true, func() error {
		edited, _, err := c.api.Issues.EditComment(ctx, req.Owner, req.Repository, keep.GetID(), &github.IssueComment{Body: &body})
		if err == nil {
			keep = edited
		}
		return err
	})
	if err != nil {
		return "", explain(req, err)
	}
	return keep.GetHTMLURL(), c.remove(ctx, req, extra)
}

func byRun(a, b *github.IssueComment) int {
	return cmp.Compare(runOf(a.GetBody()), runOf(b.GetBody()))
}

// remove deletes comments; one that is gone already is fine.
func (c *Client) remove(ctx context.Context, req CommentRequest, comments []*github.IssueComment) error {
	for _, comment := range comments {
		err := c.attempt(ctx, true, func() error {
			_, err := c.api.Issues.DeleteComment(ctx, req.Owner, req.Repository, comment.GetID())
			return err
		})
		if err != nil && statusOf(err) != http.StatusNotFound {
			return explain(req, err)
		}
	}
	return nil
}

// ours lists our comments, oldest first, over all pages.
func (c *Client) ours(ctx context.Context, req CommentRequest, me string) ([]*github.IssueComment, error) {
	var found []*github.IssueComment
	err := pages(ctx, c, func(o github.ListOptions) ([]*github.IssueComment, *github.Response, error) {
		return c.api.Issues.ListComments(ctx, req.Owner, req.Repository, req.PullRequest, &github.IssueListCommentsOptions{ListOptions: o})
	}, func(page []*github.IssueComment) {
		for _, comment := range page {
			if isOurs(comment.GetBody(), comment.GetUser(), Marker(req.App), me) {
				found = append(found, comment)
			}
		}
	})
	return found, err
}

// isOurs: only what a bot, or the token's own user, wrote and that begins with
// the marker.
func isOurs(body string, author *github.User, marker, me string) bool {
	first, _, _ := strings.Cut(body, "\n")
	if strings.TrimRight(first, "\r") != marker {
		return false
	}
	return author.GetType() == "Bot" || me != "" && author.GetLogin() == me
}

// login is the user the token belongs to; empty for the tokens of Actions and
// Apps, which may not ask and whose comments come from a bot. Not to know is an
// error: our own comments would not be recognised.
func (c *Client) login(ctx context.Context) (string, error) {
	var login string
	err := c.attempt(ctx, true, func() error {
		user, _, err := c.api.Users.Get(ctx, "")
		if err == nil {
			login = user.GetLogin()
		}
		return err
	})
	if status := statusOf(err); status == http.StatusForbidden || status == http.StatusNotFound {
		return "", nil
	}
	return login, err
}

func runOf(body string) int64 {
	lines := strings.SplitN(body, "\n", 3)
	if len(lines) < 2 {
		return 0
	}
	m := runLine.FindStringSubmatch(strings.TrimRight(lines[1], "\r"))
	if m == nil {
		return 0
	}
	id, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// explain says what a person can do about a refusal.
func explain(req CommentRequest, err error) error {
	hints := map[int]string{
		http.StatusForbidden: "does the job have \"permissions: pull-requests: write\"? Pull requests from forks never do",
		http.StatusNotFound:  "may the token see the repository, and is the pull request still there?",
	}
	return refused(fmt.Sprintf("comment on pull request %d of %s/%s", req.PullRequest, req.Owner, req.Repository), err, hints)
}
