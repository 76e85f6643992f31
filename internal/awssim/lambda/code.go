package lambda

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/ecr"
	"github.com/lockstep-dr/lockstep/internal/awssim/s3"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// zipBytes is the member of Code that keeps an archive sent through the API; CloudFormation has none, its ZipFile is source.
const zipBytes = "ZipBytes"

// loadCode reads what Code names and notes its digest and size in the private state.
func loadCode(w *core.World, r *store.Resource) error {
	code := wire.AsObject(r.Properties["Code"])
	if image := code.String("ImageUri"); image != "" {
		digest, known := ecr.Digest(w, image)
		switch {
		case known && digest == "":
			return invalid("Source image %s does not exist. Provide a valid source image.", image)
		case !known:
			digest = "sha256:" + hex.EncodeToString(imageDigest(image))
		}
		r.Private["CodeSha256"], r.Private["CodeSize"] = strings.TrimPrefix(digest, "sha256:"), 0.0
		r.Private["ResolvedImageUri"] = repository(image) + "@" + digest
		return nil
	}
	archive, err := archive(w, r, code)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(archive)
	r.Private["CodeSha256"], r.Private["CodeSize"] = base64.StdEncoding.EncodeToString(sum[:]), float64(len(archive))
	return nil
}

func archive(w *core.World, r *store.Resource, code wire.Object) ([]byte, error) {
	switch {
	case code.String("S3Bucket") != "":
		body, err := s3.Body(w, r.Scope, code.String("S3Bucket"), code.String("S3Key"), code.String("S3ObjectVersion"))
		var e *wire.Error
		if errors.As(err, &e) {
			text := e.Message
			if e.Code == "PermanentRedirect" {
				text = "The bucket is in this region: " + e.Header["X-Amz-Bucket-Region"] + ". Please use this region to retry the request"
			}
			return nil, invalid("Error occurred while GetObject. S3 Error Code: %s. S3 Error Message: %s", e.Code, text)
		}
		return body, err
	case code.String(zipBytes) != "":
		return code.Blob(zipBytes)
	case code.String("ZipFile") != "":
		return inline(wire.Text(r.Properties["Runtime"]), code.String("ZipFile"))
	}
	return nil, invalid("Please provide a source for function code.")
}

// inline packs source given in a template, as CloudFormation does; the archive depends on the source only.
func inline(runtime, source string) ([]byte, error) {
	name := "index.js"
	if strings.HasPrefix(runtime, "python") {
		name = "index.py"
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(name)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write([]byte(source)); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func imageDigest(image string) []byte {
	if _, digest, pinned := strings.Cut(image, "@sha256:"); pinned {
		if raw, err := hex.DecodeString(digest); err == nil {
			return raw
		}
	}
	sum := sha256.Sum256([]byte(ecr.Anywhere(image))) // the same image in the registries of two Regions has one digest
	return sum[:]
}

// repository is an image without tag and digest.
func repository(image string) string {
	base, _, _ := strings.Cut(image, "@")
	if i := strings.LastIndex(base, ":"); i > strings.LastIndex(base, "/") {
		base = base[:i]
	}
	return base
}

func invalid(format string, args ...any) error {
	e := wire.Errorf(400, "InvalidParameterValueException", format, args...)
	e.Members = wire.Object{"Type": "User"}
	return e
}
