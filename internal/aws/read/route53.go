package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type route53API interface {
	GetHostedZone(context.Context, *route53.GetHostedZoneInput, ...func(*route53.Options)) (*route53.GetHostedZoneOutput, error)
	ListHostedZonesByName(context.Context, *route53.ListHostedZonesByNameInput, ...func(*route53.Options)) (*route53.ListHostedZonesByNameOutput, error)
	ListResourceRecordSets(context.Context, *route53.ListResourceRecordSetsInput, ...func(*route53.Options)) (*route53.ListResourceRecordSetsOutput, error)
	ListHealthChecks(context.Context, *route53.ListHealthChecksInput, ...func(*route53.Options)) (*route53.ListHealthChecksOutput, error)
	GetHealthCheckStatus(context.Context, *route53.GetHealthCheckStatusInput, ...func(*route53.Options)) (*route53.GetHealthCheckStatusOutput, error)
	ListTagsForResource(context.Context, *route53.ListTagsForResourceInput, ...func(*route53.Options)) (*route53.ListTagsForResourceOutput, error)
	ListQueryLoggingConfigs(context.Context, *route53.ListQueryLoggingConfigsInput, ...func(*route53.Options)) (*route53.ListQueryLoggingConfigsOutput, error)
}

// Route 53 answers five calls a second for the account, all Regions together.
// Records are therefore read by zone, and health checks from one list.
func route53Reader() reader {
	records := []string{"route53:ListResourceRecordSets", "route53:ListHostedZonesByName"}
	return reader{
		specs: []Spec{
			{Type: "AWS::Route53::HostedZone", Properties: []string{"Name", "HostedZoneConfig", "VPCs", "QueryLoggingConfig", "HostedZoneTags", "Tags"},
				Actions: []string{"route53:GetHostedZone", "route53:ListQueryLoggingConfigs", "route53:ListTagsForResource"}, Identities: []string{"Id"}},
			{Type: "AWS::Route53::RecordSet", Properties: append(recordProperties(), "HostedZoneId", "HostedZoneName", "Comment"), Actions: records,
				Batch: "300 a call, by zone; once for all Regions of an account"},
			{Type: "AWS::Route53::RecordSetGroup", Properties: []string{"RecordSets", "HostedZoneId", "HostedZoneName", "Comment"}, Actions: records,
				Batch: "300 a call, by zone; once for all Regions of an account"},
			{Type: "AWS::Route53::HealthCheck", Properties: []string{"HealthCheckConfig", "HealthCheckTags", "Tags"},
				Actions: []string{"route53:ListHealthChecks", "route53:GetHealthCheckStatus", "route53:ListTagsForResource"}, Batch: perCall(100),
				Identities: []string{"HealthCheckId"}, Facts: []string{drift.FactHealthCheckStatus}},
		},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			byType(ctx, items, map[string]func([]inventory.Item){
				"AWS::Route53::HostedZone":     func(l []inventory.Item) { each(ctx, l, func(i inventory.Item) { r.hostedZone(ctx, i) }) },
				"AWS::Route53::RecordSet":      func(l []inventory.Item) { r.recordSets(ctx, l) },
				"AWS::Route53::RecordSetGroup": func(l []inventory.Item) { r.recordSets(ctx, l) },
				"AWS::Route53::HealthCheck":    func(l []inventory.Item) { r.healthChecks().read(ctx, r, l) },
			})
		},
	}
}

