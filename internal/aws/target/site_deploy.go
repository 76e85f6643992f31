package target

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"github.com/lockstep-dr/lockstep/deploy"
)

// uploadsAtOnce bounds the uploads of one Region.
const uploadsAtOnce = 8

// Prepare implements deploy.Target: the bucket must lie in the Region, and every
// file is staged with its checksum where nobody looks yet. A dry run stages nothing.
func (t *S3) Prepare(ctx context.Context, _ deploy.Inputs) (deploy.Plan, error) {
	plan := deploy.Plan{Action: deploy.ActionUpdate, Proof: "sha256:" + t.spec.Files.Digest}
	if t.returning { // what an earlier release had, its place tells by the digest's beginning
		plan.Proof = path.Base(t.current)
	}
	head, err := t.calls.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(t.spec.Bucket)})
	switch {
	case httpStatus(err) == 404: // a stack earlier in the release may make it
		plan.Deferred = "bucket " + t.spec.Bucket + " does not exist yet"
		return plan, nil
	case httpStatus(err) == 301, err == nil && aws.ToString(head.BucketRegion) != "" && aws.ToString(head.BucketRegion) != t.spec.Region:
		return plan, t.refusal("use a bucket of this Region: it must not need another one", "bucket %s lies in another Region", t.spec.Bucket)
	case err != nil:
		return plan, t.preparing("look at bucket", err)
	}
	now, _, err := t.read(ctx)
	if err != nil {
		return plan, t.preparing("read pointer", err)
	}
	t.planned = &now
	plan.Changes = []deploy.Change{{Resource: t.spec.pointer(), Type: pointerType, Action: "Modify", Class: deploy.Reversible}}
	if now.Prefix == t.current {
		err := t.verifyFiles(ctx)
		if err == nil {
			return deploy.Plan{Action: deploy.ActionNone, Proof: plan.Proof}, nil
		}
		if deploy.KindOf(err) != deploy.Failed {
			return plan, err
		}
		plan.Notes = append(plan.Notes, "a file of the current release is missing or was changed, and is put back")
		return plan, nil // what is served is not touched before the execution
	}
	if t.opts.DryRun || t.returning {
		return plan, nil
	}
	return plan, t.preparing("stage files", t.stage(ctx, deploy.PhasePrepare))
}

// stage uploads what is not there yet and proves the rest.
func (t *S3) stage(ctx context.Context, phase deploy.Phase) error {
	return t.everyFile(ctx, phase, t.stageFile)
}

// everyFile does something with all files, some at once, and tells how far it is.
func (t *S3) everyFile(ctx context.Context, phase deploy.Phase, do func(context.Context, File) error) error {
	var done atomic.Int64
	teller := newTeller(deploy.Waiting, func(status, text string) { t.report(phase, status, text) })
	tell := func() {
		teller.waits("for %d of %d files", int64(len(t.spec.Files.List))-done.Load(), len(t.spec.Files.List))
	}
	tell()
	group, together := errgroup.WithContext(ctx)
	group.SetLimit(uploadsAtOnce)
	for _, file := range t.spec.Files.List {
		group.Go(func() error {
			err := do(together, file)
			done.Add(1)
			tell()
			return err
		})
	}
	return group.Wait()
}

func (t *S3) report(phase deploy.Phase, status, text string) {
	if t.opts.Progress != nil {
		t.opts.Progress.Report(deploy.Event{At: t.opts.Now(), Region: t.spec.Region, Target: t.spec.Key, Phase: phase, Status: status, Text: text})
	}
}

func (t *S3) stageFile(ctx context.Context, file File) error {
	key, sum := t.current+file.Path, base64.StdEncoding.EncodeToString(file.SHA256[:])
	head, err := t.calls.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(t.spec.Bucket), Key: aws.String(key), ChecksumMode: s3types.ChecksumModeEnabled})
	if err == nil && aws.ToString(head.ChecksumSHA256) == sum {
		return nil
	}
	if err != nil && httpStatus(err) != 404 {
		return fmt.Errorf("look at %s: %w", key, err)
	}
	_, err = t.calls.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(t.spec.Bucket), Key: aws.String(key), Body: bytes.NewReader(file.Content),
		ContentType: aws.String(mediaType(file.Path)), ChecksumAlgorithm: s3types.ChecksumAlgorithmSha256, ChecksumSHA256: aws.String(sum)})
	if err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

