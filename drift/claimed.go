package drift

import (
	"maps"
	"reflect"
	"slices"
)

// claims are lists of one resource whose elements other resources declare: the
// rules of a security group, the inline policies of a role. A read lists them
// twice, once with the group and once as themselves.
var claims = []struct{ Owner, Property, By, Link string }{
	{"AWS::EC2::SecurityGroup", "SecurityGroupIngress", "AWS::EC2::SecurityGroupIngress", "GroupId"},
	{"AWS::EC2::SecurityGroup", "SecurityGroupEgress", "AWS::EC2::SecurityGroupEgress", "GroupId"},
	{"AWS::IAM::Role", "Policies", "AWS::IAM::Policy", "Roles"},
	{"AWS::IAM::Role", "Policies", "AWS::IAM::RolePolicy", "RoleName"},
}

// unclaimed is the snapshot without the elements that a resource of their own
// answers for: what happens to them is said once, of that resource, and the
// list that holds them is what its own template says. A resource that the other
// Region could not read answers for nothing: its element is in both lists, or in
// one. The snapshot stays as it is.
func unclaimed(s, other *Snapshot) *Snapshot {
	elements, unread := map[claim][]any{}, unreadKeys(other)
	for i := range s.Resources {
		for _, t := range claims {
			if r := &s.Resources[i]; r.Type == t.By && !unread[r.Key] {
				for _, owner := range linked(r.Properties[t.Link]) {
					at := claim{t.Owner, t.Property, owner}
					elements[at] = append(elements[at], butFor(r.Properties, t.Link))
				}
			}
		}
	}
	if len(elements) == 0 {
		return s
	}
	out := *s
	out.Resources = slices.Clone(s.Resources)
	for i := range out.Resources {
		out.Resources[i].disown(elements)
	}
	return &out
}

// unreadKeys are the resources of which a Region read nothing.
func unreadKeys(s *Snapshot) map[string]bool {
	keys := map[string]bool{}
	for _, gap := range s.Gaps {
		keys[gap.Resource] = keys[gap.Resource] || gap.Fact == "" && gap.Property == ""
	}
	return keys
}

// claim is a list of a resource, which is named as others link to it.
type claim struct{ owner, property, name string }

// disown takes what others claim out of a resource's lists.
func (r *Resource) disown(elements map[claim][]any) {
	for _, t := range claims {
		list, ok := r.Properties[t.Property].([]any)
		if r.Type != t.Owner || !ok {
			continue
		}
		claimed := elements[claim{t.Owner, t.Property, r.ID}]
		for _, name := range r.Identities {
			if name != r.ID {
				claimed = append(claimed, elements[claim{t.Owner, t.Property, name}]...)
			}
		}
		kept := slices.DeleteFunc(slices.Clone(list), func(e any) bool {
			return slices.ContainsFunc(claimed, func(c any) bool { return reflect.DeepEqual(c, e) })
		})
		if len(kept) < len(list) {
			r.Properties = maps.Clone(r.Properties)
			r.Properties[t.Property] = kept
		}
	}
}

// linked are the names of owners: one, or a list of them.
func linked(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var names []string
		for _, e := range v {
			if name, ok := e.(string); ok {
				names = append(names, name)
			}
		}
		return names
	}
	return nil
}

func butFor(properties map[string]any, name string) map[string]any {
	out := maps.Clone(properties)
	delete(out, name)
	return out
}
