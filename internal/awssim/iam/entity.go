package iam

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of users, groups, their policies, and of what is trusted beside roles.
const (
	UserType        = "AWS::IAM::User"
	GroupType       = "AWS::IAM::Group"
	UserPolicyType  = "AWS::IAM::UserPolicy"
	GroupPolicyType = "AWS::IAM::GroupPolicy"
	LinkedRoleType  = "AWS::IAM::ServiceLinkedRole"
	OIDCType        = "AWS::IAM::OIDCProvider"
)

// party is a user or a group: somebody that has policies.
type party struct {
	typ, policyType, name, list string // list is the property of policies that names such parties
}

func user() party  { return party{UserType, UserPolicyType, "UserName", "Users"} }
func group() party { return party{GroupType, GroupPolicyType, "GroupName", "Groups"} }

func entityOperations() map[string]core.Handler {
	u, g := user(), group()
	return map[string]core.Handler{
		"GetUser": u.get("User"), "ListUserPolicies": u.policies, "GetUserPolicy": u.policy, "PutUserPolicy": u.put, "ListAttachedUserPolicies": u.attached,
		"ListGroupsForUser": groupsOf, "GetLoginProfile": login, "ListAccessKeys": accessKeys, "AttachUserPolicy": u.attach,
		"GetGroup": g.get("Group"), "ListGroupPolicies": g.policies, "GetGroupPolicy": g.policy, "PutGroupPolicy": g.put, "ListAttachedGroupPolicies": g.attached,
		"AttachGroupPolicy":        g.attach,
		"GetOpenIDConnectProvider": getOIDC, "ListOpenIDConnectProviders": listOIDC, "UpdateOpenIDConnectProviderThumbprint": setThumbprints, "ListEntitiesForPolicy": entitiesOf, "DeleteServiceLinkedRole": unlinkRole,
	}
}

func entityKinds() []core.Kind {
	own := func(typ, owner string) core.Kind {
		return core.Kind{Type: typ, Global: true, Identifier: []string{"PolicyName", owner}, Replace: []string{"PolicyName", owner},
			Schema: core.Schema{Required: []string{"PolicyName", owner}}}
	}
	return []core.Kind{
		{Type: UserType, Global: true, Name: core.NameRule{Property: "UserName", Max: 64}, Attributes: map[string]string{"Arn": "arn:aws:iam::{Account}:user{Path}{UserName}"},
			Ref: "{UserName}", Replace: []string{"UserName"}, Defaults: map[string]any{"Path": "/"}},
		{Type: GroupType, Global: true, Name: core.NameRule{Property: "GroupName", Max: 128}, Attributes: map[string]string{"Arn": "arn:aws:iam::{Account}:group{Path}{GroupName}"},
			Ref: "{GroupName}", Replace: []string{"GroupName"}, Defaults: map[string]any{"Path": "/"}},
		own(UserPolicyType, "UserName"), own(GroupPolicyType, "GroupName"),
		{Type: LinkedRoleType, Global: true, Identifier: []string{"RoleName"}, Ref: "{RoleName}", Replace: []string{"AWSServiceName", "CustomSuffix"},
			Schema: core.Schema{Required: []string{"AWSServiceName"}}, Create: linkRole},
		{Type: OIDCType, Global: true, Identifier: []string{"Arn"}, Ref: "{Arn}", Replace: []string{"Url"}, Create: func(c *core.Change) error {
			url := wire.Text(c.Resource.Properties["Url"])
			c.Resource.Attributes["Arn"] = "arn:aws:iam::" + c.Resource.Account + ":oidc-provider/" + strings.TrimPrefix(url, "https://")
			return nil
		}},
	}
}

// linkRole makes the role that a service asks for; GetRole finds it like any other.
func linkRole(c *core.Change) error {
	r := c.Resource
	service := wire.Text(r.Properties["AWSServiceName"])
	name, _, _ := strings.Cut(service, ".")
	role := "AWSServiceRoleFor" + strings.ToUpper(name[:1]) + name[1:]
	if suffix := wire.Text(r.Properties["CustomSuffix"]); suffix != "" {
		role += "_" + suffix
	}
	r.Attributes["RoleName"] = role
	path := "/aws-service-role/" + service + "/"
	properties := map[string]any{"RoleName": role, "Path": path, "MaxSessionDuration": 3600.0, "AssumeRolePolicyDocument": map[string]any{"Version": "2012-10-17",
		"Statement": []any{map[string]any{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"Service": service}}}}}
	if d := r.Properties["Description"]; d != nil {
		properties["Description"] = d
	}
	c.World.Store.Put(store.Resource{Scope: r.Scope, Type: RoleType, ID: role, Properties: properties, Tags: map[string]string{},
		Attributes: map[string]any{"Arn": "arn:aws:iam::" + r.Account + ":role" + path + role, "RoleId": "AROA" + c.World.IDs.Upper(17, role)}})
	return nil
}

