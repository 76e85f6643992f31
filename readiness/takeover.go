package readiness

import "strings"

// bystanders are resource types without which a standby can still take over:
// they describe, watch or number other resources. Every type that is not
// listed matters, custom resources included, because nobody knows what they do.
var bystanders = map[string]bool{
	"AWS::ApiGateway::Deployment":              true, // a new logical id with every change; the stage is what serves
	"AWS::ApiGatewayV2::Deployment":            true,
	"AWS::ApplicationInsights::Application":    true,
	"AWS::Budgets::Budget":                     true,
	"AWS::CDK::Metadata":                       true,
	"AWS::CloudFormation::WaitCondition":       true,
	"AWS::CloudFormation::WaitConditionHandle": true,
	"AWS::CloudWatch::Alarm":                   true, // missing or silent alarms endanger a takeover, they do not prevent it
	"AWS::CloudWatch::AnomalyDetector":         true,
	"AWS::CloudWatch::CompositeAlarm":          true,
	"AWS::CloudWatch::Dashboard":               true,
	"AWS::CloudWatch::InsightRule":             true,
	"AWS::Lambda::Version":                     true, // a new logical id with every release; the alias is what serves
	"AWS::Logs::LogGroup":                      true,
	"AWS::Logs::LogStream":                     true,
	"AWS::Logs::MetricFilter":                  true,
	"AWS::Logs::QueryDefinition":               true,
	"AWS::ResourceGroups::Group":               true,
	"AWS::Synthetics::Canary":                  true,
}

// MattersForTakeover reports whether a standby without a resource of this type
// may be unable to take over. Unknown types do.
func MattersForTakeover(kind string) bool {
	return !bystanders[kind] && !strings.HasPrefix(kind, "AWS::XRay::") && !strings.HasPrefix(kind, "AWS::Config::")
}
