package preflight

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"
)

// verdict is what is wrong with something, in words; fine: nothing.
type verdict string

const (
	fine   verdict = ""
	absent verdict = "does not exist"
)

// looker looks at things of one kind. An error means that it could not.
type looker struct {
	look func(ctx context.Context, c calls, name string) (verdict, error)
	// actions are the IAM actions it needs.
	actions []string
}

// lookers holds one looker for every kind.
var lookers = map[kind]looker{
	certificate:  {lookAtCertificate, []string{"acm:DescribeCertificate"}},
	key:          {lookAtKey, []string{"kms:DescribeKey"}},
	secret:       {lookAtSecret, []string{"secretsmanager:DescribeSecret"}},
	parameter:    {lookAtParameter, []string{"ssm:GetParameters"}},
	image:        {lookAtImage, []string{"ecr:BatchGetImage"}},
	machineImage: {lookAtMachineImage, []string{"ec2:DescribeImages"}},
	instanceType: {lookAtInstanceType, []string{"ec2:DescribeInstanceTypeOfferings"}},
	object:       {lookAtObject, []string{"s3:GetObject"}},
}

// calls are the clients of one Region.
type calls struct {
	acm     *acm.Client
	kms     *kms.Client
	secrets *secretsmanager.Client
	ssm     *ssm.Client
	ecr     *ecr.Client
	ec2     *ec2.Client
	s3      *s3.Client
}

func newCalls(cfg aws.Config) calls {
	return calls{acm.NewFromConfig(cfg), kms.NewFromConfig(cfg), secretsmanager.NewFromConfig(cfg), ssm.NewFromConfig(cfg), ecr.NewFromConfig(cfg),
		ec2.NewFromConfig(cfg), s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })}
}

// gone lists the error codes that mean "there is no such thing".
var gone = map[string]bool{"ResourceNotFoundException": true, "NotFoundException": true, "RepositoryNotFoundException": true, "InvalidAMIID.NotFound": true,
	"InvalidAMIID.Unavailable": true, "InvalidAMIID.Malformed": true, "NotFound": true, "NoSuchKey": true, "NoSuchBucket": true}

// unless is absent for an error that says so, and the error otherwise.
func unless(err error) (verdict, error) {
	var api smithy.APIError
	var response *awshttp.ResponseError
	switch {
	case err == nil:
		return fine, nil
	case errors.As(err, &api) && gone[api.ErrorCode()], errors.As(err, &response) && response.HTTPStatusCode() == 404:
		return absent, nil
	}
	return fine, err
}

func lookAtCertificate(ctx context.Context, c calls, arn string) (verdict, error) {
	out, err := c.acm.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: aws.String(arn)})
	if err != nil {
		return unless(err)
	}
	if status := out.Certificate.Status; status != acmtypes.CertificateStatusIssued {
		return verdict("is " + string(status)), nil
	}
	return fine, nil
}

func lookAtKey(ctx context.Context, c calls, name string) (verdict, error) {
	out, err := c.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(name)})
	if err != nil {
		return unless(err)
	}
	if state := out.KeyMetadata.KeyState; state != kmstypes.KeyStateEnabled {
		return verdict("is " + string(state)), nil
	}
	return fine, nil
}

func lookAtSecret(ctx context.Context, c calls, name string) (verdict, error) {
	out, err := c.secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: aws.String(name)})
	if err != nil {
		return unless(err)
	}
	if out.DeletedDate != nil {
		return "is being deleted", nil
	}
	return fine, nil
}

// lookAtParameter asks whether it exists; its value is not decrypted and not kept.
// A name of one part that was taken from an ARN may begin with a slash.
func lookAtParameter(ctx context.Context, c calls, name string) (verdict, error) {
	names := []string{name}
	if !strings.Contains(name, "/") {
		names = append(names, "/"+name)
	}
	out, err := c.ssm.GetParameters(ctx, &ssm.GetParametersInput{Names: names})
	if err != nil {
		return unless(err)
	}
	if len(out.Parameters) == 0 {
		return absent, nil
	}
	return fine, nil
}

func lookAtImage(ctx context.Context, c calls, uri string) (verdict, error) {
	_, path, _ := strings.Cut(uri, "/")
	id := ecrtypes.ImageIdentifier{ImageTag: aws.String("latest")}
	if repository, digest, pinned := strings.Cut(path, "@"); pinned {
		path, id = repository, ecrtypes.ImageIdentifier{ImageDigest: aws.String(digest)}
	}
	if repository, tag, tagged := strings.Cut(path, ":"); tagged {
		path = repository
		if id.ImageDigest == nil {
			id.ImageTag = aws.String(tag)
		}
	}
	out, err := c.ecr.BatchGetImage(ctx, &ecr.BatchGetImageInput{RepositoryName: aws.String(path), ImageIds: []ecrtypes.ImageIdentifier{id}})
	if err != nil {
		return unless(err)
	}
	if len(out.Images) == 0 {
		return absent, nil
	}
	return fine, nil
}

func lookAtMachineImage(ctx context.Context, c calls, id string) (verdict, error) {
	out, err := c.ec2.DescribeImages(ctx, &ec2.DescribeImagesInput{ImageIds: []string{id}})
	if err != nil {
		return unless(err)
	}
	if len(out.Images) == 0 {
		return absent, nil
	}
	if state := out.Images[0].State; state != ec2types.ImageStateAvailable {
		return verdict("is " + string(state)), nil
	}
	return fine, nil
}

func lookAtInstanceType(ctx context.Context, c calls, name string) (verdict, error) {
	out, err := c.ec2.DescribeInstanceTypeOfferings(ctx, &ec2.DescribeInstanceTypeOfferingsInput{LocationType: ec2types.LocationTypeRegion,
		Filters: []ec2types.Filter{{Name: aws.String("instance-type"), Values: []string{name}}}})
	if err != nil {
		return unless(err)
	}
	if len(out.InstanceTypeOfferings) == 0 {
		return "is not offered", nil
	}
	return fine, nil
}

func lookAtObject(ctx context.Context, c calls, name string) (verdict, error) {
	bucket, key, _ := strings.Cut(name, "/")
	_, err := c.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	return unless(err)
}
