package evidence

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// fakeRegistry holds the tags of one repository, "web", by digest.
type fakeRegistry struct {
	images  map[string]string
	err     error
	failure types.ImageFailureCode
	calls   *int
}

func (f fakeRegistry) BatchGetImage(_ context.Context, in *ecr.BatchGetImageInput, _ ...func(*ecr.Options)) (*ecr.BatchGetImageOutput, error) {
	*f.calls++
	if f.err != nil {
		return nil, f.err
	}
	if *in.RepositoryName != "web" {
		return nil, refused("ECR", "BatchGetImage", "RepositoryNotFoundException")
	}
	out := &ecr.BatchGetImageOutput{}
	for _, id := range in.ImageIds {
		found := false
		for digest, tag := range f.images {
			if aws.ToString(id.ImageDigest) == digest || id.ImageDigest == nil && aws.ToString(id.ImageTag) == tag {
				out.Images = append(out.Images, types.Image{ImageId: &types.ImageIdentifier{ImageDigest: &digest, ImageTag: id.ImageTag}})
				found = true
			}
		}
		if !found {
			code := types.ImageFailureCodeImageNotFound
			if f.failure != "" {
				code = f.failure
			}
			out.Failures = append(out.Failures, types.ImageFailure{FailureCode: code, ImageId: &id})
		}
	}
	return out, nil
}

func (f fakeRegistry) DescribeRegistry(context.Context, *ecr.DescribeRegistryInput, ...func(*ecr.Options)) (*ecr.DescribeRegistryOutput, error) {
	return &ecr.DescribeRegistryOutput{ReplicationConfiguration: &types.ReplicationConfiguration{Rules: []types.ReplicationRule{
		{Destinations: []types.ReplicationDestination{{Region: aws.String("us-east-1"), RegistryId: aws.String("111111111111")}}}}}}, nil
}

// fakeFunction is a function of an image.
type fakeFunction struct{ image, resolved string }

func (f fakeFunction) GetFunction(context.Context, *lambda.GetFunctionInput, ...func(*lambda.Options)) (*lambda.GetFunctionOutput, error) {
	return &lambda.GetFunctionOutput{Code: &lambdatypes.FunctionCodeLocation{ImageUri: &f.image, ResolvedImageUri: &f.resolved}}, nil
}

const here = "111111111111.dkr.ecr.us-west-2.amazonaws.com/"

var one, other = "sha256:" + strings.Repeat("1", 64), "sha256:" + strings.Repeat("2", 64)

func TestImagesAreLookedUpInTheRegistryTheyName(t *testing.T) {
	running := [][]ecstypes.Task{{task("RUNNING", one)}}
	for _, c := range []struct {
		name, image string
		tasks       [][]ecstypes.Task
		state       string
		digest      string
		calls       int
	}{
		{"by the tag, when nothing runs", here + "web:1", nil, "present", one, 1},
		{"a tag that is not there", here + "web:9", nil, "absent", "", 1},
		{"the digest it is pinned to", here + "web@" + one, nil, "present", one, 1},
		{"a digest that is not there", here + "web@" + other, nil, "absent", other, 1},
		{"a repository that is not there", here + "api:1", nil, "absent", "", 1},
		{"what runs, whatever the tag says now", here + "web:9", running, "present", one, 1},
		{"the registry's second address", "111111111111.dkr-ecr.us-west-2.on.aws/web:9", nil, "absent", "", 1},
		{"a host that only looks like a registry", "111111111111.dkr.ecr.us-west-2.amazonaws.com.example.com/web:1", nil, "elsewhere", "", 0},
		{"the other Region's registry is not asked", "111111111111.dkr.ecr.us-east-1.amazonaws.com/web:1", nil, "elsewhere", "", 0},
		{"nor is a public one", "nginx:1", nil, "elsewhere", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls := 0
			g := &gatherer{ecs: fakeECS{images: map[string]string{"app": c.image}, pages: c.tasks},
				ecr: fakeRegistry{images: map[string]string{one: "1"}, calls: &calls}}
			found := gathered(t, g, inventory.Item{Key: "app/Web", Type: serviceType, ID: "web"})
			value, _ := found.fact(drift.FactImages, "app/Web")
			list, _ := value.(map[string]any)["Images"].([]any)
			if len(list) != 1 || len(found.Gaps) != 0 || calls != c.calls {
				t.Fatalf("%d calls, images %v, gaps %+v", calls, value, found.Gaps)
			}
			image := list[0].(map[string]any)
			if image["State"] != c.state || image["Digest"] != c.digest || image["Image"] != c.image {
				t.Errorf("image %v", image)
			}
			if _, known := found.fact(drift.FactRegistryReplication, ""); known != (c.calls > 0) {
				t.Errorf("replication known: %v", known)
			}
		})
	}
}

