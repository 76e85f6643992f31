package session

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"golang.org/x/time/rate"
)

// limiter holds one Region's token buckets, one per group of operations that
// AWS counts together, and watches whether operations get through at all.
type limiter struct {
	share    float64
	patience time.Duration
	// regions is how many Regions share the quotas that are not a Region's own.
	regions int

	mu         sync.Mutex
	buckets    map[string]*bucket
	operations map[string]*progress
}

func newLimiter(share float64, patience time.Duration, regions int) *limiter {
	return &limiter{share: share, patience: patience, regions: max(1, regions),
		buckets: map[string]*bucket{}, operations: map[string]*progress{}}
}

// bucket is where an operation takes its tokens; nil when rates are not limited.
func (l *limiter) bucket(service, operation string) *bucket {
	if l.share < 0 {
		return nil
	}
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

func (l *limiter) progress(service, operation string) *progress {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.operations[service+" "+operation]
	if !ok {
		p = newProgress(l.patience)
		l.operations[service+" "+operation] = p
	}
	return p
}

// bucket is one token bucket with an adaptive rate: a throttle halves it,
// successes raise it again step by step (additive increase, multiplicative
// decrease). A nil bucket has tokens without end.
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

// wait takes a token when its turn has come. It ends early, with an error, when
// the context does or cannot last that long, and when over is closed.
func (b *bucket) wait(ctx context.Context, over <-chan struct{}) error {
	if b == nil {
		return nil
	}
	now := time.Now()
	turn := b.tokens.ReserveN(now, 1)
	delay := turn.DelayFrom(now)
	if delay == 0 {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(now.Add(delay)) {
		turn.CancelAt(now)
		return &smithy.CanceledError{Err: context.DeadlineExceeded}
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		turn.Cancel()
		return &smithy.CanceledError{Err: ctx.Err()}
	case <-over:
		turn.Cancel()
		return errOver
	}
}

// errOver ends a wait for a token that nobody needs any more.
var errOver = errors.New("the operation was given up")

// ended adapts the rate to how an attempt went.
func (b *bucket) ended(now time.Time, err error) {
	switch {
	case b == nil:
	case isThrottle(err):
		b.throttled(now)
	case err == nil:
		b.succeeded(now)
	}
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

// withRateLimits makes every attempt, retries included, wait for its token, and
// reads stop where nothing gets through. The activity counts what waits for what.
func withRateLimits(l *limiter, a *Activity) func(*middleware.Stack) error {
	attempt := func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
		middleware.FinalizeOutput, middleware.Metadata, error,
	) {
		service, operation := middleware.GetServiceID(ctx), middleware.GetOperationName(ctx)
		b, p := l.bucket(service, operation), l.progress(service, operation)
		waited := a.turn()
		err := turn(ctx, b, p)
		waited()
		if err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, err
		}
		began := time.Now()
		answered := a.answer()
		out, metadata, err := next.HandleFinalize(ctx, in)
		answered()
		if ctx.Err() == nil {
			b.ended(time.Now(), err)
			p.ended(began, time.Now(), err)
		}
		return out, metadata, err
	}
	return func(stack *middleware.Stack) error {
		return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("LockstepRateLimit", attempt), "Retry", middleware.After)
	}
}

// turn waits until the call may be made.
func turn(ctx context.Context, b *bucket, p *progress) error {
	if !isImpatient(ctx) {
		return b.wait(ctx, nil)
	}
	for {
		over, err := p.admit(time.Now())
		if err != nil {
			return err
		}
		if err = b.wait(ctx, over); !errors.Is(err, errOver) {
			return err
		}
	}
}

// isThrottle reports whether a service said "slow down".
func isThrottle(err error) bool {
	var api smithy.APIError
	if errors.As(err, &api) {
		if _, ok := retry.DefaultThrottleErrorCodes[api.ErrorCode()]; ok {
			return true
		}
	}
	if slowedHead(err) {
		return true
	}
	var response *smithyhttp.ResponseError
	return errors.As(err, &response) && response.Response != nil && response.HTTPStatusCode() == http.StatusTooManyRequests
}
