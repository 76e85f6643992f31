package ssm

import (
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// recordVersion checks a parameter and notes its new version. The history is in Private["Versions"].
func recordVersion(c *core.Change) error {
	r := c.Resource
	value := wire.Text(r.Properties["Value"])
	if value == "" {
		return wire.Errorf(400, "ValidationException", "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.")
	}
	if limit := sizeLimit(r); len(value) > limit {
		return wire.Errorf(400, "ValidationException", "%s tier parameters support a maximum parameter value of %d characters.", wire.Text(r.Properties["Tier"]), limit)
	}
	versions, _ := wire.Items(r.Private["Versions"])
	entry := store.CloneMap(r.Properties)
	entry["Version"] = float64(len(versions) + 1)
	entry["LastModifiedDate"] = c.World.Clock.Now()
	r.Private["Versions"] = append(versions, entry)
	r.Private["Version"] = entry["Version"]
	return nil
}

func sizeLimit(r *store.Resource) int {
	if wire.Text(r.Properties["Tier"]) == "Advanced" {
		return 8192
	}
	return 4096
}

func putParameter(c *core.Call) (any, error) {
	name := c.In.String("Name")
	if err := checkName(name); err != nil {
		return nil, err
	}
	properties := map[string]any{"Name": name}
	for _, member := range []string{"Value", "Type", "Description", "Tier", "DataType", "AllowedPattern", "Policies", "KeyId"} {
		if c.In.Has(member) {
			properties[member] = c.In[member]
		}
	}
	old, exists := c.World.Store.Get(c.Scope, Type, name)
	if exists && !c.In.Bool("Overwrite") {
		return nil, alreadyExists()
	}
	if exists && c.In.Has("Tags") {
		return nil, wire.Errorf(400, "ValidationException", "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.")
	}
	var r store.Resource
	var err error
	if exists {
		if t := c.In.String("Type"); t != "" && t != wire.Text(old.Properties["Type"]) {
			return nil, wire.Errorf(400, "HierarchyTypeMismatchException", "The parameter type can not be changed from %s to %s.", wire.Text(old.Properties["Type"]), t)
		}
		r, err = c.Update(Type, name, properties)
	} else {
		if !c.In.Has("Type") {
			return nil, wire.Errorf(400, "ValidationException", "A parameter type is required when you create a parameter.")
		}
		r, err = c.Create(Type, properties, core.Tags(c.In["Tags"]))
		if core.Code(err) == "AlreadyExists" {
			return nil, alreadyExists()
		}
	}
	if err != nil {
		return nil, err
	}
	return core.Out{"Version": r.Private["Version"], "Tier": r.Properties["Tier"]}, nil
}

func alreadyExists() error {
	return wire.Errorf(400, "ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
}

func checkName(name string) error {
	bare := strings.ToLower(strings.TrimPrefix(name, "/"))
	switch {
	case name == "":
		return wire.Errorf(400, "ValidationException", "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null")
	case strings.HasPrefix(bare, "aws") || strings.HasPrefix(bare, "ssm"):
		return wire.Errorf(400, "ValidationException", "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).")
	case strings.Contains(strings.TrimPrefix(name, "/"), "/") && !strings.HasPrefix(name, "/"):
		return wire.Errorf(400, "ValidationException", "Parameter name must be a fully qualified name.")
	}
	return nil
}

func getParameter(c *core.Call) (any, error) {
	p, ok := lookup(c, c.In.String("Name"))
	if !ok {
		return nil, wire.Errorf(400, "ParameterNotFound", "Parameter %s not found.", c.In.String("Name"))
	}
	return core.Out{"Parameter": p}, nil
}

func getParameters(c *core.Call) (any, error) {
	names := c.In.Strings("Names")
	if len(names) == 0 || len(names) > 10 {
		return nil, wire.Errorf(400, "ValidationException", "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to 10")
	}
	found, invalid := []any{}, []any{}
	for _, name := range names {
		if p, ok := lookup(c, name); ok {
			found = append(found, p)
		} else {
			invalid = append(invalid, name)
		}
	}
	return core.Out{"Parameters": found, "InvalidParameters": invalid}, nil
}

// lookup finds name, name:version or a parameter ARN.
func lookup(c *core.Call, name string) (core.Out, bool) {
	if strings.HasPrefix(name, "arn:") {
		return byARN(c, name)
	}
	bare, selector, _ := strings.Cut(name, ":")
	r, ok := c.Get(Type, bare)
	if !ok {
		return nil, false
	}
	version := int(number(r.Private["Version"]))
	if selector != "" {
		n, err := strconv.Atoi(selector)
		if err != nil || n < 1 || n > version {
			return nil, false
		}
		version = n
	}
	out := present(r, version, c.In.Bool("WithDecryption"))
	if selector != "" {
		out["Selector"] = ":" + selector
	}
	return out, true
}

func byARN(c *core.Call, arn string) (core.Out, bool) {
	for _, r := range c.List(Type) {
		if ARN(r) == arn {
			return present(r, int(number(r.Private["Version"])), c.In.Bool("WithDecryption")), true
		}
	}
	return nil, false
}

// ARN is the ARN of a parameter; the leading slash of its name is not doubled.
func ARN(r store.Resource) string {
	return "arn:aws:ssm:" + r.Region + ":" + r.Account + ":parameter/" + strings.TrimPrefix(r.ID, "/")
}

func number(v any) float64 { f, _ := v.(float64); return f }

// present is one version of a parameter as GetParameter returns it.
func present(r store.Resource, version int, decrypt bool) core.Out {
	versions, _ := wire.Items(r.Private["Versions"])
	v := wire.AsObject(versions[version-1])
	value := v["Value"]
	if v.String("Type") == "SecureString" && !decrypt {
		value = "AQICAHsimulated" + v.String("Version")
	}
	return core.Out{
		"Name": r.ID, "ARN": ARN(r), "Type": v["Type"], "Value": value, "DataType": v["DataType"],
		"Version": v["Version"], "LastModifiedDate": modified(v),
	}
}

func modified(v wire.Object) any {
	if t, ok := v["LastModifiedDate"].(time.Time); ok {
		return t
	}
	return nil
}

func getParametersByPath(c *core.Call) (any, error) {
	path := c.In.String("Path")
	if !strings.HasPrefix(path, "/") {
		return nil, wire.Errorf(400, "ValidationException", "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\".")
	}
	prefix := strings.TrimSuffix(path, "/") + "/"
	var list []store.Resource
	for _, r := range c.List(Type) {
		rest, under := strings.CutPrefix(r.ID, prefix)
		if under && (c.In.Bool("Recursive") || !strings.Contains(rest, "/")) {
			list = append(list, r)
		}
	}
	page, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxResults", 10))
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, r := range page {
		out = append(out, present(r, int(number(r.Private["Version"])), c.In.Bool("WithDecryption")))
	}
	return core.Out{"Parameters": out, "NextToken": next}, nil
}

func getParameterHistory(c *core.Call) (any, error) {
	name := c.In.String("Name")
	r, ok := c.Get(Type, name)
	if !ok {
		return nil, wire.Errorf(400, "ParameterNotFound", "Parameter %s not found.", name)
	}
	out := []any{}
	for version := 1; version <= int(number(r.Private["Version"])); version++ {
		out = append(out, present(r, version, c.In.Bool("WithDecryption")))
	}
	page, next, err := core.Paginate(out, c.In.String("NextToken"), c.In.Int("MaxResults", 50))
	return core.Out{"Parameters": page, "NextToken": next}, err
}

func deleteParameter(c *core.Call) (any, error) {
	if err := c.Delete(Type, c.In.String("Name")); err != nil {
		return nil, wire.Errorf(400, "ParameterNotFound", "Parameter %s not found.", c.In.String("Name"))
	}
	return nil, nil
}

func deleteParameters(c *core.Call) (any, error) {
	deleted, invalid := []any{}, []any{}
	for _, name := range c.In.Strings("Names") {
		if c.Delete(Type, name) == nil {
			deleted = append(deleted, name)
		} else {
			invalid = append(invalid, name)
		}
	}
	return core.Out{"DeletedParameters": deleted, "InvalidParameters": invalid}, nil
}
