package main

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/github/githubtest"
	"github.com/rogpeppe/go-internal/testscript"
)

const (
	hubKey        = "hub"
	tunnelKey     = "tunnel"
	hubRepository = "acme/payments"
	hubToken      = "ghs_script00000000000000000"
)

// startHub gives a script a GitHub of its own. Its token may do nothing until
// the script says what.
func startHub(env *testscript.Env) error {
	hub := &githubtest.Server{Files: map[string]string{}, Branches: map[string]githubtest.Branch{}, Tokens: map[string]githubtest.Token{}}
	server := httptest.NewServer(hub)
	env.Defer(server.Close)
	env.Values[hubKey] = hub
	env.Setenv("HUB_URL", server.URL)
	env.Setenv("HUB_TOKEN", hubToken)

	secure := httptest.NewUnstartedServer(hub)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it would speak of clients that hang up
	secure.StartTLS()
	env.Defer(secure.Close)
	gate := &tunnel{to: secure.Listener.Addr().String()}
	proxy := httptest.NewServer(gate)
	env.Defer(proxy.Close)
	env.Values[tunnelKey] = gate
	env.Setenv("HUB_PROXY_URL", proxy.URL)
	certificate := filepath.Join(env.WorkDir, ".hub.pem")
	env.Setenv("HUB_TLS_URL", secure.URL)
	env.Setenv("HUB_CERTIFICATE", certificate)
	return os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o644)
}

func hubOf(ts *testscript.TestScript) *githubtest.Server {
	return ts.Value(hubKey).(*githubtest.Server)
}

// job EVENT [PERMISSION...]: from here on the program is a step of a job on the
// event, whose token has the permissions, written as in contents:read.
func job(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: job EVENT [PERMISSION...]")
	}
	token := githubtest.Token{Login: "github-actions[bot]", Bot: true, Repositories: []string{hubRepository}}
	for _, permission := range args[1:] {
		token.May = append(token.May, strings.Replace(permission, ":", ": ", 1))
	}
	hub := hubOf(ts)
	hub.Change(func() { hub.Tokens[hubToken] = token })
	for key, value := range map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": args[0], "GITHUB_REPOSITORY": hubRepository, "GITHUB_API_URL": ts.Getenv("HUB_URL"),
		"GITHUB_TOKEN": hubToken, "GITHUB_WORKSPACE": ts.Getenv("WORK"), "GITHUB_OUTPUT": ts.MkAbs("output"), "GITHUB_STEP_SUMMARY": ts.MkAbs("summary"),
		"GITHUB_SERVER_URL": "https://github.example.com",
	} {
		ts.Setenv(key, value)
	}
}

// pull NUMBER BASE SHA [HEAD-REPOSITORY]: opens a pull request; without a head
// repository it was deleted.
func openPull(ts *testscript.TestScript, neg bool, args []string) {
	p := githubtest.Pull{Repository: hubRepository, Author: "mallory"}
	if neg || len(args) < 3 {
		ts.Fatalf("usage: pull NUMBER BASE SHA [HEAD-REPOSITORY]")
	}
	_, err := fmt.Sscan(args[0], &p.Number)
	ts.Check(err)
	p.Base, p.HeadSHA = args[1], args[2]
	if len(args) > 3 {
		p.HeadRepository = args[3]
	}
	hub := hubOf(ts)
	hub.Change(func() { hub.Pulls = append(hub.Pulls, p) })
}

// label WHO LABEL [REASON [COMMIT]]: WHO sets the label on every pull request and
// gives the reason for its head, or for the commit; a label with a minus is taken
// away.
func setLabel(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: label WHO LABEL [REASON [COMMIT]]")
	}
	hub, bot := hubOf(ts), strings.HasSuffix(args[0], "[bot]")
	var said []githubtest.Comment
	hub.Change(func() {
		for i := range hub.Pulls {
			pull := &hub.Pulls[i]
			pull.Labels = append(pull.Labels, githubtest.Labelled{By: args[0], Label: args[1], Bot: bot})
			commit := append(args, pull.HeadSHA, pull.HeadSHA)[3]
			if len(args) > 2 {
				said = append(said, githubtest.Comment{Repository: pull.Repository, Number: pull.Number, Author: args[0], Bot: bot,
					Body: "I looked at it.\r\n\r\nBreak-glass " + commit + ": " + args[2] + "\r\n"})
			}
		}
	})
	for _, comment := range said {
		hub.Seed(comment)
	}
}

// commit SHA PATH FILE: the commit holds the file.
func commitFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: commit SHA PATH FILE")
	}
	hub, text := hubOf(ts), ts.ReadFile(args[2])
	hub.Change(func() { hub.Files[hubRepository+"@"+args[0]+":"+args[1]] = text })
}

// branch NAME SHA [protected]: the branch ends in the commit.
func setBranch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: branch NAME SHA [protected]")
	}
	hub := hubOf(ts)
	hub.Change(func() { hub.Branches[args[0]] = githubtest.Branch{HeadSHA: args[1], Protected: len(args) > 2} })
}

// hub FILE: writes what GitHub was told into the file, a line for each status,
// issue and comment.
func describeHub(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hub FILE")
	}
	var b strings.Builder
	for _, s := range hubOf(ts).Statuses() {
		fmt.Fprintf(&b, "status %s %s %s: %s\n", s.SHA, s.Context, s.State, s.Description)
	}
	for _, i := range hubOf(ts).Issues() {
		fmt.Fprintf(&b, "issue %d %s: %s\n", i.Number, i.State, i.Title)
	}
	for _, c := range hubOf(ts).Comments() {
		fmt.Fprintf(&b, "comment on %d: %s\n", c.Number, c.Body)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o644))
}

// enterprise PATH: the API lives under the path, as on a GitHub Enterprise Server.
func moveHub(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: enterprise PATH")
	}
	hub := hubOf(ts)
	hub.Change(func() { hub.Prefix = args[0] })
}

// gitbase FILE OLD: replaces OLD in the file by the commit that is checked out.
func nameCheckout(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: gitbase FILE OLD")
	}
	cmd := exec.Command("git", "rev-parse", "HEAD")
	cmd.Dir = ts.MkAbs(".")
	head, err := cmd.Output()
	ts.Check(err)
	text := strings.ReplaceAll(ts.ReadFile(args[0]), args[1], strings.TrimSpace(string(head)))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}
