package main

import (
	"context"
	"fmt"
	"slices"
)

// rightsFor says what each permission of the token is good for.
var rightsFor = map[string]string{
	"contents: read":       "the configuration of the base commit",
	"pull-requests: read":  "watch, to list what is open",
	"statuses: write":      "watch and gate --status",
	"issues: write":        "watch, for its issue",
	"pull-requests: write": "the comment on the pull request",
}

// examineGitHub looks at the run, if this is one, and at the token, if there is one.
func (g *globals) examineGitHub(ctx context.Context) []diagnosis {
	runner := g.runner()
	if !runner.Running() {
		return []diagnosis{{Check: "event", Status: healthy, Message: "not a step of a workflow: nothing to check about GitHub"}}
	}
	event, err := runner.Event()
	if err != nil {
		return []diagnosis{{Check: "event", Status: unclear, Message: err.Error(), Fix: "mount GITHUB_EVENT_PATH into the container that runs lockstep"}}
	}
	found := []diagnosis{{Check: "event", Status: healthy, Message: fmt.Sprintf("%s in %s/%s", event.Name, event.Owner, event.Repository)}}
	b := &basis{event: event}
	if why := b.outsider(); why != "" {
		found = append(found, diagnosis{Check: "event", Status: doubtful, Message: why + ": GitHub gives this run no secrets and no OIDC token", Fix: "see gate.fork-policy"})
	}
	if slices.Contains(judgedEvents, event.Name) && event.BaseSHA == "" {
		found = append(found, diagnosis{Check: "event", Status: missing, Message: "the event does not name the base commit", Fix: "mount GITHUB_EVENT_PATH into the container that runs lockstep"})
	}
	if g.env.getenv("ACTIONS_ID_TOKEN_REQUEST_URL") == "" {
		found = append(found, diagnosis{Check: "event", Status: doubtful, Message: "the job can ask for no OIDC token", Fix: "add permissions: id-token: write, unless the credentials come from elsewhere"})
	}
	settings, err := runner.CommentSettings()
	if err != nil || settings.Token == "" {
		return append(found, diagnosis{Check: "token", Status: doubtful, Message: "no GitHub token: no comment, no status, and no configuration of the base commit", Fix: "give the input github-token, or GITHUB_TOKEN"})
	}
	client, err := runner.Client(settings.Token)
	if err != nil {
		return append(found, diagnosis{Check: "token", Status: missing, Message: err.Error(), Fix: "correct GITHUB_API_URL"})
	}
	for _, right := range client.Rights(ctx, event.Owner, event.Repository, event.PullRequest) {
		d := diagnosis{Check: "token", Status: healthy, Message: "may " + right.Permission + ": " + rightsFor[right.Permission]}
		switch {
		case right.Err != nil:
			d.Status, d.Message, d.Fix = unclear, right.Err.Error(), "check the token and GITHUB_API_URL"
		case !right.Granted:
			d.Status, d.Message = doubtful, "lacks "+right.Permission+": "+rightsFor[right.Permission]
			d.Fix = "add it to permissions: of the job, if the job is for that"
		}
		found = append(found, d)
	}
	return found
}
