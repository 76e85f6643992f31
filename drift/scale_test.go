package drift

import (
	"strings"
	"testing"
)

func TestMoreThanThePrimaryHasIsNoFault(t *testing.T) {
	const instance, cluster, group, asg = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::ElastiCache::ReplicationGroup", "AWS::AutoScaling::AutoScalingGroup"
	zones := func(letters ...string) func(testPlace) any {
		return func(p testPlace) any {
			var names []any
			for _, l := range letters {
				names = append(names, p.region+l)
			}
			return names
		}
	}
	value := func(v any) func(testPlace) any { return func(testPlace) any { return v } }
	for _, test := range []struct {
		name, typeName, property string
		primary, standby         func(testPlace) any
		severity                 Severity // "" for no finding
		says                     string
	}{
		{"a larger class", instance, "DBInstanceClass", value("db.r6g.large"), value("db.r6g.xlarge"), "", ""},
		{"a smaller class", instance, "DBInstanceClass", value("db.r6g.2xlarge"), value("db.r6g.xlarge"), Block, "the smaller one"},
		{"more times xlarge is more", instance, "DBInstanceClass", value("db.r6g.8xlarge"), value("db.r6g.16xlarge"), "", ""},
		{"another family", instance, "DBInstanceClass", value("db.r5.large"), value("db.r6g.large"), Warn, "cannot be told from the names"},
		{"a class without a size", instance, "DBInstanceClass", value("db.r6g.large"), value("db.serverless"), Warn, "cannot be told"},
		{"a smaller node", group, "CacheNodeType", value("cache.t4g.medium"), value("cache.t4g.micro"), Block, "the smaller one"},
		{"the size stands before the service", "AWS::OpenSearchService::Domain", "ClusterConfig", value(props{"InstanceType": "r6g.xlarge.search"}), value(props{"InstanceType": "r6g.large.search"}), Block, "the smaller one"},
		{"a newer minor version", instance, "EngineVersion", value("15.4"), value("15.10"), "", ""},
		{"an older minor version", instance, "EngineVersion", value("15.10"), value("15.4"), Warn, "an older minor version"},
		{"an older major version", instance, "EngineVersion", value("15.4"), value("14.9"), Block, "an older major version"},
		{"a newer major version", instance, "EngineVersion", value("8.0.35"), value("8.4.1"), Warn, "a newer major version"},
		{"an older Aurora", cluster, "EngineVersion", value("8.0.mysql_aurora.3.05.2"), value("8.0.mysql_aurora.3.04.1"), Warn, "an older minor version"},
		{"a newer Aurora", cluster, "EngineVersion", value("8.0.mysql_aurora.3.04.1"), value("8.0.mysql_aurora.3.05.2"), "", ""},
		{"an older search engine", "AWS::OpenSearchService::Domain", "EngineVersion", value("OpenSearch_2.11"), value("OpenSearch_1.3"), Block, "an older major version"},
		{"as many zones by other letters", asg, "AvailabilityZones", zones("a", "b"), zones("c", "d"), "", ""},
		{"fewer zones", asg, "AvailabilityZones", zones("a", "b", "c"), zones("a", "b"), Warn, "at least 3"},
		{"more zones", asg, "AvailabilityZones", zones("a", "b"), zones("a", "b", "c"), "", ""},
		{"a zone of the primary", asg, "AvailabilityZones", zones("a", "b"), func(testPlace) any { return list("us-east-1a", "us-east-1b") }, Block, "points back"},
		{"protected where the primary is not", instance, "DeletionProtection", value(false), value(true), "", ""},
		{"not protected where the primary is", instance, "DeletionProtection", value(true), value(false), Warn, "false"},
		{"two zones where the primary has one", instance, "MultiAZ", value(false), value(true), "", ""},
		{"one zone where the primary has two", instance, "MultiAZ", value(true), value(nil), Warn, "not set"},
		{"a larger network", "AWS::EC2::VPC", "CidrBlock", value("10.1.0.0/20"), value("10.2.0.0/16"), "", ""},
		{"a smaller network", "AWS::EC2::VPC", "CidrBlock", value("10.1.0.0/16"), value("10.2.0.0/20"), Block, "the smaller one"},
		{"the same network", "AWS::EC2::VPC", "CidrBlock", value("10.0.0.0/16"), value("10.0.0.0/16"), "", ""},
		{"networks that overlap", "AWS::EC2::VPC", "CidrBlock", value("10.1.0.0/16"), value("10.0.0.0/8"), Warn, "overlap"},
		{"no network", "AWS::EC2::VPC", "CidrBlock", value("10.1.0.0/16"), value("10.1.0.0"), Block, "10.1.0.0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			one := func(p testPlace, v any) *Snapshot {
				properties := props{}
				if v != nil {
					properties[test.property] = v
				}
				return lonely(p, test.typeName, properties)
			}
			c := Compare(one(east, test.primary(east)), one(west, test.standby(west)), options)
			switch {
			case test.severity == "" && len(c.Findings) == 0:
			case test.severity == "" || len(c.Findings) != 1 || c.Findings[0].Severity != test.severity || !strings.Contains(c.Findings[0].Message, test.says):
				t.Errorf("want %q saying %q, have:%s", test.severity, test.says, show(c.Findings))
			}
		})
	}
}

