package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
)

// schedulesElse are the scheduled actions of a group that no source of the application
// lists: somebody made them by hand, and one can take every machine away each night.
const schedulesElse = "ScheduledActions"

// groupSchedulesElse reads them.
func (r *run) groupSchedulesElse(ctx context.Context, g scalingGroup, o *object) {
	group := aws.ToString(g.live.AutoScalingGroupName)
	own := r.listedSchedules(group)
	var list []map[string]any
	pages := autoscaling.NewDescribeScheduledActionsPaginator(r.clients.autoScaling, &autoscaling.DescribeScheduledActionsInput{AutoScalingGroupName: &group})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.partial(g.item, schedulesElse, err)
			return
		}
		for _, a := range page.ScheduledUpdateGroupActions {
			if !own[aws.ToString(a.ScheduledActionName)] {
				list = append(list, groupScheduleElse(a))
			}
		}
	}
	if len(list) > 0 {
		sortObjects(list, "ScheduledActionName")
		o.set(schedulesElse, list)
	}
}

// listedSchedules are the names of the group's actions that are resources of their own.
// One whose group nobody could tell may be of this group.
func (r *run) listedSchedules(group string) map[string]bool {
	own := map[string]bool{}
	for _, item := range r.Items {
		if item.Type != "AWS::AutoScaling::ScheduledAction" {
			continue
		}
		if of := text(item.Resolved, "AutoScalingGroupName"); of == "" || unresolved(of) || of == group {
			name, _, _ := strings.Cut(item.ID, "|")
			own[name] = true
		}
	}
	return own
}

// groupScheduleElse is an action without the day it was made: what recurs begins then.
func groupScheduleElse(a types.ScheduledUpdateGroupAction) map[string]any {
	o := newObject().take(a, groupScheduleProperties()...).take(a, "ScheduledActionName")
	if aws.ToString(a.Recurrence) == "" {
		o.set("StartTime", timeOrNil(a.StartTime))
	}
	delete(o.properties, "AutoScalingGroupName")
	return o.properties
}
