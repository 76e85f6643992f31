package predict

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/terraform"
	"github.com/lockstep-dr/lockstep/topology"
)

// queueRow is one entry of a plan for the queue NAME of the Region; before or
// after may be null, and otherwise hold more arguments of the queue.
func queueRow(region, name, actions, before, after, open string) string {
	whole := func(more string) string {
		if more == "null" {
			return more
		}
		ids := fmt.Sprintf(`"id":"https://sqs.%[1]s.amazonaws.com/1/%[2]s","url":"https://sqs.%[1]s.amazonaws.com/1/%[2]s","arn":"arn:aws:sqs:%[1]s:1:%[2]s",`, region, name)
		if before == "null" || more == after && strings.Contains(actions, "create") {
			ids, open = "", `{"id":true,"url":true,"arn":true}`
		}
		return `{` + ids + `"name":"` + name + `"` + more + `}`
	}
	b, a := whole(before), whole(after)
	return fmt.Sprintf(`{"address":"aws_sqs_queue.%s","mode":"managed","type":"aws_sqs_queue","name":"%s","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":[%s],"before":%s,"after":%s,"after_unknown":%s}}`,
		name, name, actions, b, a, open)
}

func planOf(t *testing.T, rows ...string) *terraform.Plan {
	t.Helper()
	p, err := terraform.ParsePlan([]byte(`{"format_version":"1.2","resource_changes":[` + strings.Join(rows, ",") + `],"configuration":{"root_module":{"resources":[
		{"mode":"managed","type":"aws_sqs_queue","name":"q","expressions":{"name":{}}}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// liveQueue is a Region with one queue that a state lists.
func liveQueue(region string, delay any) *drift.Snapshot {
	return &drift.Snapshot{Region: topology.Region{Name: region}, Resources: []drift.Resource{{
		Key: "terraform/aws_sqs_queue.q", Type: "AWS::SQS::Queue", ID: "https://sqs." + region + ".amazonaws.com/1/q", Properties: object{"DelaySeconds": delay},
	}}, Facts: []drift.Fact{{Kind: "x", Subject: "terraform/aws_sqs_queue.q"}}}
}

func TestAPlanIsPutIntoTheLiveRegions(t *testing.T) {
	twoRegions := topology.Topology{Regions: []topology.Region{{Name: "us-east-1", Role: topology.Primary}, {Name: "us-west-2", Role: topology.Standby}}}
	const keep, update, create, remove, none = `"no-op"`, `"update"`, `"create"`, `"delete"`, `{}`
	row := func(region, actions, before, after, open string) string {
		return queueRow(region, "q", actions, before, after, open)
	}
	east, west := "us-east-1", "us-west-2"
	same1 := func(region string) string { return row(region, keep, `,"delay_seconds":1`, `,"delay_seconds":1`, none) }
	longer := func(region string) string {
		return row(region, update, `,"delay_seconds":1`, `,"delay_seconds":5`, none)
	}
	for _, test := range []struct {
		about      string
		east, west string
		live       [2]any // DelaySeconds, as AWS shows it
		want       string // "Region key planned=… delay", then gaps
	}{
		{"nothing changes", same1(east), same1(west), [2]any{1.0, 1.0}, "east q 1; west q 1"},
		{"both change", longer(east), longer(west), [2]any{1.0, 1.0}, "east q 5; west q 5"},
		{"AWS shows another value than the plan", longer(east), longer(west), [2]any{2.0, 1.0}, "east q 2; west q 5; east q DelaySeconds ?"},
		{"a change brings what the other Region has, in whatever form", row(west, update, `,"delay_seconds":5`, `,"delay_seconds":5,"kms_master_key_id":"k"`, none), longer(west), [2]any{"five", 9.0}, "east q five; west q five"},
		{"a value that is not known yet", row(east, update, ``, ``, `{"delay_seconds":true}`), same1(west), [2]any{1.0, 1.0}, "east q 1; west q 1; east q DelaySeconds ?"},
		{"an argument that no table has", row(east, update, ``, `,"policy":"{}"`, none), same1(west), [2]any{1.0, 1.0}, "east q 1; west q 1; east q  ?"},
		{"one is deleted", row(east, remove, ``, `null`, none), same1(west), [2]any{1.0, 1.0}, "west q 1"},
		{"one is made anew", row(east, `"delete","create"`, `,"delay_seconds":1`, `,"delay_seconds":5`, none), same1(west), [2]any{1.0, 1.0}, "east q create 5; west q 1"},
		{"the standby gets its own", same1(east), row(west, create, `null`, `,"delay_seconds":1`, ``), [2]any{1.0, nil}, "east q 1; west q create 1"},
		{"it is not in the inventory", longer(east), longer(west), [2]any{1.0, nil}, "east q 5; west q  ?"},
		{"Terraform lets go of it", row(east, `"forget"`, ``, `null`, none), same1(west), [2]any{1.0, 1.0}, "east q 1; west q 1; east q  ?"},
	} {
		t.Run(test.about, func(t *testing.T) {
			snapshots := []*drift.Snapshot{liveQueue(east, test.live[0]), liveQueue(west, test.live[1])}
			if test.about == "a change brings what the other Region has, in whatever form" {
				test.east = row(east, keep, `,"delay_seconds":5`, `,"delay_seconds":5`, none)
			}
			if test.live[1] == nil {
				snapshots[1].Resources, snapshots[1].Facts = nil, nil
			}
			before := []drift.Resource{}
			for _, s := range snapshots {
				before = append(before, s.Resources...)
			}
			kept := fmt.Sprint(before)
			plans := []terraform.RegionPlan{{Region: east, Plan: planOf(t, test.east)}, {Region: west, Plan: planOf(t, test.west)}}
			ApplyTerraform(snapshots, Terraform{Target: "terraform/infra", Changes: terraform.InPlans(plans, terraform.Places(twoRegions)), Sources: []string{"terraform"}})
			var got, gaps []string
			for _, s := range snapshots {
				short := strings.Split(s.Region.Name, "-")[1]
				name := func(key string) string { return strings.TrimPrefix(key, "terraform/aws_sqs_queue.") }
				for _, r := range s.Resources {
					got = append(got, strings.Join(slices.DeleteFunc([]string{short, name(r.Key), string(r.Planned), fmt.Sprint(r.Properties["DelaySeconds"])}, func(s string) bool { return s == "" }), " "))
				}
				for _, g := range s.Gaps {
					gaps = append(gaps, short+" "+name(g.Resource)+" "+g.Property+" ?")
					if g.Operation != terraformPlan || !strings.Contains(g.Message, "aws_sqs_queue.q: ") {
						t.Errorf("%+v", g)
					}
				}
			}
			if all := strings.Join(append(got, gaps...), "; "); all != test.want {
				t.Errorf("%s\nwant %s", all, test.want)
			}
			if fmt.Sprint(before) != kept {
				t.Error("what was read was changed")
			}
		})
	}
}

// A moved block renames what exists, with everything that is known of it.
func TestAMovedResourceKeepsWhatIsKnownOfIt(t *testing.T) {
	moved := strings.Replace(queueRow("us-east-1", "q", `"no-op"`, ``, ``, `{}`), `"address":"aws_sqs_queue.q"`, `"address":"aws_sqs_queue.new","previous_address":"aws_sqs_queue.q"`, 1)
	moved = strings.Replace(moved, `"type":"aws_sqs_queue","name":"q"`, `"type":"aws_sqs_queue","name":"new"`, 1)
	s := liveQueue("us-east-1", 1.0)
	changes := terraform.InPlans([]terraform.RegionPlan{{Region: "us-east-1", Plan: planOf(t, moved)}}, []terraform.Place{{Region: "us-east-1"}})
	ApplyTerraform([]*drift.Snapshot{s}, Terraform{Target: "terraform/infra", Changes: changes, Sources: []string{"terraform"}})
	if s.Resources[0].Key != "terraform/aws_sqs_queue.new" || s.Facts[0].Subject != s.Resources[0].Key || len(s.Gaps) > 0 {
		t.Errorf("%+v", s)
	}
}

// A part that CloudFormation writes in its owner is put there, or hides its property.
func TestAPartIsAPropertyOfItsOwner(t *testing.T) {
	part := func(typ, before, after string) string {
		return fmt.Sprintf(`{"address":"%[1]s.v","mode":"managed","type":"%[1]s","name":"v","provider_name":"aws","change":{"actions":["update"],"before":{"bucket":"b",%[2]s},"after":{"bucket":"b",%[3]s},"after_unknown":{}}}`, typ, before, after)
	}
	versions := func(status string) string {
		return `"versioning_configuration":[{"status":"` + status + `","mfa_delete":""}]`
	}
	for _, test := range []struct {
		row, want, gap string
		property       string // default VersioningConfiguration.Status
	}{
		{row: part("aws_s3_bucket_versioning", versions("Enabled"), versions("Suspended")), want: "Suspended"},
		{row: part("aws_s3_bucket_versioning", versions("Suspended"), versions("Enabled")), want: "Enabled", gap: "VersioningConfiguration.Status"},
		{row: part("aws_s3_bucket_server_side_encryption_configuration", `"rule":[]`, `"rule":[{"bucket_key_enabled":true}]`), want: "Enabled", gap: "BucketEncryption"},
		{row: part("aws_s3_bucket_acl", `"acl":"private"`, `"acl":"public-read"`), want: "PublicRead", property: "AccessControl"},
		{row: part("aws_s3_bucket", `"acl":"private"`, `"acl":"public-read"`), want: "PublicRead", property: "AccessControl"},
		{row: part("aws_s3_bucket_acl", `"acl":"private"`, `"acl":"bucket-owner-read"`), want: "Private", gap: "AccessControl", property: "AccessControl"},
		{row: part("aws_s3_bucket_acl", `"access_control_policy":[]`, `"access_control_policy":[{"grant":[]}]`), want: "Private", gap: "AccessControl", property: "AccessControl"},
	} {
		property := cmp.Or(test.property, "VersioningConfiguration.Status")
		key := "terraform/aws_s3_bucket.b"
		if strings.Contains(test.row, `"type":"aws_s3_bucket"`) {
			key = "terraform/aws_s3_bucket.v"
		}
		s := &drift.Snapshot{Region: topology.Region{Name: "us-east-1"}, Resources: []drift.Resource{{Key: key, Type: "AWS::S3::Bucket", ID: "b",
			Properties: object{"VersioningConfiguration": object{"Status": "Enabled"}, "AccessControl": "Private"}}}}
		changes := terraform.InPlans([]terraform.RegionPlan{{Region: "us-east-1", Plan: planOf(t, test.row)}}, []terraform.Place{{Region: "us-east-1"}})
		ApplyTerraform([]*drift.Snapshot{s}, Terraform{Target: "terraform/infra", Changes: changes, Sources: []string{"terraform"}})
		gap := ""
		for _, g := range s.Gaps {
			gap = g.Property
		}
		if got := terraform.Property(s.Resources[0].Properties, property); !reflect.DeepEqual(got, test.want) || gap != test.gap || len(s.Resources) != 1 {
			t.Errorf("%v, gap %q: %+v", got, gap, s.Gaps)
		}
	}
}
