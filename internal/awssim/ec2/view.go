package ec2

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// view is how the resources of one type are described.
type view struct {
	typ     string
	set     string                            // the list in the answer
	ids     string                            // the list of ids in the request
	missing string                            // the code for an id that does not exist
	more    func(*core.Call) []store.Resource // what AWS has made by itself; nil: nothing
	show    func(*core.Call, store.Resource) core.Out
	// filters are the values of a resource by the names of filters.
	filters func(*core.Call, store.Resource) map[string][]string
}

// all are the resources of the type in the Region of the call.
func (v view) all(c *core.Call) []store.Resource {
	list := c.List(v.typ)
	if v.more != nil {
		list = append(v.more(c), list...)
	}
	return list
}

func (v view) describe(c *core.Call) (any, error) {
	ids := c.In.Strings(v.ids)
	known := map[string]bool{}
	list := []any{}
	for _, r := range v.all(c) {
		known[physical(r)] = true
		if len(ids) > 0 && !slices.Contains(ids, physical(r)) {
			continue
		}
		ok, err := filtered(c, v.filters(c, r), r.Tags)
		if err != nil {
			return nil, err
		}
		if ok {
			out := v.show(c, r)
			if _, own := out["tagSet"]; !own {
				out["tagSet"] = tagSet(r.Tags)
			}
			list = append(list, out)
		}
	}
	for _, id := range ids {
		if !known[id] {
			return nil, wire.Errorf(400, v.missing, "The ID '%s' does not exist", id)
		}
	}
	page, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxResults", 1000))
	if err != nil {
		return nil, wire.Errorf(400, "InvalidPaginationToken", "The pagination token is invalid")
	}
	return core.Out{v.set: page, "nextToken": next}, nil
}

// physical is the id EC2 knows a resource by.
func physical(r store.Resource) string {
	if id := wire.Text(r.Attributes["Id"]); id != "" {
		return id
	}
	return r.ID
}

// one finds a resource by a member of the request.
func one(c *core.Call, typ, member, missing string) (store.Resource, error) {
	id := c.In.String(member)
	if r, ok := c.World.Store.Get(c.Scope, typ, id); ok {
		return r, nil
	}
	return store.Resource{}, wire.Errorf(400, missing, "The ID '%s' does not exist", id)
}

// numbered is the hook that gives a resource an id of a prefix.
func numbered(prefix string) func(*core.Change) error {
	return func(c *core.Change) error {
		r := c.Resource
		r.Attributes["Id"] = prefix + "-" + c.World.IDs.Hex(17, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
		return nil
	}
}

// after runs one hook after another.
func after(hooks ...func(*core.Change) error) func(*core.Change) error {
	return func(c *core.Change) error {
		for _, hook := range hooks {
			if err := hook(c); err != nil {
				return err
			}
		}
		return nil
	}
}

// needs wants the resource that a property names to exist, when it has the form
// of an id of the simulation: what another account shares is not known here.
func needs(property, typ, missing string) func(*core.Change) error {
	return func(c *core.Change) error {
		id := wire.Text(c.Resource.Properties[property])
		if typ == VPCType && id == defaultVPC(c.Resource.Scope) {
			return nil
		}
		if _, ok := c.World.Store.Get(c.Resource.Scope, typ, id); !ok {
			return wire.Errorf(400, missing, "The ID '%s' does not exist", id)
		}
		return nil
	}
}

// creating is the operation that creates a resource: it takes the named members
// as properties and answers with the resource under a name.
func creating(v view, tagType, answer string, members ...string) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := c.Create(v.typ, shape.Pick(c.In, members...), specTags(c.In, tagType))
		if err != nil {
			return nil, err
		}
		out := v.show(c, r)
		if _, own := out["tagSet"]; !own {
			out["tagSet"] = tagSet(r.Tags)
		}
		return core.Out{answer: out}, nil
	}
}

// deleting is the operation that deletes the resource a member names.
func deleting(typ, member, missing string) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := one(c, typ, member, missing)
		if err != nil {
			return nil, err
		}
		return core.Out{"return": true}, c.Delete(typ, r.ID)
	}
}

// value is the Value of a member that is a structure around one, nil when the
// request does not have it.
func value(in wire.Object, member string) any {
	if in.Has(member) {
		return in.Object(member)["Value"]
	}
	return nil
}
