package progress

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
)

// bench is a deploy whose events and whose clock the test is.
type bench struct {
	*Progress
	t   *testing.T
	out strings.Builder
	now time.Time
	// read is how much of the output was looked at.
	read int
}

func newBench(t *testing.T, change ...func(*Options)) *bench {
	b := &bench{t: t, now: time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)}
	opts := Options{Out: &b.out, Regions: []string{"us-east-1", "eu-west-2"}, Targets: []string{"data", "payments"},
		Now: func() time.Time { return b.now }, Clean: func(s string) string { return s }}
	for _, c := range change {
		c(&opts)
	}
	b.Progress = New(opts)
	return b
}

// after lets time pass, second by second.
func (b *bench) after(d time.Duration) *bench {
	for range int(d / time.Second) {
		b.now = b.now.Add(time.Second)
		b.Tick()
	}
	return b
}

// event reports one: region, phase, target, status, text.
func (b *bench) event(words ...string) {
	b.Report(deploy.Event{At: b.now, Region: words[0], Phase: deploy.Phase(words[1]), Target: words[2], Status: words[3], Text: strings.Join(words[4:], "")})
}

// resource reports an event of a resource of payments in us-east-1.
func (b *bench) resource(name, typ, status, text string) {
	b.Report(deploy.Event{At: b.now, Region: "us-east-1", Phase: deploy.PhaseExecute, Target: "payments", Resource: name, Type: typ, Status: status, Text: text})
}

// says compares what was printed since it was asked last.
func (b *bench) says(lines ...string) {
	b.t.Helper()
	have := b.out.String()[b.read:]
	b.read = b.out.Len()
	if want := strings.Join(append(lines, ""), "\n"); have != want {
		b.t.Errorf("it says\n%s\nwant\n%s", have, want)
	}
}

func TestALogHasALinePerTargetRegionAndChangeOfPhase(t *testing.T) {
	b := newBench(t)
	b.event("us-east-1", "prepare", "", "started")
	b.event("us-east-1", "prepare", "payments", "planning")
	b.event("us-east-1", "prepare", "payments", "uploaded", "s3://bucket/template")
	b.after(4*time.Second).event("us-east-1", "prepare", "payments", "update", "2 changes")
	b.event("us-east-1", "execute", "", "started")
	b.event("us-east-1", "execute", "payments", "update")
	b.event("us-east-1", "execute", "payments", "UPDATE_IN_PROGRESS", "User Initiated")
	b.resource("Queue", "AWS::SQS::Queue", "UPDATE_IN_PROGRESS", "")
	b.resource("Queue", "AWS::SQS::Queue", "UPDATE_COMPLETE", "")
	b.after(25*time.Second).event("us-east-1", "execute", "payments", "updated")
	b.event("us-east-1", "verify", "", "started")
	b.event("us-east-1", "verify", "", "verified")
	b.says(
		"    4s  us-east-1  prepare   payments  update  2 changes",
		"    4s  us-east-1  execute   payments  update",
		"   29s  us-east-1  execute   payments  updated after 25s",
		"   29s  us-east-1  verify    verified")
}

func TestALogIsNeverSilentForLongAndNamesWhatTakesTheLongest(t *testing.T) {
	b := newBench(t)
	b.event("us-east-1", "execute", "", "started")
	b.event("us-east-1", "execute", "payments", "update")
	b.event("us-east-1", "execute", "payments", "UPDATE_IN_PROGRESS")
	b.says("    0s  us-east-1  execute   payments  update")
	b.after(29 * time.Second).says()
	b.after(time.Second).says("   30s  us-east-1  execute   payments  30s so far, waiting for UPDATE_IN_PROGRESS to end")
	b.after(10*time.Second).resource("Service", "AWS::ECS::Service", "CREATE_IN_PROGRESS", "")
	b.after(5*time.Second).resource("Alarm", "AWS::CloudWatch::Alarm", "CREATE_IN_PROGRESS", "")
	b.after(2*time.Second).resource("Service", "AWS::ECS::Service", "CREATE_IN_PROGRESS", "Resource creation Initiated")
	b.after(13 * time.Second).says("    1m  us-east-1  execute   payments  1m so far, waiting for Service (AWS::ECS::Service) CREATE_IN_PROGRESS 20s and 1 more")
	b.resource("Service", "AWS::ECS::Service", "CREATE_COMPLETE", "")
	b.after(30 * time.Second).says(" 1m30s  us-east-1  execute   payments  1m30s so far, waiting for Alarm (AWS::CloudWatch::Alarm) CREATE_IN_PROGRESS 45s")
}

