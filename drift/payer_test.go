package drift

import "testing"

func TestABucketWhoseReadersPayInTheStandbyAloneBlocks(t *testing.T) {
	for name, c := range map[string]struct {
		primary, standby any
		want             Severity
	}{
		"readers pay in the standby":              {"BucketOwner", "Requester", Block},
		"readers pay in the primary":              {"Requester", "BucketOwner", Warn},
		"readers pay in the standby, from a plan": {nil, "Requester", Block},
		"readers pay in both":                     {"Requester", "Requester", ""},
		"the owner pays in both":                  {"BucketOwner", "BucketOwner", ""},
	} {
		t.Run(name, func(t *testing.T) {
			bucket := func(p testPlace, payer any) *Snapshot {
				properties := props{}
				if payer != nil {
					properties["RequestPayment"] = payer
				}
				s := lonely(p, "AWS::S3::Bucket", properties)
				s.Resources[0].Declared = props{}
				return s
			}
			var have Severity
			for _, f := range Compare(bucket(east, c.primary), bucket(west, c.standby), options).Findings {
				have = f.Severity
			}
			if have != c.want {
				t.Errorf("severity %q, want %q", have, c.want)
			}
		})
	}
}
