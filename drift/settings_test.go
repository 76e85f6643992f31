package drift

import "testing"

func TestASettingBlocksWhereTheStandbyStopsWhatThePrimaryLetsThrough(t *testing.T) {
	images := func(criteria ...string) any { return map[string]any{"Enforced": true, "ImageCriteria": criteria} }
	free := map[string]any{"Enforced": false}
	const allowed = "ec2.AllowedImages"
	for name, test := range map[string]struct {
		subject     string
		here, there any
		want        Severity
	}{
		"enforced there":     {allowed, free, images("a"), Block},
		"enforced here":      {allowed, images("a"), free, Warn},
		"others are allowed": {allowed, images("a"), images("b"), Block},
		"more are allowed":   {allowed, images("a"), images("a", "b"), Warn},
		"fewer are allowed, from a file": {allowed, images("a", "b"),
			map[string]any{"Enforced": true, "ImageCriteria": []any{"a"}}, Block},
		"the standby's account keeps out more": {PublicBuckets, map[string]any{}, map[string]any{"BlockPublicPolicy": true}, Block},
		"the primary's account keeps out more": {PublicBuckets, map[string]any{"BlockPublicPolicy": true}, map[string]any{"BlockPublicPolicy": false}, Warn},
		"another setting":                      {"ecr.RegistryScanning", free, images("a"), Warn},
	} {
		if got := settingSeverity(test.subject, test.here, test.there); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
