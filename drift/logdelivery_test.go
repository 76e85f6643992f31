package drift

import "testing"

func TestAPermissionThatAWSWroteForItsLogsIsNoDifference(t *testing.T) {
	statement := func(sid, service string) any {
		return props{"Sid": sid, "Effect": "Allow", "Principal": props{"Service": service}, "Action": "s3:PutObject", "Resource": "*"}
	}
	own := props{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
	delivery := statement("AWSLogDeliveryWrite", "delivery.logs.amazonaws.com")
	changed := func(name string, to any) any {
		s := props{}
		for k, v := range delivery.(props) {
			s[k] = v
		}
		s[name] = to
		return s
	}
	policy := func(p testPlace, declared []any, statements ...any) *Snapshot {
		s := lonely(p, "AWS::S3::BucketPolicy", props{"PolicyDocument": props{"Version": "2012-10-17", "Statement": statements}})
		s.Resources[0].Declared = props{"PolicyDocument": props{"Version": "2012-10-17", "Statement": declared}}
		return s
	}
	for name, c := range map[string]struct {
		declared, primary, standby []any
		differs                    bool
	}{
		"AWS added it in the primary":             {list(own), list(own, delivery), list(own), false},
		"AWS added it in the standby":             {list(own), list(own), list(own, delivery), false},
		"it is declared, and gone in the standby": {list(own, delivery), list(own, delivery), list(own), true},
		"of that label, for somebody else":        {list(own), list(own), list(own, statement("AWSLogDeliveryWrite", "ec2.amazonaws.com")), true},
		"of that service, under another label":    {list(own), list(own), list(own, statement("Mine", "delivery.logs.amazonaws.com")), true},
		"of that label, that denies":              {list(own), list(own), list(own, changed("Effect", "Deny")), true},
		"of that label, that lets anybody in too": {list(own), list(own), list(own, changed("Principal", props{"Service": "delivery.logs.amazonaws.com", "AWS": "*"})), true},
		"of that label, that allows more":         {list(own), list(own), list(own, changed("Action", []any{"s3:PutObject", "s3:*"})), true},
	} {
		t.Run(name, func(t *testing.T) {
			found := Compare(policy(east, c.declared, c.primary...), policy(oneAccount(), c.declared, c.standby...), options).Findings
			if (len(found) > 0) != c.differs {
				t.Errorf("differs: want %v, have:%s", c.differs, show(found))
			}
		})
	}
}

func TestAGrantThatCloudFrontWroteForItsLogsIsNoDifference(t *testing.T) {
	logs := CloudFrontLogs
	for name, c := range map[string]struct {
		primary, standby any
		differs          bool
	}{
		"beside a private list of the primary":      {list(logs, "Private"), "Private", false},
		"beside a private list of the standby":      {"Private", list("Private", logs), false},
		"beside other grants":                       {list(logs, "owner FULL_CONTROL", "them READ"), list("owner FULL_CONTROL", "them READ"), false},
		"in both":                                   {list(logs, "Private"), list("Private", logs), false},
		"and the other lets everybody read":         {list(logs, "Private"), "PublicRead", true},
		"beside a list that lets everybody read":    {list(logs, "PublicRead"), "Private", true},
		"a lesser grant, that a person wrote":       {list("CloudFrontLogs READ", "Private"), "Private", true},
		"everything to somebody else":               {list("them FULL_CONTROL", "owner FULL_CONTROL"), "Private", true},
		"beside other grants, and one more differs": {list(logs, "owner FULL_CONTROL", "them READ"), list("owner FULL_CONTROL", "them WRITE"), true},
	} {
		t.Run(name, func(t *testing.T) {
			bucket := func(p testPlace, access any) *Snapshot {
				s := lonely(p, "AWS::S3::Bucket", props{"AccessControl": access})
				s.Resources[0].Declared = props{}
				return s
			}
			found := Compare(bucket(east, c.primary), bucket(west, c.standby), options).Findings
			if (len(found) > 0) != c.differs {
				t.Errorf("differs: want %v, have:%s", c.differs, show(found))
			}
		})
	}
}
