// Package cognito simulates user pools of Cognito: pools with their second factors, app clients, domains, groups and
// resource servers. It owns those AWS::Cognito types. It knows no users but their number: the private state "Users" of a
// pool, which an edit may set. Identity pools are another service.
package cognito

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type       = "AWS::Cognito::UserPool"
	ClientType = "AWS::Cognito::UserPoolClient"
	DomainType = "AWS::Cognito::UserPoolDomain"
	GroupType  = "AWS::Cognito::UserPoolGroup"
	ServerType = "AWS::Cognito::UserPoolResourceServer"
)

// Service returns the user pools of Cognito.
func Service() core.Service {
	pool, client, domain, group, server := poolEntity(), clientEntity(), domainEntity(), groupEntity(), serverEntity()
	tags := core.Tagging{Find: tagged, Show: func(_ *core.Call, tags map[string]string) (any, error) { return core.Out{"Tags": tags}, nil }}
	pages := core.Page{Size: 60, CodeOfInvalid: "InvalidParameterException"}
	return core.Service{
		Name: "cognito-idp",
		Operations: map[string]core.Handler{
			"ListUserPools": pool.List("UserPools", pages), "CreateUserPool": pool.Create, "DescribeUserPool": pool.Get, "UpdateUserPool": pool.Patch(patchPool),
			"DeleteUserPool": pool.Delete(0), "GetUserPoolMfaConfig": getFactors, "SetUserPoolMfaConfig": setFactors,
			"ListUserPoolClients": client.List("UserPoolClients", pages), "CreateUserPoolClient": client.Create, "DescribeUserPoolClient": client.Get,
			"UpdateUserPoolClient": client.Update, "DeleteUserPoolClient": client.Delete(0),
			"CreateUserPoolDomain": domain.Create, "DescribeUserPoolDomain": describeDomain, "UpdateUserPoolDomain": domain.Update, "DeleteUserPoolDomain": domain.Delete(0),
			"ListGroups": group.List("Groups", pages), "CreateGroup": group.Create, "GetGroup": group.Get, "UpdateGroup": group.Update, "DeleteGroup": group.Delete(0),
			"ListResourceServers": server.List("ResourceServers", pages), "CreateResourceServer": server.Create, "DescribeResourceServer": server.Get,
			"UpdateResourceServer": server.Update, "DeleteResourceServer": server.Delete(0),
			"ListTagsForResource": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove,
		},
		Kinds: kinds(),
	}
}

