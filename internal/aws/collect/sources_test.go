package collect

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/awssim"
)

// queues makes a queue in each Region and returns a state that holds both.
func (w *world) queues() string {
	w.Helper()
	var resources []string
	for i, s := range w.sessions {
		name := "orders-" + s.Region.Name
		made, err := sqs.NewFromConfig(s.Config).CreateQueue(w.Context(), &sqs.CreateQueueInput{QueueName: &name, Tags: map[string]string{"app": "payments"}})
		if err != nil {
			w.Fatal(err)
		}
		got, err := sqs.NewFromConfig(s.Config).GetQueueAttributes(w.Context(), &sqs.GetQueueAttributesInput{QueueUrl: made.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{"QueueArn"}})
		if err != nil {
			w.Fatal(err)
		}
		resources = append(resources, fmt.Sprintf(`{"mode": "managed", "module": "module.r[\"%s\"]", "type": "aws_sqs_queue", "name": "orders",
			"provider": "provider[\"registry.terraform.io/hashicorp/aws\"].r%d", "instances": [{"attributes": {"arn": %q, "url": %q, "name": %q, "password": "canary-attribute"}}]}`,
			s.Region.Name, i, got.Attributes["QueueArn"], *made.QueueUrl, name))
	}
	return `{"version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "line", "outputs": {"p": {"value": "canary-output"}}, "resources": [` + strings.Join(resources, ",") + `]}`
}

// put stores a state in a bucket of the Region, with versions.
func (w *world) put(region int, bucket, key, body string) (version string) {
	w.Helper()
	client := s3.NewFromConfig(w.sessions[region].Config, w.sessions[region].ReadOnly.S3)
	in := &s3.CreateBucketInput{Bucket: &bucket}
	if name := w.sessions[region].Region.Name; name != "us-east-1" {
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(name)}
	}
	if _, err := client.CreateBucket(w.Context(), in); err != nil {
		w.Fatal(err)
	}
	if _, err := client.PutBucketVersioning(w.Context(), &s3.PutBucketVersioningInput{Bucket: &bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}); err != nil {
		w.Fatal(err)
	}
	out, err := client.PutObject(w.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(body)})
	if err != nil {
		w.Fatal(err)
	}
	return aws.ToString(out.VersionId)
}

func states(key string, locations ...string) Inventory {
	return Inventory{Terraform: []inventory.Terraform{{Key: key, At: "lockstep.yml:9:5",
		State: map[string]string{"us-east-1": locations[0], "us-west-2": locations[len(locations)-1]}}}}
}

func (w *world) take(sources Inventory) ([]*drift.Snapshot, error) {
	w.Helper()
	o := w.options()
	o.Inventory = sources
	return FromSessions(w.Context(), w.sessions, o)
}

// One state of both Regions, in a bucket of one: each Region gets its own.
func TestStateInABucketOfOneRegion(t *testing.T) {
	for _, home := range []int{0, 1} {
		w := newWorld(t)
		version := w.put(home, "tf-states", "env/prod/terraform.tfstate", w.queues())
		w.checkQueues(states("terraform", "s3://tf-states/env/prod/terraform.tfstate"), version)
	}
}

