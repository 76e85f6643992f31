package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type schedulerAPI interface {
	GetSchedule(context.Context, *scheduler.GetScheduleInput, ...func(*scheduler.Options)) (*scheduler.GetScheduleOutput, error)
	GetScheduleGroup(context.Context, *scheduler.GetScheduleGroupInput, ...func(*scheduler.Options)) (*scheduler.GetScheduleGroupOutput, error)
	ListTagsForResource(context.Context, *scheduler.ListTagsForResourceInput, ...func(*scheduler.Options)) (*scheduler.ListTagsForResourceOutput, error)
}

func schedulerReader() reader {
	return oneByOne(
		alone{Spec{
			Type:       "AWS::Scheduler::Schedule",
			Properties: scheduleProperties(),
			Actions:    []string{"scheduler:GetSchedule"},
			Identities: []string{"Arn", "Name"},
		}, (*run).schedule},
		alone{Spec{
			Type:       "AWS::Scheduler::ScheduleGroup",
			Properties: []string{"Name", "Tags"},
			Actions:    []string{"scheduler:GetScheduleGroup", "scheduler:ListTagsForResource"},
			Identities: []string{"Arn", "Name"},
		}, (*run).scheduleGroup},
	)
}

func scheduleProperties() []string {
	return []string{"Name", "GroupName", "Description", "ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate", "State",
		"FlexibleTimeWindow", "KmsKeyArn", "Target"}
}

// schedule reads a schedule of the group that its declaration names: the
// physical id is its name alone, and a name is one only within its group.
func (r *run) schedule(ctx context.Context, item inventory.Item) {
	group, name, ok := strings.Cut(item.ID, "|") // Cloud Control's form
	if !ok {
		group, name = text(item.Resolved, "GroupName"), item.ID
	}
	if unresolved(group) {
		r.unaddressable(item, "the group it belongs to")
		return
	}
	in := &scheduler.GetScheduleInput{Name: &name}
	if group != "" {
		in.GroupName = &group
	}
	out, err := r.clients.scheduler.GetSchedule(ctx, in)
	if err != nil {
		r.failed(item, err)
		return
	}
	r.found(item, newObject().take(out, scheduleProperties()...).
		identity("Arn", aws.ToString(out.Arn)).identity("Name", aws.ToString(out.Name)))
}

func (r *run) scheduleGroup(ctx context.Context, item inventory.Item) {
	out, err := r.clients.scheduler.GetScheduleGroup(ctx, &scheduler.GetScheduleGroupInput{Name: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "Name").identity("Arn", aws.ToString(out.Arn)).identity("Name", aws.ToString(out.Name))
	if tags, err := r.clients.scheduler.ListTagsForResource(ctx, &scheduler.ListTagsForResourceInput{ResourceArn: out.Arn}); err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tagList(tags.Tags, "Key", "Value")
	}
	r.found(item, o)
}
