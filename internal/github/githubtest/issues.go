package githubtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"
)

// titleLimit is the length of an issue's title in characters.
const titleLimit = 256

// Issue is one issue as the API keeps it. Pull requests are issues too and are
// listed among them.
type Issue struct {
	Repository  string
	Number      int
	Title, Body string
	State       string // open, closed
	Author      string
	Bot         bool
	PullRequest bool
}

func (i Issue) json() map[string]any {
	value := map[string]any{
		"number": i.Number, "title": i.Title, "body": i.Body, "state": i.State, "user": accountOf(i.Author, i.Bot),
		"html_url": fmt.Sprintf("https://github.example.com/%s/issues/%d", i.Repository, i.Number),
	}
	if i.PullRequest {
		value["pull_request"] = map[string]any{"url": "https://github.example.com/pulls"}
	}
	return value
}

// SeedIssue adds an issue and returns its number.
func (s *Server) SeedIssue(i Issue) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addIssue(i).Number
}

// Issues are all issues, oldest first.
func (s *Server) Issues() []Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.issues)
}

func (s *Server) addIssue(i Issue) Issue {
	i.Number = 1000 + len(s.issues)
	if i.State == "" {
		i.State = "open"
	}
	s.issues = append(s.issues, i)
	return i
}

// issue answers calls on the issues of a repository, or on one of them.
func (s *Server) issue(r *http.Request, token Token, repository string, path []string, body []byte) answer {
	switch {
	case r.Method == http.MethodGet && !token.mayAny(issuesRead), r.Method != http.MethodGet && !token.mayAny(issuesWrite):
		return forbidden()
	case r.Method == http.MethodGet && len(path) == 0:
		return s.listIssues(r, repository)
	case r.Method == http.MethodPost && len(path) == 0:
		return s.createIssue(token, repository, body)
	case r.Method == http.MethodPatch && len(path) == 1:
		return s.editIssue(repository, path[0], body)
	}
	return notFound()
}

// listIssues lists by state, newest first unless asked otherwise.
func (s *Server) listIssues(r *http.Request, repository string) answer {
	shown := []map[string]any{}
	for _, i := range s.issues {
		if i.Repository == repository && i.State == r.URL.Query().Get("state") {
			shown = append(shown, i.json())
		}
	}
	if r.URL.Query().Get("direction") != "asc" {
		slices.Reverse(shown)
	}
	return paged(r, shown)
}

type issueChange struct {
	Title, Body, State *string
	StateReason        *string `json:"state_reason"`
}

func readIssue(body []byte) (issueChange, *answer) {
	var change issueChange
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	refusal := answer{}
	switch err := decoder.Decode(&change); {
	case err != nil:
		refusal = failure(http.StatusBadRequest, "Problems parsing JSON: "+err.Error())
	case change.Title != nil && utf8.RuneCountInString(*change.Title) > titleLimit:
		refusal = failure(http.StatusUnprocessableEntity, "Validation Failed: title is too long (maximum is 256 characters)")
	case change.Body != nil && utf8.RuneCountInString(*change.Body) > bodyLimit:
		refusal = failure(http.StatusUnprocessableEntity, "Validation Failed: body is too long (maximum is 65536 characters)")
	default:
		return change, nil
	}
	return change, &refusal
}

func (s *Server) createIssue(token Token, repository string, body []byte) answer {
	change, refusal := readIssue(body)
	if refusal != nil {
		return *refusal
	}
	if change.Title == nil || *change.Title == "" {
		return failure(http.StatusUnprocessableEntity, "Validation Failed: title can't be blank")
	}
	issue := Issue{Repository: repository, Title: *change.Title, Author: token.Login, Bot: token.Bot}
	if change.Body != nil {
		issue.Body = *change.Body
	}
	return success(http.StatusCreated, s.addIssue(issue).json())
}

func (s *Server) editIssue(repository, number string, body []byte) answer {
	change, refusal := readIssue(body)
	if refusal != nil {
		return *refusal
	}
	n, err := strconv.Atoi(number)
	i := slices.IndexFunc(s.issues, func(i Issue) bool { return i.Number == n && i.Repository == repository })
	if err != nil || i < 0 {
		return notFound()
	}
	for _, field := range []struct{ from, to *string }{
		{change.Title, &s.issues[i].Title}, {change.Body, &s.issues[i].Body}, {change.State, &s.issues[i].State},
	} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	return success(http.StatusOK, s.issues[i].json())
}
