package githubtest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	list     = "/repos/acme/shop/issues/12/comments"
	statuses = "/repos/acme/shop/statuses/cafe"
)

func newServer() *Server {
	return &Server{Tokens: map[string]Token{
		"bot":    {Login: "github-actions[bot]", Bot: true, May: []string{"pull-requests: write"}, Repositories: []string{"acme/shop"}},
		"person": {Login: "carol", May: []string{"pull-requests: write"}, Repositories: []string{"acme/shop"}},
		"watch":  {Login: "github-actions[bot]", Bot: true, May: []string{"statuses: write", "issues: write", "pull-requests: read", "contents: read"}, Repositories: []string{"acme/shop"}},
		"reader": {Login: "github-actions[bot]", Bot: true, Repositories: []string{"acme/shop"}},
	}}
}

// TestTheFakeRefusesWhatGitHubRefuses: a fake that takes everything proves nothing.
func TestTheFakeRefusesWhatGitHubRefuses(t *testing.T) {
	tests := []struct {
		name, token, method, path, body string
		status                          int
	}{
		{"a comment", "bot", "POST", list, `{"body":"x"}`, 201},
		{"a comment of the greatest length", "bot", "POST", list, fmt.Sprintf(`{"body":%q}`, strings.Repeat("é", bodyLimit)), 201},
		{"one character more", "bot", "POST", list, fmt.Sprintf(`{"body":%q}`, strings.Repeat("é", bodyLimit+1)), 422},
		{"an empty body", "bot", "POST", list, `{"body":""}`, 422},
		{"no body", "bot", "POST", list, `{}`, 422},
		{"a field that GitHub does not know", "bot", "POST", list, `{"body":"x","text":"y"}`, 400},
		{"no JSON", "bot", "POST", list, `body=x`, 400},
		{"an unknown token", "nobody", "POST", list, `{"body":"x"}`, 401},
		{"a token that may only read, reading", "reader", "GET", list, ``, 200},
		{"a token that may only read, writing", "reader", "POST", list, `{"body":"x"}`, 403},
		{"a repository the token cannot see", "bot", "GET", "/repos/acme/hidden/issues/1/comments", ``, 404},
		{"a comment that is not there", "bot", "PATCH", "/repos/acme/shop/issues/comments/99", `{"body":"x"}`, 404},
		{"a comment without number", "bot", "PATCH", "/repos/acme/shop/issues/comments/x", `{"body":"x"}`, 404},
		{"an edit", "bot", "PATCH", "/repos/acme/shop/issues/comments/1", `{"body":"x"}`, 200},
		{"an edit that is too long", "bot", "PATCH", "/repos/acme/shop/issues/comments/1", fmt.Sprintf(`{"body":%q}`, strings.Repeat("x", bodyLimit+1)), 422},
		{"a deletion", "bot", "DELETE", "/repos/acme/shop/issues/comments/1", ``, 204},
		{"a call that Lockstep does not make", "bot", "GET", "/repos/acme/shop/pulls/12/files", ``, 404},
		{"a status", "watch", "POST", statuses, `{"state":"success","context":"c","description":"d"}`, 201},
		{"a status of a token that may not", "bot", "POST", statuses, `{"state":"success"}`, 403},
		{"a status of an unknown state", "watch", "POST", statuses, `{"state":"ready"}`, 422},
		{"a status of a commit that is not there", "watch", "POST", "/repos/acme/shop/statuses/beef", `{"state":"success"}`, 422},
		{"a status of the longest description", "watch", "POST", statuses, fmt.Sprintf(`{"state":"success","description":%q}`, strings.Repeat("é", descriptionLimit)), 201},
		{"a status with one character more", "watch", "POST", statuses, fmt.Sprintf(`{"state":"success","description":%q}`, strings.Repeat("é", descriptionLimit+1)), 422},
		{"the statuses of a commit", "watch", "GET", "/repos/acme/shop/commits/cafe/statuses", ``, 200},
		{"the statuses, for a token that may not", "bot", "GET", "/repos/acme/shop/commits/cafe/statuses", ``, 403},
		{"the open pull requests", "watch", "GET", "/repos/acme/shop/pulls?state=open", ``, 200},
		{"the open pull requests, for a token that may not", "reader", "GET", "/repos/acme/shop/pulls?state=open", ``, 403},
		{"an issue", "watch", "POST", "/repos/acme/shop/issues", `{"title":"t","body":"b"}`, 201},
		{"an issue without title", "watch", "POST", "/repos/acme/shop/issues", `{"body":"b"}`, 422},
		{"an issue of a title that is too long", "watch", "POST", "/repos/acme/shop/issues", fmt.Sprintf(`{"title":%q}`, strings.Repeat("x", titleLimit+1)), 422},
		{"an issue of a body that is too long", "watch", "POST", "/repos/acme/shop/issues", fmt.Sprintf(`{"title":"t","body":%q}`, strings.Repeat("x", bodyLimit+1)), 422},
		{"an issue of a token that may not", "bot", "POST", "/repos/acme/shop/issues", `{"title":"t"}`, 403},
		{"an issue that is not there", "watch", "PATCH", "/repos/acme/shop/issues/9", `{"state":"closed"}`, 404},
		{"a file of a commit", "watch", "GET", "/repos/acme/shop/contents/a/b.yml?ref=cafe", ``, 200},
		{"a file of another commit", "watch", "GET", "/repos/acme/shop/contents/a/b.yml?ref=beef", ``, 404},
		{"a file, for a token that may not", "bot", "GET", "/repos/acme/shop/contents/a/b.yml?ref=cafe", ``, 403},
		{"a bot asks who it is", "bot", "GET", "/user", ``, 403},
		{"a person asks who they are", "person", "GET", "/user", ``, 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer()
			s.Files = map[string]string{"acme/shop@cafe:a/b.yml": "x"}
			s.Seed(Comment{Repository: "acme/shop", Number: 12, Author: "github-actions[bot]", Bot: true, Body: "old"})
			status, _, _ := call(t, s, test.token, test.method, test.path, test.body)
			if status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			if got := s.Requests(); len(got) != 1 || got[0].Status != test.status || got[0].Body != test.body {
				t.Errorf("recorded %+v", got)
			}
		})
	}
}

func TestListsArePaged(t *testing.T) {
	s := newServer()
	for i := range 130 {
		s.Seed(Comment{Repository: "acme/shop", Number: 12, Author: "alice", Body: fmt.Sprint(i)})
	}
	for path, want := range map[string]struct {
		comments int
		more     bool
	}{
		list:                                  {30, true},
		list + "?per_page=500":                {100, true},
		list + "?per_page=100&page=2":         {30, false},
		list + "?per_page=100&page=3":         {0, false},
		list + "?per_page=x&page=-1":          {30, true},
		"/repos/acme/shop/issues/13/comments": {0, false},
	} {
		_, header, body := call(t, s, "bot", "GET", path, "")
		if n := strings.Count(body, `"html_url"`); n != want.comments || strings.Contains(header.Get("Link"), `rel="next"`) != want.more {
			t.Errorf("%s: %d comments, Link %q", path, n, header.Get("Link"))
		}
	}
}

func call(t *testing.T, s *Server, token, method, path, body string) (int, http.Header, string) {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+token)
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	response := recorder.Result()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(data)
}
