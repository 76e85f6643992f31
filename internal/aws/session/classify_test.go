package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

func call(service, operation string, err error) error {
	return &smithy.OperationError{ServiceID: service, OperationName: operation, Err: err}
}

func coded(code, message string) error { return &smithy.GenericAPIError{Code: code, Message: message} }

func page(status int) error {
	return &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}},
		Err:      &smithy.DeserializationError{Err: errors.New("invalid character '<'"), Snapshot: []byte("<html>")},
	}
}

// headed is what the SDK makes of a HEAD's answer: the status, and no words.
func headed(status int) error {
	code := strings.ReplaceAll(http.StatusText(status), " ", "")
	answer := &http.Response{StatusCode: status, Request: &http.Request{Method: http.MethodHead}}
	return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: answer}, Err: coded(code, http.StatusText(status))}
}

func TestClassify(t *testing.T) {
	cases := []struct {
		name               string
		err                error
		reason, permission string
	}{
		{"denied call names its action", call("KMS", "DescribeKey", coded("AccessDeniedException", "no")), AccessDenied, "kms:DescribeKey"},
		{"AWS names another action than the call", call("SSM", "GetParameters",
			coded("AccessDeniedException", "User: x is not authorized to perform: kms:Decrypt on resource: k")), AccessDenied, "kms:Decrypt"},
		{"Cloud Control passes a denial on", call("CloudControl", "GetResource",
			coded("GeneralServiceException", "User: x is not authorized to perform: wafv2:GetWebACL on resource: w")), AccessDenied, "wafv2:GetWebACL"},
		{"HEAD without a body", call("S3", "HeadObject", coded("Forbidden", "")), AccessDenied, "s3:GetObject"},
		{"API Gateway has one action per HTTP verb", call("API Gateway", "GetStages", coded("AccessDeniedException", "")), AccessDenied, "apigateway:GET"},
		{"throttled", call("Lambda", "GetFunction", coded("TooManyRequestsException", "Rate exceeded")), Throttled, "lambda:GetFunction"},
		{"slow down", call("S3", "GetBucketTagging", coded("SlowDown", "")), Throttled, "s3:GetBucketTagging"},
		{"slow down, without a body to say so", call("S3", "HeadObject", headed(503)), Throttled, "s3:GetObject"},
		{"a HEAD that failed otherwise", call("S3", "HeadObject", headed(500)), Unreachable, "s3:GetObject"},
		{"expired", call("SQS", "GetQueueAttributes", coded("ExpiredToken", "")), Expired, "sqs:GetQueueAttributes"},
		{"gone queue", call("SQS", "GetQueueAttributes", coded("AWS.SimpleQueueService.NonExistentQueue", "")), NotFound, "sqs:GetQueueAttributes"},
		{"gone role", call("IAM", "GetRole", coded("NoSuchEntity", "")), NotFound, "iam:GetRole"},
		{"gone stack", call("CloudFormation", "DescribeStacks", coded("ValidationError", "Stack with id x does not exist")), NotFound, "cloudformation:DescribeStacks"},
		{"other validation error", call("CloudFormation", "DescribeStacks", coded("ValidationError", "bad name")), "ValidationError", "cloudformation:DescribeStacks"},
		{"error code of its own", call("KMS", "DescribeKey", coded("InvalidArnException", "")), "InvalidArnException", "kms:DescribeKey"},
		{"a page of HTML is never NotFound", call("Lambda", "GetFunction", page(404)), Unsupported, "lambda:GetFunction"},
		{"an unimplemented call", call("EC2", "DescribeX", page(500)), Unsupported, "ec2:DescribeX"},
		{"a gateway's page", call("SNS", "GetTopicAttributes", page(503)), Unreachable, "sns:GetTopicAttributes"},
		{"no connection", call("SNS", "GetTopicAttributes", &smithyhttp.RequestSendError{Err: errors.New("connection refused")}), Unreachable, "sns:GetTopicAttributes"},
		{"deadline of the caller", call("SNS", "GetTopicAttributes", &smithy.CanceledError{Err: context.DeadlineExceeded}), Timeout, "sns:GetTopicAttributes"},
		{"cancelled", call("SNS", "GetTopicAttributes", &smithy.CanceledError{Err: context.Canceled}), Canceled, "sns:GetTopicAttributes"},
		{"role that cannot be assumed, seen by another call", call("SNS", "GetTopicAttributes", fmt.Errorf("get identity: %w",
			call("STS", "AssumeRole", coded("AccessDenied", "no")))), AccessDenied, "sts:AssumeRole"},
		{"no credentials", call("STS", "GetCallerIdentity", &credentialsError{errors.New("no EC2 IMDS role found")}), NoCredentials, "sts:GetCallerIdentity"},
		{"sign-in that ran out", call("STS", "GetCallerIdentity", &credentialsError{errors.New("the SSO session has expired")}), Expired, "sts:GetCallerIdentity"},
		{"STS that does not answer the chain", call("SQS", "ListQueues", &credentialsError{call("STS", "AssumeRoleWithWebIdentity",
			&smithyhttp.RequestSendError{Err: errors.New("refused")})}), Unreachable, "sts:AssumeRoleWithWebIdentity"},
		{"anything else", errors.New("boom"), unknownReason, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := Classify(c.err)
			if p.Reason != c.reason || p.Permission != c.permission {
				t.Errorf("have %s %s, want %s %s", p.Reason, p.Permission, c.reason, c.permission)
			}
		})
	}
	if Classify(nil) != (Problem{}) {
		t.Error("no error must give no problem")
	}
}

