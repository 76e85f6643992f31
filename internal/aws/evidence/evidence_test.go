package evidence

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

func refused(service, operation, code string) error {
	return &smithy.OperationError{ServiceID: service, OperationName: operation, Err: &smithy.GenericAPIError{Code: code, Message: "no"}}
}

type fakeLedger struct {
	state deploy.LedgerState
	err   error
}

func (f fakeLedger) Read(context.Context) (deploy.LedgerState, error) { return f.state, f.err }

type fakeS3 struct {
	objects map[string]*s3.HeadObjectOutput
	err     error
}

func (f fakeS3) HeadObject(_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	if f.err != nil {
		return nil, f.err
	}
	if out, ok := f.objects[*in.Bucket+"/"+*in.Key+"@"+aws.ToString(in.VersionId)]; ok {
		return out, nil
	}
	return nil, refused("S3", "HeadObject", "NotFound")
}

// fakeECS is one service with its tasks; fail names the operation that is refused.
type fakeECS struct {
	images map[string]string
	pages  [][]types.Task
	fail   string
}

func (f fakeECS) refuse(operation string) error {
	if f.fail == operation {
		return refused("ECS", operation, "AccessDeniedException")
	}
	return nil
}

func (f fakeECS) DescribeServices(context.Context, *ecs.DescribeServicesInput, ...func(*ecs.Options)) (*ecs.DescribeServicesOutput, error) {
	return &ecs.DescribeServicesOutput{Services: []types.Service{{TaskDefinition: aws.String("td:3")}}}, f.refuse("DescribeServices")
}

func (f fakeECS) DescribeTaskDefinition(context.Context, *ecs.DescribeTaskDefinitionInput, ...func(*ecs.Options)) (*ecs.DescribeTaskDefinitionOutput, error) {
	var list []types.ContainerDefinition
	for name, image := range f.images {
		list = append(list, types.ContainerDefinition{Name: &name, Image: &image})
	}
	return &ecs.DescribeTaskDefinitionOutput{TaskDefinition: &types.TaskDefinition{ContainerDefinitions: list, Cpu: aws.String("512"), NetworkMode: types.NetworkModeAwsvpc}}, f.refuse("DescribeTaskDefinition")
}

func (f fakeECS) ListTasks(_ context.Context, in *ecs.ListTasksInput, _ ...func(*ecs.Options)) (*ecs.ListTasksOutput, error) {
	at := len(aws.ToString(in.NextToken))
	out := &ecs.ListTasksOutput{}
	if at < len(f.pages) {
		out.TaskArns = []string{strings.Repeat("n", at)}
	}
	if at+1 < len(f.pages) {
		out.NextToken = aws.String(strings.Repeat("n", at+1))
	}
	return out, f.refuse("ListTasks")
}

func (f fakeECS) DescribeTasks(_ context.Context, in *ecs.DescribeTasksInput, _ ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error) {
	return &ecs.DescribeTasksOutput{Tasks: f.pages[len(in.Tasks[0])]}, f.refuse("DescribeTasks")
}

func task(status, digest string) types.Task {
	return types.Task{LastStatus: &status, Containers: []types.Container{{Name: aws.String("app"), Image: aws.String("repo:1"), ImageDigest: &digest}}}
}

