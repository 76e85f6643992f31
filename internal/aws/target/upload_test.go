package target

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// large is a template above the limit of a call.
func large(template string) string {
	return template + strings.Repeat("# "+strings.Repeat("x", 100)+"\n", maxInlineTemplate/100)
}

func TestALargeTemplateGoesThroughABucketOfTheRegionThereAndBack(t *testing.T) {
	r := newRig(t)
	r.deployed(r.stack(large(first)))
	target := r.stack(large(second), run("d-2"))
	image := r.image(target)
	r.deployed(target)
	if back, err := target.Restore(ctx, image); err != nil || back.Status != "restored" || !sameTemplate(r.body(), large(first)) {
		t.Errorf("restore: %+v, %v", back, err)
	}
	bucket := aws.String("lockstep-shop-111111111111-us-west-2")
	sum := sha256.Sum256([]byte(large(second)))
	if _, err := r.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("lockstep/" + hex.EncodeToString(sum[:]))}); err != nil {
		t.Errorf("the template is not where its content says: %v", err)
	}
}

func TestTheBucketLockstepMakesIsPrivateEncryptedAndTLSOnly(t *testing.T) {
	r := newRig(t)
	r.prepare(r.stack(large(first)))
	bucket := aws.String("lockstep-shop-111111111111-us-west-2")
	block, err := r.s3.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: bucket})
	if err != nil {
		t.Fatal(err)
	}
	c := block.PublicAccessBlockConfiguration
	if !aws.ToBool(c.BlockPublicAcls) || !aws.ToBool(c.BlockPublicPolicy) || !aws.ToBool(c.IgnorePublicAcls) || !aws.ToBool(c.RestrictPublicBuckets) {
		t.Errorf("public access: %+v", c)
	}
	encryption, err := r.s3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: bucket})
	if err != nil || len(encryption.ServerSideEncryptionConfiguration.Rules) != 1 {
		t.Errorf("encryption: %v", err)
	}
	policy, err := r.s3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: bucket})
	if err != nil {
		t.Fatal(err)
	}
	contains(t, aws.ToString(policy.Policy), `"aws:SecureTransport":"false"`, `"Deny"`, "arn:aws:s3:::"+*bucket+"/*")
}

func TestABucketInAnotherRegionIsRefused(t *testing.T) {
	r := newRig(t)
	east := s3.NewFromConfig(r.config("us-east-1"), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := east.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("code-in-the-east")}); err != nil {
		t.Fatal(err)
	}
	for bucket, words := range map[string]string{"code-in-the-east": "must not need another", "no-such-bucket": "does not exist"} {
		_, err := r.stack(large(first), func(s *Stack) { s.Bucket = bucket }).Prepare(ctx, nil)
		r.fails(err, deploy.Refused, bucket, words)
	}
}

const withCode = `
Parameters:
  CodeBucket: {Type: String}
  CodeKey: {Type: String}
Resources:
  Setting:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Sub "${CodeBucket}/${CodeKey}"}
`

// loadCode writes a directory in a given order and returns it as an asset.
func loadCode(t *testing.T, names ...string) Asset {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := os.FileMode(0o600)
		if strings.HasSuffix(name, ".sh") {
			mode = 0o700
		}
		if err := os.WriteFile(path, []byte("content of "+name), mode); err != nil {
			t.Fatal(err)
		}
	}
	asset, err := LoadAsset(dir, "CodeBucket", "CodeKey")
	if err != nil {
		t.Fatal(err)
	}
	return asset
}

