// Package sqs simulates the Simple Queue Service as far as its configuration goes: queues, their attributes, policies and
// tags. It owns AWS::SQS::Queue and AWS::SQS::QueuePolicy. It keeps no messages: sending and receiving are unknown
// operations, and the approximate counts are zero.
package sqs

import "github.com/lockstep-dr/lockstep/internal/awssim/core"

// Types of the package.
const (
	Type       = "AWS::SQS::Queue"
	PolicyType = "AWS::SQS::QueuePolicy"
)

// Service returns SQS.
func Service() core.Service {
	tags := core.Tagging{Find: queue, Show: showTags}
	return core.Service{
		Name:      "sqs",
		Namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
		Operations: map[string]core.Handler{
			"CreateQueue":        createQueue,
			"DeleteQueue":        deleteQueue,
			"GetQueueAttributes": getQueueAttributes,
			"GetQueueUrl":        getQueueURL,
			"ListQueues":         listQueues,
			"ListQueueTags":      tags.List,
			"SetQueueAttributes": setQueueAttributes,
			"TagQueue":           tags.Add,
			"UntagQueue":         tags.Remove,
		},
		Kinds: []core.Kind{queueKind(), policies().Kind()},
	}
}

func queueKind() core.Kind {
	return core.Kind{
		Type:       Type,
		Name:       core.NameRule{Property: "QueueName", Max: 80},
		Identifier: []string{"QueueUrl"},
		Attributes: map[string]string{
			"QueueUrl": "https://sqs.{Region}.amazonaws.com/{Account}/{QueueName}",
			"Arn":      "arn:aws:sqs:{Region}:{Account}:{QueueName}",
		},
		Ref:     "{QueueUrl}",
		Replace: []string{"QueueName", "FifoQueue"},
		Invalid: "InvalidAttributeValue",
		Defaults: map[string]any{
			"DelaySeconds": 0.0, "MaximumMessageSize": 1048576.0, "MessageRetentionPeriod": 345600.0,
			"ReceiveMessageWaitTimeSeconds": 0.0, "VisibilityTimeout": 30.0,
		},
		Schema: core.Schema{
			Numbers:  []string{"DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "VisibilityTimeout", "KmsDataKeyReusePeriodSeconds"},
			Booleans: []string{"FifoQueue", "ContentBasedDeduplication", "SqsManagedSseEnabled"},
			Range: map[string][2]float64{
				"DelaySeconds": {0, 900}, "MaximumMessageSize": {1024, 1048576}, "MessageRetentionPeriod": {60, 1209600},
				"ReceiveMessageWaitTimeSeconds": {0, 20}, "VisibilityTimeout": {0, 43200}, "KmsDataKeyReusePeriodSeconds": {60, 86400},
			},
		},
		Create: checkQueue,
		Update: checkQueue,
	}
}

func policies() core.PolicyKind {
	return core.PolicyKind{Type: PolicyType, Into: Type, Members: "Queues", Missing: nonExistent}
}
