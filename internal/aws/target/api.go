package target

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

type (
	cfn = cloudformation.Options
	s3o = s3.Options
	sto = sts.Options
)

// stackAPI is what this package calls of CloudFormation.
type stackAPI interface {
	CancelUpdateStack(context.Context, *cloudformation.CancelUpdateStackInput, ...func(*cfn)) (*cloudformation.CancelUpdateStackOutput, error)
	ContinueUpdateRollback(context.Context, *cloudformation.ContinueUpdateRollbackInput, ...func(*cfn)) (*cloudformation.ContinueUpdateRollbackOutput, error)
	CreateChangeSet(context.Context, *cloudformation.CreateChangeSetInput, ...func(*cfn)) (*cloudformation.CreateChangeSetOutput, error)
	CreateStack(context.Context, *cloudformation.CreateStackInput, ...func(*cfn)) (*cloudformation.CreateStackOutput, error)
	DeleteChangeSet(context.Context, *cloudformation.DeleteChangeSetInput, ...func(*cfn)) (*cloudformation.DeleteChangeSetOutput, error)
	DeleteStack(context.Context, *cloudformation.DeleteStackInput, ...func(*cfn)) (*cloudformation.DeleteStackOutput, error)
	DescribeChangeSet(context.Context, *cloudformation.DescribeChangeSetInput, ...func(*cfn)) (*cloudformation.DescribeChangeSetOutput, error)
	DescribeEvents(context.Context, *cloudformation.DescribeEventsInput, ...func(*cfn)) (*cloudformation.DescribeEventsOutput, error)
	DescribeStackEvents(context.Context, *cloudformation.DescribeStackEventsInput, ...func(*cfn)) (*cloudformation.DescribeStackEventsOutput, error)
	DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cfn)) (*cloudformation.DescribeStacksOutput, error)
	ExecuteChangeSet(context.Context, *cloudformation.ExecuteChangeSetInput, ...func(*cfn)) (*cloudformation.ExecuteChangeSetOutput, error)
	GetStackPolicy(context.Context, *cloudformation.GetStackPolicyInput, ...func(*cfn)) (*cloudformation.GetStackPolicyOutput, error)
	GetTemplate(context.Context, *cloudformation.GetTemplateInput, ...func(*cfn)) (*cloudformation.GetTemplateOutput, error)
	GetTemplateSummary(context.Context, *cloudformation.GetTemplateSummaryInput, ...func(*cfn)) (*cloudformation.GetTemplateSummaryOutput, error)
	ListChangeSets(context.Context, *cloudformation.ListChangeSetsInput, ...func(*cfn)) (*cloudformation.ListChangeSetsOutput, error)
	ListStackResources(context.Context, *cloudformation.ListStackResourcesInput, ...func(*cfn)) (*cloudformation.ListStackResourcesOutput, error)
	SetStackPolicy(context.Context, *cloudformation.SetStackPolicyInput, ...func(*cfn)) (*cloudformation.SetStackPolicyOutput, error)
	SignalResource(context.Context, *cloudformation.SignalResourceInput, ...func(*cfn)) (*cloudformation.SignalResourceOutput, error)
	RollbackStack(context.Context, *cloudformation.RollbackStackInput, ...func(*cfn)) (*cloudformation.RollbackStackOutput, error)
}

// bucketAPI is what this package calls of S3.
type bucketAPI interface {
	CreateBucket(context.Context, *s3.CreateBucketInput, ...func(*s3o)) (*s3.CreateBucketOutput, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3o)) (*s3.GetObjectOutput, error)
	HeadBucket(context.Context, *s3.HeadBucketInput, ...func(*s3o)) (*s3.HeadBucketOutput, error)
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3o)) (*s3.HeadObjectOutput, error)
	PutBucketEncryption(context.Context, *s3.PutBucketEncryptionInput, ...func(*s3o)) (*s3.PutBucketEncryptionOutput, error)
	PutBucketPolicy(context.Context, *s3.PutBucketPolicyInput, ...func(*s3o)) (*s3.PutBucketPolicyOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3o)) (*s3.PutObjectOutput, error)
	PutPublicAccessBlock(context.Context, *s3.PutPublicAccessBlockInput, ...func(*s3o)) (*s3.PutPublicAccessBlockOutput, error)
}

// accountAPI is what this package calls of STS.
type accountAPI interface {
	GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sto)) (*sts.GetCallerIdentityOutput, error)
}
