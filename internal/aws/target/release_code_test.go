package target

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// These tests run whole deploys of a function, a service and a site into two
// Regions, over the simulator.

// estate is what the release goes to: everything but its code is there.
type estate struct {
	*rig
	services map[string]*services
}

func newEstate(t *testing.T) *estate {
	t.Helper()
	return newEstateIn(newRig(t))
}

func newEstateIn(r *rig) *estate {
	r.Helper()
	e := &estate{r, map[string]*services{}}
	for _, region := range bothRegions {
		cfg := e.config(region)
		functions := lambda.NewFromConfig(cfg)
		_, err := functions.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: aws.String("api"), Role: aws.String("arn:aws:iam::111111111111:role/api"),
			Runtime: lambdatypes.RuntimePython313, Handler: aws.String("index.handler"), Publish: true, Code: &lambdatypes.FunctionCode{ZipFile: []byte("version 0")}})
		if err == nil {
			_, err = functions.CreateAlias(ctx, &lambda.CreateAliasInput{FunctionName: aws.String("api"), Name: aws.String("live"), FunctionVersion: aws.String("1")})
		}
		bucket := &s3.CreateBucketInput{Bucket: aws.String("site-" + region)}
		if region != "us-east-1" {
			bucket.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(region)}
		}
		_, failed := e.site(region, e.cloud.HTTPClient()).CreateBucket(ctx, bucket)
		if err := errors.Join(err, failed); err != nil {
			e.Fatal(err)
		}
		e.services[region] = e.rig.services(region)
	}
	return e
}

func (e *estate) site(region string, client aws.HTTPClient) *s3.Client {
	cfg := e.config(region)
	cfg.HTTPClient = client
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
}

// files are the site's of a version.
func (e *estate) files(version string) Files {
	e.Helper()
	dir := e.TempDir()
	err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("version "+version), 0o600)
	files, failed := LoadFiles(dir)
	if err := errors.Join(err, failed); err != nil {
		e.Fatal(err)
	}
	return files
}

// release is a deploy of a version, a digit, by a process.
func (e *estate) release(p *process, version, deployment string) deploy.Request {
	e.Helper()
	req := deploy.Request{App: "shop", Release: deploy.Release{ID: "r-" + version}, Deployment: deployment,
		Owner: deploy.Owner{ID: "run-" + deployment}, Clock: e, Progress: e}
	code, files := []byte("version "+version), e.files(version)
	sum := sha256.Sum256(code)
	for _, region := range bothRegions {
		cfg := e.config(region)
		cfg.HTTPClient = p
		function, err1 := NewFunction(cfg, Function{App: "shop", Release: "r-" + version, Deployment: deployment, Key: "lambda/api", Name: "api", Region: region, Alias: "live",
			Zip: &Asset{Path: "api.zip", Content: code, SHA256: hex.EncodeToString(sum[:])}}, e.options())
		service, err2 := NewService(cfg, Service{App: "shop", Release: "r-" + version, Deployment: deployment, Key: "ecs/shop", Cluster: "main", Name: "shop", Region: region,
			Images: map[string]string{"web": imageURI(version)}}, e.options())
		site, err3 := newSite(Site{Key: "s3/site", Region: region, Bucket: "site-" + region, Files: files}, e.options(), e.site(region, p))
		if err := errors.Join(err1, err2, err3); err != nil {
			e.Fatal(err)
		}
		req.Regions = append(req.Regions, deploy.Region{Name: region, Role: "standby", Targets: []deploy.Target{function, service, site},
			Ledger: ledger.New(cfg, "shop", region, ledger.Options{Now: e.clock.Now, Sleep: e.options().Sleep})})
	}
	return req
}

func (e *estate) deploy(ctx context.Context, p *process, version, deployment string) deploy.Result {
	e.Helper()
	res, err := deploy.Run(ctx, e.release(p, version, deployment))
	if err != nil {
		e.Fatal(err)
	}
	return res
}