func unlinkRole(c *core.Call) (any, error) {
	name := c.In.String("RoleName")
	if _, ok := c.Get(LinkedRoleType, name); !ok {
		return nil, noSuchEntity("The role with name %s cannot be found.", name)
	}
	if err := c.Delete(RoleType, name); err != nil {
		return nil, err
	}
	return core.Out{"DeletionTaskId": "task/" + name + "/simulated"}, c.Delete(LinkedRoleType, name)
}

func (p party) find(c *core.Call) (store.Resource, error) {
	if r, ok := c.Get(p.typ, c.In.String(p.name)); ok {
		return r, nil
	}
	return store.Resource{}, noSuchEntity("The %s with name %s cannot be found.", strings.ToLower(strings.TrimSuffix(p.name, "Name")), c.In.String(p.name))
}

func (p party) get(member string) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := p.find(c)
		if err != nil {
			return nil, err
		}
		one := core.Out{p.name: r.ID, "Path": r.Properties["Path"], "Arn": r.Attributes["Arn"], "CreateDate": r.Created, strings.TrimSuffix(p.name, "Name") + "Id": "AIDA" + r.ID}
		if b := wire.Text(r.Properties["PermissionsBoundary"]); b != "" {
			one["PermissionsBoundary"] = core.Out{"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": b}
		}
		if len(r.Tags) > 0 {
			one["Tags"] = core.TagList(r.Tags)
		}
		out := core.Out{member: one}
		if p.typ == GroupType {
			out["Users"], out["IsTruncated"] = []any{}, false
		}
		return out, nil
	}
}

// inline are the policies in its properties and those that resources of their own put there.
func (p party) inline(c *core.Call, r store.Resource) map[string]any {
	out := map[string]any{}
	for _, policy := range wire.Object(r.Properties).Objects("Policies") {
		out[policy.String("PolicyName")] = policy["PolicyDocument"]
	}
	for _, other := range append(c.List(p.policyType), c.List(InlineType)...) {
		o := wire.Object(other.Properties)
		if o.String(p.name) == r.ID || slices.Contains(o.Strings(p.list), r.ID) {
			out[o.String("PolicyName")] = o["PolicyDocument"]
		}
	}
	return out
}

func (p party) policies(c *core.Call) (any, error) {
	r, err := p.find(c)
	if err != nil {
		return nil, err
	}
	names := []any{}
	for _, name := range slices.Sorted(maps.Keys(p.inline(c, r))) {
		names = append(names, name)
	}
	return page(c, core.Out{}, "PolicyNames", names)
}

func (p party) policy(c *core.Call) (any, error) {
	r, err := p.find(c)
	if err != nil {
		return nil, err
	}
	doc, ok := p.inline(c, r)[c.In.String("PolicyName")]
	if !ok {
		return nil, noSuchEntity("The policy with name %s cannot be found.", c.In.String("PolicyName"))
	}
	return core.Out{p.name: r.ID, "PolicyName": c.In.String("PolicyName"), "PolicyDocument": encoded(doc)}, nil
}

// put writes where the policy already is, else into the properties.
func (p party) put(c *core.Call) (any, error) {
	r, err := p.find(c)
	if err != nil {
		return nil, err
	}
	name, doc := c.In.String("PolicyName"), parsed(c.In.String("PolicyDocument"))
	for _, other := range append(c.List(p.policyType), c.List(InlineType)...) {
		o := wire.Object(other.Properties)
		if o.String("PolicyName") == name && (o.String(p.name) == r.ID || slices.Contains(o.Strings(p.list), r.ID)) {
			_, err := c.Update(other.Type, other.ID, map[string]any{"PolicyDocument": doc})
			return nil, err
		}
	}
	list := append(withoutPolicy(r, name), map[string]any{"PolicyName": name, "PolicyDocument": doc})
	_, err = c.Update(p.typ, r.ID, map[string]any{"Policies": list})
	return nil, err
}

