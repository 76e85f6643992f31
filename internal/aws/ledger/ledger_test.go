package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

var ctx = context.Background()

type rig struct {
	*testing.T
	cloud *awssim.Cloud
	clock *clock.Manual
}

func newRig(t *testing.T, faults ...awssim.Fault) *rig {
	t.Helper()
	clk := clock.NewManual(time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC))
	cloud, err := awssim.New(awssim.Options{Clock: clk, Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	return &rig{t, cloud, clk}
}

func (r *rig) config(region string) aws.Config {
	return aws.Config{Region: region, HTTPClient: r.cloud.HTTPClient(),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff, o.RateLimiter = time.Millisecond, ratelimit.None })
		},
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}
}

func (r *rig) ledger(region string) *Ledger {
	return New(r.config(region), "shop", region, Options{Now: r.clock.Now, Sleep: func(_ context.Context, d time.Duration) error {
		r.clock.Advance(d)
		return nil
	}})
}

func TestARegionWithoutALedgerHasAnEmptyState(t *testing.T) {
	state, err := NewReader(newRig(t).config("us-west-2"), "shop", "us-west-2").Read(ctx)
	if err != nil || state.Record != nil || state.Journal != nil || state.Lock != nil {
		t.Errorf("%+v, %v", state, err)
	}
}

func TestWhatCannotBeReadIsAnErrorAndNotEmpty(t *testing.T) {
	for _, effect := range []string{fault.AccessDenied, fault.ExpiredToken, fault.Throttle, fault.Reset} {
		r := newRig(t, awssim.Fault{Effect: effect, Service: "ssm", Operation: "GetParameters"})
		_, err := r.ledger("us-west-2").Read(ctx)
		if err == nil || !strings.Contains(err.Error(), "us-west-2") || !strings.Contains(err.Error(), "ssm:GetParameters") {
			t.Errorf("%s: %v", effect, err)
		}
	}
}

