package target

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/lockstep-dr/lockstep/deploy"
)

// maxDirectZip is the size above which a package goes through a bucket. Lambda
// takes 50 MB in a call, which counts after base64; this leaves room.
const maxDirectZip = 30 << 20

// functionType and aliasType name what a change of this target changes.
const aliasType = "AWS::Lambda::Alias"

type lao = lambda.Options

// functionAPI is what this package calls of Lambda.
type functionAPI interface {
	CreateAlias(context.Context, *lambda.CreateAliasInput, ...func(*lao)) (*lambda.CreateAliasOutput, error)
	DeleteAlias(context.Context, *lambda.DeleteAliasInput, ...func(*lao)) (*lambda.DeleteAliasOutput, error)
	DeleteProvisionedConcurrencyConfig(context.Context, *lambda.DeleteProvisionedConcurrencyConfigInput, ...func(*lao)) (*lambda.DeleteProvisionedConcurrencyConfigOutput, error)
	GetAlias(context.Context, *lambda.GetAliasInput, ...func(*lao)) (*lambda.GetAliasOutput, error)
	GetFunctionConfiguration(context.Context, *lambda.GetFunctionConfigurationInput, ...func(*lao)) (*lambda.GetFunctionConfigurationOutput, error)
	GetProvisionedConcurrencyConfig(context.Context, *lambda.GetProvisionedConcurrencyConfigInput, ...func(*lao)) (*lambda.GetProvisionedConcurrencyConfigOutput, error)
	PublishVersion(context.Context, *lambda.PublishVersionInput, ...func(*lao)) (*lambda.PublishVersionOutput, error)
	PutProvisionedConcurrencyConfig(context.Context, *lambda.PutProvisionedConcurrencyConfigInput, ...func(*lao)) (*lambda.PutProvisionedConcurrencyConfigOutput, error)
	UpdateAlias(context.Context, *lambda.UpdateAliasInput, ...func(*lao)) (*lambda.UpdateAliasOutput, error)
	UpdateFunctionCode(context.Context, *lambda.UpdateFunctionCodeInput, ...func(*lao)) (*lambda.UpdateFunctionCodeOutput, error)
}

// Function is the code of a Lambda function behind an alias, in one Region.
// The function itself, its role and its settings are somebody else's: a stack's
// or a Terraform workspace's.
type Function struct {
	App, Release, Deployment string
	// Key names the target in the release; Name is the function's in this Region.
	Key, Name, Region string
	Alias             string
	// Zip is the package; nil: Image is set.
	Zip *Asset
	// Image is the URI of an image of this Region's registry, by digest.
	Image string
	// Provisioned is the provisioned concurrency of the version that serves;
	// zero: Lockstep leaves that alone.
	Provisioned int32
	// Bucket takes packages above 30 MB; empty: one is made.
	Bucket string
}

// Lambda is a function's alias as a deploy.Target. Callers use the alias: until
// it is moved, nothing they see has changed, and moving it back is the way back.
type Lambda struct {
	spec  Function
	opts  Options
	calls functionAPI
	depot
	// version is the published version to go back to; empty: the code of spec.
	version string
	// want is the digest of the code, as Lambda states it.
	want    string
	planned *aliasState
	// left is the version whose provisioned concurrency is no longer needed,
	// warmed the one that this run gave it to.
	left    string
	warmed  string
	aborted atomic.Bool
}

var (
	_ deploy.Target   = (*Lambda)(nil)
	_ deploy.Returner = (*Lambda)(nil)
	_ deploy.Finisher = (*Lambda)(nil)
)

// NewFunction returns the target. The configuration must be for the function's Region.
func NewFunction(cfg aws.Config, spec Function, opts Options) (*Lambda, error) {
	buckets := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })
	return newFunction(spec, opts, lambda.NewFromConfig(cfg), buckets, sts.NewFromConfig(cfg))
}

func newFunction(spec Function, opts Options, calls functionAPI, buckets bucketAPI, account accountAPI) (*Lambda, error) {
	want, err := spec.codeDigest()
	if err != nil {
		return nil, err
	}
	t := &Lambda{spec: spec, opts: opts.withDefaults(), calls: calls, want: want}
	t.depot = depot{buckets: buckets, account: account, app: spec.App, region: spec.Region, key: "function " + spec.Name, configured: spec.Bucket,
		number: opts.Account, plainHTTP: opts.PlainHTTP, making: opts.Making, say: func(status, text string) { t.report(deploy.PhasePrepare, status, text) }}
	return t, nil
}

// codeDigest is the digest as Lambda states it: base64 for packages, and
// hexadecimal for images.
func (f Function) codeDigest() (string, error) {
	if f.Zip == nil {
		return imageDigest(f.Image)
	}
	raw, err := hex.DecodeString(f.Zip.SHA256)
	if err != nil {
		return "", fmt.Errorf("read digest of %s: %w", f.Zip.Path, err)
	}
	return base64.StdEncoding.EncodeToString(raw), nil
}

// About implements deploy.Target.
func (t *Lambda) About() deploy.About {
	return deploy.About{Name: t.spec.Key, Kind: "lambda", AfterOthers: true, Digest: t.spec.digest()}
}

// Contents are the digests of what the target consists of, by part.
func (f Function) Contents() map[string]string {
	settings, err := json.Marshal([]any{f.Name, f.Alias, f.Image, f.Provisioned})
	if err != nil { // strings and a number always marshal
		settings = nil
	}
	parts := map[string]string{f.Key + "/settings/" + f.Region: digestOf(settings)}
	if f.Zip != nil {
		parts[f.Key+"/zip"] = "sha256:" + f.Zip.SHA256
	}
	return parts
}

func (f Function) digest() string { return digestOfParts(f.Contents()) }

func (t *Lambda) report(phase deploy.Phase, status, text string) {
	if t.opts.Progress != nil {
		t.opts.Progress.Report(deploy.Event{At: t.opts.Now(), Region: t.spec.Region, Target: t.spec.Key, Phase: phase, Status: status, Text: text})
	}
}

func (t *Lambda) newTeller(status string, phase deploy.Phase) *teller {
	return newTeller(status, func(status, text string) { t.report(phase, status, text) })
}

// subject names the function in messages.
func (t *Lambda) subject() string { return "function " + t.spec.Name }

func (t *Lambda) preparing(doing string, err error) error {
	return unprepared(doing, t.subject(), t.spec.Region, err)
}

// failed is a change that did not come about: the alias is where it was.
func (t *Lambda) failed(doing string, err error) error {
	return &deploy.Error{Kind: deploy.Failed, Err: err, Resource: t.spec.Name, Type: functionType, Reason: fmt.Sprintf("%s: %s", doing, plain(err))}
}
