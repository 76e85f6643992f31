package main

import (
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
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