func gathered(t *testing.T, g *gatherer, items ...inventory.Item) Found {
	t.Helper()
	g.region = "us-west-2"
	if g.ledger == nil {
		g.ledger = fakeLedger{}
	}
	found, err := g.gather(t.Context(), items)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (f Found) fact(kind, subject string) (any, bool) {
	for _, fact := range f.Facts {
		if fact.Kind == kind && fact.Subject == subject {
			return fact.Value, true
		}
	}
	return nil, false
}

func TestReleaseOfTheLedger(t *testing.T) {
	record := deploy.Record{ID: "r-1", Name: "v1", Commit: "abc", DeployedAt: time.Unix(5, 0), Outcome: deploy.Done}
	found := gathered(t, &gatherer{ledger: fakeLedger{state: deploy.LedgerState{Record: &record}}})
	want := &drift.Release{ID: "r-1", Name: "v1", Commit: "abc", DeployedAt: time.Unix(5, 0).UTC(), Outcome: "done"}
	if id, _ := found.fact(drift.FactRelease, ""); id != "r-1" || !reflect.DeepEqual(found.Release, want) {
		t.Errorf("fact %v, release %+v", id, found.Release)
	}
	journal := deploy.Journal{Release: deploy.Release{ID: "r-2"}, State: deploy.JournalInDoubt, StartedAt: time.Unix(6, 0)}
	found = gathered(t, &gatherer{ledger: fakeLedger{state: deploy.LedgerState{Journal: &journal}}})
	if found.Release == nil || found.Release.ID != "" || !strings.Contains(found.Release.Unfinished, "r-2 has not ended (in-doubt") {
		t.Errorf("a deploy that has not ended: %+v", found.Release)
	}
	found = gathered(t, &gatherer{})
	if value, known := found.fact(drift.FactRelease, ""); !known || value != nil || found.Release != nil {
		t.Errorf("an empty ledger is an answer: %v %v", value, known)
	}
	for reason, err := range map[string]error{
		session.AccessDenied: refused("SSM", "GetParameters", "AccessDeniedException"),
		"Error":              errors.New("it is not what Lockstep wrote"),
	} {
		found := gathered(t, &gatherer{ledger: fakeLedger{err: err}})
		if _, known := found.fact(drift.FactRelease, ""); known || len(found.Gaps) != 1 || found.Gaps[0].Reason != reason ||
			found.Gaps[0].Fact != drift.FactRelease || found.Gaps[0].Operation != "ssm:GetParameters" || found.Gaps[0].Region != "us-west-2" {
			t.Errorf("%s: %+v", reason, found)
		}
	}
}

func TestCodeObjects(t *testing.T) {
	inS3 := func(bucket any) map[string]any {
		return map[string]any{"Code": map[string]any{"S3Bucket": bucket, "S3Key": "fn.zip"}}
	}
	objects := map[string]*s3.HeadObjectOutput{
		"code/fn.zip@":  {ChecksumSHA256: aws.String("abc="), ETag: aws.String(`"e"`), ContentLength: aws.Int64(7)},
		"code/fn.zip@2": {ETag: aws.String(`"e"`), VersionId: aws.String("2")},
	}
	versioned := inS3("code")
	versioned["Code"].(map[string]any)["S3ObjectVersion"] = "2"
	cases := []struct {
		name     string
		declared map[string]any
		err      error
		checksum any    // nil: no fact
		reason   string // of the gap; empty: none
	}{
		{"object with a digest", inS3("code"), nil, "sha256:abc=", ""},
		{"a version of an object, known by its ETag", versioned, nil, "etag:e", ""},
		{"object that is not there", inS3("other"), nil, nil, session.NotFound},
		{"object that may not be read", inS3("code"), refused("S3", "HeadObject", "Forbidden"), nil, session.AccessDenied},
		{"bucket that only AWS knows", inS3("${Bucket}"), nil, nil, session.Unsupported},
		{"declaration that could not be worked out", nil, nil, nil, session.Unsupported},
		{"inline code", map[string]any{"Code": map[string]any{"ZipFile": "x"}}, nil, nil, ""},
		{"an image", map[string]any{"Code": map[string]any{"ImageUri": "x"}}, nil, nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			item := inventory.Item{Key: "app/Fn", Type: functionType, Resolved: c.declared}
			found := gathered(t, &gatherer{s3: fakeS3{objects: objects, err: c.err}}, item)
			value, known := found.fact(drift.FactArtifact, "app/Fn#Code")
			fact, _ := value.(map[string]any)
			if known != (c.checksum != nil) || known && fact["Checksum"] != c.checksum {
				t.Errorf("fact %v", value)
			}
			reason := ""
			for _, g := range found.Gaps {
				if reason = g.Reason; g.Resource != "app/Fn#Code" || g.Fact != drift.FactArtifact || g.Type != functionType {
					t.Errorf("gap %+v", g)
				}
			}
			if reason != c.reason {
				t.Errorf("reason %q, want %q", reason, c.reason)
			}
		})
	}
}

