package drift

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// isPolicy recognises a policy document: statements that all have an effect.
func isPolicy(v map[string]any) bool {
	statements := asList(v["Statement"])
	if len(statements) == 0 {
		return false
	}
	for _, s := range statements {
		object, _ := s.(map[string]any)
		if _, ok := object["Effect"].(string); !ok {
			return false
		}
	}
	return true
}

// policyIn finds the policy in a value that should be one, as object or text.
func (c *canoniser) policyIn(v any) *node {
	raw := v
	if s, ok := v.(string); ok {
		if v, ok = embedded(s); !ok {
			return nil
		}
	}
	object, ok := v.(map[string]any)
	if !ok || !isPolicy(object) {
		return nil
	}
	n := c.policy(object)
	n.raw = raw
	return n
}

// policy brings a policy document into canonical form: what IAM reads alike
// becomes equal, and nothing else does. Wildcards are never expanded, and
// NotAction, NotResource and NotPrincipal keep their meaning.
func (c *canoniser) policy(v map[string]any) *node {
	n := &node{kind: kindObject, raw: v}
	for _, name := range sortedKeys(v) {
		switch name {
		case "Statement":
			n.put(name, c.statements(v[name]))
		case "Id":
			if id, ok := v[name].(string); ok && isGeneratedSid(id) {
				continue
			}
			n.put(name, c.plain(nil, 0, v[name], document))
		default:
			n.put(name, c.plain(nil, 0, v[name], document))
		}
	}
	if _, ok := v["Version"]; !ok { // what IAM assumes
		n.put("Version", &node{kind: kindText, text: "2008-10-17"})
	}
	return n
}

// statements are a set: one that is said twice says nothing more.
func (c *canoniser) statements(v any) *node {
	set, said := &node{kind: kindSet, raw: v}, map[string]bool{}
	for _, s := range asList(v) {
		object, _ := s.(map[string]any)
		statement := c.statement(object)
		if text := string(statement.encode(nil)); !said[text] {
			said[text] = true
			set.kids = append(set.kids, statement)
		}
	}
	return set
}

func (c *canoniser) statement(v map[string]any) *node {
	n := &node{kind: kindObject, raw: v}
	for _, name := range sortedKeys(v) {
		value := v[name]
		switch name {
		case "Action", "NotAction":
			n.put(name, c.valueSet(value, strings.ToLower))
		case "Resource", "NotResource":
			n.put(name, c.valueSet(value, nil))
		case "Principal", "NotPrincipal":
			n.put(name, c.principal(value))
		case "Condition":
			n.put(name, c.condition(value, c.issuerOf(v["Principal"])))
		case "Sid":
			if sid, ok := value.(string); ok && (sid == "" || isGeneratedSid(sid)) {
				continue
			}
			n.put(name, c.plain(nil, 0, value, document))
		default:
			n.put(name, c.plain(nil, 0, value, document))
		}
	}
	return n
}

// valueSet reads one value or many as a set; fold brings a value into the
// form in which IAM compares it.
func (c *canoniser) valueSet(v any, fold func(string) string) *node {
	set := &node{kind: kindSet, raw: v}
	for _, e := range asList(v) {
		kid := c.policyScalar(e)
		if fold != nil && kid.kind == kindText && kid.names == nil {
			kid.text = fold(kid.text)
		}
		if !slices.ContainsFunc(set.kids, func(k *node) bool { return k.kind == kid.kind && k.text == kid.text && kid.scalar() }) {
			set.kids = append(set.kids, kid)
		}
	}
	return set
}

// policyScalar reads true, 5 and "5" alike, as IAM does.
func (c *canoniser) policyScalar(v any) *node {
	n := c.plain(nil, 0, v, document)
	n.off = false
	if n.kind == kindBool || n.kind == kindNumber {
		n.kind = kindText
	}
	return n
}

// principal makes "*" and {"AWS": "*"}, and an account and its root, equal.
func (c *canoniser) principal(v any) *node {
	object, ok := v.(map[string]any)
	if !ok {
		object = map[string]any{"AWS": v}
	}
	n := &node{kind: kindObject, raw: v, whole: true}
	for _, kind := range sortedKeys(object) {
		set := c.valueSet(object[kind], nil)
		if kind == "AWS" {
			for _, kid := range set.kids {
				kid.text = accountOfRoot(kid.text)
			}
			set.kids = slices.CompactFunc(byText(set.kids), func(a, b *node) bool { return a.kind == b.kind && a.text == b.text })
		}
		n.put(kind, set)
	}
	return n
}

