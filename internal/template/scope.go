package template

import "strings"

// Scope is what a template is evaluated for. An empty field, a nil function and a function that returns false all mean
// "not known here": the value becomes a symbol. Functions may be called more than once and from several goroutines when
// the Evaluator is used from several.
type Scope struct {
	Region, AccountID, StackName, StackID string
	Parameters                            map[string]string // as given to CloudFormation; lists are comma separated
	NotificationARNs                      []string
	AvailabilityZones                     []string // of Region, for Fn::GetAZs

	// Ref returns what Ref gives for a resource.
	Ref func(logicalID string) (any, bool)
	// GetAtt returns an attribute of a resource; attribute may hold dots ("Outputs.Url", "Endpoint.Address").
	GetAtt func(logicalID, attribute string) (any, bool)
	// Import returns the value exported under a name.
	Import func(name string) (any, bool)
	// StackOutput returns an output of another stack, possibly in another Region or account (Fn::GetStackOutput).
	StackOutput func(StackOutput) (any, bool)
	// Dynamic returns the value of a dynamic reference, for example "ssm:/app/size:3" or "secretsmanager:id:SecretString:key".
	Dynamic func(reference string) (any, bool)

	// MaskNoEcho replaces the value of every NoEcho parameter by the symbol ${NoEcho:Name}. Conditions still see the value.
	MaskNoEcho bool
}

// StackOutput names an output of another stack. Region is that of the Scope when the template gives none.
type StackOutput struct {
	Stack, Output, Region, RoleARN string
}

// partition holds the facts of one AWS partition that pseudo parameters expose.
type partition struct {
	prefix    string // of the names of its Regions
	name      string
	urlSuffix string
}

// partitions in the order they are tried; the last one is the default. Source: the endpoints data of the AWS SDKs.
var partitions = []partition{
	{"cn-", "aws-cn", "amazonaws.com.cn"},
	{"us-gov-", "aws-us-gov", "amazonaws.com"},
	{"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
	{"us-isof-", "aws-iso-f", "csp.hci.ic.gov"},
	{"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"},
	{"us-iso-", "aws-iso", "c2s.ic.gov"},
	{"eusc-", "aws-eusc", "amazonaws.eu"},
	{"", "aws", "amazonaws.com"},
}

func partitionOf(region string) partition {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) {
			return p
		}
	}
	return partitions[len(partitions)-1]
}

// pseudoNames are the parameters CloudFormation predefines.
var pseudoNames = map[string]bool{
	"AWS::AccountId": true, "AWS::NotificationARNs": true, "AWS::NoValue": true, "AWS::Partition": true,
	"AWS::Region": true, "AWS::StackId": true, "AWS::StackName": true, "AWS::URLSuffix": true,
}

// noValue is what Ref AWS::NoValue gives while a tree is evaluated; it removes the key or the element that holds it.
type noValue struct{}

// pseudo resolves a pseudo parameter; ok is false for a name that is none.
func (s Scope) pseudo(name string) (value any, ok bool) {
	known := func(text string) (any, bool) {
		if text == "" || s.Region == "" && (name == "AWS::Partition" || name == "AWS::URLSuffix") {
			return symbol(name), true
		}
		return text, true
	}
	switch name {
	case "AWS::NoValue":
		return noValue{}, true
	case "AWS::Region":
		return known(s.Region)
	case "AWS::AccountId":
		return known(s.AccountID)
	case "AWS::StackName":
		return known(s.StackName)
	case "AWS::StackId":
		return known(s.StackID)
	case "AWS::Partition":
		return known(partitionOf(s.Region).name)
	case "AWS::URLSuffix":
		return known(partitionOf(s.Region).urlSuffix)
	case "AWS::NotificationARNs":
		list := make([]any, 0, len(s.NotificationARNs))
		for _, arn := range s.NotificationARNs {
			list = append(list, arn)
		}
		return list, true
	}
	return nil, false
}
