package github

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/github/githubtest"
)

func TestTheReasonNamesTheCommitOnALineOfItsOwn(t *testing.T) {
	other := strings.Replace(headSHA, "a", "b", 1)
	tests := []struct{ name, comment, want string }{
		{"at the end", "I looked at it.\r\n\r\nBreak-glass " + headSHA + ": the primary burns\r\n", "the primary burns"},
		{"in other letters, indented", "  BREAK-GLASS " + strings.ToUpper(headSHA) + ":INC-7", "INC-7"},
		{"the last one counts", "break-glass " + headSHA + ": one\nbreak-glass " + headSHA + ": two", "two"},
		{"of another commit", "Break-glass " + other + ": the primary burns", ""},
		{"of the beginning of the commit", "Break-glass " + headSHA[:12] + ": the primary burns", ""},
		{"of no commit", "Break-glass: the primary burns", ""},
		{"without a reason", "Break-glass " + headSHA + ":\nmore", ""},
		{"within a sentence", "We may need break-glass " + headSHA + ": no", ""},
		{"quoted", "> Break-glass " + headSHA + ": the primary burns", ""},
		{"nothing", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if have := reasonIn(test.comment, headSHA); have != test.want {
				t.Errorf("%q, want %q", have, test.want)
			}
		})
	}
}

func TestWhoseLabelCounts(t *testing.T) {
	const label, line = "override", "Break-glass " + headSHA + ": INC-7"
	alice := githubtest.Labelled{By: "alice", Label: label}
	said := func(author, body string) []githubtest.Comment {
		return []githubtest.Comment{{Repository: "acme/shop", Number: 12, Author: author, Body: body}}
	}
	edited := said("alice", line)
	edited[0].Edited = true
	const none, counts = "", "counts"
	tests := []struct {
		name     string
		labels   []githubtest.Labelled
		comments []githubtest.Comment
		bend     func(*OverrideRequest, *githubtest.Pull)
		want     string // none, counts, or a part of the doubt
	}{
		{"a person's, with a reason for this commit", []githubtest.Labelled{alice}, said("alice", line), nil, counts},
		{"in other letters", []githubtest.Labelled{{By: "alice", Label: "Override"}}, said("alice", line), nil, counts},
		{"no label", nil, said("alice", line), nil, none},
		{"another label", []githubtest.Labelled{{By: "alice", Label: "other"}}, said("alice", line), nil, none},
		{"one that was taken away", []githubtest.Labelled{alice, {By: "bob", Label: "-" + label}}, said("alice", line), nil, none},
		{"one that is not there although nobody took it away", []githubtest.Labelled{{By: "alice", Label: label, Silent: true}}, said("alice", line), nil, none},
		{"a bot's", []githubtest.Labelled{{By: "github-actions[bot]", Label: label, Bot: true}}, said("github-actions[bot]", line), nil, "no person did that"},
		{"an app's in the name of a person", []githubtest.Labelled{{By: "alice", Label: label, App: true}}, said("alice", line), nil, "no person did that"},
		{"a deleted account's", []githubtest.Labelled{{By: "ghost", Label: label}}, said("ghost", line), nil, "no person did that"},
		{"the author's", []githubtest.Labelled{{By: "mallory", Label: label}}, said("mallory", line), nil, "the author of the pull request may not"},
		{"the author's, who may", []githubtest.Labelled{{By: "mallory", Label: label}}, said("mallory", line), func(r *OverrideRequest, _ *githubtest.Pull) { r.Author = true }, counts},
		{"without a reason", []githubtest.Labelled{alice}, nil, nil, "no reason for this commit: comment a line \"Break-glass " + headSHA + ": why\""},
		{"with somebody else's reason", []githubtest.Labelled{alice}, said("mallory", line), nil, "no reason for this commit"},
		{"with a reason that was edited", []githubtest.Labelled{alice}, edited, nil, "was edited"},
		{"with one that was edited, and a new one", []githubtest.Labelled{alice}, append(edited, said("alice", line)...), nil, counts},
		{"with a reason for the commit before", []githubtest.Labelled{alice}, said("alice", line),
			func(r *OverrideRequest, _ *githubtest.Pull) { r.Head = strings.Repeat("b", 40) }, "no reason for this commit"},
		{"in a merge queue, with a reason for the head", []githubtest.Labelled{alice}, said("alice", line), func(r *OverrideRequest, _ *githubtest.Pull) { r.Head = "" }, counts},
		{"in a merge queue, with a reason for an earlier head", []githubtest.Labelled{alice}, said("alice", line),
			func(r *OverrideRequest, p *githubtest.Pull) { r.Head, p.HeadSHA = "", strings.Repeat("b", 40) }, "no reason for this commit"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := OverrideRequest{Owner: "acme", Repository: "shop", PullRequest: 12, Label: label, Head: headSHA}
			s := pullAPI()
			s.Pulls[0].Author, s.Pulls[0].Labels = "mallory", test.labels
			for _, comment := range test.comments {
				s.Seed(comment)
			}
			if test.bend != nil {
				test.bend(&req, &s.Pulls[0])
			}
			c, _ := client(t, s, actionsToken)
			o, err := c.Override(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case o == nil:
				if test.want != none {
					t.Errorf("no label, want %q", test.want)
				}
			case test.want == none:
				t.Errorf("%+v, want none", o)
			case test.want == counts:
				if o.Doubt != "" || o.Reason != "INC-7" || o.By != test.labels[len(test.labels)-1].By {
					t.Errorf("%+v does not count", o)
				}
			case o.Reason != "" || !strings.Contains(o.Doubt, test.want):
				t.Errorf("%+v, want the doubt %q", o, test.want)
			}
		})
	}
	t.Run("a token that may not look is an error", func(t *testing.T) {
		c, _ := client(t, pullAPI(), readOnlyToken)
		if o, err := c.Override(t.Context(), OverrideRequest{Owner: "acme", Repository: "shop", PullRequest: 12, Label: label}); err == nil || o != nil {
			t.Errorf("%+v, %v", o, err)
		}
	})
}
