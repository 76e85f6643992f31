package drift

import "testing"

func TestASettingBlocksWhereTheStandbyStopsWhatThePrimaryLetsThrough(t *testing.T) {
	mode := func(m string) any { return map[string]any{"InternetGatewayBlockMode": m} }
	images := func(criteria ...string) any { return map[string]any{"Enforced": true, "ImageCriteria": criteria} }
	free := map[string]any{"Enforced": false}
	const access, allowed = "ec2.VpcBlockPublicAccess", "ec2.AllowedImages"
	for name, test := range map[string]struct {
		subject     string
		here, there any
		want        Severity
	}{
		"cut off":                     {access, mode("off"), mode("block-bidirectional"), Block},
		"cut off from without":        {access, mode("off"), mode("block-ingress"), Block},
		"cut off both ways":           {access, mode("block-ingress"), mode("block-bidirectional"), Block},
		"a mode that nobody knows":    {access, mode("off"), mode("block-all"), Block},
		"only the primary is cut off": {access, mode("block-bidirectional"), mode("off"), Warn},
		"enforced there":              {allowed, free, images("a"), Block},
		"enforced here":               {allowed, images("a"), free, Warn},
		"others are allowed":          {allowed, images("a"), images("b"), Block},
		"more are allowed":            {allowed, images("a"), images("a", "b"), Warn},
		"fewer are allowed, from a file": {allowed, images("a", "b"),
			map[string]any{"Enforced": true, "ImageCriteria": []any{"a"}}, Block},
		"another setting": {"ecr.RegistryScanning", free, images("a"), Warn},
	} {
		if got := settingSeverity(test.subject, test.here, test.there); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
