package target

import (
	"slices"
	"strings"
)

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
	"cloudformation:GetStackPolicy",
	"cloudformation:GetTemplate",
	"cloudformation:GetTemplateSummary",
	"cloudformation:ListChangeSets",
	"cloudformation:ListStackResources",
	"cloudformation:RollbackStack",
	"cloudformation:SetStackPolicy",
	"cloudformation:SignalResource",
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

// BucketActions lists those that a bucket of large packages needs, sorted.
func BucketActions() []string {
	return slices.DeleteFunc(Actions(), func(action string) bool { return strings.HasPrefix(action, "cloudformation:") })
}

// serviceActions are those that deploying services needs. Passing the roles of
// a task definition needs iam:PassRole on them as well.
var serviceActions = [...]string{
	"ecr:BatchGetImage",
	"ecs:ContinueServiceDeployment",
	"ecs:DescribeServiceDeployments",
	"ecs:DescribeServices",
	"ecs:DescribeTaskDefinition",
	"ecs:ListServiceDeployments",
	"ecs:RegisterTaskDefinition",
	"ecs:StopServiceDeployment",
	"ecs:TagResource",
	"ecs:UntagResource",
	"ecs:UpdateService",
	"iam:PassRole",
}

// ServiceActions lists the IAM actions that deploying services needs, sorted.
func ServiceActions() []string { return slices.Clone(serviceActions[:]) }

// siteActions are those that deploying static files needs.
var siteActions = [...]string{"s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"}

// SiteActions lists the IAM actions that deploying static files needs, sorted.
func SiteActions() []string { return slices.Clone(siteActions[:]) }

// functionActions are those that deploying functions needs; so are those of
// their bucket, where a package is large.
var functionActions = [...]string{
	"lambda:CreateAlias",
	"lambda:DeleteAlias",
	"lambda:DeleteProvisionedConcurrencyConfig",
	"lambda:GetAlias",
	"lambda:GetFunctionConfiguration",
	"lambda:GetProvisionedConcurrencyConfig",
	"lambda:PublishVersion",
	"lambda:PutProvisionedConcurrencyConfig",
	"lambda:UpdateAlias",
	"lambda:UpdateFunctionCode",
}

// FunctionActions lists the IAM actions that deploying functions needs, sorted.
func FunctionActions() []string { return slices.Clone(functionActions[:]) }
