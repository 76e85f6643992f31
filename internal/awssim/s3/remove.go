package s3

import (
	"maps"
	"net/url"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

func queryTags(s string) map[string]string {
	out := map[string]string{}
	values, err := url.ParseQuery(s)
	if err != nil {
		return out
	}
	for k := range values {
		out[k] = values.Get(k)
	}
	return out
}

// erase deletes one key: a version for good, or the object itself, which leaves a deletion mark in a versioned bucket.
func erase(c *core.Call, b store.Resource, key, version string) (wire.Object, error) {
	id := objectID(b.ID, key)
	if version == "" && keepsVersions(b) {
		mark := map[string]any{"Marker": true, "LastModified": c.Now()}
		if err := write(c.World, b, key, mark, func(store.Resource) error { return nil }); err != nil {
			return nil, err
		}
		return wire.Object{"DeleteMarker": true, "DeleteMarkerVersionId": mark["VersionId"]}, nil
	}
	if version == "" {
		version = "null"
	}
	out := wire.Object{}
	if version != "null" {
		out["VersionId"] = version
	}
	left := 1
	_, _, err := c.World.Store.Update(b.Scope, objectType, id, func(r *store.Resource) error {
		var kept []any
		for _, e := range versions(*r) {
			if v := wire.AsObject(e); v.String("VersionId") != version {
				kept = append(kept, e)
			} else if v.Bool("Marker") {
				out["DeleteMarker"] = true
			}
		}
		r.Private["Versions"] = kept
		left = len(kept)
		return nil
	})
	if left == 0 {
		c.World.Store.Delete(b.Scope, objectType, id)
	}
	return out, err
}

func deleteObject(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	o, exists := c.World.Store.Get(b.Scope, objectType, objectID(b.ID, c.In.String("Key")))
	if want := c.Request.Header("If-Match"); want != "" && exists {
		if err := precondition(c.Request.HTTP.Header, o); err != nil {
			return nil, err
		}
	}
	done, err := erase(c, b, c.In.String("Key"), c.In.String("versionId"))
	if err != nil {
		return nil, err
	}
	header := map[string]string{}
	if done.Bool("DeleteMarker") {
		header["X-Amz-Delete-Marker"] = "true"
	}
	for _, name := range []string{"DeleteMarkerVersionId", "VersionId"} {
		if v := done.String(name); v != "" {
			header["X-Amz-Version-Id"] = v
		}
	}
	return &wire.Raw{Status: 204, Header: header}, nil
}

func deleteObjects(c *core.Call) (any, error) {
	b, doc, err := bucketAndBody(c)
	if err != nil {
		return nil, err
	}
	out := wire.El("DeleteResult")
	for _, o := range doc.All("Object") {
		done, err := erase(c, b, o.Value("Key"), o.Value("VersionId"))
		if err != nil {
			return nil, err
		}
		if doc.Value("Quiet") == "true" {
			continue
		}
		one := wire.El("Deleted", wire.Leaf("Key", o.Value("Key")))
		for _, k := range done.Keys() {
			one.Children = append(one.Children, wire.Leaf(k, done[k]))
		}
		out.Children = append(out.Children, one)
	}
	return xmlAnswer(out), nil
}

func getObjectTagging(c *core.Call) (any, error) {
	o, _, err := object(c)
	if err != nil {
		return nil, err
	}
	return xmlAnswer(wire.El("Tagging", tagSet(o.Tags))), nil
}

func putObjectTagging(c *core.Call) (any, error) {
	if _, _, err := object(c); err != nil {
		return nil, err
	}
	b, doc, err := bucketAndBody(c)
	if err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 200}, tagObject(c, b, readTags(doc.Child("TagSet")))
}

func tagObject(c *core.Call, b store.Resource, tags map[string]string) error {
	_, _, err := c.World.Store.Update(b.Scope, objectType, objectID(b.ID, c.In.String("Key")), func(r *store.Resource) error {
		r.Tags = maps.Clone(tags)
		return nil
	})
	return err
}
