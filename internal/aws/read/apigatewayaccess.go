package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// apiGatewayAccessAPI are the calls for what stands beside the REST APIs: names,
// keys and plans.
type apiGatewayAccessAPI interface {
	GetDomainName(context.Context, *apigateway.GetDomainNameInput, ...func(*apigateway.Options)) (*apigateway.GetDomainNameOutput, error)
	GetBasePathMapping(context.Context, *apigateway.GetBasePathMappingInput, ...func(*apigateway.Options)) (*apigateway.GetBasePathMappingOutput, error)
	GetApiKey(context.Context, *apigateway.GetApiKeyInput, ...func(*apigateway.Options)) (*apigateway.GetApiKeyOutput, error)
	GetUsagePlan(context.Context, *apigateway.GetUsagePlanInput, ...func(*apigateway.Options)) (*apigateway.GetUsagePlanOutput, error)
	GetUsagePlanKey(context.Context, *apigateway.GetUsagePlanKeyInput, ...func(*apigateway.Options)) (*apigateway.GetUsagePlanKeyOutput, error)
	GetVpcLink(context.Context, *apigateway.GetVpcLinkInput, ...func(*apigateway.Options)) (*apigateway.GetVpcLinkOutput, error)
	GetAccount(context.Context, *apigateway.GetAccountInput, ...func(*apigateway.Options)) (*apigateway.GetAccountOutput, error)
}

func apiGatewayAccessReader() reader {
	spec := func(name string, properties []string, identities ...string) Spec {
		return Spec{Type: "AWS::ApiGateway::" + name, Properties: properties, Actions: []string{"apigateway:GET"}, Identities: identities}
	}
	domain := spec("DomainName", restDomainProperties(), "DistributionDomainName", "DistributionHostedZoneId", "DomainNameArn", "RegionalDomainName",
		"RegionalHostedZoneId")
	domain.Facts = []string{drift.FactDomainName}
	key := spec("ApiKey", []string{"Name", "Description", "CustomerId", "Enabled", "StageKeys", "Value", "Tags"}, "APIKeyId")
	key.Secret = "the key, which is read only where the template gives it: else every Region generates its own"
	link := spec("VpcLink", []string{"Name", "Description", "TargetArns", "Tags"}, "VpcLinkId")
	link.Facts = []string{drift.FactVpcLink}
	return oneByOne(
		alone{domain, (*run).restDomain},
		alone{spec("BasePathMapping", []string{"DomainName", "BasePath", "RestApiId", "Stage"}), (*run).basePathMapping},
		alone{key, (*run).apiKey},
		alone{spec("UsagePlan", []string{"UsagePlanName", "Description", "ApiStages", "Quota", "Throttle", "Tags"}, "Id"), (*run).usagePlan},
		alone{spec("UsagePlanKey", []string{"KeyId", "KeyType", "UsagePlanId"}), (*run).usagePlanKey},
		alone{link, (*run).restVpcLink},
		alone{spec("Account", []string{"CloudWatchRoleArn"}), (*run).apiAccount},
	)
}

func restDomainProperties() []string {
	return []string{"DomainName", "CertificateArn", "EndpointAccessMode", "EndpointConfiguration", "MutualTlsAuthentication",
		"OwnershipVerificationCertificateArn", "RegionalCertificateArn", "RoutingMode", "SecurityPolicy", "Tags"}
}

