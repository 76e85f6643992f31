package collect

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

const containers = `
Resources:
  Cluster: {Type: "AWS::ECS::Cluster"}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: shop
      Cpu: "256"
      Memory: "512"
      NetworkMode: awsvpc
      RequiresCompatibilities: [FARGATE]
      ContainerDefinitions:
        - {Name: web, Image: "111111111111.dkr.ecr.us-east-1.amazonaws.com/web@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Environment: [{Name: API_TOKEN, Value: c4n4ry-S3cr3t-value}, {Name: STAGE, Value: prod}]}
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      TaskDefinition: !Ref Task
      DesiredCount: 2
      LaunchType: FARGATE
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1], SecurityGroups: [sg-1]}}
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: shop, AuthenticationType: AWS_IAM}
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: !Sub "https://templates-${AWS::Region}.s3.${AWS::Region}.amazonaws.com/inner.yaml"}
`

func TestContainersNestedStacksAndTypesWithoutAReader(t *testing.T) {
	w := newWorld(t)
	for _, s := range w.sessions {
		w.upload(s.Config, "templates-"+s.Region.Name, "inner.yaml", "Resources: {T: {Type: 'AWS::SNS::Topic'}}")
		w.deploy(s.Config, "shop", []byte(containers), nil)
	}
	snapshots := w.snapshots(w.options("shop"))
	for _, s := range snapshots {
		if len(s.Gaps) != 0 || len(s.Resources) != 5 {
			t.Errorf("%s: %d resources, gaps %+v", s.Region.Name, len(s.Resources), s.Gaps)
		}
		if resource(t, s, "shop/Graph").Via != "cloudcontrol" || resource(t, s, "shop/Inner/T").Via != "native" {
			t.Error("a resource was read by the wrong way")
		}
		data, err := json.Marshal(s)
		if err != nil || strings.Contains(string(data), canary) {
			t.Errorf("%v: the token of a container left", err)
		}
		images := slices.IndexFunc(s.Facts, func(f drift.Fact) bool { return f.Kind == drift.FactTaskImages && f.Subject == "shop/Service" })
		if images < 0 {
			t.Fatalf("%s: no images among %+v", s.Region.Name, s.Facts)
		}
		value, _ := json.Marshal(s.Facts[images].Value)
		if !strings.Contains(string(value), `"Digests":["sha256:aaaaaaaa`) || !strings.Contains(string(value), `"Running":2`) {
			t.Errorf("%s: images %s", s.Region.Name, value)
		}
		if size := factOf(t, s, drift.FactTaskSize, "shop/Service"); size["Cpu"] != "256" || size["Revision"] != resource(t, s, "shop/Task").ID {
			t.Errorf("%s: size %v", s.Region.Name, size)
		}
	}
	c := compare(w, snapshots)
	if len(c.Findings) != 1 || c.Findings[0].Resource != "shop/Task" || c.Findings[0].Severity != drift.Block {
		t.Errorf("the standby pulls its image from the primary's registry, and that alone is wrong: %+v", c.Findings)
	}
}