func TestADirectoryPacksToTheSameBytesEverywhere(t *testing.T) {
	one := loadCode(t, "index.js", "lib/a.js", "run.sh")
	time.Sleep(time.Millisecond) // another modification time
	two := loadCode(t, "run.sh", "lib/a.js", "index.js")
	if !bytes.Equal(one.Content, two.Content) || one.SHA256 != two.SHA256 {
		t.Error("the same files made different archives")
	}
	if other := loadCode(t, "index.js"); other.SHA256 == one.SHA256 {
		t.Error("different files made the same archive")
	}
	archive, err := zip.NewReader(bytes.NewReader(one.Content), int64(len(one.Content)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range archive.File {
		names = append(names, f.Name+" "+f.Mode().String())
	}
	if want := []string{"index.js -rw-r--r--", "lib/a.js -rw-r--r--", "run.sh -rwxr-xr-x"}; !slices.Equal(names, want) {
		t.Errorf("entries %v, want %v", names, want)
	}
	if _, err := LoadAsset(filepath.Join(t.TempDir(), "none"), "B", "K"); err == nil {
		t.Error("a missing asset was loaded")
	}
}

func TestAnAssetIsUploadedOnceAndItsPlaceIsGivenToTheTemplate(t *testing.T) {
	r := newRig(t)
	asset := loadCode(t, "index.js")
	assets := func(s *Stack) { s.Assets = []Asset{asset} }
	r.deployed(r.stack(withCode, assets))
	want := "lockstep-shop-111111111111-us-west-2/lockstep/" + asset.SHA256
	if got := r.readSetting(); got != want {
		t.Errorf("the template got %s, want %s", got, want)
	}
	object, err := r.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("lockstep-shop-111111111111-us-west-2"), Key: aws.String("lockstep/" + asset.SHA256)})
	if err != nil {
		t.Fatal(err)
	}
	defer object.Body.Close()
	if data, err := io.ReadAll(object.Body); err != nil || !bytes.Equal(data, asset.Content) {
		t.Errorf("the object differs: %v", err)
	}
	puts := r.cloud.Called("s3", "PutObject")
	if plan := r.prepare(r.stack(withCode, assets, run("d-2"))); plan.Action != deploy.ActionNone || r.cloud.Called("s3", "PutObject") != puts {
		t.Errorf("uploaded again: plan %+v, %d puts", plan, r.cloud.Called("s3", "PutObject"))
	}
}

func TestAnObjectWithOtherBytesUnderTheRightNameIsReplaced(t *testing.T) {
	r := newRig(t)
	asset := loadCode(t, "index.js")
	r.prepare(r.stack(withCode, func(s *Stack) { s.Assets = []Asset{asset} }))
	in := &s3.PutObjectInput{Bucket: aws.String("lockstep-shop-111111111111-us-west-2"), Key: aws.String("lockstep/" + asset.SHA256),
		Body: strings.NewReader("something else"), ChecksumAlgorithm: s3types.ChecksumAlgorithmSha256}
	if _, err := r.s3.PutObject(ctx, in); err != nil {
		t.Fatal(err)
	}
	target := r.stack(withCode, run("d-2"), func(s *Stack) { s.Assets = []Asset{asset} })
	r.prepare(target)
	if err := target.prove(ctx, *in.Bucket, *in.Key, sha256.Sum256(asset.Content)); err != nil {
		t.Error(err)
	}
}

func TestADeniedUploadIsNoVerdictAboutTheStack(t *testing.T) {
	r := newRig(t, awssim.Fault{Effect: fault.AccessDenied, Service: "s3", Operation: "PutObject"})
	_, err := r.stack(large(first)).Prepare(ctx, nil)
	r.fails(err, deploy.Unknown, "AccessDenied", "us-west-2")
}

func TestBucketNamesAreValidAndTellApplicationsApart(t *testing.T) {
	seen := map[string]string{}
	for _, app := range []string{"shop", "Shop", "shop_", strings.Repeat("long-", 20), strings.Repeat("long-", 21), "ü"} {
		for _, region := range []string{"us-west-2", "ap-southeast-2"} {
			name := bucketName(app, "111111111111", region)
			if len(name) > 63 || notInBucketNames.MatchString(name) || strings.Contains(name, "--") {
				t.Errorf("%s: %s (%d)", app, name, len(name))
			}
			if other, ok := seen[name]; ok {
				t.Errorf("%s and %s share %s", app, other, name)
			}
			seen[name] = app
		}
	}
}

// writes are the calls of a service that are no reads.
func (r *rig) writes(service string) []string {
	var names []string
	for _, call := range r.cloud.Calls() {
		read := strings.HasPrefix(call.Operation, "Get") || strings.HasPrefix(call.Operation, "Head") || strings.HasPrefix(call.Operation, "List")
		if call.Service == service && !read {
			names = append(names, call.Operation)
		}
	}
	return names
}

