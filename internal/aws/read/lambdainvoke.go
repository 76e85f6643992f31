package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func lambdaInvokeSpecs() []Spec {
	return []Spec{
		{
			Type:       "AWS::Lambda::Url",
			Properties: []string{"TargetFunctionArn", "Qualifier", "AuthType", "Cors", "InvokeMode"},
			Actions:    []string{"lambda:GetFunctionUrlConfig"},
			Identities: []string{"FunctionUrl"},
		},
		{
			Type:       "AWS::Lambda::EventInvokeConfig",
			Properties: []string{"FunctionName", "Qualifier", "DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts"},
			Actions:    []string{"lambda:GetFunctionEventInvokeConfig"},
		},
	}
}

// functionURL reads the URL of a function or of one of its aliases. Its
// physical id is the function's ARN; a stack that does not say it declares the function.
func (r *run) functionURL(ctx context.Context, item inventory.Item) {
	arn, qualifier := unqualified(item.ID)
	if functionName(arn) == "" || !strings.Contains(item.ID, ":function:") {
		arn, qualifier = unqualified(text(item.Resolved, "TargetFunctionArn"))
	}
	if declared := text(item.Resolved, "Qualifier"); qualifier == "" {
		qualifier = declared
	}
	name := functionName(arn)
	if name == "" || unresolved(name+qualifier) {
		r.unaddressable(item, "the function it belongs to")
		return
	}
	in := &lambda.GetFunctionUrlConfigInput{FunctionName: &name}
	if qualifier != "" {
		in.Qualifier = &qualifier
	}
	out, err := r.clients.lambda.GetFunctionUrlConfig(ctx, in)
	if err != nil {
		r.failed(item, err)
		return
	}
	target, live := unqualified(aws.ToString(out.FunctionArn))
	o := newObject().take(out, "AuthType", "Cors", "InvokeMode").set("TargetFunctionArn", target).
		identity("FunctionUrl", aws.ToString(out.FunctionUrl))
	if live != "" {
		o.set("Qualifier", live)
	}
	r.found(item, o)
}

// unqualified cuts the version or alias off a function's ARN or name.
func unqualified(function string) (arn, qualifier string) {
	before, name, ok := strings.Cut(function, ":function:")
	if !ok {
		name, qualifier, _ = strings.Cut(function, ":")
		return name, qualifier
	}
	name, qualifier, _ = strings.Cut(name, ":")
	return before + ":function:" + name, qualifier
}

// eventInvoke reads what happens to asynchronous calls of a function that fail.
func (r *run) eventInvoke(ctx context.Context, item inventory.Item) {
	name, qualifier := functionName(text(item.Resolved, "FunctionName")), text(item.Resolved, "Qualifier")
	if function, q, ok := strings.Cut(item.ID, "|"); ok { // Cloud Control's form
		name, qualifier = functionName(function), q
	}
	if name == "" || unresolved(name+qualifier) {
		r.unaddressable(item, "the function it belongs to")
		return
	}
	in := &lambda.GetFunctionEventInvokeConfigInput{FunctionName: &name}
	if qualifier != "" && qualifier != "$LATEST" {
		in.Qualifier = &qualifier
	}
	out, err := r.clients.lambda.GetFunctionEventInvokeConfig(ctx, in)
	if err != nil {
		r.failed(item, err)
		return
	}
	r.found(item, newObject().take(out, "DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts").
		set("FunctionName", name).set("Qualifier", qualifier))
}
