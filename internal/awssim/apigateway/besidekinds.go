package apigateway

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func besideKinds() []core.Kind {
	kind := func(typ string, identifier []string, ref string, create func(*core.Change) error, required ...string) core.Kind {
		return core.Kind{Type: typ, Identifier: identifier, Ref: ref, Create: create, Invalid: "BadRequestException", Schema: core.Schema{Required: required}}
	}
	authorizer := kind(AuthorizerType, []string{"RestApiId", "AuthorizerId"}, "{AuthorizerId}", generated("AuthorizerId", 6), "Name", "RestApiId", "Type")
	authorizer.Schema.Numbers = []string{"AuthorizerResultTtlInSeconds"}
	authorizer.Defaults = map[string]any{"AuthorizerResultTtlInSeconds": 300.0}
	authorizer.Replace = []string{"RestApiId"}
	model := kind(ModelType, []string{"RestApiId", "Name"}, "{Name}", ofExistingAPI, "RestApiId")
	model.Name, model.Replace = core.NameRule{Property: "Name", Max: 64}, []string{"RestApiId", "Name", "ContentType"}
	model.Defaults = map[string]any{"ContentType": "application/json"}
	validator := kind(ValidatorType, []string{"RestApiId", "RequestValidatorId"}, "{RequestValidatorId}", generated("RequestValidatorId", 6), "RestApiId")
	validator.Schema.Booleans = []string{"ValidateRequestBody", "ValidateRequestParameters"}
	validator.Defaults = map[string]any{"ValidateRequestBody": false, "ValidateRequestParameters": false}
	response := kind(ResponseType, []string{"RestApiId", "ResponseType"}, "{RestApiId}|{ResponseType}", ofExistingAPI, "ResponseType", "RestApiId")
	response.Replace = []string{"RestApiId", "ResponseType"}
	domain := kind(DomainType, []string{"DomainName"}, "{DomainName}", targetOfDomain)
	domain.Attributes = map[string]string{"DomainNameArn": "arn:aws:apigateway:{Region}::/domainnames/{DomainName}"}
	domain.Defaults = map[string]any{"SecurityPolicy": "TLS_1_2"}
	mapping := kind(MappingType, []string{"DomainName", "BasePath"}, "{DomainName}|{BasePath}", ofExistingAPI, "DomainName")
	mapping.Replace = []string{"DomainName", "BasePath"}
	return append([]core.Kind{authorizer, model, validator, response, domain, mapping}, accountKinds(kind)...)
}

func accountKinds(kind func(string, []string, string, func(*core.Change) error, ...string) core.Kind) []core.Kind {
	key := kind(KeyType, []string{"APIKeyId"}, "{APIKeyId}", makeKey)
	key.Name, key.WriteOnly = core.NameRule{Property: "Name", Max: 128}, []string{"GenerateDistinctId"}
	key.Defaults, key.Schema.Booleans = map[string]any{"Enabled": false}, []string{"Enabled"}
	plan := kind(PlanType, []string{"Id"}, "{Id}", generated("Id", 6))
	plan.Schema.Numbers = []string{"Quota.Limit", "Quota.Offset", "Throttle.BurstLimit", "Throttle.RateLimit"}
	planKey := kind(PlanKeyType, []string{"Id"}, "{Id}", joinKey, "KeyId", "KeyType", "UsagePlanId")
	link := kind(LinkType, []string{"VpcLinkId"}, "{VpcLinkId}", generated("VpcLinkId", 6), "Name", "TargetArns")
	return []core.Kind{key, plan, planKey, link, {Type: AccountType}}
}

// ofExistingAPI wants the API that a resource names to exist.
func ofExistingAPI(c *core.Change) error {
	id := wire.Text(c.Resource.Properties["RestApiId"])
	if id == "" {
		return nil
	}
	if _, ok := c.World.Store.Get(c.Resource.Scope, Type, id); !ok {
		return notFound("Invalid API identifier specified %s:%s", c.Resource.Account, id)
	}
	return nil
}

// generated gives a resource its id.
func generated(attribute string, length int) func(*core.Change) error {
	return func(c *core.Change) error {
		r := c.Resource
		r.Attributes[attribute] = c.World.IDs.Lower(length, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical, wire.Text(r.Properties["Name"]))
		return ofExistingAPI(c)
	}
}

// makeKey gives a key its id, and a value unless it has one.
func makeKey(c *core.Change) error {
	r := c.Resource
	r.Attributes["APIKeyId"] = c.World.IDs.Lower(10, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
	if r.Properties["Value"] == nil {
		r.Properties["Value"] = c.World.IDs.Mixed(40, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical, "value")
	}
	return nil
}

// joinKey names the membership of a key in a plan after both.
func joinKey(c *core.Change) error {
	p := wire.Object(c.Resource.Properties)
	c.Resource.Attributes["Id"] = p.String("KeyId") + ":" + p.String("UsagePlanId")
	for typ, id := range map[string]string{KeyType: p.String("KeyId"), PlanType: p.String("UsagePlanId")} {
		if _, ok := c.World.Store.Get(c.Resource.Scope, typ, id); !ok {
			return notFound("Invalid identifier specified: %s", id)
		}
	}
	return nil
}

// targetOfDomain gives a name the target that DNS has to point to.
func targetOfDomain(c *core.Change) error {
	r := c.Resource
	name := wire.Text(r.Properties["DomainName"])
	r.Attributes["RegionalDomainName"] = "d-" + c.World.IDs.Lower(10, r.Account, r.Region, r.Type, name) + ".execute-api." + r.Region + ".amazonaws.com"
	r.Attributes["RegionalHostedZoneId"] = "Z" + c.World.IDs.Upper(13, "hosted zone of names", r.Region)
	return nil
}
