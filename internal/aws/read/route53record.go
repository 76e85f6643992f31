package read

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// recordProperties are those of a record. A Comment belongs to the change that
// made it, and is kept nowhere.
func recordProperties() []string {
	return []string{"Name", "Type", "TTL", "ResourceRecords", "AliasTarget", "SetIdentifier", "Weight", "Region", "Failover", "GeoLocation",
		"GeoProximityLocation", "CidrRoutingConfig", "MultiValueAnswer", "HealthCheckId"}
}

// recordKey tells the records of a zone apart.
type recordKey struct{ name, kind, set string }

func keyOfRecord(s types.ResourceRecordSet) recordKey {
	return recordKey{plainName(aws.ToString(s.Name)), string(s.Type), aws.ToString(s.SetIdentifier)}
}

// recordSets reads records and groups of them, zone by zone.
func (r *run) recordSets(ctx context.Context, items []inventory.Item) {
	byZone := map[string][]inventory.Item{}
	for _, item := range items {
		zone := text(item.Resolved, "HostedZoneId")
		if zone == "" && text(item.Resolved, "HostedZoneName") != "" {
			zone = "name:" + plainName(text(item.Resolved, "HostedZoneName"))
		}
		if zone == "" || unresolved(zone) || len(declaredRecords(item)) == 0 {
			r.unaddressable(item, "the zone and the name of its records")
			continue
		}
		byZone[zone] = append(byZone[zone], item)
	}
	each(ctx, keysOf(byZone), func(zone string) { r.zoneRecords(ctx, zone, byZone[zone]) })
}

// declaredRecords are the keys of the records that an item declares; none when
// one of them is not known.
func declaredRecords(item inventory.Item) []recordKey {
	list := []any{item.Resolved}
	if item.Type == "AWS::Route53::RecordSetGroup" {
		list, _ = item.Resolved["RecordSets"].([]any)
	}
	var keys []recordKey
	for _, element := range list {
		record, _ := element.(map[string]any)
		key := recordKey{plainName(text(record, "Name")), text(record, "Type"), text(record, "SetIdentifier")}
		if key.name == "" || key.kind == "" || unresolved(key.name+key.kind+key.set) {
			return nil
		}
		keys = append(keys, key)
	}
	return keys
}

func (r *run) zoneRecords(ctx context.Context, zone string, items []inventory.Item) {
	records, err := r.Shared.recordsOf(r.Account+"/"+zone, func() (map[recordKey]types.ResourceRecordSet, error) { return r.listRecords(ctx, zone) })
	if err != nil {
		p := session.Classify(err)
		for _, item := range items {
			if p.Reason == session.NotFound {
				r.gone(item) // with its zone
				continue
			}
			r.note(item, "", "", p.Permission, p.Reason, p.Message)
		}
		return
	}
	for _, item := range items {
		r.recordItem(item, records)
	}
}

// listRecords lists the records of a zone, given by id or, after "name:", by name.
func (r *run) listRecords(ctx context.Context, zone string) (map[recordKey]types.ResourceRecordSet, error) {
	if name, ok := strings.CutPrefix(zone, "name:"); ok {
		out, err := r.clients.route53.ListHostedZonesByName(ctx, &route53.ListHostedZonesByNameInput{DNSName: &name, MaxItems: aws.Int32(2)})
		if err != nil {
			return nil, err
		}
		if len(out.HostedZones) == 0 || plainName(aws.ToString(out.HostedZones[0].Name)) != name {
			return nil, &types.NoSuchHostedZone{Message: aws.String("there is no zone " + name)}
		}
		if len(out.HostedZones) > 1 && plainName(aws.ToString(out.HostedZones[1].Name)) == name {
			return nil, incomplete(route53.ServiceID, "ListHostedZonesByName", "which of several zones called "+name+" is meant")
		}
		zone = zoneID(aws.ToString(out.HostedZones[0].Id))
	}
	records := map[recordKey]types.ResourceRecordSet{}
	pages := route53.NewListResourceRecordSetsPaginator(r.clients.route53, &route53.ListResourceRecordSetsInput{HostedZoneId: &zone, MaxItems: aws.Int32(300)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range page.ResourceRecordSets {
			records[keyOfRecord(s)] = s
		}
	}
	return records, nil
}

// recordItem makes a record, or a group out of those of its records that exist.
func (r *run) recordItem(item inventory.Item, records map[recordKey]types.ResourceRecordSet) {
	declared := []any{item.Resolved}
	if item.Type == "AWS::Route53::RecordSetGroup" {
		declared, _ = item.Resolved["RecordSets"].([]any)
	}
	var found []map[string]any
	o := newObject()
	for i, key := range declaredRecords(item) {
		if s, ok := records[key]; ok {
			spelling, _ := declared[i].(map[string]any)
			one := record(s, spelling)
			found = append(found, one.properties)
			if one.err != nil {
				o.fail(one.err)
			}
		}
	}
	if len(found) == 0 {
		r.gone(item)
		return
	}
	if item.Type == "AWS::Route53::RecordSetGroup" {
		o.set("RecordSets", found)
	} else {
		o.properties = found[0]
	}
	for _, zone := range []string{"HostedZoneId", "HostedZoneName"} {
		if id := text(item.Resolved, zone); id != "" {
			o.set(zone, id)
		}
	}
	r.found(item, o)
}

func record(s types.ResourceRecordSet, declared map[string]any) *object {
	o := newObject().take(s, "Type", "SetIdentifier", "Weight", "Region", "Failover", "GeoLocation", "GeoProximityLocation", "CidrRoutingConfig",
		"MultiValueAnswer", "HealthCheckId").set("Name", spelt(aws.ToString(s.Name), text(declared, "Name")))
	if s.TTL != nil {
		o.set("TTL", strconv.FormatInt(*s.TTL, 10))
	}
	values := []string{}
	for _, v := range s.ResourceRecords {
		values = append(values, aws.ToString(v.Value))
	}
	if len(values) > 0 {
		o.set("ResourceRecords", values)
	}
	if a := s.AliasTarget; a != nil {
		target, _ := declared["AliasTarget"].(map[string]any)
		o.set("AliasTarget", map[string]any{"DNSName": spelt(aws.ToString(a.DNSName), text(target, "DNSName")), "HostedZoneId": a.HostedZoneId,
			"EvaluateTargetHealth": a.EvaluateTargetHealth})
	}
	return o
}

// spellTargets gives the targets of aliases the letters that their owners use:
// Route 53 keeps small ones, and a load balancer's name has others.
func (r *run) spellTargets() {
	names := map[string]string{}
	for _, resource := range r.result.Resources {
		for _, name := range resource.Identities {
			if strings.Contains(name, ".") {
				names[strings.ToLower(name)] = name
			}
		}
	}
	for _, resource := range r.result.Resources {
		if strings.HasPrefix(resource.Type, "AWS::Route53::RecordSet") {
			spellIn(resource.Properties, names)
		}
	}
}

func spellIn(v any, names map[string]string) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			spellIn(element, names)
		}
	case map[string]any:
		if target, ok := v["DNSName"].(string); ok {
			host := strings.TrimPrefix(target, "dualstack.")
			if name, ok := names[strings.ToLower(host)]; ok {
				v["DNSName"] = strings.TrimSuffix(target, host) + name
			}
		}
		for _, member := range v {
			spellIn(member, names)
		}
	}
}
