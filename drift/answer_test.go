package drift

import (
	"strings"
	"testing"
)

// A private zone of each Region has a record of one name, and the template of
// both wrote a host down.
func TestTheOnlyAnswerMustNotLeadToThePrimary(t *testing.T) {
	const database, mail = "orders.cluster-abc123def456.us-east-1.rds.amazonaws.com", "inbound-smtp.us-east-1.amazonaws.com"
	here := func(p testPlace) string { return strings.ReplaceAll(database, "us-east-1", p.region) }
	balancer := func(p testPlace) string { return "internal-app-1234567890." + p.region + ".elb.amazonaws.com" }
	build := func(p testPlace, record props, typeName string) *Snapshot {
		zone := p.hex("Z0", "Zone")
		if typeName == "AWS::Route53::RecordSet" {
			record["HostedZoneId"] = zone
		}
		return region(p, Resource{Key: "app/Zone", Type: "AWS::Route53::HostedZone", ID: zone, Properties: props{"Name": "internal"}},
			Resource{Key: "app/Db", Type: "AWS::RDS::DBCluster", ID: "orders", Properties: props{"Engine": "aurora-mysql"}, Identities: map[string]string{"Endpoint.Address": here(p)}},
			Resource{Key: "app/Lb", Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: p.arn("elasticloadbalancing", "loadbalancer/app/x/1234567890abcdef"),
				Properties: props{"Type": "application"}, Identities: map[string]string{"DNSName": balancer(p)}},
			Resource{Key: "app/Record", Type: typeName, ID: "db.internal", Properties: record})
	}
	cname := func(host string) props {
		return props{"Name": "db.internal", "Type": "CNAME", "TTL": "60", "ResourceRecords": []any{host}}
	}
	with := func(p props, name string, v any) props { p[name] = v; return p }
	for name, c := range map[string]struct {
		typeName string
		record   func(testPlace) props
		leaks    bool
	}{
		"a host of the primary, written down": {"AWS::Route53::RecordSet", func(testPlace) props { return cname(database) }, true},
		"each Region's own host":              {"AWS::Route53::RecordSet", func(p testPlace) props { return cname(here(p)) }, false},
		"one of several answers":              {"AWS::Route53::RecordSet", func(testPlace) props { return with(cname(database), "SetIdentifier", "first") }, false},
		"a host of AWS that is in one Region": {"AWS::Route53::RecordSet", func(testPlace) props { return cname(mail) }, false},
		"an alias of the primary's balancer": {"AWS::Route53::RecordSet", func(testPlace) props {
			return props{"Name": "db.internal", "Type": "A", "AliasTarget": props{"DNSName": strings.ToUpper(balancer(east)[:12]) + balancer(east)[12:], "HostedZoneId": "Z35SXDOTRQ7X7K"}}
		}, true},
		"a group that holds such a record": {"AWS::Route53::RecordSetGroup", func(p testPlace) props {
			return props{"HostedZoneId": p.hex("Z0", "Zone"), "RecordSets": []any{cname(database), with(cname(mail), "Name", "mail.internal")}}
		}, true},
		"a group of several answers": {"AWS::Route53::RecordSetGroup", func(p testPlace) props {
			return props{"HostedZoneId": p.hex("Z0", "Zone"), "RecordSets": []any{with(cname(database), "SetIdentifier", "first"), with(cname(strings.ReplaceAll(database, "us-east-1", "us-west-2")), "SetIdentifier", "second")}}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			standby := oneAccount()
			found := Compare(build(east, c.record(east), c.typeName), build(standby, c.record(standby), c.typeName), options).Findings
			leaks := false
			for _, f := range found {
				leaks = leaks || f.Resource == "app/Record" && f.Severity == Block && strings.Contains(f.Message, "points back at the primary")
			}
			if leaks != c.leaks || !leaks && len(found) > 0 {
				t.Errorf("a leak: %v, want %v:%s", leaks, c.leaks, show(found))
			}
		})
	}
}
