package target

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lockstep-dr/lockstep/deploy"
)

// serviceImage is what brings a service back.
type serviceImage struct {
	// Version is the format: 1.
	Version int       `json:"version"`
	TakenAt time.Time `json:"taken_at"`
	// TaskDefinition is what it ran; empty: there was no service.
	TaskDefinition string            `json:"task_definition,omitempty"`
	Images         map[string]string `json:"images,omitempty"`
	// Next are the images that the deploy was about to bring: from there the
	// service may be moved back.
	Next map[string]string `json:"next,omitempty"`
}

// Image implements deploy.Target.
func (t *ECS) Image(ctx context.Context) ([]byte, error) {
	img := serviceImage{Version: 1, TakenAt: t.opts.Now().UTC(), Next: t.spec.Images}
	s, err := t.service(ctx)
	if err != nil {
		return nil, t.preparing("save state", err)
	}
	if s != nil {
		def, err := t.definition(ctx, aws.ToString(s.TaskDefinition))
		if err != nil {
			return nil, t.preparing("save state", err)
		}
		img.TaskDefinition, img.Images = aws.ToString(s.TaskDefinition), images(def.TaskDefinition)
	}
	return json.Marshal(img)
}

func readServiceImage(data []byte) (serviceImage, error) {
	var img serviceImage
	err := json.Unmarshal(data, &img)
	if err == nil && img.Version != 1 {
		err = fmt.Errorf("its version is %d", img.Version)
	}
	return img, err
}

// Restore implements deploy.Target: the service back on the task definition it
// ran, unless somebody else has moved it since: the saved state is not what they
// want to have back.
func (t *ECS) Restore(ctx context.Context, data []byte) (deploy.Restored, error) {
	img, err := readServiceImage(data)
	if err != nil {
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: fmt.Sprintf("the saved state of %s is damaged: %v", t.subject(), err),
			Hint: "deploy the earlier task definition by hand"}
	}
	if img.TaskDefinition == "" {
		return deploy.Restored{Status: "untouched", Detail: "there was no service: what made it takes it away"}, nil
	}
	s, err := t.atRest(ctx)
	switch {
	case err != nil:
		return deploy.Restored{}, t.preparing("restore", err)
	case s == "":
		return deploy.Restored{}, t.ended(deploy.Stuck, "somebody deleted the service")
	case s == img.TaskDefinition:
		return deploy.Restored{Status: "untouched", Detail: "back by its own rollback"}, nil
	}
	notes, err := t.mayMoveBack(ctx, s, img)
	if err != nil {
		return deploy.Restored{}, err
	}
	back := deploy.Restored{Status: "restored", Detail: "back on " + img.TaskDefinition, Notes: notes}
	t.waits.Store(nil)
	t.aborted.Store(false) // what was aborted is over: this is the way back
	if err := t.move(ctx, movement{phase: deploy.PhaseRollback, to: img.TaskDefinition, from: s}); err != nil {
		return deploy.Restored{}, stuckBack(err)
	}
	return back, nil
}

// Follows implements deploy.Follower.
func (t *ECS) Follows() { t.follows = true }

// mayMoveBack refuses to move a service back from what this release did not put
// there. What a stack of the release may have put there is only told of: ECS
// does not say who moved a service.
func (t *ECS) mayMoveBack(ctx context.Context, runs string, img serviceImage) ([]string, error) {
	known := runs == t.put || runs == t.seen
	if !known && (t.put == "" || t.follows) {
		def, err := t.definition(ctx, runs)
		if err != nil {
			return nil, t.preparing("restore", err)
		}
		known = t.has(def.TaskDefinition) || len(img.Next) > 0 && runsAll(def.TaskDefinition, img.Next)
	}
	switch {
	case known:
		return nil, nil
	case t.follows:
		return []string{fmt.Sprintf("it ran %s, which has not the images of this release, and was taken back from there: if no target of the release put it there, somebody else deploys it as well", runs)}, nil
	}
	return nil, &deploy.Error{Kind: deploy.Stuck, Resource: t.spec.Name, Type: serviceType, At: t.opts.Now(),
		Reason: fmt.Sprintf("somebody else deployed %s to %s in %s, and it is left there", runs, t.subject(), t.spec.Region),
		Hint:   "find out who deploys this service as well; the release before ran " + img.TaskDefinition + "; `lockstep deploy` goes forward"}
}

// atRest waits until no deployment runs, however long, and returns the task
// definition of the service; empty: there is no service.
func (t *ECS) atRest(ctx context.Context) (string, error) {
	for {
		s, err := t.ready(ctx)
		if deploy.KindOf(err) == deploy.Refused && ctx.Err() == nil {
			continue // still under way: the deadline of the way back bounds this
		}
		if err != nil || s == nil {
			return "", err
		}
		return aws.ToString(s.TaskDefinition), nil
	}
}

// At implements deploy.Returner.
func (t *ECS) At(data []byte) (deploy.Target, error) {
	img, err := readServiceImage(data)
	if err != nil {
		return nil, t.refusal("deploy that release from its commit", "its saved state is damaged: %v", err)
	}
	if img.TaskDefinition == "" {
		return nil, t.refusal("delete it by hand if it is not wanted", "it did not exist in that release")
	}
	back := &ECS{spec: t.spec, opts: t.opts, calls: t.calls, registry: t.registry, pinned: img.TaskDefinition}
	back.spec.Images = img.Images
	return back, nil
}
