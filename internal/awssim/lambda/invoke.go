package lambda

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func invokeKinds() []core.Kind {
	return []core.Kind{
		{
			Type: URLType, Identifier: []string{"FunctionArn"}, Replace: []string{"TargetFunctionArn", "Qualifier"},
			Defaults: map[string]any{"InvokeMode": "BUFFERED"},
			Schema: core.Schema{Required: []string{"AuthType", "TargetFunctionArn"}, Booleans: []string{"Cors.AllowCredentials"}, Numbers: []string{"Cors.MaxAge"},
				Allowed: map[string][]string{"AuthType": {"AWS_IAM", "NONE"}, "InvokeMode": {"BUFFERED", "RESPONSE_STREAM"}}},
			Create: checkURL,
		},
		{
			Type: EventInvokeType, Identifier: []string{"FunctionName", "Qualifier"}, Replace: []string{"FunctionName", "Qualifier"},
			Schema: core.Schema{Required: []string{"FunctionName", "Qualifier"}, Numbers: []string{"MaximumEventAgeInSeconds", "MaximumRetryAttempts"},
				Range: map[string][2]float64{"MaximumEventAgeInSeconds": {60, 21600}, "MaximumRetryAttempts": {0, 2}}},
			Create: checkEventInvoke,
		},
		{
			Type: LayerPermissionType, Identifier: []string{"Id"}, Replace: []string{"Action", "LayerVersionArn", "OrganizationId", "Principal"},
			Schema: core.Schema{Required: []string{"Action", "LayerVersionArn", "Principal"}}, Create: checkLayerPermission,
		},
	}
}

// checkURL wants the function to exist and gives the URL its host.
func checkURL(c *core.Change) error {
	r := c.Resource
	name, qualifier := split(wire.Text(r.Properties["TargetFunctionArn"]))
	if q := wire.Text(r.Properties["Qualifier"]); q != "" {
		qualifier = q
	}
	arn := functionARN(r.Scope, name)
	if _, ok := c.World.Store.Get(r.Scope, Type, name); !ok {
		return notFound("Function not found: %s", arn)
	}
	if qualifier != "" {
		arn += ":" + qualifier
	}
	r.Attributes["FunctionArn"] = arn
	r.Attributes["FunctionUrl"] = "https://" + c.World.IDs.Lower(32, r.Account, r.Region, r.Type, arn) + ".lambda-url." + r.Region + ".on.aws/"
	return nil
}

// url finds the URL of the function or alias that a request names.
func url(c *core.Call) (store.Resource, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return f, err
	}
	arn := functionARN(f.Scope, f.ID)
	if qualifier != "" {
		arn += ":" + qualifier
	}
	r, ok := c.Get(URLType, arn)
	if !ok {
		return r, notFound("The resource you requested does not exist.")
	}
	return r, nil
}

func presentURL(r store.Resource) core.Out {
	const form = "2006-01-02T15:04:05.000000Z"
	out := core.Out(shape.Pick(r.Properties, "AuthType", "Cors", "InvokeMode"))
	out["FunctionArn"], out["FunctionUrl"] = r.ID, r.Attributes["FunctionUrl"]
	out["CreationTime"], out["LastModifiedTime"] = r.Created.UTC().Format(form), r.Updated.UTC().Format(form)
	return out
}

func getURL(c *core.Call) (any, error) {
	r, err := url(c)
	if err != nil {
		return nil, err
	}
	return presentURL(r), nil
}

func listURLs(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, r := range c.Read().Prefix(c.Scope, URLType, functionARN(f.Scope, f.ID)) {
		list = append(list, presentURL(r))
	}
	return page(c, "FunctionUrlConfigs", list, 50)
}

