package s3

import (
	"slices"
	"strconv"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// document is one configuration of a bucket: a property in CloudFormation, an XML document in the API.
type document struct {
	sub      string // query parameter that addresses it
	name     string // of the operations, after Get, Put and Delete
	property string
	root     string            // XML element
	inner    string            // element between the root and the members, if any
	names    map[string]string // CloudFormation name to XML name, where they differ
	lists    []string          // CloudFormation names of lists; in XML their elements follow each other
	numbers  []string          // CloudFormation names of numbers
	wrap     map[string]string // scalars that XML wraps in one more element
	absent   *wire.Error       // when there is none; nil answers an empty document
	deletes  bool              // there is a Delete operation, DeleteBucket…
	split    string            // list member that CloudFormation has one of: the structure is repeated for each element
	toXML    func(rule wire.Object) wire.Object
	fromXML  func(rule wire.Object) wire.Object
}

func documents() []document {
	return []document{
		{sub: "versioning", name: "BucketVersioning", property: "VersioningConfiguration", root: "VersioningConfiguration"},
		{sub: "accelerate", name: "BucketAccelerateConfiguration", property: "AccelerateConfiguration", root: "AccelerateConfiguration",
			names: map[string]string{"AccelerationStatus": "Status"}},
		{sub: "encryption", name: "BucketEncryption", property: "BucketEncryption", root: "ServerSideEncryptionConfiguration", deletes: true,
			names:  map[string]string{"ServerSideEncryptionConfiguration": "Rule", "ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"},
			lists:  []string{"ServerSideEncryptionConfiguration"},
			absent: wire.Errorf(404, "ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found")},
		{sub: "publicAccessBlock", name: "PublicAccessBlock", property: "PublicAccessBlockConfiguration", root: "PublicAccessBlockConfiguration", deletes: true,
			absent: wire.Errorf(404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")},
		{sub: "ownershipControls", name: "BucketOwnershipControls", property: "OwnershipControls", root: "OwnershipControls", deletes: true,
			names: map[string]string{"Rules": "Rule"}, lists: []string{"Rules"},
			absent: wire.Errorf(404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found")},
		{sub: "lifecycle", name: "BucketLifecycleConfiguration", property: "LifecycleConfiguration", root: "LifecycleConfiguration", deletes: true,
			names: map[string]string{"Rules": "Rule", "Transitions": "Transition", "NoncurrentVersionTransitions": "NoncurrentVersionTransition",
				"Id": "ID", "TagFilters": "Tag"},
			lists:   []string{"Rules", "Transitions", "NoncurrentVersionTransitions", "TagFilters"},
			numbers: []string{"Days", "NoncurrentDays", "NewerNoncurrentVersions", "DaysAfterInitiation", "ObjectSizeGreaterThan", "ObjectSizeLessThan"},
			toXML:   lifecycleToXML, fromXML: lifecycleFromXML,
			absent: wire.Errorf(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")},
		{sub: "replication", name: "BucketReplication", property: "ReplicationConfiguration", root: "ReplicationConfiguration", deletes: true,
			names: map[string]string{"Rules": "Rule", "Id": "ID", "TagFilters": "Tag", "TagFilter": "Tag"},
			lists: []string{"Rules", "TagFilters"}, numbers: []string{"Priority", "Minutes"},
			absent: wire.Errorf(404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found")},
		{sub: "cors", name: "BucketCors", property: "CorsConfiguration", root: "CORSConfiguration", deletes: true,
			names: map[string]string{"CorsRules": "CORSRule", "AllowedHeaders": "AllowedHeader", "AllowedMethods": "AllowedMethod",
				"AllowedOrigins": "AllowedOrigin", "ExposedHeaders": "ExposeHeader", "Id": "ID", "MaxAge": "MaxAgeSeconds"},
			lists:   []string{"CorsRules", "AllowedHeaders", "AllowedMethods", "AllowedOrigins", "ExposedHeaders"},
			numbers: []string{"MaxAge"},
			absent:  wire.Errorf(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist")},
		{sub: "website", name: "BucketWebsite", property: "WebsiteConfiguration", root: "WebsiteConfiguration", deletes: true,
			names: map[string]string{"RoutingRules": "RoutingRules"}, wrap: map[string]string{"IndexDocument": "Suffix", "ErrorDocument": "Key"},
			absent: wire.Errorf(404, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")},
		{sub: "logging", name: "BucketLogging", property: "LoggingConfiguration", root: "BucketLoggingStatus", inner: "LoggingEnabled",
			names: map[string]string{"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"}},
		{sub: "notification", name: "BucketNotificationConfiguration", property: "NotificationConfiguration", root: "NotificationConfiguration",
			names: map[string]string{"LambdaConfigurations": "CloudFunctionConfiguration", "QueueConfigurations": "QueueConfiguration",
				"TopicConfigurations": "TopicConfiguration", "Function": "CloudFunction", "Rules": "FilterRule"},
			lists: []string{"LambdaConfigurations", "QueueConfigurations", "TopicConfigurations", "Rules", "Event"},
			split: "Event"},
		{sub: "object-lock", name: "ObjectLockConfiguration", property: "ObjectLockConfiguration", root: "ObjectLockConfiguration",
			numbers: []string{"Days", "Years"},
			absent:  wire.Errorf(404, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")},
	}
}

// add registers the operations of the document.
func (d document) add(s *core.Service) {
	op := func(verb, method string, h core.Handler) {
		name := verb + d.name
		if verb == "Delete" && d.name == "BucketLifecycleConfiguration" {
			name = "DeleteBucketLifecycle"
		}
		s.Operations[name] = h
		s.Routes = append(s.Routes, wire.Route{Operation: name, Method: method, Path: "/{Bucket}", Query: []string{d.sub}})
	}
	op("Get", "GET", d.get)
	op("Put", "PUT", d.put)
	if d.deletes {
		op("Delete", "DELETE", d.remove)
	}
}

func (d document) get(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	v := wire.AsObject(b.Properties[d.property])
	if v == nil && d.absent != nil {
		e := *d.absent
		e.Members = wire.Object{"BucketName": b.ID}
		return nil, &e
	}
	if v != nil && d.toXML != nil {
		v = d.each(v, d.toXML)
	}
	doc := wire.El(d.root)
	members := d.nodes(v)
	if d.inner != "" && len(members) > 0 {
		members = []*wire.Node{wire.El(d.inner, members...)}
	}
	doc.Children = members
	return xmlAnswer(doc), nil
}

// each converts the rules of a document whose XML has another structure.
func (d document) each(v wire.Object, convert func(wire.Object) wire.Object) wire.Object {
	rules := []any{}
	for _, r := range wire.Object(store.CloneMap(v)).Objects("Rules") {
		rules = append(rules, map[string]any(convert(r)))
	}
	out := wire.Object(store.CloneMap(v))
	out["Rules"] = rules
	return out
}

// nodes writes the members of a structure.
func (d document) nodes(v wire.Object) []*wire.Node {
	var out []*wire.Node
	for _, name := range v.Keys() {
		xmlName := name
		if n := d.names[name]; n != "" {
			xmlName = n
		}
		values := []any{v[name]}
		if list, ok := wire.Items(v[name]); ok {
			values = list
		}
		for _, e := range values {
			switch m := wire.AsObject(e); {
			case m != nil:
				out = append(out, wire.El(xmlName, d.nodes(m)...))
			case d.wrap[name] != "":
				out = append(out, wire.El(xmlName, wire.Leaf(d.wrap[name], e)))
			default:
				out = append(out, wire.Leaf(xmlName, e))
			}
		}
	}
	return out
}

func (d document) put(c *core.Call) (any, error) {
	b, doc, err := bucketAndBody(c)
	if err != nil {
		return nil, err
	}
	if doc.Name != d.root {
		return nil, wire.Errorf(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	if d.inner != "" {
		doc = doc.Child(d.inner)
	}
	var value any
	if doc != nil {
		v := d.tree(doc)
		if d.fromXML != nil {
			v = d.each(v, d.fromXML)
		}
		value = map[string]any(v)
	}
	if _, err := c.World.Update(b.Scope, Type, b.ID, core.Patch{Properties: map[string]any{d.property: value}}); err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 200}, nil
}

// tree reads an element as a structure of CloudFormation names.
func (d document) tree(n *wire.Node) wire.Object {
	back := map[string]string{}
	for cfn, x := range d.names {
		if back[x] == "" || slices.Contains(d.lists, cfn) {
			back[x] = cfn
		}
	}
	out := wire.Object{}
	for _, child := range n.Children {
		name := child.Name
		if b := back[name]; b != "" {
			name = b
		}
		var v any
		switch {
		case d.wrap[name] != "":
			v = child.Value(d.wrap[name])
		case len(child.Children) > 0:
			v = map[string]any(d.tree(child))
		default:
			v = d.scalar(name, child.Text)
		}
		if slices.Contains(d.lists, name) {
			list, _ := out[name].([]any)
			v = append(list, d.repeated(v)...)
		}
		out[name] = v
	}
	return out
}

// repeated is a structure once for each element of the list that CloudFormation does not have.
func (d document) repeated(v any) []any {
	m := wire.AsObject(v)
	values := m.List(d.split)
	if d.split == "" || len(values) == 0 {
		return []any{v}
	}
	out := []any{}
	for _, one := range values {
		copied := store.CloneMap(m)
		copied[d.split] = one
		out = append(out, copied)
	}
	return out
}

func (d document) scalar(name, text string) any {
	switch {
	case text == "true" || text == "false":
		return text == "true"
	case slices.Contains(d.numbers, name):
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	}
	return text
}

// remove takes a configuration away; the public access block of a bucket then is really absent, not the default of a new one.
func (d document) remove(c *core.Call) (any, error) {
	b, err := bucket(c)
	if err != nil {
		return nil, err
	}
	if d.property == "BucketEncryption" { // there is always one: it returns to the default
		_, err := c.World.Update(b.Scope, Type, b.ID, core.Patch{Properties: map[string]any{d.property: nil}})
		return &wire.Raw{Status: 204}, err
	}
	_, _, err = c.World.Store.Update(b.Scope, Type, b.ID, func(r *store.Resource) error {
		delete(r.Properties, d.property)
		return nil
	})
	return &wire.Raw{Status: 204}, err
}