func TestADamagedEntryIsAnErrorThatNamesIt(t *testing.T) {
	r := newRig(t)
	for _, entry := range []string{"release", "decision", "lock", "freeze"} {
		_, err := ssm.NewFromConfig(r.config("us-west-2")).PutParameter(ctx, &ssm.PutParameterInput{
			Name: aws.String("/lockstep/shop/" + entry), Value: aws.String("by hand"), Type: types.ParameterTypeString})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.ledger("us-west-2").Read(ctx); err == nil || !strings.Contains(err.Error(), "/lockstep/shop/") {
			t.Errorf("%s: %v", entry, err)
		}
		if err := r.ledger("us-west-2").remove(ctx, entry); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsWrittenIsReadInThatRegionOnly(t *testing.T) {
	r := newRig(t)
	west := r.ledger("us-west-2")
	record := deploy.Record{ID: "r-1", Commit: "abc", DeployedAt: r.clock.Now(), Outcome: deploy.Done, Deployment: "d-1",
		By: deploy.Owner{ID: "me", RunURL: "https://example.com"}, Targets: map[string]string{"app": "sha256:1"}}
	journal := deploy.Journal{Deployment: "d-2", Release: deploy.Release{ID: "r-2", Contents: map[string]string{"a": "b"}},
		State: deploy.JournalExecuting, Images: []string{"app"}, Reason: strings.Repeat("x", 9000)}
	if err := errors.Join(west.Record(ctx, record), west.WriteJournal(ctx, journal)); err != nil {
		t.Fatal(err)
	}
	state, err := west.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got := state.Record; got.ID != "r-1" || got.Commit != "abc" || !got.DeployedAt.Equal(record.DeployedAt) || got.By != record.By || got.Targets["app"] != "sha256:1" {
		t.Errorf("record %+v", got)
	}
	if got := state.Journal; got.Deployment != "d-2" || got.Release.ID != "r-2" || got.Images[0] != "app" || len(got.Reason) > 1000 {
		t.Errorf("journal %+v", got)
	}
	if err := errors.Join(west.ClearJournal(ctx), west.ClearJournal(ctx)); err != nil {
		t.Errorf("clearing twice: %v", err)
	}
	if state, err = west.Read(ctx); err != nil || state.Journal != nil {
		t.Errorf("after clearing: %+v, %v", state.Journal, err)
	}
	if state, err = r.ledger("us-east-1").Read(ctx); err != nil || state.Record != nil {
		t.Errorf("the other Region has %+v, %v", state.Record, err)
	}
}

func TestTheHistoryHasEveryReleaseNewestFirst(t *testing.T) {
	r := newRig(t)
	l := r.ledger("us-west-2")
	if got, err := l.History(ctx); err != nil || len(got) != 0 {
		t.Errorf("before the first: %v, %v", got, err)
	}
	for _, id := range []string{"r-1", "r-2", "r-1"} {
		if err := l.Record(ctx, deploy.Record{ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := l.History(ctx)
	if err != nil || len(got) != 3 || got[0].ID != "r-1" || got[1].ID != "r-2" || got[2].ID != "r-1" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhoLetAChangePassIsKeptOnceAndBesideThoseBefore(t *testing.T) {
	r := newRig(t)
	l := r.ledger("us-west-2")
	first := deploy.Override{By: "alice", At: r.clock.Now(), Reason: "the primary burns {{ssm:x}}", Verdict: "not-ready", Blocking: 2, Change: "acme/shop#12", Commit: "aaaa", RunURL: "https://example.com/1"}
	again := first
	again.RunURL = "https://example.com/2"
	second := first
	second.Commit, second.Reason = "bbbb", strings.Repeat("ä", 9000)
	for _, o := range []deploy.Override{first, again, second} {
		if err := l.Override(ctx, o); err != nil {
			t.Fatal(err)
		}
	}
	got, err := l.Overrides(ctx)
	if err != nil || len(got) != 2 || got[1] != first || got[0].Commit != "bbbb" || len(got[0].Reason) > 1000 || !utf8.ValidString(got[0].Reason) {
		t.Errorf("%+v, %v", got, err)
	}
	if state, err := l.Read(ctx); err != nil || state.Record != nil {
		t.Errorf("what deploys read: %+v, %v", state, err)
	}
}

func TestADamagedOverrideStopsNeitherTheNextNorADeploy(t *testing.T) {
	r := newRig(t)
	_, err := ssm.NewFromConfig(r.config("us-west-2")).PutParameter(ctx, &ssm.PutParameterInput{
		Name: aws.String("/lockstep/shop/break-glass"), Value: aws.String("by hand"), Type: types.ParameterTypeString})
	if err != nil {
		t.Fatal(err)
	}
	l := r.ledger("us-west-2")
	if err := l.Override(ctx, deploy.Override{By: "alice"}); err != nil {
		t.Error(err)
	}
	if _, err := l.Read(ctx); err != nil {
		t.Error(err)
	}
	if _, err := l.Overrides(ctx); err == nil {
		t.Error("a damaged version is passed over in silence")
	}
}

func TestImagesOfAnySizeComeBackWhole(t *testing.T) {
	r := newRig(t)
	l := r.ledger("us-west-2")
	random := make([]byte, 100_000) // does not compress: several chunks, more than one call to read
	src := rand.NewChaCha8([32]byte{1})
	if _, err := src.Read(random); err != nil {
		t.Fatal(err)
	}
	for name, image := range map[string][]byte{"empty": {}, "small": []byte(`{"exists":false}`), "text": bytes.Repeat([]byte("Resources: "), 90_000), "random": random} {
		if err := l.SaveImage(ctx, "app/"+name, image); err != nil {
			t.Fatal(err)
		}
		got, err := l.LoadImage(ctx, "app/"+name)
		if err != nil || !bytes.Equal(got, image) {
			t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(image), err)
		}
	}
	if err := l.SaveImage(ctx, "app/random", []byte("smaller")); err != nil {
		t.Fatal(err)
	}
	if got, err := l.LoadImage(ctx, "app/random"); err != nil || string(got) != "smaller" {
		t.Errorf("overwritten: %q, %v", got, err)
	}
}

func TestAMissingOrDamagedImageIsAnError(t *testing.T) {
	r := newRig(t)
	l := r.ledger("us-west-2")
	if _, err := l.LoadImage(ctx, "app"); err == nil {
		t.Error("an image that was never saved was loaded")
	}
	if err := l.SaveImage(ctx, "app", bytes.Repeat([]byte("image"), 10)); err != nil {
		t.Fatal(err)
	}
	if err := l.put(ctx, chunkName("app", 0), "bm90IGd6aXA=", types.ParameterTypeSecureString, true); err != nil {
		t.Fatal(err)
	}
	if _, err := l.LoadImage(ctx, "app"); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("%v", err)
	}
}

func TestImagesAreEncrypted(t *testing.T) {
	r := newRig(t)
	if err := r.ledger("us-west-2").SaveImage(ctx, "app", []byte("image")); err != nil {
		t.Fatal(err)
	}
	out, err := ssm.NewFromConfig(r.config("us-west-2")).GetParameters(ctx, &ssm.GetParametersInput{Names: []string{"/lockstep/shop/image/app/0"}})
	if err != nil || out.Parameters[0].Type != types.ParameterTypeSecureString {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestNamesStayApartAndFit(t *testing.T) {
	seen := map[string]string{}
	for _, word := range []string{"shop", "sh/op", "sh op", "sh_op", "sh_2f_op", "Shop", "ü"} {
		name := clean(word)
		if notInNames.MatchString(name) {
			t.Errorf("%q gives %q", word, name)
		}
		if other, ok := seen[name]; ok && word != "sh_2f_op" {
			t.Errorf("%q and %q share %q", word, other, name)
		}
		seen[name] = word
	}
}

var (
	alice = deploy.Owner{ID: "alice", RunURL: "https://example.com/alice"}
	bob   = deploy.Owner{ID: "bob"}
)

func locked(t *testing.T, err error, by string) {
	t.Helper()
	var held *deploy.LockedError
	if !errors.As(err, &held) || held.Info.Owner.ID != by {
		t.Fatalf("got %v, want a lock held by %s", err, by)
	}
}

func TestALockIsHeldByOneOwnerUntilItIsReleased(t *testing.T) {
	r := newRig(t)
	l := r.ledger("us-west-2")
	if err := errors.Join(l.Lock(ctx, alice, time.Minute), l.Lock(ctx, alice, time.Minute)); err != nil {
		t.Fatalf("once and again: %v", err)
	}
	locked(t, l.Lock(ctx, bob, time.Minute), "alice")
	if err := l.Unlock(ctx, bob); err != nil {
		t.Fatal(err)
	}
	locked(t, l.Lock(ctx, bob, time.Minute), "alice")
	if err := errors.Join(l.Unlock(ctx, alice), l.Unlock(ctx, alice), l.Lock(ctx, bob, time.Minute)); err != nil {
		t.Errorf("after the release: %v", err)
	}
}

func TestALockOutlivesItsHolderByItsLeaseAndGraceOnly(t *testing.T) {
	r := newRig(t)
	l := r.ledger("us-west-2")
	if err := l.Lock(ctx, alice, time.Minute); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(50 * time.Second)
	if err := l.Renew(ctx, alice, time.Minute); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(80 * time.Second) // the lease is over, the grace is not
	locked(t, l.Lock(ctx, bob, time.Minute), "alice")
	locked(t, l.Renew(ctx, alice, time.Minute), "alice")
	r.clock.Advance(20 * time.Second)
	if err := l.Lock(ctx, bob, time.Minute); err != nil {
		t.Fatalf("taking over: %v", err)
	}
	locked(t, l.Renew(ctx, alice, time.Minute), "bob")
	if err := l.Unlock(ctx, alice); err != nil {
		t.Fatal(err)
	}
	if state, err := l.Read(ctx); err != nil || state.Lock == nil || state.Lock.Owner != bob {
		t.Errorf("%+v, %v", state.Lock, err)
	}
}

func TestALockThatSomebodyRemovedIsLost(t *testing.T) {
	r := newRig(t)
	l := r.ledger("us-west-2")
	if err := errors.Join(l.Lock(ctx, alice, time.Minute), l.remove(ctx, "lock")); err != nil {
		t.Fatal(err)
	}
	var held *deploy.LockedError
	if err := l.Renew(ctx, alice, time.Minute); !errors.As(err, &held) {
		t.Errorf("%v", err)
	}
}

func TestALostAnswerToLockingStillLocks(t *testing.T) {
	r := newRig(t, awssim.Fault{Effect: fault.Truncate, Service: "ssm", Operation: "PutParameter", Count: 1})
	if err := r.ledger("us-west-2").Lock(ctx, alice, time.Minute); err != nil {
		t.Error(err)
	}
}

func TestOnlyOneOfManyGetsTheLock(t *testing.T) {
	for name, stale := range map[string]bool{"free": false, "left by a run that died": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if stale {
				if err := r.ledger("us-west-2").Lock(ctx, alice, time.Minute); err != nil {
					t.Fatal(err)
				}
				r.clock.Advance(time.Hour)
			}
			const runs = 12
			var all, written sync.WaitGroup
			written.Add(1) // all look back only after all have written
			arrived := make(chan struct{}, runs)
			won := make([]error, runs)
			for i := range runs {
				all.Go(func() {
					l := New(r.config("us-west-2"), "shop", "us-west-2", Options{Now: r.clock.Now, Sleep: func(context.Context, time.Duration) error {
						arrived <- struct{}{}
						written.Wait()
						return nil
					}})
					won[i] = l.Lock(ctx, deploy.Owner{ID: string(rune('a' + i))}, time.Minute)
					arrived <- struct{}{}
				})
			}
			for range runs {
				<-arrived
			}
			written.Done()
			go func() {
				for range arrived {
				}
			}()
			all.Wait()
			close(arrived)
			winners := 0
			for _, err := range won {
				if err == nil {
					winners++
				}
			}
			if winners != 1 {
				t.Errorf("%d runs hold the lock: %v", winners, won)
			}
		})
	}
}

// strict refuses what the real SSM refuses and the simulated one takes.
type strict struct{ writeAPI }

func (s strict) PutParameter(ctx context.Context, in *ssm.PutParameterInput, o ...func(*ssm.Options)) (*ssm.PutParameterOutput, error) {
	if value := aws.ToString(in.Value); strings.Contains(value, "{{") {
		return nil, errors.New("ValidationException: Parameter value can't nest another parameter. Do not use \"{{}}\" in the value")
	}
	return s.writeAPI.PutParameter(ctx, in, o...)
}

func TestTextWithADynamicReferenceCanBeWrittenAndReadBack(t *testing.T) {
	r := newRig(t)
	l := r.ledger("us-west-2")
	l.api = strict{l.api}
	reason := `cannot resolve {{resolve:ssm:/a}} and {{{x}}}, "{{"`
	if err := l.WriteJournal(ctx, deploy.Journal{Deployment: "d-1", State: deploy.JournalInDoubt, Reason: reason}); err != nil {
		t.Fatal(err)
	}
	if err := l.Record(ctx, deploy.Record{ID: "r-1", Name: "{{ version }}"}); err != nil {
		t.Fatal(err)
	}
	state, err := l.Read(ctx)
	if err != nil || state.Journal.Reason != reason || state.Record.Name != "{{ version }}" {
		t.Errorf("%+v %+v, %v", state.Journal, state.Record, err)
	}
}

func TestAFreezeIsSetReadAndLifted(t *testing.T) {
	l := newRig(t).ledger("us-west-2")
	want := deploy.Freeze{Until: time.Date(2027, 1, 7, 0, 0, 0, 0, time.UTC), Reason: "sale", By: alice}
	if err := l.Freeze(ctx, want); err != nil {
		t.Fatal(err)
	}
	if state, err := l.Read(ctx); err != nil || state.Freeze == nil || *state.Freeze != want {
		t.Errorf("%+v, %v", state.Freeze, err)
	}
	if err := errors.Join(l.Thaw(ctx), l.Thaw(ctx)); err != nil {
		t.Errorf("lifting twice: %v", err)
	}
	if state, err := l.Read(ctx); err != nil || state.Freeze != nil {
		t.Errorf("%+v, %v", state.Freeze, err)
	}
}

func TestOnlyTheLockThatWasSeenIsBroken(t *testing.T) {
	r := newRig(t)
	l := r.ledger("us-west-2")
	if err := l.Lock(ctx, alice, time.Minute); err != nil {
		t.Fatal(err)
	}
	state, err := l.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(10 * time.Second)
	if err := l.Renew(ctx, alice, time.Minute); err != nil {
		t.Fatal(err)
	}
	locked(t, l.Break(ctx, *state.Lock), "alice") // a sign of life since
	if state, err = l.Read(ctx); err != nil || state.Lock == nil {
		t.Fatalf("%+v, %v", state.Lock, err)
	}
	if err := errors.Join(l.Break(ctx, *state.Lock), l.Break(ctx, *state.Lock), l.Lock(ctx, bob, time.Minute)); err != nil {
		t.Errorf("after breaking it: %v", err)
	}
	locked(t, l.Renew(ctx, alice, time.Minute), "bob")
}

func TestImagesOfOldReleasesArePrunedAndThoseOfLateOnesKept(t *testing.T) {
	r := newRig(t)
	l := r.ledger("us-west-2")
	key := func(n int) string { return deploy.ImageKey("app", fmt.Sprintf("r-%d", n)) }
	for n := range keptReleases + 2 {
		record := deploy.Record{ID: fmt.Sprintf("r-%d", n), Targets: map[string]string{"app": "x"}}
		if err := errors.Join(l.Record(ctx, record), l.SaveImage(ctx, key(n), bytes.Repeat([]byte{byte(n)}, 10_000)), l.Prune(ctx)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range keptReleases + 2 {
		if _, err := l.LoadImage(ctx, key(n)); (err == nil) != (n >= 2) {
			t.Errorf("release %d: %v", n, err)
		}
	}
	values, err := l.get(ctx, l.name(chunkName(key(0), 0)), l.name(imageName(key(0))))
	if err != nil || len(values) != 0 {
		t.Errorf("left behind: %v, %v", values, err)
	}
}
