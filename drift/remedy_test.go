package drift

import "testing"

func TestWhatNoPermissionMendsHasAnotherRemedy(t *testing.T) {
	for reason, want := range map[string]string{
		"Unreachable":  "The endpoint of us-west-2 does not answer: check the network, AWS_ENDPOINT_URL and the AWS Health Dashboard.",
		"InProgress":   "Wait until the stacks of us-west-2 have settled (`lockstep status` says what a deploy left), then run the command again.",
		"Stale":        "Take the snapshot of us-west-2 again with `lockstep snapshot`.",
		"NotEvaluated": "Mend what could not be evaluated for us-west-2, where its reason is a mistake of the change; what only a deploy can tell, judge with `lockstep gate` once it is made.",
		"AccessDenied": "",
		"":             "",
	} {
		if have := (Gap{Region: west.region, Reason: reason}).Remedy(); have != want {
			t.Errorf("%s: %q, want %q", reason, have, want)
		}
	}
}
