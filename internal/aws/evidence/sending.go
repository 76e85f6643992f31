package evidence

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/lockstep-dr/lockstep/drift"
)

type sendingAPI interface {
	GetAccount(context.Context, *sesv2.GetAccountInput, ...func(*sesv2.Options)) (*sesv2.GetAccountOutput, error)
	GetEmailIdentity(context.Context, *sesv2.GetEmailIdentityInput, ...func(*sesv2.Options)) (*sesv2.GetEmailIdentityOutput, error)
}

const (
	emailPrefix       = "AWS::SES::"
	emailIdentityType = "AWS::SES::EmailIdentity"
)

func sendingActions(types []string) []string {
	isEmail := func(t string) bool { return strings.HasPrefix(t, emailPrefix) }
	if slices.ContainsFunc(types, isEmail) {
		return []string{"ses:GetAccount", "ses:GetEmailIdentity"}
	}
	return nil
}

// sending reads, in every Region of an application that sends email, whether its
// account may send there at all and as whom.
func (a *across) sending(ctx context.Context, api sendingAPI) {
	sends := func(s *drift.Snapshot) bool {
		return slices.ContainsFunc(s.Resources, func(r drift.Resource) bool { return strings.HasPrefix(r.Type, emailPrefix) })
	}
	if !slices.ContainsFunc(a.app.Snapshots, sends) {
		return
	}
	if out, err := api.GetAccount(ctx, &sesv2.GetAccountInput{}); err != nil {
		a.failed(drift.FactSendingAccount, "", "", err)
	} else {
		a.fact(drift.FactSendingAccount, "", map[string]any{"ProductionAccessEnabled": out.ProductionAccessEnabled, "SendingEnabled": out.SendingEnabled,
			"EnforcementStatus": aws.ToString(out.EnforcementStatus)})
	}
	for _, r := range of(a.own, emailIdentityType) {
		out, err := api.GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: &r.ID})
		if err != nil {
			a.failed(drift.FactSendingIdentity, r.Key, r.Type, err)
			continue
		}
		a.fact(drift.FactSendingIdentity, r.Key, map[string]any{"VerifiedForSendingStatus": out.VerifiedForSendingStatus,
			"VerificationStatus": string(out.VerificationStatus)})
	}
}
