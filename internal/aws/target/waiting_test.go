package target

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lockstep-dr/lockstep/deploy"
)

// waits are the words about what is waited for.
func (r *rig) waits() []string {
	var said []string
	for _, e := range r.events {
		if e.Status == deploy.Waiting || e.Status == deploy.Held {
			said = append(said, e.Text)
		}
	}
	return said
}

func TestAServiceThatTakesLongSaysForHowManyTasksItWaits(t *testing.T) {
	s := newServices(t)
	s.release(s.target(imageURI("2")))
	if said := s.waits(); len(said) == 0 || said[0] != "for 2 of 2 tasks to run, IN_PROGRESS" {
		t.Errorf("it said %q", said)
	}
}

// slow is a Lambda that takes its time with versions and what keeps them warm.
type slow struct {
	functionAPI
	over func() bool
}

func (l slow) GetFunctionConfiguration(ctx context.Context, in *lambda.GetFunctionConfigurationInput, o ...func(*lambda.Options)) (*lambda.GetFunctionConfigurationOutput, error) {
	out, err := l.functionAPI.GetFunctionConfiguration(ctx, in, o...)
	if err == nil && !l.over() {
		out.State, out.LastUpdateStatus = types.StatePending, types.LastUpdateStatusInProgress
	}
	return out, err
}

func (l slow) GetProvisionedConcurrencyConfig(ctx context.Context, in *lambda.GetProvisionedConcurrencyConfigInput, o ...func(*lambda.Options)) (*lambda.GetProvisionedConcurrencyConfigOutput, error) {
	out, err := l.functionAPI.GetProvisionedConcurrencyConfig(ctx, in, o...)
	if err == nil && !l.over() {
		out.Status = types.ProvisionedConcurrencyStatusEnumInProgress
	}
	return out, err
}

func TestAFunctionThatTakesLongSaysForWhat(t *testing.T) {
	for words, wait := range map[string]func(*Lambda) error{
		"for version 1, which is Pending":                 func(l *Lambda) error { return l.awaitActive(ctx, "1") },
		"for 2 executions of version 1 to be warm":        func(l *Lambda) error { return l.warm(ctx, "1") },
		"for an update of the function that is under way": func(l *Lambda) error { _, err := l.ready(ctx); return err },
	} {
		f := newFunctions(t)
		target := f.target("code two", func(s *Function) { s.Provisioned = 2 })
		end := f.clock.Now().Add(2 * time.Minute)
		target.calls = slow{target.calls, func() bool { return f.clock.Now().After(end) }}
		if err := wait(target); err != nil {
			t.Fatal(err)
		}
		if said := f.waits(); len(said) != 1 || said[0] != words {
			t.Errorf("in two minutes it said %q, want %q once", said, words)
		}
	}
}

// stalled is an S3 that takes no object until somebody was told.
type stalled struct {
	siteAPI
	told chan struct{}
}

func (s stalled) PutObject(ctx context.Context, in *s3.PutObjectInput, o ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	<-s.told
	return s.siteAPI.PutObject(ctx, in, o...)
}

// once tells of the first wait.
type once struct {
	sync.Once
	said string
	told chan struct{}
}

// Report implements deploy.Progress.
func (o *once) Report(e deploy.Event) {
	if e.Status == deploy.Waiting {
		o.Do(func() { o.said = e.Text; close(o.told) })
	}
}

func TestFilesThatTakeLongAreCounted(t *testing.T) {
	o := &once{told: make(chan struct{})}
	target := newSites(t).target("one", func(_ *Site, opts *Options) { *opts = Options{Progress: o} })
	target.calls = stalled{target.calls, o.told}
	if _, err := target.Prepare(ctx, nil); err != nil {
		t.Fatal(err)
	}
	contains(t, o.said, "for 2 of 2 files")
}
