package s3

import (
	"maps"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// blockType keeps what an account keeps out of all its buckets.
const blockType = "sim::S3::AccountPublicAccessBlock"

// Control returns S3 Control, of which it knows the public access block of accounts. That is told and changes nothing of what
// may be done with a bucket here.
func Control() core.Service {
	const path = "/v20180820/configuration/publicAccessBlock"
	return core.Service{
		Name: "s3control", SignedAs: "s3", Path: "/v20180820/", Prefix: "s3", Rest: wire.RestXML, Wraps: true, Global: true,
		Actions: map[string]string{"GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock", "PutPublicAccessBlock": "s3:PutAccountPublicAccessBlock",
			"DeletePublicAccessBlock": "s3:PutAccountPublicAccessBlock"},
		Operations: map[string]core.Handler{"GetPublicAccessBlock": getBlock, "PutPublicAccessBlock": putBlock, "DeletePublicAccessBlock": deleteBlock},
		Routes: []wire.Route{{Operation: "GetPublicAccessBlock", Method: "GET", Path: path}, {Operation: "PutPublicAccessBlock", Method: "PUT", Path: path},
			{Operation: "DeletePublicAccessBlock", Method: "DELETE", Path: path}},
	}
}

// ownAccount wants the header to name the account of the caller.
func ownAccount(c *core.Call) error {
	if c.Request.Header("x-amz-account-id") != c.Account {
		return wire.Errorf(403, "AccessDenied", "Access Denied")
	}
	return nil
}

func getBlock(c *core.Call) (any, error) {
	if err := ownAccount(c); err != nil {
		return nil, err
	}
	r, ok := c.World.Store.Get(c.Scope, blockType, "block")
	if !ok {
		return nil, wire.Errorf(404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")
	}
	doc := wire.El("PublicAccessBlockConfiguration")
	for _, name := range wire.Object(r.Properties).Keys() {
		doc.Children = append(doc.Children, wire.Leaf(name, r.Properties[name]))
	}
	return &wire.Raw{Node: doc}, nil
}

func putBlock(c *core.Call) (any, error) {
	if err := ownAccount(c); err != nil {
		return nil, err
	}
	doc, err := xmlBody(c)
	if err != nil {
		return nil, err
	}
	block := map[string]any{"BlockPublicAcls": false, "BlockPublicPolicy": false, "IgnorePublicAcls": false, "RestrictPublicBuckets": false}
	for name := range maps.Clone(block) {
		block[name] = doc.Value(name) == "true"
	}
	c.World.Store.Put(store.Resource{Scope: c.Scope, Type: blockType, ID: "block", Properties: block})
	return &wire.Raw{Status: 201}, nil
}

func deleteBlock(c *core.Call) (any, error) {
	if err := ownAccount(c); err != nil {
		return nil, err
	}
	c.World.Store.Delete(c.Scope, blockType, "block")
	return &wire.Raw{Status: 204}, nil
}
