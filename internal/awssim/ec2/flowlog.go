package ec2

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// FlowLogType is the type of flow logs.
const FlowLogType = "AWS::EC2::FlowLog"

func flowLogMembers() []string {
	return []string{"ResourceId", "ResourceType", "TrafficType", "LogDestination", "LogDestinationType", "LogGroupName", "LogFormat",
		"DeliverLogsPermissionArn", "DeliverCrossAccountRole", "MaxAggregationInterval", "DestinationOptions"}
}

func flowLogKind() core.Kind {
	return core.Kind{
		Type:       FlowLogType,
		Identifier: []string{"Id"},
		Ref:        "{Id}",
		Replace:    flowLogMembers(),
		Defaults: map[string]any{"TrafficType": "ALL", "LogDestinationType": "cloud-watch-logs", "MaxAggregationInterval": 600.0,
			"LogFormat": "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"},
		Schema: core.Schema{Required: []string{"ResourceId", "ResourceType"}, Numbers: []string{"MaxAggregationInterval"},
			Allowed: map[string][]string{"TrafficType": {"ACCEPT", "REJECT", "ALL"}}},
		Create: numbered("fl"),
	}
}

func flowLogOperations() map[string]core.Handler {
	return map[string]core.Handler{"DescribeFlowLogs": flowLogView().describe, "CreateFlowLogs": createFlowLogs, "DeleteFlowLogs": deleteFlowLogs}
}

func flowLogView() view {
	return view{
		typ: FlowLogType, set: "flowLogSet", ids: "FlowLogId", missing: "InvalidFlowLogId.NotFound",
		filters: func(_ *core.Call, r store.Resource) map[string][]string {
			return map[string][]string{"flow-log-id": {r.ID}, "resource-id": {wire.Text(r.Properties["ResourceId"])}}
		},
		show: func(_ *core.Call, r store.Resource) core.Out {
			out := core.Out(wire.AsObject(shape.Lower(shape.Pick(r.Properties, flowLogMembers()...))))
			delete(out, "resourceType")
			out["flowLogId"], out["flowLogStatus"], out["deliverLogsStatus"], out["creationTime"] = r.ID, "ACTIVE", "SUCCESS", r.Created
			return out
		},
	}
}

func createFlowLogs(c *core.Call) (any, error) {
	ids := []any{}
	for _, id := range c.In.Strings("ResourceId") {
		properties := shape.Pick(c.In, flowLogMembers()...)
		properties["ResourceId"] = id
		r, err := c.Create(FlowLogType, properties, specTags(c.In, "vpc-flow-log"))
		if err != nil {
			return nil, err
		}
		ids = append(ids, r.ID)
	}
	return core.Out{"flowLogIdSet": ids}, nil
}

func deleteFlowLogs(c *core.Call) (any, error) {
	for _, id := range c.In.Strings("FlowLogId") {
		if err := c.Delete(FlowLogType, id); err != nil {
			return nil, wire.Errorf(400, "InvalidFlowLogId.NotFound", "The flow log ID '%s' does not exist", id)
		}
	}
	return core.Out{}, nil
}
