package awssim

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// put stores an object in the simulated S3.
func (r *rig) put(bucket, key, body string) {
	r.Helper()
	for _, target := range []string{"/" + bucket, "/" + bucket + "/" + key} {
		content := body
		if target == "/"+bucket && r.region == "us-east-1" {
			content = ""
		} else if target == "/"+bucket {
			content = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>` + r.region + `</LocationConstraint></CreateBucketConfiguration>`
		}
		req := httptest.NewRequest("PUT", target, strings.NewReader(content))
		w := httptest.NewRecorder()
		r.cloud.ServeHTTP(w, r.sign(req, "s3"))
		if w.Code >= 300 && !strings.Contains(w.Body.String(), "BucketAlreadyOwnedByYou") {
			r.Fatalf("PUT %s: %d %s", target, w.Code, w.Body)
		}
	}
}

const nested = `
Parameters: {Release: {Type: String, Default: r1}, Leaf: {Type: String, Default: "https://templates.s3.eu-west-1.amazonaws.com/leaf.yaml"}}
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: !Ref Leaf, Parameters: {Release: !Ref Release}}
  After:
    Type: AWS::SSM::Parameter
    Properties: {Name: /app/after, Type: String, Value: !GetAtt Child.Outputs.Name}
`

const leaf = `
Parameters: {Release: {Type: String}}
Resources:
  Inner: {Type: "AWS::SSM::Parameter", Properties: {Name: /app/inner, Type: String, Value: !Ref Release}}
Outputs: {Name: {Value: !Sub "${Inner}@${Release}"}}
`

func TestNestedStacksFollowTheirParent(t *testing.T) {
	r := newRig(t)
	r.put("templates", "leaf.yaml", leaf)
	r.cfn("CreateStack", "StackName", "app", "TemplateBody", nested)
	r.settle()
	if got := r.status("app"); got != "CREATE_COMPLETE" || r.parameter("/app/after") != "/app/inner@r1" {
		t.Fatalf("%s with %q: %s", got, r.parameter("/app/after"), r.reasons("app"))
	}
	row := r.cfn("DescribeStackResource", "StackName", "app", "LogicalResourceId", "Child").Child("StackResourceDetail")
	child := r.stack(row.Value("PhysicalResourceId"))
	if child.Value("ParentId") != r.stack("app").Value("StackId") || !strings.HasPrefix(child.Value("StackName"), "app-Child-") {
		t.Errorf("%s", child.Document())
	}
	update := func(release string) {
		r.cfn("UpdateStack", "StackName", "app", "UsePreviousTemplate", "true", "Parameters.member.1.ParameterKey", "Release", "Parameters.member.1.ParameterValue", release)
		r.settle()
	}
	update("r2")
	if got := r.status("app"); got != "UPDATE_COMPLETE" || r.parameter("/app/inner") != "r2" || r.parameter("/app/after") != "/app/inner@r2" {
		t.Errorf("%s with %q and %q", got, r.parameter("/app/inner"), r.parameter("/app/after"))
	}
	if _, err := r.cloud.Fail(Fault{ID: "f", Effect: fault.FailResource, LogicalID: "After", Action: "update"}); err != nil {
		t.Fatal(err)
	}
	update("r3")
	if got := r.status("app"); got != "UPDATE_ROLLBACK_COMPLETE" || r.parameter("/app/inner") != "r2" {
		t.Errorf("the parent failed: %s with %q", got, r.parameter("/app/inner"))
	}
	r.cloud.ClearFaults()
	if _, err := r.cloud.Fail(Fault{Effect: fault.FailResource, LogicalID: "Inner", Action: "update"}); err != nil {
		t.Fatal(err)
	}
	update("r4")
	if got := r.status("app"); got != "UPDATE_ROLLBACK_COMPLETE" || r.parameter("/app/inner") != "r2" || !strings.Contains(r.reasons("app"), "Embedded stack") {
		t.Errorf("the child failed: %s with %q", got, r.parameter("/app/inner"))
	}
	id := child.Value("StackId")
	r.cfn("DeleteStack", "StackName", "app")
	r.settle()
	if got := r.status(id); got != "DELETE_COMPLETE" || r.parameter("/app/inner") != "ParameterNotFound" {
		t.Errorf("after the parent's deletion the child is %s", got)
	}
}

func TestATemplateByURLMustExist(t *testing.T) {
	r := newRig(t)
	r.put("templates", "leaf.yaml", leaf)
	r.refuse("ValidationError", "S3 error", "CreateStack", "StackName", "x", "TemplateURL", "https://templates.s3.eu-west-1.amazonaws.com/none.yaml")
	r.cfn("CreateStack", "StackName", "x", "TemplateURL", "http://127.0.0.1:4599/templates/leaf.yaml", "Parameters.member.1.ParameterKey", "Release", "Parameters.member.1.ParameterValue", "r9")
	r.settle()
	if got := r.parameter("/app/inner"); got != "r9" {
		t.Errorf("%q", got)
	}
}