// apart says what does not serve a version; empty: everything does.
func (e *estate) apart(version string) (apart []string) {
	e.Helper()
	for _, region := range bothRegions {
		out, err := lambda.NewFromConfig(e.config(region)).GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("api"), Qualifier: aws.String("live")})
		if err != nil {
			e.Fatal(err)
		}
		if aws.ToString(out.CodeSha256) != codeSHA("version "+version) {
			apart = append(apart, region+"/function")
		}
		if image := aws.ToString(e.services[region].runs().TaskDefinition.ContainerDefinitions[0].Image); image != imageURI(version) {
			apart = append(apart, fmt.Sprintf("%s/service: %s", region, image))
		}
		if page := e.page(region); page != "version "+version {
			apart = append(apart, fmt.Sprintf("%s/site: %q", region, page))
		}
	}
	return apart
}

// page is what the site of a Region serves.
func (e *estate) page(region string) string {
	e.Helper()
	client := e.site(region, e.cloud.HTTPClient())
	read := func(key string) []byte {
		out, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("site-" + region), Key: aws.String(key)})
		if err != nil {
			return nil
		}
		body, err := io.ReadAll(out.Body)
		if err != nil {
			e.Fatal(err)
		}
		return body
	}
	var now pointed
	if text := read("current.json"); text == nil || json.Unmarshal(text, &now) != nil {
		return ""
	}
	return string(read(now.Prefix + "index.html"))
}

func TestAReleaseOfCodeArrivesInTwoRegions(t *testing.T) {
	e := newEstate(t)
	for _, version := range []string{"1", "2"} {
		if res := e.deploy(ctx, e.process(), version, "d-"+version); res.Outcome != deploy.Done || len(e.apart(version)) > 0 {
			t.Fatalf("%s (%s) %v", res.Outcome, res.Reason, e.apart(version))
		}
	}
	if res := e.deploy(ctx, e.process(), "2", "d-3"); res.Outcome != deploy.NoChange {
		t.Errorf("again: %s (%s)", res.Outcome, res.Reason)
	}
}

func TestOneServiceThatFailsTakesAllCodeBack(t *testing.T) {
	e := newEstate(t)
	e.deploy(ctx, e.process(), "1", "d-1")
	e.services["us-west-2"].failing()
	if res := e.deploy(ctx, e.process(), "2", "d-2"); res.Outcome != deploy.RolledBack || len(e.apart("1")) > 0 {
		t.Errorf("%s (%s) %v", res.Outcome, res.Reason, e.apart("1"))
	}
}

// TestAReleaseOfCodeKilledAtAnyCallIsFinishedByTheNext is the same as for
// stacks, for what has no CloudFormation that would end or take back by itself.
func TestAReleaseOfCodeKilledAtAnyCallIsFinishedByTheNext(t *testing.T) {
	step := int64(7)
	if *everyKill {
		step = 1
	}
	killed := 0
	for n := int64(1); ; n += step {
		if !killCode(t, n, n%2 == 0) || t.Failed() {
			break
		}
		killed++
	}
	t.Logf("%d kills", killed)
	if killed < 5 {
		t.Errorf("only %d kills: the test does not test", killed)
	}
}

func killCode(t *testing.T, n int64, after bool) (died bool) {
	e := newEstate(t)
	e.deploy(ctx, e.process(), "1", "d-1")
	p := e.process()
	p.killAt, p.after = n, after
	alive, kill := context.WithCancel(ctx)
	defer kill()
	e.onSleep = func(int) {
		if p.dead() {
			kill()
		}
	}
	e.deploy(alive, p, "2", "d-2")
	if !p.dead() {
		return false
	}
	e.onSleep = nil
	e.clock.Advance(time.Hour)
	res := e.deploy(ctx, e.process(), "2", "d-3")
	if res.Outcome != deploy.Done && res.Outcome != deploy.NoChange || len(e.apart("2")) > 0 {
		t.Errorf("killed at call %d (after %v): the next run ended as %s (%s), apart %v", n, after, res.Outcome, res.Reason, e.apart("2"))
	}
	for _, region := range bothRegions {
		if state := e.ledgerOf(region); state.Journal != nil || state.Lock != nil || state.Record == nil || state.Record.ID != "r-2" {
			t.Errorf("killed at call %d: the ledger of %s says %+v", n, region, state)
		}
	}
	return true
}

