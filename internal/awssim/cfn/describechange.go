package cfn

import (
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func describeChangeSet(e *Engine, c *core.Call) (any, error) {
	st, cs, err := e.findChangeSet(c)
	if err != nil {
		return nil, err
	}
	values := c.In.Bool("IncludePropertyValues")
	changes := []any{}
	for _, ch := range cs.plan.changes {
		changes = append(changes, core.Out{"Type": "Resource", "ResourceChange": describeChange(ch, cs, values)})
	}
	page, next, err := core.Paginate(changes, c.In.String("NextToken"), 100)
	if err != nil {
		return nil, err
	}
	out := summary(st, cs)
	maps.Copy(out, core.Out{
		"Changes": page, "NextToken": next, "Parameters": parametersOf(&cs.spec), "Tags": core.TagList(cs.spec.tags),
		"Capabilities": cs.spec.capabilities, "NotificationARNs": cs.spec.notifications, "RollbackConfiguration": rollbackOf(&cs.spec),
		"OnStackFailure": orNil(cs.onStackFailure), "DeploymentMode": orNil(cs.deploymentMode), "StackDriftStatus": orNil(cs.plan.drift),
	})
	return out, nil
}

// summary is what both DescribeChangeSet and ListChangeSets say.
func summary(st *stack, cs *changeSet) core.Out {
	return core.Out{
		"ChangeSetId": cs.id, "ChangeSetName": cs.name, "StackId": st.id, "StackName": st.name, "Description": orNil(cs.description),
		"CreationTime": cs.created, "Status": cs.status, "StatusReason": orNil(cs.reason), "ExecutionStatus": cs.execution,
		"IncludeNestedStacks": cs.includeNested, "ImportExistingResources": cs.importing,
	}
}

func describeChange(ch change, cs *changeSet, values bool) core.Out {
	out := core.Out{
		"Action": ch.action, "LogicalResourceId": ch.logical, "PhysicalResourceId": orNil(ch.physical), "ResourceType": ch.typ,
		"Replacement": orNil(ch.replacement), "Scope": ch.scope, "PolicyAction": orNil(ch.policyAction), "ResourceDriftStatus": orNil(ch.drift),
	}
	details := []any{}
	for _, d := range ch.details {
		details = append(details, describeDetail(d, values))
	}
	out["Details"] = details
	if !values {
		return out
	}
	before := ch.before
	if cs.deploymentMode == "REVERT_DRIFT" {
		out["PreviousDeploymentContext"] = propertyContext(ch.before)
		if ch.live != nil {
			before = ch.live
		}
	}
	out["BeforeContext"], out["AfterContext"] = propertyContext(before), propertyContext(ch.after)
	return out
}

func propertyContext(props map[string]any) any {
	if props == nil {
		return nil
	}
	return jsonText(map[string]any{"Properties": props})
}

func describeDetail(d detail, values bool) core.Out {
	target := core.Out{"Attribute": d.attribute, "Name": orNil(d.name), "RequiresRecreation": d.recreation}
	if values {
		target["Path"] = orNil(d.path)
		target["BeforeValue"], target["AfterValue"] = jsonText(d.before), jsonText(d.after)
		target["AttributeChangeType"] = orNil(d.kind)
		if d.drifted {
			target["Drift"] = core.Out{"PreviousValue": jsonText(d.before), "ActualValue": orText(d.actual, "null")}
		}
	}
	return core.Out{"Target": target, "Evaluation": d.evaluation, "ChangeSource": d.source, "CausingEntity": orNil(d.cause)}
}

func listChangeSets(e *Engine, c *core.Call) (any, error) {
	st, ok := e.find(c.Scope, c.In.String("StackName"))
	if !ok {
		return nil, invalid("Stack [%s] does not exist", c.In.String("StackName"))
	}
	out := []any{}
	for _, cs := range st.changeSets {
		out = append(out, summary(st, cs))
	}
	page, next, err := core.Paginate(out, c.In.String("NextToken"), 100)
	return core.Out{"Summaries": page, "NextToken": next}, err
}

func getTemplate(e *Engine, c *core.Call) (any, error) {
	stages := []any{"Original", "Processed"}
	if c.In.Has("ChangeSetName") {
		_, cs, err := e.findChangeSet(c)
		if err != nil {
			return nil, err
		}
		return core.Out{"TemplateBody": cs.spec.source, "StagesAvailable": stages}, nil
	}
	st, ok := e.find(c.Scope, c.In.String("StackName"))
	if !ok {
		return nil, invalid("Stack with id %s does not exist", c.In.String("StackName"))
	}
	if st.spec.template == nil {
		return core.Out{"TemplateBody": "", "StagesAvailable": []any{}}, nil
	}
	return core.Out{"TemplateBody": st.spec.source, "StagesAvailable": stages}, nil
}

func validateTemplate(e *Engine, c *core.Call) (any, error) {
	_, t, err := e.readTemplate(c, nil)
	if err != nil {
		return nil, err
	}
	params := []any{}
	for _, name := range slices.Sorted(maps.Keys(t.Parameters)) {
		p := t.Parameters[name]
		row := core.Out{"ParameterKey": name, "Description": orNil(p.Description), "NoEcho": p.NoEcho}
		if p.Default != nil {
			row["DefaultValue"] = *p.Default
		}
		params = append(params, row)
	}
	out := core.Out{"Description": orNil(t.Description), "Parameters": params, "DeclaredTransforms": t.Transforms}
	if need, types := capability(t); need != "" {
		out["Capabilities"] = []any{need}
		out["CapabilitiesReason"] = "The following resource(s) require capabilities: " + list(types)
	}
	return out, nil
}

func getTemplateSummary(e *Engine, c *core.Call) (any, error) {
	var t = (*spec)(nil)
	if name := c.In.String("StackName"); name != "" {
		st, err := e.need(c, name)
		if err != nil {
			return nil, err
		}
		t = &st.spec
	} else {
		source, parsed, err := e.readTemplate(c, nil)
		if err != nil {
			return nil, err
		}
		t = &spec{source: source, template: parsed}
	}
	if t.template == nil {
		return nil, invalid("The stack has no template yet")
	}
	params := []any{}
	for _, name := range slices.Sorted(maps.Keys(t.template.Parameters)) {
		p := t.template.Parameters[name]
		row := core.Out{"ParameterKey": name, "ParameterType": p.Type, "NoEcho": p.NoEcho, "Description": orNil(p.Description)}
		if p.Default != nil {
			row["DefaultValue"] = *p.Default
		}
		if len(p.AllowedValues) > 0 {
			row["ParameterConstraints"] = wire.Object{"AllowedValues": p.AllowedValues}
		}
		params = append(params, row)
	}
	types := map[string]bool{}
	for _, r := range t.template.Resources {
		types[r.Type] = true
	}
	out := core.Out{"Description": orNil(t.template.Description), "Version": orNil(t.template.FormatVersion), "Parameters": params,
		"ResourceTypes": slices.Sorted(maps.Keys(types)), "DeclaredTransforms": t.template.Transforms, "Metadata": jsonText(t.template.Metadata)}
	if need, names := capability(t.template); need != "" {
		out["Capabilities"] = []any{need}
		out["CapabilitiesReason"] = "The following resource(s) require capabilities: " + list(names)
	}
	return out, nil
}
