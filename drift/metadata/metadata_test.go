package metadata

import (
	"slices"
	"testing"
)

func TestTheEmbeddedTableIsReadableAndComplete(t *testing.T) {
	table, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Types) < 1500 || table.Source == "" {
		t.Fatalf("have %d types from %q, want the whole registry and its source", len(table.Types), table.Source)
	}
	queue, ok := Lookup("AWS::SQS::Queue")
	if !ok || queue.Tags != "Tags" || !slices.Contains(queue.ReadOnly, "Arn") || !slices.Contains(queue.CreateOnly, "FifoQueue") {
		t.Errorf("AWS::SQS::Queue is %+v", queue)
	}
	if group, _ := Lookup("AWS::EC2::SecurityGroup"); !slices.Contains(group.Unordered, "SecurityGroupIngress") {
		t.Errorf("AWS::EC2::SecurityGroup does not say that its rules are unordered: %+v", group)
	}
	if _, ok := Lookup("AWS::No::Such"); ok {
		t.Error("a type that does not exist was found")
	}
}

func TestEndpointsAreReadOnlyPropertiesThatSayWhereAResourceIs(t *testing.T) {
	for name, want := range map[string]string{"AWS::RDS::DBInstance": "Endpoint.Address", "AWS::ElasticLoadBalancingV2::LoadBalancer": "DNSName",
		"AWS::Lambda::Url": "FunctionUrl", "AWS::OpenSearchService::Domain": "DomainEndpoint"} {
		if have := Endpoints(name); !slices.Contains(have, want) {
			t.Errorf("%s: have %v, want %s among them", name, have, want)
		}
	}
	if have := Endpoints("AWS::ApiGateway::DomainName"); slices.Contains(have, "DomainName") {
		t.Errorf("a name that people give is taken for an endpoint: %v", have)
	}
}
