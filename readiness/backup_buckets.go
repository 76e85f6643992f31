package readiness

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

const typeBucketPolicy = "AWS::S3::BucketPolicy"

type typedProperty struct{ kind, property string }

// deliveries are the properties that make a bucket the destination of logs: of
// what was done, which no takeover needs. See docs/decisions/0019.
// Source: CloudFormation resource reference; "Enable logging from AWS services",
// CloudWatch Logs user guide.
var deliveries = []typedProperty{
	{typeBucket, "LoggingConfiguration"},
	{typeBalancer, "LoadBalancerAttributes"},
	{"AWS::ElasticLoadBalancing::LoadBalancer", "AccessLoggingPolicy"},
	{"AWS::EC2::FlowLog", "LogDestination"},
	{"AWS::CloudFront::Distribution", "DistributionConfig.Logging"},
	{"AWS::WAFv2::LoggingConfiguration", "LogDestinationConfigs"},
}

// servings are the properties by which something reads a bucket and never writes it.
var servings = []typedProperty{
	{"AWS::CloudFront::Distribution", "DistributionConfig.Origins"},
}

// keptForLonger are the properties of a bucket that say that its content is worth
// something: somebody is told of it, copies it, or must not delete it.
var keptForLonger = []string{"NotificationConfiguration", "ReplicationConfiguration", "ObjectLockConfiguration", "ObjectLockEnabled"}

// expendable says in words why a bucket holds nothing that a takeover needs; ""
// where it may. It must be named as the destination of logs, or be filled from
// source by every deploy in both Regions, and nothing else of the application may
// name it. Where something of the primary was not read, that may.
func (h *hearing) expendable(bucket *drift.Resource) string {
	why := ""
	if by := h.deliverTo(bucket); slices.Contains(h.Delivered, bucket.ID) {
		why = "every deploy fills it from source, and nothing else of the application names it"
	} else if len(by) > 0 {
		why = "it is only named as the destination of logs, by " + strings.Join(by, ", ")
	}
	kept := func(name string) bool { return filled(bucket.Properties[name]) }
	if why == "" || slices.ContainsFunc(keptForLonger, kept) || h.primaryHides() || h.usedOtherwise(bucket) {
		return ""
	}
	return why
}

// bucket is one that holds data, softer where nothing of it is needed.
func (h *hearing) bucket(p pair, s store) held {
	b := held{pair: p, store: s}
	if why := h.expendable(p.primary); why != "" {
		b.but, b.severity = "; "+why, drift.Warn
	}
	return b
}

// deliverTo are the keys of what else delivers logs to a bucket: one that logs to
// itself holds what the log is about.
func (h *hearing) deliverTo(bucket *drift.Resource) (by []string) {
	if h.deliveries == nil {
		h.deliveries = h.primary.deliveries()
	}
	for _, d := range h.deliveries {
		if d.from != bucket && names(d.to, bucket) {
			by = append(by, d.from.Key)
		}
	}
	slices.Sort(by)
	return by
}

// delivery is what a resource says of where its logs go.
type delivery struct {
	from *drift.Resource
	to   any
}

func (v *view) deliveries() []delivery {
	all := []delivery{}
	for _, d := range deliveries {
		for _, r := range v.byType[d.kind] {
			if to := at(r.Properties, d.property); to != nil {
				all = append(all, delivery{r, to})
			}
		}
	}
	return all
}

// filled reports whether a property says anything.
func filled(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case map[string]any:
		return len(v) > 0
	}
	return true
}

// primaryHides reports whether a resource of the primary, or a property that is no
// tag, was not read.
func (h *hearing) primaryHides() bool {
	return slices.ContainsFunc(h.gaps, func(g drift.Gap) bool {
		return g.Region == h.primary.region() && g.Fact == "" && !within(g.Property, "Tags")
	})
}

