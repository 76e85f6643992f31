package report

import (
	"testing"

	"github.com/lockstep-dr/lockstep/deploy"
)

func TestASentenceLeavesANameAsItIs(t *testing.T) {
	for text, want := range map[string]string{
		"payments: its last update failed":    "payments: its last update failed.",
		"the log group payments-old was kept": "The log group payments-old was kept.",
		"wait":                                "Wait.",
		"":                                    "",
	} {
		if got := sentence(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := opened("us-east-1 has no recorded release"); got != "us-east-1 has no recorded release" {
		t.Errorf("a Region became %q", got)
	}
}

func TestARecoverDoesNotSayThatTheReleaseFailed(t *testing.T) {
	d := &deploy.Result{Release: deploy.Release{ID: "r-1"}, Outcome: deploy.RolledBack, Reason: "the unfinished deploy was taken back",
		Regions: []deploy.RegionResult{{Region: "us-east-1"}, {Region: "us-west-2"}}}
	want := "Rolled back: r-1 did not end; us-east-1 and us-west-2 run what ran before. The unfinished deploy was taken back."
	if got := Headline(Report{Command: "recover", Deploy: d}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
