package e2e

import (
	"bytes"
	"context"
	"os/exec"
	"testing"
	"time"
)

// cancelled is how long a step may take after SIGINT. The runner sends SIGTERM
// after 7.5 s and kills after 2.5 s more.
const cancelled = 5 * time.Second

// TestCancelInTheMiddleOfBothRegions sends the runner's SIGINT while both
// Regions are being changed: the step ends in time, says that the Regions are in
// doubt or that each is on the release it had, writes its summary and releases
// its locks; a second run brings both Regions together.
func TestCancelInTheMiddleOfBothRegions(t *testing.T) {
	image(t)
	endpoint := simulator(t, "--speed", "8") // slow enough to be caught in the middle
	workspace := sample(t)

	t.Run("while stacks are created", func(t *testing.T) {
		cancelDeploy(t, endpoint, workspace, "")
	})
	t.Run("while stacks are updated", func(t *testing.T) {
		cancelDeploy(t, endpoint, workspace, "--parameter Memory=1024")
	})
}

func cancelDeploy(t *testing.T, endpoint, workspace, args string) {
	inputs := map[string]string{"command": "deploy", "args": args}
	r := newRunner(t, endpoint, workspace)
	name := containerName(t)
	before := executions(t, endpoint)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	step := exec.CommandContext(ctx, "docker", r.command(name, inputs)...)
	var log bytes.Buffer
	step.Stdout, step.Stderr = &log, &log
	if err := step.Start(); err != nil {
		t.Fatal(err)
	}
	waitForBothRegions(t, endpoint, before)
	signalled := time.Now()
	must(t, "", nil, "docker", "kill", "--signal", "INT", name)
	_ = step.Wait()
	took := time.Since(signalled)
	t.Logf("ended %v after SIGINT with exit code %d:\n%s", took, step.ProcessState.ExitCode(), log.String())

	wantOutcome := map[int]string{1: "rolled-back", 4: "in-doubt"}[step.ProcessState.ExitCode()]
	if wantOutcome == "" || r.outputs()["outcome"] != wantOutcome {
		t.Errorf("exit code %d, outcome %q; want 1 and rolled-back, or 4 and in-doubt", step.ProcessState.ExitCode(), r.outputs()["outcome"])
	}
	if took > cancelled {
		t.Errorf("the step took %v after SIGINT, more than %v", took, cancelled)
	}
	if r.read("file_commands/summary") == "" {
		t.Error("no summary was written")
	}

	again := newRunner(t, endpoint, workspace)
	if got := again.step(inputs); got.code != 0 || again.outputs()["outcome"] != "done" {
		t.Errorf("the second run ends with exit code %d and outcome %q", got.code, again.outputs()["outcome"])
	}
	if got := again.step(map[string]string{"command": "gate"}); got.code != 0 {
		t.Errorf("the gate after the second run ends with exit code %d", got.code)
	}
}

// waitForBothRegions waits until more change sets than before were executed in
// both Regions.
func waitForBothRegions(t *testing.T, endpoint string, before map[string]int) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		now := executions(t, endpoint)
		if now["us-east-1"] > before["us-east-1"] && now["us-west-2"] > before["us-west-2"] {
			return
		}
		select {
		case <-deadline:
			t.Fatal("no change set was executed in both Regions")
		case <-tick.C:
		}
	}
}
