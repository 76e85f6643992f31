package wire

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

func TestFlattenedNamesBecomeATree(t *testing.T) {
	for _, c := range []struct {
		form string
		want Object
	}{
		{"Action=X&Version=1&Name=a", Object{"Name": "a"}},
		{"Tags.member.1.Key=k&Tags.member.1.Value=v&Tags.member.2.Key=l", Object{"Tags": []any{Object{"Key": "k", "Value": "v"}, Object{"Key": "l"}}}},
		{"Names.member.10=j&Names.member.2=b", Object{"Names": []any{"b", "j"}}},
		{"Filter.1.Name=vpc-id&Filter.1.Value.1=a&Filter.1.Value.2=b", Object{"Filter": []any{Object{"Name": "vpc-id", "Value": []any{"a", "b"}}}}},
		{"Attributes.entry.1.key=A&Attributes.entry.1.value=1&Attributes.entry.2.key=B&Attributes.entry.2.value=2", Object{"Attributes": Object{"A": "1", "B": "2"}}},
		{"Policy.Version=2&Policy.01=x", Object{"Policy": Object{"Version": "2", "01": "x"}}},
		{"", Object{}},
	} {
		form, err := url.ParseQuery(c.form)
		if err != nil {
			t.Fatal(err)
		}
		if got := unflatten(form); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %#v, want %#v", c.form, got, c.want)
		}
	}
}

func FuzzUnflatten(f *testing.F) {
	f.Add("Tags.member.1.Key=k&Tags.member=2&Tags=3")
	f.Add("a.entry.1.key=x&a.entry.2=y&..=&.1.=2")
	f.Fuzz(func(t *testing.T, text string) {
		form, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		if unflatten(form) == nil {
			t.Fatal("no tree")
		}
	})
}

func TestRoutesMatchTheMostSpecificPath(t *testing.T) {
	routes := []Route{
		{Operation: "GetFunction", Method: "GET", Path: "/2015-03-31/functions/{FunctionName}"},
		{Operation: "GetPolicy", Method: "GET", Path: "/2015-03-31/functions/{FunctionName}/policy"},
		{Operation: "GetObject", Method: "GET", Path: "/{Bucket}/{Key+}"},
		{Operation: "GetObjectTagging", Method: "GET", Path: "/{Bucket}/{Key+}", Query: []string{"tagging"}},
		{Operation: "ListObjectsV2", Method: "GET", Path: "/{Bucket}", Query: []string{"list-type=2"}},
		{Operation: "ListBuckets", Method: "GET", Path: "/"},
	}
	for _, c := range []struct {
		method, target, operation string
		input                     Object
	}{
		{"GET", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Af?Qualifier=live", "GetFunction", Object{"FunctionName": "arn:aws:lambda:f", "Qualifier": "live"}},
		{"GET", "/2015-03-31/functions/f/policy", "GetPolicy", Object{"FunctionName": "f"}},
		{"GET", "/bucket/a/b%20c", "GetObject", Object{"Bucket": "bucket", "Key": "a/b c"}},
		{"GET", "/bucket/a?tagging", "GetObjectTagging", Object{"Bucket": "bucket", "Key": "a", "tagging": ""}},
		{"GET", "/bucket?list-type=2&prefix=p", "ListObjectsV2", Object{"Bucket": "bucket", "list-type": "2", "prefix": "p"}},
		{"GET", "/?x-id=ListBuckets", "ListBuckets", Object{"x-id": "ListBuckets"}},
		{"DELETE", "/bucket/a", "", nil},
		{"GET", "/bucket?list-type=1", "", nil},
	} {
		req := &Request{HTTP: httptest.NewRequest(c.method, c.target, nil), Input: Object{}}
		ok := req.Match(routes)
		if ok != (c.operation != "") || req.Operation != c.operation || ok && !reflect.DeepEqual(req.Input, c.input) {
			t.Errorf("%s %s: %v %q %#v", c.method, c.target, ok, req.Operation, req.Input)
		}
	}
}

func TestABodyThatCannotBeReadIsAnErrorOfTheCaller(t *testing.T) {
	post := httptest.NewRequest(http.MethodPost, "/service/S/operation/Op", strings.NewReader(""))
	for p, body := range map[Protocol]string{JSON: "[1]", CBOR: "\x01", RestJSON: "{", Query: "%zz"} {
		_, err := Decode(p, post, []byte(body))
		if e, ok := err.(*Error); !ok || e.Status != 400 {
			t.Errorf("%s: %v", p, err)
		}
	}
}

func TestAnswersAreWrittenInTheDialectOfTheRequest(t *testing.T) {
	out := Object{"Name": "a<b", "List": []string{"x"}, "Attrs": Map{"k": "v"}, "Gone": nil}
	for _, c := range []struct {
		protocol Protocol
		want     string
	}{
		{Query, `<OpResponse xmlns="ns"><OpResult><Attrs><entry><key>k</key><value>v</value></entry></Attrs><List><member>x</member></List><Name>a&lt;b</Name></OpResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></OpResponse>`},
		{EC2Query, `<OpResponse xmlns="ns"><requestId>id</requestId><Attrs><entry><key>k</key><value>v</value></entry></Attrs><List><item>x</item></List><Name>a&lt;b</Name></OpResponse>`},
		{JSON, `{"Attrs":{"k":"v"},"List":["x"],"Name":"a\u003cb"}`},
	} {
		d := Dialect{Protocol: c.protocol, Operation: "Op", Namespace: "ns", RequestID: "id"}
		got := strings.TrimPrefix(string(d.Encode(out).Body), `<?xml version="1.0" encoding="UTF-8"?>`+"\n")
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.protocol, got, c.want)
		}
	}
}
