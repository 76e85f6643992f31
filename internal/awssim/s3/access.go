package s3

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Who may do what with a bucket by its list, and who pays. The property AccessControl has the name of a canned list, as in a
// template, or the grants of one that was written by hand: {"Grantee": {"ID" or "URI" or "EmailAddress"}, "Permission"}.

const (
	groups      = "http://acs.amazonaws.com/groups/"
	allUsers    = groups + "global/AllUsers"
	anybody     = groups + "global/AuthenticatedUsers"
	logDelivery = groups + "s3/LogDelivery"
)

// canned are the lists with names. Source: Amazon S3 user guide, Access control list (ACL) overview, Canned ACL.
var canned = []struct {
	header, name string
	grants       [][2]string // URI of a group, permission
}{
	{"private", "Private", nil},
	{"public-read", "PublicRead", [][2]string{{allUsers, "READ"}}},
	{"public-read-write", "PublicReadWrite", [][2]string{{allUsers, "READ"}, {allUsers, "WRITE"}}},
	{"authenticated-read", "AuthenticatedRead", [][2]string{{anybody, "READ"}}},
	{"log-delivery-write", "LogDeliveryWrite", [][2]string{{logDelivery, "WRITE"}, {logDelivery, "READ_ACP"}}},
}

// grantsOf are the grants of a bucket. One that says nothing grants everything to its owner.
func grantsOf(b wire.Object, owner string) []wire.Object {
	if _, named := b["AccessControl"].(string); b.Has("AccessControl") && !named {
		return b.Objects("AccessControl")
	}
	grants := []wire.Object{{"Grantee": wire.Object{"ID": owner}, "Permission": "FULL_CONTROL"}}
	for _, list := range canned {
		if list.name == b.String("AccessControl") {
			for _, g := range list.grants {
				grants = append(grants, wire.Object{"Grantee": wire.Object{"URI": g[0]}, "Permission": g[1]})
			}
		}
	}
	return grants
}

// checkAccess applies what ownership and the public access block say of the list.
func checkAccess(b wire.Object, owner string) error {
	for _, g := range grantsOf(b, owner) {
		uri := g.Object("Grantee").String("URI")
		switch public := uri == allUsers || uri == anybody; {
		case public && b.Object("PublicAccessBlockConfiguration").Bool("BlockPublicAcls"):
			return wire.Errorf(403, "AccessDenied", "Access Denied")
		case enforced(b) && g.Object("Grantee").String("ID") != owner:
			return wire.Errorf(400, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
		}
	}
	return nil
}

// enforced reports whether no list is in force.
func enforced(b wire.Object) bool {
	for _, rule := range b.Object("OwnershipControls").Objects("Rules") {
		if rule.String("ObjectOwnership") == "BucketOwnerEnforced" {
			return true
		}
	}
	return false
}

func getBucketACL(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	list := wire.El("AccessControlList")
	for _, g := range grantsOf(b.Properties, canonicalID(b.Account)) {
		grantee, kind := wire.El("Grantee"), "CanonicalUser"
		for _, member := range []string{"ID", "URI", "EmailAddress"} {
			if to := g.Object("Grantee").String(member); to != "" {
				grantee.Children = append(grantee.Children, wire.Leaf(member, to))
			}
		}
		if g.Object("Grantee").Has("URI") {
			kind = "Group"
		}
		grantee.With("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance").With("xsi:type", kind)
		list.Children = append(list.Children, wire.El("Grant", grantee, wire.Leaf("Permission", g["Permission"])))
	}
	return xmlAnswer(wire.El("AccessControlPolicy", wire.El("Owner", wire.Leaf("ID", canonicalID(b.Account))), list)), nil
}

// putBucketACL sets a canned list by its header, or grants by a document.
func putBucketACL(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	if enforced(b.Properties) {
		return nil, wire.Errorf(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
	}
	var access any
	for _, list := range canned {
		if list.header == c.Request.Header("x-amz-acl") {
			access = list.name
		}
	}
	if access == nil {
		doc, err := xmlBody(c)
		if err != nil {
			return nil, err
		}
		grants := []any{}
		for _, g := range doc.Child("AccessControlList").All("Grant") {
			grantee := map[string]any{}
			for _, member := range g.Child("Grantee").Children {
				grantee[member.Name] = member.Text
			}
			grants = append(grants, map[string]any{"Grantee": grantee, "Permission": g.Value("Permission")})
		}
		access = grants
	}
	return change(c, b.ID, "AccessControl", access)
}

func getRequestPayment(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	return xmlAnswer(wire.El("RequestPaymentConfiguration", wire.Leaf("Payer", wire.Object(b.Properties).Or("RequestPayment", "BucketOwner")))), nil
}

func putRequestPayment(c *core.Call) (any, error) {
	b, doc, err := bucketAndBody(c)
	if err != nil {
		return nil, err
	}
	return change(c, b.ID, "RequestPayment", doc.Value("Payer"))
}

// change sets one property of a bucket.
func change(c *core.Call, id, property string, value any) (any, error) {
	if _, err := c.World.Update(c.Scope, Type, id, core.Patch{Properties: map[string]any{property: value}}); err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 200}, nil
}
