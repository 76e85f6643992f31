package drift

// watchRules: what tells people. Degraded sight is not a failed takeover.
var watchRules = []Rule{
	{Type: "AWS::Logs::LogGroup", Property: "", Relation: Equal, Severity: Info},
	{Type: "AWS::Logs::LogGroup", Property: "KmsKeyId", Relation: Equal, Severity: Warn},
	{Type: "AWS::Logs::MetricFilter", Property: "", Relation: Equal, Severity: Warn},
	{Type: "AWS::Logs::SubscriptionFilter", Property: "", Relation: Equal, Severity: Warn},
	{Type: "AWS::Logs::SubscriptionFilter", Property: "DestinationArn", Relation: Equal, Severity: Warn},
	{Type: "AWS::Logs::ResourcePolicy", Property: "", Relation: Equal, Severity: Warn},
	{Type: "AWS::Logs::QueryDefinition", Property: "", Relation: Equal, Severity: Info},

	{Type: "AWS::CloudWatch::Alarm", Property: "", Relation: Equal, Severity: Warn},
	{Type: "AWS::CloudWatch::Alarm", Property: "ActionsEnabled", Relation: MayBeOff, Severity: Warn},
	{Type: "AWS::CloudWatch::Alarm", Property: "AlarmDescription", Relation: Equal, Severity: Info},
	{Type: "AWS::CloudWatch::CompositeAlarm", Property: "", Relation: Equal, Severity: Warn},
	{Type: "AWS::CloudWatch::CompositeAlarm", Property: "ActionsEnabled", Relation: MayBeOff, Severity: Warn},
	{Type: "AWS::CloudWatch::CompositeAlarm", Property: "AlarmDescription", Relation: Equal, Severity: Info},
	{Type: "AWS::CloudWatch::AnomalyDetector", Property: "", Relation: Equal, Severity: Info},
	{Type: "AWS::CloudWatch::Dashboard", Property: "", Relation: Equal, Severity: Info},
}
