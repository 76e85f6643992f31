package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// progress watches one operation in one Region. As long as anything gets
// through, a read waits its turn; when nothing has for as long as patience
// lasts, reads are given up, so that a Region that hangs or throttles without
// end costs a scan minutes and gaps and not its life.
type progress struct {
	patience time.Duration

	mu sync.Mutex
	// failingSince is when the first attempt began after which none was answered; zero when the last one was.
	failingSince time.Time
	// cause is the last failure, for those that are not tried any more.
	cause error
	// stopped is closed while the operation is given up.
	stopped chan struct{}
	isOver  bool
	probed  time.Time
}

func newProgress(patience time.Duration) *progress {
	return &progress{patience: patience, stopped: make(chan struct{})}
}

// admit says whether a read may be tried now, and gives what is closed when it
// need not wait for its turn any longer. Of an operation that was given up one
// read is tried now and then: it may have come back.
func (p *progress) admit(now time.Time) (over <-chan struct{}, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !p.isOver:
		return p.stopped, nil
	case now.Sub(p.probed) >= p.patience/8:
		p.probed = now
		return nil, nil
	}
	return nil, &gaveUp{after: p.patience, cause: p.cause}
}

// ended notes how an attempt went that began at the given time.
func (p *progress) ended(began, now time.Time, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if answered(err) {
		if p.isOver {
			p.isOver, p.stopped = false, make(chan struct{})
		}
		p.failingSince, p.cause = time.Time{}, nil
		return
	}
	p.cause = err
	if p.failingSince.IsZero() {
		p.failingSince = began
	}
	if !p.isOver && now.Sub(p.failingSince) >= p.patience {
		p.isOver, p.probed = true, now
		close(p.stopped)
	}
}

// answered reports whether an attempt got an answer of the service itself, be it
// a refusal. "Slow down", failures of the service and silence are none.
func answered(err error) bool {
	if err == nil {
		return true
	}
	var nothing *emptyAnswer
	if isThrottle(err) || errors.As(err, &nothing) {
		return false
	}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil {
		return response.HTTPStatusCode() < http.StatusInternalServerError
	}
	var api smithy.APIError
	return errors.As(err, &api)
}

// gaveUp is a read that was not tried, or not again, because nothing had got through for long.
type gaveUp struct {
	after time.Duration
	cause error
}

func (e *gaveUp) Error() string {
	return fmt.Sprintf("gave up after %s in which no call got through: %v", e.after, e.cause)
}

// Unwrap leads Classify to what the service said last.
func (e *gaveUp) Unwrap() error { return e.cause }

// RetryableError keeps the SDK from trying again.
func (e *gaveUp) RetryableError() bool { return false }

// impatient marks the context of a read, which may be given up. What changes
// something is not: a deploy under way waits as long as it is told to.
type impatient struct{}

func withImpatience(ctx context.Context) context.Context {
	return middleware.WithStackValue(ctx, impatient{}, true)
}

func isImpatient(ctx context.Context) bool {
	is, _ := middleware.GetStackValue(ctx, impatient{}).(bool)
	return is
}