func TestAFailureOfAResourceIsToldAtOnceAndThoseItStoppedAreNot(t *testing.T) {
	b := newBench(t)
	b.event("us-east-1", "execute", "payments", "update")
	b.says("    0s  us-east-1  execute   payments  update")
	b.after(time.Second).resource("Topic", "AWS::SNS::Topic", "UPDATE_FAILED", "no such key")
	b.resource("Queue", "AWS::SQS::Queue", "UPDATE_FAILED", "Resource update cancelled")
	b.event("us-east-1", "execute", "payments", "UPDATE_ROLLBACK_IN_PROGRESS", "[Topic] failed")
	b.says(
		"    1s  us-east-1  execute   payments  Topic (AWS::SNS::Topic)  UPDATE_FAILED  no such key",
		"    1s  us-east-1  execute   payments  UPDATE_ROLLBACK_IN_PROGRESS  [Topic] failed")
}

func TestEverythingIsToldToWhoAsksForIt(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Verbose = true })
	b.event("us-east-1", "execute", "", "started")
	b.event("us-east-1", "execute", "payments", "update")
	b.resource("Queue", "AWS::SQS::Queue", "UPDATE_COMPLETE", "")
	b.says(
		"    0s  us-east-1  execute   started",
		"    0s  us-east-1  execute   payments  update",
		"    0s  us-east-1  execute   payments  Queue (AWS::SQS::Queue)  UPDATE_COMPLETE")
	b.after(30 * time.Second).says("   30s  us-east-1  execute   payments  30s so far")
}

func TestWhatATargetSaysItWaitsForIsToldWhenNothingElseWasForAWhile(t *testing.T) {
	b := newBench(t)
	b.event("us-east-1", "execute", "payments", "update")
	b.event("us-east-1", "execute", "payments", deploy.Waiting, "for 2 of 2 tasks to run")
	b.after(20*time.Second).event("us-east-1", "execute", "payments", deploy.Waiting, "for 1 of 2 tasks to run")
	b.says("    0s  us-east-1  execute   payments  update")
	b.after(10 * time.Second).says("   30s  us-east-1  execute   payments  30s so far, waiting for 1 of 2 tasks to run")
	b.event("us-east-1", "execute", "payments", deploy.Held, "for somebody to continue hook h-1")
	b.says("   30s  us-east-1  execute   payments  held  for somebody to continue hook h-1")
	b.event("us-east-1", "execute", "payments", deploy.Held, "for somebody to continue hook h-1")
	b.says()
}

func TestARegionAsAWholeIsToldOfWhileNoneOfItsTargetsIsUnderWay(t *testing.T) {
	b := newBench(t)
	b.event("us-east-1", "execute", "", "started")
	b.event("eu-west-2", "execute", "", "started")
	b.event("eu-west-2", "execute", "data", "update")
	b.event("us-east-1", "execute", "", deploy.Waiting, "for the other Regions")
	b.says("    0s  eu-west-2  execute   data      update")
	b.after(30*time.Second).says(
		"   30s  us-east-1  execute   30s so far, waiting for the other Regions",
		"   30s  eu-west-2  execute   data      30s so far")
	b.event("eu-west-2", "execute", "data", "updated")
	b.event("eu-west-2", "verify", "", "started")
	b.says("   30s  eu-west-2  execute   data      updated after 30s")
	b.after(29 * time.Second).says()
}

func TestWhatAProgramSaidIsShownWhenItFailed(t *testing.T) {
	b := newBench(t)
	b.event("us-east-1", "execute", "payments", "update")
	for i := range 30 {
		b.Report(deploy.Event{At: b.now, Region: "us-east-1", Phase: deploy.PhaseExecute, Target: "payments", Resource: "|", Text: fmt.Sprint("line ", i)})
	}
	b.says("    0s  us-east-1  execute   payments  update")
	b.after(30 * time.Second).says("   30s  us-east-1  execute   payments  30s so far, waiting for its program: line 29")
	b.event("us-east-1", "execute", "payments", "in-doubt", "exit code 1")
	text := b.out.String()[b.read:]
	if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) != 21 || !strings.HasSuffix(lines[0], "|  line 10") || !strings.HasSuffix(lines[20], "in-doubt after 30s  exit code 1") {
		t.Errorf("it says\n%s", text)
	}
}

func TestInAWorkflowWhatWasNotToldIsKeptByRegion(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Keep = true })
	b.event("us-east-1", "execute", "payments", "update")
	b.event("us-east-1", "execute", "payments", "UPDATE_IN_PROGRESS")
	b.resource("Topic", "AWS::SNS::Topic", "UPDATE_FAILED", "no such key")
	b.event("us-east-1", "execute", "payments", "failed", "Topic: no such key")
	if kept := b.Kept("us-east-1"); len(kept) != 2 || len(b.Kept("eu-west-2")) != 0 {
		t.Errorf("kept %q", kept)
	}
}

