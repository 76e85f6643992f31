package target

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// functions is a rig with one Lambda function, at version 1 behind "live".
type functions struct {
	*rig
	api *lambda.Client
}

func newFunctions(t *testing.T, faults ...awssim.Fault) *functions {
	t.Helper()
	f := &functions{rig: newRig(t, faults...)}
	f.api = lambda.NewFromConfig(f.config("us-west-2"))
	_, err := f.api.CreateFunction(t.Context(), &lambda.CreateFunctionInput{FunctionName: aws.String("api"), Role: aws.String("arn:aws:iam::123456789012:role/api"),
		Runtime: types.RuntimePython313, Handler: aws.String("index.handler"), Publish: true, Code: &types.FunctionCode{ZipFile: []byte("code one")}})
	if err == nil {
		_, err = f.api.CreateAlias(t.Context(), &lambda.CreateAliasInput{FunctionName: aws.String("api"), Name: aws.String("live"), FunctionVersion: aws.String("1")})
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// target is the function with a package, behind "live".
func (f *functions) target(code string, change ...func(*Function)) *Lambda {
	f.Helper()
	sum := sha256.Sum256([]byte(code))
	spec := Function{App: "shop", Release: "r-0123456789ab", Deployment: "d-1", Key: "lambda/api", Name: "api", Region: "us-west-2", Alias: "live",
		Zip: &Asset{Path: "api.zip", Content: []byte(code), SHA256: hex.EncodeToString(sum[:])}}
	for _, c := range change {
		c(&spec)
	}
	t, err := NewFunction(f.config("us-west-2"), spec, f.options())
	if err != nil {
		f.Fatal(err)
	}
	return t
}

// alias reads an alias's version and the digest of its code; "" if there is none.
func (f *functions) alias(name string) (version, sha string) {
	f.Helper()
	out, err := f.api.GetAlias(context.Background(), &lambda.GetAliasInput{FunctionName: aws.String("api"), Name: aws.String(name)})
	if isAbsent(err) {
		return "", ""
	}
	if err != nil {
		f.Fatal(err)
	}
	config, err := f.api.GetFunctionConfiguration(context.Background(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("api"), Qualifier: aws.String(name)})
	if err != nil {
		f.Fatal(err)
	}
	return aws.ToString(out.FunctionVersion), aws.ToString(config.CodeSha256)
}

func codeSHA(code string) string {
	sum := sha256.Sum256([]byte(code))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// release plans, executes and verifies, and expects success.
func (f *functions) release(t *Lambda) deploy.Plan {
	f.Helper()
	plan, err := t.Prepare(context.Background(), nil)
	if err == nil && plan.Action != deploy.ActionNone {
		err = t.Execute(context.Background(), plan)
	}
	if err == nil {
		err = t.Verify(context.Background(), nil)
	}
	if err != nil {
		f.Fatal(err)
	}
	return plan
}

func TestAFunctionIsReleasedByMovingItsAlias(t *testing.T) {
	f := newFunctions(t)
	next := f.target("code two")
	plan := f.release(next)
	if plan.Action != deploy.ActionUpdate || plan.Proof != codeSHA("code two") || len(plan.Changes) != 1 || plan.Changes[0].Type != aliasType {
		t.Errorf("plan %+v", plan)
	}
	if version, sha := f.alias("live"); version != "2" || sha != codeSHA("code two") {
		t.Errorf("live is version %s with %s", version, sha)
	}
	if again := f.release(f.target("code two")); again.Action != deploy.ActionNone {
		t.Errorf("the second plan: %+v", again)
	}
	if outputs, err := next.Outputs(t.Context()); err != nil || outputs["Version"] != "2" {
		t.Errorf("outputs %v, %v", outputs, err)
	}
}

func TestAPlanOfAFunctionChangesNothing(t *testing.T) {
	f := newFunctions(t)
	if _, err := f.target("code two").Prepare(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	config, err := f.api.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("api")})
	if err != nil || aws.ToString(config.CodeSha256) != codeSHA("code one") {
		t.Errorf("the code is %s, %v", aws.ToString(config.CodeSha256), err)
	}
}

// tryOuts is a Lambda whose try-outs of code answer with a digest.
type tryOuts struct {
	functionAPI
	digest string
}

func (l tryOuts) UpdateFunctionCode(ctx context.Context, in *lambda.UpdateFunctionCodeInput, o ...func(*lao)) (*lambda.UpdateFunctionCodeOutput, error) {
	out, err := l.functionAPI.UpdateFunctionCode(ctx, in, o...)
	if err == nil && in.DryRun {
		out.CodeSha256 = aws.String(l.digest)
	}
	return out, err
}

func TestATryOutOfCodeAnswersWithADigest(t *testing.T) {
	for _, c := range []struct {
		name, digest string
		refused      bool
	}{
		{"of the package", codeSHA("code two"), false},
		{"of the code that the function has, which says nothing", codeSHA("code one"), false},
		{"of something else", codeSHA("code that was mangled"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFunctions(t)
			target := f.target("code two")
			target.calls = tryOuts{functionAPI: target.calls, digest: c.digest}
			_, err := target.Prepare(t.Context(), nil)
			if c.refused {
				f.fails(err, deploy.Refused, "reads the package as")
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAnAliasGoesBackWhereItWas(t *testing.T) {
	for _, c := range []struct {
		name   string
		alias  string
		before func(*functions)
		want   string // version of the alias afterwards; empty: no alias
		status string
	}{
		{"to the version before", "live", nil, "1", "restored"},
		{"to no alias, where the release made it", "canary", nil, "", "deleted"},
		{"with the weights it had", "live", func(f *functions) {
			f.release(f.target("code b", func(s *Function) { s.Alias = "other" }))
			_, err := f.api.UpdateAlias(context.Background(), &lambda.UpdateAliasInput{FunctionName: aws.String("api"), Name: aws.String("live"),
				RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"2": 0.1}}})
			if err != nil {
				f.Fatal(err)
			}
		}, "1", "restored"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFunctions(t)
			if c.before != nil {
				c.before(f)
			}
			target := f.target("code two", func(s *Function) { s.Alias = c.alias })
			image, err := target.Image(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			f.release(target)
			back, err := f.target("code two", func(s *Function) { s.Alias = c.alias }).Restore(t.Context(), image)
			if err != nil || back.Status != c.status {
				t.Fatalf("%+v, %v", back, err)
			}
			if version, _ := f.alias(c.alias); version != c.want {
				t.Errorf("the alias is at %q, want %q", version, c.want)
			}
			if again, err := target.Restore(t.Context(), image); err != nil || again.Status != "untouched" {
				t.Errorf("a second time: %+v, %v", again, err)
			}
			now, err := target.Image(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			one, _ := readFunctionImage(image)
			two, _ := readFunctionImage(now)
			if !one.Alias.equals(two.Alias) {
				t.Errorf("before %+v, after %+v", one.Alias, two.Alias)
			}
		})
	}
}

func TestAnAliasThatSomebodyElseMadeIsNotDeleted(t *testing.T) {
	f := newFunctions(t)
	target := f.target("code two", func(s *Function) { s.Alias = "canary" })
	image, err := target.Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.api.CreateAlias(t.Context(), &lambda.CreateAliasInput{FunctionName: aws.String("api"), Name: aws.String("canary"), FunctionVersion: aws.String("1")}); err != nil {
		t.Fatal(err)
	}
	_, err = target.Restore(t.Context(), image)
	f.fails(err, deploy.Stuck, "somebody else made it")
}

func TestAnAliasOfAFirstReleaseThatSomebodyElseMovedIsNotDeleted(t *testing.T) {
	f := newFunctions(t)
	target := f.target("code two", func(s *Function) { s.Alias = "canary" })
	image, err := target.Image(ctx)
	if err != nil {
		t.Fatal(err)
	}
	f.release(target)
	if _, err := f.api.UpdateAlias(ctx, &lambda.UpdateAliasInput{FunctionName: aws.String("api"), Name: aws.String("canary"), FunctionVersion: aws.String("1")}); err != nil {
		t.Fatal(err)
	}
	_, err = target.Restore(ctx, image)
	f.fails(err, deploy.Stuck, "alias canary of function api in us-west-2 was moved to version 1 by somebody else, and is left there", "there was no alias before")
	if version, _ := f.alias("canary"); version != "1" {
		t.Errorf("it is at version %s", version)
	}
}

// The alias moves only to a version that is warm, and the one that was left
// keeps its executions until the release is recorded.
func TestAVersionIsWarmBeforeTheAliasMoves(t *testing.T) {
	f := newFunctions(t)
	five := func(s *Function) { s.Provisioned = 5 }
	f.release(f.target("code two", five))
	next := f.target("code three", five)
	f.release(next)
	var order []string
	for _, call := range f.cloud.Calls() {
		if call.Operation == "PutProvisionedConcurrencyConfig" || call.Operation == "UpdateAlias" {
			order = append(order, call.Operation)
		}
	}
	if want := []string{"PutProvisionedConcurrencyConfig", "UpdateAlias", "PutProvisionedConcurrencyConfig", "UpdateAlias"}; !slices.Equal(order, want) {
		t.Errorf("%v", order)
	}
	for version, want := range map[string]int32{"2": 5, "3": 5} {
		if n, _, err := next.provisioned(t.Context(), version); err != nil || n != want {
			t.Errorf("version %s has %d, %v", version, n, err)
		}
	}
	if err := next.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, _, err := next.provisioned(t.Context(), "2"); err != nil || n != 0 {
		t.Errorf("version 2 still has %d, %v", n, err)
	}
}

func TestAFunctionThatCannotBeReleasedToIsRefused(t *testing.T) {
	f := newFunctions(t)
	absent := f.target("code two", func(s *Function) { s.Name = "nobody" })
	if plan, err := absent.Prepare(t.Context(), nil); err != nil || !strings.Contains(plan.Deferred, "does not exist yet") {
		t.Errorf("a function that is still to be made: %+v, %v", plan, err)
	}
	image := f.target("x", func(s *Function) {
		s.Zip, s.Image = nil, "1.dkr.ecr.us-west-2.amazonaws.com/api@sha256:"+strings.Repeat("a", 64)
	})
	_, err := image.Prepare(t.Context(), nil)
	f.fails(err, deploy.Refused, "kind")
	if _, err := f.api.PutProvisionedConcurrencyConfig(t.Context(), &lambda.PutProvisionedConcurrencyConfigInput{FunctionName: aws.String("api"),
		Qualifier: aws.String("live"), ProvisionedConcurrentExecutions: aws.Int32(2)}); err != nil {
		t.Fatal(err)
	}
	_, err = f.target("code two", func(s *Function) { s.Provisioned = 5 }).Prepare(t.Context(), nil)
	f.fails(err, deploy.Refused, "provisioned concurrency of its own")
	if _, err := NewFunction(f.config("us-west-2"), Function{Image: "repo:latest"}, f.options()); err == nil {
		t.Error("a tag was taken")
	}
}

func TestABadDayOfAFunction(t *testing.T) {
	for _, c := range []struct {
		name      string
		fault     awssim.Fault
		operation string
		kind      deploy.ErrorKind
		moved     bool
	}{
		{"code is refused", awssim.Fault{Effect: fault.AccessDenied}, "UpdateFunctionCode", deploy.Failed, false},
		{"publishing fails", awssim.Fault{Effect: fault.AccessDenied}, "PublishVersion", deploy.Failed, false},
		{"the alias may not be moved", awssim.Fault{Effect: fault.AccessDenied}, "UpdateAlias", deploy.Failed, false},
		{"the answer is lost after the alias was moved", awssim.Fault{Effect: fault.Truncate}, "UpdateAlias", 0, true},
		{"the connection breaks before the alias is moved", awssim.Fault{Effect: fault.Reset}, "UpdateAlias", deploy.Failed, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFunctions(t)
			target := f.target("code two")
			plan, err := target.Prepare(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			c.fault.Service, c.fault.Operation = "lambda", c.operation
			heal := f.inject(c.fault)
			err = target.Execute(t.Context(), plan)
			heal()
			version, _ := f.alias("live")
			if moved := version == "2"; moved != c.moved || (err == nil) != c.moved {
				t.Fatalf("moved %v, %v", moved, err)
			}
			if err != nil && deploy.KindOf(err) != c.kind {
				t.Errorf("%v is %s, want %s", err, deploy.KindOf(err), c.kind)
			}
			f.release(f.target("code two")) // running again converges
		})
	}
}

func TestAnAliasThatSomebodyMovesMeanwhileIsLeftAlone(t *testing.T) {
	f := newFunctions(t)
	target := f.target("code two")
	plan, err := target.Prepare(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	f.release(f.target("code three"))
	f.fails(target.Execute(t.Context(), plan), deploy.Stuck, "moved by somebody else")
	if _, sha := f.alias("live"); sha != codeSHA("code three") {
		t.Error("it was moved all the same")
	}
}

func TestAnAbortBeforeTheAliasMovesIsClean(t *testing.T) {
	f := newFunctions(t)
	target := f.target("code two")
	plan, err := target.Prepare(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := target.Abort(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.fails(target.Execute(t.Context(), plan), deploy.Failed, "abort")
	if version, _ := f.alias("live"); version != "1" {
		t.Errorf("live is at %s", version)
	}
}

func TestAVersionThatTheAliasNeverCameToIsNotKeptWarm(t *testing.T) {
	f := newFunctions(t)
	target := f.target("code two", func(s *Function) { s.Provisioned = 5 })
	plan, err := target.Prepare(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	saved, err := target.Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := target.Abort(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.fails(target.Execute(t.Context(), plan), deploy.Failed, "abort")
	if n, _, err := target.provisioned(t.Context(), "2"); err != nil || n != 5 {
		t.Fatalf("version 2 has %d, %v: the abort came too early for this test", n, err)
	}
	if back, err := target.Restore(t.Context(), saved); err != nil || back.Status != "untouched" || len(back.Notes) != 0 {
		t.Errorf("%+v, %v", back, err)
	}
	if n, _, err := target.provisioned(t.Context(), "2"); err != nil || n != 0 {
		t.Errorf("version 2 still has %d, %v", n, err)
	}
}

func TestASavedFunctionCanBeDeployedAgain(t *testing.T) {
	f := newFunctions(t)
	saved, err := f.target("code two").Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f.release(f.target("code two"))
	back, err := f.target("code three").At(saved)
	if err != nil {
		t.Fatal(err)
	}
	f.release(back.(*Lambda))
	if version, sha := f.alias("live"); version != "1" || sha != codeSHA("code one") {
		t.Errorf("live is version %s with %s", version, sha)
	}
	none, err := f.target("x", func(s *Function) { s.Alias = "canary" }).Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.target("x", func(s *Function) { s.Alias = "canary" }).At(none)
	f.fails(err, deploy.Refused, "did not exist")
}

func TestALargePackageGoesThroughABucketOfTheRegion(t *testing.T) {
	f := newFunctions(t)
	code := string(bytes.Repeat([]byte("0123456789abcdef"), maxDirectZip/16+1))
	f.release(f.target(code))
	bucket := ""
	for _, call := range f.cloud.Calls() {
		if call.Operation == "CreateBucket" {
			bucket = call.Region
		}
	}
	if _, sha := f.alias("live"); sha != codeSHA(code) || bucket != "us-west-2" {
		t.Errorf("live has %s, the bucket lies in %q", sha, bucket)
	}
}

// TestAnAliasGoesBackOnlyFromWhereADeployHasPutIt: whoever moved it since
// finds it where they put it.
func TestAnAliasGoesBackOnlyFromWhereADeployHasPutIt(t *testing.T) {
	for name, c := range map[string]struct {
		// by moves the alias after the image was taken; with is the code of the one who restores.
		by   func(*functions)
		with string
		back bool
	}{
		"the deploy of this release":                      {func(f *functions) { f.release(f.target("code two")) }, "code two", true},
		"the deploy of another release, taken up again":   {func(f *functions) { f.release(f.target("code three")) }, "code two", true},
		"the deploy that took the image, seen by another": {func(f *functions) { f.publish("code two", "") }, "code nine", true},
		"somebody else": {func(f *functions) { f.publish("code four", "theirs") }, "code two", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFunctions(t)
			image, err := f.target("code two").Image(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			c.by(f)
			moved, _ := f.alias("live")
			_, err = f.target(c.with).Restore(t.Context(), image)
			now, _ := f.alias("live")
			if c.back && (err != nil || now != "1") {
				t.Errorf("%v, live is version %s", err, now)
			}
			if !c.back {
				f.fails(err, deploy.Stuck, "alias live of function api in us-west-2 was moved to version "+moved+" by somebody else", "the release before had version 1")
				if now != moved {
					t.Errorf("live was moved from version %s to %s", moved, now)
				}
			}
		})
	}
}

// publish lets somebody publish code and point "live" at it.
func (f *functions) publish(code, description string) {
	f.Helper()
	ctx := context.Background()
	_, err := f.api.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{FunctionName: aws.String("api"), ZipFile: []byte(code)})
	f.clock.Advance(time.Minute)
	var out *lambda.PublishVersionOutput
	if err == nil {
		out, err = f.api.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: aws.String("api"), Description: aws.String(description)})
	}
	if err == nil {
		_, err = f.api.UpdateAlias(ctx, &lambda.UpdateAliasInput{FunctionName: aws.String("api"), Name: aws.String("live"), FunctionVersion: out.Version})
	}
	if err != nil {
		f.Fatal(err)
	}
}
