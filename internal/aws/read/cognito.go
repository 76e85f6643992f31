package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type cognitoAPI interface {
	DescribeUserPool(context.Context, *cognitoidentityprovider.DescribeUserPoolInput, ...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.DescribeUserPoolOutput, error)
	GetUserPoolMfaConfig(context.Context, *cognitoidentityprovider.GetUserPoolMfaConfigInput, ...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.GetUserPoolMfaConfigOutput, error)
	DescribeUserPoolClient(context.Context, *cognitoidentityprovider.DescribeUserPoolClientInput, ...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.DescribeUserPoolClientOutput, error)
	DescribeUserPoolDomain(context.Context, *cognitoidentityprovider.DescribeUserPoolDomainInput, ...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.DescribeUserPoolDomainOutput, error)
	GetGroup(context.Context, *cognitoidentityprovider.GetGroupInput, ...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.GetGroupOutput, error)
	DescribeResourceServer(context.Context, *cognitoidentityprovider.DescribeResourceServerInput, ...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.DescribeResourceServerOutput, error)
}

func cognitoReader() reader {
	return oneByOne(
		alone{Spec{
			Type: "AWS::Cognito::UserPool",
			Properties: append(renamed(userPoolProperties()), "EnabledMfas", "WebAuthnFactorConfiguration", "WebAuthnRelyingPartyID",
				"WebAuthnUserVerification", "EmailAuthenticationMessage", "EmailAuthenticationSubject", "WebACL", "UserPoolTags"),
			// Cognito wants to be asked whether WAF may say it. Source: Amazon Cognito developer
			// guide, Associating a web ACL with your user pool.
			Actions: []string{"cognito-idp:DescribeUserPool", "cognito-idp:GetUserPoolMfaConfig", "cognito-idp:GetWebACLForResource",
				"wafv2:GetWebACL", "wafv2:GetWebACLForResource"},
			Identities: []string{"Arn", "ProviderName", "ProviderURL", "UserPoolId"},
			Facts:      []string{drift.FactUserPoolUsers},
		}, (*run).userPool},
		alone{Spec{
			Type:       "AWS::Cognito::UserPoolClient",
			Properties: append(userPoolClientProperties(), "GenerateSecret"),
			Actions:    []string{"cognito-idp:DescribeUserPoolClient"},
			Identities: []string{"ClientId"},
			Secret:     "the client secret, which is not kept at all: every Region generates its own",
		}, (*run).userPoolClient},
		alone{Spec{
			Type:       "AWS::Cognito::UserPoolDomain",
			Properties: []string{"UserPoolId", "Domain", "CustomDomainConfig", "ManagedLoginVersion"},
			Actions:    []string{"cognito-idp:DescribeUserPoolDomain"},
			Identities: []string{"CloudFrontDistribution"},
			Facts:      []string{drift.FactUserPoolDomain},
		}, (*run).userPoolDomain},
		alone{Spec{
			Type:       "AWS::Cognito::UserPoolGroup",
			Properties: []string{"UserPoolId", "GroupName", "Description", "Precedence", "RoleArn"},
			Actions:    []string{"cognito-idp:GetGroup"},
		}, (*run).userPoolGroup},
		alone{Spec{
			Type:       "AWS::Cognito::UserPoolResourceServer",
			Properties: []string{"UserPoolId", "Identifier", "Name", "Scopes"},
			Actions:    []string{"cognito-idp:DescribeResourceServer"},
		}, (*run).resourceServer},
	).waiting("AWS::Cognito::UserPool")
}

func userPoolProperties() []string {
	return []string{"Name:UserPoolName", "AccountRecoverySetting", "AdminCreateUserConfig", "AliasAttributes", "AutoVerifiedAttributes",
		"DeletionProtection", "DeviceConfiguration", "EmailConfiguration", "EmailVerificationMessage", "EmailVerificationSubject",
		"LambdaConfig", "MfaConfiguration", "Policies", "SchemaAttributes:Schema", "SmsAuthenticationMessage", "SmsConfiguration",
		"SmsVerificationMessage", "UserAttributeUpdateSettings", "UserPoolAddOns", "UserPoolTier", "UsernameAttributes",
		"UsernameConfiguration", "VerificationMessageTemplate"}
}

func userPoolClientProperties() []string {
	return []string{"UserPoolId", "ClientName", "AccessTokenValidity", "AllowedOAuthFlows", "AllowedOAuthFlowsUserPoolClient",
		"AllowedOAuthScopes", "AnalyticsConfiguration", "AuthSessionValidity", "CallbackURLs", "DefaultRedirectURI",
		"EnablePropagateAdditionalUserContextData", "EnableTokenRevocation", "ExplicitAuthFlows", "IdTokenValidity", "LogoutURLs",
		"PreventUserExistenceErrors", "ReadAttributes", "RefreshTokenRotation", "RefreshTokenValidity", "SupportedIdentityProviders",
		"TokenValidityUnits", "WriteAttributes"}
}

