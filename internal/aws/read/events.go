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
	DescribeEventBus(context.Context, *eventbridge.DescribeEventBusInput, ...func(*eventbridge.Options)) (*eventbridge.DescribeEventBusOutput, error)
	DescribeArchive(context.Context, *eventbridge.DescribeArchiveInput, ...func(*eventbridge.Options)) (*eventbridge.DescribeArchiveOutput, error)
	DescribeConnection(context.Context, *eventbridge.DescribeConnectionInput, ...func(*eventbridge.Options)) (*eventbridge.DescribeConnectionOutput, error)
	DescribeApiDestination(context.Context, *eventbridge.DescribeApiDestinationInput, ...func(*eventbridge.Options)) (*eventbridge.DescribeApiDestinationOutput, error)
	ListTagsForResource(context.Context, *eventbridge.ListTagsForResourceInput, ...func(*eventbridge.Options)) (*eventbridge.ListTagsForResourceOutput, error)
}

func eventsReader() reader {
	return oneByOne(
		alone{Spec{
			Type:       "AWS::Events::Rule",
			Properties: []string{"Name", "Description", "EventBusName", "EventPattern", "ScheduleExpression", "State", "RoleArn", "Targets"},
			Actions:    []string{"events:DescribeRule", "events:ListTargetsByRule"},
			Identities: []string{"Arn", "Name"},
		}, (*run).rule},
		alone{Spec{
			Type:       "AWS::Events::EventBus",
			Properties: []string{"Name", "Description", "DeadLetterConfig", "KmsKeyIdentifier", "LogConfig", "Policy", "Tags"},
			Actions:    []string{"events:DescribeEventBus", "events:ListTagsForResource"},
			Identities: []string{"Arn", "Name"},
		}, (*run).eventBus},
		alone{Spec{
			Type:       "AWS::Events::EventBusPolicy",
			Properties: []string{"EventBusName", "StatementId", "Statement"},
			Actions:    []string{"events:DescribeEventBus"},
		}, (*run).eventBusPolicy},
		alone{Spec{
			Type:       "AWS::Events::Archive",
			Properties: []string{"ArchiveName", "Description", "EventPattern", "KmsKeyIdentifier", "RetentionDays", "SourceArn"},
			Actions:    []string{"events:DescribeArchive"},
			Identities: []string{"Arn"},
			Facts:      []string{drift.FactArchiveState},
		}, (*run).archive},
		alone{Spec{
			Type:       "AWS::Events::Connection",
			Properties: []string{"Name", "Description", "AuthorizationType", "AuthParameters", "InvocationConnectivityParameters", "KmsKeyIdentifier"},
			Actions:    []string{"events:DescribeConnection"},
			Identities: []string{"Arn", "ArnForPolicy", "SecretArn"},
			Facts:      []string{drift.FactConnectionState},
			Secret:     "the values that a connection adds to its requests",
		}, (*run).connection},
		alone{Spec{
			Type:       "AWS::Events::ApiDestination",
			Properties: []string{"Name", "Description", "ConnectionArn", "HttpMethod", "InvocationEndpoint", "InvocationRateLimitPerSecond"},
			Actions:    []string{"events:DescribeApiDestination"},
			Identities: []string{"Arn", "ArnForPolicy"},
			Facts:      []string{drift.FactAPIDestinationState},
		}, (*run).apiDestination},
	)
}

func (r *run) rule(ctx context.Context, item inventory.Item) {
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
