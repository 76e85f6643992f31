package evidence

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/smithy-go"
)

// unique drops repeated identifiers, which ECR refuses.
func unique(ids []types.ImageIdentifier) []types.ImageIdentifier {
	key := func(id types.ImageIdentifier) string {
		return aws.ToString(id.ImageDigest) + " " + aws.ToString(id.ImageTag)
	}
	var own []types.ImageIdentifier
	for _, id := range ids {
		if !slices.ContainsFunc(own, func(other types.ImageIdentifier) bool { return key(other) == key(id) }) {
			own = append(own, id)
		}
	}
	return own
}

// unexplained is the first failure inside an answer that does not say that an
// image is missing: such an answer says nothing about the image.
func unexplained(failures []types.ImageFailure) error {
	for _, f := range failures {
		switch f.FailureCode {
		case types.ImageFailureCodeImageNotFound, types.ImageFailureCodeImageTagDoesNotMatchDigest:
		default:
			return &smithy.OperationError{ServiceID: ecr.ServiceID, OperationName: "BatchGetImage",
				Err: &smithy.GenericAPIError{Code: string(f.FailureCode), Message: aws.ToString(f.FailureReason)}}
		}
	}
	return nil
}
