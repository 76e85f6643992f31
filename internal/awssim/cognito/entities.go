package cognito

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// poolNames are the properties that the API has under the same name.
func poolNames() []string {
	return []string{"AccountRecoverySetting", "AdminCreateUserConfig", "AliasAttributes", "AutoVerifiedAttributes", "DeletionProtection", "DeviceConfiguration",
		"EmailConfiguration", "EmailVerificationMessage", "EmailVerificationSubject", "LambdaConfig", "MfaConfiguration", "Policies", "SmsAuthenticationMessage",
		"SmsConfiguration", "SmsVerificationMessage", "UserAttributeUpdateSettings", "UserPoolAddOns", "UserPoolTier", "UsernameAttributes",
		"UsernameConfiguration", "VerificationMessageTemplate"}
}

func poolEntity() core.Entity {
	return core.Entity{
		Type: Type, Tags: "UserPoolTags", Wrap: "UserPool",
		ID:      func(c *core.Call) string { return c.In.String("UserPoolId") },
		Missing: func(c *core.Call) error { return notFound("User pool %s does not exist.", c.In.String("UserPoolId")) },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(shape.Pick(r.Properties, poolNames()...), map[string]any{"Id": r.ID, "Arn": r.Attributes["Arn"], "Name": r.Properties["UserPoolName"],
				"SchemaAttributes": schema(r), "UserPoolTags": tagMap(r.Tags), "EstimatedNumberOfUsers": shape.Int(r.Private["Users"], 0),
				"CreationDate": r.Created, "LastModifiedDate": r.Updated})
		},
		Take: func(c *core.Call) (map[string]any, error) {
			given := wire.AsObject(shape.Plain(shape.Pick(c.In, append(poolNames(), "Schema")...)))
			given["UserPoolName"] = c.In.String("PoolName")
			return given, nil
		},
		Brief: func(_ *core.Call, r store.Resource) any {
			return core.Out{"Id": r.ID, "Name": r.Properties["UserPoolName"], "CreationDate": r.Created, "LastModifiedDate": r.Updated}
		},
	}
}

func tagMap(tags map[string]string) any {
	if len(tags) == 0 {
		return map[string]any{}
	}
	return tags
}

// schema is what the pool's users have: a few standard attributes, and those declared.
func schema(r store.Resource) []any {
	list := []any{}
	declared := wire.Object(r.Properties).Objects("Schema")
	for _, name := range []string{"sub", "email", "name"} {
		if !slices.ContainsFunc(declared, func(a wire.Object) bool { return a.String("Name") == name }) {
			list = append(list, core.Out{"Name": name, "AttributeDataType": "String", "Mutable": name != "sub", "Required": name == "sub", "DeveloperOnlyAttribute": false})
		}
	}
	for _, a := range declared {
		shown := core.Merge(map[string]any{"AttributeDataType": "String", "Mutable": true, "Required": false, "DeveloperOnlyAttribute": false}, a)
		if !slices.Contains([]string{"email", "name", "phone_number", "given_name", "family_name"}, a.String("Name")) {
			shown["Name"] = "custom:" + a.String("Name")
		}
		list = append(list, shown)
	}
	return list
}

// patchPool: the API calls UserPoolName PoolName, and sets to its default what a request leaves out, except the name and the tags.
func patchPool(c *core.Call, r store.Resource) (map[string]any, error) {
	patch := map[string]any{}
	for _, name := range poolNames() {
		if slices.Contains([]string{"AliasAttributes", "UsernameAttributes", "UsernameConfiguration"}, name) {
			continue // fixed at creation
		}
		patch[name] = nil
		if c.In.Has(name) {
			patch[name] = shape.Plain(c.In[name])
		}
	}
	if c.In.Has("PoolName") {
		patch["UserPoolName"] = c.In.String("PoolName")
	}
	return patch, nil
}

// getFactors answers with the second factors that are on.
func getFactors(c *core.Call) (any, error) {
	r, err := poolEntity().Find(c)
	if err != nil {
		return nil, err
	}
	p := wire.Object(r.Properties)
	out := core.Out{"MfaConfiguration": p.String("MfaConfiguration")}
	for _, factor := range p.Strings("EnabledMfas") {
		switch factor {
		case "SMS_MFA":
			out["SmsMfaConfiguration"] = core.Out{"SmsConfiguration": p["SmsConfiguration"], "SmsAuthenticationMessage": p["SmsAuthenticationMessage"]}
		case "SOFTWARE_TOKEN_MFA":
			out["SoftwareTokenMfaConfiguration"] = core.Out{"Enabled": true}
		case "EMAIL_OTP":
			out["EmailMfaConfiguration"] = core.Out{"Message": p["EmailAuthenticationMessage"], "Subject": p["EmailAuthenticationSubject"]}
		}
	}
	if p.Has("WebAuthnRelyingPartyID") || p.Has("WebAuthnUserVerification") {
		out["WebAuthnConfiguration"] = core.Out{"RelyingPartyId": p["WebAuthnRelyingPartyID"], "UserVerification": p["WebAuthnUserVerification"]}
	}
	return out, nil
}

