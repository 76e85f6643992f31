package target

import "slices"

// actions are the IAM actions that deploying stacks needs in every Region. A
// test holds the table against the interfaces through which this package calls
// AWS. What CloudFormation does to resources needs permissions of its own: the
// caller's, or those of the stack's service role.
var actions = [...]string{
	"cloudformation:CancelUpdateStack",
	"cloudformation:ContinueUpdateRollback",
	"cloudformation:CreateChangeSet",
	"cloudformation:CreateStack",
	"cloudformation:DeleteChangeSet",
	"cloudformation:DeleteStack",
	"cloudformation:DescribeChangeSet",
	"cloudformation:DescribeEvents",
	"cloudformation:DescribeStackEvents",
	"cloudformation:DescribeStacks",
	"cloudformation:ExecuteChangeSet",
	"cloudformation:GetTemplate",
	"cloudformation:GetTemplateSummary",
	"cloudformation:ListChangeSets",
	"cloudformation:ListStackResources",
	"cloudformation:RollbackStack",
	"s3:CreateBucket",
	"s3:GetObject",
	"s3:ListBucket",
	"s3:PutBucketPolicy",
	"s3:PutBucketPublicAccessBlock",
	"s3:PutEncryptionConfiguration",
	"s3:PutObject",
	"sts:GetCallerIdentity",
}

// Actions lists the IAM actions that deploying stacks needs, sorted.
func Actions() []string { return slices.Clone(actions[:]) }
