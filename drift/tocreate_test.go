package drift

import (
	"slices"
	"testing"
)

// planned is a resource that a change creates.
func planned(r Resource) Resource {
	r.Planned = PlannedCreate
	return r
}

func TestAReplicaToBeCreatedTakesFromItsOriginalOnlyWhatItIsLinkedTo(t *testing.T) {
	cache := func(p props) Resource {
		return Resource{Key: "s/Cache", Type: "AWS::ElastiCache::ReplicationGroup", ID: "cache", Properties: p}
	}
	original := props{"ReplicationGroupId": "cache", "GlobalReplicationGroupId": "ldgnf-world", "AtRestEncryptionEnabled": true}
	for _, test := range []struct {
		name    string
		standby props
		found   bool
	}{
		{"it joins", props{"ReplicationGroupId": "cache", "GlobalReplicationGroupId": "ldgnf-world"}, false},
		{"it joins nothing", props{"ReplicationGroupId": "cache"}, true},
	} {
		found := Compare(region(east, cache(original)), region(west, planned(cache(test.standby))), options).Findings
		if (len(found) > 0) != test.found {
			t.Errorf("%s:%s", test.name, show(found))
		}
	}
}

func TestACacheToBeCreatedJoinsTheDatastoreThatItNames(t *testing.T) {
	datastore := func(key, id string) Resource {
		return Resource{Key: key, Type: "AWS::ElastiCache::GlobalReplicationGroup", ID: id, Properties: props{"GlobalReplicationGroupIdSuffix": key}}
	}
	orders, sessions := datastore("s/Orders", "ldgnf-orders"), datastore("s/Sessions", "ldgnf-sessions")
	for _, test := range []struct {
		name, joins string
		primary     []Resource
		missing     int
	}{
		{"the only one", "ldgnf-orders", []Resource{orders}, 0},
		{"the only one, by a name that is not known yet", "{{resolve:ssm:/datastore}}", []Resource{orders}, 0},
		{"one of two", "ldgnf-orders", []Resource{orders, sessions}, 1},
		{"one of two, nobody knows which", "{{resolve:ssm:/datastore}}", []Resource{orders, sessions}, 2},
	} {
		cache := planned(Resource{Key: "s/Cache", Type: "AWS::ElastiCache::ReplicationGroup", Properties: props{"GlobalReplicationGroupId": test.joins}})
		missing := 0
		for _, f := range Compare(region(east, test.primary...), region(west, cache), options).Findings {
			if f.Type == "AWS::ElastiCache::GlobalReplicationGroup" {
				missing++
			}
		}
		if missing != test.missing {
			t.Errorf("%s: %d are missing, want %d", test.name, missing, test.missing)
		}
	}
}

func TestAnARNSpeltOutIsTheSiblingsWhereThatLives(t *testing.T) {
	arn := func(p testPlace, name string) string {
		return "arn:aws:sns:" + p.region + ":" + p.account + ":" + name
	}
	topic := func(p testPlace, name string) Resource {
		return Resource{Key: "s/Alerts", Type: "AWS::SNS::Topic", ID: arn(p, name), Properties: props{"TopicName": name}}
	}
	function := func(p testPlace, name string) Resource {
		return Resource{Key: "s/Worker", Type: "AWS::Lambda::Function", ID: "worker", Properties: props{"FunctionName": "worker", "DeadLetterConfig": props{"TargetArn": arn(p, name)}}}
	}
	const primarys = "shop-Alerts-1ABC2DEF3GHI"
	for _, test := range []struct {
		name  string
		topic Resource
		found bool
	}{
		{"the topic is to be created as well", planned(Resource{Key: "s/Alerts", Type: "AWS::SNS::Topic", Properties: props{}}), false},
		{"the topic is there under another name", topic(west, "shop-Alerts-9XYZ8UVW7RST"), true},
	} {
		found := Compare(region(east, topic(east, primarys), function(east, primarys)), region(west, test.topic, planned(function(west, primarys))), options).Findings
		told := false
		for _, f := range found {
			told = told || f.Resource == "s/Worker"
		}
		if told != test.found {
			t.Errorf("%s:%s", test.name, show(found))
		}
	}
}

