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
	"reflect"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/command"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

// changesPlanned is the exit code of a plan with changes (-detailed-exitcode).
const changesPlanned = 2

// Prepare implements deploy.Target: a plan, saved for exactly this Region.
func (t *Terraform) Prepare(ctx context.Context, _ deploy.Inputs) (deploy.Plan, error) {
	plan := deploy.Plan{Action: deploy.ActionUpdate}
	if err := t.initialise(ctx, deploy.PhasePrepare); err != nil {
		return plan, t.refused("initialise", err)
	}
	dir, err := os.MkdirTemp("", "lockstep-terraform-")
	if err != nil {
		return plan, fmt.Errorf("plan %s in %s: %w", t.spec.Key, t.spec.Region, err)
	}
	plan.Handle = filepath.Join(dir, "plan")
	words := []string{t.spec.Program, "plan", "-input=false", "-no-color", "-detailed-exitcode", t.lockTimeout(), "-out=" + plan.Handle}
	for _, file := range t.spec.VarFiles {
		words = append(words, "-var-file="+file)
	}
	err = t.run(ctx, deploy.PhasePrepare, &bytes.Buffer{}, words...)
	var exit *command.ExitError
	switch {
	case err == nil:
		t.applied = true
		plan.Action = deploy.ActionNone
		if t.spec.Planned != nil {
			_, err = t.changes(ctx, plan.Handle)
		}
		return plan, t.unreadable(err)
	case !errors.As(err, &exit) || exit.Code != changesPlanned:
		return plan, t.refused("plan", err)
	}
	t.applied = false
	if plan.Changes, err = t.changes(ctx, plan.Handle); err != nil {
		return plan, t.unreadable(err)
	}
	if len(t.spec.Rollback) == 0 {
		plan.Notes = append(plan.Notes, "Terraform has no way back, and no rollback is configured: should another Region fail afterwards, this one cannot go back")
	}
	return plan, nil
}

func (t *Terraform) unreadable(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read plan of %s in %s: %w", t.spec.Key, t.spec.Region, err)
}

// refused words a Terraform that said no before anything was touched.
func (t *Terraform) refused(doing string, err error) error {
	var exit *command.ExitError
	if errors.As(err, &exit) {
		return &deploy.Error{Kind: deploy.Refused, Err: err, Reason: fmt.Sprintf("%s %s in %s: %s", doing, t.spec.Dir, t.spec.Region, why(exit))}
	}
	return fmt.Errorf("%s %s in %s: %w", doing, t.spec.Dir, t.spec.Region, err)
}

// why is the first error that Terraform printed; its last line seldom is one.
func why(exit *command.ExitError) string {
	for line := range strings.SplitSeq(exit.All, "\n") {
		if _, text, found := strings.Cut(line, "Error: "); found {
			return text
		}
	}
	return exit.Error()
}

// changes lists what a saved plan would do, and hands the plan to who asked for
// it. Values are neither kept nor shown.
func (t *Terraform) changes(ctx context.Context, file string) ([]deploy.Change, error) {
	var out bytes.Buffer
	if err := t.run(ctx, deploy.PhasePrepare, &out, t.spec.Program, "show", "-json", "-no-color", file); err != nil {
		return nil, err
	}
	if t.spec.Planned != nil {
		parsed, err := terraform.ParsePlan(out.Bytes())
		if err != nil {
			return nil, err
		}
		t.spec.Planned(parsed)
	}
	var plan tfjson.Plan
	if err := json.Unmarshal(out.Bytes(), &plan); err != nil {
		return nil, err
	}
	var changes []deploy.Change
	for _, r := range plan.ResourceChanges {
		if r == nil || r.Change == nil || r.Mode == tfjson.DataResourceMode {
			continue
		}
		if change, ok := changeOfTerraform(*r); ok {
			changes = append(changes, change)
		}
	}
	slices.SortFunc(changes, func(a, b deploy.Change) int { return strings.Compare(a.Resource, b.Resource) })
	return changes, nil
}

// changeOfTerraform says a change in the words of all targets; ok: it is one.
func changeOfTerraform(r tfjson.ResourceChange) (change deploy.Change, ok bool) {
	change = deploy.Change{Resource: r.Address, Type: r.Type}
	known := false
	for _, row := range terraform.Types() {
		if row.Terraform == r.Type && row.CloudFormation != "" {
			change.Type, known = row.CloudFormation, true
			break
		}
	}
	switch actions := r.Change.Actions; {
	case actions.Replace():
		change.Action, change.Replacement = "Modify", "True"
	case actions.Create():
		change.Action = "Add"
	case actions.Delete():
		change.Action = "Remove"
	case actions.Update():
		change.Action, change.Replacement = "Modify", "False"
	default:
		return change, false
	}
	if change.Action == "Modify" {
		change.Properties = attributesChanged(*r.Change)
	}
	if !known && (change.Action == "Remove" || change.Replaces()) { // nobody knows whether it holds data
		change.Class = deploy.DataAtRisk
	}
	return change, true
}

