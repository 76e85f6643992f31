package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"

	"github.com/lockstep-dr/lockstep/topology"
)

// Options say how Regions are reached. The zero value is right for real AWS.
type Options struct {
	// HTTPClient replaces the network: the embedded AWS, or a fake in tests.
	HTTPClient aws.HTTPClient
	// Credentials replace the SDK's ambient chain (environment, files, container, instance).
	Credentials aws.CredentialsProvider
	// Endpoints override, by Region code, the endpoint of every service.
	// AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE> are honoured without it.
	Endpoints map[string]string
	// ExternalIDs are the external ids, by Region code, that RoleToAssume asks for.
	ExternalIDs map[string]string
	// RoleSessionName names the session in CloudTrail; default "lockstep".
	RoleSessionName string
	// MaxAttempts per call; default 8, or AWS_MAX_ATTEMPTS when that is set.
	MaxAttempts int
	// MaxBackoff between two attempts; default 5 s.
	MaxBackoff time.Duration
	// AttemptTimeout bounds one attempt; default 20 s. A slower attempt is tried again.
	AttemptTimeout time.Duration
	// RateShare is the part of AWS's published request rates that Lockstep
	// allows itself, up to 1; default 0.3. Negative: no limit.
	RateShare float64
	// Patience is how long a read bears that no call of its operation gets
	// through, throttled or unanswered, before it is given up; default 2 min.
	Patience time.Duration
	// CloudWatchProtocol is "json" for endpoints that do not speak the SDK's
	// CBOR dialect; default LOCKSTEP_CLOUDWATCH_PROTOCOL of the environment.
	CloudWatchProtocol string
	// Activity counts the calls; may be nil.
	Activity *Activity
	// Getenv reads the settings named above; default os.Getenv.
	Getenv func(string) string
	// Regions is how many Regions of the application are read at a time, by this
	// process and by others: they share the quotas that are not a Region's own.
	// Default: those that are opened.
	Regions int
}

// DefaultRateShare leaves most of every quota to those who share the account.
const DefaultRateShare = 0.3

func (o Options) withDefaults() Options {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.RoleSessionName == "" {
		o.RoleSessionName = "lockstep"
	}
	if o.MaxBackoff == 0 {
		o.MaxBackoff = 5 * time.Second
	}
	if o.AttemptTimeout == 0 {
		o.AttemptTimeout = 20 * time.Second
	}
	if o.RateShare == 0 {
		o.RateShare = DefaultRateShare
	}
	if o.Patience == 0 {
		o.Patience = 2 * time.Minute
	}
	if o.CloudWatchProtocol == "" {
		o.CloudWatchProtocol = o.Getenv("LOCKSTEP_CLOUDWATCH_PROTOCOL")
	}
	return o
}

// Session is one Region that answered and is the right account.
type Session struct {
	Region topology.Region
	// Account is the account the credentials belong to.
	Account string
	// Principal is the ARN that STS says we are.
	Principal string
	// Skew is how far the clock of this machine is ahead of AWS's, by the answer
	// of STS; zero also where the answer did not tell.
	Skew time.Duration
	// Endpoint is the host that said so.
	Endpoint string
	// Config may write. Reading code gets ReadOnly instead.
	Config   aws.Config
	ReadOnly ReadOnly
}

// Open opens every Region of the topology at once. Slot i of the result is
// Region i of the topology, nil where it could not be opened; the error then
// joins one *Error per such Region, in the same order (see Failures).
func Open(ctx context.Context, t topology.Topology, o Options) ([]*Session, error) {
	o = o.withDefaults()
	o.Regions = max(o.Regions, len(t.Regions))
	sessions := make([]*Session, len(t.Regions))
	failures := make([]error, len(t.Regions))
	var group sync.WaitGroup
	for i, region := range t.Regions {
		group.Go(func() {
			s, err := open(ctx, region, o)
			if err != nil {
				failures[i] = newError(region.Name, err)
				return
			}
			sessions[i] = s
		})
	}
	group.Wait()
	return sessions, errors.Join(failures...)
}

