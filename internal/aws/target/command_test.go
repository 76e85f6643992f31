//go:build unix

package target

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
)

// lines collects progress.
type lines struct {
	mu   sync.Mutex
	text []string
	on   func(string)
}

func (l *lines) Report(e deploy.Event) {
	l.mu.Lock()
	l.text = append(l.text, e.Region+" "+string(e.Phase)+" "+e.Text)
	on := l.on
	l.mu.Unlock()
	if on != nil {
		on(e.Text)
	}
}

func sh(script string) []string { return []string{"/bin/sh", "-c", script} }

func newProgram(t *testing.T, l *lines, change func(*Program)) *Command {
	t.Helper()
	spec := Program{Key: "command/cdk", Region: "us-west-2", Run: sh("echo deployed to $AWS_REGION as $STAGE"), Dir: t.TempDir(),
		Env: map[string]string{"STAGE": "prod", "AWS_REGION": "not this one"},
		Settings: func(context.Context) (map[string]string, []string, error) {
			return map[string]string{"AWS_REGION": "us-west-2", "AWS_SECRET_ACCESS_KEY": "s3cr3t-key"}, []string{"s3cr3t-key"}, nil
		}}
	if change != nil {
		change(&spec)
	}
	c, err := NewCommand(spec, Options{Progress: l})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAProgramDeploysWithTheSettingsOfItsRegion(t *testing.T) {
	l := &lines{}
	c := newProgram(t, l, func(p *Program) {
		p.DryRun, p.Rollback = sh("echo would use $AWS_SECRET_ACCESS_KEY"), sh("true")
	})
	plan, err := c.Prepare(t.Context(), nil)
	if err != nil || plan.Action != deploy.ActionUpdate || plan.Changes[0].Class != deploy.Reversible || len(plan.Notes) != 0 {
		t.Fatalf("%+v, %v", plan, err)
	}
	if err := errors.Join(c.Execute(t.Context(), plan), c.Verify(t.Context(), nil)); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(l.text, "\n"), "us-west-2 prepare for sh\nus-west-2 prepare would use ***\nus-west-2 execute for sh\nus-west-2 execute deployed to us-west-2 as prod"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhatAProgramSaysDecides(t *testing.T) {
	no := sh("echo no quota; exit 3")
	for _, c := range []struct {
		name   string
		change func(*Program)
		do     func(*Command) error
		kind   deploy.ErrorKind
	}{
		{"a dry run that fails is a refusal", func(p *Program) { p.DryRun = no }, func(c *Command) error { _, err := c.Prepare(context.Background(), nil); return err }, deploy.Refused},
		{"a run that fails leaves nobody knows what", func(p *Program) { p.Run = no }, func(c *Command) error { return c.Execute(context.Background(), deploy.Plan{}) }, deploy.Stuck},
		{"a program that is not there did nothing", func(p *Program) { p.Run = []string{"/no/such/program"} }, func(c *Command) error { return c.Execute(context.Background(), deploy.Plan{}) }, deploy.Failed},
		{"a confirmation that fails is a failure", func(p *Program) { p.Verify = no }, func(c *Command) error { return c.Verify(context.Background(), nil) }, deploy.Failed},
		{"no rollback is a way back that is not there", nil, func(c *Command) error { _, err := c.Restore(context.Background(), nil); return err }, deploy.Stuck},
		{"a rollback that fails is one, too", func(p *Program) { p.Rollback = no }, func(c *Command) error { _, err := c.Restore(context.Background(), nil); return err }, deploy.Stuck},
		{"credentials that cannot be had say nothing", func(p *Program) {
			p.DryRun = sh("true")
			p.Settings = func(context.Context) (map[string]string, []string, error) { return nil, nil, errors.New("expired") }
		}, func(c *Command) error { _, err := c.Prepare(context.Background(), nil); return err }, deploy.Unknown},
	} {
		err := c.do(newProgram(t, &lines{}, c.change))
		if err == nil || deploy.KindOf(err) != c.kind {
			t.Errorf("%s: %v is %s, want %s", c.name, err, deploy.KindOf(err), c.kind)
		}
		if strings.Contains(c.name, "that fails") && !strings.Contains(err.Error(), "no quota") {
			t.Errorf("%s: %v does not repeat its last words", c.name, err)
		}
	}
}

func TestAProgramWithoutAWayBackSaysSoInThePlan(t *testing.T) {
	plan, err := newProgram(t, &lines{}, nil).Prepare(t.Context(), nil)
	if err != nil || plan.Changes[0].Class != deploy.Irreversible || len(plan.Notes) != 2 {
		t.Errorf("%+v, %v", plan, err)
	}
}

func TestAnAbortedProgramIsInterruptedAndTakenBack(t *testing.T) {
	l, started := &lines{}, make(chan struct{})
	l.on = func(string) { l.on = nil; close(started) }
	var dir string
	c := newProgram(t, l, func(p *Program) {
		p.Run, p.Rollback = sh("echo begun; exec sleep 60"), sh("touch taken-back")
		dir = p.Dir
	})
	ended := make(chan error, 1)
	begin := time.Now()
	go func() { ended <- c.Execute(context.Background(), deploy.Plan{}) }()
	<-started
	if err := c.Abort(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := <-ended
	var known *deploy.Error
	if !errors.As(err, &known) || known.Kind != deploy.Stuck || !known.Cancelled || time.Since(begin) > 30*time.Second {
		t.Errorf("%v", err)
	}
	if back, err := c.Restore(t.Context(), nil); err != nil || back.Status != "restored" {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "taken-back")); err != nil {
		t.Error(err)
	}
}

func TestTheCommitIsPartOfWhatAProgramDeploys(t *testing.T) {
	digest := func(commit string) string {
		return newProgram(t, &lines{}, func(p *Program) { p.Commit = commit }).About().Digest
	}
	if again := digest("a"); digest("a") != again || digest("b") == again {
		t.Error("the digest does not follow the commit")
	}
}
