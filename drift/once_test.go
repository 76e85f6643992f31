package drift

import (
	"slices"
	"strings"
	"testing"
)

// oneAccount is the place of the standby in the primary's account.
func oneAccount() testPlace {
	p := west
	p.account = east.account
	return p
}

func TestWhatExistsOnceMustReachBothRegions(t *testing.T) {
	w := oneAccount()
	queueOf := func(p testPlace) string { return p.arn("sqs", "orders-"+p.salt) }
	q := func(p testPlace) Resource {
		return Resource{Key: "app/Queue", Type: "AWS::SQS::Queue", ID: "orders-" + p.salt, Identities: props2("Arn", queueOf(p)), Properties: props{}}
	}
	lb := func(p testPlace) Resource {
		return Resource{Key: "app/Lb", Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: p.arn("elasticloadbalancing", "loadbalancer/app/shop/"+p.salt),
			Properties: props{"DNSName": "shop-" + p.salt + "." + p.region + ".elb.amazonaws.com"}}
	}
	dns := func(p testPlace) string { return "shop-" + p.salt + "." + p.region + ".elb.amazonaws.com" }
	role := func(statements ...any) Resource {
		return Resource{Key: "app/Role", Type: "AWS::IAM::Role", ID: "shop-role", Identities: props2("Arn", "arn:aws:iam::111111111111:role/shop-role"),
			Properties: props{"Policies": list(props{"PolicyName": "p", "PolicyDocument": props{"Version": "2012-10-17", "Statement": statements}})}}
	}
	statement := func(effect string, more props) props {
		more["Effect"], more["Sid"] = effect, "S"
		if more["Action"] == nil {
			more["Action"] = "sqs:*"
		}
		return more
	}
	only := func(operator string, regions ...any) props {
		return props{"Resource": "*", "Condition": props{operator: props{"aws:RequestedRegion": regions}}}
	}
	record := func(key, name string, p testPlace) Resource {
		return Resource{Key: "app/" + key, Type: "AWS::Route53::RecordSet", ID: name + key, Properties: props{"HostedZoneId": "Z0123456789ABCDEFGHI", "Name": name, "Type": "A",
			"AliasTarget": props{"DNSName": dns(p)}}}
	}
	distribution := func(origins ...any) Resource {
		return Resource{Key: "app/Cdn", Type: "AWS::CloudFront::Distribution", ID: "E123", Properties: props{"DistributionConfig": props{"Origins": origins}}}
	}
	group := func(region string) Resource {
		return Resource{Key: "app/Group" + region, Type: "AWS::GlobalAccelerator::EndpointGroup", ID: "g" + region, Properties: props{"ListenerArn": "arn:aws:globalaccelerator::111111111111:accelerator/a/listener/l", "EndpointGroupRegion": region}}
	}
	for _, test := range []struct {
		name   string
		shared []Resource // read in both Regions
		alone  []Resource // of the primary's stack
		pinned string     // the property, "" for none
	}{
		{"a role for both queues", []Resource{role(statement("Allow", props{"Resource": list(queueOf(east), queueOf(w))}))}, nil, ""},
		{"a role with a statement for each", []Resource{role(statement("Allow", props{"Resource": queueOf(east)}), statement("Allow", props{"Resource": queueOf(w)}))}, nil, ""},
		{"a role for the primary's queue", []Resource{role(statement("Allow", props{"Resource": queueOf(east)}))}, nil, "Policies[p].PolicyDocument.Statement[S].Resource"},
		{"a role for any queue", []Resource{role(statement("Allow", props{"Resource": "*"}))}, nil, ""},
		{"one of two statements ends at the primary", []Resource{role(statement("Allow", props{"Resource": list("arn:aws:sns:us-east-1:111111111111:t", "arn:aws:sns:us-west-2:111111111111:t"), "Action": "sns:*"}),
			statement("Allow", props{"Resource": "arn:aws:dynamodb:us-east-1:111111111111:table/x", "Action": "dynamodb:*"}))}, nil, "Policies[p].PolicyDocument.Statement[S].Resource"},
		{"allowed in both Regions", []Resource{role(statement("Allow", only("StringEquals", "us-east-1", "us-west-2")))}, nil, ""},
		{"allowed in the primary's Region", []Resource{role(statement("Allow", only("StringEquals", "us-east-1")))}, nil, "Policies[p].PolicyDocument.Statement[S].Condition.StringEquals.aws:requestedregion"},
		{"denied outside of the primary's Region", []Resource{role(statement("Deny", only("StringNotEquals", "us-east-1")))}, nil, "Policies[p].PolicyDocument.Statement[S].Condition.StringNotEquals.aws:requestedregion"},
		{"denied outside of both", []Resource{role(statement("Deny", only("StringNotEquals", "us-east-1", "us-west-2")))}, nil, ""},
		{"denied in the primary's Region alone", []Resource{role(statement("Deny", only("StringEquals", "us-east-1")))}, nil, ""},
		{"a record for each", nil, []Resource{record("A", "shop.example.com", east), record("B", "shop.example.com.", w)}, ""},
		{"a record for the primary", nil, []Resource{record("A", "shop.example.com", east)}, "AliasTarget"},
		{"a record for the primary, read twice", []Resource{record("A", "shop.example.com", east)}, nil, "AliasTarget"},
		{"a record of another name for the standby", nil, []Resource{record("A", "shop.example.com", east), record("B", "blog.example.com", w)}, "AliasTarget"},
		{"records that are called by their Region", nil, []Resource{record("A", "us-east-1.example.com", east), record("B", "us-west-2.example.com", w)}, ""},
		{"a distribution with both origins", nil, []Resource{distribution(props{"Id": "a", "DomainName": dns(east)}, props{"Id": "b", "DomainName": dns(w)})}, ""},
		{"a distribution with one origin", nil, []Resource{distribution(props{"Id": "a", "DomainName": dns(east)})}, "DistributionConfig.Origins"},
		{"endpoint groups in both Regions", nil, []Resource{group("us-east-1"), group("us-west-2")}, ""},
		{"an endpoint group in one", nil, []Resource{group("us-east-1")}, "EndpointGroupRegion"},
	} {
		primary, standby := region(east, q(east), lb(east)), region(w, q(w), lb(w))
		primary.Resources = append(append(primary.Resources, test.shared...), test.alone...)
		standby.Resources = append(standby.Resources, test.shared...)
		c := Compare(primary, standby, options)
		var pinned []string
		for _, f := range c.Findings {
			pinned = append(pinned, f.Property)
		}
		if want := strings.Fields(test.pinned); !slices.Equal(pinned, want) {
			t.Errorf("%s: want %v, have:%s", test.name, want, show(c.Findings))
		}
	}
}

