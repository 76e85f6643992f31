package collect

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// asked counts the calls of an operation in the simulator's ledger.
func (w *world) asked(from int, operation string) int {
	n := 0
	for _, call := range w.cloud.Calls()[from:] {
		if call.Operation == operation {
			n++
		}
	}
	return n
}

// versioned is a stack whose alias and service name what never changes. The
// version belongs to another pipeline, so only the alias asks for its code.
const versioned = `
Parameters: {Version: {Type: String, Default: "1"}}
Resources:
  Role: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
  Fn:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: i.h, Role: !GetAtt Role.Arn, FunctionName: fn, Code: {ZipFile: "def h(e, c): pass"}}
  V1: {Type: "AWS::Lambda::Version", Properties: {FunctionName: !Ref Fn}}
  Live: {Type: "AWS::Lambda::Alias", Properties: {FunctionName: !Ref Fn, FunctionVersion: !GetAtt V1.Version, Name: live}}
  Cluster: {Type: "AWS::ECS::Cluster"}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: web, Cpu: "256", Memory: "512", NetworkMode: awsvpc, RequiresCompatibilities: [FARGATE],
      ContainerDefinitions: [{Name: web, Image: "nginx:1.27", Environment: [{Name: MODE, Value: plain-value-of-a-variable}]}]}
  Service:
    Type: AWS::ECS::Service
    Properties: {Cluster: !Ref Cluster, TaskDefinition: !Ref Task, DesiredCount: 1, LaunchType: FARGATE,
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1]}}}
`

func encoded(t *testing.T, s []*drift.Snapshot) string {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestAWarmRunAsksLessAndSeesTheSame(t *testing.T) {
	w := newWorld(t)
	for _, s := range w.sessions {
		w.deploy(s.Config, "app", []byte(versioned), nil)
	}
	plain := w.options("app")
	cached := plain
	cached.Cache = filepath.Join(t.TempDir(), "cache")
	cached.Warn = func(text string) { t.Error(text) }

	want := encoded(t, w.snapshots(plain))
	before := len(w.cloud.Calls())
	cold := encoded(t, w.snapshots(cached))
	coldCalls := len(w.cloud.Calls()) - before
	before = len(w.cloud.Calls())
	warm := encoded(t, w.snapshots(cached))
	warmCalls := len(w.cloud.Calls()) - before
	if cold != want || warm != want {
		t.Error("a cache changes what is seen")
	}
	// What the reader of the version and of the task definition asks, it asks
	// every time: whether they are still there.
	if functions, tasks := w.asked(before, "GetFunction"), w.asked(before, "DescribeTaskDefinition"); functions != 4 || tasks != 2 {
		t.Errorf("warm: %d calls of GetFunction, want one for each function, and one for a version and its alias; %d of DescribeTaskDefinition, want one for each resource", functions, tasks)
	}
	if warmCalls > coldCalls {
		t.Errorf("a warm run makes %d calls, a cold one %d", warmCalls, coldCalls)
	}
	t.Logf("%d calls cold, %d warm", coldCalls, warmCalls)
}

// A file that was damaged is no answer.
func TestADamagedFileIsReportedAndChangesNothing(t *testing.T) {
	w := newWorld(t)
	for _, s := range w.sessions {
		w.deploy(s.Config, "app", []byte(versioned), nil)
	}
	o := w.options("app")
	o.Cache = t.TempDir()
	want := encoded(t, w.snapshots(o))
	files, err := filepath.Glob(filepath.Join(o.Cache, "*.json"))
	if err != nil || len(files) != 2 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data[:len(data)-20], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	warnings := 0
	o.Warn = func(string) { warnings++ }
	if have := encoded(t, w.snapshots(o)); have != want || warnings != 2 {
		t.Errorf("a damaged file: %d warnings, the same seen: %v", warnings, have == want)
	}
}

// A cache does not hide that something is gone, nor that it must not be read.
func TestACacheHidesNeitherAbsenceNorDenial(t *testing.T) {
	w := newWorld(t)
	for _, s := range w.sessions {
		w.deploy(s.Config, "app", []byte(versioned), nil)
	}
	o := w.options("app")
	o.Cache = t.TempDir()
	w.snapshots(o)
	west := lambda.NewFromConfig(w.sessions[1].Config)
	if _, err := west.DeleteAlias(t.Context(), &lambda.DeleteAliasInput{FunctionName: aws.String("fn"), Name: aws.String("live")}); err != nil {
		t.Fatal(err)
	}
	if _, err := west.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("fn"), Qualifier: aws.String("1")}); err != nil {
		t.Fatal(err)
	}
	w.fail(awssim.Fault{Effect: fault.AccessDenied, Region: "us-east-1", Service: "lambda", Operation: "GetAlias"})
	snapshots := w.snapshots(o)
	gone := 0
	for _, f := range snapshots[1].Facts {
		if f.Kind == drift.FactGone {
			gone++
		}
	}
	if gone != 2 {
		t.Errorf("in us-west-2 %d things are gone, want alias and version: %+v", gone, snapshots[1].Facts)
	}
	if len(snapshots[0].Gaps) == 0 || snapshots[0].Gaps[0].Operation != "lambda:GetAlias" {
		t.Errorf("gaps %+v", snapshots[0].Gaps)
	}
}
