package session

import (
	"testing"
	"time"
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
