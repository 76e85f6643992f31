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
		{"a table that pays per request in the standby", "AWS::DynamoDB::Table",
			props{"BillingMode": "PROVISIONED", "ProvisionedThroughput": props{"ReadCapacityUnits": 5.0, "WriteCapacityUnits": 5.0}},
			props{"BillingMode": "PAY_PER_REQUEST"}, "BillingMode"},
		{"capacity that is not known with one way to pay", "AWS::DynamoDB::Table",
			props{"BillingMode": "PROVISIONED", "ProvisionedThroughput": props{"ReadCapacityUnits": 5.0, "WriteCapacityUnits": 5.0}},
			props{"BillingMode": "PROVISIONED"}, "ProvisionedThroughput"},
		{"an index that the standby lacks, and the attribute of its key", "AWS::DynamoDB::Table",
			props{"AttributeDefinitions": []any{props{"AttributeName": "id", "AttributeType": "S"}, props{"AttributeName": "at", "AttributeType": "N"}},
				"GlobalSecondaryIndexes": []any{props{"IndexName": "by-at", "KeySchema": []any{props{"AttributeName": "at", "KeyType": "HASH"}}}}},
			props{"AttributeDefinitions": []any{props{"AttributeName": "id", "AttributeType": "S"}}}, "GlobalSecondaryIndexes"},
		{"an attribute of another type", "AWS::DynamoDB::Table",
			props{"AttributeDefinitions": []any{props{"AttributeName": "id", "AttributeType": "S"}}},
			props{"AttributeDefinitions": []any{props{"AttributeName": "id", "AttributeType": "N"}}}, "AttributeDefinitions[id].AttributeType"},
		{"a key that is disabled and so not rotated", "AWS::KMS::Key",
			props{"Enabled": true, "EnableKeyRotation": true}, props{"Enabled": false}, "Enabled"},
		{"settings of methods in another order", "AWS::ApiGateway::Stage",
			props{"MethodSettings": []any{props{"ResourcePath": "/a", "HttpMethod": "GET", "CachingEnabled": true}, props{"ResourcePath": "/a", "HttpMethod": "PUT"}}},
			props{"MethodSettings": []any{props{"ResourcePath": "/a", "HttpMethod": "PUT"}, props{"ResourcePath": "/a", "HttpMethod": "GET", "CachingEnabled": false}}},
			"MethodSettings[/a GET].CachingEnabled"},
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
