package config

import (
	"errors"
	"strings"
	"testing"
)

// minimal is the smallest useful file; the tests below break it.
const minimal = `version: 1
app: payments
strategy: warm-standby
regions:
  us-east-1: {role: primary}
  us-west-2: {role: standby}
release:
  - cloudformation:
      stack: payments
      template: infra/app.yaml
`

// broken replaces a part of minimal and says what must be reported, each
// problem a line after "lockstep.yml:".
type broken struct {
	name, old, new string
	want           []string
}

func TestProblemsAreReportedWithPlaceAndSuggestion(t *testing.T) {
	for _, group := range [][]broken{brokenKeys(), brokenRegions(), brokenObjectives(), brokenTakeovers(), brokenTargets(), brokenPolicy(), brokenKinds(), brokenDeploys(), brokenYAML()} {
		for _, test := range group {
			t.Run(test.name, func(t *testing.T) {
				if !strings.Contains(minimal, test.old) {
					t.Fatalf("the test replaces nothing: %q", test.old)
				}
				c, err := Parse([]byte(strings.Replace(minimal, test.old, test.new, 1)), "lockstep.yml", now)
				var problems *Errors
				if c != nil || !errors.As(err, &problems) {
					t.Fatalf("configuration %v, error %v", c, err)
				}
				want := "lockstep.yml:" + strings.Join(test.want, "\nlockstep.yml:")
				if err.Error() != want {
					t.Errorf("\nhave %s\nwant %s", err, want)
				}
			})
		}
	}
}

func TestTheUnbrokenFileIsFine(t *testing.T) {
	if _, err := Parse([]byte(minimal), "lockstep.yml", now); err != nil {
		t.Fatal(err)
	}
}
