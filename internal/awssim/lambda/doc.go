// Package lambda simulates the control plane of Lambda: functions and their code digests, versions, aliases, permissions,
// concurrency and event source mappings. It owns the AWS::Lambda types. It runs nothing: Invoke is an unknown operation.
// Code of functions and layers is read from the simulated S3, images are looked up in the simulated registries.
package lambda

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type           = "AWS::Lambda::Function"
	VersionType    = "AWS::Lambda::Version"
	AliasType      = "AWS::Lambda::Alias"
	PermissionType = "AWS::Lambda::Permission"
	MappingType    = "AWS::Lambda::EventSourceMapping"
	LayerType      = "AWS::Lambda::LayerVersion"

	LayerPermissionType = "AWS::Lambda::LayerVersionPermission"
	URLType             = "AWS::Lambda::Url"
	EventInvokeType     = "AWS::Lambda::EventInvokeConfig"
)

// Service returns Lambda.
func Service() core.Service {
	tags := core.Tagging{Find: tagged, Keys: "tagKeys", Status: 204, Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"Tags": tags}, nil
	}}
	return core.Service{
		Name: "lambda", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{
			"ListFunctions": listFunctions, "GetFunction": getFunction, "GetFunctionConfiguration": getFunctionConfiguration,
			"RemoveLayerVersionPermission": removeLayerPermission, "DeleteLayerVersion": deleteLayer,
			"CreateFunction": createFunction, "DeleteFunction": deleteFunction,
			"UpdateFunctionConfiguration": updateFunctionConfiguration, "UpdateFunctionCode": updateFunctionCode,
			"ListTags": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove,
			"PublishVersion": publishVersion, "ListVersionsByFunction": listVersions,
			"GetAlias": getAlias, "ListAliases": listAliases, "CreateAlias": createAlias, "UpdateAlias": updateAlias, "DeleteAlias": deleteAlias,
			"GetFunctionConcurrency": getConcurrency, "PutFunctionConcurrency": putConcurrency, "DeleteFunctionConcurrency": deleteConcurrency,
			"GetProvisionedConcurrencyConfig": getProvisioned, "PutProvisionedConcurrencyConfig": putProvisioned,
			"DeleteProvisionedConcurrencyConfig": deleteProvisioned, "ListProvisionedConcurrencyConfigs": listProvisioned,
			"GetPolicy": getPolicy, "AddPermission": addPermission, "RemovePermission": removePermission,
			"ListEventSourceMappings": listMappings, "GetEventSourceMapping": getMapping, "CreateEventSourceMapping": createMapping,
			"UpdateEventSourceMapping": updateMapping, "DeleteEventSourceMapping": deleteMapping,
			"GetFunctionCodeSigningConfig": getCodeSigning, "GetRuntimeManagementConfig": getRuntimeManagement,
			"GetFunctionRecursionConfig": getRecursion, "GetFunctionEventInvokeConfig": getEventInvoke,
			"ListFunctionEventInvokeConfigs": listEventInvokes, "PutFunctionEventInvokeConfig": putEventInvoke,
			"UpdateFunctionEventInvokeConfig": updateEventInvoke, "DeleteFunctionEventInvokeConfig": deleteEventInvoke,
			"GetFunctionUrlConfig": getURL, "ListFunctionUrlConfigs": listURLs, "CreateFunctionUrlConfig": createURL,
			"UpdateFunctionUrlConfig": updateURL, "DeleteFunctionUrlConfig": deleteURL,
			"GetLayerVersion": getLayerVersion, "GetLayerVersionByArn": getLayerVersion, "GetLayerVersionPolicy": layerPolicy,
			"PublishLayerVersion": publishLayerVersion, "GetAccountSettings": getAccountSettings,
		},
		Routes: routes(),
		Kinds:  append(invokeKinds(), functionKind(), versionKind(), aliasKind(), permissionKind(), mappingKind(), layerKind()),
	}
}

