package read

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type lambdaAPI interface {
	GetFunction(context.Context, *lambda.GetFunctionInput, ...func(*lambda.Options)) (*lambda.GetFunctionOutput, error)
	GetAlias(context.Context, *lambda.GetAliasInput, ...func(*lambda.Options)) (*lambda.GetAliasOutput, error)
	GetProvisionedConcurrencyConfig(context.Context, *lambda.GetProvisionedConcurrencyConfigInput, ...func(*lambda.Options)) (*lambda.GetProvisionedConcurrencyConfigOutput, error)
	GetPolicy(context.Context, *lambda.GetPolicyInput, ...func(*lambda.Options)) (*lambda.GetPolicyOutput, error)
	GetLayerVersionByArn(context.Context, *lambda.GetLayerVersionByArnInput, ...func(*lambda.Options)) (*lambda.GetLayerVersionByArnOutput, error)
	GetLayerVersionPolicy(context.Context, *lambda.GetLayerVersionPolicyInput, ...func(*lambda.Options)) (*lambda.GetLayerVersionPolicyOutput, error)
	GetFunctionUrlConfig(context.Context, *lambda.GetFunctionUrlConfigInput, ...func(*lambda.Options)) (*lambda.GetFunctionUrlConfigOutput, error)
	GetFunctionEventInvokeConfig(context.Context, *lambda.GetFunctionEventInvokeConfigInput, ...func(*lambda.Options)) (*lambda.GetFunctionEventInvokeConfigOutput, error)
	ListEventSourceMappings(context.Context, *lambda.ListEventSourceMappingsInput, ...func(*lambda.Options)) (*lambda.ListEventSourceMappingsOutput, error)
	GetEventSourceMapping(context.Context, *lambda.GetEventSourceMappingInput, ...func(*lambda.Options)) (*lambda.GetEventSourceMappingOutput, error)
}

// GetFunction answers almost everything in one call, from a bucket of its own
// (100 a second); all other calls share fifteen a second.
func lambdaReader() reader {
	return reader{
		specs: slices.Concat(lambdaLayerSpecs(), lambdaInvokeSpecs(), []Spec{
			{
				Type: "AWS::Lambda::Function",
				Properties: []string{"FunctionName", "Description", "Runtime", "Handler", "Role", "MemorySize", "Timeout", "Architectures",
					"PackageType", "EphemeralStorage", "TracingConfig", "DeadLetterConfig", "KmsKeyArn", "FileSystemConfigs", "LoggingConfig",
					"Environment", "Layers", "VpcConfig", "SnapStart", "ImageConfig", "Code", "ImageDigest", "ReservedConcurrentExecutions", "TenancyConfig", grantsProperty, sourcesProperty, "Tags"},
				Actions:    []string{"lambda:GetFunction", "lambda:GetFunctionConcurrency", "lambda:GetLayerVersion", "lambda:GetPolicy", "lambda:ListEventSourceMappings", "lambda:ListTags"},
				Identities: []string{"Arn", "FunctionName"},
				Facts:      []string{drift.FactLambdaState, drift.FactLambdaConcurrency, drift.FactContent},
				Secret:     "environment variables whose names say so, event source tokens of permissions",
			},
			{
				Type:       "AWS::Lambda::Version",
				Properties: []string{"FunctionName", "Description", "CodeSha256", "ProvisionedConcurrencyConfig", "RuntimePolicy", servedProperty},
				Actions:    []string{"lambda:GetFunction", "lambda:GetProvisionedConcurrencyConfig"},
				Identities: []string{"FunctionArn"},
			},
			{
				Type:       "AWS::Lambda::Alias",
				Properties: []string{"FunctionName", "Name", "FunctionVersion", "Description", "RoutingConfig", "ProvisionedConcurrencyConfig", grantsProperty, servedProperty},
				Actions:    []string{"lambda:GetAlias", "lambda:GetFunction", "lambda:GetPolicy", "lambda:GetProvisionedConcurrencyConfig"},
				Identities: []string{"AliasArn"},
				Facts:      []string{drift.FactLambdaAlias},
			},
			{
				Type: "AWS::Lambda::Permission",
				Properties: []string{"FunctionName", "Action", "Principal", "SourceArn", "SourceAccount", "EventSourceToken",
					"FunctionUrlAuthType", "PrincipalOrgID", "InvokedViaFunctionUrl"},
				Actions: []string{"lambda:GetPolicy"},
				Batch:   "all of a function in a call",
				Secret:  "EventSourceToken",
			},
			{
				Type:       "AWS::Lambda::EventSourceMapping",
				Properties: append([]string{"FunctionName", "Enabled"}, renamed(mappingProperties())...),
				Actions:    []string{"lambda:GetEventSourceMapping"},
			},
		}),
		early: []string{allTypes},
		read:  readLambda,
	}
}

