package apigateway

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// What stands beside an API's resources and stages: parts of it that are read as lists, and names, keys and plans of the account.

// Types of what stands beside an API.
const (
	AuthorizerType = "AWS::ApiGateway::Authorizer"
	ModelType      = "AWS::ApiGateway::Model"
	ValidatorType  = "AWS::ApiGateway::RequestValidator"
	ResponseType   = "AWS::ApiGateway::GatewayResponse"
	DomainType     = "AWS::ApiGateway::DomainName"
	MappingType    = "AWS::ApiGateway::BasePathMapping"
	KeyType        = "AWS::ApiGateway::ApiKey"
	PlanType       = "AWS::ApiGateway::UsagePlan"
	PlanKeyType    = "AWS::ApiGateway::UsagePlanKey"
	LinkType       = "AWS::ApiGateway::VpcLink"
	AccountType    = "AWS::ApiGateway::Account"
)

// beside is one type with the operations that read it, one by one and as a list, and those that change it by patches.
type beside struct {
	entity     core.Entity
	name, list string // in the names of operations; list is empty where one is always asked for alone
	path       string // of the collection
	label      string // of one element in the path
	patched    map[string]string
}

func besides() []beside {
	const api = "/restapis/{restapi_id}"
	return []beside{
		{ofAPI(AuthorizerType, "authorizer_id", "AuthorizerId", "Name", "Type", "AuthType", "AuthorizerCredentials", "AuthorizerResultTtlInSeconds", "AuthorizerUri",
			"IdentitySource", "IdentityValidationExpression", "ProviderARNs"), "Authorizer", "GetAuthorizers", api + "/authorizers", "authorizer_id",
			map[string]string{"authorizerUri": "", "identitySource": "", "authorizerResultTtlInSeconds": "number", "name": ""}},
		{ofAPI(ModelType, "model_name", "", "Name", "ContentType", "Description", "Schema"), "Model", "GetModels", api + "/models", "model_name",
			map[string]string{"schema": "", "description": ""}},
		{ofAPI(ValidatorType, "requestvalidator_id", "RequestValidatorId", "Name", "ValidateRequestBody", "ValidateRequestParameters"), "RequestValidator",
			"GetRequestValidators", api + "/requestvalidators", "requestvalidator_id", map[string]string{"validateRequestBody": "bool", "validateRequestParameters": "bool"}},
		{ofAPI(ResponseType, "response_type", "", "ResponseType", "StatusCode", "ResponseParameters", "ResponseTemplates"), "GatewayResponse",
			"GetGatewayResponses", api + "/gatewayresponses", "response_type", map[string]string{"statusCode": ""}},
		{domains(), "DomainName", "GetDomainNames", "/domainnames", "domain_name", map[string]string{"regionalCertificateArn": "", "certificateArn": "", "securityPolicy": ""}},
		{mappings(), "BasePathMapping", "GetBasePathMappings", "/domainnames/{domain_name}/basepathmappings", "base_path", map[string]string{"stage": "", "restapiId": ""}},
		{keys(), "ApiKey", "GetApiKeys", "/apikeys", "api_Key", map[string]string{"enabled": "bool", "description": "", "name": ""}},
		{plans(), "UsagePlan", "GetUsagePlans", "/usageplans", "usageplanId", map[string]string{"name": "", "description": ""}},
		{planKeys(), "UsagePlanKey", "GetUsagePlanKeys", "/usageplans/{usageplanId}/keys", "keyId", nil},
		{links(), "VpcLink", "GetVpcLinks", "/vpclinks", "vpclink_id", map[string]string{"name": "", "description": ""}},
	}
}

