package main

import (
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/topology"
)

// TestTheProposalIsRightWhateverItFound: every strategy, and names that would
// end a string, a comment or a pattern in YAML.
func TestTheProposalIsRightWhateverItFound(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, strategy := range topology.Strategies() {
		t.Run(string(strategy), func(t *testing.T) {
			p := &proposal{
				options: initOptions{app: "shop", strategy: string(strategy), regions: []string{"us-east-1", "us-west-2"}, waive: 90,
					tags: []string{`a"b: {=c #d`}, states: map[string]string{"us-east-1": "s3://tf/a b", "us-west-2": `dir/it's.tfstate`}},
				role:   "arn:aws:iam::111111111111:role/read",
				stacks: []pairOfStacks{{key: "shop", names: map[string]string{"us-east-1": "shop", "us-west-2": "shop-dr"}}},
				waivers: []proposedWaiver{
					{resource: `terraform/aws_sqs_queue.q["a"]`, property: "Tags.x: y", region: "us-west-2", what: "warn\n  evil: true"},
					{rule: "CFG-05", resource: `shop/*?\`, region: "us-west-2", what: "title # \u2028 x"},
					{rule: "CFG-05", resource: "*", region: "us-west-2", what: "all"},
				},
			}
			text := p.yaml(now)
			cfg, err := config.Parse([]byte(text), "lockstep.yml", now)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if len(cfg.Warnings) > 0 {
				t.Errorf("warnings %v", cfg.Warnings)
			}
			if got := cfg.Accept[0]; got.Property != "Tags.x: y" || got.Resource != `terraform/aws_sqs_queue.q\["a"]` || got.Until.String() != "2027-02-24" {
				t.Errorf("accepted %+v", got)
			}
			if got := cfg.Policy.Waivers; got[0].Resource != `shop/\*\?\\` || got[1].Resource != "*" {
				t.Errorf("rules accepted %+v", got)
			}
			if got := cfg.Inventory[2].Tags[`a"b: {`]; got != "c #d" {
				t.Errorf("tags %q", cfg.Inventory[2].Tags)
			}
			if got := cfg.Topology.Regions[1].RoleToAssume; got != p.role {
				t.Errorf("role %q", got)
			}
		})
	}
}