// usedOtherwise reports whether anything else of the primary names a bucket than
// what delivers logs to it, serves it or lets the services do so.
func (h *hearing) usedOtherwise(bucket *drift.Resource) bool {
	for _, r := range h.primary.byKey {
		if r == bucket || r.Type == typeBucketPolicy && r.Properties["Bucket"] == bucket.ID && onlyServices(r.Properties["PolicyDocument"]) {
			continue
		}
		rest := r.Properties
		for _, harmless := range slices.Concat(deliveries, servings) {
			if harmless.kind == r.Type {
				rest = leftOut(rest, harmless.property)
			}
		}
		if names(rest, bucket) || hidesText(withoutPasswords(r.Type, rest)) {
			return true
		}
	}
	return slices.ContainsFunc(h.primary.subjects[drift.FactContent], func(subject string) bool {
		content, _ := h.primary.fact(drift.FactContent, subject)
		return names(content, bucket) || hidesText(content)
	})
}

// passwords are the secrets that name no bucket, because they are passwords or
// tokens; any other may be a text that does. Source: CloudFormation resource reference.
var passwords = []typedProperty{
	{typeDBInstance, "MasterUserPassword"},
	{typeDBInstance, "TdeCredentialPassword"},
	{typeDBCluster, "MasterUserPassword"},
	{"AWS::DocDB::DBCluster", "MasterUserPassword"},
	{"AWS::Redshift::Cluster", "MasterUserPassword"},
	{"AWS::ElastiCache::ReplicationGroup", "AuthToken"},
	{"AWS::ElastiCache::User", "Passwords"},
	{"AWS::MemoryDB::User", "AuthenticationMode.Passwords"},
	{"AWS::OpenSearchService::Domain", "AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword"},
	{"AWS::AmazonMQ::Broker", "Users"},
}

func withoutPasswords(kind string, properties map[string]any) map[string]any {
	for _, p := range passwords {
		if p.kind == kind {
			properties = leftOut(properties, p.property)
		}
	}
	return properties
}

// names reports whether a tree mentions a bucket: its name, or the symbol that a
// template has for one that does not exist yet.
func names(tree any, bucket *drift.Resource) bool {
	return anyText(tree, func(text string) bool {
		return mentions(text, bucket.ID) || strings.Contains(text, "${"+bucket.Key+"}") || strings.Contains(text, "${"+bucket.Key+".")
	})
}

// hidesText reports whether a secret is in a tree, as the user data of a server is
// or a variable of a function:
// what it names nobody sees.
func hidesText(tree any) bool {
	switch node := tree.(type) {
	case map[string]any:
		if _, sealed := drift.AsSealed(node); sealed {
			return true
		}
		for _, child := range node {
			if hidesText(child) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(node, hidesText)
	}
	return false
}

// anyText reports whether a text in a tree is such a one.
func anyText(tree any, is func(string) bool) bool {
	switch node := tree.(type) {
	case string:
		return is(node)
	case map[string]any:
		for _, child := range node {
			if anyText(child, is) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(node, func(child any) bool { return anyText(child, is) })
	}
	return false
}

// leftOut is a tree without one property, which a dotted path names.
func leftOut(tree map[string]any, dotted string) map[string]any {
	name, rest, deeper := strings.Cut(dotted, ".")
	out := make(map[string]any, len(tree))
	for member, child := range tree {
		object, isObject := child.(map[string]any)
		switch {
		case member != name:
			out[member] = child
		case deeper && isObject:
			out[member] = leftOut(object, rest)
		}
	}
	return out
}

// onlyServices reports whether a policy lets in nobody but services of AWS and
// whole accounts, as the delivery of logs needs it: no role or user of anybody's.
func onlyServices(policy any) bool {
	document, _ := policy.(map[string]any)
	statements := document["Statement"]
	if one, single := statements.(map[string]any); single {
		statements = []any{one}
	}
	list, ok := statements.([]any)
	return ok && !slices.ContainsFunc(list, func(statement any) bool {
		s, _ := statement.(map[string]any)
		return text(s, "Effect") != "Deny" && letsInPeople(s)
	})
}

func letsInPeople(statement map[string]any) bool {
	principal, named := statement["Principal"].(map[string]any)
	if !named {
		return true // "*", or everybody but
	}
	for kind, who := range principal {
		if kind != "Service" && anyText(who, func(arn string) bool { return !wholeAccount(arn) }) {
			return true
		}
	}
	return false
}

// wholeAccount reports whether a principal is an account. Load balancers deliver
// from one of AWS's own in many Regions.
func wholeAccount(arn string) bool {
	return strings.HasSuffix(arn, ":root") || len(arn) == 12 && strings.Trim(arn, "0123456789") == ""
}
