package stepfunctions

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func missing(code, format string, args ...any) error { return wire.Errorf(400, code, format, args...) }

// checkMachine works out the definition, which must be a document with states, and gives it a revision.
func checkMachine(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	text := p.String("DefinitionString")
	if p.Has("Definition") {
		text = shape.Document(p["Definition"])
	} else if text == "" {
		text = shape.Document(p["DefinitionString"])
	}
	for name, value := range p.Object("DefinitionSubstitutions") {
		text = strings.ReplaceAll(text, "${"+name+"}", wire.Text(value))
	}
	document, ok := shape.ParseDocument(text)
	if !ok || document["StartAt"] == nil || document["States"] == nil {
		return wire.Errorf(400, "InvalidDefinition", "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: the document has no StartAt or no States'")
	}
	changed := c.Before == nil || wire.Text(r.Private["Definition"]) != text || wire.Text(r.Properties["RoleArn"]) != wire.Text(c.Before.Properties["RoleArn"])
	r.Private["Definition"] = text
	if changed {
		r.Attributes["StateMachineRevisionId"] = c.World.IDs.UUID(r.Account, r.Region, r.Type, p.String("StateMachineName"), text)
	}
	return nil
}

func machineEntity() core.Entity {
	return core.Entity{
		Type: Type, Exists: "StateMachineAlreadyExists", Tags: "tags",
		ID: func(c *core.Call) string {
			return c.In.Or("stateMachineArn", "arn:aws:states:"+c.Region+":"+c.Account+":stateMachine:"+c.In.String("name"))
		},
		Missing: func(c *core.Call) error {
			return missing("StateMachineDoesNotExist", "State Machine Does Not Exist: '%s'", c.In.String("stateMachineArn"))
		},
		Show: showMachine, Take: takeMachine,
		Made: func(_ *core.Call, r store.Resource) core.Out {
			return core.Out{"stateMachineArn": r.ID, "creationDate": r.Created}
		},
		Changed: func(_ *core.Call, r store.Resource) core.Out {
			return core.Out{"updateDate": r.Updated, "revisionId": r.Attributes["StateMachineRevisionId"]}
		},
		Brief: func(_ *core.Call, r store.Resource) any {
			return core.Out{"stateMachineArn": r.ID, "name": r.Attributes["Name"], "type": r.Properties["StateMachineType"], "creationDate": r.Created}
		},
	}
}

func showMachine(_ *core.Call, r store.Resource) core.Out {
	out := core.Out(wire.AsObject(shape.Lower(shape.Pick(r.Properties, "RoleArn", "LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration"))))
	out["stateMachineArn"], out["name"], out["type"] = r.ID, r.Attributes["Name"], r.Properties["StateMachineType"]
	out["status"], out["definition"], out["creationDate"] = "ACTIVE", r.Private["Definition"], r.Created
	out["revisionId"] = r.Attributes["StateMachineRevisionId"]
	return out
}

// takeMachine: the API knows the definition as text alone.
func takeMachine(c *core.Call) (map[string]any, error) {
	given := wire.AsObject(shape.Upper(shape.Pick(c.In, "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")))
	if c.In.Has("definition") {
		given["DefinitionString"], given["Definition"], given["DefinitionSubstitutions"] = c.In.String("definition"), nil, nil
	}
	if c.In.Has("name") {
		given["StateMachineName"] = c.In.String("name")
		given["StateMachineType"] = c.In.Or("type", "STANDARD")
		for name, v := range given {
			if v == nil {
				delete(given, name)
			}
		}
	}
	return given, nil
}

// describeMachine answers for a machine or for a version of one.
func describeMachine(c *core.Call) (any, error) {
	if v, ok := c.Get(VersionType, c.In.String("stateMachineArn")); ok {
		return v.Private["Shown"], nil
	}
	return machineEntity().Get(c)
}

func deleteMachine(c *core.Call) (any, error) {
	if err := c.Delete(Type, c.In.String("stateMachineArn")); err != nil && core.Code(err) != "NotFound" {
		return nil, err
	}
	return nil, nil
}

func activityEntity() core.Entity {
	show := func(_ *core.Call, r store.Resource) core.Out {
		return core.Out{"activityArn": r.ID, "name": r.Properties["Name"], "creationDate": r.Created,
			"encryptionConfiguration": shape.Lower(r.Properties["EncryptionConfiguration"])}
	}
	return core.Entity{
		Type: ActivityType, Exists: "ActivityAlreadyExists", Tags: "tags", Show: show,
		ID: func(c *core.Call) string { return c.In.String("activityArn") },
		Missing: func(c *core.Call) error {
			return missing("ActivityDoesNotExist", "Activity does not exist: '%s'", c.In.String("activityArn"))
		},
		Take: func(c *core.Call) (map[string]any, error) {
			return wire.AsObject(shape.Upper(shape.Pick(c.In, "name", "encryptionConfiguration"))), nil
		},
	}
}
