package collect

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/mototest"
	"github.com/lockstep-dr/lockstep/topology"
)

// world is an AWS of two Regions: the embedded one, or moto.
type world struct {
	*testing.T
	cloud    *awssim.Cloud // nil on moto
	clock    *clock.Manual
	moto     string
	topology topology.Topology
	sessions []*session.Session
}

const account = "111111111111"

func newWorld(t *testing.T) *world {
	t.Helper()
	clk := clock.NewManual(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	cloud, err := awssim.New(awssim.Options{Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	return (&world{T: t, cloud: cloud, clock: clk}).open()
}

func (w *world) open() *world {
	w.Helper()
	top, err := topology.New("payments", topology.WarmStandby, []topology.Region{
		{Name: "us-east-1", Role: topology.Primary}, {Name: "us-west-2", Role: topology.Standby},
	})
	if err != nil {
		w.Fatal(err)
	}
	w.topology = top
	if w.sessions, err = session.Open(w.Context(), top, w.sessionOptions()); err != nil {
		w.Fatal(err)
	}
	return w
}

func (w *world) sessionOptions() session.Options {
	o := session.Options{
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""),
		MaxBackoff:  time.Millisecond,
		RateShare:   -1,
		Getenv:      func(string) string { return "" },
	}
	endpoint := w.moto
	if w.cloud != nil {
		o.HTTPClient, endpoint = w.cloud.HTTPClient(), "http://sim.test"
	} else {
		o.HTTPClient, o.MaxAttempts, o.CloudWatchProtocol = mototest.Client(), 1, "json"
		o.AttemptTimeout = mototest.Patience
	}
	o.Endpoints = map[string]string{"us-east-1": endpoint, "us-west-2": endpoint}
	return o
}

func (w *world) options(stacks ...string) Options {
	o := Options{
		App: "payments", Topology: w.topology, Session: w.sessionOptions(), Run: "run-1",
		Sealer: drift.NewSealer("run-1", bytes.Repeat([]byte{7}, 32)),
		Now:    w.clock.Now,
	}
	for _, s := range stacks {
		o.Stacks = append(o.Stacks, inventory.Source{Key: s})
	}
	return o
}

// deploy creates a stack in one Region and waits for it; it returns the outputs.
func (w *world) deploy(cfg aws.Config, name string, body []byte, parameters map[string]string) map[string]string {
	w.Helper()
	client := cloudformation.NewFromConfig(cfg)
	in := &cloudformation.CreateStackInput{StackName: &name, TemplateBody: aws.String(string(body)),
		Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam}}
	for key, value := range parameters {
		in.Parameters = append(in.Parameters, types.Parameter{ParameterKey: aws.String(key), ParameterValue: aws.String(value)})
	}
	if _, err := client.CreateStack(w.Context(), in); err != nil {
		w.Fatalf("create stack %s in %s: %v", name, cfg.Region, err)
	}
	w.clock.Advance(30 * time.Minute)
	out, err := client.DescribeStacks(w.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		w.Fatal(err)
	}
	stack := out.Stacks[0]
	if stack.StackStatus != types.StackStatusCreateComplete {
		events, _ := client.DescribeStackEvents(w.Context(), &cloudformation.DescribeStackEventsInput{StackName: &name})
		for _, e := range events.StackEvents {
			w.Logf("%s %s %s", aws.ToString(e.LogicalResourceId), e.ResourceStatus, aws.ToString(e.ResourceStatusReason))
		}
		w.Fatalf("stack %s in %s is %s", name, cfg.Region, stack.StackStatus)
	}
	outputs := map[string]string{}
	for _, o := range stack.Outputs {
		outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return outputs
}

// payments deploys the sample application into both Regions.
func (w *world) payments() {
	w.Helper()
	data, app := w.example("data.yaml"), w.example("app.yaml")
	for i, s := range w.sessions {
		role, replica := "primary", "us-west-2"
		if i == 1 {
			role, replica = "standby", "us-east-1"
		}
		bucket := "code-" + s.Region.Name
		w.upload(s.Config, bucket, "api.zip", "PK api")
		w.upload(s.Config, bucket, "settle.zip", "PK settle")
		outputs := w.deploy(s.Config, "payments-data", data, map[string]string{"Role": role, "ReplicaRegion": replica})
		w.deploy(s.Config, "payments", app, map[string]string{
			"Role": role, "TableName": outputs["TableName"], "TableArn": outputs["TableArn"], "ReceiptsBucket": outputs["ReceiptsBucket"],
			"KeyArn": outputs["KeyArn"], "CodeBucket": bucket, "ApiCodeKey": "api.zip", "SettleCodeKey": "settle.zip",
		})
	}
}

func (w *world) example(name string) []byte {
	w.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "payments", "infra", name))
	if err != nil {
		w.Fatal(err)
	}
	return data
}

func (w *world) upload(cfg aws.Config, bucket, key, content string) {
	w.Helper()
	client := s3.NewFromConfig(cfg, session.PathStyle(cfg))
	in := &s3.CreateBucketInput{Bucket: &bucket}
	if cfg.Region != "us-east-1" {
		in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(cfg.Region)}
	}
	_, _ = client.CreateBucket(w.Context(), in) // the second upload finds it there
	if _, err := client.PutObject(w.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader([]byte(content))}); err != nil {
		w.Fatalf("upload s3://%s/%s: %v", bucket, key, err)
	}
}

func (w *world) fail(f awssim.Fault) {
	w.Helper()
	if _, err := w.cloud.Fail(f); err != nil {
		w.Fatal(err)
	}
}

func (w *world) snapshots(o Options) []*drift.Snapshot {
	w.Helper()
	snapshots, err := Snapshots(w.Context(), o)
	if err != nil {
		w.Fatal(err)
	}
	return snapshots
}
