package session

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// emptyAnswer is a success without a body. The SDK takes it for an answer in
// which everything is empty: no rules, no resources, nothing there. Every read
// of AWS answers with a document, so this one comes from something in between.
type emptyAnswer struct{ region, service, operation string }

func (e *emptyAnswer) Error() string {
	return fmt.Sprintf("%s %s in %s answered with nothing at all", e.service, e.operation, e.region)
}

// RetryableError is what the SDK asks: the next attempt may get through.
func (e *emptyAnswer) RetryableError() bool { return true }

// withAnswers makes a read that is answered with nothing a failure.
func withAnswers(stack *middleware.Stack) error {
	check := func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
		middleware.DeserializeOutput, middleware.Metadata, error,
	) {
		out, metadata, err := next.HandleDeserialize(ctx, in)
		service, operation := middleware.GetServiceID(ctx), middleware.GetOperationName(ctx)
		response, ok := out.RawResponse.(*smithyhttp.Response)
		if err != nil || !ok || !isRead(service, operation) || strings.HasPrefix(operation, "Head") || streaming[service+" "+operation] {
			return out, metadata, err
		}
		if blank(response) {
			err = &emptyAnswer{region: awsmiddleware.GetRegion(ctx), service: service, operation: operation}
		}
		return out, metadata, err
	}
	// Last, so that the client's own reading of the answer comes after it.
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("LockstepAnswers", check), middleware.After)
}

// blank reports whether a success carries no document, and leaves one as it was.
func blank(response *smithyhttp.Response) bool {
	if response.StatusCode != http.StatusOK || response.Body == nil {
		return false
	}
	var first [1]byte
	n, err := io.ReadFull(response.Body, first[:])
	if n == 0 && err == io.EOF {
		return true
	}
	rest := response.Body
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(first[:n]), rest), rest}
	return false
}
