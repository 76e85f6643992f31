package githubtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"unicode/utf8"
)

// descriptionLimit is the length of a status's description in characters.
const descriptionLimit = 140

// Status is one commit status as the API keeps it: setting one adds one.
type Status struct {
	Repository  string `json:"-"`
	SHA         string `json:"-"`
	State       string `json:"state"`
	Context     string `json:"context"`
	Description string `json:"description"`
	TargetURL   string `json:"target_url"`
}

// SeedStatus adds a status.
func (s *Server) SeedStatus(status Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.statuses = append(s.statuses, status)
}

// Statuses are all statuses ever set, oldest first.
func (s *Server) Statuses() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.statuses)
}

func (s *Server) setStatus(token Token, repository, sha string, body []byte) answer {
	if !token.mayAny(statusesWrite) {
		return forbidden()
	}
	status := Status{Repository: repository, SHA: sha}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	switch err := decoder.Decode(&status); {
	case err != nil:
		return failure(http.StatusBadRequest, "Problems parsing JSON: "+err.Error())
	case !s.knows(repository, sha):
		return failure(http.StatusUnprocessableEntity, "No commit found for SHA: "+sha)
	case !slices.Contains([]string{"error", "failure", "pending", "success"}, status.State):
		return failure(http.StatusUnprocessableEntity, "Validation Failed: state is not included in the list")
	case utf8.RuneCountInString(status.Description) > descriptionLimit:
		return failure(http.StatusUnprocessableEntity, "Validation Failed: description is too long (maximum is 140 characters)")
	}
	s.statuses = append(s.statuses, status)
	return success(http.StatusCreated, status)
}

// listStatuses lists the statuses of a commit, newest first.
func (s *Server) listStatuses(r *http.Request, token Token, repository, sha string) answer {
	if !token.mayAny(statusesRead) {
		return forbidden()
	}
	shown := []Status{}
	for _, status := range slices.Backward(s.statuses) {
		if status.Repository == repository && status.SHA == sha {
			shown = append(shown, status)
		}
	}
	return paged(r, shown)
}
