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
	{"AWS::IAM::Group", "Policies", "AWS::IAM::GroupPolicy", "GroupName"},
	{"AWS::IAM::Group", "Policies", "AWS::IAM::Policy", "Groups"},
	{"AWS::IAM::User", "Policies", "AWS::IAM::Policy", "Users"},
	{"AWS::IAM::User", "Policies", "AWS::IAM::UserPolicy", "UserName"},
	{"AWS::EC2::SecurityGroup", "SecurityGroupIngress", "AWS::EC2::SecurityGroupIngress", "GroupId"},
	{"AWS::EC2::SecurityGroup", "SecurityGroupEgress", "AWS::EC2::SecurityGroupEgress", "GroupId"},
	{"AWS::IAM::Role", "Policies", "AWS::IAM::Policy", "Roles"},
	{"AWS::IAM::Role", "Policies", "AWS::IAM::RolePolicy", "RoleName"},
	{"AWS::Lambda::Alias", "Permissions", "AWS::Lambda::Permission", "FunctionName"},
	{"AWS::Lambda::Function", "Permissions", "AWS::Lambda::Permission", "FunctionName"},
}

// wholes are properties of one resource that are, as a whole, what another declares.
var wholes = []struct{ Owner, Property, By, Link string }{
	{"AWS::ECS::Cluster", "CapacityProviders", "AWS::ECS::ClusterCapacityProviderAssociations", "Cluster"},
	{"AWS::ECS::Cluster", "DefaultCapacityProviderStrategy", "AWS::ECS::ClusterCapacityProviderAssociations", "Cluster"},
	{"AWS::S3::Bucket", "Policy", "AWS::S3::BucketPolicy", "Bucket"},
	{"AWS::SNS::Topic", "Policy", "AWS::SNS::TopicInlinePolicy", "TopicArn"},
	{"AWS::SNS::Topic", "Policy", "AWS::SNS::TopicPolicy", "Topics"},
	{"AWS::SecretsManager::Secret", "ResourcePolicy", "AWS::SecretsManager::ResourcePolicy", "SecretId"},
	{"AWS::SQS::Queue", "Policy", "AWS::SQS::QueueInlinePolicy", "Queue"},
	{"AWS::SQS::Queue", "Policy", "AWS::SQS::QueuePolicy", "Queues"},
}

// statements are policies of one resource whose statements others declare, each
// with a resource of its own: a statement of its own stays with the owner.
var statements = []struct{ Owner, Property, By, Link string }{
	{"AWS::Events::EventBus", "Policy", "AWS::Events::EventBusPolicy", "EventBusName"},
}

// unclaimed is the snapshot without the elements that a resource of their own
// answers for: what happens to them is said once, of that resource, and the
// list that holds them is what its own template says. A resource that either
// Region could not read answers for nothing, alone or with its stack, its type or
// everything: its element is in both lists, or in one. The snapshot stays as it is.
func unclaimed(s, other *Snapshot) *Snapshot {
	said := answers{elements: map[claim][]any{}, whole: map[claim]bool{}}
	there, here := newUnread(other, newAliases()), newUnread(s, newAliases())
	for i := range s.Resources {
		r := &s.Resources[i]
		if there.covers(r.Key, r.Type) == nil && here.covers(r.Key, r.Type) == nil {
			said.add(r, func(link string) bool { return !there.hides(r.Key, link) })
		}
	}
	return said.withoutIn(s)
}

// Withdrawn is a snapshot without what a resource declares of others: a policy that
// is a resource of its own is also what a read says of its bucket. A prediction has
// to take both away. The snapshot stays as it is.
func Withdrawn(s *Snapshot, r *Resource) *Snapshot {
	said := answers{elements: map[claim][]any{}, whole: map[claim]bool{}}
	said.add(r, func(string) bool { return true })
	return said.withoutIn(s)
}

// answers are what resources of their own say of their owners.
type answers struct {
	elements map[claim][]any
	whole    map[claim]bool
}

