package target

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// image is what brings a stack back: everything CloudFormation was given.
type image struct {
	// Version is the format: 1.
	Version int       `json:"version"`
	TakenAt time.Time `json:"taken_at"`
	// Exists: false means that there was no stack, or only one that never
	// became stable.
	Exists           bool              `json:"exists"`
	StackID          string            `json:"stack_id,omitempty"`
	Template         string            `json:"template,omitempty"`
	Parameters       map[string]string `json:"parameters,omitempty"`
	Hidden           []string          `json:"hidden,omitempty"` // NoEcho parameters, whose values nobody can read
	Tags             map[string]string `json:"tags,omitempty"`
	Capabilities     []string          `json:"capabilities,omitempty"`
	Role             string            `json:"role,omitempty"`
	NotificationARNs []string          `json:"notification_arns,omitempty"`
	// Policy is the stack policy, empty if it had none; nil: no release of ours
	// sets one here, and it was not read.
	Policy *string `json:"policy,omitempty"`
}

// Image implements deploy.Target.
func (t *CloudFormation) Image(ctx context.Context) ([]byte, error) {
	stack, err := t.describe(ctx, t.spec.Name)
	if err != nil {
		return nil, t.preparing("save state", err)
	}
	img := image{Version: 1, TakenAt: t.opts.Now().UTC()}
	if meaning(stack.StackStatus).Usable {
		if img, err = t.imageOf(ctx, stack); err != nil {
			return nil, t.preparing("save state", err)
		}
	}
	data, err := json.Marshal(img)
	if err != nil {
		return nil, fmt.Errorf("save state of stack %s: %w", t.spec.Name, err)
	}
	return data, nil
}

func (t *CloudFormation) imageOf(ctx context.Context, stack types.Stack) (image, error) {
	body, err := t.template(ctx, aws.ToString(stack.StackId))
	if err != nil {
		return image{}, err
	}
	img := image{Version: 1, TakenAt: t.opts.Now().UTC(), Exists: true, StackID: aws.ToString(stack.StackId), Template: body,
		Parameters: map[string]string{}, Tags: map[string]string{}, Role: aws.ToString(stack.RoleARN), NotificationARNs: stack.NotificationARNs}
	for _, p := range stack.Parameters {
		key, value := aws.ToString(p.ParameterKey), aws.ToString(p.ParameterValue)
		if value == masked {
			img.Hidden = append(img.Hidden, key)
			continue
		}
		img.Parameters[key] = value
	}
	slices.Sort(img.Hidden)
	for _, tag := range stack.Tags {
		img.Tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}
	for _, c := range stack.Capabilities {
		img.Capabilities = append(img.Capabilities, string(c))
	}
	slices.Sort(img.Capabilities)
	if t.spec.Policy != "" {
		policy, err := t.policy(ctx, img.StackID)
		if err != nil {
			return image{}, err
		}
		img.Policy = &policy
	}
	return img, nil
}

// equals reports whether a stack that was read again is what the image shows.
func (img image) equals(other image) bool {
	return img.StackID == other.StackID && sameTemplate(img.Template, other.Template) &&
		maps.Equal(img.Parameters, other.Parameters) && slices.Equal(img.Hidden, other.Hidden) && maps.Equal(img.Tags, other.Tags)
}

// Restore implements deploy.Target.
func (t *CloudFormation) Restore(ctx context.Context, data []byte) (deploy.Restored, error) {
	var img image
	if err := json.Unmarshal(data, &img); err != nil || img.Version != 1 {
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Err: err,
			Reason: "the saved state of stack " + t.spec.Name + " is damaged or of another version", Hint: "deploy the earlier release again"}
	}
	continued := false
	for {
		stack, err := t.atRest(ctx, img)
		if err != nil {
			return deploy.Restored{}, fmt.Errorf("restore stack %s in %s: %w", t.spec.Name, t.spec.Region, err)
		}
		row := meaning(stack.StackStatus)
		switch row.Back {
		case nothing:
			return t.afterMissing(img)
		case compare:
			return t.bringBack(ctx, img, stack)
		case deleteOnly:
			return t.removeFailed(ctx, img, stack)
		case askAgain, rollFirst:
			if !continued {
				continued = true
				if err := t.continueBack(ctx, stack, row.Back); err != nil {
					return deploy.Restored{}, err
				}
				continue
			}
		}
		return deploy.Restored{}, t.stuck(stack, row.Hint)
	}
}

