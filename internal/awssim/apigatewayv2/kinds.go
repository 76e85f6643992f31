package apigatewayv2

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func kinds() []core.Kind {
	return append(partKinds(), core.Kind{
		Type: Type, Identifier: []string{"ApiId"}, Replace: []string{"ProtocolType"}, TagMap: true,
		Attributes: map[string]string{"ApiEndpoint": "https://{ApiId}.execute-api.{Region}.amazonaws.com"},
		WriteOnly:  []string{"Body", "BodyS3Location", "BasePath", "CredentialsArn", "FailOnWarnings", "RouteKey", "Target", "DisableSchemaValidation"},
		Defaults: map[string]any{"ApiKeySelectionExpression": "$request.header.x-api-key", "RouteSelectionExpression": "$request.method $request.path",
			"DisableExecuteApiEndpoint": false, "IpAddressType": "ipv4"},
		Schema: core.Schema{Booleans: []string{"DisableExecuteApiEndpoint", "CorsConfiguration.AllowCredentials"}, Numbers: []string{"CorsConfiguration.MaxAge"},
			Allowed: map[string][]string{"ProtocolType": {"HTTP", "WEBSOCKET"}}},
		Create: checkAPI, Delete: dropParts,
	}, core.Kind{
		Type: DomainType, Identifier: []string{"DomainName"}, Replace: []string{"DomainName"}, TagMap: true,
		Attributes: map[string]string{"DomainNameArn": "arn:aws:apigateway:{Region}::/domainnames/{DomainName}"},
		Defaults:   map[string]any{"RoutingMode": "API_MAPPING_ONLY"},
		Schema:     core.Schema{Required: []string{"DomainName"}}, Create: checkDomain, Update: checkDomain,
	}, core.Kind{
		Type: MappingType, Identifier: []string{"ApiMappingId", "DomainName"}, Ref: "{ApiMappingId}", Replace: []string{"DomainName"},
		Schema: core.Schema{Required: []string{"ApiId", "DomainName", "Stage"}}, Create: withID("ApiMappingId", 6),
	}, core.Kind{
		Type: LinkType, Identifier: []string{"VpcLinkId"}, Replace: []string{"SecurityGroupIds", "SubnetIds"}, TagMap: true,
		Schema: core.Schema{Required: []string{"Name", "SubnetIds"}}, Create: withID("VpcLinkId", 6),
	})
}

func partKinds() []core.Kind {
	return []core.Kind{
		{
			Type: RouteType, Identifier: []string{"ApiId", "RouteId"}, Ref: "{RouteId}", Replace: []string{"ApiId"},
			Defaults: map[string]any{"AuthorizationType": "NONE", "ApiKeyRequired": false},
			Schema: core.Schema{Required: []string{"ApiId", "RouteKey"}, Booleans: []string{"ApiKeyRequired"},
				Allowed: map[string][]string{"AuthorizationType": {"NONE", "AWS_IAM", "CUSTOM", "JWT"}}},
			Create: withID("RouteId", 7), Update: ofExistingAPI,
		},
		{
			Type: IntegrationType, Identifier: []string{"ApiId", "IntegrationId"}, Ref: "{IntegrationId}", Replace: []string{"ApiId"},
			Defaults: map[string]any{"ConnectionType": "INTERNET", "TimeoutInMillis": 30000.0},
			Schema: core.Schema{Required: []string{"ApiId", "IntegrationType"}, Numbers: []string{"TimeoutInMillis"},
				Allowed: map[string][]string{"IntegrationType": {"AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"}}},
			Create: withID("IntegrationId", 7), Update: ofExistingAPI,
		},
		{
			Type: AuthorizerType, Identifier: []string{"AuthorizerId", "ApiId"}, Ref: "{AuthorizerId}", Replace: []string{"ApiId"},
			Schema: core.Schema{Required: []string{"ApiId", "AuthorizerType", "Name"}, Numbers: []string{"AuthorizerResultTtlInSeconds"},
				Booleans: []string{"EnableSimpleResponses"}, Allowed: map[string][]string{"AuthorizerType": {"REQUEST", "JWT"}}},
			Create: withID("AuthorizerId", 6), Update: ofExistingAPI,
		},
		{
			Type: DeploymentType, Identifier: []string{"ApiId", "DeploymentId"}, Ref: "{DeploymentId}", Replace: []string{"ApiId", "StageName"},
			WriteOnly: []string{"StageName"}, Schema: core.Schema{Required: []string{"ApiId"}}, Create: withID("DeploymentId", 6),
		},
		{
			Type: StageType, Identifier: []string{"ApiId", "StageName"}, Ref: "{StageName}", Replace: []string{"ApiId", "StageName"}, TagMap: true,
			Defaults: map[string]any{"AutoDeploy": false, "DefaultRouteSettings": map[string]any{"DetailedMetricsEnabled": false}},
			Schema: core.Schema{Required: []string{"ApiId", "StageName"}, Booleans: []string{"AutoDeploy", "DefaultRouteSettings.DataTraceEnabled",
				"DefaultRouteSettings.DetailedMetricsEnabled"}, Numbers: []string{"DefaultRouteSettings.ThrottlingBurstLimit", "DefaultRouteSettings.ThrottlingRateLimit"}},
			Create: checkStage, Update: checkStage,
		},
	}
}

