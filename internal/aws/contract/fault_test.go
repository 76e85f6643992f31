package contract

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// dialects is one read per protocol.
func dialects() map[string]func(context.Context, aws.Config) error {
	return map[string]func(context.Context, aws.Config) error{
		"awsQuery cloudformation": func(ctx context.Context, c aws.Config) error {
			_, err := cloudformation.NewFromConfig(c).ListStacks(ctx, nil)
			return err
		},
		"ec2Query ec2": func(ctx context.Context, c aws.Config) error {
			_, err := ec2.NewFromConfig(c).DescribeSecurityGroups(ctx, nil)
			return err
		},
		"awsJson1.1 ssm": func(ctx context.Context, c aws.Config) error {
			_, err := ssm.NewFromConfig(c).DescribeParameters(ctx, nil)
			return err
		},
		"awsJson1.0 sqs": func(ctx context.Context, c aws.Config) error {
			_, err := sqs.NewFromConfig(c).ListQueues(ctx, nil)
			return err
		},
		"restJson lambda": func(ctx context.Context, c aws.Config) error {
			_, err := lambda.NewFromConfig(c).ListFunctions(ctx, nil)
			return err
		},
		"restXml s3": func(ctx context.Context, c aws.Config) error {
			_, err := s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true }).ListBuckets(ctx, nil)
			return err
		},
		"rpcv2Cbor cloudwatch": func(ctx context.Context, c aws.Config) error {
			_, err := cloudwatch.NewFromConfig(c).DescribeAlarms(ctx, nil)
			return err
		},
	}
}

// network plugs a cloud in without a socket, or with one.
func networks(t *testing.T, sim *awssim.Cloud) map[string]func(*aws.Config) {
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return map[string]func(*aws.Config){
		"in process": func(c *aws.Config) { c.HTTPClient = sim.HTTPClient() },
		"by socket":  func(c *aws.Config) { c.BaseEndpoint = aws.String(server.URL) },
	}
}

func TestEveryProtocolSaysInItsOwnWordsWhatWentWrong(t *testing.T) {
	for _, c := range []struct {
		fault  awssim.Fault
		tries  int // of three allowed
		works  bool
		expect string
	}{
		{awssim.Fault{Effect: fault.Throttle, Count: 2}, 3, true, ""},
		{awssim.Fault{Effect: fault.Error, Count: 2}, 3, true, ""},
		{awssim.Fault{Effect: fault.Error, Status: 503, Code: "ServiceUnavailable", Count: 2}, 3, true, ""},
		{awssim.Fault{Effect: fault.Reset, Count: 2}, 3, true, ""},
		{awssim.Fault{Effect: fault.AccessDenied, Resource: "arn:aws:x"}, 1, false, "is not authorized to perform: "},
		{awssim.Fault{Effect: fault.ExpiredToken}, 1, false, "xpired"},
		{awssim.Fault{Effect: fault.Throttle}, 3, false, ""},
	} {
		for name, call := range dialects() {
			sim, err := awssim.New(awssim.Options{Faults: []awssim.Fault{c.fault}})
			if err != nil {
				t.Fatal(err)
			}
			for network, plug := range networks(t, sim) {
				t.Run(name+" "+c.fault.Effect+" "+network, func(t *testing.T) {
					sim.Reset()
					sim.ClearFaults()
					if _, err := sim.Fail(c.fault); err != nil {
						t.Fatal(err)
					}
					s := side{T: t, sim: sim}
					cfg := s.config("eu-west-1")
					cfg.RetryMaxAttempts = 0
					cfg.Retryer = func() aws.Retryer {
						return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 3, time.Millisecond })
					}
					cfg.HTTPClient = nil
					plug(&cfg)
					err := call(t.Context(), cfg)
					if n := len(sim.Calls()); n != c.tries {
						t.Errorf("%d tries, want %d: %v", n, c.tries, err)
					}
					if c.works && err != nil && !unknown(err) || !c.works && err == nil {
						t.Errorf("in the end: %v", err)
					}
					if err != nil && !strings.Contains(err.Error(), c.expect) {
						t.Errorf("%v does not say %q", err, c.expect)
					}
					var api smithy.APIError
					if c.expect != "" && !errors.As(err, &api) {
						t.Errorf("%v is no error of the API", err)
					}
				})
			}
		}
	}
}

// unknown reports whether the operation is not simulated, which is an orderly answer too.
func unknown(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && (api.ErrorCode() == "UnknownOperationException" || api.ErrorCode() == "InvalidAction" || api.ErrorCode() == "MethodNotAllowed")
}

func TestATruncatedAnswerIsAnErrorOrARetryNeverHalfAResult(t *testing.T) {
	sim, err := awssim.New(awssim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := side{T: t, sim: sim}
	api := ssm.NewFromConfig(s.config("eu-west-1"))
	_, err = api.PutParameter(t.Context(), &ssm.PutParameterInput{Name: str("/a"), Value: str("v"), Type: "String"})
	s.ok(err)
	for network, plug := range networks(t, sim) {
		t.Run(network, func(t *testing.T) {
			sim.ClearFaults()
			if _, err := sim.Fail(awssim.Fault{Effect: fault.Truncate, Operation: "GetParameter"}); err != nil {
				t.Fatal(err)
			}
			cfg := s.config("eu-west-1")
			cfg.HTTPClient = nil
			plug(&cfg)
			if out, err := ssm.NewFromConfig(cfg).GetParameter(t.Context(), &ssm.GetParameterInput{Name: str("/a")}); err == nil {
				t.Errorf("got %+v", out.Parameter)
			}
		})
	}
}

func TestAHangingEndpointLastsUntilTheCallerGivesUp(t *testing.T) {
	sim, err := awssim.New(awssim.Options{Faults: []awssim.Fault{{Effect: fault.Hang, Region: "us-east-1"}}})
	if err != nil {
		t.Fatal(err)
	}
	s := side{T: t, sim: sim}
	for network, plug := range networks(t, sim) {
		t.Run(network, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			cfg := s.config("us-east-1")
			cfg.HTTPClient = nil
			plug(&cfg)
			if _, err := ssm.NewFromConfig(cfg).DescribeParameters(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			cfg.Region = "eu-west-1"
			if _, err := ssm.NewFromConfig(cfg).DescribeParameters(t.Context(), nil); err != nil {
				t.Errorf("the other Region: %v", err)
			}
		})
	}
}
