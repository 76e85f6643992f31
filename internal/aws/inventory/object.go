package inventory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// largestState bounds what is read of one state; the largest that people report
// are some hundred megabytes.
const largestState = 512 << 20

// object reads a state from S3 with the session of the first of its Regions that
// may. It returns nothing, and fills in the problem, when none may; the error
// says that there is no such object.
func (r StateReader) object(ctx context.Context, s *state, url string) ([]byte, error) {
	bucket, key, _ := strings.Cut(url, "/")
	s.problem = session.Problem{Reason: session.Unreachable, Permission: "s3:GetObject", Message: "no Region that could read it can be reached"}
	for _, region := range s.regions {
		readOnly, ok := r.Open(region)
		if !ok {
			continue
		}
		data, version, err := get(ctx, readOnly, bucket, key)
		if err == nil {
			s.version = version
			return data, nil
		}
		if s.problem = session.Classify(err); s.problem.Reason == session.NotFound {
			return nil, fmt.Errorf("there is no such object in S3 (%s)", s.problem.Message)
		}
	}
	return nil, nil
}

// get reads an object, in whichever Region its bucket is.
func get(ctx context.Context, region session.ReadOnly, bucket, key string) (data []byte, version string, err error) {
	client := s3.NewFromConfig(region.Config(), region.S3)
	in := &s3.GetObjectInput{Bucket: &bucket, Key: &key}
	out, err := client.GetObject(ctx, in)
	if elsewhere := bucketRegion(err); elsewhere != "" && elsewhere != region.Region() {
		out, err = client.GetObject(ctx, in, func(o *s3.Options) { o.Region = elsewhere })
	}
	if err != nil {
		return nil, "", err
	}
	defer out.Body.Close()
	data, err = io.ReadAll(io.LimitReader(out.Body, largestState+1))
	if err == nil && len(data) > largestState {
		err = errors.New("the state is larger than 512 MiB")
	}
	return data, aws.ToString(out.VersionId), err
}

// bucketRegion is where S3 says a bucket is, when it refuses for being asked in
// another Region.
func bucketRegion(err error) string {
	var response *smithyhttp.ResponseError
	if !errors.As(err, &response) || response.Response == nil {
		return ""
	}
	switch response.HTTPStatusCode() {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusBadRequest:
		return response.Response.Header.Get("X-Amz-Bucket-Region")
	}
	return ""
}
