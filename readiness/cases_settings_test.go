package readiness

import (
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

const (
	blockOfVPCs = "ec2.VpcBlockPublicAccess"
	scans       = "ecr.RegistryScanning"
)

// both gives both Regions a gateway and a setting.
func both(subject string, value any, bend func(*world)) func(*world) {
	return func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			s.Resources = append(s.Resources, drift.Resource{Key: "app/Gateway", Type: "AWS::EC2::InternetGateway", ID: "igw-1", Properties: object{}})
			w.fact(s, drift.FactSetting, subject, value)
		}
		bend(w)
	}
}

func settingDiffers(subject string, severity drift.Severity) func(*world) {
	return func(w *world) {
		w.find(drift.Finding{Resource: "account/" + subject, Type: "AWS::Account::Setting", Property: "Value", Region: west, Severity: severity, Cause: drift.Unknown,
			Message: subject + " differs"})
	}
}

func settingDenied(subject, action string) func(*world) {
	return func(w *world) {
		w.west.Facts = slicesWithout(w.west.Facts, subject)
		w.gap(drift.Gap{Region: west, Resource: subject, Operation: action, Reason: "AccessDenied", Fact: drift.FactSetting})
	}
}

func slicesWithout(facts []drift.Fact, subject string) (kept []drift.Fact) {
	for _, f := range facts {
		if f.Subject != subject {
			kept = append(kept, f)
		}
	}
	return kept
}

var off = object{"InternetGatewayBlockMode": "off"}

var settingCases = []ruleCase{
	{"NET-08", "the standby's VPCs are cut off", both(blockOfVPCs, off, settingDiffers(blockOfVPCs, drift.Block)), blocks(blockOfVPCs + " differs")},
	{"NET-08", "another scan of images", both(scans, object{}, settingDiffers(scans, drift.Warn)), warns(scans + " differs")},
	{"NET-08", "set alike", both(blockOfVPCs, off, nothing), passes()},
	{"NET-08", "the block could not be read", both(blockOfVPCs, off, settingDenied(blockOfVPCs, "ec2:DescribeVpcBlockPublicAccessOptions")),
		unknown("ec2:DescribeVpcBlockPublicAccessOptions")},
	{"NET-08", "the scan could not be read", both(scans, object{}, settingDenied(scans, "ecr:GetRegistryScanningConfiguration")),
		quietly("ecr:GetRegistryScanningConfiguration")},
	{"NET-08", "the standby was not asked although it has a gateway", both(blockOfVPCs, off, func(w *world) {
		w.west.Facts = slicesWithout(w.west.Facts, blockOfVPCs)
	}), want{status: Undetermined, severity: drift.Block, verdict: Unknown, missing: "ec2:DescribeVpcBlockPublicAccessOptions",
		says: blockOfVPCs + " (account.Setting) could not be read in us-west-2"}},
	{"NET-08", "the standby's account was not asked what it keeps out of a bucket", both(scans, object{}, func(w *world) { w.bucketsIn("111111111111", "222222222222") }),
		want{status: Undetermined, severity: drift.Block, verdict: Unknown, missing: "s3:GetAccountPublicAccessBlock"}},
	{"NET-08", "buckets in one account", both(scans, object{}, func(w *world) { w.bucketsIn("111111111111", "111111111111") }), passes()},
	{"NET-08", "no setting was asked for", both(blockOfVPCs, off, func(w *world) {
		w.forget(&w.east, drift.FactSetting)
		w.forget(&w.west, drift.FactSetting)
	}), want{status: NotApplicable, verdict: Ready}},
}

// bucketsIn puts each Region into an account that was not asked, with a bucket that leaves everything to it.
func (w *world) bucketsIn(east, west string) {
	w.east.Account, w.west.Account = east, west
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		s.Facts = slicesWithout(s.Facts, drift.PublicBuckets)
		s.Resources = append(s.Resources, drift.Resource{Key: "app/Open", Type: "AWS::S3::Bucket", ID: "open", Properties: object{}})
	}
}

func TestEverySettingHasAnActionThatTellsIt(t *testing.T) {
	actions := settingActions()
	for _, s := range drift.AccountSettings() {
		if actions[s.Subject] == "" {
			t.Errorf("%s has none", s.Subject)
		}
	}
	if len(actions) != len(drift.AccountSettings()) {
		t.Errorf("actions of %d settings, and there are %d", len(actions), len(drift.AccountSettings()))
	}
}
