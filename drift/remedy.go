package drift

import "fmt"

// remedies say what to do about a gap that no permission would close, by its
// reason; %s is the Region. The reasons are those that reading gives.
var remedies = map[string]string{
	"Unreachable": "The endpoint of %s does not answer: check the network, AWS_ENDPOINT_URL and the AWS Health Dashboard.",
	"Stale":       "Take the snapshot of %s again with `lockstep snapshot`.",
	notEvaluated: "Mend what could not be evaluated for %s, where its reason is a mistake of the change; what only a deploy can tell, " +
		"judge with `lockstep gate` once it is made.",
	inProgress: "Wait until the stacks of %s have settled (`lockstep status` says what a deploy left), then run the command again.",
}

// notEvaluated is the reason of a gap of a prediction: no call failed.
const notEvaluated = "NotEvaluated"

// Unevaluated reports whether a prediction could not tell, and nothing was refused.
func (g Gap) Unevaluated() bool { return g.Reason == notEvaluated }

// Moved reports whether what was read was being changed at the same time.
func (g Gap) Moved() bool { return g.Reason == inProgress }

// Remedy is what to do about a gap that no permission would close: a sentence
// with `commands` between backticks. It is empty where its operation has to
// succeed.
func (g Gap) Remedy() string {
	if text := remedies[g.Reason]; text != "" {
		return fmt.Sprintf(text, g.Region)
	}
	return ""
}
