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

// bodyLimit is the length of a comment in characters that GitHub takes.
const bodyLimit = 65536

// created is when everything was written that people wrote.
const created = "2026-11-22T10:00:00Z"

// commentJSON is a comment as the API shows it.
type commentJSON struct {
	ID      int64   `json:"id"`
	HTMLURL string  `json:"html_url"`
	Body    string  `json:"body"`
	User    account `json:"user"`
	Created string  `json:"created_at"`
	Updated string  `json:"updated_at"`
}

func (c Comment) json() commentJSON {
	updated := created
	if c.Edited {
		updated = "2026-11-22T11:00:00Z"
	}
	return commentJSON{
		ID: c.ID, Body: c.Body, User: accountOf(c.Author, c.Bot), Created: created, Updated: updated,
		HTMLURL: fmt.Sprintf("https://github.example.com/%s/pull/%d#issuecomment-%d", c.Repository, c.Number, c.ID),
	}
}

// comment answers what lies below repos/OWNER/NAME/issues that is about comments.
func (s *Server) comment(r *http.Request, token Token, repository string, path []string, body []byte) answer {
	if r.Method != http.MethodGet && !token.mayAny(pullRequestsWrite, issuesWrite) {
		return forbidden()
	}
	if path[0] == "comments" {
		id, err := strconv.ParseInt(path[1], 10, 64)
		if err != nil {
			return notFound()
		}
		return s.one(r, repository, id, body)
	}
	number, err := strconv.Atoi(path[0])
	if err != nil {
		return notFound()
	}
	return s.all(r, token, repository, number, body)
}

// all answers calls on the comments of one pull request.
func (s *Server) all(r *http.Request, token Token, repository string, number int, body []byte) answer {
	switch r.Method {
	case http.MethodGet:
		return s.list(r, repository, number)
	case http.MethodPost:
		text, refusal := readBody(body)
		if refusal != nil {
			return *refusal
		}
		c := s.add(Comment{Repository: repository, Number: number, Author: token.Login, Bot: token.Bot, Body: text})
		return success(http.StatusCreated, c.json())
	}
	return notFound()
}

// one answers calls on one comment.
func (s *Server) one(r *http.Request, repository string, id int64, body []byte) answer {
	i := slices.IndexFunc(s.comments, func(c Comment) bool { return c.ID == id && c.Repository == repository })
	if i < 0 {
		return notFound()
	}
	switch r.Method {
	case http.MethodGet:
		return success(http.StatusOK, s.comments[i].json())
	case http.MethodPatch:
		text, refusal := readBody(body)
		if refusal != nil {
			return *refusal
		}
		s.comments[i].Body, s.comments[i].Edited = text, true
		return success(http.StatusOK, s.comments[i].json())
	case http.MethodDelete:
		s.comments = slices.Delete(s.comments, i, i+1)
		return answer{status: http.StatusNoContent}
	}
	return notFound()
}

func (s *Server) add(c Comment) Comment {
	s.lastID++
	c.ID = s.lastID
	s.comments = append(s.comments, c)
	return c
}

// list pages through the comments of a pull request, oldest first.
func (s *Server) list(r *http.Request, repository string, number int) answer {
	shown := []commentJSON{}
	for _, c := range s.comments {
		if c.Repository == repository && c.Number == number {
			shown = append(shown, c.json())
		}
	}
	return paged(r, shown)
}

// readBody takes {"body": "..."} and nothing else: a field that GitHub does not
// know would be dropped there in silence.
func readBody(data []byte) (string, *answer) {
	var payload struct {
		Body *string `json:"body"`
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&payload); err != nil {
		refusal := failure(http.StatusBadRequest, "Problems parsing JSON: "+err.Error())
		return "", &refusal
	}
	if payload.Body == nil || *payload.Body == "" {
		refusal := failure(http.StatusUnprocessableEntity, "Validation Failed: body can't be blank")
		return "", &refusal
	}
	if utf8.RuneCountInString(*payload.Body) > bodyLimit {
		refusal := failure(http.StatusUnprocessableEntity, fmt.Sprintf("Validation Failed: Body is too long (maximum is %d characters)", bodyLimit))
		return "", &refusal
	}
	return *payload.Body, nil
}
