package target

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// Prepare implements deploy.Target. It reads the service and its task
// definition and asks the registry for the images; it registers nothing.
func (t *ECS) Prepare(ctx context.Context, _ deploy.Inputs) (deploy.Plan, error) {
	plan := deploy.Plan{Action: deploy.ActionUpdate, Proof: proof(t.spec.Images)}
	s, err := t.ready(ctx)
	if err != nil {
		return plan, t.preparing("read service", err)
	}
	if s == nil { // a stack earlier in the release may make it
		plan.Deferred = t.subject() + " does not exist yet"
		return plan, nil
	}
	if c := s.DeploymentController; c != nil && c.Type != "" && c.Type != types.DeploymentControllerTypeEcs {
		return plan, t.refusal("deploy it by that controller, or let ECS deploy it", "its deployments are controlled by %s", c.Type)
	}
	t.seen = aws.ToString(s.TaskDefinition)
	def, err := t.definition(ctx, t.seen)
	if err != nil {
		return plan, t.preparing("read task definition", err)
	}
	now := images(def.TaskDefinition)
	for container := range t.spec.Images {
		if _, ok := now[container]; !ok && t.pinned == "" {
			return plan, t.refusal("correct the name in the configuration", "its task definition has no container %s", container)
		}
	}
	if t.has(def.TaskDefinition) {
		plan.Action = deploy.ActionNone
		return plan, nil
	}
	if err := t.checkRegistry(ctx); err != nil {
		return plan, t.preparing("look for images", err)
	}
	plan.Changes = []deploy.Change{{Resource: t.spec.Name, Type: serviceType, Action: "Modify", Properties: []string{"TaskDefinition"}, Class: deploy.Reversible}}
	plan.Notes = slices.Concat(plan.Notes, pauses(s), early(s))
	if t.spec.Barrier > 0 {
		reason := whyNotHeld(s)
		if plan.Stages = reason == ""; reason != "" {
			plan.Notes = append(plan.Notes, "it is not held at a barrier and settles by itself: "+reason)
		}
	}
	if s.DesiredCount == 0 {
		plan.Notes = append(plan.Notes, "it wants no task: that the release starts there is not proved")
	}
	return plan, nil
}

// ready waits until no deployment of the service is under way; nil: there is no
// service. What waits at the hook of an earlier deploy is taken back, and so is
// the hook: a decision to keep it would have been carried out before.
func (t *ECS) ready(ctx context.Context) (*types.Service, error) {
	start, pace, teller := t.opts.Now(), t.opts.newPace(), t.newTeller(deploy.Held, deploy.PhasePrepare)
	for {
		s, err := t.service(ctx)
		if err != nil || s == nil {
			return nil, err
		}
		if d := primary(s); d == nil || d.RolloutState != types.DeploymentRolloutStateInProgress {
			if t.opts.DryRun {
				return s, nil
			}
			return t.free(ctx, s)
		}
		if !t.opts.DryRun {
			if err := t.forgo(ctx, s); err != nil {
				return nil, err
			}
		}
		if t.opts.Now().Sub(start) >= t.opts.BusyTimeout {
			return nil, t.refusal("wait for it to end, then run again", "a deployment of it is under way by somebody else")
		}
		teller.waits("for a deployment of the service that is under way")
		if err := pace.wait(ctx, false); err != nil {
			return nil, err
		}
	}
}

// Execute implements deploy.Target: register the same task definition with the
// release's images, and follow the deployment of it to its end.
func (t *ECS) Execute(ctx context.Context, _ deploy.Plan) error {
	s, arn, err := t.begin(ctx)
	if err != nil {
		return err
	}
	return t.move(ctx, movement{phase: deploy.PhaseExecute, to: arn, from: aws.ToString(s.TaskDefinition)})
}

// begin reads the service and registers the task definition that it is to run.
func (t *ECS) begin(ctx context.Context) (*types.Service, string, error) {
	s, err := t.service(ctx)
	if err != nil || s == nil {
		return nil, "", t.notBegun(ctx, "read service", err)
	}
	if t.seen != "" && t.seen != aws.ToString(s.TaskDefinition) {
		return nil, "", t.moved(aws.ToString(s.TaskDefinition), "since the release was planned")
	}
	arn := t.pinned
	if arn == "" {
		if arn, err = t.register(ctx, aws.ToString(s.TaskDefinition)); err != nil {
			return nil, "", t.notBegun(ctx, "register task definition", err)
		}
	}
	if t.aborted.Load() {
		return nil, "", &deploy.Error{Kind: deploy.Failed, Cancelled: true, Reason: "its abort was asked for before it began"}
	}
	return s, arn, nil
}

