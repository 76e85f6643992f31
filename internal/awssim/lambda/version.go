package lambda

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// snapshotFunction publishes a version: it freezes the configuration of the function under the next number.
func snapshotFunction(c *core.Change) error {
	r := c.Resource
	name, _ := split(wire.Text(r.Properties["FunctionName"]))
	f, ok := c.World.Store.Get(r.Scope, Type, name)
	if !ok {
		return notFound("Function not found: %s", functionARN(r.Scope, name))
	}
	if want := wire.Text(r.Properties["CodeSha256"]); want != "" && want != wire.Text(f.Private["CodeSha256"]) {
		return invalid("CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST.", want, wire.Text(f.Private["CodeSha256"]))
	}
	config := configuration(f)
	print := shape.Document(shape.Pick(config, without(config, "RevisionId", "LastModified", "Description")...))
	if last := wire.Text(f.Private["LastVersion"]); last != "" && f.Private["LastPrint"] == print {
		if _, exists := c.World.Store.Get(r.Scope, VersionType, functionARN(r.Scope, name)+":"+last); exists {
			return wire.Errorf(409, "AlreadyExists", "A version for this Lambda function exists ( %s ). Modify the function to create a new version.", last)
		}
	}
	number := strconv.Itoa(shape.Int(f.Private["LastVersion"], 0) + 1)
	_, _, err := c.World.Store.Update(r.Scope, Type, name, func(f *store.Resource) error {
		f.Private["LastVersion"], f.Private["LastPrint"] = number, print
		return nil
	})
	if err != nil {
		return err
	}
	arn := functionARN(r.Scope, name) + ":" + number
	config["Version"], config["FunctionArn"] = number, arn
	config["RevisionId"] = c.World.IDs.UUID("revision", arn)
	if d := wire.Text(r.Properties["Description"]); d != "" {
		config["Description"] = d
	}
	r.Private["Configuration"] = config
	r.Attributes["FunctionArn"], r.Attributes["Version"] = arn, number
	return nil
}

func without(m map[string]any, names ...string) []string {
	var out []string
	for k := range m {
		if !slices.Contains(names, k) {
			out = append(out, k)
		}
	}
	return out
}

// unused refuses to delete a version that an alias points to.
func unused(c *core.Change) error {
	number := wire.Text(c.Resource.Attributes["Version"])
	name, _ := split(c.Resource.ID)
	for _, a := range aliasesOf(c.World.Store.View(0), c.Resource.Scope, name) {
		weights := wire.Object(a.Properties).Object("RoutingConfig").Objects("AdditionalVersionWeights")
		routed := slices.ContainsFunc(weights, func(w wire.Object) bool { return w.String("FunctionVersion") == number })
		if routed || wire.Text(a.Properties["FunctionVersion"]) == number {
			return conflict("%s is currently referenced by alias %s", c.Resource.ID, wire.Text(a.Properties["Name"]))
		}
	}
	return nil
}

func publishVersion(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	if err := checkRevision(c, f); err != nil && c.Operation == "PublishVersion" {
		return nil, err
	}
	properties := map[string]any{"FunctionName": f.ID}
	for _, name := range []string{"CodeSha256", "Description"} {
		if v := c.In.String(name); v != "" {
			properties[name] = v
		}
	}
	v, err := c.Create(VersionType, properties, nil)
	if core.Code(err) == "AlreadyExists" { // nothing changed since the last version: it is the answer
		f, _ = c.World.Store.Get(f.Scope, Type, f.ID)
		v, _ = c.World.Store.Get(f.Scope, VersionType, functionARN(f.Scope, f.ID)+":"+wire.Text(f.Private["LastVersion"]))
		err = nil
	}
	if err != nil {
		return nil, err
	}
	status := 200
	if c.Operation == "PublishVersion" {
		status = 201
	}
	return wire.JSONBody(status, v.Private["Configuration"]), nil
}

// versionsOf lists the published versions of a function in order of their numbers.
func versionsOf(c *core.Call, f store.Resource) []store.Resource {
	out := c.Read().Prefix(f.Scope, VersionType, functionARN(f.Scope, f.ID)+":")
	slices.SortFunc(out, func(a, b store.Resource) int {
		return cmp.Compare(shape.Int(a.Attributes["Version"], 0), shape.Int(b.Attributes["Version"], 0))
	})
	return out
}

func listVersions(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	latest := configuration(f)
	latest["FunctionArn"] = functionARN(f.Scope, f.ID) + ":$LATEST"
	list := []any{latest}
	for _, v := range versionsOf(c, f) {
		list = append(list, v.Private["Configuration"])
	}
	return page(c, "Versions", list, 50)
}
