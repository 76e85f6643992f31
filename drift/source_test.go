package drift

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/topology"
)

// bare is a Region whose resources no stack owns.
func bare(p testPlace, resources ...Resource) *Snapshot {
	s := region(p, resources...)
	s.Stacks = nil
	return s
}

func TestASourceThatWasNotReadHidesWhatItLists(t *testing.T) {
	for _, c := range []struct {
		about, key string
		gap        Gap
		missing    bool
	}{
		{"a Terraform state", "terraform/aws_sqs_queue.q", Gap{Resource: "terraform", Operation: "s3:GetObject"}, false},
		{"a named Terraform state", "terraform/network/aws_sqs_queue.q", Gap{Resource: "terraform/network", Operation: "s3:GetObject"}, false},
		{"another Terraform state", "terraform/network/aws_sqs_queue.q", Gap{Resource: "terraform/app", Operation: "s3:GetObject"}, true},
		{"tags", "tags/AWS::SQS::Queue/q", Gap{Resource: "tags", Operation: "tag:GetResources"}, false},
		{"a nested stack that could not be described", "app/Nested/Q", Gap{Resource: "app/Nested", Type: "AWS::CloudFormation::Stack"}, false},
		{"a nested stack two levels up", "app/Nested/Inner/Q", Gap{Resource: "app/Nested", Type: "AWS::CloudFormation::Stack"}, false},
		{"another nested stack", "app/Nested/Q", Gap{Resource: "app/Nest", Type: "AWS::CloudFormation::Stack"}, true},
		{"a resource whose key only begins alike", "terraform/aws_sqs_queue.q", Gap{Resource: "terraform/aws_sqs_queue.q2"}, true},
	} {
		t.Run(c.about, func(t *testing.T) {
			left, right := bare(east, queue(east, c.key, "q", 0, nil)), bare(west)
			c.gap.Region, c.gap.Reason = west.region, "AccessDenied"
			right.Gaps = []Gap{c.gap}
			result := Compare(left, right, Options{})
			if missing := len(result.Findings) > 0; missing != c.missing {
				t.Errorf("findings %+v", result.Findings)
			}
			if c.missing != (result.Coverage.Compared == 1) {
				t.Errorf("coverage %+v", result.Coverage)
			}
		})
	}
}

func TestAdviceFitsTheSource(t *testing.T) {
	for _, c := range []struct {
		key, fix, message string
	}{
		{"terraform/aws_sqs_queue.q", "Terraform configuration", "A Terraform state does not say"},
		{"tags/AWS::SQS::Queue/q", "the tool that makes them", "Nothing says what the code declares"},
		{"app/Q", "lockstep deploy", "could not be evaluated"},
	} {
		one, other := queue(east, c.key, "q", 0, nil), queue(west, c.key, "q", 9, nil)
		result := Compare(bare(east, one), bare(west, other), Options{})
		if len(result.Findings) != 1 || result.Findings[0].Cause != Unknown || !strings.Contains(result.Findings[0].Fix, c.fix) || !strings.Contains(result.Findings[0].Message, c.message) {
			t.Errorf("%s: %+v", c.key, result.Findings)
		}
		if stack := strings.HasPrefix(c.key, "app/"); !stack && strings.Contains(result.Findings[0].Fix+result.Findings[0].Message, "template") {
			t.Errorf("%s: speaks of templates: %+v", c.key, result.Findings[0])
		}
		lost := Compare(bare(east, one), bare(west), Options{})
		if len(lost.Findings) != 1 || lost.Findings[0].Cause != Unknown || strings.Contains(lost.Findings[0].Fix, "lockstep deploy") != strings.HasPrefix(c.key, "app/") {
			t.Errorf("%s missing: %+v", c.key, lost.Findings)
		}
	}
}

func TestAStackMayBeCalledTerraform(t *testing.T) {
	left := region(east, queue(east, "terraform/Q", "q", 0, nil))
	right := region(testPlace{region: west.region, account: west.account, role: topology.Standby})
	right.Stacks = left.Stacks
	result := Compare(left, right, Options{})
	if len(result.Findings) != 1 || !strings.Contains(result.Findings[0].Fix, "lockstep deploy") {
		t.Errorf("findings %+v", result.Findings)
	}
}
