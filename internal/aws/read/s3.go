package read

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/topology"
)

type s3API interface {
	GetBucketVersioning(context.Context, *s3.GetBucketVersioningInput, ...func(*s3.Options)) (*s3.GetBucketVersioningOutput, error)
	GetBucketEncryption(context.Context, *s3.GetBucketEncryptionInput, ...func(*s3.Options)) (*s3.GetBucketEncryptionOutput, error)
	GetPublicAccessBlock(context.Context, *s3.GetPublicAccessBlockInput, ...func(*s3.Options)) (*s3.GetPublicAccessBlockOutput, error)
	GetBucketTagging(context.Context, *s3.GetBucketTaggingInput, ...func(*s3.Options)) (*s3.GetBucketTaggingOutput, error)
	GetBucketLifecycleConfiguration(context.Context, *s3.GetBucketLifecycleConfigurationInput, ...func(*s3.Options)) (*s3.GetBucketLifecycleConfigurationOutput, error)
	GetBucketReplication(context.Context, *s3.GetBucketReplicationInput, ...func(*s3.Options)) (*s3.GetBucketReplicationOutput, error)
	GetBucketNotificationConfiguration(context.Context, *s3.GetBucketNotificationConfigurationInput, ...func(*s3.Options)) (*s3.GetBucketNotificationConfigurationOutput, error)
	GetBucketCors(context.Context, *s3.GetBucketCorsInput, ...func(*s3.Options)) (*s3.GetBucketCorsOutput, error)
	GetBucketOwnershipControls(context.Context, *s3.GetBucketOwnershipControlsInput, ...func(*s3.Options)) (*s3.GetBucketOwnershipControlsOutput, error)
	GetObjectLockConfiguration(context.Context, *s3.GetObjectLockConfigurationInput, ...func(*s3.Options)) (*s3.GetObjectLockConfigurationOutput, error)
	GetBucketAcl(context.Context, *s3.GetBucketAclInput, ...func(*s3.Options)) (*s3.GetBucketAclOutput, error)
	GetBucketRequestPayment(context.Context, *s3.GetBucketRequestPaymentInput, ...func(*s3.Options)) (*s3.GetBucketRequestPaymentOutput, error)
	GetBucketLogging(context.Context, *s3.GetBucketLoggingInput, ...func(*s3.Options)) (*s3.GetBucketLoggingOutput, error)
	GetBucketWebsite(context.Context, *s3.GetBucketWebsiteInput, ...func(*s3.Options)) (*s3.GetBucketWebsiteOutput, error)
	GetBucketAccelerateConfiguration(context.Context, *s3.GetBucketAccelerateConfigurationInput, ...func(*s3.Options)) (*s3.GetBucketAccelerateConfigurationOutput, error)
	ListBucketAnalyticsConfigurations(context.Context, *s3.ListBucketAnalyticsConfigurationsInput, ...func(*s3.Options)) (*s3.ListBucketAnalyticsConfigurationsOutput, error)
	ListBucketIntelligentTieringConfigurations(context.Context, *s3.ListBucketIntelligentTieringConfigurationsInput, ...func(*s3.Options)) (*s3.ListBucketIntelligentTieringConfigurationsOutput, error)
	ListBucketInventoryConfigurations(context.Context, *s3.ListBucketInventoryConfigurationsInput, ...func(*s3.Options)) (*s3.ListBucketInventoryConfigurationsOutput, error)
	ListBucketMetricsConfigurations(context.Context, *s3.ListBucketMetricsConfigurationsInput, ...func(*s3.Options)) (*s3.ListBucketMetricsConfigurationsOutput, error)
	GetBucketPolicy(context.Context, *s3.GetBucketPolicyInput, ...func(*s3.Options)) (*s3.GetBucketPolicyOutput, error)
}

