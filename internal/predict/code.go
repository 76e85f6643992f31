package predict

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"

	"github.com/lockstep-dr/lockstep/drift"
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

// hashed is the key under which a deploy stores an asset: the hash of its bytes,
// which is what Lambda tells of the code it runs.
var hashed = regexp.MustCompile(`^lockstep/([0-9a-f]{64})$`)

func codeNamed(code map[string]any) string {
	switch {
	case code["ImageUri"] != nil:
		return "the image " + registry.ReplaceAllString(fmt.Sprint(code["ImageUri"]), "")
	case code["S3Key"] != nil:
		if m := hashed.FindStringSubmatch(fmt.Sprint(code["S3Key"])); m != nil {
			sum, _ := hex.DecodeString(m[1])
			return base64.StdEncoding.EncodeToString(sum)
		}
		return "the package " + fmt.Sprint(code["S3Key"])
	default:
		sum := sha256.Sum256([]byte(fmt.Sprint(code["ZipFile"])))
		return "the inline code " + hex.EncodeToString(sum[:8])
	}
}

// Settle brings together what the Regions would be: code that a change brings
// to one Region only, and that another runs already, is the same code.
func Settle(predicted []*drift.Snapshot) {
	runs := map[string]any{} // by key and what the template names, where AWS told the digest
	name := func(r drift.Resource) string {
		code, _ := r.Declared["Code"].(map[string]any)
		if r.Type != functionType || code == nil {
			return ""
		}
		return r.Key + "\n" + codeNamed(code)
	}
	for _, s := range predicted {
		for _, r := range s.Resources {
			code, _ := r.Declared["Code"].(map[string]any)
			if digest, known := r.Properties["CodeSha256"].(string); known && name(r) != "" && digest != codeNamed(code) {
				runs[name(r)] = digest
			}
		}
	}
	for _, s := range predicted {
		for i, r := range s.Resources {
			code, _ := r.Declared["Code"].(map[string]any)
			if digest := runs[name(r)]; digest != nil && r.Planned != "" && r.Properties["CodeSha256"] == codeNamed(code) {
				s.Resources[i].Properties = maps.Clone(r.Properties)
				s.Resources[i].Properties["CodeSha256"] = digest
			}
		}
	}
}
