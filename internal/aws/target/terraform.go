package target

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/command"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

// Workspace is a Terraform configuration as one Region gets it. Every Region
// has a state of its own: another directory or another workspace.
type Workspace struct {
	// Key names the target in the release.
	Key, Region string
	// Dir is the configuration's directory; Name its workspace, empty: that of
	// the directory. VarFiles are paths from Dir.
	Dir, Name string
	VarFiles  []string
	// Program is the Terraform of the machine.
	Program string
	// Rollback takes back what was applied; empty: nothing can.
	Rollback []string
	// Env are variables of the configuration, TF_VAR_… among them.
	Env map[string]string
	// Commit is what the directory holds, where that is known.
	Commit string
	// Init is held while the directory is initialised: Regions may share it.
	Init *sync.Mutex
	// Planned is told every plan that is made, also one without changes; may be nil.
	Planned func(*terraform.Plan)
	// Settings are as in Program.
	Settings func(context.Context) (settings map[string]string, secrets []string, err error)
}

// Terraform is a workspace as a deploy.Target. It runs the machine's own
// Terraform the way any program of the team's is run (credentials of the Region
// only, output without secrets, asked before it is killed), and applies exactly
// the plan that was compared.
type Terraform struct {
	spec Workspace
	opts Options
	stop *stopper
	// ready: the directory was initialised in this run.
	ready bool
	// applied: the plan was applied in this run, or there was nothing to apply.
	applied bool
}

var _ deploy.Target = (*Terraform)(nil)

// NewWorkspace returns the target.
func NewWorkspace(spec Workspace, opts Options) (*Terraform, error) {
	if spec.Dir == "" || spec.Program == "" || spec.Settings == nil {
		return nil, errors.New("describe terraform target: it needs a directory, a program and settings")
	}
	if spec.Init == nil {
		spec.Init = &sync.Mutex{}
	}
	return &Terraform{spec: spec, opts: opts.withDefaults(), stop: newStopper()}, nil
}

// About implements deploy.Target.
func (t *Terraform) About() deploy.About {
	return deploy.About{Name: t.spec.Key, Kind: "terraform", AfterOthers: true, Digest: digestOfParts(t.spec.Contents())}
}

// Contents are the digests of what the target consists of, by part. The files
// of the directory are known by their commit only.
func (w Workspace) Contents() map[string]string {
	settings, err := json.Marshal([]any{filepath.Base(w.Dir), w.Name, w.VarFiles, w.Env, w.Rollback})
	if err != nil { // lists and maps of strings always marshal
		settings = nil
	}
	parts := map[string]string{w.Key + "/settings/" + w.Region: digestOf(settings)}
	if w.Commit != "" {
		parts[w.Key+"/commit"] = w.Commit
	}
	return parts
}

// run runs Terraform, or the rollback program, for the Region. With an output,
// what it prints is kept from the log: it may hold values.
func (t *Terraform) run(ctx context.Context, phase deploy.Phase, output *bytes.Buffer, words ...string) error {
	settings, secrets, err := t.spec.Settings(ctx)
	if err != nil {
		return fmt.Errorf("run %s: %w", words[0], err)
	}
	own := maps.Clone(t.spec.Env)
	if own == nil {
		own = map[string]string{}
	}
	maps.Copy(own, settings) // the Region's own settings win
	maps.Copy(own, map[string]string{"TF_DATA_DIR": t.dataDir(), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1", "TF_CLI_ARGS": ""})
	if t.spec.Name != "" {
		own["TF_WORKSPACE"] = t.spec.Name
	}
	spec := command.Spec{Words: words, Dir: t.spec.Dir, Env: command.Environment(own), Secrets: secrets}
	if output != nil {
		spec.Stdout = output
	}
	if phase == deploy.PhaseExecute {
		spec.Interrupt = t.stop.ch
	}
	return t.opts.runProgram(ctx, spec, deploy.Event{Region: t.spec.Region, Target: t.spec.Key, Phase: phase})
}

// dataDir keeps what Terraform caches for this Region apart from that of others.
func (t *Terraform) dataDir() string {
	dir := filepath.Join(t.spec.Dir, ".terraform", "lockstep", t.spec.Region)
	if absolute, err := filepath.Abs(dir); err == nil {
		return absolute
	}
	return dir
}

// initialise makes the directory usable for this Region, once.
func (t *Terraform) initialise(ctx context.Context, phase deploy.Phase) error {
	if t.ready {
		return nil
	}
	t.spec.Init.Lock() // Regions share the file of provider versions
	defer t.spec.Init.Unlock()
	if err := os.MkdirAll(t.dataDir(), 0o700); err != nil {
		return fmt.Errorf("initialise %s: %w", t.spec.Dir, err)
	}
	if err := t.run(ctx, phase, &bytes.Buffer{}, t.spec.Program, "init", "-input=false", "-no-color"); err != nil {
		return err
	}
	t.ready = true
	return nil
}

// lockTimeout is how long Terraform waits for a state that somebody else holds.
func (t *Terraform) lockTimeout() string {
	return fmt.Sprintf("-lock-timeout=%ds", int(t.opts.BusyTimeout.Seconds()))
}

// Abort implements deploy.Target: Terraform is asked to end. It finishes what
// it is doing and writes its state.
func (t *Terraform) Abort(context.Context) error {
	t.stop.close()
	return nil
}

// Verify implements deploy.Target. That Terraform applied the plan, or found
// nothing to do, is what it says with its exit code.
func (t *Terraform) Verify(context.Context, deploy.Inputs) error {
	if t.applied {
		return nil
	}
	return &deploy.Error{Kind: deploy.Failed, Reason: "its plan was not applied in this run"}
}

// Discard implements deploy.Target: the saved plan, which may hold secret
// values, is removed.
func (t *Terraform) Discard(_ context.Context, plan deploy.Plan) error {
	if plan.Handle == "" {
		return nil
	}
	return os.RemoveAll(filepath.Dir(plan.Handle))
}

// Outputs implements deploy.Target: those that are neither secret nor structured.
func (t *Terraform) Outputs(ctx context.Context) (map[string]string, error) {
	if err := t.initialise(ctx, deploy.PhasePrepare); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.run(ctx, deploy.PhasePrepare, &out, t.spec.Program, "output", "-json", "-no-color"); err != nil {
		return nil, fmt.Errorf("terraform output -json in %s for %s: %w", t.spec.Dir, t.spec.Region, err)
	}
	var all map[string]struct {
		Sensitive bool
		Value     json.RawMessage
	}
	if err := json.Unmarshal(out.Bytes(), &all); err != nil {
		return nil, fmt.Errorf("terraform output -json in %s for %s: %w", t.spec.Dir, t.spec.Region, err)
	}
	values := map[string]string{}
	for name, o := range all {
		text := string(o.Value)
		if o.Sensitive || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			continue
		}
		var word string
		if json.Unmarshal(o.Value, &word) == nil {
			text = word
		}
		values[name] = text
	}
	return values, nil
}
