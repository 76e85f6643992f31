package drift

import (
	"strings"
	"testing"
)

// AWS names some of a cluster's brokers, others each time it is asked.
func TestBrokersAreTheirCluster(t *testing.T) {
	build := func(p testPlace, id, brokers string) *Snapshot {
		domain := "orders." + id + ".c2.kafka." + p.region + ".amazonaws.com"
		s := lonely(p, "AWS::SSM::Parameter", props{"Name": "/brokers", "Type": "String", "Value": strings.ReplaceAll(brokers, "DOMAIN", domain)})
		s.Resources = append(s.Resources, Resource{Key: "s/Cluster", Type: "AWS::MSK::Cluster", ID: p.arn("kafka", "cluster/orders/"+id), Properties: props{"ClusterName": "orders"},
			Identities: map[string]string{"BrokerDomain": domain}})
		return s
	}
	standby := oneAccount()
	for name, c := range map[string]struct {
		primary, standby string
		differs          bool
	}{
		"other brokers in another order": {"b-1.DOMAIN:9094,b-2.DOMAIN:9094", "b-3.DOMAIN:9094,b-1.DOMAIN:9094", false},
		"more of them":                   {"b-1.DOMAIN:9094,b-2.DOMAIN:9094,b-3.DOMAIN:9094", "b-2.DOMAIN:9094,b-1.DOMAIN:9094", false},
		"another one alone":              {"b-1.DOMAIN:9094", "b-2.DOMAIN:9094", false},
		"a single one for a few":         {"b-1.DOMAIN:9094,b-2.DOMAIN:9094", "b-1.DOMAIN:9094", true},
		"one that is said twice":         {"b-1.DOMAIN:9094,b-2.DOMAIN:9094", "b-1.DOMAIN:9094,b-1.DOMAIN:9094", true},
		"another port":                   {"b-1.DOMAIN:9094", "b-1.DOMAIN:9098", true},
		"brokers of somebody else":       {"b-1.DOMAIN:9094", "b-1.orders.zzz999.c3.kafka.us-west-2.amazonaws.com:9094", true},
		"the primary's brokers":          {"b-1.DOMAIN:9094", "b-1.orders.abc123.c2.kafka.us-east-1.amazonaws.com:9094", true},
	} {
		t.Run(name, func(t *testing.T) {
			found := Compare(build(east, "abc123", c.primary), build(standby, "xyz789", c.standby), options).Findings
			if (len(found) > 0) != c.differs {
				t.Errorf("differs: want %v, have:%s", c.differs, show(found))
			}
		})
	}
}

// The names of an endpoint begin with its id and random letters.
func TestTheNamesOfAnEndpointAreItsOwn(t *testing.T) {
	build := func(p testPlace, label, host string) *Snapshot {
		s := lonely(p, "AWS::SSM::Parameter", props{"Name": "/queues", "Type": "String", "Value": host})
		s.Resources = append(s.Resources, Resource{Key: "s/Endpoint", Type: "AWS::EC2::VPCEndpoint", ID: label[:13], Properties: props{"ServiceName": "com.amazonaws." + p.region + ".sqs"},
			Identities: map[string]string{"DnsNameId": label}})
		return s
	}
	standby := oneAccount()
	primary := build(east, "vpce-0a1b2c3d-abcdefgh", "vpce-0a1b2c3d-abcdefgh.sqs.us-east-1.vpce.amazonaws.com")
	if found := Compare(primary, build(standby, "vpce-0e4f5a6b-stuvwxyz", "vpce-0e4f5a6b-stuvwxyz.sqs.us-west-2.vpce.amazonaws.com"), options).Findings; len(found) != 0 {
		t.Errorf("each Region's own endpoint:%s", show(found))
	}
	if found := Compare(primary, build(standby, "vpce-0e4f5a6b-stuvwxyz", "vpce-0a1b2c3d-abcdefgh.sqs.us-east-1.vpce.amazonaws.com"), options).Findings; len(found) != 1 || found[0].Severity != Block {
		t.Errorf("the primary's endpoint:%s", show(found))
	}
}
