package apigateway

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func bad(format string, args ...any) error {
	return wire.Errorf(400, "BadRequestException", format, args...)
}

func notFound(format string, args ...any) error {
	return wire.Errorf(404, "NotFoundException", format, args...)
}

// checkAPI gives an API its id and its root resource.
func checkAPI(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if !p.Has("Name") && !p.Has("Body") && !p.Has("BodyS3Location") {
		return bad("Invalid REST API name specified")
	}
	if c.Before == nil {
		about := []string{r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical, p.String("Name")}
		r.Attributes["RestApiId"] = c.World.IDs.Lower(10, about...)
		r.Attributes["RootResourceId"] = c.World.IDs.Lower(10, append(about, "root")...)
	}
	return nil
}

// dropAPI removes what an API consists of.
func dropAPI(c *core.Change) error {
	for _, typ := range []string{ResourceType, MethodType, DeploymentType, StageType} {
		for _, r := range parts(c.World.Store.View(0), c.Resource.Scope, typ, c.Resource.ID) {
			c.World.Store.Delete(r.Scope, typ, r.ID)
		}
	}
	return nil
}

// parts lists the resources of one type that belong to an API.
func parts(v store.View, scope store.Scope, typ, api string) []store.Resource {
	list := v.List
	if typ != DeploymentType { // all other ids begin with the API
		list = func(scope store.Scope, typ string) []store.Resource { return v.Prefix(scope, typ, api+"|") }
	}
	var out []store.Resource
	for _, r := range list(scope, typ) {
		if wire.Text(r.Properties["RestApiId"]) == api {
			out = append(out, r)
		}
	}
	return out
}

func apiOf(c *core.Change) (store.Resource, error) {
	id := wire.Text(c.Resource.Properties["RestApiId"])
	r, ok := c.World.Store.Get(c.Resource.Scope, Type, id)
	if !ok {
		return r, notFound("Invalid API identifier specified %s:%s", c.Resource.Account, id)
	}
	return r, nil
}

// known reports whether an API has a resource of the id.
func known(v store.View, api store.Resource, resource string) bool {
	if resource == api.Attributes["RootResourceId"] {
		return true
	}
	_, ok := v.Get(api.Scope, ResourceType, api.ID+"|"+resource)
	return ok
}

func checkResource(c *core.Change) error {
	api, err := apiOf(c)
	if err != nil {
		return err
	}
	p := wire.Object(c.Resource.Properties)
	view := c.World.Store.View(0)
	if !known(view, api, p.String("ParentId")) {
		return notFound("Invalid Resource identifier specified")
	}
	for _, other := range parts(view, api.Scope, ResourceType, api.ID) {
		if other.Properties["ParentId"] == p["ParentId"] && other.Properties["PathPart"] == p["PathPart"] {
			return wire.Errorf(409, "ConflictException", "Another resource with the same parent already has this name: %s", p.String("PathPart"))
		}
	}
	c.Resource.Attributes["ResourceId"] = c.World.IDs.Lower(6, api.ID, p.String("ParentId"), p.String("PathPart"))
	return nil
}

func checkMethod(c *core.Change) error {
	api, err := apiOf(c)
	if err != nil {
		return err
	}
	p := wire.Object(c.Resource.Properties)
	if !known(c.World.Store.View(0), api, p.String("ResourceId")) {
		return notFound("Invalid Resource identifier specified")
	}
	if p.String("AuthorizationType") == "CUSTOM" && !p.Has("AuthorizerId") {
		return bad("Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.")
	}
	integration := p.Object("Integration")
	if t := integration.String("Type"); (t == "AWS" || t == "AWS_PROXY") && !integration.Has("IntegrationHttpMethod") {
		return bad("Enumeration value for HttpMethod must be non-empty")
	}
	if arn, ok := shape.ParseARN(integration.String("Uri")); ok && arn.Service == "apigateway" && arn.Region != c.Resource.Region {
		return bad("Invalid ARN specified in the request")
	}
	return nil
}

// deploy wants something to deploy; with a StageName it makes or moves the stage too.
func deploy(c *core.Change) error {
	api, err := apiOf(c)
	if err != nil {
		return err
	}
	view := c.World.Store.View(0)
	methods := parts(view, api.Scope, MethodType, api.ID)
	if len(methods) == 0 && !wire.Object(api.Properties).Has("Body") && !wire.Object(api.Properties).Has("BodyS3Location") {
		return bad("The REST API doesn't contain any methods")
	}
	for _, m := range methods {
		if !wire.Object(m.Properties).Has("Integration") {
			return bad("No integration defined for method")
		}
	}
	r := c.Resource
	r.Attributes["DeploymentId"] = c.World.IDs.Lower(6, api.ID, r.Type)
	r.Private["Summary"], r.Private["Definition"] = summary(view, api), definition(view, api)
	stage := wire.Text(r.Properties["StageName"])
	if stage == "" {
		return nil
	}
	id := api.ID + "|" + stage
	if _, exists := view.Get(api.Scope, StageType, id); exists {
		_, _, err = c.World.Store.Update(api.Scope, StageType, id, func(s *store.Resource) error {
			s.Properties["DeploymentId"] = r.Attributes["DeploymentId"]
			return nil
		})
		return err
	}
	c.World.Store.Put(store.Resource{Scope: api.Scope, Type: StageType, ID: id, Properties: map[string]any{
		"RestApiId": api.ID, "StageName": stage, "DeploymentId": r.Attributes["DeploymentId"], "CacheClusterEnabled": false, "TracingEnabled": false}})
	return nil
}

// unstaged refuses to delete a deployment that a stage points to.
func unstaged(c *core.Change) error {
	api := wire.Text(c.Resource.Properties["RestApiId"])
	for _, s := range parts(c.World.Store.View(0), c.Resource.Scope, StageType, api) {
		if s.Properties["DeploymentId"] == c.Resource.Attributes["DeploymentId"] && s.Properties["StageName"] != c.Resource.Properties["StageName"] {
			return bad("Active stages pointing to this deployment must be moved or deleted")
		}
	}
	return nil
}

func checkStage(c *core.Change) error {
	api, err := apiOf(c)
	if err != nil {
		return err
	}
	p := wire.Object(c.Resource.Properties)
	if p.String("StageName") == "" {
		return bad("Stage name should not be empty")
	}
	if _, ok := c.World.Store.Get(api.Scope, DeploymentType, p.String("DeploymentId")+"|"+api.ID); !ok {
		return notFound("Invalid Deployment identifier specified")
	}
	return nil
}