func (r *run) userPool(ctx context.Context, item inventory.Item) {
	out, err := r.clients.cognito.DescribeUserPool(ctx, &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	p := out.UserPool
	if p == nil {
		r.empty(item, "cognito-idp:DescribeUserPool", "user pool")
		return
	}
	r.fact(item, drift.FactUserPoolUsers, map[string]any{"EstimatedNumberOfUsers": p.EstimatedNumberOfUsers})
	provider := "cognito-idp." + r.Region + "." + dnsSuffix(r.Region) + "/" + item.ID
	o := newObject().take(p, userPoolProperties()...).identity("Arn", aws.ToString(p.Arn)).identity("UserPoolId", aws.ToString(p.Id)).
		identity("ProviderName", provider).identity("ProviderURL", "https://"+provider)
	o.tags = p.UserPoolTags
	r.userPoolFactors(ctx, item, o)
	r.webACLElse(ctx, item, aws.ToString(p.Arn), o)
	r.found(item, o)
}

// dnsSuffix is the domain of a Region's service endpoints.
func dnsSuffix(region string) string {
	if strings.HasPrefix(region, "cn-") {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// userPoolFactors reads which second factors the pool offers.
func (r *run) userPoolFactors(ctx context.Context, item inventory.Item, o *object) {
	out, err := r.clients.cognito.GetUserPoolMfaConfig(ctx, &cognitoidentityprovider.GetUserPoolMfaConfigInput{UserPoolId: &item.ID})
	if err != nil {
		r.partial(item, "EnabledMfas", err)
		r.partial(item, "WebAuthnRelyingPartyID", err)
		return
	}
	var enabled []string
	if out.SmsMfaConfiguration != nil && out.SmsMfaConfiguration.SmsConfiguration != nil {
		enabled = append(enabled, "SMS_MFA")
	}
	if out.SoftwareTokenMfaConfiguration != nil && out.SoftwareTokenMfaConfiguration.Enabled {
		enabled = append(enabled, "SOFTWARE_TOKEN_MFA")
	}
	if e := out.EmailMfaConfiguration; e != nil {
		enabled = append(enabled, "EMAIL_OTP")
		o.set("EmailAuthenticationMessage", e.Message).set("EmailAuthenticationSubject", e.Subject)
	}
	o.set("EnabledMfas", enabled)
	if w := out.WebAuthnConfiguration; w != nil {
		o.set("WebAuthnRelyingPartyID", w.RelyingPartyId).set("WebAuthnUserVerification", w.UserVerification).
			set("WebAuthnFactorConfiguration", w.FactorConfiguration)
	}
}

// inPool splits the physical id of what belongs to a user pool: "pool|name" in
// Cloud Control's form, else the name alone, and the pool is declared.
func inPool(item inventory.Item) (pool, name string, ok bool) {
	if pool, name, ok = strings.Cut(item.ID, "|"); !ok {
		pool, name = text(item.Resolved, "UserPoolId"), item.ID
	}
	return pool, name, pool != "" && !unresolved(pool)
}

func (r *run) userPoolClient(ctx context.Context, item inventory.Item) {
	pool, id, ok := inPool(item)
	if !ok {
		r.unaddressable(item, "the user pool it belongs to")
		return
	}
	out, err := r.clients.cognito.DescribeUserPoolClient(ctx, &cognitoidentityprovider.DescribeUserPoolClientInput{UserPoolId: &pool, ClientId: &id})
	if err != nil {
		r.failed(item, err)
		return
	}
	c := out.UserPoolClient
	if c == nil {
		r.empty(item, "cognito-idp:DescribeUserPoolClient", "client")
		return
	}
	r.found(item, newObject().take(c, userPoolClientProperties()...).set("GenerateSecret", aws.ToString(c.ClientSecret) != "").
		identity("ClientId", aws.ToString(c.ClientId)))
}

// userPoolDomain reads a domain. Cognito answers with an empty description when
// there is no such domain.
func (r *run) userPoolDomain(ctx context.Context, item inventory.Item) {
	_, domain, _ := inPool(item)
	out, err := r.clients.cognito.DescribeUserPoolDomain(ctx, &cognitoidentityprovider.DescribeUserPoolDomainInput{Domain: &domain})
	if err != nil {
		r.failed(item, err)
		return
	}
	d := out.DomainDescription
	if d == nil || aws.ToString(d.Domain) == "" {
		r.gone(item)
		return
	}
	r.fact(item, drift.FactUserPoolDomain, map[string]any{"Status": string(d.Status)})
	r.found(item, newObject().take(d, "UserPoolId", "Domain", "CustomDomainConfig", "ManagedLoginVersion").
		identity("CloudFrontDistribution", aws.ToString(d.CloudFrontDistribution)))
}

func (r *run) userPoolGroup(ctx context.Context, item inventory.Item) {
	pool, name, ok := inPool(item)
	if !ok {
		r.unaddressable(item, "the user pool it belongs to")
		return
	}
	out, err := r.clients.cognito.GetGroup(ctx, &cognitoidentityprovider.GetGroupInput{UserPoolId: &pool, GroupName: &name})
	if err != nil {
		r.failed(item, err)
		return
	}
	if out.Group == nil {
		r.empty(item, "cognito-idp:GetGroup", "group")
		return
	}
	r.found(item, newObject().take(out.Group, "UserPoolId", "GroupName", "Description", "Precedence", "RoleArn"))
}

func (r *run) resourceServer(ctx context.Context, item inventory.Item) {
	pool, id, ok := inPool(item)
	if !ok {
		r.unaddressable(item, "the user pool it belongs to")
		return
	}
	out, err := r.clients.cognito.DescribeResourceServer(ctx, &cognitoidentityprovider.DescribeResourceServerInput{UserPoolId: &pool, Identifier: &id})
	if err != nil {
		r.failed(item, err)
		return
	}
	if out.ResourceServer == nil {
		r.empty(item, "cognito-idp:DescribeResourceServer", "resource server")
		return
	}
	r.found(item, newObject().take(out.ResourceServer, "UserPoolId", "Identifier", "Name", "Scopes"))
}
