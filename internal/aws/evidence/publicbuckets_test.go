package evidence

import (
	"context"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// fakeAccount answers for every bucket of an account.
type fakeAccount struct {
	asked *[]string
	block *types.PublicAccessBlockConfiguration
	err   error
}

func (f fakeAccount) GetPublicAccessBlock(_ context.Context, in *s3control.GetPublicAccessBlockInput, _ ...func(*s3control.Options)) (*s3control.GetPublicAccessBlockOutput, error) {
	*f.asked = append(*f.asked, aws.ToString(in.AccountId))
	return &s3control.GetPublicAccessBlockOutput{PublicAccessBlockConfiguration: f.block}, f.err
}

func TestAnAccountIsAskedAboutItsBucketsWhereThatDecides(t *testing.T) {
	closed := map[string]any{"PublicAccessBlockConfiguration": map[string]any{"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true}}
	region := func(account string, properties map[string]any) *drift.Snapshot {
		return &drift.Snapshot{Account: account, Resources: []drift.Resource{{Key: "app/Data", Type: bucketType, Properties: properties}}}
	}
	everything := map[string]any{"BlockPublicAcls": true, "BlockPublicPolicy": false, "IgnorePublicAcls": false, "RestrictPublicBuckets": false}
	tests := map[string]struct {
		own, other *drift.Snapshot
		block      *types.PublicAccessBlockConfiguration
		err        error
		want       any
		calls      int
		reason     string
	}{
		"one account":                        {own: region("1", nil), other: region("1", nil)},
		"the other account is not known":     {own: region("1", nil), other: region("", nil), block: &types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true)}, want: everything, calls: 1},
		"the own account is not known":       {own: region("", nil), other: region("1", nil), reason: session.BadResponse},
		"neither is known, and it is no use": {own: region("", closed), other: region("", closed)},
		"every bucket says it all by itself": {own: region("1", closed), other: region("2", closed)},
		"a bucket leaves it to its account": {own: region("1", closed), other: region("2", nil), block: &types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true)},
			want: everything, calls: 1},
		"nobody has set it":   {own: region("1", nil), other: region("2", nil), err: refused("S3 Control", "GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"), want: map[string]any{}, calls: 1},
		"it may not be asked": {own: region("1", nil), other: region("2", nil), err: refused("S3 Control", "GetPublicAccessBlock", "AccessDenied"), calls: 1, reason: session.AccessDenied},
		"no answer":           {own: region("1", nil), other: region("2", nil), calls: 1, reason: session.BadResponse},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var asked []string
			a := across{own: test.own, app: Application{Snapshots: []*drift.Snapshot{test.own, test.other}}}
			a.publicBuckets(t.Context(), fakeAccount{&asked, test.block, test.err})
			value, _ := a.found.fact(drift.FactSetting, drift.PublicBuckets)
			if !reflect.DeepEqual(value, test.want) || len(asked) != test.calls {
				t.Errorf("value %v after asking %v, want %v", value, asked, test.want)
			}
			if gaps := a.found.Gaps; (len(gaps) == 1) != (test.reason != "") || test.reason != "" && (gaps[0].Reason != test.reason || gaps[0].Operation != "s3:GetAccountPublicAccessBlock") {
				t.Errorf("gaps %+v", gaps)
			}
		})
	}
}
