package cfn

import (
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// spec is what a caller wants a stack to be.
type spec struct {
	source        string // the template as submitted
	template      *template.Template
	parameters    map[string]string // given and defaulted
	resolved      map[string]string // values of parameters that name SSM parameters
	tags          map[string]string
	capabilities  []string
	roleARN       string
	notifications []string
	rollback      wire.Object // RollbackConfiguration
}

// stack is one stack, deleted ones included.
type stack struct {
	store.Scope
	id, name, uuid string
	spec           spec
	status, reason string

	created, updated, deleted time.Time
	disableRollback           bool
	timeout                   int // minutes, 0 for none
	protected                 bool
	policy                    string
	changeSetID               string // executed last
	outputs                   []template.OutputValue
	resources                 map[string]*resource
	events                    []event // oldest first
	validations               []event // what DescribeEvents adds: validation errors of change sets
	operations                []operationEntry
	changeSets                []*changeSet
	op                        *operation // running or last; its before image serves later rollbacks
	parent                    *stack
	parentLogical             string
	drift                     driftInfo
	made                      map[string]int // physical resources per logical id so far, for generated names
}

// resource is one row of a stack.
type resource struct {
	logical, typ   string
	id             string // identifier in the store
	physical       string // what Ref returns; empty until created
	status, reason string
	changed        time.Time
	properties     map[string]any // as last applied from the template
	metadata       any
	dependsOn      []string
	deletion       string // DeletionPolicy
	replaced       string // UpdateReplacePolicy
	drift          resourceDrift
	imported       bool // by the running operation: going back leaves it where it was
}

// lives reports whether there is something behind the row.
func (r *resource) lives() bool { return r != nil && r.physical != "" && r.status != deleteComplete }

func (r *resource) copy() *resource { c := *r; return &c }

type operationEntry struct{ id, kind string }

// event is one entry of the stack's history.
type event struct {
	id, logical, physical, typ string
	status, reason             string
	at                         time.Time
	token, operation, opKind   string
	properties                 string // JSON
	path                       string // of a validation error
	failure                    bool
}

func (st *stack) arn() string {
	return "arn:aws:cloudformation:" + st.Region + ":" + st.Account + ":stack/" + st.name + "/" + st.uuid
}

func (st *stack) exists() bool { return st.status != deleteComplete }

// note appends an event. Stack events carry the stack's own type and name.
func (e *Engine) note(st *stack, op *operation, ev event) {
	ev.at = e.world.Clock.Now()
	if op != nil {
		ev.token, ev.operation, ev.opKind = op.token, op.id, op.kind
	}
	ev.id = e.world.IDs.UUID("event", st.id)
	if ev.logical != st.name {
		ev.id = ev.logical + "-" + ev.status + "-" + ev.at.Format("2006-01-02T15:04:05.000Z")
	}
	st.events = append(st.events, ev)
}

// setStatus moves the stack and notes it.
func (e *Engine) setStatus(st *stack, op *operation, status, reason string) {
	st.status, st.reason = status, reason
	e.note(st, op, event{logical: st.name, physical: st.id, typ: stackType, status: status, reason: reason,
		failure: status == createFailed || status == updateFailed || status == deleteFailed || status == rollbackFailed || status == updateRollbackFailed})
}

// setResource moves a resource and notes it.
func (e *Engine) setResource(st *stack, op *operation, r *resource, status, reason string) {
	r.status, r.reason, r.changed = status, reason, e.world.Clock.Now()
	e.note(st, op, event{logical: r.logical, physical: r.physical, typ: r.typ, status: status, reason: reason,
		properties: compact(r.properties), failure: status == createFailed || status == updateFailed || status == deleteFailed})
}

const (
	stackType         = "AWS::CloudFormation::Stack"
	waitConditionType = "AWS::CloudFormation::WaitCondition"
	waitHandleType    = "AWS::CloudFormation::WaitConditionHandle"
)
