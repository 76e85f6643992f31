package session

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// toldHost notes the host that a request goes to once its endpoint is settled,
// whether the SDK chose it or the environment did.
func toldHost(host *string) func(*sts.Options) {
	note := func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
		middleware.DeserializeOutput, middleware.Metadata, error,
	) {
		if request, ok := in.Request.(*smithyhttp.Request); ok {
			*host = request.URL.Host
		}
		return next.HandleDeserialize(ctx, in)
	}
	return func(o *sts.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("LockstepHost", note), middleware.After)
		})
	}
}
