package s3

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func request(body string, headers ...string) *wire.Request {
	r := httptest.NewRequest("PUT", "/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return &wire.Request{HTTP: r, Body: []byte(body)}
}

func TestAChunkedBodyIsReadWithItsTrailer(t *testing.T) {
	chunked := "3\r\nhel\r\n2;chunk-signature=ab\r\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
	body, header, err := payload(request(chunked, "Content-Encoding", "aws-chunked, gzip"))
	if err != nil || string(body) != "hello" || header.Get("X-Amz-Checksum-Crc32") != "NhCmhg==" || header.Get("Content-Encoding") != "gzip" {
		t.Errorf("%q %v %v", body, header, err)
	}
	for name, broken := range map[string]string{
		"wrong checksum":  strings.Replace(chunked, "NhCmhg", "AAAAAA", 1),
		"too short":       "9\r\nhel\r\n0\r\n\r\n",
		"no last chunk":   "3\r\nhel\r\n",
		"no chunk at all": "hello",
		"negative size":   "-1\r\nhel\r\n0\r\n\r\n",
	} {
		if _, _, err := payload(request(broken, "Content-Encoding", "aws-chunked")); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if body, _, err := payload(request(chunked)); err != nil || string(body) != chunked {
		t.Error("a body that is not chunked was changed")
	}
}

func TestChecksumsAreThoseOfTheirStandards(t *testing.T) {
	// "123456789" is the check value of every published CRC
	for algorithm, want := range map[string]string{"Crc32": "y/Q5Jg==", "Crc32c": "4waSgw==", "Crc64nvme": "rosUhgp5mIg=",
		"Sha1": "98O8HYCOBHMq32eZZczDTKeuNEE=", "Sha256": "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="} {
		if got := checksum(algorithm, []byte("123456789")); got != want {
			t.Errorf("%s: %s, want %s", algorithm, got, want)
		}
	}
}

func FuzzUnchunk(f *testing.F) {
	f.Add([]byte("3\r\nhel\r\n0\r\n\r\n"))
	f.Add([]byte("ffffffff\r\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		out, err := unchunk(body, map[string][]string{})
		if err == nil && len(out) > len(body) {
			t.Error("more came out than went in")
		}
		framed := fmt.Appendf(nil, "%x\r\n%s\r\n0\r\n\r\n", len(body), body)
		if out, err := unchunk(framed, map[string][]string{}); len(body) > 0 && (err != nil || !bytes.Equal(out, body)) {
			t.Errorf("%q came back as %q, %v", body, out, err)
		}
	})
}

func bench(t *testing.T) *coretest.Bench {
	b := coretest.New(t, Service())
	b.Made(coretest.East, "B", Type, map[string]any{"BucketName": "bucket", "VersioningConfiguration": map[string]any{"Status": "Enabled"}})
	return b
}

func put(b *coretest.Bench, key, body string, headers ...[2]string) (map[string]string, error) {
	b.Helper()
	out, err := b.Try(coretest.East, "s3.PutObject", wire.Object{"Bucket": "bucket", "Key": key}, []byte(body), headers...)
	if err != nil {
		return nil, err
	}
	return out.(*wire.Raw).Header, nil
}

func TestWritesCanBeConditional(t *testing.T) {
	b := bench(t)
	first, err := put(b, "lock", "mine", [2]string{"If-None-Match", "*"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = put(b, "lock", "yours", [2]string{"If-None-Match", "*"})
	b.Code("PreconditionFailed", err)
	_, err = put(b, "lock", "yours", [2]string{"If-Match", `"other"`})
	b.Code("PreconditionFailed", err)
	_, err = put(b, "none", "x", [2]string{"If-Match", `"other"`})
	b.Code("NoSuchKey", err)
	second, err := put(b, "lock", "again", [2]string{"If-Match", first["ETag"]})
	if err != nil || second["X-Amz-Version-Id"] == first["X-Amz-Version-Id"] {
		t.Errorf("%v %v", second, err)
	}
	if _, err := b.Try(coretest.East, "s3.DeleteObject", wire.Object{"Bucket": "bucket", "Key": "lock"}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err = put(b, "lock", "free", [2]string{"If-None-Match", "*"}); err != nil {
		t.Errorf("a deleted object still blocks: %v", err)
	}
	old, err := Body(b.World, coretest.Scope(coretest.East), "bucket", "lock", first["X-Amz-Version-Id"])
	if err != nil || string(old) != "mine" {
		t.Errorf("%q %v", old, err)
	}
}

func TestABucketNameBelongsToOneAccountAndRegion(t *testing.T) {
	b := bench(t)
	_, err := b.Make(coretest.West, "B", Type, map[string]any{"BucketName": "bucket"})
	b.Code("BucketAlreadyOwnedByYou", err)
	other := coretest.Scope(coretest.West)
	other.Account = "222222222222"
	_, err = b.World.Create(other, Type, map[string]any{"BucketName": "bucket"}, core.Origin{})
	b.Code("BucketAlreadyExists", err)
	_, err = b.Make(coretest.East, "B2", Type, map[string]any{"BucketName": "Not_A_Bucket"})
	b.Code("InvalidBucketName", err)
	b.Refused("PermanentRedirect", coretest.West, "s3.GetBucketVersioning", wire.Object{"Bucket": "bucket"})
	b.Refused("NoSuchBucket", coretest.West, "s3.GetBucketVersioning", wire.Object{"Bucket": "none"})
}

func TestABucketWithObjectsIsNotDeleted(t *testing.T) {
	b := bench(t)
	if _, err := put(b, "a", "x"); err != nil {
		t.Fatal(err)
	}
	_, err := b.Try(coretest.East, "s3.DeleteBucket", wire.Object{"Bucket": "bucket"}, nil)
	b.Code("BucketNotEmpty", err)
}

func TestListingsAreCutAtTheDelimiterAndTheLimit(t *testing.T) {
	b := bench(t)
	for _, key := range []string{"a/1", "a/2", "b", "c/1", "d"} {
		if _, err := put(b, key, "x"); err != nil {
			t.Fatal(err)
		}
	}
	var seen []string
	token := ""
	for range 10 {
		out, err := b.Try(coretest.East, "s3.ListObjectsV2", wire.Object{"Bucket": "bucket", "delimiter": "/", "max-keys": "2", "continuation-token": token}, nil)
		if err != nil {
			t.Fatal(err)
		}
		doc := out.(*wire.Raw).Node
		for _, p := range doc.All("CommonPrefixes") {
			seen = append(seen, p.Value("Prefix"))
		}
		for _, c := range doc.All("Contents") {
			seen = append(seen, c.Value("Key"))
		}
		if token = doc.Value("NextContinuationToken"); token == "" {
			break
		}
	}
	if got := strings.Join(seen, " "); got != "a/ b c/ d" {
		t.Errorf("listed %s", got)
	}
}

func TestConfigurationsSurviveTheWayThroughXML(t *testing.T) {
	b := bench(t)
	for sub, doc := range map[string]string{
		"BucketLifecycleConfiguration": `<LifecycleConfiguration><Rule><Expiration><Days>3</Days></Expiration><Filter><And><Prefix>a/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><ID>x</ID><NoncurrentVersionExpiration><NewerNoncurrentVersions>2</NewerNoncurrentVersions><NoncurrentDays>9</NoncurrentDays></NoncurrentVersionExpiration><Status>Enabled</Status><Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition></Rule></LifecycleConfiguration>`,
		"BucketReplication":            `<ReplicationConfiguration><Role>r</Role><Rule><DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication><Destination><Bucket>arn:aws:s3:::x</Bucket></Destination><Filter><Prefix></Prefix></Filter><ID>r</ID><Priority>1</Priority><Status>Enabled</Status></Rule></ReplicationConfiguration>`,
		"BucketEncryption":             `<ServerSideEncryptionConfiguration><Rule><BucketKeyEnabled>true</BucketKeyEnabled><ApplyServerSideEncryptionByDefault><KMSMasterKeyID>k</KMSMasterKeyID><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
		"BucketCors":                   `<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedOrigin>*</AllowedOrigin><MaxAgeSeconds>3</MaxAgeSeconds></CORSRule></CORSConfiguration>`,
		"BucketWebsite":                `<WebsiteConfiguration><ErrorDocument><Key>e.html</Key></ErrorDocument><IndexDocument><Suffix>i.html</Suffix></IndexDocument></WebsiteConfiguration>`,
		"BucketLogging":                `<BucketLoggingStatus><LoggingEnabled><TargetBucket>b</TargetBucket><TargetPrefix>p</TargetPrefix></LoggingEnabled></BucketLoggingStatus>`,
	} {
		in := wire.Object{"Bucket": "bucket"}
		if _, err := b.Try(coretest.East, "s3.Put"+sub, in, []byte(doc)); err != nil {
			t.Errorf("%s: %v", sub, err)
			continue
		}
		out, err := b.Try(coretest.East, "s3.Get"+sub, in, nil)
		if err != nil {
			t.Errorf("%s: %v", sub, err)
			continue
		}
		got := strings.ReplaceAll(string(out.(*wire.Raw).Node.Document()), ` xmlns="`+namespace+`"`, "")
		if _, got, _ = strings.Cut(got, "?>\n"); got != doc {
			t.Errorf("%s\nsent %s\ngot  %s", sub, doc, got)
		}
	}
}

func TestABucketInTheHostNameMovesIntoThePath(t *testing.T) {
	for url, want := range map[string]string{
		"http://bucket.s3.us-west-2.amazonaws.com/k/e%2By": "/bucket/k/e%2By",
		"http://a.b.s3.amazonaws.com/k":                    "/a.b/k",
		"http://bucket.localhost:4599/k":                   "/bucket/k",
		"http://s3.us-west-2.amazonaws.com/bucket/k":       "/bucket/k",
		"http://127.0.0.1:4599/bucket/k":                   "/bucket/k",
	} {
		if got := PathStyle(httptest.NewRequest("GET", url, nil)).URL.EscapedPath(); got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
}
