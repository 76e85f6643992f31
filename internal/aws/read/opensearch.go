package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type openSearchAPI interface {
	DescribeDomains(context.Context, *opensearch.DescribeDomainsInput, ...func(*opensearch.Options)) (*opensearch.DescribeDomainsOutput, error)
	ListTags(context.Context, *opensearch.ListTagsInput, ...func(*opensearch.Options)) (*opensearch.ListTagsOutput, error)
}

// domainsPerCall is the most names that DescribeDomains takes.
const domainsPerCall = 5

var domainFields = []string{"DomainName", "EngineVersion", "ClusterConfig", "EBSOptions", "AdvancedOptions", "AdvancedSecurityOptions", "CognitoOptions",
	"DomainEndpointOptions", "EncryptionAtRestOptions", "NodeToNodeEncryptionOptions", "LogPublishingOptions", "SnapshotOptions", "OffPeakWindowOptions",
	"SoftwareUpdateOptions", "IPAddressType", "IdentityCenterOptions"}

func openSearchReader() reader {
	return reader{
		specs: []Spec{{
			Type: "AWS::OpenSearchService::Domain", Properties: append([]string{"AccessPolicies", "VPCOptions", "SkipShardMigrationWait", "Tags"}, domainFields...),
			Actions: []string{"es:DescribeDomains", "es:ListTags"}, Batch: perCall(domainsPerCall),
			Identities: []string{"Arn", "DomainName", "DomainEndpoint"}, Facts: []string{drift.FactDomainState},
			Secret: "the master user is never asked for; AWS returns it to nobody",
		}},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			var named []inventory.Item
			for _, item := range items {
				if item.ID == "" {
					r.unaddressable(item, "a domain name")
					continue
				}
				named = append(named, item)
			}
			each(ctx, chunks(named, domainsPerCall), func(batch []inventory.Item) { r.domains(ctx, batch) })
		},
	}
}

// domains describes some domains. One that does not exist may spoil the answer
// for the others, which are then asked for alone.
func (r *run) domains(ctx context.Context, batch []inventory.Item) {
	names := make([]string, len(batch))
	for i, item := range batch {
		names[i] = item.ID
	}
	out, err := r.clients.openSearch.DescribeDomains(ctx, &opensearch.DescribeDomainsInput{DomainNames: names})
	if err != nil && len(batch) > 1 && session.Classify(err).Reason == session.NotFound {
		for _, item := range batch {
			r.domains(ctx, []inventory.Item{item})
		}
		return
	}
	if err != nil {
		for _, item := range batch {
			r.failed(item, err)
		}
		return
	}
	found := map[string]types.DomainStatus{}
	for _, d := range out.DomainStatusList {
		found[aws.ToString(d.DomainName)] = d
	}
	for _, item := range batch {
		d, ok := found[item.ID]
		if !ok || aws.ToBool(d.Deleted) {
			r.gone(item)
			continue
		}
		r.domain(ctx, item, d)
	}
}

func (r *run) domain(ctx context.Context, item inventory.Item, d types.DomainStatus) {
	o := newObject().take(d, domainFields...).document("AccessPolicies", aws.ToString(d.AccessPolicies)).identity("Arn", aws.ToString(d.ARN)).
		identity("DomainName", aws.ToString(d.DomainName)).identity("DomainEndpoint", aws.ToString(d.Endpoint))
	if v := d.VPCOptions; v != nil {
		o.set("VPCOptions", map[string]any{"SubnetIds": v.SubnetIds, "SecurityGroupIds": v.SecurityGroupIds})
		o.identity("DomainEndpoint", d.Endpoints["vpc"])
	}
	tags, err := r.clients.openSearch.ListTags(ctx, &opensearch.ListTagsInput{ARN: d.ARN})
	if err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tagList(tags.TagList, "Key", "Value")
	}
	r.fact(item, drift.FactDomainState, map[string]any{"Created": aws.ToBool(d.Created), "Processing": aws.ToBool(d.Processing),
		"UpgradeProcessing": aws.ToBool(d.UpgradeProcessing), "DomainProcessingStatus": string(d.DomainProcessingStatus)})
	r.found(item, o.chosen(item, "OffPeakWindowOptions")) // ten in the evening, where the Region is
}
