package accuracy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/predict"
	"github.com/lockstep-dr/lockstep/readiness"
)

// obstructed is what the deploys that must stop start from.
func obstructed() *scenario {
	subnet := func(cidr, zone, saved string) step {
		return step{Call: "ec2:CreateSubnet", With: map[string]any{"VpcId": "${saved:Vpc}", "CidrBlock": cidr, "AvailabilityZone": "${AWS::Region}" + zone}, Save: map[string]string{saved: "Subnet.SubnetId"}}
	}
	s := &scenario{name: "part-obstacles", Before: []step{
		{Call: "ec2:CreateVpc", With: map[string]any{"CidrBlock": "10.0.0.0/16"}, Save: map[string]string{"Vpc": "Vpc.VpcId"}},
		subnet("10.0.0.0/24", "a", "A"), subnet("10.0.1.0/24", "b", "B"),
		{Call: "ec2:RegisterImage", With: map[string]any{"Name": "web-7"}, Save: map[string]string{"Image": "ImageId"}},
	}}
	s.Stacks = []stack{{Key: "app", Parameters: map[string]map[string]string{"both": {"Vpc": "${saved:Vpc}", "Subnets": "${saved:A},${saved:B}", "Image": "${saved:Image}"}}}}
	s.complete()
	return s
}

// obstruction is a deploy that must stop.
type obstruction struct {
	name, rule string
	hand       []step        // what is done behind the templates' back before
	denied     string        // an operation that is denied, as service:Operation
	after      time.Duration // how long after the deploy before
	// resource gets another value of a property.
	resource, property string
	value              any

	about, usedBy string
	unknown       bool
}

// mustStop has at least one deploy for every rule. A prediction does not know which
// images and types there are for what a change brings: with these rules only what
// could not be read stops, and the look at what the templates name does the rest.
var mustStop = []obstruction{
	{name: "whether the images are there is not told", rule: "ART-01", denied: "ecr:BatchGetImage",
		resource: "Queue", property: "VisibilityTimeout", value: 60.0, about: "app/Service", unknown: true},
	{name: "servers of a changed launch template start from an image that is gone", rule: "ART-06",
		hand:     []step{{Call: "ec2:DeregisterImage", With: map[string]any{"ImageId": "${saved:Image}"}}},
		resource: "Template", property: "VersionDescription", value: "next", about: "${saved:Image}", usedBy: "app/Template"},
	{name: "which zones offer the type is not told", rule: "CAP-04", denied: "ec2:DescribeInstanceTypeOfferings",
		resource: "Queue", property: "VisibilityTimeout", value: 60.0, about: "m7g.large", unknown: true},
	{name: "more servers than the quota allows", rule: "QTA-02", resource: "Group", property: "DesiredCapacity", value: "40", about: "ec2/L-1216C47A"},
	{name: "more tasks than the quota allows", rule: "QTA-03", resource: "Service", property: "DesiredCount", value: 1000.0, about: "fargate/L-3032A538"},
	{name: "a queue changes whose key is off", rule: "SEC-03", hand: []step{{Call: "kms:DisableKey", With: map[string]any{"KeyId": "${Key}"}}},
		resource: "Queue", property: "VisibilityTimeout", value: 60.0, about: "app/Key", usedBy: "app/Queue"},
	{name: "a bucket changes whose key is off, which AWS may accept", rule: "SEC-03", hand: []step{{Call: "kms:DisableKey", With: map[string]any{"KeyId": "${Key}"}}},
		resource: "Receipts", property: "VersioningConfiguration", value: map[string]any{"Status": "Enabled"}, about: "app/Key", usedBy: "app/Receipts"},
	{name: "a listener changes whose certificate has expired", rule: "SEC-09", after: 400 * 24 * time.Hour,
		resource: "Listener", property: "Port", value: 8443.0, about: "app/Certificate", usedBy: "app/Listener"},
}

func TestEveryPreconditionStopsADeploy(t *testing.T) {
	base := deploy(t, obstructed())
	base.read = base.snapshots()
	for _, p := range readiness.Preconditions() {
		if !slices.ContainsFunc(mustStop, func(o obstruction) bool { return o.rule == p.Rule }) {
			t.Errorf("no deploy must stop for %s", p.Rule)
		}
	}
	for _, o := range mustStop {
		t.Run(o.name, func(t *testing.T) {
			w := base.copy(t)
			w.do(o.hand...)
			w.clock.Advance(o.after)
			if service, operation, denied := strings.Cut(o.denied, ":"); denied {
				if _, err := w.cloud.Fail(awssim.Fault{Effect: fault.AccessDenied, Service: service, Operation: operation}); err != nil {
					t.Fatal(err)
				}
			}
			live := w.snapshots()
			after := w.with(t, live, 1, "app", o.resource, o.property, o.value)
			stops, _ := readiness.Obstacles(live[1], after, readiness.Policy{}, w.clock.Now())
			for _, s := range stops {
				if s.Rule != o.rule || s.Resource != w.fill(1, o.about) || s.UsedBy != o.usedBy || s.Unknown != o.unknown {
					t.Errorf("stopped by %+v", s)
				}
			}
			if len(stops) != 1 {
				t.Errorf("stopped by %+v", stops)
			}
		})
	}
}

// TestAFirstDeployThatOutgrowsAQuotaIsStopped proves that a first deploy can be.
func TestAFirstDeployThatOutgrowsAQuotaIsStopped(t *testing.T) {
	w := empty(t, obstructed())
	none := w.snapshots("AWS::ECS::Service")
	for count, stopped := range map[float64]bool{1: false, 5000: true} {
		source := w.source(t, 1)
		source.Stacks[0].Template = edited(t, source.Stacks[0].Template, func(tree map[string]any) {
			service := tree["Resources"].(map[string]any)["Service"].(map[string]any)
			service["Properties"].(map[string]any)["DesiredCount"] = count
		})
		stops, _ := readiness.Obstacles(none[1], predict.Apply(none[1], source, nil), readiness.Policy{}, w.clock.Now())
		hit := slices.ContainsFunc(stops, func(s readiness.Obstacle) bool { return s.Rule == "QTA-03" && !s.Unknown })
		if hit != stopped || !stopped && len(stops) > 0 {
			t.Errorf("%v tasks: stopped by %+v", count, stops)
		}
	}
}
