package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func (r *run) eventBus(ctx context.Context, item inventory.Item) {
	out, err := r.clients.events.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "Name", "Description", "KmsKeyIdentifier", "DeadLetterConfig", "LogConfig").
		document("Policy", aws.ToString(out.Policy)).
		identity("Arn", aws.ToString(out.Arn)).identity("Name", aws.ToString(out.Name))
	if tags, err := r.clients.events.ListTagsForResource(ctx, &eventbridge.ListTagsForResourceInput{ResourceARN: out.Arn}); err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tagList(tags.Tags, "Key", "Value")
	}
	r.found(item, o)
}

// eventBusPolicy takes the statement of a bus's policy that the resource made,
// by the statement id it declares.
func (r *run) eventBusPolicy(ctx context.Context, item inventory.Item) {
	bus, id := text(item.Resolved, "EventBusName"), text(item.Resolved, "StatementId")
	if before, after, ok := strings.Cut(item.ID, "|"); ok && id == "" {
		bus, id = before, after
	}
	if id == "" || unresolved(bus+id) {
		r.unaddressable(item, "a bus and a statement id")
		return
	}
	if bus == "" {
		bus = "default"
	}
	out, err := r.clients.events.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: &bus})
	if err != nil {
		r.failed(item, err)
		return
	}
	document, _ := parsed(aws.ToString(out.Policy)).(map[string]any)
	for _, s := range statements(document) {
		if text(s, "Sid") == id {
			r.found(item, newObject().set("EventBusName", bus).set("StatementId", id).set("Statement", s))
			return
		}
	}
	r.gone(item)
}
