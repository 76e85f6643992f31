package drift

import "testing"

func TestASettingBlocksWhereTheStandbyStopsWhatThePrimaryLetsThrough(t *testing.T) {
	mode := func(m string) any { return map[string]any{"InternetGatewayBlockMode": m} }
	but := func(m string, exclusions ...any) any {
		return map[string]any{"InternetGatewayBlockMode": m, "Exclusions": exclusions}
	}
	images := func(criteria ...string) any { return map[string]any{"Enforced": true, "ImageCriteria": criteria} }
	free := map[string]any{"Enforced": false}
	const access, allowed = "ec2.VpcBlockPublicAccess", "ec2.AllowedImages"
	for name, test := range map[string]struct {
		subject     string
		here, there any
		want        Severity
	}{
		"cut off":                                 {access, mode("off"), mode("block-bidirectional"), Block},
		"cut off from without":                    {access, mode("off"), mode("block-ingress"), Block},
		"cut off both ways":                       {access, mode("block-ingress"), mode("block-bidirectional"), Block},
		"a mode that nobody knows":                {access, mode("off"), mode("block-all"), Block},
		"only the primary is cut off":             {access, mode("block-bidirectional"), mode("off"), Warn},
		"both are cut off":                        {access, but("block-ingress"), but("block-ingress"), Warn},
		"the primary's network alone is left out": {access, but("block-ingress", "allow-egress a"), but("block-ingress"), Block},
		"the standby's network alone is left out": {access, but("block-ingress"), but("block-ingress", "allow-egress a"), Warn},
		"left out on its way out only":            {access, but("block-bidirectional", "allow-bidirectional a"), but("block-bidirectional", "allow-egress a"), Block},
		"left out both ways":                      {access, but("block-bidirectional", "allow-egress a"), but("block-bidirectional", "allow-bidirectional a"), Warn},
		"less is cut off and less left out":       {access, but("block-bidirectional", "allow-egress a"), but("block-ingress"), Block},
		"nothing is cut off":                      {access, but("block-bidirectional", "allow-egress a"), mode("off"), Warn},
		"enforced there":                          {allowed, free, images("a"), Block},
		"enforced here":                           {allowed, images("a"), free, Warn},
		"others are allowed":                      {allowed, images("a"), images("b"), Block},
		"more are allowed":                        {allowed, images("a"), images("a", "b"), Warn},
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