// The same against the simulator that nobody here wrote.
func TestStateInABucketOnMoto(t *testing.T) {
	w := newMotoWorld(t)
	version := w.put(1, "tf-states", "prod.tfstate", w.queues())
	w.checkQueues(states("terraform", "s3://tf-states/prod.tfstate"), version)
	snapshots, err := w.take(Inventory{Tags: []map[string]string{{"app": "payments"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range snapshots {
		if len(s.Resources) != 1 || s.Resources[0].Key != "tags/AWS::SQS::Queue/orders" {
			t.Errorf("%s by tags: resources %+v, gaps %+v", s.Region.Name, s.Resources, s.Gaps)
		}
	}
}

func (w *world) checkQueues(sources Inventory, version string) {
	w.Helper()
	snapshots, err := w.take(sources)
	if err != nil {
		w.Fatal(err)
	}
	for _, s := range snapshots {
		if len(s.Resources) != 1 || s.Resources[0].Key != "terraform/module.r.aws_sqs_queue.orders" || !strings.HasSuffix(s.Resources[0].ID, "/orders-"+s.Region.Name) {
			w.Errorf("%s: resources %+v, gaps %+v", s.Region.Name, s.Resources, s.Gaps)
		}
		at := slices.IndexFunc(s.Facts, func(f drift.Fact) bool { return f.Kind == drift.FactTerraformState })
		if at < 0 || s.Facts[at].Subject != "terraform" || s.Facts[at].Value.(map[string]any)["VersionId"] != version || s.Facts[at].Value.(map[string]any)["Serial"] != 7.0 {
			w.Errorf("%s: facts %+v", s.Region.Name, s.Facts)
		}
		if text, _ := json.Marshal(s); strings.Contains(string(text), "canary") {
			w.Errorf("%s: something of the state that names nothing is in the snapshot", s.Region.Name)
		}
	}
	result := drift.Compare(snapshots[0], snapshots[1], drift.Options{Topology: w.topology})
	if result.Coverage.Compared != 1 || len(result.Findings) != 0 {
		w.Errorf("coverage %+v, findings %+v", result.Coverage, result.Findings)
	}
}

func TestAStateThatMayNotBeRead(t *testing.T) {
	cases := []struct {
		about string
		fault awssim.Fault
		// gaps are the Regions whose state is not known.
		gaps []string
	}{
		{"in both Regions: a gap of both", awssim.Fault{Service: "s3", Operation: "GetObject", Effect: "access-denied"}, []string{"us-east-1", "us-west-2"}},
		{"in the first Region: the other's session may", awssim.Fault{Service: "s3", Operation: "GetObject", Region: "us-east-1", Effect: "access-denied"}, nil},
	}
	for _, c := range cases {
		t.Run(c.about, func(t *testing.T) {
			w := newWorld(t)
			w.put(1, "tf-states", "prod.tfstate", w.queues())
			if _, err := w.cloud.Fail(c.fault); err != nil {
				t.Fatal(err)
			}
			snapshots, err := w.take(states("terraform/app", "s3://tf-states/prod.tfstate"))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range snapshots {
				hidden := slices.ContainsFunc(s.Gaps, func(g drift.Gap) bool {
					return g.Resource == "terraform/app" && g.Reason == "AccessDenied" && g.Operation == "s3:GetObject" && g.Property == "" && g.Fact == ""
				})
				if hidden != slices.Contains(c.gaps, s.Region.Name) || hidden == (len(s.Resources) == 1) {
					t.Errorf("%s: resources %+v, gaps %+v", s.Region.Name, s.Resources, s.Gaps)
				}
			}
		})
	}
}

// The state of one Region may be hidden while the other's is read: nothing is missing then.
func TestAStateOfOneRegionThatMayNotBeRead(t *testing.T) {
	w := newWorld(t)
	body := w.queues()
	w.put(0, "tf-east", "x", body)
	w.put(1, "tf-west", "x", body)
	if _, err := w.cloud.Fail(awssim.Fault{Service: "s3", Operation: "GetObject", Region: "us-west-2", Effect: "access-denied"}); err != nil {
		t.Fatal(err)
	}
	snapshots, err := w.take(states("terraform", "s3://tf-east/x", "s3://tf-west/x"))
	if err != nil {
		t.Fatal(err)
	}
	if result := drift.Compare(snapshots[0], snapshots[1], drift.Options{Topology: w.topology}); len(result.Findings) != 0 {
		t.Errorf("findings %+v", result.Findings)
	}
}

func TestStatesThatAreWrong(t *testing.T) {
	w := newWorld(t)
	w.put(0, "tf-states", "old", `{"version": 3}`)
	for location, want := range map[string]string{
		"s3://tf-states/none": "lockstep.yml:9:5: read Terraform state s3://tf-states/none: there is no such object in S3",
		"s3://no-bucket/none": "there is no such object in S3",
		"s3://tf-states/old":  "its format is version 3",
		"local.tfstate":       "nothing there",
	} {
		sources := states("terraform", location)
		sources.File = func(string) ([]byte, error) { return nil, errors.New("nothing there") }
		snapshots, err := w.take(sources)
		if !Setup(err) || !strings.Contains(err.Error(), want) || snapshots != nil {
			t.Errorf("%s: %v, want %q", location, err, want)
		}
	}
	if Setup(errors.New("another")) || Setup(nil) {
		t.Error("everything is called a wrong setup")
	}
}

func TestActionsOfSources(t *testing.T) {
	none := Actions([]string{"AWS::SQS::Queue"}, Inventory{}, evidence.Declared{})
	for want, sources := range map[string]Inventory{
		"tag:GetResources": {Tags: []map[string]string{{"app": "x"}}}, "s3:GetObject": states("terraform", "s3://b/k"), "kms:Decrypt": states("terraform", "s3://b/k"),
		"cloudformation:GetResource": states("terraform", "local"), "lambda:GetFunction": states("terraform", "local"),
	} {
		if have := Actions([]string{"AWS::SQS::Queue"}, sources, evidence.Declared{}); !slices.Contains(have, want) || slices.Contains(none, want) {
			t.Errorf("%s is not allowed, or always", want)
		}
	}
}

// What Terraform sets by resources of their own belongs to their owners; what
// nobody would read is a gap.
func TestPartsOfResources(t *testing.T) {
	w := newWorld(t)
	w.put(0, "data", "x", "x")
	w.put(1, "data-w", "x", "x")
	part := func(typ, bucket string) string {
		return fmt.Sprintf(`{"mode": "managed", "type": %q, "name": "x", "provider": "provider.aws", "instances": [{"attributes": {"id": %q, "bucket": %q, "region": "us-east-1"}}]}`, typ, bucket, bucket)
	}
	kafka := func(typ, attribute string) string {
		return fmt.Sprintf(`{"mode": "managed", "type": %q, "name": "x", "provider": "provider.aws", "instances": [{"attributes": {%q: "arn:aws:kafka:us-east-1:111111111111:cluster/none/1", "region": "us-east-1"}}]}`, typ, attribute)
	}
	state := `{"version": 4, "resources": [` + strings.Join([]string{part("aws_s3_bucket", "data"), part("aws_s3_bucket_versioning", "data"), part("aws_s3_bucket_logging", "elsewhere"),
		kafka("aws_msk_cluster", "arn"), kafka("aws_msk_scram_secret_association", "cluster_arn")}, ",") + `]}`
	sources := states("terraform", "east", "west")
	sources.File = func(path string) ([]byte, error) {
		return []byte(map[string]string{"east": state, "west": `{"version": 4}`}[path]), nil
	}
	snapshots, err := w.take(sources)
	if err != nil {
		t.Fatal(err)
	}
	gaps := map[string]string{}
	for _, g := range snapshots[0].Gaps {
		if g.Fact == "" {
			gaps[strings.TrimSuffix(g.Resource+"."+g.Property, ".")] = g.Reason
		}
	}
	want := map[string]string{"terraform/aws_msk_cluster.x.ScramSecrets": "Unsupported", "terraform/aws_s3_bucket_logging.x": "NotInInventory"}
	if !maps.Equal(gaps, want) {
		t.Errorf("gaps %v, want %v", gaps, want)
	}
}

// A role exists once: what the state of one Region attaches to a role in the
// state of another is read with that role.
func TestPartsOfARoleOfAnotherState(t *testing.T) {
	w := newWorld(t)
	attachment := func(role string) string {
		return fmt.Sprintf(`{"mode": "managed", "type": "aws_iam_role_policy_attachment", "name": %q, "provider": "provider.aws", "instances": [{"attributes": {"id": "a", "role": %q}}]}`, role, role)
	}
	files := map[string]string{
		"east": `{"version": 4, "resources": [{"mode": "managed", "type": "aws_iam_role", "name": "app", "provider": "provider.aws", "instances": [{"attributes": {"name": "app"}}]}]}`,
		"west": `{"version": 4, "resources": [` + attachment("app") + "," + attachment("nobody") + `]}`,
	}
	sources := states("terraform", "east", "west")
	sources.File = func(path string) ([]byte, error) { return []byte(files[path]), nil }
	snapshots, err := w.take(sources)
	if err != nil {
		t.Fatal(err)
	}
	if gaps := snapshots[1].Gaps; len(gaps) != 1 || gaps[0].Resource != "terraform/aws_iam_role_policy_attachment.nobody" {
		t.Errorf("gaps %+v", gaps)
	}
}
