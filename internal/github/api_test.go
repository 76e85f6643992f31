package github

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/github/githubtest"
)

// on makes a fault of the first times calls of a method.
func on(method string, times int, fault githubtest.Fault) func(*http.Request) githubtest.Fault {
	return func(r *http.Request) githubtest.Fault {
		if r.Method != method || times == 0 || strings.HasSuffix(r.URL.Path, "/user") {
			return githubtest.Fault{}
		}
		times--
		return fault
	}
}

const secondaryBody = `{"message":"You have exceeded a secondary rate limit.","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`

func TestWhatGitHubRefusesIsExplained(t *testing.T) {
	tests := []struct {
		name, token string
		fault       func(*http.Request) githubtest.Fault
		request     CommentRequest
		want        []string
		not         string
	}{
		{"a token of a fork may not write", readOnlyToken, nil, request(1, "x"), []string{"403", "pull-requests: write", "forks never do"}, ""},
		{"a token that is not valid", "ghs_invalid", nil, request(1, "x"), []string{"401", "github-token"}, "pull-requests: write"},
		{"a repository the token cannot see", actionsToken, nil, CommentRequest{Owner: "acme", Repository: "hidden", PullRequest: 1, App: "a", Body: "x"}, []string{"404", "acme/hidden", "see the repository"}, ""},
		{"a body GitHub finds invalid", actionsToken, on(http.MethodPost, 9, githubtest.Fault{Status: 422, Body: `{"message":"Validation Failed"}`}), request(1, "x"), []string{"422", "Validation Failed"}, ""},
		{"an answer that is no JSON", actionsToken, on(http.MethodPost, 9, githubtest.Fault{Status: 403, Body: `<html>`}), request(1, "x"), []string{"403"}, ""},
		{"the limit of calls per hour", actionsToken, on(http.MethodGet, 9, githubtest.Fault{Status: 403, Header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4102444800"}, Body: `{"message":"API rate limit exceeded"}`}), request(1, "x"), []string{"rate limit"}, "pull-requests: write"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := api()
			s.Intercept = test.fault
			c, waits := client(t, s, test.token)
			_, err := c.Comment(t.Context(), test.request)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v\ndoes not say %q", err, want)
				}
			}
			if test.not != "" && strings.Contains(err.Error(), test.not) {
				t.Errorf("%v\nsays %q, which does not help", err, test.not)
			}
			if strings.Contains(err.Error(), test.token) || strings.Contains(err.Error(), "Bearer") {
				t.Errorf("the token is in the error: %v", err)
			}
			if len(*waits) > 0 || len(bodies(s)) > 0 {
				t.Errorf("waited %v, left %q", *waits, bodies(s))
			}
		})
	}
}

