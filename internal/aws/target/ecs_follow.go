package target

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// ecsEnds says what each status of a service deployment means: only SUCCESSFUL
// is a success. What is not here, future statuses included, is still under way.
var ecsEnds = map[types.ServiceDeploymentStatus]waiting{
	types.ServiceDeploymentStatusSuccessful:         succeeded,
	types.ServiceDeploymentStatusRollbackSuccessful: failedClean,
	types.ServiceDeploymentStatusRollbackFailed:     leftStuck,
	types.ServiceDeploymentStatusStopped:            leftStuck,
}

// follow waits for the service deployment that runs a task definition to end,
// or to wait if it is to be held.
func (t *ECS) follow(ctx context.Context, m movement, began time.Time) error {
	id, err := t.findDeployment(ctx, m.to, began)
	switch {
	case err != nil:
		return err
	case id == "" && m.hold:
		return t.notHeld()
	case id == "":
		return nil
	}
	t.running.Store(aws.String(id))
	if t.aborted.Load() { // it was asked for before the deployment could be found
		if err := t.Abort(ctx); err != nil {
			t.report(m.phase, "warning", err.Error())
		}
	}
	defer func() {
		if ctx.Err() == nil && t.waits.Load() == nil { // otherwise it may still run: keep it abortable
			t.running.Store(nil)
		}
	}()
	return t.watch(ctx, m, id)
}

// watch reads a service deployment until it is over, or waits if it is to be held.
func (t *ECS) watch(ctx context.Context, m movement, id string) error {
	tale, lastSeen := &deploymentTale{t: t, phase: m.phase, teller: t.newTeller(deploy.Waiting, m.phase)}, t.opts.Now()
	for pace := t.opts.newPace(); ; {
		out, err := t.calls.DescribeServiceDeployments(ctx, &ecs.DescribeServiceDeploymentsInput{ServiceDeploymentArns: []string{id}})
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil || len(out.ServiceDeployments) == 0: // says nothing about how it goes
			if t.opts.Now().Sub(lastSeen) > t.opts.BlindTimeout {
				return fmt.Errorf("follow deployment of %s in %s: it could not be read for %s: %w", t.subject(), t.spec.Region, t.opts.BlindTimeout, orGone(err))
			}
		default:
			d := out.ServiceDeployments[0]
			lastSeen = t.opts.Now()
			tale.changed(d)
			if over, err := t.arrived(m, d); over {
				return err
			}
			tale.goesOn(d)
		}
		if err := pace.wait(ctx, false); err != nil {
			return err
		}
	}
}

// arrived reports whether there is nothing more to follow: the deployment waits
// at the hook if it is to be held, or is over. The error says that it failed.
func (t *ECS) arrived(m movement, d types.ServiceDeployment) (bool, error) {
	if h := parkedIn(d); h != nil && m.hold {
		t.waits.Store(h)
		return true, nil
	}
	end, over := ecsEnds[d.Status]
	switch {
	case over && end == succeeded && m.hold:
		return true, t.notHeld()
	case over:
		t.waits.Store(nil)
		return true, t.over(end, d)
	}
	return false, nil
}

// deploymentTale tells a service deployment as progress.
type deploymentTale struct {
	t      *ECS
	phase  deploy.Phase
	teller *teller
	status types.ServiceDeploymentStatus
	// held is the hook at which it waits for a person, who was told of it; empty: none.
	held string
}

// changed tells a status that was not told yet.
func (s *deploymentTale) changed(d types.ServiceDeployment) {
	if d.Status == s.status {
		return
	}
	s.status = d.Status
	s.t.report(s.phase, string(d.Status), aws.ToString(d.StatusReason))
}

// goesOn tells what a deployment that is under way waits for. What a person is
// to do is said once.
func (s *deploymentTale) goesOn(d types.ServiceDeployment) {
	if hook := awaiting(d); hook != s.held && s.phase != deploy.PhaseCommit { // what was held is answered
		s.held = hook
		if hook != "" {
			s.t.report(s.phase, deploy.Held, hook)
		}
	}
	if s.held == "" {
		s.teller.waits("%s", progressOf(d))
	}
}

// notHeld is the end of a deployment that should have waited and did not: what
// it brought is there, and the other Regions do not have it yet.
func (t *ECS) notHeld() error {
	return t.ended(deploy.Stuck, "its deployment did not wait at its hook")
}

func orGone(err error) error {
	if err == nil {
		return errGone
	}
	return err
}

var errGone = errors.New("it is not listed any more")

// over words the end of a service deployment; nil: it worked.
func (t *ECS) over(end waiting, d types.ServiceDeployment) error {
	reason := fmt.Sprintf("its deployment ended as %s: %s", d.Status, aws.ToString(d.StatusReason))
	switch end {
	case succeeded:
		return nil
	case failedClean:
		failure := &deploy.Error{Kind: deploy.Failed, Resource: t.spec.Name, Type: serviceType, At: t.opts.Now(), Reason: reason, Cancelled: t.aborted.Load()}
		return failure
	}
	return t.ended(deploy.Stuck, "%s", reason)
}

// findDeployment finds the service deployment that was begun; empty: the service
// ran that task definition already, and nothing began.
func (t *ECS) findDeployment(ctx context.Context, arn string, began time.Time) (string, error) {
	for pace := t.opts.newPace(); ; {
		out, err := t.calls.ListServiceDeployments(ctx, &ecs.ListServiceDeploymentsInput{Cluster: aws.String(t.spec.Cluster), Service: aws.String(t.spec.Name)})
		if err != nil && ctx.Err() != nil {
			return "", ctx.Err()
		}
		if err == nil {
			var newest types.ServiceDeploymentBrief
			for _, d := range out.ServiceDeployments {
				if at := aws.ToTime(d.CreatedAt); !at.Before(began.Add(-clockSkew)) && at.After(aws.ToTime(newest.CreatedAt)) {
					newest = d
				}
			}
			if newest.ServiceDeploymentArn != nil {
				return aws.ToString(newest.ServiceDeploymentArn), nil
			}
		}
		if t.opts.Now().Sub(began) > stale {
			if err != nil {
				return "", fmt.Errorf("find deployment of %s in %s: %w", t.subject(), t.spec.Region, err)
			}
			return "", t.alreadyThere(ctx, arn)
		}
		if err := pace.wait(ctx, false); err != nil {
			return "", err
		}
	}
}

// clockSkew is how far the clock of AWS may be behind ours.
const clockSkew = 5 * time.Second

// alreadyThere is nil if the service settled on the task definition without a
// deployment that could be followed.
func (t *ECS) alreadyThere(ctx context.Context, arn string) error {
	s, err := t.service(ctx)
	if err != nil {
		return err
	}
	if s != nil {
		if d := primary(s); d != nil && aws.ToString(d.TaskDefinition) == arn && d.RolloutState == types.DeploymentRolloutStateCompleted {
			return nil
		}
	}
	return fmt.Errorf("follow deployment of %s in %s: it was accepted but has not begun", t.subject(), t.spec.Region)
}

// progressOf says where a service deployment is and what it waits for.
func progressOf(d types.ServiceDeployment) string {
	text := "for its deployment, " + string(d.Status)
	if r := d.TargetServiceRevision; r != nil && r.RunningTaskCount < r.RequestedTaskCount {
		text = fmt.Sprintf("for %d of %d tasks to run, %s", r.RequestedTaskCount-r.RunningTaskCount, r.RequestedTaskCount, d.Status)
	}
	if d.LifecycleStage != "" {
		text += " at " + string(d.LifecycleStage)
	}
	return text
}
