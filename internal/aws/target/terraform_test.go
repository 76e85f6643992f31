//go:build unix

package target

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

const workspaceFiles = `
terraform {
  required_version = ">= 1.4"
}
variable "size" { default = "one" }
variable "broken" {
  type    = bool
  default = false
}
resource "terraform_data" "thing" {
  input = var.size
}
resource "terraform_data" "after" {
  input            = "x"
  triggers_replace = [var.size]
  provisioner "local-exec" {
    command = var.broken ? "exit 1" : "true"
  }
}
output "size" { value = terraform_data.thing.output }
output "secret" {
  value     = "hush"
  sensitive = true
}
output "list" { value = ["a"] }
`

// terraforms are two Regions that share a directory, each with a workspace.
type terraforms struct {
	*testing.T
	dir  string
	init sync.Mutex
}

func newTerraforms(t *testing.T) *terraforms {
	t.Helper()
	if _, err := exec.LookPath("terraform"); err != nil {
		if os.Getenv("LOCKSTEP_REQUIRE_TOOLS") == "1" {
			t.Fatal("terraform is not on PATH")
		}
		t.Skip("SKIPPED: the Terraform target is not tested: terraform is not on PATH")
	}
	w := &terraforms{T: t, dir: t.TempDir()}
	if err := os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(workspaceFiles), 0o600); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *terraforms) target(region string, vars map[string]string, change ...func(*Workspace)) *Terraform {
	w.Helper()
	spec := Workspace{Key: "terraform/infra", Region: region, Dir: w.dir, Name: region, Program: "terraform", Env: map[string]string{}, Init: &w.init,
		Settings: func(context.Context) (map[string]string, []string, error) {
			return map[string]string{"AWS_REGION": region}, nil, nil
		}}
	for name, value := range vars {
		spec.Env["TF_VAR_"+name] = value
	}
	for _, c := range change {
		c(&spec)
	}
	t, err := NewWorkspace(spec, Options{Progress: &lines{}})
	if err != nil {
		w.Fatal(err)
	}
	return t
}

func (w *terraforms) release(t *Terraform) deploy.Plan {
	w.Helper()
	plan, err := t.Prepare(context.Background(), nil)
	if err == nil && plan.Action != deploy.ActionNone {
		err = t.Execute(context.Background(), plan)
	}
	if err == nil {
		err = t.Verify(context.Background(), nil)
	}
	if err != nil {
		w.Fatal(err)
	}
	return plan
}

func TestTerraformAppliesThePlanOfEachRegionAtOnce(t *testing.T) {
	w := newTerraforms(t)
	var all sync.WaitGroup
	for _, region := range []string{"us-east-1", "us-west-2"} {
		all.Go(func() {
			target := w.target(region, map[string]string{"size": region})
			plan := w.release(target)
			if len(plan.Changes) != 2 || plan.Changes[0].Action != "Add" || plan.Changes[1].Resource != "terraform_data.thing" {
				t.Errorf("%s: %+v", region, plan.Changes)
			}
			if _, err := os.Stat(plan.Handle); !os.IsNotExist(err) {
				t.Errorf("%s: the saved plan is still there: %v", region, err)
			}
			outputs, err := target.Outputs(t.Context())
			if err != nil || outputs["size"] != region || len(outputs) != 1 {
				t.Errorf("%s: outputs %v, %v", region, outputs, err)
			}
			if again := w.release(w.target(region, map[string]string{"size": region})); again.Action != deploy.ActionNone {
				t.Errorf("%s: a second plan: %+v", region, again)
			}
		})
	}
	all.Wait()
}

func TestAPlanOfTerraformSaysWhatIsReplacedAndIsDiscarded(t *testing.T) {
	w := newTerraforms(t)
	w.release(w.target("us-west-2", nil))
	target := w.target("us-west-2", map[string]string{"size": "two"})
	plan, err := target.Prepare(t.Context(), nil)
	if err != nil || len(plan.Changes) != 2 {
		t.Fatalf("%+v, %v", plan, err)
	}
	if c := plan.Changes[0]; c.Resource != "terraform_data.after" || !c.Replaces() || c.Class != deploy.DataAtRisk {
		t.Errorf("%+v", c)
	}
	if c := plan.Changes[1]; c.Action != "Modify" || c.Replaces() || !slices.Equal(c.Properties, []string{"input", "output"}) {
		t.Errorf("%+v", c)
	}
	if len(plan.Notes) != 1 {
		t.Errorf("notes %q", plan.Notes)
	}
	if err := target.Discard(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(plan.Handle)); !os.IsNotExist(err) {
		t.Errorf("the plan is still there: %v", err)
	}
}

// A prediction needs the values of a Region in which nothing changes, too.
func TestEveryPlanOfTerraformIsToldAlsoOneWithoutChanges(t *testing.T) {
	w := newTerraforms(t)
	told := 0
	listen := func(s *Workspace) { s.Planned = func(*terraform.Plan) { told++ } }
	w.release(w.target("us-west-2", nil, listen))
	if again := w.release(w.target("us-west-2", nil, listen)); again.Action != deploy.ActionNone || told != 2 {
		t.Errorf("%+v, told %d times", again, told)
	}
}

func TestABadDayOfTerraform(t *testing.T) {
	w := newTerraforms(t)
	w.release(w.target("us-west-2", nil))

	bad := w.target("us-west-2", map[string]string{"broken": "maybe"})
	_, err := bad.Prepare(t.Context(), nil)
	if deploy.KindOf(err) != deploy.Refused || !strings.Contains(err.Error(), "us-west-2") {
		t.Errorf("a variable that makes no sense: %v", err)
	}

	stale := w.target("us-west-2", map[string]string{"size": "two"})
	plan, err := stale.Prepare(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	w.release(w.target("us-west-2", map[string]string{"size": "three"}))
	if err := stale.Execute(t.Context(), plan); deploy.KindOf(err) != deploy.Failed || !strings.Contains(err.Error(), "changed by somebody else") {
		t.Errorf("a plan that is out of date: %v", err)
	}

	half := w.target("us-west-2", map[string]string{"size": "four", "broken": "true"})
	saved, err := half.Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if back, err := half.Restore(t.Context(), saved); err != nil || back.Status != "untouched" {
		t.Errorf("nothing was applied: %+v, %v", back, err)
	}
	if plan, err = half.Prepare(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	err = half.Execute(t.Context(), plan)
	if deploy.KindOf(err) != deploy.Stuck || strings.Contains(err.Error(), "exit code") {
		t.Errorf("half of it was applied: %v", err)
	}
	if err := half.Verify(t.Context(), nil); deploy.KindOf(err) != deploy.Failed {
		t.Errorf("and it verifies: %v", err)
	}
	if _, err := half.Restore(t.Context(), saved); deploy.KindOf(err) != deploy.Stuck {
		t.Errorf("without a rollback: %v", err)
	}
	way := w.target("us-west-2", map[string]string{"size": "three"}, func(s *Workspace) {
		s.Rollback = []string{"terraform", "apply", "-auto-approve", "-no-color"}
	})
	if back, err := way.Restore(t.Context(), saved); err != nil || back.Status != "restored" {
		t.Errorf("with a rollback: %+v, %v", back, err)
	}
	if plan, err := w.target("us-west-2", map[string]string{"size": "three"}).Prepare(t.Context(), nil); err != nil || plan.Action != deploy.ActionNone {
		t.Errorf("afterwards: %+v, %v", plan, err)
	}
}
