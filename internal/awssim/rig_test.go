package awssim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// rig drives a cloud on a virtual clock with hand-made requests.
type rig struct {
	*testing.T
	cloud  *Cloud
	clock  *clock.Manual
	region string
	key    string
}

func newRig(t *testing.T, faults ...Fault) *rig {
	t.Helper()
	clk := clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	c, err := New(Options{Clock: clk, Faults: faults, Accounts: map[string]string{"OTHER": "222222222222"}})
	if err != nil {
		t.Fatal(err)
	}
	return &rig{T: t, cloud: c, clock: clk, region: "eu-west-1", key: "AKID"}
}

func (r *rig) sign(req *http.Request, service string) *http.Request {
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+r.key+"/20260102/"+r.region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=00")
	return req
}

// query calls an operation by awsQuery; pairs alternate names and values. code is the error code, "" for success.
func (r *rig) query(service, action string, pairs ...string) (doc *wire.Node, code string) {
	r.Helper()
	form := url.Values{"Action": {action}, "Version": {"2010-05-15"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	r.cloud.ServeHTTP(w, r.sign(req, service))
	doc, err := wire.ParseXML(w.Body.Bytes())
	if err != nil {
		r.Fatalf("%s: %v in %s", action, err, w.Body)
	}
	if w.Code != 200 {
		return doc.Child("Error"), doc.Child("Error").Value("Code")
	}
	return doc.Child(action + "Result"), ""
}

// cfn calls CloudFormation and expects success.
func (r *rig) cfn(action string, pairs ...string) *wire.Node {
	r.Helper()
	doc, code := r.query("cloudformation", action, pairs...)
	if code != "" {
		r.Fatalf("%s: %s: %s", action, code, doc.Value("Message"))
	}
	return doc
}

// refuse calls CloudFormation and expects an error of the code whose message holds the text.
func (r *rig) refuse(code, text, action string, pairs ...string) {
	r.Helper()
	doc, got := r.query("cloudformation", action, pairs...)
	if got != code || !strings.Contains(doc.Value("Message"), text) {
		message := ""
		if doc != nil {
			message = doc.Value("Message")
		}
		r.Fatalf("%s: got %q %q, want %q with %q", action, got, message, code, text)
	}
}

// json calls an operation by awsJson.
func (r *rig) json(service, target string, in map[string]any) (wire.Object, string) {
	r.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		r.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(body)))
	req.Header.Set("X-Amz-Target", "Simulated."+target)
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	w := httptest.NewRecorder()
	r.cloud.ServeHTTP(w, r.sign(req, service))
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		r.Fatalf("%s: %v in %s", target, err, w.Body)
	}
	if w.Code != 200 {
		code := wire.Text(out["__type"])
		return out, code[strings.Index(code, "#")+1:]
	}
	return out, ""
}

func (r *rig) parameter(name string) string {
	r.Helper()
	out, code := r.json("ssm", "GetParameter", map[string]any{"Name": name})
	if code != "" {
		return code
	}
	return out.Object("Parameter").String("Value")
}

func (r *rig) status(stack string) string {
	r.Helper()
	return r.stack(stack).Value("StackStatus")
}

func (r *rig) stack(name string) *wire.Node {
	r.Helper()
	return r.cfn("DescribeStacks", "StackName", name).Child("Stacks").Child("member")
}

// settle lets an hour pass.
func (r *rig) settle() { r.clock.Advance(time.Hour) }

// statuses lists what the stack itself went through, oldest first.
func (r *rig) statuses(stack string) []string {
	r.Helper()
	var out []string
	for _, ev := range r.events(stack) {
		if ev.Value("ResourceType") == "AWS::CloudFormation::Stack" && ev.Value("LogicalResourceId") == ev.Value("StackName") {
			out = append(out, ev.Value("ResourceStatus"))
		}
	}
	return out
}

func (r *rig) events(stack string) []*wire.Node {
	r.Helper()
	list := r.cfn("DescribeStackEvents", "StackName", stack).Child("StackEvents").All("member")
	slices.Reverse(list)
	return list
}

// history lists "Logical STATUS" of the events of resources, oldest first.
func (r *rig) history(stack string) []string {
	r.Helper()
	var out []string
	for _, ev := range r.events(stack) {
		if ev.Value("LogicalResourceId") != ev.Value("StackName") {
			out = append(out, ev.Value("LogicalResourceId")+" "+ev.Value("ResourceStatus"))
		}
	}
	return out
}

func (r *rig) reasons(stack string) string {
	r.Helper()
	var out []string
	for _, ev := range r.events(stack) {
		out = append(out, ev.Value("ResourceStatusReason"))
	}
	return strings.Join(out, "\n")
}

func (r *rig) want(what string, got, want []string) {
	r.Helper()
	if !slices.Equal(got, want) {
		r.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}
