// Package s3 simulates buckets, their configuration and objects. It owns AWS::S3::Bucket and AWS::S3::BucketPolicy, and the
// global name space of buckets. Objects have versions, checksums and conditional writes; bodies are kept in memory. It
// refuses multipart uploads, ACLs of objects, replication of objects and everything else as unknown operations.
// A bucket of another Region answers with a redirect, one of another account with AccessDenied, as on AWS.
package s3

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package. Objects live in the store under a type of their own.
const (
	Type       = "AWS::S3::Bucket"
	PolicyType = "AWS::S3::BucketPolicy"

	objectType = "sim::S3::Object"
	nameType   = "sim::S3::BucketName"

	namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
)

// Service returns S3.
func Service() core.Service {
	s := core.Service{
		Name: "s3", Namespace: namespace, Rest: wire.RestXML, Rewrite: PathStyle,
		Actions: actions(),
		Operations: map[string]core.Handler{
			"ListBuckets": listBuckets, "CreateBucket": createBucket, "HeadBucket": headBucket, "DeleteBucket": deleteBucket,
			"GetBucketLocation": getBucketLocation, "GetBucketAcl": getBucketACL, "PutBucketAcl": putBucketACL,
			"GetBucketRequestPayment": getRequestPayment, "PutBucketRequestPayment": putRequestPayment,
			"GetBucketPolicy": getBucketPolicy, "PutBucketPolicy": putBucketPolicy, "DeleteBucketPolicy": deleteBucketPolicy,
			"GetBucketPolicyStatus": getBucketPolicyStatus,
			"GetBucketTagging":      getBucketTagging, "PutBucketTagging": putBucketTagging, "DeleteBucketTagging": deleteBucketTagging,
			"PutObject": putObject, "GetObject": getObject, "HeadObject": headObject, "DeleteObject": deleteObject,
			"DeleteObjects": deleteObjects, "GetObjectAttributes": getObjectAttributes,
			"GetObjectTagging": getObjectTagging, "PutObjectTagging": putObjectTagging,
			"ListObjectsV2": listObjectsV2, "ListObjects": listObjectsV2, "ListObjectVersions": listObjectVersions,
		},
		Routes: []wire.Route{
			{Operation: "ListBuckets", Method: "GET", Path: "/"},
			{Operation: "CreateBucket", Method: "PUT", Path: "/{Bucket}"},
			{Operation: "HeadBucket", Method: "HEAD", Path: "/{Bucket}"},
			{Operation: "DeleteBucket", Method: "DELETE", Path: "/{Bucket}"},
			{Operation: "GetBucketLocation", Method: "GET", Path: "/{Bucket}", Query: []string{"location"}},
			{Operation: "GetBucketAcl", Method: "GET", Path: "/{Bucket}", Query: []string{"acl"}},
			{Operation: "PutBucketAcl", Method: "PUT", Path: "/{Bucket}", Query: []string{"acl"}},
			{Operation: "GetBucketRequestPayment", Method: "GET", Path: "/{Bucket}", Query: []string{"requestPayment"}},
			{Operation: "PutBucketRequestPayment", Method: "PUT", Path: "/{Bucket}", Query: []string{"requestPayment"}},
			{Operation: "GetBucketPolicy", Method: "GET", Path: "/{Bucket}", Query: []string{"policy"}},
			{Operation: "PutBucketPolicy", Method: "PUT", Path: "/{Bucket}", Query: []string{"policy"}},
			{Operation: "DeleteBucketPolicy", Method: "DELETE", Path: "/{Bucket}", Query: []string{"policy"}},
			{Operation: "GetBucketPolicyStatus", Method: "GET", Path: "/{Bucket}", Query: []string{"policyStatus"}},
			{Operation: "GetBucketTagging", Method: "GET", Path: "/{Bucket}", Query: []string{"tagging"}},
			{Operation: "PutBucketTagging", Method: "PUT", Path: "/{Bucket}", Query: []string{"tagging"}},
			{Operation: "DeleteBucketTagging", Method: "DELETE", Path: "/{Bucket}", Query: []string{"tagging"}},
			{Operation: "ListObjectsV2", Method: "GET", Path: "/{Bucket}", Query: []string{"list-type=2"}},
			{Operation: "ListObjects", Method: "GET", Path: "/{Bucket}"},
			{Operation: "ListObjectVersions", Method: "GET", Path: "/{Bucket}", Query: []string{"versions"}},
			{Operation: "DeleteObjects", Method: "POST", Path: "/{Bucket}", Query: []string{"delete"}},
			{Operation: "PutObject", Method: "PUT", Path: "/{Bucket}/{Key+}"},
			{Operation: "GetObject", Method: "GET", Path: "/{Bucket}/{Key+}"},
			{Operation: "HeadObject", Method: "HEAD", Path: "/{Bucket}/{Key+}"},
			{Operation: "DeleteObject", Method: "DELETE", Path: "/{Bucket}/{Key+}"},
			{Operation: "GetObjectAttributes", Method: "GET", Path: "/{Bucket}/{Key+}", Query: []string{"attributes"}},
			{Operation: "GetObjectTagging", Method: "GET", Path: "/{Bucket}/{Key+}", Query: []string{"tagging"}},
			{Operation: "PutObjectTagging", Method: "PUT", Path: "/{Bucket}/{Key+}", Query: []string{"tagging"}},
		},
		Kinds: []core.Kind{bucketKind(), policyKind()},
	}
	refuseSubresources(&s)
	for _, d := range documents() {
		d.add(&s)
	}
	return s
}

