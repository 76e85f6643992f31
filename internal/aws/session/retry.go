package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// maxAttempts rides out some seconds of throttling; three, the SDK's default, does not.
const maxAttempts = 8

// newRetryer makes standard-mode retryers without the SDK's own retry quota,
// which gives up on a whole Region after a few dozen throttled calls, and not
// adaptive mode, which takes minutes for what our own limiter does in seconds.
func newRetryer(maxBackoff time.Duration) func() aws.Retryer {
	return func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = maxAttempts
			o.MaxBackoff = maxBackoff
			o.RateLimiter = ratelimit.None
		})
	}
}

// attemptTimeout is a single attempt that took too long; the next may not.
type attemptTimeout struct {
	region, service, operation string
	after                      time.Duration
}

func (e *attemptTimeout) Error() string {
	return fmt.Sprintf("%s %s in %s did not answer within %s", e.service, e.operation, e.region, e.after)
}

// Timeout and RetryableError are what the SDK and Classify ask.
func (e *attemptTimeout) Timeout() bool        { return true }
func (e *attemptTimeout) RetryableError() bool { return true }

// streaming are the operations whose answer is still read after the attempt ended.
var streaming = map[string]bool{"S3 GetObject": true}

func withAttemptTimeout(limit time.Duration) func(*middleware.Stack) error {
	attempt := func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
		middleware.FinalizeOutput, middleware.Metadata, error,
	) {
		service, operation := middleware.GetServiceID(ctx), middleware.GetOperationName(ctx)
		if limit <= 0 || streaming[service+" "+operation] {
			return next.HandleFinalize(ctx, in)
		}
		bounded, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		out, metadata, err := next.HandleFinalize(bounded, in)
		if err != nil && ctx.Err() == nil && errors.Is(bounded.Err(), context.DeadlineExceeded) {
			err = &attemptTimeout{region: awsmiddleware.GetRegion(ctx), service: service, operation: operation, after: limit}
		}
		return out, metadata, err
	}
	return func(stack *middleware.Stack) error {
		return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("LockstepAttemptTimeout", attempt), "Retry", middleware.After)
	}
}

// patience is how often a throttled call of a Patient configuration is tried:
// minutes, at a back-off of at most five seconds.
const patience = 60

// Patient returns a copy of a Session's Config for work that must not be given
// up because the account is busy, such as a deploy under way: a throttled call
// is tried for minutes instead of seconds. It says nothing about other errors,
// which fail as soon as before, and a call still ends with its context.
// AWS_MAX_ATTEMPTS, where it is set, bounds these calls too.
func Patient(cfg aws.Config) aws.Config { return withPatience(cfg, patience) }

// untilGivenUp makes a throttled read go on until its context ends, or nothing
// gets through any more (see progress).
func untilGivenUp(cfg aws.Config) aws.Config { return withPatience(cfg, 0) }

func withPatience(cfg aws.Config, attempts int) aws.Config {
	usual := cfg.Retryer
	if usual == nil {
		usual = newRetryer(0)
	}
	cfg.Retryer = func() aws.Retryer { return patient{usual(), attempts} }
	return cfg
}

type patient struct {
	aws.Retryer
	attempts int // 0: without end
}

// MaxAttempts implements aws.Retryer; 0 is no bound.
func (p patient) MaxAttempts() int {
	if p.attempts == 0 {
		return 0
	}
	return max(p.attempts, p.Retryer.MaxAttempts())
}

// RetryDelay implements aws.Retryer. An error ends the attempts.
func (p patient) RetryDelay(attempt int, err error) (time.Duration, error) {
	if !throttled(err) && attempt >= p.Retryer.MaxAttempts() {
		return 0, err
	}
	return p.Retryer.RetryDelay(attempt, err)
}

// throttled reports whether err only says "slow down". The SDK counts
// LimitExceededException among these; with CloudFormation it is a quota that
// no patience raises.
func throttled(err error) bool {
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "LimitExceededException" {
		return false
	}
	return slowedHead(err) || retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}.IsErrorThrottle(err).Bool()
}
