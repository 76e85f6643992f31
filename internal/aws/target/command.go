package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"sync"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/command"
)

// Program is a program of the team's as a target of a release in one Region.
type Program struct {
	// Key names the target in the release.
	Key, Region string
	// Run deploys, DryRun shows, Verify confirms, Rollback takes back; all but
	// Run may be empty.
	Run, DryRun, Verify, Rollback []string
	// Dir is where they run.
	Dir string
	// Env are variables of the configuration.
	Env map[string]string
	// Commit is what the working directory holds, where that is known: it is
	// what a program deploys.
	Commit string
	// Settings are what the programs are told of their Region, its credentials
	// among them; secrets are those that must not be printed.
	Settings func(context.Context) (settings map[string]string, secrets []string, err error)
}

// Command is a program as a deploy.Target. What it does to the Region is its
// own business: Lockstep knows only whether it said yes.
type Command struct {
	spec Program
	opts Options

	// stop is closed by Abort: what runs is asked to end, and what would run does not.
	stop *stopper
}

// stopper is closed once.
type stopper struct {
	once sync.Once
	ch   chan struct{}
}

func newStopper() *stopper { return &stopper{ch: make(chan struct{})} }

func (s *stopper) close() { s.once.Do(func() { close(s.ch) }) }

func (s *stopper) closed() bool {
	select {
	case <-s.ch:
		return true
	default:
		return false
	}
}

var _ deploy.Target = (*Command)(nil)

// NewCommand returns the target.
func NewCommand(spec Program, opts Options) (*Command, error) {
	if len(spec.Run) == 0 {
		return nil, errors.New("describe command target: it has nothing to run")
	}
	return &Command{spec: spec, opts: opts.withDefaults(), stop: newStopper()}, nil
}

// About implements deploy.Target.
func (t *Command) About() deploy.About {
	return deploy.About{Name: t.spec.Key, Kind: "command", Digest: digestOfParts(t.spec.Contents())}
}

// Contents are the digests of what the target consists of, by part. The files
// that the program reads are known by their commit only.
func (p Program) Contents() map[string]string {
	settings, err := json.Marshal([]any{p.Run, p.DryRun, p.Verify, p.Rollback, p.Env})
	if err != nil { // lists and maps of strings always marshal
		settings = nil
	}
	parts := map[string]string{p.Key + "/settings/" + p.Region: digestOf(settings)}
	if p.Commit != "" {
		parts[p.Key+"/commit"] = p.Commit
	}
	return parts
}

// Prepare implements deploy.Target: the dry run must succeed. What the program
// would change is not known, so a release with a command is never "no change".
func (t *Command) Prepare(ctx context.Context, _ deploy.Inputs) (deploy.Plan, error) {
	plan := deploy.Plan{Action: deploy.ActionUpdate}
	change := deploy.Change{Resource: t.spec.Key, Type: "command", Action: "Dynamic", Class: deploy.Reversible}
	if len(t.spec.Rollback) == 0 {
		change.Class = deploy.Irreversible
		plan.Notes = append(plan.Notes, "it has no rollback: should another Region fail afterwards, this one cannot go back")
	}
	plan.Changes = []deploy.Change{change}
	if len(t.spec.DryRun) == 0 {
		plan.Notes = append(plan.Notes, "it has no dry-run: what it would change is not known")
		return plan, nil
	}
	err := t.run(ctx, deploy.PhasePrepare, t.spec.DryRun)
	var exit *command.ExitError
	if errors.As(err, &exit) {
		return plan, &deploy.Error{Kind: deploy.Refused, Err: err, Reason: fmt.Sprintf("its dry run in %s failed: %v", t.spec.Region, err)}
	}
	return plan, err
}

