package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type eventsAPI interface {
	DescribeRule(context.Context, *eventbridge.DescribeRuleInput, ...func(*eventbridge.Options)) (*eventbridge.DescribeRuleOutput, error)
	ListTargetsByRule(context.Context, *eventbridge.ListTargetsByRuleInput, ...func(*eventbridge.Options)) (*eventbridge.ListTargetsByRuleOutput, error)
}

func eventsReader() reader {
	return reader{
		specs: []Spec{{
			Type:       "AWS::Events::Rule",
			Properties: []string{"Name", "Description", "EventBusName", "EventPattern", "ScheduleExpression", "State", "RoleArn", "Targets"},
			Actions:    []string{"events:DescribeRule", "events:ListTargetsByRule"},
			Identities: []string{"Arn", "Name"},
		}},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) { r.rule(ctx, item) })
		},
	}
}

func (r *run) rule(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a rule name")
		return
	}
	name, bus := ruleOf(item.ID)
	out, err := r.clients.events.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: &name, EventBusName: bus})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "Name", "Description", "EventBusName", "ScheduleExpression", "State", "RoleArn").
		document("EventPattern", aws.ToString(out.EventPattern)).
		identity("Arn", aws.ToString(out.Arn)).identity("Name", aws.ToString(out.Name))
	var targets []map[string]any
	in := &eventbridge.ListTargetsByRuleInput{Rule: &name, EventBusName: bus}
	for {
		page, err := r.clients.events.ListTargetsByRule(ctx, in)
		if err != nil {
			r.partial(item, "Targets", err)
			r.found(item, o)
			return
		}
		for _, t := range page.Targets {
			tree, err := drift.Object(t)
			if err != nil {
				o.fail(err)
			}
			targets = append(targets, tree)
		}
		if page.NextToken == nil {
			break
		}
		in.NextToken = page.NextToken
	}
	sortObjects(targets, "Id")
	r.found(item, o.set("Targets", targets))
}

// ruleOf splits a physical id: the name alone on the default bus, "bus|name" on
// others, and an ARN where a template was imported from Cloud Control.
func ruleOf(id string) (name string, bus *string) {
	if _, path, ok := strings.Cut(id, ":rule/"); ok {
		id = strings.Replace(path, "/", "|", 1)
	}
	if b, n, ok := strings.Cut(id, "|"); ok {
		return n, &b
	}
	return id, nil
}
