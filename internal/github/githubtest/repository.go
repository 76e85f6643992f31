package githubtest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The permissions that calls need, in GitHub's words. Source: GitHub Docs,
// "Permissions required for GitHub Apps".
const (
	contentsRead      = "contents: read"
	pullRequestsRead  = "pull-requests: read"
	pullRequestsWrite = "pull-requests: write"
	statusesRead      = "statuses: read"
	statusesWrite     = "statuses: write"
	issuesRead        = "issues: read"
	issuesWrite       = "issues: write"
)

// mayAny reports whether the token has one of the permissions; write implies read.
func (t Token) mayAny(permissions ...string) bool {
	return slices.ContainsFunc(permissions, func(p string) bool {
		return slices.Contains(t.May, p) || slices.Contains(t.May, strings.Replace(p, ": read", ": write", 1))
	})
}

func forbidden() answer {
	return failure(http.StatusForbidden, "Resource not accessible by integration")
}
func notFound() answer { return failure(http.StatusNotFound, "Not Found") }

// repository answers what lies below repos/OWNER/NAME/.
func (s *Server) repository(r *http.Request, token Token, path []string, body []byte) answer {
	if len(path) < 4 || path[0] != "repos" {
		return notFound()
	}
	repository, rest := path[1]+"/"+path[2], path[4:]
	if !slices.Contains(token.Repositories, repository) {
		return notFound()
	}
	switch {
	case path[3] == "issues" && len(rest) == 2 && (rest[0] == "comments" || rest[1] == "comments"):
		return s.comment(r, token, repository, rest, body)
	case path[3] == "issues" && len(rest) < 2:
		return s.issue(r, token, repository, rest, body)
	case path[3] == "pulls" && len(rest) == 0 && r.Method == http.MethodGet:
		return s.pulls(r, token, repository)
	case path[3] == "pulls" && len(rest) == 1 && r.Method == http.MethodGet:
		return s.pull(token, repository, rest[0], false)
	case path[3] == "issues" && len(rest) == 2 && rest[1] == "events" && r.Method == http.MethodGet:
		return s.pull(token, repository, rest[0], true)
	case path[3] == "statuses" && len(rest) == 1 && r.Method == http.MethodPost:
		return s.setStatus(token, repository, rest[0], body)
	case path[3] == "commits" && len(rest) == 2 && rest[1] == "statuses" && r.Method == http.MethodGet:
		return s.listStatuses(r, token, repository, rest[0])
	case path[3] == "commits" && len(rest) == 1 && r.Method == http.MethodGet:
		return s.commit(token, repository, rest[0])
	case path[3] == "branches" && len(rest) > 0 && r.Method == http.MethodGet:
		return s.branch(token, strings.Join(rest, "/"))
	case path[3] == "contents" && len(rest) > 0 && r.Method == http.MethodGet:
		return s.contents(r, token, repository, strings.Join(rest, "/"))
	}
	return notFound()
}

// perPageLimit is the greatest page GitHub gives, whatever was asked.
const perPageLimit = 100

// paged is the page of a list that the request asks for.
func paged[T any](r *http.Request, list []T) answer {
	perPage, page := min(numberOf(r, "per_page", 30), perPageLimit), numberOf(r, "page", 1)
	from := min((page-1)*perPage, len(list))
	to := min(from+perPage, len(list))
	result := success(http.StatusOK, list[from:to])
	if to < len(list) {
		next := *r.URL
		query := next.Query()
		query.Set("page", strconv.Itoa(page+1))
		next.RawQuery = query.Encode()
		result.header = map[string]string{"Link": fmt.Sprintf(`<http://%s%s>; rel="next"`, r.Host, next.String())}
	}
	return result
}

func numberOf(r *http.Request, key string, otherwise int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(key))
	if err != nil || n < 1 {
		return otherwise
	}
	return n
}
