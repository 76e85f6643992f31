package evidence

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/topology"
)

type usersAPI interface {
	GetUser(context.Context, *iam.GetUserInput, ...func(*iam.Options)) (*iam.GetUserOutput, error)
	GetLoginProfile(context.Context, *iam.GetLoginProfileInput, ...func(*iam.Options)) (*iam.GetLoginProfileOutput, error)
	ListAccessKeys(context.Context, *iam.ListAccessKeysInput, ...func(*iam.Options)) (*iam.ListAccessKeysOutput, error)
}

// breakGlass reads the user that the team keeps for the day on which nobody else
// can sign in, in the accounts that may have to take over.
func (a *across) breakGlass(ctx context.Context, api usersAPI) {
	name := a.app.Declared.Takeover.BreakGlass
	if name == "" || a.own.Region.Role == topology.Primary {
		return
	}
	exists, err := found(api.GetUser(ctx, &iam.GetUserInput{UserName: &name}))
	if err != nil {
		a.failed(drift.FactBreakGlass, name, "", err)
		return
	}
	password, active := false, 0
	if exists {
		if password, err = found(api.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &name})); err != nil {
			a.failed(drift.FactBreakGlass, name, "", err)
			return
		}
		keys, err := api.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &name})
		if err != nil {
			a.failed(drift.FactBreakGlass, name, "", err)
			return
		}
		for _, key := range keys.AccessKeyMetadata {
			if key.Status == types.StatusTypeActive {
				active++
			}
		}
	}
	a.fact(drift.FactBreakGlass, name, map[string]any{"Exists": exists, "Password": password, "ActiveAccessKeys": active})
}

// found tells "there is none" from a failure.
func found[T any](_ T, err error) (bool, error) {
	if err != nil && session.Classify(err).Reason == session.NotFound {
		return false, nil
	}
	return err == nil, err
}
