package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The actions that hand files from job to job, as fleet.yml uses them.
const (
	uploadAction   = "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02"
	downloadAction = "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093"
)

// The stand-ins keep artifacts in a directory that act mounts into every job: the
// real ones are programs for Node.js, which the busybox that runs the jobs has not.
// As the real ones do, they take what is there and leave out what is not.
const (
	fakeUpload = `name: fake upload
inputs:
  name: {required: true}
  path: {required: true}
  retention-days: {}
  overwrite: {}
runs:
  using: composite
  steps:
    - shell: sh
      run: |
        test -e "${{ inputs.path }}" || { echo "no files were found at ${{ inputs.path }}"; exit 0; }
        rm -rf "/artifacts/${{ inputs.name }}"
        mkdir -p "/artifacts/${{ inputs.name }}"
        cp "${{ inputs.path }}" "/artifacts/${{ inputs.name }}/"
`
	fakeDownload = `name: fake download
inputs:
  pattern: {required: true}
  path: {required: true}
  merge-multiple: {default: "false"}
runs:
  using: composite
  steps:
    - shell: sh
      run: |
        for artifact in /artifacts/${{ inputs.pattern }}; do
          test -d "$artifact" || continue
          into="${{ inputs.path }}"
          test "${{ inputs.merge-multiple }}" = true || into="$into/$(basename "$artifact")"
          mkdir -p "$into"
          cp "$artifact"/* "$into/"
        done
`
)

// fleet is a repository of two applications, both released, with fleet.yml.
type fleet struct {
	*actions
	flags []string // of act, but for the key
}

func newFleet(t *testing.T, endpoint string) *fleet {
	t.Helper()
	a := newActions(t, endpoint)
	upload, download := t.TempDir(), t.TempDir()
	a.put(filepath.Join(upload, "action.yml"), fakeUpload)
	a.put(filepath.Join(download, "action.yml"), fakeDownload)
	for _, app := range []string{"payments", "orders"} {
		dir := filepath.Join(a.workspace, "apps", app)
		if err := os.CopyFS(dir, os.DirFS(filepath.Join(repository, "examples", "payments"))); err != nil {
			t.Fatal(err)
		}
		rename(t, dir, "payments", app)
		must(t, dir, awsEnvironment(endpoint), lockstep(t), "deploy")
	}
	return &fleet{a, []string{"--local-repository", uploadAction + "=" + upload, "--local-repository", downloadAction + "=" + download,
		"--var", "LOCKSTEP_ROLE_US_EAST_1=arn:aws:iam::111111111111:role/east", "--var", "LOCKSTEP_ROLE_US_WEST_2=arn:aws:iam::111111111111:role/west"}}
}

// run runs fleet.yml; artifacts of one run are not there in the next.
func (f *fleet) run(key string, more ...string) run {
	f.t.Helper()
	flags := append(append(slices.Clone(f.flags), "--container-options", "-v "+f.t.TempDir()+":/artifacts"), more...)
	if key != "" {
		flags = append(flags, "-s", "LOCKSTEP_SEAL_KEY="+key)
	}
	return f.actions.run("fleet.yml", "schedule", `{}`, flags...)
}

// rename makes the sample another application: no name is shared with the first.
func rename(t *testing.T, dir, from, to string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(strings.ReplaceAll(string(text), from, to)), 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// expectSteps checks our steps, all of them, for these applications: those named
// failed, the others did not.
func (r run) expectSteps(t *testing.T, apps []string, failed ...string) {
	t.Helper()
	want := map[string]string{"fleet": "success"}
	for _, app := range apps {
		want["judge "+app], want["snapshot "+app+" us-east-1"], want["snapshot "+app+" us-west-2"] = "success", "success", "success"
	}
	for _, step := range failed {
		want[step] = "failure"
	}
	if !maps.Equal(r.steps, want) || (r.code == 0) != (len(failed) == 0) {
		t.Errorf("exit code %d, steps %v, want %v", r.code, r.steps, want)
	}
}

func (r run) says(t *testing.T, wanted ...string) {
	t.Helper()
	for _, words := range wanted {
		if !strings.Contains(r.summaries, words) {
			t.Errorf("no summary says %q", words)
		}
	}
	if t.Failed() {
		t.Log("summaries:\n", r.summaries, "\nlog:\n", r.log)
	}
}

// TestTheFleetWorkflow runs examples/workflows/fleet.yml, as it is: jobs that see
// one Region each, a judge without credentials, one answer for all applications.
func TestTheFleetWorkflow(t *testing.T) {
	need(t, "act", "docker", "aws")
	endpoint := simulator(t)
	f := newFleet(t, endpoint)
	const key = "0123456789abcdef0123456789abcdef"
	both := []string{"payments", "orders"}

	r := f.run(key)
	r.expectSteps(t, both)
	r.says(t, "**All passed**", "| `orders` | gate | ✅ Ready |", "| `payments` | gate | ✅ Ready |")
	if strings.Contains(r.log, key) {
		t.Error("the key is in the log")
	}

	// Without the key what is secret cannot be compared. One application shows it.
	r = f.run("", "--matrix", "app:payments")
	r.expectSteps(t, []string{"payments"}, "judge payments", "fleet")
	r.says(t, "| `payments` | gate | ⚠️ Unknown |", "sealed by two runs")

	// One application is broken in its standby; a job of the other one dies.
	breakTheStandby(t, f.workspace, awsEnvironment(endpoint))
	f.put(filepath.Join(f.workspace, "apps", "orders", "lockstep.yml"), "version: 1\n")
	r = f.run(key)
	r.expectSteps(t, both, "snapshot orders us-east-1", "snapshot orders us-west-2", "judge payments", "judge orders", "fleet")
	r.says(t, "| `payments` | gate | ❌ Not ready |", "| `orders` | – | ⚠️ No report |")
}
