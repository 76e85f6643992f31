package cfn

import (
	"regexp"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

var stackName = regexp.MustCompile(`^[a-zA-Z][-a-zA-Z0-9]{0,127}$`)

func checkName(name string) error {
	if !stackName.MatchString(name) {
		return invalid("1 validation error detected: Value '%s' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*", name)
	}
	return nil
}

func createStack(e *Engine, c *core.Call) (any, error) {
	name, token := c.In.String("StackName"), c.In.String("ClientRequestToken")
	if err := checkName(name); err != nil {
		return nil, err
	}
	if st, ok := e.find(c.Scope, name); ok {
		if token != "" && st.op != nil && st.op.kind == opCreate && st.op.token == token {
			return core.Out{"StackId": st.id, "OperationId": st.op.id}, nil
		}
		return nil, wire.Errorf(400, "AlreadyExistsException", "Stack [%s] already exists", name)
	}
	sp, err := e.readSpec(c, e.draft(c, name), nil)
	if err != nil {
		return nil, err
	}
	onFailure := c.In.Or("OnFailure", "ROLLBACK")
	if c.In.Has("OnFailure") && c.In.Has("DisableRollback") {
		return nil, invalid("You can specify either DisableRollback or OnFailure, but not both.")
	}
	if c.In.Bool("DisableRollback") {
		onFailure = "DO_NOTHING"
	}
	st := e.newStack(c.Scope, name)
	st.protected, st.timeout, st.policy = c.In.Bool("EnableTerminationProtection"), c.In.Int("TimeoutInMinutes", 0), c.In.String("StackPolicyBody")
	op := e.newOperation(st, opCreate, token)
	op.target, op.onFailure, op.retainExceptOnCreate = sp, onFailure, c.In.Bool("RetainExceptOnCreate")
	st.disableRollback = onFailure == "DO_NOTHING"
	op.run()
	return core.Out{"StackId": st.id, "OperationId": op.id}, nil
}

// draft is a stack to evaluate a template for before there is one.
func (e *Engine) draft(c *core.Call, name string) *stack {
	st := &stack{Scope: c.Scope, name: name, uuid: "00000000-0000-4000-8000-000000000000", resources: map[string]*resource{}}
	st.id = st.arn()
	return st
}

func updateStack(e *Engine, c *core.Call) (any, error) {
	token := c.In.String("ClientRequestToken")
	st, ok := e.find(c.Scope, c.In.String("StackName"))
	if !ok || !st.exists() || st.status == reviewInProgress {
		return nil, invalid("Stack [%s] does not exist", c.In.String("StackName"))
	}
	if token != "" && st.op != nil && st.op.kind == opUpdate && st.op.token == token {
		return core.Out{"StackId": st.id, "OperationId": st.op.id}, nil
	}
	disable := c.In.Bool("DisableRollback")
	if !updatable(st.status, disable) {
		return nil, invalid("Stack:%s is in %s state and can not be updated.", st.id, st.status)
	}
	sp, err := e.readSpec(c, st, &st.spec)
	if err != nil {
		return nil, err
	}
	p, err := e.plan(st, &sp, false)
	if err != nil {
		return nil, err
	}
	if p.empty() && st.status != updateFailed && st.status != createFailed {
		return nil, invalid("No updates are to be performed.")
	}
	if c.In.Has("StackPolicyBody") {
		st.policy = c.In.String("StackPolicyBody")
	}
	op := e.startUpdate(st, sp, token, disable)
	op.retainExceptOnCreate = c.In.Bool("RetainExceptOnCreate")
	op.run()
	return core.Out{"StackId": st.id, "OperationId": op.id}, nil
}

// startUpdate makes the operation of an update; other change sets of the stack become obsolete.
func (e *Engine) startUpdate(st *stack, sp spec, token string, disableRollback bool) *operation {
	previous := st.op
	unfinished := st.status == updateFailed || st.status == createFailed
	op := e.newOperation(st, opUpdate, token)
	op.target, op.onFailure = sp, "ROLLBACK"
	st.disableRollback = disableRollback
	if disableRollback {
		op.onFailure = "DO_NOTHING"
	}
	if unfinished && previous != nil { // the last stable state is older than this one
		op.before, op.touched, op.doomed = previous.before, previous.touched, previous.doomed
	}
	for _, cs := range st.changeSets {
		if cs.execution == available {
			cs.execution = obsolete
		}
	}
	return op
}

func deleteStack(e *Engine, c *core.Call) (any, error) {
	st, ok := e.find(c.Scope, c.In.String("StackName"))
	if !ok || !st.exists() {
		return nil, nil
	}
	switch {
	case st.protected:
		return nil, invalid("Stack [%s] cannot be deleted while TerminationProtection is enabled", st.name)
	case st.status == deleteInProgress:
		return nil, nil
	case st.status == updateInProgress || st.status == updateRollbackInProgress || st.status == updateCleanup || st.status == updateRollbackCleanup:
		return nil, invalid("Stack [%s] cannot be deleted while in status %s", st.name, st.status)
	}
	retain := c.In.Strings("RetainResources")
	if len(retain) > 0 && st.status != deleteFailed {
		return nil, invalid("Invalid operation on stack [%s]. RetainResources can only be specified if the stack is in the DELETE_FAILED state.", st.id)
	}
	for _, o := range st.outputs {
		if users := e.importers(st, o.Export); o.Export != "" && len(users) > 0 {
			e.setStatus(st, nil, st.status, "Delete canceled. Cannot delete export "+o.Export+" as it is in use by "+users[0]+".")
			return nil, nil
		}
	}
	if c.In.String("DeletionMode") == "FORCE_DELETE_STACK" {
		for id, r := range st.resources {
			if r.status == deleteFailed {
				retain = append(retain, id)
			}
		}
	}
	op := e.newOperation(st, opDelete, c.In.String("ClientRequestToken"))
	op.delete(retain)
	return nil, nil
}

func (op *operation) delete(retain []string) {
	op.e.setStatus(op.st, op, deleteInProgress, "User Initiated")
	for _, id := range retain {
		if r := op.st.resources[id]; r.lives() {
			op.e.setResource(op.st, op, r, deleteSkipped, "")
		}
	}
	op.in(startDelay, func() { op.removeAll("delete", deleteComplete, deleteFailed) })
}

func cancelUpdateStack(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	if st.status != updateInProgress {
		return nil, invalid("CancelUpdateStack cannot be called from current stack status")
	}
	if token := c.In.String("ClientRequestToken"); token != "" {
		st.op.token = token
	}
	st.op.onFailure = "ROLLBACK"
	st.op.cancelRunning("")
	e.setStatus(st, st.op, updateRollbackInProgress, "User Initiated")
	st.op.in(startDelay, func() { st.op.revert(nil, false) })
	return nil, nil
}

func continueUpdateRollback(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	skip, force := c.In.Strings("ResourcesToSkip"), c.In.Bool("ForceRollback")
	if st.status != updateRollbackFailed {
		return nil, invalid("Stack:%s is in %s state and can not be rolled back.", st.id, st.status)
	}
	if force && len(skip) > 0 {
		return nil, invalid("ForceRollback and ResourcesToSkip cannot be specified together.")
	}
	for _, id := range skip {
		if r := st.resources[id]; r == nil || r.status != updateFailed {
			return nil, invalid("The following resources to skip are not in the UPDATE_FAILED state: [%s]", id)
		}
	}
	e.again(st, opContinue, c.In.String("ClientRequestToken")).rollBackUpdate(skip, force)
	return nil, nil
}

// again makes an operation that goes on where the last one has stopped.
func (e *Engine) again(st *stack, kind, token string) *operation {
	previous := st.op
	op := e.newOperation(st, kind, token)
	op.before, op.touched, op.doomed, op.actual = previous.before, previous.touched, previous.doomed, previous.actual
	op.target, op.retainExceptOnCreate = previous.target, previous.retainExceptOnCreate
	return op
}

func (op *operation) rollBackUpdate(skip []string, force bool) {
	op.e.setStatus(op.st, op, updateRollbackInProgress, "User Initiated")
	op.in(startDelay, func() { op.revert(skip, force) })
}

func rollbackStack(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	token := c.In.String("ClientRequestToken")
	var op *operation
	switch st.status {
	case updateFailed:
		op = e.again(st, opRollback, token)
		op.rollBackUpdate(nil, false)
	case createFailed: // there is no stable state to go back to: the stack is deleted
		op = e.again(st, opRollback, token)
		op.retainExceptOnCreate = c.In.Bool("RetainExceptOnCreate")
		e.setStatus(st, op, rollbackInProgress, "User Initiated")
		op.in(startDelay, func() { op.removeAll("rollback-create", deleteComplete, rollbackFailed) })
	default:
		return nil, invalid("Stack:%s is in %s state and can not be rolled back.", st.id, st.status)
	}
	return core.Out{"StackId": st.id, "OperationId": op.id}, nil
}

func updateTerminationProtection(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	st.protected = c.In.Bool("EnableTerminationProtection")
	return core.Out{"StackId": st.id}, nil
}

func setStackPolicy(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	if _, err := readPolicy(c.In.String("StackPolicyBody")); err != nil {
		return nil, invalid("Error validating stack policy: Invalid stack policy")
	}
	st.policy = c.In.String("StackPolicyBody")
	return nil, nil
}

func getStackPolicy(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	if st.policy == "" {
		return nil, nil
	}
	return core.Out{"StackPolicyBody": st.policy}, nil
}

// importers names the stacks of the scope whose template imports the export.
func (e *Engine) importers(exporter *stack, name string) []string {
	var out []string
	for _, st := range e.stacks[exporter.Scope] {
		if st == exporter || !st.exists() || st.spec.template == nil || name == "" {
			continue
		}
		if slices.Contains(e.imports(st), name) {
			out = append(out, st.name)
		}
	}
	return out
}
