package target

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lockstep-dr/lockstep/topology"
)

// source is a template as CloudFormation takes it: in the call, or by URL.
type source struct{ body, url *string }

// source uploads a template that is too large for the call.
func (t *CloudFormation) source(ctx context.Context, template string) (source, error) {
	if len(template) <= maxInlineTemplate {
		return source{body: aws.String(template)}, nil
	}
	bucket, key, err := t.upload(ctx, []byte(template))
	if err != nil {
		return source{}, err
	}
	url := fmt.Sprintf("https://%s.s3.%s.%s/%s", bucket, t.spec.Region, topology.DNSSuffix(t.spec.Region), key)
	return source{url: aws.String(url)}, nil
}

// uploadAssets brings every asset to the Region's bucket and notes the values
// of the parameters that point at it. A dry run only names them: where an
// object will lie follows from its content, and a plan writes nothing.
func (t *CloudFormation) uploadAssets(ctx context.Context) error {
	bring := t.upload
	if t.opts.DryRun {
		bring = t.place
	}
	for _, asset := range t.spec.Assets {
		bucket, key, err := bring(ctx, asset.Content)
		if err != nil {
			return fmt.Errorf("upload %s: %w", asset.Path, err)
		}
		t.uploaded[asset.BucketParameter], t.uploaded[asset.KeyParameter] = bucket, key
	}
	return nil
}

// place is where upload would store data.
func (d *depot) place(ctx context.Context, data []byte) (bucket, key string, err error) {
	bucket, _, err = d.bucketOf(ctx)
	return bucket, objectKey(sha256.Sum256(data)), err
}

func objectKey(sum [sha256.Size]byte) string { return "lockstep/" + hex.EncodeToString(sum[:]) }

// upload stores data under the hash of its content and proves, by a checksum
// that S3 computed, that the object holds exactly these bytes. An object that
// is there already is proved and not sent again.
func (d *depot) upload(ctx context.Context, data []byte) (bucket, key string, err error) {
	if bucket, err = d.ensureBucket(ctx); err != nil {
		return "", "", err
	}
	sum := sha256.Sum256(data)
	key = objectKey(sum)
	if err := d.prove(ctx, bucket, key, sum); err == nil {
		return bucket, key, nil
	}
	_, err = d.buckets.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), ExpectedBucketOwner: d.owner,
		Body:              bytes.NewReader(data),
		ChecksumAlgorithm: s3types.ChecksumAlgorithmSha256, ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:]))})
	if err != nil {
		return "", "", fmt.Errorf("put s3://%s/%s: %w", bucket, key, err)
	}
	d.report("uploaded", fmt.Sprintf("s3://%s/%s (%d bytes)", bucket, key, len(data)))
	return bucket, key, d.prove(ctx, bucket, key, sum)
}

// prove confirms that an object has the given SHA-256. If S3 does not tell,
// the object is read.
func (d *depot) prove(ctx context.Context, bucket, key string, sum [sha256.Size]byte) error {
	head, err := d.buckets.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), ExpectedBucketOwner: d.owner, ChecksumMode: s3types.ChecksumModeEnabled})
	if err != nil {
		return fmt.Errorf("head s3://%s/%s: %w", bucket, key, err)
	}
	want := base64.StdEncoding.EncodeToString(sum[:])
	if got := aws.ToString(head.ChecksumSHA256); got != "" {
		return checkSum(bucket, key, got, want)
	}
	out, err := d.buckets.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), ExpectedBucketOwner: d.owner})
	if err != nil {
		return fmt.Errorf("get s3://%s/%s: %w", bucket, key, err)
	}
	defer out.Body.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, out.Body); err != nil {
		return fmt.Errorf("get s3://%s/%s: %w", bucket, key, err)
	}
	return checkSum(bucket, key, base64.StdEncoding.EncodeToString(hash.Sum(nil)), want)
}

func checkSum(bucket, key, got, want string) error {
	if got != want {
		return fmt.Errorf("compare s3://%s/%s: its SHA-256 is %s, that of the release is %s", bucket, key, got, want)
	}
	return nil
}