func routes() []wire.Route {
	const f, e = "/2015-03-31/functions/{FunctionName}", "/2015-03-31/event-source-mappings"
	const provisioned = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency"
	return []wire.Route{
		{Operation: "ListFunctions", Method: "GET", Path: "/2015-03-31/functions"},
		{Operation: "CreateFunction", Method: "POST", Path: "/2015-03-31/functions"},
		{Operation: "GetFunction", Method: "GET", Path: f},
		{Operation: "DeleteFunction", Method: "DELETE", Path: f},
		{Operation: "GetFunctionConfiguration", Method: "GET", Path: f + "/configuration"},
		{Operation: "UpdateFunctionConfiguration", Method: "PUT", Path: f + "/configuration"},
		{Operation: "UpdateFunctionCode", Method: "PUT", Path: f + "/code"},
		{Operation: "PublishVersion", Method: "POST", Path: f + "/versions"},
		{Operation: "ListVersionsByFunction", Method: "GET", Path: f + "/versions"},
		{Operation: "ListAliases", Method: "GET", Path: f + "/aliases"},
		{Operation: "CreateAlias", Method: "POST", Path: f + "/aliases"},
		{Operation: "GetAlias", Method: "GET", Path: f + "/aliases/{Name}"},
		{Operation: "UpdateAlias", Method: "PUT", Path: f + "/aliases/{Name}"},
		{Operation: "DeleteAlias", Method: "DELETE", Path: f + "/aliases/{Name}"},
		{Operation: "GetPolicy", Method: "GET", Path: f + "/policy"},
		{Operation: "AddPermission", Method: "POST", Path: f + "/policy"},
		{Operation: "RemovePermission", Method: "DELETE", Path: f + "/policy/{StatementId}"},
		{Operation: "ListTags", Method: "GET", Path: "/2017-03-31/tags/{Resource}"},
		{Operation: "TagResource", Method: "POST", Path: "/2017-03-31/tags/{Resource}"},
		{Operation: "UntagResource", Method: "DELETE", Path: "/2017-03-31/tags/{Resource}"},
		{Operation: "GetFunctionConcurrency", Method: "GET", Path: "/2019-09-30/functions/{FunctionName}/concurrency"},
		{Operation: "PutFunctionConcurrency", Method: "PUT", Path: "/2017-10-31/functions/{FunctionName}/concurrency"},
		{Operation: "DeleteFunctionConcurrency", Method: "DELETE", Path: "/2017-10-31/functions/{FunctionName}/concurrency"},
		{Operation: "GetProvisionedConcurrencyConfig", Method: "GET", Path: provisioned},
		{Operation: "PutProvisionedConcurrencyConfig", Method: "PUT", Path: provisioned},
		{Operation: "DeleteProvisionedConcurrencyConfig", Method: "DELETE", Path: provisioned},
		{Operation: "ListProvisionedConcurrencyConfigs", Method: "GET", Path: provisioned, Query: []string{"List=ALL"}},
		{Operation: "ListEventSourceMappings", Method: "GET", Path: e},
		{Operation: "CreateEventSourceMapping", Method: "POST", Path: e},
		{Operation: "GetEventSourceMapping", Method: "GET", Path: e + "/{UUID}"},
		{Operation: "UpdateEventSourceMapping", Method: "PUT", Path: e + "/{UUID}"},
		{Operation: "DeleteEventSourceMapping", Method: "DELETE", Path: e + "/{UUID}"},
		{Operation: "GetFunctionCodeSigningConfig", Method: "GET", Path: "/2020-06-30/functions/{FunctionName}/code-signing-config"},
		{Operation: "GetRuntimeManagementConfig", Method: "GET", Path: "/2021-07-20/functions/{FunctionName}/runtime-management-config"},
		{Operation: "GetFunctionRecursionConfig", Method: "GET", Path: "/2024-08-31/functions/{FunctionName}/recursion-config"},
		{Operation: "GetFunctionEventInvokeConfig", Method: "GET", Path: "/2019-09-25/functions/{FunctionName}/event-invoke-config"},
		{Operation: "ListFunctionEventInvokeConfigs", Method: "GET", Path: "/2019-09-25/functions/{FunctionName}/event-invoke-config/list"},
		{Operation: "GetFunctionUrlConfig", Method: "GET", Path: "/2021-10-31/functions/{FunctionName}/url"},
		{Operation: "ListFunctionUrlConfigs", Method: "GET", Path: "/2021-10-31/functions/{FunctionName}/urls"},
		{Operation: "PutFunctionEventInvokeConfig", Method: "PUT", Path: "/2019-09-25/functions/{FunctionName}/event-invoke-config"},
		{Operation: "UpdateFunctionEventInvokeConfig", Method: "POST", Path: "/2019-09-25/functions/{FunctionName}/event-invoke-config"},
		{Operation: "DeleteFunctionEventInvokeConfig", Method: "DELETE", Path: "/2019-09-25/functions/{FunctionName}/event-invoke-config"},
		{Operation: "CreateFunctionUrlConfig", Method: "POST", Path: "/2021-10-31/functions/{FunctionName}/url"},
		{Operation: "UpdateFunctionUrlConfig", Method: "PUT", Path: "/2021-10-31/functions/{FunctionName}/url"},
		{Operation: "DeleteFunctionUrlConfig", Method: "DELETE", Path: "/2021-10-31/functions/{FunctionName}/url"},
		{Operation: "GetLayerVersionByArn", Method: "GET", Path: "/2018-10-31/layers", Query: []string{"find=LayerVersion"}},
		{Operation: "GetLayerVersionPolicy", Method: "GET", Path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy"},
		{Operation: "RemoveLayerVersionPermission", Method: "DELETE", Path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}"},
		{Operation: "DeleteLayerVersion", Method: "DELETE", Path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}"},
		{Operation: "PublishLayerVersion", Method: "POST", Path: "/2018-10-31/layers/{LayerName}/versions"},
		{Operation: "GetLayerVersion", Method: "GET", Path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}"},
		{Operation: "GetAccountSettings", Method: "GET", Path: "/2016-08-19/account-settings"},
	}
}
