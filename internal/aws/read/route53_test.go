package read

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func recordsAnswer(sets ...types.ResourceRecordSet) map[string]any {
	return map[string]any{"Route 53 ListResourceRecordSets": &route53.ListResourceRecordSetsOutput{ResourceRecordSets: sets}}
}

func TestARecordIsFoundByNameTypeAndSet(t *testing.T) {
	tests := map[string]struct {
		declared, live, set string
		gone                bool
	}{
		"as it is":                     {"api.example.com", "api.example.com.", "", false},
		"with a dot and large letters": {"API.example.com.", "api.example.com.", "", false},
		"a star":                       {"*.example.com", `\052.example.com.`, "", false},
		"another set":                  {"api.example.com", "api.example.com.", "other", true},
		"another name":                 {"api.example.com", "web.example.com.", "", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			item := sampleOf("AWS::Route53::RecordSet")
			item.Resolved["Name"], item.Resolved["SetIdentifier"] = test.declared, test.set
			set := types.ResourceRecordSet{Name: &test.live, Type: "A", TTL: aws.Int64(60), ResourceRecords: []types.ResourceRecord{{Value: aws.String("192.0.2.1")}}}
			result := readAll(t, by(recordsAnswer(set)), request(item))
			if _, gone := result.fact(drift.FactGone, item.Key); gone != test.gone || len(result.Gaps) != 0 {
				t.Fatalf("gone %v, gaps %+v", gone, result.Gaps)
			}
			if !test.gone {
				subset(t, "", map[string]any{"Name": test.declared, "TTL": "60", "ResourceRecords": []any{"192.0.2.1"}}, one(t, result).Properties)
			}
		})
	}
}

func TestAGroupHasTheRecordsThatExist(t *testing.T) {
	item := sampleOf("AWS::Route53::RecordSetGroup")
	item.Resolved["RecordSets"] = []any{map[string]any{"Name": "a.example.com", "Type": "A"}, map[string]any{"Name": "b.example.com", "Type": "A"}}
	result := readAll(t, by(recordsAnswer(types.ResourceRecordSet{Name: aws.String("b.example.com."), Type: "A"})), request(item))
	if list, _ := one(t, result).Properties["RecordSets"].([]any); len(list) != 1 || member(list[0], "Name") != "b.example.com" {
		t.Errorf("%v", list)
	}
	item.Resolved["RecordSets"] = []any{map[string]any{"Name": "${Somewhere}", "Type": "A"}}
	if result = readAll(t, by(recordsAnswer()), request(item)); len(result.gapsOf("", "")) != 1 {
		t.Errorf("a name nobody knows: %+v", result)
	}
}

func TestAnAliasIsSpeltAsItsTargetIs(t *testing.T) {
	database, item := instances("a")[0], sampleOf("AWS::Route53::RecordSet")
	item.Resolved["AliasTarget"] = map[string]any{"DNSName": "${Lb.DNSName}"}
	table := recordsAnswer(types.ResourceRecordSet{Name: aws.String("api.example.com."), Type: "A", AliasTarget: &types.AliasTarget{DNSName: aws.String("dualstack.lb-1.us-west-2.elb.example.")}})
	table["RDS DescribeDBInstances"] = &rds.DescribeDBInstancesOutput{DBInstances: []rdstypes.DBInstance{{DBInstanceIdentifier: aws.String("a"),
		Endpoint: &rdstypes.Endpoint{Address: aws.String("LB-1.us-west-2.elb.example")}}}}
	for _, r := range readAll(t, by(table), request(database, item)).Resources {
		if r.Type == item.Type && member(r.Properties["AliasTarget"], "DNSName") != "dualstack.LB-1.us-west-2.elb.example" {
			t.Errorf("%v", r.Properties)
		}
	}
}

func TestRegionsListAZoneOnceUnlessOneIsRefused(t *testing.T) {
	var calls atomic.Int32
	denied := false
	a := answers(func(string, string, any) (any, error) {
		calls.Add(1)
		if denied {
			return nil, refusal("AccessDenied")
		}
		return &route53.ListResourceRecordSetsOutput{ResourceRecordSets: []types.ResourceRecordSet{{Name: aws.String("api.example.com."), Type: "A"}}}, nil
	})
	q := request(sampleOf("AWS::Route53::RecordSet"))
	q.Shared = &Shared{}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if result, err := Resources(t.Context(), a.clients(), q); err != nil || len(result.Resources) != 1 {
				t.Errorf("%v %+v", err, result)
			}
		})
	}
	group.Wait()
	if calls.Load() != 1 {
		t.Errorf("%d calls", calls.Load())
	}
	q.Shared, denied = &Shared{}, true
	if result := readAll(t, a, q); len(result.Gaps) != 1 {
		t.Errorf("%+v", result)
	}
	denied = false
	if result := readAll(t, a, q); len(result.Resources) != 1 {
		t.Errorf("what one Region was refused, another may ask: %+v", result)
	}
}
