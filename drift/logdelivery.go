package drift

import (
	"slices"
	"strings"
)

// A service that delivers logs writes the permission for it into the policy of
// the bucket or log group itself, in the Region where somebody switched the logs
// on. Source: "Enable logging from AWS services", CloudWatch Logs user guide.

// deliversLogs reports whether a statement is one that AWS adds: its label and
// whom it lets in say so.
func deliversLogs(statement *node) bool {
	sid := statement.child("Sid")
	service := statement.child("Principal").child("Service")
	return sid != nil && strings.HasPrefix(sid.text, "AWSLogDelivery") && service != nil && len(service.kids) > 0 &&
		!slices.ContainsFunc(service.kids, func(n *node) bool {
			return n.text != "delivery.logs.amazonaws.com" && n.text != "delivery.logs.${DNSSuffix}"
		})
}

// addedByAWS reports whether a difference is a statement for the delivery of
// logs that one Region alone has and no template wrote.
func (c *comparer) addedByAWS(p *couple, d difference) bool {
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
