package hook

import (
	"context"
	"errors"
	"strings"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/command"
)

// Command is a program that must end with zero.
type Command struct {
	Words []string
	Dir   string
	// Settings are what the program is told, the Region's credentials among
	// them; secrets are those that must not be printed.
	Settings func(context.Context) (settings map[string]string, secrets []string, err error)
	// Line takes its output; nil: nobody.
	Line func(string)
}

var _ deploy.Check = Command{}

// Name implements deploy.Check.
func (c Command) Name() string { return strings.Join(c.Words, " ") }

// Check implements deploy.Check.
func (c Command) Check(ctx context.Context) error {
	settings, secrets, err := c.Settings(ctx)
	if err != nil {
		return err
	}
	err = command.Run(ctx, command.Spec{Words: c.Words, Dir: c.Dir, Env: command.Environment(settings), Secrets: secrets, Line: c.Line})
	var exit *command.ExitError
	if errors.As(err, &exit) {
		return &deploy.Error{Kind: deploy.Failed, Reason: err.Error(), Err: err}
	}
	return err
}
