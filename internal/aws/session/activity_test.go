package session

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go/middleware"
)

// While a scan runs somebody may ask what it waits for.
func TestCallsThatWaitAreCountedByWhatTheyWaitFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		activity, l := &Activity{}, newLimiter(0.3, time.Minute, 1)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		slow := middleware.HandlerFunc(func(context.Context, any) (any, middleware.Metadata, error) {
			time.Sleep(time.Second)
			return nil, middleware.Metadata{}, nil
		})
		for range 100 {
			stack := stackWith(t, withRateLimits(l, activity))
			go func() {
				_, _, _ = middleware.DecorateHandler(slow, stack).Handle(middleware.WithServiceID(ctx, "Lambda"), nil)
			}()
		}
		synctest.Wait()
		c := activity.Counts()
		if c.Answered != 0 || c.Asked == 0 || c.Limited == 0 || c.Asked+c.Limited != 100 {
			t.Errorf("at first %+v", c)
		}
		time.Sleep(time.Hour)
		if c := activity.Counts(); c != (Counts{Answered: 100}) {
			t.Errorf("at last %+v", c)
		}
	})
	var nobody *Activity
	nobody.turn()()
	nobody.answer()()
	if nobody.Counts() != (Counts{}) {
		t.Error("a nil activity counts")
	}
}

// stackWith is a stack of middleware with a retryer's place in it, as clients have one each call.
func stackWith(t *testing.T, limits func(*middleware.Stack) error) *middleware.Stack {
	t.Helper()
	stack := middleware.NewStack("x", func() any { return nil })
	retryer := func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		return next.HandleFinalize(ctx, in)
	}
	if err := errors.Join(stack.Finalize.Add(middleware.FinalizeMiddlewareFunc("Retry", retryer), middleware.After), limits(stack)); err != nil {
		t.Fatal(err)
	}
	return stack
}
