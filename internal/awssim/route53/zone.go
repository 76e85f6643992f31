package route53

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func zoneKind() core.Kind {
	return core.Kind{
		Type: ZoneType, Global: true, Identifier: []string{"Id"}, Ref: "{Id}", Replace: []string{"Name"},
		Schema: core.Schema{Required: []string{"Name"}},
		Create: func(c *core.Change) error {
			c.Resource.Attributes["Id"] = "Z" + c.World.IDs.Upper(20, c.Resource.Account, ZoneType, c.Origin.StackID, c.Origin.Logical)
			return takeTags(c, "HostedZoneTags")
		},
	}
}

// takeTags moves the tags that a type keeps under a name of its own.
func takeTags(c *core.Change, property string) error {
	for k, v := range core.Tags(c.Resource.Properties[property]) {
		c.Resource.Tags[k] = v
	}
	return nil
}

func present(r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	return core.Out{"Id": "/hostedzone/" + r.ID, "Name": dotted(p.String("Name")), "CallerReference": r.ID, "ResourceRecordSetCount": 2,
		"Config": core.Out{"Comment": p.Object("HostedZoneConfig").String("Comment"), "PrivateZone": len(p.List("VPCs")) > 0}}
}

func dotted(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") + "." }

func zone(c *core.Call) (store.Resource, error) {
	id := strings.TrimPrefix(c.In.String("Id"), "/hostedzone/")
	if r, ok := c.Get(ZoneType, id); ok {
		return r, nil
	}
	return store.Resource{}, wire.Errorf(404, "NoSuchHostedZone", "No hosted zone found with ID: %s", id)
}

func getZone(c *core.Call) (any, error) {
	r, err := zone(c)
	if err != nil {
		return nil, err
	}
	out := core.Out{"HostedZone": present(r)}
	if vpcs := wire.Object(r.Properties).List("VPCs"); len(vpcs) > 0 {
		out["VPCs"] = vpcs
	} else {
		out["DelegationSet"] = core.Out{"NameServers": []any{"ns-1.awsdns-01.org", "ns-2.awsdns-02.co.uk"}}
	}
	return out, nil
}

func listZones(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(ZoneType) {
		if dotted(wire.Text(r.Properties["Name"])) >= dotted(c.In.String("dnsname")) || c.In.String("dnsname") == "" {
			list = append(list, present(r))
		}
	}
	if dns := c.In.String("dnsname"); dns != "" { // in order of names, beginning with that one
		for i, z := range list {
			if wire.AsObject(z).String("Name") == dotted(dns) {
				list[0], list[i] = list[i], list[0]
			}
		}
	}
	page, next, err := core.Paginate(list, c.In.String("marker"), c.In.Int("maxitems", 100))
	if err != nil {
		return nil, err
	}
	return core.Out{"HostedZones": page, "IsTruncated": next != nil, "NextMarker": next, "MaxItems": 100}, nil
}

func createZone(c *core.Call) (any, error) {
	in, err := body(c)
	if err != nil {
		return nil, err
	}
	properties := map[string]any{"Name": in.String("Name")}
	if comment := in.Object("HostedZoneConfig").String("Comment"); comment != "" {
		properties["HostedZoneConfig"] = map[string]any{"Comment": comment}
	}
	r, err := c.Create(ZoneType, properties, nil)
	if err != nil {
		return nil, err
	}
	return core.Out{"HostedZone": present(r), "ChangeInfo": changeInfo(c), "DelegationSet": core.Out{"NameServers": []any{"ns-1.awsdns-01.org"}}}, nil
}

func changeInfo(c *core.Call) core.Out {
	return core.Out{"Id": "/change/C" + c.World.IDs.Upper(20, "change"), "Status": "INSYNC", "SubmittedAt": c.Now()}
}

func listLogging(c *core.Call) (any, error) {
	list := []any{}
	if r, ok := c.Get(ZoneType, c.In.String("hostedzoneid")); ok {
		if arn := wire.Object(r.Properties).Object("QueryLoggingConfig").String("CloudWatchLogsLogGroupArn"); arn != "" {
			list = append(list, core.Out{"Id": r.ID, "HostedZoneId": r.ID, "CloudWatchLogsLogGroupArn": arn})
		}
	}
	return core.Out{"QueryLoggingConfigs": list}, nil
}

func taggedResource(c *core.Call) (store.Resource, error) {
	typ := map[string]string{"hostedzone": ZoneType, "healthcheck": CheckType}[c.In.String("ResourceType")]
	if r, ok := c.Get(typ, strings.TrimPrefix(c.In.String("ResourceId"), "/hostedzone/")); ok {
		return r, nil
	}
	return store.Resource{}, wire.Errorf(404, "NoSuchHostedZone", "No resource found with ID: %s", c.In.String("ResourceId"))
}

func listTags(c *core.Call) (any, error) {
	r, err := taggedResource(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"ResourceTagSet": core.Out{"ResourceType": c.In.String("ResourceType"), "ResourceId": r.ID, "Tags": core.TagList(r.Tags)}}, nil
}

func changeTags(c *core.Call) (any, error) {
	r, err := taggedResource(c)
	if err != nil {
		return nil, err
	}
	in, err := body(c)
	if err != nil {
		return nil, err
	}
	_, _, err = c.World.Store.Update(r.Scope, r.Type, r.ID, func(r *store.Resource) error {
		for k, v := range core.Tags(in["AddTags"]) {
			r.Tags[k] = v
		}
		for _, k := range in.Strings("RemoveTagKeys") {
			delete(r.Tags, k)
		}
		return nil
	})
	return nil, err
}
