package s3

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// object finds the version of an object that the request names.
func object(c *core.Call) (store.Resource, wire.Object, error) {
	b, err := bucket(c)
	if err != nil {
		return store.Resource{}, nil, err
	}
	key, version := c.In.String("Key"), c.In.String("versionId")
	o, exists := c.Read().Get(b.Scope, objectType, objectID(b.ID, key))
	if version != "" {
		v, ok := versionByID(o, version)
		switch {
		case !exists || !ok:
			return o, nil, wire.Errorf(404, "NoSuchVersion", "The specified version does not exist.")
		case v.Bool("Marker"):
			return o, nil, wire.Errorf(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
		}
		return o, v, nil
	}
	v, ok := latest(o)
	if !ok {
		e := wire.Errorf(404, "NoSuchKey", "The specified key does not exist.")
		e.Members = wire.Object{"Key": key}
		if v != nil {
			e.Header = map[string]string{"X-Amz-Delete-Marker": "true", "X-Amz-Version-Id": v.String("VersionId")}
		}
		return o, nil, e
	}
	return o, v, nil
}

func putObject(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	body, header, err := payload(c.Request)
	if err != nil {
		return nil, err
	}
	source := c.Request.Header("X-Amz-Copy-Source")
	if source != "" {
		if body, err = copied(c, source); err != nil {
			return nil, err
		}
	}
	v := newVersion(b, body, header, c.Now())
	err = write(c.World, b, c.In.String("Key"), v, func(o store.Resource) error { return precondition(header, o) })
	if err != nil {
		return nil, err
	}
	if tags := c.Request.Header("X-Amz-Tagging"); tags != "" {
		if err := tagObject(c, b, queryTags(tags)); err != nil {
			return nil, err
		}
	}
	out := writeHeaders(b, v)
	if source != "" {
		return &wire.Raw{Header: out, Node: wire.El("CopyObjectResult", wire.Leaf("ETag", out["ETag"]), wire.Leaf("LastModified", v["LastModified"]))}, nil
	}
	return &wire.Raw{Header: out}, nil
}

func copied(c *core.Call, source string) ([]byte, error) {
	name, key, _ := strings.Cut(strings.TrimPrefix(source, "/"), "/")
	key, version, _ := strings.Cut(key, "?versionId=")
	from, err := findBucket(c, name, true)
	if err != nil {
		return nil, err
	}
	return Body(c.World, from.Scope, name, unescape(key), version)
}

// precondition checks If-None-Match: * and If-Match of a write.
func precondition(header http.Header, o store.Resource) error {
	v, exists := latest(o)
	failed := wire.Errorf(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	if header.Get("If-None-Match") == "*" && exists {
		failed.Members = wire.Object{"Condition": "If-None-Match"}
		return failed
	}
	if want := header.Get("If-Match"); want != "" {
		if !exists {
			return wire.Errorf(404, "NoSuchKey", "The specified key does not exist.")
		}
		if strings.Trim(want, `"`) != v.String("ETag") {
			failed.Members = wire.Object{"Condition": "If-Match"}
			return failed
		}
	}
	return nil
}

// writeHeaders are the headers of the answer to a write.
func writeHeaders(b store.Resource, version map[string]any) map[string]string {
	v := wire.Object(version)
	out := map[string]string{"ETag": `"` + v.String("ETag") + `"`, "X-Amz-Checksum-Type": "FULL_OBJECT"}
	for algorithm, sum := range v.StringMap("Checksums") {
		out["X-Amz-Checksum-"+algorithm] = sum
	}
	encryptionHeaders(out, v)
	if wasVersioned(b) {
		out["X-Amz-Version-Id"] = v.String("VersionId")
	}
	return out
}

func encryptionHeaders(out map[string]string, v wire.Object) {
	out["X-Amz-Server-Side-Encryption"] = v.String("SSE")
	if key := v.String("KMSKey"); key != "" {
		out["X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"] = key
	}
}

func getObject(c *core.Call) (any, error) { return read(c, true) }

func headObject(c *core.Call) (any, error) {
	raw, err := read(c, false)
	if e, ok := err.(*wire.Error); ok {
		return &wire.Raw{Status: e.Status, Header: e.Header}, nil // a HEAD answer has no body
	}
	return raw, err
}

func read(c *core.Call, withBody bool) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	o, v, err := object(c)
	if err != nil {
		return nil, err
	}
	etag := `"` + v.String("ETag") + `"`
	if want := c.Request.Header("If-Match"); want != "" && strings.Trim(want, `"`) != v.String("ETag") && want != "*" {
		return nil, wire.Errorf(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	}
	if have := c.Request.Header("If-None-Match"); have != "" && (have == "*" || strings.Trim(have, `"`) == v.String("ETag")) {
		return &wire.Raw{Status: 304, Header: map[string]string{"ETag": etag}}, nil
	}
	modified, _ := v["LastModified"].(time.Time)
	out := map[string]string{
		"ETag": etag, "Content-Type": v.String("ContentType"), "Last-Modified": modified.UTC().Format(http.TimeFormat),
		"Accept-Ranges": "bytes",
	}
	if e := v.String("ContentEncoding"); e != "" {
		out["Content-Encoding"] = e
	}
	if n := len(o.Tags); n > 0 {
		out["X-Amz-Tagging-Count"] = strconv.Itoa(n)
	}
	encryptionHeaders(out, v)
	if wasVersioned(b) {
		out["X-Amz-Version-Id"] = v.String("VersionId")
	}
	for k, text := range v.StringMap("Metadata") {
		out["X-Amz-Meta-"+k] = text
	}
	body, _ := v["Body"].([]byte)
	status, body, err := slice(c.Request.Header("Range"), body, out)
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(c.Request.Header("X-Amz-Checksum-Mode"), "ENABLED") && status == 0 {
		out["X-Amz-Checksum-Type"] = "FULL_OBJECT"
		for algorithm, sum := range v.StringMap("Checksums") {
			out["X-Amz-Checksum-"+algorithm] = sum
		}
	}
	out["Content-Length"] = strconv.Itoa(len(body))
	if !withBody {
		body = nil
	}
	return &wire.Raw{Status: status, Header: out, Body: body}, nil
}

// slice cuts the requested range "bytes=FROM-TO" out of a body.
func slice(spec string, body []byte, header map[string]string) (status int, part []byte, err error) {
	limits, ok := strings.CutPrefix(spec, "bytes=")
	if !ok {
		return 0, body, nil
	}
	first, last, _ := strings.Cut(limits, "-")
	from, to := 0, len(body)-1
	if first == "" {
		n, _ := strconv.Atoi(last)
		from = max(len(body)-n, 0)
	} else {
		from, _ = strconv.Atoi(first)
		if n, err := strconv.Atoi(last); err == nil {
			to = min(n, to)
		}
	}
	if from > to {
		return 0, nil, wire.Errorf(416, "InvalidRange", "The requested range is not satisfiable")
	}
	header["Content-Range"] = "bytes " + strconv.Itoa(from) + "-" + strconv.Itoa(to) + "/" + strconv.Itoa(len(body))
	return 206, body[from : to+1], nil
}

func getObjectAttributes(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	_, v, err := object(c)
	if err != nil {
		return nil, err
	}
	asked := c.Request.HTTP.Header.Values("X-Amz-Object-Attributes")
	wanted := func(name string) bool { return strings.Contains(strings.Join(asked, ","), name) }
	doc := wire.El("GetObjectAttributesResponse")
	if wanted("ETag") {
		doc.Children = append(doc.Children, wire.Leaf("ETag", v["ETag"]))
	}
	if wanted("Checksum") {
		sums := wire.El("Checksum")
		for algorithm, sum := range v.StringMap("Checksums") {
			sums.Children = append(sums.Children, wire.Leaf("Checksum"+strings.ToUpper(algorithm), sum))
		}
		sums.Children = append(sums.Children, wire.Leaf("ChecksumType", "FULL_OBJECT"))
		doc.Children = append(doc.Children, sums)
	}
	if wanted("StorageClass") {
		doc.Children = append(doc.Children, wire.Leaf("StorageClass", "STANDARD"))
	}
	if wanted("ObjectSize") {
		doc.Children = append(doc.Children, wire.Leaf("ObjectSize", v["Size"]))
	}
	modified, _ := v["LastModified"].(time.Time)
	header := map[string]string{"Last-Modified": modified.UTC().Format(http.TimeFormat)}
	if wasVersioned(b) {
		header["X-Amz-Version-Id"] = v.String("VersionId")
	}
	return &wire.Raw{Node: doc.With("xmlns", namespace), Header: header}, nil
}
