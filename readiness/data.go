package readiness

import "github.com/lockstep-dr/lockstep/drift"

// tableTypes are the two ways CloudFormation makes a DynamoDB table.
var tableTypes = []string{"AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"}

func dataRules() []Rule {
	return parityRules(
		parity{
			id: "DAT-08", severity: drift.Block, noun: "table", holds: "the same keys, indexes, streams, encryption and expiry",
			title:  "DynamoDB tables have the same keys, indexes, streams, encryption and expiry, and enough capacity",
			why:    "A query on an index that the standby's table lacks fails, and a table with less capacity throttles the first real load.",
			source: "ARC readiness rules for DynamoDB tables",
			fix:    "Deploy the same table definition to the standby. A missing index takes as long to build as the table is large: build it now.",
			types:  tableTypes, least: drift.Warn,
			properties: []string{"KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "StreamSpecification",
				"SSESpecification", "TimeToLiveSpecification", "BillingMode", "ProvisionedThroughput", "WriteProvisionedThroughputSettings",
				"OnDemandThroughput", "TableClass", "KinesisStreamSpecification"},
			actions: []string{"dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"}, strategies: softInBackup,
		},
	)
}
