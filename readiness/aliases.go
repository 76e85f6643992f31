package readiness

import (
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// commonKey is the key by which both Regions are spoken of, for a key of the
// standby: the primary's, where the comparison paired what is called otherwise
// in each. What follows a "#" belongs to a fact and stays.
func commonKey(c *drift.Comparison, own string) string {
	if c == nil || len(c.Aliases) == 0 {
		return own
	}
	resource, rest, found := strings.Cut(own, "#")
	key, ok := c.Aliases[resource]
	switch {
	case !ok:
		return own
	case found:
		return key + "#" + rest
	default:
		return key
	}
}

// commonKeys is the standby's snapshot with the common keys. The snapshot that
// was given is left as it is.
func commonKeys(s *drift.Snapshot, c *drift.Comparison) *drift.Snapshot {
	if s == nil || c == nil || len(c.Aliases) == 0 {
		return s
	}
	renamed := *s
	renamed.Resources = make([]drift.Resource, len(s.Resources))
	for i, r := range s.Resources {
		r.Key = commonKey(c, r.Key)
		renamed.Resources[i] = r
	}
	renamed.Facts = make([]drift.Fact, len(s.Facts))
	for i, f := range s.Facts {
		f.Subject = commonKey(c, f.Subject)
		renamed.Facts[i] = f
	}
	return &renamed
}
