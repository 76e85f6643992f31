package template

import (
	"os"
	"strings"
	"testing"
)

// One template, two Regions: what a comparison of declared models rests on.
func TestOneTemplateInTwoRegions(t *testing.T) {
	src, err := os.ReadFile("testdata/payments.yaml")
	if err != nil {
		t.Fatal(err)
	}
	region := func(name, role string) *Evaluator {
		return mustEvaluate(t, string(src), Scope{
			Region: name, StackName: "payments", MaskNoEcho: true,
			Parameters: map[string]string{"Role": role, "ApiKey": "0123456789"},
		})
	}
	primary, standby := region("eu-west-1", "primary"), region("eu-central-1", "standby")

	const both = "DeadLetters LogGroup Queueorders Queuerefundseu Table FunctionRole Function"
	for e, want := range map[*Evaluator]string{primary: both + " Alarm Instance", standby: both} {
		order, err := e.Order()
		if got := strings.Join(order, " "); err != nil || got != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}

	properties := func(e *Evaluator, id string) map[string]any {
		props, err := e.Properties(id)
		if err != nil {
			t.Fatal(err)
		}
		return props
	}
	same(t, properties(primary, "Function"), `{
		"FunctionName": "payments-production-api", "Role": "${FunctionRole.Arn}", "PackageType": "Image",
		"Code": {"ImageUri": "{{resolve:ssm:/payments/image}}"}, "MemorySize": "512", "ReservedConcurrentExecutions": 100,
		"Environment": {"Variables": {"TABLE": "${Table}", "REGION": "eu-west-1", "KEY": "${NoEcho:ApiKey}", "OWNER": "012345678901",
			"TRAIL": "audit", "QUEUE": "${Queueorders.QueueUrl}", "SHELL": "${HOME}/bin", "SETTINGS": "{\"table\":\"${Table}\",\"workers\":4}"}},
		"VpcConfig": {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": "${Fn::Split:,:${Import:network-groups}}"}}`)
	same(t, properties(standby, "Function")["VpcConfig"], `{"SubnetIds": ["subnet-3"], "SecurityGroupIds": "${Fn::Split:,:${Import:network-groups}}"}`)
	if _, ok := properties(standby, "Function")["ReservedConcurrentExecutions"]; ok {
		t.Error("the standby reserves concurrency")
	}
	same(t, properties(standby, "FunctionRole")["AssumeRolePolicyDocument"], `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
		"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}}}]}`)
	same(t, properties(standby, "Queuerefundseu"), `{"QueueName": "refunds-eu-eu-central-1", "Tags": [{"Key": "name", "Value": "refunds-eu"}],
		"RedrivePolicy": {"deadLetterTargetArn": "${DeadLetters.Arn}", "maxReceiveCount": 5}}`)
	same(t, properties(primary, "Instance")["UserData"], `"${Fn::Base64:#!/bin/bash\nexport TABLE=${Table} ZONE=b\necho ${HOME}\n}"`)

	outputs, err := standby.Outputs()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range outputs {
		text, _ := scalarText(o.Value)
		got = append(got, o.Name+"="+text+" "+o.Export)
	}
	if want := "TableName=${Table} payments-table,Urlorders=${Queueorders.QueueUrl} ,Urlrefundseu=${Queuerefundseu.QueueUrl} "; strings.Join(got, ",") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ","), want)
	}
}
