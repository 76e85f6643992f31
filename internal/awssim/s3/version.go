package s3

import (
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// An object is a resource of its own type, its id is BUCKET/KEY. Private["Versions"] lists its versions, the newest last; each
// is a structure with VersionId ("null" while versioning is off), LastModified, and Marker (a deletion) or the members that
// newVersion sets.

func objectID(bucket, key string) string { return bucket + "/" + key }

func objectKey(o store.Resource) string {
	_, key, _ := strings.Cut(o.ID, "/")
	return key
}

func versions(o store.Resource) []any {
	list, _ := wire.Items(o.Private["Versions"])
	return list
}

// objects lists the objects of a bucket whose key has the prefix, in order of the keys.
func objects(v store.View, scope store.Scope, bucket, prefix string) []store.Resource {
	return v.Prefix(scope, objectType, objectID(bucket, prefix))
}

// latest returns the newest version; ok is false when there is none or it is a deletion.
func latest(o store.Resource) (v wire.Object, ok bool) {
	list := versions(o)
	if len(list) == 0 {
		return nil, false
	}
	v = wire.AsObject(list[len(list)-1])
	return v, !v.Bool("Marker")
}

func versionByID(o store.Resource, id string) (wire.Object, bool) {
	for _, e := range versions(o) {
		if v := wire.AsObject(e); v.String("VersionId") == id {
			return v, true
		}
	}
	return nil, false
}

// keepsVersions reports whether writes to the bucket leave older versions in place.
func keepsVersions(b store.Resource) bool {
	return wire.Object(b.Properties).Object("VersioningConfiguration").String("Status") == "Enabled"
}

func wasVersioned(b store.Resource) bool {
	return wire.Object(b.Properties).Has("VersioningConfiguration")
}

// newVersion describes what a PUT stores.
func newVersion(b store.Resource, body []byte, header http.Header, now time.Time) map[string]any {
	sum := md5.Sum(body)
	v := map[string]any{
		"Body": body, "Size": float64(len(body)), "ETag": hex.EncodeToString(sum[:]), "LastModified": now,
		"ContentType": header.Get("Content-Type"), "ContentEncoding": header.Get("Content-Encoding"),
	}
	if v["ContentType"] == "" {
		v["ContentType"] = "binary/octet-stream"
	}
	sums, metadata := map[string]any{}, map[string]any{}
	for _, algorithm := range algorithms() {
		if header.Get("X-Amz-Checksum-"+algorithm) != "" || strings.EqualFold(header.Get("X-Amz-Sdk-Checksum-Algorithm"), algorithm) {
			sums[algorithm] = checksum(algorithm, body)
		}
	}
	if len(sums) == 0 {
		sums["Crc64nvme"] = checksum("Crc64nvme", body)
	}
	for name := range header {
		if key, ok := strings.CutPrefix(strings.ToLower(name), "x-amz-meta-"); ok {
			metadata[key] = header.Get(name)
		}
	}
	v["Checksums"], v["Metadata"] = sums, metadata
	encrypt(v, b, header)
	return v
}

// encrypt notes the encryption of a version: what the request says, else what the bucket does by default.
func encrypt(v map[string]any, b store.Resource, header http.Header) {
	v["SSE"], v["KMSKey"] = header.Get("X-Amz-Server-Side-Encryption"), header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id")
	if v["SSE"] != "" {
		return
	}
	for _, rule := range wire.Object(b.Properties).Object("BucketEncryption").Objects("ServerSideEncryptionConfiguration") {
		by := rule.Object("ServerSideEncryptionByDefault")
		v["SSE"], v["KMSKey"] = by.String("SSEAlgorithm"), by.String("KMSMasterKeyID")
	}
}

// write stores a version of an object. check sees the object as it is (with the zero Resource for a new one) and may refuse.
func write(w *core.World, b store.Resource, key string, v map[string]any, check func(store.Resource) error) error {
	id := "null"
	if keepsVersions(b) {
		id = w.IDs.Lower(32, "object-version", b.ID, key)
	}
	v["VersionId"] = id
	add := func(r *store.Resource) {
		var kept []any
		for _, old := range versions(*r) {
			if wire.AsObject(old).String("VersionId") != id {
				kept = append(kept, old)
			}
		}
		r.Private["Versions"] = append(kept, v)
	}
	for {
		_, found, err := w.Store.Update(b.Scope, objectType, objectID(b.ID, key), func(r *store.Resource) error {
			if err := check(*r); err != nil {
				return err
			}
			add(r)
			return nil
		})
		if found || err != nil {
			return err
		}
		if err := check(store.Resource{}); err != nil {
			return err
		}
		fresh := store.Resource{Scope: b.Scope, Type: objectType, ID: objectID(b.ID, key), Private: map[string]any{}}
		add(&fresh)
		if _, won := w.Store.Insert(fresh); won {
			return nil
		}
	}
}

// Body reads the bytes of an object for another service that acts for a caller in the scope: Lambda reads code this way.
// The errors are S3's own, for example NoSuchKey, and PermanentRedirect for a bucket of another Region.
func Body(w *core.World, scope store.Scope, bucket, key, version string) ([]byte, error) {
	c := &core.Call{World: w, Scope: scope, In: wire.Object{"Bucket": bucket, "Key": key, "versionId": version}}
	_, v, err := object(c)
	if err != nil {
		return nil, err
	}
	body, _ := v["Body"].([]byte)
	return body, nil
}