func (p party) attached(c *core.Call) (any, error) {
	r, err := p.find(c)
	if err != nil {
		return nil, err
	}
	arns := wire.Object(r.Properties).Strings("ManagedPolicyArns")
	for _, m := range c.List(ManagedType) {
		if slices.Contains(wire.Object(m.Properties).Strings(p.list), r.ID) {
			arns = append(arns, m.ID)
		}
	}
	slices.Sort(arns)
	return page(c, core.Out{}, "AttachedPolicies", presentAttached(slices.Compact(arns)))
}

func (p party) attach(c *core.Call) (any, error) {
	r, err := p.find(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(p.typ, r.ID, map[string]any{"ManagedPolicyArns": append(wire.Object(r.Properties).List("ManagedPolicyArns"), c.In.String("PolicyArn"))})
	return nil, err
}

func groupsOf(c *core.Call) (any, error) {
	r, err := user().find(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, name := range wire.Object(r.Properties).Strings("Groups") {
		if g, ok := c.Get(GroupType, name); ok {
			list = append(list, core.Out{"GroupName": g.ID, "Arn": g.Attributes["Arn"], "Path": g.Properties["Path"], "GroupId": "AGPA" + g.ID, "CreateDate": g.Created})
		}
	}
	return page(c, core.Out{}, "Groups", list)
}

// noLogin: nobody signs in to the simulator's console.
// login answers whether a user has a password.
func login(c *core.Call) (any, error) {
	u, err := user().find(c)
	if err == nil && u.Properties["LoginProfile"] != nil {
		return core.Out{"LoginProfile": core.Out{"UserName": u.ID, "CreateDate": u.Created, "PasswordResetRequired": false}}, nil
	}
	return nil, noSuchEntity("Login Profile for User %s cannot be found.", c.In.String("UserName"))
}

// accessKeys are those that stacks made: AWS::IAM::AccessKey.
func accessKeys(c *core.Call) (any, error) {
	u, err := user().find(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, key := range c.List("AWS::IAM::AccessKey") {
		if key.Properties["UserName"] == any(u.ID) {
			list = append(list, core.Out{"UserName": u.ID, "AccessKeyId": key.ID, "Status": key.Properties["Status"], "CreateDate": key.Created})
		}
	}
	return core.Out{"AccessKeyMetadata": list, "IsTruncated": false}, nil
}

func oidc(c *core.Call) (store.Resource, error) {
	if r, ok := c.Get(OIDCType, c.In.String("OpenIDConnectProviderArn")); ok {
		return r, nil
	}
	return store.Resource{}, noSuchEntity("OpenIDConnect Provider not found for arn %s", c.In.String("OpenIDConnectProviderArn"))
}

func getOIDC(c *core.Call) (any, error) {
	r, err := oidc(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"Url": strings.TrimPrefix(wire.Text(r.Properties["Url"]), "https://"), "ClientIDList": r.Properties["ClientIdList"],
		"ThumbprintList": r.Properties["ThumbprintList"], "CreateDate": r.Created, "Tags": core.TagList(r.Tags)}, nil
}

func listOIDC(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(OIDCType) {
		list = append(list, core.Out{"Arn": r.Attributes["Arn"]})
	}
	return core.Out{"OpenIDConnectProviderList": list}, nil
}

func setThumbprints(c *core.Call) (any, error) {
	r, err := oidc(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(OIDCType, r.ID, map[string]any{"ThumbprintList": c.In.List("ThumbprintList")})
	return nil, err
}

// entitiesOf lists who has a managed policy.
func entitiesOf(c *core.Call) (any, error) {
	arn := c.In.String("PolicyArn")
	m, ok := c.Get(ManagedType, arn)
	if !ok {
		return nil, noSuchEntity("Policy %s was not found.", arn)
	}
	out := core.Out{"IsTruncated": false}
	for member, t := range map[string]struct{ typ, name, list string }{"PolicyRoles": {RoleType, "RoleName", "Roles"}, "PolicyUsers": {UserType, "UserName", "Users"},
		"PolicyGroups": {GroupType, "GroupName", "Groups"}} {
		list := []any{}
		for _, r := range c.List(t.typ) {
			if slices.Contains(wire.Object(r.Properties).Strings("ManagedPolicyArns"), arn) || slices.Contains(wire.Object(m.Properties).Strings(t.list), r.ID) {
				list = append(list, core.Out{t.name: r.ID})
			}
		}
		out[member] = list
	}
	return out, nil
}