// refuseSubresources routes what is not simulated to operations without a handler, so that DELETE ?acl never deletes a bucket
// and POST ?uploads never an object. More specific routes win over these.
func refuseSubresources(s *core.Service) {
	for sub, name := range map[string]string{
		"acl": "Acl", "analytics": "AnalyticsConfiguration", "inventory": "InventoryConfiguration", "metrics": "MetricsConfiguration",
		"intelligent-tiering": "IntelligentTieringConfiguration", "uploads": "MultipartUpload", "uploadId": "MultipartUpload",
		"retention": "Retention", "legal-hold": "LegalHold", "torrent": "Torrent", "restore": "Restore", "select": "Select",
		"requestPayment": "RequestPayment", "session": "Session", "metadataTable": "MetadataTable", "metadataConfiguration": "Metadata",
		"abac": "Abac", "policyStatus": "PolicyStatus", "location": "Location", "versions": "Versions",
	} {
		for _, method := range []string{"PUT", "POST", "DELETE", "GET", "HEAD"} {
			for _, path := range []string{"/{Bucket}", "/{Bucket}/{Key+}"} {
				r := wire.Route{Operation: "Unsimulated" + name, Method: method, Path: path, Query: []string{sub}}
				if !taken(s.Routes, r) {
					s.Routes = append(s.Routes, r)
				}
			}
		}
	}
}

func taken(routes []wire.Route, want wire.Route) bool {
	for _, r := range routes {
		if r.Method == want.Method && r.Path == want.Path && len(r.Query) == 1 && r.Query[0] == want.Query[0] {
			return true
		}
	}
	return false
}

// actions are the IAM actions that do not have the name of their operation.
func actions() map[string]string {
	return map[string]string{
		"ListBuckets": "s3:ListAllMyBuckets", "HeadBucket": "s3:ListBucket", "ListObjectsV2": "s3:ListBucket",
		"ListObjects": "s3:ListBucket", "HeadObject": "s3:GetObject", "GetObjectAttributes": "s3:GetObjectAttributes",
		"GetBucketEncryption": "s3:GetEncryptionConfiguration", "PutBucketEncryption": "s3:PutEncryptionConfiguration",
		"GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration", "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
		"GetBucketReplication": "s3:GetReplicationConfiguration", "PutBucketReplication": "s3:PutReplicationConfiguration",
		"GetBucketNotificationConfiguration": "s3:GetBucketNotification", "PutBucketNotificationConfiguration": "s3:PutBucketNotification",
		"GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock", "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
		"GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration", "PutBucketAccelerateConfiguration": "s3:PutAccelerateConfiguration",
		"GetBucketCors": "s3:GetBucketCORS", "PutBucketCors": "s3:PutBucketCORS",
		"GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration", "PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
		"DeleteObjects": "s3:DeleteObject", "ListObjectVersions": "s3:ListBucketVersions",
	}
}
