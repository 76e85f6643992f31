package evidence

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type keysAPI interface {
	DescribeKey(context.Context, *kms.DescribeKeyInput, ...func(*kms.Options)) (*kms.DescribeKeyOutput, error)
}

// keys reads the state of the keys that recovery points are encrypted with. A key
// of another Region is not asked for: it is of no use in this one.
func (a *across) keys(ctx context.Context, api keysAPI, keys []string) {
	for _, key := range keys {
		if strings.HasPrefix(key, "arn:") && regionOf(key) != a.region {
			continue
		}
		a.key(ctx, api, key)
	}
}

func (a *across) key(ctx context.Context, api keysAPI, key string) {
	out, err := api.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &key})
	switch {
	case err != nil && session.Classify(err).Reason == session.NotFound:
		a.fact(drift.FactRecoveryKey, key, map[string]any{"Exists": false, "KeyState": "", "DeletionDate": nil})
	case err != nil:
		a.failed(drift.FactRecoveryKey, key, "", err)
	case out.KeyMetadata == nil:
		a.gap(drift.Gap{Resource: key, Operation: "kms:DescribeKey", Reason: session.BadResponse, Fact: drift.FactRecoveryKey, Message: "the answer has no key"})
	default:
		a.fact(drift.FactRecoveryKey, key, map[string]any{"Exists": true, "KeyState": string(out.KeyMetadata.KeyState), "DeletionDate": instant(out.KeyMetadata.DeletionDate)})
	}
}
