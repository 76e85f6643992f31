package drift

import "strings"

// policyTags are the keys of conditions by which policies look at tags: a tag
// that one names decides who may do what, and is no label.
var policyTags = []string{"aws:resourcetag/", "aws:requesttag/", "aws:principaltag/", "ec2:resourcetag/", "ssm:resourcetag/", "iam:resourcetag/",
	"secretsmanager:resourcetag/"}

// decisive reports whether a policy of either Region looks at a tag.
func (c *comparer) decisive(at path) bool {
	if len(at) < 2 || at[0].name != "Tags" && at[0].name != "TagSet" {
		return false
	}
	if c.policyTags == nil {
		c.policyTags = map[string]bool{}
		for _, s := range []*side{c.primary, c.standby} {
			for i := range s.snapshot.Resources {
				collectPolicyTags(s.snapshot.Resources[i].Properties, c.policyTags)
			}
		}
	}
	return c.policyTags[strings.ToLower(at[1].name)]
}

// collectPolicyTags finds the tags that the conditions in a tree name, be they
// object or JSON in a text.
func collectPolicyTags(v any, found map[string]bool) {
	switch v := v.(type) {
	case string:
		if inner, ok := embedded(v); ok {
			collectPolicyTags(inner, found)
		}
	case []any:
		for _, e := range v {
			collectPolicyTags(e, found)
		}
	case map[string]any:
		for key, e := range v {
			lower := strings.ToLower(key)
			for _, prefix := range policyTags {
				if tag, ok := strings.CutPrefix(lower, prefix); ok {
					found[tag] = true
				}
			}
			collectPolicyTags(e, found)
		}
	}
}
