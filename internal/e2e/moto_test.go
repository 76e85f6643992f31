package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// motoEnvironment is what moto needs that AWS does not: two attempts, because more
// would take minutes over each of its internal errors; first creation without change sets,
// because they leave its outputs empty; and no CBOR, which it does not speak.
func motoEnvironment(endpoint string) []string {
	return append(awsEnvironment(endpoint),
		"AWS_MAX_ATTEMPTS=2", "LOCKSTEP_CREATE_DIRECTLY=1", "LOCKSTEP_CLOUDWATCH_PROTOCOL=json")
}

// TestTheWholeStoryOnAnAWSNobodyHereWrote is the main job on moto: deploy into
// two Regions, change the standby by hand with the AWS CLI, see the drift and
// the blocked merge, undo the change by hand, see it healed.
func TestTheWholeStoryOnAnAWSNobodyHereWrote(t *testing.T) {
	need(t, "moto_server", "aws")
	env := motoEnvironment(moto(t))
	dir := sample(t)
	allowUnread(t, dir)

	must(t, dir, env, lockstep(t), "deploy")
	clean := findings(t, dir, env)
	if len(clean) != 0 {
		t.Fatalf("two Regions deployed from one source show drift: %v", clean)
	}

	function := physicalID(t, dir, env, "us-west-2", "payments", "ApiFunction")
	aws := func(args ...string) { must(t, dir, env, "aws", append([]string{"--region", "us-west-2"}, args...)...) }
	aws("lambda", "update-function-configuration", "--function-name", function, "--memory-size", "128")
	aws("ssm", "delete-parameter", "--name", "/payments/prod/processor-url")

	changed := findings(t, dir, env)
	if want := []string{"payments/ApiFunction MemorySize", "payments/ProcessorUrl "}; strings.Join(changed, "|") != strings.Join(want, "|") {
		t.Errorf("drift after the change by hand:\n%q\nwant\n%q", changed, want)
	}
	if r := runIn(t, dir, env, lockstep(t), "gate"); r.code != 1 {
		t.Errorf("gate with a broken standby: exit code %d, want 1", r.code)
	}

	aws("lambda", "update-function-configuration", "--function-name", function, "--memory-size", "512")
	// As JSON: given as --value, the CLI would fetch the address.
	aws("ssm", "put-parameter", "--cli-input-json", `{"Name":"/payments/prod/processor-url","Type":"String","Value":"https://api.processor.example.com/v2"}`)
	if healed := findings(t, dir, env); len(healed) != 0 {
		t.Errorf("drift after healing: %v", healed)
	}
	if r := runIn(t, dir, env, lockstep(t), "gate"); r.code != 0 {
		t.Errorf("gate after healing: exit code %d, want 0", r.code)
	}
}

// allowUnread lets the gate pass over what moto cannot show: it creates some
// resources in silence and lists them without a name, which Lockstep rightly
// calls unread.
func allowUnread(t *testing.T, dir string) {
	t.Helper()
	path := filepath.Join(dir, "lockstep.yml")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(data), "unknown: block", "unknown: warn", 1)
	if changed == string(data) {
		t.Fatal("lockstep.yml of the sample has no `unknown: block`")
	}
	if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
}

// findings runs drift and returns "resource property" of everything it found, sorted.
func findings(t *testing.T, dir string, env []string) []string {
	t.Helper()
	report := filepath.Join(t.TempDir(), "drift.json")
	r := runIn(t, dir, env, lockstep(t), "drift", "--format", "json", "--out", report)
	if r.code == 2 || r.code > 3 {
		t.Fatalf("drift: exit code %d", r.code)
	}
	data, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Findings []struct{ Resource, Property string }
	}
	if err := json.Unmarshal(data, &parsed); err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, f := range parsed.Findings {
		list = append(list, f.Resource+" "+f.Property)
	}
	slices.Sort(list)
	if (r.code == 1) != (len(list) > 0) {
		t.Errorf("drift: exit code %d with %d findings", r.code, len(list))
	}
	return list
}

func physicalID(t *testing.T, dir string, env []string, region, stack, logical string) string {
	t.Helper()
	out := must(t, dir, env, "aws", "--region", region, "cloudformation", "list-stack-resources", "--stack-name", stack,
		"--query", "StackResourceSummaries[?LogicalResourceId=='"+logical+"'].PhysicalResourceId", "--output", "text")
	return strings.TrimSpace(out)
}