// run runs one of the programs for the Region.
func (t *Command) run(ctx context.Context, phase deploy.Phase, words []string) error {
	settings, secrets, err := t.spec.Settings(ctx)
	if err != nil {
		return fmt.Errorf("run %s: %w", words[0], err)
	}
	own := maps.Clone(t.spec.Env)
	if own == nil {
		own = map[string]string{}
	}
	maps.Copy(own, settings) // the Region's own settings win
	own["LOCKSTEP_PHASE"] = string(phase)
	spec := command.Spec{Words: words, Dir: t.spec.Dir, Env: command.Environment(own), Secrets: secrets}
	if phase == deploy.PhaseExecute {
		spec.Interrupt = t.stop.ch
	}
	return t.opts.runProgram(ctx, spec, deploy.Event{Region: t.spec.Region, Target: t.spec.Key, Phase: phase})
}

// runProgram runs a program of a target. Its output is progress, and so is
// that it is waited for. of is what all its events have in common.
func (o Options) runProgram(ctx context.Context, spec command.Spec, of deploy.Event) error {
	if o.Progress == nil {
		return command.Run(ctx, spec)
	}
	say := func(resource, status, text string) {
		e := of
		e.At, e.Resource, e.Status, e.Text = o.Now(), resource, status, text
		o.Progress.Report(e)
	}
	spec.Line = func(line string) { say("|", "", line) }
	say("", deploy.Waiting, "for "+programName(spec.Words))
	return command.Run(ctx, spec)
}

// programName names a program without its arguments, which may say anything.
func programName(words []string) string { return filepath.Base(words[0]) }

// Image implements deploy.Target: only the rollback program knows what was.
func (t *Command) Image(context.Context) ([]byte, error) { return []byte(`{"version":1}`), nil }

// Execute implements deploy.Target. A program that failed leaves the Region
// neither old nor new, as far as anybody can tell.
func (t *Command) Execute(ctx context.Context, _ deploy.Plan) error {
	if t.stop.closed() {
		return &deploy.Error{Kind: deploy.Failed, Cancelled: true, Reason: "its abort was asked for before it began"}
	}
	err := t.run(ctx, deploy.PhaseExecute, t.spec.Run)
	var exit *command.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case t.stop.closed():
		return &deploy.Error{Kind: deploy.Stuck, Cancelled: true, Err: err, Reason: "it was interrupted because another Region failed"}
	case errors.As(err, &exit):
		return &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: err.Error(), At: t.opts.Now()}
	}
	return &deploy.Error{Kind: deploy.Failed, Err: err, Reason: err.Error()} // it did not start
}

// Abort implements deploy.Target: the program is asked to end.
func (t *Command) Abort(context.Context) error {
	t.stop.close()
	return nil
}

// Verify implements deploy.Target. Without a program that confirms, the exit
// code of the one that deployed has to do.
func (t *Command) Verify(ctx context.Context, _ deploy.Inputs) error {
	if len(t.spec.Verify) == 0 {
		return nil
	}
	err := t.run(ctx, deploy.PhaseVerify, t.spec.Verify)
	var exit *command.ExitError
	if errors.As(err, &exit) {
		return &deploy.Error{Kind: deploy.Failed, Err: err, Reason: err.Error()}
	}
	return err
}

// Restore implements deploy.Target by the rollback program.
func (t *Command) Restore(ctx context.Context, _ []byte) (deploy.Restored, error) {
	if len(t.spec.Rollback) == 0 {
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Reason: "it has no rollback, so this Region may be on the new release",
			Hint: "bring it back by hand, or deploy again to go forward"}
	}
	err := t.run(ctx, deploy.PhaseRollback, t.spec.Rollback)
	var exit *command.ExitError
	switch {
	case err == nil:
		return deploy.Restored{Status: "restored", Detail: "by its rollback program"}, nil
	case errors.As(err, &exit):
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: fmt.Sprintf("its rollback failed: %v", err), Hint: "bring it back by hand"}
	}
	return deploy.Restored{}, err
}

// Discard implements deploy.Target: a dry run makes nothing that would have to go.
func (t *Command) Discard(context.Context, deploy.Plan) error { return nil }

// Outputs implements deploy.Target: it has none.
func (t *Command) Outputs(context.Context) (map[string]string, error) {
	return map[string]string{}, nil
}
