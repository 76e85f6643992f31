package github

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/github/githubtest"
)

const headSHA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

func pullAPI() *githubtest.Server {
	s := api()
	s.Pulls = []githubtest.Pull{{Repository: "acme/shop", Number: 12, Base: "main", HeadSHA: headSHA, HeadRepository: "acme/shop"}}
	return s
}

func statusRequest(run int64, state StatusState, description string) Status {
	return Status{Owner: "acme", Repository: "shop", SHA: headSHA, Context: "lockstep/standby", State: state, Description: description,
		RunURL: fmt.Sprintf("https://github.com/acme/shop/actions/runs/%d", run), RunID: run}
}

func TestAStatusIsWrittenOnlyWhenItChanges(t *testing.T) {
	seeded := func(context, state, description string, run int) githubtest.Status {
		return githubtest.Status{Repository: "acme/shop", SHA: headSHA, Context: context, State: state, Description: description,
			TargetURL: fmt.Sprintf("https://github.com/acme/shop/actions/runs/%d", run)}
	}
	tests := []struct {
		name  string
		have  []githubtest.Status
		wrote bool
	}{
		{"a commit without any status gets one", nil, true},
		{"one that says the same already is left alone", []githubtest.Status{seeded("lockstep/standby", "failure", "no", 1)}, false},
		{"another state is replaced", []githubtest.Status{seeded("lockstep/standby", "success", "no", 1)}, true},
		{"another description is replaced", []githubtest.Status{seeded("lockstep/standby", "failure", "yes", 1)}, true},
		{"only the latest counts", []githubtest.Status{seeded("lockstep/standby", "failure", "no", 1), seeded("lockstep/standby", "success", "yes", 2)}, true},
		{"somebody else's context says nothing", []githubtest.Status{seeded("ci/build", "failure", "no", 1)}, true},
		{"what a newer run said stays", []githubtest.Status{seeded("lockstep/standby", "success", "yes", 8)}, false},
		{"an address that is no run orders nothing", []githubtest.Status{{Repository: "acme/shop", SHA: headSHA, Context: "lockstep/standby", State: "success", TargetURL: "https://example.com/8"}}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := pullAPI()
			for _, status := range test.have {
				s.SeedStatus(status)
			}
			c, _ := client(t, s, actionsToken)
			wrote, err := c.SetStatus(t.Context(), statusRequest(7, StatusFailure, "no"))
			if err != nil || wrote != test.wrote {
				t.Fatalf("wrote %t, %v; want %t", wrote, err, test.wrote)
			}
			all := s.Statuses()
			if want := len(test.have) + map[bool]int{true: 1}[test.wrote]; len(all) != want {
				t.Fatalf("%d statuses, want %d", len(all), want)
			}
			if last := all[len(all)-1]; test.wrote && (last.State != "failure" || last.Description != "no" || !strings.HasSuffix(last.TargetURL, "/runs/7")) {
				t.Errorf("set %+v", last)
			}
		})
	}
}

func TestTheStatusIsFoundBehindHundredsOfOthers(t *testing.T) {
	s := pullAPI()
	s.SeedStatus(githubtest.Status{Repository: "acme/shop", SHA: headSHA, Context: "lockstep/standby", State: "failure", Description: "no"})
	for i := range 250 {
		s.SeedStatus(githubtest.Status{Repository: "acme/shop", SHA: headSHA, Context: fmt.Sprint("ci/", i), State: "success"})
	}
	c, _ := client(t, s, actionsToken)
	if wrote, err := c.SetStatus(t.Context(), statusRequest(7, StatusFailure, "no")); err != nil || wrote {
		t.Errorf("wrote %t, %v", wrote, err)
	}
}

func TestStatusesThatGitHubRefuses(t *testing.T) {
	limited := githubtest.Fault{Status: 403, Header: map[string]string{"Retry-After": "7"}, Body: secondaryBody}
	tests := []struct {
		name, token, sha string
		fault            func(*http.Request) githubtest.Fault
		waits            []time.Duration
		want             string // empty: it succeeds
	}{
		{"a token without the permission", readOnlyToken, headSHA, nil, nil, "statuses: write"},
		{"a commit that is gone", actionsToken, strings.Repeat("f", 40), nil, nil, "No commit found"},
		{"a secondary limit is waited for", actionsToken, headSHA, on(http.MethodPost, 1, limited), []time.Duration{7 * time.Second}, ""},
		{"a server error is repeated: the same status twice is one", actionsToken, headSHA, on(http.MethodPost, 1, githubtest.Fault{Status: 502}), []time.Duration{500 * time.Millisecond}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := pullAPI()
			s.Intercept = test.fault
			c, waits := client(t, s, test.token)
			request := statusRequest(7, StatusError, strings.Repeat("é", 500))
			request.SHA = test.sha
			_, err := c.SetStatus(t.Context(), request)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if !slices.Equal(*waits, test.waits) {
				t.Errorf("waited %v, want %v", *waits, test.waits)
			}
			if n := len(s.Statuses()); (n == 1) != (test.want == "") {
				t.Errorf("%d statuses", n)
			}
		})
	}
}

func TestOpenPullRequestsOfTheBranch(t *testing.T) {
	s := api()
	for i := range 250 {
		p := githubtest.Pull{Repository: "acme/shop", Number: i + 1, Base: "main", HeadSHA: fmt.Sprintf("%040d", i), HeadRepository: "acme/shop"}
		switch i {
		case 3:
			p.Base = "release"
		case 4:
			p.Closed = true
		case 5:
			p.HeadRepository = "" // deleted
		case 6:
			p.HeadRepository = "mallory/shop"
		}
		s.Pulls = append(s.Pulls, p)
	}
	c, _ := client(t, s, actionsToken)
	open, err := c.OpenPullRequests(t.Context(), "acme", "shop", "main")
	if err != nil || len(open) != 248 {
		t.Fatalf("%d pull requests, %v; want the 248 open ones into main", len(open), err)
	}
	if open[3] != (PullRequest{6, fmt.Sprintf("%040d", 5)}) || open[4].Number != 7 {
		t.Errorf("a deleted head and a fork are read as %v", open[3:5])
	}
	c, _ = client(t, s, readOnlyToken)
	if _, err := c.OpenPullRequests(t.Context(), "acme", "shop", "main"); err == nil || !strings.Contains(err.Error(), "pull-requests: read") {
		t.Errorf("without the permission: %v", err)
	}
}

func TestAFileOfACommit(t *testing.T) {
	tests := []struct {
		name, token, sha, path, content, want string
	}{
		{"a file that is there", actionsToken, headSHA, ".github/lockstep.yml", "app: é\n", ""},
		{"a file that is certainly not there", actionsToken, headSHA, "lockstep.yml", "", ErrNoFile.Error()},
		{"a commit that is not there: nothing is certain", actionsToken, strings.Repeat("f", 40), "lockstep.yml", "", "No commit found"},
		{"a token that may not look: nothing is certain", readOnlyToken, headSHA, ".github/lockstep.yml", "", "contents: read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := api()
			s.Prefix = "/api/v3"
			s.Files = map[string]string{"acme/shop@" + headSHA + ":.github/lockstep.yml": "app: é\n"}
			c, _ := client(t, s, test.token)
			got, err := c.File(t.Context(), "acme", "shop", test.sha, test.path)
			if string(got) != test.content || (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("%q, %v; want %q, %q", got, err, test.content, test.want)
			}
		})
	}
}