// readLambda reads what draws from different quotas side by side. What a
// function has provisioned is known once all aliases are: the run tells it last.
func readLambda(ctx context.Context, r *run, items []inventory.Item) {
	byType := map[string][]inventory.Item{}
	for _, item := range items {
		byType[item.Type] = append(byType[item.Type], item)
	}
	c, layers := r.concurrency, r.layers
	var kinds sync.WaitGroup
	for typ, read := range map[string]func(inventory.Item){
		"AWS::Lambda::Function":               func(item inventory.Item) { r.function(ctx, item, c, layers) },
		"AWS::Lambda::Version":                func(item inventory.Item) { r.version(ctx, item, c) },
		"AWS::Lambda::Alias":                  func(item inventory.Item) { r.alias(ctx, item, c) },
		"AWS::Lambda::EventSourceMapping":     func(item inventory.Item) { r.mapping(ctx, item) },
		"AWS::Lambda::LayerVersion":           func(item inventory.Item) { r.layerVersion(ctx, item) },
		"AWS::Lambda::LayerVersionPermission": func(item inventory.Item) { r.layerPermission(ctx, item) },
		"AWS::Lambda::Url":                    func(item inventory.Item) { r.functionURL(ctx, item) },
		"AWS::Lambda::EventInvokeConfig":      func(item inventory.Item) { r.eventInvoke(ctx, item) },
	} {
		kinds.Go(func() { each(ctx, byType[typ], read) })
	}
	kinds.Go(func() { readPermissions(ctx, r, byType["AWS::Lambda::Permission"]) })
	kinds.Wait()
}

// concurrency collects what functions have reserved and what their aliases have
// provisioned. Of several aliases of a function the least ready one counts.
type concurrency struct {
	mu          sync.Mutex
	functions   []reservation
	provisioned map[string]map[string]any
}

func newConcurrency() *concurrency { return &concurrency{provisioned: map[string]map[string]any{}} }

type reservation struct {
	item     inventory.Item
	function string
	reserved any
}

func (c *concurrency) reserve(next reservation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.functions = append(c.functions, next)
}

func (c *concurrency) provision(function string, config map[string]any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.provisioned[function]; ok && known["Status"] != string(types.ProvisionedConcurrencyStatusEnumReady) {
		return
	}
	c.provisioned[function] = config
}

// tell records the facts, with nil, and not an empty map, where nothing is provisioned.
func (c *concurrency) tell(r *run) {
	for _, f := range c.functions {
		fact := map[string]any{"Reserved": f.reserved, "Provisioned": nil}
		if config, ok := c.provisioned[f.function]; ok {
			fact["Provisioned"] = config
		}
		r.fact(f.item, drift.FactLambdaConcurrency, fact)
	}
}

func (r *run) function(ctx context.Context, item inventory.Item, all *concurrency, used *layersInUse) {
	if item.ID == "" {
		r.unaddressable(item, "a physical id")
		return
	}
	out, err := r.clients.lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	c := out.Configuration
	if c == nil {
		r.empty(item, "lambda:GetFunction", "configuration")
		return
	}
	o := newObject().take(c, "FunctionName", "Description", "CodeSha256").take(c, configurationFields()...)
	o.identity("Arn", aws.ToString(c.FunctionArn)).identity("FunctionName", aws.ToString(c.FunctionName))
	used.use(item, r.functionParts(item, o, out))
	r.fact(item, drift.FactLambdaState, map[string]any{
		"State": c.State, "StateReasonCode": c.StateReasonCode, "LastUpdateStatus": c.LastUpdateStatus,
	})
	var reserved any
	if out.Concurrency != nil {
		reserved = out.Concurrency.ReservedConcurrentExecutions
		o.set("ReservedConcurrentExecutions", reserved)
	}
	all.reserve(reservation{item, aws.ToString(c.FunctionName), reserved})
	r.grants(ctx, item, o, item.ID)
	r.found(item, o)
}

