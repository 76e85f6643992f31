package s3

import (
	"net/url"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// listing is one page of keys and common prefixes.
type listing struct {
	objects  []store.Resource
	prefixes []string
	last     string // where the next page starts, "" on the last page
}

// page collects up to limit keys and common prefixes after a key.
func page(c *core.Call, b store.Resource, after string, limit int) listing {
	prefix, delimiter := c.In.String("prefix"), c.In.String("delimiter")
	var out listing
	last, previous := "", ""
	for _, o := range objects(c.Read(), b.Scope, b.ID, prefix) {
		key := objectKey(o)
		common := ""
		if before, _, found := strings.Cut(key[len(prefix):], delimiter); delimiter != "" && found {
			common = prefix + before + delimiter
		}
		_, exists := latest(o)
		switch {
		case !exists, key <= after, common != "" && (common == previous || strings.HasPrefix(after, common)):
			continue
		case len(out.objects)+len(out.prefixes) == limit:
			out.last = last
			return out
		case common != "":
			out.prefixes = append(out.prefixes, common)
		default:
			out.objects = append(out.objects, o)
		}
		last, previous = key, common
		if common != "" {
			last = common + "\U0010ffff" // behind everything below the prefix
		}
	}
	return out
}

func listObjectsV2(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	first := c.Operation == "ListObjects"
	limit := min(c.In.Int("max-keys", 1000), 1000)
	after := c.In.String("start-after")
	if token := c.In.String("continuation-token"); token != "" {
		after = token
	}
	if first {
		after = c.In.String("marker")
	}
	encode := func(s string) string { return s }
	if c.In.String("encoding-type") == "url" {
		encode = func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%2F", "/") }
	}
	got := page(c, b, after, limit)
	doc := wire.El("ListBucketResult", wire.Leaf("Name", b.ID), wire.Leaf("Prefix", encode(c.In.String("prefix"))),
		wire.Leaf("MaxKeys", limit), wire.Leaf("IsTruncated", got.last != ""))
	if d := c.In.String("delimiter"); d != "" {
		doc.Children = append(doc.Children, wire.Leaf("Delimiter", encode(d)))
	}
	if e := c.In.String("encoding-type"); e != "" {
		doc.Children = append(doc.Children, wire.Leaf("EncodingType", e))
	}
	if !first {
		doc.Children = append(doc.Children, wire.Leaf("KeyCount", len(got.objects)+len(got.prefixes)))
	}
	if got.last != "" && first {
		doc.Children = append(doc.Children, wire.Leaf("NextMarker", encode(got.last)))
	} else if got.last != "" {
		doc.Children = append(doc.Children, wire.Leaf("NextContinuationToken", got.last))
	}
	for _, o := range got.objects {
		v, _ := latest(o)
		doc.Children = append(doc.Children, entry("Contents", encode(objectKey(o)), v))
	}
	for _, p := range got.prefixes {
		doc.Children = append(doc.Children, wire.El("CommonPrefixes", wire.Leaf("Prefix", encode(p))))
	}
	return xmlAnswer(doc), nil
}

func entry(name, key string, v wire.Object) *wire.Node {
	n := wire.El(name, wire.Leaf("Key", key), wire.Leaf("LastModified", v["LastModified"]))
	if !v.Bool("Marker") {
		n.Children = append(n.Children, wire.Leaf("ETag", `"`+v.String("ETag")+`"`), wire.Leaf("Size", v["Size"]), wire.Leaf("StorageClass", "STANDARD"))
	}
	return n
}

// listObjectVersions answers one page; there is never a second one.
func listObjectVersions(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	doc := wire.El("ListVersionsResult", wire.Leaf("Name", b.ID), wire.Leaf("Prefix", c.In.String("prefix")),
		wire.Leaf("MaxKeys", 1000), wire.Leaf("IsTruncated", false))
	for _, o := range objects(c.Read(), b.Scope, b.ID, c.In.String("prefix")) {
		list := versions(o)
		for i := len(list) - 1; i >= 0; i-- {
			v := wire.AsObject(list[i])
			name := "Version"
			if v.Bool("Marker") {
				name = "DeleteMarker"
			}
			n := entry(name, objectKey(o), v)
			n.Children = append(n.Children, wire.Leaf("VersionId", v["VersionId"]), wire.Leaf("IsLatest", i == len(list)-1))
			doc.Children = append(doc.Children, n)
		}
	}
	return xmlAnswer(doc), nil
}
