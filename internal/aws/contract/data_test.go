package contract

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func TestTables(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("table")
		api := dynamodb.NewFromConfig(s.config("eu-west-1"))
		_, err := api.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
		s.code(err, "ResourceNotFoundException")
		_, err = api.CreateTable(ctx, &dynamodb.CreateTableInput{TableName: &name, BillingMode: dtypes.BillingModePayPerRequest,
			AttributeDefinitions: []dtypes.AttributeDefinition{{AttributeName: str("id"), AttributeType: "S"}},
			KeySchema:            []dtypes.KeySchemaElement{{AttributeName: str("id"), KeyType: "HASH"}}})
		s.ok(err)
		var table *dtypes.TableDescription
		s.until("the table", func() bool {
			out, err := api.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
			s.ok(err)
			table = out.Table
			return table.TableStatus == dtypes.TableStatusActive
		})
		if !strings.HasSuffix(*table.TableArn, ":table/"+name) || len(table.KeySchema) != 1 || table.CreationDateTime == nil || table.BillingModeSummary.BillingMode != dtypes.BillingModePayPerRequest {
			s.Errorf("%+v", table)
		}
		pitr := func() dtypes.PointInTimeRecoveryStatus {
			out, err := api.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &name})
			s.ok(err)
			return out.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus
		}
		if got := pitr(); got != dtypes.PointInTimeRecoveryStatusDisabled {
			s.Errorf("at first %s", got)
		}
		_, err = api.UpdateContinuousBackups(ctx, &dynamodb.UpdateContinuousBackupsInput{TableName: &name,
			PointInTimeRecoverySpecification: &dtypes.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)}})
		s.ok(err)
		if got := pitr(); got != dtypes.PointInTimeRecoveryStatusEnabled {
			s.Errorf("then %s", got)
		}
		ttl, err := api.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
		s.ok(err)
		if ttl.TimeToLiveDescription.TimeToLiveStatus != dtypes.TimeToLiveStatusDisabled {
			s.Errorf("%+v", ttl.TimeToLiveDescription)
		}
		_, err = api.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &name})
		s.ok(err)
	})
}

func TestBucketsAndObjects(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), strings.ReplaceAll(s.unique("bucket"), "_", "-")
		api := s3.NewFromConfig(s.config("eu-west-1"), func(o *s3.Options) { o.UsePathStyle = true })
		_, err := api.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
		s.ok(err)
		at, err := api.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: &name})
		s.ok(err)
		if at.LocationConstraint != "eu-west-1" {
			s.Errorf("location %q", at.LocationConstraint)
		}
		_, err = api.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &name})
		s.code(err, "NoSuchBucketPolicy")
		_, err = api.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}})
		s.ok(err)
		versioning, err := api.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &name})
		s.ok(err)
		if versioning.Status != types.BucketVersioningStatusEnabled {
			s.Errorf("versioning %q", versioning.Status)
		}
		key := "dir/a b+c.txt"
		put, err := api.PutObject(ctx, &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader("hello"), IfNoneMatch: str("*")})
		s.ok(err)
		_, err = api.PutObject(ctx, &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader("again"), IfNoneMatch: str("*")})
		s.code(err, "PreconditionFailed")
		got, err := api.GetObject(ctx, &s3.GetObjectInput{Bucket: &name, Key: &key})
		s.ok(err)
		body, err := io.ReadAll(got.Body)
		s.ok(err)
		if string(body) != "hello" || *got.ETag != *put.ETag || aws.ToString(got.VersionId) == "" {
			s.Errorf("%q %s %s", body, *got.ETag, aws.ToString(got.VersionId))
		}
		head, err := api.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &name, Key: &key})
		s.ok(err)
		if *head.ContentLength != 5 {
			s.Errorf("length %d", *head.ContentLength)
		}
		list, err := api.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &name, Prefix: str("dir/")})
		s.ok(err)
		if len(list.Contents) != 1 || *list.Contents[0].Key != key {
			s.Errorf("%+v", list.Contents)
		}
		_, err = api.GetObject(ctx, &s3.GetObjectInput{Bucket: &name, Key: str("none")})
		s.code(err, "NoSuchKey")
		_, err = api.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &name})
		s.code(err, "BucketNotEmpty")
	})
}
