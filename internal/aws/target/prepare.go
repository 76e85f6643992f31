package target

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/topology"
)

// replaceHandle is the handle of a plan that deletes a failed stack first.
const replaceHandle = "recreate"

// Prepare implements deploy.Target. It uploads what is large, checks
// template, parameters and capabilities, and plans with a change set.
func (t *CloudFormation) Prepare(ctx context.Context, in deploy.Inputs) (deploy.Plan, error) {
	plan, err := t.prepare(ctx, in)
	plan.Repaired = string(t.repaired) // whatever became of the plan: the repair was done
	plan.Notes = append(plan.Notes, t.repairNotes()...)
	return plan, err
}

func (t *CloudFormation) prepare(ctx context.Context, in deploy.Inputs) (deploy.Plan, error) {
	if err := t.uploadAssets(ctx); err != nil {
		return deploy.Plan{}, t.preparing("upload assets", err)
	}
	stack, err := t.ready(ctx)
	if err != nil {
		return deploy.Plan{}, t.preparing("read status", err)
	}
	source, err := t.source(ctx, string(t.spec.Template))
	if err != nil {
		return deploy.Plan{}, t.preparing("upload template", err)
	}
	nested, err := t.validate(ctx, source)
	if err != nil {
		return deploy.Plan{}, t.preparing("validate template", err)
	}
	action := deploy.ActionUpdate
	row := meaning(stack.StackStatus)
	if row.Before != planUpdate {
		action = deploy.ActionCreate
	}
	values, err := t.values(in)
	if err != nil {
		return deploy.Plan{Action: action, Deferred: err.Error()}, nil
	}
	if row.Before == planReplace {
		_, unheld := t.withBarrier()
		return deploy.Plan{Action: action, Handle: replaceHandle, Stages: t.spec.Barrier > 0 && unheld == "" && t.spec.Policy == "",
			Notes: []string{"the failed stack is deleted and created again (recreate-failed)"}}, nil
	}
	planned := t.planChanges
	if t.spec.Barrier > 0 {
		planned = t.planStaged
	}
	plan, err := planned(ctx, wanted{source: source, stack: stack, create: action == deploy.ActionCreate,
		values: values, previous: t.spec.Keep, nested: nested, imports: t.spec.ImportExisting, drift: t.spec.RevertDrift && action == deploy.ActionUpdate, settings: t.settings()})
	t.accepted = nil
	if err == nil && plan.Action == deploy.ActionNone {
		t.accepted = stateOf(stack)
	}
	if err == nil && t.spec.Policy != "" {
		plan, err = t.withPolicy(ctx, plan, stack)
	}
	for _, name := range t.spec.Keep {
		plan.Notes = append(plan.Notes, "the value of NoEcho parameter "+name+" is kept as it is now: nobody can read the earlier one")
	}
	if row.Note != "" {
		plan.Notes = append(plan.Notes, row.Note)
	}
	if t.opts.DryRun && source.url != nil {
		plan.Notes = append(plan.Notes, fmt.Sprintf("%s has %d bytes and was uploaded to %s: above %d, CloudFormation plans only from a bucket",
			t.file(), len(t.spec.Template), aws.ToString(source.url), maxInlineTemplate))
	}
	return plan, err
}

