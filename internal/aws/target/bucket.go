package target

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/topology"
)

// depot is where a target keeps, in its own Region, what AWS takes from a
// bucket only: large templates, packages, static files.
type depot struct {
	buckets bucketAPI
	account accountAPI
	// app, region and key name the application, the Region and the target.
	app, region, key string
	// configured is the bucket of the configuration; empty: one is made.
	configured string
	plainHTTP  bool
	// making is held while the bucket is looked for or made; nil: nobody else does.
	making *sync.Mutex
	// say reports progress; nil: nobody hears.
	say func(status, text string)

	// number is the Region's account, once it is known.
	number string
	// bucket is the Region's bucket, once it is known to be there; owner is
	// the account it must belong to; nil: it was configured, any will do.
	bucket string
	owner  *string
}

func (d *depot) report(status, text string) {
	if d.say != nil {
		d.say(status, text)
	}
}

// refusal is a precondition of the depot that does not hold.
func (d *depot) refusal(hint, format string, args ...any) error {
	return &deploy.Error{Kind: deploy.Refused, Hint: hint, Reason: fmt.Sprintf("%s in %s: ", d.key, d.region) + fmt.Sprintf(format, args...)}
}

// ensureBucket is the name of the Region's bucket. A configured one must
// exist and lie in this Region; the default one is created when missing.
func (d *depot) ensureBucket(ctx context.Context) (string, error) {
	if d.bucket != "" {
		return d.bucket, nil
	}
	if d.making != nil {
		d.making.Lock()
		defer d.making.Unlock()
	}
	name, ours, err := d.bucketOf(ctx)
	if err != nil {
		return "", err
	}
	if ours { // anybody can take a name that can be guessed
		d.owner = aws.String(d.number)
	}
	head, err := d.buckets.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(name), ExpectedBucketOwner: d.owner})
	switch {
	case err == nil:
		if region := aws.ToString(head.BucketRegion); region != "" && region != d.region {
			return "", d.elsewhere(name, region)
		}
	case httpStatus(err) == 301:
		return "", d.elsewhere(name, "another Region")
	case httpStatus(err) == 404 && ours:
		if err := d.createBucket(ctx, name); err != nil {
			return "", err
		}
	case httpStatus(err) == 404:
		return "", d.refusal("create it, or leave bucket out of the configuration", "bucket %s does not exist", name)
	case httpStatus(err) == 403 && ours:
		return "", &deploy.Error{Kind: deploy.Unknown, Err: err,
			Reason: fmt.Sprintf("bucket %s, which must belong to account %s, may not be used in %s", name, d.number, d.region),
			Hint:   "allow s3:ListBucket on it; if another account has taken the name, set bucket in the configuration"}
	default:
		return "", fmt.Errorf("head bucket %s: %w", name, err)
	}
	d.bucket = name
	return name, nil
}

// bucketOf names the bucket: the configured one, or the default one, which is ours.
func (d *depot) bucketOf(ctx context.Context) (name string, ours bool, err error) {
	if d.configured != "" {
		return d.configured, false, nil
	}
	account, err := d.accountID(ctx)
	if err != nil {
		return "", false, err
	}
	return bucketName(d.app, account, d.region), true, nil
}

func (d *depot) elsewhere(bucket, region string) error {
	return d.refusal("use a bucket of this Region: a Region must not need another one to be deployed to",
		"bucket %s lies in %s", bucket, region)
}

func (d *depot) accountID(ctx context.Context) (string, error) {
	if d.number != "" {
		return d.number, nil
	}
	out, err := d.account.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", fmt.Errorf("get caller identity: %w", err)
	}
	d.number = aws.ToString(out.Account)
	return d.number, nil
}

var notInBucketNames = regexp.MustCompile(`[^a-z0-9-]+`)

// bucketName is the default bucket of an application in a Region. Names have
// at most 63 characters; a long application name is cut and told apart by hash.
func bucketName(app, account, region string) string {
	clean := strings.Trim(notInBucketNames.ReplaceAllString(strings.ToLower(app), "-"), "-")
	tail := "-" + account + "-" + region
	if room := 63 - len("lockstep-") - len(tail); len(clean) > room || clean != app {
		clean = strings.Trim(strings.TrimRight(clean[:min(len(clean), room-9)], "-")+"-"+short(8, app), "-")
	}
	return "lockstep-" + clean + tail
}

// createBucket makes a private, encrypted bucket that answers only over TLS.
func (d *depot) createBucket(ctx context.Context, name string) error {
	in := &s3.CreateBucketInput{Bucket: aws.String(name)}
	if d.region != "us-east-1" { // the one Region that must not be named
		in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(d.region)}
	}
	if _, err := d.buckets.CreateBucket(ctx, in); err != nil {
		var owned *s3types.BucketAlreadyOwnedByYou
		if !errors.As(err, &owned) { // another target of this run may have made it
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	_, err := d.buckets.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: aws.String(name),
		PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true),
			BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true)}})
	if err != nil {
		return fmt.Errorf("block public access to bucket %s: %w", name, err)
	}
	_, err = d.buckets.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{Bucket: aws.String(name),
		ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{Rules: []s3types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAes256}}}}})
	if err != nil {
		return fmt.Errorf("encrypt bucket %s: %w", name, err)
	}
	if d.plainHTTP { // the policy would lock us out
		d.report("created", "bucket "+name+" (without its TLS-only policy: the endpoint is plain HTTP)")
		return nil
	}
	_, err = d.buckets.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String(name), Policy: aws.String(onlyTLS(name, d.region))})
	if err != nil {
		return fmt.Errorf("put policy of bucket %s: %w", name, err)
	}
	d.report("created", "bucket "+name)
	return nil
}

// onlyTLS is a bucket policy that denies every call without TLS.
func onlyTLS(bucket, region string) string {
	arn := fmt.Sprintf("arn:%s:s3:::%s", topology.Partition(region), bucket)
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"OnlyTLS","Effect":"Deny","Principal":"*","Action":"s3:*",`+
		`"Resource":[%q,%q],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`, arn, arn+"/*")
}

// httpStatus is the HTTP status AWS answered with; zero if it did not.
func httpStatus(err error) int {
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		return response.HTTPStatusCode()
	}
	return 0
}