func open(ctx context.Context, region topology.Region, o Options) (*Session, error) {
	cfg, err := load(ctx, region, o)
	if err != nil {
		return nil, err
	}
	if region.RoleToAssume != "" {
		cfg.Credentials = assumeRole(cfg, region, o)
	}
	endpoint := ""
	identity, err := sts.NewFromConfig(Patient(cfg)).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, toldHost(&endpoint))
	if err != nil {
		return nil, err
	}
	account := aws.ToString(identity.Account)
	if region.Account != "" && region.Account != account {
		return nil, &accountError{want: region.Account, have: account, principal: aws.ToString(identity.Arn)}
	}
	return &Session{
		Region:    region,
		Account:   account,
		Principal: aws.ToString(identity.Arn),
		Skew:      skew(identity.ResultMetadata),
		Endpoint:  endpoint,
		Config:    cfg,
		ReadOnly:  newReadOnly(cfg, account, o).identifiedBy(endpoint),
	}, nil
}

// skew is how far our clock is ahead of the answer's.
func skew(metadata middleware.Metadata) time.Duration {
	theirs, told := awsmiddleware.GetServerTime(metadata)
	ours, known := awsmiddleware.GetResponseAt(metadata)
	if !told || !known || theirs.IsZero() {
		return 0
	}
	return ours.Sub(theirs)
}

// load makes the Region's configuration. The base endpoint is set on the
// loaded configuration and never by config.WithBaseEndpoint: the two disagree
// on who wins over AWS_ENDPOINT_URL.
func load(ctx context.Context, region topology.Region, o Options) (aws.Config, error) {
	options := []func(*config.LoadOptions) error{
		config.WithRegion(region.Name),
		// A BuildableClient, because the SDK refuses AWS_CA_BUNDLE with any other.
		config.WithHTTPClient(awshttp.NewBuildableClient()),
	}
	if o.Credentials != nil {
		options = append(options, config.WithCredentialsProvider(o.Credentials))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, &configError{cause: err}
	}
	if o.HTTPClient != nil {
		cfg.HTTPClient = o.HTTPClient
	}
	if endpoint := o.Endpoints[region.Name]; endpoint != "" {
		cfg.BaseEndpoint = aws.String(endpoint)
	}
	if o.MaxAttempts > 0 && o.Getenv("AWS_MAX_ATTEMPTS") == "" {
		cfg.RetryMaxAttempts = o.MaxAttempts
	}
	cfg.Retryer = newRetryer(o.MaxBackoff)
	cfg.Logger = logging.Nop{} // what matters comes back as an error; the rest would mix with our own output
	cfg.Credentials = ambient{cfg.Credentials}
	cfg.APIOptions = append(cfg.APIOptions,
		// Each is put right behind the retries, so the last one comes first:
		// an attempt waits for its token before its time starts to run.
		withAttemptTimeout(o.AttemptTimeout),
		withRateLimits(newLimiter(o.RateShare, o.Patience, o.Regions), o.Activity),
		withAnswers,
	)
	return cfg, nil
}

// assumeRole is the Region's role: by the identity of the workflow's job where
// there is one, and otherwise by the credentials there are.
func assumeRole(cfg aws.Config, region topology.Region, o Options) aws.CredentialsProvider {
	if tokens := tokensOf(o); tokens != nil {
		return cached(&exchange{tokens: tokens, sts: sts.NewFromConfig(Patient(cfg)), role: region.RoleToAssume, session: o.RoleSessionName})
	}
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), region.RoleToAssume, func(a *stscreds.AssumeRoleOptions) {
		a.RoleSessionName = o.RoleSessionName
		if id := o.ExternalIDs[region.Name]; id != "" {
			a.ExternalID = aws.String(id)
		}
	})
	return cached(provider)
}

// ambient marks a failure of the ambient credential chain as what it is.
type ambient struct{ chain aws.CredentialsProvider }

func (a ambient) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if a.chain == nil {
		return aws.Credentials{}, &credentialsError{cause: errors.New("no provider")}
	}
	credentials, err := a.chain.Retrieve(ctx)
	if err != nil && ctx.Err() == nil {
		return credentials, &credentialsError{cause: err}
	}
	return credentials, err
}

type credentialsError struct{ cause error }

func (e *credentialsError) Error() string { return fmt.Sprintf("find AWS credentials: %v", e.cause) }
func (e *credentialsError) Unwrap() error { return e.cause }

// RetryableError keeps the SDK from asking an empty chain eight times.
func (e *credentialsError) RetryableError() bool { return false }

type configError struct{ cause error }

func (e *configError) Error() string { return fmt.Sprintf("load AWS configuration: %v", e.cause) }
func (e *configError) Unwrap() error { return e.cause }

type accountError struct{ want, have, principal string }

func (e *accountError) Error() string {
	return fmt.Sprintf("check account: the configuration says %s, the credentials (%s) belong to %s", e.want, e.principal, e.have)
}
