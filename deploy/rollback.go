package deploy

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Returner is a target whose saved images can be deployed again.
type Returner interface {
	Target
	// At returns the same target as it deploys the saved image instead of
	// what the release under way holds. An image that it cannot deploy, such
	// as one of a target that did not exist, is an *Error of kind Refused.
	At(image []byte) (Target, error)
}

// Rollback brings a recorded release back into every Region, through the same
// phases as a deploy: plans are compared, the policy is asked, and a failure
// in one Region takes all of them back to what they have now. to is the id or
// the name of the release; empty: the one before the release that runs. The
// targets of the request say what there is; what they hold comes from the
// images that were saved when the release was replaced.
func Rollback(ctx context.Context, req Request, to string) (Result, error) {
	req.Release = Release{ID: cmp.Or(to, "the release before")} // until the ledgers were read
	req.Bake = 0
	for i := range req.Regions {
		req.Regions[i].Alarms = nil // they may be the reason
	}
	req.back = &destination{name: to}
	return Run(ctx, req)
}

// destination is the release to go back to, by id or name; empty: the one before.
type destination struct{ name string }

// choose replaces the release of the request, and what its targets hold, by
// those of a recorded one. It runs under the lock.
func (r *run) choose(ctx context.Context) *ending {
	if r.req.back == nil {
		return nil
	}
	if r.resumed() {
		return &ending{outcome: Rejected, reason: "a deploy has not ended: `lockstep recover` takes it back, `lockstep deploy` goes forward"}
	}
	r.each(func(reg *regionRun) {
		records, err := reg.Ledger.History(ctx)
		if err != nil {
			reg.fail(PhaseObserve, "", fmt.Errorf("read history: %w", err), r.req.Clock.Now())
		}
		reg.history = records
	})
	if cause := interruption(ctx); cause != nil {
		return &ending{outcome: FailedClean, reason: r.explain(cause)}
	}
	if reg, _ := r.worst(); reg != nil {
		return &ending{outcome: FailedClean, reason: r.because(), undetermined: true}
	}
	id, err := r.destination()
	if err != nil {
		return &ending{outcome: Rejected, reason: err.Error()}
	}
	return r.chooseTargets(ctx, id)
}

// destination is the id of the release to go back to, the same in all Regions.
func (r *run) destination() (string, error) {
	found := map[string][]string{} // Regions by id
	for _, reg := range r.regions {
		id, err := reg.destination(r.req.back.name)
		if err != nil {
			return "", err
		}
		found[id] = append(found[id], reg.Name)
	}
	ids := slices.Sorted(maps.Keys(found))
	if len(ids) == 1 {
		return ids[0], nil
	}
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = id + " in " + strings.Join(found[id], ", ")
	}
	return "", fmt.Errorf("the Regions would go back to different releases (%s): name one that all of them have run", strings.Join(words, "; "))
}

func (reg *regionRun) destination(name string) (string, error) {
	if name == "" {
		switch record := reg.ledger.Record; {
		case record == nil:
			return "", fmt.Errorf("%s has no recorded release to go back from", reg.Name)
		case record.Previous == "":
			return "", fmt.Errorf("release %s is the first that %s has run: there is none to go back to", record.ID, reg.Name)
		default:
			return record.Previous, nil
		}
	}
	for _, record := range reg.history {
		if record.ID == name || record.Name == name {
			return record.ID, nil
		}
	}
	known := "its ledger has none"
	if ids := reg.releases(); len(ids) > 0 {
		known = "it has " + strings.Join(ids, ", ")
	}
	return "", fmt.Errorf("%s has no record of a release %q: %s", reg.Name, name, known)
}

// releases are the recorded ones, newest first, each once and not too many.
func (reg *regionRun) releases() []string {
	var ids []string
	for _, record := range reg.history {
		text := record.ID
		if record.Name != "" {
			text += " (" + record.Name + ")"
		}
		if !slices.Contains(ids, text) && len(ids) < 10 {
			ids = append(ids, text)
		}
	}
	return ids
}

