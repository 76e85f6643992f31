package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/github/githubtest"
)

const (
	actionsToken  = "ghs_actions0000000000000000"
	personalToken = "ghp_personal000000000000000"
	readOnlyToken = "ghs_fork0000000000000000000"
	appToken      = "ghs_app00000000000000000000"
)

// api is a fake GitHub with one repository and the kinds of tokens there are.
func api() *githubtest.Server {
	here := []string{"acme/shop"}
	workflow := []string{"pull-requests: write", "statuses: write", "issues: write", "contents: read"}
	return &githubtest.Server{Tokens: map[string]githubtest.Token{
		actionsToken:  {Login: "github-actions[bot]", Bot: true, May: workflow, Repositories: here},
		appToken:      {Login: "lockstep-app[bot]", Bot: true, May: workflow, Repositories: here},
		personalToken: {Login: "carol", May: workflow, Repositories: here},
		readOnlyToken: {Login: "github-actions[bot]", Bot: true, Repositories: here},
	}}
}

// client connects to a fake GitHub. Its waits return at once and are recorded.
func client(t *testing.T, server http.Handler, token string) (*Client, *[]time.Duration) {
	t.Helper()
	s := httptest.NewServer(server)
	t.Cleanup(s.Close)
	r, _ := step(map[string]string{"GITHUB_API_URL": s.URL + prefixOf(server)})
	c, err := r.Client(token)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	waits := &[]time.Duration{}
	c.wait = func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		*waits = append(*waits, d)
		return context.Cause(ctx)
	}
	return c, waits
}

func prefixOf(server http.Handler) string {
	if s, ok := server.(*githubtest.Server); ok {
		return s.Prefix
	}
	return ""
}

func request(run int64, body string) CommentRequest {
	return CommentRequest{Owner: "acme", Repository: "shop", PullRequest: 12, App: "payments", RunID: run, Body: body}
}

// bodies are the bodies of all comments on the pull request of request.
func bodies(s *githubtest.Server) []string {
	var list []string
	for _, c := range s.Comments() {
		if c.Repository == "acme/shop" && c.Number == 12 {
			list = append(list, c.Body)
		}
	}
	return list
}

// ours is how the comment of a run looks in the end.
func ours(run int64, body string) string {
	return fmt.Sprintf("%s\n<!-- lockstep-run:%d -->\n%s", Marker("payments"), run, body)
}

func TestTheCommentIsCreatedOnceAndThenUpdatedInPlace(t *testing.T) {
	for _, token := range []string{actionsToken, appToken, personalToken} {
		t.Run(token[:8], func(t *testing.T) {
			s := api()
			c, _ := client(t, s, token)
			first, err := c.Comment(t.Context(), request(1, "not ready"))
			if err != nil {
				t.Fatal(err)
			}
			second, err := c.Comment(t.Context(), request(2, "ready"))
			if err != nil {
				t.Fatal(err)
			}
			if first != second || !strings.Contains(first, "#issuecomment-1") {
				t.Errorf("addresses %q and %q, want one and the same", first, second)
			}
			if got, want := bodies(s), []string{ours(2, "ready")}; !slices.Equal(got, want) {
				t.Errorf("comments %q, want %q", got, want)
			}
		})
	}
}

