package cfn

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// Times that CloudFormation itself takes, in simulated time.
const (
	startDelay  = time.Second     // from the request to the first resource
	failDelay   = 2 * time.Second // until a resource that cannot be made is known to have failed
	settleDelay = time.Second     // from the last resource to the final status
	reviewDelay = 2 * time.Second // of computing a change set
	detectDelay = 3 * time.Second // of a drift detection
)

// operation is one run of the state machine on one stack.
type operation struct {
	e               *Engine
	st              *stack
	id, kind, token string
	target          spec
	ev              *template.Evaluator
	before          image
	touched         map[string]bool           // logical ids that differ from the image
	actual          map[string]map[string]any // logical id → live values that a drift-aware update has overwritten
	doomed          []*resource               // old physical resources to delete once the update is final
	walk            *walk
	signals         map[string]*signalWait
	frozen          map[string][]func() // fault id → what goes on when it is removed
	phase           int                 // callbacks of an earlier phase are void

	onFailure            string // ROLLBACK, DELETE or DO_NOTHING
	retainExceptOnCreate bool
	revertDrift          bool
	importing            bool                         // resources that exist under their names are taken in
	done                 func(ok bool, reason string) // for nested stacks; may be nil
}

// image is what a failed update goes back to.
type image struct {
	spec      spec
	resources map[string]*resource
	outputs   []template.OutputValue
	changeSet string
}

func (st *stack) image() image {
	rows := map[string]*resource{}
	for id, r := range st.resources {
		if r.lives() {
			rows[id] = r.copy()
		}
	}
	return image{spec: st.spec, resources: rows, outputs: st.outputs, changeSet: st.changeSetID}
}

// newOperation makes an operation the stack's current one.
func (e *Engine) newOperation(st *stack, kind, token string) *operation {
	op := &operation{
		e: e, st: st, kind: kind, token: token, id: e.world.IDs.UUID("operation", st.id, kind),
		touched: map[string]bool{}, actual: map[string]map[string]any{}, signals: map[string]*signalWait{}, frozen: map[string][]func(){}, before: st.image(),
	}
	if st.op != nil {
		st.op.phase++ // what it had planned is void
	}
	st.op = op
	st.operations = append([]operationEntry{{op.id, kind}}, st.operations...)
	return op
}

// in runs f later, unless the operation has moved on by then.
func (op *operation) in(d time.Duration, f func()) {
	phase := op.phase
	op.e.after(d, func() {
		if op.phase == phase {
			f()
		}
	})
}

// script is what faults make of one step.
type script struct {
	takes  time.Duration
	reason string // the step fails
	freeze string // id of the fault that holds it
}

func (op *operation) script(r *resource, action string, takes time.Duration) script {
	s := script{takes: takes}
	hits := op.e.faults.Resources(fault.ResourceInfo{
		Account: op.st.Account, Region: op.st.Region, Stack: op.st.name, LogicalID: r.logical, Type: r.typ, Action: action,
	})
	for _, f := range hits {
		switch f.Effect {
		case fault.SlowResource:
			s.takes = f.Delay.D()
		case fault.FreezeResource:
			s.freeze = f.ID
		case fault.FailResource:
			s.reason = f.Message
			if s.reason == "" {
				s.reason = handlerMessage(op.e, r, "Simulated failure of "+r.logical, "GeneralServiceException")
			}
		}
	}
	return s
}

// conclude ends a step after its time, or when the fault that holds it is removed.
func (op *operation) conclude(s script, f func()) {
	if s.freeze == "" || !op.e.faults.Frozen(s.freeze) {
		op.in(s.takes, f)
		return
	}
	op.frozen[s.freeze] = append(op.frozen[s.freeze], f)
}

// Thaw lets steps go on whose freezing fault is no longer in force.
func (e *Engine) Thaw() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, stacks := range e.stacks {
		for _, st := range stacks {
			if st.op != nil {
				st.op.thaw()
			}
		}
	}
}

func (op *operation) thaw() {
	for _, id := range slices.Sorted(maps.Keys(op.frozen)) {
		if op.e.faults.Frozen(id) {
			continue
		}
		for _, f := range op.frozen[id] {
			op.in(0, f)
		}
		delete(op.frozen, id)
	}
}

// next voids all pending callbacks.
func (op *operation) next() {
	op.phase++
	clear(op.signals)
	clear(op.frozen)
}

// finish ends the operation; nobody needs to be told twice.
func (op *operation) finish(ok bool, reason string) {
	op.next()
	if done := op.done; done != nil {
		op.done = nil
		done(ok, reason)
	}
}

func list(ids []string) string {
	slices.Sort(ids)
	return "[" + strings.Join(ids, ", ") + "]"
}

func handlerMessage(e *Engine, r *resource, text, code string) string {
	return "Resource handler returned message: \"" + text + "\" (RequestToken: " + e.world.IDs.UUID("request-token", r.logical) + ", HandlerErrorCode: " + code + ")"
}
