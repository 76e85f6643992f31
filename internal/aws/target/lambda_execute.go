package target

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// errTakenBack ends an execution whose abort was asked for.
var errTakenBack = errors.New("its abort was asked for before the alias was moved")

// Execute implements deploy.Target: publish, warm, then move the alias. Until
// the last step nothing that callers see has changed, so every failure before
// it is clean.
func (t *Lambda) Execute(ctx context.Context, _ deploy.Plan) error {
	version := t.version
	if version == "" {
		var err error
		if version, err = t.publish(ctx); err != nil {
			return t.before(ctx, "publish version", err)
		}
	}
	if err := t.warm(ctx, version); err != nil {
		return t.before(ctx, "provision concurrency of version "+version, err)
	}
	if t.aborted.Load() {
		return &deploy.Error{Kind: deploy.Failed, Cancelled: true, Reason: errTakenBack.Error(), Err: errTakenBack}
	}
	if t.planned != nil && t.planned.Version != version {
		t.left = t.planned.Version
	}
	return t.point(ctx, &aliasState{Version: version, SHA256: t.want}, t.planned)
}

// before words a failure before the alias was moved. An interruption says
// nothing about the alias either, but the run has to know that it was one.
func (t *Lambda) before(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil && deploy.KindOf(err) == deploy.Unknown {
		return fmt.Errorf("%s: %w", doing, ctx.Err())
	}
	if deploy.KindOf(err) == deploy.Failed {
		return err
	}
	return t.failed(doing, err)
}

// publish brings the code to the function and makes a version of it. It may be
// repeated: code that is there is not sent again, and a version of what has
// not changed is the one there is.
func (t *Lambda) publish(ctx context.Context) (string, error) {
	config, err := t.ready(ctx)
	if err != nil {
		return "", err
	}
	if aws.ToString(config.CodeSha256) != t.want {
		in, err := t.code(ctx)
		if err != nil {
			return "", err
		}
		in.RevisionId = config.RevisionId
		t.report(deploy.PhaseExecute, "uploading", t.want)
		if _, err := t.calls.UpdateFunctionCode(ctx, in); err != nil {
			return "", err
		}
		if config, err = t.ready(ctx); err != nil {
			return "", err
		}
		if config.LastUpdateStatus == types.LastUpdateStatusFailed {
			return "", &deploy.Error{Kind: deploy.Failed, Resource: t.spec.Name, Type: functionType, Reason: "the update of its code failed: " + aws.ToString(config.LastUpdateStatusReason)}
		}
	}
	out, err := t.calls.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: aws.String(t.spec.Name),
		CodeSha256: aws.String(t.want), Description: aws.String(versionMark + t.spec.Release)})
	if err != nil {
		return "", err
	}
	version := aws.ToString(out.Version)
	t.report(deploy.PhaseExecute, "published", "version "+version)
	return version, t.awaitActive(ctx, version)
}

// awaitActive waits until a version can be invoked.
func (t *Lambda) awaitActive(ctx context.Context, version string) error {
	teller := t.newTeller(deploy.Waiting, deploy.PhaseExecute)
	for pace := t.opts.newPace(); ; {
		config, err := t.configuration(ctx, version)
		switch {
		case err != nil:
			return err
		case config.State == types.StateFailed:
			return &deploy.Error{Kind: deploy.Failed, Resource: t.spec.Name, Type: functionType,
				Reason: fmt.Sprintf("version %s is Failed: %s", version, aws.ToString(config.StateReason))}
		case config.State != types.StatePending:
			return nil
		}
		teller.waits("for version %s, which is %s", version, config.State)
		if err := pace.wait(ctx, false); err != nil {
			return err
		}
	}
}