func TestOnlyOurOwnCommentIsOurs(t *testing.T) {
	mallorys := ours(99, "**ready**, says mallory")
	tests := []struct {
		name    string
		token   string
		comment githubtest.Comment
		ours    bool
	}{
		{"somebody else's comment with our marker", actionsToken, githubtest.Comment{Author: "mallory", Body: mallorys}, false},
		{"somebody else's comment, for a personal token", personalToken, githubtest.Comment{Author: "mallory", Body: mallorys}, false},
		{"a person who is called like the bot", actionsToken, githubtest.Comment{Author: "github-actions[bot]", Body: mallorys}, false},
		{"our marker in the middle of a bot's comment", actionsToken, githubtest.Comment{Author: "github-actions[bot]", Bot: true, Body: "> quoted\n" + ours(1, "x")}, false},
		{"our marker with something before it", actionsToken, githubtest.Comment{Author: "github-actions[bot]", Bot: true, Body: " " + ours(1, "x")}, false},
		{"our marker with something after it", actionsToken, githubtest.Comment{Author: "github-actions[bot]", Bot: true, Body: Marker("payments") + " x\ny"}, false},
		{"another application's comment", actionsToken, githubtest.Comment{Author: "github-actions[bot]", Bot: true, Body: Marker("payments-eu") + "\nx"}, false},
		{"our comment on another pull request", actionsToken, githubtest.Comment{Number: 13, Author: "github-actions[bot]", Bot: true, Body: ours(1, "x")}, false},
		{"our comment", actionsToken, githubtest.Comment{Author: "github-actions[bot]", Bot: true, Body: ours(1, "x")}, true},
		{"our comment as GitHub's editor saves it, with carriage returns", actionsToken, githubtest.Comment{Author: "github-actions[bot]", Bot: true, Body: strings.ReplaceAll(ours(1, "x"), "\n", "\r\n")}, true},
		{"our comment, written with a personal token", personalToken, githubtest.Comment{Author: "carol", Body: ours(1, "x")}, true},
		{"our comment with a run line that is no number", actionsToken, githubtest.Comment{Author: "github-actions[bot]", Bot: true, Body: Marker("payments") + "\n<!-- lockstep-run:9999999999999999999999 -->\nx"}, true},
		{"our comment cut down to its marker", actionsToken, githubtest.Comment{Author: "github-actions[bot]", Bot: true, Body: Marker("payments")}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := api()
			test.comment.Repository = "acme/shop"
			if test.comment.Number == 0 {
				test.comment.Number = 12
			}
			id := s.Seed(test.comment)
			c, _ := client(t, s, test.token)
			if _, err := c.Comment(t.Context(), request(5, "not ready")); err != nil {
				t.Fatal(err)
			}
			all := s.Comments()
			if test.ours {
				if len(all) != 1 || all[0].ID != id || all[0].Body != ours(5, "not ready") {
					t.Errorf("comments %+v, want the one that was there, rewritten", all)
				}
				return
			}
			if len(all) != 2 || all[0].Body != test.comment.Body || all[1].Body != ours(5, "not ready") {
				t.Errorf("comments %+v, want the other's untouched and a new one", all)
			}
		})
	}
}

func TestTheCommentIsFoundBeyondTheFirstHundred(t *testing.T) {
	s := api()
	for i := range 250 {
		body := fmt.Sprint("comment ", i)
		author, bot := "alice", false
		if i == 230 {
			body, author, bot = ours(1, "old"), "github-actions[bot]", true
		}
		s.Seed(githubtest.Comment{Repository: "acme/shop", Number: 12, Author: author, Bot: bot, Body: body})
	}
	c, _ := client(t, s, actionsToken)
	if _, err := c.Comment(t.Context(), request(2, "new")); err != nil {
		t.Fatal(err)
	}
	all := bodies(s)
	if len(all) != 250 || all[230] != ours(2, "new") {
		t.Errorf("%d comments, the 231st %q; want it updated in place", len(all), all[230])
	}
}

func TestANewerRunWins(t *testing.T) {
	s := api()
	s.Seed(githubtest.Comment{Repository: "acme/shop", Number: 12, Author: "github-actions[bot]", Bot: true, Body: ours(8, "newer")})
	c, _ := client(t, s, actionsToken)
	url, err := c.Comment(t.Context(), request(7, "older"))
	if !errors.Is(err, ErrNewerComment) || !strings.HasSuffix(url, "#issuecomment-1") {
		t.Errorf("%q, %v; want the newer comment and ErrNewerComment", url, err)
	}
	if got := bodies(s); !slices.Equal(got, []string{ours(8, "newer")}) {
		t.Errorf("comments %q", got)
	}
	if _, err := c.Comment(t.Context(), request(8, "second attempt of the same run")); err != nil {
		t.Errorf("a second attempt of the same run: %v", err)
	}
}

