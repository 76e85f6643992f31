package read

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type ecrAPI interface {
	DescribeRepositories(context.Context, *ecr.DescribeRepositoriesInput, ...func(*ecr.Options)) (*ecr.DescribeRepositoriesOutput, error)
	GetLifecyclePolicy(context.Context, *ecr.GetLifecyclePolicyInput, ...func(*ecr.Options)) (*ecr.GetLifecyclePolicyOutput, error)
	GetRepositoryPolicy(context.Context, *ecr.GetRepositoryPolicyInput, ...func(*ecr.Options)) (*ecr.GetRepositoryPolicyOutput, error)
	ListTagsForResource(context.Context, *ecr.ListTagsForResourceInput, ...func(*ecr.Options)) (*ecr.ListTagsForResourceOutput, error)
	DescribeRegistry(context.Context, *ecr.DescribeRegistryInput, ...func(*ecr.Options)) (*ecr.DescribeRegistryOutput, error)
	GetRegistryPolicy(context.Context, *ecr.GetRegistryPolicyInput, ...func(*ecr.Options)) (*ecr.GetRegistryPolicyOutput, error)
}

// repositoriesPerCall is how many names DescribeRepositories takes. Source: ECR API reference.
const repositoriesPerCall = 100

func ecrReader() reader {
	return reader{
		specs: []Spec{
			{
				Type: "AWS::ECR::Repository",
				Properties: []string{"RepositoryName", "EncryptionConfiguration", "ImageScanningConfiguration", "ImageTagMutability",
					"ImageTagMutabilityExclusionFilters", "LifecyclePolicy", "RepositoryPolicyText", "Tags"},
				Actions: []string{"ecr:DescribeRepositories", "ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"},
				Batch:   perCall(repositoriesPerCall), Identities: []string{"Arn", "RepositoryName", "RepositoryUri"},
			},
			{Type: "AWS::ECR::ReplicationConfiguration", Properties: []string{"ReplicationConfiguration"}, Actions: []string{"ecr:DescribeRegistry"}},
			{Type: "AWS::ECR::RegistryPolicy", Properties: []string{"PolicyText"}, Actions: []string{"ecr:GetRegistryPolicy"}},
		},
		read: readECR,
	}
}

func readECR(ctx context.Context, r *run, items []inventory.Item) {
	var repositories []inventory.Item
	var jobs []func()
	for _, item := range items {
		switch {
		case item.ID == "":
			r.unaddressable(item, "a physical id")
		case item.Type == "AWS::ECR::ReplicationConfiguration":
			jobs = append(jobs, func() { r.registryReplication(ctx, item) })
		case item.Type == "AWS::ECR::RegistryPolicy":
			jobs = append(jobs, func() { r.registryPolicy(ctx, item) })
		default:
			repositories = append(repositories, item)
		}
	}
	for _, batch := range chunks(repositories, repositoriesPerCall) {
		jobs = append(jobs, func() { r.repositories(ctx, batch) })
	}
	each(ctx, jobs, func(job func()) { job() })
}

// repositories describes a batch by name. One unknown name fails the whole
// call, so each of them is then asked for alone.
func (r *run) repositories(ctx context.Context, batch []inventory.Item) {
	out, err := r.clients.ecr.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RepositoryNames: names(batch)})
	if err != nil && len(batch) > 1 && session.Classify(err).Reason == session.NotFound {
		each(ctx, batch, func(item inventory.Item) { r.repositories(ctx, []inventory.Item{item}) })
		return
	}
	if err != nil {
		r.failedAll(batch, err)
		return
	}
	found := map[string]types.Repository{}
	for _, repository := range out.Repositories {
		found[aws.ToString(repository.RepositoryName)] = repository
	}
	each(ctx, batch, func(item inventory.Item) {
		if repository, ok := found[item.ID]; ok {
			r.repository(ctx, item, repository)
		} else {
			r.gone(item)
		}
	})
}

func (r *run) repository(ctx context.Context, item inventory.Item, repository types.Repository) {
	o := newObject().take(repository, "RepositoryName", "EncryptionConfiguration", "ImageScanningConfiguration", "ImageTagMutability",
		"ImageTagMutabilityExclusionFilters").
		identity("Arn", aws.ToString(repository.RepositoryArn)).identity("RepositoryName", aws.ToString(repository.RepositoryName)).
		identity("RepositoryUri", aws.ToString(repository.RepositoryUri))
	r.lifecyclePolicy(ctx, item, o)
	r.repositoryPolicy(ctx, item, o)
	if tags, err := r.clients.ecr.ListTagsForResource(ctx, &ecr.ListTagsForResourceInput{ResourceArn: repository.RepositoryArn}); err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tagList(tags.Tags, "Key", "Value")
	}
	r.found(item, o)
}

func (r *run) lifecyclePolicy(ctx context.Context, item inventory.Item, o *object) {
	out, err := r.clients.ecr.GetLifecyclePolicy(ctx, &ecr.GetLifecyclePolicyInput{RepositoryName: &item.ID})
	var none *types.LifecyclePolicyNotFoundException
	switch {
	case errors.As(err, &none):
	case err != nil:
		r.partial(item, "LifecyclePolicy", err)
	default:
		o.set("LifecyclePolicy", map[string]any{"LifecyclePolicyText": parsed(aws.ToString(out.LifecyclePolicyText))})
	}
}

func (r *run) repositoryPolicy(ctx context.Context, item inventory.Item, o *object) {
	out, err := r.clients.ecr.GetRepositoryPolicy(ctx, &ecr.GetRepositoryPolicyInput{RepositoryName: &item.ID})
	var none *types.RepositoryPolicyNotFoundException
	switch {
	case errors.As(err, &none):
	case err != nil:
		r.partial(item, "RepositoryPolicyText", err)
	default:
		o.document("RepositoryPolicyText", aws.ToString(out.PolicyText))
	}
}

// registryReplication reads where the registry copies its images to. A registry
// always has a configuration; one without rules is what is left of a deleted one.
func (r *run) registryReplication(ctx context.Context, item inventory.Item) {
	out, err := r.clients.ecr.DescribeRegistry(ctx, &ecr.DescribeRegistryInput{})
	switch {
	case err != nil:
		r.failed(item, err)
	case out.ReplicationConfiguration == nil || len(out.ReplicationConfiguration.Rules) == 0:
		r.gone(item)
	default:
		r.found(item, newObject().take(out, "ReplicationConfiguration"))
	}
}

func (r *run) registryPolicy(ctx context.Context, item inventory.Item) {
	out, err := r.clients.ecr.GetRegistryPolicy(ctx, &ecr.GetRegistryPolicyInput{})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.found(item, newObject().document("PolicyText", aws.ToString(out.PolicyText)))
}