func kinds() []core.Kind {
	return []core.Kind{
		{
			Type: Type, Name: core.NameRule{Property: "UserPoolName", Max: 128}, Identifier: []string{"UserPoolId"}, Invalid: "InvalidParameterException",
			Attributes: map[string]string{"Arn": "arn:aws:cognito-idp:{Region}:{Account}:userpool/{UserPoolId}",
				"ProviderName": "cognito-idp.{Region}.amazonaws.com/{UserPoolId}", "ProviderURL": "https://cognito-idp.{Region}.amazonaws.com/{UserPoolId}"},
			Replace: []string{"AliasAttributes", "UsernameAttributes", "UsernameConfiguration"},
			Defaults: map[string]any{"MfaConfiguration": "OFF", "DeletionProtection": "INACTIVE", "UserPoolTier": "ESSENTIALS",
				"EmailConfiguration":          map[string]any{"EmailSendingAccount": "COGNITO_DEFAULT"},
				"AdminCreateUserConfig":       map[string]any{"AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7.0},
				"VerificationMessageTemplate": map[string]any{"DefaultEmailOption": "CONFIRM_WITH_CODE"}},
			Schema: core.Schema{Numbers: []string{"Policies.PasswordPolicy.MinimumLength", "Policies.PasswordPolicy.TemporaryPasswordValidityDays"},
				Booleans: []string{"AdminCreateUserConfig.AllowAdminCreateUserOnly", "Policies.PasswordPolicy.RequireSymbols", "UsernameConfiguration.CaseSensitive"},
				Allowed:  map[string][]string{"MfaConfiguration": {"OFF", "ON", "OPTIONAL"}, "DeletionProtection": {"ACTIVE", "INACTIVE"}}},
			Create: checkPool, Update: completePolicy, Delete: dropParts,
		},
		{
			Type: ClientType, Name: core.NameRule{Property: "ClientName", Max: 128}, Identifier: []string{"UserPoolId", "ClientId"}, Ref: "{ClientId}",
			Replace: []string{"GenerateSecret", "UserPoolId"}, Attributes: map[string]string{"Name": "{ClientName}"},
			Defaults: map[string]any{"RefreshTokenValidity": 30.0, "EnableTokenRevocation": true, "AuthSessionValidity": 3.0, "GenerateSecret": false,
				"AllowedOAuthFlowsUserPoolClient": false},
			Schema: core.Schema{Required: []string{"UserPoolId"}, Booleans: []string{"GenerateSecret", "EnableTokenRevocation", "AllowedOAuthFlowsUserPoolClient"},
				Numbers: []string{"RefreshTokenValidity", "AccessTokenValidity", "IdTokenValidity", "AuthSessionValidity"}},
			Create: checkClient,
		},
		{
			Type: DomainType, Identifier: []string{"UserPoolId", "Domain"}, Ref: "{Domain}", Replace: []string{"UserPoolId", "Domain"},
			Attributes: map[string]string{"CloudFrontDistribution": "d111111abcdef8.cloudfront.net"}, WriteOnly: []string{"ManagedLoginVersion"},
			Schema: core.Schema{Required: []string{"UserPoolId", "Domain"}}, Create: ofPool,
		},
		{
			Type: GroupType, Name: core.NameRule{Property: "GroupName", Max: 128}, Identifier: []string{"UserPoolId", "GroupName"}, Ref: "{GroupName}",
			Replace: []string{"UserPoolId", "GroupName"}, Schema: core.Schema{Required: []string{"UserPoolId"}, Numbers: []string{"Precedence"}}, Create: ofPool,
		},
		{
			Type: ServerType, Identifier: []string{"UserPoolId", "Identifier"}, Ref: "{Identifier}", Replace: []string{"UserPoolId", "Identifier"},
			Schema: core.Schema{Required: []string{"Identifier", "Name", "UserPoolId"}}, Create: ofPool,
		},
	}
}

func notFound(format string, args ...any) error {
	return wire.Errorf(400, "ResourceNotFoundException", format, args...)
}

// checkPool gives a pool its id and a password policy in full. Tags are a map under a name of their own.
func checkPool(c *core.Change) error {
	r := c.Resource
	r.Attributes["UserPoolId"] = r.Region + "_" + c.World.IDs.Mixed(9, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical, wire.Text(r.Properties["UserPoolName"]))
	for key, value := range core.Tags(r.Properties["UserPoolTags"]) {
		r.Tags[key] = value
	}
	return completePolicy(c)
}

func completePolicy(c *core.Change) error {
	p := c.Resource.Properties
	policies := core.Merge(wire.AsObject(p["Policies"]), nil)
	policies["PasswordPolicy"] = map[string]any(core.Merge(map[string]any{"MinimumLength": 8.0, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
		"RequireSymbols": true, "TemporaryPasswordValidityDays": 7.0}, wire.AsObject(policies["PasswordPolicy"])))
	p["Policies"] = map[string]any(policies)
	return nil
}

func dropParts(c *core.Change) error {
	if wire.Text(c.Resource.Properties["DeletionProtection"]) == "ACTIVE" {
		return wire.Errorf(400, "InvalidParameterException", "The user pool cannot be deleted because deletion protection is activated.")
	}
	for _, typ := range []string{ClientType, DomainType, GroupType, ServerType} {
		for _, r := range c.World.Store.View(0).Prefix(c.Resource.Scope, typ, c.Resource.ID+"|") {
			c.World.Store.Delete(r.Scope, typ, r.ID)
		}
	}
	return nil
}

// ofPool wants the user pool of a resource to exist.
func ofPool(c *core.Change) error {
	id := wire.Text(c.Resource.Properties["UserPoolId"])
	if _, ok := c.World.Store.Get(c.Resource.Scope, Type, id); !ok {
		return notFound("User pool %s does not exist.", id)
	}
	return nil
}

// checkClient gives a client its id and, if it wants one, its secret.
func checkClient(c *core.Change) error {
	r := c.Resource
	about := []string{r.Account, r.Region, r.Type, wire.Text(r.Properties["UserPoolId"]), wire.Text(r.Properties["ClientName"])}
	r.Attributes["ClientId"] = c.World.IDs.Lower(26, about...)
	if wire.Object(r.Properties).Bool("GenerateSecret") {
		r.Attributes["ClientSecret"] = c.World.IDs.Lower(52, append(about, "secret")...)
	}
	return ofPool(c)
}

func tagged(c *core.Call) (store.Resource, error) {
	for _, r := range c.List(Type) {
		if r.Attributes["Arn"] == c.In.String("ResourceArn") {
			return r, nil
		}
	}
	return store.Resource{}, notFound("Resource %s does not exist.", c.In.String("ResourceArn"))
}