// byText sorts the values of a set.
func byText(kids []*node) []*node {
	slices.SortStableFunc(kids, func(a, b *node) int { return strings.Compare(a.text, b.text) })
	return kids
}

var rootARN = regexp.MustCompile(`^arn:[^:]+:iam::(\$\{[^}]+\}|\d{12}):root$`)

func accountOfRoot(s string) string {
	if m := rootARN.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return s
}

// operators are the condition operators by their lower-cased names. Source: "IAM
// JSON policy elements: Condition operators" in the IAM User Guide.
var operators = func() map[string]string {
	named := map[string]string{}
	for _, name := range []string{
		"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
		"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
		"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
		"Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
	} {
		for _, before := range []string{"", "ForAllValues:", "ForAnyValue:"} {
			for _, after := range []string{"", "IfExists"} {
				named[strings.ToLower(before+name+after)] = before + name + after
			}
		}
	}
	return named
}()

// operator is a condition operator in the IAM User Guide's spelling. IAM takes
// no policy with an operator that it does not know, so whichever spelling one
// has, it means the one operator of that name.
func operator(name string) string { return cmp.Or(operators[strings.ToLower(name)], name) }

// condition reads operator → key → values; operators and keys ignore case.
func (c *canoniser) condition(v any, issuer string) *node {
	object, ok := v.(map[string]any)
	if !ok {
		return c.plain(nil, 0, v, document)
	}
	n := &node{kind: kindObject, raw: v}
	for _, name := range sortedKeys(object) {
		said := operator(name)
		if n.child(said) != nil {
			said = name
		}
		keys, ok := object[name].(map[string]any)
		if !ok {
			n.put(said, c.plain(nil, 0, object[name], document))
			continue
		}
		tests := &node{kind: kindObject, raw: keys}
		for _, key := range sortedKeys(keys) {
			folded := strings.ToLower(c.conditionKey(key, issuer))
			if tests.child(folded) != nil {
				folded = key
			}
			tests.put(folded, c.valueSet(keys[key], nil))
		}
		n.put(said, tests)
	}
	return n
}

// clusterIssuer is the provider of a Kubernetes cluster's identities as principals
// name it, and the Region of the cluster.
var clusterIssuer = regexp.MustCompile(`^arn:[^:]+:iam::(?:\d{12}|\$\{[^{}]*\}):oidc-provider/(oidc\.eks\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/id/[0-9A-F]{32})$`)

// issuerOf is the one issuer of the own Region whose identities a statement lets in;
// "" where there is none. Which cluster it is of, the principal says: the keys of its
// claims begin with it and say no more.
func (c *canoniser) issuerOf(principal any) string {
	object, _ := principal.(map[string]any)
	list := asList(object["Federated"])
	if len(list) != 1 {
		return ""
	}
	arn, _ := list[0].(string)
	if m := declaredSymbol.FindStringSubmatch(arn); m != nil {
		arn = c.view.idOf(m[1])
	}
	m := clusterIssuer.FindStringSubmatch(arn)
	if m == nil || m[2] != c.view.snapshot.Region.Name {
		return ""
	}
	return m[1]
}

// conditionKey is a key by what it names: the issuer of the own cluster, with which the
// keys of its service accounts begin. One that names the other Region's stays as it is,
// and so does one in which a name stands further on: the key of a tag, which is the
// same text in every Region.
func (c *canoniser) conditionKey(key, issuer string) string {
	text, names := c.rewrite(key)
	named := slices.ContainsFunc(names, func(m mention) bool { return m.key != "" && strings.HasPrefix(key, m.text) })
	if claim, ok := strings.CutPrefix(key, issuer+":"); ok && issuer != "" && !named {
		return "${Issuer}:" + claim
	}
	if !named || slices.ContainsFunc(names, func(m mention) bool { return m.peer }) {
		return key
	}
	return text
}

var generatedSid = regexp.MustCompile(`^(\d+|Stmt\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// isGeneratedSid reports whether a label was made by a tool and not by a person.
func isGeneratedSid(s string) bool { return generatedSid.MatchString(s) }

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	if v == nil {
		return nil
	}
	return []any{v}
}