func TestMessagesAreOneShortLine(t *testing.T) {
	p := Classify(coded("X", "::set-output name=a::b\n"+strings.Repeat("é", 1000)))
	if strings.Contains(p.Message, "\n") || len(p.Message) > 410 || !strings.HasSuffix(p.Message, "…") {
		t.Errorf("%d bytes: %.60q", len(p.Message), p.Message)
	}
}

func TestBucketBacksOffOnThrottlesAndRecovers(t *testing.T) {
	b := newBucket(limit{rate: 100, burst: 100}, 0.3)
	now := time.Unix(1000, 0)
	if b.tokens.Limit() != 30 || b.tokens.Burst() != 30 {
		t.Fatalf("starts at %v, burst %d", b.tokens.Limit(), b.tokens.Burst())
	}
	b.throttled(now)
	b.throttled(now.Add(time.Millisecond)) // the same event
	if b.tokens.Limit() != 15 {
		t.Fatalf("after one event %v", b.tokens.Limit())
	}
	for i := range 20 {
		b.throttled(now.Add(time.Duration(i+1) * time.Minute))
	}
	if b.tokens.Limit() != b.least || b.least <= 0 {
		t.Fatalf("floor %v, rate %v", b.least, b.tokens.Limit())
	}
	for range 1000 {
		b.succeeded(now.Add(time.Hour))
	}
	if b.tokens.Limit() != 30 {
		t.Fatalf("recovers to %v", b.tokens.Limit())
	}
}

func TestOperationsShareTheBucketAWSCountsThemIn(t *testing.T) {
	l := newLimiter(1, time.Minute, 1)
	if l.bucket("Lambda", "GetAlias") != l.bucket("Lambda", "ListAliases") {
		t.Error("Lambda's other calls share one bucket")
	}
	if l.bucket("Lambda", "GetFunction") == l.bucket("Lambda", "GetAlias") {
		t.Error("GetFunction has its own bucket")
	}
	if l.bucket("Brand New", "GetX") == nil {
		t.Error("an unlisted service has a bucket")
	}
}

func TestOnlyReadsAreReads(t *testing.T) {
	for operation, want := range map[string]bool{
		"GetFunction": true, "ListStackResources": true, "DescribeStacks": true, "HeadObject": true, "BatchGetImage": true,
		"UpdateStack": false, "PutObject": false, "DeleteStack": false, "InvokeFunction": false, "Invoke": false,
		"DetectStackDrift": false, "ReceiveMessage": false, "AssumeRole": false, "SetAlarmState": false, "": false,
	} {
		if isRead("X", operation) != want {
			t.Errorf("isRead(%q) = %v", operation, !want)
		}
	}
	if isRead("STS", "GetSessionToken") {
		t.Error("GetSessionToken hands out credentials")
	}
}
