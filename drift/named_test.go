package drift

import (
	"testing"

	"github.com/lockstep-dr/lockstep/topology"
)

func TestAMentionOfAResourceThatWasNotReadIsNoDifference(t *testing.T) {
	side := func(region, key string, facts ...Fact) *Snapshot {
		arn := "arn:aws:kms:" + region + ":111111111111:key/" + key
		s := &Snapshot{
			Region: topology.Region{Name: region}, Account: "111111111111", Facts: facts,
			Stacks: []Stack{{Key: "app", Name: "app", Status: "CREATE_COMPLETE"}},
			Resources: []Resource{{Key: "app/Bucket", Type: "AWS::S3::Bucket", ID: "b-" + region, Properties: map[string]any{
				"BucketEncryption": map[string]any{"KMSMasterKeyID": arn},
			}}},
			Gaps: []Gap{{Region: region, Resource: "app/Key", Type: "AWS::KMS::Key", Operation: "kms:DescribeKey", Reason: "AccessDenied"}},
		}
		return s
	}
	unread := func(kind, region, key string) Fact {
		return Fact{Kind: kind, Subject: "app/Key", Value: map[string]any{"Type": "AWS::KMS::Key", "PhysicalId": key,
			"Identities": map[string]any{"Arn": "arn:aws:kms:" + region + ":111111111111:key/" + key}}}
	}
	const east, west = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"
	for _, kind := range []string{FactUnread, FactGone} {
		c := Compare(side("us-east-1", east, unread(kind, "us-east-1", east)), side("us-west-2", west, unread(kind, "us-west-2", west)), Options{})
		for _, f := range c.Findings {
			if f.Resource == "app/Bucket" {
				t.Errorf("%s: %s", kind, f.Message)
			}
		}
	}
	// The opposite: without its name the key of the standby is a stranger.
	c := Compare(side("us-east-1", east), side("us-west-2", west), Options{})
	if len(c.Findings) == 0 {
		t.Error("two unknown keys were taken for one")
	}
	// And a bucket that is encrypted with another key still differs.
	other := side("us-west-2", "00000000-0000-0000-0000-00000000beef", unread(FactUnread, "us-west-2", west))
	if c := Compare(side("us-east-1", east, unread(FactUnread, "us-east-1", east)), other, Options{}); len(c.Findings) == 0 {
		t.Error("a strange key was taken for the application's own")
	}
}
