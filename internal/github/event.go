package github

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// Event is what triggered the run, from the event payload first and the
// environment second.
type Event struct {
	Name string
	// Owner and Repository name where the workflow runs.
	Owner, Repository string
	// PullRequest is the number of the pull request; 0 if there is none, or it
	// is not known. In a merge queue it comes from the ref.
	PullRequest int
	// HeadSHA is the commit under test: the head of the pull request (not the
	// merge commit), of the merge group, or of the push.
	HeadSHA string
	BaseSHA string
	// BaseBranch is what the pull request is to be merged into, and DefaultBranch
	// the repository's; empty: the payload does not say.
	BaseBranch, DefaultBranch string
	// Fork reports whether the pull request comes from another repository, or
	// from one that is gone: then there are no secrets and no write access.
	Fork bool
	// Actor is who triggered the run.
	Actor string
	// RunURL leads to the run.
	RunURL string
}

// pullRequestRef is the ref of a pull request's run.
var pullRequestRef = regexp.MustCompile(`^refs/pull/(\d+)/(?:merge|head)$`)

// mergeQueueRef is the ref of a merge group; the payload has no pull request.
var mergeQueueRef = regexp.MustCompile(`gh-readonly-queue/.+/pr-(\d+)-[0-9a-f]+$`)

type payload struct {
	PullRequest *struct {
		Number int  `json:"number"`
		Head   side `json:"head"`
		Base   side `json:"base"`
	} `json:"pull_request"`
	Repository struct {
		DefaultBranch string `json:"default_branch"`
	} `json:"repository"`
	MergeGroup *struct {
		HeadSHA string `json:"head_sha"`
		HeadRef string `json:"head_ref"`
		BaseSHA string `json:"base_sha"`
	} `json:"merge_group"`
	After  string `json:"after"`
	Before string `json:"before"`
}

type side struct {
	SHA  string `json:"sha"`
	Ref  string `json:"ref"`
	Repo *struct {
		FullName string `json:"full_name"`
	} `json:"repo"`
}

// Event reads the event. A payload that is missing or unreadable is an error
// only in the second return value: the first still holds what the environment says.
func (r *Runner) Event() (Event, error) {
	e := Event{Name: r.getenv("GITHUB_EVENT_NAME"), Actor: r.getenv("GITHUB_ACTOR"), HeadSHA: r.getenv("GITHUB_SHA"), RunURL: r.runURL()}
	e.Owner, e.Repository, _ = strings.Cut(r.getenv("GITHUB_REPOSITORY"), "/")
	var p payload
	err := readPayload(r.getenv("GITHUB_EVENT_PATH"), &p)
	switch {
	case p.PullRequest != nil:
		e.PullRequest, e.HeadSHA, e.BaseSHA = p.PullRequest.Number, p.PullRequest.Head.SHA, p.PullRequest.Base.SHA
		e.BaseBranch, e.DefaultBranch = p.PullRequest.Base.Ref, p.Repository.DefaultBranch
		head, base := p.PullRequest.Head.Repo, p.PullRequest.Base.Repo
		e.Fork = head == nil || base == nil || head.FullName != base.FullName
	case p.MergeGroup != nil:
		e.HeadSHA, e.BaseSHA = p.MergeGroup.HeadSHA, p.MergeGroup.BaseSHA
		e.PullRequest = numberIn(mergeQueueRef, p.MergeGroup.HeadRef, r.getenv("GITHUB_REF"))
	default:
		e.PullRequest = numberIn(pullRequestRef, r.getenv("GITHUB_REF"))
		if e.PullRequest == 0 {
			e.PullRequest = numberIn(mergeQueueRef, r.getenv("GITHUB_REF"))
		}
		e.BaseSHA = p.Before
		if p.After != "" {
			e.HeadSHA = p.After
		}
	}
	return e, err
}

func readPayload(path string, p *payload) error {
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read event payload: %w", err)
	}
	if err := json.Unmarshal(data, p); err != nil {
		*p = payload{} // half an event is none
		return fmt.Errorf("parse event payload %s: %w", path, err)
	}
	return nil
}

// numberIn is the number that the first matching ref holds, else 0.
func numberIn(pattern *regexp.Regexp, refs ...string) int {
	for _, ref := range refs {
		if m := pattern.FindStringSubmatch(ref); m != nil {
			if n, err := strconv.Atoi(m[1]); err == nil {
				return n
			}
		}
	}
	return 0
}

func (r *Runner) runURL() string {
	server, repo, id := r.getenv("GITHUB_SERVER_URL"), r.getenv("GITHUB_REPOSITORY"), r.getenv("GITHUB_RUN_ID")
	if server == "" || repo == "" || id == "" {
		return ""
	}
	url := server + "/" + repo + "/actions/runs/" + id
	if attempt := r.getenv("GITHUB_RUN_ATTEMPT"); attempt != "" && attempt != "1" {
		url += "/attempts/" + attempt
	}
	return url
}
