package s3

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// policyKind is a bucket's policy. The resource itself is the policy: the API reads and writes it too.
func policyKind() core.Kind {
	return core.Kind{
		Type:       PolicyType,
		Identifier: []string{"Bucket"},
		Ref:        "{Bucket}",
		Replace:    []string{"Bucket"},
		Schema:     core.Schema{Required: []string{"Bucket", "PolicyDocument"}},
		Create:     checkPolicy,
		Update:     checkPolicy,
	}
}

func checkPolicy(c *core.Change) error {
	p := c.Resource.Properties
	b, ok := c.World.Store.Get(c.Resource.Scope, Type, wire.Text(p["Bucket"]))
	if !ok {
		return noSuchBucket(wire.Text(p["Bucket"]))
	}
	doc := wire.AsObject(p["PolicyDocument"])
	if text, isText := p["PolicyDocument"].(string); isText {
		doc, _ = shape.ParseDocument(text)
	}
	if len(doc.List("Statement")) == 0 && doc.Object("Statement") == nil {
		return wire.Errorf(400, "MalformedPolicy", "Missing required field Statement")
	}
	if blocked := wire.Object(b.Properties).Object("PublicAccessBlockConfiguration"); blocked.Bool("BlockPublicPolicy") && public(doc) {
		return wire.Errorf(403, "AccessDenied", "User: arn:aws:iam::%s:user/simulated is not authorized to perform: s3:PutBucketPolicy on resource: \"%s\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.", b.Account, wire.Text(b.Attributes["Arn"]))
	}
	return nil
}

// public reports whether a policy allows something to everybody without a condition.
func public(doc wire.Object) bool {
	statements := doc.Objects("Statement")
	if one := doc.Object("Statement"); one != nil {
		statements = []wire.Object{one}
	}
	for _, s := range statements {
		everybody := s.String("Principal") == "*" || s.Object("Principal").String("AWS") == "*"
		if s.String("Effect") == "Allow" && everybody && !s.Has("Condition") {
			return true
		}
	}
	return false
}

func currentPolicy(c *core.Call) (store.Resource, error) {
	b, err := bucket(c)
	if err != nil {
		return b, err
	}
	p, ok := c.Read().Get(b.Scope, PolicyType, b.ID)
	if !ok {
		e := wire.Errorf(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
		e.Members = wire.Object{"BucketName": b.ID}
		return p, e
	}
	return p, nil
}

func getBucketPolicy(c *core.Call) (any, error) {
	p, err := currentPolicy(c)
	if err != nil {
		return nil, err
	}
	return &wire.Raw{Body: []byte(shape.Document(p.Properties["PolicyDocument"])), Header: map[string]string{"Content-Type": "application/json"}}, nil
}

func putBucketPolicy(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	body, _, err := payload(c.Request)
	if err != nil {
		return nil, err
	}
	doc, ok := shape.ParseDocument(strings.TrimSpace(string(body)))
	if !ok {
		return nil, wire.Errorf(400, "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
	}
	properties := map[string]any{"Bucket": b.ID, "PolicyDocument": doc}
	if _, exists := c.World.Store.Get(b.Scope, PolicyType, b.ID); exists {
		_, err = c.Update(PolicyType, b.ID, properties)
	} else {
		_, err = c.Create(PolicyType, properties, nil)
	}
	if err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 204}, nil
}

func deleteBucketPolicy(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	c.World.Store.Delete(b.Scope, PolicyType, b.ID)
	return &wire.Raw{Status: 204}, nil
}

func getBucketPolicyStatus(c *core.Call) (any, error) {
	p, err := currentPolicy(c)
	if err != nil {
		return nil, err
	}
	isPublic := public(wire.AsObject(p.Properties["PolicyDocument"]))
	return xmlAnswer(wire.El("PolicyStatus", wire.Leaf("IsPublic", isPublic))), nil
}

func xmlAnswer(n *wire.Node) *wire.Raw { return &wire.Raw{Node: n.With("xmlns", namespace)} }

func getBucketLocation(c *core.Call) (any, error) {
	b, err := findBucket(c, c.In.String("Bucket"), true)
	if err != nil {
		return nil, err
	}
	region := b.Region
	if region == "us-east-1" {
		region = ""
	}
	return xmlAnswer(wire.Leaf("LocationConstraint", region)), nil
}

func getBucketTagging(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	if len(b.Tags) == 0 {
		e := wire.Errorf(404, "NoSuchTagSet", "The TagSet does not exist")
		e.Members = wire.Object{"BucketName": b.ID}
		return nil, e
	}
	return xmlAnswer(wire.El("Tagging", tagSet(b.Tags))), nil
}

func tagSet(tags map[string]string) *wire.Node {
	set := wire.El("TagSet")
	for _, t := range core.TagList(tags) {
		tag := wire.AsObject(t)
		set.Children = append(set.Children, wire.El("Tag", wire.Leaf("Key", tag["Key"]), wire.Leaf("Value", tag["Value"])))
	}
	return set
}

func readTags(set *wire.Node) map[string]string {
	tags := map[string]string{}
	for _, t := range set.All("Tag") {
		tags[t.Value("Key")] = t.Value("Value")
	}
	return tags
}

func putBucketTagging(c *core.Call) (any, error) {
	doc, err := xmlBody(c)
	if err != nil {
		return nil, err
	}
	return writeTags(c, readTags(doc.Child("TagSet")))
}

func deleteBucketTagging(c *core.Call) (any, error) { return writeTags(c, map[string]string{}) }

func writeTags(c *core.Call, tags map[string]string) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	if _, err := c.World.Update(b.Scope, Type, b.ID, core.Patch{Tags: tags}); err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 204}, nil
}

// xmlBody reads the document of a request.
func xmlBody(c *core.Call) (*wire.Node, error) {
	body, _, err := payload(c.Request)
	if err != nil {
		return nil, err
	}
	return wire.ParseXML(body)
}

// bucketAndBody finds the bucket of a request and reads its document.
func bucketAndBody(c *core.Call) (store.Resource, *wire.Node, error) {
	b, err := bucket(c)
	if err != nil {
		return b, nil, err
	}
	doc, err := xmlBody(c)
	return b, doc, err
}