func TestPatience(t *testing.T) {
	ok := githubtest.Fault{Status: 502, Body: `bad gateway`}
	limited := func(seconds string) githubtest.Fault {
		return githubtest.Fault{Status: 403, Header: map[string]string{"Retry-After": seconds}, Body: secondaryBody}
	}
	now := time.Unix(1_795_000_000, 0)
	reset := func(remaining string, in time.Duration, body string) githubtest.Fault {
		return githubtest.Fault{Status: 403, Body: body, Header: map[string]string{
			"X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": strconv.FormatInt(now.Add(in).Unix(), 10)}}
	}
	tests := []struct {
		name      string
		fault     func(*http.Request) githubtest.Fault
		waits     []time.Duration
		succeeds  bool
		wantError string
	}{
		{"nothing goes wrong: no wait", nil, nil, true, ""},
		{"reading is repeated after a server error", on(http.MethodGet, 2, ok), []time.Duration{500 * time.Millisecond, 2 * time.Second}, true, ""},
		{"reading is given up after four times", on(http.MethodGet, 99, ok), []time.Duration{500 * time.Millisecond, 2 * time.Second, 4500 * time.Millisecond}, false, "502"},
		{"creating is not repeated after a server error: it may have happened", on(http.MethodPost, 1, ok), nil, false, "502"},
		{"a secondary limit is waited for as long as it asks, also to create", on(http.MethodPost, 1, limited("7")), []time.Duration{7 * time.Second}, true, ""},
		{"a secondary limit that asks for nothing is given a minute", on(http.MethodPost, 1, githubtest.Fault{Status: 429, Body: secondaryBody}), []time.Duration{time.Minute}, true, ""},
		{"and not two more", on(http.MethodPost, 2, githubtest.Fault{Status: 429, Body: secondaryBody}), []time.Duration{time.Minute}, false, "secondary rate limit"},
		{"a secondary limit does not wait for the hour to end that other calls are counted in", on(http.MethodPost, 1, reset("4000", 40*time.Minute, secondaryBody)), []time.Duration{time.Minute}, true, ""},
		{"nothing remains until soon: it is waited for, also to create", on(http.MethodPost, 1, reset("0", 20*time.Second, secondaryBody)), []time.Duration{21 * time.Second}, true, ""},
		{"a reset that has passed is waited for a second", on(http.MethodPost, 1, reset("0", -time.Hour, `{}`)), []time.Duration{time.Second}, true, ""},
		{"nothing remains for most of an hour: it is not waited for", on(http.MethodPost, 99, reset("0", 40*time.Minute, `{}`)), nil, false, "rate limit"},
		{"a secondary limit of an hour is not waited for", on(http.MethodPost, 99, limited("3600")), nil, false, "secondary rate limit"},
		{"a limit without the usual address, but with Retry-After", on(http.MethodPost, 1, githubtest.Fault{Status: 429, Header: map[string]string{"Retry-After": "3"}, Body: `{}`}), []time.Duration{3 * time.Second}, true, ""},
		{"a server error with Retry-After does not make creating safe", on(http.MethodPost, 1, githubtest.Fault{Status: 503, Header: map[string]string{"Retry-After": "3"}, Body: `{}`}), nil, false, "503"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := api()
			s.Intercept = test.fault
			c, waits := client(t, s, actionsToken)
			c.now = func() time.Time { return now }
			_, err := c.Comment(t.Context(), request(1, "x"))
			if (err == nil) != test.succeeds || err != nil && !strings.Contains(err.Error(), test.wantError) {
				t.Errorf("error %v", err)
			}
			if !slices.Equal(*waits, test.waits) {
				t.Errorf("waited %v, want %v", *waits, test.waits)
			}
			if n := len(bodies(s)); test.succeeds != (n == 1) {
				t.Errorf("%d comments", n)
			}
		})
	}
}

// TestACommentCreatedBehindAServerErrorIsFoundNextTime: the create that may
// have happened did, and the next run makes no second one.
func TestACommentCreatedBehindAServerErrorIsFoundNextTime(t *testing.T) {
	s := api()
	s.Intercept = on(http.MethodPost, 1, githubtest.Fault{Status: 502, AfterEffect: true})
	c, _ := client(t, s, actionsToken)
	if _, err := c.Comment(t.Context(), request(1, "x")); err == nil {
		t.Error("no error for a create that GitHub did not confirm")
	}
	if _, err := c.Comment(t.Context(), request(2, "y")); err != nil {
		t.Error(err)
	}
	if got := bodies(s); !slices.Equal(got, []string{ours(2, "y")}) {
		t.Errorf("comments %q", got)
	}
}

// TestNotToKnowWhoWeAreIsAnError: with a personal token our comments would not
// be recognised, and every run would add one.
func TestNotToKnowWhoWeAreIsAnError(t *testing.T) {
	s := api()
	s.Seed(githubtest.Comment{Repository: "acme/shop", Number: 12, Author: "carol", Body: ours(1, "old")})
	s.Intercept = func(r *http.Request) githubtest.Fault {
		if strings.HasSuffix(r.URL.Path, "/user") {
			return githubtest.Fault{Status: 500}
		}
		return githubtest.Fault{}
	}
	c, _ := client(t, s, personalToken)
	if _, err := c.Comment(t.Context(), request(2, "new")); err == nil {
		t.Error("no error")
	}
	if got := bodies(s); !slices.Equal(got, []string{ours(1, "old")}) {
		t.Errorf("comments %q, want the old one untouched and no second", got)
	}
}

