package drift

import "testing"

func TestASwitchIsOneFindingAndItsCompanionNone(t *testing.T) {
	for _, test := range []struct {
		name, typeName   string
		primary, standby props
		property         string
	}{
		{"recovery switched off in the standby", "AWS::DynamoDB::Table",
			props{"PointInTimeRecoverySpecification": props{"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 35.0}},
			props{"PointInTimeRecoverySpecification": props{"PointInTimeRecoveryEnabled": false}},
			"PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"},
		{"rotation switched off in the primary", "AWS::KMS::Key",
			props{"EnableKeyRotation": false}, props{"EnableKeyRotation": true, "RotationPeriodInDays": 365.0}, "EnableKeyRotation"},
		{"another period with the switch on in both", "AWS::KMS::Key",
			props{"EnableKeyRotation": true, "RotationPeriodInDays": 90.0}, props{"EnableKeyRotation": true, "RotationPeriodInDays": 365.0}, "RotationPeriodInDays"},
		{"no period with the switch on in both", "AWS::KMS::Key",
			props{"EnableKeyRotation": true, "RotationPeriodInDays": 90.0}, props{"EnableKeyRotation": true}, "RotationPeriodInDays"},
	} {
		c := Compare(lonely(east, test.typeName, test.primary), lonely(west, test.typeName, test.standby), options)
		if len(c.Findings) != 1 || c.Findings[0].Property != test.property {
			t.Errorf("%s: want %s alone, have:%s", test.name, test.property, show(c.Findings))
		}
	}
}
