package readiness

import "github.com/lockstep-dr/lockstep/drift"

// estate is one resource of each kind that only the comparison and the rules'
// own look at properties judge. Both Regions have it.
func estate(region string) []drift.Resource {
	image := "111111111111.dkr.ecr." + region + ".amazonaws.com/web@sha256:11"
	var all []drift.Resource
	add := func(id, kind string, properties object) {
		all = append(all, drift.Resource{Key: "app/" + id, Type: kind, ID: id, Properties: properties})
	}
	add("Task", typeTaskDefinition, object{"ContainerDefinitions": []any{object{"Name": "web", "Image": image}}})
	add("Mapping", typeMapping, object{"Enabled": true})
	add("Stage", "AWS::ApiGateway::Stage", object{"StageName": "live"})
	add("Rule", "AWS::Events::Rule", object{"State": "ENABLED"})
	add("WebACL", "AWS::WAFv2::WebACL", object{"DefaultAction": object{"Allow": object{}}})
	add("Database", typeDBInstance, object{"DBParameterGroupName": "orders", "OptionGroupName": "default:mysql-8-0", "BackupRetentionPeriod": 7.0})
	add("Parameters", typeDBParameters, object{"Family": "mysql8.0"})
	add("Vpc", "AWS::EC2::VPC", object{"CidrBlock": "10.0.0.0/16"})
	add("Endpoint", "AWS::EC2::VPCEndpoint", object{"PrivateDnsEnabled": true})
	add("Group", "AWS::EC2::SecurityGroup", object{})
	add("Listener", "AWS::ElasticLoadBalancingV2::Listener", object{"Port": 443.0})
	add("Table", "AWS::DynamoDB::Table", object{"PointInTimeRecoverySpecification": object{"PointInTimeRecoveryEnabled": true}})
	add("Log", "AWS::Logs::LogGroup", object{"RetentionInDays": 30.0})
	add("Role", "AWS::IAM::Role", object{})
	add("mrk-1", "AWS::KMS::Key", object{"MultiRegion": true})
	return all
}
