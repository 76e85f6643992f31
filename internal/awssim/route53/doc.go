// Package route53 simulates hosted zones, the records in them, and health checks. It owns AWS::Route53::HostedZone, RecordSet,
// RecordSetGroup and HealthCheck, which belong to an account and to no Region. It answers no query: names lead nowhere, and a
// health check is healthy until somebody sets its state (Private["Failing"], how many of its three checkers fail).
package route53

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package. A record that no stack made lives under a type of its own.
const (
	ZoneType   = "AWS::Route53::HostedZone"
	RecordType = "AWS::Route53::RecordSet"
	GroupType  = "AWS::Route53::RecordSetGroup"
	CheckType  = "AWS::Route53::HealthCheck"

	looseType = "sim::Route53::Record"
)

// Service returns Route 53.
func Service() core.Service {
	const base = "/2013-04-01"
	return core.Service{
		Name: "route53", Rest: wire.RestXML, Wraps: true, Namespace: "https://route53.amazonaws.com/doc/2013-04-01/", Global: true,
		Items: items(),
		Operations: map[string]core.Handler{
			"GetHostedZone": getZone, "ListHostedZones": listZones, "ListHostedZonesByName": listZones, "CreateHostedZone": createZone,
			"ListResourceRecordSets": listRecords, "ChangeResourceRecordSets": changeRecords,
			"GetHealthCheck": getCheck, "ListHealthChecks": listChecks, "UpdateHealthCheck": updateCheck, "GetHealthCheckStatus": checkStatus,
			"ListTagsForResource": listTags, "ChangeTagsForResource": changeTags, "ListQueryLoggingConfigs": listLogging,
		},
		Routes: []wire.Route{
			{Operation: "ListHostedZones", Method: "GET", Path: base + "/hostedzone"},
			{Operation: "CreateHostedZone", Method: "POST", Path: base + "/hostedzone"},
			{Operation: "ListHostedZonesByName", Method: "GET", Path: base + "/hostedzonesbyname"},
			{Operation: "GetHostedZone", Method: "GET", Path: base + "/hostedzone/{Id}"},
			{Operation: "ListResourceRecordSets", Method: "GET", Path: base + "/hostedzone/{Id}/rrset"},
			{Operation: "ChangeResourceRecordSets", Method: "POST", Path: base + "/hostedzone/{Id}/rrset"},
			{Operation: "ListHealthChecks", Method: "GET", Path: base + "/healthcheck"},
			{Operation: "GetHealthCheck", Method: "GET", Path: base + "/healthcheck/{Id}"},
			{Operation: "UpdateHealthCheck", Method: "POST", Path: base + "/healthcheck/{Id}"},
			{Operation: "GetHealthCheckStatus", Method: "GET", Path: base + "/healthcheck/{Id}/status"},
			{Operation: "ListTagsForResource", Method: "GET", Path: base + "/tags/{ResourceType}/{ResourceId}"},
			{Operation: "ChangeTagsForResource", Method: "POST", Path: base + "/tags/{ResourceType}/{ResourceId}"},
			{Operation: "ListQueryLoggingConfigs", Method: "GET", Path: base + "/queryloggingconfig"},
		},
		Kinds: []core.Kind{zoneKind(), recordKind(), groupKind(), checkKind()},
	}
}

// items are the names that Route 53 gives the elements of its lists.
func items() map[string]string {
	return map[string]string{"HostedZones": "HostedZone", "ResourceRecordSets": "ResourceRecordSet", "ResourceRecords": "ResourceRecord", "VPCs": "VPC",
		"NameServers": "NameServer", "HealthChecks": "HealthCheck", "Regions": "Region", "ChildHealthChecks": "ChildHealthCheck", "Tags": "Tag", "AddTags": "Tag",
		"RemoveTagKeys": "Key", "HealthCheckObservations": "HealthCheckObservation", "QueryLoggingConfigs": "QueryLoggingConfig", "Changes": "Change"}
}

// body is the XML of a request as a tree, in the shape that JSON would have.
func body(c *core.Call) (wire.Object, error) {
	root, err := wire.ParseXML(c.Request.Body)
	if err != nil {
		return nil, err
	}
	tree, _ := fromXML(root, items()).(map[string]any)
	return tree, nil
}

func fromXML(n *wire.Node, items map[string]string) any {
	if len(n.Children) == 0 {
		return strings.TrimSpace(n.Text)
	}
	if element := items[n.Name]; element != "" {
		list := []any{}
		for _, child := range n.All(element) {
			list = append(list, fromXML(child, items))
		}
		return list
	}
	out := map[string]any{}
	for _, child := range n.Children {
		out[child.Name] = fromXML(child, items)
	}
	return out
}
