package read

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lockstep-dr/lockstep/drift"
)

// notifications are written as CloudFormation does: one element per event.
func notifications[T any](list []T, target, renamed string) ([]map[string]any, error) {
	out := []map[string]any{}
	for _, n := range list {
		tree, err := drift.Object(n)
		if err != nil {
			return nil, err
		}
		for _, event := range texts(tree["Events"]) {
			one := map[string]any{"Event": event, renamed: tree[target]}
			if rules := member(member(tree["Filter"], "Key"), "FilterRules"); rules != nil {
				one["Filter"] = map[string]any{"S3Key": map[string]any{"Rules": filterRules(rules)}}
			}
			out = append(out, one)
		}
	}
	sortObjects(out, "Event")
	return out, nil
}

// filterRules has the names in lower case: S3 answers "Prefix" for "prefix".
func filterRules(v any) []map[string]any {
	list, _ := v.([]any)
	out := []map[string]any{}
	for _, e := range list {
		rule, _ := e.(map[string]any)
		out = append(out, map[string]any{"Name": strings.ToLower(text(rule, "Name")), "Value": rule["Value"]})
	}
	sortObjects(out, "Name")
	return out
}

// lifecycleRule writes a rule with CloudFormation's names.
// Source: AWS::S3::Bucket Rule, CloudFormation template reference.
func lifecycleRule(r types.LifecycleRule) map[string]any {
	out := map[string]any{"Id": aws.ToString(r.ID), "Status": string(r.Status)}
	put := func(name string, set bool, value any) {
		if set {
			out[name] = value
		}
	}
	if e := r.Expiration; e != nil {
		put("ExpirationInDays", e.Days != nil, e.Days)
		put("ExpirationDate", e.Date != nil, e.Date)
		put("ExpiredObjectDeleteMarker", e.ExpiredObjectDeleteMarker != nil, e.ExpiredObjectDeleteMarker)
	}
	put("NoncurrentVersionExpiration", r.NoncurrentVersionExpiration != nil, r.NoncurrentVersionExpiration)
	put("AbortIncompleteMultipartUpload", r.AbortIncompleteMultipartUpload != nil, r.AbortIncompleteMultipartUpload)
	var moves, old []map[string]any
	for _, t := range r.Transitions {
		moves = append(moves, map[string]any{"StorageClass": t.StorageClass, "TransitionInDays": t.Days, "TransitionDate": t.Date})
	}
	for _, t := range r.NoncurrentVersionTransitions {
		old = append(old, map[string]any{"StorageClass": t.StorageClass, "TransitionInDays": t.NoncurrentDays, "NewerNoncurrentVersions": t.NewerNoncurrentVersions})
	}
	put("Transitions", moves != nil, moves)
	put("NoncurrentVersionTransitions", old != nil, old)
	lifecycleFilter(r, put)
	return out
}

// lifecycleFilter flattens the three places in which S3 may keep a condition.
func lifecycleFilter(r types.LifecycleRule, put func(string, bool, any)) {
	//lint:ignore SA1019 rules made before there were filters keep their prefix here, and nowhere else
	put("Prefix", aws.ToString(r.Prefix) != "", r.Prefix)
	f := r.Filter
	if f == nil {
		return
	}
	all := types.LifecycleRuleAndOperator{Prefix: f.Prefix, ObjectSizeGreaterThan: f.ObjectSizeGreaterThan, ObjectSizeLessThan: f.ObjectSizeLessThan}
	if f.Tag != nil {
		all.Tags = []types.Tag{*f.Tag}
	}
	if f.And != nil {
		all = *f.And
	}
	put("Prefix", aws.ToString(all.Prefix) != "", all.Prefix)
	put("TagFilters", len(all.Tags) > 0, all.Tags)
	put("ObjectSizeGreaterThan", all.ObjectSizeGreaterThan != nil, all.ObjectSizeGreaterThan)
	put("ObjectSizeLessThan", all.ObjectSizeLessThan != nil, all.ObjectSizeLessThan)
}

// corsRule writes a rule with CloudFormation's names.
func corsRule(r types.CORSRule) map[string]any {
	return map[string]any{"Id": r.ID, "AllowedMethods": r.AllowedMethods, "AllowedOrigins": r.AllowedOrigins, "AllowedHeaders": r.AllowedHeaders,
		"ExposedHeaders": r.ExposeHeaders, "MaxAge": r.MaxAgeSeconds}
}
