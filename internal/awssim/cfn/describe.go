package cfn

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func describeStacks(e *Engine, c *core.Call) (any, error) {
	out := []any{}
	if name := c.In.String("StackName"); name != "" {
		st, err := e.need(c, name)
		if err != nil {
			return nil, err
		}
		return core.Out{"Stacks": append(out, describeStack(st))}, nil
	}
	for _, st := range slices.Backward(e.stacks[c.Scope]) {
		if st.exists() {
			out = append(out, describeStack(st))
		}
	}
	page, next, err := core.Paginate(out, c.In.String("NextToken"), 100)
	return core.Out{"Stacks": page, "NextToken": next}, err
}

func describeStack(st *stack) core.Out {
	out := core.Out{
		"StackId": st.id, "StackName": st.name, "StackStatus": st.status, "StackStatusReason": orNil(st.reason), "CreationTime": st.created,
		"LastUpdatedTime": orNever(st.updated), "DeletionTime": orNever(st.deleted), "DisableRollback": st.disableRollback,
		"EnableTerminationProtection": st.protected, "Capabilities": st.spec.capabilities, "NotificationARNs": st.spec.notifications,
		"RoleARN": orNil(st.spec.roleARN), "ChangeSetId": orNil(st.changeSetID), "Parameters": parametersOf(&st.spec),
		"Tags": core.TagList(st.spec.tags), "DriftInformation": stackDriftInfo(st), "RollbackConfiguration": rollbackOf(&st.spec),
		"LastOperations": operationsOf(st),
	}
	if st.timeout > 0 {
		out["TimeoutInMinutes"] = st.timeout
	}
	if st.spec.template != nil {
		out["Description"] = orNil(st.spec.template.Description)
	}
	if st.parent != nil {
		out["ParentId"], out["RootId"] = st.parent.id, st.root().id
	}
	outputs := []any{}
	for _, o := range st.outputs {
		outputs = append(outputs, core.Out{"OutputKey": o.Name, "OutputValue": jsonText(o.Value), "Description": orNil(o.Description), "ExportName": orNil(o.Export)})
	}
	out["Outputs"] = outputs
	return out
}

func (st *stack) root() *stack {
	for st.parent != nil {
		st = st.parent
	}
	return st
}

// operationsOf lists the most recent operations, newest first, as DescribeStacks does.
func operationsOf(st *stack) []any {
	out := []any{}
	for _, o := range st.operations[:min(len(st.operations), 5)] {
		out = append(out, core.Out{"OperationId": o.id, "OperationType": o.kind})
	}
	return out
}

func rollbackOf(sp *spec) wire.Object {
	if sp.rollback == nil {
		return wire.Object{}
	}
	return sp.rollback
}

