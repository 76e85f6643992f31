package s3

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func TestAListIsRefusedWhereNoneIsInForceAndWhereThePublicIsKeptOut(t *testing.T) {
	const owners = `<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>`
	b := bench(t)
	in := wire.Object{"Bucket": "bucket"}
	acl := func(header string) string {
		_, err := b.Try(coretest.East, "s3.PutBucketAcl", in, nil, [2]string{"x-amz-acl", header})
		return core.Code(err)
	}
	if code := acl("log-delivery-write"); code != "AccessControlListNotSupported" {
		t.Errorf("with an enforced owner: %q", code)
	}
	if _, err := b.Try(coretest.East, "s3.PutBucketOwnershipControls", in, []byte(owners)); err != nil {
		t.Fatal(err)
	}
	if code := acl("public-read"); code != "AccessDenied" {
		t.Errorf("where the public is kept out: %q", code)
	}
	if code := acl("log-delivery-write"); code != "" {
		t.Errorf("for the delivery of logs: %q", code)
	}
	out, err := b.Try(coretest.East, "s3.GetBucketAcl", in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if doc := string(out.(*wire.Raw).Node.Document()); strings.Count(doc, "<Grant>") != 3 || !strings.Contains(doc, logDelivery) {
		t.Errorf("the list is %s", doc)
	}
	enforce := strings.ReplaceAll(owners, "ObjectWriter", "BucketOwnerEnforced")
	if _, err := b.Try(coretest.East, "s3.PutBucketOwnershipControls", in, []byte(enforce)); core.Code(err) != "InvalidBucketAclWithObjectOwnership" {
		t.Errorf("enforced over a list: %v", err)
	}
}
