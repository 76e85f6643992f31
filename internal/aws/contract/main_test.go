package contract

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/mototest"
)

// moto is the URL of the moto_server of this test binary; empty when there is none, and then missing says why.
var moto, missing string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	url, stop, err := mototest.Serve()
	if err != nil {
		missing = err.Error()
		fmt.Fprintln(os.Stderr, "WARNING:", missing)
		if mototest.Required() {
			return 1
		}
		return m.Run()
	}
	defer stop()
	moto = url
	return m.Run()
}

// side is one of the two implementations a contract runs on.
type side struct {
	*testing.T
	name  string
	sim   *awssim.Cloud // nil on moto
	url   string        // of moto
	state string        // unique to the test, for names
}

// config is an SDK configuration for a Region, one attempt per call.
func (s side) config(region string) aws.Config {
	cfg := aws.Config{Region: region, Credentials: credentials.NewStaticCredentialsProvider("AKIDCONTRACT", "secret", ""),
		RetryMaxAttempts: 1}
	if s.sim != nil {
		cfg.HTTPClient = s.sim.HTTPClient()
	} else {
		cfg.BaseEndpoint, cfg.HTTPClient = aws.String(s.url), mototest.Client()
	}
	return cfg
}

// both runs a contract on the simulator and on moto. A reason in simOnly says why moto cannot be held to it.
func both(t *testing.T, simOnly string, f func(s side)) {
	t.Helper()
	state := strings.ToLower(strings.NewReplacer("/", "-", "_", "-").Replace(t.Name()))
	t.Run("simulator", func(t *testing.T) {
		sim, err := awssim.New(awssim.Options{Speed: 1000})
		if err != nil {
			t.Fatal(err)
		}
		f(side{T: t, name: "simulator", sim: sim, state: state})
	})
	t.Run("moto", func(t *testing.T) {
		if simOnly != "" {
			t.Skip("moto differs: " + simOnly)
		}
		if moto == "" {
			t.Skip(missing)
		}
		f(side{T: t, name: "moto", url: moto, state: state})
	})
}

// ok fails the test on an error.
func (s side) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// code fails the test unless err is an AWS error of the code.
func (s side) code(err error, want string) {
	s.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != want {
		s.Fatalf("got error %v, want %s", err, want)
	}
}

// until polls until the condition holds, at most twenty seconds.
func (s side) until(what string, holds func() bool) {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			s.Fatalf("waited in vain: %s", what)
		case <-tick.C:
		}
	}
}

// name makes a name that no other test uses.
func (s side) unique(name string) string {
	short := s.state
	if len(short) > 40 {
		short = short[len(short)-40:]
	}
	return strings.Trim(name+"-"+short, "-")
}

func str(v string) *string { return &v }