func TestAnEnterpriseServerLivesUnderAPath(t *testing.T) {
	for _, path := range []string{"/api/v3", "/api/v3/"} {
		s := api()
		s.Prefix = "/api/v3"
		server := httptest.NewServer(s)
		r, _ := step(map[string]string{"GITHUB_API_URL": server.URL + path})
		c, err := r.Client(actionsToken)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Comment(t.Context(), request(1, "x")); err != nil {
			t.Error(err)
		}
		for _, r := range s.Requests() {
			if !strings.HasPrefix(r.Path, "/api/v3/") || strings.Contains(r.Path, "//") {
				t.Errorf("%s: called %s", path, r.Path)
			}
		}
		server.Close()
	}
}

func TestBadAPIAddressesAndEmptyTokensAreErrors(t *testing.T) {
	r, _ := step(map[string]string{"GITHUB_API_URL": "http://[bad"})
	if _, err := r.Client(actionsToken); err == nil {
		t.Error("an address that does not parse is taken")
	}
	r, _ = step(nil)
	if _, err := r.Client(""); err == nil {
		t.Error("an empty token is taken")
	}
}

// TestTheTokenStaysAtItsHost: an API that redirects elsewhere must not be able
// to hand the token on.
func TestTheTokenStaysAtItsHost(t *testing.T) {
	var stolen []string
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		stolen = append(stolen, r.Header.Get("Authorization"))
	}))
	defer thief.Close()
	c, _ := client(t, http.RedirectHandler(thief.URL, http.StatusTemporaryRedirect), actionsToken)
	_, err := c.Comment(t.Context(), request(1, "x"))
	if err == nil || !strings.Contains(err.Error(), "not following") || strings.Contains(err.Error(), actionsToken) {
		t.Errorf("error %v", err)
	}
	if len(stolen) > 0 {
		t.Errorf("the other host was sent %q", stolen)
	}
}

func TestARenamedRepositoryIsFollowedAtTheSameHost(t *testing.T) {
	s := api()
	moved := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to, old := strings.CutPrefix(r.URL.Path, "/repos/acme/old/"); old {
			http.Redirect(w, r, "/repos/acme/shop/"+to+"?"+r.URL.RawQuery, http.StatusTemporaryRedirect)
			return
		}
		s.ServeHTTP(w, r)
	})
	c, _ := client(t, moved, actionsToken)
	req := request(1, "x")
	req.Repository = "old"
	if _, err := c.Comment(t.Context(), req); err != nil {
		t.Error(err)
	}
	if got := bodies(s); !slices.Equal(got, []string{ours(1, "x")}) {
		t.Errorf("comments %q", got)
	}
}

func TestAServerThatIsGoneIsTriedAgainAndThenReported(t *testing.T) {
	s := httptest.NewServer(api())
	s.Close()
	r, _ := step(map[string]string{"GITHUB_API_URL": s.URL})
	c, err := r.Client(actionsToken)
	if err != nil {
		t.Fatal(err)
	}
	tries := 0
	c.wait = func(context.Context, time.Duration) error { tries++; return nil }
	if _, err := c.Comment(t.Context(), request(1, "x")); err == nil || strings.Contains(err.Error(), actionsToken) {
		t.Errorf("error %v", err)
	}
	if tries != apiAttempts-1 {
		t.Errorf("waited %d times, want %d", tries, apiAttempts-1)
	}
}

func TestACancelledRunDoesNotWait(t *testing.T) {
	s := api()
	s.Intercept = on(http.MethodGet, 99, githubtest.Fault{Status: 500})
	c, _ := client(t, s, actionsToken)
	c.wait = sleep
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := c.Comment(ctx, request(1, "x")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(start); took > 400*time.Millisecond {
		t.Errorf("took %v after 20 ms were given", took)
	}
}
