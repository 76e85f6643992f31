package drift

import (
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/topology"
)

// region is a Region with these resources, all of stacks that are settled.
func region(p testPlace, resources ...Resource) *Snapshot {
	s := &Snapshot{Schema: SnapshotSchema, App: "payments", Account: p.account, Run: "run-1", Region: topology.Region{Name: p.region, Role: p.role}, Resources: resources}
	for _, r := range resources {
		if stack := stackOf(r.Key); !slices.ContainsFunc(s.Stacks, func(k Stack) bool { return k.Key == stack }) {
			s.Stacks = append(s.Stacks, Stack{Key: stack, Name: stack, ID: "id-" + stack, Status: "CREATE_COMPLETE"})
		}
	}
	return s
}

func queue(p testPlace, key, name string, delay float64, tags map[string]string) Resource {
	return Resource{Key: key, Type: "AWS::SQS::Queue", ID: "https://sqs." + p.region + ".amazonaws.com/" + p.account + "/" + name, Tags: tags,
		Identities: map[string]string{"Arn": p.arn("sqs", name)}, Properties: props{"QueueName": name, "DelaySeconds": delay}}
}

// paired is a case of two resources without a common key.
type paired struct {
	name string
	// by is what the finding must say they were paired by; "" when they must not be.
	by               string
	primary, standby []Resource
	property         string
	gaps             int
	missing, extra   bool
}

