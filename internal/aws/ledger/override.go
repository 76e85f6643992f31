package ledger

import (
	"context"
	"strings"

	"github.com/lockstep-dr/lockstep/deploy"
)

// overrideEntry is apart from what deploys read: the role of a gate may write it
// and nothing else here.
const overrideEntry = "break-glass"

// WriteOverrideActions lists the IAM actions that keeping an override needs, on
// OverrideParameters.
func WriteOverrideActions() []string { return []string{"ssm:GetParameters", "ssm:PutParameter"} }

// OverrideParameters are the parameters that keep overrides, as a resource of IAM.
const OverrideParameters = "arn:*:ssm:*:*:parameter/lockstep/*/" + overrideEntry

// Override keeps the decision of a person, after those before: SSM keeps the last
// hundred versions. The same decision, met again by a later run, is kept once.
func (l *Ledger) Override(ctx context.Context, o deploy.Override) error {
	o.Reason = shortened(o.Reason)
	values, err := l.get(ctx, l.name(overrideEntry))
	if err != nil {
		return err
	}
	last, err := decode[deploy.Override](l.Reader, values, overrideEntry)
	if err == nil && last != nil && last.Change == o.Change && last.By == o.By && last.At.Equal(o.At) && last.Reason == o.Reason && last.Commit == o.Commit {
		return nil
	}
	return l.write(ctx, overrideEntry, o, true) // what is damaged is kept, as an earlier version
}

// Overrides returns the decisions that were kept, newest first.
func (r *Reader) Overrides(ctx context.Context) ([]deploy.Override, error) {
	return history[deploy.Override](ctx, r, overrideEntry)
}

// longestText is how many bytes of a text from outside an entry keeps.
const longestText = 1000

func shortened(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), longestText)], "")
}
