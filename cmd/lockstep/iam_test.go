package main

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	faults "github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// TestThePrintedPoliciesCoverEveryCall runs the commands against a simulated
// AWS and holds every call they made against the policy printed for them.
func TestThePrintedPoliciesCoverEveryCall(t *testing.T) {
	cloud, err := awssim.New(awssim.Options{Seed: 1, Speed: 500})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(cloud)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	if err := copyPayments(dir); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "iam", "AWS_SECRET_ACCESS_KEY": "iam",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": dir + "/none", "AWS_SHARED_CREDENTIALS_FILE": dir + "/none", "GITHUB_ACTIONS": ""} {
		t.Setenv(name, value)
	}
	for _, command := range []string{"plan", "deploy", "status", "drift", "gate"} {
		t.Run(command, func(t *testing.T) {
			allowed := allowedActions(t, dir, command)
			before := len(cloud.Calls())
			if code := runQuietly(dir, command); code != exitOK {
				t.Fatalf("lockstep %s: exit code %d", command, code)
			}
			for _, call := range cloud.Calls()[before:] {
				if action := actionOf(call); !slices.Contains(allowed, action) && action != "sts:GetCallerIdentity" {
					t.Errorf("lockstep %s called %s, which the printed policy does not allow", command, action)
				}
			}
		})
	}
}

// TestThePrintedPolicySuffices runs every command on an AWS that denies whatever
// the policy printed for it does not list. That each of the listed actions is
// needed is what TestWhatCannotBeReadIsNeitherDriftNorReady shows of reading.
func TestThePrintedPolicySuffices(t *testing.T) {
	r := newRig(t)
	memory := 256
	edit := func() {
		file := r.dir + "/infra/app.yaml"
		text, err := os.ReadFile(file)
		r.check(err)
		r.check(os.WriteFile(file, []byte(strings.Replace(string(text), fmt.Sprint("MemorySize: ", memory), fmt.Sprint("MemorySize: ", memory+64), 1)), 0o644))
		memory += 64
	}
	commands := [][]string{{"plan"}, {"deploy"}, {"rehearse"}, {"rollback"}, {"recover"}, {"status"}, {"drift"}, {"gate"}, {"snapshot", "--out", "s"}, {"strategy"}, {"freeze", "--until", "2999-01-01", "--reason", "x"}, {"freeze", "--lift"}}
	run := func(command []string) {
		r.Helper()
		if command[0] == "plan" {
			edit()
		}
		if code, out := r.run(command...); code != exitOK {
			t.Fatalf("lockstep %v: exit code %d\n%s", command, code, out)
		}
	}
	for _, command := range commands {
		run(command)
	}
	operations := map[[2]string]bool{}
	for _, call := range r.cloud.Calls() {
		operations[[2]string{call.Service, call.Operation}] = true
	}
	for _, command := range commands {
		allowed := append(allowedActions(t, r.dir, command[0]), "sts:GetCallerIdentity")
		var denied []string
		for operation := range operations {
			if slices.Contains(allowed, actionOf(awssim.Entry{Service: operation[0], Operation: operation[1]})) {
				continue
			}
			id, err := r.cloud.Fail(awssim.Fault{Effect: faults.AccessDenied, Service: operation[0], Operation: operation[1]})
			r.check(err)
			denied = append(denied, id)
		}
		if len(denied) == 0 {
			t.Errorf("lockstep %v: nothing is denied of %d operations", command, len(operations))
		}
		run(command)
		for _, id := range denied {
			r.cloud.Heal(id)
		}
	}
	if have, want := allowedActions(t, r.dir, "watch"), allowedActions(t, r.dir, "gate"); !slices.Equal(have, want) {
		t.Errorf("watch, which judges as gate does, may %v", have)
	}
}

