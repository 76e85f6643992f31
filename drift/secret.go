package drift

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
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

var regionMention = regexp.MustCompile(`\b[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}\b`)

func mentionedRegions(s string) []string {
	var found []string
	for _, m := range regionMention.FindAllString(s, -1) {
		if topology.IsKnownRegion(m) && !slices.Contains(found, m) {
			found = append(found, m)
		}
	}
	slices.Sort(found)
	return found
}

// replaceToken replaces whole tokens only: "us-east-1" in "us-east-1a" or
// "us-east-10" stays.
func replaceToken(s, token, by string) string {
	if token == "" {
		return s
	}
	pattern := regexp.MustCompile(`(^|[^A-Za-z0-9])` + regexp.QuoteMeta(token) + `($|[^A-Za-z0-9])`)
	for {
		next := pattern.ReplaceAllString(s, "${1}"+strings.ReplaceAll(by, "$", "$$")+"${2}")
		if next == s {
			return s
		}
		s = next
	}
}