func notFound(format string, args ...any) error {
	return wire.Errorf(404, "NotFoundException", format, args...)
}

func bad(format string, args ...any) error {
	return wire.Errorf(400, "BadRequestException", format, args...)
}

// withID gives a resource its generated id; one that belongs to an API wants that to exist.
func withID(attribute string, length int) func(*core.Change) error {
	return func(c *core.Change) error {
		if err := ofExistingAPI(c); err != nil {
			return err
		}
		r := c.Resource
		p := wire.Object(r.Properties)
		r.Attributes[attribute] = c.World.IDs.Lower(length, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical, p.String("ApiId"),
			p.String("RouteKey"), p.String("Name"))
		return nil
	}
}

func ofExistingAPI(c *core.Change) error {
	id := wire.Text(c.Resource.Properties["ApiId"])
	if id == "" {
		return nil
	}
	if _, ok := c.World.Store.Get(c.Resource.Scope, Type, id); !ok {
		return notFound("Invalid API identifier specified %s:%s", c.Resource.Account, id)
	}
	return nil
}

func checkAPI(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if !p.Has("Body") && !p.Has("BodyS3Location") && (!p.Has("Name") || !p.Has("ProtocolType")) {
		return bad("Invalid API name or protocol specified")
	}
	if !p.Has("Name") {
		r.Properties["Name"] = "imported" // the title of the document, which is not read
	}
	if !p.Has("ProtocolType") {
		r.Properties["ProtocolType"] = "HTTP"
	}
	r.Attributes["ApiId"] = c.World.IDs.Lower(10, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical, p.String("Name"))
	if p.Object("CorsConfiguration") != nil && p.String("ProtocolType") == "WEBSOCKET" {
		return bad("CORS configuration is not supported for WEBSOCKET APIs")
	}
	return nil
}

func dropParts(c *core.Change) error {
	for _, typ := range []string{RouteType, IntegrationType, StageType, AuthorizerType, DeploymentType} {
		for _, r := range c.World.Store.List(c.Resource.Scope, typ) {
			if r.Properties["ApiId"] == c.Resource.ID {
				c.World.Store.Delete(r.Scope, typ, r.ID)
			}
		}
	}
	return nil
}

// checkStage gives a stage that deploys by itself a deployment of its own.
func checkStage(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if p.Bool("AutoDeploy") {
		r.Properties["DeploymentId"] = c.World.IDs.Lower(6, r.Account, r.Region, r.Type, r.ID)
	} else if id := p.String("DeploymentId"); id != "" {
		if _, ok := c.World.Store.Get(r.Scope, DeploymentType, p.String("ApiId")+"|"+id); !ok {
			return notFound("Invalid deployment identifier specified %s", id)
		}
	}
	return ofExistingAPI(c)
}

// checkDomain gives a name the target that DNS has to point to.
func checkDomain(c *core.Change) error {
	r := c.Resource
	name := wire.Text(r.Properties["DomainName"])
	r.Attributes["RegionalDomainName"] = "d-" + c.World.IDs.Lower(10, r.Account, r.Region, name) + ".execute-api." + r.Region + ".amazonaws.com"
	if c.Before != nil {
		r.Attributes["RegionalDomainName"] = c.Before.Attributes["RegionalDomainName"]
	}
	r.Attributes["RegionalHostedZoneId"] = "Z" + c.World.IDs.Upper(13, "hosted zone", r.Region)
	if c.Before != nil {
		r.Attributes["RegionalHostedZoneId"] = c.Before.Attributes["RegionalHostedZoneId"]
	}
	return nil
}

// arnOf is the ARN by which a resource is tagged.
func arnOf(r store.Resource) string {
	prefix := "arn:aws:apigateway:" + r.Region + "::"
	switch r.Type {
	case Type:
		return prefix + "/apis/" + r.ID
	case StageType:
		return prefix + "/apis/" + wire.Text(r.Properties["ApiId"]) + "/stages/" + wire.Text(r.Properties["StageName"])
	case DomainType:
		return prefix + "/domainnames/" + r.ID
	}
	return prefix + "/vpclinks/" + r.ID
}
