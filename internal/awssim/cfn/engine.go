package cfn

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Fetch reads an object for TemplateURL with the caller's account and Region.
type Fetch func(scope store.Scope, bucket, key string) ([]byte, error)

// Zones lists the availability zones of a Region, for Fn::GetAZs.
type Zones func(region string) []string

// Engine is CloudFormation in all accounts and Regions. It is safe for concurrent use once Bind was called.
type Engine struct {
	world  *core.World
	faults *fault.Set
	fetch  Fetch
	zones  Zones

	mu         sync.Mutex
	stacks     map[store.Scope][]*stack // in order of creation, deleted ones included
	detections map[string]*detection
}

// NewEngine returns an engine without stacks. It must be bound to a world before its first call.
func NewEngine(faults *fault.Set) *Engine {
	return &Engine{faults: faults, stacks: map[store.Scope][]*stack{}, detections: map[string]*detection{}}
}

// Bind gives the engine the world it acts on and the ways to read templates by URL and to list zones.
func (e *Engine) Bind(world *core.World, fetch Fetch, zones Zones) {
	e.world, e.fetch, e.zones = world, fetch, zones
}

// handler is an operation that runs under the lock.
type handler func(*Engine, *core.Call) (any, error)

func (e *Engine) locked(h handler) core.Handler {
	return func(c *core.Call) (any, error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		return h(e, c)
	}
}

// after runs f under the lock when d of simulated time has passed.
func (e *Engine) after(d time.Duration, f func()) {
	e.world.Clock.AfterFunc(d, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		f()
	})
}

// find returns a stack by name (only ones that exist) or by id (deleted ones too).
func (e *Engine) find(scope store.Scope, nameOrID string) (*stack, bool) {
	for _, st := range slices.Backward(e.stacks[scope]) {
		if st.id == nameOrID || st.name == nameOrID && st.exists() {
			return st, true
		}
	}
	return nil, false
}

// need is find with the error most operations answer for a missing stack.
func (e *Engine) need(c *core.Call, nameOrID string) (*stack, error) {
	if nameOrID == "" {
		return nil, invalid("1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null")
	}
	st, ok := e.find(c.Scope, nameOrID)
	if !ok {
		return nil, invalid("Stack with id %s does not exist", nameOrID)
	}
	return st, nil
}

func invalid(format string, args ...any) *wire.Error {
	return wire.Errorf(400, "ValidationError", format, args...)
}

// newStack adds a stack without resources.
func (e *Engine) newStack(scope store.Scope, name string) *stack {
	uuid := e.world.IDs.UUID("stack", scope.Account, scope.Region, name)
	st := &stack{Scope: scope, name: name, uuid: uuid, created: e.world.Clock.Now(), resources: map[string]*resource{}, made: map[string]int{}}
	st.id = st.arn()
	e.stacks[scope] = append(e.stacks[scope], st)
	return st
}

// live returns the resource behind a row.
func (e *Engine) live(st *stack, r *resource) (store.Resource, bool) {
	return e.world.Store.Get(e.world.Scope(st.Scope, r.typ), r.typ, r.id)
}

func compact(v map[string]any) string {
	if len(v) == 0 {
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "" // closed trees always marshal
	}
	return string(b)
}

// same compares two closed trees the way CloudFormation does: scalars by their text, a JSON document equal to its tree, a
// member that is nothing equal to one that is absent.
func same(a, b any) bool {
	if ma, mb := wire.AsObject(a), wire.AsObject(b); ma != nil && mb != nil {
		for k := range union(ma, mb) {
			if !same(ma[k], mb[k]) {
				return false
			}
		}
		return true
	}
	la, oka := wire.Items(a)
	lb, okb := wire.Items(b)
	if oka && okb {
		return slices.EqualFunc(la, lb, same)
	}
	if isTree(a) || isTree(b) {
		pa, pb := parsed(a), parsed(b)
		return isTree(pa) && isTree(pb) && (!isTree(a) || !isTree(b)) && same(pa, pb)
	}
	return wire.Text(a) == wire.Text(b) && (a == nil) == (b == nil)
}

func isTree(v any) bool {
	_, list := wire.Items(v)
	return list || wire.AsObject(v) != nil
}

// parsed reads text that is a JSON document.
func parsed(v any) any {
	s, ok := v.(string)
	if !ok || !strings.ContainsAny(strings.TrimSpace(s)[:min(1, len(strings.TrimSpace(s)))], "{[") {
		return v
	}
	var out any
	if json.Unmarshal([]byte(s), &out) != nil {
		return v
	}
	return out
}