// addBesides adds the operations, actions and routes of what stands beside an API to the service.
func addBesides(s *core.Service) {
	for _, b := range besides() {
		one := b.path + "/{" + b.label + "}"
		maps.Copy(s.Operations, map[string]core.Handler{"Get" + b.name: b.entity.Get, "Delete" + b.name: b.entity.Delete(202), "Update" + b.name: b.patch(),
			b.list: b.entity.List("item", core.Page{Size: 25, Token: "position", Max: "limit", CodeOfInvalid: "BadRequestException"})})
		for _, r := range []wire.Route{{Operation: "Get" + b.name, Method: "GET", Path: one}, {Operation: b.list, Method: "GET", Path: b.path},
			{Operation: "Update" + b.name, Method: "PATCH", Path: one}, {Operation: "Delete" + b.name, Method: "DELETE", Path: one}} {
			s.Routes = append(s.Routes, r)
			s.Actions[r.Operation] = "apigateway:" + r.Method
		}
	}
	s.Operations["GetAccount"], s.Actions["GetAccount"] = getAccount, "apigateway:GET"
	s.Routes = append(s.Routes, wire.Route{Operation: "GetAccount", Method: "GET", Path: "/account"})
	s.Kinds = append(s.Kinds, besideKinds()...)
}

// patch is the handler of an update, whose operations set the fields that b lists.
func (b beside) patch() core.Handler {
	return b.entity.Patch(func(c *core.Call, r store.Resource) (map[string]any, error) {
		patch := map[string]any{}
		for _, op := range c.In.Objects("patchOperations") {
			path := strings.TrimPrefix(op.String("path"), "/")
			if part, field, nested := strings.Cut(path, "/"); nested && r.Type == PlanType {
				name := strings.ToUpper(part[:1]) + part[1:]
				patch[name] = map[string]any(core.Merge(wire.AsObject(r.Properties[name]), map[string]any{strings.ToUpper(field[:1]) + field[1:]: typed(op.String("value"), "number")}))
				continue
			}
			if err := patchScalar(patch, path, op, b.patched); err != nil {
				return nil, err
			}
		}
		for from, to := range map[string]string{"RestapiId": "RestApiId"} {
			if v, ok := patch[from]; ok {
				patch[to] = v
				delete(patch, from)
			}
		}
		if name, ok := patch["Name"]; ok && r.Type == PlanType {
			patch["UsagePlanName"] = name
			delete(patch, "Name")
		}
		return patch, nil
	})
}

func shown(r store.Resource, names ...string) core.Out {
	return core.Out(wire.AsObject(shape.Lower(shape.Pick(r.Properties, names...), "ResponseParameters", "ResponseTemplates")))
}

// ofAPI is an entity of what belongs to one API; attribute is what its generated id is called.
func ofAPI(typ, label, attribute string, names ...string) core.Entity {
	return core.Entity{
		Type: typ,
		ID: func(c *core.Call) string {
			return c.In.String("restapi_id") + "|" + c.In.String(label)
		},
		Missing: func(c *core.Call) error { return notFound("Invalid identifier specified: %s", c.In.String(label)) },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			out := shown(r, names...)
			if attribute != "" {
				out["id"] = r.Attributes[attribute]
			}
			if schema := r.Properties["Schema"]; typ == ModelType && schema != nil {
				out["id"], out["schema"] = r.ID, shape.Document(schema)
			}
			if typ == ResponseType {
				out["defaultResponse"] = false
			}
			return out
		},
		Among: func(c *core.Call, all []store.Resource) []store.Resource {
			return slices.DeleteFunc(all, func(r store.Resource) bool { return r.Properties["RestApiId"] != c.In.String("restapi_id") })
		},
	}
}

func domains() core.Entity {
	return core.Entity{
		Type:    DomainType,
		ID:      func(c *core.Call) string { return c.In.String("domain_name") },
		Missing: func(*core.Call) error { return notFound("Invalid domain name identifier specified") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			out := shown(r, "DomainName", "CertificateArn", "EndpointAccessMode", "EndpointConfiguration", "MutualTlsAuthentication", "RegionalCertificateArn",
				"OwnershipVerificationCertificateArn", "RoutingMode", "SecurityPolicy")
			for _, name := range []string{"DomainNameArn", "RegionalDomainName", "RegionalHostedZoneId"} {
				out[strings.ToLower(name[:1])+name[1:]] = r.Attributes[name]
			}
			out["domainNameStatus"], out["tags"] = "AVAILABLE", r.Tags
			return out
		},
	}
}

