package drift

import "testing"

func TestWhatAWSCopiesByARuleOfItsOwnIsNotMissing(t *testing.T) {
	repository := Resource{Key: "a/Repo", Type: "AWS::ECR::Repository", ID: "shop/web", Properties: props{"RepositoryName": "shop/web"}}
	replication := func(region string, prefixes ...any) Resource {
		rule := props{"Destinations": list(props{"Region": region, "RegistryId": "111111111111"})}
		if len(prefixes) > 0 {
			rule["RepositoryFilters"] = prefixes
		}
		return Resource{Key: "a/Copy", Type: "AWS::ECR::ReplicationConfiguration", ID: "111111111111", Properties: props{"ReplicationConfiguration": props{"Rules": list(rule)}}}
	}
	prefix := func(p string) any { return props{"Filter": p, "FilterType": "PREFIX_MATCH"} }
	cluster := Resource{Key: "a/Db", Type: "AWS::RDS::DBCluster", ID: "shop-db", Properties: props{"GlobalClusterIdentifier": "shop-global"}}
	global := Resource{Key: "a/Global", Type: "AWS::RDS::GlobalCluster", ID: "shop-global", Properties: props{"GlobalClusterIdentifier": "shop-global"}}
	members := func(arns ...any) Fact {
		var list []any
		for _, arn := range arns {
			list = append(list, props{"DBClusterArn": arn})
		}
		return Fact{Kind: FactGlobalClusterState, Subject: "a/Global", Value: props{"GlobalClusterMembers": list}}
	}
	group := func(region string) Resource {
		return Resource{Key: "a/Cache", Type: "AWS::ElastiCache::GlobalReplicationGroup", ID: "ldgnf-shop", Properties: props{"Members": list(props{"ReplicationGroupRegion": region})}}
	}
	for _, test := range []struct {
		name    string
		primary []Resource
		facts   []Fact
		missing string // the key that is missing
	}{
		{"a repository that the registry replicates", []Resource{repository, replication("us-west-2")}, nil, ""},
		{"a repository that the filter lets through", []Resource{repository, replication("us-west-2", prefix("shop/"))}, nil, ""},
		{"a repository that no filter lets through", []Resource{repository, replication("us-west-2", prefix("blog/"))}, nil, "a/Repo"},
		{"a registry that replicates elsewhere", []Resource{repository}, nil, "a/Repo"},
		{"a rule that sends elsewhere", []Resource{replication("eu-west-1")}, nil, "a/Copy"},
		{"a cluster whose global cluster has a member there", []Resource{cluster, global}, []Fact{members(east.arn("rds", "cluster:shop-db"), west.arn("rds", "cluster:made-by-hand"))}, ""},
		{"a global cluster with no member there", []Resource{cluster, global}, []Fact{members(east.arn("rds", "cluster:shop-db"))}, "a/Db"},
		{"a global cluster whose members were not read", []Resource{cluster, global}, nil, "a/Db"},
		{"a global cache with a member there", []Resource{group("us-west-2")}, nil, ""},
		{"a global cache with a member elsewhere", []Resource{group("eu-west-1")}, nil, "a/Cache"},
	} {
		primary, standby := region(east, test.primary...), region(west)
		primary.Facts = test.facts
		var missing []string
		for _, f := range Compare(primary, standby, options).Findings {
			missing = append(missing, f.Resource)
		}
		if len(missing) > 1 || test.missing == "" && len(missing) > 0 || test.missing != "" && (len(missing) == 0 || missing[0] != test.missing) {
			t.Errorf("%s: want %q missing, have %v", test.name, test.missing, missing)
		}
	}
}

func TestAMultiRegionKeyIsReplicatedWhereItsReplicaIsInUse(t *testing.T) {
	const id = "mrk-0123456789abcdef0123456789abcdef"
	key := Resource{Key: "a/Key", Type: "AWS::KMS::Key", ID: id, Properties: props{"MultiRegion": true}}
	fact := func(p testPlace, content props) Fact {
		return Fact{Kind: FactContent, Subject: p.arn("kms", "key/"+id), Value: props{"Kind": "KMSKey", "Name": "alias/shop", "Content": content}}
	}
	for _, test := range []struct {
		name     string
		facts    []Fact
		findings int
	}{
		{"something in the standby uses the replica", []Fact{fact(west, props{"KeySpec": "SYMMETRIC_DEFAULT"})}, 0},
		{"something in the standby uses the primary's", []Fact{fact(east, props{"KeySpec": "SYMMETRIC_DEFAULT"})}, 1},
		{"the replica could not be described", []Fact{fact(west, nil)}, 1},
		{"nothing uses a replica", nil, 1},
	} {
		standby := region(west)
		standby.Facts = test.facts
		if c := Compare(region(east, key), standby, options); len(c.Findings) != test.findings {
			t.Errorf("%s: want %d findings, have:%s", test.name, test.findings, show(c.Findings))
		}
	}
}
