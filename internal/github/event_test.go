package github

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEvent(t *testing.T) {
	const head, base, merge = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "cccccccccccccccccccccccccccccccccccccccc"
	pull := func(headRepo string) string {
		return `{"action":"synchronize","number":12,"pull_request":{"number":12,
			"head":{"sha":"` + head + `","ref":"topic","repo":` + headRepo + `},
			"base":{"sha":"` + base + `","ref":"release","repo":{"full_name":"acme/shop"}}},"repository":{"default_branch":"main"}}`
	}
	tests := []struct {
		name, event, ref, payload string
		want                      Event
	}{
		{"a pull request is judged by its head, not by the merge commit", "pull_request", "refs/pull/12/merge", pull(`{"full_name":"acme/shop"}`),
			Event{PullRequest: 12, HeadSHA: head, BaseSHA: base, BaseBranch: "release", DefaultBranch: "main"}},
		{"a fork is one", "pull_request", "refs/pull/12/merge", pull(`{"full_name":"mallory/shop"}`),
			Event{PullRequest: 12, HeadSHA: head, BaseSHA: base, BaseBranch: "release", DefaultBranch: "main", Fork: true}},
		{"a head repository that was deleted counts as a fork", "pull_request", "refs/pull/12/merge", pull(`null`),
			Event{PullRequest: 12, HeadSHA: head, BaseSHA: base, BaseBranch: "release", DefaultBranch: "main", Fork: true}},
		{"pull_request_target has the same payload", "pull_request_target", "refs/heads/main", pull(`{"full_name":"mallory/shop"}`),
			Event{PullRequest: 12, HeadSHA: head, BaseSHA: base, BaseBranch: "release", DefaultBranch: "main", Fork: true}},
		{"a merge group has its number in the ref only", "merge_group", "refs/heads/gh-readonly-queue/main/pr-7-" + base,
			`{"action":"checks_requested","merge_group":{"head_sha":"` + head + `","head_ref":"refs/heads/gh-readonly-queue/main/pr-7-` + base + `","base_sha":"` + base + `"}}`,
			Event{PullRequest: 7, HeadSHA: head, BaseSHA: base}},
		{"a merge group of a base branch with slashes and a misleading name", "merge_group", "",
			`{"merge_group":{"head_sha":"` + head + `","head_ref":"refs/heads/gh-readonly-queue/release/pr-9-abc/pr-8-` + base + `"}}`,
			Event{PullRequest: 8, HeadSHA: head}},
		{"a merge group without ref in the payload takes the environment's", "merge_group", "refs/heads/gh-readonly-queue/main/pr-7-" + base,
			`{"merge_group":{"head_sha":"` + head + `"}}`,
			Event{PullRequest: 7, HeadSHA: head}},
		{"a push has no pull request", "push", "refs/heads/main", `{"ref":"refs/heads/main","before":"` + base + `","after":"` + head + `"}`,
			Event{HeadSHA: head, BaseSHA: base}},
		{"a push to a branch that looks like a queue has none either", "push", "refs/heads/pr-7-" + base, `{"after":"` + head + `"}`,
			Event{HeadSHA: head}},
		{"a dispatch has only the environment", "workflow_dispatch", "refs/heads/main", `{"inputs":{},"ref":"refs/heads/main"}`,
			Event{HeadSHA: merge}},
		{"a schedule has an empty payload", "schedule", "refs/heads/main", `{}`, Event{HeadSHA: merge}},
		{"without payload the ref of a pull request speaks", "pull_request", "refs/pull/12/merge", "",
			Event{PullRequest: 12, HeadSHA: merge}},
		{"without payload the ref of a queue speaks", "merge_group", "refs/heads/gh-readonly-queue/main/pr-7-" + base, "",
			Event{PullRequest: 7, HeadSHA: merge}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := map[string]string{"GITHUB_EVENT_NAME": test.event, "GITHUB_REF": test.ref, "GITHUB_SHA": merge, "GITHUB_REPOSITORY": "acme/shop", "GITHUB_ACTOR": "alice"}
			if test.payload != "" {
				env["GITHUB_EVENT_PATH"] = file(t, test.payload)
			}
			r, _ := step(env)
			got, err := r.Event()
			if err != nil {
				t.Fatal(err)
			}
			test.want.Name, test.want.Owner, test.want.Repository, test.want.Actor = test.event, "acme", "shop", "alice"
			if got != test.want {
				t.Errorf("%+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestABrokenPayloadIsAnErrorAndTheEnvironmentStillSpeaks(t *testing.T) {
	tests := map[string]string{
		"absent":              filepath.Join(t.TempDir(), "absent"),
		"a directory":         t.TempDir(),
		"empty":               file(t, ""),
		"cut off":             file(t, `{"pull_request":{"number":12`),
		"of another type":     file(t, `{"pull_request":{"number":"12","head":{"sha":"evil"}},"after":"evil"}`),
		"not an object":       file(t, `[]`),
		"a number too great":  file(t, `{"pull_request":{"number":1e30}}`),
		"two objects":         file(t, `{"after":"evil"}{}`),
		"not text":            file(t, "\xff\xfe\x00"),
		"nested without end ": file(t, strings.Repeat("[", 100_000)),
	}
	for name, path := range tests {
		t.Run(name, func(t *testing.T) {
			r, _ := step(map[string]string{"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": path, "GITHUB_SHA": "abc", "GITHUB_REPOSITORY": "acme/shop"})
			got, err := r.Event()
			if err == nil || !strings.Contains(err.Error(), "event payload") {
				t.Errorf("error %v, want one about the event payload", err)
			}
			if want := (Event{Name: "push", Owner: "acme", Repository: "shop", HeadSHA: "abc"}); got != want {
				t.Errorf("%+v, want %+v: nothing of a broken payload", got, want)
			}
		})
	}
}

func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"pull_request":{"number":1,"head":{"repo":null},"base":{}}}`), "refs/pull/1/merge")
	f.Add([]byte(`{"merge_group":{"head_ref":"refs/heads/gh-readonly-queue/main/pr-1-a"}}`), "")
	f.Add([]byte(`{"after":null}`), "gh-readonly-queue/x/pr-99999999999999999999-a")
	path := filepath.Join(f.TempDir(), "event")
	f.Fuzz(func(t *testing.T, payload []byte, ref string) {
		if err := os.WriteFile(path, payload, 0o644); err != nil {
			t.Fatal(err)
		}
		r, _ := step(map[string]string{"GITHUB_EVENT_PATH": path, "GITHUB_REF": ref, "GITHUB_SHA": "env"})
		if e, err := r.Event(); err != nil && e.HeadSHA != "env" {
			t.Errorf("a broken payload %q decides the head: %+v", payload, e)
		}
	})
}
