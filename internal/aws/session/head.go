package session

import (
	"errors"
	"net/http"

	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// slowedHead reports whether a HEAD was told to slow down. Its answer has no body
// that could say SlowDown, so the SDK makes ServiceUnavailable of the status, 503,
// and tries that a few times only. With S3 this status is what a throttle looks
// like. Source: Amazon S3 user guide, Best practices design patterns.
func slowedHead(err error) bool {
	var failed *smithyhttp.ResponseError
	if !errors.As(err, &failed) || failed.Response == nil || failed.Response.Request == nil {
		return false
	}
	return failed.Response.Request.Method == http.MethodHead && failed.HTTPStatusCode() == http.StatusServiceUnavailable
}
