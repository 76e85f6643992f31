package session

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func TestASuccessWithoutABodyIsNoAnswer(t *testing.T) {
	answer := ""
	n := &network{answer: func(_ int, host, _ string) (*http.Response, error) {
		if strings.HasPrefix(host, "sts.") {
			return reply(200, identity("111111111111"))
		}
		return reply(200, answer)
	}}
	o := options(n)
	o.MaxAttempts = 2
	sessions, err := Open(t.Context(), pair(t, nil), o)
	if err != nil {
		t.Fatal(err)
	}
	cfg := sessions[0].ReadOnly.Config()
	queues := sqs.NewFromConfig(cfg)
	before := len(n.calls)
	if _, err := queues.ListQueues(t.Context(), &sqs.ListQueuesInput{}); Classify(err).Reason != BadResponse {
		t.Errorf("an empty list of queues: %v (%+v)", err, Classify(err))
	}
	if calls := len(n.calls) - before; calls != 2 {
		t.Errorf("asked %d times, want 2: the next attempt may get through", calls)
	}
	objects := s3.NewFromConfig(cfg, PathStyle(cfg))
	object := &s3.GetObjectInput{Bucket: aws.String("b"), Key: aws.String("empty")}
	if _, err := objects.GetObject(t.Context(), object); err != nil {
		t.Errorf("an object may be empty: %v", err)
	}
	if _, err := objects.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: object.Bucket, Key: object.Key}); err != nil {
		t.Errorf("the answer to HEAD is its header: %v", err)
	}
	if _, err := sqs.NewFromConfig(sessions[0].Config).DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: aws.String("https://q")}); err != nil {
		t.Errorf("a write may be answered with nothing: %v", err)
	}

	answer = `{"QueueUrls":["https://q/1"]}`
	if out, err := queues.ListQueues(t.Context(), &sqs.ListQueuesInput{}); err != nil || len(out.QueueUrls) != 1 {
		t.Errorf("an answer with a body: %+v %v", out, err)
	}
	answer = "content"
	out, err := objects.GetObject(t.Context(), object)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(out.Body); string(content) != answer {
		t.Errorf("content %q %v", content, err)
	}
}
