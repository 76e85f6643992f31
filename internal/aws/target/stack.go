package target

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/lockstep-dr/lockstep/deploy"
)

// Limits of CloudFormation, in bytes. Source: its quotas page.
const (
	maxInlineTemplate = 51_200
	maxTemplate       = 1_048_576 // 1 MB, from S3
)

// Stack is one CloudFormation stack of a release in one Region.
type Stack struct {
	// App is the application's name; it is part of tokens and bucket names.
	App string
	// Release and Deployment are the ids of the release and of this attempt.
	Release, Deployment string
	// Key names the target in the release; Name is the stack's name in this Region.
	Key, Name string
	Region    string
	Template  []byte
	// TemplateFile is where the template came from, for messages.
	TemplateFile string
	Parameters   map[string]Parameter
	// Keep are parameters that keep the value they have: those of a saved
	// state that nobody could read.
	Keep []string
	// Tags of the stack. nil leaves the tags of an existing stack alone.
	Tags         map[string]string
	Capabilities []string
	// ServiceRole is the ARN of the role CloudFormation acts with; empty: the
	// stack's earlier role, or the caller.
	ServiceRole string
	// NotificationARNs are SNS topics for stack events. nil leaves them alone.
	NotificationARNs []string
	// RollbackAlarms are names of alarms that take an update back, while it
	// runs and for RollbackMonitor after it. nil leaves those of the stack alone.
	RollbackAlarms  []string
	RollbackMonitor time.Duration
	// Policy is the stack policy, JSON, that the stack has once it has settled;
	// empty: the one it has is left alone.
	Policy string
	// Imports are outputs of earlier targets that the template takes by Fn::ImportValue.
	Imports []deploy.Ref
	// ImportExisting takes resources that exist under their names into the stack.
	ImportExisting bool
	// Bucket of this Region takes large templates and assets. Empty: one
	// named after application, account and Region, created when needed.
	Bucket string
	Assets []Asset
	// RevertDrift plans with drift-reverting change sets: resources changed
	// by hand are brought back to the template.
	RevertDrift bool
	// RecreateFailed allows a stack in ROLLBACK_COMPLETE, which can only be
	// deleted, to be deleted and created again.
	RecreateFailed bool
	// Barrier is how long the stack waits, before its update is final, until
	// all Regions are ready; zero: it does not wait. What later targets take as
	// inputs cannot wait: outputs are there when a stack has settled.
	Barrier time.Duration
	// rehearsalOf is the name of the stack that this one is the Rehearsal of.
	rehearsalOf string
	// Repair allows a stack whose update or rollback got stuck to be taken
	// back to its last whole release before it is deployed to.
	Repair bool
}

// Parameter is the value of a template parameter: literal, or the output of
// an earlier target.
type Parameter struct {
	Literal string
	// Output is used when its Target is not empty.
	Output deploy.Ref
	// Secret: the template declares it NoEcho. Its value goes to
	// CloudFormation and nowhere else, no digest of it either: a digest that
	// anybody can compute lets a short secret be guessed.
	Secret bool `json:",omitempty"`
}

// Options are what a target needs from outside. The zero value is right for production.
type Options struct {
	Progress deploy.Progress
	// Account is the Region's account; empty: it is asked for when needed.
	Account string
	// DryRun marks change sets as those of a plan, which others may be making too.
	DryRun bool
	// BusyTimeout bounds waiting for somebody else's operation. Zero: ten minutes.
	BusyTimeout time.Duration
	// BlindTimeout bounds following an operation that cannot be read. Zero: fifteen minutes.
	BlindTimeout time.Duration
	// PollFrom and PollTo bound the poll interval. Zero: 0.3 s and 15 s.
	PollFrom, PollTo time.Duration
	// Now, Sleep and Jitter replace time and chance in tests. Jitter is in [0,1).
	Now    func() time.Time
	Sleep  func(context.Context, time.Duration) error
	Jitter func() float64
	// CreateDirectly makes first creations with CreateStack instead of
	// executing the change set they were planned with. It is for simulators
	// that leave out the outputs of stacks made by change sets.
	CreateDirectly bool
	// Making is shared by the targets of a Region that are planned side by side:
	// one of them makes the Region's bucket. nil: they are not.
	Making *sync.Mutex
	// PlainHTTP says that the endpoint speaks no TLS, as local simulators do:
	// a bucket made here then gets no policy that demands it. NewStack finds out.
	PlainHTTP bool
}

func (o Options) withDefaults() Options {
	setDefault(&o.BusyTimeout, 10*time.Minute)
	setDefault(&o.BlindTimeout, 15*time.Minute)
	setDefault(&o.PollFrom, 300*time.Millisecond)
	setDefault(&o.PollTo, 15*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return o
}

func setDefault(d *time.Duration, value time.Duration) {
	if *d <= 0 {
		*d = value
	}
}

// sleep waits or returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// CloudFormation is a stack in one Region as a deploy.Target. It serves one run.
type CloudFormation struct {
	spec   Stack
	opts   Options
	stacks stackAPI
	depot

	// prepared holds what belongs to each change set, by its ARN.
	prepared map[string]changeSet
	attempts int
	// remaining are warnings of what earlier runs left and could not be removed.
	remaining []string
	// held is the operation that was brought to the barrier, or would have been.
	held *operation
	// repaired is the status that a repair of this run began from; empty: none did.
	repaired types.StackStatus
	// uploaded are the values of asset parameters, once uploaded.
	uploaded map[string]string
	// accepted is the state of the stack in which CloudFormation found
	// nothing to change; nil: it did.
	accepted *stackState
	// stackID is the stack an operation of ours runs on; guarded by being
	// set before the operation and read by Abort.
	stackID atomic.Pointer[string]
	aborted atomic.Bool
}

var _ deploy.Target = (*CloudFormation)(nil)

// NewStack returns the target. The configuration must be for the stack's Region.
func NewStack(cfg aws.Config, spec Stack, opts Options) (*CloudFormation, error) {
	if err := spec.validate(); err != nil {
		return nil, err
	}
	opts.PlainHTTP = opts.PlainHTTP || strings.HasPrefix(aws.ToString(cfg.BaseEndpoint), "http://")
	buckets := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })
	return newStack(spec, opts, cloudformation.NewFromConfig(cfg), buckets, sts.NewFromConfig(cfg)), nil
}

