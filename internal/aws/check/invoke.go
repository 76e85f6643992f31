package check

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/deploy"
)

// mostSaid is how much of a function's answer an error repeats.
const mostSaid = 300

// invokeAPI is what asking a function calls.
type invokeAPI interface {
	Invoke(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
}

// invocation is a function that must answer.
type invocation struct {
	api                                invokeAPI
	region, function, payload, contain string
}

// Invocation returns the check: the function must answer without an error,
// and its answer must hold the text. The configuration must be for the Region.
func Invocation(cfg aws.Config, region, function, payload, contains string) deploy.Check {
	return invocation{lambda.NewFromConfig(cfg), region, function, payload, contains}
}

// Name implements deploy.Check.
func (i invocation) Name() string { return "function " + i.function }

// Check implements deploy.Check.
func (i invocation) Check(ctx context.Context) error {
	out, err := i.api.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(i.function), Payload: []byte(i.payload)})
	if err != nil {
		return fmt.Errorf("invoke %s in %s (lambda:InvokeFunction): %w", i.function, i.region, err)
	}
	answer := string(out.Payload)
	if aws.ToString(out.FunctionError) != "" {
		return i.no("it ended with an error: " + cut(answer))
	}
	if !strings.Contains(answer, i.contain) {
		return i.no("its answer does not hold the text that was expected: " + cut(answer))
	}
	return nil
}

func (i invocation) no(reason string) error {
	return &deploy.Error{Kind: deploy.Failed, Resource: i.function, Type: "AWS::Lambda::Function", Reason: reason}
}

func cut(text string) string {
	if len(text) > mostSaid {
		return text[:mostSaid] + "…"
	}
	return text
}
