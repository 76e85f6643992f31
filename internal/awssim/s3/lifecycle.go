package s3

import "github.com/lockstep-dr/lockstep/internal/awssim/wire"

// A lifecycle rule of CloudFormation is flat where the API's is nested. moves lists the pairs: CloudFormation name, API
// structure, API member.
func moves() [][3]string {
	return [][3]string{
		{"ExpirationInDays", "Expiration", "Days"},
		{"ExpirationDate", "Expiration", "Date"},
		{"ExpiredObjectDeleteMarker", "Expiration", "ExpiredObjectDeleteMarker"},
		{"NoncurrentVersionExpirationInDays", "NoncurrentVersionExpiration", "NoncurrentDays"},
		{"Prefix", "Filter", "Prefix"},
		{"ObjectSizeGreaterThan", "Filter", "ObjectSizeGreaterThan"},
		{"ObjectSizeLessThan", "Filter", "ObjectSizeLessThan"},
	}
}

func lifecycleToXML(rule wire.Object) wire.Object {
	for _, m := range moves() {
		v, set := rule[m[0]]
		if !set {
			continue
		}
		delete(rule, m[0])
		into := rule.Object(m[1])
		if into == nil {
			into = wire.Object{}
		}
		into[m[2]] = v
		rule[m[1]] = map[string]any(into)
	}
	for _, t := range append(rule.Objects("Transitions"), rule.Objects("NoncurrentVersionTransitions")...) {
		if v, set := t["TransitionInDays"]; set {
			delete(t, "TransitionInDays")
			name := "Days"
			if t.Has("NewerNoncurrentVersions") {
				name = "NoncurrentDays"
			}
			t[name] = v
		}
	}
	for _, t := range rule.Objects("NoncurrentVersionTransitions") {
		if v, set := t["Days"]; set {
			delete(t, "Days")
			t["NoncurrentDays"] = v
		}
	}
	filterToXML(rule)
	return rule
}

// filterToXML nests several conditions in And, as the API wants.
func filterToXML(rule wire.Object) {
	filter := rule.Object("Filter")
	if filter == nil {
		filter = wire.Object{}
	}
	if tags, set := rule["TagFilters"]; set {
		filter["TagFilters"] = tags
		delete(rule, "TagFilters")
	}
	if len(filter) > 1 || len(filter.List("TagFilters")) > 1 {
		filter = wire.Object{"And": map[string]any(filter)}
	}
	rule["Filter"] = map[string]any(filter)
}

func lifecycleFromXML(rule wire.Object) wire.Object {
	if and := rule.Object("Filter").Object("And"); and != nil {
		rule["Filter"] = map[string]any(and)
	}
	if tags := rule.Object("Filter").List("TagFilters"); tags != nil {
		rule["TagFilters"] = tags
	}
	for _, m := range moves() {
		from := rule.Object(m[1])
		if v, set := from[m[2]]; set && (m[0] != "NoncurrentVersionExpirationInDays" || len(from) == 1) {
			rule[m[0]] = v
			delete(from, m[2])
			if len(from) == 0 {
				delete(rule, m[1])
			}
		}
	}
	delete(rule, "Filter")
	for _, t := range rule.Objects("Transitions") {
		if v, set := t["Days"]; set {
			t["TransitionInDays"] = v
			delete(t, "Days")
		}
	}
	for _, t := range rule.Objects("NoncurrentVersionTransitions") {
		if v, set := t["NoncurrentDays"]; set {
			t["TransitionInDays"] = v
			delete(t, "NoncurrentDays")
		}
	}
	return rule
}