func newStack(spec Stack, opts Options, stacks stackAPI, buckets bucketAPI, account accountAPI) *CloudFormation {
	t := &CloudFormation{spec: spec, opts: opts.withDefaults(), stacks: stacks, prepared: map[string]changeSet{}, uploaded: map[string]string{}}
	t.depot = depot{buckets: buckets, account: account, app: spec.App, region: spec.Region, key: "stack " + spec.Name, configured: spec.Bucket,
		number: opts.Account, plainHTTP: opts.PlainHTTP, making: opts.Making, say: func(status, text string) { t.report(deploy.PhasePrepare, status, text) }}
	return t
}

func (s Stack) validate() error {
	switch {
	case s.App == "" || s.Key == "" || s.Name == "" || s.Region == "":
		return errors.New("describe stack target: it needs an application, a key, a stack name and a Region")
	case len(s.Template) == 0:
		return fmt.Errorf("read template of %s: %s is empty", s.Key, s.TemplateFile)
	case len(s.Template) > maxTemplate:
		return fmt.Errorf("read template of %s: %s has %d bytes, CloudFormation takes at most %d: split it into several stacks",
			s.Key, s.TemplateFile, len(s.Template), maxTemplate)
	}
	return nil
}

// About implements deploy.Target.
func (t *CloudFormation) About() deploy.About {
	seen := map[deploy.Ref]bool{}
	needs := slices.Clone(t.spec.Imports)
	for _, imported := range needs {
		seen[imported] = true
	}
	for _, p := range t.spec.Parameters {
		if p.Output.Target != "" && !seen[p.Output] {
			seen[p.Output] = true
			needs = append(needs, p.Output)
		}
	}
	slices.SortFunc(needs, func(a, b deploy.Ref) int { return strings.Compare(a.String(), b.String()) })
	return deploy.About{Name: t.spec.Key, Kind: "cloudformation", Needs: needs, Digest: t.spec.digest()}
}

// Contents are the digests of what the stack consists of, by part, as they
// go into the identity of a release.
func (s Stack) Contents() map[string]string {
	parts := map[string]string{
		s.Key + "/template":             digestOf(s.Template),
		s.Key + "/settings/" + s.Region: s.settings(),
	}
	for _, asset := range s.Assets {
		parts[s.Key+"/asset/"+asset.KeyParameter] = "sha256:" + asset.SHA256
	}
	return parts
}

// settings is the digest of everything about the stack that is neither
// template nor asset nor secret.
func (s Stack) settings() string {
	parameters := maps.Clone(s.Parameters)
	for name, p := range parameters {
		if p.Secret {
			p.Literal = ""
			parameters[name] = p
		}
	}
	data, err := json.Marshal(struct {
		Name             string
		Parameters       map[string]Parameter
		Tags             map[string]string
		Capabilities     []string
		ServiceRole      string
		NotificationARNs []string
		RollbackAlarms   []string      `json:",omitempty"`
		RollbackMonitor  time.Duration `json:",omitempty"`
		Policy           string        `json:",omitempty"`
	}{s.Name, parameters, s.Tags, s.Capabilities, s.ServiceRole, s.NotificationARNs, s.RollbackAlarms, s.RollbackMonitor, s.Policy})
	if err != nil { // maps of strings always marshal
		return ""
	}
	return digestOf(data)
}

// digest is the content hash of the whole stack in its Region.
func (s Stack) digest() string { return digestOfParts(s.Contents()) }

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// short is the first n hexadecimal digits of the hash of the parts.
func short(n int, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])[:n]
}

// unit is the part of every token that tells this stack's operations from others.
func (t *CloudFormation) unit() string {
	return short(8, t.spec.App, t.spec.Key, t.spec.Region)
}

// token is the ClientRequestToken of an operation: it marks the operation's
// events as ours and makes repeating the call harmless.
func (t *CloudFormation) token(operation string) string {
	release := strings.TrimPrefix(t.spec.Release, "r-")
	return fmt.Sprintf("ls-%s-%s-%s", release, t.unit(), short(8, t.spec.Deployment, operation))
}

// isOurs reports whether a ClientRequestToken belongs to an operation on this
// stack by any run of the same application.
func (t *CloudFormation) isOurs(token string) bool {
	return strings.HasPrefix(token, "ls-") && strings.Contains(token, "-"+t.unit()+"-")
}

func (t *CloudFormation) newTeller(status string, phase deploy.Phase) *teller {
	return newTeller(status, func(status, text string) { t.report(phase, status, text) })
}

// report sends a progress event.
func (t *CloudFormation) report(phase deploy.Phase, status, text string) {
	if t.opts.Progress == nil {
		return
	}
	t.opts.Progress.Report(deploy.Event{At: t.opts.Now(), Region: t.spec.Region, Target: t.spec.Key,
		Phase: phase, Status: status, Text: text})
}
