package read

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// describeImages says what AMIs are: the same image has another id in every
// Region. One that nobody may see any more has no content.
func (r *run) describeImages(ctx context.Context, ids []string) ([]content, error) {
	found := map[string]types.Image{}
	pages := ec2.NewDescribeImagesPaginator(r.clients.ec2, &ec2.DescribeImagesInput{
		Filters:           []types.Filter{{Name: aws.String("image-id"), Values: ids}},
		IncludeDeprecated: aws.Bool(true), IncludeDisabled: aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, image := range page.Images {
			found[aws.ToString(image.ImageId)] = image
		}
	}
	var list []content
	for _, id := range ids {
		if image, ok := found[id]; ok {
			list = append(list, imageContent(id, image))
			continue
		}
		list = append(list, content{id: id, kind: "AMI", beside: map[string]any{"State": "gone"}})
	}
	return list, nil
}

// imageContent: images of AWS and of the marketplace are published everywhere by
// one owner under one name; copies keep the name and get the owner who copied.
func imageContent(id string, image types.Image) content {
	return content{
		id: id, kind: "AMI", name: aws.ToString(image.Name),
		alike: map[string]any{
			"Name": aws.ToString(image.Name), "Owner": cmp.Or(aws.ToString(image.ImageOwnerAlias), aws.ToString(image.OwnerId)),
			"Architecture": image.Architecture, "RootDeviceType": image.RootDeviceType, "VirtualizationType": image.VirtualizationType,
		},
		beside: map[string]any{
			"CreationDate": image.CreationDate, "State": image.State, "SourceImageId": image.SourceImageId,
			"SourceImageRegion": image.SourceImageRegion, "DeprecationTime": image.DeprecationTime,
		},
	}
}
