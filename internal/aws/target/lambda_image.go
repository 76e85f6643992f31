package target

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/deploy"
)

// versionMark begins the description of every version that Lockstep published.
const versionMark = "Lockstep: "

// aliasMark describes the aliases that Lockstep made: only those it deletes.
const aliasMark = "Made and moved by Lockstep"

// functionImage is what brings an alias back.
type functionImage struct {
	// Version is the format: 1.
	Version int       `json:"version"`
	TakenAt time.Time `json:"taken_at"`
	// Alias is where it pointed; nil: it did not exist.
	Alias *aliasState `json:"alias"`
	// Provisioned is the provisioned concurrency of the version it pointed at.
	Provisioned int32 `json:"provisioned,omitempty"`
	// Next is the code that the deploy was about to bring: from there, and from
	// nowhere else, the alias may be moved back.
	Next string `json:"next,omitempty"`
}

// Image implements deploy.Target.
func (t *Lambda) Image(ctx context.Context) ([]byte, error) {
	state, err := t.alias(ctx)
	if err != nil {
		return nil, t.preparing("save state", err)
	}
	img := functionImage{Version: 1, TakenAt: t.opts.Now().UTC(), Alias: state, Next: t.want}
	if state != nil {
		if img.Provisioned, _, err = t.provisioned(ctx, state.Version); err != nil {
			return nil, t.preparing("save state", err)
		}
	}
	return json.Marshal(img)
}

func readFunctionImage(data []byte) (functionImage, error) {
	var img functionImage
	err := json.Unmarshal(data, &img)
	if err == nil && img.Version != 1 {
		err = fmt.Errorf("its version is %d", img.Version)
	}
	return img, err
}

// Restore implements deploy.Target: the alias back, to a version that is warm.
func (t *Lambda) Restore(ctx context.Context, data []byte) (deploy.Restored, error) {
	img, err := readFunctionImage(data)
	if err != nil {
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: fmt.Sprintf("the saved state of %s is damaged: %v", t.subject(), err),
			Hint: "move the alias by hand"}
	}
	now, err := t.alias(ctx)
	if err != nil {
		return deploy.Restored{}, t.preparing("restore", err)
	}
	if now.equals(img.Alias) {
		return t.unmoved(ctx, now), nil
	}
	if img.Alias == nil {
		return t.removeAlias(ctx, now, img)
	}
	if now == nil {
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Resource: t.spec.Alias, Type: aliasType,
			Reason: "somebody deleted the alias", Hint: "create it again at version " + img.Alias.Version}
	}
	if err := t.isOurs(ctx, now, img); err != nil {
		return deploy.Restored{}, err
	}
	if img.Provisioned > 0 {
		t.spec.Provisioned = img.Provisioned
		if err := t.warm(ctx, img.Alias.Version); err != nil {
			return deploy.Restored{}, fmt.Errorf("warm version %s of %s in %s: %w", img.Alias.Version, t.spec.Name, t.spec.Region, err)
		}
	}
	if err := t.point(ctx, img.Alias, now); err != nil {
		return deploy.Restored{}, stuckBack(err)
	}
	back := deploy.Restored{Status: "restored", Detail: "alias " + t.spec.Alias + " back at version " + img.Alias.Version}
	if now.Version != img.Alias.Version && t.spec.Provisioned > 0 {
		if err := t.cool(ctx, now.Version); err != nil {
			back.Notes = append(back.Notes, err.Error())
		}
	}
	return back, nil
}

// isOurs refuses to move an alias back from where somebody else has put it
// since: the saved state is not what they want to have back.
func (t *Lambda) isOurs(ctx context.Context, now *aliasState, img functionImage) error {
	if now.SHA256 == t.want || now.SHA256 == img.Next || img.Alias != nil && now.Version == img.Alias.Version {
		return nil
	}
	config, err := t.configuration(ctx, now.Version)
	switch {
	case err != nil:
		return t.preparing("restore", err)
	case strings.HasPrefix(aws.ToString(config.Description), versionMark): // of a deploy that did not end
		return nil
	}
	before := "there was no alias before this release"
	if img.Alias != nil {
		before = "the release before had version " + img.Alias.Version
	}
	return &deploy.Error{Kind: deploy.Stuck, Resource: t.spec.Alias, Type: aliasType,
		Reason: fmt.Sprintf("alias %s of %s in %s was moved to version %s by somebody else, and is left there", t.spec.Alias, t.subject(), t.spec.Region, now.Version),
		Hint:   "find out who deploys this function as well; " + before + "; `lockstep deploy` goes forward"}
}

// unmoved ends a restore of an alias that is where it was. A version that this
// run warmed, and the alias never came to, would be paid for by nobody's wish.
func (t *Lambda) unmoved(ctx context.Context, now *aliasState) deploy.Restored {
	back := deploy.Restored{Status: "untouched", Detail: "the alias was not moved"}
	if t.warmed == "" || now != nil && now.Version == t.warmed {
		return back
	}
	if err := t.cool(ctx, t.warmed); err != nil {
		back.Notes = append(back.Notes, err.Error())
	}
	return back
}

// stuckBack is a way back that did not work: the target is not what it was.
func stuckBack(err error) error {
	if deploy.KindOf(err) != deploy.Failed && deploy.KindOf(err) != deploy.Refused {
		return err
	}
	return &deploy.Error{Kind: deploy.Stuck, Err: err, Reason: err.Error(), Hint: "correct the cause and run again"}
}

// removeAlias deletes an alias that this application's deploy made.
func (t *Lambda) removeAlias(ctx context.Context, now *aliasState, img functionImage) (deploy.Restored, error) {
	out, err := t.calls.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: aws.String(t.spec.Name), Name: aws.String(t.spec.Alias)})
	if err != nil {
		return deploy.Restored{}, t.preparing("restore", err)
	}
	if aws.ToString(out.Description) != aliasMark {
		return deploy.Restored{}, &deploy.Error{Kind: deploy.Stuck, Resource: t.spec.Alias, Type: aliasType,
			Reason: "it did not exist before, and somebody else made it", Hint: "delete it by hand if it is not wanted"}
	}
	if err := t.isOurs(ctx, now, img); err != nil {
		return deploy.Restored{}, err
	}
	version := aws.ToString(out.FunctionVersion)
	if _, err := t.calls.DeleteAlias(ctx, &lambda.DeleteAliasInput{FunctionName: aws.String(t.spec.Name), Name: aws.String(t.spec.Alias)}); err != nil {
		return deploy.Restored{}, t.preparing("delete alias", err)
	}
	back := deploy.Restored{Status: "deleted", Detail: "the alias was made by this release"}
	if t.spec.Provisioned > 0 {
		if err := t.cool(ctx, version); err != nil {
			back.Notes = append(back.Notes, err.Error())
		}
	}
	return back, nil
}

// At implements deploy.Returner.
func (t *Lambda) At(data []byte) (deploy.Target, error) {
	img, err := readFunctionImage(data)
	if err != nil {
		return nil, t.refusal("deploy that release from its commit", "its saved state is damaged: %v", err)
	}
	if img.Alias == nil {
		return nil, t.refusal("delete it by hand if it is not wanted", "alias %s did not exist in that release", t.spec.Alias)
	}
	back := &Lambda{spec: t.spec, opts: t.opts, calls: t.calls, depot: t.depot, version: img.Alias.Version, want: img.Alias.SHA256}
	back.spec.Provisioned = img.Provisioned
	return back, nil
}