func s3Reader() reader {
	return reader{
		specs: []Spec{
			{
				Type: "AWS::S3::Bucket",
				Properties: []string{"BucketName", "VersioningConfiguration", "BucketEncryption", "PublicAccessBlockConfiguration", "Tags",
					"LifecycleConfiguration", "ReplicationConfiguration", "NotificationConfiguration", "CorsConfiguration",
					"OwnershipControls", "ObjectLockConfiguration", "ObjectLockEnabled", "LoggingConfiguration", "WebsiteConfiguration",
					"AccelerateConfiguration", "AnalyticsConfigurations", "IntelligentTieringConfigurations", "InventoryConfigurations", "MetricsConfigurations",
					"AccessControl", "RequestPayment", "Policy"},
				Actions: []string{"s3:GetBucketVersioning", "s3:GetEncryptionConfiguration", "s3:GetBucketPublicAccessBlock",
					"s3:GetBucketTagging", "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration", "s3:GetBucketNotification",
					"s3:GetBucketCORS", "s3:GetBucketOwnershipControls", "s3:GetBucketObjectLockConfiguration", "s3:GetBucketLogging",
					"s3:GetBucketWebsite", "s3:GetAccelerateConfiguration", "s3:GetAnalyticsConfiguration", "s3:GetIntelligentTieringConfiguration",
					"s3:GetInventoryConfiguration", "s3:GetMetricsConfiguration", "s3:GetBucketAcl", "s3:GetBucketRequestPayment", "s3:GetBucketPolicy"},
				Identities: []string{"Arn", "BucketName"},
			},
			{
				Type:       "AWS::S3::BucketPolicy",
				Properties: []string{"Bucket", "PolicyDocument"},
				Actions:    []string{"s3:GetBucketPolicy"},
			},
		},
		early: []string{allTypes},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) {
				if item.Type == "AWS::S3::BucketPolicy" {
					r.bucketPolicy(ctx, item)
					return
				}
				r.bucket(ctx, item)
			})
		},
	}
}

// facet is one of the many calls a bucket is described by.
type facet struct {
	property string
	read     func(ctx context.Context, c s3API, bucket string, o *object) error
}

// facets of a bucket, one call each. A facet that is not configured answers
// with an error code of its own, which is an answer: the property is absent.
func facets() []facet {
	return []facet{
		{"BucketEncryption", bucketEncryption},
		{"PublicAccessBlockConfiguration", func(ctx context.Context, c s3API, b string, o *object) error {
			out, err := c.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: &b})
			if err == nil {
				o.set("PublicAccessBlockConfiguration", out.PublicAccessBlockConfiguration)
			}
			return err
		}},
		{"Tags", func(ctx context.Context, c s3API, b string, o *object) error {
			out, err := c.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: &b})
			if err == nil {
				o.tagList(out.TagSet, "Key", "Value")
			}
			return err
		}},
		{"LifecycleConfiguration", func(ctx context.Context, c s3API, b string, o *object) error {
			out, err := c.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: &b})
			if err == nil {
				o.set("LifecycleConfiguration", map[string]any{"Rules": mapped(out.Rules, lifecycleRule),
					"TransitionDefaultMinimumObjectSize": out.TransitionDefaultMinimumObjectSize})
			}
			return err
		}},
		{"ReplicationConfiguration", func(ctx context.Context, c s3API, b string, o *object) error {
			out, err := c.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &b})
			if err == nil {
				o.set("ReplicationConfiguration", out.ReplicationConfiguration)
			}
			return err
		}},
		{"NotificationConfiguration", bucketNotification},
		{"CorsConfiguration", func(ctx context.Context, c s3API, b string, o *object) error {
			out, err := c.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: &b})
			if err == nil {
				o.set("CorsConfiguration", map[string]any{"CorsRules": mapped(out.CORSRules, corsRule)})
			}
			return err
		}},
		{"OwnershipControls", func(ctx context.Context, c s3API, b string, o *object) error {
			out, err := c.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: &b})
			if err == nil {
				o.set("OwnershipControls", out.OwnershipControls)
			}
			return err
		}},
		{"ObjectLockConfiguration", func(ctx context.Context, c s3API, b string, o *object) error {
			out, err := c.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: &b})
			if err == nil && out.ObjectLockConfiguration != nil {
				o.set("ObjectLockEnabled", out.ObjectLockConfiguration.ObjectLockEnabled == "Enabled").
					set("ObjectLockConfiguration", out.ObjectLockConfiguration)
			}
			return err
		}},
		{"LoggingConfiguration", bucketLogging},
		{"RequestPayment", bucketPayer},
	}
}

func bucketEncryption(ctx context.Context, c s3API, b string, o *object) error {
	out, err := c.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &b})
	if err != nil || out.ServerSideEncryptionConfiguration == nil {
		return err
	}
	var rules []map[string]any
	for _, rule := range out.ServerSideEncryptionConfiguration.Rules {
		r := map[string]any{"BucketKeyEnabled": aws.ToBool(rule.BucketKeyEnabled)}
		if d := rule.ApplyServerSideEncryptionByDefault; d != nil {
			r["ServerSideEncryptionByDefault"] = map[string]any{"SSEAlgorithm": d.SSEAlgorithm, "KMSMasterKeyID": d.KMSMasterKeyID}
		}
		rules = append(rules, r)
	}
	o.set("BucketEncryption", map[string]any{"ServerSideEncryptionConfiguration": rules})
	return nil
}