func TestUnlikeChecksumsNeverLookEqual(t *testing.T) {
	if checksum(&s3.HeadObjectOutput{ETag: aws.String("x")}) == checksum(&s3.HeadObjectOutput{ChecksumSHA256: aws.String("x")}) {
		t.Error("an ETag was taken for a digest")
	}
}

var service = inventory.Item{Key: "app/Service", Type: serviceType, ID: "arn:aws:ecs:us-west-2:1:service/c/s"}

func TestImagesOfRunningTasks(t *testing.T) {
	f := fakeECS{images: map[string]string{"app": "repo:1", "sidecar": "side@sha256:5"},
		pages: [][]types.Task{{task("RUNNING", "sha256:a"), task("PROVISIONING", "sha256:z")}, {task("RUNNING", "sha256:b")}}}
	found := gathered(t, &gatherer{ecs: f}, service)
	value, _ := found.fact(drift.FactTaskImages, "app/Service")
	want := map[string]any{"Service": "Service", "Running": 2.0, "Containers": []any{
		map[string]any{"Name": "app", "Image": "repo:1", "Digests": []any{"sha256:a", "sha256:b"}},
		map[string]any{"Name": "sidecar", "Image": "side@sha256:5", "Digests": []any{}},
	}}
	if !reflect.DeepEqual(value, want) {
		t.Errorf("have %v", value)
	}
	size, _ := found.fact(drift.FactTaskSize, "app/Service")
	if want := map[string]any{"Revision": "td:3", "Cpu": "512", "NetworkMode": "awsvpc"}; !reflect.DeepEqual(size, want) {
		t.Errorf("have %v", size)
	}
}

func TestARefusalHidesTheImagesAndThoseOfTheDefinitionTheSizeToo(t *testing.T) {
	for operation, hidden := range map[string][]string{
		"DescribeServices": {drift.FactTaskImages, drift.FactTaskSize}, "DescribeTaskDefinition": {drift.FactTaskImages, drift.FactTaskSize},
		"ListTasks": {drift.FactTaskImages}, "DescribeTasks": {drift.FactTaskImages},
	} {
		f := fakeECS{images: map[string]string{"app": "repo:1"}, pages: [][]types.Task{{task("RUNNING", "sha256:a")}}, fail: operation}
		found := gathered(t, &gatherer{ecs: f}, service)
		if len(found.Gaps) != len(hidden) {
			t.Errorf("%s: %+v", operation, found)
		}
		for i, kind := range hidden {
			if _, known := found.fact(kind, "app/Service"); known || found.Gaps[i].Fact != kind ||
				found.Gaps[i].Operation != "ecs:"+operation || found.Gaps[i].Reason != session.AccessDenied {
				t.Errorf("%s: %+v", operation, found)
			}
		}
	}
}

func TestADefinitionWithoutContainersIsNoAnswer(t *testing.T) {
	found := gathered(t, &gatherer{ecs: fakeECS{}}, service)
	if _, known := found.fact(drift.FactTaskSize, "app/Service"); known || len(found.Gaps) != 2 {
		t.Errorf("%+v", found)
	}
}

func TestActionsFollowTheTypes(t *testing.T) {
	if have := Actions(nil, Declared{}); !reflect.DeepEqual(have, []string{"ssm:GetParameters"}) {
		t.Errorf("have %v", have)
	}
	want := []string{"cloudwatch:GetMetricData", "ec2:DescribeSubnets", "ec2:DescribeVpcBlockPublicAccessExclusions", "ec2:DescribeVpcBlockPublicAccessOptions", "ecr:BatchGetImage", "ecr:DescribeImageReplicationStatus", "ecr:DescribeRegistry", "ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:DescribeTasks", "ecs:ListTasks",
		"lambda:GetAccountSettings", "lambda:GetFunction", "s3:GetObject", "s3:ListBucket", "servicequotas:GetAWSDefaultServiceQuota", "servicequotas:GetServiceQuota", "servicequotas:ListRequestedServiceQuotaChangeHistory", "ssm:GetParameters"}
	if have := Actions([]string{serviceType, functionType}, Declared{}); !reflect.DeepEqual(have, want) {
		t.Errorf("have %v", have)
	}
}

func TestCancellingEndsTheGathering(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	g := gatherer{ledger: fakeLedger{err: context.Canceled}}
	if _, err := g.gather(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
