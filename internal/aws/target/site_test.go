package target

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// sites is a rig with a bucket.
type sites struct{ *rig }

func newSites(t *testing.T) *sites {
	t.Helper()
	s := &sites{newRig(t)}
	_, err := s.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("site"),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "us-west-2"}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *sites) target(text string, change ...func(*Site, *Options)) *S3 {
	s.Helper()
	dir := s.TempDir()
	for name, content := range map[string]string{"index.html": "<p>" + text, "css/a.css": "a{}"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			s.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			s.Fatal(err)
		}
	}
	files, err := LoadFiles(dir)
	if err != nil {
		s.Fatal(err)
	}
	spec, opts := Site{Key: "s3/site", Region: "us-west-2", Bucket: "site", Prefix: "web/", Files: files}, s.options()
	for _, c := range change {
		c(&spec, &opts)
	}
	t, err := newSite(spec, opts, s.s3)
	if err != nil {
		s.Fatal(err)
	}
	return t
}

// served is the page that the pointer leads to; empty: nothing is current.
func (s *sites) served() string {
	s.Helper()
	now, _, err := s.target("").read(context.Background())
	if err != nil {
		s.Fatal(err)
	}
	if now.Prefix == "" {
		return ""
	}
	out, err := s.s3.GetObject(context.Background(), &s3.GetObjectInput{Bucket: aws.String("site"), Key: aws.String(now.Prefix + "index.html")})
	if err != nil {
		s.Fatal(err)
	}
	body, err := io.ReadAll(out.Body)
	if err != nil || aws.ToString(out.ContentType) != "text/html; charset=utf-8" {
		s.Fatalf("%v, %s", err, aws.ToString(out.ContentType))
	}
	return string(body)
}

func (s *sites) release(t *S3) deploy.Plan {
	s.Helper()
	plan, err := t.Prepare(context.Background(), nil)
	if err == nil && plan.Action != deploy.ActionNone {
		err = t.Execute(context.Background(), plan)
	}
	if err == nil {
		err = t.Verify(context.Background(), nil)
	}
	if err != nil {
		s.Fatal(err)
	}
	return plan
}

func TestStaticFilesAreReleasedByMovingAPointer(t *testing.T) {
	s := newSites(t)
	one := s.target("one")
	plan, err := one.Prepare(t.Context(), nil)
	if err != nil || plan.Proof == "" || s.served() != "" {
		t.Fatalf("%+v, %v, served %q before the execution", plan, err, s.served())
	}
	s.release(one)
	if s.served() != "<p>one" {
		t.Errorf("served %q", s.served())
	}
	if again := s.release(s.target("one")); again.Action != deploy.ActionNone {
		t.Errorf("the second plan: %+v", again)
	}
	saved, err := s.target("two").Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.release(s.target("two"))
	for _, want := range []string{"restored", "untouched"} {
		if back, err := s.target("two").Restore(t.Context(), saved); err != nil || back.Status != want || s.served() != "<p>one" {
			t.Errorf("%+v, %v, served %q", back, err, s.served())
		}
	}
	s.release(s.target("two"))
	back, err := s.target("three").At(saved)
	if err != nil {
		t.Fatal(err)
	}
	if again := s.release(back.(*S3)); s.served() != "<p>one" || !strings.HasPrefix(plan.Proof, "sha256:"+again.Proof) || again.Proof == "" {
		t.Errorf("served %q, proved by %q, the release by %q", s.served(), again.Proof, plan.Proof)
	}
}

func (s *sites) deletePointer() {
	s.Helper()
	if _, err := s.s3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("site"), Key: aws.String("web/current.json")}); err != nil {
		s.Fatal(err)
	}
}

