package collect

import (
	"os"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestClassicLoadBalancersDoNotDifferUntilSomebodyChangesThem(t *testing.T) {
	cases := []struct {
		name   string
		change func(api *classic.Client, balancer, machine *string) error
		want   []string
	}{
		{"nothing", func(*classic.Client, *string, *string) error { return nil }, nil},
		{"a health check asks elsewhere", func(api *classic.Client, balancer, _ *string) error {
			_, err := api.ConfigureHealthCheck(t.Context(), &classic.ConfigureHealthCheckInput{LoadBalancerName: balancer, HealthCheck: &types.HealthCheck{Target: aws.String("TCP:80"),
				Interval: aws.Int32(10), Timeout: aws.Int32(5), HealthyThreshold: aws.Int32(2), UnhealthyThreshold: aws.Int32(3)}})
			return err
		}, []string{"old/Balancer HealthCheck"}},
		{"connections are cut instead of drained", func(api *classic.Client, balancer, _ *string) error {
			_, err := api.ModifyLoadBalancerAttributes(t.Context(), &classic.ModifyLoadBalancerAttributesInput{LoadBalancerName: balancer, LoadBalancerAttributes: &types.LoadBalancerAttributes{
				ConnectionDraining: &types.ConnectionDraining{Enabled: false}, CrossZoneLoadBalancing: &types.CrossZoneLoadBalancing{Enabled: false}}})
			return err
		}, []string{"old/Balancer ConnectionDrainingPolicy", "old/Balancer CrossZone"}},
		{"the instance is taken out", func(api *classic.Client, balancer, machine *string) error {
			_, err := api.DeregisterInstancesFromLoadBalancer(t.Context(), &classic.DeregisterInstancesFromLoadBalancerInput{LoadBalancerName: balancer,
				Instances: []types.Instance{{InstanceId: machine}}})
			return err
		}, []string{"old/Balancer Instances"}},
		{"the proxy protocol is taken off a port", func(api *classic.Client, balancer, _ *string) error {
			_, err := api.SetLoadBalancerPoliciesForBackendServer(t.Context(), &classic.SetLoadBalancerPoliciesForBackendServerInput{LoadBalancerName: balancer,
				InstancePort: aws.Int32(8080), PolicyNames: []string{}})
			return err
		}, []string{"old/Balancer Policies"}},
		{"it is deleted", func(api *classic.Client, balancer, _ *string) error {
			_, err := api.DeleteLoadBalancer(t.Context(), &classic.DeleteLoadBalancerInput{LoadBalancerName: balancer})
			return err
		}, []string{"old/Balancer "}},
	}
	body, err := os.ReadFile("testdata/classic.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			for _, s := range w.sessions {
				w.deploy(s.Config, "old", body, nil)
			}
			o := w.options("old")
			s := w.standby(w.snapshots(o)[1])
			if err := c.change(classic.NewFromConfig(w.sessions[1].Config), s.id("Balancer"), s.id("Machine")); err != nil {
				t.Fatal(err)
			}
			after := w.snapshots(o)
			for _, s := range after {
				if len(s.Gaps) != 0 {
					t.Errorf("%s: gaps %+v", s.Region.Name, s.Gaps)
				}
			}
			if health := after[0].Facts; !slices.ContainsFunc(health, inService) {
				t.Errorf("no instance in service among %+v", health)
			}
			if have := places(compare(w, after).Findings); !slices.Equal(have, c.want) {
				t.Errorf("findings at %q, want %q", have, c.want)
			}
		})
	}
}

func inService(f drift.Fact) bool {
	value, _ := f.Value.(map[string]any)
	return f.Kind == drift.FactInstanceHealth && f.Subject == "old/Balancer" && value["InService"] == 1.0
}
