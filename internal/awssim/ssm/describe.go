package ssm

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func describeParameters(c *core.Call) (any, error) {
	var list []store.Resource
	for _, r := range c.List(Type) {
		ok, err := matches(r, c.In.Objects("ParameterFilters"))
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, r)
		}
	}
	page, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxResults", 50))
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, r := range page {
		out = append(out, core.Out{
			"Name": r.ID, "ARN": ARN(r), "Type": r.Properties["Type"], "Tier": r.Properties["Tier"],
			"DataType": r.Properties["DataType"], "Description": r.Properties["Description"], "KeyId": r.Properties["KeyId"],
			"AllowedPattern": r.Properties["AllowedPattern"], "Version": r.Private["Version"],
			"LastModifiedDate": r.Updated, "LastModifiedUser": "arn:aws:iam::" + r.Account + ":user/simulated", "Policies": []any{},
		})
	}
	return core.Out{"Parameters": out, "NextToken": next}, nil
}

// matches applies ParameterFilters: keys Name, Path, Type, Tier, DataType, KeyId and tag:KEY.
func matches(r store.Resource, filters []wire.Object) (bool, error) {
	for _, f := range filters {
		key, values := f.String("Key"), f.Strings("Values")
		var ok bool
		switch {
		case key == "Name":
			ok = slices.ContainsFunc(values, func(v string) bool { return matchesName(r.ID, f.String("Option"), v) })
		case key == "Path":
			ok = slices.ContainsFunc(values, func(v string) bool { return matchesPath(r.ID, f.String("Option"), v) })
		case key == "Type", key == "Tier", key == "DataType", key == "KeyId":
			ok = slices.Contains(values, wire.Text(r.Properties[key]))
		case strings.HasPrefix(key, "tag:"):
			v, set := r.Tags[strings.TrimPrefix(key, "tag:")]
			ok = set && (len(values) == 0 || slices.Contains(values, v))
		default:
			return false, wire.Errorf(400, "InvalidFilterKey", "The following filter key is not valid: %s", key)
		}
		if !ok {
			return false, nil
		}
	}
	return true, nil
}

func matchesName(name, option, value string) bool {
	switch option {
	case "BeginsWith":
		return strings.HasPrefix(name, value)
	case "Contains":
		return strings.Contains(name, value)
	}
	return name == value
}

func matchesPath(name, option, path string) bool {
	rest, under := strings.CutPrefix(name, strings.TrimSuffix(path, "/")+"/")
	return under && (option == "Recursive" || !strings.Contains(rest, "/"))
}

// tagged finds the parameter of a tag operation.
func tagged(c *core.Call) (store.Resource, error) {
	if c.In.String("ResourceType") != "Parameter" {
		return store.Resource{}, wire.Errorf(400, "InvalidResourceType", "The resource type is not valid.")
	}
	r, ok := c.Get(Type, c.In.String("ResourceId"))
	if !ok {
		return r, wire.Errorf(400, "InvalidResourceId", "The resource ID is not valid. Verify that you entered the correct ID and try again.")
	}
	return r, nil
}