func TestAPointerThatSomebodyMovesBeforeItsTurnStopsTheDeploy(t *testing.T) {
	s := newSites(t)
	target := s.target("two")
	plan, err := target.Prepare(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.release(s.target("three"))
	s.fails(target.Execute(ctx, plan), deploy.Stuck, "somebody else moved the pointer of s3://site/web/ in us-west-2 meanwhile", "find out who")
	if s.served() != "<p>three" {
		t.Errorf("served %q", s.served())
	}
}

// TestAPointerThatSomebodyElseMovedIsLeftThere: whoever moved it since finds
// it where they put it.
func TestAPointerThatSomebodyElseMovedIsLeftThere(t *testing.T) {
	for name, c := range map[string]struct {
		before string
		by     func(*sites)
		words  []string
	}{
		"to another release":           {"one", func(s *sites) { s.release(s.target("three")) }, []string{"somebody else moved the pointer", "in us-west-2 to", "the release before was"}},
		"to another release, at first": {"", func(s *sites) { s.release(s.target("three")) }, []string{"somebody else moved the pointer", "nothing was current before"}},
		"by deleting it":               {"one", (*sites).deletePointer, []string{"somebody else deleted the pointer", "in us-west-2", "the release before was"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSites(t)
			if c.before != "" {
				s.release(s.target(c.before))
			}
			target := s.target("two")
			saved, err := target.Image(ctx)
			if err != nil {
				t.Fatal(err)
			}
			s.release(target)
			c.by(s)
			served := s.served()
			_, err = target.Restore(ctx, saved)
			s.fails(err, deploy.Stuck, c.words...)
			if s.served() != served {
				t.Errorf("served %q, before %q", s.served(), served)
			}
		})
	}
}

func TestThePointerOfAFirstReleaseIsTakenAway(t *testing.T) {
	s := newSites(t)
	target := s.target("one")
	saved, err := target.Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.release(target)
	if back, err := target.Restore(t.Context(), saved); err != nil || back.Status != "deleted" || s.served() != "" {
		t.Errorf("%+v, %v, served %q", back, err, s.served())
	}
	_, err = target.At(saved)
	s.fails(err, deploy.Refused, "nothing was current")
}

func TestAFileThatWasChangedByHandIsFoundAndPutBack(t *testing.T) {
	s := newSites(t)
	target := s.target("one")
	s.release(target)
	if _, err := s.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("site"), Key: aws.String(target.current + "css/a.css")}); err != nil {
		t.Fatal(err)
	}
	s.fails(target.Verify(t.Context(), nil), deploy.Failed, "not the file of the release")
	if plan := s.release(s.target("one")); plan.Action != deploy.ActionUpdate || len(plan.Notes) != 1 {
		t.Errorf("%+v", plan)
	}
}

func TestABucketThatCannotServeItsRegion(t *testing.T) {
	s := newSites(t)
	elsewhere := func(spec *Site, _ *Options) { spec.Region = "eu-west-1" }
	_, err := s.target("one", elsewhere).Prepare(t.Context(), nil)
	s.fails(err, deploy.Refused, "another Region")
	missing := func(spec *Site, _ *Options) { spec.Bucket = "still-to-be-made" }
	if plan, err := s.target("one", missing).Prepare(t.Context(), nil); err != nil || plan.Deferred == "" {
		t.Errorf("%+v, %v", plan, err)
	}
	if outputs, err := s.target("one", missing).Outputs(t.Context()); err != nil || outputs["Prefix"] != "" {
		t.Errorf("outputs %v, %v", outputs, err)
	}
	dry := s.target("one", func(_ *Site, o *Options) { o.DryRun = true })
	if _, err := dry.Prepare(t.Context(), nil); err != nil || s.cloud.Called("s3", "PutObject") != 0 {
		t.Errorf("a plan uploaded something: %v", err)
	}
}

func TestABadDayOfStaticFiles(t *testing.T) {
	for _, c := range []struct {
		name, effect string
		kind         deploy.ErrorKind
		moved        bool
	}{
		{"the pointer may not be written", fault.AccessDenied, deploy.Failed, false},
		{"the answer is lost", fault.Truncate, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSites(t)
			target := s.target("one")
			plan, err := target.Prepare(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			heal := s.inject(awssim.Fault{Effect: c.effect, Service: "s3", Operation: "PutObject"})
			err = target.Execute(t.Context(), plan)
			heal()
			if (err == nil) != c.moved || err != nil && deploy.KindOf(err) != c.kind || (s.served() != "") != c.moved {
				t.Errorf("%v is %s, served %q", err, deploy.KindOf(err), s.served())
			}
		})
	}
	s := newSites(t)
	target := s.target("one")
	plan, err := target.Prepare(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = target.Abort(t.Context())
	s.fails(target.Execute(t.Context(), plan), deploy.Failed, "abort")
}

func TestOnlyFilesOfTheDirectoryAreTaken(t *testing.T) {
	dir := t.TempDir()
	if _, err := LoadFiles(dir); err == nil {
		t.Error("an empty directory was taken")
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadFiles(dir); err == nil {
		t.Error("a link was followed")
	}
}