// add takes what one resource says, by the links that were read.
func (a answers) add(r *Resource, read func(link string) bool) {
	for _, t := range claims {
		if r.Type != t.By || !read(t.Link) {
			continue
		}
		for _, owner := range linked(r.Properties[t.Link]) {
			at := claim{t.Owner, t.Property, owner}
			a.elements[at] = append(a.elements[at], element(r))
		}
	}
	for _, t := range statements {
		if name, ok := r.Properties[t.Link].(string); ok && r.Type == t.By && read(t.Link) {
			at := claim{t.Owner, t.Property, name}
			a.elements[at] = append(a.elements[at], r.Properties["Statement"])
		}
	}
	for _, t := range wholes {
		if r.Type != t.By || !read(t.Link) {
			continue
		}
		for _, owner := range linked(r.Properties[t.Link]) {
			a.whole[claim{t.Owner, t.Property, owner}] = true
		}
	}
}

// withoutIn is a snapshot without all of it.
func (a answers) withoutIn(s *Snapshot) *Snapshot {
	if len(a.elements)+len(a.whole) == 0 {
		return s
	}
	out := *s
	out.Resources = slices.Clone(s.Resources)
	for i := range out.Resources {
		out.Resources[i].disown(a.elements)
		out.Resources[i].disownStatements(a.elements)
		out.Resources[i].disownWhole(a.whole)
	}
	return &out
}

// disownWhole takes away the properties that others declare as a whole.
func (r *Resource) disownWhole(whole map[claim]bool) {
	for _, t := range wholes {
		if r.Type != t.Owner || r.Properties[t.Property] == nil {
			continue
		}
		mine := whole[claim{t.Owner, t.Property, r.ID}]
		for _, name := range r.Identities {
			mine = mine || whole[claim{t.Owner, t.Property, name}]
		}
		if mine {
			r.Properties = maps.Clone(r.Properties)
			delete(r.Properties, t.Property)
		}
	}
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
		claimed := r.claimedOf(t.Owner, t.Property, elements)
		kept := slices.DeleteFunc(slices.Clone(list), func(e any) bool {
			return slices.ContainsFunc(claimed, func(c any) bool { return reflect.DeepEqual(c, e) })
		})
		if len(kept) < len(list) {
			r.Properties = maps.Clone(r.Properties)
			r.Properties[t.Property] = kept
		}
	}
}

// disownStatements takes the statements that others declare out of a policy, and
// the policy with the last of them.
func (r *Resource) disownStatements(elements map[claim][]any) {
	for _, t := range statements {
		policy, ok := r.Properties[t.Property].(map[string]any)
		if r.Type != t.Owner || !ok {
			continue
		}
		claimed := r.claimedOf(t.Owner, t.Property, elements)
		kept := slices.DeleteFunc(slices.Clone(asList(policy["Statement"])), func(e any) bool {
			return slices.ContainsFunc(claimed, func(c any) bool { return reflect.DeepEqual(c, e) })
		})
		if len(kept) == len(asList(policy["Statement"])) {
			continue
		}
		r.Properties, policy = maps.Clone(r.Properties), maps.Clone(policy)
		policy["Statement"], r.Properties[t.Property] = kept, policy
		if len(kept) == 0 {
			delete(r.Properties, t.Property)
		}
	}
}

// claimedOf is what others claim of a list, by whichever of the owner's names.
func (r *Resource) claimedOf(owner, property string, elements map[claim][]any) []any {
	claimed := slices.Clone(elements[claim{owner, property, r.ID}])
	for _, name := range r.Identities {
		if name != r.ID {
			claimed = append(claimed, elements[claim{owner, property, name}]...)
		}
	}
	return claimed
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

// element is a resource as its owner's list has it, without what links to owners.
func element(r *Resource) map[string]any {
	out := maps.Clone(r.Properties)
	for _, t := range claims {
		if t.By == r.Type {
			delete(out, t.Link)
		}
	}
	return out
}
