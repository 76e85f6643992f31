package target

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"os"
	"path"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lockstep-dr/lockstep/deploy"
)

const pointerType = "AWS::S3::Object"

// siteAPI is what this package calls of S3 for static files.
type siteAPI interface {
	DeleteObject(context.Context, *s3.DeleteObjectInput, ...func(*s3o)) (*s3.DeleteObjectOutput, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3o)) (*s3.GetObjectOutput, error)
	HeadBucket(context.Context, *s3.HeadBucketInput, ...func(*s3o)) (*s3.HeadBucketOutput, error)
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3o)) (*s3.HeadObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3o)) (*s3.PutObjectOutput, error)
}

// File is one static file.
type File struct {
	// Path is slash-separated, below the directory.
	Path    string
	Content []byte
	SHA256  [sha256.Size]byte
}

// Files is a directory of static files, read once for all Regions.
type Files struct {
	List []File
	// Digest is that of all paths and contents, in hexadecimal.
	Digest string
}

// LoadFiles reads a directory. Links and other special files are refused.
func LoadFiles(dir string) (Files, error) {
	root := os.DirFS(dir)
	var files Files
	hash := sha256.New()
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s is neither a file nor a directory", name)
		}
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file := File{Path: name, Content: content, SHA256: sha256.Sum256(content)}
		fmt.Fprintf(hash, "%d %s %x\n", len(name), name, file.SHA256)
		files.List = append(files.List, file)
		return nil
	})
	if err == nil && len(files.List) == 0 {
		err = errors.New("it holds no files")
	}
	if err != nil {
		return files, fmt.Errorf("read files of %s: %w", dir, err)
	}
	files.Digest = hex.EncodeToString(hash.Sum(nil))
	return files, nil
}

// Site is static files in a bucket of one Region.
type Site struct {
	// Key names the target in the release.
	Key, Region string
	// Bucket lies in the Region; Prefix, if there is one, ends with a slash.
	Bucket, Prefix string
	Files          Files
}

// S3 is static files as a deploy.Target. Every release lies under a prefix of
// its own; an object says which one is current, and whatever serves the files
// reads it. Moving that pointer is the release, and moving it back the way back.
type S3 struct {
	spec  Site
	opts  Options
	calls siteAPI
	// current is what the pointer shall say.
	current string
	// planned is what the pointer said when the release was planned; nil: it was not.
	planned *pointed
	// returning: the files were staged by an earlier release.
	returning bool
	aborted   *stopper
}

var (
	_ deploy.Target   = (*S3)(nil)
	_ deploy.Returner = (*S3)(nil)
)

// NewSite returns the target. The configuration must be for the Region.
func NewSite(cfg aws.Config, spec Site, opts Options) (*S3, error) {
	return newSite(spec, opts, s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil }))
}

func newSite(spec Site, opts Options, calls siteAPI) (*S3, error) {
	if spec.Bucket == "" {
		return nil, errors.New("describe s3 target: it needs a bucket")
	}
	return &S3{spec: spec, opts: opts.withDefaults(), calls: calls, aborted: newStopper(), current: spec.place()}, nil
}

// place is the prefix of the release's files.
func (s Site) place() string {
	return s.Prefix + "releases/" + s.Files.Digest[:min(16, len(s.Files.Digest))] + "/"
}

// pointer is the key of the object that says which release is current.
func (s Site) pointer() string { return s.Prefix + "current.json" }

// pointed is what the pointer says.
type pointed struct {
	// Prefix is where the current release's files lie; empty: nothing is current.
	Prefix string `json:"prefix"`
}

// About implements deploy.Target.
func (t *S3) About() deploy.About {
	return deploy.About{Name: t.spec.Key, Kind: "s3", AfterOthers: true, Digest: digestOfParts(t.spec.Contents())}
}

// Contents are the digests of what the target consists of, by part.
func (s Site) Contents() map[string]string {
	return map[string]string{s.Key + "/files": "sha256:" + s.Files.Digest, s.Key + "/settings/" + s.Region: digestOf([]byte(s.Bucket + " " + s.Prefix))}
}

func (t *S3) subject() string { return "s3://" + t.spec.Bucket + "/" + t.spec.Prefix }

func (t *S3) preparing(doing string, err error) error {
	return unprepared(doing, t.subject(), t.spec.Region, err)
}

func (t *S3) refusal(hint, format string, args ...any) error {
	return &deploy.Error{Kind: deploy.Refused, Hint: hint, Reason: fmt.Sprintf("%s in %s: ", t.subject(), t.spec.Region) + fmt.Sprintf(format, args...)}
}

// mediaType is what a browser is told of a file.
func mediaType(name string) string {
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// Outputs implements deploy.Target.
func (t *S3) Outputs(ctx context.Context) (map[string]string, error) {
	now, _, err := t.read(ctx)
	if err != nil && code(err) != "NoSuchBucket" {
		return nil, t.preparing("read outputs", err)
	}
	return map[string]string{"Prefix": now.Prefix}, nil
}

// read reads the pointer, and its version for a later write. No pointer is an
// empty one.
func (t *S3) read(ctx context.Context) (now pointed, etag string, err error) {
	out, err := t.calls.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(t.spec.Bucket), Key: aws.String(t.spec.pointer())})
	if code(err) == "NoSuchKey" {
		return pointed{}, "", nil
	}
	if err != nil {
		return pointed{}, "", err
	}
	defer out.Body.Close()
	if err := json.NewDecoder(out.Body).Decode(&now); err != nil {
		return pointed{}, "", t.refusal("delete it by hand, or use another prefix", "%s is not what Lockstep wrote", t.spec.pointer())
	}
	return now, aws.ToString(out.ETag), nil
}
