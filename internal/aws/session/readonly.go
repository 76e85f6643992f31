package session

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	smithyendpoints "github.com/aws/smithy-go/endpoints"
	"github.com/aws/smithy-go/middleware"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
)

// ReadOnly is a Region that can be read and nothing else: a client made from
// its Config refuses every operation that is not a read, before it is signed.
// Its zero value reaches nothing.
type ReadOnly struct {
	account            string
	identity           string
	cfg                aws.Config
	cloudWatchProtocol string
}

func newReadOnly(cfg aws.Config, account string, o Options) ReadOnly {
	guarded := untilGivenUp(cfg.Copy())
	guarded.APIOptions = append(append([]func(*middleware.Stack) error(nil), cfg.APIOptions...), withReadGuard)
	return ReadOnly{account: account, cfg: guarded, cloudWatchProtocol: o.CloudWatchProtocol}
}

// Region is the code of the Region that is read.
func (r ReadOnly) Region() string { return r.cfg.Region }

// Account is the account that is read.
func (r ReadOnly) Account() string { return r.account }

// Identity is the host of the STS endpoint that said which account it is.
func (r ReadOnly) Identity() string { return r.identity }

func (r ReadOnly) identifiedBy(host string) ReadOnly {
	r.identity = host
	return r
}

// Config is for making clients; whatever they call is checked.
func (r ReadOnly) Config() aws.Config { return r.cfg.Copy() }

// S3 are the client options this Region needs: endpoints other than AWS's own
// know no bucket host names.
func (r ReadOnly) S3(o *s3.Options) { PathStyle(r.cfg)(o) }

// S3Control sets the S3 Control client's options: at an endpoint that was given, the
// account stands in a header alone and not before the name of the host.
func (r ReadOnly) S3Control(o *s3control.Options) { HostAsGiven(r.cfg)(o) }

// HostAsGiven returns S3 Control client options that fit the configuration's endpoint.
func HostAsGiven(cfg aws.Config) func(*s3control.Options) {
	return func(o *s3control.Options) {
		if o.BaseEndpoint != nil || cfg.BaseEndpoint != nil {
			o.EndpointResolverV2 = withoutAccount{o.EndpointResolverV2}
		}
	}
}

type withoutAccount struct{ s3control.EndpointResolverV2 }

func (w withoutAccount) ResolveEndpoint(ctx context.Context, p s3control.EndpointParameters) (smithyendpoints.Endpoint, error) {
	p.RequiresAccountId = aws.Bool(false)
	return w.EndpointResolverV2.ResolveEndpoint(ctx, p)
}

// PathStyle returns S3 client options that fit the configuration's endpoint.
func PathStyle(cfg aws.Config) func(*s3.Options) {
	return func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil || cfg.BaseEndpoint != nil }
}

// CloudWatch are the client options this Region needs: an endpoint that does
// not speak CBOR is asked in JSON, when the setting says so.
func (r ReadOnly) CloudWatch(o *cloudwatch.Options) {
	if r.cloudWatchProtocol == "json" {
		o.Protocol = awsjson.New10(schemas.GraniteServiceVersion20100801)
	}
}

// WriteError is the refusal of an operation that is not a read.
type WriteError struct{ Region, Service, Operation string }

func (e *WriteError) Error() string {
	return fmt.Sprintf("call %s %s in %s: refused, this session only reads", e.Service, e.Operation, e.Region)
}

// RetryableError keeps a refusal from being repeated.
func (e *WriteError) RetryableError() bool { return false }

// readVerbs are how AWS names operations that change nothing.
var readVerbs = []string{"Get", "List", "Describe", "Head", "BatchGet"}

// mutatingReads have the name of a read and are none: they hand out credentials.
var mutatingReads = map[string]bool{
	"STS GetSessionToken": true, "STS GetFederationToken": true,
}

// isRead reports whether an operation, by service id and name, only reads.
func isRead(service, operation string) bool {
	if mutatingReads[service+" "+operation] {
		return false
	}
	for _, verb := range readVerbs {
		if strings.HasPrefix(operation, verb) {
			return true
		}
	}
	return false
}

func withReadGuard(stack *middleware.Stack) error {
	guard := func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
		middleware.InitializeOutput, middleware.Metadata, error,
	) {
		service, operation := middleware.GetServiceID(ctx), middleware.GetOperationName(ctx)
		if !isRead(service, operation) {
			err := &WriteError{Region: awsmiddleware.GetRegion(ctx), Service: service, Operation: operation}
			return middleware.InitializeOutput{}, middleware.Metadata{}, err
		}
		return next.HandleInitialize(withImpatience(ctx), in)
	}
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("LockstepReadGuard", guard), middleware.After)
}
