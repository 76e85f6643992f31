package collect

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// network deploys the network of testdata into both Regions, the same image
// under the id it has in each.
func (w *world) network() Options {
	w.Helper()
	body, err := os.ReadFile("testdata/network.yaml")
	if err != nil {
		w.Fatal(err)
	}
	for i, s := range w.sessions {
		w.deploy(s.Config, "shop", body, map[string]string{"Cidr": []string{"10.1.0.0/16", "10.2.0.0/16"}[i], "ImageId": w.image(s.Config)})
	}
	return w.options("shop")
}

// image is the id of an image that AWS publishes in every Region.
func (w *world) image(cfg aws.Config) string {
	w.Helper()
	out, err := ec2.NewFromConfig(cfg).DescribeImages(w.Context(), &ec2.DescribeImagesInput{
		Filters: []types.Filter{{Name: aws.String("name"), Values: []string{"al2023-ami-2023.9.*", "al2023-ami-2023.11.*-kernel-6.18-x86_64"}}}})
	if err != nil || len(out.Images) != 1 {
		w.Fatalf("images in %s: %v, %v", cfg.Region, out, err)
	}
	return aws.ToString(out.Images[0].ImageId)
}

func TestANetworkInTwoRegionsIsReadInFullAndDoesNotDiffer(t *testing.T) {
	w := newWorld(t)
	o := w.network()
	snapshots := w.snapshots(o)
	for _, s := range snapshots {
		if len(s.Gaps) != 0 || len(s.Resources) != 41 {
			t.Errorf("%s: %d resources, gaps %+v", s.Region.Name, len(s.Resources), s.Gaps)
		}
		for _, r := range s.Resources {
			if r.Via != "native" || len(r.Properties) == 0 && r.Type != "AWS::EC2::InternetGateway" {
				t.Errorf("%s %s: via %q, %v", s.Region.Name, r.Key, r.Via, r.Properties)
			}
		}
		data, err := json.Marshal(s.Resources)
		if err != nil || strings.Contains(string(data), canary) {
			t.Errorf("%v: what user data holds left the process", err)
		}
	}
	c := compare(w, snapshots)
	for _, f := range c.Findings {
		t.Errorf("finding %+v", f)
	}
	if c.Coverage.NotCompared != 0 || c.Coverage.Compared != 41 {
		t.Errorf("coverage %+v", c.Coverage)
	}
}

const useOfANetwork = `
Parameters: {Subnets: {Type: CommaDelimitedList}}
Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Scheme: internal, Subnets: !Ref Subnets}
`

// The network is a stack of somebody else: only what its subnets are good for
// can be compared.
func TestSubnetsOfAnotherStackAreComparedByWhatTheyAre(t *testing.T) {
	for name, c := range map[string]struct {
		standby []string
		want    []string
	}{
		"private ones in two zones stand for private ones in two zones": {[]string{"PrivateA", "PrivateB"}, nil},
		"a public one is none of them":                                  {[]string{"PrivateB", "PublicA"}, []string{"app/Balancer Subnets"}},
		"one zone is less than two":                                     {[]string{"PrivateA"}, []string{"app/Balancer Subnets"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.network()
			for i, s := range w.snapshots(o) {
				logical := [][]string{{"PrivateA", "PrivateB"}, c.standby}[i]
				var ids []string
				for _, l := range logical {
					ids = append(ids, resource(t, s, "shop/"+l).ID)
				}
				w.deploy(w.sessions[i].Config, "app", []byte(useOfANetwork), map[string]string{"Subnets": strings.Join(ids, ",")})
			}
			if have := places(compare(w, w.snapshots(w.options("app"))).Findings); !slices.Equal(have, c.want) {
				t.Errorf("findings at %q, want %q", have, c.want)
			}
		})
	}
}

func TestEveryCallAboutANetworkIsAReadThatActionsLists(t *testing.T) {
	w := newWorld(t)
	o := w.network()
	before := len(w.cloud.Calls())
	snapshots := w.snapshots(o)
	var names []string
	for _, r := range snapshots[0].Resources {
		names = append(names, r.Type)
	}
	granted := Actions(names, Inventory{}, evidence.Declared{})
	ids := map[string]string{"cloudformation": "CloudFormation", "ec2": "EC2", "autoscaling": "Auto Scaling", "elasticloadbalancing": "Elastic Load Balancing v2",
		"sqs": "SQS", "ssm": "SSM", "sts": "STS", "drs": "drs", "servicequotas": "Service Quotas", "wafv2": "WAFV2"}
	calls := w.cloud.Calls()[before:]
	for _, call := range calls {
		id, ok := ids[call.Service]
		if action := session.Action(id, call.Operation); !ok || !slices.Contains(granted, action) {
			t.Errorf("%s %s needs %s, which Actions does not list", call.Service, call.Operation, action)
		}
	}
	about := slices.DeleteFunc(slices.Clone(calls), func(c awssim.Entry) bool { return c.Service == "servicequotas" })
	if per := len(about) / 2; per > 64 { // five of them are settings of the account, once a Region
		t.Errorf("%d calls for a Region of 41 resources", per)
	}
}

func TestAnAnswerAboutANetworkThatIsNoneIsAGap(t *testing.T) {
	for _, effect := range []string{fault.Truncate, fault.Empty, fault.AccessDenied} {
		for service, operation := range map[string]string{"ec2": "DescribeRouteTables", "autoscaling": "DescribeAutoScalingGroups", "elasticloadbalancing": "DescribeTargetGroups"} {
			t.Run(effect+" "+operation, func(t *testing.T) {
				w := newWorld(t)
				o := w.network()
				w.fail(awssim.Fault{Effect: effect, Region: "us-west-2", Service: service, Operation: operation})
				snapshots := w.snapshots(o)
				west := snapshots[1]
				if len(west.Gaps) == 0 || slices.ContainsFunc(west.Facts, func(f drift.Fact) bool { return f.Kind == drift.FactGone }) {
					t.Errorf("gaps %+v, gone among %+v", west.Gaps, west.Facts)
				}
				for _, g := range west.Gaps {
					if g.Region != "us-west-2" || !strings.HasSuffix(g.Operation, ":"+operation) {
						t.Errorf("gap %+v", g)
					}
				}
				c := compare(w, snapshots)
				if len(c.Findings) != 0 || c.Coverage.NotCompared == 0 {
					t.Errorf("coverage %+v, findings %+v", c.Coverage, c.Findings)
				}
			})
		}
	}
}
