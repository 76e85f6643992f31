package target

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
)

// rig is an AWS on a virtual clock that moves when a target waits.
type rig struct {
	*testing.T
	cloud *awssim.Cloud
	clock movable
	cfn   *cloudformation.Client
	s3    *s3.Client

	mu     sync.Mutex
	events []deploy.Event
	// onSleep runs before each wait of a target.
	onSleep func(n int)
	sleeps  int
	// barrier holds the stacks of a release that no other stack needs.
	barrier time.Duration
}

// movable is a clock that a test can move.
type movable interface {
	clock.Clock
	Advance(time.Duration)
}

func newRig(t *testing.T, faults ...awssim.Fault) *rig {
	t.Helper()
	return newRigOn(t, clock.NewManual(time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)), faults...)
}

func newRigOn(t *testing.T, clk movable, faults ...awssim.Fault) *rig {
	t.Helper()
	cloud, err := awssim.New(awssim.Options{Clock: clk, Faults: faults, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, cloud: cloud, clock: clk}
	cfg := r.config("us-west-2")
	r.cfn, r.s3 = cloudformation.NewFromConfig(cfg), s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	return r
}

func (r *rig) config(region string) aws.Config {
	return aws.Config{Region: region, HTTPClient: r.cloud.HTTPClient(),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts, o.MaxBackoff, o.RateLimiter = 2, time.Millisecond, ratelimit.None
			})
		},
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}
}

// Report implements deploy.Progress.
func (r *rig) Report(e deploy.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

func (r *rig) options() Options {
	if _, alone := r.clock.(bubble); alone {
		return Options{Progress: r, PollFrom: 2 * time.Second, Now: r.clock.Now, Jitter: func() float64 { return 0.5 }}
	}
	return Options{Progress: r, PollFrom: 2 * time.Second, Now: r.clock.Now, Jitter: func() float64 { return 0.5 }, Sleep: func(ctx context.Context, d time.Duration) error {
		r.mu.Lock()
		r.sleeps++
		n, hook := r.sleeps, r.onSleep
		r.mu.Unlock()
		if hook != nil {
			hook(n)
		}
		r.clock.Advance(d)
		return ctx.Err()
	}}
}

// stack is a target of the rig's stack "shop" with a template.
func (r *rig) stack(template string, change ...func(*Stack)) *CloudFormation {
	r.Helper()
	return r.stackWith(r.options(), template, change...)
}

func (r *rig) stackWith(opts Options, template string, change ...func(*Stack)) *CloudFormation {
	r.Helper()
	spec := Stack{App: "shop", Release: "r-0123456789ab", Deployment: "d-1", Key: "app", Name: "shop", Region: "us-west-2",
		Template: []byte(template), TemplateFile: "infra/app.yaml"}
	for _, c := range change {
		c(&spec)
	}
	t, err := NewStack(r.config("us-west-2"), spec, opts)
	if err != nil {
		r.Fatal(err)
	}
	return t
}

func with(parameters map[string]string) func(*Stack) {
	return func(s *Stack) {
		s.Parameters = map[string]Parameter{}
		for key, value := range parameters {
			s.Parameters[key] = Parameter{Literal: value}
		}
	}
}

func run(deployment string) func(*Stack) { return func(s *Stack) { s.Deployment = deployment } }

// prepare plans and expects success.
func (r *rig) prepare(t *CloudFormation) deploy.Plan {
	r.Helper()
	plan, err := t.Prepare(context.Background(), nil)
	if err != nil {
		r.Fatalf("prepare: %v", err)
	}
	return plan
}

// deployed plans and executes and expects success.
func (r *rig) deployed(t *CloudFormation) {
	r.Helper()
	plan := r.prepare(t)
	if plan.Action == deploy.ActionNone {
		return
	}
	if err := t.Execute(context.Background(), plan); err != nil {
		r.Fatalf("execute: %v", err)
	}
	if err := t.Verify(context.Background(), nil); err != nil {
		r.Fatalf("verify: %v", err)
	}
}

func (r *rig) image(t *CloudFormation) []byte {
	r.Helper()
	image, err := t.Image(context.Background())
	if err != nil {
		r.Fatal(err)
	}
	return image
}

// describe reads the stack; missing if there is none.
func (r *rig) describe(name string) types.Stack {
	r.Helper()
	out, err := r.cfn.DescribeStacks(context.Background(), &cloudformation.DescribeStacksInput{StackName: aws.String(name)})
	if isMissing(err) {
		return types.Stack{StackStatus: missing}
	}
	if err != nil {
		r.Fatal(err)
	}
	return out.Stacks[0]
}

func (r *rig) status() types.StackStatus { return r.describe("shop").StackStatus }

// body reads the stack's template.
func (r *rig) body() string {
	r.Helper()
	out, err := r.cfn.GetTemplate(context.Background(), &cloudformation.GetTemplateInput{StackName: aws.String("shop")})
	if err != nil {
		r.Fatal(err)
	}
	return aws.ToString(out.TemplateBody)
}

// fails expects an error of the kind whose text holds all the words.
func (r *rig) fails(err error, kind deploy.ErrorKind, words ...string) {
	r.Helper()
	if err == nil || deploy.KindOf(err) != kind {
		r.Fatalf("got %v (%s), want %s", err, deploy.KindOf(err), kind)
	}
	contains(r.T, err.Error(), words...)
}

func (r *rig) inject(f awssim.Fault) (heal func()) {
	r.Helper()
	id, err := r.cloud.Fail(f)
	if err != nil {
		r.Fatal(err)
	}
	return func() { r.cloud.Heal(id) }
}

type ctxType = context.Context

// setting is the name of the stack's parameter.
func (r *rig) setting() *string {
	r.Helper()
	out, err := r.cfn.DescribeStackResource(context.Background(), &cloudformation.DescribeStackResourceInput{
		StackName: aws.String("shop"), LogicalResourceId: aws.String("Setting")})
	if err != nil {
		r.Fatal(err)
	}
	return out.StackResourceDetail.PhysicalResourceId
}

// changeSetting changes the parameter by hand.
func (r *rig) changeSetting(value string) {
	r.Helper()
	_, err := ssm.NewFromConfig(r.config("us-west-2")).PutParameter(context.Background(), &ssm.PutParameterInput{
		Name: r.setting(), Value: aws.String(value), Overwrite: aws.Bool(true)})
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) readSetting() string {
	r.Helper()
	out, err := ssm.NewFromConfig(r.config("us-west-2")).GetParameter(context.Background(), &ssm.GetParameterInput{Name: r.setting()})
	if err != nil {
		r.Fatal(err)
	}
	return aws.ToString(out.Parameter.Value)
}
