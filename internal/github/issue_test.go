package github

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/github/githubtest"
)

func issueRequest(run int64, state, body string) IssueRequest {
	return IssueRequest{Owner: "acme", Repository: "shop", App: "payments", RunID: run, Title: "not ready", State: state, Body: body}
}

// openOnes are the open issues of the repository that are no pull requests.
func openOnes(s *githubtest.Server) []githubtest.Issue {
	var open []githubtest.Issue
	for _, i := range s.Issues() {
		if i.State == "open" && !i.PullRequest {
			open = append(open, i)
		}
	}
	return open
}

func TestOneIssueLivesFromTheFirstFailureToTheCure(t *testing.T) {
	s := api()
	for i := range 150 { // ours is behind the first page
		s.SeedIssue(githubtest.Issue{Repository: "acme/shop", Title: fmt.Sprint(i), Body: "x", Author: "alice"})
	}
	before := len(openOnes(s))
	c, _ := client(t, s, actionsToken)
	first, err := c.OpenIssue(t.Context(), issueRequest(1, "a", "one check fails"))
	if err != nil || !strings.Contains(first, "/issues/1150") {
		t.Fatalf("%q, %v", first, err)
	}
	writes := func() (n int) {
		for _, r := range s.Requests() {
			if r.Method != http.MethodGet {
				n++
			}
		}
		return n
	}
	have := writes()
	if again, err := c.OpenIssue(t.Context(), issueRequest(2, "a", "one check fails, later")); err != nil || again != first || writes() != have {
		t.Errorf("the same state again: %q, %v, %d writes", again, err, writes()-have)
	}
	if _, err := c.OpenIssue(t.Context(), issueRequest(3, "b", "two checks fail")); err != nil {
		t.Fatal(err)
	}
	open := openOnes(s)
	if len(open) != before+1 || !strings.HasSuffix(open[before].Body, "two checks fail") {
		t.Fatalf("%d issues open, the last %+v", len(open), open[len(open)-1])
	}
	if closed, err := c.CloseIssues(t.Context(), issueRequest(2, "", "healed, says an older run")); err != nil || closed {
		t.Errorf("an older run closed it: %t, %v", closed, err)
	}
	if closed, err := c.CloseIssues(t.Context(), issueRequest(4, "", "healed")); err != nil || !closed {
		t.Errorf("closed %t, %v", closed, err)
	}
	if len(openOnes(s)) != before || len(s.Comments()) != 1 || s.Comments()[0].Body != "healed" || s.Comments()[0].Number != 1150 {
		t.Errorf("%d open, comments %+v", len(openOnes(s)), s.Comments())
	}
	if closed, err := c.CloseIssues(t.Context(), issueRequest(5, "", "healed")); err != nil || closed || len(s.Comments()) != 1 {
		t.Errorf("closed twice: %t, %v", closed, err)
	}
}

func TestOnlyOurOwnIssueIsOurs(t *testing.T) {
	marked := issueRequest(1, "a", "x").body()
	tests := []struct {
		name  string
		issue githubtest.Issue
		ours  bool
	}{
		{"somebody else's issue with our marker", githubtest.Issue{Author: "mallory", Body: marked}, false},
		{"our marker in the middle", githubtest.Issue{Author: "github-actions[bot]", Bot: true, Body: "> " + marked}, false},
		{"another application's", githubtest.Issue{Author: "github-actions[bot]", Bot: true, Body: IssueMarker("orders") + "\nx"}, false},
		{"a pull request of a bot with our marker", githubtest.Issue{Author: "github-actions[bot]", Bot: true, Body: marked, PullRequest: true}, false},
		{"ours", githubtest.Issue{Author: "github-actions[bot]", Bot: true, Body: marked}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := api()
			test.issue.Repository = "acme/shop"
			s.SeedIssue(test.issue)
			c, _ := client(t, s, actionsToken)
			closed, err := c.CloseIssues(t.Context(), issueRequest(5, "", "healed"))
			if err != nil || closed != test.ours {
				t.Errorf("closed %t, %v; want %t", closed, err, test.ours)
			}
		})
	}
}

// TestTwoRunsThatOpenAnIssueAtOnce: each finds none, each opens one; one stays.
func TestTwoRunsThatOpenAnIssueAtOnce(t *testing.T) {
	s := api()
	c, _ := client(t, s, actionsToken)
	nested := false
	s.Intercept = func(r *http.Request) githubtest.Fault {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issues") && !nested {
			nested = true
			if _, err := c.OpenIssue(t.Context(), issueRequest(1, "a", "by 1")); err != nil {
				t.Error(err)
			}
		}
		return githubtest.Fault{}
	}
	if _, err := c.OpenIssue(t.Context(), issueRequest(2, "b", "by 2")); err != nil {
		t.Fatal(err)
	}
	if open := openOnes(s); len(open) != 1 || open[0].Number != 1000 || !strings.HasSuffix(open[0].Body, "by 2") {
		t.Errorf("open %+v, want the older issue with the newer run's words", open)
	}
}

func TestIssuesThatGitHubRefuses(t *testing.T) {
	tests := []struct {
		name, token string
		fault       func(*http.Request) githubtest.Fault
		body, want  string
	}{
		{"a token without the permission", readOnlyToken, nil, "x", "issues: write"},
		{"a repository without issues", actionsToken, on(http.MethodGet, 9, githubtest.Fault{Status: http.StatusGone, Body: `{"message":"Issues has been disabled in this repository."}`}), "x", "--no-issue"},
		{"a body that is too long is not sent", actionsToken, nil, strings.Repeat("é", CommentLimit), "more than GitHub takes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := api()
			s.Intercept = test.fault
			c, _ := client(t, s, test.token)
			if _, err := c.OpenIssue(t.Context(), issueRequest(1, "a", test.body)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one that says %q", err, test.want)
			}
			if n := len(s.Issues()); n != 0 {
				t.Errorf("%d issues", n)
			}
		})
	}
}