// notBegun words a failure before the service was touched.
func (t *ECS) notBegun(ctx context.Context, doing string, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		return t.ended(deploy.Failed, "%s: it does not exist", doing)
	}
	return &deploy.Error{Kind: deploy.Failed, Err: err, Resource: t.spec.Name, Type: serviceType, Reason: doing + ": " + plain(err)}
}

// register copies a task definition, tags included, with the release's images.
// Every member that can be registered is copied: what is left out would be lost
// (inference accelerators alone cannot be any more).
func (t *ECS) register(ctx context.Context, from string) (string, error) {
	old, err := t.definition(ctx, from)
	if err != nil {
		return "", err
	}
	def := old.TaskDefinition
	containers := make([]types.ContainerDefinition, len(def.ContainerDefinitions))
	for i, c := range def.ContainerDefinitions {
		if uri, ok := t.spec.Images[aws.ToString(c.Name)]; ok {
			c.Image = aws.String(uri)
		}
		containers[i] = c
	}
	in := &ecs.RegisterTaskDefinitionInput{
		ContainerDefinitions: containers, Family: def.Family, Cpu: def.Cpu, EnableFaultInjection: def.EnableFaultInjection,
		EphemeralStorage: def.EphemeralStorage, ExecutionRoleArn: def.ExecutionRoleArn,
		IpcMode: def.IpcMode, Memory: def.Memory, NetworkMode: def.NetworkMode, PidMode: def.PidMode, PlacementConstraints: def.PlacementConstraints,
		ProxyConfiguration: def.ProxyConfiguration, RequiresCompatibilities: def.RequiresCompatibilities, RuntimePlatform: def.RuntimePlatform,
		TaskRoleArn: def.TaskRoleArn, Volumes: def.Volumes,
	}
	if len(old.Tags) > 0 { // an empty list is refused
		in.Tags = old.Tags
	}
	out, err := t.calls.RegisterTaskDefinition(ctx, in)
	if err != nil {
		return "", err
	}
	arn := aws.ToString(out.TaskDefinition.TaskDefinitionArn)
	t.report(deploy.PhaseExecute, "registered", arn)
	return arn, nil
}

// movement is one change of what a service runs.
type movement struct {
	phase deploy.Phase
	// from and to are task definitions.
	from, to string
	// config replaces the deployment configuration; nil: it stays.
	config *types.DeploymentConfiguration
	// hold: it is followed until it waits at the hook of config.
	hold bool
}

// move lets the service run a task definition and follows the deployment.
func (t *ECS) move(ctx context.Context, m movement) error {
	began := t.opts.Now()
	if m.phase == deploy.PhaseExecute {
		t.put = m.to
	}
	_, err := t.calls.UpdateService(ctx, &ecs.UpdateServiceInput{Cluster: aws.String(t.spec.Cluster), Service: aws.String(t.spec.Name),
		TaskDefinition: aws.String(m.to), DeploymentConfiguration: m.config})
	if err != nil {
		now, readErr := t.service(context.WithoutCancel(ctx)) // the answer may have been lost
		switch {
		case readErr != nil || now == nil:
			return fmt.Errorf("update %s in %s: %w", t.subject(), t.spec.Region, err)
		case aws.ToString(now.TaskDefinition) == m.from:
			return t.notBegun(ctx, "update service", err)
		case aws.ToString(now.TaskDefinition) != m.to:
			return t.moved(aws.ToString(now.TaskDefinition), "meanwhile")
		}
	}
	return t.follow(ctx, m, began)
}

// moved is a service that somebody else deployed to.
func (t *ECS) moved(to, when string) error {
	return &deploy.Error{Kind: deploy.Stuck, Resource: t.spec.Name, Type: serviceType, At: t.opts.Now(),
		Reason: fmt.Sprintf("somebody else deployed %s to %s in %s %s", to, t.subject(), t.spec.Region, when), Hint: "find out who deploys this service as well"}
}

// Abort implements deploy.Target: ECS takes the running deployment back.
func (t *ECS) Abort(ctx context.Context) error {
	t.aborted.Store(true)
	if h := t.waits.Load(); h != nil && t.answer(ctx, h, types.DeploymentLifecycleHookActionRollback) == nil {
		return nil
	}
	arn := t.running.Load()
	if arn == nil {
		return nil
	}
	_, err := t.calls.StopServiceDeployment(ctx, &ecs.StopServiceDeploymentInput{ServiceDeploymentArn: arn, StopType: types.StopServiceDeploymentStopTypeRollback})
	if err != nil && code(err) != "ConflictException" { // it ended meanwhile
		return fmt.Errorf("stop deployment of %s in %s: %w", t.subject(), t.spec.Region, err)
	}
	return nil
}

// Discard implements deploy.Target: a plan makes nothing that would have to go.
func (t *ECS) Discard(context.Context, deploy.Plan) error { return nil }
