package accuracy

import (
	"slices"
	"testing"

	readers "github.com/lockstep-dr/lockstep/internal/aws/read"
)

// unchanged are the types with a reader of which no change is made, each with the
// reason. All of them are compared without a finding.
var unchanged = map[string]string{
	"AWS::ApiGateway::Account":                 "the simulator knows no other role of an account",
	"AWS::ApiGateway::Deployment":              "nothing changes one: what it shows is a change of the methods",
	"AWS::ApiGateway::Resource":                "the simulator deletes none: the change is that of a method",
	"AWS::CloudWatch::Dashboard":               "read beside what only Cloud Control reads, without changes",
	"AWS::EC2::SubnetCidrBlock":                "the simulator takes no range off a subnet",
	"AWS::ElastiCache::GlobalReplicationGroup": "it exists once: no Region differs from itself",
	"AWS::IAM::InstanceProfile":                "the simulator takes no role out of one",
	"AWS::KMS::ReplicaKey":                     "found as what it is a replica of",
	"AWS::Lambda::Version":                     "nothing changes one: what it shows is a change of the function",
	"AWS::RDS::GlobalCluster":                  "it exists once: no Region differs from itself",
	"AWS::StepFunctions::StateMachineVersion":  "nothing changes one, and the simulator deletes none",
}

// everyType wants a change of every type that has a reader, or a reason.
func (y *tally) everyType(t *testing.T) {
	t.Helper()
	var types []string
	for _, s := range readers.Specs() {
		types = append(types, s.Type)
		_, excused := unchanged[s.Type]
		switch changed := y.mutations[s.Type] != nil; {
		case !changed && !excused:
			t.Errorf("%s has a reader, and no change is made of it", s.Type)
		case changed && excused:
			t.Errorf("%s is changed, and a reason is given why it is not", s.Type)
		}
		if !y.types[s.Type] {
			t.Errorf("%s is in no template", s.Type)
		}
	}
	for name := range unchanged {
		if !slices.Contains(types, name) {
			t.Errorf("%s has no reader", name)
		}
	}
}
