package awssim

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// One signed read through the whole of the simulator, without a socket or an SDK.
func BenchmarkGetParameter(b *testing.B) {
	c, err := New(Options{Resources: []Seed{{Region: "eu-west-1", Type: "AWS::SSM::Parameter", Properties: map[string]any{"Name": "/a", "Type": "String", "Value": "v"}}}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		req := httptest.NewRequest("POST", "/", strings.NewReader(`{"Name":"/a"}`))
		req.Header.Set("X-Amz-Target", "AmazonSSM.GetParameter")
		req.Header.Set("Content-Type", "application/x-amz-json-1.1")
		req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/ssm/aws4_request")
		w := httptest.NewRecorder()
		c.ServeHTTP(w, req)
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
