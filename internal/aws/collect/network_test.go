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
