package evidence

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

type replicationStatusAPI interface {
	DescribeImageReplicationStatus(context.Context, *ecr.DescribeImageReplicationStatusInput, ...func(*ecr.Options)) (*ecr.DescribeImageReplicationStatusOutput, error)
}

func imageReplicationActions(types []string) []string {
	if slices.Contains(registryActions(types), "ecr:BatchGetImage") {
		return []string{"ecr:DescribeImageReplicationStatus"}
	}
	return nil
}

// imageReplication asks how far the copies of the images are that the Region runs
// from its own registry and that a rule of the registry copies to another Region of
// the application. A standby's images are copied by nobody.
func (a *across) imageReplication(ctx context.Context, api replicationStatusAPI) {
	if a.own.Region.Role == topology.Standby {
		return
	}
	rules := a.registryRules()
	asked := map[string]bool{}
	for _, f := range factsOf(a.own.Facts, drift.FactImages) {
		for _, image := range list(object(f.Value)["Images"]) {
			at, _, ok := locationOf(text(image, "Image"))
			digest := text(image, "Digest")
			subject := at.repository + "@" + digest
			own := ok && at.region == a.region && at.registry == a.own.Account && text(image, "State") == imagePresent
			if !own || digest == "" || asked[subject] || !a.copied(rules, at.repository) {
				continue
			}
			asked[subject] = true
			a.imageStatus(ctx, api, at, digest)
		}
	}
}

// registryRules are the replication rules of the Region's own registry.
func (a *across) registryRules() []any {
	for _, f := range factsOf(a.own.Facts, drift.FactRegistryReplication) {
		return list(object(f.Value)["Rules"])
	}
	return nil
}

// copied reports whether a rule copies the repository to another Region of the
// application. Without a filter a rule copies every repository.
func (a *across) copied(rules []any, repository string) bool {
	return slices.ContainsFunc(rules, func(rule any) bool {
		filters := list(object(rule)["RepositoryFilters"])
		covered := len(filters) == 0 || slices.ContainsFunc(filters, func(f any) bool { return strings.HasPrefix(repository, text(f, "Filter")) })
		return covered && slices.ContainsFunc(list(object(rule)["Destinations"]), func(d any) bool { return a.isAnother(text(d, "Region")) })
	})
}

func (a *across) isAnother(region string) bool {
	return region != a.region && slices.ContainsFunc(a.app.Snapshots, func(s *drift.Snapshot) bool { return s.Region.Name == region })
}

func (a *across) imageStatus(ctx context.Context, api replicationStatusAPI, at location, digest string) {
	subject := at.repository + "@" + digest
	out, err := api.DescribeImageReplicationStatus(ctx, &ecr.DescribeImageReplicationStatusInput{
		RegistryId: &at.registry, RepositoryName: &at.repository, ImageId: &types.ImageIdentifier{ImageDigest: &digest},
	})
	if err != nil {
		a.failed(drift.FactImageReplication, subject, "", err)
		return
	}
	statuses := []map[string]any{}
	for _, s := range out.ReplicationStatuses {
		statuses = append(statuses, map[string]any{"Region": aws.ToString(s.Region), "RegistryId": aws.ToString(s.RegistryId),
			"Status": string(s.Status), "FailureCode": aws.ToString(s.FailureCode)})
	}
	a.fact(drift.FactImageReplication, subject, map[string]any{"Repository": at.repository, "Digest": digest, "Statuses": statuses})
}