func TestImagesOfFunctions(t *testing.T) {
	calls := 0
	g := &gatherer{functions: fakeFunction{here + "web:1", here + "web@" + one}, ecr: fakeRegistry{images: map[string]string{one: "2"}, calls: &calls}}
	item := inventory.Item{Key: "app/Fn", Type: functionType, ID: "fn", Resolved: map[string]any{"Code": map[string]any{"ImageUri": here + "web:1"}}}
	found := gathered(t, g, item)
	value, _ := found.fact(drift.FactImages, "app/Fn")
	list, _ := value.(map[string]any)["Images"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["State"] != "present" || list[0].(map[string]any)["Digest"] != one {
		t.Errorf("images %v, gaps %+v", value, found.Gaps)
	}
	item.Resolved = map[string]any{} // as a Terraform state lists it
	if found = gathered(t, g, item); len(found.Facts) == 0 {
		t.Error("a function whose source does not tell its code was not asked for its image")
	} else if _, known := found.fact(drift.FactImages, "app/Fn"); !known {
		t.Errorf("a function whose source does not tell its code: %+v", found)
	}
	item.Resolved = map[string]any{"Code": map[string]any{"ZipFile": "x"}}
	if found = gathered(t, &gatherer{ecr: g.ecr}, item); len(found.Gaps) != 0 {
		t.Errorf("a function without an image: %+v", found.Gaps)
	}
}

func TestAnImageThatCouldNotBeLookedUpIsAGap(t *testing.T) {
	for name, registry := range map[string]fakeRegistry{
		session.AccessDenied: {err: refused("ECR", "BatchGetImage", "AccessDeniedException")},
		session.Throttled:    {err: refused("ECR", "BatchGetImage", "ThrottlingException")},
		"KmsError":           {failure: types.ImageFailureCodeKmsError},
	} {
		calls := 0
		registry.calls = &calls
		g := &gatherer{ecs: fakeECS{images: map[string]string{"app": here + "web:1"}}, ecr: registry}
		found := gathered(t, g, inventory.Item{Key: "app/Web", Type: serviceType, ID: "web"})
		if _, known := found.fact(drift.FactImages, "app/Web"); known || len(found.Gaps) != 1 || found.Gaps[0].Fact != drift.FactImages ||
			found.Gaps[0].Operation != "ecr:BatchGetImage" || found.Gaps[0].Reason != name {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestImagesOfTasksThatNoServiceRuns(t *testing.T) {
	for name, c := range map[string]struct {
		others []inventory.Item
		known  bool
	}{
		"a task that is started now and then":   {nil, true},
		"a task whose service is looked at too": {[]inventory.Item{{Key: "app/Web", Type: serviceType, ID: "web", Resolved: map[string]any{"TaskDefinition": "td:3"}}}, false},
	} {
		calls := 0
		g := &gatherer{ecs: fakeECS{images: map[string]string{"app": here + "web:1"}}, ecr: fakeRegistry{images: map[string]string{one: "1"}, calls: &calls}}
		found := gathered(t, g, append(c.others, inventory.Item{Key: "app/Task", Type: definitionType, ID: "td:3"})...)
		if _, known := found.fact(drift.FactImages, "app/Task"); known != c.known || len(found.Gaps) != 0 || calls != 1 {
			t.Errorf("%s: known %v, %d calls, gaps %+v", name, known, calls, found.Gaps)
		}
	}
}

func TestReplicationIsToldWhereRepositoriesAre(t *testing.T) {
	for typ, want := range map[string]bool{repositoryType: true, "AWS::SQS::Queue": false} {
		calls := 0
		found := gathered(t, &gatherer{ecr: fakeRegistry{calls: &calls}}, inventory.Item{Key: "app/X", Type: typ, ID: "x"})
		if _, known := found.fact(drift.FactRegistryReplication, ""); known != want {
			t.Errorf("%s: known %v", typ, known)
		}
	}
}
