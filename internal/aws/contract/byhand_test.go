package contract

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	ltypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// What a person or another program does behind CloudFormation's back.

func TestObjectsHaveVersionsChecksumsAndConditions(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("obj")
		api := s3.NewFromConfig(s.config("eu-west-1"), func(o *s3.Options) {
			o.UsePathStyle, o.RequestChecksumCalculation = true, aws.RequestChecksumCalculationWhenSupported // as a loaded configuration sets it
		})
		_, err := api.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
		s.ok(err)
		_, err = api.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: &name, VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}})
		s.ok(err)
		put := func(body string, condition *string) (*s3.PutObjectOutput, error) {
			return api.PutObject(ctx, &s3.PutObjectInput{Bucket: &name, Key: str("a b/ü+.txt"), Body: strings.NewReader(body), IfNoneMatch: condition})
		}
		first, err := put("one", aws.String("*"))
		s.ok(err)
		if s.sim != nil && aws.ToString(first.ChecksumCRC32) != "emyG8Q==" || aws.ToString(first.VersionId) == "" { // moto returns no checksum
			s.Errorf("%+v", first)
		}
		_, err = put("two", aws.String("*"))
		s.code(err, "PreconditionFailed")
		second, err := put("two", nil)
		s.ok(err)
		for version, want := range map[string]string{*first.VersionId: "one", *second.VersionId: "two"} {
			out, err := api.GetObject(ctx, &s3.GetObjectInput{Bucket: &name, Key: str("a b/ü+.txt"), VersionId: &version})
			s.ok(err)
			body, err := io.ReadAll(out.Body)
			s.ok(err)
			if string(body) != want {
				s.Errorf("version %s is %q", version, body)
			}
		}
		_, err = api.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &name, Key: str("a b/ü+.txt")})
		s.ok(err)
		_, err = api.GetObject(ctx, &s3.GetObjectInput{Bucket: &name, Key: str("a b/ü+.txt")})
		s.code(err, "NoSuchKey")
		_, err = api.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &name})
		s.code(err, "BucketNotEmpty")
	})
}

func TestObjectsAreListedPageByPage(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("pages")
		api := s3.NewFromConfig(s.config("us-east-1"), func(o *s3.Options) { o.UsePathStyle = true })
		_, err := api.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name})
		s.ok(err)
		for _, key := range []string{"a/1", "a/2", "b", "c/1", "d"} {
			_, err := api.PutObject(ctx, &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader("x")})
			s.ok(err)
		}
		var seen []string
		pages := s3.NewListObjectsV2Paginator(api, &s3.ListObjectsV2Input{Bucket: &name, MaxKeys: aws.Int32(2)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			s.ok(err)
			for _, o := range page.Contents {
				seen = append(seen, *o.Key)
			}
		}
		if got := strings.Join(seen, " "); got != "a/1 a/2 b c/1 d" {
			s.Errorf("listed %s", got)
		}
		folders, err := api.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &name, Delimiter: str("/")})
		s.ok(err)
		if len(folders.CommonPrefixes) != 2 || len(folders.Contents) != 2 {
			s.Errorf("%+v", folders)
		}
	})
}

func TestABucketIsFoundOnlyInItsRegion(t *testing.T) {
	both(t, "moto serves a bucket from every Region", func(s side) {
		ctx, name := context.Background(), s.unique("home")
		home := s3.NewFromConfig(s.config("us-west-2"), func(o *s3.Options) { o.UsePathStyle = true })
		_, err := home.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "us-west-2"}})
		s.ok(err)
		away := s3.NewFromConfig(s.config("us-east-1"), func(o *s3.Options) { o.UsePathStyle = true })
		_, err = away.PutObject(ctx, &s3.PutObjectInput{Bucket: &name, Key: str("k"), Body: strings.NewReader("x")})
		s.code(err, "PermanentRedirect")
		where, err := away.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: &name})
		s.ok(err)
		if where.LocationConstraint != "us-west-2" {
			s.Errorf("%+v", where)
		}
		virtual := s3.NewFromConfig(s.config("us-west-2")) // the bucket is in the host name
		_, err = virtual.PutObject(ctx, &s3.PutObjectInput{Bucket: &name, Key: str("k"), Body: strings.NewReader("x")})
		s.ok(err)
		got, err := home.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &name, Key: str("k")})
		s.ok(err)
		if *got.ContentLength != 1 {
			s.Errorf("%+v", got)
		}
		_, err = home.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &name, Key: str("none")})
		s.code(err, "NotFound")
	})
}

func TestFunctionsArePermittedAndFed(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("fed")
		role, err := iam.NewFromConfig(s.config("eu-west-1")).CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: str(`{"Version":"2012-10-17","Statement":[]}`)})
		s.ok(err)
		queues := sqs.NewFromConfig(s.config("eu-west-1"))
		q, err := queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: map[string]string{"VisibilityTimeout": "90"}})
		s.ok(err)
		attributes, err := queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: q.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{"QueueArn"}})
		s.ok(err)
		api := lambda.NewFromConfig(s.config("eu-west-1"))
		_, err = api.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: &name, Role: role.Role.Arn, Runtime: ltypes.RuntimePython313, Handler: str("index.handler"),
			Code: &ltypes.FunctionCode{ZipFile: archive(s, "one")}})
		s.ok(err)
		_, err = api.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &name})
		s.code(err, "ResourceNotFoundException")
		_, err = api.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: &name, StatementId: str("events"), Action: str("lambda:InvokeFunction"),
			Principal: str("events.amazonaws.com"), SourceArn: str("arn:aws:events:eu-west-1:123456789012:rule/x")})
		s.ok(err)
		policy, err := api.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &name})
		s.ok(err)
		for _, want := range []string{`"events"`, "events.amazonaws.com", "rule/x", "ArnLike"} {
			if !strings.Contains(*policy.Policy, want) {
				s.Errorf("no %s in %s", want, *policy.Policy)
			}
		}
		_, err = api.RemovePermission(ctx, &lambda.RemovePermissionInput{FunctionName: &name, StatementId: str("events")})
		s.ok(err)
		made, err := api.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{FunctionName: &name, EventSourceArn: aws.String(attributes.Attributes["QueueArn"]), BatchSize: aws.Int32(5)})
		s.ok(err)
		_, err = api.UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{UUID: made.UUID, Enabled: aws.Bool(false)})
		s.ok(err)
		list, err := api.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{FunctionName: &name})
		s.ok(err)
		if m := list.EventSourceMappings; len(m) != 1 || *m[0].UUID != *made.UUID || *m[0].State != "Disabled" || *m[0].BatchSize != 5 {
			s.Errorf("%+v", m)
		}
		_, err = api.PutFunctionConcurrency(ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: &name, ReservedConcurrentExecutions: aws.Int32(7)})
		s.ok(err)
		reserved, err := api.GetFunctionConcurrency(ctx, &lambda.GetFunctionConcurrencyInput{FunctionName: &name})
		s.ok(err)
		if *reserved.ReservedConcurrentExecutions != 7 {
			s.Errorf("%+v", reserved)
		}
	})
}
