package predict

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
)

// functionType is a resource whose code is read as a digest of its bytes.
const functionType = "AWS::Lambda::Function"

// registry is the part of an image's name that says whose registry of which
// Region it lies in.
var registry = regexp.MustCompile(`^(?:\d{12}|\$\{[^}]*\})\.dkr\.ecr\.[^/]+/`)

// withCode gives a function what stands for the digest of its code: AWS tells
// it of what is deployed, and a template names the bytes only. What is named
// alike in both Regions is taken for the same; in which bucket or registry of
// a Region it lies says nothing.
func withCode(typeName string, properties map[string]any) map[string]any {
	code, _ := properties["Code"].(map[string]any)
	if typeName != functionType || code == nil {
		return properties
	}
	out := maps.Clone(properties)
	out["CodeSha256"] = codeNamed(code)
	return out
}

func codeNamed(code map[string]any) string {
	switch {
	case code["ImageUri"] != nil:
		return "the image " + registry.ReplaceAllString(fmt.Sprint(code["ImageUri"]), "")
	case code["S3Key"] != nil:
		return "the package " + fmt.Sprint(code["S3Key"])
	default:
		sum := sha256.Sum256([]byte(fmt.Sprint(code["ZipFile"])))
		return "the inline code " + hex.EncodeToString(sum[:8])
	}
}
