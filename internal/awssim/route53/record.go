package route53

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func recordKind() core.Kind {
	return core.Kind{Type: RecordType, Global: true, Identifier: []string{"ZoneId", "Name", "Type", "SetIdentifier"}, Ref: "{Name}", Replace: []string{"HostedZoneId", "HostedZoneName", "Name"},
		Schema: core.Schema{Required: []string{"Name", "Type"}, Numbers: []string{"Weight"}, Booleans: []string{"AliasTarget.EvaluateTargetHealth", "MultiValueAnswer"}},
		Create: placed, Update: placed}
}

func groupKind() core.Kind {
	return core.Kind{Type: GroupType, Global: true, Replace: []string{"HostedZoneId", "HostedZoneName"},
		Schema: core.Schema{Numbers: []string{"RecordSets.Weight"}, Booleans: []string{"RecordSets.AliasTarget.EvaluateTargetHealth"}}, Create: placed, Update: placed}
}

// placed finds the zone of a record, by id or by name, and wants the record to be the only one of its key.
func placed(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	for _, z := range c.World.Store.List(r.Scope, ZoneType) {
		if z.ID == strings.TrimPrefix(p.String("HostedZoneId"), "/hostedzone/") || p.String("HostedZoneId") == "" && dotted(wire.Text(z.Properties["Name"])) == dotted(p.String("HostedZoneName")) {
			r.Attributes["ZoneId"] = z.ID
		}
	}
	if r.Attributes["ZoneId"] == nil {
		return wire.Errorf(404, "NoSuchHostedZone", "No hosted zone found with ID: %s", p.Or("HostedZoneId", p.String("HostedZoneName")))
	}
	if c.Before != nil {
		return nil
	}
	own := []wire.Object{p}
	if r.Type == GroupType {
		own = p.Objects("RecordSets")
	}
	taken := records(c.World.Store.View(0), r.Scope, wire.Text(r.Attributes["ZoneId"]))
	for _, record := range own {
		if _, exists := taken[key(record)]; exists {
			return wire.Errorf(400, "InvalidChangeBatch", "[Tried to create resource record set [name='%s', type='%s'] but it already exists]", dotted(record.String("Name")), record.String("Type"))
		}
	}
	return nil
}

func key(record wire.Object) string {
	return dotted(record.String("Name")) + "|" + record.String("Type") + "|" + record.String("SetIdentifier")
}

// home is a record and where it is kept: a resource of its own, or a place in a group.
type home struct {
	record wire.Object
	of     store.Resource
	index  int // in a group, else -1
}

// records are those of a zone, by key.
func records(v store.View, scope store.Scope, zone string) map[string]home {
	all := map[string]home{}
	for _, typ := range []string{RecordType, looseType, GroupType} {
		for _, r := range v.List(scope, typ) {
			if wire.Text(r.Attributes["ZoneId"]) != zone {
				continue
			}
			if typ != GroupType {
				all[key(r.Properties)] = home{r.Properties, r, -1}
				continue
			}
			for i, one := range wire.Object(r.Properties).Objects("RecordSets") {
				all[key(one)] = home{one, r, i}
			}
		}
	}
	return all
}

func listRecords(c *core.Call) (any, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	all := records(c.Read(), z.Scope, z.ID)
	keys := []string{}
	for k := range all {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	from := c.In.String("name") + "|" + c.In.String("type") + "|" + c.In.String("identifier")
	list, size := []any{}, c.In.Int("maxitems", 300)
	out := core.Out{"IsTruncated": false, "MaxItems": size}
	for _, k := range keys {
		if c.In.String("name") != "" && k < from {
			continue
		}
		record := all[k].record
		if len(list) == size {
			out["IsTruncated"], out["NextRecordName"], out["NextRecordType"] = true, dotted(record.String("Name")), record["Type"]
			out["NextRecordIdentifier"] = record["SetIdentifier"]
			break
		}
		list = append(list, presentRecord(record))
	}
	out["ResourceRecordSets"] = list
	return out, nil
}

func presentRecord(record wire.Object) core.Out {
	out := core.Renamed(record, "Type", "SetIdentifier", "Weight", "Region", "Failover", "GeoLocation", "CidrRoutingConfig", "MultiValueAnswer", "HealthCheckId", "TTL")
	out["Name"] = strings.ReplaceAll(dotted(record.String("Name")), "*", `\052`)
	if values := record.Strings("ResourceRecords"); len(values) > 0 {
		out["ResourceRecords"] = core.Each(values, "Value", nil)
	}
	if a := record.Object("AliasTarget"); a != nil {
		out["AliasTarget"] = core.Out{"DNSName": dotted(a.String("DNSName")), "HostedZoneId": a["HostedZoneId"], "EvaluateTargetHealth": a.Bool("EvaluateTargetHealth")}
	}
	return out
}

// changeRecords makes the changes of a batch where the records are.
func changeRecords(c *core.Call) (any, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	in, err := body(c)
	if err != nil {
		return nil, err
	}
	for _, change := range in.Object("ChangeBatch").Objects("Changes") {
		record := change.Object("ResourceRecordSet")
		values := []any{}
		for _, v := range record.Objects("ResourceRecords") {
			values = append(values, v.String("Value"))
		}
		if len(values) > 0 {
			record["ResourceRecords"] = values
		}
		if a := record.Object("AliasTarget"); a != nil {
			a["EvaluateTargetHealth"] = a.Bool("EvaluateTargetHealth")
		}
		at, exists := records(c.World.Store.View(0), z.Scope, z.ID)[key(record)]
		switch action := change.String("Action"); {
		case action == "CREATE" && exists, action == "DELETE" && !exists:
			return nil, wire.Errorf(400, "InvalidChangeBatch", "[Tried to %s resource record set [name='%s', type='%s'] but it was not possible]", strings.ToLower(action), record.String("Name"), record.String("Type"))
		case action == "DELETE":
			at.remove(c)
		case exists:
			at.write(c, record)
		default:
			r := store.Resource{Scope: z.Scope, Type: looseType, ID: z.ID + "|" + key(record), Properties: wire.AsObject(shape.Plain(record)), Attributes: map[string]any{"ZoneId": z.ID}}
			c.World.Store.Put(r)
		}
	}
	return core.Out{"ChangeInfo": changeInfo(c)}, nil
}

func (h home) write(c *core.Call, record wire.Object) {
	next := wire.AsObject(shape.Plain(record))
	if h.index < 0 {
		for _, name := range []string{"HostedZoneId", "HostedZoneName", "Name"} {
			if v := h.record[name]; v != nil {
				next[name] = v
			}
		}
		h.of.Properties = next
		c.World.Store.Put(h.of)
		return
	}
	list := wire.Object(h.of.Properties).List("RecordSets")
	list[h.index] = map[string]any(next)
	h.of.Properties["RecordSets"] = list
	c.World.Store.Put(h.of)
}

func (h home) remove(c *core.Call) {
	if h.index < 0 {
		c.World.Store.Delete(h.of.Scope, h.of.Type, h.of.ID)
		return
	}
	list := wire.Object(h.of.Properties).List("RecordSets")
	h.of.Properties["RecordSets"] = slices.Delete(list, h.index, h.index+1)
	c.World.Store.Put(h.of)
}
