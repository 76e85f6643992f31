package iam

import (
	"net/url"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkRole wants well-formed documents and existing managed policies, and gives the role its id.
func checkRole(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if err := checkDocument(p["AssumeRolePolicyDocument"]); err != nil {
		return err
	}
	for _, policy := range p.Objects("Policies") {
		if err := checkDocument(policy["PolicyDocument"]); err != nil {
			return err
		}
	}
	for _, arn := range p.Strings("ManagedPolicyArns") {
		if !policyExists(c.World, r.Scope, arn) {
			return noSuchEntity("Policy %s does not exist or is not attachable.", arn)
		}
	}
	if c.Before == nil {
		r.Attributes["RoleId"] = "AROA" + c.World.IDs.Upper(17, r.Account, r.Type, p.String("RoleName"))
	}
	return nil
}

func checkDocument(v any) error {
	doc := document(v)
	if doc == nil || !doc.Has("Statement") {
		return wire.Errorf(400, "MalformedPolicyDocument", "Syntax errors in policy.")
	}
	return nil
}

func document(v any) wire.Object {
	if text, ok := v.(string); ok {
		doc, _ := shape.ParseDocument(text)
		return doc
	}
	return wire.AsObject(v)
}

// checkInline wants the document and the roles of an inline policy.
func checkInline(c *core.Change) error {
	p := wire.Object(c.Resource.Properties)
	if err := checkDocument(p["PolicyDocument"]); err != nil {
		return err
	}
	for _, name := range rolesOf(*c.Resource) {
		if _, ok := c.World.Store.Get(c.Resource.Scope, RoleType, name); !ok {
			return noRole(name)
		}
	}
	return nil
}

func rolesOf(r store.Resource) []string {
	p := wire.Object(r.Properties)
	return append(p.Strings("Roles"), strings.Fields(p.String("RoleName"))...)
}

func noSuchEntity(format string, args ...any) error {
	return wire.Errorf(404, "NoSuchEntity", format, args...)
}

func noRole(name string) error { return noSuchEntity("The role with name %s cannot be found.", name) }

func role(c *core.Call) (store.Resource, error) {
	r, ok := c.Get(RoleType, c.In.String("RoleName"))
	if !ok {
		return r, noRole(c.In.String("RoleName"))
	}
	return r, nil
}

// encoded is a document as IAM returns it: JSON, percent-encoded.
func encoded(v any) string {
	return strings.ReplaceAll(url.QueryEscape(shape.Document(v)), "+", "%20")
}

// presentRole is a role; lists leave out tags and boundary, as on AWS.
func presentRole(r store.Resource, full bool) core.Out {
	p := wire.Object(r.Properties)
	out := core.Out{
		"RoleName": r.ID, "RoleId": r.Attributes["RoleId"], "Arn": r.Attributes["Arn"], "Path": p.String("Path"), "CreateDate": r.Created,
		"AssumeRolePolicyDocument": encoded(p["AssumeRolePolicyDocument"]), "MaxSessionDuration": p.Int("MaxSessionDuration", 3600),
	}
	if d := p.String("Description"); d != "" {
		out["Description"] = d
	}
	if !full {
		return out
	}
	if len(r.Tags) > 0 {
		out["Tags"] = core.TagList(r.Tags)
	}
	if b := p.String("PermissionsBoundary"); b != "" {
		out["PermissionsBoundary"] = core.Out{"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": b}
	}
	out["RoleLastUsed"] = core.Out{}
	return out
}

// page answers a list under a name, cut by Marker and MaxItems.
func page(c *core.Call, out core.Out, name string, list []any) (any, error) {
	part, next, err := core.Paginate(list, c.In.String("Marker"), min(c.In.Int("MaxItems", 100), 1000))
	if err != nil {
		return nil, wire.Errorf(400, "ValidationError", "Invalid Marker")
	}
	out[name], out["IsTruncated"] = part, next != nil
	if next != nil {
		out["Marker"] = next
	}
	return out, nil
}

func listRoles(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(RoleType) {
		if strings.HasPrefix(wire.Text(r.Properties["Path"]), c.In.Or("PathPrefix", "/")) {
			list = append(list, presentRole(r, false))
		}
	}
	return page(c, core.Out{}, "Roles", list)
}

func getRole(c *core.Call) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"Role": presentRole(r, true)}, nil
}

func createRole(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "RoleName", "Path", "Description", "MaxSessionDuration", "PermissionsBoundary")
	properties["AssumeRolePolicyDocument"] = parsed(c.In.String("AssumeRolePolicyDocument"))
	r, err := c.Create(RoleType, properties, core.Tags(c.In["Tags"]))
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(409, "EntityAlreadyExists", "Role with name %s already exists.", c.In.String("RoleName"))
	}
	if err != nil {
		return nil, err
	}
	return core.Out{"Role": presentRole(r, true)}, nil
}

// parsed keeps documents as trees, like those of templates; what does not parse stays text and is refused later.
func parsed(text string) any {
	if doc, ok := shape.ParseDocument(text); ok {
		return doc
	}
	return text
}

func deleteRole(c *core.Call) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	if len(attached(c, r)) > 0 {
		return nil, wire.Errorf(409, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
	}
	if len(inline(c, r)) > 0 {
		return nil, wire.Errorf(409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
	}
	return nil, c.Delete(RoleType, r.ID)
}

func updateRole(c *core.Call) (any, error) {
	return patchRole(c, shape.Pick(c.In, "Description", "MaxSessionDuration"))
}

func updateTrust(c *core.Call) (any, error) {
	return patchRole(c, map[string]any{"AssumeRolePolicyDocument": parsed(c.In.String("PolicyDocument"))})
}

func patchRole(c *core.Call, patch map[string]any) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(RoleType, r.ID, patch)
	return nil, err
}
