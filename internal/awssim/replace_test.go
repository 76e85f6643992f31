package awssim

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/ecs"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/sts"
)

const containers = `
Parameters: {Tag: {Type: String}, Count: {Type: Number, Default: 2}}
Resources:
  Cluster: {Type: AWS::ECS::Cluster}
  Definition:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: web
      NetworkMode: bridge
      ContainerDefinitions: [{Name: web, Image: !Sub "app:${Tag}", Memory: 128}]
  Service:
    Type: AWS::ECS::Service
    Properties: {Cluster: !Ref Cluster, TaskDefinition: !Ref Definition, DesiredCount: !Ref Count}
Outputs:
  Cluster: {Value: !Ref Cluster}
  Service: {Value: !GetAtt Service.Name}
`

func (r *rig) containers(action, tag string) {
	r.Helper()
	r.cfn(action, "StackName", "app", "TemplateBody", containers, "Parameters.member.1.ParameterKey", "Tag", "Parameters.member.1.ParameterValue", tag)
	r.settle()
}

// running is "STATE REVISION" of the primary deployment of the service.
func (r *rig) running() string {
	r.Helper()
	outputs := map[string]string{}
	for _, o := range r.stack("app").Child("Outputs").All("member") {
		outputs[o.Value("OutputKey")] = o.Value("OutputValue")
	}
	out, code := r.json("ecs", "DescribeServices", map[string]any{"cluster": outputs["Cluster"], "services": []any{outputs["Service"]}})
	if code != "" || len(out.Objects("services")) != 1 {
		r.Fatalf("%s %v", code, out)
	}
	d := out.Objects("services")[0].Objects("deployments")
	definition := d[0].String("taskDefinition")
	return d[0].String("rolloutState") + " " + definition[strings.LastIndex(definition, "/")+1:]
}

func TestANewImageReplacesTheTaskDefinitionAndMovesTheService(t *testing.T) {
	r := newRig(t)
	r.containers("CreateStack", "1")
	r.complete("app")
	if got := r.running(); got != "COMPLETED web:1" {
		t.Error(got)
	}
	r.containers("UpdateStack", "2")
	if got := r.running(); got != "COMPLETED web:2" || r.status("app") != "UPDATE_COMPLETE" {
		t.Errorf("%s, stack %s\n%s", got, r.status("app"), r.reasons("app"))
	}
	old, _ := r.json("ecs", "DescribeTaskDefinition", map[string]any{"taskDefinition": "web:1"})
	if got := old.Object("taskDefinition").String("status"); got != "INACTIVE" {
		t.Errorf("the replaced task definition is %q", got)
	}
}

func TestAServiceThatDoesNotStartRollsItsStackBack(t *testing.T) {
	r := newRig(t)
	r.containers("CreateStack", "1")
	r.complete("app")
	failure := store.Resource{Scope: store.Scope{Account: sts.DefaultAccount, Region: r.region}, Type: ecs.FailureType, ID: "*",
		Properties: map[string]any{"Message": "The circuit breaker was triggered."}}
	r.cloud.World().Store.Put(failure)
	r.containers("UpdateStack", "broken")
	if got := r.status("app"); got != "UPDATE_ROLLBACK_COMPLETE" || !strings.Contains(r.reasons("app"), "circuit breaker was triggered") {
		t.Errorf("%s\n%s", got, r.reasons("app"))
	}
	if got := r.running(); got != "COMPLETED web:1" {
		t.Errorf("after the rollback: %s", got)
	}
}

const functions = `
Parameters: {Bucket: {Type: String}, Key: {Type: String}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
  Function:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: index.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: !Ref Bucket, S3Key: !Ref Key}}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Function}}
`

func TestCodeInABucketOfAnotherRegionFailsTheStandby(t *testing.T) {
	r := newRig(t)
	r.put("code-here", "one.zip", "one")
	create := func(region string) string {
		r.region = region
		r.cfn("CreateStack", "StackName", "app", "TemplateBody", functions, "Capabilities.member.1", "CAPABILITY_IAM",
			"Parameters.member.1.ParameterKey", "Bucket", "Parameters.member.1.ParameterValue", "code-here",
			"Parameters.member.2.ParameterKey", "Key", "Parameters.member.2.ParameterValue", "one.zip")
		r.settle()
		return r.status("app")
	}
	if got := create(r.region); got != "CREATE_COMPLETE" {
		t.Errorf("%s\n%s", got, r.reasons("app"))
	}
	if got := create("us-west-2"); got != "ROLLBACK_COMPLETE" || !strings.Contains(r.reasons("app"), "The bucket is in this region: eu-west-1") {
		t.Errorf("%s\n%s", got, r.reasons("app"))
	}
}
