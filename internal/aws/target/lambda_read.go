package target

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

const functionType = "AWS::Lambda::Function"

// aliasState is an alias and the version it points at.
type aliasState struct {
	Version  string             `json:"version"`
	Weights  map[string]float64 `json:"weights,omitempty"`
	SHA256   string             `json:"sha256"`
	revision string
}

// equals reports whether callers of both get the same.
func (a *aliasState) equals(b *aliasState) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Version == b.Version && a.SHA256 == b.SHA256 && maps.Equal(a.Weights, b.Weights)
}

func isAbsent(err error) bool { return code(err) == "ResourceNotFoundException" }

// configuration reads the function, or one of its versions or aliases.
func (t *Lambda) configuration(ctx context.Context, qualifier string) (*lambda.GetFunctionConfigurationOutput, error) {
	in := &lambda.GetFunctionConfigurationInput{FunctionName: aws.String(t.spec.Name)}
	if qualifier != "" {
		in.Qualifier = aws.String(qualifier)
	}
	return t.calls.GetFunctionConfiguration(ctx, in)
}

// alias reads the alias; nil: there is none.
func (t *Lambda) alias(ctx context.Context) (*aliasState, error) {
	out, err := t.calls.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: aws.String(t.spec.Name), Name: aws.String(t.spec.Alias)})
	if isAbsent(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	state := &aliasState{Version: aws.ToString(out.FunctionVersion), revision: aws.ToString(out.RevisionId)}
	if out.RoutingConfig != nil && len(out.RoutingConfig.AdditionalVersionWeights) > 0 {
		state.Weights = out.RoutingConfig.AdditionalVersionWeights
	}
	config, err := t.configuration(ctx, state.Version)
	if err != nil {
		return nil, err
	}
	state.SHA256 = aws.ToString(config.CodeSha256)
	return state, nil
}

// provisioned is the provisioned concurrency of a version or alias, and
// whether all of it is ready. Zero: it has none.
func (t *Lambda) provisioned(ctx context.Context, qualifier string) (n int32, status types.ProvisionedConcurrencyStatusEnum, err error) {
	out, err := t.calls.GetProvisionedConcurrencyConfig(ctx, &lambda.GetProvisionedConcurrencyConfigInput{
		FunctionName: aws.String(t.spec.Name), Qualifier: aws.String(qualifier)})
	if code(err) == "ProvisionedConcurrencyConfigNotFoundException" || isAbsent(err) {
		return 0, "", nil
	}
	if err != nil {
		return 0, "", err
	}
	return aws.ToInt32(out.RequestedProvisionedConcurrentExecutions), out.Status, nil
}

// Outputs implements deploy.Target.
func (t *Lambda) Outputs(ctx context.Context) (map[string]string, error) {
	state, err := t.alias(ctx)
	if err != nil {
		return nil, t.preparing("read outputs", err)
	}
	if state == nil {
		return map[string]string{}, nil
	}
	return map[string]string{"Version": state.Version, "CodeSha256": state.SHA256}, nil
}

// Verify implements deploy.Target: the alias points, with all its traffic, at
// a version that is active, warm and made of the release's code.
func (t *Lambda) Verify(ctx context.Context, _ deploy.Inputs) error {
	state, err := t.alias(ctx)
	switch {
	case err != nil:
		return t.preparing("verify", err)
	case state == nil:
		return t.wrong("alias %s does not exist", t.spec.Alias)
	case len(state.Weights) > 0:
		return t.wrong("alias %s still sends some of its traffic to another version", t.spec.Alias)
	case state.SHA256 != t.want:
		return t.wrong("alias %s runs code %s, the release has %s", t.spec.Alias, state.SHA256, t.want)
	case t.version != "" && state.Version != t.version:
		return t.wrong("alias %s points at version %s, not %s", t.spec.Alias, state.Version, t.version)
	}
	config, err := t.configuration(ctx, state.Version)
	if err != nil {
		return t.preparing("verify", err)
	}
	if config.State != types.StateActive && config.State != types.StateInactive && config.State != "" {
		return t.wrong("version %s is %s: %s", state.Version, config.State, aws.ToString(config.StateReason))
	}
	if t.spec.Provisioned == 0 {
		return nil
	}
	n, status, err := t.provisioned(ctx, state.Version)
	if err != nil {
		return t.preparing("verify", err)
	}
	if n != t.spec.Provisioned || status != types.ProvisionedConcurrencyStatusEnumReady {
		return t.wrong("version %s has %d provisioned executions (%s), the release asks for %d", state.Version, n, status, t.spec.Provisioned)
	}
	return nil
}

func (t *Lambda) wrong(format string, args ...any) error {
	return &deploy.Error{Kind: deploy.Failed, Resource: t.spec.Name, Type: functionType,
		Reason: fmt.Sprintf("%s in %s is not on the release: ", t.subject(), t.spec.Region) + fmt.Sprintf(format, args...)}
}