func mappings() core.Entity {
	return core.Entity{
		Type: MappingType,
		ID: func(c *core.Call) string {
			path := c.In.String("base_path")
			if path == "(none)" {
				path = ""
			}
			return c.In.String("domain_name") + "|" + path
		},
		Missing: func(*core.Call) error { return notFound("Invalid base path mapping identifier specified") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(shown(r, "RestApiId", "Stage"), map[string]any{"basePath": wire.Object(r.Properties).Or("BasePath", "(none)")})
		},
		Among: func(c *core.Call, all []store.Resource) []store.Resource {
			return slices.DeleteFunc(all, func(r store.Resource) bool { return r.Properties["DomainName"] != c.In.String("domain_name") })
		},
	}
}

func keys() core.Entity {
	return core.Entity{
		Type:    KeyType,
		ID:      func(c *core.Call) string { return c.In.String("api_Key") },
		Missing: func(*core.Call) error { return notFound("Invalid API Key identifier specified") },
		Show: func(c *core.Call, r store.Resource) core.Out {
			stages := []any{}
			for _, s := range wire.Object(r.Properties).Objects("StageKeys") {
				stages = append(stages, s.String("RestApiId")+"/"+s.String("StageName"))
			}
			out := core.Merge(shown(r, "Name", "Description", "CustomerId", "Enabled"), map[string]any{"id": r.ID, "stageKeys": stages, "createdDate": r.Created,
				"lastUpdatedDate": r.Updated, "tags": r.Tags})
			if c.In.Bool("includeValue") {
				out["value"] = r.Properties["Value"]
			}
			return out
		},
	}
}

func plans() core.Entity {
	return core.Entity{
		Type:    PlanType,
		ID:      func(c *core.Call) string { return c.In.String("usageplanId") },
		Missing: func(*core.Call) error { return notFound("Invalid Usage Plan ID specified") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(shown(r, "Description", "ApiStages", "Quota", "Throttle"), map[string]any{"id": r.ID, "name": r.Properties["UsagePlanName"], "tags": r.Tags})
		},
	}
}

func planKeys() core.Entity {
	return core.Entity{
		Type:    PlanKeyType,
		ID:      func(c *core.Call) string { return c.In.String("keyId") + ":" + c.In.String("usageplanId") },
		Missing: func(*core.Call) error { return notFound("Invalid API Key identifier specified") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Out{"id": r.Properties["KeyId"], "type": r.Properties["KeyType"]}
		},
	}
}

func links() core.Entity {
	return core.Entity{
		Type:    LinkType,
		ID:      func(c *core.Call) string { return c.In.String("vpclink_id") },
		Missing: func(*core.Call) error { return notFound("Invalid Vpc Link identifier specified") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(shown(r, "Name", "Description", "TargetArns"), map[string]any{"id": r.ID, "status": "AVAILABLE", "tags": r.Tags})
		},
	}
}

// ThrottleType scripts the throttle of a Region: the property Rate of the id "throttle".
const ThrottleType = "sim::ApiGateway::Throttle"

// getAccount answers with the one setting of the Region, the role that writes the logs, and with its throttle.
func getAccount(c *core.Call) (any, error) {
	out := core.Out{"throttleSettings": core.Out{"burstLimit": 5000, "rateLimit": 10000.0}, "features": []any{"UsagePlans"}, "apiKeyVersion": "4"}
	if r, ok := c.Get(ThrottleType, "throttle"); ok {
		out["throttleSettings"] = core.Out{"burstLimit": 5000, "rateLimit": r.Properties["Rate"]}
	}
	for _, r := range c.List(AccountType) {
		out["cloudwatchRoleArn"] = r.Properties["CloudWatchRoleArn"]
	}
	return out, nil
}
