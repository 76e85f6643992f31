package read

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// What resources point to by id may be no resource of the application: a
// certificate, a key, a group of parameters that somebody else keeps. Its id is
// another one in every Region, so the ids cannot be compared; what they stand
// for can. After all readers have finished, pointees looks through the
// properties they found and describes each such id once.

// pointee is one kind of thing that properties name.
type pointee struct {
	// kind of the fact; label tells kinds apart that have one name, as the
	// groups of parameters of an instance and of its cluster.
	kind, label string
	// owners are the types that the application's own ones of this kind have.
	owners []string
	// types whose properties are looked at; empty for all.
	types []string
	// names reports whether text under a property of that name is such an id.
	names func(property, text string) bool
	// describe reads one; the value has Name and Content, and beside them what
	// rules need and Regions need not share.
	describe func(context.Context, *run, string) (map[string]any, error)
	actions  []string
	// covers are words in the names of top-level properties that may name one,
	// by which Actions knows which types need the permission.
	covers []string
}

// pointees are the kinds, in the order in which a text is tried on them.
func pointees() []pointee {
	return []pointee{
		{
			kind:     "Certificate",
			owners:   []string{"AWS::CertificateManager::Certificate"},
			names:    func(_, text string) bool { return certificateARN.MatchString(text) },
			describe: describeCertificate,
			actions:  []string{"acm:DescribeCertificate"},
			covers:   []string{"Certificate", "CustomDomainConfig", "DomainEndpointOptions", "DomainNameConfigurations"},
		},
		{
			kind:     keyKind,
			owners:   []string{"AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::KMS::Alias"},
			names:    namesKey,
			describe: describeKey,
			actions:  []string{"kms:DescribeKey", "kms:ListAliases", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"},
			covers: []string{"Kms", "KMS", "SSESpecification", "BucketEncryption", "MasterUserSecret", "Encryption", "KeyId", "LockConfiguration",
				"LambdaConfig", "ReplicaRegions", "Replicas", "BackupPlan", "KeyArn"},
		},
		group("AWS::RDS::DBInstance", "DBParameterGroupName", "DBParameterGroup", describeDBGroup, "rds:DescribeDBParameterGroups", "rds:DescribeDBParameters"),
		group("AWS::RDS::DBCluster", "DBClusterParameterGroupName", "DBClusterParameterGroup", describeDBClusterGroup,
			"rds:DescribeDBClusterParameterGroups", "rds:DescribeDBClusterParameters"),
		group("AWS::ElastiCache::ReplicationGroup", "CacheParameterGroupName", "ParameterGroup", describeCacheGroup,
			"elasticache:DescribeCacheParameterGroups", "elasticache:DescribeCacheParameters"),
		group("AWS::ElastiCache::CacheCluster", "CacheParameterGroupName", "ParameterGroup", describeCacheGroup,
			"elasticache:DescribeCacheParameterGroups", "elasticache:DescribeCacheParameters"),
		group("AWS::RDS::DBInstance", "OptionGroupName", "OptionGroup", describeOptionGroup, "rds:DescribeOptionGroups"),
		taskDefinitions(),
		roles(),
	}
}

// group is a kind that one property of one type names.
func group(typ, property, label string, describe func(context.Context, *run, string) (map[string]any, error), actions ...string) pointee {
	service, _, _ := strings.Cut(strings.TrimPrefix(typ, "AWS::"), "::")
	kind := "ParameterGroup"
	if strings.HasPrefix(label, "Option") {
		kind = label
	}
	return pointee{kind: kind, label: service + label, owners: []string{"AWS::" + service + "::" + label}, types: []string{typ}, covers: []string{property}, actions: actions, describe: describe,
		names: func(name, _ string) bool { return name == property }}
}

var (
	certificateARN = regexp.MustCompile(`^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]+$`)
	keyARN         = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key/[0-9a-zA-Z-]+|alias/[^*]+)$`)
	keyID          = regexp.MustCompile(`^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|alias/.+)$`)
)

// namesKey takes an ARN for a key's wherever it stands, and an id where the
// property says so. An alias that AWS keeps says what it stands for by itself.
func namesKey(property, text string) bool {
	if i := strings.Index(text, "alias/aws/"); i == 0 || i > 0 && text[i-1] == ':' {
		return false
	}
	lower := strings.ToLower(property)
	return keyARN.MatchString(text) || keyID.MatchString(text) && (strings.Contains(lower, "kms") || lower == "targetkeyid" || lower == "keyid")
}

// mentions is how many ids of one kind are described in a Region. More of them
// are a gap: somebody pointed at something that is no application.
const mentions = 300

// mention is an id from outside, with the key and the type of the first resource that names it.
type mention struct {
	pointee
	id, by, typ string
}

// describeMentions describes what the resources read so far point to.
func (r *run) describeMentions(ctx context.Context) {
	list := r.mentioned()
	contents := make([]map[string]any, len(list))
	each(ctx, indexes(list), func(i int) { contents[i] = r.describeMention(ctx, list[i]) })
	byID, unknown := map[string]map[string]any{}, map[string]bool{}
	for i, m := range list {
		if contents[i] == nil {
			unknown[m.id] = true // a part of what the name stands for is no content
			continue
		}
		byID[m.id] = together(byID[m.id], contents[i], m.label)
	}
	for _, id := range keysOf(byID) {
		if unknown[id] {
			continue
		}
		delete(byID[id], "label")
		tree, err := drift.Tree(byID[id])
		if err != nil {
			r.result.Gaps = append(r.result.Gaps, drift.Gap{Region: r.Region, Resource: id, Fact: drift.FactContent, Reason: session.BadResponse, Message: err.Error()})
			continue
		}
		r.result.Facts = append(r.result.Facts, drift.Fact{Kind: drift.FactContent, Subject: id, Value: withoutNulls(tree)})
	}
}

// together is what one name stands for that several kinds of things have: their
// contents side by side, all of which must be alike.
func together(before, next map[string]any, label string) map[string]any {
	if before == nil {
		next["label"] = label
		return next
	}
	contents := map[string]any{}
	if first, ok := before["label"].(string); ok {
		contents[first] = before["Content"]
	} else {
		contents, _ = before["Content"].(map[string]any)
	}
	contents[label] = next["Content"]
	return map[string]any{"Kind": before["Kind"], "Name": before["Name"], "Content": contents}
}

// describeMention describes one; nil leaves a gap of the id, whoever names it.
func (r *run) describeMention(ctx context.Context, m mention) map[string]any {
	content, err := m.describe(ctx, r, m.id)
	if err != nil {
		p := session.Classify(err)
		r.add("", func() {
			r.result.Gaps = append(r.result.Gaps, drift.Gap{Region: r.Region, Resource: m.id, Type: m.typ, Fact: drift.FactContent,
				Operation: p.Permission, Reason: p.Reason, Message: "named by " + m.by + ": " + p.Message})
		})
		return nil
	}
	content["Kind"] = m.kind
	return content
}

// mentioned lists the ids from outside, each once, in one order.
func (r *run) mentioned() []mention {
	own := r.ownNames()
	kinds := pointees()
	seen := map[[2]string]bool{}
	count := map[string]int{}
	var list []mention
	resources := slices.Clone(r.result.Resources)
	slices.SortFunc(resources, func(a, b drift.Resource) int { return strings.Compare(a.Key, b.Key) })
	for _, resource := range resources {
		eachText(resource.Properties, "", func(property, text string) {
			if strings.Contains(text, "${") || strings.Contains(text, "{{") {
				return // a reference of what is planned: it has no id yet
			}
			for _, p := range kinds {
				if len(p.types) > 0 && !slices.Contains(p.types, resource.Type) || !p.names(property, text) {
					continue
				}
				if own.has(p.owners, text) || own.has(p.owners, lastPart(text)) || elsewhere(text, r.Region) || r.described[text] || seen[[2]string{p.kind + p.label, text}] {
					return
				}
				seen[[2]string{p.kind + p.label, text}] = true
				if count[p.kind]++; count[p.kind] > mentions {
					r.tooMany(p.kind, text, resource)
					return
				}
				list = append(list, mention{pointee: p, id: text, by: resource.Key, typ: resource.Type})
				return
			}
		})
	}
	return list
}

// tooMany leaves a gap of every id beyond those that are described: whoever
// names it is not judged by the id.
func (r *run) tooMany(kind, id string, resource drift.Resource) {
	r.result.Gaps = append(r.result.Gaps, drift.Gap{Region: r.Region, Resource: id, Type: resource.Type, Fact: drift.FactContent,
		Reason: session.Unsupported, Message: "named by " + resource.Key + ": the resources name more of the kind " + kind + " than Lockstep describes"})
}

// ownNames are the names of the application's own resources, read or not, with their types.
type ownNames map[string][]string

func (o ownNames) has(owners []string, name string) bool {
	return slices.ContainsFunc(o[strings.ToLower(name)], func(typ string) bool { return slices.Contains(owners, typ) })
}

func (o ownNames) note(typ, name string) {
	o[strings.ToLower(name)] = append(o[strings.ToLower(name)], typ)
}

func (r *run) ownNames() ownNames {
	own := ownNames{}
	for name, types := range r.others {
		own[name] = slices.Clone(types)
	}
	for _, item := range r.Items {
		own.note(item.Type, item.ID)
		for _, name := range item.Names {
			own.note(item.Type, name)
		}
	}
	for _, resource := range r.result.Resources {
		for _, name := range resource.Identities {
			own.note(resource.Type, name)
		}
	}
	return own
}

// lastPart is an id without the ARN around it: "key/ID" is "ID", an alias stays one.
func lastPart(text string) string {
	if !strings.HasPrefix(text, "arn:") {
		return text
	}
	resource := text[strings.LastIndexByte(text, ':')+1:]
	return strings.TrimPrefix(resource, "key/")
}

// elsewhere reports whether an ARN is of another Region: it is described there.
func elsewhere(text, region string) bool {
	parts := strings.SplitN(text, ":", 6)
	return len(parts) == 6 && parts[0] == "arn" && parts[3] != "" && parts[3] != region
}

// eachText visits the texts of a tree with the name of the property they are in.
func eachText(v any, property string, visit func(property, text string)) {
	switch v := v.(type) {
	case string:
		visit(property, v)
	case []any:
		for _, element := range v {
			eachText(element, property, visit)
		}
	case map[string]any:
		for _, name := range keysOf(v) {
			eachText(v[name], name, visit)
		}
	}
}

func indexes[T any](list []T) []int {
	all := make([]int, len(list))
	for i := range all {
		all[i] = i
	}
	return all
}

// mentionActions are the permissions to describe what a type's properties may
// name. Types read through Cloud Control may name anything.
func mentionActions(spec Spec, native bool) []string {
	var actions []string
	for _, p := range pointees() {
		switch {
		case len(p.types) > 0 && !slices.Contains(p.types, spec.Type), len(p.types) > 0 && !native:
			continue
		case native && !slices.ContainsFunc(spec.Properties, func(name string) bool {
			return slices.ContainsFunc(p.covers, func(word string) bool { return strings.Contains(name, word) })
		}):
			continue
		}
		actions = append(actions, p.actions...)
	}
	return actions
}