func TestATerminalShowsWhatIsUnderWayBelowWhatIsOver(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Live = true })
	b.event("us-east-1", "execute", "data", "update")
	b.after(2*time.Second).event("eu-west-2", "execute", "data", "update")
	b.after(40*time.Second).event("us-east-1", "execute", "data", "updated")
	if have := shown(b.out.String()); have != strings.Join([]string{
		"    0s  us-east-1  execute   data      update",
		"    2s  eu-west-2  execute   data      update",
		"   42s  us-east-1  execute   data      updated after 42s",
		"  40s…  eu-west-2  execute   data", ""}, "\n") {
		t.Errorf("the terminal shows\n%s", have)
	}
	b.event("eu-west-2", "execute", "data", "updated")
	if have := shown(b.out.String()); strings.Contains(have, "…") || strings.Count(have, "\n") != 4 {
		t.Errorf("in the end the terminal shows\n%s", have)
	}
}

func TestALineThatIsRedrawnBeginsWithWhatMattersMost(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Live = true })
	b.event("us-east-1", "execute", "payments", "update")
	b.resource("Service", "AWS::ECS::Service", "CREATE_IN_PROGRESS", "")
	b.after(130 * time.Second)
	lines := strings.Split(shown(b.out.String()), "\n")
	if want := "2m10s…  us-east-1  execute   payments  Service CREATE_IN_PROGRESS 2m10s (AWS::ECS::Service)"; lines[1] != want {
		t.Errorf("the terminal shows\n%s\nwant\n%s", lines[1], want)
	}
}

func TestMoreTargetsThanATerminalHoldsAreCounted(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Live = true })
	for i := range 30 {
		b.event("us-east-1", "prepare", fmt.Sprintf("stack-%02d", i), "planning")
	}
	if have := shown(b.out.String()); strings.Count(have, "\n") != mostDrawn+1 || !strings.Contains(have, "18 more under way") {
		t.Errorf("the terminal shows\n%s", have)
	}
}

// shown is what a terminal shows of a text: it obeys the one sequence that moves.
func shown(text string) string {
	text = strings.NewReplacer(wrapOff, "", wrapOn, "").Replace(text)
	lines := []string{""}
	for len(text) > 0 {
		var up int
		if n, _ := fmt.Sscanf(text, "\x1b[%dA\x1b[J", &up); n == 1 {
			lines = append(lines[:len(lines)-1-up], "")
			text = text[strings.Index(text, "\x1b[J")+len("\x1b[J"):]
			continue
		}
		if text[0] == '\n' {
			lines = append(lines, "")
		} else {
			lines[len(lines)-1] += text[:1]
		}
		text = text[1:]
	}
	return strings.Join(lines, "\n")
}

// TestTimePassesByItself waits in a bubble, in which waiting costs nothing.
func TestTimePassesByItselfWhileWorkIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		p := New(Options{Out: &out, Regions: []string{"us-east-1"}, Now: time.Now, Clean: func(s string) string { return s }})
		p.During(func() {
			p.Report(deploy.Event{At: time.Now(), Region: "us-east-1", Phase: deploy.PhaseExecute, Target: "data", Status: "update"})
			time.Sleep(70*time.Second + time.Millisecond)
		})
		if n := strings.Count(out.String(), "so far"); n != 2 {
			t.Errorf("in 70 seconds it said %d times that it goes on:\n%s", n, out.String())
		}
	})
}

func TestWhatAProgramSaidIsToldWhereItFailed(t *testing.T) {
	b := newBench(t)
	says := func(target, text string) {
		b.Report(deploy.Event{At: b.now, Region: "us-east-1", Phase: deploy.PhasePrepare, Target: target, Resource: output, Text: text})
	}
	b.event("us-east-1", "prepare", "", "started")
	says("payments", "no such stack")
	says("data", "fine")
	b.event("us-east-1", "prepare", "data", "create", "1 change")
	b.read = b.out.Len()
	b.event("us-east-1", "prepare", "payments", "failed", "exit 1")
	if said := b.out.String()[b.read:]; !strings.Contains(said, "no such stack") || strings.Contains(said, "fine") {
		t.Errorf("it says\n%s", said)
	}
}

func TestARemarkStandsAboveWhatIsRedrawn(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Live = true })
	b.event("us-east-1", "execute", "payments", "create")
	b.read = b.out.Len()
	fmt.Fprintln(b, "lockstep: still reading")
	if said := b.out.String()[b.read:]; said != "\x1b[1A\x1b[Jlockstep: still reading\n" {
		t.Errorf("it says %q", said)
	}
	b.read = b.out.Len()
	b.after(time.Second)
	if said := b.out.String()[b.read:]; strings.Contains(said, "\x1b[1A") {
		t.Errorf("the remark is erased: %q", said)
	}
}
