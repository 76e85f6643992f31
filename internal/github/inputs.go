package github

import (
	"fmt"
	"slices"
	"strings"
)

// CommentMode says when the pull request gets a comment.
type CommentMode string

// The comment modes.
const (
	CommentAuto   CommentMode = "auto"   // on pull requests, when the token may
	CommentAlways CommentMode = "always" // also when there is nothing to say
	CommentNever  CommentMode = "never"
)

// Inputs are the inputs of the action, with the defaults of the binary.
type Inputs struct {
	Command          string
	Config           string
	GitHubToken      string
	RoleToAssume     string
	FailOn           string
	Comment          CommentMode
	WorkingDirectory string
	Args             []string
}

// commands are the commands that the action offers.
var commands = []string{"deploy", "doctor", "drift", "freeze", "gate", "plan", "predict", "recover", "report", "rollback", "snapshot", "status", "watch"}

// Inputs reads and checks the action's inputs. GitHub enforces none of what
// action.yml says of them, and cannot tell an unset input from an empty one.
func (r *Runner) Inputs() (Inputs, error) {
	get := r.action.GetInput
	in := Inputs{
		Command:          get("command"),
		Config:           get("config"),
		GitHubToken:      get("github-token"),
		RoleToAssume:     get("role-to-assume"),
		FailOn:           get("fail-on"),
		Comment:          CommentMode(get("comment")),
		WorkingDirectory: get("working-directory"),
	}
	if !slices.Contains(commands, in.Command) {
		return in, fmt.Errorf("input command is %q: use one of %s", in.Command, strings.Join(commands, ", "))
	}
	settings, err := r.CommentSettings()
	if err != nil {
		return in, err
	}
	in.Comment = settings.Mode
	args, err := splitArgs(get("args"))
	if err != nil {
		return in, fmt.Errorf("input args: %w", err)
	}
	in.Args = args
	return in, nil
}

// CommentSettings are the inputs that decide about the comment. They are read
// by the command that publishes, which may run without the action: then the
// token is GITHUB_TOKEN.
type CommentSettings struct {
	Mode  CommentMode
	Token string
}

// CommentSettings reads them.
func (r *Runner) CommentSettings() (CommentSettings, error) {
	s := CommentSettings{Mode: CommentMode(r.action.GetInput("comment")), Token: r.action.GetInput("github-token")}
	if s.Mode == "" {
		s.Mode = CommentAuto
	}
	if s.Token == "" {
		s.Token = r.getenv("GITHUB_TOKEN")
	}
	if !slices.Contains([]CommentMode{CommentAuto, CommentAlways, CommentNever}, s.Mode) {
		return s, fmt.Errorf("input comment is %q: use auto, always or never", s.Mode)
	}
	return s, nil
}

// splitArgs splits as a shell would, with single and double quotes and
// backslashes, and expands nothing.
func splitArgs(s string) ([]string, error) {
	var args []string
	var current strings.Builder
	var quote rune
	inWord, escaped := false, false
	for _, c := range s {
		switch {
		case escaped:
			current.WriteRune(c)
			escaped = false
		case c == '\\' && quote != '\'':
			escaped, inWord = true, true
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			current.WriteRune(c)
		case c == '\'' || c == '"':
			quote, inWord = c, true
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			if inWord {
				args = append(args, current.String())
				current.Reset()
			}
			inWord = false
		default:
			current.WriteRune(c)
			inWord = true
		}
	}
	if quote != 0 || escaped {
		return nil, fmt.Errorf("unfinished quote or escape in %q", s)
	}
	if inWord {
		args = append(args, current.String())
	}
	return args, nil
}