func setFactors(c *core.Call) (any, error) {
	r, err := poolEntity().Find(c)
	if err != nil {
		return nil, err
	}
	factors := []any{}
	if c.In.Has("SmsMfaConfiguration") {
		factors = append(factors, "SMS_MFA")
	}
	if c.In.Object("SoftwareTokenMfaConfiguration").Bool("Enabled") {
		factors = append(factors, "SOFTWARE_TOKEN_MFA")
	}
	if c.In.Has("EmailMfaConfiguration") {
		factors = append(factors, "EMAIL_OTP")
	}
	if _, err := c.Update(Type, r.ID, map[string]any{"EnabledMfas": factors, "MfaConfiguration": c.In.Or("MfaConfiguration", "OFF")}); err != nil {
		return nil, err
	}
	return getFactors(c)
}

func clientNames() []string {
	return []string{"UserPoolId", "ClientName", "AccessTokenValidity", "AllowedOAuthFlows", "AllowedOAuthFlowsUserPoolClient", "AllowedOAuthScopes",
		"AnalyticsConfiguration", "AuthSessionValidity", "CallbackURLs", "DefaultRedirectURI", "EnablePropagateAdditionalUserContextData",
		"EnableTokenRevocation", "ExplicitAuthFlows", "IdTokenValidity", "LogoutURLs", "PreventUserExistenceErrors", "ReadAttributes", "RefreshTokenRotation",
		"RefreshTokenValidity", "SupportedIdentityProviders", "TokenValidityUnits", "WriteAttributes"}
}

func inPool(c *core.Call, all []store.Resource) []store.Resource {
	return slices.DeleteFunc(all, func(r store.Resource) bool { return r.Properties["UserPoolId"] != c.In.String("UserPoolId") })
}

func taking(names ...string) func(*core.Call) (map[string]any, error) {
	return func(c *core.Call) (map[string]any, error) {
		return wire.AsObject(shape.Plain(shape.Pick(c.In, names...))), nil
	}
}

func clientEntity() core.Entity {
	return core.Entity{
		Type: ClientType, Wrap: "UserPoolClient", Among: inPool, Take: taking(append(clientNames(), "GenerateSecret")...),
		ID: func(c *core.Call) string { return c.In.String("UserPoolId") + "|" + c.In.String("ClientId") },
		Missing: func(c *core.Call) error {
			return notFound("User pool client %s does not exist.", c.In.String("ClientId"))
		},
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(shape.Pick(r.Properties, clientNames()...), map[string]any{"ClientId": r.Attributes["ClientId"], "ClientSecret": r.Attributes["ClientSecret"],
				"CreationDate": r.Created, "LastModifiedDate": r.Updated})
		},
	}
}

// domainEntity: the domains of all pools share their names.
func domainEntity() core.Entity {
	return core.Entity{
		Type: DomainType, Take: taking("UserPoolId", "Domain", "CustomDomainConfig", "ManagedLoginVersion"),
		ID:      func(c *core.Call) string { return c.In.String("UserPoolId") + "|" + c.In.String("Domain") },
		Missing: func(c *core.Call) error { return notFound("Domain %s does not exist.", c.In.String("Domain")) },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(shape.Pick(r.Properties, "UserPoolId", "Domain", "CustomDomainConfig", "ManagedLoginVersion"),
				map[string]any{"Status": "ACTIVE", "AWSAccountId": r.Account, "CloudFrontDistribution": r.Attributes["CloudFrontDistribution"]})
		},
		Made: func(_ *core.Call, r store.Resource) core.Out {
			return core.Out{"CloudFrontDomain": r.Attributes["CloudFrontDistribution"]}
		},
	}
}

// describeDomain finds a domain by its name; of one that does not exist there is an empty description.
func describeDomain(c *core.Call) (any, error) {
	for _, r := range c.List(DomainType) {
		if r.Properties["Domain"] == c.In.String("Domain") {
			return core.Out{"DomainDescription": domainEntity().Show(c, r)}, nil
		}
	}
	return core.Out{"DomainDescription": core.Out{}}, nil
}

func groupEntity() core.Entity {
	names := []string{"UserPoolId", "GroupName", "Description", "Precedence", "RoleArn"}
	return core.Entity{
		Type: GroupType, Exists: "GroupExistsException", Wrap: "Group", Among: inPool, Take: taking(names...),
		ID:      func(c *core.Call) string { return c.In.String("UserPoolId") + "|" + c.In.String("GroupName") },
		Missing: func(*core.Call) error { return notFound("Group not found.") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(shape.Pick(r.Properties, names...), map[string]any{"CreationDate": r.Created, "LastModifiedDate": r.Updated})
		},
	}
}

func serverEntity() core.Entity {
	names := []string{"UserPoolId", "Identifier", "Name", "Scopes"}
	return core.Entity{
		Type: ServerType, Exists: "InvalidParameterException", Wrap: "ResourceServer", Among: inPool, Take: taking(names...),
		ID: func(c *core.Call) string { return c.In.String("UserPoolId") + "|" + c.In.String("Identifier") },
		Missing: func(c *core.Call) error {
			return notFound("Resource server %s does not exist.", c.In.String("Identifier"))
		},
		Show: func(_ *core.Call, r store.Resource) core.Out { return core.Out(shape.Pick(r.Properties, names...)) },
	}
}