func (r *run) hostedZone(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a zone id")
		return
	}
	out, err := r.clients.route53.GetHostedZone(ctx, &route53.GetHostedZoneInput{Id: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	z := out.HostedZone
	if z == nil {
		r.empty(item, "route53:GetHostedZone", "zone")
		return
	}
	o := newObject().identity("Id", zoneID(item.ID)).set("Name", spelt(aws.ToString(z.Name), text(item.Resolved, "Name")))
	if z.Config != nil && aws.ToString(z.Config.Comment) != "" {
		o.set("HostedZoneConfig", map[string]any{"Comment": z.Config.Comment})
	}
	vpcs := []map[string]any{}
	for _, v := range out.VPCs {
		vpcs = append(vpcs, map[string]any{"VPCId": aws.ToString(v.VPCId), "VPCRegion": string(v.VPCRegion)})
	}
	sortObjects(vpcs, "VPCId")
	o.set("VPCs", vpcs)
	logging, err := r.clients.route53.ListQueryLoggingConfigs(ctx, &route53.ListQueryLoggingConfigsInput{HostedZoneId: &item.ID})
	if err != nil {
		r.partial(item, "QueryLoggingConfig", err)
	} else if len(logging.QueryLoggingConfigs) > 0 {
		o.set("QueryLoggingConfig", map[string]any{"CloudWatchLogsLogGroupArn": logging.QueryLoggingConfigs[0].CloudWatchLogsLogGroupArn})
	}
	r.route53Tags(ctx, item, types.TagResourceTypeHostedzone, zoneID(item.ID), o)
	r.found(item, o)
}

func (r *run) route53Tags(ctx context.Context, item inventory.Item, kind types.TagResourceType, id string, o *object) {
	tags, err := r.clients.route53.ListTagsForResource(ctx, &route53.ListTagsForResourceInput{ResourceType: kind, ResourceId: &id})
	if err != nil {
		r.partial(item, "Tags", err)
	} else if tags.ResourceTagSet != nil {
		o.tagList(tags.ResourceTagSet.Tags, "Key", "Value")
	}
}

// zoneID is a zone's id without the path that some answers put before it.
func zoneID(id string) string { return strings.TrimPrefix(id, "/hostedzone/") }

// plainName is a domain name as people write it: no final dot, small letters,
// and the star that Route 53 writes as an octal code.
func plainName(name string) string {
	return strings.ToLower(strings.TrimSuffix(strings.ReplaceAll(name, `\052`, "*"), "."))
}

// spelt is a name as the template spells it, if it is that one.
func spelt(name, declared string) string {
	if plainName(name) == plainName(declared) {
		return declared
	}
	return plainName(name)
}

func (r *run) healthChecks() catalogue[types.HealthCheck] {
	return catalogue[types.HealthCheck]{
		what: "a health check id",
		page: func(ctx context.Context, marker *string) ([]types.HealthCheck, *string, error) {
			out, err := r.clients.route53.ListHealthChecks(ctx, &route53.ListHealthChecksInput{Marker: marker, MaxItems: aws.Int32(100)})
			if err != nil {
				return nil, nil, err
			}
			return out.HealthChecks, out.NextMarker, nil
		},
		id:    func(h types.HealthCheck) string { return aws.ToString(h.Id) },
		found: r.healthCheck,
	}
}

func (r *run) healthCheck(ctx context.Context, item inventory.Item, h types.HealthCheck) {
	o := newObject().set("HealthCheckConfig", h.HealthCheckConfig).identity("HealthCheckId", aws.ToString(h.Id))
	r.route53Tags(ctx, item, types.TagResourceTypeHealthcheck, item.ID, o)
	if c := h.HealthCheckConfig; c != nil && observed(c.Type) {
		status, err := r.clients.route53.GetHealthCheckStatus(ctx, &route53.GetHealthCheckStatusInput{HealthCheckId: &item.ID})
		if err != nil {
			r.factGap(item, drift.FactHealthCheckStatus, err)
		} else {
			success := 0
			for _, seen := range status.HealthCheckObservations {
				if seen.StatusReport != nil && strings.HasPrefix(aws.ToString(seen.StatusReport.Status), "Success") {
					success++
				}
			}
			r.fact(item, drift.FactHealthCheckStatus, map[string]any{"Success": success, "Failure": len(status.HealthCheckObservations) - success})
		}
	}
	r.found(item, o)
}

// observed reports whether Route 53's own checkers look at the endpoint; the
// status of the others is an alarm's or that of their children.
func observed(kind types.HealthCheckType) bool {
	switch kind {
	case types.HealthCheckTypeCalculated, types.HealthCheckTypeCloudwatchMetric, types.HealthCheckTypeRecoveryControl:
		return false
	}
	return true
}