// TestTwoRunsAtOnce lets both runs find no comment before either creates one,
// in both orders of creation and many times over. In the end there is one
// comment, and it is the newer run's.
func TestTwoRunsAtOnce(t *testing.T) {
	for _, runs := range [][2]int64{{1, 2}, {2, 1}} {
		t.Run(fmt.Sprintf("run %d creates first", runs[0]), func(t *testing.T) {
			s := api()
			c, _ := client(t, s, actionsToken)
			nested := false
			s.Intercept = func(r *http.Request) githubtest.Fault {
				if r.Method == http.MethodPost && !nested { // the other run goes first, and all the way
					nested = true
					if _, err := c.Comment(t.Context(), request(runs[0], fmt.Sprint("by ", runs[0]))); err != nil {
						t.Error(err)
					}
				}
				return githubtest.Fault{}
			}
			_, err := c.Comment(t.Context(), request(runs[1], fmt.Sprint("by ", runs[1])))
			if newerFirst := runs[0] > runs[1]; newerFirst != errors.Is(err, ErrNewerComment) {
				t.Errorf("the second to create ends with %v", err)
			}
			if got, want := bodies(s), []string{ours(2, "by 2")}; !slices.Equal(got, want) {
				t.Errorf("comments %q, want %q", got, want)
			}
		})
	}
}

func TestDuplicatesAreCleanedUp(t *testing.T) {
	s := api()
	for run := range int64(3) {
		s.Seed(githubtest.Comment{Repository: "acme/shop", Number: 12, Author: "github-actions[bot]", Bot: true, Body: ours(run, "old")})
	}
	s.Intercept = func(r *http.Request) githubtest.Fault { // somebody else deletes one first
		if r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/2") {
			return githubtest.Fault{Status: http.StatusNotFound, Body: `{"message":"Not Found"}`, AfterEffect: true}
		}
		return githubtest.Fault{}
	}
	c, _ := client(t, s, actionsToken)
	if _, err := c.Comment(t.Context(), request(9, "new")); err != nil {
		t.Fatal(err)
	}
	if all := s.Comments(); len(all) != 1 || all[0].ID != 1 || all[0].Body != ours(9, "new") {
		t.Errorf("comments %+v, want the oldest alone, updated", all)
	}
}

func TestACommentThatIsTooLongIsNotSent(t *testing.T) {
	s := api()
	c, _ := client(t, s, actionsToken)
	frame := len([]rune(ours(1, "")))
	if _, err := c.Comment(t.Context(), request(1, strings.Repeat("é", CommentLimit-frame))); err != nil {
		t.Errorf("one that just fits: %v", err)
	}
	before := len(s.Requests())
	_, err := c.Comment(t.Context(), request(1, strings.Repeat("é", CommentLimit-frame+1)))
	if err == nil || !strings.Contains(err.Error(), "65537") || len(s.Requests()) != before {
		t.Errorf("one character more: %v, %d requests", err, len(s.Requests())-before)
	}
}

func TestTheMarkerCannotBeEscaped(t *testing.T) {
	for _, app := range []string{"payments", "a --> <b>", "x-->", "--", "a\nb", "é", "---", "-", ">", "!-->"} {
		m := Marker(app)
		inner, closed := strings.CutSuffix(strings.TrimPrefix(m, "<!--"), "-->")
		if !closed || strings.ContainsAny(inner, "<>\n\r") || strings.Contains(inner, "--") || strings.HasSuffix(inner, "-") {
			t.Errorf("the marker of %q is %q", app, m)
		}
	}
}