func createURL(c *core.Call) (any, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return nil, err
	}
	given := wire.AsObject(shape.Plain(shape.Pick(c.In, "AuthType", "Cors", "InvokeMode")))
	given["TargetFunctionArn"] = functionARN(f.Scope, f.ID)
	if qualifier != "" {
		given["Qualifier"] = qualifier
	}
	r, err := c.Create(URLType, given, nil)
	if core.Code(err) == "AlreadyExists" {
		return nil, conflict("FunctionUrlConfig exists for this Lambda function")
	}
	if err != nil {
		return nil, err
	}
	return wire.JSONBody(201, presentURL(r)), nil
}

func updateURL(c *core.Call) (any, error) {
	r, err := url(c)
	if err != nil {
		return nil, err
	}
	r, err = c.Update(URLType, r.ID, wire.AsObject(shape.Plain(shape.Pick(c.In, "AuthType", "Cors", "InvokeMode"))))
	if err != nil {
		return nil, err
	}
	return presentURL(r), nil
}

func deleteURL(c *core.Call) (any, error) {
	r, err := url(c)
	if err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 204}, c.Delete(URLType, r.ID)
}

func checkEventInvoke(c *core.Change) error {
	name, _ := split(wire.Text(c.Resource.Properties["FunctionName"]))
	if _, ok := c.World.Store.Get(c.Resource.Scope, Type, name); !ok {
		return notFound("Function not found: %s", functionARN(c.Resource.Scope, name))
	}
	c.Resource.Properties["FunctionName"] = name
	return nil
}

// eventInvoke finds the configuration for the version or alias that a request names.
func eventInvoke(c *core.Call) (store.Resource, store.Resource, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return f, f, err
	}
	if qualifier == "" {
		qualifier = "$LATEST"
	}
	r, ok := c.Get(EventInvokeType, f.ID+"|"+qualifier)
	if !ok {
		return f, r, notFound("The function %s:%s doesn't have an EventInvokeConfig", functionARN(f.Scope, f.ID), qualifier)
	}
	return f, r, nil
}

func presentEventInvoke(f, r store.Resource) core.Out {
	out := core.Out(shape.Pick(r.Properties, "DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts"))
	if !wire.Object(out).Has("DestinationConfig") {
		out["DestinationConfig"] = core.Out{"OnSuccess": core.Out{}, "OnFailure": core.Out{}}
	}
	out["FunctionArn"], out["LastModified"] = functionARN(f.Scope, f.ID)+":"+wire.Text(r.Properties["Qualifier"]), r.Updated
	return out
}

func getEventInvoke(c *core.Call) (any, error) {
	f, r, err := eventInvoke(c)
	if err != nil {
		return nil, err
	}
	return presentEventInvoke(f, r), nil
}

func listEventInvokes(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, r := range c.Read().Prefix(c.Scope, EventInvokeType, f.ID+"|") {
		list = append(list, presentEventInvoke(f, r))
	}
	return page(c, "FunctionEventInvokeConfigs", list, 50)
}

// putEventInvoke makes a configuration or replaces all of one, updateEventInvoke changes what the request names.
func putEventInvoke(c *core.Call) (any, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return nil, err
	}
	if qualifier == "" {
		qualifier = "$LATEST"
	}
	given := map[string]any{"FunctionName": f.ID, "Qualifier": qualifier}
	for _, name := range []string{"DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts"} {
		if c.In.Has(name) {
			given[name] = shape.Plain(c.In[name])
		}
	}
	c.World.Store.Delete(c.Scope, EventInvokeType, f.ID+"|"+qualifier)
	r, err := c.Create(EventInvokeType, given, nil)
	if err != nil {
		return nil, err
	}
	return presentEventInvoke(f, r), nil
}

func updateEventInvoke(c *core.Call) (any, error) {
	f, r, err := eventInvoke(c)
	if err != nil {
		return nil, err
	}
	given := wire.AsObject(shape.Plain(shape.Pick(c.In, "DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")))
	if r, err = c.Update(EventInvokeType, r.ID, given); err != nil {
		return nil, err
	}
	return presentEventInvoke(f, r), nil
}

func deleteEventInvoke(c *core.Call) (any, error) {
	_, r, err := eventInvoke(c)
	if err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 204}, c.Delete(EventInvokeType, r.ID)
}
