package iam_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/iam"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func document(action string) map[string]any {
	return map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": action, "Resource": "a b"}}}
}

func bench(t *testing.T) (*coretest.Bench, store.Resource) {
	b := coretest.New(t, iam.Service())
	return b, b.Made(coretest.East, "Role", iam.RoleType, map[string]any{"AssumeRolePolicyDocument": document("sts:AssumeRole"),
		"Policies": []any{map[string]any{"PolicyName": "own", "PolicyDocument": document("sqs:*")}}})
}

func names(b *coretest.Bench, role string) string {
	b.Helper()
	return strings.Join(b.Call(coretest.West, "iam.ListRolePolicies", wire.Object{"RoleName": role}).Strings("PolicyNames"), " ")
}

func TestARoleIsTheSameFromEveryRegion(t *testing.T) {
	b, r := bench(t)
	got := b.Call(coretest.West, "iam.GetRole", wire.Object{"RoleName": r.ID}).Object("Role")
	text, err := url.PathUnescape(got.String("AssumeRolePolicyDocument"))
	if err != nil || !strings.Contains(text, `"Resource":"a b"`) || strings.Contains(got.String("AssumeRolePolicyDocument"), "+") {
		t.Errorf("%v %v", got, err)
	}
	if got.String("Arn") != "arn:aws:iam::111111111111:role/"+r.ID || !strings.HasPrefix(got.String("RoleId"), "AROA") {
		t.Errorf("%v", got)
	}
	_, err = b.Make(coretest.West, "X", iam.RoleType, map[string]any{"RoleName": r.ID, "AssumeRolePolicyDocument": document("x")})
	b.Code("AlreadyExists", err)
}

func TestInlinePoliciesAreOneListWhereverTheyComeFrom(t *testing.T) {
	b, r := bench(t)
	p := b.Made(coretest.East, "P", iam.InlineType, map[string]any{"PolicyName": "separate", "PolicyDocument": document("sns:*"), "Roles": []any{r.ID}})
	b.Call(coretest.East, "iam.PutRolePolicy", wire.Object{"RoleName": r.ID, "PolicyName": "hand", "PolicyDocument": `{"Statement":[]}`})
	if got := names(b, r.ID); got != "hand own separate" {
		t.Errorf("%s", got)
	}
	b.Call(coretest.East, "iam.PutRolePolicy", wire.Object{"RoleName": r.ID, "PolicyName": "separate", "PolicyDocument": `{"Statement":["changed"]}`})
	if got := wire.AsObject(b.Live(p).Properties["PolicyDocument"]).Strings("Statement"); len(got) != 1 || got[0] != "changed" {
		t.Errorf("the resource does not show the change by hand: %v", got)
	}
	for _, name := range []string{"own", "separate", "hand"} {
		b.Call(coretest.East, "iam.DeleteRolePolicy", wire.Object{"RoleName": r.ID, "PolicyName": name})
	}
	if got := names(b, r.ID); got != "" {
		t.Errorf("%s", got)
	}
	b.Refused("NoSuchEntity", coretest.East, "iam.DeleteRolePolicy", wire.Object{"RoleName": r.ID, "PolicyName": "own"})
	b.Refused("MalformedPolicyDocument", coretest.East, "iam.PutRolePolicy", wire.Object{"RoleName": r.ID, "PolicyName": "x", "PolicyDocument": "nonsense"})
}

func TestManagedPoliciesHaveVersionsAndAttachments(t *testing.T) {
	b, r := bench(t)
	m := b.Made(coretest.East, "M", iam.ManagedType, map[string]any{"PolicyDocument": document("s3:*"), "Roles": []any{r.ID}})
	b.Call(coretest.East, "iam.CreatePolicyVersion", wire.Object{"PolicyArn": m.ID, "PolicyDocument": `{"Statement":[]}`, "SetAsDefault": "true"})
	got := b.Call(coretest.East, "iam.GetPolicy", wire.Object{"PolicyArn": m.ID}).Object("Policy")
	if got["DefaultVersionId"] != "v2" || got["AttachmentCount"] != 1 {
		t.Errorf("%v", got)
	}
	old := b.Call(coretest.East, "iam.GetPolicyVersion", wire.Object{"PolicyArn": m.ID, "VersionId": "v1"}).Object("PolicyVersion")
	if old.Bool("IsDefaultVersion") || !strings.Contains(old.String("Document"), "s3%3A%2A") {
		t.Errorf("%v", old)
	}
	b.Call(coretest.East, "iam.AttachRolePolicy", wire.Object{"RoleName": r.ID, "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"})
	b.Refused("NoSuchEntity", coretest.East, "iam.AttachRolePolicy", wire.Object{"RoleName": r.ID, "PolicyArn": "arn:aws:iam::111111111111:policy/none"})
	b.Refused("DeleteConflict", coretest.East, "iam.DeletePolicy", wire.Object{"PolicyArn": m.ID})
	for _, arn := range []string{m.ID, "arn:aws:iam::aws:policy/ReadOnlyAccess"} {
		b.Call(coretest.East, "iam.DetachRolePolicy", wire.Object{"RoleName": r.ID, "PolicyArn": arn})
	}
	if left := b.Call(coretest.East, "iam.ListAttachedRolePolicies", wire.Object{"RoleName": r.ID}).List("AttachedPolicies"); len(left) != 0 {
		t.Errorf("%v", left)
	}
}

func TestTheAccountIsReadPageByPage(t *testing.T) {
	b, _ := bench(t)
	b.Made(coretest.East, "Role2", iam.RoleType, map[string]any{"AssumeRolePolicyDocument": document("x")})
	b.Made(coretest.East, "M", iam.ManagedType, map[string]any{"PolicyDocument": document("s3:*")})
	roles, policies, marker := 0, 0, ""
	for range 10 {
		out := b.Call(coretest.East, "iam.GetAccountAuthorizationDetails", wire.Object{"MaxItems": "1", "Marker": marker})
		roles += len(out.List("RoleDetailList"))
		policies += len(out.List("Policies"))
		if marker = out.String("Marker"); !out.Bool("IsTruncated") {
			break
		}
	}
	if roles != 2 || policies != 1 {
		t.Errorf("%d roles, %d policies", roles, policies)
	}
}