func bucketNotification(ctx context.Context, c s3API, b string, o *object) error {
	out, err := c.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: &b})
	if err != nil {
		return err
	}
	if len(out.LambdaFunctionConfigurations)+len(out.QueueConfigurations)+len(out.TopicConfigurations) == 0 && out.EventBridgeConfiguration == nil {
		return nil
	}
	all := map[string]any{}
	functions, err1 := notifications(out.LambdaFunctionConfigurations, "LambdaFunctionArn", "Function")
	queues, err2 := notifications(out.QueueConfigurations, "QueueArn", "Queue")
	topics, err3 := notifications(out.TopicConfigurations, "TopicArn", "Topic")
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	for name, list := range map[string][]map[string]any{"LambdaConfigurations": functions, "QueueConfigurations": queues, "TopicConfigurations": topics} {
		if len(list) > 0 {
			all[name] = list
		}
	}
	if out.EventBridgeConfiguration != nil {
		all["EventBridgeConfiguration"] = map[string]any{"EventBridgeEnabled": true}
	}
	o.set("NotificationConfiguration", all)
	return nil
}

func bucketLogging(ctx context.Context, c s3API, b string, o *object) error {
	out, err := c.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: &b})
	if err != nil || out.LoggingEnabled == nil {
		return err
	}
	o.set("LoggingConfiguration", map[string]any{
		"DestinationBucketName": out.LoggingEnabled.TargetBucket, "LogFilePrefix": out.LoggingEnabled.TargetPrefix,
	})
	return nil
}

// bucket asks for the versioning first: whether the bucket exists is settled
// before the other calls, all at once, are made.
func (r *run) bucket(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a bucket name")
		return
	}
	out, err := r.clients.s3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	all := append(facets(), facet{"Policy", r.bucketPolicyByHand})
	for _, f := range declaredFacets() {
		if item.Sets(f.property) {
			all = append(all, f)
		}
	}
	o := newObject().set("BucketName", item.ID).identity("BucketName", item.ID).identity("Arn", "arn:"+topology.Partition(r.Region)+":s3:::"+item.ID)
	if out.Status != "" {
		o.set("VersioningConfiguration", map[string]any{"Status": out.Status})
	}
	r.facets(ctx, item, o, all)
	r.bucketAccess(ctx, item, o)
	r.found(item, o)
}

// facets asks for all of them at once. One that is refused costs its property.
func (r *run) facets(ctx context.Context, item inventory.Item, o *object, all []facet) {
	parts := make([]*object, len(all))
	errs := make([]error, len(all))
	var calls sync.WaitGroup
	for i, f := range all {
		parts[i] = newObject()
		calls.Go(func() { errs[i] = f.read(ctx, r.clients.s3, item.ID, parts[i]) })
	}
	calls.Wait()
	for i, part := range parts {
		if errs[i] != nil && !notConfigured(errs[i]) {
			r.partial(item, all[i].property, errs[i])
			continue
		}
		for name, value := range part.properties {
			o.properties[name] = value
		}
		if part.tags != nil {
			o.tags = part.tags
		}
		if part.err != nil {
			o.fail(part.err)
		}
	}
}

// unset are the codes with which S3 says that a facet is not configured.
// Source: "Error responses", S3 API reference.
var unset = []string{
	"ServerSideEncryptionConfigurationNotFoundError", "NoSuchPublicAccessBlockConfiguration", "NoSuchTagSet",
	"NoSuchLifecycleConfiguration", "ReplicationConfigurationNotFoundError", "NoSuchCORSConfiguration",
	"OwnershipControlsNotFoundError", "ObjectLockConfigurationNotFoundError", "NoSuchWebsiteConfiguration",
	"NoSuchBucketPolicy",
}

func notConfigured(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains(unset, api.ErrorCode())
}

func (r *run) bucketPolicy(ctx context.Context, item inventory.Item) {
	bucket := text(item.Resolved, "Bucket")
	if bucket == "" || unresolved(bucket) {
		bucket = item.ID
	}
	if bucket == "" {
		r.unaddressable(item, "a bucket")
		return
	}
	out, err := r.policyOfBucket(ctx, bucket)
	if err != nil {
		r.failed(item, err)
		return
	}
	r.found(item, newObject().set("Bucket", bucket).document("PolicyDocument", aws.ToString(out.Policy)))
}

// bucketPolicyByHand is the policy with the bucket itself: where no resource of its
// own declares it, somebody put it there by hand.
func (r *run) bucketPolicyByHand(ctx context.Context, _ s3API, bucket string, o *object) error {
	out, err := r.policyOfBucket(ctx, bucket)
	if err == nil {
		o.document("Policy", aws.ToString(out.Policy))
	}
	return err
}

// policyOfBucket asks for a bucket's policy, once in a run.
func (r *run) policyOfBucket(ctx context.Context, bucket string) (*s3.GetBucketPolicyOutput, error) {
	return r.bucketPolicies.once(bucket, func() (*s3.GetBucketPolicyOutput, error) {
		return r.clients.s3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &bucket})
	})
}