// TestAReleaseOfCodeCancelledAtAnyCallSaysWhereItIs cancels at the nth call;
// what the run sends afterwards still arrives.
func TestAReleaseOfCodeCancelledAtAnyCallSaysWhereItIs(t *testing.T) {
	step := int64(11)
	if *everyKill {
		step = 1
	}
	outcomes := map[deploy.Outcome]int{}
	for n := int64(1); ; n += step {
		outcome, cancelled := cancelCode(t, n)
		if !cancelled || t.Failed() {
			break
		}
		outcomes[outcome]++
	}
	t.Log(outcomes)
	if outcomes[deploy.InDoubt] == 0 || outcomes[deploy.FailedClean] == 0 {
		t.Errorf("%v: the test does not test", outcomes)
	}
}

func cancelCode(t *testing.T, n int64) (outcome deploy.Outcome, cancelled bool) {
	e := newEstate(t)
	e.deploy(ctx, e.process(), "1", "d-1")
	alive, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &process{client: caller{e.cloud.HTTPClient(), &atomic.Int64{}, n, cancel}}
	res := e.deploy(alive, p, "2", "d-2")
	if alive.Err() == nil {
		return res.Outcome, false
	}
	switch res.Outcome {
	case deploy.RolledBack, deploy.FailedClean, deploy.Rejected:
		if apart := e.apart("1"); len(apart) > 0 {
			t.Errorf("cancelled at call %d: %s (%s), and apart %v", n, res.Outcome, res.Reason, apart)
		}
	case deploy.Done:
		if apart := e.apart("2"); len(apart) > 0 {
			t.Errorf("cancelled at call %d: done, and apart %v", n, apart)
		}
	}
	e.clock.Advance(time.Hour)
	if res := e.deploy(ctx, e.process(), "2", "d-3"); res.Outcome != deploy.Done && res.Outcome != deploy.NoChange || len(e.apart("2")) > 0 {
		t.Errorf("cancelled at call %d: the next run ended as %s (%s), apart %v", n, res.Outcome, res.Reason, e.apart("2"))
	}
	return res.Outcome, true
}

// caller does something at its nth call.
type caller struct {
	aws.HTTPClient
	calls *atomic.Int64
	n     int64
	does  func()
}

func (c caller) Do(req *http.Request) (*http.Response, error) {
	if c.calls.Add(1) == c.n {
		c.does()
	}
	return c.HTTPClient.Do(req)
}

// TestAReleaseOfCodeOutlastsBadWeather: throttles, faults and expired
// credentials of a minute or two cost time, or end clean and are made up for by
// the next run.
func TestAReleaseOfCodeOutlastsBadWeather(t *testing.T) {
	for _, effect := range []string{fault.Throttle, fault.Error, fault.Reset, fault.ExpiredToken} {
		for _, region := range bothRegions {
			t.Run(effect+" in "+region, func(t *testing.T) {
				e := newEstate(t)
				e.deploy(ctx, e.process(), "1", "d-1")
				heal := e.inject(awssim.Fault{Effect: effect, Region: region, From: 30, Count: 40})
				res := e.deploy(ctx, e.process(), "2", "d-2")
				if res.Outcome == deploy.Done && len(e.apart("2")) > 0 {
					t.Errorf("done, and apart: %v", e.apart("2"))
				}
				heal()
				e.clock.Advance(time.Hour)
				if res := e.deploy(ctx, e.process(), "2", "d-3"); res.Outcome != deploy.Done && res.Outcome != deploy.NoChange || len(e.apart("2")) > 0 {
					t.Errorf("the next run: %s (%s) %v", res.Outcome, res.Reason, e.apart("2"))
				}
			})
		}
	}
}
