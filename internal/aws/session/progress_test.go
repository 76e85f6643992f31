package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// weather is a service that answers every call in 50 ms, in its own way.
type weather struct {
	answer func(n int) (status int, body string)
	hang   func(now time.Time) bool
	mu     sync.Mutex
	calls  int
}

func (w *weather) Do(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.calls++
	n := w.calls
	w.mu.Unlock()
	if w.hang != nil && w.hang(time.Now()) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	time.Sleep(50 * time.Millisecond)
	status, body := http.StatusOK, `{"QueueUrls":[]}`
	if w.answer != nil {
		status, body = w.answer(n)
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}}, nil
}

const slowDown = `{"__type":"com.amazon.coral.availability#ThrottlingException"}`

// reader is a client as readers get it, with every bound as in production.
func (w *weather) reader() *sqs.Client {
	o := Options{Getenv: func(string) string { return "" }}.withDefaults()
	cfg := aws.Config{Region: "us-west-2", HTTPClient: w, Retryer: newRetryer(o.MaxBackoff),
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}
	cfg.APIOptions = append(cfg.APIOptions, withAttemptTimeout(o.AttemptTimeout), withRateLimits(newLimiter(o.RateShare, o.Patience, 1), nil), withAnswers)
	return sqs.NewFromConfig(newReadOnly(cfg, "111111111111", o).Config())
}

// scan makes calls, 32 at once as a reader does, and counts the reasons of those that failed.
func scan(ctx context.Context, client *sqs.Client, calls int) map[string]int {
	var mu sync.Mutex
	var group sync.WaitGroup
	failed, slots := map[string]int{}, make(chan struct{}, 32)
	for range calls {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if _, err := client.ListQueues(ctx, &sqs.ListQueuesInput{}); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed[Classify(err).Reason]++
			}
		})
	}
	group.Wait()
	return failed
}

func TestAScanOutlastsEveryStormThatLetsSomethingThrough(t *testing.T) {
	const calls = 1000
	for _, c := range []struct {
		name    string
		answer  func(n int) (int, string)
		hang    func(since time.Duration) bool
		reason  string // of every call; "" when none fails
		atMost  time.Duration
		attempt int // at most
	}{
		{name: "fair weather", atMost: time.Minute, attempt: calls},
		{name: "60 % of all calls throttled", answer: storm(6), atMost: 30 * time.Minute, attempt: 4 * calls},
		{name: "95 % of all calls throttled", answer: storm(9.5), atMost: 4 * time.Hour, attempt: 25 * calls},
		{name: "every call throttled for a minute and a half", answer: until(90 * time.Second), atMost: 10 * time.Minute, attempt: 3 * calls},
		{name: "every call throttled", answer: until(1000 * time.Hour), reason: Throttled, atMost: 3 * time.Minute, attempt: calls},
		{name: "no call answered", hang: func(time.Duration) bool { return true }, reason: Timeout, atMost: 3 * time.Minute, attempt: calls},
		{name: "no call answered for a minute", hang: func(since time.Duration) bool { return since < time.Minute }, atMost: 5 * time.Minute, attempt: 2 * calls},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				w := &weather{answer: c.answer}
				if c.hang != nil {
					w.hang = func(now time.Time) bool { return c.hang(now.Sub(start)) }
				}
				failed := scan(t.Context(), w.reader(), calls)
				want := map[string]int{}
				if c.reason != "" {
					want[c.reason] = calls
				}
				if fmt.Sprint(failed) != fmt.Sprint(want) {
					t.Errorf("failed: %v, want %v", failed, want)
				}
				if took := time.Since(start); took > c.atMost || w.calls > c.attempt {
					t.Errorf("%s and %d attempts, want at most %s and %d", took, w.calls, c.atMost, c.attempt)
				}
			})
		})
	}
}

// storm throttles so many of every ten calls, evenly.
func storm(ofTen float64) func(int) (int, string) {
	return func(n int) (int, string) {
		if int(float64(n)*ofTen/10) != int(float64(n-1)*ofTen/10) {
			return http.StatusBadRequest, slowDown
		}
		return http.StatusOK, `{"QueueUrls":[]}`
	}
}

// until throttles everything for a time.
func until(lasts time.Duration) func(int) (int, string) {
	start := time.Time{}
	var once sync.Once
	return func(int) (int, string) {
		once.Do(func() { start = time.Now() })
		if time.Since(start) < lasts {
			return http.StatusBadRequest, slowDown
		}
		return http.StatusOK, `{"QueueUrls":[]}`
	}
}

func TestAnOperationThatComesBackIsReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &weather{answer: until(5 * time.Minute)}
		client := w.reader()
		if failed := scan(t.Context(), client, 100); failed[Throttled] != 100 {
			t.Fatalf("failed: %v", failed)
		}
		before := w.calls
		if failed := scan(t.Context(), client, 100); failed[Throttled] != 100 || w.calls-before > 1 {
			t.Fatalf("asked %d times where nothing gets through; failed: %v", w.calls-before, failed)
		}
		time.Sleep(5 * time.Minute)
		if failed := scan(t.Context(), client, 1); len(failed) != 0 {
			t.Fatalf("the one that is tried failed: %v", failed)
		}
		if failed := scan(t.Context(), client, 100); len(failed) != 0 {
			t.Errorf("failed: %v", failed)
		}
	})
}

func TestWhatIsRefusedIsAnsweredAndNothingIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &weather{answer: func(int) (int, string) { return http.StatusBadRequest, `{"__type":"AccessDeniedException"}` }}
		if failed := scan(t.Context(), w.reader(), 10_000); failed[AccessDenied] != 10_000 || w.calls != 10_000 {
			t.Errorf("%d calls, failed: %v", w.calls, failed)
		}
	})
}

func TestAReadEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &weather{answer: until(time.Hour)}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		failed := scan(ctx, w.reader(), 40)
		if took := time.Since(start); took > 11*time.Second || failed[Timeout]+failed[Throttled]+failed[Canceled] != 40 {
			t.Errorf("after %s: %v", took, failed)
		}
	})
}

func TestARateIsHalvedByAThrottleAndComesBackStepByStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBucket(limit{rate: 100, burst: 10}, 0.5)
		throttle := &aws.RequestCanceledError{Err: errors.New("not a throttle")}
		b.ended(time.Now(), throttle)
		for _, step := range []struct {
			event string
			after time.Duration
			want  float64
		}{
			{"throttle", 0, 25}, {"throttle", 100 * time.Millisecond, 25}, {"throttle", time.Second, 12.5},
			{"success", 0, 13.5}, {"success", 0, 14.5}, {"throttle", time.Second, 7.25}, {"success", 0, 8.25},
		} {
			time.Sleep(step.after)
			if step.event == "throttle" {
				b.throttled(time.Now())
			} else {
				b.ended(time.Now(), nil)
			}
			if have := float64(b.tokens.Limit()); have != step.want {
				t.Fatalf("after a %s: %v a second, want %v", step.event, have, step.want)
			}
		}
		for range 1000 {
			b.ended(time.Now(), nil)
		}
		if have := float64(b.tokens.Limit()); have != 50 {
			t.Errorf("comes back to %v, want the share of the quota", have)
		}
		for range 100 {
			time.Sleep(time.Second)
			b.throttled(time.Now())
		}
		if have := float64(b.tokens.Limit()); have != 50.0/16 {
			t.Errorf("falls to %v, want a sixteenth", have)
		}
	})
}
