package evidence

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type accountBucketsAPI interface {
	GetPublicAccessBlock(context.Context, *s3control.GetPublicAccessBlockInput, ...func(*s3control.Options)) (*s3control.GetPublicAccessBlockOutput, error)
}

func publicBucketActions(types []string) []string {
	if slices.Contains(types, bucketType) || slices.Contains(types, "AWS::S3::AccessPoint") {
		return []string{"s3:GetAccountPublicAccessBlock"}
	}
	return nil
}

// publicBuckets reads what the Region's account keeps out of all its buckets, where
// that can make a difference to another Region. Every Region is asked by its own
// endpoint, although an account has one answer: the other may be out of service.
func (a *across) publicBuckets(ctx context.Context, api accountBucketsAPI) {
	if !slices.ContainsFunc(a.app.Snapshots, func(s *drift.Snapshot) bool { return drift.AccountsDecide(a.own, s) }) {
		return
	}
	if a.own.Account == "" {
		a.gap(drift.Gap{Resource: drift.PublicBuckets, Fact: drift.FactSetting, Operation: "s3:GetAccountPublicAccessBlock", Reason: session.BadResponse, Message: "the Region's account is not known"})
		return
	}
	out, err := api.GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: &a.own.Account})
	var none smithy.APIError
	switch {
	case errors.As(err, &none) && none.ErrorCode() == "NoSuchPublicAccessBlockConfiguration":
		a.fact(drift.FactSetting, drift.PublicBuckets, map[string]any{}) // nobody has set it: it keeps nothing out
	case err != nil:
		a.failed(drift.FactSetting, drift.PublicBuckets, "", err)
	case out.PublicAccessBlockConfiguration == nil:
		a.gap(drift.Gap{Resource: drift.PublicBuckets, Fact: drift.FactSetting, Operation: "s3:GetAccountPublicAccessBlock", Reason: session.BadResponse, Message: "the answer has no configuration"})
	default:
		c := out.PublicAccessBlockConfiguration
		a.fact(drift.FactSetting, drift.PublicBuckets, map[string]any{"BlockPublicAcls": aws.ToBool(c.BlockPublicAcls), "BlockPublicPolicy": aws.ToBool(c.BlockPublicPolicy),
			"IgnorePublicAcls": aws.ToBool(c.IgnorePublicAcls), "RestrictPublicBuckets": aws.ToBool(c.RestrictPublicBuckets)})
	}
}
