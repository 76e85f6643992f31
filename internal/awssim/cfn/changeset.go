package cfn

import (
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Execution statuses of change sets.
const (
	unavailable       = "UNAVAILABLE"
	available         = "AVAILABLE"
	executeInProgress = "EXECUTE_IN_PROGRESS"
	executeComplete   = "EXECUTE_COMPLETE"
	executeFailed     = "EXECUTE_FAILED"
	obsolete          = "OBSOLETE"
)

const noChanges = "The submitted information didn't contain changes. Submit different information to create a change set."

// changeSet is one change set of a stack.
type changeSet struct {
	id, name, kind, token    string
	description              string
	status, reason           string
	execution                string
	created                  time.Time
	spec                     spec
	plan                     plan
	operation, executeToken  string
	onStackFailure           string
	deploymentMode           string
	includeNested, importing bool
	unvalidated              bool
}

func createChangeSet(e *Engine, c *core.Call) (any, error) {
	kind, name := c.In.Or("ChangeSetType", "UPDATE"), c.In.String("ChangeSetName")
	if !stackName.MatchString(name) {
		return nil, invalid("1 validation error detected: Value '%s' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*", name)
	}
	st, err := e.changeSetStack(c, kind)
	if err != nil {
		return nil, err
	}
	fresh := st.uuid == draftUUID
	if old := st.changeSet(name); old != nil {
		if token := c.In.String("ClientToken"); token != "" && token == old.token {
			return core.Out{"Id": old.id, "StackId": st.id}, nil
		}
		return nil, wire.Errorf(400, "AlreadyExistsException", "ChangeSet %s cannot be created due to a mismatch with existing attribute Template", name)
	}
	if err := checkMode(c.In, kind); err != nil {
		return nil, err
	}
	var old *spec
	if st.spec.template != nil {
		old = &st.spec
	}
	sp, err := e.readSpec(c, st, old)
	if err != nil {
		return nil, err
	}
	if fresh {
		st = e.newStack(c.Scope, st.name)
		e.setStatus(st, nil, reviewInProgress, "User Initiated")
	}
	cs := e.addChangeSet(st, c, kind, name, sp)
	return core.Out{"Id": cs.id, "StackId": st.id}, nil
}

// checkMode refuses combinations that AWS refuses.
func checkMode(in wire.Object, kind string) error {
	failure := in.String("OnStackFailure")
	switch {
	case failure == "DELETE" && kind != "CREATE":
		return invalid("OnStackFailure DELETE can only be used with change set type CREATE")
	case in.String("DeploymentMode") == "REVERT_DRIFT" && kind != "UPDATE":
		return invalid("DeploymentMode REVERT_DRIFT can only be used with change set type UPDATE")
	case kind == "IMPORT" || in.Has("ResourcesToImport"):
		return invalid("The simulator does not import resources.")
	}
	return nil
}

const draftUUID = "00000000-0000-4000-8000-000000000000"

// changeSetStack finds the stack a change set is for, or drafts the one it will make.
func (e *Engine) changeSetStack(c *core.Call, kind string) (*stack, error) {
	name := c.In.String("StackName")
	st, ok := e.find(c.Scope, name)
	if ok && !st.exists() {
		ok = false
	}
	switch {
	case kind == "CREATE" && !ok:
		if strings.HasPrefix(name, "arn:") {
			return nil, invalid("Stack [%s] does not exist", name)
		}
		return e.draft(c, name), checkName(name)
	case kind == "CREATE" && st.status != reviewInProgress:
		return nil, invalid("Stack [%s] already exists and cannot be created again with the changeSet [%s].", st.name, c.In.String("ChangeSetName"))
	case kind == "CREATE":
		return st, nil
	case !ok:
		return nil, invalid("Stack [%s] does not exist", name)
	case st.status == reviewInProgress:
		return nil, invalid("Stack [%s] does not exist", name)
	case !updatable(st.status, st.status == updateFailed || st.status == createFailed):
		return nil, invalid("Stack:%s is in %s state and can not be updated.", st.id, st.status)
	}
	return st, nil
}

func (e *Engine) addChangeSet(st *stack, c *core.Call, kind, name string, sp spec) *changeSet {
	uuid := e.world.IDs.UUID("changeset", st.id, name)
	cs := &changeSet{
		id: "arn:aws:cloudformation:" + st.Region + ":" + st.Account + ":changeSet/" + name + "/" + uuid, name: name, kind: kind,
		token: c.In.String("ClientToken"), description: c.In.String("Description"), created: e.world.Clock.Now(), spec: sp,
		status: "CREATE_PENDING", execution: unavailable, onStackFailure: c.In.String("OnStackFailure"), deploymentMode: c.In.String("DeploymentMode"),
		includeNested: c.In.Bool("IncludeNestedStacks"), importing: c.In.Bool("ImportExistingResources"), unvalidated: c.In.Bool("DisableValidation"),
		operation: e.world.IDs.UUID("operation", st.id, name),
	}
	st.changeSets = append(st.changeSets, cs)
	st.operations = append([]operationEntry{{cs.operation, opCreateChangeSet}}, st.operations...)
	e.after(reviewDelay/4, func() {
		if cs.status != "CREATE_PENDING" {
			return
		}
		cs.status = "CREATE_IN_PROGRESS"
		e.after(reviewDelay-reviewDelay/4, func() { e.review(st, cs) })
	})
	return cs
}

// review computes the changes of a change set.
func (e *Engine) review(st *stack, cs *changeSet) {
	if cs.status != "CREATE_IN_PROGRESS" {
		return
	}
	p, err := e.plan(st, &cs.spec, cs.deploymentMode == "REVERT_DRIFT")
	switch {
	case err != nil:
		cs.status, cs.reason = "FAILED", message(err)
	case p.empty():
		cs.status, cs.reason = "FAILED", noChanges
	case busy(st.status):
		cs.status, cs.reason = "FAILED", "Stack:"+st.id+" is in "+st.status+" state and can not be updated."
	default:
		cs.plan = p
		found := e.conflicts(st, p)
		if cs.importing {
			found = cs.plan.importing(found)
		}
		if len(found) > 0 && !cs.unvalidated {
			e.reject(st, cs, found)
			return
		}
		cs.status, cs.execution = "CREATE_COMPLETE", available
	}
}

func (st *stack) changeSet(nameOrID string) *changeSet {
	for _, cs := range st.changeSets {
		if cs.name == nameOrID || cs.id == nameOrID {
			return cs
		}
	}
	return nil
}

// findChangeSet finds a change set by ARN, or by its name and the stack's.
func (e *Engine) findChangeSet(c *core.Call) (*stack, *changeSet, error) {
	name, stack := c.In.String("ChangeSetName"), c.In.String("StackName")
	missing := wire.Errorf(404, "ChangeSetNotFound", "ChangeSet [%s] does not exist", name)
	if strings.HasPrefix(name, "arn:") {
		for _, st := range e.stacks[c.Scope] {
			if cs := st.changeSet(name); cs != nil {
				return st, cs, nil
			}
		}
		return nil, nil, missing
	}
	if stack == "" {
		return nil, nil, invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
	}
	st, ok := e.find(c.Scope, stack)
	if !ok {
		return nil, nil, invalid("Stack [%s] does not exist", stack)
	}
	if cs := st.changeSet(name); cs != nil {
		return st, cs, nil
	}
	return nil, nil, missing
}

func executeChangeSet(e *Engine, c *core.Call) (any, error) {
	st, cs, err := e.findChangeSet(c)
	if err != nil {
		return nil, err
	}
	token := c.In.String("ClientRequestToken")
	if cs.executeToken != "" && cs.executeToken == token {
		return nil, nil
	}
	if cs.execution != available {
		status := cs.status
		if cs.status == "CREATE_COMPLETE" {
			status = cs.execution
		}
		return nil, wire.Errorf(400, "InvalidChangeSetStatus", "ChangeSet [%s] cannot be executed in its current status of [%s]", cs.id, status)
	}
	if c.In.Bool("DisableRollback") && cs.onStackFailure != "" {
		return nil, invalid("DisableRollback cannot be specified together with OnStackFailure of the change set")
	}
	disable := c.In.Bool("DisableRollback") || cs.onStackFailure == "DO_NOTHING"
	if cs.kind == "UPDATE" && !updatable(st.status, disable) {
		return nil, invalid("Stack:%s is in %s state and can not be updated.", st.id, st.status)
	}
	e.execute(st, cs, token, disable).retainExceptOnCreate = c.In.Bool("RetainExceptOnCreate")
	return nil, nil
}

func (e *Engine) execute(st *stack, cs *changeSet, token string, disableRollback bool) *operation {
	cs.execution, cs.executeToken = executeInProgress, token
	var op *operation
	if cs.kind == "CREATE" {
		op = e.newOperation(st, opCreate, token)
		op.target, op.onFailure = cs.spec, "ROLLBACK"
		if cs.onStackFailure != "" {
			op.onFailure = cs.onStackFailure
		}
		if disableRollback {
			op.onFailure = "DO_NOTHING"
		}
		st.disableRollback = disableRollback
	} else {
		op = e.startUpdate(st, cs.spec, token, disableRollback)
		op.revertDrift = cs.deploymentMode == "REVERT_DRIFT"
	}
	op.importing = cs.importing
	st.changeSetID = cs.id
	st.changeSets = slices.DeleteFunc(st.changeSets, func(other *changeSet) bool { return other != cs })
	op.done = func(ok bool, _ string) {
		cs.execution = executeComplete
		if !ok {
			cs.execution = executeFailed
		}
	}
	op.run()
	return op
}

func deleteChangeSet(e *Engine, c *core.Call) (any, error) {
	st, cs, err := e.findChangeSet(c)
	if core.Code(err) == "ChangeSetNotFound" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if cs.execution == executeInProgress || cs.status == "CREATE_IN_PROGRESS" || cs.status == "CREATE_PENDING" {
		return nil, wire.Errorf(400, "InvalidChangeSetStatus", "An operation on this ChangeSet is currently in progress.")
	}
	st.changeSets = slices.DeleteFunc(st.changeSets, func(other *changeSet) bool { return other == cs })
	return nil, nil
}
