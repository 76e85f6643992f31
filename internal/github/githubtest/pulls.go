package githubtest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Pull is a pull request as the API keeps it.
type Pull struct {
	Repository string
	Number     int
	Base       string // branch
	HeadSHA    string
	// HeadRepository is where it comes from; empty: deleted since.
	HeadRepository string
	Closed         bool
	Author         string
	// Labels are who set which label, in order; one with a minus was taken away.
	Labels []Labelled
}

// Labelled is one event of a label.
type Labelled struct {
	By, Label string
	// Bot says that By is none of the people; App, that an app did it for them.
	Bot, App bool
	// Silent says that the pull request does not carry the label all the same, as
	// when the label itself was deleted.
	Silent bool
}

func (l Labelled) json() map[string]any {
	name, gone := strings.CutPrefix(l.Label, "-")
	event := map[string]any{"event": "labeled", "actor": accountOf(l.By, l.Bot), "label": map[string]any{"name": name}, "created_at": created}
	if gone {
		event["event"] = "unlabeled"
	}
	if l.App {
		event["performed_via_github_app"] = map[string]any{"id": 1, "slug": "app"}
	}
	return event
}

// carries are the labels that the pull request has now.
func (p Pull) carries() []map[string]any {
	var names []string
	for _, l := range p.Labels {
		name, gone := strings.CutPrefix(l.Label, "-")
		names = slices.DeleteFunc(names, func(n string) bool { return n == name })
		if !gone && !l.Silent {
			names = append(names, name)
		}
	}
	labels := []map[string]any{}
	for _, name := range names {
		labels = append(labels, map[string]any{"name": name})
	}
	return labels
}

func (p Pull) json() map[string]any {
	head := map[string]any{"sha": p.HeadSHA, "ref": "topic", "repo": nil}
	if p.HeadRepository != "" {
		head["repo"] = map[string]any{"full_name": p.HeadRepository}
	}
	return map[string]any{"number": p.Number, "state": "open", "head": head, "base": map[string]any{"ref": p.Base},
		"user": accountOf(p.Author, false), "labels": p.carries()}
}

// pulls lists the open pull requests of a base branch.
func (s *Server) pulls(r *http.Request, token Token, repository string) answer {
	if !token.mayAny(pullRequestsRead) {
		return forbidden()
	}
	query := r.URL.Query()
	shown := []map[string]any{}
	for _, p := range s.Pulls {
		if p.Repository == repository && !p.Closed && query.Get("state") == "open" && (query.Get("base") == "" || query.Get("base") == p.Base) {
			shown = append(shown, p.json())
		}
	}
	return paged(r, shown)
}

// pull is one pull request, or the events of its labels.
func (s *Server) pull(token Token, repository, number string, events bool) answer {
	if !token.mayAny(pullRequestsRead) {
		return forbidden()
	}
	for _, p := range s.Pulls {
		if p.Repository != repository || fmt.Sprint(p.Number) != number {
			continue
		}
		if !events {
			return success(http.StatusOK, p.json())
		}
		list := []map[string]any{}
		for _, l := range p.Labels {
			list = append(list, l.json())
		}
		return success(http.StatusOK, list)
	}
	return notFound()
}

// Branch is a branch as the API keeps it.
type Branch struct {
	HeadSHA   string
	Protected bool
}

// branch answers with a branch.
func (s *Server) branch(token Token, name string) answer {
	if !token.mayAny(contentsRead) {
		return forbidden()
	}
	b, known := s.Branches[name]
	if !known {
		return failure(http.StatusNotFound, "Branch not found")
	}
	return success(http.StatusOK, map[string]any{"name": name, "protected": b.Protected, "commit": map[string]any{"sha": b.HeadSHA}})
}

// commit answers for commits that a pull request or a file names.
func (s *Server) commit(token Token, repository, sha string) answer {
	if !token.mayAny(contentsRead) {
		return forbidden()
	}
	if !s.knows(repository, sha) {
		return failure(http.StatusUnprocessableEntity, "No commit found for SHA: "+sha)
	}
	return success(http.StatusOK, map[string]string{"sha": sha})
}

func (s *Server) knows(repository, sha string) bool {
	for _, p := range s.Pulls {
		if p.Repository == repository && p.HeadSHA == sha {
			return true
		}
	}
	for place := range s.Files {
		if strings.HasPrefix(place, repository+"@"+sha+":") {
			return true
		}
	}
	return false
}

// contents answers with a file of a commit.
func (s *Server) contents(r *http.Request, token Token, repository, path string) answer {
	if !token.mayAny(contentsRead) {
		return forbidden()
	}
	content, ok := s.Files[fmt.Sprintf("%s@%s:%s", repository, r.URL.Query().Get("ref"), path)]
	if !ok {
		return notFound()
	}
	return success(http.StatusOK, map[string]any{
		"type": "file", "path": path, "size": len(content), "encoding": "base64",
		"content": base64.StdEncoding.EncodeToString([]byte(content)),
	})
}
