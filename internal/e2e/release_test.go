package e2e

import "testing"

// TestTheSmokeTestOfARelease does what the release workflow does with the tagged
// action: two Regions deployed by the binary, and the image judging their
// snapshots where no AWS answers.
func TestTheSmokeTestOfARelease(t *testing.T) {
	image(t)
	workspace := sample(t)
	must(t, repository, nil, "sh", "-c", `scripts/smoke-snapshot.sh "$1" "$2" snapshots`, "smoke", lockstep(t), workspace)
	r := newRunner(t, "http://127.0.0.1:1", workspace)
	if got := r.step(map[string]string{"command": "gate", "args": "--from snapshots"}); got.code != 0 {
		t.Fatalf("exit code %d:\n%s", got.code, got.output)
	}
	if verdict := r.outputs()["verdict"]; verdict != "ready" {
		t.Errorf("verdict %q, want ready", verdict)
	}
}
