package read

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	efstypes "github.com/aws/aws-sdk-go-v2/service/efs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	cachetypes "github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	searchtypes "github.com/aws/aws-sdk-go-v2/service/opensearch/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	route53types "github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

func fileSystemAnswers() map[string]any {
	return map[string]any{
		"EFS DescribeFileSystems":               &efs.DescribeFileSystemsOutput{FileSystems: []efstypes.FileSystemDescription{{FileSystemId: aws.String("physical"), Encrypted: aws.Bool(true)}}},
		"EFS DescribeLifecycleConfiguration":    &efs.DescribeLifecycleConfigurationOutput{},
		"EFS DescribeBackupPolicy":              refusal("PolicyNotFound"),
		"EFS DescribeFileSystemPolicy":          refusal("PolicyNotFound"),
		"EFS DescribeReplicationConfigurations": refusal("ReplicationNotFound"),
	}
}

func TestWhatAFileSystemNeverHadIsNoGapAndWhatIsRefusedIs(t *testing.T) {
	result := readAll(t, by(fileSystemAnswers()), request(sampleOf("AWS::EFS::FileSystem")))
	if p := one(t, result).Properties; len(result.Gaps) != 0 || p["BackupPolicy"] != nil || p["Encrypted"] != true {
		t.Errorf("properties %v, gaps %+v", p, result.Gaps)
	}
	for call, property := range map[string]string{"EFS DescribeBackupPolicy": "BackupPolicy", "EFS DescribeFileSystemPolicy": "FileSystemPolicy",
		"EFS DescribeLifecycleConfiguration": "LifecyclePolicies", "EFS DescribeReplicationConfigurations": "ReplicationConfiguration"} {
		table := fileSystemAnswers()
		table[call] = refusal("AccessDeniedException")
		result := readAll(t, by(table), request(sampleOf("AWS::EFS::FileSystem")))
		one(t, result)
		if gaps := result.gapsOf(property, ""); len(gaps) != 1 || gaps[0].Reason != session.AccessDenied {
			t.Errorf("%s: gaps %+v", call, result.Gaps)
		}
	}
}

func TestTheNodesOfAGroupThatCannotBeListedCostWhatOnlyTheySay(t *testing.T) {
	table := map[string]any{
		"ElastiCache DescribeReplicationGroups": &elasticache.DescribeReplicationGroupsOutput{ReplicationGroups: []cachetypes.ReplicationGroup{{ReplicationGroupId: aws.String("physical"),
			CacheNodeType: aws.String("cache.r7g.large"), MemberClusters: []string{"physical-001"}, Status: aws.String("available")}}},
		"ElastiCache DescribeCacheClusters": refusal("AccessDenied"), "ElastiCache ListTagsForResource": &elasticache.ListTagsForResourceOutput{},
	}
	result := readAll(t, by(table), request(sampleOf("AWS::ElastiCache::ReplicationGroup")))
	r := one(t, result)
	for _, property := range []string{"EngineVersion", "SecurityGroupIds", "CacheParameterGroupName", "CacheSubnetGroupName"} {
		if len(result.gapsOf(property, "")) != 1 || r.Properties[property] != nil {
			t.Errorf("%s: %v, gaps %+v", property, r.Properties[property], result.Gaps)
		}
	}
	if state, ok := result.fact(drift.FactReplicationGroupState, r.Key); !ok || member(state, "Status") != "available" || r.Properties["CacheNodeType"] != "cache.r7g.large" {
		t.Errorf("state %v, properties %v", state, r.Properties)
	}
}

func TestADomainThatIsGoneDoesNotHideTheOthersOfItsBatch(t *testing.T) {
	var items []inventory.Item
	for _, name := range []string{"a", "b", "gone"} {
		item := sampleOf("AWS::OpenSearchService::Domain")
		item.Key, item.ID = "app/"+name, name
		items = append(items, item)
	}
	result := readAll(t, func(_, operation string, in any) (any, error) {
		if operation == "ListTags" {
			return &opensearch.ListTagsOutput{}, nil
		}
		names := in.(*opensearch.DescribeDomainsInput).DomainNames
		if slices.Contains(names, "gone") {
			return nil, refusal("ResourceNotFoundException")
		}
		out := &opensearch.DescribeDomainsOutput{}
		for _, name := range names {
			out.DomainStatusList = append(out.DomainStatusList, searchtypes.DomainStatus{DomainName: aws.String(name)})
		}
		return out, nil
	}, request(items...))
	if _, gone := result.fact(drift.FactGone, "app/gone"); !gone || len(result.Resources) != 2 || len(result.Gaps) != 0 {
		t.Errorf("read %d, facts %+v, gaps %+v", len(result.Resources), result.Facts, result.Gaps)
	}
}

func TestTheStatusOfAHealthCheckIsAFactOfItsOwn(t *testing.T) {
	table := func(kind route53types.HealthCheckType, status any) map[string]any {
		return map[string]any{
			"Route 53 ListHealthChecks": &route53.ListHealthChecksOutput{HealthChecks: []route53types.HealthCheck{{Id: aws.String("physical"),
				HealthCheckConfig: &route53types.HealthCheckConfig{Type: kind}}}},
			"Route 53 ListTagsForResource": &route53.ListTagsForResourceOutput{}, "Route 53 GetHealthCheckStatus": status,
		}
	}
	item := sampleOf("AWS::Route53::HealthCheck")
	seen := &route53.GetHealthCheckStatusOutput{HealthCheckObservations: []route53types.HealthCheckObservation{
		{StatusReport: &route53types.StatusReport{Status: aws.String("Success: HTTP Status Code 200, OK")}}, {StatusReport: &route53types.StatusReport{Status: aws.String("Failure: timed out")}}}}
	result := readAll(t, by(table(route53types.HealthCheckTypeHttps, seen)), request(item))
	if status, _ := result.fact(drift.FactHealthCheckStatus, item.Key); member(status, "Success") != 1.0 || member(status, "Failure") != 1.0 {
		t.Errorf("%v", status)
	}
	result = readAll(t, by(table(route53types.HealthCheckTypeHttps, refusal("AccessDenied"))), request(item))
	if one(t, result); len(result.Gaps) != 1 || len(result.gapsOf("", drift.FactHealthCheckStatus)) != 1 {
		t.Errorf("gaps %+v", result.Gaps)
	}
	result = readAll(t, by(table(route53types.HealthCheckTypeCalculated, refusal("InvalidInput"))), request(item)) // nobody may ask
	if one(t, result); len(result.Gaps) != 0 {
		t.Errorf("gaps %+v", result.Gaps)
	}
}