// Execute implements deploy.Target: the pointer moves.
func (t *S3) Execute(ctx context.Context, _ deploy.Plan) error {
	if t.aborted.closed() {
		return &deploy.Error{Kind: deploy.Failed, Cancelled: true, Reason: "its abort was asked for before the pointer was moved"}
	}
	if !t.returning {
		if err := t.stage(ctx, deploy.PhaseExecute); err != nil { // what was staged already is only looked at
			return t.notMoved(ctx, err)
		}
	}
	before, etag, err := t.read(ctx)
	if err != nil {
		return t.notMoved(ctx, err)
	}
	switch {
	case before.Prefix == t.current:
		return nil
	case t.planned != nil && before != *t.planned:
		return t.movedBy(nil)
	}
	return t.point(ctx, pointed{t.current}, before, etag)
}

func (t *S3) notMoved(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &deploy.Error{Kind: deploy.Failed, Err: err, Resource: t.spec.pointer(), Type: pointerType, Reason: "move pointer: " + plain(err)}
}

// point writes the pointer. An answer that was lost is looked for.
func (t *S3) point(ctx context.Context, to, before pointed, etag string) error {
	data, err := json.Marshal(to)
	if err != nil {
		return err
	}
	in := &s3.PutObjectInput{Bucket: aws.String(t.spec.Bucket), Key: aws.String(t.spec.pointer()), Body: bytes.NewReader(data),
		ContentType: aws.String("application/json"), CacheControl: aws.String("no-cache")}
	if etag != "" {
		in.IfMatch = aws.String(etag)
	} else {
		in.IfNoneMatch = aws.String("*")
	}
	if _, err = t.calls.PutObject(ctx, in); err == nil {
		return nil
	}
	now, _, readErr := t.read(context.WithoutCancel(ctx))
	switch {
	case readErr != nil:
		return fmt.Errorf("move pointer of %s in %s: %w", t.subject(), t.spec.Region, err)
	case now == to:
		return nil
	case now == before:
		return t.notMoved(ctx, err)
	}
	return t.movedBy(err)
}

// movedBy is a pointer that somebody else moves while a release is deployed.
func (t *S3) movedBy(err error) error {
	return &deploy.Error{Kind: deploy.Stuck, Err: err, Resource: t.spec.pointer(), Type: pointerType,
		Reason: fmt.Sprintf("somebody else moved the pointer of %s in %s meanwhile", t.subject(), t.spec.Region), Hint: "find out who deploys these files as well"}
}

// Verify implements deploy.Target: the pointer shows the release, and every
// file of it is there with its checksum.
func (t *S3) Verify(ctx context.Context, _ deploy.Inputs) error {
	now, _, err := t.read(ctx)
	if err != nil {
		return t.preparing("verify", err)
	}
	if now.Prefix != t.current {
		return &deploy.Error{Kind: deploy.Failed, Resource: t.spec.pointer(), Type: pointerType, Reason: fmt.Sprintf("it shows %q, not %q", now.Prefix, t.current)}
	}
	return t.verifyFiles(ctx)
}

// verifyFiles proves every file of the release by its checksum. Which files an
// earlier release had, nobody knows any more.
func (t *S3) verifyFiles(ctx context.Context) error {
	if t.returning {
		return nil
	}
	return t.everyFile(ctx, deploy.PhaseVerify, t.verifyFile)
}

func (t *S3) verifyFile(ctx context.Context, file File) error {
	key := t.current + file.Path
	head, err := t.calls.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(t.spec.Bucket), Key: aws.String(key), ChecksumMode: s3types.ChecksumModeEnabled})
	if err != nil && httpStatus(err) != 404 {
		return t.preparing("verify "+key, err)
	}
	if err != nil || aws.ToString(head.ChecksumSHA256) != base64.StdEncoding.EncodeToString(file.SHA256[:]) {
		return &deploy.Error{Kind: deploy.Failed, Resource: key, Type: pointerType, Reason: "it is not the file of the release"}
	}
	return nil
}

