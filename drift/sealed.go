package drift

import (
	"slices"
	"strings"
)

// secret is the canonical form of a sealed value: its digest, and the Regions
// it is known to mention.
func (c *canoniser) secret(raw any, sealed Sealed) *node {
	n := &node{kind: kindSecret, raw: raw, text: sealed.Run + ":" + sealed.Digest}
	for _, region := range sealed.Regions {
		if _, names := c.index.rewrite(c.view.side, region); len(names) == 1 && names[0].text == region {
			n.names = append(n.names, names[0])
		}
	}
	return n
}

// incomparable reports whether two values hold secrets sealed by different
// runs: their digests say nothing about each other.
func incomparable(p, s *node) bool {
	if p == nil || s == nil || p.kind != kindSecret || s.kind != kindSecret {
		return false
	}
	left, _, _ := strings.Cut(p.text, ":")
	right, _, _ := strings.Cut(s.text, ":")
	return left != right || left == ""
}

// secretWords mark variables whose values are not shown, whatever they hold.
var secretWords = []string{"PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY", "API_KEY", "PRIVATE_KEY", "CREDENTIAL", "ACCESS_KEY"}

// plainSuffixes mark variables that only say where a secret is kept.
var plainSuffixes = []string{"_ARN", "_NAME", "_ID", "_PATH", "_REGION", "ARN", "NAME"}

// isSecretName reports whether a name of the user's own ("DB_PASSWORD") says
// that its value is secret.
func isSecretName(name string) bool {
	upper := strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	if slices.ContainsFunc(plainSuffixes, func(s string) bool { return strings.HasSuffix(upper, s) }) {
		return false
	}
	return slices.ContainsFunc(secretWords, func(w string) bool { return strings.Contains(upper, w) })
}

// hidden reports whether a difference must be reported without its values.
func (d difference) hidden() bool {
	if d.primary.sealed() || d.standby.sealed() {
		return true
	}
	secret := false
	for _, n := range []*node{d.primary, d.standby} {
		if n != nil && n.free && len(d.path) > 0 && isSecretName(d.path[len(d.path)-1].name) {
			secret = true
		}
		n.walk(func(x *node) {
			for i, key := range x.keys {
				secret = secret || x.kids[i].free && isSecretName(key)
			}
		})
	}
	return secret
}
