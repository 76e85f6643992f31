package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/lockstep-dr/lockstep/topology"
)

// network answers as AWS would, by host and request body.
type network struct {
	mu     sync.Mutex
	calls  []string
	answer func(n int, host, body string) (*http.Response, error)
}

func (n *network) Do(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		data, _ := io.ReadAll(r.Body)
		body = string(data)
	}
	n.mu.Lock()
	n.calls = append(n.calls, r.URL.Host+" "+body)
	count := len(n.calls)
	n.mu.Unlock()
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return n.answer(count, r.URL.Host, body)
}

func reply(status int, body string) (*http.Response, error) {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func identity(account string) string {
	return fmt.Sprintf(`<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::%s:user/me</Arn>`+
		`<UserId>u</UserId><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, account, account)
}

func queryError(code, message string) string {
	return `<ErrorResponse><Error><Type>Sender</Type><Code>` + code + `</Code><Message>` + message + `</Message></Error></ErrorResponse>`
}

func pair(t *testing.T, change func(*topology.Region)) topology.Topology {
	t.Helper()
	standby := topology.Region{Name: "us-west-2", Role: topology.Standby}
	if change != nil {
		change(&standby)
	}
	top, err := topology.New("payments", topology.WarmStandby,
		[]topology.Region{{Name: "us-east-1", Role: topology.Primary}, standby})
	if err != nil {
		t.Fatal(err)
	}
	return top
}

func options(n *network) Options {
	return Options{
		HTTPClient:  n,
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""),
		MaxBackoff:  time.Millisecond,
		Getenv:      func(string) string { return "" },
	}
}

func TestOpenAsksEachRegionsOwnSTSEndpoint(t *testing.T) {
	n := &network{answer: func(_ int, _, _ string) (*http.Response, error) { return reply(200, identity("111111111111")) }}
	sessions, err := Open(t.Context(), pair(t, nil), options(n))
	if err != nil {
		t.Fatal(err)
	}
	for i, region := range []string{"us-east-1", "us-west-2"} {
		if sessions[i].Region.Name != region || sessions[i].Account != "111111111111" || sessions[i].ReadOnly.Region() != region {
			t.Errorf("slot %d is %+v, want %s", i, sessions[i], region)
		}
		if !strings.Contains(strings.Join(n.calls, "\n"), "sts."+region+".amazonaws.com") {
			t.Errorf("no call to the STS endpoint of %s in %v", region, n.calls)
		}
	}
}

func TestOpenAssumesTheRegionsRoleThroughItsOwnEndpoint(t *testing.T) {
	const assumed = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>` +
		`<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
	n := &network{answer: func(_ int, _, body string) (*http.Response, error) {
		if strings.Contains(body, "Action=AssumeRole") {
			return reply(200, assumed)
		}
		return reply(200, identity("222222222222"))
	}}
	o := options(n)
	o.ExternalIDs = map[string]string{"us-west-2": "ext-7"}
	top := pair(t, func(r *topology.Region) { r.RoleToAssume = "arn:aws:iam::222222222222:role/lockstep" })
	if _, err := Open(t.Context(), top, o); err != nil {
		t.Fatal(err)
	}
	var assume []string
	for _, call := range n.calls {
		if strings.Contains(call, "Action=AssumeRole") {
			assume = append(assume, call)
		}
	}
	if len(assume) != 1 || !strings.HasPrefix(assume[0], "sts.us-west-2.amazonaws.com ") ||
		!strings.Contains(assume[0], url.QueryEscape("arn:aws:iam::222222222222:role/lockstep")) || !strings.Contains(assume[0], "ExternalId=ext-7") {
		t.Errorf("assume-role calls: %v", assume)
	}
}

func TestOpenTellsWhatIsWrongWithOneRegionAndOpensTheOther(t *testing.T) {
	cases := map[string]struct {
		answer        func() (*http.Response, error)
		change        func(*topology.Region)
		reason        string
		misconfigured bool
		permission    string
	}{
		"expired token": {
			answer: func() (*http.Response, error) {
				return reply(403, queryError("ExpiredToken", "The security token has expired"))
			},
			reason: Expired, misconfigured: true, permission: "sts:GetCallerIdentity",
		},
		"unknown key": {
			answer: func() (*http.Response, error) {
				return reply(403, queryError("InvalidClientTokenId", "The token is invalid"))
			},
			reason: BadCredentials, misconfigured: true, permission: "sts:GetCallerIdentity",
		},
		"account of someone else": {
			answer: func() (*http.Response, error) { return reply(200, identity("999999999999")) },
			change: func(r *topology.Region) { r.Account = "222222222222" },
			reason: WrongAccount, misconfigured: true,
		},
		"a role that may not be assumed": {
			answer: func() (*http.Response, error) {
				return reply(403, queryError("AccessDenied", "User: me is not authorized to perform: sts:AssumeRole on resource: r"))
			},
			change: func(r *topology.Region) { r.RoleToAssume = "arn:aws:iam::222222222222:role/lockstep" },
			reason: AccessDenied, permission: "sts:AssumeRole",
		},
		"a Region that does not answer": {
			answer: func() (*http.Response, error) { return nil, errors.New("dial tcp: no route to host") },
			reason: Unreachable, permission: "sts:GetCallerIdentity",
		},
		"a load balancer's error page": {
			answer: func() (*http.Response, error) { return reply(503, "<html><body>Service Unavailable</body></html>") },
			reason: Unreachable, permission: "sts:GetCallerIdentity",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			n := &network{answer: func(_ int, host, _ string) (*http.Response, error) {
				if strings.Contains(host, "us-west-2") {
					return c.answer()
				}
				return reply(200, identity("111111111111"))
			}}
			o := options(n)
			o.MaxAttempts = 2
			sessions, err := Open(t.Context(), pair(t, c.change), o)
			failures := Failures(err)
			if len(failures) != 1 || sessions[0] == nil || sessions[1] != nil {
				t.Fatalf("sessions %v, error %v", sessions, err)
			}
			f := failures[0]
			if f.Region != "us-west-2" || f.Problem.Reason != c.reason || f.Misconfigured() != c.misconfigured || f.Problem.Permission != c.permission {
				t.Errorf("have %+v misconfigured %v, want reason %s misconfigured %v permission %s",
					f.Problem, f.Misconfigured(), c.reason, c.misconfigured, c.permission)
			}
			if f.Hint == "" || !strings.Contains(err.Error(), "us-west-2") || strings.Contains(err.Error(), "\n") {
				t.Errorf("message without a Region or a hint, or on several lines: %q", err.Error())
			}
		})
	}
}

func TestOpenWithoutCredentialsIsASetupError(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
		"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/none")
	n := &network{answer: func(int, string, string) (*http.Response, error) { return reply(500, "") }}
	o := options(n)
	o.Credentials = nil
	_, err := Open(t.Context(), pair(t, nil), o)
	failures := Failures(err)
	if len(failures) != 2 || failures[0].Problem.Reason != NoCredentials || !failures[0].Misconfigured() {
		t.Fatalf("have %v", err)
	}
	if len(n.calls) != 0 {
		t.Errorf("called AWS without credentials: %v", n.calls)
	}
}

func TestOpenWithAProfileThatDoesNotExistIsASetupError(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_PROFILE", "nobody")
	o := options(&network{})
	o.Credentials = nil
	_, err := Open(t.Context(), pair(t, nil), o)
	if failures := Failures(err); len(failures) != 2 || failures[0].Problem.Reason != BadConfig {
		t.Fatalf("have %v", err)
	}
}

func TestReadOnlyRefusesWritesBeforeTheNetwork(t *testing.T) {
	n := &network{answer: func(int, string, string) (*http.Response, error) { return reply(200, identity("111111111111")) }}
	sessions, err := Open(t.Context(), pair(t, nil), options(n))
	if err != nil {
		t.Fatal(err)
	}
	before := len(n.calls)
	url := "https://sqs.us-east-1.amazonaws.com/111111111111/q"
	_, err = sqs.NewFromConfig(sessions[0].ReadOnly.Config()).PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: &url})
	var refused *WriteError
	if !errors.As(err, &refused) || refused.Region != "us-east-1" || refused.Operation != "PurgeQueue" {
		t.Errorf("PurgeQueue gave %v, want a refusal", err)
	}
	if Classify(err).Reason != ReadOnlyReason || len(n.calls) != before {
		t.Errorf("reason %s, calls %v", Classify(err).Reason, n.calls[before:])
	}
	// The opposite: the writing configuration of the same session sends it.
	_, _ = sqs.NewFromConfig(sessions[0].Config).PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: &url})
	if len(n.calls) == before {
		t.Error("the writing configuration sent nothing")
	}
}

func TestThrottledCallsAreRepeatedAndThenToldAsThrottled(t *testing.T) {
	throttle := queryError("Throttling", "Rate exceeded")
	cases := map[string]struct {
		refusals int
		reason   string
	}{"seven refusals then an answer": {7, ""}, "refusals without end": {1000, Throttled}}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			n := &network{answer: func(i int, _, _ string) (*http.Response, error) {
				if i <= c.refusals {
					return reply(400, throttle)
				}
				return reply(200, identity("111111111111"))
			}}
			o := options(n)
			o.RateShare = 1
			cfg, err := load(t.Context(), topology.Region{Name: "us-east-1"}, o.withDefaults())
			if err != nil {
				t.Fatal(err)
			}
			_, err = sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil)
			if Classify(err).Reason != c.reason || len(n.calls) != maxAttempts {
				t.Errorf("reason %q after %d calls: %v", Classify(err).Reason, len(n.calls), err)
			}
		})
	}
}

func TestTheEnvironmentSaysHowOftenToTry(t *testing.T) {
	t.Setenv("AWS_MAX_ATTEMPTS", "2")
	n := &network{answer: func(int, string, string) (*http.Response, error) {
		return reply(400, queryError("Throttling", "Rate exceeded"))
	}}
	o := options(n)
	o.Getenv, o.MaxAttempts = nil, 5
	cfg, err := load(t.Context(), topology.Region{Name: "us-east-1"}, o.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil); err == nil || len(n.calls) != 2 {
		t.Errorf("%d calls, error %v", len(n.calls), err)
	}
}

func TestEndpointsOfOneRegionDoNotReachTheOther(t *testing.T) {
	n := &network{answer: func(int, string, string) (*http.Response, error) { return reply(200, identity("111111111111")) }}
	o := options(n)
	o.Endpoints = map[string]string{"us-west-2": "http://west.test"}
	sessions, err := Open(t.Context(), pair(t, nil), o)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(n.calls, "\n")
	if !strings.Contains(all, "west.test ") || !strings.Contains(all, "sts.us-east-1.amazonaws.com ") {
		t.Errorf("calls %v", n.calls)
	}
	for i, want := range []bool{false, true} {
		var s3Options s3.Options
		if sessions[i].ReadOnly.S3(&s3Options); s3Options.UsePathStyle != want {
			t.Errorf("%s: path style %v", sessions[i].Region.Name, s3Options.UsePathStyle)
		}
	}
}

func TestASlowAttemptIsTriedAgain(t *testing.T) {
	n := &network{}
	slow := blocking{n: n, until: 1, then: func() (*http.Response, error) { return reply(200, identity("111111111111")) }}
	o := options(n)
	o.HTTPClient = &slow
	o.AttemptTimeout = 20 * time.Millisecond
	cfg, err := load(t.Context(), topology.Region{Name: "us-east-1"}, o.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	client := sts.NewFromConfig(cfg)
	if _, err := client.GetCallerIdentity(t.Context(), nil); err != nil || slow.calls != 2 {
		t.Errorf("after %d calls: %v", slow.calls, err)
	}
	slow.until = 1 << 30
	if _, err := client.GetCallerIdentity(t.Context(), nil); Classify(err).Reason != Timeout {
		t.Errorf("a server that never answers gave %+v", Classify(err))
	}
}

// blocking answers nothing to its first calls until their context ends.
type blocking struct {
	n            *network
	calls, until int
	then         func() (*http.Response, error)
}

func (b *blocking) Do(r *http.Request) (*http.Response, error) {
	b.calls++
	if b.calls <= b.until {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return b.then()
}

func TestCancellingEndsACallAtOnceAndIsNoTimeout(t *testing.T) {
	n := &network{}
	o := options(n)
	o.HTTPClient = &blocking{n: n, until: 1 << 30}
	cfg, err := load(t.Context(), topology.Region{Name: "us-east-1"}, o.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil); Classify(err).Reason != Canceled {
		t.Errorf("have %+v", Classify(err))
	}
}