// Image implements deploy.Target.
func (t *S3) Image(ctx context.Context) ([]byte, error) {
	now, _, err := t.read(ctx)
	if err != nil && code(err) != "NoSuchBucket" {
		return nil, t.preparing("save state", err)
	}
	return json.Marshal(siteImage{Version: 1, Current: now, Next: t.current})
}

// siteImage is what brings the pointer back.
type siteImage struct {
	Version int     `json:"version"`
	Current pointed `json:"current"`
	// Next is what the deploy was about to bring: from there, and from nowhere
	// else, the pointer may be moved back.
	Next string `json:"next,omitempty"`
}

func readSiteImage(data []byte) (siteImage, error) {
	var img siteImage
	err := json.Unmarshal(data, &img)
	if err == nil && img.Version != 1 {
		err = fmt.Errorf("its version is %d", img.Version)
	}
	return img, err
}

// Restore implements deploy.Target: the pointer back, or gone if there was none.
// One that somebody else has moved since is left alone.
func (t *S3) Restore(ctx context.Context, data []byte) (deploy.Restored, error) {
	img, err := readSiteImage(data)
	if err != nil {
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: "the saved state of " + t.subject() + " is damaged", Hint: "write " + t.spec.pointer() + " by hand"}
	}
	now, etag, err := t.read(ctx)
	switch {
	case code(err) == "NoSuchBucket" && img.Current.Prefix == "", err == nil && now == img.Current:
		return deploy.Restored{Status: "untouched", Detail: "the pointer was not moved"}, nil
	case err != nil:
		return deploy.Restored{}, t.preparing("restore", err)
	case now.Prefix != t.current && now.Prefix != img.Next:
		return deploy.Restored{}, t.movedAway(now, img)
	}
	if img.Current.Prefix == "" {
		if _, err := t.calls.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(t.spec.Bucket), Key: aws.String(t.spec.pointer())}); err != nil {
			return deploy.Restored{}, t.preparing("delete pointer", err)
		}
		return deploy.Restored{Status: "deleted", Detail: "the pointer was made by this release"}, nil
	}
	if err := t.point(ctx, img.Current, now, etag); err != nil {
		return deploy.Restored{}, stuckBack(err)
	}
	return deploy.Restored{Status: "restored", Detail: "back on " + img.Current.Prefix}, nil
}

// movedAway refuses to move the pointer back from where somebody else has put it.
func (t *S3) movedAway(now pointed, img siteImage) error {
	did := "moved the pointer of %s in %s to " + now.Prefix + ", and it is left there"
	if now.Prefix == "" {
		did = "deleted the pointer of %s in %s"
	}
	before := "nothing was current before this release"
	if img.Current.Prefix != "" {
		before = "the release before was " + img.Current.Prefix
	}
	return &deploy.Error{Kind: deploy.Stuck, Resource: t.spec.pointer(), Type: pointerType, Reason: fmt.Sprintf("somebody else "+did, t.subject(), t.spec.Region),
		Hint: "find out who deploys these files as well; " + before + "; `lockstep deploy` goes forward"}
}

// At implements deploy.Returner. The files of the earlier release lie where it
// left them, unless somebody removed them.
func (t *S3) At(data []byte) (deploy.Target, error) {
	img, err := readSiteImage(data)
	if err != nil || img.Current.Prefix == "" {
		return nil, t.refusal("deploy that release from its commit", "nothing was current in that release, or its saved state is damaged")
	}
	return &S3{spec: t.spec, opts: t.opts, calls: t.calls, aborted: newStopper(), current: img.Current.Prefix, returning: true}, nil
}

// Abort implements deploy.Target: the pointer is not moved any more.
func (t *S3) Abort(context.Context) error {
	t.aborted.close()
	return nil
}

// Discard implements deploy.Target: staged files harm nobody and serve the next run.
func (t *S3) Discard(context.Context, deploy.Plan) error { return nil }