// chooseTargets lets every target hold what the release had.
func (r *run) chooseTargets(ctx context.Context, id string) *ending {
	r.each(func(reg *regionRun) {
		if target, err := reg.goTo(ctx, id); err != nil {
			reg.fail(PhaseObserve, target, err, r.req.Clock.Now())
		}
	})
	if cause := interruption(ctx); cause != nil {
		return &ending{outcome: FailedClean, reason: r.explain(cause)}
	}
	if reg, kind := r.worst(); reg != nil {
		if kind == Refused {
			return &ending{outcome: Rejected, reason: r.because()}
		}
		return &ending{outcome: FailedClean, reason: r.because(), undetermined: true}
	}
	record := r.regions[0].recordOf(id)
	r.req.Release = Release{ID: record.ID, Name: record.Name, Commit: record.Commit}
	return nil
}

// recordOf is the newest record of a release; nil if there is none.
func (reg *regionRun) recordOf(id string) *Record {
	for i := range reg.history {
		if reg.history[i].ID == id {
			return &reg.history[i]
		}
	}
	return nil
}

// goTo replaces what the Region's targets hold. A target that the release did
// not have stays as it is. It names the target that failed.
func (reg *regionRun) goTo(ctx context.Context, id string) (string, error) {
	record := reg.recordOf(id)
	if record == nil {
		return "", &Error{Kind: Refused, Reason: "the ledger has no record of release " + id + " any more"}
	}
	var units []*unit
	for _, u := range reg.units {
		digest, had := record.Targets[u.about.Name]
		if !had {
			reg.note("target %s was not part of release %s and stays as it is", u.about.Name, id)
			continue
		}
		if err := reg.takeBack(ctx, u, digest, id); err != nil {
			return u.about.Name, err
		}
		units = append(units, u)
	}
	for name := range record.Targets {
		if reg.unit(name) == nil {
			return name, &Error{Kind: Refused, Reason: fmt.Sprintf("release %s had a target %s, which this configuration does not have", id, name),
				Hint: "check out the commit of that release" + inBrackets(record.Commit) + " and deploy it"}
		}
	}
	reg.units = units
	return "", nil
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

// takeBack lets one target hold what it had in the release.
func (reg *regionRun) takeBack(ctx context.Context, u *unit, digest, id string) error {
	returner, ok := u.target.(Returner)
	if !ok {
		return &Error{Kind: Refused, Reason: fmt.Sprintf("a target of kind %s keeps no state that can be deployed again", u.about.Kind),
			Hint: "check out the commit of that release and deploy it"}
	}
	image, err := reg.imageOf(ctx, u, digest, id)
	if err != nil {
		return err
	}
	target, err := returner.At(image)
	if err != nil {
		return err
	}
	u.target, u.about = target, target.About()
	u.about.Digest = digest
	return nil
}

// imageOf finds the image that shows a target as it was in a release: the one
// saved when the target was changed next. A target that has not changed since
// is shown by what it is now.
func (reg *regionRun) imageOf(ctx context.Context, u *unit, digest, id string) ([]byte, error) {
	at := slices.IndexFunc(reg.history, func(r Record) bool { return r.ID == id })
	last := at // the newest release in a row that had the target like this
	for last > 0 && reg.history[last-1].Targets[u.about.Name] == digest {
		last--
	}
	if last == 0 {
		return u.target.Image(ctx)
	}
	image, err := reg.Ledger.LoadImage(ctx, ImageKey(u.about.Name, reg.history[last].ID))
	if err != nil {
		return nil, &Error{Kind: Refused, Err: err, Reason: fmt.Sprintf("the saved state of %s in release %s cannot be used: %v", u.about.Name, id, err),
			Hint: "check out the commit of that release" + inBrackets(reg.history[at].Commit) + " and deploy it"}
	}
	return image, nil
}

// ImageKey names the image of a target as it was in a release.
func ImageKey(target, release string) string {
	if release == "" {
		return target
	}
	return target + "@" + release
}
