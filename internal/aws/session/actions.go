package session

import (
	"errors"
	"strings"

	"github.com/aws/smithy-go"
)

// prefixes are the IAM service prefixes by SDK service id.
// Source: Service Authorization Reference.
var prefixes = map[string]string{
	"ARC Region switch": "arc-region-switch", "Organizations": "organizations", "Cost Explorer": "ce", "SESv2": "ses", "synthetics": "synthetics",
	"API Gateway": "apigateway", "ApiGatewayV2": "apigateway", "Application Auto Scaling": "application-autoscaling",
	"Cognito Identity Provider": "cognito-idp", "ECR": "ecr", "EKS": "eks", "Kafka": "kafka", "Kinesis": "kinesis",
	"SFN": "states", "Scheduler": "scheduler", "CloudControl": "cloudformation", "CloudFormation": "cloudformation",
	"CloudWatch": "cloudwatch", "CloudWatch Logs": "logs", "DynamoDB": "dynamodb", "EC2": "ec2", "ECS": "ecs",
	"Auto Scaling": "autoscaling", "Elastic Load Balancing v2": "elasticloadbalancing", "Elastic Load Balancing": "elasticloadbalancing",
	"EventBridge": "events", "IAM": "iam", "KMS": "kms", "Lambda": "lambda", "S3": "s3", "S3 Control": "s3control", "SNS": "sns", "SQS": "sqs",
	"EFS": "elasticfilesystem", "OpenSearch": "es", "Resource Groups Tagging API": "tag", "SSM": "ssm", "STS": "sts", "Secrets Manager": "secretsmanager",
}

// renamed are the operations whose IAM action has another name.
// Source: Service Authorization Reference, "Actions defined by ...".
var renamed = map[string]string{
	"lambda:GetLayerVersionByArn":                   "lambda:GetLayerVersion",
	"lambda:Invoke":                                 "lambda:InvokeFunction",
	"s3:HeadObject":                                 "s3:GetObject",
	"s3:HeadBucket":                                 "s3:ListBucket",
	"s3:ListObjectsV2":                              "s3:ListBucket",
	"s3:GetBucketEncryption":                        "s3:GetEncryptionConfiguration",
	"s3:GetBucketLifecycleConfiguration":            "s3:GetLifecycleConfiguration",
	"s3:GetBucketReplication":                       "s3:GetReplicationConfiguration",
	"s3:GetBucketCors":                              "s3:GetBucketCORS",
	"s3:GetBucketAccelerateConfiguration":           "s3:GetAccelerateConfiguration",
	"s3:ListBucketAnalyticsConfigurations":          "s3:GetAnalyticsConfiguration",
	"s3:ListBucketInventoryConfigurations":          "s3:GetInventoryConfiguration",
	"s3:ListBucketMetricsConfigurations":            "s3:GetMetricsConfiguration",
	"s3:ListBucketIntelligentTieringConfigurations": "s3:GetIntelligentTieringConfiguration",
	"s3control:GetPublicAccessBlock":                "s3:GetAccountPublicAccessBlock",
	"s3:GetPublicAccessBlock":                       "s3:GetBucketPublicAccessBlock",
	"s3:PutPublicAccessBlock":                       "s3:PutBucketPublicAccessBlock",
	"s3:PutBucketEncryption":                        "s3:PutEncryptionConfiguration",
	"s3:GetBucketNotificationConfiguration":         "s3:GetBucketNotification",
	"s3:GetObjectLockConfiguration":                 "s3:GetBucketObjectLockConfiguration",
}

// Action is the IAM action of an operation as the SDK names it: Action("Secrets
// Manager", "DescribeSecret") is "secretsmanager:DescribeSecret".
func Action(serviceID, operation string) string {
	prefix, ok := prefixes[serviceID]
	if !ok {
		prefix = strings.ToLower(strings.ReplaceAll(serviceID, " ", ""))
	}
	if prefix == "apigateway" && strings.HasPrefix(operation, "Get") {
		return "apigateway:GET"
	}
	action := prefix + ":" + operation
	if name, ok := renamed[action]; ok {
		return name
	}
	return action
}

// permission is the action of the innermost call: when a role cannot be
// assumed, every call fails, and sts:AssumeRole is what is missing.
func permission(err error) string {
	action := ""
	var operation *smithy.OperationError
	for errors.As(err, &operation) {
		action = Action(operation.ServiceID, operation.OperationName)
		err = operation.Err
	}
	return action
}