// functionParts fills what has another shape in CloudFormation than in Lambda,
// and what Lambda may refuse inside an answer that is otherwise complete. It
// returns the layers the function names.
func (r *run) functionParts(item inventory.Item, o *object, out *lambda.GetFunctionOutput) (layers []string) {
	c := out.Configuration
	if e := c.Environment; e != nil {
		if e.Error != nil {
			r.partial(item, "Environment", embeddedError("GetFunction", e.Error.ErrorCode, e.Error.Message))
		} else {
			o.set("Environment", map[string]any{"Variables": e.Variables})
		}
	}
	layers = configurationParts(o, c)
	if out.Code != nil && out.Code.ImageUri != nil {
		o.set("Code", map[string]any{"ImageUri": out.Code.ImageUri})
		if _, digest, ok := strings.Cut(aws.ToString(out.Code.ResolvedImageUri), "@"); ok {
			o.set("ImageDigest", digest) // what the tag led to when the function was deployed
		}
	}
	if out.TagsError != nil {
		r.partial(item, "Tags", embeddedError("ListTags", out.TagsError.ErrorCode, out.TagsError.Message))
	}
	o.tags = out.Tags
	return layers
}

// configurationParts fills what a function and each of its versions have in
// another shape. It returns the layers that are named.
func configurationParts(o *object, c *types.FunctionConfiguration) (layers []string) {
	for _, layer := range c.Layers {
		layers = append(layers, aws.ToString(layer.Arn))
	}
	o.set("Layers", layers)
	if v := c.VpcConfig; v != nil && len(v.SubnetIds)+len(v.SecurityGroupIds) > 0 {
		o.set("VpcConfig", map[string]any{
			"SubnetIds": v.SubnetIds, "SecurityGroupIds": v.SecurityGroupIds, "Ipv6AllowedForDualStack": v.Ipv6AllowedForDualStack,
		})
	}
	if c.SnapStart != nil {
		o.set("SnapStart", map[string]any{"ApplyOn": c.SnapStart.ApplyOn})
	}
	if c.ImageConfigResponse != nil && c.ImageConfigResponse.ImageConfig != nil {
		o.set("ImageConfig", c.ImageConfigResponse.ImageConfig)
	}
	return layers
}

// configurationFields are what a function and each of its versions have as CloudFormation calls it.
func configurationFields() []string {
	return []string{"Runtime", "Handler", "Role", "MemorySize", "Timeout", "Architectures", "PackageType", "EphemeralStorage", "TracingConfig",
		"DeadLetterConfig", "KMSKeyArn:KmsKeyArn", "FileSystemConfigs", "LoggingConfig", "TenancyConfig"}
}

// embeddedError is an error that Lambda reports inside a successful answer.
func embeddedError(operation string, code, message *string) error {
	return &smithy.OperationError{ServiceID: lambda.ServiceID, OperationName: operation,
		Err: &smithy.GenericAPIError{Code: aws.ToString(code), Message: aws.ToString(message)}}
}

func (r *run) version(ctx context.Context, item inventory.Item, all *concurrency) {
	if item.ID == "" {
		r.unaddressable(item, "a physical id")
		return
	}
	function := functionName(item.ID)
	_, number := unqualified(item.ID)
	out, err := r.functionVersion(ctx, function, number)
	if err != nil {
		r.failed(item, err)
		return
	}
	c := out.Configuration
	if c == nil {
		r.empty(item, "lambda:GetFunction", "configuration")
		return
	}
	o := newObject().take(c, "FunctionName", "Description", "CodeSha256").identity("FunctionArn", aws.ToString(c.FunctionArn))
	r.served(item, function, out)
	r.provisioned(ctx, item, o, all, function, number)
	r.found(item, o)
}