func pairedCases() []paired {
	bucket := func(key, id string, rules ...any) Resource {
		status := map[bool]string{true: "Enabled", false: "Suspended"}[strings.HasPrefix(key, "a/")]
		r := Resource{Key: key, Type: "AWS::S3::Bucket", ID: id, Properties: props{"VersioningConfiguration": props{"Status": status}}}
		if len(rules) > 0 {
			r.Properties["ReplicationConfiguration"] = props{"Rules": rules}
		}
		return r
	}
	to := func(id string) any { return props{"Destination": props{"Bucket": "arn:aws:s3:::" + id}} }
	database := func(p testPlace, key, id string, properties props) Resource {
		return Resource{Key: key, Type: "AWS::RDS::DBInstance", ID: id, Identities: props2("Arn", p.arn("rds", "db:"+id)), Properties: properties}
	}
	key := func(p testPlace, name, typeName string, on bool) Resource {
		return Resource{Key: name, Type: typeName, ID: "mrk-0123456789abcdef0123456789abcdef", Identities: props2("Arn", p.arn("kms", "key/mrk-0123456789abcdef0123456789abcdef")),
			Properties: props{"EnableKeyRotation": on}}
	}
	lockstep := func(v string) map[string]string { return map[string]string{pairingTag: v} }
	child := func(name, typeName string, properties props) Resource {
		return Resource{Key: name, Type: typeName, ID: name, Properties: properties}
	}
	ofStack := func(stack, logical string) map[string]string {
		return map[string]string{"aws:cloudformation:stack-name": stack, "aws:cloudformation:logical-id": logical}
	}
	return []paired{
		{name: "the tag says so", by: "the tag lockstep:key", primary: []Resource{queue(east, "a/Q", "x", 1, lockstep("orders"))},
			standby: []Resource{queue(west, "b/R", "y", 2, lockstep("orders"))}, property: "DelaySeconds"},
		{name: "the tags say otherwise", primary: []Resource{queue(east, "a/Q", "x", 1, lockstep("orders"))},
			standby: []Resource{queue(west, "b/R", "y", 2, lockstep("refunds"))}, missing: true, extra: true},
		{name: "two with one tag", primary: []Resource{queue(east, "a/Q", "x", 1, lockstep("orders"))},
			standby: []Resource{queue(west, "b/R", "y", 2, lockstep("orders")), queue(west, "b/S", "z", 2, lockstep("orders"))}, gaps: 3},
		{name: "a stronger tag goes before a name", by: "the tag lockstep:key", primary: []Resource{queue(east, "a/Q", "x", 1, lockstep("orders"))},
			standby: []Resource{queue(west, "b/R", "y", 2, lockstep("orders")), queue(west, "b/S", "x", 2, nil)}, property: "DelaySeconds", extra: true},
		{name: "the tags of the stacks", by: "the tags of its stack", primary: []Resource{queue(east, "tags/1", "x", 1, ofStack("app-us-east-1", "Queue"))},
			standby: []Resource{queue(west, "tags/2", "y", 2, ofStack("app-us-west-2", "Queue"))}, property: "DelaySeconds"},
		{name: "another logical id in the tags", primary: []Resource{queue(east, "tags/1", "x", 1, ofStack("app-us-east-1", "Queue"))},
			standby: []Resource{queue(west, "tags/2", "y", 2, ofStack("app-us-west-2", "Dead"))}, missing: true, extra: true},
		{name: "stacks called by their Region", by: "the name of its stack", primary: []Resource{queue(east, "app-use1/Q", "x", 1, nil)},
			standby: []Resource{queue(west, "app-usw2/Q", "y", 2, nil)}, property: "DelaySeconds"},
		{name: "nested stacks called by their Region", by: "the name of its stack", primary: []Resource{queue(east, "app-use1/Net/Q", "x", 1, nil)},
			standby: []Resource{queue(west, "app-usw2/Net/Q", "y", 2, nil)}, property: "DelaySeconds"},
		{name: "other stacks", primary: []Resource{queue(east, "app-use1/Q", "x", 1, nil)}, standby: []Resource{queue(west, "web-usw2/Q", "y", 2, nil)}, missing: true, extra: true},
		{name: "one name in two stacks", by: "its name without the Region", primary: []Resource{queue(east, "a/Q", "orders-us-east-1", 1, nil)},
			standby: []Resource{queue(west, "b/Other", "orders-us-west-2", 2, nil)}, property: "DelaySeconds"},
		{name: "a name with the Region in one of them", by: "its name without the Region", primary: []Resource{queue(east, "a/Q", "orders", 1, nil)},
			standby: []Resource{queue(west, "b/Other", "usw2-orders", 2, nil)}, property: "DelaySeconds"},
		{name: "one name that is no place", primary: []Resource{queue(east, "a/Q", "orders-eu-west-1", 1, nil)},
			standby: []Resource{queue(west, "b/Other", "orders-us-west-2", 2, nil)}, missing: true, extra: true},
		{name: "two of one name", primary: []Resource{queue(east, "a/Q", "orders", 1, nil), queue(east, "c/Q", "orders-us-east-1", 1, nil)},
			standby: []Resource{queue(west, "b/Other", "orders-us-west-2", 2, nil)}, gaps: 3},
		{name: "buckets by their replication", by: "the replication between them", primary: []Resource{bucket("a/B", "east-data", to("dr-copies"))},
			standby: []Resource{bucket("b/C", "dr-copies")}, property: "VersioningConfiguration.Status"},
		{name: "buckets that replicate to each other", by: "the replication between them", primary: []Resource{bucket("a/B", "east-data", to("dr-copies"))},
			standby: []Resource{bucket("b/C", "dr-copies", to("east-data"))}, property: "VersioningConfiguration.Status"},
		{name: "a bucket that replicates elsewhere", primary: []Resource{bucket("a/B", "east-data", to("archive"))},
			standby: []Resource{bucket("b/C", "dr-copies")}, missing: true, extra: true},
		{name: "a database and its replica", by: "the replication between them", primary: []Resource{database(east, "a/Db", "orders", props{"Engine": "postgres"})},
			standby: []Resource{database(west, "b/Replica", "copy", props{"Engine": "mysql", "SourceDBInstanceIdentifier": east.arn("rds", "db:orders")})}, property: "Engine"},
		{name: "a replica of something else", primary: []Resource{database(east, "a/Db", "orders", props{"Engine": "postgres"})},
			standby: []Resource{database(west, "b/Replica", "copy", props{"Engine": "mysql", "SourceDBInstanceIdentifier": east.arn("rds", "db:refunds")})}, missing: true, extra: true},
		{name: "a multi-Region key and its replica", by: "the replication between them", primary: []Resource{key(east, "a/Key", "AWS::KMS::Key", true)},
			standby: []Resource{key(west, "b/Copy", "AWS::KMS::ReplicaKey", false)}, property: "EnableKeyRotation"},
		{name: "clusters of one global database", by: "the replication between them",
			primary:  []Resource{child("a/Db", "AWS::RDS::DBCluster", props{"DBClusterIdentifier": "orders", "GlobalClusterIdentifier": "world", "Engine": "aurora-mysql"})},
			standby:  []Resource{child("b/Copy", "AWS::RDS::DBCluster", props{"DBClusterIdentifier": "copy", "GlobalClusterIdentifier": "world", "Engine": "aurora-postgresql"})},
			property: "Engine"},
		{name: "clusters of two global databases",
			primary: []Resource{child("a/Db", "AWS::RDS::DBCluster", props{"DBClusterIdentifier": "orders", "GlobalClusterIdentifier": "world"})},
			standby: []Resource{child("b/Copy", "AWS::RDS::DBCluster", props{"DBClusterIdentifier": "copy", "GlobalClusterIdentifier": "moon"})}, missing: true, extra: true},
		{name: "caches of one global group", by: "the replication between them",
			primary:  []Resource{child("a/Cache", "AWS::ElastiCache::ReplicationGroup", props{"ReplicationGroupId": "east", "GlobalReplicationGroupId": "ldgnf-world", "Port": 6379.0})},
			standby:  []Resource{child("b/Copy", "AWS::ElastiCache::ReplicationGroup", props{"ReplicationGroupId": "copy", "GlobalReplicationGroupId": "ldgnf-world", "Port": 6380.0})},
			property: "Port"},
		{name: "file systems by their replication", by: "the replication between them",
			primary: []Resource{child("a/Files", "AWS::EFS::FileSystem", props{"PerformanceMode": "generalPurpose",
				"ReplicationConfiguration": props{"Destinations": list(props{"FileSystemId": "b/Copy"})}})},
			standby: []Resource{child("b/Copy", "AWS::EFS::FileSystem", props{"PerformanceMode": "maxIO"})}, property: "PerformanceMode"},
		{name: "routes of one table by where they lead", by: byContent, primary: []Resource{
			child("a/Table", "AWS::EC2::RouteTable", props{}), child("a/Out", "AWS::EC2::Route", props{"RouteTableId": "a/Table", "DestinationCidrBlock": "0.0.0.0/0", "State": "active"})},
			standby:  []Resource{child("a/Table", "AWS::EC2::RouteTable", props{}), child("a/World", "AWS::EC2::Route", props{"RouteTableId": "a/Table", "DestinationCidrBlock": "0.0.0.0/0", "State": "blackhole"})},
			property: "State"},
		{name: "rules of one listener by their priority", by: byContent, primary: []Resource{
			child("a/Listener", "AWS::ElasticLoadBalancingV2::Listener", props{}), child("a/One", "AWS::ElasticLoadBalancingV2::ListenerRule", props{"ListenerArn": "a/Listener", "Priority": 10.0, "Actions": list(props{"Type": "forward"})})},
			standby:  []Resource{child("a/Listener", "AWS::ElasticLoadBalancingV2::Listener", props{}), child("a/Two", "AWS::ElasticLoadBalancingV2::ListenerRule", props{"ListenerArn": "a/Listener", "Priority": 10.0, "Actions": list(props{"Type": "redirect"})})},
			property: "Actions[0].Type"},
		{name: "rules of one group by what they say", primary: []Resource{
			child("a/Group", "AWS::EC2::SecurityGroup", props{"GroupName": "web"}), child("a/In", "AWS::EC2::SecurityGroupIngress", props{"GroupId": "a/Group", "FromPort": 443.0})},
			standby: []Resource{child("a/Group", "AWS::EC2::SecurityGroup", props{"GroupName": "web"}), child("a/Other", "AWS::EC2::SecurityGroupIngress", props{"GroupId": "a/Group", "FromPort": 443.0})}},
		{name: "rules that say something else", primary: []Resource{
			child("a/Group", "AWS::EC2::SecurityGroup", props{"GroupName": "web"}), child("a/In", "AWS::EC2::SecurityGroupIngress", props{"GroupId": "a/Group", "FromPort": 443.0})},
			standby: []Resource{child("a/Group", "AWS::EC2::SecurityGroup", props{"GroupName": "web"}), child("a/Other", "AWS::EC2::SecurityGroupIngress", props{"GroupId": "a/Group", "FromPort": 80.0})},
			missing: true, extra: true},
		{name: "two rules that say the same", primary: []Resource{
			child("a/Group", "AWS::EC2::SecurityGroup", props{"GroupName": "web"}), child("a/In", "AWS::EC2::SecurityGroupIngress", props{"GroupId": "a/Group", "FromPort": 443.0})},
			standby: []Resource{child("a/Group", "AWS::EC2::SecurityGroup", props{"GroupName": "web"}), child("a/B", "AWS::EC2::SecurityGroupIngress", props{"GroupId": "a/Group", "FromPort": 443.0}),
				child("a/C", "AWS::EC2::SecurityGroupIngress", props{"GroupId": "a/Group", "FromPort": 443.0})}, gaps: 3},
		{name: "a method by path and verb", by: byContent, primary: []Resource{
			child("a/Path", "AWS::ApiGateway::Resource", props{"PathPart": "orders"}), child("a/Get", "AWS::ApiGateway::Method", props{"ResourceId": "a/Path", "HttpMethod": "GET", "AuthorizationType": "AWS_IAM"})},
			standby:  []Resource{child("a/Path", "AWS::ApiGateway::Resource", props{"PathPart": "orders"}), child("a/Read", "AWS::ApiGateway::Method", props{"ResourceId": "a/Path", "HttpMethod": "GET", "AuthorizationType": "NONE"})},
			property: "AuthorizationType"},
		{name: "another verb", primary: []Resource{
			child("a/Path", "AWS::ApiGateway::Resource", props{"PathPart": "orders"}), child("a/Get", "AWS::ApiGateway::Method", props{"ResourceId": "a/Path", "HttpMethod": "GET"})},
			standby: []Resource{child("a/Path", "AWS::ApiGateway::Resource", props{"PathPart": "orders"}), child("a/Read", "AWS::ApiGateway::Method", props{"ResourceId": "a/Path", "HttpMethod": "PUT"})},
			missing: true, extra: true},
		{name: "a stage by its name and its API", by: byContent, primary: []Resource{
			child("a/Api", "AWS::ApiGateway::RestApi", props{"Name": "shop"}), child("a/One", "AWS::ApiGateway::Stage", props{"RestApiId": "a/Api", "StageName": "prod", "TracingEnabled": true})},
			standby:  []Resource{child("a/Api", "AWS::ApiGateway::RestApi", props{"Name": "shop"}), child("a/Two", "AWS::ApiGateway::Stage", props{"RestApiId": "a/Api", "StageName": "prod"})},
			property: "TracingEnabled"},
		{name: "stages of one name in two APIs", primary: []Resource{
			child("a/Api", "AWS::ApiGateway::RestApi", props{"Name": "shop"}), child("a/Blog", "AWS::ApiGateway::RestApi", props{"Name": "blog"}), child("a/One", "AWS::ApiGateway::Stage", props{"RestApiId": "a/Api", "StageName": "prod"})},
			standby: []Resource{child("a/Api", "AWS::ApiGateway::RestApi", props{"Name": "shop"}), child("a/Blog", "AWS::ApiGateway::RestApi", props{"Name": "blog"}), child("a/Two", "AWS::ApiGateway::Stage", props{"RestApiId": "a/Blog", "StageName": "prod"})},
			missing: true, extra: true},
		{name: "a method under two paths that are only known by what they say", by: byContent, primary: []Resource{child("a/Api", "AWS::ApiGateway::RestApi", props{"Name": "shop"}),
			child("a/P1", "AWS::ApiGateway::Resource", props{"RestApiId": "a/Api", "PathPart": "orders"}), child("a/P2", "AWS::ApiGateway::Resource", props{"RestApiId": "a/Api", "ParentId": "a/P1", "PathPart": "items"}),
			child("a/Get", "AWS::ApiGateway::Method", props{"RestApiId": "a/Api", "ResourceId": "a/P2", "HttpMethod": "GET", "AuthorizationType": "AWS_IAM"})},
			standby: []Resource{child("a/Api", "AWS::ApiGateway::RestApi", props{"Name": "shop"}),
				child("a/Q1", "AWS::ApiGateway::Resource", props{"RestApiId": "a/Api", "PathPart": "orders"}), child("a/Q2", "AWS::ApiGateway::Resource", props{"RestApiId": "a/Api", "ParentId": "a/Q1", "PathPart": "items"}),
				child("a/Read", "AWS::ApiGateway::Method", props{"RestApiId": "a/Api", "ResourceId": "a/Q2", "HttpMethod": "GET", "AuthorizationType": "NONE"})},
			property: "AuthorizationType"},
		{name: "another type", primary: []Resource{queue(east, "a/Q", "orders", 1, nil)},
			standby: []Resource{{Key: "b/T", Type: "AWS::SNS::Topic", ID: "t", Properties: props{"TopicName": "orders"}}}, missing: true, extra: true},
	}
}

