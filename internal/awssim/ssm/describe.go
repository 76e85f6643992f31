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

func addTags(c *core.Call) (any, error) {
	return nil, changeTags(c, func(tags map[string]string) {
		for k, v := range core.Tags(c.In["Tags"]) {
			tags[k] = v
		}
	})
}

func removeTags(c *core.Call) (any, error) {
	return nil, changeTags(c, func(tags map[string]string) {
		for _, k := range c.In.Strings("TagKeys") {
			delete(tags, k)
		}
	})
}

// changeTags writes tags straight to the store: tags are no new version of a parameter.
func changeTags(c *core.Call, change func(map[string]string)) error {
	if c.In.String("ResourceType") != "Parameter" {
		return wire.Errorf(400, "InvalidResourceType", "The resource type is not valid.")
	}
	_, found, err := c.World.Store.Update(c.Scope, Type, c.In.String("ResourceId"), func(r *store.Resource) error {
		change(r.Tags)
		return nil
	})
	if !found {
		return invalidResource()
	}
	return err
}

func invalidResource() error {
	return wire.Errorf(400, "InvalidResourceId", "The resource ID is not valid. Verify that you entered the correct ID and try again.")
}

func listTags(c *core.Call) (any, error) {
	r, ok := c.Get(Type, c.In.String("ResourceId"))
	if !ok {
		return nil, invalidResource()
	}
	return core.Out{"TagList": core.TagList(r.Tags)}, nil
}