func (r *run) alias(ctx context.Context, item inventory.Item, all *concurrency) {
	function, name := aliasOf(item)
	if function == "" || name == "" {
		r.unaddressable(item, "a function and a name")
		return
	}
	out, err := r.clients.lambda.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: &function, Name: &name})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "Name", "FunctionVersion", "Description").set("FunctionName", function).
		identity("AliasArn", aws.ToString(out.AliasArn))
	weights := map[string]float64{}
	if out.RoutingConfig != nil && len(out.RoutingConfig.AdditionalVersionWeights) > 0 {
		weights = out.RoutingConfig.AdditionalVersionWeights
		o.set("RoutingConfig", map[string]any{"AdditionalVersionWeights": routing(weights)})
	}
	r.provisioned(ctx, item, o, all, function, name)
	r.grants(ctx, item, o, function+":"+name)
	r.aliasContent(ctx, item, function, out, weights)
	r.found(item, o)
}

// provisioned reads the alias's provisioned concurrency; that there is none is
// an answer of its own.
func (r *run) provisioned(ctx context.Context, item inventory.Item, o *object, all *concurrency, function, name string) {
	out, err := r.clients.lambda.GetProvisionedConcurrencyConfig(ctx,
		&lambda.GetProvisionedConcurrencyConfigInput{FunctionName: &function, Qualifier: &name})
	var none *types.ProvisionedConcurrencyConfigNotFoundException
	switch {
	case errors.As(err, &none):
	case err != nil:
		r.factGap(item, drift.FactLambdaConcurrency, err)
		r.partial(item, "ProvisionedConcurrencyConfig", err)
	default:
		o.set("ProvisionedConcurrencyConfig", map[string]any{"ProvisionedConcurrentExecutions": out.RequestedProvisionedConcurrentExecutions})
		all.provision(function, map[string]any{
			"Alias": name, "Status": string(out.Status), "Requested": out.RequestedProvisionedConcurrentExecutions,
			"Allocated": out.AllocatedProvisionedConcurrentExecutions, "Available": out.AvailableProvisionedConcurrentExecutions,
		})
	}
}

func routing(weights map[string]float64) []map[string]any {
	var list []map[string]any
	for _, version := range sortedKeys(weights) {
		list = append(list, map[string]any{"FunctionVersion": version, "FunctionWeight": weights[version]})
	}
	return list
}

// aliasOf finds function and alias name in the alias ARN that is its physical
// id, or in the declaration.
func aliasOf(item inventory.Item) (function, name string) {
	parts := strings.Split(item.ID, ":")
	if len(parts) == 8 && parts[0] == "arn" {
		return parts[6], parts[7]
	}
	return functionName(text(item.Resolved, "FunctionName")), text(item.Resolved, "Name")
}

// functionName takes the name out of an ARN or partial ARN.
func functionName(s string) string {
	if _, after, ok := strings.Cut(s, ":function:"); ok {
		s = after
	}
	name, _, _ := strings.Cut(s, ":")
	if strings.HasPrefix(s, "${") {
		return ""
	}
	return name
}

func (r *run) mapping(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a physical id")
		return
	}
	out, err := r.clients.lambda.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, mappingProperties()...).set("FunctionName", out.FunctionArn).
		identity("EventSourceMappingArn", aws.ToString(out.EventSourceMappingArn))
	if on, known := takesWork(out.State); known {
		o.set("Enabled", on)
	} else {
		r.note(item, "Enabled", "", "lambda:GetEventSourceMapping", session.Unsupported, "the mapping's state is "+aws.ToString(out.State))
	}
	r.found(item, o)
}

// takesWork reports whether a mapping in a state hands work to its function.
func takesWork(state *string) (on, known bool) {
	switch aws.ToString(state) {
	case "Enabled", "Enabling", "Updating", "Creating":
		return true, true
	case "Disabled", "Disabling":
		return false, true
	}
	return false, false
}

func mappingProperties() []string {
	return []string{"BatchSize", "EventSourceArn", "FilterCriteria", "MaximumBatchingWindowInSeconds", "ParallelizationFactor",
		"StartingPosition", "StartingPositionTimestamp", "BisectBatchOnFunctionError", "DestinationConfig",
		"MaximumRecordAgeInSeconds", "MaximumRetryAttempts", "TumblingWindowInSeconds", "ScalingConfig", "FunctionResponseTypes",
		"Queues", "Topics", "SourceAccessConfigurations", "SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig",
		"AmazonManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig", "MetricsConfig", "ProvisionedPollerConfig",
		"KMSKeyArn:KmsKeyArn"}
}