// warm gives a version its provisioned concurrency and waits until all of it
// is ready, so that the alias moves to a version that does not start cold.
func (t *Lambda) warm(ctx context.Context, version string) error {
	if t.spec.Provisioned == 0 {
		return nil
	}
	n, _, err := t.provisioned(ctx, version)
	if err != nil {
		return err
	}
	if n != t.spec.Provisioned {
		_, err := t.calls.PutProvisionedConcurrencyConfig(ctx, &lambda.PutProvisionedConcurrencyConfigInput{FunctionName: aws.String(t.spec.Name),
			Qualifier: aws.String(version), ProvisionedConcurrentExecutions: aws.Int32(t.spec.Provisioned)})
		if err != nil {
			return err
		}
		t.warmed = version
	}
	teller := t.newTeller(deploy.Waiting, deploy.PhaseExecute)
	for pace := t.opts.newPace(); ; {
		_, status, err := t.provisioned(ctx, version)
		switch {
		case err != nil:
			return err
		case status == types.ProvisionedConcurrencyStatusEnumReady:
			t.report(deploy.PhaseExecute, "warm", fmt.Sprintf("version %s, %d executions", version, t.spec.Provisioned))
			return nil
		case status == types.ProvisionedConcurrencyStatusEnumFailed:
			return &deploy.Error{Kind: deploy.Failed, Resource: t.spec.Name, Type: functionType, Reason: "provisioned concurrency of version " + version + " failed"}
		}
		teller.waits("for %d executions of version %s to be warm", t.spec.Provisioned, version)
		if err := pace.wait(ctx, false); err != nil {
			return err
		}
	}
}

// point lets the alias show a state. seen is the alias as it was last read: one
// that somebody else has moved since is left alone.
func (t *Lambda) point(ctx context.Context, to, seen *aliasState) error {
	var err error
	routing := &types.AliasRoutingConfiguration{AdditionalVersionWeights: to.Weights}
	if routing.AdditionalVersionWeights == nil {
		routing.AdditionalVersionWeights = map[string]float64{}
	}
	if seen == nil {
		_, err = t.calls.CreateAlias(ctx, &lambda.CreateAliasInput{FunctionName: aws.String(t.spec.Name), Name: aws.String(t.spec.Alias),
			FunctionVersion: aws.String(to.Version), Description: aws.String(aliasMark)})
	} else {
		_, err = t.calls.UpdateAlias(ctx, &lambda.UpdateAliasInput{FunctionName: aws.String(t.spec.Name), Name: aws.String(t.spec.Alias),
			FunctionVersion: aws.String(to.Version), RevisionId: aws.String(seen.revision), RoutingConfig: routing})
	}
	if err == nil {
		return nil
	}
	now, readErr := t.alias(context.WithoutCancel(ctx)) // the answer may have been lost
	switch {
	case readErr != nil:
		return fmt.Errorf("move alias %s of %s in %s: %w", t.spec.Alias, t.spec.Name, t.spec.Region, err)
	case now.equals(to):
		return nil
	case now.equals(seen):
		return t.failed("move alias "+t.spec.Alias, err)
	}
	return &deploy.Error{Kind: deploy.Stuck, Err: err, Resource: t.spec.Alias, Type: aliasType, Reason: fmt.Sprintf("alias %s was moved by somebody else meanwhile", t.spec.Alias),
		Hint: "find out who deploys this function as well"}
}

// Abort implements deploy.Target: the alias is not moved any more. One that has
// been moved goes back by its image.
func (t *Lambda) Abort(context.Context) error {
	t.aborted.Store(true)
	return nil
}

// Finish implements deploy.Finisher: the version that served before keeps no
// provisioned concurrency, which costs money.
func (t *Lambda) Finish(ctx context.Context) error {
	if t.spec.Provisioned == 0 || t.left == "" {
		return nil
	}
	return t.cool(ctx, t.left)
}

// cool removes the provisioned concurrency of a version; none is fine.
func (t *Lambda) cool(ctx context.Context, version string) error {
	_, err := t.calls.DeleteProvisionedConcurrencyConfig(ctx, &lambda.DeleteProvisionedConcurrencyConfigInput{
		FunctionName: aws.String(t.spec.Name), Qualifier: aws.String(version)})
	if err != nil && !isAbsent(err) && code(err) != "ProvisionedConcurrencyConfigNotFoundException" {
		return t.preparing("remove provisioned concurrency of version "+version, err)
	}
	return nil
}
