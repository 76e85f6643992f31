package session

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/lockstep-dr/lockstep/topology"
)

func TestRegionsShareTheQuotasOfGlobalServices(t *testing.T) {
	tests := map[string]struct {
		service, operation string
		regions            int
		rate               float64
	}{
		"IAM in one Region":     {"IAM", "GetRole", 1, 6},
		"IAM in two Regions":    {"IAM", "GetRole", 2, 3},
		"IAM in three Regions":  {"IAM", "GetRole", 3, 2},
		"SQS in two Regions":    {"SQS", "GetQueueAttributes", 2, 30},
		"Lambda in two Regions": {"Lambda", "GetFunction", 2, 30},
	}
	for name, test := range tests {
		b := newLimiter(0.3, time.Minute, test.regions).bucket(test.service, test.operation)
		if have := float64(b.tokens.Limit()); have < test.rate-0.01 || have > test.rate+0.01 {
			t.Errorf("%s: %.2f calls a second, want %.2f", name, have, test.rate)
		}
	}
}

// TestAJobLeavesItsPartToThoseThatReadOtherRegions: of a quota that all Regions
// share, a run that opens one of two takes half.
func TestAJobLeavesItsPartToThoseThatReadOtherRegions(t *testing.T) {
	took := func(regions int) (took time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			service := &network{answer: func(_ int, _, body string) (*http.Response, error) {
				if strings.Contains(body, "GetCallerIdentity") {
					return reply(http.StatusOK, identity("111111111111"))
				}
				return reply(http.StatusOK, "<GetRoleResponse><GetRoleResult/></GetRoleResponse>")
			}}
			sessions, err := Open(t.Context(), topology.Topology{Regions: []topology.Region{{Name: "us-west-2", Role: topology.Standby}}},
				Options{Regions: regions, HTTPClient: service, Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""), Getenv: func(string) string { return "" }})
			if err != nil {
				t.Fatal(err)
			}
			client, start := iam.NewFromConfig(sessions[0].ReadOnly.Config()), time.Now()
			for range 120 {
				if _, err := client.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("x")}); err != nil {
					t.Fatal(err)
				}
			}
			took = time.Since(start)
		})
		return took
	}
	alone, beside := took(0), took(2)
	if ratio := beside.Seconds() / alone.Seconds(); ratio < 1.9 || ratio > 2.3 {
		t.Errorf("alone %s, beside another job %s", alone, beside)
	}
}