func TestADryRunNamesWhereAssetsWillLieAndWritesNothing(t *testing.T) {
	r := newRig(t)
	asset := loadCode(t, "index.js")
	code := func(s *Stack) { s.Assets = []Asset{asset} }
	dry := r.options()
	dry.DryRun = true
	plan, err := r.stackWith(dry, withCode, code).Prepare(ctx, nil)
	if err != nil || plan.Action != deploy.ActionCreate || len(plan.Changes) != 1 || len(plan.Notes) != 0 {
		t.Fatalf("%+v, %v", plan, err)
	}
	if writes := r.writes("s3"); len(writes) != 0 {
		t.Errorf("a plan wrote to S3: %v", writes)
	}
	r.deployed(r.stack(withCode, code, run("d-2")))
	if len(r.writes("s3")) == 0 {
		t.Error("a deploy did not bring the asset")
	}
	plan, err = r.stackWith(dry, withCode, code, run("d-3")).Prepare(ctx, nil)
	if err != nil || plan.Action != deploy.ActionNone {
		t.Errorf("the plan's values are not those of the deploy: %+v, %v", plan, err)
	}
}

func TestADryRunSaysThatItUploadedALargeTemplate(t *testing.T) {
	r := newRig(t)
	dry := r.options()
	dry.DryRun = true
	plan, err := r.stackWith(dry, large(first)).Prepare(ctx, nil)
	if err != nil || len(plan.Notes) != 1 {
		t.Fatalf("%+v, %v", plan, err)
	}
	contains(t, plan.Notes[0], "infra/app.yaml", "lockstep-shop-111111111111-us-west-2", "51200")
	if writes := r.writes("s3"); !slices.Contains(writes, "PutObject") {
		t.Errorf("it wrote %v", writes)
	}
}

func TestTheDefaultBucketMustBelongToTheAccount(t *testing.T) {
	r := newRig(t)
	target := r.stack(large(first))
	buckets := &ownedBuckets{bucketAPI: target.buckets}
	target.buckets = buckets
	r.prepare(target)
	if buckets.calls == 0 || buckets.without != 0 {
		t.Errorf("%d of %d calls did not say whose bucket it must be", buckets.without, buckets.calls)
	}
	r.inject(awssim.Fault{Effect: fault.AccessDenied, Service: "s3", Operation: "HeadBucket"})
	_, err := r.stack(large(first), run("d-2")).Prepare(ctx, nil)
	r.fails(err, deploy.Unknown, "must belong to account 111111111111", "allow s3:ListBucket", "us-west-2")
	r.cloud.ClearFaults()
	r.inject(awssim.Fault{Effect: fault.AccessDenied, Service: "s3", Operation: "HeadObject"})
	_, err = r.stack(large(second), run("d-3")).Prepare(ctx, nil)
	r.fails(err, deploy.Unknown, "allow s3:GetObject", "us-west-2")
}

// ownedBuckets counts the calls that do not name the owner of the bucket.
type ownedBuckets struct {
	bucketAPI
	calls, without int
}

func (b *ownedBuckets) count(owner *string) {
	b.calls++
	if aws.ToString(owner) != "111111111111" {
		b.without++
	}
}

func (b *ownedBuckets) HeadBucket(ctx ctxType, in *s3.HeadBucketInput, o ...func(*s3.Options)) (*s3.HeadBucketOutput, error) {
	b.count(in.ExpectedBucketOwner)
	return b.bucketAPI.HeadBucket(ctx, in, o...)
}

func (b *ownedBuckets) HeadObject(ctx ctxType, in *s3.HeadObjectInput, o ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	b.count(in.ExpectedBucketOwner)
	return b.bucketAPI.HeadObject(ctx, in, o...)
}

func (b *ownedBuckets) PutObject(ctx ctxType, in *s3.PutObjectInput, o ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	b.count(in.ExpectedBucketOwner)
	return b.bucketAPI.PutObject(ctx, in, o...)
}

// TestStacksPlannedSideBySideMakeOneBucket: S3 refuses what happens to a bucket
// while it is being made.
func TestStacksPlannedSideBySideMakeOneBucket(t *testing.T) {
	r := newRig(t)
	opts := r.options()
	opts.Making = &sync.Mutex{}
	var group sync.WaitGroup
	for _, name := range []string{"shop", "data", "edge"} {
		target := r.stackWith(opts, large(first), func(s *Stack) { s.Key, s.Name = name, name })
		group.Go(func() {
			if _, err := target.Prepare(ctx, nil); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	group.Wait()
	made := 0
	for _, call := range r.cloud.Calls() {
		if call.Operation == "CreateBucket" {
			made++
		}
	}
	if made != 1 {
		t.Errorf("CreateBucket was called %d times", made)
	}
}