// attributesChanged are the names of the attributes whose value would change or is
// not known before the apply; never a value, which may be a secret.
func attributesChanged(c tfjson.Change) []string {
	before, _ := c.Before.(map[string]any)
	after, _ := c.After.(map[string]any)
	unknown, _ := c.AfterUnknown.(map[string]any)
	names := map[string]bool{}
	for name := range before {
		names[name] = !reflect.DeepEqual(before[name], after[name])
	}
	for name := range after {
		names[name] = !reflect.DeepEqual(before[name], after[name])
	}
	for name, open := range unknown {
		names[name] = names[name] || open == true
	}
	maps.DeleteFunc(names, func(_ string, changed bool) bool { return !changed })
	return slices.Sorted(maps.Keys(names))
}

// Execute implements deploy.Target: exactly the plan that was compared.
func (t *Terraform) Execute(ctx context.Context, plan deploy.Plan) error {
	defer os.RemoveAll(filepath.Dir(plan.Handle))
	if t.stop.closed() {
		return &deploy.Error{Kind: deploy.Failed, Cancelled: true, Reason: "its abort was asked for before it began"}
	}
	err := t.run(ctx, deploy.PhaseExecute, nil, t.spec.Program, "apply", "-input=false", "-no-color", t.lockTimeout(), plan.Handle)
	var exit *command.ExitError
	switch {
	case err == nil:
		t.applied = true
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case t.stop.closed():
		return &deploy.Error{Kind: deploy.Stuck, Cancelled: true, Err: err, Reason: "it was interrupted because another Region failed"}
	case errors.As(err, &exit) && strings.Contains(exit.All, "Saved plan is stale"):
		return &deploy.Error{Kind: deploy.Failed, Err: err, Reason: "its state was changed by somebody else since the plan was made", Hint: "run again"}
	case errors.As(err, &exit):
		return &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: why(exit), At: t.opts.Now()}
	}
	return &deploy.Error{Kind: deploy.Failed, Err: err, Reason: err.Error()} // it did not start
}

// stateImage tells whether a state was changed since. Nothing of the state
// itself is kept: it may hold secrets.
type stateImage struct {
	Version int    `json:"version"`
	Lineage string `json:"lineage"`
	Serial  int64  `json:"serial"`
}

// Image implements deploy.Target.
func (t *Terraform) Image(ctx context.Context) ([]byte, error) {
	img, err := t.state(ctx, deploy.PhaseExecute)
	if err != nil {
		return nil, fmt.Errorf("save state of %s in %s: %w", t.spec.Key, t.spec.Region, err)
	}
	return json.Marshal(img)
}

func (t *Terraform) state(ctx context.Context, phase deploy.Phase) (stateImage, error) {
	img := stateImage{}
	if err := t.initialise(ctx, phase); err != nil {
		return img, err
	}
	var out bytes.Buffer
	if err := t.run(ctx, deploy.PhasePrepare, &out, t.spec.Program, "state", "pull"); err != nil {
		return img, err
	}
	if len(bytes.TrimSpace(out.Bytes())) > 0 { // empty: there is no state yet
		if err := json.Unmarshal(out.Bytes(), &img); err != nil {
			return img, errors.New("the state is not what Terraform writes")
		}
	}
	img.Version = 1
	return img, nil
}

// Restore implements deploy.Target. A state that nothing was applied to is what
// it was; otherwise only the rollback program knows the way.
func (t *Terraform) Restore(ctx context.Context, data []byte) (deploy.Restored, error) {
	var img stateImage
	if err := json.Unmarshal(data, &img); err != nil || img.Version != 1 {
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: "the saved state of " + t.spec.Key + " is damaged", Hint: "apply the earlier commit by hand"}
	}
	now, err := t.state(ctx, deploy.PhaseRollback)
	if err != nil {
		return deploy.Restored{}, fmt.Errorf("restore %s in %s: %w", t.spec.Key, t.spec.Region, err)
	}
	if now == img {
		return deploy.Restored{Status: "untouched", Detail: "its state did not change"}, nil
	}
	if len(t.spec.Rollback) == 0 {
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Reason: "its state was changed, and Terraform has no way back",
			Hint: "apply the earlier commit by hand, or deploy again to go forward"}
	}
	err = t.run(ctx, deploy.PhaseRollback, nil, t.spec.Rollback...)
	var exit *command.ExitError
	if errors.As(err, &exit) {
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: fmt.Sprintf("its rollback failed: %v", err), Hint: "bring it back by hand"}
	}
	return deploy.Restored{Status: "restored", Detail: "by its rollback program"}, err
}