// What a parameter names is known by its id alone, another one in each Region: it is
// compared by what it stands for where that was read of both, and is a gap where it
// could not be read. What is only planned was changed by nobody's hand.
func TestAnIdGivenToWhatIsToBeCreatedIsComparedByWhatItStandsFor(t *testing.T) {
	certificate := func(p testPlace) string {
		return p.arn("acm", "certificate/0a1b2c3d-0000-4000-8000-00000000000"+p.salt[:1])
	}
	side := func(p testPlace, facts ...Fact) *Snapshot {
		config := props{"CertificateArn": certificate(p), "EndpointType": "REGIONAL"}
		name := Resource{Key: "s/Name", Type: "AWS::ApiGatewayV2::DomainName", ID: "pay.example.com", Properties: props{"DomainName": "pay.example.com"},
			Declared: props{"DomainName": "pay.example.com", "DomainNameConfigurations": list(config)}}
		live := props{"CertificateArn": certificate(p), "EndpointType": "REGIONAL"}
		if p == west {
			name.Planned = PlannedCreate
		} else {
			live["SecurityPolicy"] = "TLS_1_2"
		}
		name.Properties["DomainNameConfigurations"] = list(live)
		s := region(p, name)
		s.Facts = facts
		return s
	}
	bare := func(s *Snapshot) *Snapshot { // the other kind of API says it outside of any list
		r := &s.Resources[0]
		r.Type = "AWS::ApiGateway::DomainName"
		for _, tree := range []props{r.Properties, r.Declared} {
			delete(tree, "DomainNameConfigurations")
			tree["RegionalCertificateArn"] = certificate(map[bool]testPlace{true: east, false: west}[s.Region.Name == east.region])
		}
		return s
	}
	describes := func(p testPlace, domain string) Fact {
		return Fact{Kind: FactContent, Subject: certificate(p), Value: props{"Kind": "Certificate", "Name": domain, "Content": props{"Domains": list(domain)}}}
	}
	denied := side(west)
	denied.Gaps = []Gap{{Region: west.region, Resource: certificate(west), Fact: FactContent, Operation: "acm:DescribeCertificate", Reason: "AccessDenied"}}
	unreachable := side(west)
	unreachable.Gaps = []Gap{{Region: west.region, Fact: FactContent, Operation: "sts:GetCallerIdentity", Reason: "Unreachable"}}
	regional := Compare(bare(side(east, describes(east, "pay.example.com"))), bare(side(west, describes(west, "www.example.com"))), options)
	if len(regional.Findings) != 1 || regional.Findings[0].Cause != Declared || regional.Findings[0].Severity != Block {
		t.Errorf("a certificate of other domains:%s", show(regional.Findings))
	}
	for _, test := range []struct {
		name    string
		standby *Snapshot
		cause   Cause
		gap     bool
	}{
		{"the same domains", side(west, describes(west, "pay.example.com")), "", false},
		{"other domains", side(west, describes(west, "www.example.com")), Declared, false},
		{"nobody said what it is", side(west), Declared, false},
		{"it may not be read", denied, "", true},
		{"the Region cannot be reached", unreachable, "", true},
	} {
		c := Compare(side(east, describes(east, "pay.example.com")), test.standby, options)
		cause := Cause("")
		for _, f := range c.Findings {
			cause = f.Cause
			if f.Property != "DomainNameConfigurations[0].CertificateArn" || f.ChangedIn != "" {
				t.Errorf("%s: %s changed in %q", test.name, f.Property, f.ChangedIn)
			}
		}
		unresolved := slices.ContainsFunc(c.Gaps, func(g Gap) bool { return g.Reason == "Unresolved" && g.Fact == "" })
		if cause != test.cause || unresolved != test.gap {
			t.Errorf("%s: cause %q, a gap: %v; findings%s", test.name, cause, unresolved, show(c.Findings))
		}
	}
}

// A name that its own Region's code is part of is the sibling's name, whether that one
// exists already or not.
func TestANameOfItsOwnRegionIsNoDifferenceOfWhatIsToBeCreated(t *testing.T) {
	name := func(text string) Resource {
		return Resource{Key: "s/Name", Type: "AWS::ApiGateway::DomainName", ID: text, Properties: props{"DomainName": text}, Declared: props{"DomainName": text}}
	}
	to := func(text string) Resource {
		r := planned(name(text))
		r.ID = "s/Name (declared)"
		return r
	}
	for text, found := range map[string]int{"api-us-west-2.example.com": 0, "api-us-east-1.example.com": 0 /* one name for both */, "www-us-west-2.example.com": 1} {
		if f := Compare(region(east, name("api-us-east-1.example.com")), region(west, to(text)), options).Findings; len(f) != found {
			t.Errorf("%s:%s", text, show(f))
		}
	}
}
