package s3

import (
	"net"
	"net/http"
	"regexp"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func bucketKind() core.Kind {
	return core.Kind{
		Type: Type,
		Name: core.NameRule{Property: "BucketName", Max: 63, Lower: true},
		Ref:  "{BucketName}",
		Attributes: map[string]string{
			"Arn":                 "arn:aws:s3:::{BucketName}",
			"DomainName":          "{BucketName}.s3.amazonaws.com",
			"RegionalDomainName":  "{BucketName}.s3.{Region}.amazonaws.com",
			"DualStackDomainName": "{BucketName}.s3.dualstack.{Region}.amazonaws.com",
			"WebsiteURL":          "http://{BucketName}.s3-website-{Region}.amazonaws.com",
		},
		Replace: []string{"BucketName"},
		Defaults: map[string]any{
			"BucketEncryption": map[string]any{"ServerSideEncryptionConfiguration": []any{map[string]any{
				"ServerSideEncryptionByDefault": map[string]any{"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": false}}},
			"OwnershipControls": map[string]any{"Rules": []any{map[string]any{"ObjectOwnership": "BucketOwnerEnforced"}}},
			"PublicAccessBlockConfiguration": map[string]any{"BlockPublicAcls": true, "BlockPublicPolicy": true,
				"IgnorePublicAcls": true, "RestrictPublicBuckets": true},
		},
		Schema: core.Schema{
			Booleans: []string{"ObjectLockEnabled", "PublicAccessBlockConfiguration.BlockPublicAcls",
				"PublicAccessBlockConfiguration.BlockPublicPolicy", "PublicAccessBlockConfiguration.IgnorePublicAcls",
				"PublicAccessBlockConfiguration.RestrictPublicBuckets", "BucketEncryption.ServerSideEncryptionConfiguration.BucketKeyEnabled"},
			Numbers: []string{"LifecycleConfiguration.Rules.ExpirationInDays", "ReplicationConfiguration.Rules.Priority"},
			Allowed: map[string][]string{
				"VersioningConfiguration.Status": {"Enabled", "Suspended"},
				"BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault.SSEAlgorithm": {"AES256", "aws:kms", "aws:kms:dsse"},
			},
		},
		Create: claimName,
		Update: checkBucket,
		Delete: releaseName,
	}
}

// names is where the names of all buckets of all accounts are kept.
func names() store.Scope { return store.Scope{Account: "*", Region: store.GlobalRegion} }

// claimName takes the name of a new bucket from the global name space.
func claimName(c *core.Change) error {
	r := c.Resource
	name := wire.Text(r.Properties["BucketName"])
	if !regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`).MatchString(name) || net.ParseIP(name) != nil {
		return wire.Errorf(400, "InvalidBucketName", "The specified bucket is not valid.")
	}
	if err := checkBucket(c); err != nil {
		return err
	}
	taken, fresh := c.World.Store.Insert(store.Resource{
		Scope: names(), Type: nameType, ID: name,
		Properties: map[string]any{"Account": r.Account, "Region": r.Region},
	})
	switch {
	case fresh:
		return nil
	case taken.Properties["Account"] == r.Account:
		e := wire.Errorf(409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
		e.Members = wire.Object{"BucketName": name}
		return e
	}
	return wire.Errorf(409, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.")
}

// checkBucket applies what relates properties to each other.
func checkBucket(c *core.Change) error {
	p := wire.Object(c.Resource.Properties)
	versioned := p.Object("VersioningConfiguration").String("Status") == "Enabled"
	if p.Has("ReplicationConfiguration") && !versioned {
		return wire.Errorf(400, "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration")
	}
	if p.Bool("ObjectLockEnabled") && !versioned {
		c.Resource.Properties["VersioningConfiguration"] = map[string]any{"Status": "Enabled"}
	}
	return checkAccess(p, canonicalID(c.Resource.Account))
}

func releaseName(c *core.Change) error {
	for _, o := range objects(c.World.Store.View(0), c.Resource.Scope, c.Resource.ID, "") {
		if len(versions(o)) > 0 {
			e := wire.Errorf(409, "BucketNotEmpty", "The bucket you tried to delete is not empty. You must delete all versions in the bucket.")
			e.Members = wire.Object{"BucketName": c.Resource.ID}
			return e
		}
	}
	c.World.Store.Delete(names(), nameType, c.Resource.ID)
	return nil
}

// bucket finds the bucket of the request.
func bucket(c *core.Call) (store.Resource, error) { return findBucket(c, c.In.String("Bucket"), false) }

// findBucket finds a bucket for the caller. In anyRegion it is found from every Region, else another Region's is redirected.
func findBucket(c *core.Call, name string, anyRegion bool) (store.Resource, error) {
	owner, ok := c.World.Store.Get(names(), nameType, name)
	if !ok {
		return store.Resource{}, noSuchBucket(name)
	}
	home := store.Scope{Account: wire.Text(owner.Properties["Account"]), Region: wire.Text(owner.Properties["Region"])}
	switch {
	case home.Account != c.Account:
		return store.Resource{}, wire.Errorf(403, "AccessDenied", "Access Denied")
	case home.Region != c.Region && !anyRegion:
		e := wire.Errorf(301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.")
		e.Members = wire.Object{"Bucket": name, "Endpoint": name + ".s3." + home.Region + ".amazonaws.com"}
		e.Header = map[string]string{"X-Amz-Bucket-Region": home.Region}
		return store.Resource{}, e
	}
	r, ok := c.Read().Get(home, Type, name)
	if !ok {
		return r, noSuchBucket(name)
	}
	return r, nil
}

func noSuchBucket(name string) error {
	e := wire.Errorf(404, "NoSuchBucket", "The specified bucket does not exist")
	e.Members = wire.Object{"BucketName": name}
	return e
}

func createBucket(c *core.Call) (any, error) {
	constraint := ""
	tags := map[string]string{}
	if doc, err := wire.ParseXML(c.Request.Body); err == nil {
		constraint = doc.Value("LocationConstraint")
		tags = readTags(doc.Child("Tags"))
	}
	if constraint == "EU" {
		constraint = "eu-west-1"
	}
	if constraint == "" && c.Region != "us-east-1" || constraint != "" && constraint != c.Region {
		if constraint == "" {
			constraint = "unspecified"
		}
		return nil, wire.Errorf(400, "IllegalLocationConstraintException", "The %s location constraint is incompatible for the region specific endpoint this request was sent to.", constraint)
	}
	properties := map[string]any{"BucketName": c.In.String("Bucket")}
	if strings.EqualFold(c.Request.Header("x-amz-bucket-object-lock-enabled"), "true") {
		properties["ObjectLockEnabled"] = true
	}
	_, err := c.Create(Type, properties, tags)
	if core.Code(err) == "BucketAlreadyOwnedByYou" && c.Region == "us-east-1" {
		err = nil // us-east-1 alone is idempotent
	}
	if err != nil {
		return nil, err
	}
	return &wire.Raw{Header: map[string]string{"Location": "/" + c.In.String("Bucket")}}, nil
}

func headBucket(c *core.Call) (any, error) {
	b, err := bucket(c)
	if e, ok := err.(*wire.Error); ok {
		return &wire.Raw{Status: e.Status, Header: e.Header}, nil // a HEAD answer has no body
	}
	return &wire.Raw{Header: map[string]string{"X-Amz-Bucket-Region": b.Region, "X-Amz-Access-Point-Alias": "false"}}, nil
}

func deleteBucket(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	if err := c.World.Delete(b.Scope, Type, b.ID); err != nil {
		return nil, err
	}
	c.World.Store.Delete(b.Scope, PolicyType, b.ID)
	return &wire.Raw{Status: 204}, nil
}

func listBuckets(c *core.Call) (any, error) {
	var mine []store.Resource
	for _, n := range c.World.Store.List(names(), nameType) {
		region := wire.Text(n.Properties["Region"])
		wanted := c.In.Or("bucket-region", region)
		if n.Properties["Account"] == c.Account && wanted == region && strings.HasPrefix(n.ID, c.In.String("prefix")) {
			mine = append(mine, n)
		}
	}
	page, next, err := core.Paginate(mine, c.In.String("continuation-token"), c.In.Int("max-buckets", 10000))
	if err != nil {
		return nil, err
	}
	list := wire.El("Buckets")
	for _, n := range page {
		list.Children = append(list.Children, wire.El("Bucket", wire.Leaf("Name", n.ID), wire.Leaf("CreationDate", n.Created),
			wire.Leaf("BucketRegion", n.Properties["Region"]), wire.Leaf("BucketArn", "arn:aws:s3:::"+n.ID)))
	}
	doc := wire.El("ListAllMyBucketsResult", wire.El("Owner", wire.Leaf("ID", canonicalID(c.Account))), list)
	if next != nil {
		doc.Children = append(doc.Children, wire.Leaf("ContinuationToken", next))
	}
	return &wire.Raw{Node: doc.With("xmlns", namespace)}, nil
}

// canonicalID is the canonical user id of an account: 64 digits that nobody can guess from it on AWS, and everybody here.
func canonicalID(account string) string { return strings.Repeat("0", 52) + account }

// PathStyle moves a bucket in the host name (BUCKET.s3.us-west-2.amazonaws.com, BUCKET.localhost) into the path. Requests in path
// style are returned as they are.
func PathStyle(r *http.Request) *http.Request {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	name := ""
	if before, _, found := strings.Cut(host, ".s3."); found {
		name = before
	} else if before, found := strings.CutSuffix(host, ".s3.amazonaws.com"); found {
		name = before
	} else if before, found := strings.CutSuffix(host, ".localhost"); found {
		name = before
	}
	if name == "" || name == "s3" {
		return r
	}
	out := r.Clone(r.Context())
	out.URL.Path = "/" + name + r.URL.Path
	if r.URL.RawPath != "" {
		out.URL.RawPath = "/" + name + r.URL.RawPath
	}
	return out
}