// parametersOf lists the parameters; NoEcho values are masked.
func parametersOf(sp *spec) []any {
	out := []any{}
	for _, name := range slices.Sorted(maps.Keys(sp.parameters)) {
		p := core.Out{"ParameterKey": name, "ParameterValue": sp.parameters[name]}
		if v, ok := sp.resolved[name]; ok {
			p["ResolvedValue"] = v
		}
		if sp.template.Parameters[name].NoEcho {
			p["ParameterValue"] = "****"
			delete(p, "ResolvedValue")
		}
		out = append(out, p)
	}
	return out
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func orNever(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

func listStacks(e *Engine, c *core.Call) (any, error) {
	filter := c.In.Strings("StackStatusFilter")
	out := []any{}
	for _, st := range slices.Backward(e.stacks[c.Scope]) {
		if len(filter) > 0 && !slices.Contains(filter, st.status) {
			continue
		}
		row := core.Out{"StackId": st.id, "StackName": st.name, "StackStatus": st.status, "StackStatusReason": orNil(st.reason),
			"CreationTime": st.created, "LastUpdatedTime": orNever(st.updated), "DeletionTime": orNever(st.deleted),
			"DriftInformation": stackDriftInfo(st), "LastOperations": operationsOf(st)}
		if st.spec.template != nil {
			row["TemplateDescription"] = orNil(st.spec.template.Description)
		}
		if st.parent != nil {
			row["ParentId"], row["RootId"] = st.parent.id, st.root().id
		}
		out = append(out, row)
	}
	page, next, err := core.Paginate(out, c.In.String("NextToken"), 100)
	return core.Out{"StackSummaries": page, "NextToken": next}, err
}

func listStackResources(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, r := range st.rows() {
		out = append(out, core.Out{"LogicalResourceId": r.logical, "PhysicalResourceId": orNil(r.physical), "ResourceType": r.typ,
			"ResourceStatus": r.status, "ResourceStatusReason": orNil(r.reason), "LastUpdatedTimestamp": r.changed, "DriftInformation": resourceDriftInfo(r)})
	}
	page, next, err := core.Paginate(out, c.In.String("NextToken"), 100)
	return core.Out{"StackResourceSummaries": page, "NextToken": next}, err
}

// rows are the resources in order of their logical ids.
func (st *stack) rows() []*resource {
	var out []*resource
	for _, id := range slices.Sorted(maps.Keys(st.resources)) {
		out = append(out, st.resources[id])
	}
	return out
}

func describeStackResources(e *Engine, c *core.Call) (any, error) {
	name, physical, logical := c.In.String("StackName"), c.In.String("PhysicalResourceId"), c.In.String("LogicalResourceId")
	stacks := e.stacks[c.Scope]
	if name != "" {
		st, err := e.need(c, name)
		if err != nil {
			return nil, err
		}
		stacks = []*stack{st}
	} else if physical == "" {
		return nil, invalid("Either stackName or physicalResourceId must be specified")
	}
	out := []any{}
	for _, st := range stacks {
		owner := physical == "" || slices.ContainsFunc(st.rows(), func(r *resource) bool { return r.physical == physical && r.lives() })
		if !owner || name == "" && !st.exists() {
			continue
		}
		for _, r := range st.rows() {
			if logical == "" || r.logical == logical {
				out = append(out, resourceRow(st, r, "Timestamp"))
			}
		}
	}
	if name == "" && len(out) == 0 {
		return nil, invalid("Stack for %s does not exist", physical)
	}
	return core.Out{"StackResources": out[:min(len(out), 100)]}, nil
}

func resourceRow(st *stack, r *resource, timestamp string) core.Out {
	return core.Out{"StackId": st.id, "StackName": st.name, "LogicalResourceId": r.logical, "PhysicalResourceId": orNil(r.physical),
		"ResourceType": r.typ, "ResourceStatus": r.status, "ResourceStatusReason": orNil(r.reason), timestamp: r.changed,
		"DriftInformation": resourceDriftInfo(r)}
}

func describeStackResource(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	r := st.resources[c.In.String("LogicalResourceId")]
	if r == nil {
		return nil, invalid("Resource %s does not exist for stack %s", c.In.String("LogicalResourceId"), st.name)
	}
	row := resourceRow(st, r, "LastUpdatedTimestamp")
	if r.metadata != nil {
		row["Metadata"] = jsonText(r.metadata)
	}
	return core.Out{"StackResourceDetail": row}, nil
}

func describeStackEvents(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, ev := range slices.Backward(st.events) {
		out = append(out, core.Out{"EventId": ev.id, "StackId": st.id, "StackName": st.name, "LogicalResourceId": ev.logical,
			"PhysicalResourceId": ev.physical, "ResourceType": ev.typ, "Timestamp": ev.at, "ResourceStatus": ev.status,
			"ResourceStatusReason": orNil(ev.reason), "ClientRequestToken": orNil(ev.token), "ResourceProperties": orNil(ev.properties),
			"OperationId": orNil(ev.operation)})
	}
	page, next, err := core.Paginate(out, c.In.String("NextToken"), 100)
	return core.Out{"StackEvents": page, "NextToken": next}, err
}

// describeEvents is the newer list, which also covers change sets and can show failures only.
func describeEvents(e *Engine, c *core.Call) (any, error) {
	operation := c.In.String("OperationId")
	var stacks []*stack
	switch {
	case c.In.Has("ChangeSetName"):
		st, cs, err := e.findChangeSet(c)
		if err != nil {
			return nil, err
		}
		stacks, operation = []*stack{st}, cs.operation
	case c.In.Has("StackName"):
		st, err := e.need(c, c.In.String("StackName"))
		if err != nil {
			return nil, err
		}
		stacks = []*stack{st}
	case operation != "":
		stacks = e.stacks[c.Scope]
	default:
		return nil, invalid("One of StackName, ChangeSetName or OperationId must be specified")
	}
	failures := c.In.Object("Filters").Bool("FailedEvents")
	out := []any{}
	for _, st := range stacks {
		for _, ev := range slices.Backward(append(slices.Clone(st.events), st.validations...)) {
			if operation != "" && ev.operation != operation || failures && !ev.failure {
				continue
			}
			out = append(out, operationEvent(st, ev))
		}
	}
	page, next, err := core.Paginate(out, c.In.String("NextToken"), 100)
	return core.Out{"OperationEvents": page, "NextToken": next}, err
}

func operationEvent(st *stack, ev event) core.Out {
	if ev.path != "" {
		return core.Out{"EventId": ev.id, "StackId": st.id, "EventType": "VALIDATION_ERROR", "LogicalResourceId": ev.logical, "ResourceType": ev.typ,
			"Timestamp": ev.at, "OperationId": ev.operation, "OperationType": ev.opKind, "ValidationFailureMode": "FAIL",
			"ValidationName": existenceCheck, "ValidationStatus": "FAILED", "ValidationStatusReason": ev.reason, "ValidationPath": ev.path}
	}
	kind := "STACK_EVENT"
	if ev.failure && ev.typ != stackType {
		kind = "PROVISIONING_ERROR"
	}
	return core.Out{"EventId": ev.id, "StackId": st.id, "EventType": kind, "LogicalResourceId": ev.logical, "PhysicalResourceId": orNil(ev.physical),
		"ResourceType": ev.typ, "ResourceStatus": ev.status, "ResourceStatusReason": orNil(ev.reason), "Timestamp": ev.at, "StartTime": ev.at,
		"ClientRequestToken": orNil(ev.token), "OperationId": orNil(ev.operation), "OperationType": orNil(ev.opKind), "ResourceProperties": orNil(ev.properties),
		"OperationStatus": operationStatus(ev)}
}

func operationStatus(ev event) any {
	if ev.typ != stackType {
		return nil
	}
	switch {
	case ev.failure:
		return "FAILED"
	case strings.HasSuffix(ev.status, "_IN_PROGRESS"):
		return "IN_PROGRESS"
	}
	return "SUCCEEDED"
}
