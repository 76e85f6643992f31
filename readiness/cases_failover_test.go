package readiness

import "github.com/lockstep-dr/lockstep/drift"

// records bends the record of each Region; nil removes it.
func records(w *world, bend func(region string, record object) object) {
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		var kept []drift.Resource
		for _, r := range s.Resources {
			if r.Type == typeRecord {
				if r.Properties = bend(s.Region.Name, failover(s.Region.Name)); r.Properties == nil {
					continue
				}
			}
			kept = append(kept, r)
		}
		s.Resources = kept
	}
}

// grouped makes the records of each Region a group.
func grouped(w *world, list func(region string) []any) {
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		for i := range s.Resources {
			if r := &s.Resources[i]; r.Type == typeRecord {
				r.Type, r.Properties = typeRecordGroup, object{"HostedZoneId": "Z1", "RecordSets": list(s.Region.Name)}
			}
		}
	}
}

func without(o object, names ...string) object {
	for _, name := range names {
		delete(o, name)
	}
	return o
}

// simple is a record without routing that leads to a Region.
func simple(o object, name, region string) object {
	o = without(o, "SetIdentifier", "Failover", "HealthCheckId")
	o["Name"], o["ResourceRecords"] = name, []any{"alb." + region + ".elb.amazonaws.com"}
	return o
}

var failoverCases = []ruleCase{
	{"RTE-01", "a record for each Region, with health checks", func(*world) {}, passes()},
	{"RTE-01", "one record that leads to the primary", func(w *world) {
		records(w, func(_ string, o object) object { return simple(o, "pay.example.com", east) })
	}, blocks("leads to us-east-1 alone: a takeover has to change the record")},
	{"RTE-01", "both Regions' stacks write the same record, and the standby's wrote last", func(w *world) {
		records(w, func(_ string, o object) object { return simple(o, "pay.example.com", west) })
	}, want{status: NotApplicable, verdict: Ready}},
	{"RTE-01", "each Region has a name of its own", func(w *world) {
		records(w, func(region string, o object) object { return simple(o, region+".pay.example.com", region) })
	}, want{status: NotApplicable, verdict: Ready}},
	{"RTE-01", "each Region has a private zone of its own", func(w *world) {
		records(w, func(region string, o object) object {
			o = simple(o, "db.internal", region)
			o["HostedZoneId"] = "Z-" + region
			return o
		})
	}, want{status: NotApplicable, verdict: Ready}},
	{"RTE-01", "each Region has a private zone of its own, and a routing policy in it", func(w *world) {
		records(w, func(region string, o object) object {
			o["HostedZoneId"] = "Z-" + region
			return without(o, "HealthCheckId")
		})
	}, want{status: NotApplicable, verdict: Ready}},
	{"RTE-01", "each Region has another name with a routing policy in one zone", func(w *world) {
		records(w, func(region string, o object) object {
			o["Name"] = region + ".example.com"
			return o
		})
	}, blocks("leads to us-east-1 alone")},
	{"RTE-01", "each Region has names of its own in a group", func(w *world) {
		grouped(w, func(region string) []any {
			return []any{simple(object{"Type": "CNAME"}, "db."+region+".example.com", region), simple(object{"Type": "CNAME"}, "mq."+region+".example.com", region)}
		})
	}, want{status: NotApplicable, verdict: Ready}},
	{"RTE-01", "the standby's group lacks a record beside one of its own", func(w *world) {
		grouped(w, func(region string) []any {
			list := []any{simple(object{"Type": "CNAME"}, "db."+region+".example.com", region)}
			if region == east {
				list = append(list, simple(object{"Type": "CNAME"}, "pay.example.com", region))
			}
			return list
		})
	}, blocks("pay.example.com leads to us-east-1 alone")},
	{"RTE-01", "each Region has names of its own in a group, of which the standby's lost one", func(w *world) {
		own := func(region string) []any {
			return []any{simple(object{"Type": "CNAME"}, "db."+region+".example.com", region), simple(object{"Type": "CNAME"}, "mq."+region+".example.com", region)}
		}
		grouped(w, func(region string) []any {
			if region == west {
				return own(region)[1:]
			}
			return own(region)
		})
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.resource(s, "app/Record").Declared = object{"RecordSets": own(s.Region.Name)}
		}
	}, want{status: NotApplicable, verdict: Ready}},
	{"RTE-01", "nothing moves clients away from the primary", func(w *world) {
		records(w, func(_ string, o object) object { return without(o, "HealthCheckId") })
	}, blocks("has no health check")},
	{"RTE-01", "an alias whose target is evaluated", func(w *world) {
		records(w, func(region string, o object) object {
			o = without(o, "HealthCheckId", "ResourceRecords", "TTL")
			o["AliasTarget"] = object{"DNSName": "dualstack.alb." + region + ".elb.amazonaws.com", "EvaluateTargetHealth": true}
			return o
		})
	}, passes()},
	{"RTE-01", "an alias whose target is not evaluated", func(w *world) {
		records(w, func(region string, o object) object {
			o = without(o, "HealthCheckId", "ResourceRecords", "TTL")
			o["AliasTarget"] = object{"DNSName": "dualstack.alb." + region + ".elb.amazonaws.com", "EvaluateTargetHealth": false}
			return o
		})
	}, blocks("has no health check")},
	{"RTE-01", "one stack declares the records of both Regions", func(w *world) {
		records(w, func(region string, o object) object {
			if region == west {
				return nil
			}
			return without(o, "HealthCheckId")
		})
		for i := range w.east.Resources {
			if r := &w.east.Resources[i]; r.Type == typeRecord {
				r.Type, r.Properties = typeRecordGroup, object{"HostedZoneId": "Z1", "RecordSets": []any{failover(east), failover(west)}}
			}
		}
		w.west.Resources = append(w.west.Resources, *w.resource(&w.east, "app/Record"))
	}, passes()},
	{"RTE-01", "only the primary's record has a routing policy", func(w *world) {
		records(w, func(region string, o object) object {
			if region == west {
				return nil
			}
			return o
		})
		w.find(drift.Finding{Resource: "app/Record", Type: typeRecord, Primary: "exists", Severity: drift.Warn, Message: "app/Record is missing in us-west-2"})
	}, blocks("leads to us-east-1 alone")},
	{"RTE-01", "the comparison sees a target that leads to the primary by its id alone", func(w *world) {
		w.find(drift.Finding{Resource: "app/Record", Type: typeRecord, Property: "AliasTarget", Relation: drift.Superset, Severity: drift.Warn, Message: "leads to us-east-1 alone"})
	}, blocks("leads to us-east-1 alone")},
	{"RTE-01", "a name that leads to a distribution, and text beside it", func(w *world) {
		records(w, func(_ string, o object) object {
			o = simple(o, "pay.example.com", "")
			o["ResourceRecords"] = []any{"d111.cloudfront.net"}
			return o
		})
	}, want{status: NotApplicable, verdict: Ready}},
	{"RTE-01", "the records could not be listed", func(w *world) { w.deny("app/Record", "route53:ListResourceRecordSets") }, unknown("route53:ListResourceRecordSets")},
	{"RTE-01", "a takeover by hand is slow, with backup and restore", func(w *world) {
		backedUp(w)
		records(w, func(_ string, o object) object { return simple(o, "pay.example.com", east) })
	}, warns("leads to us-east-1 alone")},
}
