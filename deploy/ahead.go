package deploy

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"
)

// atOnce bounds how many targets of a Region are read or planned side by side. The
// calls of all of them are paced together, by whoever sends them.
const atOnce = 8

// attempt is a plan made ahead of its turn: the unit holds it, and err is why
// there is none. stop ends it.
type attempt struct {
	unit *unit
	ctx  context.Context
	stop context.CancelFunc
	err  error
}

// planAhead plans, side by side, the units whose plan depends on nothing but
// outputs, with those that there are now. Those of which an output cannot be
// read wait for their turn, which will say why.
func (r *run) planAhead(ctx context.Context, reg *regionRun) map[*unit]*attempt {
	units := slices.DeleteFunc(slices.Clone(reg.units), func(u *unit) bool { return u.about.AfterOthers })
	if len(units) < 2 {
		return nil
	}
	outputs := reg.outputsNow(ctx)
	var attempts []*attempt
	for _, u := range units {
		if knowsAll(outputs, u.about.Needs) {
			a := &attempt{unit: u}
			a.ctx, a.stop = context.WithCancel(ctx)
			defer a.stop()
			attempts = append(attempts, a)
		}
	}
	r.attemptAll(reg, attempts, outputs)
	found := map[*unit]*attempt{}
	for _, a := range attempts {
		found[a.unit] = a
	}
	return found
}

// attemptAll plans some at once. A failure stops those after it in order, not
// those before it: the first in order is the one to tell of.
func (r *run) attemptAll(reg *regionRun, attempts []*attempt, outputs map[string]map[string]string) {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, a := range attempts {
		group.Go(func() error {
			a.err = r.prepareUnit(a.ctx, reg, a.unit, inputsFrom(outputs, a.unit.about.Needs))
			if a.err != nil {
				for _, later := range attempts[i+1:] {
					later.stop()
				}
			}
			return nil
		})
	}
	_ = group.Wait() // the attempts hold the errors
}

// outputsNow are the outputs, by target, that others of the Region take. One
// that cannot be read is missing; a target that does not exist has none.
func (reg *regionRun) outputsNow(ctx context.Context) map[string]map[string]string {
	found := make([]map[string]string, len(reg.units))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, u := range reg.units {
		if reg.isNeeded(u) {
			group.Go(func() error {
				outputs, err := u.target.Outputs(ctx)
				if err == nil {
					found[i] = outputs
				}
				return nil
			})
		}
	}
	_ = group.Wait()
	outputs := map[string]map[string]string{}
	for i, u := range reg.units {
		if found[i] != nil {
			outputs[u.about.Name] = found[i]
		}
	}
	return outputs
}

func knowsAll(outputs map[string]map[string]string, needs []Ref) bool {
	for _, need := range needs {
		if outputs[need.Target] == nil {
			return false
		}
	}
	return true
}

// inputsFrom are the needed outputs that there are.
func inputsFrom(outputs map[string]map[string]string, needs []Ref) Inputs {
	in := Inputs{}
	for _, need := range needs {
		if value, ok := outputs[need.Target][need.Output]; ok {
			in[need] = value
		}
	}
	return in
}
