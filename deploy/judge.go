package deploy

import (
	"context"
	"maps"
	"slices"
)

// Judge says, with the compared plans of all Regions before it, whether the Regions
// could run the release. Notes are what a person should know of each Region. A
// Refused error rejects the deploy; any other says that it could not be determined,
// which rejects it too.
type Judge func(context.Context, Comparison) (notes map[string][]string, err error)

// weigh asks the judge, where something would change.
func (r *run) weigh(ctx context.Context) *ending {
	if r.req.Judge == nil {
		return nil
	}
	if r.nothingToDo() {
		for _, reg := range r.regions {
			reg.note("no precondition was judged: nothing would change")
		}
		return nil
	}
	r.phase(PhaseCompare, "could the Regions run it?")
	notes, err := r.req.Judge(ctx, r.comparison())
	for _, reg := range r.regions {
		for _, note := range notes[reg.Name] {
			reg.note("%s", note)
		}
	}
	if cause := interruption(ctx); cause != nil {
		return &ending{outcome: FailedClean, reason: r.explain(cause)}
	}
	if err == nil {
		return nil
	}
	return &ending{outcome: Rejected, reason: err.Error(), undetermined: KindOf(err) != Refused}
}

// doubts are the resource types that a Region may not offer: where a plan would
// create one, or does not show what it would create.
func (reg *regionRun) doubts() []string {
	var doubts []string
	for _, kind := range slices.Sorted(maps.Keys(reg.Doubtful)) {
		if reg.err != nil || slices.ContainsFunc(reg.units, func(u *unit) bool { return u.plan.Deferred != "" || u.plan.adds(kind) }) {
			doubts = append(doubts, reg.Doubtful[kind])
		}
	}
	return doubts
}

// adds reports whether the plan would create a resource of a type.
func (p Plan) adds(kind string) bool {
	for _, c := range p.Changes {
		if c.Type == kind && (c.Action == "Add" || c.Replaces()) {
			return true
		}
	}
	return false
}
