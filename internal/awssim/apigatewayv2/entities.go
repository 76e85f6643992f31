package apigatewayv2

import (
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Names of properties that the API has too, with a small first letter.

func apiNames() []string {
	return []string{"Name", "Description", "ProtocolType", "RouteSelectionExpression", "ApiKeySelectionExpression", "CorsConfiguration",
		"DisableExecuteApiEndpoint", "DisableSchemaValidation", "IpAddressType", "Version"}
}

func routeNames() []string {
	return []string{"RouteKey", "Target", "ApiKeyRequired", "AuthorizationScopes", "AuthorizationType", "AuthorizerId", "ModelSelectionExpression",
		"OperationName", "RequestModels", "RequestParameters", "RouteResponseSelectionExpression"}
}

func integrationNames() []string {
	return []string{"IntegrationType", "IntegrationUri", "IntegrationMethod", "IntegrationSubtype", "ConnectionId", "ConnectionType",
		"ContentHandlingStrategy", "CredentialsArn", "Description", "PassthroughBehavior", "PayloadFormatVersion", "RequestParameters",
		"RequestTemplates", "ResponseParameters", "TemplateSelectionExpression", "TimeoutInMillis", "TlsConfig"}
}

func authorizerNames() []string {
	return []string{"Name", "AuthorizerType", "AuthorizerUri", "AuthorizerCredentialsArn", "AuthorizerPayloadFormatVersion",
		"AuthorizerResultTtlInSeconds", "EnableSimpleResponses", "IdentitySource", "IdentityValidationExpression", "JwtConfiguration"}
}

func stageNames() []string {
	return []string{"StageName", "Description", "AccessLogSettings", "AutoDeploy", "ClientCertificateId", "DefaultRouteSettings", "DeploymentId",
		"RouteSettings", "StageVariables"}
}

// free are the members whose own members are named by their users.
func free() []string {
	return []string{"RequestModels", "RequestTemplates", "ResponseParameters", "StageVariables", "Tags", "tags", "requestModels",
		"requestTemplates", "responseParameters", "stageVariables", "RouteSettings", "routeSettings"}
}

// lowered shows properties in the API's letters; integrations have free request parameters, routes structures by name.
func lowered(properties map[string]any, names []string) core.Out {
	picked := shape.Pick(properties, names...)
	out := core.Out(wire.AsObject(shape.Lower(picked, append(free(), "RequestParameters")...)))
	for _, member := range []string{"routeSettings", "requestParameters"} {
		if entries := wire.AsObject(out[member]); entries != nil {
			out[member] = each(entries, func(v any) any { return shape.Lower(v) })
		}
	}
	return out
}

func each(entries wire.Object, as func(any) any) map[string]any {
	out := map[string]any{}
	for name, v := range entries {
		out[name] = as(v)
	}
	return out
}

// raised is the opposite of lowered, for requests.
func raised(in wire.Object, names []string) map[string]any {
	lower := make([]string, len(names))
	for i, name := range names {
		lower[i] = strings.ToLower(name[:1]) + name[1:]
	}
	out := wire.AsObject(shape.Upper(shape.Pick(in, lower...), append(free(), "requestParameters")...))
	for _, member := range []string{"RouteSettings", "RequestParameters"} {
		if entries := wire.AsObject(out[member]); entries != nil {
			out[member] = each(entries, func(v any) any { return shape.Upper(v) })
		}
	}
	return out
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func apiEntity() core.Entity {
	return core.Entity{
		Type: Type, Tags: "tags",
		ID: func(c *core.Call) string { return c.In.String("apiId") },
		Missing: func(c *core.Call) error {
			return notFound("Invalid API identifier specified %s:%s", c.Account, c.In.String("apiId"))
		},
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(lowered(r.Properties, apiNames()), map[string]any{"apiId": r.ID, "apiEndpoint": r.Attributes["ApiEndpoint"],
				"createdDate": stamp(r.Created), "tags": own(r.Tags)})
		},
		Take: func(c *core.Call) (map[string]any, error) { return raised(c.In, apiNames()), nil },
	}
}

// own are tags as API Gateway shows them: those of CloudFormation included.
func own(tags map[string]string) any {
	if len(tags) == 0 {
		return map[string]any{}
	}
	return tags
}

// part is an entity of what belongs to an API and has an id.
func part(typ, label string, names []string) core.Entity {
	attribute := strings.ToUpper(label[:1]) + label[1:]
	find := func(c *core.Call, all []store.Resource) []store.Resource {
		return slices.DeleteFunc(all, func(r store.Resource) bool { return r.Properties["ApiId"] != c.In.String("apiId") })
	}
	id := func(c *core.Call) string {
		if typ == AuthorizerType {
			return c.In.String(label) + "|" + c.In.String("apiId")
		}
		return c.In.String("apiId") + "|" + c.In.String(label)
	}
	return core.Entity{
		Type: typ, ID: id, Among: find,
		Missing: func(c *core.Call) error {
			return notFound("Invalid %s identifier specified", strings.TrimSuffix(attribute, "Id"))
		},
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(lowered(r.Properties, names), map[string]any{label: r.Attributes[attribute]})
		},
		Take: func(c *core.Call) (map[string]any, error) {
			given := raised(c.In, names)
			given["ApiId"] = c.In.String("apiId")
			return given, nil
		},
	}
}

