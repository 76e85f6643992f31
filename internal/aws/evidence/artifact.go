package evidence

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

const (
	functionType = "AWS::Lambda::Function"
	layerType    = "AWS::Lambda::LayerVersion"
)

type s3API interface {
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
}

// artifact records the object in S3 that a function or layer takes its code
// from, with its checksum. Code given inline or as an image has none.
func (g *gatherer) artifact(ctx context.Context, item inventory.Item, property string) {
	subject := item.Key + "#" + property
	bucket, key, version, state := codeObject(item.Resolved, property)
	switch state {
	case noObject:
		return
	case unknownObject:
		g.gap(drift.Gap{Resource: subject, Type: item.Type, Operation: "cloudformation:GetTemplate", Reason: session.Unsupported,
			Message: "the template does not say, on its own, which object holds the code", Fact: drift.FactArtifact})
		return
	}
	in := &s3.HeadObjectInput{Bucket: &bucket, Key: &key, ChecksumMode: types.ChecksumModeEnabled}
	if version != "" {
		in.VersionId = &version
	}
	out, err := g.s3.HeadObject(ctx, in)
	if err != nil {
		g.failed(drift.FactArtifact, subject, item.Type, err)
		return
	}
	g.fact(drift.FactArtifact, subject, map[string]any{
		"Bucket": bucket, "Key": key, "VersionId": aws.ToString(out.VersionId), "Checksum": checksum(out), "Size": aws.ToInt64(out.ContentLength),
	})
}

type objectState byte

const (
	noObject objectState = iota
	unknownObject
	knownObject
)

// codeObject finds the object in the declaration. A declaration that could not
// be worked out may name one.
func codeObject(declared map[string]any, property string) (bucket, key, version string, state objectState) {
	if declared == nil {
		return "", "", "", unknownObject
	}
	code, ok := declared[property].(map[string]any)
	if !ok || code["S3Bucket"] == nil && code["S3Key"] == nil {
		return "", "", "", noObject
	}
	bucket, _ = code["S3Bucket"].(string)
	key, _ = code["S3Key"].(string)
	version, _ = code["S3ObjectVersion"].(string)
	if bucket == "" || key == "" || strings.Contains(bucket+key+version, "${") {
		return "", "", "", unknownObject
	}
	return bucket, key, version, knownObject
}

// checksum prefers a digest of the content over the ETag, which depends on how
// an object was uploaded and with which key it is encrypted. It names the kind,
// so that unlike kinds never look equal.
func checksum(out *s3.HeadObjectOutput) string {
	for _, c := range []struct {
		kind  string
		value *string
	}{
		{"sha256", out.ChecksumSHA256}, {"crc64nvme", out.ChecksumCRC64NVME}, {"sha1", out.ChecksumSHA1},
		{"crc32c", out.ChecksumCRC32C}, {"crc32", out.ChecksumCRC32}, {"etag", out.ETag},
	} {
		if value := aws.ToString(c.value); value != "" {
			return c.kind + ":" + strings.Trim(value, `"`)
		}
	}
	return ""
}