// atRest waits until nothing runs on the stack. It looks for the stack of the
// image by id, so that one created under the same name is not mistaken for it.
func (t *CloudFormation) atRest(ctx context.Context, img image) (types.Stack, error) {
	pace, teller := t.newPace(), t.newTeller(deploy.Held, deploy.PhaseRollback)
	lastSeen := t.opts.Now()
	for {
		stack, err := t.describe(ctx, cmp.Or(img.StackID, t.spec.Name))
		switch {
		case ctx.Err() != nil:
			return stack, ctx.Err()
		case err != nil:
			if err := t.blind(lastSeen, err); err != nil {
				return stack, err
			}
		case meaning(stack.StackStatus).Back != follow:
			return stack, nil
		default:
			lastSeen = t.opts.Now()
			teller.waits("for its %s to end", stack.StackStatus)
			if meaning(stack.StackStatus).While == goOn {
				if err := t.forgo(ctx, stack); err != nil && ctx.Err() == nil {
					t.report(deploy.PhaseRollback, "warning", err.Error())
				}
			}
		}
		if err := pace.wait(ctx, false); err != nil {
			return stack, err
		}
	}
}

func (t *CloudFormation) stuck(stack types.Stack, hint string) error {
	return &deploy.Error{Kind: deploy.Stuck, Hint: hint,
		Reason: fmt.Sprintf("stack %s in %s is %s%s", t.spec.Name, t.spec.Region, stack.StackStatus, meaning(stack.StackStatus).takingOver())}
}

// afterMissing ends a restore that found no stack.
func (t *CloudFormation) afterMissing(img image) (deploy.Restored, error) {
	if !img.Exists {
		return deploy.Restored{Status: "untouched", Detail: "the stack does not exist, as before"}, nil
	}
	return deploy.Restored{}, t.stuck(types.Stack{StackStatus: missing}, hintGone)
}

// removeFailed deletes a stack that never became stable, if it was not there before.
func (t *CloudFormation) removeFailed(ctx context.Context, img image, stack types.Stack) (deploy.Restored, error) {
	if img.Exists {
		return deploy.Restored{}, t.stuck(stack, meaning(stack.StackStatus).Hint)
	}
	return t.removeOwn(ctx, img, stack)
}

// removeOwn deletes a stack that came into being after the image was taken.
// Only one that this application's deploy created is deleted.
func (t *CloudFormation) removeOwn(ctx context.Context, img image, stack types.Stack) (deploy.Restored, error) {
	id := aws.ToString(stack.StackId)
	if stack.StackStatus == types.StackStatusReviewInProgress {
		ours := func(s types.ChangeSetSummary) bool {
			name := aws.ToString(s.ChangeSetName)
			return strings.HasPrefix(name, setPrefix) && !strings.HasPrefix(name, planPrefix)
		}
		if err := t.deleteShell(ctx, id, ours); err != nil {
			return deploy.Restored{}, err
		}
		return deploy.Restored{Status: "untouched", Detail: "no stack, as before"}, nil
	}
	ours, err := t.createdByUs(ctx, id)
	if err != nil {
		return deploy.Restored{}, fmt.Errorf("restore stack %s in %s: %w", t.spec.Name, t.spec.Region, err)
	}
	if !ours {
		return deploy.Restored{}, t.stuck(stack, "it did not exist before and somebody else created it: delete it by hand if it is not wanted")
	}
	if aws.ToBool(stack.EnableTerminationProtection) {
		return deploy.Restored{}, t.stuck(stack, "it did not exist before but is protected from deletion: take the protection off")
	}
	if err := t.deleteStack(ctx, id, deploy.PhaseRollback); err != nil {
		return deploy.Restored{}, err
	}
	return deploy.Restored{Status: "deleted", Detail: "the stack was created by this release", Notes: t.kept(ctx, id)}, nil
}
