package drift

import (
	"slices"
	"strings"
)

// A service that delivers logs writes the permission for it into the policy of
// the bucket or log group itself, in the Region where somebody switched the logs
// on. Source: "Enable logging from AWS services", CloudWatch Logs user guide.

// deliveryActions are what such a statement allows, no more. Source: as above,
// "Logs sent to Amazon S3" and "Logs sent to CloudWatch Logs".
var deliveryActions = []string{"s3:PutObject", "s3:GetBucketAcl", "s3:ListBucket", "logs:CreateLogStream", "logs:PutLogEvents"}

// deliversLogs reports whether a statement is one that AWS adds: its label, whom
// alone it lets in and for what alone say so.
func deliversLogs(statement *node) bool {
	sid, effect, principal := statement.child("Sid"), statement.child("Effect"), statement.child("Principal")
	return sid != nil && strings.HasPrefix(sid.text, "AWSLogDelivery") && effect != nil && effect.text == "Allow" &&
		principal != nil && len(principal.kids) == 1 &&
		only(principal.child("Service"), []string{"delivery.logs.amazonaws.com", "delivery.logs.${DNSSuffix}"}) &&
		only(statement.child("Action"), deliveryActions)
}

// only reports whether a text or a list names something, and nothing that is not
// allowed. Actions are the same in any case.
func only(named *node, allowed []string) bool {
	if named == nil {
		return false
	}
	list := named.kids
	if len(list) == 0 {
		list = []*node{named}
	}
	return !slices.ContainsFunc(list, func(n *node) bool {
		return !slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, n.text) })
	})
}

// CloudFrontLogs is the grant that CloudFront adds by itself to the access control list
// of the one bucket, in one Region, that takes a distribution's standard logs. Source:
// Amazon CloudFront developer guide, Standard logging (legacy).
const CloudFrontLogs = "CloudFrontLogs FULL_CONTROL"

// onlyCloudFrontLogs reports whether two access control lists differ in that grant alone.
func onlyCloudFrontLogs(typeName string, d difference) bool {
	if typeName != "AWS::S3::Bucket" || len(d.path) == 0 || d.path[0].name != "AccessControl" {
		return false
	}
	left, right := grantsOf(d.primary), grantsOf(d.standby)
	return slices.Contains(left, CloudFrontLogs) != slices.Contains(right, CloudFrontLogs) &&
		slices.Equal(withoutCloudFrontLogs(left), withoutCloudFrontLogs(right))
}

// grantsOf are the grants of a list, or its name.
func grantsOf(n *node) []string {
	switch {
	case n == nil:
		return nil
	case n.scalar():
		return []string{n.text}
	}
	var grants []string
	for _, kid := range n.kids {
		grants = append(grants, kid.text)
	}
	slices.Sort(grants)
	return grants
}

func withoutCloudFrontLogs(grants []string) []string {
	return slices.DeleteFunc(slices.Clone(grants), func(g string) bool { return g == CloudFrontLogs })
}

// addedByAWS reports whether a difference is a statement or a grant for the delivery of
// logs that one Region alone has and no template wrote: none can write that grant.
func (c *comparer) addedByAWS(p *couple, d difference) bool {
	if onlyCloudFrontLogs(p.primary.Type, d) {
		return true
	}
	if (d.primary == nil) == (d.standby == nil) {
		return false
	}
	added := d.primary
	if added == nil {
		added = d.standby
	}
	if !deliversLogs(added) {
		return false
	}
	left, right, ok := c.declared(p)
	return !ok || !writes(left, added) && !writes(right, added)
}

// writes reports whether a template has a statement of that label.
func writes(declared, statement *node) bool {
	found := false
	declared.walk(func(n *node) {
		sid := n.child("Sid")
		found = found || sid != nil && sid.text == statement.child("Sid").text
	})
	return found
}
