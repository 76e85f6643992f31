package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func (r *run) archive(ctx context.Context, item inventory.Item) {
	out, err := r.clients.events.DescribeArchive(ctx, &eventbridge.DescribeArchiveInput{ArchiveName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.fact(item, drift.FactArchiveState, map[string]any{"State": string(out.State)})
	r.found(item, newObject().take(out, "ArchiveName", "Description", "RetentionDays", "KmsKeyIdentifier", "EventSourceArn:SourceArn").
		document("EventPattern", aws.ToString(out.EventPattern)).identity("Arn", aws.ToString(out.ArchiveArn)))
}

func (r *run) apiDestination(ctx context.Context, item inventory.Item) {
	out, err := r.clients.events.DescribeApiDestination(ctx, &eventbridge.DescribeApiDestinationInput{Name: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.fact(item, drift.FactAPIDestinationState, map[string]any{"ApiDestinationState": string(out.ApiDestinationState)})
	arn := aws.ToString(out.ApiDestinationArn)
	forPolicy, _ := beforeLast(arn, "/")
	r.found(item, newObject().take(out, "Name", "Description", "ConnectionArn", "HttpMethod", "InvocationEndpoint", "InvocationRateLimitPerSecond").
		identity("Arn", arn).identity("ArnForPolicy", forPolicy))
}

func (r *run) connection(ctx context.Context, item inventory.Item) {
	out, err := r.clients.events.DescribeConnection(ctx, &eventbridge.DescribeConnectionInput{Name: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.fact(item, drift.FactConnectionState, map[string]any{"ConnectionState": string(out.ConnectionState)})
	arn := aws.ToString(out.ConnectionArn)
	forPolicy, _ := beforeLast(arn, "/")
	o := newObject().take(out, "Name", "Description", "AuthorizationType", "AuthParameters", "InvocationConnectivityParameters", "KmsKeyIdentifier").
		identity("Arn", arn).identity("ArnForPolicy", forPolicy).identity("SecretArn", aws.ToString(out.SecretArn))
	o.properties["AuthParameters"] = sealedParameters(r.hider(), o.properties["AuthParameters"])
	if o.properties["AuthParameters"] == nil {
		delete(o.properties, "AuthParameters")
	}
	if tree, err := drift.Tree(item.Declared); err == nil && item.Declared != nil {
		item.Declared, _ = sealedParameters(r.hider(), tree).(map[string]any)
	}
	r.found(item, o)
}

// sealedParameters hides the values that a connection adds to its requests:
// EventBridge returns those not marked as secret, and they authorise all the same.
func sealedParameters(h Hider, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if value, ok := v["Value"].(string); ok && v["Key"] != nil {
			v["Value"] = h.Value(value)
			return v
		}
		for name, part := range v {
			v[name] = sealedParameters(h, part)
		}
	case []any:
		for i, element := range v {
			v[i] = sealedParameters(h, element)
		}
	}
	return v
}
