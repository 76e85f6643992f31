package drift

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/topology"
)

// Redacted is what a report shows in place of a secret value.
const Redacted = "(secret)"

// secretKey is the one key of the object that stands for a secret in a
// snapshot: {"$secret": {"digest": "<run>:<hex>", "regions": [...]}}.
const secretKey = "$secret"

// Sealer replaces secret values by digests that are comparable within one run
// and meaningless outside it: the key is random, lives in memory only, and is
// shared by all Regions of a run.
type Sealer struct {
	run string
	key []byte
}

// NewSealer returns a sealer for the run id with a key of at least 32 random bytes.
func NewSealer(run string, key []byte) Sealer { return Sealer{run: run, key: key} }

// Seal returns the value that takes a secret's place in a tree. The Region's
// own name and account are rewritten first, so that an endpoint which differs
// only by them has one digest; Regions it mentions are kept by name, because a
// standby whose secret names the primary is a finding.
func (s Sealer) Seal(region, account, value string) map[string]any {
	canonical := replaceToken(value, region, "${Region}")
	if account != "" {
		canonical = replaceToken(canonical, account, "${Account}")
	}
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(canonical))
	mentioned := []any{}
	for _, r := range mentionedRegions(value) {
		mentioned = append(mentioned, r)
	}
	return map[string]any{secretKey: map[string]any{
		"digest":  s.run + ":" + hex.EncodeToString(mac.Sum(nil)),
		"regions": mentioned,
	}}
}

// Sealed is a secret as found in a snapshot.
type Sealed struct {
	Run, Digest string
	// Regions are the AWS Region codes that the secret value mentions.
	Regions []string
}

// AsSealed reads the object that Seal made.
func AsSealed(v any) (Sealed, bool) {
	object, ok := v.(map[string]any)
	if !ok || len(object) != 1 {
		return Sealed{}, false
	}
	body, ok := object[secretKey].(map[string]any)
	if !ok {
		return Sealed{}, false
	}
	digest, _ := body["digest"].(string)
	run, hash, _ := strings.Cut(digest, ":")
	sealed := Sealed{Run: run, Digest: hash}
	list, _ := body["regions"].([]any)
	for _, r := range list {
		if name, ok := r.(string); ok {
			sealed.Regions = append(sealed.Regions, name)
		}
	}
	return sealed, true
}

// Redact returns a tree with Redacted in place of every sealed secret, for
// whatever a person or another program reads. The tree stays as it is.
func Redact(v any) any {
	if _, sealed := AsSealed(v); sealed {
		return Redacted
	}
	switch node := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(node))
		for key, child := range node {
			out[key] = Redact(child)
		}
		return out
	case []any:
		out := make([]any, len(node))
		for i, child := range node {
			out[i] = Redact(child)
		}
		return out
	default:
		return v
	}
}

// mentionedRegions lists the known Region codes that stand in a text as words
// of their own ("db-us-east-1.example.com"), sorted.
func mentionedRegions(s string) []string {
	var found []string
	for _, region := range topology.KnownRegions() {
		if at, _ := nextToken(s, region, 0); at >= 0 {
			found = append(found, region)
		}
	}
	slices.Sort(found)
	return found
}

// replaceToken replaces whole tokens only: "us-east-1" in "us-east-1a" or
// "us-east-10" stays.
func replaceToken(s, token, by string) string {
	var out strings.Builder
	done := 0
	for {
		at, end := nextToken(s, token, done)
		if at < 0 {
			break
		}
		out.WriteString(s[done:at])
		out.WriteString(by)
		done = end
	}
	if done == 0 {
		return s
	}
	out.WriteString(s[done:])
	return out.String()
}

// nextToken finds a token that neither begins nor ends inside a word, at or
// after from; -1 when there is none.
func nextToken(s, token string, from int) (at, end int) {
	if token == "" {
		return -1, -1
	}
	for from <= len(s)-len(token) {
		i := strings.Index(s[from:], token)
		if i < 0 {
			break
		}
		at, end = from+i, from+i+len(token)
		if (at == 0 || !isWordByte(s[at-1])) && (end == len(s) || !isWordByte(s[end])) {
			return at, end
		}
		from = at + 1
	}
	return -1, -1
}