func TestResourcesWithoutACommonKeyArePairedByWhatElseShowsIt(t *testing.T) {
	for _, test := range pairedCases() {
		t.Run(test.name, func(t *testing.T) {
			c := Compare(region(east, test.primary...), region(west, test.standby...), options)
			missing := slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.Property == "" && f.Standby == nil })
			extra := slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.Property == "" && f.Primary == nil })
			if missing != test.missing || extra != test.extra || len(c.Gaps) != test.gaps {
				t.Fatalf("missing %v, extra %v, want %v and %v; %d gaps, want %d: %+v%s", missing, extra, test.missing, test.extra, len(c.Gaps), test.gaps, c.Gaps, show(c.Findings))
			}
			for _, g := range c.Gaps {
				if g.Reason != "Ambiguous" || !strings.Contains(g.Message, "left unpaired") {
					t.Errorf("a gap does not say why: %+v", g)
				}
			}
			if test.by == "" {
				return
			}
			if i := slices.IndexFunc(c.Findings, func(f Finding) bool { return f.Property == test.property }); i < 0 || !strings.Contains(c.Findings[i].Message, test.by) {
				t.Errorf("want %s, paired by %s, have:%s", test.property, test.by, show(c.Findings))
			}
		})
	}
}

// Whichever Region is the primary, the same resources belong together.
func TestPairsAreTheSameFromBothSides(t *testing.T) {
	for _, test := range pairedCases() {
		there := Compare(region(east, test.primary...), region(west, test.standby...), options)
		back := Compare(region(west, test.standby...), region(east, test.primary...), options)
		slices.Reverse(test.primary)
		slices.Reverse(test.standby)
		again := Compare(region(east, test.primary...), region(west, test.standby...), options)
		if there.Coverage != back.Coverage || len(there.Gaps) != len(back.Gaps) || len(there.Findings) != len(back.Findings) {
			t.Errorf("%s: there %+v%s back %+v%s", test.name, there.Coverage, show(there.Findings), back.Coverage, show(back.Findings))
		}
		if show(there.Findings) != show(again.Findings) {
			t.Errorf("%s: in another order%s instead of%s", test.name, show(again.Findings), show(there.Findings))
		}
		self := region(east, test.primary...)
		if c := Compare(self, self, options); len(c.Findings)+len(c.Gaps) > 0 {
			t.Errorf("%s: against itself %+v%s", test.name, c.Gaps, show(c.Findings))
		}
	}
}

