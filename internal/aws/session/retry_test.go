package session

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"
)

// refusing answers every call with an error code until a moment has come.
type refusing struct {
	code  string
	until time.Time
	calls int
}

func (c *refusing) Do(*http.Request) (*http.Response, error) {
	c.calls++
	body, status := `{}`, http.StatusOK
	if time.Now().Before(c.until) {
		body, status = `{"__type":"`+c.code+`"}`, http.StatusBadRequest
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}}, nil
}

func TestAPatientCallOutlastsMinutesOfThrottlingAndNothingElse(t *testing.T) {
	for _, c := range []struct {
		name, code string
		patient    bool
		lasts      time.Duration
		ok         bool
	}{
		{"a minute of throttling", "ThrottlingException", true, time.Minute, true},
		{"the same without patience", "ThrottlingException", false, time.Minute, false},
		{"throttling without end", "ThrottlingException", true, time.Hour, false},
		{"a quota, which the SDK takes for throttling", "LimitExceededException", true, time.Minute, false},
		{"an internal failure", "InternalFailure", true, time.Minute, false},
		{"a denial", "AccessDeniedException", true, time.Second, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				service := &refusing{code: c.code, until: start.Add(c.lasts)}
				cfg := aws.Config{Region: "us-west-2", HTTPClient: service, Retryer: newRetryer(5 * time.Second),
					Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}
				if c.patient {
					cfg = Patient(cfg)
				}
				_, err := ssm.NewFromConfig(cfg).GetParameters(t.Context(), &ssm.GetParametersInput{Names: []string{"x"}})
				if (err == nil) != c.ok {
					t.Fatalf("after %s and %d calls: %v", time.Since(start), service.calls, err)
				}
				var api smithy.APIError
				if err != nil && (!errors.As(err, &api) || api.ErrorCode() != c.code) {
					t.Errorf("the cause is lost: %v", err)
				}
				if took := time.Since(start); took > 10*time.Minute {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestAPatientCallEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &refusing{code: "ThrottlingException", until: time.Now().Add(time.Hour)}
		cfg := Patient(aws.Config{Region: "us-west-2", HTTPClient: service, Retryer: newRetryer(5 * time.Second),
			Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		if _, err := ssm.NewFromConfig(cfg).GetParameters(ctx, &ssm.GetParametersInput{Names: []string{"x"}}); err == nil || time.Since(start) > 3*time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

func TestAPatientHeadOutlastsThrottlingThatHasNoBody(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		ok     bool
	}{
		{"slow down", http.StatusServiceUnavailable, true},
		{"an internal failure", http.StatusInternalServerError, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				until := time.Now().Add(time.Minute)
				cfg := Patient(aws.Config{Region: "us-west-2", Retryer: newRetryer(5 * time.Second),
					Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
					HTTPClient: answers(func(r *http.Request) *http.Response {
						status := http.StatusOK
						if time.Now().Before(until) {
							status = c.status
						}
						return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody, Request: r}
					})})
				_, err := s3.NewFromConfig(cfg).HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("code"), Key: aws.String("api.zip")})
				if (err == nil) != c.ok {
					t.Errorf("after a minute: %v", err)
				}
			})
		})
	}
}

// answers is an HTTP client of one function.
type answers func(*http.Request) *http.Response

func (a answers) Do(r *http.Request) (*http.Response, error) { return a(r), nil }