func stageEntity() core.Entity {
	e := part(StageType, "stageName", stageNames())
	e.Tags = "tags"
	e.Show = func(_ *core.Call, r store.Resource) core.Out {
		return core.Merge(lowered(r.Properties, stageNames()), map[string]any{"tags": own(r.Tags), "createdDate": stamp(r.Created), "lastUpdatedDate": stamp(r.Updated)})
	}
	return e
}

func deploymentEntity() core.Entity {
	e := part(DeploymentType, "deploymentId", []string{"Description"})
	e.Show = func(_ *core.Call, r store.Resource) core.Out {
		return core.Merge(lowered(r.Properties, []string{"Description"}), map[string]any{"deploymentId": r.Attributes["DeploymentId"],
			"deploymentStatus": "DEPLOYED", "autoDeployed": false, "createdDate": stamp(r.Created)})
	}
	return e
}

func domainEntity() core.Entity {
	names := []string{"DomainName", "MutualTlsAuthentication", "RoutingMode"}
	return core.Entity{
		Type: DomainType, Tags: "tags",
		ID:      func(c *core.Call) string { return c.In.String("domainName") },
		Missing: func(*core.Call) error { return notFound("Invalid domain name identifier specified") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			list := []any{}
			for _, d := range wire.Object(r.Properties).Objects("DomainNameConfigurations") {
				list = append(list, core.Merge(wire.AsObject(shape.Lower(d)), map[string]any{"domainNameStatus": "AVAILABLE", "securityPolicy": d.Or("SecurityPolicy", "TLS_1_2"),
					"endpointType": d.Or("EndpointType", "REGIONAL"), "apiGatewayDomainName": r.Attributes["RegionalDomainName"], "hostedZoneId": r.Attributes["RegionalHostedZoneId"]}))
			}
			return core.Merge(lowered(r.Properties, names), map[string]any{"domainNameConfigurations": list, "tags": own(r.Tags), "domainNameArn": r.Attributes["DomainNameArn"],
				"apiMappingSelectionExpression": "$request.basepath"})
		},
		Take: func(c *core.Call) (map[string]any, error) {
			return raised(c.In, append(names, "DomainNameConfigurations")), nil
		},
	}
}

func mappingEntity() core.Entity {
	names := []string{"ApiId", "ApiMappingKey", "Stage"}
	return core.Entity{
		Type:    MappingType,
		ID:      func(c *core.Call) string { return c.In.String("apiMappingId") + "|" + c.In.String("domainName") },
		Missing: func(*core.Call) error { return notFound("Invalid API mapping identifier specified") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(lowered(r.Properties, names), map[string]any{"apiMappingId": r.Attributes["ApiMappingId"]})
		},
		Take: func(c *core.Call) (map[string]any, error) { return raised(c.In, append(names, "DomainName")), nil },
		Among: func(c *core.Call, all []store.Resource) []store.Resource {
			return slices.DeleteFunc(all, func(r store.Resource) bool { return r.Properties["DomainName"] != c.In.String("domainName") })
		},
	}
}

func linkEntity() core.Entity {
	names := []string{"Name", "SecurityGroupIds", "SubnetIds"}
	return core.Entity{
		Type: LinkType, Tags: "tags",
		ID:      func(c *core.Call) string { return c.In.String("vpcLinkId") },
		Missing: func(*core.Call) error { return notFound("Invalid VPC link identifier specified") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(lowered(r.Properties, names), map[string]any{"vpcLinkId": r.ID, "vpcLinkStatus": "AVAILABLE", "vpcLinkVersion": "V2",
				"tags": own(r.Tags), "createdDate": stamp(r.Created)})
		},
		Take: func(c *core.Call) (map[string]any, error) { return raised(c.In, names), nil },
	}
}