// A sample whose standby calls its stack and all logical ids differently is
// compared in full by names, stacks and content, and references follow.
func TestReferencesFollowPairsWithoutACommonKey(t *testing.T) {
	standby := payments(west)
	rename := strings.NewReplacer("payments/Queue", "payments/Orders")
	for i := range standby.Resources {
		if standby.Resources[i].Key == "payments/Queue" {
			standby.Resources[i].Key = rename.Replace(standby.Resources[i].Key)
			standby.Resources[i].Tags = map[string]string{pairingTag: "q"}
		}
		standby.Resources[i].Declared, _ = mapText(standby.Resources[i].Declared, func(s string) string { return strings.ReplaceAll(s, "${Queue", "${Orders") }).(props)
	}
	primary := payments(east)
	find(primary, "Queue").Tags = map[string]string{pairingTag: "q"}
	if c := Compare(primary, standby, options); len(c.Findings)+len(c.Gaps) > 0 || c.Coverage.Compared != 25 {
		t.Errorf("%+v %+v%s", c.Coverage, c.Gaps, show(c.Findings))
	}
	find(standby, "Orders").Properties["VisibilityTimeout"] = "5"
	c := Compare(primary, standby, options)
	if len(c.Findings) != 1 || c.Findings[0].Cause != OutOfBand || c.Findings[0].ChangedIn != "us-west-2" || !strings.Contains(c.Findings[0].Message, "payments/Orders") {
		t.Errorf("have:%s", show(c.Findings))
	}
}

