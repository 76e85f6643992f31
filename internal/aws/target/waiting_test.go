//go:build unix

package target

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"syscall"
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
		if e.Status == "waiting" {
			said = append(said, e.Text)
		}
	}
	return said
}

func TestAServiceThatTakesLongSaysForHowManyTasksItWaits(t *testing.T) {
	s := newServices(t)
	s.release(s.target(imageURI("2")))
	if said := s.waits(); len(said) != 1 {
		t.Fatalf("in a minute it said %q", said)
	}
	contains(t, s.waits()[0], "s so far, IN_PROGRESS, for 2 of 2 tasks to run")
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
		"so far, for version 1, which is Pending":                 func(l *Lambda) error { return l.awaitActive(ctx, "1") },
		"so far, for 2 executions of version 1 to be warm":        func(l *Lambda) error { return l.warm(ctx, "1") },
		"so far, for an update of the function that is under way": func(l *Lambda) error { _, err := l.ready(ctx); return err },
	} {
		f := newFunctions(t)
		target := f.target("code two", func(s *Function) { s.Provisioned = 2 })
		end := f.clock.Now().Add(2 * time.Minute)
		target.calls = slow{target.calls, func() bool { return f.clock.Now().After(end) }}
		if err := wait(target); err != nil {
			t.Fatal(err)
		}
		said := f.waits()
		if len(said) < 2 || len(said) > 5 {
			t.Fatalf("in two minutes it said %q", said)
		}
		contains(t, said[len(said)-1], words)
	}
}

// gate is a pipe that a program reads before it goes on: it opens when somebody
// was told that the program is waited for.
type gate struct {
	path string
	once sync.Once
	said string
}

func newGate(t *testing.T) *gate {
	g := &gate{path: filepath.Join(t.TempDir(), "gate")}
	if err := syscall.Mkfifo(g.path, 0o600); err != nil {
		t.Fatal(err)
	}
	return g
}

// Report implements deploy.Progress.
func (g *gate) Report(e deploy.Event) {
	if e.Status != "waiting" {
		return
	}
	g.once.Do(func() {
		g.said = e.Region + " " + e.Target + " " + string(e.Phase) + ": " + e.Text
		_ = os.WriteFile(g.path, []byte("open\n"), 0o600) // the program's test fails otherwise
	})
}

func TestAProgramThatSaysNothingIsSaidToBeWaitedFor(t *testing.T) {
	g := newGate(t)
	settings := func(context.Context) (map[string]string, []string, error) { return nil, nil, nil }
	c, err := NewCommand(Program{Key: "command/cdk", Region: "us-west-2", Run: sh("read x < " + g.path), Dir: t.TempDir(), Settings: settings}, Options{Progress: g, TellEvery: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Execute(ctx, deploy.Plan{}); err != nil {
		t.Fatal(err)
	}
	contains(t, g.said, "us-west-2 command/cdk execute: 0s so far, for sh")

	g = newGate(t)
	program := filepath.Join(t.TempDir(), "terraform")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nread x < "+g.path+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	w, err := NewWorkspace(Workspace{Key: "terraform/net", Region: "us-west-2", Dir: t.TempDir(), Program: program, Settings: settings}, Options{Progress: g, TellEvery: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Execute(ctx, deploy.Plan{Handle: filepath.Join(t.TempDir(), "plan")}); err != nil {
		t.Fatal(err)
	}
	contains(t, g.said, "us-west-2 terraform/net execute: 0s so far, for terraform")
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
	if e.Status == "waiting" {
		o.Do(func() { o.said = e.Text; close(o.told) })
	}
}

func TestFilesThatTakeLongAreCounted(t *testing.T) {
	o := &once{told: make(chan struct{})}
	target := newSites(t).target("one", func(_ *Site, opts *Options) { *opts = Options{Progress: o, TellEvery: time.Millisecond} })
	target.calls = stalled{target.calls, o.told}
	if _, err := target.Prepare(ctx, nil); err != nil {
		t.Fatal(err)
	}
	contains(t, o.said, "0s so far, for 2 of 2 files")
}
