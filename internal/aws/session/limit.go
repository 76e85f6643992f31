package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"golang.org/x/time/rate"
)

// limiter holds one Region's token buckets, one per group of operations that
// AWS counts together. A throttle halves a bucket's rate, successes raise it
// again step by step: additive increase, multiplicative decrease.
type limiter struct {
	share float64
	// regions is how many Regions share the quotas that are not a Region's own.
	regions int
	mu      sync.Mutex
	buckets map[string]*bucket
}

func newLimiter(share float64, regions int) *limiter {
	return &limiter{share: share, regions: max(1, regions), buckets: map[string]*bucket{}}
}

func (l *limiter) bucket(service, operation string) *bucket {
	name, published := limitFor(service, operation)
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.buckets[name]
	if !ok {
		share := l.share
		if global[service] {
			share /= float64(l.regions)
		}
		b = newBucket(published, share)
		l.buckets[name] = b
	}
	return b
}

// bucket is one token bucket with an adaptive rate.
type bucket struct {
	mu          sync.Mutex
	tokens      *rate.Limiter
	most, least rate.Limit
	halvedAt    time.Time
}

func newBucket(published limit, share float64) *bucket {
	most := rate.Limit(published.rate * share)
	burst := max(1, int(published.burst*share))
	return &bucket{tokens: rate.NewLimiter(most, burst), most: most, least: most / 16}
}

// throttled halves the rate, at most once a second: a burst of refusals is one event.
func (b *bucket) throttled(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Sub(b.halvedAt) < time.Second {
		return
	}
	b.halvedAt = now
	b.tokens.SetLimitAt(now, max(b.least, b.tokens.Limit()/2))
}

// succeeded raises the rate by a fiftieth of its ceiling.
func (b *bucket) succeeded(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if current := b.tokens.Limit(); current < b.most {
		b.tokens.SetLimitAt(now, min(b.most, current+b.most/50))
	}
}

// withRateLimits makes every attempt, retries included, wait for its token.
func withRateLimits(l *limiter) func(*middleware.Stack) error {
	attempt := func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
		middleware.FinalizeOutput, middleware.Metadata, error,
	) {
		if l.share < 0 {
			return next.HandleFinalize(ctx, in)
		}
		b := l.bucket(middleware.GetServiceID(ctx), middleware.GetOperationName(ctx))
		if err := b.tokens.Wait(ctx); err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, waitError(ctx, err)
		}
		out, metadata, err := next.HandleFinalize(ctx, in)
		switch {
		case isThrottle(err):
			b.throttled(time.Now())
		case err == nil:
			b.succeeded(time.Now())
		}
		return out, metadata, err
	}
	return func(stack *middleware.Stack) error {
		return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("LockstepRateLimit", attempt), "Retry", middleware.After)
	}
}

// waitError says plainly that the caller's deadline leaves no time for a token.
func waitError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &smithy.CanceledError{Err: ctx.Err()}
	}
	return &smithy.CanceledError{Err: errors.Join(context.DeadlineExceeded, err)}
}

func isThrottle(err error) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	_, ok := retry.DefaultThrottleErrorCodes[api.ErrorCode()]
	return ok
}