// ready waits until no operation is under way and returns the stack, or
// refuses one that cannot be deployed to.
func (t *CloudFormation) ready(ctx context.Context) (types.Stack, error) {
	start, pace, teller := t.opts.Now(), t.newPace(), t.newTeller(deploy.Held, deploy.PhasePrepare)
	for {
		stack, err := t.describe(ctx, t.spec.Name)
		if err != nil {
			return stack, err
		}
		row := meaning(stack.StackStatus)
		switch row.Before {
		case waitFirst:
		case refuse:
			if err := t.repair(ctx, stack); err != nil {
				return stack, err
			}
			continue
		case planReplace:
			return stack, t.replaceable(ctx, stack)
		case planReuse:
			return stack, t.shellIsOurs(ctx, stack)
		default:
			return stack, nil
		}
		token, err := t.running(ctx, aws.ToString(stack.StackId))
		if err != nil {
			return stack, err
		}
		if t.isOurs(token) && !t.opts.DryRun && row.While == goOn { // this run holds the lock: whoever staged it is gone
			if err := t.forgo(ctx, stack); err != nil {
				return stack, err
			}
		}
		if !t.isOurs(token) && t.opts.Now().Sub(start) >= t.opts.BusyTimeout {
			return stack, t.refusal("wait for it to end, then run again",
				"it is %s by somebody else (token %q)", stack.StackStatus, token)
		}
		teller.waits("for its %s to end", stack.StackStatus)
		if err := pace.wait(ctx, false); err != nil {
			return stack, err
		}
	}
}

// running is the ClientRequestToken of the stack's latest operation.
func (t *CloudFormation) running(ctx context.Context, stackID string) (string, error) {
	out, err := t.stacks.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: aws.String(stackID)})
	if err != nil || len(out.StackEvents) == 0 {
		return "", err
	}
	return aws.ToString(out.StackEvents[0].ClientRequestToken), nil
}

// replaceable refuses a stack in ROLLBACK_COMPLETE unless it may be deleted
// and nothing of it would be left behind.
func (t *CloudFormation) replaceable(ctx context.Context, stack types.Stack) error {
	if !t.spec.RecreateFailed {
		return t.refusal(hintRecreate, "it is %s", stack.StackStatus)
	}
	if aws.ToBool(stack.EnableTerminationProtection) {
		return t.refusal("take the termination protection off", "it is %s and protected from deletion", stack.StackStatus)
	}
	pages := cloudformation.NewListStackResourcesPaginator(t.stacks, &cloudformation.ListStackResourcesInput{StackName: stack.StackId})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, r := range page.StackResourceSummaries {
			if r.ResourceStatus != types.ResourceStatusDeleteComplete && aws.ToString(r.PhysicalResourceId) != "" {
				return t.refusal("remove or import what was retained, then delete the stack by hand",
					"it is %s and still holds %s (%s)", stack.StackStatus, aws.ToString(r.LogicalResourceId), r.ResourceStatus)
			}
		}
	}
	return nil
}

// shellIsOurs refuses an empty stack in which somebody else is planning.
func (t *CloudFormation) shellIsOurs(ctx context.Context, stack types.Stack) error {
	sets, err := t.changeSets(ctx, aws.ToString(stack.StackId))
	if err != nil {
		return err
	}
	for _, set := range sets {
		if name := aws.ToString(set.ChangeSetName); !strings.HasPrefix(name, setPrefix) {
			return t.refusal("execute or delete that change set", "it is %s and holds somebody else's change set %s", stack.StackStatus, name)
		}
	}
	return nil
}

// validate checks template, parameters and capabilities with CloudFormation
// and reports whether the template has nested stacks.
func (t *CloudFormation) validate(ctx context.Context, source source) (nested bool, err error) {
	out, err := t.stacks.GetTemplateSummary(ctx, &cloudformation.GetTemplateSummaryInput{
		TemplateBody: source.body, TemplateURL: source.url})
	if code(err) == "ValidationError" {
		return false, &deploy.Error{Kind: deploy.Refused, Err: err, Hint: "correct " + t.file(),
			Reason: fmt.Sprintf("template of %s in %s: %s", t.spec.Key, t.spec.Region, message(err))}
	}
	if err != nil {
		return false, err
	}
	if err := t.checkParameters(out.Parameters); err != nil {
		return false, err
	}
	if err := t.checkCapabilities(out.Capabilities, aws.ToString(out.CapabilitiesReason)); err != nil {
		return false, err
	}
	return slices.Contains(out.ResourceTypes, "AWS::CloudFormation::Stack"), nil
}

func (t *CloudFormation) file() string {
	return cmp.Or(t.spec.TemplateFile, "the template")
}

