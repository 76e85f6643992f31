package githubtest

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Token is what the API knows about a credential.
type Token struct {
	// Login is the account that acts; comments carry it.
	Login string
	// Bot marks the tokens of Actions and Apps, which may not ask who they are.
	Bot bool
	// May are its permissions in GitHub's words, such as "issues: write". What
	// any token of a repository may read needs none.
	May []string
	// Repositories are the ones it can see; others answer 404.
	Repositories []string
}

// Comment is one comment as the API keeps it.
type Comment struct {
	ID         int64
	Repository string
	Number     int
	Author     string
	Bot        bool
	Body       string
	// Edited says that it is not as it was written.
	Edited bool
}

// Request is one call as the API received it.
type Request struct {
	Method, Path, Query string
	Authorization       string
	Body                string
	Status              int
}

// Fault answers a request instead of the API. Status 0 passes it on.
type Fault struct {
	Status int
	Header map[string]string
	Body   string
	// AfterEffect lets the API do what was asked before the fault is answered.
	AfterEffect bool
}

// Server is the API. The zero value knows no token. It is an http.Handler and
// may be used by many goroutines at once; after the first request its fields
// are set in Change only.
type Server struct {
	// Prefix is the path the API lives under, such as /api/v3.
	Prefix string
	// Tokens maps a credential to what it may do.
	Tokens map[string]Token
	// Intercept, if set, may answer the request in the API's place.
	Intercept func(*http.Request) Fault

	// Pulls are the pull requests, and Files what commits hold, by
	// "OWNER/NAME@SHA:path".
	Pulls []Pull
	Files map[string]string
	// Branches are the branches of every repository, by name.
	Branches map[string]Branch

	mu       sync.Mutex
	comments []Comment
	statuses []Status
	issues   []Issue
	lastID   int64
	requests []Request
}

// Seed adds a comment and returns its id.
func (s *Server) Seed(c Comment) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(c).ID
}

// Change lets the function set fields while no request is being answered.
func (s *Server) Change(set func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set()
}

// Comments are the comments of all pull requests, oldest first.
func (s *Server) Comments() []Comment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.comments)
}

// Requests are the calls so far, in the order of their answers.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer := s.faulty(r, body)
	s.mu.Lock()
	s.requests = append(s.requests, Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Authorization: r.Header.Get("Authorization"), Body: string(body), Status: answer.status,
	})
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	for key, value := range answer.header {
		w.Header().Set(key, value)
	}
	w.WriteHeader(answer.status)
	if _, err := w.Write(answer.body); err != nil {
		return // the client is gone
	}
}

type answer struct {
	status int
	header map[string]string
	body   []byte
}

func (s *Server) faulty(r *http.Request, body []byte) answer {
	var fault Fault
	if s.Intercept != nil {
		fault = s.Intercept(r)
	}
	if fault.Status == 0 {
		return s.answer(r, body)
	}
	if fault.AfterEffect {
		s.answer(r, body)
	}
	return answer{fault.Status, fault.Header, []byte(fault.Body)}
}

func (s *Server) answer(r *http.Request, body []byte) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	credential, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	token, known := s.Tokens[credential]
	if !isBearer || !known {
		return failure(http.StatusUnauthorized, "Bad credentials")
	}
	path, below := strings.CutPrefix(r.URL.Path, s.Prefix+"/")
	if !below {
		return failure(http.StatusNotFound, "Not Found")
	}
	if path == "user" {
		return s.user(token)
	}
	return s.repository(r, token, strings.Split(path, "/"), body)
}

func (s *Server) user(token Token) answer {
	if token.Bot {
		return failure(http.StatusForbidden, "Resource not accessible by integration")
	}
	return success(http.StatusOK, accountOf(token.Login, false))
}

type account struct {
	ID    int64  `json:"id"`
	Login string `json:"login"`
	Type  string `json:"type"`
}

// accountOf is the account of a login. Its id is made from it, so that two logins
// are two accounts.
func accountOf(login string, bot bool) account {
	sum := fnv.New32a()
	_, _ = io.WriteString(sum, login) // a hash takes everything
	return account{int64(sum.Sum32()) + 1, login, map[bool]string{false: "User", true: "Bot"}[bot]}
}

func success(status int, value any) answer {
	body, err := json.Marshal(value)
	if err != nil {
		return failure(http.StatusInternalServerError, err.Error())
	}
	return answer{status: status, body: body}
}

func failure(status int, message string) answer {
	return answer{status: status, body: fmt.Appendf(nil, `{"message":%q,"documentation_url":"https://docs.github.com/rest","status":"%d"}`, message, status)}
}