// Evidence that everything shares is evidence of nothing, and costs no more.
func TestATagThatAllShareIsReportedOnceForEach(t *testing.T) {
	var left, right []Resource
	for i := range 3000 {
		name := "q" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26)
		left = append(left, queue(east, "a/"+name, name+"-l", 1, map[string]string{pairingTag: "same"}))
		right = append(right, queue(west, "b/"+name, name+"-r", 1, map[string]string{pairingTag: "same"}))
	}
	c := Compare(region(east, left...), region(west, right...), options)
	if len(c.Findings) > 0 || len(c.Gaps) != 6000 || c.Coverage.NotCompared != 6000 {
		t.Errorf("%d findings, %d gaps, %+v", len(c.Findings), len(c.Gaps), c.Coverage)
	}
}

// An application whose stacks are called by their Region, and that nobody named
// alike in the configuration, is compared in full.
func TestStacksThatAreCalledByTheirRegionAreComparedInFull(t *testing.T) {
	called := func(p testPlace, stack string) *Snapshot {
		s := payments(p)
		for i := range s.Resources {
			s.Resources[i].Key = strings.Replace(s.Resources[i].Key, "payments/", stack+"/", 1)
		}
		for i := range s.Facts {
			s.Facts[i].Subject = strings.Replace(s.Facts[i].Subject, "payments/", stack+"/", 1)
		}
		s.Stacks[0].Key = stack
		return s
	}
	primary, standby := called(east, "payments-use1"), called(west, "payments-usw2")
	if c := Compare(primary, standby, options); len(c.Findings)+len(c.Gaps) > 0 || c.Coverage.Compared != 25 {
		t.Errorf("%+v %+v%s", c.Coverage, c.Gaps, show(c.Findings))
	}
	for i := range standby.Resources {
		if logicalOf(standby.Resources[i].Key) == "Limit" {
			standby.Resources[i].Properties["Value"] = "50"
		}
	}
	c := Compare(primary, standby, options)
	if len(c.Findings) != 1 || c.Findings[0].Resource != "payments-use1/Limit" || c.Findings[0].Cause != OutOfBand || c.Findings[0].ChangedIn != "us-west-2" {
		t.Errorf("have:%s", show(c.Findings))
	}
}