// A role of one name in two accounts is two roles.
func TestAResourceOfAnotherAccountIsAnotherResource(t *testing.T) {
	role := func(path string) Resource {
		return Resource{Key: "app/Role", Type: "AWS::IAM::Role", ID: "shop-role", Properties: props{"Path": path}}
	}
	if c := Compare(region(east, role("/a/")), region(west, role("/b/")), options); len(c.Findings) != 1 {
		t.Errorf("two roles in two accounts:%s", show(c.Findings))
	}
	if c := Compare(region(east, role("/a/")), region(oneAccount(), role("/a/")), options); len(c.Findings) != 0 || c.Coverage.Compared != 1 {
		t.Errorf("one role read twice: %+v%s", c.Coverage, show(c.Findings))
	}
}

// A private zone of each Region has records of the same names.
func TestRecordsOfTwoZonesAreTwoRecords(t *testing.T) {
	record := func(zone, ttl string) Resource {
		return Resource{Key: "app/Db", Type: "AWS::Route53::RecordSet", ID: "db.internal", Properties: props{"HostedZoneId": zone, "Name": "db.internal", "Type": "CNAME", "TTL": ttl}}
	}
	zone := func(id string) Resource {
		return Resource{Key: "app/Zone", Type: "AWS::Route53::HostedZone", ID: id, Properties: props{"Name": "internal"}}
	}
	primary, standby := region(east, record("Z0EAST1111111", "60"), zone("Z0EAST1111111")), region(oneAccount(), record("Z0WEST2222222", "300"), zone("Z0WEST2222222"))
	if c := Compare(primary, standby, options); len(c.Findings) != 1 || c.Findings[0].Property != "TTL" {
		t.Errorf("have:%s", show(c.Findings))
	}
	standby = region(oneAccount(), record("Z0EAST1111111", "300"), zone("Z0EAST1111111"))
	if c := Compare(primary, standby, options); len(c.Findings) != 0 {
		t.Errorf("one record of one zone, read twice:%s", show(c.Findings))
	}
}

func TestAFirewallOfTheEdgeIsNotMissing(t *testing.T) {
	acl := func(scope string) Resource {
		return Resource{Key: "app/Acl", Type: "AWS::WAFv2::WebACL", ID: "acl", Properties: props{"Scope": scope}}
	}
	for scope, want := range map[string]int{"CLOUDFRONT": 0, "REGIONAL": 1} {
		if c := Compare(region(east, acl(scope)), region(west), options); len(c.Findings) != want {
			t.Errorf("%s: want %d findings, have:%s", scope, want, show(c.Findings))
		}
	}
}
