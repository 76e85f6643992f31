package drift

import "testing"

func TestReplicationThatWasRemovedByHandIsReported(t *testing.T) {
	to := func(bucket string) props {
		return props{"ReplicationConfiguration": props{"Rules": []any{props{"Id": "all", "Destination": props{"Bucket": "arn:aws:s3:::" + bucket}}}}}
	}
	for _, test := range []struct {
		name                             string
		primary, standby                 props
		declaredPrimary, declaredStandby props
		severity                         Severity
	}{
		{"both replicate to one another", to("west"), to("east"), to("west"), to("east"), ""},
		{"one way by design", to("west"), props{}, to("west"), props{}, ""},
		{"the standby's way back was removed", to("west"), props{}, to("west"), to("east"), Warn},
		{"the primary sends no more", props{}, to("east"), to("west"), to("east"), Block},
	} {
		left, right := lonely(east, "AWS::S3::Bucket", test.primary), lonely(west, "AWS::S3::Bucket", test.standby)
		left.Resources[0].Declared, right.Resources[0].Declared = test.declaredPrimary, test.declaredStandby
		c := Compare(left, right, options)
		if got := len(c.Findings); got != 0 && test.severity == "" || test.severity != "" && (got != 1 || c.Findings[0].Severity != test.severity || c.Findings[0].Cause != OutOfBand) {
			t.Errorf("%s: want %q, have%s", test.name, test.severity, show(c.Findings))
		}
	}
}
