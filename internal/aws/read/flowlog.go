package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func flowLogReader() reader {
	return reader{
		specs: []Spec{{
			Type:       "AWS::EC2::FlowLog",
			Properties: append([]string{"ResourceType", "LogGroupName", "Tags"}, flowLogProperties()...),
			Actions:    []string{"ec2:DescribeFlowLogs"},
			Batch:      perCall(perFilter),
			Identities: []string{"Id"},
			Facts:      []string{drift.FactFlowLogState},
		}},
		read: readFlowLogs,
	}
}

func flowLogProperties() []string {
	return []string{"ResourceId", "TrafficType", "LogDestination", "LogDestinationType", "DeliverLogsPermissionArn", "DeliverCrossAccountRole",
		"LogFormat", "MaxAggregationInterval", "DestinationOptions"}
}

func readFlowLogs(ctx context.Context, r *run, items []inventory.Item) {
	readListed(ctx, r, items, listing[types.FlowLog]{
		filter: "flow-log-id",
		ask:    physicalID,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.FlowLog, *string, error) {
			out, err := r.clients.ec2.DescribeFlowLogs(ctx, &ec2.DescribeFlowLogsInput{Filter: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.FlowLogs, out.NextToken, nil
		},
		names: func(f types.FlowLog) []string { return []string{aws.ToString(f.FlowLogId)} },
	}, func(item inventory.Item, f types.FlowLog) {
		o := newObject().take(f, flowLogProperties()...).
			set("ResourceType", loggedType(aws.ToString(f.ResourceId))).
			identity("Id", aws.ToString(f.FlowLogId)).
			tagList(f.Tags, "Key", "Value")
		if f.LogDestinationType == types.LogDestinationTypeCloudWatchLogs {
			o.set("LogGroupName", f.LogGroupName)
			if item.Declared["LogDestination"] == nil {
				delete(o.properties, "LogDestination") // the ARN of the same group
			}
		}
		r.fact(item, drift.FactFlowLogState, map[string]any{"FlowLogStatus": f.FlowLogStatus, "DeliverLogsStatus": f.DeliverLogsStatus,
			"DeliverLogsErrorMessage": f.DeliverLogsErrorMessage})
		r.found(item, o)
	})
}

// loggedType is the type of what a flow log watches: the API tells it by the
// id alone. nil for ids of another kind.
func loggedType(id string) any {
	prefix, _, _ := strings.Cut(id, "-")
	if name := map[string]string{"vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface", "tgw": "TransitGateway"}[prefix]; name != "" {
		return name
	}
	return nil
}
