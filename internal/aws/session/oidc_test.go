package session

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/lockstep-dr/lockstep/topology"
)

// github is an endpoint for identity tokens that numbers what it gives out.
func github(t *testing.T, status func(n int64) int) (getenv func(string) string, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		if r.URL.Query().Get("audience") != "sts.amazonaws.com" || r.URL.Query().Get("job") != "7" || r.Header.Get("Authorization") != "Bearer hush-bearer" {
			t.Errorf("asked with %s, %q", r.URL, r.Header.Get("Authorization"))
		}
		w.WriteHeader(status(n))
		fmt.Fprintf(w, `{"value": "hush-token.%d.x"}`, n)
	}))
	t.Cleanup(server.Close)
	environment := map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": server.URL + "/?job=7", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "hush-bearer"}
	return func(name string) string { return environment[name] }, asked
}

// exchanged answers an exchange with credentials that live for a while.
func exchanged(n int, lives time.Duration) (*http.Response, error) {
	return reply(200, fmt.Sprintf(`<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA%d</AccessKeyId>`+
		`<SecretAccessKey>s</SecretAccessKey><SessionToken>t%d</SessionToken><Expiration>%s</Expiration></Credentials>`+
		`</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`, n, n, time.Now().Add(lives).UTC().Format(time.RFC3339)))
}

func roles(t *testing.T) topology.Topology {
	top := pair(t, func(r *topology.Region) {
		r.RoleToAssume, r.Account = "arn:aws:iam::222222222222:role/standby", "222222222222"
	})
	top.Regions[0].RoleToAssume = "arn:aws:iam::111111111111:role/primary"
	return top
}

func accountOf(host string) string {
	if strings.Contains(host, "us-west-2") {
		return "222222222222"
	}
	return "111111111111"
}

func TestAJobHasTheRoleOfEachRegionByItsIdentity(t *testing.T) {
	getenv, asked := github(t, func(n int64) int { return map[bool]int{true: 503, false: 200}[n == 1] })
	n := &network{answer: func(n int, host, body string) (*http.Response, error) {
		if strings.Contains(body, "AssumeRoleWithWebIdentity") {
			return exchanged(n, time.Hour)
		}
		return reply(200, identity(accountOf(host)))
	}}
	o := options(n)
	o.Credentials, o.Getenv = nil, getenv
	sessions, err := Open(t.Context(), roles(t), o)
	if err != nil {
		t.Fatal(err)
	}
	if sessions[0].Account != "111111111111" || sessions[1].Account != "222222222222" {
		t.Errorf("accounts %s and %s", sessions[0].Account, sessions[1].Account)
	}
	for _, want := range []string{"sts.us-east-1.amazonaws.com Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A111111111111", "sts.us-west-2.amazonaws.com Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222"} {
		if !strings.Contains(strings.Join(n.calls, "\n"), want) {
			t.Errorf("nothing asked %s:\n%s", want, strings.Join(n.calls, "\n"))
		}
	}
	if got := asked.Load(); got != 3 {
		t.Errorf("%d tokens were asked for, want one a Region and one more try", got)
	}
}

// TestCredentialsThatEndDuringADeployAreFetchedAnew: calls go on, each time
// with a token of its own, and not with credentials that are about to end.
func TestCredentialsThatEndDuringADeployAreFetchedAnew(t *testing.T) {
	getenv, asked := github(t, func(int64) int { return 200 })
	exchanges := 0
	n := &network{answer: func(_ int, host, body string) (*http.Response, error) {
		switch {
		case strings.Contains(body, "AssumeRoleWithWebIdentity"):
			if exchanges++; !strings.Contains(body, fmt.Sprintf("hush-token.%d.x", exchanges)) {
				t.Errorf("exchange %d used an old token: %s", exchanges, body)
			}
			return exchanged(exchanges, map[bool]time.Duration{true: 2 * time.Minute, false: time.Hour}[exchanges < 3])
		case strings.Contains(body, "GetCallerIdentity"):
			return reply(200, identity(accountOf(host)))
		}
		return reply(200, `{}`)
	}}
	o := options(n)
	o.Credentials, o.Getenv = nil, getenv
	top := roles(t)
	top.Regions = top.Regions[1:]
	sessions, err := Open(t.Context(), top, o)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := sqs.NewFromConfig(sessions[0].Config).ListQueues(t.Context(), &sqs.ListQueuesInput{}); err != nil {
			t.Fatal(err)
		}
	}
	if exchanges != 3 || asked.Load() != 3 {
		t.Errorf("%d exchanges with %d tokens, want 3 and 3: two that ended soon, then one that did not", exchanges, asked.Load())
	}
}

func TestWithoutAnIdentityRolesAreAssumed(t *testing.T) {
	getenv, asked := github(t, func(int64) int { return 200 })
	for name, o := range map[string]func(*Options){
		"outside of Actions":                 func(o *Options) {},
		"with credentials of one's own":      func(o *Options) { o.Getenv = getenv },
		"after configure-aws-credentials":    func(o *Options) { o.Getenv = also(getenv, "AWS_ACCESS_KEY_ID") },
		"in a job that may not have a token": func(o *Options) { o.Getenv = only(getenv, "ACTIONS_ID_TOKEN_REQUEST_URL") },
	} {
		t.Run(name, func(t *testing.T) {
			opts := options(&network{})
			opts.Credentials = credentials.NewStaticCredentialsProvider("AKID", "SECRET", "")
			o(&opts)
			if name == "after configure-aws-credentials" || name == "in a job that may not have a token" {
				opts.Credentials = nil
			}
			if tokens := tokensOf(opts.withDefaults()); tokens != nil || asked.Load() != 0 {
				t.Errorf("a token would be asked for")
			}
		})
	}
}

func also(getenv func(string) string, name string) func(string) string {
	return func(asked string) string {
		if asked == name {
			return "set"
		}
		return getenv(asked)
	}
}

func only(getenv func(string) string, name string) func(string) string {
	return func(asked string) string {
		if asked == name {
			return getenv(asked)
		}
		return ""
	}
}

func TestAnIdentityThatIsRefusedIsAWrongSetupAndKeepsItsSecrets(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		answer string
	}{
		"GitHub gives no token":      {403, ""},
		"the role does not trust it": {200, queryError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")},
		"it is of another account":   {200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			getenv, _ := github(t, func(int64) int { return c.status })
			n := &network{answer: func(n int, _, body string) (*http.Response, error) {
				switch {
				case !strings.Contains(body, "AssumeRoleWithWebIdentity"):
					return reply(200, identity("999999999999"))
				case c.answer != "":
					return reply(403, c.answer)
				}
				return exchanged(n, time.Hour)
			}}
			o := options(n)
			o.Credentials, o.Getenv = nil, getenv
			top := roles(t)
			top.Regions = top.Regions[1:]
			_, err := Open(t.Context(), top, o)
			if err == nil || strings.Contains(err.Error(), "hush") {
				t.Fatalf("%v", err)
			}
			for _, failure := range Failures(err) {
				if failure.Hint == "" || name != "the role does not trust it" && !failure.Misconfigured() {
					t.Errorf("%v (%s)", failure, failure.Problem.Reason)
				}
			}
		})
	}
}
