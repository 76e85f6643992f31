package ownrules

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// The types an expression sees. Properties, facts and nothing else are of dynamic
// type: what they hold is a resource type's own affair.

var (
	anything = types.DynType
	labels   = cel.MapType(cel.StringType, cel.StringType)
)

// fieldsOf lists the fields of every object, by type name.
func fieldsOf() map[string]map[string]*types.Type {
	return map[string]map[string]*types.Type{
		"Region": {
			"name": cel.StringType, "role": cel.StringType, "account": cel.StringType, "taken_at": cel.TimestampType,
			"release": cel.ObjectType("Release"),
			"stacks":  cel.ListType(cel.ObjectType("Stack")), "resources": cel.ListType(cel.ObjectType("Resource")), "facts": cel.ListType(cel.ObjectType("Fact")),
			"by_key": cel.MapType(cel.StringType, cel.ObjectType("Resource")),
		},
		"Release": {
			"id": cel.StringType, "name": cel.StringType, "commit": cel.StringType, "outcome": cel.StringType, "deployed_at": cel.TimestampType,
		},
		"Stack": {
			"key": cel.StringType, "name": cel.StringType, "status": cel.StringType, "updated_at": cel.TimestampType,
			"parameters": labels, "outputs": labels, "tags": labels,
		},
		"Resource": {
			"key": cel.StringType, "type": cel.StringType, "id": cel.StringType, "tags": labels,
			"properties": cel.MapType(cel.StringType, anything),
		},
		"Fact": {"kind": cel.StringType, "subject": cel.StringType, "value": anything, "at": cel.TimestampType},
		"Objectives": {
			"rpo": cel.DurationType, "rto": cel.DurationType, "floor": cel.DoubleType, "ceiling": cel.DoubleType,
		},
	}
}

// provider tells CEL's type checker of the objects; everything else it knows itself.
type provider struct {
	*types.Registry
	fields map[string]map[string]*types.Type
}

func newProvider() (provider, error) {
	registry, err := types.NewRegistry()
	return provider{registry, fieldsOf()}, err
}

// FindStructType implements types.Provider.
func (p provider) FindStructType(name string) (*types.Type, bool) {
	if _, ours := p.fields[name]; ours {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return p.Registry.FindStructType(name)
}

// FindStructFieldNames implements types.Provider.
func (p provider) FindStructFieldNames(name string) ([]string, bool) {
	fields, ours := p.fields[name]
	if !ours {
		return p.Registry.FindStructFieldNames(name)
	}
	names := make([]string, 0, len(fields))
	for field := range fields {
		names = append(names, field)
	}
	return names, true
}

// FindStructFieldType implements types.Provider. It gives no accessors: an object
// is a map when it is read, and a field that a Region lacks is an error there,
// never an empty value.
func (p provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	fields, ours := p.fields[name]
	if !ours {
		return p.Registry.FindStructFieldType(name, field)
	}
	kind, known := fields[field]
	return &types.FieldType{Type: kind}, known
}

// newEnvironment is CEL with our objects: `primary`, `standby` and `objectives`.
func newEnvironment() (*cel.Env, error) {
	objects, err := newProvider()
	if err != nil {
		return nil, err
	}
	return cel.NewEnv(cel.CustomTypeProvider(objects), cel.CustomTypeAdapter(objects.Registry),
		cel.Variable("primary", cel.ObjectType("Region")), cel.Variable("standby", cel.ObjectType("Region")),
		cel.Variable("objectives", cel.ObjectType("Objectives")), cel.ParserExpressionSizeLimit(longestExpression))
}
