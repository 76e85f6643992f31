package lambda

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
)

func functionKind() core.Kind {
	return core.Kind{
		Type:       Type,
		Name:       core.NameRule{Property: "FunctionName", Max: 64},
		Attributes: map[string]string{"Arn": "arn:aws:lambda:{Region}:{Account}:function:{FunctionName}"},
		Ref:        "{FunctionName}",
		Replace:    []string{"FunctionName", "PackageType", "TenancyConfig"},
		WriteOnly:  []string{"Code"},
		Defaults: map[string]any{
			"MemorySize": 128.0, "Timeout": 3.0, "PackageType": "Zip", "Description": "",
			"Architectures": []any{"x86_64"}, "TracingConfig": map[string]any{"Mode": "PassThrough"},
			"EphemeralStorage": map[string]any{"Size": 512.0},
		},
		Schema: core.Schema{
			Required: []string{"Code", "Role"},
			Numbers:  []string{"MemorySize", "Timeout", "ReservedConcurrentExecutions", "EphemeralStorage.Size"},
			Booleans: []string{"VpcConfig.Ipv6AllowedForDualStack"},
			Allowed: map[string][]string{
				"Architectures": {"x86_64", "arm64"}, "PackageType": {"Zip", "Image"}, "TracingConfig.Mode": {"Active", "PassThrough"},
				"LoggingConfig.LogFormat": {"Text", "JSON"}, "Runtime": runtimes(),
			},
			Range: map[string][2]float64{"MemorySize": {128, 10240}, "Timeout": {1, 900}, "EphemeralStorage.Size": {512, 10240},
				"ReservedConcurrentExecutions": {0, 1000}},
		},
		Create: deployFunction,
		Update: deployFunction,
		Delete: dropFunction,
	}
}

// runtimes are the identifiers Lambda accepts for new functions.
func runtimes() []string {
	return []string{
		"nodejs20.x", "nodejs22.x", "nodejs24.x", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14",
		"java11", "java17", "java21", "java25", "dotnet8", "dotnet10", "ruby3.2", "ruby3.3", "ruby3.4", "provided.al2", "provided.al2023",
	}
}

func versionKind() core.Kind {
	return core.Kind{
		Type:       VersionType,
		Identifier: []string{"FunctionArn"},
		Ref:        "{FunctionArn}",
		Replace:    []string{"FunctionName", "CodeSha256", "Description"},
		Schema: core.Schema{
			Required: []string{"FunctionName"},
			Numbers:  []string{"ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions"},
		},
		Create: snapshotFunction,
		Delete: unused,
	}
}

func aliasKind() core.Kind {
	return core.Kind{
		Type:       AliasType,
		Identifier: []string{"AliasArn"},
		Ref:        "{AliasArn}",
		Replace:    []string{"FunctionName", "Name"},
		Schema: core.Schema{
			Required: []string{"FunctionName", "FunctionVersion", "Name"},
			Numbers: []string{"ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions",
				"RoutingConfig.AdditionalVersionWeights.FunctionWeight"},
		},
		Create: checkAlias,
		Update: checkAlias,
	}
}

func permissionKind() core.Kind {
	return core.Kind{
		Type:       PermissionType,
		Identifier: []string{"FunctionName", "Id"},
		Ref:        "{Id}",
		Replace: []string{"FunctionName", "Action", "Principal", "SourceArn", "SourceAccount", "EventSourceToken",
			"PrincipalOrgID", "FunctionUrlAuthType", "InvokedViaFunctionUrl"},
		Schema: core.Schema{Required: []string{"FunctionName", "Action", "Principal"}, Booleans: []string{"InvokedViaFunctionUrl"}},
		Create: checkPermission,
	}
}

func mappingKind() core.Kind {
	return core.Kind{
		Type:       MappingType,
		Identifier: []string{"Id"},
		Attributes: map[string]string{"EventSourceMappingArn": "arn:aws:lambda:{Region}:{Account}:event-source-mapping:{Id}"},
		Ref:        "{Id}",
		Replace: []string{"EventSourceArn", "StartingPosition", "StartingPositionTimestamp", "SelfManagedEventSource",
			"AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig"},
		Defaults: map[string]any{"Enabled": true},
		Schema: core.Schema{
			Required: []string{"FunctionName"},
			Numbers: []string{"BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor", "MaximumRecordAgeInSeconds",
				"MaximumRetryAttempts", "TumblingWindowInSeconds", "StartingPositionTimestamp", "ScalingConfig.MaximumConcurrency"},
			Booleans: []string{"Enabled", "BisectBatchOnFunctionError"},
			Range:    map[string][2]float64{"BatchSize": {1, 10000}, "MaximumBatchingWindowInSeconds": {0, 300}},
		},
		Create: checkMapping,
		Update: checkMapping,
	}
}

func layerKind() core.Kind {
	return core.Kind{
		Type:       LayerType,
		Identifier: []string{"LayerVersionArn"},
		Ref:        "{LayerVersionArn}",
		Replace:    []string{"CompatibleArchitectures", "CompatibleRuntimes", "Content", "Description", "LayerName", "LicenseInfo"},
		WriteOnly:  []string{"Content"},
		Schema:     core.Schema{Required: []string{"Content"}},
		Create:     publishLayer,
	}
}