func (r *run) restDomain(ctx context.Context, item inventory.Item) {
	out, err := r.clients.apiGatewayAccess.GetDomainName(ctx, &apigateway.GetDomainNameInput{DomainName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.fact(item, drift.FactDomainName, map[string]any{"DomainNameStatus": []string{string(out.DomainNameStatus)}})
	o := newObject().take(out, "DomainName", "CertificateArn", "EndpointAccessMode", "OwnershipVerificationCertificateArn",
		"RegionalCertificateArn", "RoutingMode", "SecurityPolicy")
	if e := out.EndpointConfiguration; e != nil {
		o.set("EndpointConfiguration", map[string]any{"Types": e.Types, "IpAddressType": e.IpAddressType})
	}
	if m := out.MutualTlsAuthentication; m != nil {
		o.set("MutualTlsAuthentication", map[string]any{"TruststoreUri": m.TruststoreUri, "TruststoreVersion": m.TruststoreVersion})
	}
	for attribute, value := range map[string]*string{
		"DistributionDomainName": out.DistributionDomainName, "DistributionHostedZoneId": out.DistributionHostedZoneId,
		"DomainNameArn": out.DomainNameArn, "RegionalDomainName": out.RegionalDomainName, "RegionalHostedZoneId": out.RegionalHostedZoneId,
	} {
		o.identity(attribute, aws.ToString(value))
	}
	o.tags = out.Tags
	r.found(item, o)
}

// noBasePath is what API Gateway calls the mapping of everything.
const noBasePath = "(none)"

func (r *run) basePathMapping(ctx context.Context, item inventory.Item) {
	domain, path := text(item.Resolved, "DomainName"), text(item.Resolved, "BasePath")
	if before, after, ok := strings.Cut(item.ID, "|"); ok {
		domain, path = before, after
	}
	if domain == "" || unresolved(domain+path) {
		r.unaddressable(item, "the domain name it belongs to")
		return
	}
	ask := path
	if ask == "" {
		ask = noBasePath
	}
	out, err := r.clients.apiGatewayAccess.GetBasePathMapping(ctx, &apigateway.GetBasePathMappingInput{DomainName: &domain, BasePath: &ask})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "RestApiId", "Stage").set("DomainName", domain)
	if live := aws.ToString(out.BasePath); live != noBasePath {
		o.set("BasePath", live)
	}
	r.found(item, o)
}

func (r *run) apiKey(ctx context.Context, item inventory.Item) {
	declared := item.Declared["Value"] != nil
	out, err := r.clients.apiGatewayAccess.GetApiKey(ctx, &apigateway.GetApiKeyInput{ApiKey: &item.ID, IncludeValue: &declared})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "Name", "Description", "CustomerId", "Enabled").identity("APIKeyId", aws.ToString(out.Id))
	if declared {
		o.set("Value", out.Value)
	}
	var stages []map[string]any
	for _, stage := range out.StageKeys {
		api, name, _ := strings.Cut(stage, "/")
		stages = append(stages, map[string]any{"RestApiId": api, "StageName": name})
	}
	o.set("StageKeys", stages)
	o.tags = out.Tags
	r.found(item, o)
}

func (r *run) usagePlan(ctx context.Context, item inventory.Item) {
	out, err := r.clients.apiGatewayAccess.GetUsagePlan(ctx, &apigateway.GetUsagePlanInput{UsagePlanId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "Name:UsagePlanName", "Description", "ApiStages", "Quota", "Throttle").identity("Id", aws.ToString(out.Id))
	o.tags = out.Tags
	r.found(item, o)
}

// usagePlanKey reads which key belongs to which plan, as declared: its physical
// id, "key:plan", is older than the two-part form of Cloud Control.
func (r *run) usagePlanKey(ctx context.Context, item inventory.Item) {
	key, plan := text(item.Resolved, "KeyId"), text(item.Resolved, "UsagePlanId")
	if before, after, ok := strings.Cut(item.ID, ":"); ok {
		key, plan = before, after
	}
	if key == "" || plan == "" || unresolved(key+plan) {
		r.unaddressable(item, "a key and a plan")
		return
	}
	out, err := r.clients.apiGatewayAccess.GetUsagePlanKey(ctx, &apigateway.GetUsagePlanKeyInput{KeyId: &key, UsagePlanId: &plan})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.found(item, newObject().set("KeyId", key).set("UsagePlanId", plan).set("KeyType", out.Type))
}

func (r *run) restVpcLink(ctx context.Context, item inventory.Item) {
	out, err := r.clients.apiGatewayAccess.GetVpcLink(ctx, &apigateway.GetVpcLinkInput{VpcLinkId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.fact(item, drift.FactVpcLink, map[string]any{"Status": string(out.Status), "StatusMessage": aws.ToString(out.StatusMessage)})
	o := newObject().take(out, "Name", "Description", "TargetArns").identity("VpcLinkId", aws.ToString(out.Id))
	o.tags = out.Tags
	r.found(item, o)
}

// apiAccount reads the Region's setting of the role that writes the logs.
func (r *run) apiAccount(ctx context.Context, item inventory.Item) {
	out, err := r.clients.apiGatewayAccess.GetAccount(ctx, &apigateway.GetAccountInput{})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.found(item, newObject().take(out, "CloudwatchRoleArn:CloudWatchRoleArn"))
}