// What a replica does not have of its own is asked of everything else.
func TestOnlyAReplicaHasTheShapeOfOne(t *testing.T) {
	one := func(p testPlace, typeName string, properties props) *Snapshot {
		return lonely(p, typeName, properties)
	}
	for _, test := range []struct {
		name, typeName   string
		primary, standby props
		findings         int
	}{
		{"a replica takes its name from its source", "AWS::RDS::DBInstance", props{"MasterUsername": "admin", "PreferredBackupWindow": "01:00-02:00"},
			props{"SourceDBInstanceIdentifier": east.arn("rds", "db:orders")}, 0},
		{"two databases of their own must be alike", "AWS::RDS::DBInstance", props{"MasterUsername": "admin", "PreferredBackupWindow": "01:00-02:00"}, props{}, 2},
		{"a secondary of a global cluster", "AWS::RDS::DBCluster", props{"MasterUsername": "admin", "GlobalClusterIdentifier": "orders"}, props{"GlobalClusterIdentifier": "orders"}, 0},
		{"a cluster outside of the global cluster", "AWS::RDS::DBCluster", props{"GlobalClusterIdentifier": "orders"}, props{}, 1},
		{"a replica's engine is compared all the same", "AWS::RDS::DBInstance", props{"Engine": "postgres"},
			props{"Engine": "mysql", "SourceDBInstanceIdentifier": east.arn("rds", "db:orders")}, 1},
	} {
		if c := Compare(one(east, test.typeName, test.primary), one(west, test.typeName, test.standby), options); len(c.Findings) != test.findings {
			t.Errorf("%s: want %d findings, have:%s", test.name, test.findings, show(c.Findings))
		}
	}
}

func TestAnInstanceIsAReplicaWhereItsClusterIsOne(t *testing.T) {
	side := func(p testPlace, name any, global bool) *Snapshot {
		s := lonely(p, "AWS::RDS::DBInstance", props{"DBClusterIdentifier": "orders-" + p.salt, "MasterUsername": name})
		cluster := Resource{Key: "s/Cluster", Type: "AWS::RDS::DBCluster", ID: "orders-" + p.salt, Properties: props{}}
		if global {
			cluster.Properties["GlobalClusterIdentifier"] = "orders"
		}
		s.Resources = append(s.Resources, cluster)
		return s
	}
	if c := Compare(side(east, "admin", true), side(west, nil, true), options); len(c.Findings) > 0 {
		t.Errorf("a member of a secondary:%s", show(c.Findings))
	}
	if c := Compare(side(east, "admin", false), side(west, nil, false), options); len(c.Findings) != 1 {
		t.Errorf("a member of a cluster of its own:%s", show(c.Findings))
	}
}

func TestVersionsAreSplitIntoMajorAndMinor(t *testing.T) {
	for version, want := range map[string]string{"15.4": "15|4", "8.0.35": "8 0|35", "7.1": "7|1", "15": "15|", "OpenSearch_2.11": "OpenSearch 2|11",
		"8.0.mysql_aurora.3.05.2": "8 0|mysql aurora 3 05 2", "3.5.1": "3 5|1", "": "|", "latest": "latest|"} {
		major, minor := versionOf(version)
		if have := strings.Join(major, " ") + "|" + strings.Join(minor, " "); have != want {
			t.Errorf("%q is %q, want %q", version, have, want)
		}
	}
}

// What waits for its confirmation receives nothing. In the primary that is the
// primary's affair.
func TestASubscriptionIsConfirmedInTheStandbyToo(t *testing.T) {
	build := func(p testPlace, confirmed bool) *Snapshot {
		s := lonely(p, "AWS::SNS::Subscription", props{"Protocol": "https", "Endpoint": "https://hooks.example.com/", "Confirmed": confirmed})
		s.Resources[0].Declared = props{"Protocol": "https", "Endpoint": "https://hooks.example.com/"}
		return s
	}
	for _, c := range []struct{ primary, standby, differs bool }{{true, true, false}, {false, true, false}, {false, false, false}, {true, false, true}} {
		found := Compare(build(east, c.primary), build(west, c.standby), options).Findings
		if (len(found) > 0) != c.differs || c.differs && (found[0].Severity != Block || !strings.Contains(found[0].Fix, "confirm the subscription")) {
			t.Errorf("%+v:%s", c, show(found))
		}
	}
}

func TestAZoneIsReplacedByAZone(t *testing.T) {
	for value, want := range map[string]string{"us-east-1a": "Fn::GetAZs", "us-east-1": "AWS::Region", "https://x.us-east-1.example.com": "AWS::Region"} {
		one := func(p testPlace) *Snapshot {
			return lonely(p, "AWS::EC2::Instance", props{"AvailabilityZone": value, "ImageId": "ami-1"})
		}
		c := Compare(one(east), one(west), options)
		if len(c.Findings) != 1 || !strings.Contains(c.Findings[0].Fix, want) {
			t.Errorf("%s: want %s, have%s", value, want, show(c.Findings))
		}
	}
}
