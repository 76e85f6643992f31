package drift

import "testing"

func TestABlockOfPublicAccessIsComparedByWhatItDoesToTheOwnNetworks(t *testing.T) {
	type excluded struct{ network, mode, state string }
	const both, out = "allow-bidirectional", "allow-egress"
	vpc := func(p testPlace) string { return p.vpc }
	// inStack has the VPC and two subnets of its own; outside names those of another stack.
	inStack := func(p testPlace) []Resource {
		list := []Resource{{Key: "s/Vpc", Type: "AWS::EC2::VPC", ID: vpc(p), Identities: map[string]string{"VpcId": vpc(p)}, Properties: props{}}}
		for _, zone := range []string{"a", "b"} {
			id := p.subnet(zone)
			list = append(list, Resource{Key: "s/Subnet" + zone, Type: "AWS::EC2::Subnet", ID: id, Identities: map[string]string{"SubnetId": id}, Properties: props{"VpcId": vpc(p)}})
		}
		return list
	}
	outside := func(p testPlace) []Resource {
		return []Resource{{Key: "s/Balancer", Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: "b", Properties: props{"Subnets": []any{p.subnet("a"), p.subnet("b")}}}}
	}
	wider := func(p testPlace) []Resource { // in a third zone of the primary
		list := outside(p)
		if p.region == east.region {
			list[0].Properties["Subnets"] = []any{p.subnet("a"), p.subnet("b"), p.subnet("c")}
		}
		return list
	}
	nothing := func(testPlace) []Resource {
		return []Resource{{Key: "s/Gateway", Type: "AWS::EC2::InternetGateway", ID: "igw-1", Properties: props{}}}
	}
	nowhere := func(testPlace) []Resource {
		return []Resource{{Key: "s/Fn", Type: "AWS::Lambda::Function", ID: "f", Properties: props{}}}
	}
	block := func(p testPlace, mode string, list []excluded) any {
		exclusions := []any{}
		for _, x := range list {
			one := props{"Mode": x.mode}
			switch x.network {
			case "vpc":
				one["Resource"], one["Subnets"] = vpc(p), []any{p.subnet("a"), p.subnet("b"), p.subnet("c")}
			case "other":
				one["Resource"] = "vpc-0123456789abcdef0"
			default:
				one["Resource"] = p.subnet(x.network)
			}
			if x.state != "" {
				one["State"] = x.state
			}
			exclusions = append(exclusions, one)
		}
		return props{"InternetGatewayBlockMode": mode, "Exclusions": exclusions}
	}
	type set struct {
		mode     string
		excluded []excluded
	}
	cut := func(list ...excluded) set { return set{"block-bidirectional", list} }
	off, ingress := set{mode: "off"}, set{mode: "block-ingress"}
	wholeVPC, subnetA, subnetB := excluded{"vpc", both, ""}, excluded{"a", both, ""}, excluded{"b", both, ""}
	for name, test := range map[string]struct {
		stack       func(testPlace) []Resource
		here, there set
		want        Severity // "": no finding
		gaps        int
	}{
		"cut off":                                       {inStack, off, cut(), Block, 0},
		"cut off from without":                          {inStack, off, ingress, Block, 0},
		"cut off both ways":                             {inStack, ingress, cut(), Block, 0},
		"a mode that nobody knows":                      {inStack, off, set{mode: "block-all"}, Block, 0},
		"only the primary is cut off":                   {inStack, cut(), off, Warn, 0},
		"both are cut off":                              {inStack, cut(), cut(), "", 0},
		"cut off, and the whole VPC left out both ways": {inStack, off, cut(wholeVPC), "", 0},
		"cut off, and the whole VPC left out one way":   {inStack, off, cut(excluded{"vpc", out, ""}), Block, 0},
		"egress alone, said by mode or by exclusion":    {inStack, ingress, cut(excluded{"vpc", out, ""}), "", 0},
		"subnets here, the VPC around them there":       {inStack, cut(subnetA, subnetB), cut(wholeVPC), "", 0},
		"the VPC here, its subnets there":               {inStack, cut(wholeVPC), cut(subnetA, subnetB), "", 0},
		"one subnet here, the VPC around it there":      {inStack, cut(subnetA), cut(wholeVPC), Warn, 0},
		"the VPC here, one subnet there":                {inStack, cut(wholeVPC), cut(subnetA), Block, 0},
		"another subnet of one's own":                   {inStack, cut(subnetA), cut(subnetB), Block, 0},
		"a subnet says less than its VPC":               {inStack, cut(wholeVPC), cut(wholeVPC, excluded{"a", out, ""}), Block, 0},
		"another application's":                         {inStack, cut(), cut(excluded{"other", both, ""}), "", 0},
		"another application's, on its way":             {inStack, cut(), cut(excluded{"other", both, "create-in-progress"}), "", 0},
		"its own, on its way":                           {inStack, cut(wholeVPC), cut(excluded{"vpc", both, "update-failed"}), "", 1},
		"both subnets of another stack, and one":        {outside, cut(subnetA, subnetB), cut(subnetA), Block, 0},
		"one subnet of another stack, and both":         {outside, cut(subnetA), cut(subnetA, subnetB), Warn, 0},
		"both subnets of another stack in both":         {outside, cut(subnetA, subnetB), cut(subnetA, subnetB), "", 0},
		"three subnets of another stack, and two":       {wider, cut(wholeVPC), cut(wholeVPC), "", 0},
		"three subnets, and one of two":                 {wider, cut(wholeVPC), cut(subnetA), Block, 0},
		"a gateway in no network that is known":         {nothing, off, cut(), Block, 0},
		"a function in no network":                      {nowhere, off, cut(), "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			snapshot := func(p testPlace, s set) *Snapshot {
				out := lonely(p, "AWS::EC2::VPC", nil)
				out.Resources = test.stack(p)
				out.Facts = []Fact{{Kind: FactSetting, Subject: PublicAccess, Value: block(p, s.mode, s.excluded)}}
				return out
			}
			result := Compare(snapshot(east, test.here), snapshot(west, test.there), options)
			var found Severity
			for _, f := range result.Findings {
				if f.Resource == "account/"+PublicAccess {
					found = f.Severity
				}
			}
			gaps := 0
			for _, g := range result.Gaps {
				if g.Resource == PublicAccess && g.Fact == FactSetting {
					gaps++
				}
			}
			if found != test.want || gaps != test.gaps {
				t.Errorf("severity %q, want %q; %d gaps, want %d:%s", found, test.want, gaps, test.gaps, show(result.Findings))
			}
		})
	}
}