// checkParameters refuses values for parameters the template does not have,
// and parameters without a value.
func (t *CloudFormation) checkParameters(declared []types.ParameterDeclaration) error {
	given := map[string]bool{}
	for key := range t.spec.Parameters {
		given[key] = true
	}
	for _, key := range t.spec.Keep {
		given[key] = true
	}
	for key := range t.uploaded {
		given[key] = true
	}
	known := map[string]bool{}
	var names, absent []string
	for _, p := range declared {
		name := aws.ToString(p.ParameterKey)
		known[name] = true
		names = append(names, name)
		if p.DefaultValue == nil && !given[name] {
			absent = append(absent, name)
		}
	}
	var extra []string
	for name := range given {
		if !known[name] {
			extra = append(extra, name)
		}
	}
	slices.Sort(names)
	slices.Sort(absent)
	slices.Sort(extra)
	switch {
	case len(extra) > 0:
		has := "the template has " + cmp.Or(strings.Join(names, ", "), "none")
		return t.refusal(has+": correct the name or leave it out", "%s has no parameter %s", t.file(), strings.Join(extra, ", "))
	case len(absent) > 0:
		return t.refusal("give it under parameters, or under regions."+t.spec.Region+".parameters if it differs there", "%s needs a value for parameter %s", t.file(), strings.Join(absent, ", "))
	}
	return nil
}

// checkCapabilities refuses a template that needs a capability the target
// does not grant. CAPABILITY_NAMED_IAM includes CAPABILITY_IAM.
func (t *CloudFormation) checkCapabilities(needed []types.Capability, reason string) error {
	for _, c := range needed {
		granted := slices.Contains(t.spec.Capabilities, string(c)) ||
			c == types.CapabilityCapabilityIam && slices.Contains(t.spec.Capabilities, string(types.CapabilityCapabilityNamedIam))
		if !granted {
			return t.refusal("add it to the target's capabilities", "%s needs %s: %s", t.file(), c, reason)
		}
	}
	return nil
}

// settings are what a change set sets besides template and parameters.
type settings struct {
	tags          []types.Tag
	capabilities  []types.Capability
	role          *string
	notifications []string
	rollback      *types.RollbackConfiguration
}

func (t *CloudFormation) settings() settings {
	s := settings{notifications: t.spec.NotificationARNs, rollback: t.rollbackTriggers()}
	if t.spec.Tags != nil {
		s.tags = []types.Tag{}
	}
	for key, value := range t.spec.Tags {
		s.tags = append(s.tags, types.Tag{Key: aws.String(key), Value: aws.String(value)})
	}
	slices.SortFunc(s.tags, func(a, b types.Tag) int { return cmp.Compare(*a.Key, *b.Key) })
	for _, c := range t.spec.Capabilities {
		s.capabilities = append(s.capabilities, types.Capability(c))
	}
	if t.spec.ServiceRole != "" {
		s.role = aws.String(t.spec.ServiceRole)
	}
	return s
}

// rollbackTriggers are the alarms that take an update back; nil: those that the
// stack has stay. CloudFormation keeps them beyond the update, so an empty list
// is sent where the team wants none.
func (t *CloudFormation) rollbackTriggers() *types.RollbackConfiguration {
	if t.spec.RollbackAlarms == nil {
		return nil
	}
	config := &types.RollbackConfiguration{RollbackTriggers: []types.RollbackTrigger{}}
	for _, name := range t.spec.RollbackAlarms {
		config.RollbackTriggers = append(config.RollbackTriggers, types.RollbackTrigger{Type: aws.String("AWS::CloudWatch::Alarm"),
			Arn: aws.String(fmt.Sprintf("arn:%s:cloudwatch:%s:%s:alarm:%s", topology.Partition(t.spec.Region), t.spec.Region, t.opts.Account, name))})
	}
	if len(config.RollbackTriggers) > 0 {
		config.MonitoringTimeInMinutes = aws.Int32(int32(t.spec.RollbackMonitor / time.Minute)) //nolint:gosec // bounded by the configuration
	}
	return config
}
