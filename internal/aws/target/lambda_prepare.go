package target

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// moveAlias is the handle of every plan: there is nothing to discard.
const moveAlias = ""

// Prepare implements deploy.Target. It reads function and alias, proves with a
// dry run that Lambda takes the code, and uploads a large package.
func (t *Lambda) Prepare(ctx context.Context, _ deploy.Inputs) (deploy.Plan, error) {
	config, err := t.ready(ctx)
	switch {
	case isAbsent(err): // a stack earlier in the release may make it
		return deploy.Plan{Action: deploy.ActionUpdate, Deferred: t.subject() + " does not exist yet", Proof: t.want}, nil
	case err != nil:
		return deploy.Plan{}, t.preparing("read configuration", err)
	}
	state, err := t.alias(ctx)
	if err != nil {
		return deploy.Plan{}, t.preparing("read alias", err)
	}
	if err := t.checkProvisioned(ctx); err != nil {
		return deploy.Plan{}, t.preparing("read provisioned concurrency", err)
	}
	t.planned = state
	plan := deploy.Plan{Action: deploy.ActionUpdate, Handle: moveAlias, Proof: t.want}
	isThere, err := t.isOn(ctx, state)
	if err != nil {
		return plan, t.preparing("compare", err)
	}
	if isThere {
		plan.Action = deploy.ActionNone
		return plan, nil
	}
	if err := t.checkCode(ctx, config); err != nil {
		return plan, t.preparing("check code", err)
	}
	plan.Changes = []deploy.Change{{Resource: t.spec.Alias, Type: aliasType, Action: "Modify", Properties: []string{"FunctionVersion"}, Class: deploy.Reversible}}
	if state == nil {
		plan.Changes[0].Action = "Add"
	}
	if state != nil && len(state.Weights) > 0 {
		plan.Notes = append(plan.Notes, "alias "+t.spec.Alias+" sends some of its traffic to another version; the release gets all of it")
	}
	return plan, nil
}

// isOn reports whether the alias runs the release already.
func (t *Lambda) isOn(ctx context.Context, state *aliasState) (bool, error) {
	if state == nil || state.SHA256 != t.want || len(state.Weights) > 0 || t.version != "" && t.version != state.Version || state.Version == "$LATEST" {
		return false, nil
	}
	if t.spec.Provisioned == 0 {
		return true, nil
	}
	n, status, err := t.provisioned(ctx, state.Version)
	return n == t.spec.Provisioned && status == types.ProvisionedConcurrencyStatusEnumReady, err
}

// ready waits until no update of the function is under way.
func (t *Lambda) ready(ctx context.Context) (*lambda.GetFunctionConfigurationOutput, error) {
	start, pace, teller := t.opts.Now(), t.opts.newPace(), t.newTeller(deploy.Held, deploy.PhasePrepare)
	for {
		config, err := t.configuration(ctx, "")
		switch {
		case err != nil:
			return nil, err
		case config.LastUpdateStatus != types.LastUpdateStatusInProgress && config.State != types.StatePending:
			return config, nil
		case t.opts.Now().Sub(start) >= t.opts.BusyTimeout:
			return nil, t.refusal("wait for it to end, then run again", "an update of it is under way by somebody else")
		}
		teller.waits("for an update of the function that is under way")
		if err := pace.wait(ctx, false); err != nil {
			return nil, err
		}
	}
}

// checkProvisioned refuses an alias with provisioned concurrency of its own:
// it moves with the alias, and the new version would begin cold.
func (t *Lambda) checkProvisioned(ctx context.Context) error {
	if t.spec.Provisioned == 0 {
		return nil
	}
	n, _, err := t.provisioned(ctx, t.spec.Alias)
	if err == nil && n > 0 {
		return t.refusal("remove it from the alias: Lockstep warms each version before the alias moves",
			"alias %s has provisioned concurrency of its own (%d)", t.spec.Alias, n)
	}
	return err
}

// checkCode makes sure that Lambda takes the code, without changing anything.
func (t *Lambda) checkCode(ctx context.Context, config *lambda.GetFunctionConfigurationOutput) error {
	if t.version != "" {
		return t.checkVersion(ctx)
	}
	isImage := config.PackageType == types.PackageTypeImage
	if isImage != (t.spec.Zip == nil) {
		return t.refusal("a function keeps the kind of package it was created with", "it takes packages of kind %s", config.PackageType)
	}
	in, err := t.code(ctx)
	if err != nil {
		return err
	}
	in.DryRun, in.Publish = true, false
	if in.S3Bucket != nil && t.opts.DryRun {
		return nil // a plan uploads nothing that Lambda could look at
	}
	out, err := t.calls.UpdateFunctionCode(ctx, in)
	if err != nil {
		return err
	}
	got := aws.ToString(out.CodeSha256)
	said := got != "" && got != aws.ToString(config.CodeSha256) // the digest of what the function has says nothing about the package
	if said && got != t.want && t.spec.Zip != nil {
		return t.refusal("build it again", "Lambda reads the package as %s, not %s", got, t.want)
	}
	return nil
}

// checkVersion makes sure that the version to go back to still exists.
func (t *Lambda) checkVersion(ctx context.Context) error {
	config, err := t.configuration(ctx, t.version)
	switch {
	case isAbsent(err):
		return t.refusal("deploy that release from its commit", "version %s does not exist any more", t.version)
	case err != nil:
		return err
	case aws.ToString(config.CodeSha256) != t.want:
		return t.refusal("deploy that release from its commit", "version %s has other code than it had", t.version)
	}
	return nil
}

// code says where Lambda finds the code.
func (t *Lambda) code(ctx context.Context) (*lambda.UpdateFunctionCodeInput, error) {
	in := &lambda.UpdateFunctionCodeInput{FunctionName: aws.String(t.spec.Name)}
	switch {
	case t.spec.Zip == nil:
		in.ImageUri = aws.String(t.spec.Image)
	case len(t.spec.Zip.Content) <= maxDirectZip:
		in.ZipFile = t.spec.Zip.Content
	default:
		bring := t.upload
		if t.opts.DryRun {
			bring = t.place
		}
		bucket, key, err := bring(ctx, t.spec.Zip.Content)
		if err != nil {
			return nil, fmt.Errorf("upload %s: %w", t.spec.Zip.Path, err)
		}
		in.S3Bucket, in.S3Key = aws.String(bucket), aws.String(key)
	}
	return in, nil
}

// Discard implements deploy.Target: a plan makes nothing that would have to go.
func (t *Lambda) Discard(context.Context, deploy.Plan) error { return nil }