// TestThePolicyOfADeployThatJudgesSuffices denies whatever the policies of a deploy
// and a plan do not list, where these judge the Regions first.
func TestThePolicyOfADeployThatJudgesSuffices(t *testing.T) {
	r := newRig(t)
	before := allowedActions(t, r.dir, "deploy")
	file := r.dir + "/lockstep.yml"
	text, err := os.ReadFile(file)
	r.check(err)
	r.check(os.WriteFile(file, append(text, "\ndeploy: {preconditions: true}\n"...), 0o644))
	if more := allowedActions(t, r.dir, "deploy"); len(more) <= len(before) || slices.Contains(before, "servicequotas:GetServiceQuota") {
		t.Errorf("%d actions, and %d with preconditions", len(before), len(more))
	}
	template := r.dir + "/infra/app.yaml"
	text, err = os.ReadFile(template)
	r.check(err)
	r.check(os.WriteFile(template, []byte(strings.Replace(string(text), "MemorySize: 256", "MemorySize: 320", 1)), 0o644))
	for _, command := range []string{"plan", "deploy"} {
		allowed, denied := append(allowedActions(t, r.dir, command), "sts:GetCallerIdentity"), 0
		for _, call := range distinct(r.cloud.Calls()) {
			if !slices.Contains(allowed, actionOf(awssim.Entry{Service: call.service, Operation: call.operation})) {
				_, err := r.cloud.Fail(awssim.Fault{Effect: faults.AccessDenied, Region: call.region, Service: call.service, Operation: call.operation})
				r.check(err)
				denied++
			}
		}
		calls := len(r.cloud.Calls())
		if code, out := r.run(command); code != exitOK {
			t.Errorf("lockstep %s, with %d calls denied: exit code %d\n%s", command, denied, code, out)
		}
		for _, call := range distinct(r.cloud.Calls()[calls:]) {
			if action := actionOf(awssim.Entry{Service: call.service, Operation: call.operation}); !slices.Contains(allowed, action) {
				t.Errorf("lockstep %s called %s, which its policy does not allow", command, action)
			}
		}
		r.cloud.ClearFaults()
	}
}

// TestDecryptingGoesThroughParameterStoreAlone holds the one action that could
// open more than it should to its condition.
func TestDecryptingGoesThroughParameterStoreAlone(t *testing.T) {
	for _, s := range reads([]string{"kms:Decrypt", "kms:DescribeKey", "ssm:GetParameters"}) {
		if slices.Contains(s.Action, decrypt) && (len(s.Action) > 1 || len(s.Condition["StringLike"]["kms:ViaService"]) == 0) {
			t.Errorf("%+v", s)
		}
	}
	if list := reads([]string{"kms:DescribeKey"}); len(list) != 1 || list[0].Condition != nil {
		t.Errorf("nothing is decrypted: %+v", list)
	}
}

func copyPayments(dir string) error {
	sample, err := sampleFiles()
	if err != nil {
		return err
	}
	return copyTree(dir, sample)
}

func runQuietly(dir string, args ...string) int {
	env := processEnvironment()
	env.stdout, env.stderr = &strings.Builder{}, &strings.Builder{}
	env.now = func() time.Time { return time.Now() }
	return run(append([]string{"-C", dir}, args...), env)
}

func allowedActions(t *testing.T, dir, command string) []string {
	t.Helper()
	var out strings.Builder
	env := processEnvironment()
	env.stdout = &out
	if code := run([]string{"-C", dir, "iam", "--for", command}, env); code != exitOK {
		t.Fatalf("lockstep iam --for %s: exit code %d", command, code)
	}
	var document policy
	if err := json.Unmarshal([]byte(out.String()), &document); err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, s := range document.Statement {
		actions = append(actions, s.Action...)
	}
	return actions
}

// serviceIDs are the SDK's names of services by their signing name, where they
// are not told apart by case alone.
var serviceIDs = map[string]string{"monitoring": "CloudWatch", "logs": "CloudWatch Logs", "events": "EventBridge", "secretsmanager": "Secrets Manager",
	"apigateway": "API Gateway", "s3": "S3", "cloudformation": "CloudFormation", "dynamodb": "DynamoDB", "lambda": "Lambda"}

func actionOf(call awssim.Entry) string {
	id, ok := serviceIDs[call.Service]
	if !ok {
		id = strings.ToUpper(call.Service)
	}
	return session.Action(id, call.Operation)
}
