package report

import "testing"

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
