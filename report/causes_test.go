package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/deploy"
)

func failedIn(regions []string, reason string) Report {
	d := &deploy.Result{Outcome: deploy.RolledBack}
	for _, name := range regions {
		d.Regions = append(d.Regions, deploy.RegionResult{Region: name, FirstCause: &deploy.Failure{Region: name, Target: "payments",
			Phase: deploy.PhaseExecute, Resource: "Fn", Type: "AWS::ElasticLoadBalancingV2::TargetGroup", Reason: reason, Hint: "look at " + name}})
	}
	return Report{Command: "deploy", Deploy: d}
}

// TestCausesStandNextToEachOtherWhereTheyFit says which Regions share a line.
func TestCausesStandNextToEachOtherWhereTheyFit(t *testing.T) {
	two, three := []string{"us-east-1", "us-west-2"}, []string{"us-east-1", "us-west-2", "eu-west-1"}
	for _, c := range []struct {
		name    string
		regions []string
		width   int
		reason  string
		heads   []string
	}{
		{"two Regions share a terminal of 80", two, 80, "no room", []string{"us-east-1 us-west-2"}},
		{"three Regions stand in groups of two", three, 80, "no room", []string{"us-east-1 us-west-2", "eu-west-1 payments Fn"}},
		{"three Regions share a wide terminal", three, 120, "no room", []string{"us-east-1 us-west-2 eu-west-1"}},
		{"a narrow terminal has one below the other", two, 60, "no room", []string{"us-east-1 payments Fn", "us-west-2 payments Fn"}},
		{"an ARN that is wider than a column stays whole", two, 80, "no access to arn:aws:kms:us-east-1:111111111111:key/0123456789",
			[]string{"us-east-1 payments Fn", "us-west-2 payments Fn", "access to arn:aws:kms:us-east-1:111111111111:key/0123456789"}},
		{"one Region has the whole width", two[:1], 80, "no room", []string{"us-east-1 payments Fn"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := Text(&out, failedIn(c.regions, c.reason), TextOptions{Width: c.width}); err != nil {
				t.Fatal(err)
			}
			_, causes, found := strings.Cut(out.String(), "FIRST CAUSE")
			if !found {
				t.Fatalf("no causes in:\n%s", out.String())
			}
			var lines []string
			for _, line := range strings.Split(causes, "\n") {
				lines = append(lines, strings.Join(strings.Fields(line), " "))
			}
			text := "\n" + strings.Join(lines, "\n")
			for _, head := range c.heads {
				if !strings.Contains(text, head) || strings.HasPrefix(head, "us-") && !strings.Contains(text, "\n"+head) {
					t.Errorf("no line %q in:\n%s", head, causes)
				}
			}
		})
	}
}

// TestNothingOfACauseIsLostInItsColumn puts the words of every column together again.
func TestNothingOfACauseIsLostInItsColumn(t *testing.T) {
	reason := `Resource handler returned message: "AWS::ElasticLoadBalancingV2::TargetGroup is not stable" (RequestToken: 4b6f4f0e-55f0-0d54-8c34-b2d7a9f1c0aa, HandlerErrorCode: NotStabilized)`
	lines, fit := columnLines("  ", reason, 38)
	if !fit {
		t.Fatal("it has no word that is to be copied, and should fit")
	}
	bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
	if got := bare(strings.Join(lines, "")); got != bare(reason) {
		t.Errorf("got  %s\nwant %s", got, bare(reason))
	}
	for _, line := range lines {
		if len(line) > 38 {
			t.Errorf("wider than its column: %q", line)
		}
	}
}
