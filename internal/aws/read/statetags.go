package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type taggingAPI interface {
	GetResources(context.Context, *resourcegroupstaggingapi.GetResourcesInput, ...func(*resourcegroupstaggingapi.Options)) (*resourcegroupstaggingapi.GetResourcesOutput, error)
}

// Step Functions tells the tags of one resource a second, after a first
// hundred. From this many on they are listed with those of all others.
const statesForList = 10

// stateTags are the tags by ARN; nil where each resource is asked for its own.
type stateTags map[string]map[string]string

// listedStateTags lists the tags of all state machines and activities of the
// Region. Whatever stands in the way of that, the resources are asked instead.
func (r *run) listedStateTags(ctx context.Context, items []inventory.Item) stateTags {
	if len(items) < statesForList {
		return nil
	}
	tags := stateTags{}
	pages := resourcegroupstaggingapi.NewGetResourcesPaginator(r.clients.tagging,
		&resourcegroupstaggingapi.GetResourcesInput{ResourceTypeFilters: []string{"states"}, ResourcesPerPage: aws.Int32(100)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil
		}
		for _, resource := range page.ResourceTagMappingList {
			own := map[string]string{}
			for _, tag := range resource.Tags {
				own[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
			}
			tags[aws.ToString(resource.ResourceARN)] = own
		}
	}
	return tags
}

// stateTags fills in the tags of a resource. The list has what carries any tag:
// one that it lacks has none, unless a stack made it, which always gives some:
// then the list is behind, and the resource is asked.
func (r *run) stateTags(ctx context.Context, item inventory.Item, o *object, listed stateTags) {
	if tags, ok := listed[item.ID]; ok || listed != nil && item.StackID == "" {
		o.tags = tags
		return
	}
	tags, err := r.clients.stepFunctions.ListTagsForResource(ctx, &sfn.ListTagsForResourceInput{ResourceArn: &item.ID})
	if err != nil {
		r.partial(item, "Tags", err)
		return
	}
	o.tagList(tags.Tags, "Key", "Value")
}
