package drift

import "testing"

func TestAnAccountBlocksOnlyWhereItKeepsThePublicFromABucketThatLetsItIn(t *testing.T) {
	statement := func(principal, condition any) any {
		s := props{"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "*"}
		if condition != nil {
			s["Condition"] = condition
		}
		return props{"Statement": []any{s}}
	}
	all := props{"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true}
	lists := props{"BlockPublicAcls": true, "IgnorePublicAcls": true}
	only := func(operator, key string) any { return props{operator: props{key: "x"}} }
	for name, c := range map[string]struct {
		access, policy, own any
		account             props
		want                Severity
	}{
		"a private bucket":                                    {"Private", nil, nil, all, Warn},
		"a bucket that takes logs":                            {"LogDeliveryWrite", nil, nil, all, Warn},
		"everybody reads by the list":                         {"PublicRead", nil, nil, all, Block},
		"who has an account of AWS reads":                     {"AuthenticatedRead", nil, nil, all, Block},
		"everybody writes by a grant":                         {[]any{"AllUsers WRITE", "owner FULL_CONTROL"}, nil, nil, all, Block},
		"everybody reads by the list, which is shut itself":   {"PublicRead", nil, lists, all, Warn},
		"everybody reads by the policy":                       {"Private", statement("*", nil), nil, all, Block},
		"everybody reads by the policy, said otherwise":       {"Private", statement(props{"AWS": []any{"*"}}, nil), nil, all, Block},
		"everybody reads by the policy, lists alone are shut": {"Private", statement("*", nil), nil, lists, Warn},
		"everybody of one organisation":                       {"Private", statement("*", only("StringEquals", "aws:PrincipalOrgID")), nil, all, Warn},
		"everybody but one organisation":                      {"Private", statement("*", only("StringNotEquals", "aws:PrincipalOrgID")), nil, all, Block},
		"everybody over an encrypted connection":              {"Private", statement("*", only("Bool", "aws:SecureTransport")), nil, all, Block},
		"one account":                                         {"Private", statement(props{"AWS": "333333333333"}, nil), nil, all, Warn},
	} {
		t.Run(name, func(t *testing.T) {
			region := func(p testPlace, account any) *Snapshot {
				s := lonely(p, "AWS::S3::Bucket", props{"AccessControl": c.access, "PublicAccessBlockConfiguration": c.own})
				if c.policy != nil {
					s.Resources = append(s.Resources, Resource{Key: "s/Policy", Type: "AWS::S3::BucketPolicy", ID: "p", Properties: props{"Bucket": p.generated("R"), "PolicyDocument": c.policy}})
				}
				s.Facts = []Fact{{Kind: FactSetting, Subject: PublicBuckets, Value: account}}
				return s
			}
			var have Severity
			for _, f := range Compare(region(east, props{}), region(west, c.account), options).Findings {
				if f.Resource == "account/"+PublicBuckets {
					have = f.Severity
				}
			}
			if have != c.want {
				t.Errorf("severity %q, want %q", have, c.want)
			}
		})
	}
}
