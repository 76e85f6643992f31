package drift

import "testing"

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
